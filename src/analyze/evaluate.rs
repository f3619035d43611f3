//! The concrete evaluator: one policy, one request, three-valued.

use crate::model::{Identity, Policy, Request, Tri, Verdict};

/// What a policy says of a request, statement by statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The policy's verdict (SEMANTICS 3.1).
    pub verdict: Verdict,
    /// Whether each entry of `policy.statements` applies, in order. An unknown stretch is `Unknown`.
    pub statements: Vec<Tri>,
}

/// Evaluates `policy` for `request` to the API `identity`.
pub fn evaluate(policy: &Policy, request: &Request, identity: &Identity) -> Evaluation {
    let _ = (policy, request, identity);
    Evaluation { verdict: Verdict::None, statements: Vec::new() }
}
