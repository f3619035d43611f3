//! One question about access, and its answer.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::source::Origin;

use super::{AccountId, Arn, Request, Tri};

/// Who wants to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Somebody who does not sign.
    Anonymous,
    /// Some principal of an account.
    Account(AccountId),
    /// That user, role, session or root, by its ARN.
    Principal(Arn),
}

/// Whether a request gets through. What is left open may be anything.
#[derive(Debug, Clone)]
pub struct Question {
    /// Who calls.
    pub who: Who,
    /// The HTTP verb in upper case.
    pub method: String,
    /// The stage.
    pub stage: String,
    /// The path with its leading slash.
    pub path: String,
    /// The address of the client: on a private endpoint, inside the VPC.
    pub ip: Option<IpAddr>,
    /// `aws:SourceVpce`
    pub vpce: Option<String>,
    /// `aws:SourceVpc`
    pub vpc: Option<String>,
    /// The organisation of the caller's account.
    pub org: Option<String>,
    /// Other condition keys, by lower-case name.
    pub context: BTreeMap<String, String>,
    /// The time of the request, in seconds since 1970 UTC.
    pub now: i64,
}

/// The answer for one API.
#[derive(Debug, Clone)]
pub struct Answer {
    /// `True`: in every case. `False`: in none. `Unknown`: it depends, on what the cases say.
    pub access: Tri,
    /// The cases that differ, those that get through first; at least one.
    pub cases: Vec<Case>,
    /// A bound was reached: there are cases that were not looked at.
    pub bounded: bool,
}

/// What is answered under some circumstances.
#[derive(Debug, Clone)]
pub struct Case {
    /// The circumstances in words, as far as they matter: `from 203.0.113.0/24`.
    pub when: Vec<String>,
    /// Whether the request gets through; `Unknown` where a value that nobody gave decides.
    pub access: Tri,
    /// A request of this case.
    pub request: Request,
    /// What decides, in words.
    pub reason: String,
    /// Where that stands, and what it is.
    pub places: Vec<(Origin, String)>,
}
