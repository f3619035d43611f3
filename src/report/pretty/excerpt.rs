//! What of the files a report shows: a few short excerpts around the labels.
//!
//! The diagnostics library reads its source through [`Excerpts`], which knows nothing but these
//! excerpts. So its work is bounded by what is printed (its own source reads a file from byte 0 for
//! every label), labels far apart do not drag in everything between them, labels may lie in several
//! files, and no line is longer than the screen.

use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::window::{LABEL, Window, width, window};
use super::wrap;
use crate::finding::{Finding, Label};
use crate::source::{FileId, SourceDb, SourceFile, escape};

/// How many lines of context stand before and behind a labelled line.
const CONTEXT: usize = 1;

/// The excerpts of one finding, end to end in one address space with gaps between them.
#[derive(Debug, Default)]
pub(super) struct Excerpts {
    parts: Vec<Excerpt>,
}

/// Some neighbouring lines of a file.
#[derive(Debug)]
struct Excerpt {
    name: String,
    /// Where `text` begins in the address space.
    base: usize,
    text: String,
    /// The number of the first line, from 1.
    first_line: usize,
    lines: usize,
    /// The labels' addresses, with the line and column (from 1) that they have in the file.
    anchors: Vec<(Range<usize>, usize, usize)>,
}

/// The excerpts of a finding, the labels in them, and the labels that no excerpt has room for.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub excerpts: Excerpts,
    pub labels: Vec<LabeledSpan>,
    /// Labels that overlap another one: place and message.
    pub notes: Vec<(String, String)>,
}

/// A label within one line.
#[derive(Debug, Clone)]
struct Spot {
    file: FileId,
    /// From 1.
    line: usize,
    column: usize,
    /// Bytes of the line.
    range: Range<usize>,
    message: String,
    primary: bool,
}

/// Picks the excerpts for `finding`, for a screen of `columns` columns.
pub(super) fn excerpts(finding: &Finding, db: &SourceDb, columns: usize) -> Shown {
    let mut spots: Vec<Spot> = Vec::new();
    let mut shown = Shown::default();
    for label in &finding.labels {
        let spot = spot(label, &db.file(label.span.file));
        let same_line = |s: &&mut Spot| s.file == spot.file && s.line == spot.line;
        let mut neighbours = spots.iter_mut().filter(same_line);
        let overlap = |s: &Spot| {
            s.range == spot.range
                || (s.range.start < spot.range.end && spot.range.start < s.range.end)
        };
        match neighbours.find(|s| overlap(s)) {
            None => spots.push(spot),
            Some(other) if other.range == spot.range => {
                if !spot.message.is_empty() && other.message != spot.message {
                    other.message = format!("{}; {}", other.message, spot.message);
                }
            }
            Some(_) => {
                let file = db.file(spot.file);
                let place = format!("{}:{}:{}", file.display, spot.line, spot.column);
                shown.notes.push((place, spot.message));
            }
        }
    }
    for group in groups(spots, db, columns) {
        shown.add(&group, &db.file(group.file), columns);
    }
    shown
}

