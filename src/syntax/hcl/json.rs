//! Terraform's JSON syntax (`.tf.json`): JSON objects read as bodies, blocks and expressions.
//!
//! Follows hashicorp/hcl (`json/structure.go`, `json/spec.md`) and HashiCorp, "JSON Configuration
//! Syntax". Block types are keys, labels are keys below them, several blocks of one kind are an array,
//! and at each level an array of objects stands for one object with all their members. A string is a
//! template; one that is a single interpolation is that expression. Arguments of `variable` and
//! `terraform` blocks are literal.
//!
//! hashicorp/hcl asks the schema of a resource type whether a key is an argument or a block. No
//! schema is known here, so an object, or an array with an object in it, is both: an [`Attribute`]
//! and the [`Block`]s that it would be. A `"//"` key in a body is a comment, in
//! [`Body::notes`]; in the value of an argument it is a key like all others.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Fragment;
use super::expression::{parse_standalone, parse_template_within};
use super::structure::MAX_ERRORS;
use super::work::Work;
use crate::source::{FileId, Span};
use crate::syntax::{
    Attribute, Block, Body, Document, Duplicate, Expr, Kind, Label, Node, Pair, SyntaxError,
    TemplatePart, json,
};

/// The key of comments.
const COMMENT: &str = "//";

/// What the members of a body are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Arguments that are expressions, and blocks.
    Blocks,
    /// The same within such a body: its strings are expressions already.
    Nested,
    /// Arguments that are expressions, and nothing else.
    Arguments,
    /// The arguments of a variable: literal, but for `type`; and `validation` blocks.
    Variable,
    /// Arguments that are literal.
    Literal,
}

/// How many labels a block at the root has, and what its body holds.
fn top_level(kind: &str) -> (usize, Shape) {
    match kind {
        "resource" | "data" | "ephemeral" => (2, Shape::Blocks),
        "provider" | "check" => (1, Shape::Blocks),
        "module" | "output" => (1, Shape::Arguments),
        "locals" => (0, Shape::Arguments),
        "variable" => (1, Shape::Variable),
        "terraform" => (0, Shape::Literal),
        _ => (0, Shape::Blocks),
    }
}

/// Parses a whole file.
pub(super) fn parse(file: FileId, text: &str) -> Document {
    parse_within(file, text, Work::new(text.len()))
}

/// The same, paid from that account.
pub(super) fn parse_within(file: FileId, text: &str, work: Work) -> Document {
    let source = json::parse_file(file, text);
    let mut reader =
        Reader { work, errors: source.errors, duplicates: Vec::new(), several: BTreeSet::new() };
    let mut body = Body::default();
    for root in &source.roots {
        reader.root(root, &mut body);
    }
    let Reader { mut errors, mut duplicates, several, .. } = reader;
    duplicates.extend(source.duplicates.into_iter().filter(|d| !several.contains(&d.second)));
    duplicates.sort_by_key(|duplicate| (duplicate.second.start, duplicate.second.end));
    errors.sort_by_key(|error| (error.span.start, error.span.end));
    let comments = source.comments;
    Document { body: Some(body), comments, duplicates, errors, ..Document::default() }
}

struct Reader {
    /// What all templates of the file may cost together.
    work: Work,
    errors: Vec<SyntaxError>,
    /// Keys that stand twice within the expressions of strings.
    duplicates: Vec<Duplicate>,
    /// Keys that may stand twice in their object: block types, labels, comments.
    several: BTreeSet<Span>,
}

/// What blocks are introduced by.
#[derive(Debug, Clone)]
struct Head {
    kind: Arc<str>,
    labels: Vec<Label>,
    /// The last key.
    key: Span,
}

impl Reader {
    /// Records an error; of too many, the first ones and one that says so.
    fn error(&mut self, error: SyntaxError) {
        match self.errors.len() {
            ..MAX_ERRORS => self.errors.push(error),
            MAX_ERRORS => {
                let message =
                    format!("more than {MAX_ERRORS} errors; the later ones are not listed");
                self.errors.push(SyntaxError { message, help: None, ..error });
            }
            _ => {}
        }
    }

    fn expected(&mut self, span: Span, message: &str, help: &str) {
        self.error(SyntaxError { span, message: message.into(), help: Some(help.into()) });
    }

