//! Policies from values.
