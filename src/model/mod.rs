//! Plain domain types, in AWS's words.
//!
//! What a template says, free of any syntax: policies, statements, principals, conditions, APIs, and
//! the requests that reach them. No input or output, no parser types; the only trace of text is the
//! [`Origin`](crate::source::Origin) that each leaf carries.

pub use crate::source::Origin;

mod answer;
mod api;
mod arn;
mod callers;
mod condition;
mod exposure;
mod ids;
mod leaf;
mod origins;
mod policy;
mod problem;
mod request;
mod trust;
mod unknown;
mod ways;

pub use answer::{Answer, Case, Question, Who};
pub use api::{
    Api, ApiKind, ApiWorld, Assumption, AuthType, EndpointType, EndpointTypes, Form, Framework,
    Inventory, IpAddressType, PolicySite, PolicyState, Route, Routes, Tag,
};
pub use arn::{Arn, PARTITIONS, split_arn};
pub use callers::{CallerKind, CallerRow, Callers};
pub use condition::{BaseOp, Condition, ConditionKey, KnownKey, Operator, Quantifier};
pub use exposure::{
    CallerClass, Exposure, ExposureSummary, Gate, Reach, Reached, RouteRef, Summaries,
};
pub use ids::{AccountId, Cidr, OrgId};
pub use leaf::{Entry, Leaf, Part, SymbolClass, SymbolInfo, SymbolRef, SymbolTable};
pub use policy::{
    ActionElement, AwsPrincipal, Effect, EffectElement, Policy, PolicySize, PrincipalElement,
    PrincipalItem, PrincipalKind, Principals, ResourceElement, Statement, Version,
};
pub use problem::{DocumentSurprise, DuplicateEffect, Problem, ProblemKind, SamList};
pub use request::{
    AbsentOr, Caller, Fresh, Iam, Identity, METHODS, Network, Request, Tri, Value, Verdict,
};
pub use trust::{Standing, Trust, TrustedAccount, glob_match};
pub use ways::Ways;
