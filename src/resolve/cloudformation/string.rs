//! Text put together: `Fn::Sub`, `Fn::Join`, and the pieces that text is made of.

use std::sync::Arc;

use super::{Cx, Scope, Unit, sub};
use crate::resolve::{Item, Kind, NeedSplit, Piece, SymbolId, Symbols, Text, Value};
use crate::source::{Origin, Span, Step};
use crate::syntax::{self, Expr, Node, SpanMap, TemplatePart};

/// Text that is written as the token at `span`: verbatim where the lengths say so.
pub(super) fn spelled(text: &str, span: Span) -> (Arc<str>, SpanMap) {
    let range = span.range();
    if range.len() == text.len() {
        return (text.into(), SpanMap::verbatim(span.file, range.start));
    }
    let text = syntax::Text::made_of(text, span);
    (text.text, text.map)
}

/// A value in words, unknown parts as `${label}`.
pub(super) fn display(value: &Value, symbols: &Symbols) -> String {
    match &value.kind {
        Kind::Null => "null".into(),
        Kind::Symbol(id) => format!("${{{}}}", symbols.get(*id).label),
        Kind::Text(text) => display_pieces(&text.0, symbols),
        Kind::List(_) => "[...]".into(),
        Kind::Map(_) => "{...}".into(),
        Kind::Bool(_) | Kind::Number(_) => value.known_text().unwrap_or_default(),
    }
}

/// Text in words, unknown parts as `${label}`.
pub(super) fn display_pieces(pieces: &[Piece], symbols: &Symbols) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Lit { text, .. } => text.to_string(),
            Piece::Hole(id, _) => format!("${{{}}}", symbols.get(*id).label),
        })
        .collect()
}

/// Text as a key: literal text and the numbers of the symbols, in an unambiguous form.
pub(super) fn key_of(pieces: &[Piece]) -> String {
    let mut out = String::new();
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Lit { text: more, .. } => text.push_str(more),
            Piece::Hole(id, _) => {
                out.push_str(&format!("{text:?}#{}", id.0));
                text.clear();
            }
        }
    }
    out.push_str(&format!("{text:?}"));
    out
}

/// The part `range` of a literal piece.
pub(super) fn cut(text: &str, map: &SpanMap, from: usize, to: usize, origin: Origin) -> Piece {
    Piece::Lit { text: text.get(from..to).unwrap_or("").into(), map: map.cut(from..to), origin }
}

