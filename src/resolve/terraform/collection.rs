//! Functions of lists, sets and maps.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::argument::{Miss, size};
use super::evaluator::Evaluator;
use super::expression::put;
use super::function::Call;
use super::key::value_key;
use super::length::exact_length;
use super::list::{compact, distinct, is_plain, range, sorted, zip};
use super::unify::as_set;
use crate::resolve::{Class, Item, Key, Kind, Map, NeedSplit, Rest, SymbolId, Value};

/// Functions of any number of collections, unknown stretches of them included.
pub(super) const VARIADIC: &[&str] = &["merge", "concat", "setunion"];

/// Functions of a fixed number of arguments.
pub(super) const NAMES: &[&str] = &[
    "alltrue",
    "anytrue",
    "compact",
    "distinct",
    "element",
    "flatten",
    "keys",
    "length",
    "one",
    "range",
    "reverse",
    "setintersection",
    "setsubtract",
    "slice",
    "sort",
    "toset",
    "values",
    "zipmap",
];

impl Evaluator<'_> {
    pub(super) fn collection(&mut self, call: Call<'_>, args: &[Item]) -> Result<Value, NeedSplit> {
        if call.name == "merge" {
            return Ok(self.merge(call, args));
        }
        let mut out = Vec::new();
        for arg in args {
            match arg {
                Item::One(Value { kind: Kind::List(items), .. }) => {
                    self.spend(items.len());
                    out.extend(items.iter().cloned());
                }
                Item::One(Value { kind: Kind::Symbol(id), origin }) | Item::Many(id, origin) => {
                    out.push(Item::Many(*id, *origin));
                }
                Item::One(_) => return Ok(self.failed(call.node, call.env, "it is no list")),
            }
        }
        let origin = self.origins.literal(call.node.span);
        if call.name == "setunion" {
            let list = Value::new(Kind::List(out.into()), origin);
            out = match self.alike(&list) {
                Ok(values) => as_set(values).into_iter().map(Item::One).collect(),
                Err(Miss::Refused(why)) => return Ok(self.failed(call.node, call.env, why)),
                Err(Miss::Open) => match &list.kind {
                    Kind::List(items) => distinct(items),
                    _ => Vec::new(),
                },
            };
        }
        Ok(Value::new(Kind::List(out.into()), origin))
    }

    /// `merge`: later arguments win. An unknown one may overwrite what stands before it, and hides
    /// nothing that stands behind it.
    fn merge(&mut self, call: Call<'_>, args: &[Item]) -> Value {
        let origin = self.origins.literal(call.node.span);
        let mut map = Map::default();
        // The names of the entries that something unknown may overwrite.
        let mut exposed: BTreeSet<Arc<str>> = BTreeSet::new();
        let mut unknown: Vec<SymbolId> = Vec::new();
        for arg in args {
            let rest = match arg {
                Item::One(Value { kind: Kind::Map(other), .. }) => {
                    if let Some((id, Rest::Over)) = other.rest {
                        exposed.extend(other.entries.iter().map(|(k, _)| Arc::clone(&k.text)));
                        unknown.push(id);
                    }
                    self.spend(map.entries.len() * other.entries.len() / 32);
                    for (key, value) in &other.entries {
                        if other.rest.is_none_or(|(_, rest)| rest == Rest::Under) {
                            exposed.remove(&key.text);
                        }
                        put(&mut map, key.clone(), value.clone());
                    }
                    other.rest.map(|(id, _)| id)
                }
                Item::One(Value { kind: Kind::Symbol(id), .. }) | Item::Many(id, _) => {
                    exposed.extend(map.entries.iter().map(|(k, _)| Arc::clone(&k.text)));
                    Some(*id)
                }
                Item::One(Value { kind: Kind::Null, .. }) => None,
                // `merge` of an empty list: what an optional map is in some modules.
                Item::One(Value { kind: Kind::List(items), .. }) if items.is_empty() => None,
                Item::One(_) => {
                    return self.failed(call.node, call.env, "it is no map");
                }
            };
            if let Some(id) = rest {
                // The rest of a later map also reaches over the entries of earlier ones.
                if let Item::One(Value { kind: Kind::Map(other), .. }) = arg {
                    let own = |k: &Key| other.entries.iter().any(|(o, _)| o.text == k.text);
                    let earlier = map.entries.iter().filter(|(k, _)| !own(k));
                    exposed.extend(earlier.map(|(k, _)| Arc::clone(&k.text)));
                }
                unknown.push(id);
            }
        }
        unknown.dedup();
        let how = if exposed.is_empty() { Rest::Under } else { Rest::Over };
        map.rest = match unknown.as_slice() {
            [] => None,
            [one] => Some((*one, how)),
            _ => match self.opaque(call.node, call.env).kind {
                Kind::Symbol(id) => Some((id, how)),
                _ => unknown.first().map(|id| (*id, how)),
            },
        };
        Value::new(Kind::Map(Arc::new(map)), origin)
    }

    pub(super) fn collection_function(
        &mut self,
        call: Call<'_>,
        args: &[Value],
    ) -> Result<Value, NeedSplit> {
        let Call { node, name, env } = call;
        let origin = self.origins.literal(node.span);
        if let [value] = args {
            match name {
                "length" => return Ok(self.length(value, node, env)),
                "alltrue" | "anytrue" => return self.all_or_any(call, value),
                "keys" | "values" => return Ok(self.keys_or_values(call, value)),
                _ => {}
            }
        }
        if args.iter().any(|a| matches!(a.kind, Kind::Null)) && name != "toset" {
            return Ok(self.failed(node, env, "an argument is null"));
        }
        let list = match args.first().map(|v| &v.kind) {
            Some(Kind::List(items)) => Some(Arc::clone(items)),
            _ => None,
        };
        self.spend(list.as_ref().map_or(0, |l| l.len()));
        let made = match (name, &list, args) {
            // What is not known stays the same stretch of elements.
            (
                "toset" | "distinct" | "flatten" | "compact" | "sort" | "reverse",
                None,
                [Value { kind: Kind::Symbol(_), .. }],
            ) => return Ok(args[0].clone()),
            ("toset", Some(items), [_]) => match self.alike(&args[0]) {
                Ok(values) => Some(as_set(values).into_iter().map(Item::One).collect()),
                Err(Miss::Refused(why)) => return Ok(self.failed(node, env, why)),
                Err(Miss::Open) => Some(sorted(distinct(items))),
            },
            ("distinct", Some(items), [_]) => match self.alike(&args[0]) {
                Ok(values) => {
                    let items: Vec<Item> = values.into_iter().map(Item::One).collect();
                    Some(distinct(&items))
                }
                Err(Miss::Refused(why)) => return Ok(self.failed(node, env, why)),
                Err(Miss::Open) => Some(distinct(items)),
            },
            ("sort", Some(items), [_]) => match self.texts(items) {
                Ok(items) => Some(sorted(items)),
                Err(why) => return Ok(self.failed(node, env, why)),
            },
            ("reverse", Some(items), [_]) => Some(items.iter().rev().cloned().collect()),
            ("compact", Some(items), [_]) => match self.texts(&compact(items)) {
                Ok(items) => Some(items),
                Err(why) => return Ok(self.failed(node, env, why)),
            },
            ("flatten", Some(items), [_]) => {
                let mut out = Vec::new();
                self.flatten(items, 0, &mut out);
                Some(out)
            }
            ("element", Some(items), [_, index]) => {
                return Ok(match (size(index).ok(), exact_length(&args[0])) {
                    (_, Some(0)) => self.failed(node, env, "the list is empty"),
                    (Some(index), Some(len)) if len > 0 => match items.get(index % len) {
                        Some(Item::One(v)) => v.clone(),
                        _ => self.opaque(node, env),
                    },
                    (Some(index), _) => match items.get(index) {
                        Some(Item::One(v)) if is_plain(items, index) => v.clone(),
                        _ => self.opaque(node, env),
                    },
                    _ => self.opaque(node, env),
                });
            }
            ("one", Some(items), [_]) => {
                return Ok(match items.as_ref() {
                    [] => Value::new(Kind::Null, origin),
                    [Item::One(v)] => v.clone(),
                    items if items.iter().filter(|i| matches!(i, Item::One(_))).count() > 1 => {
                        self.failed(node, env, "there is more than one element")
                    }
                    _ => self.opaque(node, env),
                });
            }
            ("slice", Some(items), [_, from, to]) => match (size(from), size(to)) {
                (Ok(from), Ok(to))
                    if to < from || exact_length(&args[0]).is_some_and(|n| to > n) =>
                {
                    return Ok(self.failed(node, env, "the indexes are out of range"));
                }
                (Ok(from), Ok(to)) if from == to => items.get(..0).map(<[Item]>::to_vec),
                (Ok(from), Ok(to)) if to > 0 && is_plain(items, to - 1) => {
                    items.get(from..to).map(<[Item]>::to_vec)
                }
                _ => None,
            },
            ("zipmap", Some(keys), [_, Value { kind: Kind::List(values), .. }]) => {
                return Ok(match zip(keys, values) {
                    Some(map) => Value::new(Kind::Map(Arc::new(map)), origin),
                    None => self.opaque(node, env),
                });
            }
            ("setsubtract" | "setintersection", Some(a), [x, y])
                if x.is_known() && y.is_known() =>
            {
                let Kind::List(b) = &y.kind else { return Ok(self.opaque(node, env)) };
                let both = a.iter().chain(b.iter()).cloned().collect();
                let both = Value::new(Kind::List(both), origin);
                let values = match self.alike(&both) {
                    Ok(values) => values,
                    Err(_) => return Ok(self.failed(node, env, "the elements differ in type")),
                };
                let (first, second) = values.split_at(a.len());
                let other: BTreeSet<String> = second.iter().map(value_key).collect();
                let keep = name == "setintersection";
                let kept = first.iter().filter(|v| other.contains(&value_key(v)) == keep);
                Some(as_set(kept.cloned().collect()).into_iter().map(Item::One).collect())
            }
            ("range", _, _) => range(args).map(|numbers| {
                let item =
                    |n: i128| Item::One(Value::new(Kind::Number(n.to_string().into()), origin));
                numbers.into_iter().map(item).collect()
            }),
            _ => None,
        };
        Ok(match made {
            Some(items) => Value::new(Kind::List(items.into()), origin),
            None => self.opaque(node, env),
        })
    }

    /// The elements as texts: what a parameter of the type `list(string)` makes of them.
    fn texts(&mut self, items: &[Item]) -> Result<Vec<Item>, &'static str> {
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            out.push(match item {
                Item::One(Value { kind: Kind::Null, .. }) => return Err("an element is null"),
                Item::One(value) => Item::One(self.convert_scalar(value, "string")),
                many @ Item::Many(..) => many.clone(),
            });
        }
        Ok(out)
    }

    fn flatten(&self, items: &[Item], depth: usize, out: &mut Vec<Item>) {
        for item in items {
            match item {
                Item::One(Value { kind: Kind::List(inner), .. }) if depth < 32 => {
                    self.flatten(inner, depth + 1, out);
                }
                // Something unknown may be a list itself.
                Item::One(Value { kind: Kind::Symbol(id), origin }) if !self.is_scalar(*id) => {
                    out.push(Item::Many(*id, *origin));
                }
                other => out.push(other.clone()),
            }
        }
    }

    /// Whether a symbol stands for one scalar, as far as its class, default or declared type tells.
    pub(super) fn is_scalar(&self, id: SymbolId) -> bool {
        let symbol = self.symbols.get(id);
        let class = !matches!(symbol.class, Class::Input | Class::External | Class::Opaque);
        let default = symbol.default.as_ref().map(|d| &d.kind);
        let declared = self.declared_type(id);
        class
            || matches!(default, Some(Kind::Text(_) | Kind::Number(_) | Kind::Bool(_)))
            || matches!(declared.as_deref(), Some("string" | "number" | "bool"))
    }

    /// The type that a variable is declared with, as it is written.
    pub(super) fn declared_type(&self, id: SymbolId) -> Option<String> {
        let name = self.symbols.get(id).label.strip_prefix("var.")?;
        let kind = self.module.variables.get(name)?.block.body.attribute("type")?;
        Some(self.files.db.slice(kind.value.span))
    }

    fn all_or_any(&mut self, call: Call<'_>, value: &Value) -> Result<Value, NeedSplit> {
        let Kind::List(items) = &value.kind else {
            return Ok(self.opaque(call.node, call.env));
        };
        let any = call.name == "anytrue";
        for item in items.iter() {
            let Item::One(v) = item else { return Ok(self.opaque(call.node, call.env)) };
            match self.as_bool(v, call.node, call.env)? {
                Some(b) if b == any => {
                    return Ok(Value::new(Kind::Bool(any), self.origins.literal(call.node.span)));
                }
                Some(_) => {}
                None => return Ok(self.opaque(call.node, call.env)),
            }
        }
        Ok(Value::new(Kind::Bool(!any), self.origins.literal(call.node.span)))
    }

    fn keys_or_values(&mut self, call: Call<'_>, value: &Value) -> Value {
        let origin = self.origins.literal(call.node.span);
        let keys = call.name == "keys";
        let label = |name: &str| format!("{}({name})", call.name);
        match &value.kind {
            Kind::Map(map) => {
                let mut entries: Vec<_> = map.entries.iter().collect();
                entries.sort_by(|(a, _), (b, _)| a.text.cmp(&b.text));
                let mut items = Vec::new();
                for (key, v) in entries {
                    items.push(Item::One(match keys {
                        true => self.computed(&Arc::clone(&key.text), key.origin),
                        false => v.clone(),
                    }));
                }
                if let Some((id, _)) = map.rest {
                    let label = label(&self.symbols.get(id).label);
                    let id = self.derive(id, &format!("({})", call.name), &label, None);
                    items.push(Item::Many(id, value.origin));
                }
                Value::new(Kind::List(items.into()), origin)
            }
            Kind::Symbol(id) => {
                let symbol = self.symbols.get(*id);
                let external = !matches!(symbol.class, Class::OwnId(_));
                let label = label(&symbol.label);
                if !external {
                    return self.opaque(call.node, call.env);
                }
                let id = self.derive(*id, &format!("({})", call.name), &label, None);
                Value::new(Kind::List(Arc::from([Item::Many(id, value.origin)])), origin)
            }
            _ => self.failed(call.node, call.env, "it is no map"),
        }
    }
}
