//! The circumstances of a request, and what was found under them.

use crate::analyze::access::{Credential, Signer};
use crate::analyze::sets::AddressSet;
use crate::model::{Assumption, AuthType, Identity, Origin, Policy, Request, SymbolRef, Tri};

/// What a question or a template may leave open, apart from where the request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dimension {
    World,
    Endpoint,
    Route,
    Reading,
    Identity,
    Principal,
    Organization,
    Credential,
}

/// How many dimensions there are.
const DIMENSIONS: usize = Dimension::Credential as usize + 1;

/// Where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// The question says it.
    Given,
    /// Any of these public addresses.
    Addresses(AddressSet),
    /// In words.
    Text(String),
}

/// One combination of circumstances, in words; what is not open has none.
#[derive(Debug, Clone)]
pub(super) struct When {
    texts: [String; DIMENSIONS],
    pub(super) network: Place,
}

impl Default for When {
    fn default() -> Self {
        Self { texts: Default::default(), network: Place::Given }
    }
}

impl When {
    pub(super) fn set(&mut self, dimension: Dimension, text: String) {
        self.texts[dimension as usize] = text;
    }

    /// The words of every dimension, by its number.
    pub(super) fn texts(&self) -> &[String; DIMENSIONS] {
        &self.texts
    }
}

/// What a request under some circumstances comes to.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    pub(super) when: When,
    pub(super) access: Tri,
    /// The request as the policy sees it.
    pub(super) request: Request,
    pub(super) judged: Judged<'a>,
}

/// How an outcome came about.
#[derive(Debug)]
pub(super) enum Judged<'a> {
    /// No route takes the request.
    NoRoute,
    /// The request does not reach the endpoint.
    Unreachable(&'static str),
    /// There is a policy, and nothing is known of it.
    UnknownPolicy(SymbolRef, Origin),
    /// A route took it.
    Route {
        auth: AuthType,
        /// The token that says so.
        origin: Option<Origin>,
        policy: Option<&'a Policy>,
        identity: Identity,
        signer: Signer,
        credential: Credential,
    },
}

/// A reading of a policy in words.
pub(super) fn reading(number: usize) -> String {
    format!("reading {} of the policy counts", number + 1)
}

/// An identity of an API in words.
pub(super) fn identity(needs: Option<&Assumption>) -> String {
    match needs {
        Some(assumption) => assumption.text.clone(),
        None => "the API is one that the policy does not name".to_owned(),
    }
}