impl Unit<'_> {
    /// Text of those pieces, dynamic references taken out of it.
    pub(super) fn finish_text(&mut self, pieces: Vec<Piece>, origin: Origin) -> Value {
        let pieces = self.dynamic_references(pieces);
        Value::new(Kind::Text(Text(pieces)), origin)
    }

    /// `Fn::Sub`: text, or [text, {name: value}].
    pub(super) fn sub(&mut self, arg: &Node, node: &Node, cx: Cx<'_>) -> Result<Value, NeedSplit> {
        let (text_node, names) = match arg.as_list().map(|items| &**items) {
            Some([text]) => (text, None),
            Some([text, names]) => (text, Some(names)),
            Some(_) => return Ok(self.unknown("Fn::Sub", node, cx)),
            None => (arg, None),
        };
        let Some(parts) = self.sub_text(text_node) else {
            return Ok(self.unknown("Fn::Sub", node, cx));
        };
        let mut scope = cx.scope.clone();
        for pair in names.and_then(Node::as_map).map_or(&[][..], |pairs| pairs) {
            let Some(name) = pair.key.scalar() else { continue };
            let value = self.value(&pair.value, cx)?;
            scope = scope.with(name, value);
        }
        let literal = self.leaf(text_node.span, cx.leaf);
        let mut out = Vec::new();
        for part in &parts {
            let TemplatePart::Text(text) = part else {
                out.push(self.marker_piece(part, text_node));
                continue;
            };
            if !self.sub_part(text, literal, cx, &scope, &mut out)? {
                return Ok(self.too_much(node));
            }
        }
        let origin = self.origins.add(node.span, Step::Call("Fn::Sub"), Some(literal));
        Ok(self.finish_text(out, origin))
    }

    /// Appends a stretch of the text of an `Fn::Sub`. Whether it was looked through.
    fn sub_part(
        &mut self,
        text: &syntax::Text,
        literal: Origin,
        cx: Cx<'_>,
        scope: &Scope,
        out: &mut Vec<Piece>,
    ) -> Result<bool, NeedSplit> {
        self.spend(text.text.len() / 256);
        let mut from = 0;
        for hole in sub::holes(&text.text) {
            if !self.spend(1) {
                return Ok(false);
            }
            if hole.escaped {
                // `${!x}` stands for `${x}`: everything but the exclamation mark.
                push_cut(out, text, from, hole.range.start + 2, literal);
                from = hole.range.start + 3;
                continue;
            }
            push_cut(out, text, from, hole.range.start, literal);
            let at = text.map.span(hole.range.clone());
            let value = self.placeholder(hole.name, at, cx, scope)?;
            match self.pieces(&value) {
                Some(pieces) => out.extend(pieces),
                // A list or map has no text: CloudFormation refuses it.
                None => {
                    let label = format!("${{{}}}", hole.name);
                    let key = format!("sub:{}:{}", at.start, at.end);
                    out.push(Piece::Hole(self.opaque(&key, &label, at), value.origin));
                }
            }
            from = hole.range.end;
        }
        push_cut(out, text, from, text.text.len(), literal);
        Ok(true)
    }

    /// The text of an `Fn::Sub`, in one part or, around markers, in several. `None` where it is no text,
    /// or a marker stands inside of a placeholder.
    fn sub_text(&self, node: &Node) -> Option<Vec<TemplatePart>> {
        if let Some(text) = node.as_text() {
            return Some(vec![TemplatePart::Text(text.clone())]);
        }
        if let syntax::Kind::Expr(expr) = &node.kind {
            let Expr::Template(parts) = &**expr else { return None };
            let whole = |part: &TemplatePart| match part {
                TemplatePart::Text(text) => {
                    text.text.rfind("${").is_none_or(|open| text.text[open..].contains('}'))
                }
                _ => true,
            };
            return parts.iter().all(whole).then(|| parts.clone());
        }
        let (text, map) = spelled(&node.scalar()?, node.span);
        Some(vec![TemplatePart::Text(syntax::Text { text, map })])
    }

    /// The value of `${name}`: a name of the `Fn::Sub` itself or of a loop, a parameter, a resource,
    /// or `Resource.Attribute`.
    fn placeholder(
        &mut self,
        name: &str,
        at: Span,
        cx: Cx<'_>,
        scope: &Scope,
    ) -> Result<Value, NeedSplit> {
        if let Some(value) = scope.get(name) {
            let value = value.clone();
            return Ok(self.through(&value, at, Step::Reference));
        }
        self.named(name, at, cx)
    }

    /// `Fn::Join`: [delimiter, list].
    pub(super) fn join(&mut self, arg: &Node, node: &Node, cx: Cx<'_>) -> Result<Value, NeedSplit> {
        let Some([delimiter, list]) = arg.as_list().map(|items| &**items) else {
            return Ok(self.unknown("Fn::Join", node, cx));
        };
        let delimiter = self.value(delimiter, cx)?;
        let list = self.value(list, cx)?;
        let (Some(glue), Some(between)) = (delimiter.known_text(), self.pieces(&delimiter)) else {
            return Ok(self.unknown("Fn::Join", node, cx));
        };
        let items: Vec<Item> = match &list.kind {
            Kind::List(items) => items.to_vec(),
            Kind::Symbol(id) => vec![Item::Many(*id, list.origin)],
            _ => return Ok(self.unknown("Fn::Join", node, cx)),
        };
        let mut out = Vec::new();
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                out.extend(between.iter().cloned());
            }
            if !self.spend(1) {
                return Ok(self.too_much(node));
            }
            match item {
                Item::One(value) => match self.pieces(value) {
                    Some(pieces) => out.extend(pieces),
                    None => return Ok(self.unknown("Fn::Join", node, cx)),
                },
                Item::Many(id, origin) => {
                    let joined = self.joined_list(*id, &glue);
                    out.push(Piece::Hole(joined, *origin));
                }
            }
        }
        let step = Step::Call("Fn::Join");
        // A text of one piece stands where that piece stands; one of several is the expression.
        let from = match out.as_slice() {
            [Piece::Lit { origin, .. }] => Some(*origin),
            _ => None,
        };
        let origin = self.origins.add(node.span, step, from);
        Ok(self.finish_text(out, origin))
    }

    /// The text of a list of unknown length: a comma joins a list parameter to the text that was
    /// given for it.
    fn joined_list(&mut self, list: SymbolId, glue: &str) -> SymbolId {
        if glue == "," {
            return list;
        }
        let label = format!("Fn::Join of {}", self.symbols.get(list).label);
        let joined = self.derive(list, &format!("join:{glue:?}"), &label, None);
        self.joined.insert(joined, list);
        joined
    }

    /// A symbol that is computed from `base`: as little known, and pinned by the same flag.
    pub(super) fn derive(
        &mut self,
        base: SymbolId,
        key: &str,
        label: &str,
        default: Option<Value>,
    ) -> SymbolId {
        use crate::resolve::Class;
        let from = self.symbols.get(base).clone();
        let class = match from.class {
            Class::Input | Class::External => from.class,
            _ => Class::Opaque,
        };
        let key = format!("{}derived:{}:{key}", self.stack().prefix, base.0);
        let id = self.symbols.intern(&key, || crate::resolve::Symbol {
            label: super::shorten(label),
            origin: from.origin,
            class,
            default,
            allowed: None,
            pin: from.pin,
        });
        self.derived.entry(base).or_default().insert(id);
        id
    }
}

fn push_cut(out: &mut Vec<Piece>, text: &syntax::Text, from: usize, to: usize, origin: Origin) {
    if from < to {
        out.push(cut(&text.text, &text.map, from, to, origin));
    }
}
