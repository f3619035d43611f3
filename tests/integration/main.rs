//! All integration tests, in one program.

#[cfg(unix)]
mod action;
mod architecture;
mod articles;
mod cli;
mod docs;
mod outside;
mod packaging;
mod reach;
mod readme;
mod renderings;
mod rules;
mod sam;
mod semantics;
mod sets;
mod spans;
mod support;
