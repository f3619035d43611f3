//! CloudFormation templates: APIs, policies, methods.
