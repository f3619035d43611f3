//! Tests of the bounds: depth, aliases, comments, repairs, time.

use super::tests::{parse, show};
use super::*;
use crate::syntax::{Kind, Node};

#[test]
fn many_comments_before_a_nested_block() {
    let source = format!("a:\n{}  b: 1\n", "  # c\n".repeat(20_000));
    let document = parse(&source);
    assert_eq!(document.errors, []);
    assert_eq!(document.comments.len(), 20_000);
    assert_eq!(show(&document.roots[0]), "{'a':{'b':1}}");
}

#[test]
fn a_billion_laughs() {
    let mut source = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..30 {
        let aliases = vec![format!("*a{}", i - 1); 10].join(", ");
        source += &format!("a{i}: &a{i} [{aliases}]\n");
    }
    let document = parse(&source);
    assert_eq!(document.errors.len(), 1);
    let mut visits = 0;
    let mut open: Vec<Node> = document.roots.clone();
    while let Some(node) = open.pop() {
        visits += 1;
        if let Kind::List(items) = &node.kind {
            open.extend(items.iter().cloned());
        }
        if let Kind::Map(pairs) = &node.kind {
            open.extend(pairs.iter().map(|p| p.value.clone()));
        }
    }
    assert!(visits < MAX_EXPANDED + source.len(), "{visits}");
}

#[test]
fn merge_keys_are_bounded() {
    let entries: String = (0..2_000).map(|i| format!("k{i}: {i}, ")).collect();
    let source = format!("- &x {{{entries}}}\n{}", "- {<<: *x}\n".repeat(200));
    let document = parse(&source);
    let messages: Vec<_> = document.errors.iter().map(|e| e.message.as_str()).collect();
    assert_eq!(messages, ["the aliases of this file stand for more than 250000 nodes"]);
}

#[test]
fn depth_is_bounded() {
    let flow = |n: usize| "[".repeat(n) + &"]".repeat(n);
    let block = |n: usize| (0..n).map(|i| format!("{}-\n", " ".repeat(i))).collect::<String>();
    for nested in [flow, block] {
        assert_eq!(parse(&nested(MAX_DEPTH)).errors, []);
        for n in [MAX_DEPTH + 1, 3_000] {
            let document = parse(&nested(n));
            assert_eq!(document.errors.len(), 1, "{n}");
            assert!(document.errors[0].message.starts_with("nested deeper than 128 levels"));
        }
    }
    let mixed = format!("{}{}", block(100), format_args!("{}{}\n", " ".repeat(100), flow(100)));
    let document = parse(&mixed);
    assert!(document.errors[0].message.starts_with("nested deeper than 128 levels"));
}

#[test]
fn depth_is_bounded_through_aliases() {
    let mut source = "a0: &a0 [x]\n".to_owned();
    for i in 1..1_000 {
        source += &format!("a{i}: &a{i} [*a{}]\n", i - 1);
    }
    let document = parse(&source);
    let mut node = document.roots[0].clone();
    for depth in 0.. {
        let child = match &node.kind {
            Kind::List(items) => items[0].clone(),
            Kind::Map(pairs) => pairs[MAX_DEPTH - 2].value.clone(),
            _ => {
                assert_eq!(depth, MAX_DEPTH);
                break;
            }
        };
        node = child;
    }
    assert_eq!(document.errors.len(), 1);
}

#[test]
fn what_mending_cannot_help_is_an_error() {
    let source = "a: 'x\ny\n";
    let document = parse(source);
    assert_eq!(document.errors.len(), 1);
    let many = "- a: 'x\n  y'\n".repeat(500);
    let document = parse(&many);
    assert_eq!(document.errors.len(), 1);
    assert!(document.errors[0].message.contains("not indented enough"));
}

/// Each of these takes minutes if reading is not linear in the length of the text.
#[test]
fn hostile_texts_are_read_in_linear_time() {
    let units = [
        "[",
        "{",
        "]",
        "- ",
        "? ",
        ": ",
        "a: ",
        "a:\n",
        "'",
        "\"",
        "\"\n",
        "'x\ny'\n",
        "|\n",
        "- |\n\n",
        "#\n",
        "# \n a",
        "---\n",
        "--- [\n",
        "--- a:\tb: c\n",
        "&a ",
        "&a a\n*a :\n",
        "*a\n",
        "!",
        "!!",
        "%\n",
        "\t",
        "\n\t",
        "\\",
        "é",
        ",",
        "a,\n",
        "{a: 1}, ",
        "a: 'b\nc'\n",
        "<<: {}\n",
        "\r",
    ];
    for unit in units {
        for lead in ["", "[", "{", "\"", "a: ", "a: |\n "] {
            let text = format!("{lead}{}", unit.repeat(50_000 / unit.len()));
            assert!(parse(&text).errors.len() <= 101, "{unit}");
        }
    }
}
