//! All integration tests, in one program.

mod architecture;
mod cli;
mod reach;
mod semantics;
mod support;
