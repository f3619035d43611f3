//! Evaluation of a node: literals, lists, maps, and the way to the functions.

use std::sync::Arc;

use super::form::{self, Form};
use super::{Cx, MAX_DEPTH, Unit, string};
use crate::resolve::{Item, Key, Kind, Map, NeedSplit, Piece, Rest, Text, Value};
use crate::source::Step;
use crate::syntax::{self, Node, SpanMap};

impl Unit<'_> {
    /// Evaluates any node.
    pub(super) fn value(&mut self, node: &Node, cx: Cx<'_>) -> Result<Value, NeedSplit> {
        if !self.spend(1) || cx.depth > MAX_DEPTH {
            self.exhausted = true;
            return Ok(self.too_much(node));
        }
        let cx = cx.deeper();
        match Form::of(node) {
            Form::Call(name, arg) => self.call(name, arg, node, cx),
            Form::Unknown(name, _) => {
                let label = format!("unknown function `{name}`");
                let key = form::canonical(node);
                let symbol = self.opaque(&key, &label, node.span);
                let origin = self.origins.literal(node.span);
                Ok(Value::new(Kind::Symbol(symbol), origin))
            }
            // A map with the one key `Condition` is data; the short tag is not.
            Form::Condition(_) if node.as_map().is_none() => {
                Ok(self.unknown("Condition", node, cx))
            }
            Form::Condition(_) | Form::Plain => self.plain(node, cx),
        }
    }

    pub(super) fn too_much(&mut self, node: &Node) -> Value {
        let key = format!("bound:{}:{}", node.span.start, node.span.end);
        let symbol = self.opaque(&key, "an expression too large to evaluate", node.span);
        self.open_branches.insert(symbol);
        let origin = self.origins.literal(node.span);
        Value::new(Kind::Symbol(symbol), origin)
    }

    fn call(
        &mut self,
        name: &'static str,
        arg: &Node,
        node: &Node,
        cx: Cx<'_>,
    ) -> Result<Value, NeedSplit> {
        match name {
            "Ref" => self.reference(arg, node, cx),
            "Fn::GetAtt" => self.get_att(arg, node, cx),
            "Fn::Sub" => self.sub(arg, node, cx),
            "Fn::Join" => self.join(arg, node, cx),
            "Fn::If" => self.if_(arg, node, cx),
            "Fn::FindInMap" => self.find_in_map(arg, node, cx),
            "Fn::Select" => self.select(arg, node, cx),
            "Fn::Split" => self.split(arg, node, cx),
            "Fn::Cidr" => self.cidr(arg, node, cx),
            "Fn::Length" => self.length(arg, node, cx),
            "Fn::ImportValue" => self.import_value(arg, node, cx),
            // The tree is kept: it is not printed and parsed again.
            "Fn::ToJsonString" => {
                let value = self.value(arg, cx)?;
                let origin = self.origins.add(node.span, Step::Call(name), Some(value.origin));
                Ok(Value::new(value.kind, origin))
            }
            // A loop is the only entry of its map; a tag is none.
            "Fn::ForEach" if node.as_map().is_some() => self.plain(node, cx),
            _ => Ok(self.unknown(name, node, cx)),
        }
    }

    fn plain(&mut self, node: &Node, cx: Cx<'_>) -> Result<Value, NeedSplit> {
        let origin = self.leaf(node.span, cx.leaf);
        let kind = match &node.kind {
            syntax::Kind::Null => Kind::Null,
            syntax::Kind::Bool(b) => Kind::Bool(*b),
            syntax::Kind::Number(text) => Kind::Number(Arc::clone(text)),
            syntax::Kind::Text(text) => return Ok(self.literal_text(text, node, cx)),
            syntax::Kind::List(items) => Kind::List(self.list(items, cx)?.into()),
            syntax::Kind::Map(pairs) => Kind::Map(Arc::new(self.map(node, pairs, cx)?)),
            syntax::Kind::Expr(expr) => return Ok(self.marked(expr, node, cx)),
            // Tags are functions, known or not.
            syntax::Kind::Tagged(_) | syntax::Kind::Invalid => Kind::Symbol(self.unread(node)),
        };
        Ok(Value::new(kind, origin))
    }

    fn literal_text(&mut self, text: &syntax::Text, node: &Node, cx: Cx<'_>) -> Value {
        self.spend(text.text.len() / 256);
        let origin = self.leaf(node.span, cx.leaf);
        if !cx.scope.is_empty() && text.text.contains("{") {
            let pieces = self.loop_text(text, node, cx);
            return self.finish_text(pieces, origin);
        }
        let pieces = if text.text.is_empty() {
            Vec::new()
        } else {
            vec![Piece::Lit { text: Arc::clone(&text.text), map: text.map.clone(), origin }]
        };
        self.finish_text(pieces, origin)
    }

    /// The items of a list. `AWS::NoValue` leaves no item; a branch that could not be decided may
    /// be no item, or one.
    pub(super) fn list(&mut self, items: &[Node], cx: Cx<'_>) -> Result<Vec<Item>, NeedSplit> {
        let mut out = Vec::new();
        for node in items {
            let value = self.value(node, cx)?;
            match &value.kind {
                Kind::Null => {}
                Kind::Symbol(id) if self.open_branches.contains(id) => {
                    out.push(Item::Many(*id, value.origin));
                }
                _ => out.push(Item::One(value)),
            }
        }
        Ok(out)
    }

    /// The entries of a map. `AWS::NoValue` leaves no entry; a function beside other keys may add
    /// or change any of them.
    fn map(&mut self, node: &Node, pairs: &[syntax::Pair], cx: Cx<'_>) -> Result<Map, NeedSplit> {
        let mut map = Map::default();
        for pair in pairs {
            let key = pair.key.scalar().filter(|key| !form::is_function_name(key));
            if form::is_loop(pair) && self.loop_entries(&pair.value, cx, 0, &mut map)? {
                continue;
            }
            let Some(text) = key else {
                let label = match (pair.key.scalar(), &pair.key.kind) {
                    (Some(name), _) => name.to_string(),
                    (None, syntax::Kind::Expr(expr)) => {
                        let value = self.marked(expr, &pair.key, cx);
                        let name = value.hole().map(|id| self.symbols.get(id).label.clone());
                        name.unwrap_or_default()
                    }
                    (None, _) => "a key that is no text".to_owned(),
                };
                let at = format!("key:{}:{}", pair.key.span.start, node.span.end);
                let symbol = self.opaque(&at, &label, pair.key.span);
                map.rest = Some((symbol, Rest::Over));
                continue;
            };
            self.map_entry(&text, pair, cx, &mut map)?;
        }
        Ok(map)
    }

    /// An entry of a map, its key with the loop variables in it replaced.
    pub(super) fn map_entry(
        &mut self,
        key: &Arc<str>,
        pair: &syntax::Pair,
        cx: Cx<'_>,
        map: &mut Map,
    ) -> Result<(), NeedSplit> {
        let value = self.value(&pair.value, cx)?;
        if !matches!(value.kind, Kind::Null) {
            let origin = self.leaf(pair.key.span, cx.leaf);
            let text = self.loop_key(key, cx.scope);
            map.entries.push((Key { text, origin }, value));
        }
        Ok(())
    }

    /// `Fn::If`: [condition, value if true, value if false].
    fn if_(&mut self, arg: &Node, node: &Node, cx: Cx<'_>) -> Result<Value, NeedSplit> {
        let Some([name, yes, no]) = arg.as_list().map(|items| &**items) else {
            return Ok(self.unknown("Fn::If", node, cx));
        };
        match self.condition_named(name, cx)? {
            Some(decided) => {
                let value = self.value(if decided { yes } else { no }, cx)?;
                Ok(self.through(&value, node.span, Step::Branch))
            }
            None => {
                let key = format!("if:{}", form::canonical(node));
                let label = format!("Fn::If {}", name.scalar().unwrap_or_default());
                let symbol = self.opaque(&key, &label, node.span);
                self.open_branches.insert(symbol);
                let origin = self.origins.add(node.span, Step::Call("Fn::If"), None);
                Ok(Value::new(Kind::Symbol(symbol), origin))
            }
        }
    }

    /// The entry that `path` leads to, through branches and plain maps.
    pub(super) fn entry(
        &mut self,
        node: &Node,
        path: &[&str],
        cx: Cx<'_>,
    ) -> Result<Value, NeedSplit> {
        let Some((key, rest)) = path.split_first() else { return self.value(node, cx) };
        if !self.spend(1) || cx.depth > MAX_DEPTH {
            self.exhausted = true;
            return Ok(self.too_much(node));
        }
        let cx = cx.deeper();
        match (Form::of(node), node.as_map()) {
            (Form::Call("Fn::If", arg), _) => {
                if let Some([name, yes, no]) = arg.as_list().map(|items| &**items)
                    && let Some(decided) = self.condition_named(name, cx)?
                {
                    let value = self.entry(if decided { yes } else { no }, path, cx)?;
                    return Ok(self.through(&value, node.span, Step::Branch));
                }
            }
            (Form::Plain | Form::Condition(_), Some(pairs))
                if !pairs
                    .iter()
                    .any(|p| p.key.scalar().is_some_and(|k| form::is_function_name(&k))) =>
            {
                return match node.get(key) {
                    Some(inner) => self.entry(inner, rest, cx),
                    None => Ok(Value::new(Kind::Null, self.origins.literal(node.span))),
                };
            }
            _ => {}
        }
        let mut value = self.value(node, cx)?;
        for key in path {
            let entry = value.get(key).cloned();
            let hidden = matches!(&value.kind, Kind::Map(map) if map.rest.is_some());
            value = match (entry, &value.kind) {
                (Some(entry), _) if !hidden => entry,
                // Something unknown may hold the entry, or change it.
                (_, Kind::Map(map)) if hidden => {
                    let symbol = map.rest.map(|(id, _)| id);
                    Value::new(symbol.map_or(Kind::Null, Kind::Symbol), value.origin)
                }
                (_, Kind::Symbol(_)) => return Ok(value),
                _ => return Ok(Value::new(Kind::Null, value.origin)),
            };
        }
        Ok(value)
    }

    /// The value with one more step before it. Text takes the step with each of its pieces; what is
    /// written inside a list or map stands where it stands.
    pub(super) fn through(&mut self, value: &Value, at: crate::source::Span, step: Step) -> Value {
        let origin = self.origins.add(at, step, Some(value.origin));
        let kind = match &value.kind {
            Kind::Text(text) => Kind::Text(Text(self.pieces_through(&text.0, at, step))),
            Kind::List(items) => {
                let items: Vec<Item> = items
                    .iter()
                    .map(|item| match item {
                        Item::One(v) if !matches!(v.kind, Kind::Map(_) | Kind::List(_)) => {
                            Item::One(self.through(v, at, step))
                        }
                        Item::One(v) => Item::One(v.clone()),
                        Item::Many(id, origin) => {
                            Item::Many(*id, self.origins.add(at, step, Some(*origin)))
                        }
                    })
                    .collect();
                Kind::List(items.into())
            }
            kind => kind.clone(),
        };
        Value::new(kind, origin)
    }

    /// The pieces with one more step before each.
    pub(super) fn pieces_through(
        &mut self,
        pieces: &[Piece],
        at: crate::source::Span,
        step: Step,
    ) -> Vec<Piece> {
        self.spend(pieces.len());
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Lit { text, map, origin } => Piece::Lit {
                    text: Arc::clone(text),
                    map: map.clone(),
                    origin: self.origins.add(at, step, Some(*origin)),
                },
                Piece::Hole(id, origin) => {
                    Piece::Hole(*id, self.origins.add(at, step, Some(*origin)))
                }
            })
            .collect()
    }

    /// A scalar as pieces of text; `None` for a list or map.
    pub(super) fn pieces(&mut self, value: &Value) -> Option<Vec<Piece>> {
        let spelled = |text: &str, origins: &crate::source::Origins| {
            let span = origins.span(value.origin);
            string::spelled(text, span)
        };
        let (text, map): (Arc<str>, SpanMap) = match &value.kind {
            Kind::Null => return Some(Vec::new()),
            Kind::Bool(b) => spelled(if *b { "true" } else { "false" }, &self.origins),
            Kind::Number(n) => spelled(n, &self.origins),
            Kind::Text(text) => return Some(text.0.clone()),
            Kind::Symbol(id) => return Some(vec![Piece::Hole(*id, value.origin)]),
            Kind::List(_) | Kind::Map(_) => return None,
        };
        Some(vec![Piece::Lit { text, map, origin: value.origin }])
    }
}
