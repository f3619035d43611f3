//! `Fn::ForEach` of the `AWS::LanguageExtensions` transform: the resources and conditions that a loop
//! declares, and the entries that it makes inside a map.

use std::sync::Arc;

use super::template::Resource;
use super::{Cx, Scope, Unit, build, form, string, sub};
use crate::resolve::{Item, Kind, Map, NeedSplit, Piece, Value, World};
use crate::source::Step;
use crate::syntax::{self, Node, Pair};

/// How many resources loops may declare.
const MAX_INSTANCES: usize = 256;
/// How long a key with loop variables, or the value of one, may be: logical ids have 255 letters.
const MAX_KEY: usize = 255;
/// How deep loops may nest (CloudFormation allows five).
const MAX_LOOPS: usize = 5;

/// What a loop declares: a key with the loop variables in it replaced, its entry, and what it sees.
type Declared = (Arc<str>, Pair, Scope);

impl Unit<'_> {
    /// Declares the resources and conditions of all loops. A loop over something unknown declares one
    /// instance whose loop variable is a symbol.
    pub(super) fn expand_loops(&mut self) {
        let template = self.template();
        if template.loops.is_empty() && template.condition_loops.is_empty() {
            return;
        }
        let conditions = self.expanded(&template.condition_loops);
        let resources = self.expanded(&template.loops);
        let mut template = (*template).clone();
        for (name, pair, scope) in conditions {
            template.conditions.insert(name, (pair.value, scope));
        }
        for (id, pair, scope) in resources {
            let condition =
                pair.value.get("Condition").map(|name| self.condition_key(name, &scope));
            let resource = Resource::read(id, &pair, scope);
            template.declare(resource.map(|resource| Resource { condition, ..resource }));
        }
        self.stack_mut().template = Arc::new(template);
    }

    /// The name of a condition with the loop variables in it replaced.
    fn condition_key(&self, name: &Node, scope: &Scope) -> Node {
        let text = name.scalar().map(|text| self.loop_key(&text, scope));
        text.map_or_else(|| name.clone(), |text| build::text(&text, name.span))
    }

    fn expanded(&mut self, loops: &[Pair]) -> Vec<Declared> {
        let mut out = Vec::new();
        for pair in loops {
            self.expand(&pair.value, &Scope::default(), 0, &mut out);
        }
        out
    }

    fn expand(&mut self, node: &Node, scope: &Scope, depth: usize, out: &mut Vec<Declared>) {
        let Some([name, collection, body]) = node.as_list().map(|items| &**items) else { return };
        let (Some(name), Some(pairs)) = (name.scalar(), body.as_map()) else { return };
        if depth >= MAX_LOOPS {
            self.exhausted = true;
            return;
        }
        for value in self.loop_values(&name, collection, scope) {
            let inner = scope.with(Arc::clone(&name), value);
            for pair in pairs.iter() {
                if out.len() >= MAX_INSTANCES {
                    self.exhausted = true;
                    return;
                }
                let Some(key) = pair.key.scalar() else { continue };
                if form::is_loop(pair) {
                    self.expand(&pair.value, &inner, depth + 1, out);
                } else {
                    out.push((self.loop_key(&key, &inner), pair.clone(), inner.clone()));
                }
            }
        }
    }

    /// The entries that a loop inside a map makes; false, and perhaps some of them, where they are not
    /// all known.
    pub(super) fn loop_entries(
        &mut self,
        node: &Node,
        cx: Cx<'_>,
        depth: usize,
        out: &mut Map,
    ) -> Result<bool, NeedSplit> {
        let Some([name, collection, body]) = node.as_list().map(|items| &**items) else {
            return Ok(false);
        };
        let (Some(name), Some(pairs)) = (name.scalar(), body.as_map()) else { return Ok(false) };
        let Kind::List(values) = self.value(collection, cx)?.kind else { return Ok(false) };
        if depth >= MAX_LOOPS || values.len() > MAX_INSTANCES {
            self.exhausted = true;
            return Ok(false);
        }
        for value in values.iter() {
            let Item::One(value) = value else { return Ok(false) };
            if !value.is_known() {
                return Ok(false);
            }
            let scope = cx.scope.with(Arc::clone(&name), value.clone());
            let inner = cx.in_scope(&scope);
            for pair in pairs.iter() {
                if !self.spend(1) {
                    return Ok(false);
                }
                let known = match pair.key.scalar() {
                    Some(_) if form::is_loop(pair) => {
                        self.loop_entries(&pair.value, inner, depth + 1, out)?
                    }
                    Some(key) if !form::is_function_name(&key) => {
                        self.map_entry(&key, pair, inner, out)?;
                        true
                    }
                    _ => false,
                };
                if !known {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// The values that a loop runs over, as far as they are known without deciding a branch.
    fn loop_values(&mut self, name: &Arc<str>, collection: &Node, scope: &Scope) -> Vec<Value> {
        let world = World::default();
        let value = self.eval(collection, scope, &world);
        let items = match value.map(|v| v.kind) {
            Ok(Kind::List(items)) => items.to_vec(),
            _ => vec![],
        };
        let known = items.iter().all(|item| matches!(item, Item::One(v) if v.is_known()));
        if known && !items.is_empty() {
            return items
                .into_iter()
                .filter_map(|item| if let Item::One(v) = item { Some(v) } else { None })
                .take(MAX_INSTANCES)
                .collect();
        }
        let key = format!("each:{name}:{}", collection.span.start);
        let symbol = self.opaque(&key, name, collection.span);
        let origin = self.origins.literal(collection.span);
        vec![Value::new(Kind::Symbol(symbol), origin)]
    }

    /// A key with the loop variables in it replaced: `${Name}`, or `&{Name}` for letters and digits
    /// alone.
    pub(super) fn loop_key(&self, key: &Arc<str>, scope: &Scope) -> Arc<str> {
        if scope.is_empty() || !key.contains('{') || key.len() > MAX_KEY {
            return Arc::clone(key);
        }
        let mut out = key.to_string();
        let mut frame = scope.0.as_deref();
        while let Some(here) = frame {
            let value = string::display(&here.value, &self.symbols);
            if value.len() > MAX_KEY {
                break;
            }
            out = out.replace(&format!("${{{}}}", here.name), &value);
            let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
            out = out.replace(&format!("&{{{}}}", here.name), &plain);
            frame = here.outer.0.as_deref();
        }
        out.into()
    }

    /// Text with the loop variables in it replaced, each other `${...}` left as it is.
    pub(super) fn loop_text(&mut self, text: &syntax::Text, node: &Node, cx: Cx<'_>) -> Vec<Piece> {
        let literal = self.leaf(node.span, cx.leaf);
        let mut out = Vec::new();
        let mut from = 0;
        for hole in sub::holes(&text.text).filter(|hole| !hole.escaped) {
            let Some(value) = cx.scope.get(hole.name).cloned() else { continue };
            let at = text.map.span(hole.range.clone());
            let value = self.through(&value, at, Step::Reference);
            let Some(pieces) = self.pieces(&value) else { continue };
            if from < hole.range.start {
                out.push(string::cut(&text.text, &text.map, from, hole.range.start, literal));
            }
            out.extend(pieces);
            from = hole.range.end;
        }
        if from < text.text.len() {
            out.push(string::cut(&text.text, &text.map, from, text.text.len(), literal));
        }
        out
    }
}