/// The part of a label that lies on its first line.
fn spot(label: &Label, file: &SourceFile) -> Spot {
    let at = file.line_col(label.span.start);
    let line = line_range(file, at.line);
    let text = file.text.get(line.clone()).unwrap_or("");
    let inside = |offset: u32| {
        let mut offset = (offset as usize).clamp(line.start, line.end) - line.start;
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let start = inside(label.span.start);
    let end = inside(label.span.end).max(start);
    Spot {
        file: label.span.file,
        line: at.line,
        column: at.column,
        range: start..end,
        message: label.message.clone(),
        primary: label.primary,
    }
}

/// The bytes of a line (from 1) without its line end and without a byte order mark.
fn line_range(file: &SourceFile, line: usize) -> Range<usize> {
    let lines = file.lines();
    let start = lines.start_of(line).unwrap_or(file.text.len());
    let end = lines.start_of(line + 1).unwrap_or(file.text.len());
    let text = file.text.get(start..end).unwrap_or("");
    let body = text.strip_suffix('\n').unwrap_or(text);
    let body = body.strip_suffix('\r').unwrap_or(body);
    let mark = if start == 0 && body.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    start + mark..start + body.len()
}

/// The lines of one excerpt.
#[derive(Debug)]
struct Group {
    file: FileId,
    first: usize,
    last: usize,
    spots: Vec<Spot>,
}

/// The spots in groups of neighbouring lines: the primary one first, then the rest of its file,
/// then the other files. Spots of one long line that do not fit on a screen together are groups of
/// their own.
fn groups(spots: Vec<Spot>, db: &SourceDb, columns: usize) -> Vec<Group> {
    let mut files: Vec<FileId> = Vec::new();
    for spot in &spots {
        if !files.contains(&spot.file) {
            files.push(spot.file);
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    for id in files {
        let file = db.file(id);
        let mut here: Vec<Spot> = spots.iter().filter(|s| s.file == id).cloned().collect();
        here.sort_by_key(|spot| (spot.line, spot.range.start));
        let from = groups.len();
        for spot in here {
            let alone = Group { file: id, first: spot.line, last: spot.line, spots: vec![] };
            let fits = |group: &Group| {
                let near = spot.line <= group.last + 2 * CONTEXT + 1;
                let line = line_range(&file, spot.line);
                let text = file.text.get(line).unwrap_or("");
                let first = group.spots.iter().find(|s| s.line == spot.line);
                let wide = first.is_some_and(|first| {
                    let room =
                        room(spot.line, columns).saturating_sub(room(spot.line, columns) / 4 + 4);
                    text.len() > room && {
                        let stretch = text.get(first.range.start..spot.range.end).unwrap_or("");
                        let whole = text.get(..spot.range.end).unwrap_or("");
                        width(stretch, room) > room && width(whole, room) > room
                    }
                });
                near && !wide
            };
            if groups.len() == from || !groups.last().is_some_and(fits) {
                groups.push(alone);
            }
            if let Some(group) = groups.last_mut() {
                group.last = group.last.max(spot.line);
                group.spots.push(spot);
            }
        }
    }
    groups.sort_by_key(|group| !group.spots.iter().any(|spot| spot.primary));
    groups
}

/// The columns that the text of a line has on a screen, behind its number.
fn room(line: usize, columns: usize) -> usize {
    columns.saturating_sub(line.to_string().len() + 5).max(20)
}

impl Shown {
    fn add(&mut self, group: &Group, file: &SourceFile, columns: usize) {
        let total = file.lines().lines();
        let budget = room(group.last + CONTEXT, columns);
        let blank =
            |line: usize| file.text.get(line_range(file, line)).unwrap_or("").trim().is_empty();
        let mut first = group.first.saturating_sub(CONTEXT).max(1);
        while first < group.first && blank(first) {
            first += 1;
        }
        let mut last = (group.last + CONTEXT).min(total);
        while last > group.last && blank(last) {
            last -= 1;
        }
        let base = self.excerpts.parts.last().map_or(0, |part| part.base + part.text.len() + 2);
        let mut part = Excerpt {
            name: escape(&file.display).into_owned(),
            base,
            text: String::new(),
            first_line: first,
            lines: last - first + 1,
            anchors: Vec::new(),
        };
        for line in first..=last {
            if line > first {
                part.text.push('\n');
            }
            let text = file.text.get(line_range(file, line)).unwrap_or("");
            let spots: Vec<&Spot> = group.spots.iter().filter(|s| s.line == line).collect();
            let marks: Vec<Range<usize>> = spots.iter().map(|s| s.range.clone()).collect();
            let Window { text, marks } = window(text, &marks, budget);
            for (spot, mark) in spots.iter().zip(marks) {
                let shown = |range: Range<usize>| text.get(range).unwrap_or("");
                let before = width(shown(0..mark.start), budget);
                let column = before + width(shown(mark.clone()), budget) / 2;
                let message =
                    wrap(&escape(&spot.message), budget.saturating_sub(column + 5).max(LABEL));
                let at = base + part.text.len() + mark.start;
                let address = at..at + mark.len();
                let label = (!spot.message.is_empty()).then(|| message.join("\n"));
                let span = SourceSpan::new(at.into(), mark.len());
                self.labels.push(match spot.primary {
                    true => LabeledSpan::new_primary_with_span(label, span),
                    false => LabeledSpan::new_with_span(label, span),
                });
                part.anchors.push((address, line, spot.column));
            }
            part.text.push_str(&text);
            if text.is_empty() && !spots.is_empty() {
                // The library draws no line that has no character.
                part.text.push(' ');
            }
        }
        self.excerpts.parts.push(part);
    }
}

impl SourceCode for Excerpts {
    /// The whole excerpt that `span` lies in; without context lines, its own text at the line and
    /// column that it has in the file. A span of two excerpts is out of bounds: the library then
    /// keeps them apart.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let range = span.offset()..span.offset() + span.len();
        let part = self
            .parts
            .iter()
            .find(|part| part.base <= range.start && range.end <= part.base + part.text.len())
            .ok_or(MietteError::OutOfBounds)?;
        let name = part.name.clone();
        if before == 0 && after == 0 {
            let anchor = part.anchors.iter().find(|(address, ..)| *address == range);
            let (line, column) = anchor.map_or((part.first_line, 1), |&(_, l, c)| (l, c));
            let text = part.text.get(range.start - part.base..range.end - part.base);
            let data = text.unwrap_or("").as_bytes();
            let contents =
                MietteSpanContents::new_named(name, data, *span, line - 1, column - 1, 1);
            return Ok(Box::new(contents));
        }
        let whole = SourceSpan::new(part.base.into(), part.text.len());
        let data = part.text.as_bytes();
        let first = part.first_line - 1;
        Ok(Box::new(MietteSpanContents::new_named(name, data, whole, first, 0, part.lines)))
    }
}
