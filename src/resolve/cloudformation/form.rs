//! The forms of intrinsic functions: short tags and long maps alike.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::syntax::{Expr, Kind, Node, Pair, TemplatePart};

/// The functions that are known by name (AWS CloudFormation User Guide, "Intrinsic function
/// reference"). The names are static because a value remembers the function it came through.
const FUNCTIONS: [&str; 23] = [
    "Ref",
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Contains",
    "Fn::EachMemberEquals",
    "Fn::EachMemberIn",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::ForEach",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
];

/// What a node is in a template.
#[derive(Debug, Clone, Copy)]
pub enum Form<'n> {
    /// A call of a known function with its argument.
    Call(&'static str, &'n Node),
    /// `{"Condition": "Name"}` or `!Condition Name`. As a map this is a reference only where a
    /// condition is expected: a policy statement has a `Condition` too.
    Condition(&'n Node),
    /// A tag or `Fn::` name that CloudFormation does not document.
    Unknown(&'n Arc<str>, &'n Node),
    /// No function.
    Plain,
}

impl<'n> Form<'n> {
    /// The form of `node`.
    pub fn of(node: &'n Node) -> Self {
        match &node.kind {
            Kind::Tagged(tag) => {
                let name = &*tag.name;
                if name == "Condition" {
                    return Self::Condition(&tag.value);
                }
                let found = FUNCTIONS
                    .into_iter()
                    .find(|f| f.strip_prefix("Fn::").unwrap_or(f) == name || *f == name);
                match found {
                    Some(function) => Self::Call(function, &tag.value),
                    None => Self::Unknown(&tag.name, &tag.value),
                }
            }
            Kind::Map(pairs) => {
                let [pair] = &**pairs else { return Self::Plain };
                let Some(name) = pair.key.as_text().map(|t| &t.text) else { return Self::Plain };
                if let Some(function) = FUNCTIONS.into_iter().find(|f| *f == &**name) {
                    return Self::Call(function, &pair.value);
                }
                if name.starts_with("Fn::ForEach::") {
                    return Self::Call("Fn::ForEach", &pair.value);
                }
                match &**name {
                    "Condition" => Self::Condition(&pair.value),
                    _ if is_function_name(name) => Self::Unknown(name, &pair.value),
                    _ => Self::Plain,
                }
            }
            _ => Self::Plain,
        }
    }
}

/// Whether a key of a map is the name of a function and not of a property.
pub fn is_function_name(key: &str) -> bool {
    key.starts_with("Fn::")
}

/// Whether an entry of a map is an `Fn::ForEach`.
pub(super) fn is_loop(pair: &Pair) -> bool {
    pair.key.scalar().is_some_and(|key| key.starts_with("Fn::ForEach::"))
}

/// How long a canonical text may be before the node's place stands for it.
const MAX_CANON: usize = 1000;

/// The text of an expression, the same for short and long forms and for every layout: equal
/// expressions have equal texts. A long expression is named by its place instead.
pub fn canonical(node: &Node) -> String {
    let mut out = String::new();
    if render(node, 0, &mut out) { out } else { format!("@{}:{}", node.span.start, node.span.end) }
}

fn render(node: &Node, depth: usize, out: &mut String) -> bool {
    if depth > 32 || out.len() > MAX_CANON {
        return false;
    }
    match Form::of(node) {
        Form::Call(name, arg) => {
            out.push_str(name);
            out.push('(');
            let done = render(arg, depth + 1, out);
            out.push(')');
            return done;
        }
        Form::Condition(arg) => {
            out.push_str("Condition(");
            let done = render(arg, depth + 1, out);
            out.push(')');
            return done;
        }
        Form::Unknown(..) | Form::Plain => {}
    }
    match &node.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {
            let _ = write!(out, "{:?}", node.scalar().unwrap_or_default());
        }
        Kind::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                if !render(item, depth + 1, out) {
                    return false;
                }
            }
            out.push(']');
        }
        Kind::Map(pairs) => {
            out.push('{');
            for (i, pair) in pairs.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                if !render(&pair.key, depth + 1, out) {
                    return false;
                }
                out.push_str(": ");
                if !render(&pair.value, depth + 1, out) {
                    return false;
                }
            }
            out.push('}');
        }
        Kind::Tagged(tag) => {
            let _ = write!(out, "!{} ", tag.name);
            return render(&tag.value, depth + 1, out);
        }
        Kind::Expr(expr) => return render_marked(expr, out),
        Kind::Invalid => return false,
    }
    out.len() <= MAX_CANON
}

/// A scalar with markers of another language: equal where each marker is a name.
fn render_marked(expr: &Expr, out: &mut String) -> bool {
    match expr {
        Expr::Variable(name) => {
            let _ = write!(out, "`{name}`");
            true
        }
        Expr::Template(parts) => parts.iter().all(|part| match part {
            TemplatePart::Text(text) => write!(out, "{:?}", text.text).is_ok(),
            TemplatePart::Interpolation(node) => render(node, 0, out),
            _ => false,
        }),
        _ => false,
    }
}

/// Whether `wanted` holds for some node in the tree. Shared nodes (aliases) are looked at once, and
/// the stack is on the heap, so neither a wide nor a deep tree does harm.
pub fn any(node: &Node, mut wanted: impl FnMut(&Node) -> bool) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if wanted(node) {
            return true;
        }
        match &node.kind {
            Kind::List(items) if seen.insert(items.as_ptr().addr()) => open.extend(items.iter()),
            Kind::Map(pairs) if seen.insert(pairs.as_ptr().addr()) => {
                open.extend(pairs.iter().flat_map(|pair| [&pair.key, &pair.value]));
            }
            Kind::Tagged(tag) if seen.insert(Arc::as_ptr(tag).addr()) => open.push(&tag.value),
            _ => {}
        }
    }
    false
}

/// The logical names that an expression refers to, by `Ref`, `Fn::GetAtt` or a `${}` of `Fn::Sub`;
/// an attribute stands behind a dot.
pub fn references(node: &Node) -> Vec<Arc<str>> {
    let mut out = Vec::new();
    any(node, |node| {
        match Form::of(node) {
            Form::Call("Ref", arg) => out.extend(arg.scalar()),
            Form::Call("Fn::GetAtt", arg) => match arg.as_list() {
                Some(items) => {
                    let names: Vec<_> = items.iter().filter_map(Node::scalar).collect();
                    out.push(names.join(".").into());
                }
                None => out.extend(arg.scalar()),
            },
            Form::Call("Fn::Sub", arg) => {
                let text = match arg.as_list() {
                    Some(items) => items.first().and_then(Node::scalar),
                    None => arg.scalar(),
                };
                let text = text.unwrap_or_default();
                out.extend(super::sub::holes(&text).map(|hole| Arc::from(hole.name)));
            }
            _ => {}
        }
        false
    });
    out
}
