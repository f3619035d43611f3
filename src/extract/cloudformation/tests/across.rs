//! Methods that one stack adds to the API of another.

use super::*;
use crate::model::AuthType;

const API: &str = "Resources:\n  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: a}}\n  \
                   Get: {Type: 'AWS::ApiGateway::Method', Properties: {RestApiId: !Ref Api, \
                   ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: AWS_IAM}}\n";

/// A stack that adds `/pets` to the API that it is told of.
const METHODS: &str = "Parameters: {Api: {Type: String}, Root: {Type: String}}\nResources:\n  \
    Pets: {Type: 'AWS::ApiGateway::Resource', Properties: {RestApiId: !Ref Api, ParentId: !Ref Root, PathPart: pets}}\n  \
    Post: {Type: 'AWS::ApiGateway::Method', Properties: {RestApiId: !Ref Api, ResourceId: !Ref Pets, HttpMethod: POST, AuthorizationType: NONE}}\n";

fn stack(url: &str, parameters: &str) -> String {
    format!(
        "{{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: {url}, Parameters: {parameters}}}}}"
    )
}

/// The methods of the API `address`, and whether there may be others.
fn methods(case: &Case, address: &str) -> (Vec<String>, bool) {
    let api = case.apis().iter().find(|api| api.address == address).expect("the API");
    let routes = &api.worlds[0].routes;
    let one = |route: &crate::model::Route| {
        let [method, path] =
            [&route.method, &route.path].map(|part| part.as_deref().unwrap_or("?").to_owned());
        format!("{method} {path} {}", route.auth.words())
    };
    (routes.declared.iter().map(one).collect(), !routes.complete)
}

#[test]
fn a_stack_that_is_told_of_an_api_adds_methods_to_it() {
    let told = stack("methods.yaml", "{Api: !Ref Api, Root: !GetAtt Api.RootResourceId}");
    let case = Case::beside(&format!("{API}  More: {told}\n"), &[("/app/methods.yaml", METHODS)]);
    let both = ["GET / AWS_IAM".to_owned(), "POST /pets NONE".to_owned()];
    assert_eq!(methods(&case, "Api"), (both.to_vec(), false));
    let post = &case.api().worlds[0].routes.declared[1];
    let span = case.out.origins.span(post.origin);
    assert_eq!(case.db.file(span.file).display, "app/methods.yaml");
    assert_eq!(case.db.slice(span), "NONE");
    // A stack that is not told of it adds nothing.
    let other = stack("methods.yaml", "{Api: a1b2c3d4e5, Root: x}");
    let case = Case::beside(&format!("{API}  More: {other}\n"), &[("/app/methods.yaml", METHODS)]);
    assert_eq!(methods(&case, "Api"), (both[..1].to_vec(), false));
}

#[test]
fn outputs_of_one_stack_tell_its_siblings() {
    let api = format!(
        "{API}Outputs:\n  Id: {{Value: !Ref Api}}\n  Root: {{Value: !GetAtt Api.RootResourceId}}\n"
    );
    let files = [("/app/api.yaml", &*api), ("/app/methods.yaml", METHODS)];
    let told = stack("methods.yaml", "{Api: !GetAtt A.Outputs.Id, Root: !GetAtt A.Outputs.Root}");
    let text = format!("Resources:\n  A: {}\n  More: {told}\n", stack("api.yaml", "{}"));
    let both = vec!["GET / AWS_IAM".to_owned(), "POST /pets NONE".to_owned()];
    assert_eq!(methods(&Case::beside(&text, &files), "A/Api"), (both.clone(), false));
    // The outermost template hands it on to whoever asks.
    let text = format!("{text}Outputs: {{Root: {{Value: !GetAtt A.Outputs.Root}}}}\n");
    assert_eq!(methods(&Case::beside(&text, &files), "A/Api"), (both.clone(), true));
    // Any stack of the account can import it.
    let exported = api.replace("RootResourceId}\n", "RootResourceId, Export: {Name: root}}\n");
    let files = [("/app/api.yaml", &*exported), ("/app/methods.yaml", METHODS)];
    let text = format!("Resources:\n  A: {}\n  More: {told}\n", stack("api.yaml", "{}"));
    assert_eq!(methods(&Case::beside(&text, &files), "A/Api"), (both, true));
}

