//! The objects of schema version 1, field by field, in the order of the contract. What is written
//! here others script against: a change of it is a new schema version.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
pub(in crate::report) struct Report {
    pub(in crate::report) schema_version: u32,
    pub(in crate::report) tool: Tool,
    pub(in crate::report) summary: Summary,
    pub(in crate::report) apis: Vec<Api>,
    pub(in crate::report) findings: Vec<JsonFinding>,
}

#[derive(Serialize)]
pub(in crate::report) struct Tool {
    pub(in crate::report) name: &'static str,
    pub(in crate::report) version: &'static str,
}

#[derive(Serialize)]
pub(in crate::report) struct Summary {
    pub(in crate::report) files_discovered: usize,
    pub(in crate::report) files_analyzed: usize,
    pub(in crate::report) apis: usize,
    pub(in crate::report) policies: usize,
    pub(in crate::report) unresolved: usize,
    pub(in crate::report) suppressed: usize,
    pub(in crate::report) findings: BySeverity,
}

#[derive(Serialize)]
pub(in crate::report) struct BySeverity {
    pub(in crate::report) critical: usize,
    pub(in crate::report) high: usize,
    pub(in crate::report) medium: usize,
    pub(in crate::report) low: usize,
    pub(in crate::report) info: usize,
}

#[derive(Serialize)]
pub(in crate::report) struct Api {
    pub(in crate::report) address: String,
    pub(in crate::report) kind: &'static str,
    pub(in crate::report) framework: &'static str,
    pub(in crate::report) file: String,
    pub(in crate::report) line: usize,
    /// The call of the module that it is declared in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) called: Option<At>,
    pub(in crate::report) endpoint_types: Vec<&'static str>,
    pub(in crate::report) authorization: Vec<&'static str>,
    pub(in crate::report) policies: Vec<Policy>,
    pub(in crate::report) assumptions: Vec<String>,
    pub(in crate::report) exposure: JsonExposure,
    pub(in crate::report) policy_exposure: Option<JsonExposure>,
}

#[derive(Serialize)]
pub(in crate::report) struct At {
    pub(in crate::report) file: String,
    pub(in crate::report) line: usize,
}

#[derive(Serialize)]
pub(in crate::report) struct Policy {
    pub(in crate::report) address: String,
    pub(in crate::report) file: String,
    pub(in crate::report) line: usize,
    pub(in crate::report) form: &'static str,
}

#[derive(Serialize)]
pub(in crate::report) struct JsonExposure {
    pub(in crate::report) anonymous_internet: &'static str,
    pub(in crate::report) any_aws_account: &'static str,
    pub(in crate::report) any_vpc_endpoint: &'static str,
    pub(in crate::report) untrusted_accounts: BTreeSet<String>,
    pub(in crate::report) possible_accounts: BTreeSet<String>,
    pub(in crate::report) trusted_accounts: BTreeSet<String>,
    pub(in crate::report) organizations: BTreeSet<String>,
    pub(in crate::report) networks: Vec<String>,
    pub(in crate::report) vpcs: BTreeSet<String>,
    pub(in crate::report) vpc_endpoints: BTreeSet<String>,
    pub(in crate::report) preflight_only: bool,
}

#[derive(Serialize)]
pub(in crate::report) struct JsonFinding {
    pub(in crate::report) rule: &'static str,
    pub(in crate::report) severity: &'static str,
    pub(in crate::report) confidence: &'static str,
    pub(in crate::report) message: String,
    pub(in crate::report) help: String,
    pub(in crate::report) api: Option<String>,
    pub(in crate::report) file: String,
    pub(in crate::report) range: Range,
    pub(in crate::report) labels: Vec<JsonLabel>,
    pub(in crate::report) witness: Option<Witness>,
    pub(in crate::report) assumptions: Vec<String>,
    pub(in crate::report) fingerprint: String,
    pub(in crate::report) suppression: Option<JsonSuppression>,
}

#[derive(Serialize)]
pub(in crate::report) struct JsonSuppression {
    pub(in crate::report) kind: &'static str,
    pub(in crate::report) reason: String,
    pub(in crate::report) until: Option<String>,
    pub(in crate::report) file: Option<String>,
    pub(in crate::report) line: Option<usize>,
}

#[derive(Serialize)]
pub(in crate::report) struct Range {
    pub(in crate::report) start: Position,
    pub(in crate::report) end: Position,
}

#[derive(Serialize)]
pub(in crate::report) struct Position {
    pub(in crate::report) line: usize,
    pub(in crate::report) column: usize,
    pub(in crate::report) offset: u32,
}

#[derive(Serialize)]
pub(in crate::report) struct JsonLabel {
    pub(in crate::report) file: String,
    pub(in crate::report) range: Range,
    pub(in crate::report) message: String,
    pub(in crate::report) primary: bool,
}

/// A request, field by field.
#[derive(Serialize)]
pub(in crate::report) struct Witness {
    pub(in crate::report) principal: String,
    pub(in crate::report) source_ip: Option<String>,
    pub(in crate::report) vpc: Option<String>,
    pub(in crate::report) vpc_endpoint: Option<String>,
    pub(in crate::report) vpc_source_ip: Option<String>,
    pub(in crate::report) method: String,
    pub(in crate::report) stage: String,
    pub(in crate::report) path: String,
    pub(in crate::report) context: BTreeMap<String, Value>,
}
