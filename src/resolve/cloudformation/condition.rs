//! Conditions: Booleans in the world of parameters (RESOLVE rule 6).
//!
//! A condition is never forked on by its own name: `IsProd`, not `IsProd` and `IsDev` all ask for
//! the one parameter behind them. What cannot be compared is an opaque Boolean named by its
//! expression, so that equal expressions agree.

use std::sync::Arc;

use super::form::{self, Form};
use super::{Cx, MAX_DEPTH, Unit, string};
use crate::resolve::{Cell, Class, Item, Kind, Literal, NeedSplit, Piece, SymbolId, Value, World};
use crate::source::Span;
use crate::syntax::Node;

/// A truth value, `None` where a frozen world does not say.
type Decided = Result<Option<bool>, NeedSplit>;

impl Unit<'_> {
    /// The condition of that name.
    pub(super) fn condition_named(&mut self, name: &Node, cx: Cx<'_>) -> Decided {
        let Some(text) = name.scalar() else {
            return self.truth(name, cx);
        };
        let text = self.loop_key(&text, cx.scope);
        let stack = self.stack_mut();
        if stack.memo_world != *cx.world {
            stack.memo.clear();
            stack.memo_world = cx.world.clone();
        }
        if let Some(known) = stack.memo.get(&text) {
            return Ok(*known);
        }
        let deciding = stack.deciding.contains(&text);
        let template = self.template();
        let cx = cx.branch().deeper();
        let decided = match template.conditions.get(&text) {
            Some((node, scope)) if cx.depth <= MAX_DEPTH && !deciding => {
                self.stack_mut().deciding.push(Arc::clone(&text));
                let decided = self.truth(node, cx.in_scope(scope));
                self.stack_mut().deciding.pop();
                decided?
            }
            // Undeclared, or declared by itself: the deployment fails, or a macro declares it.
            _ => {
                let label = format!("condition {text}");
                let symbol = self.opaque(&format!("condition:{text}"), &label, name.span);
                return self.ask(symbol, cx);
            }
        };
        self.stack_mut().memo.insert(text, decided);
        Ok(decided)
    }

    /// Decides a condition expression.
    fn truth(&mut self, node: &Node, cx: Cx<'_>) -> Decided {
        if !self.spend(1) || cx.depth > MAX_DEPTH {
            self.exhausted = true;
            return Ok(None);
        }
        let cx = cx.branch().deeper();
        match Form::of(node) {
            Form::Condition(name) => self.condition_named(name, cx),
            Form::Call("Fn::And", arg) => self.several(node, arg, false, cx),
            Form::Call("Fn::Or", arg) => self.several(node, arg, true, cx),
            Form::Call("Fn::Not", arg) => {
                let inner = match arg.as_list().map(|items| &**items) {
                    Some([inner]) => inner,
                    Some(_) => return self.opaque_truth(node, cx),
                    None => arg,
                };
                Ok(self.truth(inner, cx)?.map(|b| !b))
            }
            Form::Call("Fn::Equals", arg) => {
                let Some([left, right]) = arg.as_list().map(|items| &**items) else {
                    return self.opaque_truth(node, cx);
                };
                self.equals(node, left, right, cx)
            }
            Form::Call("Fn::If", arg) => {
                let Some([name, yes, no]) = arg.as_list().map(|items| &**items) else {
                    return self.opaque_truth(node, cx);
                };
                match self.condition_named(name, cx)? {
                    Some(b) => self.truth(if b { yes } else { no }, cx),
                    None => Ok(None),
                }
            }
            Form::Plain => match node.scalar().as_deref() {
                Some("true") => Ok(Some(true)),
                Some("false") => Ok(Some(false)),
                _ => self.opaque_truth(node, cx),
            },
            Form::Call(..) | Form::Unknown(..) => self.opaque_truth(node, cx),
        }
    }

    /// `Fn::And` (`stop` false) and `Fn::Or` (`stop` true). An operand that settles the matter does
    /// so whatever the others ask for.
    fn several(&mut self, node: &Node, arg: &Node, stop: bool, cx: Cx<'_>) -> Decided {
        let Some(items) = arg.as_list() else { return self.opaque_truth(node, cx) };
        let mut split = None;
        let mut unknown = false;
        for item in items.iter() {
            match self.truth(item, cx) {
                Ok(Some(b)) if b == stop => return Ok(Some(stop)),
                Ok(Some(_)) => {}
                Ok(None) => unknown = true,
                Err(need) => split = split.or(Some(need)),
            }
        }
        match split {
            Some(need) => Err(need),
            None if unknown => Ok(None),
            None => Ok(Some(!stop)),
        }
    }

    fn equals(&mut self, node: &Node, left: &Node, right: &Node, cx: Cx<'_>) -> Decided {
        let a = self.value(left, cx)?;
        let b = self.value(right, cx)?;
        let (Some(a_pieces), Some(b_pieces)) = (self.pieces(&a), self.pieces(&b)) else {
            return match (known_list(&a), known_list(&b)) {
                (Some(a), Some(b)) => Ok(Some(a == b)),
                _ => self.opaque_equals(node, left, right, &[&a, &b], cx),
            };
        };
        let (a_parts, b_parts) = (Parts::of(&a_pieces), Parts::of(&b_pieces));
        if a_parts == b_parts {
            return Ok(Some(true));
        }
        match (a_parts.known(), b_parts.known()) {
            (Some(a), Some(b)) => Ok(Some(a == b)),
            (None, Some(text)) => {
                let at = self.origins.span(b.origin);
                self.matches(node, (left, right), &a_parts, &text, at, cx)
            }
            (Some(text), None) => {
                let at = self.origins.span(a.origin);
                self.matches(node, (left, right), &b_parts, &text, at, cx)
            }
            (None, None) => self.opaque_equals(node, left, right, &[&a, &b], cx),
        }
    }

    /// Whether text with holes is the constant `text`, which is written at `at`.
    fn matches(
        &mut self,
        node: &Node,
        (left, right): (&Node, &Node),
        parts: &Parts,
        text: &str,
        at: Span,
        cx: Cx<'_>,
    ) -> Decided {
        let Some(rest) = text.strip_prefix(parts.head()) else { return Ok(Some(false)) };
        let Some(middle) = rest.strip_suffix(parts.tail()) else { return Ok(Some(false)) };
        let holes: Vec<SymbolId> = parts.holes.clone();
        match holes.as_slice() {
            [hole] => self.is(*hole, middle, at, cx),
            // Several holes are empty together, or not.
            _ if middle.is_empty() && parts.between_is_empty() => {
                let mut all = Some(true);
                let mut split = None;
                for hole in holes {
                    match self.is(hole, "", at, cx) {
                        Ok(Some(true)) => {}
                        Ok(Some(false)) => return Ok(Some(false)),
                        Ok(None) => all = None,
                        Err(need) => split = split.or(Some(need)),
                    }
                }
                split.map_or(Ok(all), Err)
            }
            _ => {
                let key = format!("{}={text:?}", parts.key());
                self.opaque_comparison(&key, node, left, right, &holes, cx)
            }
        }
    }

    /// Whether a symbol is the constant `text`.
    fn is(&mut self, symbol: SymbolId, text: &str, at: Span, cx: Cx<'_>) -> Decided {
        let literal = Literal::Text(text.into());
        // A joined list is empty exactly where the list is.
        let symbol = match self.joined.get(&symbol) {
            Some(&list) if text.is_empty() => list,
            _ => symbol,
        };
        self.constants.entry((symbol, literal.clone())).or_insert(at);
        cx.world.equals(&self.symbols, symbol, &literal)
    }

    fn opaque_truth(&mut self, node: &Node, cx: Cx<'_>) -> Decided {
        let canonical = form::canonical(node);
        let label =
            if canonical.starts_with('@') { "a condition".to_owned() } else { canonical.clone() };
        let symbol = self.opaque(&format!("truth:{canonical}"), &label, node.span);
        self.ask(symbol, cx)
    }

    fn opaque_equals(
        &mut self,
        node: &Node,
        left: &Node,
        right: &Node,
        values: &[&Value],
        cx: Cx<'_>,
    ) -> Decided {
        let mut keys: Vec<String> = values.iter().map(|v| self.value_key(v, 0)).collect();
        keys.sort();
        let mut holes = Vec::new();
        for value in values {
            collect(value, 0, &mut holes);
        }
        self.opaque_comparison(&keys.join("="), node, left, right, &holes, cx)
    }

    /// A comparison of unknown values: a Boolean of its own. Its default is what the defaults of the
    /// parameters make of it.
    fn opaque_comparison(
        &mut self,
        key: &str,
        node: &Node,
        left: &Node,
        right: &Node,
        holes: &[SymbolId],
        cx: Cx<'_>,
    ) -> Decided {
        let canonical = form::canonical(node);
        let label =
            if canonical.starts_with('@') { "Fn::Equals".to_owned() } else { canonical.clone() };
        let default = self.default_comparison(left, right);
        let key = format!("{}equals:{key}", self.stack().prefix);
        let origin = self.origins.literal(node.span);
        let value = default.map(|b| Value::new(Kind::Bool(b), origin));
        let symbol = self.symbols.intern(&key, || crate::resolve::Symbol {
            label: super::shorten(&label),
            origin,
            class: Class::Opaque,
            default: value,
            allowed: None,
            pin: None,
        });
        for hole in holes {
            self.derived.entry(*hole).or_default().insert(symbol);
        }
        self.ask(symbol, cx)
    }

    /// What a comparison comes to with every parameter at its default.
    fn default_comparison(&mut self, left: &Node, right: &Node) -> Option<bool> {
        let a = self.value_by_default(left)?;
        let b = self.value_by_default(right)?;
        match (a.known_text(), b.known_text()) {
            (Some(a), Some(b)) => Some(a == b),
            _ => Some(known_list(&a)? == known_list(&b)?),
        }
    }

    /// The known text that an expression has with every parameter at its default.
    pub(super) fn default_value_of(&mut self, node: &Node) -> Option<Value> {
        let value = self.value_by_default(node)?;
        let text = value.known_text()?;
        if matches!(value.kind, Kind::Text(_)) {
            return Some(value);
        }
        // Constants are compared as text.
        let (text, map) = string::spelled(&text, self.origins.span(value.origin));
        let piece = Piece::Lit { text, map, origin: value.origin };
        Some(Value::new(Kind::Text(crate::resolve::Text(vec![piece])), value.origin))
    }

    fn value_by_default(&mut self, node: &Node) -> Option<Value> {
        // The default of a symbol inside an expression is not asked for while that expression's own
        // default is computed.
        if self.in_default {
            return None;
        }
        self.in_default = true;
        let used = self.used_defaults.clone();
        let value = self.eval(node, &super::Scope::default(), &World::default());
        self.used_defaults = used;
        self.in_default = false;
        value.ok()
    }

    /// Asks the world for an opaque Boolean.
    fn ask(&mut self, symbol: SymbolId, cx: Cx<'_>) -> Decided {
        match cx.world.cell(symbol) {
            Some(Cell::Is(Literal::Bool(b))) => Ok(Some(*b)),
            _ if cx.world.is_frozen() => Ok(None),
            _ => Err(NeedSplit {
                symbol,
                cells: vec![Cell::Is(Literal::Bool(true)), Cell::Is(Literal::Bool(false))],
            }),
        }
    }

    /// A value as a key, the same for equal values.
    fn value_key(&self, value: &Value, depth: usize) -> String {
        match &value.kind {
            Kind::Text(text) => string::key_of(&text.0),
            Kind::Symbol(id) => format!("#{}", id.0),
            Kind::List(items) if depth < 4 && items.len() <= 64 => {
                let items: Vec<String> = items
                    .iter()
                    .map(|item| match item {
                        Item::One(v) => self.value_key(v, depth + 1),
                        Item::Many(id, _) => format!("#{}..", id.0),
                    })
                    .collect();
                format!("[{}]", items.join(","))
            }
            Kind::List(_) | Kind::Map(_) => {
                let span = self.origins.span(value.origin);
                format!("@{}:{}", span.start, span.end)
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => string::display(value, &self.symbols),
        }
    }
}

