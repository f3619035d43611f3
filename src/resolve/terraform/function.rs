//! Function calls (<https://developer.hashicorp.com/terraform/language/functions>).
//!
//! A function whose arguments are not known enough, or that is not known here, yields one symbol for
//! equal calls: never an error, and never nothing.

use std::sync::Arc;

use super::argument::{Known, of_list};
use super::equality::{Answer, literal_of};
use super::evaluator::Evaluator;
use super::key::value_key;
use super::length::exact_length;
use super::scope::{Env, Mode};
use super::text::known_text;
use crate::resolve::{Class, Item, Kind, NeedSplit, Piece, Symbol, Value};
use crate::source::Span;
use crate::syntax::made::{function, text};
use crate::syntax::{self, Node};

/// A list that is longer is not compared element by element with an unknown value.
const MAX_TESTED: usize = 8;

/// The name of the call that stands for a value that is known after apply only. Nobody can write it.
pub const AFTER_APPLY: &str = "known after apply";

/// A value that is known after apply only, by its name and what it may be made of; `more` where sources
/// would say more of it.
pub fn not_known(label: &str, more: bool, of: Vec<Node>, at: Span) -> Node {
    let known = [text(label, at), Node { span: at, kind: syntax::Kind::Bool(more) }];
    function(AFTER_APPLY, known.into_iter().chain(of).collect(), at)
}

/// A call that is being evaluated.
#[derive(Clone, Copy)]
pub(super) struct Call<'c> {
    pub(super) node: &'c Node,
    pub(super) name: &'static str,
    pub(super) env: Env<'c>,
}

/// A function of known values.
type Function = for<'e> fn(&mut Evaluator<'e>, Call<'_>, &[Value]) -> Known<Value>;

