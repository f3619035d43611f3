//! Trees, spans, comments and mended streams.

use super::*;
use crate::syntax::{Kind, Node};

fn show(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "null".into(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(text) => text.to_string(),
        Kind::Text(text) => format!("'{}'", text.text),
        Kind::List(items) => {
            format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" "))
        }
        Kind::Map(pairs) => {
            let pairs = pairs.iter().map(|p| format!("{}:{}", show(&p.key), show(&p.value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(" "))
        }
        Kind::Tagged(tag) => format!("!{} {}", tag.name, show(&tag.value)),
        Kind::Expr(_) => "expr".into(),
        Kind::Invalid => "?".into(),
    }
}

fn read_one(text: &str) -> String {
    let document = parse_file(FileId(0), text);
    assert_eq!(document.errors, [], "{text}");
    document.roots.iter().map(show).collect::<Vec<_>>().join(" --- ")
}

#[test]
fn reads() {
    assert_eq!(read_one("a: 1\nb: [x, !Ref y]\n"), "{'a':1 'b':['x' !Ref 'y']}");
    assert_eq!(
        read_one("a: |\n  x\n   y\n\n  z\n\nb: >-\n\n  f\n  g\n"),
        "{'a':'x\n y\n\nz\n' 'b':'\nf g'}"
    );
    assert_eq!(read_one("a: \"x\ny\"\nb: 'p\n\n q''r'\n"), "{'a':'x y' 'b':'p\nq'r'}");
    assert_eq!(read_one("a: &x {b: 1}\nc: {<<: *x, d: 2}\n"), "{'a':{'b':1} 'c':{'b':1 'd':2}}");
}
