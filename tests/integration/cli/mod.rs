//! The command line, as users and scripts meet it: whole processes on real folders.

mod assumed;
mod baseline;
mod callers;
mod can;
mod config;
mod config_full;
mod deciding;
mod discovery;
mod domains;
mod exit_codes;
mod help;
mod inventory;
mod json;
mod markers;
mod modules;
mod output;
mod plan_modules;
mod plans;
mod rendered;
mod reports;
pub(crate) mod sandbox;
pub(crate) mod sarif;
mod selection;
mod stacks;
mod suppress;
mod terragrunt;
mod trust;
mod unknown_text;

/// A template with an API that nothing is wrong with but what a rule says of it.
const TEMPLATE: &str = "\
Resources:
  Orders:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: orders
";

/// A policy that lets everybody call.
pub(crate) const OPEN_POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
  ]
}
"#;

/// A file that mentions a policy and is no text: always one proved finding of severity high.
const UNREADABLE: &[u8] = b"# caf\xe9\nType: AWS::ApiGateway::RestApi\n";
