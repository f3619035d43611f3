//! What several integration tests use.

pub(crate) mod policies;
