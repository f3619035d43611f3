//! Terraform modules: APIs, policies, methods.
