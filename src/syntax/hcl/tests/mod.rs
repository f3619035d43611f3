//! Shared helpers: parsing a text and writing its tree as one short line.

use super::*;
use crate::syntax::{Body, Expr, Kind, TemplatePart, Traverse, UnaryOp};

mod expressions;
mod hostile;
mod json;
mod property;
mod recovery;
mod standalone;
mod structure;
mod text;

const FILE: FileId = FileId(3);

fn parse(text: &str) -> Document {
    parse_file(FILE, text)
}

fn body(document: &Document) -> &Body {
    document.body.as_ref().expect("every HCL document has a body")
}

/// The tree of a text without errors.
fn tree(text: &str) -> String {
    let document = parse(text);
    assert!(document.errors.is_empty(), "{text}\n{:?}", messages(&document.errors));
    show_body(body(&document))
}

/// The value of the only attribute of a text without errors.
fn value(expr: &str) -> Node {
    let document = parse(&format!("a = {expr}\n"));
    assert!(document.errors.is_empty(), "{expr}\n{:?}", messages(&document.errors));
    body(&document).attributes.first().expect("an attribute").value.clone()
}

fn messages(errors: &[SyntaxError]) -> Vec<&str> {
    errors.iter().map(|error| error.message.as_str()).collect()
}

/// What stands at a span.
fn at(text: &str, span: crate::source::Span) -> &str {
    assert_eq!(span.file, FILE);
    text.get(span.range()).expect("a span lies in its text, on character boundaries")
}

fn show_body(body: &Body) -> String {
    let attributes = body.attributes.iter();
    let attributes = attributes.map(|a| (a.span.start, format!("{}={}", a.name, show(&a.value))));
    let blocks = body.blocks.iter().map(|block| {
        let labels = block.labels.iter().map(|label| format!(" {:?}", &*label.text));
        let labels = labels.collect::<String>();
        (block.span.start, format!("{}{labels} {{{}}}", block.kind, show_body(&block.body)))
    });
    let mut items = attributes.chain(blocks).collect::<Vec<_>>();
    items.sort();
    items.into_iter().map(|(_, item)| item).collect::<Vec<_>>().join("; ")
}

fn all(nodes: &[Node]) -> String {
    nodes.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn show(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(text) => text.to_string(),
        Kind::Text(text) => format!("{:?}", &*text.text),
        Kind::List(items) => format!("[{}]", all(items)),
        Kind::Map(pairs) => {
            let pairs = pairs.iter().map(|p| format!("{}: {}", show(&p.key), show(&p.value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        Kind::Tagged(_) => "tagged".to_owned(),
        Kind::Invalid => "invalid".to_owned(),
        Kind::Expr(expr) => show_expr(expr),
    }
}

fn show_expr(expr: &Expr) -> String {
    match expr {
        Expr::Template(parts) => format!("t({})", show_parts(parts)),
        Expr::Variable(name) => name.to_string(),
        Expr::Traversal(base, steps) => {
            let steps = steps.iter().map(|(step, _)| match step {
                Traverse::Attr(name) => format!(".{name}"),
                Traverse::Index(index) => format!("[{}]", show(index)),
                Traverse::AttrSplat => ".*".to_owned(),
                Traverse::FullSplat => "[*]".to_owned(),
            });
            format!("{}{}", show(base), steps.collect::<String>())
        }
        Expr::Call { name, args, expand, .. } => {
            format!("{name}({}{})", all(args), if *expand { "..." } else { "" })
        }
        Expr::Conditional(cond, yes, no) => {
            format!("if({} {} {})", show(cond), show(yes), show(no))
        }
        Expr::Unary(UnaryOp::Neg, operand) => format!("-({})", show(operand)),
        Expr::Unary(UnaryOp::Not, operand) => format!("!({})", show(operand)),
        Expr::Binary(op, left, right) => format!("{op:?}({} {})", show(left), show(right)),
        Expr::For(expr) => {
            let key = expr.key.as_ref().map(|key| format!(" {} =>", show(key)));
            let cond = expr.condition.as_ref().map(|cond| format!(" if {}", show(cond)));
            format!(
                "for({}{} in {}:{} {}{}{})",
                expr.key_name.as_ref().map(|name| format!("{name}, ")).unwrap_or_default(),
                expr.value_name,
                show(&expr.collection),
                key.unwrap_or_default(),
                show(&expr.value),
                if expr.grouping { "..." } else { "" },
                cond.unwrap_or_default(),
            )
        }
    }
}

fn show_parts(parts: &[TemplatePart]) -> String {
    let parts = parts.iter().map(|part| match part {
        TemplatePart::Text(text) => format!("{:?}", &*text.text),
        TemplatePart::Interpolation(node) => show(node),
        TemplatePart::If(cond, yes, no) => {
            format!("if({} | {} | {})", show(cond), show_parts(yes), show_parts(no))
        }
        TemplatePart::For { key_name, value_name, collection, body } => format!(
            "for({}{value_name} in {} | {})",
            key_name.as_ref().map(|name| format!("{name}, ")).unwrap_or_default(),
            show(collection),
            show_parts(body)
        ),
    });
    parts.collect::<Vec<_>>().join(" ")
}