#[test]
fn methods_of_the_outer_template_belong_to_the_inner_api() {
    let api = format!(
        "{API}Outputs:\n  Id: {{Value: !Ref Api}}\n  Root: {{Value: !GetAtt Api.RootResourceId}}\n"
    );
    let text = format!(
        "Resources:\n  A: {}\n  Put: {{Type: 'AWS::ApiGateway::Method', Properties: {{RestApiId: !GetAtt A.Outputs.Id, \
         ResourceId: !GetAtt A.Outputs.Root, HttpMethod: PUT, AuthorizationType: NONE}}}}\n",
        stack("api.yaml", "{}")
    );
    let case = Case::beside(&text, &[("/app/api.yaml", &api)]);
    let both = vec!["GET / AWS_IAM".to_owned(), "PUT / NONE".to_owned()];
    assert_eq!(methods(&case, "A/Api"), (both, false));
}

#[test]
fn what_is_told_of_and_not_read_may_add_methods() {
    let get = vec!["GET / AWS_IAM".to_owned()];
    let parameters = "{Api: !Ref Api, Root: !GetAtt Api.RootResourceId}";
    let elsewhere = stack("https://s3.amazonaws.com/b/methods.yaml", parameters);
    let case = Case::beside(&format!("{API}  More: {elsewhere}\n"), &[]);
    assert_eq!(methods(&case, "Api"), (get.clone(), true));
    // A stack that is told hands it on to one that is not read, to a custom resource, or to a macro.
    let file = "/app/middle.yaml";
    for more in [
        format!("  More: {}\n", stack("https://x/y", "{Root: !Ref Root}")),
        "  More: {Type: 'Custom::Methods', Properties: {Api: !Ref Api}}\n".to_owned(),
        "  More: {Type: 'AWS::ApiGateway::Method', Properties: {'Fn::Transform': {Name: Own}}}\n"
            .to_owned(),
        "Transform: Own\n".to_owned(),
    ] {
        let middle = format!("{METHODS}{more}");
        let text = format!("{API}  More: {}\n", stack("middle.yaml", parameters));
        let (found, open) = methods(&Case::beside(&text, &[(file, &middle)]), "Api");
        assert!(open && found.contains(&get[0]), "{more}: {found:?}");
    }
}

#[test]
fn a_method_of_a_stack_that_may_not_be_there_is_not_certain() {
    let told = stack("methods.yaml", "{Api: !Ref Api, Root: !GetAtt Api.RootResourceId}");
    let told = told.replacen('{', "{Condition: Wanted, ", 1);
    let files = [("/app/methods.yaml", METHODS)];
    let text = format!(
        "Parameters: {{Env: {{Type: String, Default: prod}}}}\nConditions: {{Wanted: !Equals [!Ref Env, dev]}}\n\
         {API}  More: {told}\n"
    );
    let case = Case::beside(&text, &files);
    let counts: Vec<(usize, bool)> =
        case.api().worlds.iter().map(|w| (w.routes.declared.len(), w.routes.complete)).collect();
    assert_eq!(counts, [(1, true), (2, true)]);
    let auths = case.api().worlds.iter().flat_map(|world| &world.routes.declared);
    assert!(auths.clone().all(|route| route.auth != AuthType::Unknown), "{:?}", auths.count());
}

#[test]
fn stacks_that_tell_each_other_in_a_circle_come_to_an_end() {
    let inner = "Parameters: {A: {Type: String}}\nResources: {T: {Type: 'AWS::SNS::Topic'}}\nOutputs: {B: {Value: !Ref A}}\n";
    let text = format!(
        "{API}  One: {}\n  Two: {}\n",
        stack("inner.yaml", "{A: !GetAtt Two.Outputs.B, C: !Ref Api}"),
        stack("inner.yaml", "{A: !GetAtt One.Outputs.B}")
    );
    let case = Case::beside(&text, &[("/app/inner.yaml", inner)]);
    assert_eq!(methods(&case, "Api"), (vec!["GET / AWS_IAM".to_owned()], false));
}
