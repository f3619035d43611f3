//! From a value to a policy document.
