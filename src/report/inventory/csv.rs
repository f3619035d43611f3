//! Inventories as CSV (RFC 4180, lines ended by LF): a line for each policy, one for each API without
//! a policy, one for whatever is not known and belongs to no API, one for a policy that no API has.
//!
//! Spreadsheets take some texts for formulas, and split some lines at other characters than commas.
//! A formula's first character is held down by an apostrophe wherever a cell may begin (OWASP, "CSV
//! Injection").

use std::io::{self, Write};

use super::entry::{self, Entry, Policy};
use super::unknown::{self, Unknown};
use crate::report::place::Place;
use crate::report::{Run, escape};

const HEAD: [&str; 18] = [
    "address",
    "name",
    "kind",
    "framework",
    "file",
    "line",
    "column",
    "endpoint_types",
    "methods",
    "policy",
    "policy_address",
    "policy_form",
    "policy_file",
    "policy_line",
    "policy_column",
    "policy_steps",
    "owners",
    "unknown",
];

type Row = [String; HEAD.len()];

/// Writes what a run found.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    line(&HEAD.map(str::to_owned), out)?;
    for entry in entry::entries(run) {
        if entry.policies.is_empty() {
            line(&api(&entry, None), out)?;
        }
        for policy in &entry.policies {
            line(&api(&entry, Some(policy)), out)?;
        }
    }
    for (unknown, address) in unknown::of_no_api(run) {
        let [file, line_, column] = at(&unknown.place);
        let mut row = Row::default();
        row[0] = address.unwrap_or_default().to_owned();
        row[2] = "unknown".into();
        (row[4], row[5], row[6]) = (file, line_, column);
        row[17] = unknown.sentence();
        line(&row, out)?;
    }
    for policy in unknown::unattached(run) {
        let mut row = Row::default();
        row[2] = "unattached".into();
        row[10].clone_from(&policy.what);
        [row[12], row[13], row[14]] = at(&policy.place);
        row[17] = policy.why;
        line(&row, out)?;
    }
    Ok(())
}

fn api(entry: &Entry<'_>, policy: Option<&Policy<'_>>) -> Row {
    let [file, line, column] = at(&entry.place);
    let [policy_file, policy_line, policy_column] =
        policy.map_or_else(Default::default, |policy| at(&policy.place));
    let steps = policy
        .into_iter()
        .flat_map(Policy::all_steps)
        .map(|(step, place)| format!("{step} {}", place.short()));
    [
        entry.address.to_owned(),
        entry.name.unwrap_or_default().to_owned(),
        entry.kind.to_owned(),
        entry.framework.unwrap_or_default().to_owned(),
        file,
        line,
        column,
        entry.endpoint_types.join(" or "),
        entry.methods.summary(),
        entry.policy.to_owned(),
        policy.map_or(String::new(), |policy| policy.address.to_owned()),
        policy.and_then(|policy| policy.form).unwrap_or_default().to_owned(),
        policy_file,
        policy_line,
        policy_column,
        steps.collect::<Vec<_>>().join(" | "),
        entry.owners().join(" | "),
        entry.unknown.iter().map(Unknown::sentence).collect::<Vec<_>>().join(" | "),
    ]
}

fn at(place: &Place) -> [String; 3] {
    [place.file.clone(), place.start.line.to_string(), place.start.column.to_string()]
}

fn line(cells: &Row, out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    writeln!(out, "{}", cells.join(","))
}

/// A cell: no line end, no control character, no formula, quoted where that is needed.
pub(super) fn cell(text: &str) -> String {
    let mut held = String::with_capacity(text.len() + 2);
    let mut begins = true;
    for c in escape(text).chars() {
        if begins && matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '|' | '%')
        {
            held.push('\'');
        }
        begins = matches!(c, ',' | ';' | '"') || (begins && c.is_whitespace());
        held.push(c);
    }
    if held.contains([',', '"', ';', '\'', ' ']) {
        held = format!("\"{}\"", held.replace('"', "\"\""));
    }
    held
}
