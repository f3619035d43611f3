//! What validations are read to say, against what they are worth for values: a value for which a
//! condition holds is never left out.

use super::{Bench, explore_out};
use crate::resolve::terraform::bound::Bound;
use crate::resolve::terraform::equality::literal_of;
use crate::resolve::terraform::validation::bound;
use crate::resolve::{Item, Kind, Value};

/// Conditions on strings.
const OF_TEXTS: &[&str] = &[
    "var.x == \"a\"",
    "\"b\" != var.x",
    "var.x == null",
    "contains([\"a\", \"b\", null], var.x)",
    "contains([\"vpce-1\", \"\"], var.x)",
    "can(regex(\"^(a|b)$\", var.x))",
    "can(regex(\"^vpce-\", var.x))",
    "can(regex(\"a|b$\", var.x))",
    "length(regexall(\"e-[0-9]$\", var.x)) > 0",
    "length(var.x) > 1",
    "length(var.x) == 1",
    "1 <= length(var.x)",
    "length(var.x) == 0",
    "trimspace(var.x) != \"\"",
    "startswith(var.x, \"a\")",
    "endswith(var.x, \"1\")",
    "substr(var.x, 0, 2) == \"vp\"",
    "substr(var.x, 0, 9) == \"a\"",
    "substr(var.x, 0, 0) == \"\"",
    "can(cidrhost(var.x, 0))",
    "try(cidrhost(var.x, 0), null) != null",
    "try(var.x == \"a\", true)",
    "var.x == \"a\" ? true : var.x == \"b\"",
    "alltrue([var.x != \"a\", var.x != null])",
    "anytrue([var.x == \"a\", var.x == \"\"])",
    "true",
];

const TEXTS: &[&str] = &["null", "\"\"", "\" \"", "\"a\"", "\"b\"", "\"vpce-1\"", "\"10.0.0.0/8\""];

/// Conditions on lists of strings.
const OF_LISTS: &[&str] = &[
    "length(var.x) > 0",
    "length(var.x) == 2",
    "var.x == null",
    "contains(var.x, \"a\")",
    "contains(toset(var.x), \"b\")",
    "alltrue([for e in var.x : contains([\"a\", \"b\"], e)])",
    "alltrue([for i, e in var.x : startswith(e, \"a\")])",
    "alltrue([for e in var.x : e == \"a\" if e != \"b\"])",
    "alltrue([for e in distinct(var.x) : e != \"\"])",
    "anytrue([for e in var.x : e == \"a\"])",
    "length(setsubtract(var.x, [\"a\", \"b\"])) == 0",
    "length(setsubtract([\"a\"], var.x)) == 0",
    "length([for e in var.x : e if e == \"a\"]) == 0",
    "length([for e in var.x : e if e == \"a\"]) == length(var.x)",
    "length([for e in var.x : e if e == \"a\"]) == length(distinct(var.x))",
    "length([for e in toset(var.x) : e if e == \"a\"]) == length(var.x)",
    "length([for e in var.x : e if e == \"a\"]) == 1",
    "length(distinct(var.x)) >= 2",
];

const LISTS: &[&str] = &[
    "null",
    "[]",
    "[\"a\"]",
    "[\"b\"]",
    "[\"a\", \"b\"]",
    "[\"a\", \"a\"]",
    "[\"a\", \"a\", \"b\"]",
    "[\"b\", \"c\"]",
    "[\"\", \"ab\"]",
];

/// Conditions on objects with a string and a list of strings.
const OF_OBJECTS: &[&str] = &[
    "var.x == null",
    "var.x.k == \"a\"",
    "var.x.k == null",
    "contains([\"a\", \"b\"], var.x.k)",
    "try(contains([\"b\"], var.x.k), true)",
    "length(var.x.l) > 0",
    "alltrue([for e in var.x.l : e == \"a\"])",
    "!contains(var.x.l, \"b\")",
    "startswith(var.x.k, \"a\")",
];

const OBJECTS: &[&str] = &[
    "null",
    "{ k = null, l = [] }",
    "{ k = \"a\", l = [\"a\"] }",
    "{ k = \"b\", l = [] }",
    "{ k = \"ab\", l = [\"a\", \"b\"] }",
    "{ k = \"c\", l = null }",
];

/// What a condition is of a value; `None` where it is an error.
type Truth = Option<bool>;

/// Two conditions together, as text and in their worth.
type Together = (fn(&str, &str) -> String, fn(Truth, Truth) -> Truth);

