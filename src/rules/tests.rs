//! Rules on models read from JSON.
