//! Bodies, blocks, labels, comments, and what Terraform refuses in them.

use super::*;

#[test]
fn blocks_and_attributes() {
    let text = "resource \"aws_x\" y {\n  a = 1\n\n  b {\n    c = d.e\n  }\n  b {}\n  f { g = 2 }\n}\nh = 3";
    assert_eq!(tree(text), "resource \"aws_x\" \"y\" {a=1; b {c=d.e}; b {}; f {g=2}}; h=3");
    let document = parse(text);
    let block = body(&document).blocks.first().expect("a block");
    assert_eq!(at(text, block.header), "resource \"aws_x\" y");
    assert!(at(text, block.span).ends_with("f { g = 2 }\n}"));
    let labels = block.labels.iter().map(|label| at(text, label.span)).collect::<Vec<_>>();
    assert_eq!(labels, ["\"aws_x\"", "y"]);
    let attribute = block.body.attribute("a").expect("a");
    assert_eq!(at(text, attribute.span), "a = 1");
    assert_eq!(at(text, attribute.name_span), "a");
    assert_eq!(at(text, attribute.value.span), "1");
}

#[test]
fn labels_are_decoded() {
    assert_eq!(tree("a \"b\\\"c\\u0041$${\" {}\n"), "a \"b\\\"cA${\" {}");
    let document = parse("a \"b${c}\" {\n d = 1\n}\n");
    assert_eq!(messages(&document.errors), ["a block label cannot be a template: \"b${c}\""]);
    assert_eq!(show_body(body(&document)), "a \"b${c}\" {d=1}");
}

#[test]
fn crlf_and_byte_order_mark() {
    let text = "\u{feff}# c\r\na = \"b\"\r\nc {\r\n  d = 1\r\n}\r\n";
    let document = parse(text);
    assert_eq!(document.errors, []);
    assert_eq!(show_body(body(&document)), "a=\"b\"; c {d=1}");
    let [comment] = document.comments.as_slice() else { panic!("{:?}", document.comments) };
    assert_eq!(at(text, comment.span), "# c");
    assert!(comment.own_line);
    let value = &body(&document).attributes.first().expect("a").value;
    assert_eq!(at(text, value.span), "\"b\"");
}

#[test]
fn comments() {
    let text = "# one\na = 1 // two\n/* three\n */ b = [ # four\n  2, /* five */ 3\n  // six\n]\nc { # seven\n  /* eight */ d = \"# no\" # nine\n}\ne = <<X\n# no ${ /* ten */ f }\nX\n#eleven";
    let document = parse(text);
    assert_eq!(document.errors, []);
    let found = document.comments.iter().map(|c| (at(text, c.span), c.own_line));
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            ("# one", true),
            ("// two", false),
            ("/* three\n */", true),
            ("# four", false),
            ("/* five */", false),
            ("// six", true),
            ("# seven", false),
            ("/* eight */", true),
            ("# nine", false),
            ("/* ten */", false),
            ("#eleven", true),
        ]
    );
}

#[test]
fn comments_of_crlf_files_end_before_the_line_end() {
    let text = "a = 1 # x\r\nb = [ # y\r\n]\r\n";
    let document = parse(text);
    let found = document.comments.iter().map(|c| at(text, c.span)).collect::<Vec<_>>();
    assert_eq!(found, ["# x", "# y"]);
}

#[test]
fn a_redefined_attribute_is_kept_twice() {
    let text = "a {\n  b = 1\n  c = 2\n  b = 3\n  b = 4\n}\n";
    let document = parse(text);
    assert_eq!(document.errors, []);
    assert_eq!(show_body(body(&document)), "a {b=1; c=2; b=3; b=4}");
    let found = document.duplicates.iter().map(|d| (&*d.key, d.first.start, d.second.start));
    assert_eq!(found.collect::<Vec<_>>(), [("b", 6, 22), ("b", 6, 30)]);
    let duplicate = document.duplicates.first().expect("a duplicate");
    assert_eq!((at(text, duplicate.first), at(text, duplicate.second)), ("b", "b"));
}