/// What decides first decides.
const TOGETHER: [Together; 5] = [
    (|a, _| format!("!({a})"), |a, _| a.map(|a| !a)),
    (|a, b| format!("({a}) && !({b})"), |a, b| if a? { b.map(|b| !b) } else { Some(false) }),
    (|a, b| format!("({a}) || ({b})"), |a, b| if a? { Some(true) } else { b }),
    (|a, b| format!("!(({a}) && ({b}))"), |a, b| if a? { b.map(|b| !b) } else { Some(true) }),
    (|a, b| format!("({a}) ? ({b}) : !({b})"), |a, b| if a? { b } else { b.map(|b| !b) }),
];

fn elements(items: &[Item]) -> Vec<&Value> {
    let known = items.iter().map(|item| match item {
        Item::One(value) => value,
        Item::Many(..) => panic!("a known list"),
    });
    known.collect()
}

/// Whether a value is one of those that are left.
fn is_left(bound: &Bound, value: &Value) -> bool {
    if literal_of(value).is_some_and(|literal| bound.excludes(&literal)) {
        return false;
    }
    let text = match &value.kind {
        Kind::Text(_) => value.known_text(),
        _ => None,
    };
    let elements = match &value.kind {
        Kind::List(items) => elements(items),
        _ => Vec::new(),
    };
    let empty = text.as_deref().unwrap_or_default().is_empty() && elements.is_empty();
    let attribute = |(name, bound): (&std::sync::Arc<str>, &Bound)| {
        value.get(name).is_none_or(|value| is_left(bound, value))
    };
    (bound.ends.is_none() || text.is_some())
        && (!bound.nonempty || !empty)
        && bound.each.as_ref().is_none_or(|each| elements.iter().all(|e| is_left(each, e)))
        && bound.attributes.iter().all(attribute)
}

/// What a condition on a variable of that type says of it.
fn told(kind: &str, condition: &str) -> Bound {
    let validation = format!("condition = {condition}\n    error_message = \"no\"");
    let module = format!(
        "variable \"x\" {{\n  type = {kind}\n  validation {{\n    {validation}\n  }}\n}}\n"
    );
    Bench::new(&module)
        .run(|evaluator| bound(evaluator.module().variables.get("x").expect("the variable")))
}

/// A value, and what a condition is of it; `None` where that is not known.
fn worth(kind: &str, condition: &str, value: &str) -> (Value, Option<Truth>) {
    let module = format!(
        "variable \"x\" {{\n  type = {kind}\n}}\nlocals {{\n  out = [var.x, {condition}]\n}}\n"
    );
    Bench::new(&module).tfvars(&format!("x = {value}\n")).run(|evaluator| {
        let explored = explore_out(evaluator);
        let (_, out) = explored.worlds.first().expect("a world");
        let Kind::List(items) = &out.kind else { panic!("a list") };
        let [given, holds] = elements(items)[..] else { panic!("two elements") };
        let truth = match holds.kind {
            _ if explored.worlds.len() > 1 => None,
            Kind::Bool(b) => Some(Some(b)),
            _ if evaluator.fails(holds, 0) => Some(None),
            _ => None,
        };
        (given.clone(), truth)
    })
}

/// How many conditions bound something, once each of them was held against each value.
fn bounding(kind: &str, conditions: &[&str], values: &[&str]) -> usize {
    let mut found = 0;
    let rows: Vec<Vec<(Value, Option<Truth>)>> = conditions
        .iter()
        .map(|condition| values.iter().map(|value| worth(kind, condition, value)).collect())
        .collect();
    let mut check = |condition: &str, truths: &[(&Value, Option<Truth>)]| {
        let bound = told(kind, condition);
        for (value, truth) in truths {
            let holds = *truth == Some(Some(true));
            assert!(!holds || is_left(&bound, value), "{condition} of {value:?}: {bound:?}");
        }
        found += usize::from(bound != Bound::default());
    };
    for (i, (a, row)) in conditions.iter().zip(&rows).enumerate() {
        check(a, &row.iter().map(|(value, truth)| (value, *truth)).collect::<Vec<_>>());
        for (j, (b, other)) in conditions.iter().zip(&rows).enumerate() {
            // Each pair in one way, which is another one for its neighbours.
            let (text, truth) = TOGETHER[(i + 2 * j) % TOGETHER.len()];
            let pairs = row
                .iter()
                .zip(other)
                .map(|((value, a), (_, b))| (value, a.zip(*b).map(|(a, b)| truth(a, b))));
            check(&text(a, b), &pairs.collect::<Vec<_>>());
        }
    }
    found
}

#[test]
fn what_a_condition_holds_of_is_never_left_out() {
    let found = [
        bounding("string", OF_TEXTS, TEXTS),
        bounding("list(string)", OF_LISTS, LISTS),
        bounding("object({ k = string, l = list(string) })", OF_OBJECTS, OBJECTS),
    ];
    // The test is of conditions that say something.
    assert!(found.iter().zip([200, 80, 20]).all(|(found, least)| *found > least), "{found:?}");
}
