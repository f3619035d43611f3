//! Files as they lie on disks: byte order marks, carriage returns, errors.

use super::{Case, texts};

const POLICY: &str = "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Name: größe\n      \
     Policy:\n        Statement:\n        - {Effect: Allow, Principal: \"*\", Action: execute-api:Invoke, Resource: execute-api:/*}\n";

#[test]
fn marks_and_line_ends_change_nothing() {
    for text in [
        POLICY.to_owned(),
        format!("\u{feff}{POLICY}"),
        POLICY.replace('\n', "\r\n"),
        format!("\u{feff}{}", POLICY.replace('\n', "\r\n")),
        format!("---\n{POLICY}...\n"),
    ] {
        let case = Case::new(&text);
        assert_eq!(texts(&case.worlds()), [("", "Allow * execute-api:/*")], "{text:?}");
        let statement = case.policy().known_statements().next().expect("a statement");
        let leaf = &statement.everyone().expect("everyone").value;
        assert_eq!(case.slice(leaf.origin), "\"*\"");
        assert_eq!(case.api().name.as_deref(), Some("größe"));
    }
}

#[test]
fn json_with_a_mark_and_tabs() {
    let text = "\u{feff}{\r\n\t\"Resources\": {\r\n\t\t\"Api\": {\"Type\": \"AWS::ApiGateway::RestApi\",\r\n\t\t\"Properties\": \
        {\"Policy\": {\"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}}}}}}";
    let case = Case::new(text);
    assert_eq!(texts(&case.worlds()), [("", "Allow * *")]);
}

#[test]
fn several_documents_are_several_templates() {
    let case = Case::new(&format!(
        "Parameters: {{P: {{Type: String, Default: a}}}}\n{POLICY}---\nParameters: {{P: {{Type: String}}}}\n{POLICY}---\nkind: Other\n"
    ));
    assert_eq!(case.apis().len(), 2);
}

#[test]
fn errors_are_problems_and_the_rest_is_read() {
    let case = Case::new(&format!("{POLICY}  Broken: [a\n"));
    assert!(case.problems().iter().any(|(what, _)| what.starts_with("unreadable:")));
    assert_eq!(case.apis().len(), 1);
    let tabs = Case::new("Resources:\n\tApi:\n\t\tType: AWS::ApiGateway::RestApi\n");
    assert!(tabs.problems().iter().any(|(what, _)| what.starts_with("unreadable:")));
}

#[test]
fn json_errors_keep_the_rest() {
    let case = Case::new(
        r#"{"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi" "Properties": {"Policy": {"Statement":
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}}}}}"#,
    );
    assert_eq!(texts(&case.worlds()), [("", "Allow * *")]);
    assert_eq!(case.problems().len(), 1);
}

#[test]
fn flow_style_yaml_that_starts_like_json() {
    let case = {
        let text =
            "{Resources: {Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: !Sub 'x'}}}}";
        let db = crate::source::SourceDb::new();
        let file = db.add(std::path::Path::new("t.yaml"), "t.yaml".into(), text);
        let none = std::collections::BTreeMap::new();
        let inputs = crate::extract::Inputs {
            db: &db,
            fs: &crate::source::MemoryFs::new(),
            roots: &[],
            parameters: &none,
            variables: &none,
            var_files: &[],
            source: None,
        };
        let out = super::extract(file, inputs);
        Case { db, out }
    };
    assert_eq!(case.api().name.as_deref(), Some("x"));
    assert!(case.problems().is_empty());
}

#[test]
fn a_template_without_resources_is_not_silent() {
    let case = Case::new("AWSTemplateFormatVersion: '2010-09-09'\nResourcse: {}\n");
    assert_eq!(case.problems().len(), 1);
}

#[test]
fn numbers_and_names_of_all_kinds() {
    let case = Case::new(
        "Resources:\n  1: {Type: 'AWS::ApiGateway::RestApi'}\n  Odd: text\n  Null:\n  List: [a]\n  \
         NoType: {Properties: {}}\n  Typed: {Type: [a]}\n",
    );
    assert_eq!(case.api().address, "1");
}

#[test]
fn attributes_in_another_case_are_reported() {
    let policy = "{Statement: [{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}]}";
    let problems = |kind: &str, ty: &str, properties: &str| {
        let text =
            format!("Resources:\n  A:\n    {kind}: {ty}\n    {properties}: {{Policy: {policy}}}\n");
        Case::new(&text).problems()
    };
    let api = "AWS::ApiGateway::RestApi";
    for (kind, properties, wrong) in [
        ("type", "Properties", vec!["type"]),
        ("Type", "properties", vec!["properties"]),
        ("TYPE", "PROPERTIES", vec!["TYPE", "PROPERTIES"]),
        ("Type", "Properties", vec![]),
    ] {
        let found = problems(kind, api, properties);
        let tokens: Vec<&str> = found.iter().map(|(_, token)| token.as_str()).collect();
        assert_eq!(tokens, wrong, "{found:?}");
        assert!(found.iter().all(|(what, _)| what.contains("is not an attribute")), "{found:?}");
    }
    // What carries no policy, and what is no resource of CloudFormation.
    for kind in ["AWS::S3::Bucket", "object"] {
        let found = problems("type", kind, "properties");
        assert!(!found.iter().any(|(what, _)| what.starts_with("unreadable")), "{found:?}");
    }
}
