//! All integration tests, in one program.

mod architecture;
mod cli;
mod semantics;
mod support;
