//! Which cause has which hole, and what it says.

use super::*;

#[test]
fn ranks_are_unique_and_ids_are_sorted() {
    let mut ranks: Vec<u8> = RULES.iter().filter_map(|rule| rule.cause()).map(|c| c.0).collect();
    ranks.sort_unstable();
    assert!(ranks.windows(2).all(|pair| pair[0] < pair[1]), "{ranks:?}");
    assert!(RULES.windows(2).all(|pair| pair[0].meta.id < pair[1].meta.id));
    assert_eq!(find("wildcard-principal").map(|rule| rule.meta.id), Some("wildcard-principal"));
    assert!(find("no-such-rule").is_none());
}

#[test]
fn an_allow_to_everyone() {
    explains(
        public(&bare()),
        "wildcard-principal",
        "\"*\"",
        "anyone on the internet can call GET /prod/pets",
    );
    explains(
        public(&statement("Allow", "{\"AWS\": [\"*\"]}", "")),
        "wildcard-principal",
        "\"*\"",
        "anyone on the internet can call GET /prod/pets",
    );
    explains(
        signed(&bare()),
        "wildcard-principal",
        "\"*\"",
        "any AWS account can call GET /prod/pets",
    );
}

#[test]
fn a_deny_of_other_routes_or_of_plain_http_is_no_guard() {
    let delete = "{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"execute-api:Invoke\", \
                  \"Resource\": \"execute-api:/prod/DELETE/*\"}";
    let (rule, ..) = public(&format!("{}, {delete}", bare())).one();
    assert_eq!(rule, "wildcard-principal");
    let tls = deny("\"Bool\": {\"aws:SecureTransport\": \"false\"}");
    let (rule, ..) = public(&format!("{}, {tls}", bare())).one();
    assert_eq!(rule, "wildcard-principal");
}

#[test]
fn a_private_api_for_every_endpoint() {
    explains(
        private(&bare()),
        "private-api-any-vpce",
        "\"*\"",
        "any account's VPC endpoint can call GET /prod/pets",
    );
}

#[test]
fn allow_notprincipal() {
    let text = "{\"Effect\": \"Allow\", \"NotPrincipal\": {\"AWS\": \"arn:aws:iam::999999999999:root\"}, \
                \"Action\": \"execute-api:Invoke\", \"Resource\": \"execute-api:/*\"}";
    explains(
        public(text),
        "allow-notprincipal",
        "\"NotPrincipal\"",
        "NotPrincipal lets anyone on the internet call GET /prod/pets",
    );
}

#[test]
fn conditions_that_name_neither_network_nor_identity() {
    explains(
        public(&allow("\"DateLessThan\": {\"aws:CurrentTime\": \"2030-01-01T00:00:00Z\"}")),
        "missing-condition",
        "\"*\"",
        "anyone on the internet can call GET /prod/pets",
    );
}