    fn root(&mut self, root: &Node, body: &mut Body) {
        let help = "the keys of a Terraform file in JSON are block types";
        for pair in self.members(root, Some(help)) {
            let Some(kind) = name_of(&pair) else { continue };
            self.several.insert(pair.key.span);
            if &*kind == COMMENT {
                body.notes.push(pair.value);
                continue;
            }
            let (labels, shape) = top_level(&kind);
            let head = Head { kind, labels: Vec::new(), key: pair.key.span };
            self.blocks(&head, &pair.value, labels, shape, &mut body.blocks);
        }
    }

    /// The members of an object, or of all objects of an array (`collectDeepAttrs`). What is no
    /// object is an error where there is help.
    fn members(&mut self, node: &Node, help: Option<&str>) -> Vec<Pair> {
        let mut out = Vec::new();
        for object in node.one_or_more() {
            match &object.kind {
                Kind::Map(pairs) => out.extend(pairs.iter().cloned()),
                // What is invalid has its error already.
                Kind::Null | Kind::Invalid => {}
                _ => {
                    if let Some(help) = help {
                        self.expected(object.span, "a JSON object is expected here", help);
                    }
                }
            }
        }
        out
    }

    /// The blocks that `value` holds, below that many levels of labels (`unpackBlock`).
    fn blocks(
        &mut self,
        head: &Head,
        value: &Node,
        labels: usize,
        shape: Shape,
        out: &mut Vec<Block>,
    ) {
        if labels > 0 {
            let help = "the keys of this object are labels of blocks";
            for pair in self.members(value, (shape != Shape::Nested).then_some(help)) {
                let Some(text) = name_of(&pair) else { continue };
                let key = pair.key.span;
                self.several.insert(key);
                if &*text == COMMENT && shape == Shape::Nested {
                    continue;
                }
                if &*text == COMMENT {
                    let help = "a comment goes into the object that holds the block's arguments";
                    self.expected(key, "Terraform takes this `//` for the label of a block", help);
                    continue;
                }
                let mut head = Head { key, ..head.clone() };
                head.labels.push(Label { text, span: key });
                self.blocks(&head, &pair.value, labels - 1, shape, out);
            }
            return;
        }
        match &value.kind {
            Kind::List(items) if items.len() != 1 => {
                for item in items.iter() {
                    // Blocks that share their key are told apart by their opening brackets.
                    let key = match head.labels.is_empty() {
                        true => Span { end: item.span.start + 1, ..item.span },
                        false => head.key,
                    };
                    self.block(Head { key, ..head.clone() }, item, item.span, shape, out);
                }
            }
            Kind::List(items) => {
                for item in items.iter() {
                    self.block(head.clone(), item, head.key.to(value.span), shape, out);
                }
            }
            _ => self.block(head.clone(), value, head.key.to(value.span), shape, out),
        }
    }

    fn block(&mut self, head: Head, value: &Node, span: Span, shape: Shape, out: &mut Vec<Block>) {
        // What stands beside the objects of an argument that may be blocks is in the argument.
        let (members, is_body) = match shape {
            Shape::Nested => (self.members(value, None), object_of(value).is_some()),
            _ => {
                let help = "it holds the arguments of a block";
                let is_body = matches!(value.kind, Kind::Map(_) | Kind::List(_));
                (self.members(value, Some(help)), is_body)
            }
        };
        if !is_body {
            return;
        }
        let members = match shape {
            Shape::Blocks | Shape::Arguments => {
                members.into_iter().map(|pair| self.argument(pair)).collect()
            }
            Shape::Variable => members.into_iter().map(|p| self.of_variable(p)).collect(),
            Shape::Nested | Shape::Literal => members,
        };
        let mut body = self.body(members, shape);
        body.object = object_of(value);
        let Head { kind, labels, key } = head;
        out.push(Block { kind, labels, body, header: key, span });
    }

