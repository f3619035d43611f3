//! The `"//"` keys of Terraform's JSON syntax, which has no other comments.
//!
//! What stands in a body speaks of that body (HashiCorp, "JSON Configuration Syntax", "Comment
//! Properties"). cdktf writes objects there, which say nothing to this program.

use super::{MARK, Remarks};
use crate::source::Span;
use crate::syntax::{Body, Node, Remark, RemarkKind};

impl Remarks {
    /// Adds what the `"//"` keys of a file in JSON ask for, and the objects that can hold one.
    pub fn add_notes(&mut self, body: &Body) {
        self.notes(body, None);
        for block in &body.blocks {
            // An object deeper down may be a value, of which `"//"` would be a part; statements of
            // policy documents never are.
            let statements = block.body.blocks("statement");
            let bodies = std::iter::once(block).chain(statements);
            self.bodies.extend(bodies.filter_map(|b| Some((b.span, b.body.object?))));
        }
    }

    /// Adds what the `"//"` keys of a variables file in JSON ask for: like those at the root of a
    /// module's file they speak of nothing, which is said where it is noticed that they are unused.
    pub fn add_notes_of_values(&mut self, root: &Node) {
        for pair in root.as_map().into_iter().flat_map(|pairs| pairs.iter()) {
            if pair.key.as_text().is_some_and(|key| &*key.text == "//") {
                self.note(&pair.value, None);
            }
        }
    }

    fn notes(&mut self, body: &Body, covers: Option<Span>) {
        for note in &body.notes {
            self.note(note, covers);
        }
        for block in &body.blocks {
            self.notes(&block.body, Some(block.span));
        }
    }

    /// A comment, or several in an array.
    fn note(&mut self, note: &Node, covers: Option<Span>) {
        self.list.extend(note.one_or_more().iter().filter_map(|line| remark(line, covers)));
    }
}

/// One comment: a text that begins as comments to this program do.
fn remark(note: &Node, covers: Option<Span>) -> Option<Remark> {
    let text = note.as_text()?.text.trim();
    let head = text.get(..MARK.len())?;
    head.eq_ignore_ascii_case(MARK).then(|| Remark {
        span: note.span,
        covers,
        api: None,
        kind: RemarkKind::Comment { text: text.to_owned(), own_line: true },
    })
}
