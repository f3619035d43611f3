//! Methods and their paths.

use super::Case;
use crate::model::{AuthType, Routes};

fn template(more: &str) -> String {
    format!(
        r#"
Parameters:
  Auth: {{Type: String, Default: AWS_IAM}}
  Other: {{Type: String}}
Conditions:
  Extra: !Equals [!Ref Other, x]
Resources:
  Api: {{Type: "AWS::ApiGateway::RestApi"}}
  Pets:
    Type: AWS::ApiGateway::Resource
    Properties: {{RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: pets}}
  Pet:
    Type: AWS::ApiGateway::Resource
    Properties: {{RestApiId: !Ref Api, ParentId: !Ref Pets, PathPart: "{{id}}"}}
{more}"#
    )
}

fn routes(case: &Case) -> &Routes {
    &case.world().routes
}

fn seen(case: &Case) -> Vec<(String, String, AuthType)> {
    rows(routes(case))
}

fn rows(routes: &Routes) -> Vec<(String, String, AuthType)> {
    routes
        .declared
        .iter()
        .map(|r| {
            let unknown = || "?".to_owned();
            (
                r.method.clone().unwrap_or_else(unknown),
                r.path.clone().unwrap_or_else(unknown),
                r.auth,
            )
        })
        .collect()
}

fn row(method: &str, path: &str, auth: AuthType) -> (String, String, AuthType) {
    (method.into(), path.into(), auth)
}

#[test]
fn methods_have_paths_and_authorisation() {
    let case = Case::new(&template(
        r#"  Root:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: any, AuthorizationType: NONE}
  Get:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !GetAtt Api.RestApiId, ResourceId: !Ref Pet, HttpMethod: GET, AuthorizationType: !Ref Auth}
  Post:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: {Ref: Api}, ResourceId: {Ref: Pets}, HttpMethod: POST, AuthorizationType: CUSTOM}
  Options:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Sub "${Api}", ResourceId: !Ref Pets, HttpMethod: OPTIONS}
"#,
    ));
    assert_eq!(
        seen(&case),
        [
            row("ANY", "/", AuthType::None),
            row("GET", "/pets/{id}", AuthType::AwsIam),
            row("POST", "/pets", AuthType::Custom),
            row("OPTIONS", "/pets", AuthType::None),
        ]
    );
    assert!(routes(&case).complete);
    assert_eq!(case.slice(routes(&case).declared[1].origin), "AWS_IAM");
    assert_eq!(case.use_site(routes(&case).declared[1].origin), "!Ref Auth");
    assert_eq!(case.slice(routes(&case).declared[3].origin), "Options");
}

#[test]
fn without_a_method_nothing_is_complete() {
    let case = Case::new(&template(""));
    assert!(routes(&case).declared.is_empty() && !routes(&case).complete);
}

#[test]
fn methods_of_other_apis_do_not_count() {
    let case = Case::new(&template(
        r#"  Theirs:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Other, ResourceId: !Ref Other, HttpMethod: GET, AuthorizationType: NONE}
  Imported:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !ImportValue api, ResourceId: x, HttpMethod: GET, AuthorizationType: NONE}
  Ours:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Pets, HttpMethod: GET, AuthorizationType: AWS_IAM}
"#,
    ));
    assert_eq!(seen(&case), [row("GET", "/pets", AuthType::AwsIam)]);
    assert!(routes(&case).complete);
}

#[test]
fn what_is_not_known_of_a_method_leaves_it_in_the_list() {
    for (properties, expected) in [
        (
            "ResourceId: !Ref Pets, HttpMethod: !Ref Other, AuthorizationType: NONE",
            row("?", "/pets", AuthType::None),
        ),
        (
            "ResourceId: !Ref Other, HttpMethod: GET, AuthorizationType: NONE",
            row("GET", "?", AuthType::None),
        ),
        (
            "ResourceId: !Ref Pets, HttpMethod: GET, AuthorizationType: !Ref Other",
            row("GET", "/pets", AuthType::Unknown),
        ),
        (
            "ResourceId: !Ref Pets, HttpMethod: GET, AuthorizerId: x",
            row("GET", "/pets", AuthType::Unknown),
        ),
        ("HttpMethod: GET, AuthorizationType: none", row("GET", "?", AuthType::Unknown)),
    ] {
        let case = Case::new(&template(&format!(
            "  M:\n    Type: AWS::ApiGateway::Method\n    Properties: {{RestApiId: !Ref Api, {properties}}}\n"
        )));
        assert_eq!(seen(&case), [expected], "{properties}");
        assert!(routes(&case).complete, "{properties}");
    }
}

