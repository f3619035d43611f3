//! How APIs are reached besides their default endpoints: through private custom domains.

use std::collections::BTreeSet;

/// What a template says of the ways to an API or a custom domain (SEMANTICS 3.6).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways {
    /// The APIs that a custom domain leads to, by their addresses. One that is mapped under some
    /// condition is among them.
    pub leads_to: BTreeSet<String>,
    /// A custom domain may lead to others.
    pub elsewhere: bool,
    /// The default endpoint of an API is disabled, whatever the world.
    pub closed: bool,
}