#[test]
fn guards_that_do_not_guard() {
    type Make = fn(&str) -> Case;
    // The rule, the condition of an Allow to everyone, and the token.
    let cases: &[(Make, &str, &str, &str)] = &[
        (
            public,
            "cidr-everything",
            "\"IpAddress\": {\"aws:SourceIp\": \"0.0.0.0/0\"}",
            "\"0.0.0.0/0\"",
        ),
        (
            public,
            "cidr-too-broad",
            "\"IpAddress\": {\"aws:SourceIp\": [\"203.0.113.0/24\", \"8.0.0.0/5\"]}",
            "\"8.0.0.0/5\"",
        ),
        (
            public,
            "cidr-too-broad",
            "\"IpAddress\": {\"aws:SourceIp\": [\"0.0.0.0/1\", \"128.0.0.0/1\"]}",
            "\"0.0.0.0/1\"",
        ),
        (
            public,
            "ifexists-vacuous",
            "\"StringEqualsIfExists\": {\"aws:SourceVpce\": \"vpce-0aaaaaaaaaaaaaaa1\"}",
            "\"StringEqualsIfExists\"",
        ),
        (
            public,
            "negated-allow-missing-key",
            "\"StringNotEquals\": {\"aws:SourceVpce\": \"vpce-0eeeeeeeeeeeeeee1\"}",
            "\"StringNotEquals\"",
        ),
        (
            public,
            "forallvalues-vacuous",
            "\"ForAllValues:StringEquals\": {\"aws:PrincipalOrgID\": \"o-trusted01\"}",
            "\"ForAllValues:StringEquals\"",
        ),
        (public, "null-true-allow", "\"Null\": {\"aws:PrincipalOrgID\": \"true\"}", "\"true\""),
        (
            public,
            "negated-allow",
            "\"NotIpAddress\": {\"aws:SourceIp\": \"203.0.113.0/24\"}",
            "\"NotIpAddress\"",
        ),
        (
            public,
            "tautological-condition",
            "\"Bool\": {\"aws:SecureTransport\": \"true\"}",
            "\"aws:SecureTransport\"",
        ),
        (
            public,
            "tautological-condition",
            "\"DateGreaterThan\": {\"aws:CurrentTime\": \"2020-01-01T00:00:00Z\"}",
            "\"2020-01-01T00:00:00Z\"",
        ),
        (
            signed,
            "wildcard-in-sensitive-key",
            "\"StringLike\": {\"aws:PrincipalOrgID\": [\"o-trusted01\", \"o-*\"]}",
            "\"o-*\"",
        ),
        (
            signed,
            "wildcard-in-sensitive-key",
            "\"ArnLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::*:role/Admin\"}",
            "\"arn:aws:iam::*:role/Admin\"",
        ),
        (
            signed,
            "negated-allow",
            "\"StringNotEquals\": {\"aws:PrincipalAccount\": [\"999999999999\"]}",
            "\"StringNotEquals\"",
        ),
        (
            private,
            "wildcard-in-sensitive-key",
            "\"StringLike\": {\"aws:SourceVpce\": \"vpce-*\"}",
            "\"vpce-*\"",
        ),
        (
            private,
            "vpcsourceip-alone",
            "\"IpAddress\": {\"aws:VpcSourceIp\": \"10.0.0.0/8\"}",
            "\"aws:VpcSourceIp\"",
        ),
        (
            private,
            "tautological-condition",
            "\"Null\": {\"aws:SourceVpce\": \"false\"}",
            "\"false\"",
        ),
        // Of two modifiers that are true without the key either would do, and one has it.
        (
            public,
            "ifexists-vacuous",
            "\"ForAllValues:StringNotEqualsIfExists\": {\"aws:PrincipalOrgID\": \"o-x\"}",
            "\"ForAllValues:StringNotEqualsIfExists\"",
        ),
    ];
    for (api, rule, condition, token) in cases {
        let (got_rule, got, title) = api(&allow(condition)).one();
        assert_eq!((got_rule, got.as_str()), (*rule, *token), "{condition}: {title}");
        assert!(title.contains(" lets "), "{title}");
        assert!(title.chars().count() <= 80, "{title}");
    }
}

#[test]
fn a_header_that_the_caller_writes() {
    let mut case = Case::new(
        EndpointType::Regional,
        AuthType::None,
        &allow("\"StringEquals\": {\"aws:Referer\": \"s3cret\"}"),
    );
    let mut witness = anonymous();
    let value = AbsentOr::Present(vec![Value::named("s3cret")]);
    witness.context.insert("aws:referer".into(), value);
    case = case.exposed(CallerClass::AnonymousInternet, witness);
    explains(
        case,
        "spoofable-condition",
        "\"aws:Referer\"",
        "`aws:Referer` lets anyone on the internet call GET /prod/pets",
    );
}

