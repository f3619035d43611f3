//! All integration tests, in one program.

mod architecture;
mod articles;
mod cli;
mod docs;
mod outside;
mod reach;
mod rules;
mod semantics;
mod spans;
mod support;
