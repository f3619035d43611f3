//! CloudFormation: intrinsics, parameters, conditions, mappings.
