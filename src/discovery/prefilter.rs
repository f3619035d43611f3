//! The content filter: which files are worth a parse at all.
//!
//! One multi-pattern search over raw bytes, before any decoding. It is Teddy under `regex-automata`;
//! `AhoCorasick` with its default match kind has no such prefilter and is five times slower.

use std::sync::OnceLock;

use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

/// No pattern is longer than this.
pub(super) const LONGEST: usize = 64;

/// Texts without which no file of any format declares an API of API Gateway or a policy for one.
const MENTION: &str = concat!(
    // Actions and ARNs; letter case does not count in an action, and people write it so. The name of
    // the service of a VPC endpoint, which is a whole word and no part of a URL.
    r#"execute-api[:"'\s]|Execute-Api:|Execute-API:|EXECUTE-API:"#,
    r"|AWS::ApiGateway::|AWS::Serverless::Api",
    // SAM writes policies of implicit APIs under Globals, serverless.yml under provider.
    r"|ResourcePolicy|resourcePolicy",
    r"|aws_api_gateway_|x-amazon-apigateway-policy|api_gateway_policy_file",
);

/// Resources of AWS SAM that may have an event of an API, which then declares one.
const SAM: &str = r"AWS::Serverless::Function|AWS::Serverless::StateMachine";

/// An event of an API, in a template of AWS SAM.
const SAM_EVENT: &str = r#"Type["']?\s*:\s*["']?Api["'\s,}#]"#;

/// An event of a REST API in a serverless.yml, or functions in a file of their own. Texts without
/// classes in front: a blank and a dash are everywhere in YAML.
const HTTP_EVENT: &str = concat!(
    r#"- http:|- "http":|- 'http':"#,
    r#"|functions: \$\{|functions: "\$\{|functions: '\$\{"#,
);

/// Types that create a stack from another template, which may declare an API.
const OUTER: &str = r"AWS::CloudFormation::Stack\b|AWS::Serverless::Application";

/// Texts that speak of a policy of an API, or of an API that can have one.
const POLICY: &str = concat!(
    r"execute-api:|Execute-Api:|Execute-API:|EXECUTE-API:",
    r"|AWS::ApiGateway::RestApi|AWS::ApiGateway::DomainNameV2|AWS::Serverless::Api",
    r"|aws_api_gateway_rest_api|aws_api_gateway_domain_name|x-amazon-apigateway-policy",
);

/// Texts by which a JSON or YAML file is infrastructure code at all.
const TEMPLATE: &str = r"AWSTemplateFormatVersion|\bAWS::[A-Z]";

/// Whether the bytes mention an API of API Gateway, a policy, or a stack that may hold one.
pub(super) fn mentions(bytes: &[u8]) -> bool {
    static ANY: OnceLock<Option<Regex>> = OnceLock::new();
    static REGEX: OnceLock<Option<Regex>> = OnceLock::new();
    // Most files are read once only.
    search(&ANY, &format!("{MENTION}|{OUTER}|{SAM}|{HTTP_EVENT}"), bytes)
        && (search(&REGEX, &format!("{MENTION}|{OUTER}|{HTTP_EVENT}"), bytes) || has_event(bytes))
}

/// Whether the bytes themselves mention an API of API Gateway or a policy.
pub(super) fn mentions_api(bytes: &[u8]) -> bool {
    static REGEX: OnceLock<Option<Regex>> = OnceLock::new();
    search(&REGEX, MENTION, bytes) || has_event(bytes)
}

/// Whether the bytes have an event of an API in a template of AWS SAM: an implicit API.
fn has_event(bytes: &[u8]) -> bool {
    static SAM_REGEX: OnceLock<Option<Regex>> = OnceLock::new();
    static EVENT: OnceLock<Option<Regex>> = OnceLock::new();
    search(&SAM_REGEX, SAM, bytes) && search(&EVENT, SAM_EVENT, bytes)
}

/// Whether the bytes of a serverless.yml may have an event of a REST API.
pub(super) fn may_serve_http(bytes: &[u8]) -> bool {
    static REGEX: OnceLock<Option<Regex>> = OnceLock::new();
    search(&REGEX, HTTP_EVENT, bytes)
}

