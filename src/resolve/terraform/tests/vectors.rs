//! Expressions and what hashicorp/hcl with the functions of zclconf/go-cty makes of them.
//!
//! Each line of `testdata/terraform/expressions.jsonl` is an object: `e` is an expression, `v` its
//! value as JSON with sorted keys; without `v` the expression is an error there. The kept vectors are
//! alike all of them. `GATELINT_VECTORS` names another file of such lines, in which an expression may
//! be unknown here, or have a value that is an error there: the part that is wrong is not asked for,
//! or is of a type that values do not tell apart.

use std::fmt::Write;
use std::path::PathBuf;

use super::{Bench, explore_out};
use crate::resolve::{Item, Kind, Value};

/// What an expression is here.
#[derive(Debug, PartialEq)]
enum Outcome {
    Is(String),
    Refused,
    Unknown,
}

/// The value as JSON, keys sorted; `None` when something in it is unknown.
fn json(value: &Value) -> Option<String> {
    Some(match &value.kind {
        Kind::Null => "null".into(),
        Kind::Symbol(_) => return None,
        Kind::Bool(b) => b.to_string(),
        Kind::Number(n) => n.to_string(),
        Kind::Text(text) => serde_json::to_string(&text.known()?).ok()?,
        Kind::List(items) => {
            let items = items.iter().map(|item| match item {
                Item::One(value) => json(value),
                Item::Many(..) => None,
            });
            format!("[{}]", items.collect::<Option<Vec<_>>>()?.join(","))
        }
        Kind::Map(map) => {
            let mut entries: Vec<_> = map.entries.iter().collect();
            entries.sort_by(|(a, _), (b, _)| a.text.cmp(&b.text));
            let mut out = String::from("{");
            for (key, value) in entries {
                let comma = if out.len() > 1 { "," } else { "" };
                let key = serde_json::to_string(&*key.text).ok()?;
                write!(out, "{comma}{key}:{}", json(value)?).ok()?;
            }
            (map.rest.is_none()).then(|| out + "}")?
        }
    })
}

fn outcome(expression: &str) -> Outcome {
    Bench::new(&format!("locals {{\n  out = {expression}\n}}\n")).run(|evaluator| {
        let explored = explore_out(evaluator);
        let [(_, value)] = explored.worlds.as_slice() else { return Outcome::Unknown };
        if evaluator.fails(value, 0) {
            return Outcome::Refused;
        }
        json(value).map_or(Outcome::Unknown, Outcome::Is)
    })
}

#[test]
fn expressions_are_what_hashicorp_makes_of_them() {
    let kept = PathBuf::from("testdata/terraform/expressions.jsonl");
    let other = std::env::var_os("GATELINT_VECTORS").map(PathBuf::from);
    let strict = other.is_none();
    let text = std::fs::read_to_string(other.unwrap_or(kept)).expect("the vectors");
    let (mut same, mut unknown, mut wrong) = (0, Vec::new(), Vec::new());
    let mut lenient = Vec::new();
    for line in text.lines() {
        let vector: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let expression = vector["e"].as_str().expect("an expression");
        let expected = match vector["v"].as_str() {
            Some(value) => Outcome::Is(value.to_owned()),
            None => Outcome::Refused,
        };
        let found = outcome(expression);
        match found {
            found if found == expected => same += 1,
            Outcome::Unknown => unknown.push(format!("{expression}\n  is {expected:?}")),
            found if expected == Outcome::Refused && !strict => {
                lenient.push(format!("{expression}\n  is {found:?}"));
            }
            found => wrong.push(format!("{expression}\n  is {expected:?}, not {found:?}")),
        }
    }
    if !strict {
        println!("{same} alike, {} unknown, {} lenient", unknown.len(), lenient.len());
        println!("unknown:\n{}", unknown.join("\n"));
        println!("lenient:\n{}", lenient.join("\n"));
    }
    assert!(same > 0 && wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(!strict || unknown.is_empty(), "unknown:\n{}", unknown.join("\n"));
}
