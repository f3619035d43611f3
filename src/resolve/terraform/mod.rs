//! Terraform: expressions, functions, locals, variables, policy documents.
