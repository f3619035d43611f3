//! Terraform: what the expressions of one module are worth, in one world at a time.
//!
//! [`Evaluator::eval`] yields a [`Value`](super::Value) for every expression: what cannot be known is
//! a symbol, never an error and never nothing. A branch on something unknown stops with
//! [`NeedSplit`](super::NeedSplit). Data documents of the `aws_iam_policy_document` kind are rendered
//! as the provider renders them.
//!
//! The semantics are those of the Terraform language reference
//! (<https://developer.hashicorp.com/terraform/language>) and of hashicorp/hcl; where an expression
//! would be an error there, it is a symbol that `try` and `can` recognise here.
//!
//! This room reads no file but through [`Files`], and only inside its roots. Recursion, work, the
//! length of texts and the number of instances are bounded; what lies beyond a bound is unknown, and
//! a note says so.

mod anchors;
mod argument;
mod bound;
mod branch;
mod call;
mod cidr;
mod class;
mod collection;
mod conversion;
mod declared;
mod dynamic;
mod encoding;
mod equality;
mod evaluator;
mod expansion;
mod expression;
mod fileset;
mod function;
mod include;
mod json;
mod key;
mod length;
mod list;
mod module;
mod moment;
mod names;
mod notes;
mod number;
mod numeric;
mod overrides;
mod partial;
mod pattern;
mod policy_document;
mod policy_statement;
mod provider;
mod reference;
mod rename;
mod replace;
mod resource;
mod scope;
mod sequence;
mod template;
mod text;
mod text_function;
mod text_list;
mod traversal;
mod unify;
mod validation;
mod variable;
mod verb;
mod wrap;
mod written;

#[cfg(test)]
mod tests;

pub use call::{Call, META, UNIT, Within, is_local};
pub use dynamic::Nested;
pub use evaluator::{Evaluator, Files};
pub use expansion::{Instance, MAX_INSTANCES};
pub use function::{AFTER_APPLY, not_known};
pub use module::{Module, Resource, Sort, Variable};
pub use names::{Mentions, Named};
pub use notes::{Note, Oddity, OddityKind, Used};
pub use resource::Object;
pub use scope::{Env, Mode, Scope};
pub use variable::Given;
