//! Every kind of expression, its shape and its spans.

use super::*;
use crate::syntax::ForExpr;

fn shown(expr: &str) -> String {
    show(&value(expr))
}

#[test]
fn literals() {
    assert_eq!(shown("null"), "null");
    assert_eq!(shown("true"), "true");
    assert_eq!(shown("007"), "007");
    assert_eq!(shown("-5"), "-5");
    assert_eq!(shown("- 5"), "-5");
    assert_eq!(shown("1.50e+3"), "1.50e+3");
    assert_eq!(shown("123456789012345678901234567890"), "123456789012345678901234567890");
    assert_eq!(shown("\"a\""), "\"a\"");
    assert_eq!(shown("\"\""), "\"\"");
}

#[test]
fn collections() {
    assert_eq!(shown("[]"), "[]");
    assert_eq!(shown("[1, \"b\", [c],\n]"), "[1 \"b\" [c]]");
    assert_eq!(shown("{}"), "{}");
    assert_eq!(shown("{ a = 1, b : 2\n c = 3 }"), "{\"a\": 1, \"b\": 2, \"c\": 3}");
}

#[test]
fn object_keys() {
    assert_eq!(
        shown(
            "{ a-b = 1, \"c d\" = 2, \"e${f}\" = 3, (g) = 4, (\"h\") = 5, 6 = 7, true = 8, i.j = 9 }"
        ),
        "{\"a-b\": 1, \"c d\": 2, t(\"e\" f): 3, g: 4, \"h\": 5, 6: 7, \"true\": 8, i.j: 9}"
    );
}

#[test]
fn operators() {
    assert_eq!(shown("a + b * c"), "Plus(a Mul(b c))");
    assert_eq!(shown("(a + b) * -c"), "Mul(Plus(a b) -(c))");
    assert_eq!(shown("!a && b == c || d >= 1 % 2"), "Or(And(!(a) Eq(b c)) GreaterEq(d Mod(1 2)))");
    assert_eq!(shown("a - b / c != d"), "NotEq(Minus(a Div(b c)) d)");
    assert_eq!(
        shown("a < b ? c : d <= e ? f : g > h"),
        "if(Less(a b) c if(LessEq(d e) f Greater(g h)))"
    );
}

#[test]
fn traversals() {
    assert_eq!(shown("var.a"), "var.a");
    assert_eq!(shown("a.b[0][\"c\"].d[e.f]"), "a.b[0][\"c\"].d[e.f]");
    assert_eq!(shown("a.0.b"), "a[0].b");
    assert_eq!(shown("a.*.b[*].c"), "a.*.b[*].c");
    assert_eq!(shown("f(x)[0].y"), "f(x)[0].y");
    assert_eq!(shown("(a.b).c"), "a.b.c");
}

#[test]
fn traversal_spans() {
    let text = "a = x.y[ 0 ].*.z[*]\n";
    let document = parse(text);
    let node = &body(&document).attributes.first().expect("an attribute").value;
    assert_eq!(at(text, node.span), "x.y[ 0 ].*.z[*]");
    let Kind::Expr(expr) = &node.kind else { panic!("{node:?}") };
    let Expr::Traversal(base, steps) = &**expr else { panic!("{expr:?}") };
    assert_eq!(at(text, base.span), "x");
    let steps = steps.iter().map(|(_, span)| at(text, *span)).collect::<Vec<_>>();
    assert_eq!(steps, [".y", "[ 0 ]", ".*", ".z", "[*]"]);
}

#[test]
fn calls() {
    assert_eq!(shown("f()"), "f()");
    assert_eq!(shown("f(a, [b]...)"), "f(a [b]...)");
    assert_eq!(shown("provider::aws::arn_parse(a,\n b,\n)"), "provider::aws::arn_parse(a b)");
    let text = "a = provider::aws::arn_parse(x)\n";
    let document = parse(text);
    let node = &body(&document).attributes.first().expect("an attribute").value;
    let Kind::Expr(expr) = &node.kind else { panic!("{node:?}") };
    let Expr::Call { name_span, args, .. } = &**expr else { panic!("{expr:?}") };
    assert_eq!(at(text, *name_span), "provider::aws::arn_parse");
    assert_eq!(at(text, args.first().expect("an argument").span), "x");
}

#[test]
fn for_expressions() {
    assert_eq!(shown("[for x in y : x.z]"), "for(x in y: x.z)");
    assert_eq!(
        shown("{ for k, v in y : k => v... if v != null }"),
        "for(k, v in y: k => v... if NotEq(v null))"
    );
    let node = value("[for k, v in y : v]");
    let Kind::Expr(expr) = &node.kind else { panic!("{node:?}") };
    assert!(matches!(&**expr, Expr::For(ForExpr { key: None, key_name: Some(_), .. })));
}

