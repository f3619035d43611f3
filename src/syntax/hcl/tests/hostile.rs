//! Texts that want to crash the parser, to hang it or to hide from it.
//!
//! Nothing is timed: without the bounds these tests would run for minutes or for ever.

use super::*;

fn errors(text: &str) -> Vec<String> {
    parse(text).errors.into_iter().map(|error| error.message).collect()
}

#[test]
fn an_object_of_50_000_keys_is_refused() {
    let keys = (0..50_000).map(|i| format!("  key_{i} = {i}\n")).collect::<String>();
    let text = format!("locals {{\n  big = {{\n{keys}  }}\n  small = 1\n}}\n");
    let document = parse(&text);
    let [error] = document.errors.as_slice() else { panic!("{:?}", document.errors) };
    assert_eq!(
        error.message,
        "the value of `big` in locals holds too many object keys: it is not read"
    );
    assert_eq!(show_body(body(&document)), "locals {big=invalid; small=1}");
}

#[test]
fn an_object_of_2_000_keys_is_read() {
    let keys = (0..2_000).map(|i| format!("k{i} = {i}\n")).collect::<String>();
    assert_eq!(errors(&format!("a = {{\n{keys}}}\n")), Vec::<String>::new());
}

#[test]
fn a_body_of_50_000_attributes_is_read() {
    let text = (0..50_000).map(|i| format!("key_{i} = {i}\n")).collect::<String>();
    let document = parse(&text);
    assert_eq!(document.errors, []);
    assert_eq!(body(&document).attributes.len(), 50_000);
}

#[test]
fn many_duplicate_keys_are_refused_in_time() {
    let text = format!("a = {{\n{}}}\nb = 1\n", "key = 1\n".repeat(3_000));
    let document = parse(&text);
    assert_eq!(
        messages(&document.errors),
        ["too many duplicate object keys in the value of `a`: it is not read"]
    );
    assert_eq!(show_body(body(&document)), "a=invalid; b=1");
    assert_eq!(errors(&format!("a = {{\n{}}}\n", "key = 1\n".repeat(100))), Vec::<String>::new());
}

#[test]
fn nesting_is_supported_up_to_64_levels() {
    let shapes = [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{ a = ", "1", " }"),
        ("!", "a", ""),
        ("f(", "1", ")"),
        ("\"${", "a", "}\""),
        ("a ? ", "1", " : 2"),
        ("[for x in y : ", "x", "]"),
        ("\"%{ if a }${", "1", "}%{ endif }\""),
    ];
    for (open, middle, close) in shapes {
        for (levels, fine) in [(20, true), (70, false), (400, false), (20_000, false)] {
            let text =
                format!("a = {}{middle}{}\nb = 1\n", open.repeat(levels), close.repeat(levels));
            let document = parse(&text);
            let messages = messages(&document.errors);
            if fine {
                assert_eq!(messages, Vec::<&str>::new(), "{open}");
            } else {
                assert!(
                    messages.iter().all(|m| m.contains("not supported")),
                    "{open} {messages:?}"
                );
                assert_eq!(messages.len(), 1, "{open}");
            }
            let attribute = body(&document).attribute("b");
            assert!(attribute.is_some(), "{open} {levels}");
        }
    }
}

#[test]
fn chains_of_operators_are_bounded() {
    let text = |n: usize| format!("a = 1{}\n", " + 1".repeat(n));
    assert_eq!(errors(&text(100)), Vec::<String>::new());
    assert_eq!(
        errors(&text(100_000)),
        ["more than 128 chained operators in the value of `a` are not supported: it is not read"]
    );
}

#[test]
fn blocks_are_nested_up_to_64_levels() {
    let text = |n: usize| format!("{}{}a = 1\n", "b {\n".repeat(n), "}\n".repeat(n));
    assert_eq!(errors(&text(64)), Vec::<String>::new());
    assert_eq!(errors(&text(65)), ["blocks nested deeper than 64 are not supported"]);
    let document = parse(&text(50_000));
    assert_eq!(
        messages(&document.errors),
        [
            "blocks nested deeper than 64 are not supported",
            "reading stops here: the rest of the text is not read"
        ]
    );
}

