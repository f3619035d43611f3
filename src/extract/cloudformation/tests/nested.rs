//! Nested stacks.

use super::*;
use crate::source::Step;

const CHILD: &str = r#"
Parameters:
  Open: {Type: String, Default: 'no'}
  Ranges: {Type: CommaDelimitedList, Default: 203.0.113.0/24}
  Vpce: {Type: String, Default: ''}
Conditions:
  IsOpen: !Equals [!Ref Open, 'yes']
  HasVpce: !Not [!Equals [!Ref Vpce, '']]
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Statement:
        - {Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}
        - !If
          - IsOpen
          - !Ref AWS::NoValue
          - {Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*', Condition: {NotIpAddress: {'aws:SourceIp': !Ref Ranges}}}
        - !If
          - HasVpce
          - {Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*', Condition: {StringNotEquals: {'aws:SourceVpce': !Ref Vpce}}}
          - !Ref AWS::NoValue
Outputs:
  ApiId: {Value: !Ref Api}
  Range: {Value: 198.51.100.0/24}
"#;

fn outer(parameters: &str, more: &str) -> Case {
    let text = format!(
        "Parameters:\n  Env: {{Type: String, Default: prod}}\n  Given: {{Type: CommaDelimitedList}}\n\
         Conditions:\n  IsDev: !Equals [!Ref Env, dev]\n{more}\nResources:\n  \
         Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: ./inner/child.yaml, Parameters: {parameters}}}\n"
    );
    Case::beside(&text, &[("/app/inner/child.yaml", CHILD)])
}

const ALLOW: &str = "Allow * execute-api:/*";

fn deny(range: &str) -> String {
    format!("{ALLOW}; Deny * execute-api:/* if NotIpAddress aws:sourceip {range}")
}

#[test]
fn a_child_is_judged_with_what_it_is_passed() {
    for (parameters, expected) in [
        // Nobody can give another value: the default is the value.
        ("{}", vec![deny("203.0.113.0/24")]),
        ("{Open: 'yes'}", vec![ALLOW.to_owned()]),
        (
            "{Ranges: '198.51.100.0/25, 198.51.100.128/25'}",
            vec![deny("198.51.100.0/25,198.51.100.128/25")],
        ),
        ("{Ranges: !Join [',', !Ref Given]}", vec![deny("..Given")]),
        (
            "{Ranges: !Sub '203.0.113.0/24,${AWS::Region}'}",
            vec![deny("203.0.113.0/24,${AWS::Region}")],
        ),
        // What decides in the child is decided in the parent.
        ("{Open: !If [IsDev, 'yes', 'no']}", vec![deny("203.0.113.0/24"), ALLOW.to_owned()]),
        ("{Open: !Ref Env}", vec![deny("203.0.113.0/24"), ALLOW.to_owned()]),
    ] {
        let case = outer(parameters, "");
        let found: Vec<String> = case.worlds().into_iter().map(|(_, policy)| policy).collect();
        assert_eq!(found, expected, "{parameters}");
        assert_eq!(case.api().address, "Inner/Api");
        assert_eq!(case.problems(), [], "{parameters}");
        assert_eq!(case.out.nested, [std::path::PathBuf::from("/app/inner/child.yaml")].into());
    }
    let worlds = outer("{Open: !If [IsDev, 'yes', 'no']}", "").worlds();
    let when: Vec<&str> = worlds.iter().map(|(when, _)| &**when).collect();
    assert_eq!(when, ["Env is not dev", "Env = dev"]);
}

#[test]
fn an_argument_is_a_step() {
    let case = outer("{Ranges: 198.51.100.0/25}", "");
    let Entry::One(deny) = &known(&case.world().policy).statements[1] else { panic!("one") };
    let Entry::One(condition) = &deny.conditions[0] else { panic!("one") };
    let Entry::One(leaf) = &condition.values[0] else { panic!("one") };
    let steps = case.out.origins.steps(leaf.origin);
    let shown: Vec<_> =
        steps.iter().map(|s| (s.step, case.db.file(s.at.file).display.clone())).collect();
    let (child, parent) = ("app/inner/child.yaml".to_owned(), "app/template.yaml".to_owned());
    assert_eq!(shown.first(), Some(&(Step::Argument, child)));
    assert_eq!(shown.last(), Some(&(Step::Literal, parent)));
}

#[test]
fn a_stack_under_a_condition_exists_where_that_holds() {
    let case = Case::beside(
        "Parameters: {Env: {Type: String, Default: prod}}\nConditions: {IsDev: !Equals [!Ref Env, dev]}\nResources:\n  \
         Inner: {Type: 'AWS::CloudFormation::Stack', Condition: IsDev, Properties: {TemplateURL: child.yaml}}\n",
        &[("/app/child.yaml", CHILD)],
    );
    let exists: Vec<bool> = case.api().worlds.iter().map(|world| world.exists).collect();
    assert_eq!(exists, [false, true]);
}

#[test]
fn outputs_of_a_child_are_values_of_the_parent() {
    let api = |range: &str| {
        format!(
            "Resources:\n  Inner: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: child.yaml}}}}\n  \
             Own:\n    Type: AWS::ApiGateway::RestApi\n    Properties: {{Policy: {{Statement: [{{Effect: Allow, Principal: '*', Action: '*', Resource: '*', Condition: {{IpAddress: {{'aws:SourceIp': {range}}}}}}}]}}}}\n"
        )
    };
    let files = [("/app/child.yaml", CHILD)];
    for expression in [
        "!GetAtt Inner.Outputs.Range",
        "!Sub '${Inner.Outputs.Range}'",
        "{'Fn::GetAtt': [Inner, Outputs.Range]}",
    ] {
        let case = Case::beside(&api(expression), &files);
        let own = case.apis().iter().find(|api| api.address == "Own").expect("the API");
        let policy = case.describe(own, &own.worlds[0].policy);
        assert_eq!(policy, "Allow * * if IpAddress aws:sourceip 198.51.100.0/24", "{expression}");
    }
    // One that the child does not have is not known.
    let case = Case::beside(&api("!GetAtt Inner.Outputs.None"), &files);
    let own = case.apis().iter().find(|api| api.address == "Own").expect("the API");
    assert!(
        case.describe(own, &own.worlds[0].policy).ends_with("aws:sourceip ${Inner.Outputs.None}")
    );
}

#[test]
fn stacks_of_stacks_and_several_of_one_template_are_apart() {
    let middle = "Parameters: {Open: {Type: String}}\nResources:\n  \
                  A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: child.yaml, Parameters: {Open: !Ref Open}}}\n  \
                  B: {Type: 'AWS::Serverless::Application', Properties: {Location: ./child.yaml}}\n";
    let text = "Resources:\n  Middle: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: middle.yaml, Parameters: {Open: 'yes'}}}\n";
    let case = Case::beside(text, &[("/app/middle.yaml", middle), ("/app/child.yaml", CHILD)]);
    let found: Vec<(&str, String)> = case
        .apis()
        .iter()
        .map(|api| (&*api.address, case.describe(api, &api.worlds[0].policy)))
        .collect();
    assert_eq!(
        found,
        [("Middle/A/Api", ALLOW.to_owned()), ("Middle/B/Api", deny("203.0.113.0/24"))]
    );
    assert_eq!(case.out.nested.len(), 2);
}

#[test]
fn assets_of_the_cdk_are_followed() {
    let text = r#"{"Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::Region"}, "/x.json"]]}},
        "Metadata": {"aws:asset:path": "child.nested.template.json", "aws:asset:property": "TemplateURL"}}}}"#;
    let case = Case::beside(text, &[("/app/child.nested.template.json", CHILD)]);
    assert_eq!(case.api().address, "Inner/Api");
}

