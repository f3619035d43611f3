//! Attributes, indexes and splats.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::number::Num;
use super::scope::{Env, Mode};
use super::text::known_text;
use crate::resolve::{Cell, Item, Kind, Literal, NeedSplit, SymbolId, Value};
use crate::source::Span;
use crate::syntax::{self, Expr, Node, Traverse};

/// How many keys of a map an unknown key is tried as.
const MAX_KEYS: usize = 16;

/// The steps behind a reference.
pub(super) type Steps<'n> = &'n [(Traverse, Span)];

/// One element of a collection that is iterated over.
pub(super) struct Element {
    pub(super) key: Value,
    pub(super) value: Value,
    /// The unknown stretch that this element stands for.
    pub(super) unknown: Option<SymbolId>,
}

impl Evaluator<'_> {
    pub(super) fn traversal(
        &mut self,
        node: &Node,
        base: &Node,
        steps: Steps<'_>,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        if let syntax::Kind::Expr(expr) = &base.kind
            && let Expr::Variable(root) = &**expr
        {
            return self.name(node, root, steps, env);
        }
        let value = self.eval(base, env)?;
        self.walk(value, steps, node, env)
    }

    /// Follows the steps from a value.
    pub(super) fn walk(
        &mut self,
        mut value: Value,
        steps: Steps<'_>,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let mut rest = steps;
        while let Some(((step, _), after)) = rest.split_first() {
            if self.is_failed(&value) {
                break;
            }
            rest = after;
            value = match step {
                Traverse::Attr(name) => self.attribute_of(&value, name, node, env)?,
                Traverse::Index(key) => self.index_of(&value, key, node, env)?,
                Traverse::AttrSplat => {
                    let attrs = rest.iter().take_while(|(s, _)| matches!(s, Traverse::Attr(_)));
                    let (each, after) = rest.split_at(attrs.count());
                    rest = after;
                    self.splat(&value, each, node, env)?
                }
                Traverse::FullSplat => {
                    let each = std::mem::take(&mut rest);
                    self.splat(&value, each, node, env)?
                }
            };
        }
        Ok(value)
    }

    pub(super) fn attribute_of(
        &mut self,
        value: &Value,
        name: &Arc<str>,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        match &value.kind {
            Kind::Map(map) => {
                let found = map.entries.iter().rev().find(|(k, _)| k.text == *name);
                match (found, map.rest) {
                    (Some((_, v)), None | Some((_, crate::resolve::Rest::Under))) => Ok(v.clone()),
                    (_, Some((id, _))) => Ok(self.derived(id, name, value, env)),
                    (None, None) => {
                        Ok(self.failed(node, env, &format!("there is no attribute `{name}`")))
                    }
                }
            }
            Kind::Symbol(id) => {
                let object = self.facts.get(id).and_then(|f| f.object.clone());
                match object {
                    Some(object) if object.attribute.is_none() => {
                        self.attribute(&object, name, node, env)
                    }
                    _ => Ok(self.derived(*id, name, value, env)),
                }
            }
            _ => Ok(self.failed(node, env, &format!("there is no attribute `{name}`"))),
        }
    }

    /// An attribute of something unknown.
    fn derived(&mut self, id: SymbolId, name: &str, value: &Value, env: Env<'_>) -> Value {
        let symbol = self.symbols.get(id);
        let label = format!("{}.{name}", symbol.label);
        let default = symbol.default.as_ref().and_then(|d| d.get(name)).cloned();
        let id = self.derive(id, &format!(".{name}"), &label, default);
        self.symbol_value(id, value.origin, env)
    }

    fn index_of(
        &mut self,
        value: &Value,
        key: &Node,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let Some(text) = self.key_text(value, key, env)? else {
            return Ok(self.opaque(node, env));
        };
        self.element_at(value, &text, node, env)
    }

    /// The element under a known key or index.
    pub(super) fn element_at(
        &mut self,
        value: &Value,
        key: &str,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let index = Num::parse(key).and_then(Num::index);
        match (&value.kind, index) {
            (Kind::List(items), Some(index)) => {
                let before = items.iter().take(index.saturating_add(1));
                if before.clone().any(|i| matches!(i, Item::Many(..))) {
                    return Ok(self.opaque(node, env));
                }
                match items.get(index) {
                    Some(Item::One(v)) => Ok(v.clone()),
                    _ => Ok(self.failed(node, env, "the index is outside the list")),
                }
            }
            (Kind::Map(_), _) => self.attribute_of(value, &key.into(), node, env),
            (Kind::Symbol(id), Some(index)) => {
                let symbol = self.symbols.get(*id);
                let label = format!("{}[{index}]", symbol.label);
                let default = match symbol.default.as_ref().map(|d| &d.kind) {
                    Some(Kind::List(items)) => match items.get(index) {
                        Some(Item::One(v)) => Some(v.clone()),
                        _ => None,
                    },
                    _ => None,
                };
                let id = self.derive(*id, &format!("[{index}]"), &label, default);
                Ok(self.symbol_value(id, value.origin, env))
            }
            (Kind::Symbol(id), None) => Ok(self.derived(*id, key, value, env)),
            _ => Ok(self.failed(node, env, "there is no such element")),
        }
    }

    /// The text of a key. A key that is not known is tried as each key of the map: it is a branch.
    pub(super) fn key_text(
        &mut self,
        map: &Value,
        key: &Node,
        env: Env<'_>,
    ) -> Result<Option<String>, NeedSplit> {
        let chosen = self.eval(key, env.mode(Mode::Branch))?;
        if let Some(text) = known_text(&chosen) {
            return Ok(Some(text));
        }
        if let (Kind::Symbol(id), Kind::Map(entries)) = (&chosen.kind, &map.kind)
            && env.mode != Mode::Default
            && entries.rest.is_none()
            && (1..=MAX_KEYS).contains(&entries.entries.len())
        {
            let keys: Vec<Literal> =
                entries.entries.iter().map(|(k, _)| Literal::Text(Arc::clone(&k.text))).collect();
            return self.split_key(*id, keys, env);
        }
        let chosen = self.eval(key, env.mode(Mode::Data))?;
        Ok(known_text(&chosen))
    }

    fn split_key(
        &mut self,
        id: SymbolId,
        keys: Vec<Literal>,
        env: Env<'_>,
    ) -> Result<Option<String>, NeedSplit> {
        let symbol = self.symbols.get(id);
        let is_bool = self.declared_type(id).as_deref() == Some("bool");
        let both = || vec![Literal::Bool(true), Literal::Bool(false)];
        let all = if is_bool { Some(both()) } else { symbol.allowed.clone() };
        let keys = keys.into_iter().map(|key| match key {
            Literal::Text(text) if is_bool && matches!(&*text, "true" | "false") => {
                Literal::Bool(&*text == "true")
            }
            key => key,
        });
        let allowed = |key: &Literal| all.as_ref().is_none_or(|all| all.contains(key));
        let mut keys: Vec<Literal> = keys.filter(allowed).collect();
        let complete = all.is_some_and(|all| all.iter().all(|one| keys.contains(one)));
        let seen = match env.world.cell(id) {
            Some(Cell::NotIn(seen)) => seen.clone(),
            _ => Vec::new(),
        };
        keys.retain(|k| !seen.contains(k));
        if keys.is_empty() {
            // None of the keys: a key that the map does not have.
            return Ok(Some("\u{0}".into()));
        }
        let mut cells: Vec<Cell> = keys.iter().cloned().map(Cell::Is).collect();
        if self.tolerant > 0 && !complete {
            let mut not = [seen, keys].concat();
            not.sort();
            cells.push(Cell::NotIn(not));
        }
        self.split(env, id, cells)?;
        Ok(None)
    }

    fn splat(
        &mut self,
        value: &Value,
        each: Steps<'_>,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let origin = self.origins.literal(node.span);
        let mut out = Vec::new();
        match &value.kind {
            Kind::Null => {}
            Kind::List(items) => {
                for item in items.iter() {
                    out.push(match item {
                        Item::One(v) => Item::One(self.walk(v.clone(), each, node, env)?),
                        Item::Many(id, origin) => Item::Many(self.stretch(*id, each), *origin),
                    });
                }
            }
            Kind::Symbol(id) if self.facts.get(id).is_none_or(|f| f.object.is_none()) => {
                out.push(Item::Many(self.stretch(*id, each), value.origin));
            }
            _ => out.push(Item::One(self.walk(value.clone(), each, node, env)?)),
        }
        Ok(Value::new(Kind::List(out.into()), origin))
    }

    /// The unknown stretch that the steps make of the elements of another one.
    fn stretch(&mut self, id: SymbolId, each: Steps<'_>) -> SymbolId {
        let mut suffix = String::from("[*]");
        for (step, _) in each {
            match step {
                Traverse::Attr(name) => {
                    suffix.push('.');
                    suffix.push_str(name);
                }
                Traverse::Index(key) => suffix.push_str(&format!("[{}]", self.excerpt(key.span))),
                Traverse::AttrSplat | Traverse::FullSplat => suffix.push_str("[*]"),
            }
        }
        if suffix == "[*]" {
            return id;
        }
        let label = format!("{}{suffix}", self.symbols.get(id).label);
        self.derive(id, &suffix, &label, None)
    }

    /// The elements of a collection, maps in the order of their keys. An unknown stretch is one
    /// element that stands for all of it.
    pub(super) fn elements(
        &mut self,
        collection: &Value,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Vec<Element>, NeedSplit> {
        let mut out = Vec::new();
        let is_set = self.is_set(node);
        match &collection.kind {
            Kind::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    match item {
                        Item::One(v) => {
                            let key = match is_set {
                                true => v.clone(),
                                false => {
                                    let index = Kind::Number(index.to_string().into());
                                    Value::new(index, v.origin)
                                }
                            };
                            out.push(Element { key, value: v.clone(), unknown: None });
                        }
                        Item::Many(id, _) => out.extend(self.unknown_element(*id, collection, env)),
                    }
                }
            }
            Kind::Map(map) => {
                let mut entries: Vec<_> = map.entries.iter().collect();
                entries.sort_by(|(a, _), (b, _)| a.text.cmp(&b.text));
                for (key, v) in entries {
                    let name = self.computed(&Arc::clone(&key.text), key.origin);
                    out.push(Element { key: name, value: v.clone(), unknown: None });
                }
                if let Some((id, _)) = map.rest {
                    out.extend(self.unknown_element(id, collection, env));
                }
            }
            Kind::Symbol(id) => out.extend(self.unknown_element(*id, collection, env)),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {
                let failed = self.failed(node, env, "it is no collection");
                if let Kind::Symbol(id) = failed.kind {
                    out.extend(self.unknown_element(id, collection, env));
                }
            }
        }
        Ok(out)
    }

    fn unknown_element(&mut self, id: SymbolId, of: &Value, env: Env<'_>) -> Option<Element> {
        let now = self.symbol_value(id, of.origin, env);
        if matches!(&now.kind, Kind::List(items) if items.is_empty()) {
            return None;
        }
        // The instance of a resource that stands for all of them is its own element.
        let object = self.facts.get(&id).and_then(|f| f.object.as_ref());
        if let Some(object) = object.filter(|o| o.attribute.is_none()) {
            let each = object.instance.names.first().and_then(|(_, each)| each.get("key"));
            let value = Value::new(Kind::Symbol(id), of.origin);
            let key = each.cloned().unwrap_or_else(|| value.clone());
            return Some(Element { key, value, unknown: Some(id) });
        }
        let label = self.symbols.get(id).label.clone();
        let key = self.derive(id, "[key]", &format!("a key of {label}"), None);
        let value = self.derive(id, "[*]", &format!("{label}[*]"), None);
        let value = self.between_ends(value, Value::new(Kind::Symbol(value), of.origin));
        Some(Element { key: Value::new(Kind::Symbol(key), of.origin), value, unknown: Some(id) })
    }
}