#[test]
fn bodies_and_others_may_add_methods() {
    let method = "  M:\n    Type: AWS::ApiGateway::Method\n    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Pets, HttpMethod: GET, AuthorizationType: NONE}\n";
    let nested = format!(
        "{method}  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: x, Parameters: {{Api: !Ref Api}}}}\n"
    );
    assert!(!routes(&Case::new(&template(&nested))).complete);
    let exported = format!("{method}Outputs: {{Root: {{Value: !GetAtt Api.RootResourceId}}}}\n");
    assert!(!routes(&Case::new(&template(&exported))).complete);
    let url = format!("{method}Outputs: {{Url: {{Value: !Sub 'https://${{Api}}.x'}}}}\n");
    assert!(routes(&Case::new(&template(&url))).complete);
    let with_body = |body: &str| {
        let api =
            format!("Api: {{Type: \"AWS::ApiGateway::RestApi\", Properties: {{Body: {body}}}}}");
        Case::new(&template(method).replace("Api: {Type: \"AWS::ApiGateway::RestApi\"}", &api))
    };
    let unknown = with_body("{'Fn::Transform': {Name: AWS::Include}}");
    assert!(!routes(&unknown).complete);
    let known = with_body("{swagger: '2.0', paths: {/toys: {any: {}}}}");
    assert!(routes(&known).complete);
    let both = [row("GET", "/pets", AuthType::None), row("ANY", "/toys", AuthType::None)];
    assert_eq!(seen(&known), both);
}

#[test]
fn bodies_say_how_their_methods_are_authorised() {
    let case = Case::new(
        r#"Parameters:
  Stage: {Type: String, Default: live}
Conditions:
  IsLive: !Equals [!Ref Stage, live]
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        security: [{Pool: []}]
        paths:
          /a/:
            parameters: []
            get: {security: [{Sig: []}]}
            put: {security: [{Key: []}]}
            post: {security: [{Pool: []}, {Key: []}]}
            patch: {security: [{Pool: []}, {Sig: []}]}
            delete: {x-amazon-apigateway-auth: {type: AWS_IAM}, security: []}
            trace: {}
          /b:
            !If
              - IsLive
              - x-amazon-apigateway-any-method: {security: !If [IsLive, [{Token: []}], []]}
              - !Ref AWS::NoValue
          /c: {get: !If [IsLive, !Ref AWS::NoValue, {}], put: {security: [{Lost: []}]}}
        components:
          securitySchemes:
            Key: {type: apiKey, name: x-api-key, in: header}
            Sig: {type: apiKey, x-amazon-apigateway-authtype: awsSigv4}
            Pool: {type: apiKey, x-amazon-apigateway-authorizer: {type: cognito_user_pools}}
            Token: {type: apiKey, x-amazon-apigateway-authorizer: {type: !If [IsLive, token, request]}}
"#,
    );
    let live = [
        row("GET", "/a", AuthType::AwsIam),
        row("PUT", "/a", AuthType::None),
        row("POST", "/a", AuthType::CognitoUserPools),
        row("PATCH", "/a", AuthType::Unknown),
        row("DELETE", "/a", AuthType::AwsIam),
        row("ANY", "/b", AuthType::Custom),
        row("PUT", "/c", AuthType::Unknown),
    ];
    let [first, second] = &*case.api().worlds else { panic!("two worlds") };
    assert_eq!(rows(&first.routes), live);
    let paths: Vec<_> = rows(&second.routes).into_iter().map(|row| row.1).collect();
    assert_eq!(paths, ["/a", "/a", "/a", "/a", "/a", "/c", "/c"]);
    assert!(first.routes.complete, "what Lost is stands for all that it may be");
}

#[test]
fn a_body_in_json_text_has_methods() {
    let case = Case::new(
        r#"Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body: '{"swagger": "2.0", "paths": {"/a": {"get": {"security": [{"Sig": []}]}}},
        "securityDefinitions": {"Sig": {"type": "apiKey", "x-amazon-apigateway-authtype": "awsSigv4"}}}'
"#,
    );
    assert_eq!(seen(&case), [row("GET", "/a", AuthType::AwsIam)]);
    assert!(routes(&case).complete);
}

#[test]
fn methods_exist_under_their_conditions() {
    let case = Case::new(&template(
        r#"  M:
    Type: AWS::ApiGateway::Method
    Condition: Extra
    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Pets, HttpMethod: GET, AuthorizationType: NONE}
  N:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !If [Extra, !Ref Api, !Ref Other], ResourceId: !Ref Pets, HttpMethod: PUT, AuthorizationType: NONE}
"#,
    ));
    let counts: Vec<_> =
        case.api().worlds.iter().map(|w| (super::when(w), w.routes.declared.len())).collect();
    assert_eq!(counts, [("Other = x".to_owned(), 2), ("Other is not x".to_owned(), 0)]);
}

