//! The tree. Nodes are cheap to clone: their children are shared.

use std::sync::Arc;

use super::Text;
use crate::source::Span;

/// What one file was parsed to.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The root of each document of the file (YAML streams may hold several); empty for HCL.
    pub roots: Vec<Node>,
    /// The body of an HCL file.
    pub body: Option<Body>,
    /// All comments, in order of their position.
    pub comments: Vec<Comment>,
    /// Keys that stand twice in one map, object or block.
    pub duplicates: Vec<Duplicate>,
    /// What could not be read.
    pub errors: Vec<SyntaxError>,
}

/// A comment, with its marker (`#`, `//`, `/* */`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// The whole comment.
    pub span: Span,
    /// Nothing but blanks stands before it on its line.
    pub own_line: bool,
}

/// A key that stands twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: Arc<str>,
    /// Its first place.
    pub first: Span,
    /// Its second place.
    pub second: Span,
}

/// What could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The place.
    pub span: Span,
    /// What is wrong, lower case, without a full stop.
    pub message: String,
    /// Where reading can be mended, when that is known.
    pub help: Option<String>,
}

/// A value or expression and its source token (quotes included).
#[derive(Debug, Clone)]
pub struct Node {
    /// The token.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a node is. YAML and JSON files hold no `Expr`; HCL holds no `Tagged`.
#[derive(Debug, Clone)]
pub enum Kind {
    /// `null`, `~`, nothing.
    Null,
    /// A Boolean.
    Bool(bool),
    /// A number, as its source text (leading zeros, dates such as `2012-10-17` stay text).
    Number(Arc<str>),
    /// A string without interpolation.
    Text(Text),
    /// A sequence, array or tuple.
    List(Arc<[Node]>),
    /// A mapping or object. Duplicate keys are kept, in source order.
    Map(Arc<[Pair]>),
    /// A YAML node with a local tag (`!Sub`).
    Tagged(Arc<Tag>),
    /// An HCL expression that is not a plain literal.
    Expr(Arc<Expr>),
    /// Something that could not be read; an error of the document says why.
    Invalid,
}

/// A key and its value. YAML and JSON keys are usually `Text`; HCL keys may be expressions.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
}

/// A tag and the node it stands before.
#[derive(Debug, Clone)]
pub struct Tag {
    /// The tag without `!`.
    pub name: Arc<str>,
    /// The tag's token.
    pub span: Span,
    /// The node.
    pub value: Node,
}

/// An HCL body: the attributes and blocks of a file or block. In the JSON syntax, what only a schema
/// tells apart is both.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// The attributes, in source order; a redefined attribute is kept.
    pub attributes: Vec<Attribute>,
    /// The blocks, in source order.
    pub blocks: Vec<Block>,
    /// The values of `"//"` keys, which are comments of the JSON syntax.
    pub notes: Vec<Node>,
    /// The object of the JSON syntax that it is written as; the first of several.
    pub object: Option<Span>,
}

impl Body {
    /// Its blocks, each to be shared.
    pub fn into_blocks(self) -> Vec<Arc<Block>> {
        self.blocks.into_iter().map(Arc::new).collect()
    }
}

/// `name = value`.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// The name.
    pub name: Arc<str>,
    /// The name's token.
    pub name_span: Span,
    /// The value.
    pub value: Node,
    /// Name and value.
    pub span: Span,
}

/// `type "label" "label" { ... }`.
#[derive(Debug, Clone)]
pub struct Block {
    /// The block type.
    pub kind: Arc<str>,
    /// The labels.
    pub labels: Vec<Label>,
    /// What stands between the braces.
    pub body: Body,
    /// Type and labels.
    pub header: Span,
    /// The whole block.
    pub span: Span,
}

/// A block label.
#[derive(Debug, Clone)]
pub struct Label {
    /// Its text.
    pub text: Arc<str>,
    /// Its token, with quotes where it has some.
    pub span: Span,
}

