//! Private custom domains: every command says the same of a domain and of the API behind it.

use serde_json::Value;

use super::sandbox::Sandbox;

/// The template of a case of `private-api-any-vpce`.
macro_rules! case {
    ($name:literal) => {
        include_str!(concat!("../../../testdata/rules/private-api-any-vpce/", $name))
    };
}

/// What `lint` says of the endpoints of others, for each API, and what `callers` and `can` do.
fn said(template: &str, api: &str) -> (Vec<String>, String, i32) {
    let sandbox = Sandbox::new(&[("template.yaml", template)]);
    let ran = sandbox.run(&["lint", "--format", "json", "."]);
    let report: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let of = |api: &Value| {
        let any = api["exposure"]["any_vpc_endpoint"].as_str().expect("text");
        format!("{} {any}", api["address"].as_str().expect("text"))
    };
    let exposed = report["apis"].as_array().expect("a list").iter().map(of).collect();
    let ran = sandbox.run(&["callers", "--format", "json", "--api", api, "."]);
    let callers: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let rows = callers["apis"][0]["callers"].as_array().expect("a list");
    let any = rows.iter().find(|row| row["caller"] == "any-vpc-endpoint").expect("a row");
    let verdict = any["verdict"].as_str().expect("text").to_owned();
    let asked = ["can", "anonymous", "GET /prod/", "--vpce", "vpce-0bbbbbbbbbbbbbbb1"];
    let can = sandbox.run(&[&asked[..], &["--api", api, "."]].concat());
    (exposed, verdict, can.code)
}

#[test]
fn what_a_domain_lets_in_the_api_behind_it_may_not() {
    let (exposed, verdict, can) = said(case!("domain-api-guards/template.yaml"), "Domain");
    assert_eq!(exposed, ["Internal denied", "Domain denied"]);
    // Of one request to the domain, the policy of the domain says no more than that.
    assert_eq!((&*verdict, can), ("possible", 4));
}

#[test]
fn the_policy_of_a_domain_is_no_guard_where_the_default_endpoint_answers() {
    let (exposed, verdict, can) = said(case!("domain-api-open/template.yaml"), "Internal");
    assert_eq!(exposed, ["Internal allowed", "Domain denied"]);
    assert_eq!((&*verdict, can), ("allowed", 0));
    let (exposed, verdict, can) = said(case!("domain-closed-api/template.yaml"), "Internal");
    assert_eq!(exposed, ["Internal possible", "Domain denied"]);
    assert_eq!((&*verdict, can), ("possible", 4));
}

#[test]
fn a_domain_that_may_lead_elsewhere_is_possible() {
    for change in [
        // An output tells others of it.
        ("", "Outputs:\n  Domain: {Value: !GetAtt Domain.DomainNameArn}\n"),
        // A stack is told of it.
        (
            "",
            "  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      \
             TemplateURL: https://x/y\n      Parameters: {Domain: !GetAtt Domain.DomainNameArn}\n",
        ),
        // The API behind it is one of another stack.
        (
            "      RestApiId: !Ref Internal\n      Stage",
            "      RestApiId: !ImportValue x\n      Stage",
        ),
    ] {
        let template = case!("domain-api-guards/template.yaml");
        let template = match change {
            ("", more) => format!("{template}{more}"),
            (old, new) => template.replace(old, new),
        };
        let (exposed, ..) = said(&template, "Domain");
        assert_eq!(exposed, ["Internal denied", "Domain possible"], "{change:?}");
    }
}
