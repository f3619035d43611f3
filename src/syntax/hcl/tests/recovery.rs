//! One broken item hides nothing else.

use super::*;

/// The blocks before and behind the broken one.
const BEFORE: &str = "resource \"a\" \"before\" {\n  x = 1\n}\n\n";
const BEHIND: &str = "\nresource \"a\" \"behind\" {\n  x = <<-E\n    {}\n  E\n  y = \"${z}\"\n}\n";

/// Parses a broken block between two others: the messages and the broken block itself.
fn broken(block: &str) -> (Vec<String>, String) {
    let text = format!("{BEFORE}{block}{BEHIND}");
    let document = parse(&text);
    let shown = show_body(body(&document));
    let middle = shown
        .strip_prefix("resource \"a\" \"before\" {x=1}; ")
        .and_then(|s| s.strip_suffix("; resource \"a\" \"behind\" {x=\"{}\\n\"; y=t(z)}"));
    let middle = middle.unwrap_or_else(|| panic!("{shown}\n{:?}", messages(&document.errors)));
    assert!(!document.errors.is_empty(), "{shown}");
    for error in &document.errors {
        let place = error.span.start as usize;
        let inside = (BEFORE.len()..BEFORE.len() + block.len()).contains(&place);
        assert!(inside, "{place} {}", error.message);
    }
    (document.errors.into_iter().map(|e| e.message).collect(), middle.to_owned())
}

/// Asserts one message and what is left of the block.
fn check(block: &str, message: &str, shown: &str) {
    let (messages, found) = broken(block);
    assert_eq!(messages, [message], "{block}");
    assert_eq!(found, shown, "{block}");
}

#[test]
fn a_broken_attribute() {
    check(
        "r \"b\" {\n  x = 1\n  p = [1 2]\n  y = 2\n}\n",
        "cannot read the value of `p` in r \"b\": unexpected `2`",
        "r \"b\" {x=1; p=invalid; y=2}",
    );
}

#[test]
fn a_broken_nested_block() {
    check(
        "r \"b\" {\n  n {\n    x = 1 +\n    y = 2\n  }\n  z = 3\n}\n",
        "cannot read the value of `x` in block n of r \"b\": unexpected `+`",
        "r \"b\" {n {x=invalid; y=2}; z=3}",
    );
}

#[test]
fn a_bracket_is_missing() {
    check(
        "r \"b\" {\n  p = f({\n    s = [1, 2\n  })\n  y = 2\n}\n",
        "`}` does not close the `[` before it in r \"b\"",
        "r \"b\" {p=invalid; y=2}",
    );
    check(
        "r \"b\" {\n  p = f({\n    s = [1, 2]\n  }\n  y = 2\n}\n",
        "`}` does not close the `(` before it in r \"b\"",
        "r \"b\" {p=invalid; y=2}",
    );
    check(
        "r \"b\" {\n  t = {\n    s = 1\n  y = 2\n}\n",
        "`{` is not closed in r \"b\"",
        "r \"b\" {t=invalid; y=2}",
    );
}

#[test]
fn a_string_is_not_closed() {
    check(
        "r \"b\" {\n  x = \"y\n  z = 1\n}\n",
        "the string is not closed in r \"b\"",
        "r \"b\" {x=invalid; z=1}",
    );
    check(
        "r \"b\" {\n  x = \"y${z\"\n  w = 1\n}\n",
        "the string is not closed in r \"b\"",
        "r \"b\" {x=invalid; w=1}",
    );
}

#[test]
fn a_heredoc_is_not_closed() {
    check(
        "r \"b\" {\n  x = <<EOF\n    {\n    }\n  z = 1\n}\n",
        "the heredoc `<<EOF` has no end marker in r \"b\"",
        "r \"b\" {x=invalid; z=1}",
    );
}

#[test]
fn a_comment_is_not_closed() {
    check(
        "r \"b\" {\n  x = 1 /* y\n  z = 1\n}\n",
        "the comment is not closed in r \"b\"",
        "r \"b\" {x=invalid; z=1}",
    );
}

#[test]
fn the_brace_of_a_block_is_missing() {
    check("r \"b\" {\n  x = 1\n", "r \"b\" is not closed", "r \"b\" {x=1}");
    check("r \"b\" {\n  n {\n    x = 1\n  y = 2\n}\n", "n is not closed", "r \"b\" {n {x=1}; y=2}");
    check(
        "r \"b\" {\n  n {\n    x = 1\n\n  m {\n    y = 2\n  }\n}\n",
        "n is not closed",
        "r \"b\" {n {x=1}; m {y=2}}",
    );
}

#[test]
fn two_braces_are_missing() {
    let (messages, shown) = broken("r \"b\" {\n  x = 1\n\nr \"c\" {\n  y = 2\n\nd = 3\n");
    assert_eq!(messages, ["r \"b\" is not closed", "r \"c\" is not closed"]);
    assert_eq!(shown, "r \"b\" {x=1}; r \"c\" {y=2}; d=3");
}

#[test]
fn the_last_block_of_a_file_is_not_closed() {
    let text = "a {\n  b = 1\n  c {\n    d = 2\n";
    let document = parse(text);
    assert_eq!(messages(&document.errors), ["c is not closed"]);
    assert_eq!(show_body(body(&document)), "a {b=1; c {d=2}}");
}

#[test]
fn a_comment_on_the_header_line_survives_the_second_reading() {
    let document = parse("a { # one\n  b = 1 # two\nc = 2 # three\n");
    assert_eq!(messages(&document.errors), ["a is not closed"]);
    assert_eq!(document.comments.len(), 3);
    assert_eq!(show_body(body(&document)), "a {b=1}; c=2");
}

#[test]
fn templates_of_other_languages() {
    let (_, shown) =
        broken("{{ range .items }}\nr \"b\" {\n  x = {{ .y }}\n  z = 1\n}\n{{ end }}\n");
    assert_eq!(shown, "r \"b\" {x=invalid; z=1}");
}

/// Everything else is still there.
#[test]
fn a_broken_block_and_a_duplicate_attribute() {
    let text = "variable \"v\" {\n  default = 1\n}\n\nresource \"a\" \"broken\" {\n  policy = jsonencode({\n    Statement = [{\n      Effect = \"Allow\"\n  })\n}\n\ndata \"p\" \"d\" {\n  statement {\n    principals {\n      identifiers = [\"1\"]\n      type = \"AWS\"\n      identifiers = [\"*\"]\n    }\n  }\n}\n\noutput \"o\" {\n  value = data.p.d.json\n}\n";
    let document = parse(text);
    assert_eq!(
        show_body(body(&document)),
        "variable \"v\" {default=1}; resource \"a\" \"broken\" {policy=invalid}; \
         data \"p\" \"d\" {statement {principals {identifiers=[\"1\"]; type=\"AWS\"; \
         identifiers=[\"*\"]}}}; output \"o\" {value=data.p.d.json}"
    );
    assert_eq!(
        messages(&document.errors),
        ["`)` does not close the `[` before it in resource \"a\" \"broken\""]
    );
    let [duplicate] = document.duplicates.as_slice() else { panic!("{:?}", document.duplicates) };
    assert_eq!(&*duplicate.key, "identifiers");
    assert!(text.get(duplicate.second.range()) == Some("identifiers"));
}
