//! JSON, schema version 1 (CONTRACT 4).