    fn body(&mut self, members: Vec<Pair>, shape: Shape) -> Body {
        let is_nested = |name: &str, value: &Node| match shape {
            Shape::Blocks | Shape::Nested => has_body(value),
            Shape::Variable => name == "validation",
            Shape::Arguments | Shape::Literal => false,
        };
        let mut arguments: BTreeSet<Arc<str>> = BTreeSet::new();
        for pair in &members {
            arguments.extend(name_of(pair).filter(|name| !is_nested(name, &pair.value)));
        }
        let mut body = Body::default();
        for pair in members {
            let Some(name) = name_of(&pair) else { continue };
            let key = pair.key.span;
            if &*name == COMMENT {
                self.several.insert(key);
                body.notes.push(pair.value);
                continue;
            }
            if is_nested(&name, &pair.value) {
                if !arguments.contains(&name) {
                    self.several.insert(key);
                }
                let labels = usize::from(matches!(&*name, "dynamic" | "provisioner"));
                let head = Head { kind: Arc::clone(&name), labels: Vec::new(), key };
                self.blocks(&head, &pair.value, labels, Shape::Nested, &mut body.blocks);
            }
            let span = key.to(pair.value.span);
            body.attributes.push(Attribute { name, name_span: key, value: pair.value, span });
        }
        body
    }

    /// An argument of a variable: `type` is an expression as such, `validation` holds templates.
    fn of_variable(&mut self, pair: Pair) -> Pair {
        let name = name_of(&pair);
        let value = match (name.as_deref(), &pair.value.kind) {
            (Some("type"), Kind::Text(text)) => self.take(parse_standalone(&text.text, &text.map)),
            (Some("validation"), _) => self.expression(&pair.value),
            _ => return pair,
        };
        Pair { value, ..pair }
    }

    /// An argument: its name is plain, whatever it looks like, and so is a comment.
    fn argument(&mut self, pair: Pair) -> Pair {
        if name_of(&pair).as_deref() == Some(COMMENT) {
            return pair;
        }
        Pair { value: self.expression(&pair.value), ..pair }
    }

    /// A member of an object that is a value: its key is an expression, too. Where the object may be
    /// a block, its `"//"` may be a comment, and is read as one.
    fn pair(&mut self, pair: &Pair) -> Pair {
        if name_of(pair).as_deref() == Some(COMMENT) {
            return pair.clone();
        }
        Pair { key: self.expression(&pair.key), value: self.expression(&pair.value) }
    }

    /// A value in which strings are templates.
    fn expression(&mut self, node: &Node) -> Node {
        let kind = match &node.kind {
            Kind::Text(text) if text.text.contains("${") || text.text.contains("%{") => {
                if self.errors.len() > MAX_ERRORS {
                    return Node { kind: Kind::Invalid, ..*node };
                }
                let read = parse_template_within(&text.text, &text.map, &mut self.work);
                let read = self.take(read);
                match alone(&read) {
                    Some(inner) => return inner.clone(),
                    None => read.kind,
                }
            }
            Kind::List(items) => Kind::List(items.iter().map(|i| self.expression(i)).collect()),
            Kind::Map(pairs) => Kind::Map(pairs.iter().map(|pair| self.pair(pair)).collect()),
            _ => return node.clone(),
        };
        Node { span: node.span, kind }
    }

    /// The node of a text that was read on its own.
    fn take(&mut self, read: Fragment) -> Node {
        self.duplicates.extend(read.duplicates);
        for error in read.errors {
            self.error(error);
        }
        read.node
    }
}

/// The only interpolation of a template that holds nothing else.
fn alone(node: &Node) -> Option<&Node> {
    let Kind::Expr(expr) = &node.kind else { return None };
    match &**expr {
        Expr::Template(parts) => match parts.as_slice() {
            [TemplatePart::Interpolation(inner)] => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// The key of a member, where it is plain text.
fn name_of(pair: &Pair) -> Option<Arc<str>> {
    pair.key.as_text().map(|text| Arc::clone(&text.text))
}

/// The object that a body is, or the first one of an array that is a body.
fn object_of(value: &Node) -> Option<Span> {
    let mut items = value.one_or_more().iter();
    items.find(|item| matches!(item.kind, Kind::Map(_))).map(|object| object.span)
}

/// Whether a value may stand for blocks: a body, or an array with one in it.
fn has_body(value: &Node) -> bool {
    value.one_or_more().iter().any(|node| object_of(node).is_some())
}
