//! Files with markers of other languages.

use std::path::Path;

use crate::extract::read::parse;
use crate::resolve::cloudformation::form::canonical;
use crate::source::SourceDb;
use crate::syntax::{Document, Kind, Node};

fn read(name: &str, text: &str) -> Document {
    let db = SourceDb::new();
    let file = db.add(Path::new(name), name.into(), text);
    parse(file, &db.file(file))
}

fn said(document: &Document) -> Vec<&str> {
    document.errors.iter().map(|error| error.message.as_str()).collect()
}

fn at<'n>(document: &'n Document, path: &[&str]) -> &'n Node {
    let root = document.roots.first().expect("a root");
    path.iter().fold(root, |node, key| node.get(key).unwrap_or_else(|| panic!("{key} in {node:?}")))
}

const TEMPLATE: &str = "Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: {{ name }}
      Policy:
        Statement:
        - Effect: Allow
          Principal: '*'
          Resource: 'arn:aws:execute-api:{{ region }}:*'
{% if locked %}
        - Effect: Deny
          Principal: '*'
{% endif %}
        - Effect: Allow
          Principal: {AWS: '111122223333'}
";

#[test]
fn what_stands_around_the_markers_is_read() {
    let document = read("template.yaml", TEMPLATE);
    assert_eq!(said(&document), ["a template of Jinja: what its markers stand for is not known"]);
    let properties = ["Resources", "Api", "Properties"];
    let properties = at(&document, &properties);
    assert!(matches!(properties.get("Name").expect("a name").kind, Kind::Invalid));
    let statements = properties.get("Policy").and_then(|p| p.get("Statement")).expect("statements");
    let statements = statements.as_list().expect("a list");
    assert_eq!(statements.len(), 3);
    assert_eq!(canonical(statements[0].get("Principal").expect("one")), "\"*\"");
    assert!(matches!(statements[0].get("Resource").expect("one").kind, Kind::Invalid));
    assert!(matches!(statements[1].kind, Kind::Invalid));
    assert_eq!(canonical(statements[2].get("Effect").expect("one")), "\"Allow\"");
}

#[test]
fn each_language_is_named_once() {
    for (name, text, language) in [
        ("a.yaml", "a: {{ .Values.b }}\nc: {{ .Values.d }}\n", "Go templates"),
        ("a.yaml", "a: {{ cookiecutter.b }}\n", "cookiecutter"),
        ("a.yaml", "{% for x in y %}\n- {{ x }}\n{% endfor %}\n", "Jinja"),
        ("a.yaml", "{{#if x}}\na: 1\n{{/if}}\n", "Handlebars"),
        ("a.yaml", "a: <%= b %>\n<% if c %>\nd: 1\n<% end %>\n", "ERB"),
        ("a.json", "{\"a\": {{ b }}, \"c\": [{{ d }}]}", "Jinja"),
        ("a.json", "{\"a\": ${b}, \"c\": \"${d}\"}", "Terraform's templatefile"),
        ("a.yaml", "a: !Rain::Embed b.txt\nc: !Rain::Embed d\n", "Rain"),
    ] {
        let document = read(name, text);
        let [message] = said(&document)[..] else { panic!("{text}: {:?}", document.errors) };
        assert!(message.starts_with(&format!("a template of {language}:")), "{text}: {message}");
        assert!(document.errors[0].help.is_some());
    }
}

#[test]
fn what_is_no_marker_stays() {
    for (name, text) in [
        ("a.yaml", "a: '{{resolve:ssm:/x}}'\nb: \"{{resolve:secretsmanager:s:SecretString}}\"\n"),
        // Documents of Systems Manager have markers of their own.
        (
            "a.yaml",
            "Resources:\n  D:\n    Content: '{{ ssm:parameter }}'\n    Policies: '{{ x }}'\n",
        ),
        ("a.yaml", "# {{ a comment }}\na: 1\n"),
        ("a.yaml", "a: |\n  {% if x %}\n  {{ y }}\n"),
        ("a.json", "{\"a\": \"{{ b }}\", \"c\": {\"d\": {}}}"),
        ("a.json", "{\"a\": \"${b}\"}"),
    ] {
        let document = read(name, text);
        assert!(document.errors.is_empty(), "{text}: {:?}", document.errors);
        let invalid = |node: &Node| matches!(node.kind, Kind::Invalid);
        assert!(!crate::resolve::cloudformation::form::any(&document.roots[0], invalid), "{text}");
    }
}

