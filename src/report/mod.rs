//! Findings to bytes: one file a format. `pretty.rs` is the only file that knows the diagnostics
//! library. Everything printed is escaped for where it goes.