#[test]
fn the_guard_that_says_most_is_the_finding_and_the_others_are_labels() {
    let both = allow(
        "\"Bool\": {\"aws:SecureTransport\": \"true\"}, \"IpAddress\": {\"aws:SourceIp\": \"0.0.0.0/0\"}",
    );
    let mut seen = public(&both).findings();
    assert_eq!(seen.len(), 1);
    let seen = seen.remove(0);
    assert_eq!((seen.finding.rule, seen.token.as_str()), ("cidr-everything", "\"0.0.0.0/0\""));
    assert!(seen.finding.labels.iter().any(|l| l.message.contains("TLS")), "{:#?}", seen.finding);
}

#[test]
fn denies_that_were_meant_to_guard() {
    let by_ip = deny("\"IpAddress\": {\"aws:SourceIp\": \"198.51.100.0/24\"}");
    explains(
        public(&format!("{}, {by_ip}", bare())),
        "denylist-still-public",
        "\"198.51.100.0/24\"",
        "a deny list lets anyone on the internet call GET /prod/pets",
    );
    let account = statement("Deny", "{\"AWS\": \"arn:aws:iam::999999999999:root\"}", "");
    let named = "\"arn:aws:iam::999999999999:root\"";
    explains(
        public(&format!("{}, {account}", bare())),
        "deny-principal-bypass",
        named,
        "a Deny by account lets anyone on the internet call GET /prod/pets",
    );
    explains(
        signed(&format!("{}, {account}", bare())),
        "denylist-still-public",
        named,
        "a deny list lets any AWS account call GET /prod/pets",
    );
    let everyone = deny("\"NotIpAddress\": {\"aws:SourceIp\": \"0.0.0.0/0\"}");
    let (rule, token, _) = public(&format!("{}, {everyone}", bare())).one();
    assert_eq!((rule, token.as_str()), ("cidr-everything", "\"0.0.0.0/0\""));
    let absent = deny("\"StringEquals\": {\"aws:SourceVpce\": \"vpce-0eeeeeeeeeeeeeee1\"}");
    explains(
        public(&format!("{}, {absent}", bare())),
        "vpc-key-on-public-api",
        "\"aws:SourceVpce\"",
        "a Deny on `aws:SourceVpce` lets anyone on the internet call GET /prod/pets",
    );
    let organisation = deny("\"StringEquals\": {\"aws:PrincipalOrgID\": \"o-rival00001\"}");
    let (rule, token, _) = public(&format!("{}, {organisation}", bare())).one();
    assert_eq!((rule, token.as_str()), ("deny-principal-bypass", "\"aws:PrincipalOrgID\""));
    let (rule, token, _) = signed(&format!("{}, {organisation}", bare())).one();
    assert_eq!((rule, token.as_str()), ("denylist-still-public", "\"o-rival00001\""));
}

#[test]
fn of_several_denies_the_one_that_was_to_hold_is_the_finding() {
    let list = deny("\"StringEquals\": {\"aws:SourceVpce\": \"vpce-0eeeeeeeeeeeeeee1\"}");
    let guard = deny("\"StringNotLike\": {\"aws:SourceVpce\": \"vpce-*\"}");
    let seen = private(&format!("{}, {list}, {guard}", bare())).findings().remove(0);
    assert_eq!(
        (seen.finding.rule, seen.token.as_str()),
        ("wildcard-in-sensitive-key", "\"vpce-*\"")
    );
    let labels: Vec<&str> = seen.finding.labels.iter().map(|l| l.message.as_str()).collect();
    assert!(labels.contains(&"stops only what is listed: everyone else gets in"), "{labels:?}");
    assert!(labels.contains(&"the Allow is to everyone"), "{labels:?}");
}

#[test]
fn not_elements() {
    let text = "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"execute-api:Invoke\", \
                \"NotResource\": \"execute-api:/prod/GET/admin*\"}";
    explains(
        public(text),
        "not-element-allow",
        "\"execute-api:/prod/GET/admin*\"",
        "NotResource lets anyone on the internet call GET /prod/pets",
    );
}

