//! All integration tests, in one program.
