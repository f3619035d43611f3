//! What several integration tests use.

pub(crate) mod lint;
pub(crate) mod policies;
pub(crate) mod yaml;
