//! Partial evaluation: what a template's expressions are worth, as far as it can be known.
//!
//! Evaluation happens in one [`World`] at a time; a branch on something unknown stops it with
//! [`NeedSplit`], and [`explore`] runs it again in each of the worlds. Unknown values are symbols,
//! never errors and never nothing. Every leaf remembers its origin.
//!
//! This room must not know what a policy is: it yields values, `extract` gives them a meaning.

pub mod cloudformation;
pub mod embedded;
pub mod embedded_yaml;
pub mod plan;
pub mod serverless;
pub mod symbol;
pub mod terraform;
pub mod terragrunt;
pub mod value;
pub mod world;

pub use symbol::{Class, IdKind, Symbol, SymbolId, Symbols};
pub use value::{Item, Key, Kind, Map, Piece, Rest, Text, Value};
pub use world::{Cell, Explored, Literal, NeedSplit, World, explore};
