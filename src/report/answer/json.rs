//! An answer as JSON, schema version 1.

use std::io::{self, Write};

use serde::Serialize;

use super::{Answered, name, who};
use crate::report::json::{Range, Tool, Witness, range, tool, witness};

#[derive(Serialize)]
struct Report {
    schema_version: u32,
    tool: Tool,
    api: String,
    question: Asked,
    answer: &'static str,
    cases: Vec<Case>,
    bounded: bool,
}

#[derive(Serialize)]
struct Asked {
    principal: String,
    method: String,
    stage: String,
    path: String,
}

#[derive(Serialize)]
struct Case {
    when: Vec<String>,
    access: &'static str,
    reason: String,
    request: Witness,
    places: Vec<Labelled>,
}

#[derive(Serialize)]
struct Labelled {
    file: String,
    range: Range,
    message: String,
}

/// Writes the answer as one JSON object and a line end.
///
/// # Errors
/// Those of `out`.
pub fn write(answered: &Answered, out: &mut dyn Write) -> io::Result<()> {
    let Answered { db, origins, api, question, answer } = answered;
    let cases = answer.cases.iter().map(|case| {
        let places = case.places.iter().map(|(origin, message)| {
            let span = origins.span(*origin);
            Labelled {
                file: db.file(span.file).display.clone(),
                range: range(span, db),
                message: message.clone(),
            }
        });
        Case {
            when: case.when.clone(),
            access: name(case.access),
            reason: case.reason.clone(),
            request: witness(&case.request),
            places: places.collect(),
        }
    });
    let report = Report {
        schema_version: crate::report::json::SCHEMA_VERSION,
        tool: tool(),
        api: api.clone(),
        question: Asked {
            principal: who(&question.who),
            method: question.method.clone(),
            stage: question.stage.clone(),
            path: question.path.clone(),
        },
        answer: name(answer.access),
        cases: cases.collect(),
        bounded: answer.bounded,
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")
}
