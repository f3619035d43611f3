//! Input that wants to hang, overflow or exhaust.

use std::fmt::Write as _;

use super::{Case, Scope, World, seen};

#[test]
fn conditions_in_a_circle_are_unknown() {
    let seen = seen("Conditions:\n  A: !Condition B\n  B: !Not [!Condition A]\nV: !If [A, 1, 2]\n");
    assert!(!seen.is_empty() && seen.len() <= 4, "{seen:?}");
}

#[test]
fn conditions_that_double_end() {
    let mut text = "Parameters: {P: {Type: String}}\nConditions:\n".to_owned();
    for i in 0..40 {
        let next = i + 1;
        let _ = writeln!(text, "  C{i}: !And [!Condition C{next}, !Condition C{next}]");
    }
    text.push_str("  C40: !Equals [!Ref P, a]\nV: !If [C0, 1, 2]\n");
    assert!(seen(&text).len() >= 2);
}

#[test]
fn deep_expressions_are_bounded() {
    let depth = 100;
    let text = format!("V: {}x{}", "[".repeat(depth), "]".repeat(depth));
    let case = Case::new(&text);
    let node = case.document.roots[0].get("V").expect("V").clone();
    let mut unit = case.unit();
    unit.start_api();
    assert!(unit.eval(&node, &Scope::default(), &World::default()).is_ok());
    assert!(unit.is_exhausted());
}

#[test]
fn aliases_that_double_are_bounded() {
    let mut text = "A0: &a0 [x, x]\n".to_owned();
    for i in 1..14 {
        let last = i - 1;
        let _ = writeln!(text, "A{i}: &a{i} [*a{last}, *a{last}, *a{last}]");
    }
    text.push_str("V: *a13\n");
    let case = {
        let db = crate::source::SourceDb::new();
        let file = db.add(std::path::Path::new("t.yaml"), "t.yaml".into(), text.as_str());
        let document = crate::syntax::yaml::parse_file(file, &text);
        Case { db, document, given: super::Given::new() }
    };
    let node = case.document.roots[0].get("V").expect("V").clone();
    let mut unit = case.unit();
    assert!(unit.eval(&node, &Scope::default(), &World::default()).is_ok());
}

#[test]
fn names_that_double_are_bounded() {
    let mut value = "x".to_owned();
    for _ in 0..30 {
        value = format!("!Sub ['${{a}}${{a}}', {{a: {value}}}]");
    }
    let case = Case::new(&format!("V: {value}\n"));
    let node = case.document.roots[0].get("V").expect("V").clone();
    let mut unit = case.unit();
    unit.start_api();
    assert!(unit.eval(&node, &Scope::default(), &World::default()).is_ok());
    assert!(unit.is_exhausted());
}

#[test]
fn loops_are_bounded() {
    let mut list = String::new();
    for i in 0..2000 {
        let _ = write!(list, "n{i}, ");
    }
    let case = Case::new(&format!(
        "Resources:\n  Fn::ForEach::A:\n  - X\n  - [{list}]\n  - 'R${{X}}': {{Type: T}}\nV: 1\n"
    ));
    assert!(case.unit().template().resources().len() <= 256);
}

#[test]
fn odd_shapes_are_survived() {
    for text in [
        "V: !Ref",
        "V: !Ref [a]",
        "V: !Sub",
        "V: !Sub []",
        "V: !Sub [[a], {b: c}]",
        "V: !GetAtt",
        "V: !GetAtt a",
        "V: !GetAtt []",
        "V: !If",
        "V: !If [a]",
        "V: !If [[a], b, c]",
        "V: !Join",
        "V: !Join [[], []]",
        "V: !Select [a, b]",
        "V: !Select [-1, [a]]",
        "V: !Select [99999999999999999999, [a]]",
        "V: !Split ['', abc]",
        "V: !FindInMap [a]",
        "V: !FindInMap [[a], b, c]",
        "V: !Condition x",
        "V: !ImportValue [a]",
        "Parameters: [a]\nConditions: 7\nMappings: x\nResources: []\nV: !Ref a",
        "Parameters: {a: [], b: {Default: {x: y}}}\nV: [!Ref a, !Ref b]",
        "Parameters: {a: {AllowedValues: [[x]], Type: [q]}}\nV: !Ref a",
        "Conditions: {a: !Equals [x], b: !And x, c: [], d: !Not [], e: null}\n\
         V: [!If [a, 1, 2], !If [b, 1, 2], !If [c, 1, 2], !If [d, 1, 2], !If [e, 1, 2]]",
    ] {
        assert!(!seen(text).is_empty(), "{text}");
    }
}
