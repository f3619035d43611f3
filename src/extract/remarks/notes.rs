//! The `"//"` keys of Terraform's JSON syntax, which has no other comments.
//!
//! What stands in a body speaks of that body (HashiCorp, "JSON Configuration Syntax", "Comment
//! Properties"). cdktf writes objects there, which say nothing to this program.

use super::{MARK, Remarks};
use crate::source::Span;
use crate::syntax::{Body, Kind, Node, Remark, RemarkKind};

impl Remarks {
    /// Adds what the `"//"` keys of a file in JSON ask for, and the objects that can hold one.
    pub fn add_notes(&mut self, body: &Body) {
        self.notes(body, None);
        for block in &body.blocks {
            self.bodies.push(block.span);
            // An object deeper down may be a value, of which `"//"` would be a part; statements of
            // policy documents never are.
            self.bodies.extend(block.body.blocks("statement").map(|statement| statement.span));
        }
    }

    fn notes(&mut self, body: &Body, covers: Option<Span>) {
        for note in &body.notes {
            let lines = match &note.kind {
                Kind::List(items) => items.as_ref(),
                _ => std::slice::from_ref(note),
            };
            self.list.extend(lines.iter().filter_map(|line| remark(line, covers)));
        }
        for block in &body.blocks {
            self.notes(&block.body, Some(block.span));
        }
    }
}

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