/// `hcl-edit` wants parts of a `for` expression on one line; the language does not.
#[test]
fn newlines_where_they_mean_nothing() {
    let object = "{ for k, v in y :\n  k =>\n    v ? # yes\n    1 :\n    2\n  if v\n}";
    assert_eq!(shown(object), "for(k, v in y: k => if(v 1 2) if v)");
    assert_eq!(shown(&object.replace('\n', "\r\n")), shown(object));
    assert_eq!(shown("[\n for\n x in a ||\n b : x\n]"), "for(x in Or(a b): x)");
    assert_eq!(shown("(\n a\n +\n b\n)"), "Plus(a b)");
    assert_eq!(shown("[-\n1, !\na]"), "[-1 !(a)]");
    assert_eq!(shown("\"%{ if a &&\n b }x%{ endif }\""), "t(if(And(a b) | \"x\" | ))");
    assert_eq!(shown("f(/* a\n b */ 1, // c\n 2 # d\n)"), "f(1 2)");
}

#[test]
fn newlines_that_end_an_item() {
    assert_eq!(tree("a = 1\nb = [\n2]\n"), "a=1; b=[2]");
    assert_eq!(messages(&parse("a = 1 +\n2\n").errors).len(), 2);
    assert_eq!(shown("{ a = f(\n1)\n b = 2 }"), "{\"a\": f(1), \"b\": 2}");
}

#[test]
fn parentheses_leave_no_trace() {
    let text = "a = ( \"x\" )\n";
    let document = parse(text);
    let node = &body(&document).attributes.first().expect("an attribute").value;
    assert_eq!(at(text, node.span), "\"x\"");
}

#[test]
fn a_number_with_two_points_is_none() {
    let document = parse("a = 10.11.12.13\n");
    assert_eq!(messages(&document.errors), ["`10.11.12.13` is not a number"]);
    assert_eq!(show_body(body(&document)), "a=invalid");
}

#[test]
fn duplicate_object_keys() {
    let text = "a = { k = 1, x = { k = 2, \"k\" = 3 }, \"k\" = 4, (v) = 5, k = 6, (v) = 7 }\n";
    let document = parse(text);
    assert!(document.errors.is_empty(), "{:?}", document.errors);
    assert_eq!(
        show_body(body(&document)),
        "a={\"k\": 1, \"x\": {\"k\": 2, \"k\": 3}, \"k\": 4, v: 5, \"k\": 6, v: 7}"
    );
    let found = document
        .duplicates
        .iter()
        .map(|d| (&*d.key, d.first.start, at(text, d.first), d.second.start, at(text, d.second)));
    assert_eq!(
        found.collect::<Vec<_>>(),
        [("k", 19, "k", 26, "\"k\""), ("k", 6, "k", 37, "\"k\""), ("k", 6, "k", 55, "k"),]
    );
}

#[test]
fn equal_keys_that_are_expressions_are_not_duplicates_yet() {
    let document = parse("a = { (v) = 1, \"${b}\" = 2, (v) = 3, \"${b}\" = 4 }\n");
    assert!(document.errors.is_empty(), "{:?}", document.errors);
    assert!(document.duplicates.is_empty());
    assert_eq!(show_body(body(&document)), "a={v: 1, t(b): 2, v: 3, t(b): 4}");
}

#[test]
fn duplicates_with_escapes_and_conditions_in_the_key() {
    let text = "a = { \"\\u0041\" = 1\n A = 2\n \"A\" = 3\n (c ? d : e) = 4\n (c ? d : e) = 5 }\n";
    let document = parse(text);
    assert!(document.errors.is_empty(), "{:?}", document.errors);
    let seconds = document.duplicates.iter().map(|d| at(text, d.second));
    assert_eq!(seconds.collect::<Vec<_>>(), ["A", "\"A\""]);
}

#[test]
fn duplicate_names_of_one_byte() {
    let keys = (b'a'..=b'z').map(char::from).collect::<Vec<_>>();
    let once = keys.iter().map(|k| format!("{k} = 1\n")).collect::<String>();
    let document = parse(&format!("x = {{\n{once}a = 2\nb = 2\nz = 2\n}}\n"));
    assert!(document.errors.is_empty(), "{:?}", document.errors);
    assert_eq!(document.duplicates.len(), 3);
}