/// Whether the bytes mention a policy of an API, or an API that can have one.
pub(super) fn mentions_policy(bytes: &[u8]) -> bool {
    static REGEX: OnceLock<Option<Regex>> = OnceLock::new();
    search(&REGEX, POLICY, bytes) || has_event(bytes)
}

/// Whether the bytes look like a CloudFormation template, of whatever resources.
pub(super) fn looks_like_template(bytes: &[u8]) -> bool {
    static REGEX: OnceLock<Option<Regex>> = OnceLock::new();
    search(&REGEX, TEMPLATE, bytes)
}

fn search(cell: &OnceLock<Option<Regex>>, pattern: &str, bytes: &[u8]) -> bool {
    let regex = cell.get_or_init(|| {
        Regex::builder()
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .configure(Config::new().utf8_empty(false))
            .build(pattern)
            .ok()
    });
    // The patterns are constants and compile (a test says so); without a filter every file passes.
    regex.as_ref().is_none_or(|regex| regex.is_match(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apis_and_policies_are_seen() {
        for text in [
            "Type: AWS::ApiGateway::RestApi",
            "Type: AWS::Serverless::Api",
            r#"resource "aws_api_gateway_rest_api" "a" {}"#,
            r#""Action": "execute-api:Invoke""#,
            "Action: Execute-API:Invoke",
            "x-amazon-apigateway-policy:",
        ] {
            assert!(mentions(text.as_bytes()), "{text}");
            assert!(mentions_policy(text.as_bytes()), "{text}");
        }
        assert!(mentions(b"  ResourcePolicy:\n    IpRangeWhitelist: []"));
        for name in ["com.amazonaws.eu-west-1.execute-api\n", r#"toset(["execute-api", "sqs"])"#] {
            assert!(mentions(name.as_bytes()), "{name}");
        }
        for outer in ["Type: AWS::CloudFormation::Stack", "Type: AWS::Serverless::Application"] {
            assert!(mentions(outer.as_bytes()) && !mentions_api(outer.as_bytes()), "{outer}");
        }
        assert!(!mentions(b"Type: AWS::CloudFormation::StackSet"));
    }

    #[test]
    fn events_declare_apis() {
        let function = "Type: AWS::Serverless::Function\n";
        for event in ["Type: Api\n", "Type : 'Api'", "\"Type\":\"Api\"", "{Type: Api, P: {}}"] {
            let text = format!("{function}{event}");
            assert!(mentions(text.as_bytes()) && mentions_policy(text.as_bytes()), "{event}");
            assert!(!mentions(event.as_bytes()), "{event}");
        }
        for event in ["Type: ApiEvent\n", "Type: HttpApi\n", "Type: SQS\n"] {
            assert!(!mentions(format!("{function}{event}").as_bytes()), "{event}");
        }
        for text in ["  - http: GET /", "- http:\n    path: /", "functions: ${file(f.yml)}"] {
            assert!(mentions(text.as_bytes()) && may_serve_http(text.as_bytes()), "{text}");
        }
        assert!(!may_serve_http(b"- httpApi: '*'"));
    }

    #[test]
    fn other_files_are_not() {
        for text in [
            "",
            "Type: AWS::S3::Bucket",
            "Type: AWS::ApiGatewayV2::Api",
            "https://abc.execute-api.eu-west-1.amazonaws.com/prod",
            r#"resource "aws_s3_bucket" "a" {}"#,
        ] {
            assert!(!mentions(text.as_bytes()), "{text}");
            assert!(!mentions_policy(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn templates_are_told_from_other_files() {
        assert!(looks_like_template(b"AWSTemplateFormatVersion: 2010-09-09"));
        assert!(looks_like_template(b"  Type: AWS::S3::Bucket"));
        assert!(!looks_like_template(b"{\"name\": \"left-pad\", \"LAWS::B\": 1}"));
    }

    #[test]
    fn no_pattern_is_longer_than_the_overlap() {
        for patterns in [MENTION, OUTER, SAM, POLICY, TEMPLATE] {
            assert!(patterns.split('|').all(|pattern| pattern.len() < LONGEST));
        }
    }
}