#[test]
fn unclosed_brackets_by_the_thousand() {
    for line in [
        "a = (\n",
        "a = \"${\n",
        "a = {\n",
        "b {\n",
        "a = <<X\n",
        "/*\n",
        "\"\n",
        "a = ${\n",
        "a = [}\n",
    ] {
        let text = line.repeat(3_000);
        let document = parse(&text);
        assert!(!document.errors.is_empty(), "{line}");
        assert!(document.errors.len() < 300, "{line} {}", document.errors.len());
    }
    for token in ["(", "[", "{", "\"${", "%{", "<<X", "b{", "\"", "'"] {
        let document = parse(&token.repeat(100_000));
        assert!(!document.errors.is_empty(), "{token}");
    }
}

/// Each level would be read twice for each level around it.
#[test]
fn nested_blocks_without_end() {
    let flat = "a {\n".repeat(60);
    assert!(!errors(&flat).is_empty());
    let indented = (0..60).map(|i| format!("{}a {{\n", " ".repeat(i))).collect::<String>();
    assert!(!errors(&indented).is_empty());
    let falling = (0..60).rev().map(|i| format!("{}a {{\n", " ".repeat(i))).collect::<String>();
    assert!(!errors(&falling).is_empty());
    let pairs = "a {\n b {\n}\n".repeat(60);
    assert!(!errors(&pairs).is_empty());
}

#[test]
fn many_errors_are_cut_off() {
    let document = parse(&"= 1\n".repeat(100_000));
    assert_eq!(document.errors.len(), 201);
    assert_eq!(
        document.errors.iter().filter(|e| e.message.starts_with("reading stops here")).count(),
        1
    );
}

#[test]
fn long_lines() {
    assert_eq!(errors(&format!("{}\n", "/**/".repeat(40_000))), Vec::<String>::new());
    assert_eq!(errors(&format!("a = [{}]\n", "/**/1,".repeat(10_000))), Vec::<String>::new());
    assert_eq!(errors(&format!("a = \"{}\"\n", "$".repeat(60_000))), Vec::<String>::new());
    assert_eq!(errors(&format!("a = \"{}\"\n", "\\n".repeat(30_000))), Vec::<String>::new());
    assert_eq!(errors(&format!("a = \"{}\"\n", "${b}".repeat(10_000))), Vec::<String>::new());
    assert_eq!(errors(&format!("a = <<E\n{}\nE\n", "E".repeat(60_000))), Vec::<String>::new());
    assert_eq!(errors(&format!("a = <<E\n{}E\n", "E x\n".repeat(10_000))), Vec::<String>::new());
    assert_eq!(errors(&format!("a = <<-E\n{}E\n", "  \n".repeat(20_000))), Vec::<String>::new());
}

#[test]
fn messages_repeat_little_of_the_text() {
    let name = "n".repeat(100_000);
    for text in [
        format!("{name} = [1 2]\n"),
        format!("{name} {{\n a = [1 2]\n}}\n"),
        format!("{name} \"{name}\" \"{name}\" {{\n b {{ \n a = [{name} {name}]\n}}\n}}\n"),
        format!("a = <<{name}\n"),
        format!("\"{name}\" = 1\n"),
    ] {
        for error in parse(&text).errors {
            assert!(error.message.len() < 500, "{}", error.message.len());
        }
    }
}

#[test]
fn an_error_inside_a_character_is_placed_before_it() {
    let text = "a = !b && -c + 3 * 4 >= 5 || (d == e ? f : g[*].h)\n/* \u{e9} */ i = a::b::c\u{e9}, 2...)\n";
    let document = parse(text);
    assert!(!document.errors.is_empty());
    for error in &document.errors {
        assert!(text.get(error.span.range()).is_some(), "{error:?}");
    }
}

#[test]
fn a_comment_of_broken_text_is_listed_once() {
    let text = "a = \"%{ if x ~} \\u00e9 \\n %{~ else }\\\"$${y}%{ endif }\"\nb = {}\n c = 1, \"d\"# : 2\n (e) = 3 }\n";
    let document = parse(text);
    assert!(!document.errors.is_empty());
    let [comment] = document.comments.as_slice() else { panic!("{:?}", document.comments) };
    assert_eq!(text.get(comment.span.range()), Some("# : 2"));
}
