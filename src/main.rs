//! The `gatelint` program.

fn main() {}
