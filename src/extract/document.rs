//! Bare policy documents.
