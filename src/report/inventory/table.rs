//! Inventories as a table: a row for each API, what is said of it below.

use std::io::{self, Write};

use super::entry::{self, Entry};
use super::unknown::{self, Unknown};
use crate::report::{Options, Run, escape, plural};

const HEAD: [&str; 4] = ["api", "endpoint", "methods", "policy"];

/// No column is made narrower than this.
const NARROW: usize = 12;

/// The blanks before a detail, and before what is left of it on further lines.
const INDENT: usize = 4;

/// Writes a row for each API (address, endpoint types, how many methods have which authorisation, the
/// form of its policies); below it, where it is declared, where its policies are written and the steps
/// there, whose it is, and what is not known. Lines are as long as the screen is wide, where that is
/// known.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(run: &Run, options: Options, out: &mut dyn Write) -> io::Result<()> {
    let entries = entry::entries(run);
    let rows: Vec<[String; 4]> = entries.iter().map(cells).collect();
    let widths = widths(&rows, options.width);
    if !entries.is_empty() {
        row(&HEAD.map(str::to_owned), widths, None, out)?;
    }
    let limit = if options.width == 0 { usize::MAX } else { options.width };
    for (entry, cells) in entries.iter().zip(&rows) {
        row(cells, widths, options.color.then_some(entry.policy), out)?;
        for detail in details(entry) {
            wrapped(&detail, limit, out)?;
        }
    }
    let apart = unknown::of_no_api(run);
    if !apart.is_empty() {
        if !entries.is_empty() {
            writeln!(out)?;
        }
        writeln!(out, "  not known, and of no API above")?;
        for (unknown, _) in &apart {
            for line in told(unknown) {
                wrapped(&line, limit, out)?;
            }
        }
    }
    let unattached = unknown::unattached(run);
    if !unattached.is_empty() {
        if !entries.is_empty() || !apart.is_empty() {
            writeln!(out)?;
        }
        writeln!(out, "  policies that no API has")?;
        for policy in &unattached {
            let told = format!("{} at {}: {}", policy.what, policy.place.short(), policy.why);
            wrapped(&told, limit, out)?;
        }
    }
    if !entries.is_empty() || !apart.is_empty() || !unattached.is_empty() {
        writeln!(out)?;
    }
    let policies: usize = entries.iter().map(|entry| entry.policies.len()).sum();
    let unknown = entries.iter().map(|entry| entry.unknown.len()).sum::<usize>() + apart.len();
    let policies = if policies == 1 { "1 policy".into() } else { format!("{policies} policies") };
    let (apis, files) = (plural(entries.len(), "API"), plural(run.counts.files_analyzed, "file"));
    writeln!(out, "{apis} with {policies} in {files}, {} not known", plural(unknown, "value"))
}

fn cells(entry: &Entry<'_>) -> [String; 4] {
    let mut forms: Vec<&str> = entry.policies.iter().filter_map(|policy| policy.form).collect();
    forms.dedup();
    let policy = match (entry.policy, forms.is_empty()) {
        ("known", false) => forms.join(", "),
        (state @ ("none" | "ignored"), _) | (state, true) => state.to_owned(),
        ("depends", false) => format!("{}, or none", forms.join(", ")),
        (state, false) => format!("{state} ({})", forms.join(", ")),
    };
    let endpoint = match entry.kind {
        "rest-api" | "domain-name" => entry.endpoint_types.join(" or "),
        _ => "-".to_owned(),
    };
    let methods = match entry.kind {
        "rest-api" => entry.methods.summary(),
        _ => "-".to_owned(),
    };
    [escape(entry.address).into_owned(), endpoint, methods, policy]
}