/// The symbols in a value.
fn collect(value: &Value, depth: usize, out: &mut Vec<SymbolId>) {
    match &value.kind {
        Kind::Symbol(id) => out.push(*id),
        Kind::Text(text) => out.extend(
            text.0.iter().filter_map(|p| if let Piece::Hole(id, _) = p { Some(*id) } else { None }),
        ),
        Kind::List(items) if depth < 4 => {
            for item in items.iter() {
                match item {
                    Item::One(v) => collect(v, depth + 1, out),
                    Item::Many(id, _) => out.push(*id),
                }
            }
        }
        _ => {}
    }
}

/// The texts of a list in which everything is known.
fn known_list(value: &Value) -> Option<Vec<String>> {
    let Kind::List(items) = &value.kind else { return None };
    items
        .iter()
        .map(|item| match item {
            Item::One(v) => v.known_text(),
            Item::Many(..) => None,
        })
        .collect()
}

/// Text as literals and holes in turn: one literal more than holes, empty ones among them.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    literals: Vec<String>,
    holes: Vec<SymbolId>,
}

impl Parts {
    fn of(pieces: &[Piece]) -> Self {
        let mut literals = Vec::new();
        let mut holes = Vec::new();
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Lit { text: more, .. } => text.push_str(more),
                Piece::Hole(id, _) => {
                    literals.push(std::mem::take(&mut text));
                    holes.push(*id);
                }
            }
        }
        literals.push(text);
        Self { literals, holes }
    }

    fn head(&self) -> &str {
        self.literals.first().map_or("", String::as_str)
    }

    fn tail(&self) -> &str {
        self.literals.last().map_or("", String::as_str)
    }

    fn known(&self) -> Option<String> {
        self.holes.is_empty().then(|| self.head().to_owned())
    }

    fn between_is_empty(&self) -> bool {
        let inner = self.literals.len().saturating_sub(1);
        self.literals.get(1..inner).unwrap_or(&[]).iter().all(String::is_empty)
    }

    fn key(&self) -> String {
        format!("{:?}{:?}", self.literals, self.holes)
    }
}
