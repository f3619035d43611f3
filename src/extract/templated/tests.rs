//! Files with markers of other languages.

use std::path::Path;

use crate::extract::read::parse;
use crate::resolve::cloudformation::form::canonical;
use crate::source::SourceDb;
use crate::syntax::{Document, Expr, Kind, Node, TemplatePart};

fn read(name: &str, text: &str) -> Document {
    let db = SourceDb::new();
    let file = db.add(Path::new(name), name.into(), text);
    parse(file, &db.file(file))
}

fn said(document: &Document) -> Vec<&str> {
    document.errors.iter().map(|error| error.message.as_str()).collect()
}

/// Whether a marker, and nothing beside it, makes of a node what it is.
fn is_unknown(node: &Node) -> bool {
    matches!(&node.kind, Kind::Expr(expr) if !matches!(**expr, Expr::Template(_)))
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
    assert_eq!(canonical(properties.get("Name").expect("a name")), "`{{ name }}`");
    let statements = properties.get("Policy").and_then(|p| p.get("Statement")).expect("statements");
    let statements = statements.as_list().expect("a list");
    assert_eq!(statements.len(), 3);
    assert_eq!(canonical(statements[0].get("Principal").expect("one")), "\"*\"");
    let resource = canonical(statements[0].get("Resource").expect("one"));
    assert_eq!(resource, "\"arn:aws:execute-api:\"`{{ region }}`\":*\"");
    assert!(is_unknown(&statements[1]));
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
        let any = crate::resolve::cloudformation::form::any;
        assert!(!any(&document.roots[0], is_unknown), "{text}");
    }
}

#[test]
fn a_marker_in_a_text_of_a_policy_is_one() {
    let text = r#"{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "{{ account }}"}}]}"#;
    let document = read("policy.json", text);
    assert_eq!(document.errors.len(), 1);
    let principal = &at(&document, &["Statement"]).as_list().expect("a list")[0];
    let account = principal.get("Principal").and_then(|p| p.get("AWS")).expect("an account");
    assert_eq!(canonical(account), "`{{ account }}`");
}

#[test]
fn a_text_around_markers_is_known_text_and_holes() {
    let at_a = |name: &str, text: &str| {
        let document = read(name, text);
        assert_eq!(document.errors.len(), 1, "{text}");
        let node = at(&document, &["Policy", "a"]);
        match &node.kind {
            Kind::Invalid => "?".to_owned(),
            _ => canonical(node),
        }
    };
    for (text, expected) in [
        ("arn:{{a}}:root", "\"arn:\"`{{a}}`\":root\""),
        ("'it''s {{ a }}/{{ b }}'", "\"it's \"`{{ a }}`\"/\"`{{ b }}`"),
        ("\"\\u0061\\t{{ a }}\\n\"", "\"a\\t\"`{{ a }}`\"\\n\""),
        ("|\n    {\n      {{ a }}\n    }\n", "\"{\\n  \"`{{ a }}`\"\\n}\\n\""),
        // What renders to nothing leaves nothing.
        ("x{# a note #}y", "\"x\"\"y\""),
        ("{{ a }}", "`{{ a }}`"),
    ] {
        assert_eq!(at_a("a.yaml", &format!("Policy:\n  a: {text}\n")), expected, "{text}");
    }
    // Each of these may be something else wherever it stands.
    for text in ["x{{ next() }}y", "x{% if a %}{{ b }}{% endif %}y", "x{% if a %}y", "x{{> p }}"] {
        let document = read("a.yaml", &format!("Policy:\n  a: {text}\n  b: {text}\n"));
        let Kind::Expr(expr) = &at(&document, &["Policy", "a"]).kind else { panic!("{text}") };
        let Expr::Template(parts) = &**expr else { panic!("{text}") };
        let TemplatePart::Interpolation(hole) = &parts[1] else { panic!("{text}: {parts:?}") };
        assert!(matches!(&hole.kind, Kind::Expr(e) if matches!(**e, Expr::Call { .. })), "{text}");
    }
    assert_eq!(
        at_a("a.json", r#"{"Policy": {"a": "\"{{ a }}\"/", "b": "{{ b }}"}}"#),
        r#""\"""#.to_owned() + "`{{ a }}`" + r#""\"/""#,
    );
    // A name that is given another value on the way is not one value.
    let assigned = "Policy:\n  a: '{% set a = 1 %}{{ a }}'\n  b: '{{ a }}'\n";
    let document = read("a.yaml", assigned);
    let Kind::Expr(expr) = &at(&document, &["Policy", "b"]).kind else { panic!("{document:?}") };
    let Expr::Template(parts) = &**expr else { panic!("{expr:?}") };
    let TemplatePart::Interpolation(hole) = &parts[0] else { panic!("{parts:?}") };
    assert!(matches!(&hole.kind, Kind::Expr(e) if matches!(**e, Expr::Call { .. })));
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
    assert!(list.iter().any(is_unknown), "{list:?}");
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
    let all = statement("Statement:\n{% if a %}\n- Effect: Deny\n{% endif %}\n");
    assert!(all.as_list().expect("a list").iter().all(is_unknown), "{all:?}");
    let sides = "Statement:\n- Effect: Allow\n{% if a %}\n  Principal: a\n{% else %}\n  Principal: b\n{% endif %}\n";
    let sides = statement(sides);
    let entries = sides.as_list().expect("a list")[0].as_map().expect("a map");
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert!(is_unknown(&entries[1].value));
    let filled = statement("Id: x\nStatement:\n  {{ statements }}\n");
    assert!(is_unknown(&filled), "{filled:?}");
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
