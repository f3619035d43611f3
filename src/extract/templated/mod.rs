//! Templates of templates: files in which markers of another language stand (Jinja, cookiecutter, Go
//! templates and Helm, Handlebars, ERB, `templatefile`, Rain), and which a tool renders before anything
//! is deployed.
//!
//! What stands around the markers is judged; what they stand for is not known. That is said once for
//! each file. A dynamic reference (`{{resolve:...}}`) is CloudFormation's own.

mod holes;
mod mask;
mod open;
mod rain;
mod scan;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::source::{FileId, Span};
use crate::syntax::{Document, SyntaxError};
use holes::Holes;
use mask::masked;
use open::Opener;
use scan::{Marker, markers, may_have, stretches};

/// The document of a file, which was read as `plain`: as it is, unless its markers say that it is a
/// template of another language. `parse` reads a text in the place of the file's.
pub(super) fn opened(
    file: FileId,
    text: &str,
    json: bool,
    plain: Document,
    parse: impl FnOnce(&str) -> Document,
) -> Document {
    let terraform = json && !plain.errors.is_empty() && text.contains("${");
    if !terraform && !may_have(text) {
        return plain;
    }
    if let Some(first) = text.find("!Rain::") {
        let at = if plain.errors.is_empty() { rain::near_an_api(&plain) } else { Some(first) };
        return match at {
            Some(at) => rain::said(file, at, plain),
            None => plain,
        };
    }
    let Some(found) = markers(text, terraform) else { return too_many(file, plain) };
    let Some(first) = found.first() else { return plain };
    let masked = masked(text, &found, json);
    // Inside of texts that are no part of a policy, the markers of other tools may stand.
    let structural = !plain.errors.is_empty() || !is_quoted(&plain, &found);
    let stretches = match structural {
        true => stretches(&found, text.len())
            .into_iter()
            .filter_map(|stretch| trimmed(&masked.text, stretch))
            .collect(),
        false => Vec::new(),
    };
    let mut out = if structural { parse(&masked.text) } else { plain.clone() };
    let mut opener = Opener {
        text: &masked.text,
        holes: Holes::new(text, &found),
        stretches: &stretches,
        inserts: if structural { &masked.inserts } else { &[] },
        lines: !json,
        is_template: false,
        touched: false,
    };
    out.roots = out.roots.iter().map(|root| opener.root(root)).collect();
    if !structural && !opener.touched {
        return plain;
    }
    // Two sides of a branch never stand together.
    let within = |span: Span| stretches.iter().any(|s| s.contains(&span.range().start));
    out.duplicates.retain(|twice| !within(twice.first) && !within(twice.second));
    // What is wrong with the rest is a matter of what the markers stand for.
    out.errors = vec![said(file, first)];
    out
}

/// A stretch without the blanks around what it holds.
fn trimmed(masked: &str, stretch: Range<usize>) -> Option<Range<usize>> {
    let held = masked.get(stretch.clone())?;
    let start = stretch.start + (held.len() - held.trim_start().len());
    let end = start + held.trim().len();
    (start < end).then_some(start..end)
}

/// Whether all markers stand inside of scalars that were read as they are.
fn is_quoted(plain: &Document, found: &[Marker]) -> bool {
    let mut scalars: Vec<Range<usize>> = Vec::new();
    for root in &plain.roots {
        crate::resolve::cloudformation::form::any(root, |node| {
            if node.scalar().is_some() {
                scalars.push(node.span.range());
            }
            false
        });
    }
    scalars.extend(plain.comments.iter().map(|comment| comment.span.range()));
    scalars.sort_by_key(|range| (range.start, range.end));
    found.iter().all(|marker| {
        let behind = scalars.partition_point(|range| range.start <= marker.range.start);
        let around = behind.checked_sub(1).and_then(|at| scalars.get(at));
        around.is_some_and(|range| marker.range.end <= range.end)
    })
}

/// A file with more markers than are looked at: as it is where it can be read so.
fn too_many(file: FileId, plain: Document) -> Document {
    if plain.errors.is_empty() {
        return plain;
    }
    let message = "a template of another language, with too many markers to be read".into();
    let help = Some("lint what this file is rendered to, or exclude it in gatelint.yaml".into());
    let errors = vec![SyntaxError { span: Span::new(file, 0, 0), message, help }];
    Document { errors, ..Document::default() }
}

fn said(file: FileId, first: &Marker) -> SyntaxError {
    let language = first.language;
    let help = match language {
        "Terraform's templatefile" => {
            "lint the module that reads this file, or exclude this file in gatelint.yaml".to_owned()
        }
        _ => "lint what this file is rendered to, or exclude it in gatelint.yaml".to_owned(),
    };
    SyntaxError {
        span: Span::new(file, first.range.start, first.range.end),
        message: format!("a template of {language}: what its markers stand for is not known"),
        help: Some(help),
    }
}
