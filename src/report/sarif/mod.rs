//! SARIF 2.1.0 (OASIS Standard, with Errata 01), as GitHub code scanning and the SARIF viewers read
//! it: one run with every rule, the findings as results, and a notification for each file that could
//! not be read.
//!
//! The path of a file is an URI relative to `%SRCROOT%`, the root of the repository, whose place on
//! this machine is nobody's business. Columns count Unicode scalar values. Regions have no byte
//! offsets: those of a file that was decoded from UTF-16 would be wrong.

pub mod code_scanning;

mod location;
mod object;
mod result;
mod rule;
mod text;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{NoticeLevel, Run};
use crate::rules::metas;
use object::{
    BaseId, Driver, Invocation, Location, Log, Message, Notification, RuleRef, SarifResult,
    SarifRun, Tool,
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The name that stands for the root of the repository, as GitHub uses it.
const SRCROOT: &str = "%SRCROOT%";

/// The rule whose findings say that something was not read.
const UNREADABLE: &str = "unreadable-template";

/// Writes `run` as one log file and a line end, with the findings that were accepted as suppressed
/// results.
///
/// # Errors
/// Those of `out`.
pub fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let results = run.findings.iter().map(|finding| result::result(finding, &run.db));
    put(run, results.collect(), notifications(run), out)
}

/// Writes the log file of `run` with those results and notifications.
fn put(
    run: &Run,
    results: Vec<SarifResult>,
    notifications: Vec<Notification>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let root = BaseId { description: Message::plain("The root of the repository.") };
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: vec![SarifRun {
            tool: Tool {
                driver: Driver {
                    name: "gatelint",
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: metas().map(rule::descriptor).collect(),
                },
            },
            invocations: vec![Invocation {
                execution_successful: !run.broke,
                tool_execution_notifications: notifications,
            }],
            original_uri_base_ids: BTreeMap::from([(SRCROOT, root)]),
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

/// What the tool has to say of its own run: files that could not be read, or were passed over.
fn notifications(run: &Run) -> Vec<Notification> {
    let unreadable = run.findings.iter().filter(|finding| finding.rule == UNREADABLE);
    let unreadable = unreadable.map(|finding| Notification {
        level: "error",
        message: Message::plain(&finding.title),
        locations: vec![location::location(finding.primary().span, &run.db)],
        associated_rule: rule_ref(finding.rule),
    });
    let notices = run.notices.iter().map(|notice| Notification {
        level: match notice.level {
            NoticeLevel::Warning => "warning",
            NoticeLevel::Note => "note",
        },
        message: Message::plain(&notice.message),
        locations: notice
            .file
            .iter()
            .map(|file| Location::file(location::artifact(file)))
            .collect(),
        associated_rule: None,
    });
    unreadable.chain(notices).collect()
}

fn rule_ref(id: &'static str) -> Option<RuleRef> {
    rule::index(id).map(|index| RuleRef { id, index })
}