fn evil() -> CallerClass {
    CallerClass::Account(AccountId::parse("999999999999").expect("an account"))
}

fn names_evil() -> Case {
    let text = statement("Allow", "{\"AWS\": \"arn:aws:iam::999999999999:root\"}", "");
    let witness = request(principal("999999999999", Fresh::No, None), internet());
    Case::new(EndpointType::Regional, AuthType::AwsIam, &text).exposed(evil(), witness)
}

#[test]
fn an_account_that_nobody_vouches_for() {
    let seen = names_evil().findings().remove(0);
    assert_eq!(seen.finding.rule, "untrusted-account");
    assert_eq!(seen.finding.severity, Severity::High);
    assert_eq!(seen.token, "999999999999");
    assert_eq!(seen.finding.title, "untrusted account 999999999999 can call GET /prod/pets");
    assert!(
        seen.finding.help.starts_with(
            "if 999999999999 is the account you deploy to, run with --account-id 999999999999"
        ),
        "{}",
        seen.finding.help
    );
    let mut known = names_evil();
    known.settings.trust.owners.insert(AccountId::parse("123456789012").expect("an account"));
    let seen = known.findings().remove(0);
    assert!(seen.finding.help.starts_with("remove the account"), "{}", seen.finding.help);
}

#[test]
fn an_entry_that_expired_is_named() {
    let mut case = names_evil();
    case.settings.trust.accounts.push(TrustedAccount {
        id: AccountId::parse("999999999999").expect("an account"),
        name: Some("old-partner".into()),
        apis: Vec::new(),
        expires: Some(NOW),
        entry: 0,
    });
    let file = case.db.add("gatelint.yaml".as_ref(), "gatelint.yaml".into(), "trust: here\n");
    case.settings.trust_spans.push(Span::new(file, 7, 11));
    let seen = case.findings();
    let [expired, seen] = seen.as_slice() else { panic!("{seen:#?}") };
    assert_eq!((expired.finding.rule, expired.token.as_str()), ("trusted-account-expired", "here"));
    assert_eq!(expired.finding.severity, Severity::Medium);
    let granted = expired.finding.labels.last().expect("a label");
    assert_eq!((granted.span, granted.primary), (seen.finding.primary().span, false));
    let primary = &seen.finding.primary().message;
    assert_eq!(
        primary,
        "the trust list's entry for 999999999999 (`old-partner`) expired after 2026-11-20"
    );
    let last = seen.finding.labels.last().expect("a label");
    assert_eq!((last.span.file, last.message.as_str()), (file, "this entry has expired"));
}

#[test]
fn severities_follow_the_gate() {
    let gates = [
        (Gate::Open, Severity::Critical, "anyone on the internet can call GET /prod/pets"),
        (
            Gate::Authorizer,
            Severity::Medium,
            "only the authorizer stands between the internet and GET /prod/pets",
        ),
        (Gate::PreflightOnly, Severity::Low, "anyone on the internet can call GET /prod/pets"),
    ];
    for (gate, severity, title) in gates {
        let mut case = public(&bare());
        case.exposures[0].gate = gate;
        let seen = case.findings().remove(0);
        assert_eq!((seen.finding.severity, seen.finding.title.as_str()), (severity, title));
    }
    let mut case = names_evil();
    case.exposures[0].gate = Gate::NoIamRoute;
    let seen = case.findings().remove(0);
    assert_eq!(seen.finding.severity, Severity::Medium);
    assert_eq!(
        seen.finding.title,
        "untrusted account 999999999999 gets in as soon as one route uses AWS_IAM"
    );
}

#[test]
fn classes_of_one_statement_are_one_hole_and_the_proved_one_leads() {
    let mut case = public(&bare());
    let mut any = case.exposures[0].clone();
    any.class = CallerClass::AnyAwsAccount;
    case.exposures.push(any.clone());
    let seen = case.findings();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].finding.severity, Severity::Critical);

    let mut case = public(&bare());
    case.exposures[0].access = Tri::Unknown;
    case.exposures.push(any);
    let seen = case.findings();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].finding.confidence, Confidence::Proved);
    assert_eq!(seen[0].finding.severity, Severity::High);
}

