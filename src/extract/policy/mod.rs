//! From a value to a policy document (SEMANTICS 1).
//!
//! Whatever form a policy came in (a map, a JSON string, text with holes, an unknown), it ends here
//! as [`PolicyState`]. What AWS would refuse is kept as it is written, for the rules and the
//! evaluator to judge; what cannot be read becomes a [`Problem`]. Where a key stands twice, the first
//! and the last reading are policies of their own; so is what an unknown part may overwrite.

mod arn;
mod elements;
mod readings;
mod size;
mod statement;

#[cfg(test)]
mod tests;

use crate::model::{
    Entry, Leaf, Part, Policy, PolicySize, PolicyState, Problem, ProblemKind, Statement, SymbolRef,
    Version,
};
use crate::resolve::embedded::{self, Embedded};
use crate::resolve::{Item, Kind, Piece, Rest, Symbols, Value};
use crate::source::{Origin, Origins};

use super::convert::{OPAQUE, leaf, symbol_ref};
use readings::{Reading, report_duplicates};

/// What reading a policy may use, and where it reports what it cannot read.
pub struct PolicyCx<'a> {
    /// The unit's symbols.
    pub symbols: &'a mut Symbols,
    /// The unit's origins.
    pub origins: &'a mut Origins,
    /// The address of the API that carries the policy: its execution ARN is `ThisApiArn`.
    pub this_api: Option<&'a str>,
    /// Problems found on the way.
    pub problems: &'a mut Vec<Problem>,
}

/// How often a policy may be wrapped in a JSON string: `get-rest-api` returns it escaped twice.
const MAX_WRAPS: usize = 3;

/// Reads a policy. Null, blank text (the Serverless Framework writes `Policy: ''`) and an empty object
/// (AWS SAM writes one where it drops every entry of its lists) are no policy.
pub fn policy_state(value: &Value, cx: &mut PolicyCx<'_>) -> PolicyState {
    let written = size::written(value);
    let mut value = value.clone();
    for _ in 0..=MAX_WRAPS {
        match &value.kind {
            Kind::Null => return PolicyState::None,
            Kind::Symbol(id) => {
                let symbol = symbol_ref(cx.symbols, *id, cx.this_api);
                return PolicyState::Unknown(symbol, value.origin);
            }
            Kind::Map(map) if map.entries.is_empty() && map.rest.is_none() => {
                return PolicyState::None;
            }
            Kind::Map(_) => return document(&value, written, cx),
            Kind::Text(text) => {
                if let [Piece::Hole(id, origin)] = text.0.as_slice() {
                    let symbol = symbol_ref(cx.symbols, *id, cx.this_api);
                    return PolicyState::Unknown(symbol, *origin);
                }
                if text.known().is_some_and(|t| t.trim().is_empty()) {
                    return PolicyState::None;
                }
                let Embedded { value: inner, errors } =
                    embedded::parse_json(text, value.origin, cx.symbols, cx.origins);
                for error in errors {
                    cx.unreadable(error.origin, error.message, error.help);
                }
                match inner {
                    Some(inner) if !matches!(inner.kind, Kind::Null) => value = inner,
                    _ => return PolicyState::Unknown(OPAQUE, value.origin),
                }
            }
            Kind::List(_) | Kind::Bool(_) | Kind::Number(_) => {
                cx.unreadable(value.origin, "a policy must be a JSON object".into(), None);
                return PolicyState::Unknown(OPAQUE, value.origin);
            }
        }
    }
    cx.unreadable(value.origin, "the policy is escaped more than three times".into(), None);
    PolicyState::Unknown(OPAQUE, value.origin)
}

/// Reads a policy that is an object, in each of its readings.
fn document(value: &Value, written: Option<usize>, cx: &mut PolicyCx<'_>) -> PolicyState {
    let twice = report_duplicates(value, cx);
    let mut policies = vec![read(value, Reading::Last, cx)];
    if twice {
        // The second pass would report the same problems again.
        let reported = cx.problems.len();
        policies.push(read(value, Reading::First, cx));
        cx.problems.truncate(reported);
    }
    if let Kind::Map(map) = &value.kind
        && let Some((id, Rest::Over)) = map.rest
    {
        // `merge(local.policy, var.extra)`: the unknown part may bring a `Statement` of its own, and
        // then no Deny of the known one is left.
        policies.push(Policy {
            version: Version::Other(Leaf::new([Part::Sym(cx.symbol(id))], value.origin)),
            statements: vec![Entry::Many(cx.symbol(id), value.origin)],
            origin: value.origin,
            size: PolicySize::default(),
        });
    }
    policies.iter_mut().for_each(|policy| policy.size.written = written);
    PolicyState::Known(policies)
}

fn read(value: &Value, reading: Reading, cx: &mut PolicyCx<'_>) -> Policy {
    let mut elements = elements::Elements::of(value, reading);
    let version = match elements.take("Version", cx) {
        None => Version::Missing,
        Some(v) => match leaf(&v, cx.symbols, cx.this_api) {
            Some(leaf) => match leaf.text() {
                Some("2012-10-17") => Version::V2012(leaf.origin),
                Some("2008-10-17") => Version::V2008(leaf.origin),
                _ => Version::Other(leaf),
            },
            None => Version::Other(Leaf::known("", v.origin)),
        },
    };
    let _ = elements.take("Id", cx);
    let mut statements = match elements.take("Statement", cx) {
        Some(v) => statement_list(&v, reading, cx),
        None => {
            if elements.rest().is_none() {
                let message = "the policy has no `Statement`".to_owned();
                cx.unreadable(value.origin, message, None);
                // AWS refuses it: what is deployed in its place is not known.
                vec![Entry::Many(OPAQUE, value.origin)]
            } else {
                Vec::new()
            }
        }
    };
    if let Some((id, _)) = elements.rest()
        && statements.is_empty()
    {
        statements.push(Entry::Many(symbol_ref(cx.symbols, id, cx.this_api), value.origin));
    }
    elements.report_others(
        &["Version", "Id", "Statement"],
        "a policy document has `Version`, `Id` and `Statement`",
        cx,
    );
    let size = PolicySize { compact: size::compact(value), written: None };
    Policy { version, statements, origin: value.origin, size }
}

/// `Statement`: one object or an array of them.
fn statement_list(value: &Value, reading: Reading, cx: &mut PolicyCx<'_>) -> Vec<Entry<Statement>> {
    match &value.kind {
        Kind::List(items) => items
            .iter()
            .flat_map(|item| match item {
                Item::One(v) => statement::read(v, reading, cx),
                Item::Many(id, origin) => {
                    vec![Entry::Many(symbol_ref(cx.symbols, *id, cx.this_api), *origin)]
                }
            })
            .collect(),
        _ => statement::read(value, reading, cx),
    }
}

impl PolicyCx<'_> {
    fn unreadable(&mut self, origin: Origin, message: String, help: Option<String>) {
        self.problems.push(Problem {
            kind: ProblemKind::Unreadable { message, help },
            origin,
            related: Vec::new(),
            api: self.this_api.map(str::to_owned),
        });
    }

    fn symbol(&self, id: crate::resolve::SymbolId) -> SymbolRef {
        symbol_ref(self.symbols, id, self.this_api)
    }
}