#[test]
fn assets_of_the_cdk_are_found_in_its_manifest() {
    let hash = "0123456789abcdef".repeat(4);
    let text = format!(
        r#"{{"Resources": {{"Inner": {{"Type": "AWS::CloudFormation::Stack", "Properties": {{"TemplateURL":
        {{"Fn::Join": ["", ["https://s3.", {{"Ref": "AWS::Region"}}, "/", {{"Fn::Sub": "assets-${{AWS::AccountId}}"}}, "/{hash}.json"]]}}}}}}}}}}"#
    );
    let manifest = format!(
        r#"{{"version": "36.0.0", "files": {{"{hash}": {{"source": {{"path": "child.nested.template.json", "packaging": "file"}}}}}}}}"#
    );
    let files =
        [("/app/Outer.assets.json", &*manifest), ("/app/child.nested.template.json", CHILD)];
    let case = Case::named("/app/Outer.template.json", &text, &files);
    assert_eq!(case.api().address, "Inner/Api");
    // Under another name there is no manifest.
    let case = Case::named("/app/Other.template.json", &text, &files);
    assert_eq!(case.problems()[0].0, "unresolved: nested stack Inner");
}

#[test]
fn the_construct_of_an_api_is_a_step_and_a_tag() {
    let text = "Resources:\n  OrdersApi6D9A8A5F:\n    Type: AWS::ApiGateway::RestApi\n    \
                Metadata: {'aws:cdk:path': Shop/Orders/Api/Resource}\n";
    let case = Case::new(text);
    let api = case.api();
    assert_eq!(case.slice(api.origin), "OrdersApi6D9A8A5F");
    assert_eq!(case.use_site(api.origin), "Shop/Orders/Api/Resource");
    let tags: Vec<_> = api.tags.iter().map(|tag| (&*tag.key, &*tag.value)).collect();
    assert_eq!(tags, [("aws:cdk:path", "Shop/Orders/Api/Resource")]);
}