#[test]
fn a_marker_in_a_text_of_a_policy_is_one() {
    let text = r#"{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "{{ account }}"}}]}"#;
    let document = read("policy.json", text);
    assert_eq!(document.errors.len(), 1);
    let principal = &at(&document, &["Statement"]).as_list().expect("a list")[0];
    let account = principal.get("Principal").and_then(|p| p.get("AWS")).expect("an account");
    assert!(matches!(account.kind, Kind::Invalid));
}

#[test]
fn a_line_of_its_own_may_be_anything() {
    let text = "Statement:
- Effect: Allow
  Condition:
    {{ conditions }}
- Effect: Deny
{{ more }}
";
    let document = read("policy.yaml", text);
    let list = at(&document, &["Statement"]).as_list().expect("a list");
    assert!(list.iter().any(|item| matches!(item.kind, Kind::Invalid)), "{list:?}");
    let first = list[0].as_map().expect("a map");
    assert!(
        first.iter().any(|pair| pair.key.scalar().is_some_and(|key| key.starts_with("Fn::"))),
        "{first:?}"
    );
}

#[test]
fn resources_that_a_marker_adds_may_add_methods() {
    let text = "Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
{% include 'methods.yaml' %}
  Other:
    Type: AWS::SNS::Topic
";
    let document = read("template.yaml", text);
    let resources = at(&document, &["Resources"]).as_map().expect("a map");
    assert_eq!(resources.len(), 3);
    assert!(canonical(&resources[2].value).contains("Ref(\"Api\")"));
}

#[test]
fn hostile_markers_end() {
    for unit in
        ["{{ a }}\n", "{% if a %}\n", "{% endif %}\n", "- {{ a }}\n", "{{", "<%", "a: {{ b }}\n"]
    {
        let text = unit.repeat(100_000 / unit.len());
        read("a.yaml", &text);
        read("a.json", &format!("{{\"a\": [{text}"));
    }
}

#[test]
fn what_may_be_there_or_not_is_not_known() {
    let statement = |text: &str| {
        let document = read("policy.yaml", text);
        assert_eq!(document.errors.len(), 1, "{text}");
        assert!(document.duplicates.is_empty());
        at(&document, &["Statement"]).clone()
    };
    let invalid = |node: &Node| matches!(node.kind, Kind::Invalid);
    let all = statement("Statement:\n{% if a %}\n- Effect: Deny\n{% endif %}\n");
    assert!(all.as_list().expect("a list").iter().all(invalid), "{all:?}");
    let sides = "Statement:\n- Effect: Allow\n{% if a %}\n  Principal: a\n{% else %}\n  Principal: b\n{% endif %}\n";
    let sides = statement(sides);
    let entries = sides.as_list().expect("a list")[0].as_map().expect("a map");
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert!(invalid(&entries[1].value));
    let filled = statement("Id: x\nStatement:\n  {{ statements }}\n");
    assert!(invalid(&filled), "{filled:?}");
}

#[test]
fn directives_of_rain_matter_near_an_api() {
    let far = [
        "Resources:\n  F: {Type: 'AWS::Lambda::Function', Properties: {Code: {ZipFile: !Rain::Embed f.py}}}\n",
        "Resources:\n  T: {Type: 'AWS::SNS::Topic'}\nMetadata: {A: !Rain::Embed a}\nOutputs: {B: {Value: !Rain::Env C}}\n",
        "# !Rain::Include\nResources:\n  T: {Type: 'AWS::SNS::Topic'}\n",
    ];
    for text in far {
        assert!(read("a.yaml", text).errors.is_empty(), "{text}");
    }
    for text in [
        "Resources:\n  A: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: !Rain::Env N}}\n",
        "Resources:\n  A: {Type: 'AWS::Serverless::Function', Properties: {Events: !Rain::Include e.yaml}}\n",
        "Resources:\n  S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: !Rain::S3Http t.yaml}}\n",
        "Resources:\n  A: !Rain::Include api.yaml\n",
        "Resources: !Rain::Include all.yaml\n",
        "Resources:\n  F: {Type: !Rain::Env T, Properties: {A: 1}}\n",
        "Resources:\n  F: {Type: 'AWS::SNS::Topic', Condition: !Rain::Env C}\n",
        "Resources:\n  T: {Type: 'AWS::SNS::Topic'}\nMappings: !Rain::Include m.yaml\n",
        "!Rain::Include all.yaml\n",
        "a: [\nb: !Rain::Embed c\n",
    ] {
        let document = read("a.yaml", text);
        let rain = document.errors.iter().filter(|error| error.message.contains("Rain")).count();
        assert_eq!(rain, 1, "{text}: {:?}", document.errors);
    }
}