#[test]
fn authorisation_given_twice_counts_twice() {
    let case = Case::new(&template(
        r#"  M:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Pets
      HttpMethod: GET
      AuthorizationType: NONE
      AuthorizationType: AWS_IAM
"#,
    ));
    assert_eq!(
        seen(&case),
        [row("GET", "/pets", AuthType::None), row("GET", "/pets", AuthType::AwsIam)]
    );
    assert_eq!(
        super::texts(&case.problems()),
        [("duplicate: AuthorizationType", "AuthorizationType")]
    );
}

#[test]
fn resources_in_a_circle_have_no_path() {
    let case = Case::new(
        r#"
Resources:
  Api: {Type: "AWS::ApiGateway::RestApi"}
  A: {Type: "AWS::ApiGateway::Resource", Properties: {RestApiId: !Ref Api, ParentId: !Ref B, PathPart: a}}
  B: {Type: "AWS::ApiGateway::Resource", Properties: {RestApiId: !Ref Api, ParentId: !Ref A, PathPart: b}}
  M: {Type: "AWS::ApiGateway::Method", Properties: {RestApiId: !Ref Api, ResourceId: !Ref A, HttpMethod: GET, AuthorizationType: NONE}}
"#,
    );
    assert_eq!(seen(&case), [row("GET", "?", AuthType::None)]);
    assert!(!routes(&case).are_known());
}

const GET_PETS: &str = "  Get:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Pets, HttpMethod: GET, AuthorizationType: AWS_IAM}
";

#[test]
fn a_method_in_the_tree_with_an_unknown_api_id_opens_the_list() {
    let more = |id: &str, resource: &str| {
        let method = format!(
            "{GET_PETS}  Theirs:
    Type: AWS::ApiGateway::Method
    Properties: {{RestApiId: {id}, ResourceId: {resource}, HttpMethod: GET, AuthorizationType: NONE}}
  Elsewhere: {{Type: \"AWS::ApiGateway::RestApi\"}}
"
        );
        let case = Case::new(&template(&method));
        let api = case.apis().iter().find(|api| api.address == "Api").expect("the API");
        api.worlds.iter().all(|world| world.routes.complete)
    };
    assert!(routes(&Case::new(&template(GET_PETS))).complete);
    for id in ["!Ref Other", "!ImportValue api", "'{{resolve:ssm:api}}'", "a1b2c3d4e5"] {
        assert!(!more(id, "!Ref Pet"), "{id}");
        assert!(!more(id, "!GetAtt Api.RootResourceId"), "{id}");
        assert!(more(id, "!ImportValue resource"), "{id}");
        assert!(more(id, "!GetAtt Elsewhere.RootResourceId"), "{id}");
    }
}

#[test]
fn a_macro_may_add_methods() {
    let base = template(GET_PETS);
    let complete = |text: &str| routes(&Case::new(text)).complete;
    assert!(complete(&format!("Transform: AWS::LanguageExtensions\n{base}")));
    assert!(!complete(&format!("Transform: [AWS::LanguageExtensions, MyMacro]\n{base}")));
    let include = "Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}\n";
    assert!(!complete(&format!("{include}{base}")));
    assert!(!complete(&format!("{base}  {include}")));
    let made = format!(
        "{base}  Made:\n    Type: AWS::ApiGateway::Method\n    Properties:\n      {include}"
    );
    assert!(!complete(&made));
    let text = format!("Transform: MyMacro\n{base}");
    let case = Case::new(&text);
    let assumed: Vec<&str> = case.api().assumptions.iter().map(|a| a.text.as_str()).collect();
    assert!(assumed.contains(&"transform MyMacro leaves this API as it is written"), "{assumed:?}");
}

#[test]
fn stages_are_those_that_name_the_api() {
    let case = Case::new(
        r#"Parameters: {Stage: {Type: String, Default: live}}
Resources:
  Api: {Type: "AWS::ApiGateway::RestApi"}
  Other: {Type: "AWS::ApiGateway::RestApi"}
  D: {Type: "AWS::ApiGateway::Deployment", Properties: {RestApiId: !Ref Api, StageName: first}}
  S: {Type: "AWS::ApiGateway::Stage", Properties: {RestApiId: !Ref Api, StageName: !Ref Stage}}
  T: {Type: "AWS::ApiGateway::Stage", Properties: {RestApiId: !Ref Other, StageName: other}}
"#,
    );
    let stages = |at: usize| case.apis()[at].worlds[0].routes.stages.clone();
    assert_eq!(stages(0), ["first", "live"]);
    assert_eq!(stages(1), ["other"]);
}
