//! Strings, heredocs and templates: values and positions.

use super::*;
use crate::syntax::Text;

fn text_of(source: &str) -> Text {
    let document = parse(source);
    assert!(document.errors.is_empty(), "{source}\n{:?}", messages(&document.errors));
    let node = &body(&document).attributes.first().expect("an attribute").value;
    node.as_text().unwrap_or_else(|| panic!("{node:?}")).clone()
}

/// The source of each character of the value.
fn origins<'s>(source: &'s str, text: &Text) -> Vec<(char, &'s str)> {
    let chars = text.text.char_indices();
    chars.map(|(i, c)| (c, at(source, text.map.span(i..i + c.len_utf8())))).collect()
}

#[test]
fn escapes() {
    let source = r#"a = "q\n\r\t\"\\\u00e9\U0001F600$${x}%%{y}$ % $$é""#;
    let text = text_of(source);
    assert_eq!(&*text.text, "q\n\r\t\"\\é😀${x}%{y}$ % $$é");
    let found = origins(source, &text);
    let expected = [
        ('q', "q"),
        ('\n', r"\n"),
        ('\r', r"\r"),
        ('\t', r"\t"),
        ('"', r#"\""#),
        ('\\', r"\\"),
        ('é', r"\u00e9"),
        ('😀', r"\U0001F600"),
        ('$', "$${"),
        ('{', "$${"),
        ('x', "x"),
    ];
    assert_eq!(found.get(..expected.len()), Some(expected.as_slice()));
    assert_eq!(found.last(), Some(&('é', "é")));
}

#[test]
fn dollar_signs_before_a_sequence() {
    assert_eq!(show(&value(r#""$$${x}""#)), r#""$${x}""#);
    assert_eq!(show(&value(r#""$ ${x}$""#)), r#"t("$ " x "$")"#);
    assert_eq!(show(&value(r#""%%%{x}%""#)), r#""%%{x}%""#);
}

#[test]
fn a_malformed_escape_costs_an_error_only() {
    for escape in [r"\.", r"\u12", r"\uD800", r"\UFFFFFFFF", r"\é"] {
        let source = format!("a = \"x{escape}y${{z}}\"\nb = 1\n");
        let document = parse(&source);
        let [error] = document.errors.as_slice() else { panic!("{escape} {:?}", document.errors) };
        assert_eq!(error.message, "unknown escape sequence");
        assert!(escape.starts_with(at(&source, error.span)), "{escape}");
        let shown = show_body(body(&document));
        assert_eq!(shown, format!("a=t({:?} z); b=1", format!("x{escape}y")));
    }
}

#[test]
fn a_heredoc_is_text() {
    let source = "a = <<EOT\n {\n  \"b\": \"\\n $${c}\"\n }\nEOT\nb = 1\n";
    let document = parse(source);
    let node = &body(&document).attributes.first().expect("an attribute").value;
    assert_eq!(at(source, node.span), "<<EOT\n {\n  \"b\": \"\\n $${c}\"\n }\nEOT");
    let text = text_of(source);
    assert_eq!(&*text.text, " {\n  \"b\": \"\\n ${c}\"\n }\n");
    let place = text.text.find("${c").expect("the marker");
    assert_eq!(at(source, text.map.span(place..place + 3)), "$${c");
}

#[test]
fn heredocs_end_where_the_language_says() {
    assert_eq!(show(&value("<<E\nE")), "\"\"");
    assert_eq!(show(&value("<<E\nE1\n-E\nE)\nE, x\n  E  ")), r#""E1\n-E\nE)\nE, x\n""#);
    assert_eq!(show(&value("<<E\n${x}E\nE\n")), r#"t(x "E\n")"#);
    assert_eq!(show(&value("<<E\na\n\u{a0}\tE\u{b}\n")), r#""a\n""#);
    assert_eq!(show(&value("[<<E\na\nE\n, <<-F\nb\nF\n]")), r#"["a\n" "b\n"]"#);
}

#[test]
fn an_indented_heredoc_loses_its_common_indentation() {
    assert_eq!(show(&value("<<-E\n    a\n      b\n   c\n    E\n")), r#"" a\n   b\nc\n""#);
    // A blank line keeps its blanks and does not count.
    assert_eq!(show(&value("<<-E\n    a\n\n  \n    b\n    E\n")), r#""a\n\n  \nb\n""#);
    assert_eq!(show(&value("<<-E\n    a\n  ${x}\n  E\n")), r#"t("  a\n" x "\n")"#);
    // A line that starts with a sequence has no indentation.
    assert_eq!(show(&value("<<-E\n    a\n${x}\n  E\n")), r#"t("    a\n" x "\n")"#);
    assert_eq!(show(&value("<<-E\n\ta\n  b\n  E\n")), r#""a\n b\n""#);
    assert_eq!(
        show(&value("<<-E\n  %{ if x }\n  a\n  %{ endif }\n  E\n")),
        r#"t(if(x | "\na\n" | ) "\n")"#
    );
}

#[test]
fn an_indented_heredoc_maps_to_its_source() {
    let source = "a = <<-E\n    {\"b\":\n      1}\n    E\n";
    let text = text_of(source);
    assert_eq!(&*text.text, "{\"b\":\n  1}\n");
    assert_eq!(at(source, text.map.span(1..4)), "\"b\"");
    assert_eq!(at(source, text.map.span(8..9)), "1");
    assert_eq!(at(source, text.map.span(0..9)), "{\"b\":\n      1");
}

/// hashicorp/hcl keeps the line ends as they are written.
#[test]
fn crlf_stays() {
    let source = "a = <<-E\r\n    {\r\n      é\r\n    E\r\nb = 1\r\n";
    let text = text_of(source);
    assert_eq!(&*text.text, "{\r\n  é\r\n");
    assert_eq!(at(source, text.map.span(5..7)), "é");
    assert_eq!(tree(source), "a=\"{\\r\\n  é\\r\\n\"; b=1");
}

#[test]
fn strip_markers() {
    assert_eq!(show(&value(r#""a  ${~ x ~} \n b""#)), r#"t("a" x "b")"#);
    assert_eq!(show(&value(r#""a ${~ x } b""#)), r#"t("a" x " b")"#);
    assert_eq!(
        show(&value(r#""a %{ if x ~} b %{~ else ~} c %{~ endif ~} d""#)),
        r#"t("a " if(x | "b" | "c") "d")"#
    );
    // In a heredoc a marker reaches to the end of its line, not into the next.
    assert_eq!(show(&value("<<E\n${x ~}\n  b\nE\n")), r#"t(x "  b\n")"#);
    assert_eq!(show(&value("<<E\n  a\n  ${~ x}\nE\n")), r#"t("  a\n" x "\n")"#);
    assert_eq!(show(&value("<<-E\n  a ${x ~}\n    b\n  E\n")), r#"t("a " x "    b\n")"#);
}

#[test]
fn directives() {
    assert_eq!(
        show(&value("<<E\n%{ for k, v in m ~}\n${k}=${v}\n%{ endfor ~}\nE\n")),
        r#"t(for(k, v in m | k "=" v "\n"))"#
    );
    assert_eq!(show(&value(r#""%{ for v in m }x%{ endfor }""#)), r#"t(for(v in m | "x"))"#);
    assert_eq!(
        show(&value(r#""%{ if a }b%{ else }%{ if c }d%{ endif }%{ endif }""#)),
        r#"t(if(a | "b" | if(c | "d" | )))"#
    );
}

/// `hcl-edit` leaves the escapes in the body of a directive.
#[test]
fn directives_in_quotes_are_unescaped() {
    let source = r#"a = "%{ if x }q\"w\n%{ else }\u0041$${%{ endif }""#;
    assert_eq!(tree(source), r#"a=t(if(x | "q\"w\n" | "A${"))"#);
}

#[test]
fn parts_map_to_their_source() {
    let source = "a = \"x\\t${y}z\\\"\"\n";
    let document = parse(source);
    let node = &body(&document).attributes.first().expect("an attribute").value;
    assert_eq!(at(source, node.span), "\"x\\t${y}z\\\"\"");
    let Kind::Expr(expr) = &node.kind else { panic!("{node:?}") };
    let Expr::Template(parts) = &**expr else { panic!("{expr:?}") };
    let [TemplatePart::Text(first), TemplatePart::Interpolation(y), TemplatePart::Text(last)] =
        parts.as_slice()
    else {
        panic!("{parts:?}")
    };
    assert_eq!(origins(source, first), [('x', "x"), ('\t', "\\t")]);
    assert_eq!(at(source, y.span), "y");
    assert_eq!(origins(source, last), [('z', "z"), ('"', "\\\"")]);
}

#[test]
fn sequences_nest() {
    assert_eq!(show(&value(r#""${"a${"b${c}"}"}""#)), r#"t(t("a" t("b" c)))"#);
    assert_eq!(show(&value("\"${f({\n a = \"}\" # }\n})}\"")), r#"t(f({"a": "}"}))"#);
}

#[test]
fn empty_text_has_a_place() {
    let source = "a = \"\"\nb = <<E\nE\n";
    let document = parse(source);
    let places = body(&document).attributes.iter().map(|attribute| {
        let text = attribute.value.as_text().expect("text");
        text.map.span(0..0).start
    });
    assert_eq!(places.collect::<Vec<_>>(), [5, 15]);
}
