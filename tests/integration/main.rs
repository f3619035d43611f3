//! All integration tests, in one program.

mod architecture;
mod articles;
mod cli;
mod reach;
mod semantics;
mod spans;
mod support;