fn details(entry: &Entry<'_>) -> Vec<String> {
    let what = match (entry.kind, entry.framework) {
        ("document", _) => "policy document".to_owned(),
        (kind, Some(framework)) => format!("{kind}, {framework}"),
        (kind, None) => kind.to_owned(),
    };
    let mut out = vec![format!("{what} at {}", entry.place.short())];
    if let Some(call) = &entry.called {
        out.push(format!("called at {}", call.short()));
    }
    if let Some(name) = entry.name {
        out.push(format!("named {name}"));
    }
    for policy in &entry.policies {
        let by = match policy.address == entry.address {
            true => String::new(),
            false => format!(" of {}", policy.address),
        };
        let ignored = if policy.in_force { "" } else { ", which AWS ignores" };
        out.push(format!("policy{by} at {}{ignored}", policy.place.short()));
        let ways = policy.steps.split_last().map_or(&[][..], |(_, before)| before);
        out.extend(ways.iter().map(|(step, place)| format!("through {step} at {}", place.short())));
        out.extend(
            policy.merged.iter().map(|(step, place)| format!("{step} at {}", place.short())),
        );
    }
    let owners = entry.owners();
    if !owners.is_empty() {
        out.push(format!("tagged {}", owners.join(", ")));
    }
    let surprises = entry.assumptions.iter().filter(|assumption| assumption.is_surprise());
    out.extend(surprises.map(|assumption| assumption.text.clone()));
    out.extend(entry.unknown.iter().flat_map(told));
    out
}

/// What is not known and why; the flag that gives it on a line of its own, to copy.
fn told(unknown: &Unknown) -> impl Iterator<Item = String> {
    let Unknown { what, why, pin, place, .. } = unknown;
    let pin = pin.as_ref().map(|pin| format!("  give it with {pin}"));
    [format!("unknown {what} at {}: {why}", place.short())].into_iter().chain(pin)
}

/// The widths of the columns: those of the longest cells, the widest taken in until all fit.
fn widths(rows: &[[String; 4]], screen: usize) -> [usize; 4] {
    let mut widths = HEAD.map(str::len);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    while screen > 0 && widths.iter().map(|width| width + 2).sum::<usize>() > screen {
        let Some(widest) = widths.iter_mut().max().filter(|width| **width > NARROW) else { break };
        *widest -= 1;
    }
    widths
}

/// A row; a cell that is longer than its column takes several lines.
fn row(
    cells: &[String; 4],
    widths: [usize; 4],
    policy: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut lines: [Vec<String>; 4] = Default::default();
    for ((lines, cell), width) in lines.iter_mut().zip(cells).zip(widths) {
        *lines = wrap(cell, width, width);
    }
    let height = lines.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..height {
        let mut text = String::new();
        for (column, (lines, width)) in lines.iter().zip(widths).enumerate() {
            let part = lines.get(at).map_or("", String::as_str);
            let pad = " ".repeat(width.saturating_sub(part.chars().count()));
            let paint = match policy.filter(|_| column == 3 && !part.is_empty()) {
                Some("known") | None => None,
                Some("none" | "ignored") => Some(31),
                Some(_) => Some(33),
            };
            match paint {
                Some(code) => text.push_str(&format!("  \u{1b}[{code}m{part}\u{1b}[0m{pad}")),
                None => text.push_str(&format!("  {part}{pad}")),
            }
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// A detail below a row, as far in as it begins with blanks.
fn wrapped(text: &str, limit: usize, out: &mut dyn Write) -> io::Result<()> {
    let text = escape(text);
    let words = text.trim_start();
    let indent = INDENT + text.len() - words.len();
    let rest = limit.saturating_sub(indent);
    for (at, line) in wrap(words, rest, rest.saturating_sub(2)).iter().enumerate() {
        let indent = if at == 0 { indent } else { indent + 2 };
        writeln!(out, "{:indent$}{line}", "")?;
    }
    Ok(())
}

/// `text` in lines of at most `first` and then `next` characters, broken at blanks where there are any.
/// No line is shorter than a word needs but one that holds no word whole.
fn wrap(text: &str, first: usize, next: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut line = String::new();
    let mut limit = first.max(1);
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        let used = line.chars().count();
        if used > 0 && used + 1 + word.len() > limit {
            out.push(std::mem::take(&mut line));
            limit = next.max(1);
        } else if used > 0 {
            line.push(' ');
        }
        while line.chars().count() + word.len() > limit {
            let rest = word.split_off(limit.min(word.len()));
            out.push(word.into_iter().collect());
            limit = next.max(1);
            word = rest;
        }
        line.extend(word);
    }
    out.push(line);
    out
}
