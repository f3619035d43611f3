//! All integration tests, in one program.

mod architecture;
mod semantics;
mod support;
