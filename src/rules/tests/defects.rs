//! What is wrong and opens nothing.

use super::*;

fn of(statements: &str) -> Vec<Seen> {
    Case::new(EndpointType::Regional, AuthType::None, statements).findings()
}

#[track_caller]
fn one(statements: &str) -> Seen {
    let mut seen = of(statements);
    assert_eq!(seen.len(), 1, "{seen:#?}");
    seen.remove(0)
}

#[test]
fn malformed_cidr() {
    let seen =
        one(&allow("\"IpAddress\": {\"aws:SourceIp\": [\"198.51.100.1\", \" 203.0.113.0/24\"]}"));
    assert_eq!(seen.finding.rule, "malformed-cidr");
    assert_eq!(seen.token, "\" 203.0.113.0/24\"");
    assert_eq!(seen.finding.title, "` 203.0.113.0/24` is not an address range");
    assert_eq!(seen.finding.help, "write `203.0.113.0/24`");
    assert!(
        of(&allow("\"IpAddress\": {\"aws:SourceIp\": [\"2001:db8::/32\", \"203.0.113.1\"]}"))
            .is_empty()
    );
}

#[test]
fn invalid_principal() {
    let cases = [
        ("{\"AWS\": \"arn:aws:iam::*:root\"}", "\"arn:aws:iam::*:root\""),
        ("\"arn:aws:iam::111122223333:root\"", "\"arn:aws:iam::111122223333:root\""),
        ("[\"arn:aws:iam::111122223333:root\"]", "\"arn:aws:iam::111122223333:root\""),
        ("{\"AWS\": \"12345678901\"}", "\"12345678901\""),
        ("{\"AWS\": \"AIDACKCEVSQ6C2EXAMPLE\"}", "\"AIDACKCEVSQ6C2EXAMPLE\""),
        ("{\"AWS\": \"\"}", "\"\""),
    ];
    for (principal, token) in cases {
        let seen = one(&statement("Allow", principal, ""));
        assert_eq!((seen.finding.rule, seen.token.as_str()), ("invalid-principal", token));
        assert_eq!(seen.finding.severity, Severity::High);
    }
    let seen = one(&statement("Allow", "{\"Account\": \"111122223333\"}", ""));
    assert_eq!(seen.finding.title, "`Account` is no type of principal");
    let two = "[\"arn:aws:iam::111122223333:root\", \"arn:aws:iam::111122223333:user/u\"]";
    assert_eq!(one(&statement("Allow", two, "")).token, "\"arn:aws:iam::111122223333:root\"");
    let seen = one(&statement("Allow", "{\"AWS\": []}", ""));
    assert_eq!(seen.finding.title, "the Principal is empty");
    for good in ["\"*\"", "{\"AWS\": \"111122223333\"}", "{\"Service\": \"x.amazonaws.com\"}"] {
        let seen = of(&statement("Allow", good, ""));
        assert!(seen.iter().all(|seen| seen.finding.rule != "invalid-principal"), "{good}");
    }
}

#[test]
fn a_principal_of_another_partition() {
    let text = statement("Allow", "{\"AWS\": \"arn:aws-cn:iam::111122223333:role/r\"}", "");
    let seen = of(&text);
    let quiet = seen.iter().all(|seen| seen.finding.rule != "invalid-principal");
    assert!(quiet, "the API's own partition is not known");
    let mut case = Case::new(EndpointType::Regional, AuthType::AwsIam, &text);
    case.settings.region = Some("eu-west-1".into());
    let (rule, _, title) = case.one();
    assert_eq!(rule, "invalid-principal");
    assert!(title.contains("another AWS partition"), "{title}");
}