#[test]
fn what_is_not_read_is_named() {
    let circle = "Resources:\n  Again: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: template.yaml}}\n";
    let files = [
        ("/app/template.yaml", circle),
        ("/app/broken.yaml", "a: ["),
        ("/app/other.yaml", "a: b"),
        ("/child.yaml", CHILD),
    ];
    for (properties, why) in [
        (
            "{TemplateURL: 'https://s3.amazonaws.com/bucket/child.yaml'}",
            "it lies in Amazon S3; it is not read",
        ),
        (
            "{TemplateURL: !Sub 'https://${Bucket}/child.yaml'}",
            "its template lies in Amazon S3; it is not read",
        ),
        ("{TemplateURL: missing.yaml}", "there is no such file in the given folders"),
        ("{TemplateURL: ../child.yaml}", "there is no such file in the given folders"),
        (
            "{TemplateURL: broken.yaml}",
            "the file that it names is no single document in JSON or YAML",
        ),
        ("{TemplateURL: other.yaml}", "the file that it names is no template"),
        (
            "{TemplateURL: template.yaml}",
            "it creates itself; AWS CloudFormation takes no such circle",
        ),
    ] {
        let text = format!(
            "Resources:\n  Inner: {{Type: 'AWS::CloudFormation::Stack', Properties: {properties}}}\n"
        );
        let case = Case::beside(&text, &files);
        let [Problem { kind: ProblemKind::Unresolved { what, why: said, .. }, .. }] =
            case.out.inventory.problems.as_slice()
        else {
            panic!("{properties}: {:?}", case.problems())
        };
        assert_eq!((&**what, &**said), ("nested stack Inner", why), "{properties}");
    }
}

#[test]
fn a_chain_of_stacks_is_cut() {
    let mut files = Vec::new();
    for i in 0..20 {
        files.push((
            format!("/app/{i}.yaml"),
            format!(
                "Resources:\n  A: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: {0}.yaml}}}}\n  \
                 B: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: {0}.yaml}}}}\n  \
                 Api: {{Type: 'AWS::ApiGateway::RestApi'}}\n",
                i + 1
            ),
        ));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (&**p, &**t)).collect();
    let case = Case::beside(files[0].1, &files);
    assert!(case.apis().len() <= 64, "{}", case.apis().len());
    assert!(case.problems().iter().any(|(problem, _)| problem.starts_with("unresolved: nested")));
}
