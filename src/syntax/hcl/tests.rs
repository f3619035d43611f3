//! Items, recovery, duplicate keys and exact text maps.

use super::*;
use crate::syntax::{Expr, Kind};

fn parse(text: &str) -> Document {
    parse_file(FileId(0), text)
}

#[test]
fn a_small_file() {
    let text = "# c\nresource \"aws_x\" \"y\" {\n  a = \"b\\n\"\n  c = var.d[0]\n  n {\n    e = 1\n  }\n}\n";
    let document = parse(text);
    assert!(document.errors.is_empty(), "{:?}", document.errors);
    let body = document.body.unwrap();
    let block = &body.blocks[0];
    assert_eq!(&*block.labels[1].text, "y");
    assert_eq!(&*block.body.attributes[0].value.as_text().unwrap().text, "b\n");
    assert!(
        matches!(&block.body.attributes[1].value.kind, Kind::Expr(e) if matches!(&**e, Expr::Traversal(..)))
    );
    assert_eq!(block.body.blocks[0].body.attributes.len(), 1);
    assert_eq!(document.comments.len(), 1);
}