#[test]
fn possible_names_the_flag_that_decides() {
    let mut case = public(&bare());
    case.exposures[0].access = Tri::Unknown;
    case.exposures[0].needs = vec![crate::model::Assumption {
        text: "Environment = dev".into(),
        pin: Some("--param Environment=...".into()),
        origin: None,
    }];
    let seen = case.findings().remove(0);
    assert_eq!(seen.finding.confidence, Confidence::Possible);
    assert_eq!(seen.finding.severity, Severity::Medium);
    assert_eq!(seen.finding.title, "anyone on the internet may be able to call GET /prod/pets");
    assert!(seen.finding.help.contains("`--param Environment=...`"), "{}", seen.finding.help);
}

#[test]
fn a_hole_of_an_unreadable_policy_is_the_unreadable_finding_alone() {
    let mut case = public(&bare());
    let origin: Origin = case.exposures[0].deciding;
    let opaque = crate::model::SymbolRef { id: 9, class: crate::model::SymbolClass::Opaque };
    case.inventory.apis[0].worlds[0].policy = PolicyState::Unknown(opaque, origin);
    case.exposures[0].statement = None;
    case.exposures[0].access = Tri::Unknown;
    case.inventory.problems.push(Problem {
        kind: ProblemKind::Unreadable { message: "a comma is missing".into(), help: None },
        origin,
        related: Vec::new(),
        api: Some("Api".into()),
    });
    let seen = case.findings();
    assert_eq!(seen.len(), 1, "{seen:#?}");
    assert_eq!(seen[0].finding.rule, "unreadable-template");
    assert_eq!(seen[0].finding.title, "not readable: a comma is missing");
}

#[test]
fn a_policy_that_is_not_known_is_possible() {
    let mut case = public(&bare());
    let origin = case.exposures[0].deciding;
    let input = crate::model::SymbolRef { id: 0, class: crate::model::SymbolClass::Input };
    case.inventory.apis[0].worlds[0].policy = PolicyState::Unknown(input, origin);
    case.exposures[0].statement = None;
    case.exposures[0].access = Tri::Unknown;
    let (rule, ..) = case.one();
    assert_eq!(rule, "wildcard-principal");
}

#[test]
fn fingerprints_are_of_the_grant_and_not_of_its_layout() {
    let print = |statements: &str| public(statements).findings().remove(0).finding.fingerprint;
    let one = bare();
    let same = one.replace(": ", ":   ").replace("\"Action\"", "\n  \"Action\"");
    assert_eq!(print(&one), print(&same));
    assert_ne!(print(&one), print(&one.replace("execute-api:/*", "execute-api:/prod/*")));
    let two = |a: &str, b: &str| {
        allow(&format!("\"IpAddress\": {{\"aws:SourceIp\": [\"{a}\", \"{b}\"]}}"))
    };
    assert_eq!(print(&two("0.0.0.0/1", "128.0.0.0/1")), print(&two("128.0.0.0/1", "0.0.0.0/1")));
}

#[test]
fn a_rule_that_panics_is_a_finding_and_the_rest_goes_on() {
    fn broken(_: &DefectCx<'_>, _: &mut Vec<Draft>) {
        panic!("index out of bounds")
    }
    let case = public(&bare());
    let cx = DefectCx::new(&case.inventory, &[], &case.settings, NOW);
    let mut out = Vec::new();
    support::guarded::defect(&unresolved::RULE, broken, &cx, &mut out);
    assert_eq!(out.len(), 1);
    assert_eq!((out[0].rule, out[0].severity), ("unresolved", Severity::High));
    assert!(out[0].title.contains("index out of bounds"), "{}", out[0].title);
}
