//! Callers as a table.

use std::io::{self, Write};

use super::{ApiCallers, kind, verdict};
use crate::model::CallerRow;
use crate::report::place::Place;
use crate::report::{escape, witness::describe};
use crate::source::SourceDb;

const HEAD: [&str; 4] = ["caller", "route", "verdict", "decided by"];

/// Writes a table for each API: caller, route, verdict, the statement that decides; below a row that
/// gets in, a request that does.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(
    apis: &[ApiCallers<'_>],
    db: &SourceDb,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (number, callers) in apis.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let at = Place::of(callers.origins.span(callers.api.origin), db).short();
        writeln!(out, "{} ({})", escape(&callers.api.address), escape(&at))?;
        let rows: Vec<[String; 4]> =
            callers.callers.rows.iter().map(|row| cells(callers, row, db)).collect();
        let mut widths = HEAD.map(str::len);
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        line(&HEAD.map(str::to_owned), widths, None, out)?;
        for (cells, row) in rows.iter().zip(&callers.callers.rows) {
            line(cells, widths, color.then(|| verdict(row)), out)?;
            if let Some(request) = &row.witness {
                writeln!(out, "    {}", escape(&describe(request)))?;
            }
            for need in &row.needs {
                writeln!(out, "    assuming {}", escape(&need.text))?;
            }
        }
        if callers.callers.bounded {
            writeln!(out, "  a bound on work was reached: what is denied here is not certain")?;
        }
    }
    Ok(())
}

fn cells(callers: &ApiCallers<'_>, row: &CallerRow, db: &SourceDb) -> [String; 4] {
    let (kind, which) = kind(callers.api, &row.caller);
    let caller = match which {
        Some(which) => format!("{} {which}", kind.replace('-', " ")),
        None => kind.replace('-', " "),
    };
    let route = match &row.route {
        Some(route) => format!("{} {}", route.method, route.path),
        None => "any".to_owned(),
    };
    let by = match row.statement {
        Some(origin) => {
            let effect = if row.denied { "Deny" } else { "Allow" };
            format!("{effect} at {}", Place::of(callers.origins.span(origin), db).short())
        }
        None => String::new(),
    };
    [caller, route, verdict(row).to_owned(), by].map(|cell| escape(&cell).into_owned())
}

fn line(
    cells: &[String; 4],
    widths: [usize; 4],
    verdict: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut text = String::new();
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
        let paint = match verdict.filter(|_| at == 2) {
            Some("denied") => Some(32),
            Some("allowed") => Some(31),
            Some(_) => Some(33),
            None => None,
        };
        match paint {
            Some(code) => text.push_str(&format!("  \u{1b}[{code}m{cell}\u{1b}[0m{pad}")),
            None => text.push_str(&format!("  {cell}{pad}")),
        }
    }
    writeln!(out, "{}", text.trim_end())
}
