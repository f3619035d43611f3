//! Modules in memory, end to end.
