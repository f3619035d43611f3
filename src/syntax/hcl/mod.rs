//! HCL: Terraform's `.tf` and `.tfvars` files, modules in its JSON syntax ([`json`]), and expressions
//! in strings.
//!
//! [`structure`] and [`block`] read bodies, blocks and attributes, so that a broken item hides
//! nothing around it ([`scan`], [`recover`]); the expressions behind `=` go to `hcl-edit`, one at a
//! time ([`expression`]), and are lowered to the common tree ([`lower`], [`template`]). The behaviour follows hashicorp/hcl
//! (`hclsyntax/parser.go`, `parser_template.go`, `scan_tokens.rl`, `spec.md`); a file that it
//! refuses has an error or a duplicate here, and everything readable in it is in the tree:
//!
//! * a broken attribute stays, with its name and [`Kind::Invalid`](super::Kind::Invalid);
//! * a broken block stays, with its type, its labels and every item of its body that can be read;
//! * of two attributes or object keys of one name both stay, and are a
//!   [`Duplicate`](super::Duplicate).
//!
//! Three things are read that hashicorp/hcl refuses, as they hide nothing: a carriage return without
//! a line feed, an end marker at the end of the file without a line end, and keywords of directives
//! that run into the next name. Strings are not normalised to NFC, as cty does it.
//!
//! Only this folder knows `hcl-edit`.

mod block;
mod expression;
mod file_name;
mod json;
mod literal;
mod lower;
mod message;
mod recover;
mod scan;
mod structure;
mod template;
#[cfg(test)]
mod tests;
mod work;

pub use file_name::{INSTALLED, auto_loaded, installed, is_code, is_unit, tofu_twin};

use super::{Document, Duplicate, Node, SpanMap, SyntaxError};
use crate::source::FileId;

/// A standalone expression or template.
#[derive(Debug, Clone)]
pub struct Fragment {
    /// The expression; [`Kind::Invalid`](super::Kind::Invalid) when it could not be read.
    pub node: Node,
    /// Object keys that stand twice.
    pub duplicates: Vec<Duplicate>,
    /// What could not be read.
    pub errors: Vec<SyntaxError>,
}

/// Parses an HCL file (`.tf`, `.tfvars`). Sets `body`, also when the file has errors; a byte order
/// mark is skipped. Spans are byte offsets of `text`.
pub fn parse_file(file: FileId, text: &str) -> Document {
    structure::parse(file, text)
}

/// Parses a file in Terraform's JSON syntax (`.tf.json`, `.tofu.json`). Sets `body`, also when the
/// file has errors. Objects whose meaning depends on a schema are arguments and blocks at once.
pub fn parse_json_file(file: FileId, text: &str) -> Document {
    json::parse(file, text)
}

/// Parses a template without quotes, such as a string of a `.tf.json` file or a `templatefile`.
///
/// Escapes of quoted strings are not decoded, as these texts have none: `$${` and `%%{` are. A text
/// without sequences is a [`Kind::Text`](super::Kind::Text). `map` tells where `text` was written.
pub fn parse_template(text: &str, map: &SpanMap) -> Fragment {
    expression::parse_template(text, map)
}

/// Parses one expression, such as the value of a variable given on a command line. Line ends mean
/// nothing in it. `map` tells where `text` was written.
pub fn parse_expression(text: &str, map: &SpanMap) -> Fragment {
    expression::parse_standalone(text, map)
}
