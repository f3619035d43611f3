//! YAML as plain data, read by gatelint's own parser.

use std::path::Path;

use gatelint::source::SourceDb;
use gatelint::syntax::{Kind, Node, yaml};
use serde_json::Value;

/// The only document of `text`. Numbers are their source text; key order is kept.
///
/// # Panics
/// On YAML that is wrong, has tags, or several documents.
pub(crate) fn parse(text: &str) -> Value {
    let db = SourceDb::new();
    let file = db.add(Path::new("a.yaml"), "a.yaml".into(), text);
    let document = yaml::parse_file(file, text);
    assert!(document.errors.is_empty() && document.duplicates.is_empty(), "{document:?}");
    assert_eq!(document.roots.len(), 1);
    value(&document.roots[0])
}

fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(text) => text.as_ref().into(),
        Kind::Text(text) => text.text.as_ref().into(),
        Kind::List(nodes) => nodes.iter().map(value).collect(),
        Kind::Map(pairs) => pairs
            .iter()
            .map(|pair| (pair.key.scalar().expect("a plain key").to_string(), value(&pair.value)))
            .collect(),
        other => panic!("{other:?}"),
    }
}
