//! `data.aws_iam_policy_document`, rendered as the provider renders it (hashicorp/
//! terraform-provider-aws, `internal/service/iam/policy_document_data_source.go` and
//! `policy_model.go`).
//!
//! The result is the document as a value, like that of `jsonencode`: its leaves are the expressions'
//! own, and what the provider adds (the default effect, the version) stands at the block that it is
//! added for.

use std::sync::Arc;

use super::dynamic::Nested;
use super::evaluator::{Evaluator, Known, Memo};
use super::notes::Used;
use super::resource::Object;
use super::scope::Env;
use super::text::known_text;
use crate::resolve::{
    Cell, Item, Key, Kind, Literal, Map, NeedSplit, Piece, Rest, SymbolId, Text, Value,
};
use crate::source::Origin;
use crate::syntax::{Attribute, Block, Body, Node};

/// A statement and its identifier.
#[derive(Debug, Clone)]
enum Entry {
    Known { sid: Option<String>, value: Value },
    Many(SymbolId, Origin),
}

impl Evaluator<'_> {
    /// The document of a data source instance.
    pub(super) fn policy_document(
        &mut self,
        object: &Object,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let block = Arc::clone(&object.resource.block);
        let scope = object.instance.scope();
        let inner = env.scope(&scope);
        let memo = Memo::Document(object.address());
        let known = self.remember(memo, node, inner, |evaluator| {
            evaluator.used(Used::Read(block.span));
            evaluator.document(&block, inner).map(Known::Value)
        })?;
        match known {
            Known::Value(value) => Ok(value),
            Known::Instances(_) => Ok(self.opaque(node, env)),
        }
    }

    fn document(&mut self, block: &Block, env: Env<'_>) -> Result<Value, NeedSplit> {
        let origin = self.origins.literal(block.header);
        let body = &block.body;
        let version = match self.argument(body, "version", env)? {
            Some(version) => version,
            None => self.computed("2012-10-17", origin),
        };
        let old = known_text(&version).as_deref() == Some("2008-10-17");
        let mut statements = Vec::new();
        for name in ["source_json", "source_policy_documents"] {
            for source in self.documents(body, name, env)? {
                statements.extend(self.statements_of(&source));
            }
        }
        // Own statements replace those of sources; the provider refuses two of its own with one
        // identifier, and both are judged.
        let sources = statements.len();
        for made in self.blocks(body, "statement", env)? {
            let scope = made.scope(env.scope);
            let value = self.statement(&made, env.scope(&scope), old)?;
            let sid = value.get("Sid").and_then(known_text);
            put_statement(&mut statements, sources, Entry::Known { sid, value });
        }
        for name in ["override_json", "override_policy_documents"] {
            for over in self.documents(body, name, env)? {
                self.override_with(&over, &mut statements, env)?;
            }
        }
        let items = statements.into_iter().map(|entry| match entry {
            Entry::Known { value, .. } => Item::One(value),
            Entry::Many(id, origin) => Item::Many(id, origin),
        });
        let list = Value::new(Kind::List(items.collect()), origin);
        let mut entries = vec![(key("Version", origin), version)];
        if let Some(id) = self.argument(body, "policy_id", env)? {
            entries.push((key("Id", origin), id));
        }
        entries.push((key("Statement", origin), list));
        Ok(Value::new(Kind::Map(Arc::new(Map { entries, rest: None })), origin))
    }

    /// An argument that is neither absent nor null.
    fn argument(
        &mut self,
        body: &Body,
        name: &str,
        env: Env<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        let Some(attribute) = body.attribute(name) else { return Ok(None) };
        let value = self.eval(&attribute.value, env)?;
        Ok((!matches!(value.kind, Kind::Null)).then_some(value))
    }

    /// A list argument. Where it is written more than once Terraform refuses the file; all of it
    /// counts here, so that none of it hides.
    fn list(&mut self, body: &Body, name: &str, env: Env<'_>) -> Result<Option<Value>, NeedSplit> {
        let written: Vec<&Attribute> =
            body.attributes.iter().filter(|a| &*a.name == name).collect();
        let mut items = Vec::new();
        let mut origin = None;
        for attribute in written {
            let value = self.eval(&attribute.value, env)?;
            match &value.kind {
                Kind::Null => continue,
                Kind::List(list) => items.extend(list.iter().cloned()),
                Kind::Symbol(id) => items.push(Item::Many(*id, value.origin)),
                _ => items.push(Item::One(value.clone())),
            }
            origin.get_or_insert(value.origin);
        }
        Ok(origin.map(|origin| Value::new(Kind::List(items.into()), origin)))
    }

    /// The documents that an argument holds: `source_policy_documents`, `override_json`.
    fn documents(&mut self, body: &Body, name: &str, env: Env<'_>) -> Result<Vec<Item>, NeedSplit> {
        let Some(list) = self.list(body, name, env)? else { return Ok(Vec::new()) };
        let Kind::List(items) = &list.kind else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        for item in items.iter() {
            out.push(match item {
                Item::One(Value { kind: Kind::Text(text), origin }) => {
                    let read = self.read_json(text, *origin);
                    for error in &read.errors {
                        self.add_note(error.origin, name, &error.message.clone(), false);
                    }
                    match read.value {
                        Some(value) => Item::One(value),
                        // An empty text is no document.
                        None if read.errors.is_empty() => continue,
                        None => match self.opaque_attribute(body, name, env) {
                            Some(item) => item,
                            None => continue,
                        },
                    }
                }
                Item::One(Value { kind: Kind::Null, .. }) => continue,
                Item::One(Value { kind: Kind::Symbol(id), origin }) => Item::Many(*id, *origin),
                other => other.clone(),
            });
        }
        Ok(out)
    }

    fn opaque_attribute(&mut self, body: &Body, name: &str, env: Env<'_>) -> Option<Item> {
        let node = body.attribute(name)?.value.clone();
        match self.opaque(&node, env) {
            Value { kind: Kind::Symbol(id), origin } => Some(Item::Many(id, origin)),
            _ => None,
        }
    }

    /// The statements of a document that is merged in.
    fn statements_of(&mut self, document: &Item) -> Vec<Entry> {
        let document = match document {
            Item::Many(id, origin) => return vec![Entry::Many(*id, *origin)],
            Item::One(value) => value,
        };
        let mut out = Vec::new();
        let known = |value: &Value| Entry::Known {
            sid: value.get("Sid").and_then(known_text),
            value: value.clone(),
        };
        match document.get("Statement").map(|s| (&s.kind, s)) {
            Some((Kind::List(items), _)) => {
                for item in items.iter() {
                    out.push(match item {
                        Item::One(Value { kind: Kind::Symbol(id), origin }) => {
                            Entry::Many(*id, *origin)
                        }
                        Item::One(value) => known(value),
                        Item::Many(id, origin) => Entry::Many(*id, *origin),
                    });
                }
            }
            Some((Kind::Symbol(id), s)) => out.push(Entry::Many(*id, s.origin)),
            Some((_, s)) => out.push(known(s)),
            None => {}
        }
        if let Kind::Map(map) = &document.kind
            && let Some((id, _)) = map.rest
        {
            out.push(Entry::Many(id, document.origin));
        }
        out
    }

    /// An override: a statement with the same identifier is replaced entirely. What is unknown may
    /// replace every statement that has an identifier, which is a case of its own.
    fn override_with(
        &mut self,
        document: &Item,
        statements: &mut Vec<Entry>,
        env: Env<'_>,
    ) -> Result<(), NeedSplit> {
        for entry in self.statements_of(document) {
            if let Entry::Many(id, origin) = entry
                && statements.iter().any(has_sid)
                && self.replaces(id, origin, env)?
            {
                for statement in statements.iter_mut().filter(|s| has_sid(s)) {
                    *statement = Entry::Many(id, origin);
                }
            }
            let all = statements.len();
            put_statement(statements, all, entry);
        }
        Ok(())
    }

    fn replaces(&mut self, id: SymbolId, origin: Origin, env: Env<'_>) -> Result<bool, NeedSplit> {
        let label = format!("{} replaces statements", self.symbols.get(id).label);
        let class = crate::resolve::Class::Opaque;
        let asks = self.intern(&format!("replaces:#{}", id.0), &label, origin, class);
        match env.world.cell(asks) {
            Some(Cell::Is(Literal::Bool(b))) => Ok(*b),
            _ => {
                let cells = [false, true].map(|b| Cell::Is(Literal::Bool(b)));
                self.split(env, asks, cells.to_vec())?;
                Ok(true)
            }
        }
    }

    fn statement(
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
            None => self.computed("Allow", origin),
        };
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
        if let Some((origin, value)) = self.conditions(body, env, old)? {
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
    ) -> Result<Option<(Origin, Value)>, NeedSplit> {
        let blocks = self.blocks(body, "condition", env)?;
        let Some(first) = blocks.first() else { return Ok(None) };
        let origin = self.origins.literal(first.header);
        let mut operators: Vec<(Key, Map, Origin)> = Vec::new();
        let mut rest = None;
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
        let class = crate::resolve::Class::Opaque;
        self.intern(&format!("missing:{name}:{:?}", made.header), &label, origin, class)
    }
}

fn key(text: &str, origin: Origin) -> Key {
    Key { text: text.into(), origin }
}

fn has_sid(entry: &Entry) -> bool {
    matches!(entry, Entry::Known { sid: Some(sid), .. } if !sid.is_empty())
}

/// Appends a statement, or replaces the one of the same identifier among the first `among`.
fn put_statement(statements: &mut Vec<Entry>, among: usize, entry: Entry) {
    if let Entry::Known { sid: Some(new), .. } = &entry
        && !new.is_empty()
        && let Some(old) = statements
            .iter_mut()
            .take(among)
            .find(|s| matches!(s, Entry::Known { sid: Some(sid), .. } if sid == new))
    {
        *old = entry;
        return;
    }
    statements.push(entry);
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
