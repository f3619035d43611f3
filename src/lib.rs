//! gatelint proves who can call your API Gateway APIs, before you deploy them.
//!
//! One straight corridor; data goes through the rooms once, left to right:
//!
//! ```text
//! paths - discovery -> units - syntax -> trees - resolve -> values - extract -> model
//!       - analyze -> exposures - rules -> findings - finding -> report -> bytes, exit code
//! ```
//!
//! The library is an implementation detail of the command line; its API is not stable.

pub mod analyze;
pub mod cli;
pub mod config;
pub mod discovery;
pub mod extract;
pub mod finding;
pub mod model;
pub mod report;
pub mod resolve;
pub mod rules;
pub mod source;
pub mod syntax;