#[test]
fn names() {
    assert_eq!(tree("héllo-wörld = 1\n_a {}\n"), "héllo-wörld=1; _a {}");
    assert_eq!(messages(&parse("a \u{a0} \"b\" {}\n").errors), ["`\\u{a0}` is not a name"]);
}

/// Each text is refused by hashicorp/hcl; what can be read is in the tree.
#[test]
fn refused_but_read() {
    let cases = [
        ("a = 1 b = 2\n", "cannot read the value of `a`: unexpected `b`", "a=invalid"),
        ("a = 1, b = 2\n", "unexpected `,`: arguments stand on lines of their own", "a=1; b=2"),
        (
            "a { b = 1, c = 2 }\n",
            "unexpected `,`: arguments stand on lines of their own",
            "a {b=1; c=2}",
        ),
        ("a { b = 1\n c = 2 }\n", "a block on one line holds one argument only", "a {b=1; c=2}"),
        ("a {\n b = 1 }\n", "expected a new line behind the argument, found `}`", "a {b=1}"),
        ("a {} b {}\n", "expected a new line behind the block, found `b`", "a {}; b {}"),
        ("a {\n b {}}\n", "expected a new line behind the block, found `}`", "a {b {}}"),
        ("a\n{\n b = 1\n}\n", "the `{` of a has to stand on the line of its header", "a {b=1}"),
        (
            "a \"b\"\nc = 1\n",
            "expected `{` behind a \"b\", found the end of the line",
            "a \"b\" {}; c=1",
        ),
        ("\"a\" = 1\n", "the name of an argument is not quoted: a", "a=1"),
        ("a: 1\nb = 2\n", "expected `=` or `{` behind `a`, found `:`", "b=2"),
        ("a =\nb = 2\n", "the value of `a` is missing", "a=invalid; b=2"),
        ("a = # c\nb = 2\n", "the value of `a` is missing", "a=invalid; b=2"),
        ("} \na = 1\n", "unexpected `}`: no block is open here", "a=1"),
        ("a = )\nb = 1\n", "the value of `a` is missing", "a=invalid; b=1"),
        ("@\na = 1\n", "expected an argument or a block, found `@`", "a=1"),
        ("a = [1 2]\nb = 1\n", "cannot read the value of `a`: unexpected `2`", "a=invalid; b=1"),
        (
            "a = {\n b 1\n}\nc = 2\n",
            "cannot read the value of `a`: unexpected `1`",
            "a=invalid; c=2",
        ),
        ("a \"b {\n}\nc = 1\n", "the string is not closed", "a {}; c=1"),
    ];
    for (text, message, shown) in cases {
        let document = parse(text);
        assert_eq!(messages(&document.errors).first(), Some(&message), "{text}");
        assert_eq!(show_body(body(&document)), shown, "{text}");
    }
}

#[test]
fn messages_name_the_blocks() {
    let text =
        "data \"d\" \"x\" {\n  statement {\n    principals {\n      type = [1 2]\n    }\n  }\n}\n";
    let document = parse(text);
    let [error] = document.errors.as_slice() else { panic!("{:?}", document.errors) };
    assert_eq!(
        error.message,
        "cannot read the value of `type` in block principals of data \"d\" \"x\": unexpected `2`"
    );
    assert_eq!(at(text, error.span), "2");
    assert_eq!(error.help.as_deref(), Some("expected `]`"));
}

#[test]
fn empty_files() {
    for text in ["", "\u{feff}", "\n\n", "# c", " \t\r\n"] {
        let document = parse(text);
        assert_eq!(document.errors, [], "{text:?}");
        assert_eq!(show_body(body(&document)), "");
        assert!(document.roots.is_empty());
    }
}