#[test]
fn no_allow_lockout() {
    let only_deny = deny("\"StringNotEquals\": {\"aws:SourceVpce\": \"vpce-0aaaaaaaaaaaaaaa1\"}");
    let of = |auth| Case::new(EndpointType::Private, auth, &only_deny).findings();
    let seen = of(AuthType::None).remove(0);
    assert_eq!(seen.finding.rule, "no-allow-lockout");
    assert_eq!(seen.finding.confidence, Confidence::Proved);
    assert!(of(AuthType::Custom).is_empty() && of(AuthType::AwsIam).is_empty());
    assert_eq!(of(AuthType::CognitoUserPools).len(), 1);
    let mut undeclared = Case::new(EndpointType::Private, AuthType::None, &only_deny);
    undeclared.inventory.apis[0].worlds[0].routes = Routes::default();
    let seen = undeclared.findings().remove(0);
    assert_eq!(seen.finding.confidence, Confidence::Possible);
    assert_eq!(seen.finding.severity, Severity::Medium);
    let dead = "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"execute-api:Invoke\", \
                \"Resource\": \"arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5\"}";
    let seen = one(dead);
    assert_eq!(seen.finding.rule, "resource-matches-nothing");
    assert!(seen.token.contains("a1b2c3d4e5"), "{}", seen.token);
}

#[test]
fn public_api_no_policy() {
    let bare = |edit: fn(&mut ApiWorld)| {
        let mut case = Case::new(EndpointType::Regional, AuthType::None, "");
        let world = &mut case.inventory.apis[0].worlds[0];
        world.policy = PolicyState::None;
        edit(world);
        let seen = case.findings();
        seen.first().map(|seen| (seen.finding.rule, seen.finding.severity))
    };
    let id = "public-api-no-policy";
    assert_eq!(bare(|_| ()), Some((id, Severity::Medium)));
    assert_eq!(bare(|w| w.routes = Routes::default()), Some((id, Severity::Low)));
    assert_eq!(bare(|w| w.routes.declared[0].auth = AuthType::AwsIam), None);
    assert_eq!(bare(|w| w.routes.declared[0].method = Some("OPTIONS".into())), None);
    let private = bare(|w| w.endpoint = EndpointTypes::Known(EndpointType::Private, None));
    assert_eq!(private, Some(("private-api-no-policy", Severity::Medium)));
}

#[test]
fn only_other_worlds_make_a_defect_possible() {
    let mut case = Case::new(
        EndpointType::Regional,
        AuthType::None,
        &allow("\"IpAddress\": {\"aws:SourceIp\": \"nonsense\"}"),
    );
    let api = &mut case.inventory.apis[0];
    let mut safe = api.worlds[0].clone();
    safe.routes = Routes::default();
    safe.endpoint = EndpointTypes::Known(EndpointType::Private, None);
    safe.policy = PolicyState::None;
    api.worlds[0].is_default = false;
    api.worlds[0].assumptions = vec![crate::model::Assumption {
        text: "Environment = dev".into(),
        pin: None,
        origin: None,
    }];
    api.worlds.push(safe);
    let seen = case.findings();
    let seen = seen.iter().find(|seen| seen.finding.rule == "malformed-cidr").expect("a finding");
    assert_eq!(seen.finding.confidence, Confidence::Possible);
    assert_eq!(seen.finding.assumptions.len(), 1);
}

#[test]
fn one_world_without_a_policy_among_others_is_possible() {
    let found = |policies: usize| -> Vec<Confidence> {
        let mut case = Case::new(EndpointType::Regional, AuthType::None, &allow(""));
        let mut world = case.inventory.apis[0].worlds.remove(0);
        world.is_default = false;
        for number in 0..2 {
            let mut world = world.clone();
            if number >= policies {
                world.policy = PolicyState::None;
            }
            case.inventory.apis[0].worlds.push(world);
        }
        let found = case.findings().into_iter();
        let found = found.filter(|seen| seen.finding.rule == "public-api-no-policy");
        found.map(|seen| seen.finding.confidence).collect()
    };
    assert_eq!(found(1), [Confidence::Possible]);
    assert_eq!(found(0), [Confidence::Proved]);
    assert!(found(2).is_empty());
}

