//! One `statement` block of a policy document.

use std::sync::Arc;

use super::dynamic::Nested;
use super::evaluator::Evaluator;
use super::notes::{Oddity, OddityKind};
use super::policy_document::key;
use super::scope::Env;
use super::text::known_text;
use crate::resolve::{Class, Item, Key, Kind, Map, NeedSplit, Piece, Rest, SymbolId, Text, Value};
use crate::source::Origin;
use crate::syntax::Body;

impl Evaluator<'_> {
    pub(super) fn statement(
        &mut self,
        made: &Nested<'_>,
        env: Env<'_>,
        old: bool,
    ) -> Result<Value, NeedSplit> {
        let origin = self.origins.literal(made.header);
        let body = made.body;
        let mut entries = Vec::new();
        if let Some(sid) = self.argument(body, "sid", env)?
            && known_text(&sid).is_none_or(|s| !s.is_empty())
        {
            entries.push((self.name_key(body, "sid", "Sid", origin), sid));
        }
        let effect = match self.argument(body, "effect", env)? {
            Some(effect) => effect,
            None => {
                let kind = OddityKind::EffectByDefault;
                self.add_oddity(Oddity { kind, origin, other: None });
                self.computed("Allow", origin)
            }
        };
        let deny = known_text(&effect).as_deref() == Some("Deny");
        entries.push((self.name_key(body, "effect", "Effect", origin), effect));
        for (argument, element, variables) in [
            ("actions", "Action", false),
            ("not_actions", "NotAction", false),
            ("resources", "Resource", true),
            ("not_resources", "NotResource", true),
        ] {
            let Some(list) = self.list(body, argument, env)? else { continue };
            if matches!(&list.kind, Kind::List(items) if items.is_empty()) {
                continue;
            }
            let list = if variables && !old { with_variables(&list) } else { list };
            entries
                .push((self.name_key(body, argument, element, origin), single(descending(list))));
        }
        for (kind, element) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
            if let Some((origin, value)) = self.principals(body, kind, env, old)? {
                entries.push((key(element, origin), value));
            }
        }
        if let Some((origin, value)) = self.conditions(body, env, old, deny)? {
            entries.push((key("Condition", origin), value));
        }
        Ok(Value::new(Kind::Map(Arc::new(Map { entries, rest: None })), origin))
    }

    /// The key of an element, at the name of the argument that it is written as.
    fn name_key(&mut self, body: &Body, argument: &str, element: &str, block: Origin) -> Key {
        let span = body.attribute(argument).map(|a| a.name_span);
        key(element, span.map_or(block, |span| self.origins.literal(span)))
    }

    /// `principals` blocks: equal types are merged. One block of type `*` with the identifier `*`
    /// alone renders as `"*"`.
    fn principals(
        &mut self,
        body: &Body,
        kind: &str,
        env: Env<'_>,
        old: bool,
    ) -> Result<Option<(Origin, Value)>, NeedSplit> {
        let blocks = self.blocks(body, kind, env)?;
        let Some(first) = blocks.first() else { return Ok(None) };
        let origin = self.origins.literal(first.header);
        let mut map = Map::default();
        for made in &blocks {
            let scope = made.scope(env.scope);
            let inner = env.scope(&scope);
            let header = self.origins.literal(made.header);
            let identifiers = self.list(made.body, "identifiers", inner)?;
            let identifiers = match identifiers {
                Some(list) if !old => with_variables(&list),
                Some(list) => list,
                None => Value::new(Kind::List(Arc::from([])), header),
            };
            let sort = self.argument(made.body, "type", inner)?;
            let Some((name, at)) = sort.as_ref().and_then(|v| Some((known_text(v)?, v.origin)))
            else {
                map.rest = Some((self.unknown_in(made, "type", inner), Rest::Over));
                continue;
            };
            let everyone = matches!(&identifiers.kind, Kind::List(items)
                if matches!(items.as_ref(), [Item::One(v)] if known_text(v).as_deref() == Some("*")));
            if name == "*" && everyone && blocks.len() == 1 {
                return Ok(Some((origin, single(identifiers))));
            }
            extend(&mut map, Key { text: name.into(), origin: at }, identifiers);
        }
        let entries = map.entries.into_iter().map(|(k, v)| (k, single(descending(v)))).collect();
        let map = Map { entries, rest: map.rest };
        Ok(Some((origin, Value::new(Kind::Map(Arc::new(map)), origin))))
    }

    /// `condition` blocks: blocks of equal `test` and `variable` merge their values.
    fn conditions(
        &mut self,
        body: &Body,
        env: Env<'_>,
        old: bool,
        deny: bool,
    ) -> Result<Option<(Origin, Value)>, NeedSplit> {
        let blocks = self.blocks(body, "condition", env)?;
        let Some(first) = blocks.first() else { return Ok(None) };
        let origin = self.origins.literal(first.header);
        let mut operators: Vec<(Key, Map, Origin)> = Vec::new();
        let mut rest = None;
        let mut merged = Vec::new();
        for made in &blocks {
            let scope = made.scope(env.scope);
            let inner = env.scope(&scope);
            let header = self.origins.literal(made.header);
            let test = self.argument(made.body, "test", inner)?;
            let variable = self.argument(made.body, "variable", inner)?;
            let values = self.list(made.body, "values", inner)?;
            let values = match values {
                Some(list) if !old => with_variables(&list),
                Some(list) => list,
                None => Value::new(Kind::List(Arc::from([])), header),
            };
            let named =
                |v: &Option<Value>| v.as_ref().and_then(|v| Some((known_text(v)?, v.origin)));
            let Some((operator, at)) = named(&test) else {
                rest = Some((self.unknown_in(made, "test", inner), Rest::Under));
                continue;
            };
            let test_name = operator.clone();
            let index = match operators.iter().position(|(k, ..)| *k.text == *operator) {
                Some(index) => index,
                None => {
                    let name = Key { text: operator.into(), origin: at };
                    operators.push((name, Map::default(), header));
                    operators.len() - 1
                }
            };
            let Some((_, map, _)) = operators.get_mut(index) else { continue };
            match named(&variable) {
                Some((name, at)) => {
                    // Blocks that one `dynamic` block makes are meant to be one.
                    let twin = map.entries.iter().find(|(key, _)| *key.text == *name);
                    let other = twin.map(|(key, _)| key.origin);
                    if let Some(other) = other.filter(|other| *other != at) {
                        let kind =
                            OddityKind::Merged { operator: test_name, key: name.clone(), deny };
                        merged.push(Oddity { kind, origin: at, other: Some(other) });
                    }
                    extend(map, Key { text: name.into(), origin: at }, values);
                }
                None => {
                    let id = self.unknown_in(made, "variable", inner);
                    if let Some((_, map, _)) = operators.get_mut(index) {
                        map.rest = Some((id, Rest::Under));
                    }
                }
            }
        }
        merged.into_iter().for_each(|oddity| self.add_oddity(oddity));
        let entries = operators.into_iter().map(|(name, map, header)| {
            let entries = map.entries.into_iter().map(|(k, v)| (k, single(v))).collect();
            let map = Map { entries, rest: map.rest };
            (name, Value::new(Kind::Map(Arc::new(map)), header))
        });
        let map = Map { entries: entries.collect(), rest };
        Ok(Some((origin, Value::new(Kind::Map(Arc::new(map)), origin))))
    }

    /// What stands for a name that is not known, or that is missing.
    fn unknown_in(&mut self, made: &Nested<'_>, name: &str, env: Env<'_>) -> SymbolId {
        let node = made.body.attribute(name).map(|a| a.value.clone());
        if let Some(node) = node
            && let Kind::Symbol(id) = self.opaque(&node, env).kind
        {
            return id;
        }
        let origin = self.origins.literal(made.header);
        let label = self.excerpt(made.header);
        let class = Class::Opaque;
        self.intern(&format!("missing:{name}:{:?}", made.header), &label, origin, class)
    }
}