/// The function of that name, and the name as one that lives on.
fn plain_function(name: &str) -> Option<(&'static str, Function)> {
    let tables: [(&[&'static str], Function); 7] = [
        (super::numeric::NAMES, |e, call, args| e.numeric(call, args)),
        (super::cidr::NAMES, |e, call, args| e.cidr(call, args)),
        (super::pattern::NAMES, |e, call, args| e.pattern(call, args)),
        (super::encoding::NAMES, |e, call, args| e.encoding(call, args)),
        (super::moment::NAMES, |e, call, args| e.moment(call, args)),
        (super::sequence::NAMES, |e, call, args| e.sequence(call, args)),
        (&["fileset"], |e, call, args| e.fileset(call, args)),
    ];
    tables.into_iter().find_map(|(names, function)| {
        let name = names.iter().copied().find(|n| *n == name)?;
        Some((name, function))
    })
}

impl Evaluator<'_> {
    pub(super) fn call(
        &mut self,
        node: &Node,
        name: &str,
        args: &[Node],
        expand: bool,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let name = name.strip_prefix("core::").unwrap_or(name);
        match (name, args) {
            ("try", _) => return self.call_try(node, args, env),
            ("can", [arg]) => return self.call_can(node, arg, env),
            ("lookup", [map, key]) => return self.call_lookup(node, map, key, None, env),
            ("lookup", [map, key, default]) => {
                return self.call_lookup(node, map, key, Some(default), env);
            }
            ("coalesce" | "coalescelist", _) if !expand => {
                return self.call_coalesce(node, name == "coalescelist", args, env);
            }
            (AFTER_APPLY, [label, open, ..]) => return Ok(self.after_apply(node, label, open)),
            ("contains", [list, value]) => return self.call_contains(node, list, value, env),
            _ => {}
        }
        let mut items = Vec::with_capacity(args.len());
        for (index, arg) in args.iter().enumerate() {
            let value = self.eval(arg, env)?;
            if self.is_failed(&value) {
                return Ok(value);
            }
            match (&value.kind, expand && index + 1 == args.len()) {
                (Kind::List(list), true) => {
                    self.spend(list.len());
                    items.extend(list.iter().cloned());
                }
                (Kind::Symbol(id), true) => items.push(Item::Many(*id, value.origin)),
                _ => items.push(Item::One(value)),
            }
        }
        let made = self.apply(node, name, &items, env)?;
        // Lists of several types become a list of one; tuples do not.
        if name == "concat"
            && args.iter().all(|arg| self.is_collection(arg))
            && let Ok(items) = self.alike(&made)
        {
            return Ok(of_list(items, made.origin));
        }
        Ok(made)
    }

    fn apply(
        &mut self,
        node: &Node,
        name: &str,
        args: &[Item],
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        if let Some(name) = super::collection::VARIADIC.iter().copied().find(|n| *n == name) {
            return self.collection(Call { node, name, env }, args);
        }
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            match arg {
                Item::One(value) => values.push(value.clone()),
                Item::Many(..) => return Ok(self.opaque(node, env)),
            }
        }
        if let Some(name) = super::collection::NAMES.iter().copied().find(|n| *n == name) {
            return self.collection_function(Call { node, name, env }, &values);
        }
        if let Some(name) = super::text_function::NAMES.iter().copied().find(|n| *n == name) {
            return Ok(self.text_function(Call { node, name, env }, &values));
        }
        if let ("fileset", [folder, _]) = (name, values.as_slice())
            && self.is_written_to(folder, env)?
        {
            return Ok(self.opaque(node, env));
        }
        if let Some((name, function)) = plain_function(name) {
            let call = Call { node, name, env };
            let made = function(self, call, &values);
            return Ok(self.result_of(call, made));
        }
        match (name, values.as_slice()) {
            ("jsonencode", [value]) => Ok(self.json_encode(value, node)),
            ("jsondecode", [value]) => Ok(self.json_decode(value, node, env)),
            ("file", [path]) => self.file_text(path, node, env),
            ("fileexists", [path]) => Ok(match self.file_exists(path, env)? {
                Some(b) => Value::new(Kind::Bool(b), self.origins.literal(node.span)),
                None => self.opaque(node, env),
            }),
            ("templatefile", [path, vars]) => {
                let text = self.file_text(path, node, env)?;
                if matches!(text.kind, Kind::Symbol(_)) {
                    return Ok(text);
                }
                let value = self.render(&text, vars, node, env)?;
                Ok(self.via(&value, node.span, crate::source::Step::Include))
            }
            ("templatestring", [text, vars]) => self.render(text, vars, node, env),
            ("filebase64", [path]) => {
                let file = self.file_text(path, node, env)?;
                if self.is_failed(&file) {
                    return Ok(file);
                }
                let call = Call { node, name: "filebase64", env };
                let made = self.file_base64(call, &file);
                Ok(self.result_of(call, made))
            }
            ("sensitive" | "nonsensitive" | "ephemeralasnull", [value]) => Ok(value.clone()),
            ("tostring", [value]) => Ok(self.converted(value, "string", node, env)),
            ("tonumber", [value]) => Ok(self.converted(value, "number", node, env)),
            ("tobool", [value]) => Ok(self.converted(value, "bool", node, env)),
            _ => Ok(self.opaque(node, env)),
        }
    }

    /// A value that a plan does not know: a symbol of its own.
    fn after_apply(&mut self, node: &Node, label: &Node, open: &Node) -> Value {
        let origin = self.origins.literal(node.span);
        let label = label.scalar().unwrap_or_default();
        let open = matches!(open.kind, crate::syntax::Kind::Bool(true));
        let id = self.symbols.intern(&format!("after apply:{label}"), || Symbol {
            label: label.to_string(),
            origin,
            class: Class::Opaque,
            default: None,
            allowed: None,
            pin: open.then(|| "--source DIR".into()),
        });
        Value::new(Kind::Symbol(id), origin)
    }

    /// The first argument that is no error.
    fn call_try(&mut self, node: &Node, args: &[Node], env: Env<'_>) -> Result<Value, NeedSplit> {
        for arg in args {
            let value = self.tolerantly(arg, env)?;
            if !self.fails(&value, 0) {
                return Ok(value);
            }
        }
        Ok(self.failed(node, env, "every argument of `try` fails"))
    }

    fn call_can(&mut self, node: &Node, arg: &Node, env: Env<'_>) -> Result<Value, NeedSplit> {
        let value = self.tolerantly(arg, env)?;
        let fails = self.fails(&value, 0);
        if !fails && !value.is_known() {
            return Ok(self.opaque(node, env));
        }
        Ok(Value::new(Kind::Bool(!fails), self.origins.literal(node.span)))
    }

    fn tolerantly(&mut self, arg: &Node, env: Env<'_>) -> Result<Value, NeedSplit> {
        self.tolerant += 1;
        let value = self.eval(arg, env);
        self.tolerant -= 1;
        value
    }

    /// Whether a value is, or holds, something that Terraform would refuse.
    pub(super) fn fails(&self, value: &Value, depth: usize) -> bool {
        if depth > 8 {
            return false;
        }
        match &value.kind {
            Kind::List(items) => items.iter().any(|item| match item {
                Item::One(v) => self.fails(v, depth + 1),
                Item::Many(..) => false,
            }),
            Kind::Map(map) => map.entries.iter().any(|(_, v)| self.fails(v, depth + 1)),
            Kind::Text(text) => text.0.iter().any(|piece| match piece {
                Piece::Hole(id, _) => self.facts.get(id).is_some_and(|f| f.failed),
                Piece::Lit { .. } => false,
            }),
            _ => self.is_failed(value),
        }
    }

    fn call_lookup(
        &mut self,
        node: &Node,
        map: &Node,
        key: &Node,
        default: Option<&Node>,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let map = self.eval(map, env)?;
        // With a default, a key that the map does not have counts as a case of its own.
        self.tolerant += usize::from(default.is_some());
        let text = self.key_text(&map, key, env);
        self.tolerant -= usize::from(default.is_some());
        let Some(text) = text? else { return Ok(self.opaque(node, env)) };
        let missing =
            matches!(&map.kind, Kind::Map(m) if m.rest.is_none()) && map.get(&text).is_none();
        match default {
            Some(default) if missing => self.eval(default, env),
            _ => self.attribute_of(&map, &text.as_str().into(), node, env),
        }
    }

    /// The first argument that is neither null nor empty.
    fn call_coalesce(
        &mut self,
        node: &Node,
        lists: bool,
        args: &[Node],
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        for arg in args {
            let asked = self.eval(arg, env.mode(Mode::Branch))?;
            let present = match &asked.kind {
                Kind::Null => Some(false),
                _ if lists => self.nonempty(&asked, arg, env.mode(Mode::Branch))?,
                Kind::Text(_) => Some(known_text(&asked).is_none_or(|t| !t.is_empty())),
                Kind::Symbol(id) => {
                    // Only a default that is null or empty makes its absence a case.
                    let default = self.symbols.get(*id).default.clone();
                    match default {
                        Some(blank)
                            if matches!(blank.kind, Kind::Null)
                                || known_text(&blank).is_some_and(|t| t.is_empty()) =>
                        {
                            let env = env.mode(Mode::Branch);
                            match self.equals(&asked, &blank, arg, env)? {
                                Answer::Known(blank) => Some(!blank),
                                Answer::Open => None,
                            }
                        }
                        _ => Some(true),
                    }
                }
                _ => Some(true),
            };
            match present {
                Some(true) => {
                    let value = self.eval(arg, env)?;
                    if lists {
                        return Ok(value);
                    }
                    let others: Vec<&Node> = args.iter().filter(|o| o.span != arg.span).collect();
                    return Ok(self.among(value, &others, env));
                }
                Some(false) => {}
                None => return Ok(self.opaque(node, env)),
            }
        }
        Ok(self.failed(node, env, "every argument is null or empty"))
    }

    fn call_contains(
        &mut self,
        node: &Node,
        list: &Node,
        value: &Node,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let (list, value) = (self.eval(list, env)?, self.eval(value, env)?);
        let origin = self.origins.literal(node.span);
        let bool = |b: bool| Value::new(Kind::Bool(b), origin);
        if let Kind::Symbol(id) = list.kind
            && let Some(each) = self.facts.get(&id).and_then(|fact| fact.bound.each.as_ref())
            && literal_of(&value).is_some_and(|literal| each.excludes(&literal))
        {
            return Ok(bool(false));
        }
        let Kind::List(items) = &list.kind else { return Ok(self.opaque(node, env)) };
        let key = value_key(&value);
        let same = |item: &Item| matches!(item, Item::One(v) if value_key(v) == key);
        if items.iter().any(same) {
            return Ok(bool(true));
        }
        if !value.is_known() && items.len() > MAX_TESTED {
            return Ok(self.opaque(node, env));
        }
        for item in items.iter() {
            let Item::One(v) = item else { return Ok(self.opaque(node, env)) };
            match self.equals(v, &value, node, env)? {
                Answer::Known(true) => return Ok(bool(true)),
                Answer::Known(false) => {}
                Answer::Open => return Ok(self.opaque(node, env)),
            }
        }
        Ok(bool(false))
    }

    /// A length that is known.
    pub(super) fn length(&mut self, value: &Value, node: &Node, env: Env<'_>) -> Value {
        match exact_length(value) {
            Some(n) => {
                let origin = self.origins.literal(node.span);
                Value::new(Kind::Number(Arc::from(n.to_string())), origin)
            }
            None => self.opaque(node, env),
        }
    }
}
