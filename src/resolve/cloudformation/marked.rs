//! Scalars in which markers of another template language stand: HCL's templates in a tree of YAML or
//! JSON, each marker a name ([`Expr::Variable`], one value wherever it stands) or a call
//! ([`Expr::Call`], perhaps another value each time). What a marker stands for is not known.

use super::{Cx, Unit};
use crate::resolve::{Kind, Piece, SymbolId, Value};
use crate::syntax::{Expr, Node, TemplatePart};

impl Unit<'_> {
    /// The value of a scalar with markers in it.
    pub(super) fn marked(&mut self, expr: &Expr, node: &Node, cx: Cx<'_>) -> Value {
        let origin = self.leaf(node.span, cx.leaf);
        let Expr::Template(parts) = expr else {
            return Value::new(Kind::Symbol(self.marker(expr, node)), origin);
        };
        let mut pieces = Vec::new();
        for part in parts {
            match part {
                TemplatePart::Text(text) => pieces.extend(self.loop_text(text, node, cx)),
                other => pieces.push(self.marker_piece(other, node)),
            }
        }
        self.finish_text(pieces, origin)
    }

    /// The hole that a part of a text leaves which is not written.
    pub(super) fn marker_piece(&mut self, part: &TemplatePart, node: &Node) -> Piece {
        let (symbol, at) = match part {
            TemplatePart::Interpolation(inner) => match &inner.kind {
                crate::syntax::Kind::Expr(expr) => (self.marker(expr, inner), inner.span),
                _ => (self.unread(node), inner.span),
            },
            _ => (self.unread(node), node.span),
        };
        Piece::Hole(symbol, self.leaf(at, crate::source::Step::Literal))
    }

    /// The value that a marker stands for.
    fn marker(&mut self, expr: &Expr, node: &Node) -> SymbolId {
        match expr {
            Expr::Variable(name) => self.opaque(&format!("marker:{name}"), name, node.span),
            Expr::Call { name, .. } => {
                let key =
                    format!("marker:{}:{}:{}", node.span.file.0, node.span.start, node.span.end);
                self.opaque(&key, name, node.span)
            }
            _ => self.unread(node),
        }
    }

    /// A symbol for what cannot be read.
    pub(super) fn unread(&mut self, node: &Node) -> SymbolId {
        let key = format!("unreadable:{}:{}:{}", node.span.file.0, node.span.start, node.span.end);
        self.opaque(&key, "text that cannot be read", node.span)
    }
}