/// Appends to the list under a key.
fn extend(map: &mut Map, key: Key, values: Value) {
    let found = map.entries.iter_mut().find(|(k, _)| k.text == key.text);
    match (found, &values.kind) {
        (Some((_, Value { kind: Kind::List(items), .. })), Kind::List(more)) => {
            *items = items.iter().chain(more.iter()).cloned().collect();
        }
        _ => map.entries.push((key, values)),
    }
}

/// A list of one element renders as the element.
fn single(list: Value) -> Value {
    match &list.kind {
        Kind::List(items) => match items.as_ref() {
            [Item::One(one)] => one.clone(),
            _ => list,
        },
        _ => list,
    }
}

/// The provider sorts these lists in descending order.
fn descending(list: Value) -> Value {
    let Kind::List(items) = &list.kind else { return list };
    let text = |item: &Item| match item {
        Item::One(v) => known_text(v),
        Item::Many(..) => None,
    };
    if !items.iter().all(|i| text(i).is_some()) {
        return list;
    }
    let mut items = items.to_vec();
    items.sort_by_cached_key(|item| std::cmp::Reverse(text(item)));
    Value::new(Kind::List(items.into()), list.origin)
}

/// `&{x}` stands for `${x}`, which the language would take for its own.
fn with_variables(list: &Value) -> Value {
    let Kind::List(items) = &list.kind else { return list.clone() };
    let items = items.iter().map(|item| match item {
        Item::One(Value { kind: Kind::Text(text), origin }) => {
            let pieces = text.0.iter().map(|piece| match piece {
                Piece::Lit { text, map, origin } if text.contains("&{") => Piece::Lit {
                    text: text.replace("&{", "${").into(),
                    map: map.clone(),
                    origin: *origin,
                },
                other => other.clone(),
            });
            Item::One(Value::new(Kind::Text(Text(pieces.collect())), *origin))
        }
        other => other.clone(),
    });
    Value::new(Kind::List(items.collect()), list.origin)
}