#[test]
fn a_hole_tells_what_a_defect_would_say_of_its_condition() {
    let vacuous = "\"StringEqualsIfExists\": {\"aws:SourceVpceId\": \"vpce-0aaaaaaaaaaaaaaa1\"}";
    let rules = |case: Case| -> Vec<&'static str> {
        case.findings().iter().map(|seen| seen.finding.rule).collect()
    };
    let open = || public(&allow(vacuous));
    assert_eq!(rules(open()), ["ifexists-vacuous"]);
    // The same condition, read again in another world, has origins of its own.
    let mut worlds = open();
    let first = deny("\"Bool\": {\"aws:SecureTransport\": \"false\"}");
    let both = format!("{first}, {}", allow(vacuous));
    let other = Case::new(EndpointType::Private, AuthType::None, &both);
    let mut world = other.inventory.apis[0].worlds[0].clone();
    world.is_default = false;
    worlds.inventory.apis[0].worlds.push(world);
    assert_eq!(rules(worlds), ["ifexists-vacuous"]);
    // A hole that is only possible does not hide what is proved.
    let mut possible = open();
    possible.exposures[0].access = Tri::Unknown;
    assert_eq!(rules(possible), ["ifexists-vacuous", "unsupported-condition-key"]);
}

#[test]
fn unsupported_condition_key() {
    let condition = |operator: &str, key: &str| format!("\"{operator}\": {{\"{key}\": \"x\"}}");
    let seen = one(&allow(&condition("StringEquals", "aws:SourceAccount")));
    assert_eq!(seen.finding.severity, Severity::High);
    assert_eq!(seen.token, "\"aws:SourceAccount\"");
    assert!(seen.finding.help.contains("`aws:PrincipalAccount`"), "{}", seen.finding.help);
    let seen =
        one(&format!("{}, {}", bare(), deny(&condition("StringEquals", "aws:SourceVpceId"))));
    assert_eq!(seen.finding.severity, Severity::Medium);
    assert!(seen.finding.primary().message.ends_with("this Deny stops nobody"));
    assert_eq!(seen.finding.help, "did you mean `aws:SourceVpce`?");
    let seen = one(&allow(&condition("StringEquals", "AWS:vpceorgid")));
    assert_eq!(
        (seen.finding.severity, seen.finding.confidence),
        (Severity::Info, Confidence::Possible)
    );
    let service = "{\"Service\": \"events.amazonaws.com\"}";
    let account = ", \"Condition\": {\"StringEquals\": {\"aws:SourceAccount\": \"1\"}}";
    let seen = one(&statement("Allow", service, account));
    assert_eq!(seen.finding.rule, "service-principal-useless");
    for kind in [ApiKind::DomainName, ApiKind::VpcEndpoint] {
        let mut case = Case::new(
            EndpointType::Private,
            AuthType::AwsIam,
            &allow(&condition("StringEquals", "aws:ResourceOrgID")),
        );
        case.inventory.apis[0].kind = kind;
        assert!(case.findings().is_empty(), "{kind:?}");
    }
}

#[test]
fn what_locks_nobody_out_is_medium() {
    let private = allow("\"IpAddress\": {\"aws:SourceIp\": \"10.0.0.0/8\"}");
    assert_eq!(one(&private).finding.severity, Severity::High);
    let account = "{\"AWS\": \"111122223333\"}";
    let beside = format!("{private}, {}", statement("Allow", account, ""));
    let seen = of(&beside);
    let range = seen.iter().find(|seen| seen.finding.rule == "private-cidr-in-sourceip");
    let severity = range.map(|seen| seen.finding.severity);
    assert_eq!(severity, Some(Severity::High), "an account is nobody without IAM");
    let signed = Case::new(EndpointType::Regional, AuthType::AwsIam, &private).findings();
    assert_eq!(signed[0].finding.severity, Severity::Medium);
    let part = "\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"execute-api:Invoke\", \
                \"Condition\": {\"NotIpAddress\": {\"aws:SourceIp\": \"10.0.0.0/8\"}}";
    let everything = format!("{}, {{{part}, \"Resource\": \"execute-api:/*\"}}", bare());
    assert_eq!(one(&everything).finding.severity, Severity::High);
    let admin = format!("{}, {{{part}, \"Resource\": \"execute-api:/prod/GET/admin/*\"}}", bare());
    assert_eq!(one(&admin).finding.severity, Severity::Medium);
}