/// An HCL expression.
#[derive(Debug, Clone)]
pub enum Expr {
    /// A quoted or heredoc template with at least one interpolation or directive. Strip markers
    /// (`~`) are already applied.
    Template(Vec<TemplatePart>),
    /// A bare name: the root of a reference (`var`, `local`, `each`, `aws_vpc_endpoint`, ...).
    Variable(Arc<str>),
    /// `base.attr[0].*`...
    Traversal(Node, Vec<(Traverse, Span)>),
    /// `name(args...)`.
    Call {
        /// The function.
        name: Arc<str>,
        /// Its token.
        name_span: Span,
        /// The arguments.
        args: Vec<Node>,
        /// The last argument is followed by `...`.
        expand: bool,
    },
    /// `if ? yes : no`.
    Conditional(Node, Node, Node),
    /// A prefix operator.
    Unary(UnaryOp, Node),
    /// An infix operator.
    Binary(BinaryOp, Node, Node),
    /// A `for` expression.
    For(ForExpr),
}

/// `[for k, v in coll : value if cond]` or `{for k, v in coll : key => value... if cond}`.
#[derive(Debug, Clone)]
pub struct ForExpr {
    /// The name of the key, when two names are given.
    pub key_name: Option<Arc<str>>,
    /// The name of the value.
    pub value_name: Arc<str>,
    /// The collection.
    pub collection: Node,
    /// The key expression: present for an object.
    pub key: Option<Node>,
    /// The value expression.
    pub value: Node,
    /// The filter.
    pub condition: Option<Node>,
    /// `...` behind the value: values with the same key are grouped.
    pub grouping: bool,
}

/// A part of a template.
#[derive(Debug, Clone)]
pub enum TemplatePart {
    /// Literal text.
    Text(Text),
    /// `${ ... }`.
    Interpolation(Node),
    /// `%{ if c } yes %{ else } no %{ endif }`.
    If(Node, Vec<TemplatePart>, Vec<TemplatePart>),
    /// `%{ for k, v in c } body %{ endfor }`.
    For {
        /// The name of the key, when two names are given.
        key_name: Option<Arc<str>>,
        /// The name of the value.
        value_name: Arc<str>,
        /// The collection.
        collection: Node,
        /// The repeated part.
        body: Vec<TemplatePart>,
    },
}

/// One step of a traversal.
#[derive(Debug, Clone)]
pub enum Traverse {
    /// `.name`
    Attr(Arc<str>),
    /// `[expr]`, also the legacy `.0`
    Index(Node),
    /// `.*`
    AttrSplat,
    /// `[*]`
    FullSplat,
}

/// A prefix operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `!`
    Not,
}

/// An infix operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// `==`
    Eq,
    /// `!=`
    NotEq,
    /// `<`
    Less,
    /// `<=`
    LessEq,
    /// `>`
    Greater,
    /// `>=`
    GreaterEq,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `&&`
    And,
    /// `||`
    Or,
}

impl Node {
    /// The text of a string without interpolation.
    pub fn as_text(&self) -> Option<&Text> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// The text of a string, number or Boolean, as written in the value.
    pub fn scalar(&self) -> Option<Arc<str>> {
        match &self.kind {
            Kind::Text(text) => Some(Arc::clone(&text.text)),
            Kind::Number(text) => Some(Arc::clone(text)),
            Kind::Bool(true) => Some("true".into()),
            Kind::Bool(false) => Some("false".into()),
            _ => None,
        }
    }

    /// The entries of a map.
    pub fn as_map(&self) -> Option<&Arc<[Pair]>> {
        if let Kind::Map(pairs) = &self.kind { Some(pairs) } else { None }
    }

    /// The items of a list, or the node as the only one.
    pub fn one_or_more(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&Arc<[Node]>> {
        if let Kind::List(items) = &self.kind { Some(items) } else { None }
    }

    /// The value of `key` in a map: the last one, where the key stands twice.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.pair(key).map(|pair| &pair.value)
    }

    /// The entry of `key` in a map: the last one, where the key stands twice.
    pub fn pair(&self, key: &str) -> Option<&Pair> {
        let pairs = self.as_map()?;
        pairs.iter().rev().find(|p| p.key.scalar().is_some_and(|k| &*k == key))
    }
}

impl Body {
    /// The first attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| &*a.name == name)
    }

    /// The blocks of that type.
    pub fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |b| &*b.kind == kind)
    }
}
