//! `data.aws_iam_policy_document`, rendered as the provider renders it (hashicorp/
//! terraform-provider-aws, `internal/service/iam/policy_document_data_source.go` and
//! `policy_model.go`).
//!
//! The result is the document as a value, like that of `jsonencode`: its leaves are the expressions'
//! own, and what the provider adds (the default effect, the version) stands at the block that it is
//! added for.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evaluator::{Evaluator, Known, Memo};
use super::notes::{Oddity, OddityKind, Used};
use super::resource::Object;
use super::scope::Env;
use super::text::known_text;
use crate::resolve::{Cell, Item, Key, Kind, Literal, Map, NeedSplit, SymbolId, Value};
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
        let own_version = match self.argument(body, "version", env)? {
            Some(version) => version,
            None => self.computed("2012-10-17", origin),
        };
        let own_id = self.argument(body, "policy_id", env)?;
        let old = known_text(&own_version).as_deref() == Some("2008-10-17");
        let mut heads = Vec::new();
        let mut statements = Vec::new();
        for name in ["source_json", "source_policy_documents"] {
            for source in self.documents(body, name, env)? {
                self.add_merged(block.header, source_of(&source));
                heads.push(head_of(&source));
                statements.extend(self.statements_of(&source));
            }
        }
        heads.push((Some(own_version), own_id));
        // Own statements replace those of sources; the provider refuses two of its own with one
        // identifier, and both are judged.
        let sources = statements.len();
        for made in self.blocks(body, "statement", env)? {
            let scope = made.scope(env.scope);
            let value = self.statement(&made, env.scope(&scope), old)?;
            let sid = value.get("Sid").and_then(known_text);
            self.put(&mut statements, sources, Entry::Known { sid, value });
        }
        for name in ["override_json", "override_policy_documents"] {
            for over in self.documents(body, name, env)? {
                self.add_merged(block.header, source_of(&over));
                heads.push(head_of(&over));
                self.override_with(&over, &mut statements, env)?;
            }
        }
        let items = statements.into_iter().map(|entry| match entry {
            Entry::Known { value, .. } => Item::One(value),
            Entry::Many(id, origin) => Item::Many(id, origin),
        });
        let list = Value::new(Kind::List(items.collect()), origin);
        let (version, id) = merged_head(heads);
        let mut entries = Vec::new();
        entries.extend(version.map(|version| (key("Version", origin), version)));
        entries.extend(id.map(|id| (key("Id", origin), id)));
        entries.push((key("Statement", origin), list));
        Ok(Value::new(Kind::Map(Arc::new(Map { entries, rest: None })), origin))
    }

    /// An argument that is neither absent nor null.
    pub(super) fn argument(
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
    pub(super) fn list(
        &mut self,
        body: &Body,
        name: &str,
        env: Env<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
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
            self.put(statements, all, entry);
        }
        Ok(())
    }

    /// Puts a statement into a document, and notes what is lost when it replaces another one.
    fn put(&mut self, statements: &mut Vec<Entry>, among: usize, entry: Entry) {
        let Entry::Known { value, .. } = &entry else { return statements.push(entry) };
        let new = value.clone();
        if let Some(Entry::Known { sid: Some(sid), value: old }) =
            put_statement(statements, among, entry)
        {
            self.note_lost(sid, &old, &new);
        }
    }

    /// Notes what a statement had and the one that replaces it lacks: a Deny, keys of conditions.
    fn note_lost(&mut self, sid: String, old: &Value, new: &Value) {
        let is_deny =
            |value: &Value| value.get("Effect").and_then(known_text).as_deref() == Some("Deny");
        let deny = is_deny(old) && !is_deny(new);
        let had = condition_keys(old);
        let has = condition_keys(new);
        let guards = had.difference(&has).filter(|_| !is_deny(old));
        let keys: Vec<String> = guards.map(|(_, key)| key.clone()).collect();
        if !deny && keys.is_empty() {
            return;
        }
        let place = |value: &Value| value.get("Sid").map_or(value.origin, |sid| sid.origin);
        let kind = OddityKind::Replaced { sid, deny, keys };
        self.add_oddity(Oddity { kind, origin: place(new), other: Some(place(old)) });
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
}

/// The way of a document that is merged in.
fn source_of(document: &Item) -> Origin {
    match document {
        Item::One(document) => document.origin,
        Item::Many(_, origin) => *origin,
    }
}

/// The version and identifier of a document that is merged in.
fn head_of(document: &Item) -> Head {
    let Item::One(document) = document else { return (None, None) };
    let text = |name: &str| {
        let value = document.get(name)?;
        (!matches!(value.kind, Kind::Null)).then(|| value.clone())
    };
    (text("Version"), text("Id"))
}

/// A version and an identifier.
type Head = (Option<Value>, Option<Value>);

/// Of several documents, the highest version by its text and the last identifier count. A version
/// that is not known is no higher than the current one.
fn merged_head(heads: Vec<Head>) -> Head {
    heads.into_iter().fold((None, None), |(version, id), (next_version, next_id)| {
        let higher = match (&version, &next_version) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(now), Some(next)) => match (known_text(now), known_text(next)) {
                (Some(now), Some(next)) => next > now,
                (None, Some(_)) => true,
                _ => false,
            },
        };
        (if higher { next_version } else { version }, next_id.or(id))
    })
}

pub(super) fn key(text: &str, origin: Origin) -> Key {
    Key { text: text.into(), origin }
}

fn has_sid(entry: &Entry) -> bool {
    matches!(entry, Entry::Known { sid: Some(sid), .. } if !sid.is_empty())
}

/// Appends a statement, or replaces the one of the same identifier among the first `among`, which is
/// given back.
fn put_statement(statements: &mut Vec<Entry>, among: usize, entry: Entry) -> Option<Entry> {
    if let Entry::Known { sid: Some(new), .. } = &entry
        && !new.is_empty()
        && let Some(old) = statements
            .iter_mut()
            .take(among)
            .find(|s| matches!(s, Entry::Known { sid: Some(sid), .. } if sid == new))
    {
        return Some(std::mem::replace(old, entry));
    }
    statements.push(entry);
    None
}

/// The operators and keys of the conditions of a statement, as far as they are known.
fn condition_keys(statement: &Value) -> BTreeSet<(String, String)> {
    let entries = |value: &Value| match &value.kind {
        Kind::Map(map) => map.entries.clone(),
        _ => Vec::new(),
    };
    let operators = statement.get("Condition").map(entries).unwrap_or_default();
    let pairs = operators.into_iter().flat_map(|(operator, keys)| {
        let keys = entries(&keys).into_iter();
        keys.map(move |(key, _)| (operator.text.to_string(), key.text.to_string()))
    });
    pairs.collect()
}
