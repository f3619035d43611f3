//! Inventories as JSON, schema version 1 (`docs/inventory.md`).

use std::io::{self, Write};

use serde::Serialize;

use super::entry::{self, Entry};
use super::unknown;
use crate::report::json::{SCHEMA_VERSION, Tool, assumptions, tool};
use crate::report::place::Place;
use crate::report::{NoticeLevel, Run};

#[derive(Serialize)]
struct Report {
    schema_version: u32,
    tool: Tool,
    summary: Summary,
    apis: Vec<Api>,
    unknown: Vec<Unknown>,
    unattached: Vec<Unattached>,
    skipped: Vec<Skipped>,
}

#[derive(Serialize)]
struct Summary {
    files_discovered: usize,
    files_analyzed: usize,
    apis: usize,
    policies: usize,
    unknown: usize,
}

#[derive(Serialize)]
struct Api {
    address: String,
    name: Option<String>,
    kind: &'static str,
    framework: Option<&'static str>,
    #[serde(flatten)]
    at: At,
    called: Option<At>,
    endpoint_types: Vec<&'static str>,
    methods: Methods,
    policy: &'static str,
    policies: Vec<Policy>,
    tags: Vec<Tag>,
    owners: Vec<String>,
    unknown: Vec<Unknown>,
    assumptions: Vec<String>,
}

#[derive(Serialize)]
struct At {
    file: String,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Methods {
    complete: bool,
    routes: Vec<Route>,
}

#[derive(Serialize)]
struct Route {
    method: Option<String>,
    path: Option<String>,
    authorization: Option<&'static str>,
}

#[derive(Serialize)]
struct Policy {
    address: String,
    form: Option<&'static str>,
    in_force: bool,
    #[serde(flatten)]
    at: At,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    step: String,
    #[serde(flatten)]
    at: At,
}

#[derive(Serialize)]
struct Tag {
    key: String,
    value: String,
}

#[derive(Serialize)]
struct Unknown {
    what: String,
    why: String,
    pin: Option<String>,
    #[serde(flatten)]
    at: At,
    api: Option<String>,
}

#[derive(Serialize)]
struct Unattached {
    address: String,
    why: String,
    #[serde(flatten)]
    at: At,
}

#[derive(Serialize)]
struct Skipped {
    file: String,
    reason: String,
}

/// Writes what a run found as one JSON object and a line end.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let entries = entry::entries(run);
    let apart = unknown::of_no_api(run);
    let notes = run.notices.iter().filter(|notice| notice.level == NoticeLevel::Note);
    let report = Report {
        schema_version: SCHEMA_VERSION,
        tool: tool(),
        summary: Summary {
            files_discovered: run.counts.files_discovered,
            files_analyzed: run.counts.files_analyzed,
            apis: entries.len(),
            policies: entries.iter().map(|entry| entry.policies.len()).sum(),
            unknown: entries.iter().map(|entry| entry.unknown.len()).sum::<usize>() + apart.len(),
        },
        apis: entries.iter().map(api).collect(),
        unknown: apart.iter().map(|(unknown, api)| self::unknown(unknown, *api)).collect(),
        unattached: unknown::unattached(run)
            .into_iter()
            .map(|one| Unattached { at: at(&one.place), address: one.what, why: one.why })
            .collect(),
        skipped: notes
            .filter_map(|notice| {
                Some(Skipped { file: notice.file.clone()?, reason: notice.message.clone() })
            })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")
}

fn api(entry: &Entry<'_>) -> Api {
    let routes = entry.methods.routes.iter().map(|(path, method, authorization)| Route {
        method: method.clone(),
        path: path.clone(),
        authorization: *authorization,
    });
    let policies = entry.policies.iter().map(|policy| Policy {
        address: policy.address.to_owned(),
        form: policy.form,
        in_force: policy.in_force,
        at: at(&policy.place),
        steps: policy
            .all_steps()
            .map(|(step, place)| Step { step: step.clone(), at: at(place) })
            .collect(),
    });
    let tags = entry.tags.iter();
    Api {
        address: entry.address.to_owned(),
        name: entry.name.map(str::to_owned),
        kind: entry.kind,
        framework: entry.framework,
        at: at(&entry.place),
        called: entry.called.as_ref().map(at),
        endpoint_types: entry.endpoint_types.clone(),
        methods: Methods { complete: entry.methods.complete, routes: routes.collect() },
        policy: entry.policy,
        policies: policies.collect(),
        tags: tags.map(|tag| Tag { key: tag.key.clone(), value: tag.value.clone() }).collect(),
        owners: entry.owners(),
        unknown: entry.unknown.iter().map(|one| unknown(one, Some(entry.address))).collect(),
        assumptions: assumptions(entry.assumptions),
    }
}

fn unknown(unknown: &unknown::Unknown, api: Option<&str>) -> Unknown {
    Unknown {
        what: unknown.what.clone(),
        why: unknown.why.clone(),
        pin: unknown.pin.clone(),
        at: at(&unknown.place),
        api: api.map(str::to_owned),
    }
}

fn at(place: &Place) -> At {
    At { file: place.file.clone(), line: place.start.line, column: place.start.column }
}
