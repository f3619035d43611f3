//! Who can call which API, route by route: a table for people, JSON for programs.

mod json;
mod table;

use std::io::{self, Write};
use std::sync::Arc;

use crate::model::{Api, CallerKind, CallerRow, Callers, Gate, Tri};
use crate::source::{Origins, SourceDb};

/// The callers of one API.
#[derive(Debug)]
pub struct ApiCallers<'a> {
    /// The API.
    pub api: &'a Api,
    /// The arena that its origins belong to.
    pub origins: &'a Arc<Origins>,
    /// Who can call it.
    pub callers: Callers,
}

/// A format of callers.
#[derive(Debug, Clone, Copy)]
pub struct CallersFormat {
    /// Its name on the command line.
    pub name: &'static str,
    /// Writes the callers of several APIs, whose places are in the files; the Boolean is whether to
    /// write terminal colours. Errors are those of the writer.
    pub write: fn(&[ApiCallers<'_>], &SourceDb, bool, &mut dyn Write) -> io::Result<()>,
}

/// Every format.
pub static CALLERS_FORMATS: &[CallersFormat] = &[
    CallersFormat { name: "table", write: table::write },
    CallersFormat { name: "json", write: |apis, db, _, out| json::write(apis, db, out) },
];

/// The kind of a caller, for programs, and which one it is.
fn kind(api: &Api, caller: &CallerKind) -> (&'static str, Option<String>) {
    match caller {
        CallerKind::Anonymous => ("anonymous", None),
        CallerKind::AnyVpcEndpoint => ("any-vpc-endpoint", None),
        CallerKind::AnyAwsAccount => ("any-aws-account", None),
        CallerKind::Organization(id) => ("organization", Some(id.clone())),
        CallerKind::Account(id) => ("untrusted-account", Some(id.to_string())),
        CallerKind::UnknownAccount(symbol) => {
            ("unknown-account", Some(api.symbols.label(*symbol).to_owned()))
        }
        CallerKind::TrustedAccount(id) => ("trusted-account", Some(id.to_string())),
        CallerKind::Owner => ("owner", None),
    }
}

/// Whether the row's callers get in, in one word.
fn verdict(row: &CallerRow) -> &'static str {
    match (row.access, row.gate) {
        (Tri::False, _) => "denied",
        (_, Gate::Authorizer) => "authorizer",
        (Tri::Unknown, _) => "possible",
        (Tri::True, _) => "allowed",
    }
}
