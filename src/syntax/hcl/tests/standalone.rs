//! Expressions and templates outside of files.

use super::*;
use crate::syntax::SpanMapBuilder;

fn expression(text: &str) -> Fragment {
    parse_expression(text, &SpanMap::verbatim(FILE, 100))
}

fn template(text: &str) -> Fragment {
    parse_template(text, &SpanMap::verbatim(FILE, 100))
}

#[test]
fn expressions() {
    let found = expression(" # c\n [1,\n  var.a]\n // d\n");
    assert_eq!(found.errors, []);
    assert_eq!(show(&found.node), "[1 var.a]");
    assert_eq!(found.node.span.range(), 106..118);
    assert_eq!(show(&expression("a ==\n b").node), "Eq(a b)");
    assert_eq!(show(&expression("<<E\nx\nE\n").node), "\"x\\n\"");
}

#[test]
fn broken_expressions() {
    for text in ["", " # c", "a b", "a )", "(a", "a,b", "\"x", "{ a = 1", "[1 2]"] {
        let found = expression(text);
        assert!(matches!(found.node.kind, Kind::Invalid), "{text}");
        assert_eq!(found.errors.len(), 1, "{text}");
    }
}

#[test]
fn templates() {
    assert_eq!(show(&template("").node), "\"\"");
    assert_eq!(
        show(&template("a \"b\" \\n\nc $ % $${d} $").node),
        r#""a \"b\" \\n\nc $ % ${d} $""#
    );
    assert_eq!(show(&template("${x}").node), "t(x)");
    assert_eq!(show(&template("a ${~ x ~} \n b").node), r#"t("a" x " b")"#);
    assert_eq!(
        show(&template("%{ for a in b ~}\n${a},\n%{ endfor ~}\n").node),
        r#"t(for(a in b | a ",\n"))"#
    );
    assert_eq!(show(&template("%{ if a ||\n b }c%{ endif }").node), r#"t(if(Or(a b) | "c" | ))"#);
}

#[test]
fn broken_templates() {
    for text in ["${", "${a", "${a b}", "%{ if a }", "%{ endif }", "${\"a}"] {
        let found = template(text);
        assert!(matches!(found.node.kind, Kind::Invalid), "{text}");
        assert_eq!(found.errors.len(), 1, "{text}");
    }
}

#[test]
fn positions_go_through_the_map() {
    // As decoded from the JSON string `"x\u0024{var.a}\"q\""` at offset 10.
    let mut builder = SpanMapBuilder::new(FILE);
    builder.verbatim("x", 11);
    builder.replaced("$", 12..18);
    builder.verbatim("{var.a}", 18);
    builder.replaced("\"", 25..27);
    builder.verbatim("q", 27);
    builder.replaced("\"", 28..30);
    let decoded = builder.finish(11);
    let found = parse_template(&decoded.text, &decoded.map);
    assert_eq!(found.errors, []);
    assert_eq!(found.node.span.range(), 11..30);
    let Kind::Expr(expr) = &found.node.kind else { panic!("{found:?}") };
    let Expr::Template(parts) = &**expr else { panic!("{expr:?}") };
    let [TemplatePart::Text(x), TemplatePart::Interpolation(var), TemplatePart::Text(rest)] =
        parts.as_slice()
    else {
        panic!("{parts:?}")
    };
    assert_eq!(x.map.span(0..1).range(), 11..12);
    assert_eq!(var.span.range(), 19..24);
    assert_eq!(&*rest.text, "\"q\"");
    assert_eq!(rest.map.span(0..1).range(), 25..27);
    assert_eq!(rest.map.span(1..2).range(), 27..28);
    assert_eq!(rest.map.span(2..3).range(), 28..30);
}

#[test]
fn duplicates() {
    let found = expression("{ a = 1, a = 2 }");
    assert_eq!(show(&found.node), "{\"a\": 1, \"a\": 2}");
    let [duplicate] = found.duplicates.as_slice() else { panic!("{found:?}") };
    assert_eq!((duplicate.first.range(), duplicate.second.range()), (102..103, 109..110));
}
