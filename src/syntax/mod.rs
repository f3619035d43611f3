//! One span-carrying tree for YAML, JSON and HCL.
//!
//! Parsing never fails: it returns a tree (as much of it as could be read), the comments, the
//! duplicate keys and the errors, all with spans. Aliases and merged maps share nodes, so a tree is
//! never larger than a bounded multiple of its text.
//!
//! This room must not know AWS: no intrinsic, no resource type, no policy element is named here.

pub mod hcl;
pub mod json;
pub mod made;
mod remark;
mod rewrite;
mod text;
mod tree;
pub mod yaml;

pub use remark::{Remark, RemarkKind};
pub use text::{SpanMap, SpanMapBuilder, Text};
pub use tree::{
    Attribute, BinaryOp, Block, Body, Comment, Document, Duplicate, Expr, ForExpr, Kind, Label,
    Node, Pair, SyntaxError, Tag, TemplatePart, Traverse, UnaryOp,
};
