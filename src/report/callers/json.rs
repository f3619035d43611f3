//! Callers as JSON, schema version 1.

use std::io::{self, Write};

use serde::Serialize;

use super::{ApiCallers, kind, verdict};
use crate::report::json::{Range, SCHEMA_VERSION, Tool, Witness, range, tool, witness};
use crate::report::place::Place;
use crate::source::SourceDb;

#[derive(Serialize)]
struct Report {
    schema_version: u32,
    tool: Tool,
    apis: Vec<Api>,
}

#[derive(Serialize)]
struct Api {
    address: String,
    file: String,
    line: usize,
    callers: Vec<Row>,
    bounded: bool,
}

#[derive(Serialize)]
struct Row {
    caller: &'static str,
    id: Option<String>,
    method: Option<String>,
    path: Option<String>,
    authorization: Option<&'static str>,
    verdict: &'static str,
    statement: Option<Statement>,
    witness: Option<Witness>,
    assumptions: Vec<String>,
}

#[derive(Serialize)]
struct Statement {
    effect: &'static str,
    file: String,
    range: Range,
}

/// Writes the callers of every API as one JSON object and a line end.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(apis: &[ApiCallers<'_>], db: &SourceDb, out: &mut dyn Write) -> io::Result<()> {
    let report = Report {
        schema_version: SCHEMA_VERSION,
        tool: tool(),
        apis: apis.iter().map(|callers| api(callers, db)).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")
}

fn api(callers: &ApiCallers<'_>, db: &SourceDb) -> Api {
    let place = Place::of(callers.origins.span(callers.api.origin), db);
    let rows = callers.callers.rows.iter().map(|row| {
        let (caller, id) = kind(callers.api, &row.caller);
        let (method, path) = row.route.as_ref().map(|r| (r.method.clone(), r.path.clone())).unzip();
        let statement = row.statement.map(|origin| {
            let span = callers.origins.span(origin);
            Statement {
                effect: if row.denied { "Deny" } else { "Allow" },
                file: db.file(span.file).display.clone(),
                range: range(span, db),
            }
        });
        Row {
            caller,
            id,
            method,
            path,
            authorization: row.auth.name(),
            verdict: verdict(row),
            statement,
            witness: row.witness.as_ref().map(witness),
            assumptions: row.needs.iter().map(|need| need.text.clone()).collect(),
        }
    });
    Api {
        address: callers.api.address.clone(),
        file: place.file,
        line: place.start.line,
        callers: rows.collect(),
        bounded: callers.callers.bounded,
    }
}
