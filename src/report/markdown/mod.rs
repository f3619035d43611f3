//! A summary in Markdown: for the summary of a GitHub step, a comment, a page of a wiki.
//!
//! What comes from a template stands in a code span, where nothing in it means anything, or is
//! escaped character by character. No heading, cell, link, mention or element of HTML can come from
//! it.

use std::io::{self, Write};

use super::json::reached;
use super::place::Place;
use super::{JudgedApi, Run, escape, words};
use crate::finding::{Finding, Severity};
use crate::source::SourceDb;

/// GitHub refuses a step summary of more than 1 MiB as a whole: from this size on findings are
/// counted instead of listed.
const MOST: usize = 512 << 10;

/// Writes `run`.
///
/// # Errors
/// Those of `out`.
pub fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(render(run).as_bytes())
}

fn render(run: &Run) -> String {
    let mut text = String::from("## gatelint\n\n");
    let failing = run.active().filter(|finding| run.threshold.fails(finding)).count();
    if failing > 0 {
        text.push_str(&format!(
            "**{}.** ",
            match failing {
                1 => "1 finding fails this run".into(),
                many => format!("{many} findings fail this run"),
            }
        ));
    }
    text.push_str(&format!("{}\n", prose(&capital(&run.summary()))));
    if run.broke {
        text.push_str("\nSomething in gatelint broke down: these findings may not be all.\n");
    }
    if run.active().next().is_some() {
        let findings = words::worst_first(run.active());
        text.push_str("\n| severity | rule | where | what |\n|---|---|---|---|\n");
        rows(&mut text, &findings, |finding| row(finding, &run.db));
        text.push_str("\n<details>\n<summary>Why, and what to do</summary>\n\n");
        rows(&mut text, &findings, |finding| details(finding, &run.db));
        text.push_str("\n</details>\n");
    }
    if !run.apis.is_empty() {
        text.push_str("\n<details>\n<summary>Who can call what</summary>\n\n");
        text.push_str(
            "| API | where | anonymous internet | any AWS account | any VPC endpoint |\n",
        );
        text.push_str("|---|---|---|---|---|\n");
        rows(&mut text, &run.apis, |judged| api(judged, &run.db));
        text.push_str("\n</details>\n");
    }
    text
}

/// Writes what `row` makes of each of `all`, until there is no room left.
fn rows<T>(text: &mut String, all: &[T], row: impl Fn(&T) -> String) {
    for (at, one) in all.iter().enumerate() {
        if text.len() > MOST {
            text.push_str(&format!("\n\n{} more\n", all.len() - at));
            return;
        }
        text.push_str(&row(one));
    }
}

fn row(finding: &Finding, db: &SourceDb) -> String {
    let severity = match finding.severity {
        Severity::Critical | Severity::High => format!("**{}**", words::grade(finding)),
        _ => words::grade(finding),
    };
    let place = code(&Place::of(finding.primary().span, db).short());
    format!("| {severity} | `{}` | {place} | {} |\n", finding.rule, prose(&finding.title))
}

fn details(finding: &Finding, db: &SourceDb) -> String {
    let place = code(&Place::of(finding.primary().span, db).short());
    let api = finding.api.as_ref().map_or(String::new(), |api| format!(", {}", code(api)));
    let mut text = format!("* **`{}`** at {place}{api}\n", finding.rule);
    for sentence in words::sentences(finding) {
        text.push_str(&format!("  * {}\n", prose(&sentence)));
    }
    for label in words::secondary(finding) {
        let place = code(&Place::of(label.span, db).short());
        text.push_str(&format!("  * {place}: {}\n", prose(&label.message)));
    }
    text
}

fn api(judged: &JudgedApi, db: &SourceDb) -> String {
    let place = Place::of(judged.origins.span(judged.api.origin), db);
    let exposure = &judged.reach.summaries.exposure;
    format!(
        "| {} | {} | {} | {} | {} |\n",
        code(&judged.api.address),
        code(&place.short()),
        reached(exposure.anonymous_internet),
        reached(exposure.any_aws_account),
        reached(exposure.any_vpc_endpoint),
    )
}

/// `text` with a capital letter first and a full stop last.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map_or(String::new(), |first| first.to_uppercase().to_string());
    format!("{first}{}.", chars.as_str())
}

/// `text` as code that may stand in a table. Parsers do not agree on a `|` in a code span of a table,
/// nor on a backslash before one: such text is an element of HTML instead.
fn code(text: &str) -> String {
    match !text.contains(['`', '|']) && !text.trim().is_empty() {
        true => format!("`{}`", escape(text)),
        false => format!("<code>{}</code>", plain(text)),
    }
}

/// `text` as words that mean nothing but themselves. What stands between a pair of backticks, as
/// messages quote what they speak of, becomes code.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.trim().split('`').collect();
    if parts.len().is_multiple_of(2) {
        return plain(text.trim());
    }
    let part = |(at, part): (usize, &&str)| match at % 2 {
        0 => plain(part),
        _ => code(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// `text` with everything escaped that means something.
fn plain(text: &str) -> String {
    let text = escape(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest: &str = &text;
    while let Some(c) = rest.chars().next() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' => out.push_str("&#124;"),
            '`' => out.push_str("&#96;"),
            // An invisible character keeps these from being a mention, a reference or an address.
            '@' | '#' => {
                out.push(c);
                out.push_str("&#8203;");
            }
            ':' if rest.starts_with("://") => out.push_str("&#58;"),
            '.' if out.ends_with(['w', 'W']) => out.push_str("&#46;"),
            '\\' | '*' | '_' | '[' | ']' | '~' | '!' | '$' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        rest = rest.get(c.len_utf8()..).unwrap_or("");
    }
    out
}

#[cfg(test)]
mod tests;
