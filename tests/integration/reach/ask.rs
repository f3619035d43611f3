//! One question about one request: agrees with the worked examples, and names what an answer hangs on.

use std::collections::BTreeMap;

use gatelint::analyze::ask::ask;
use gatelint::model::{AccountId, Answer, Arn, Question, Routes, Tri, Who};
use serde_json::{Value, json};

use super::bench::{Bench, EVIL, NOW, OWNER, allow, deny, when};

fn question(who: Who) -> Question {
    Question {
        who,
        method: "GET".into(),
        stage: "prod".into(),
        path: "/pets".into(),
        ip: None,
        vpce: None,
        vpc: None,
        org: None,
        context: BTreeMap::new(),
        now: NOW,
    }
}

fn put(bench: &Bench, question: &Question) -> Answer {
    ask(&bench.api, &bench.trust, question)
}

/// The cases as text: `yes: from 203.0.113.0/24`.
fn cases(answer: &Answer) -> Vec<String> {
    let word = |access: Tri| match access {
        Tri::True => "yes",
        Tri::False => "no",
        Tri::Unknown => "unknown",
    };
    answer.cases.iter().map(|c| format!("{}: {}", word(c.access), c.when.join(", "))).collect()
}

fn account(id: &str) -> Who {
    Who::Account(AccountId::parse(id).expect("an account"))
}

/// What the question leaves open of a worked example is what its table does not say; everything else
/// is said, so the answer is that of the table.
#[test]
fn every_worked_example() {
    let json: Value =
        serde_json::from_str(include_str!("../../../testdata/semantics/cases.json")).expect("JSON");
    let (mut asked, mut wrong) = (0, Vec::new());
    for case in json["cases"].as_array().expect("cases") {
        let bench = Bench::example(case);
        for probe in case["probes"].as_array().expect("probes") {
            let text =
                |name: &str, default: &str| probe[name].as_str().unwrap_or(default).to_owned();
            let who = match probe["who"]["arn"].as_str() {
                None => Who::Anonymous,
                Some(arn) => {
                    let arn = probe["who"]["session"].as_str().unwrap_or(arn);
                    Who::Principal(Arn::parse(arn).expect("an ARN"))
                }
            };
            let mut question = question(who);
            (question.method, question.stage) = (text("method", "GET"), text("stage", "prod"));
            question.path = text("path", "/pets");
            match &probe["net"] {
                Value::String(ip) => question.ip = ip.parse().ok(),
                ids => {
                    question.vpce = ids[0].as_str().map(str::to_owned);
                    question.vpc = ids[1].as_str().map(str::to_owned);
                    question.ip = ids[2].as_str().and_then(|ip| ip.parse().ok());
                }
            }
            for (key, value) in probe["ctx"].as_object().into_iter().flatten() {
                let value = value.as_str().expect("a text").to_owned();
                question.context.insert(key.to_lowercase(), value);
            }
            let org = probe["who"]["account"].as_str().and_then(|id| json["orgs"][id].as_str());
            question.org = org.map(str::to_owned);
            let answer = put(&bench, &question);
            asked += 1;
            // The cases of an answer that differ by what another gate says, or by the organisation
            // that an account is not in.
            let said = match case["auth"].as_str() {
                Some("CUSTOM") => match text("authorizer", "").as_str() {
                    "allow" => "authorizer allows",
                    "none" => "authorizer silent",
                    _ => "authorizer denies",
                },
                Some("COGNITO") if probe["token"] == true => "valid token",
                Some("COGNITO") => "no valid token",
                Some("AWS_IAM") if probe["identity"] == "none" => "identity policy silent",
                Some("AWS_IAM") => "identity policy allows",
                _ => "",
            };
            let alone = question.org.is_none().then_some("no organisation");
            let this = "the API is arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5";
            let fits = |when: &[String]| {
                when.iter().all(|text| {
                    text.split(" or ").any(|one| one == said || one == this || Some(one) == alone)
                })
            };
            let found: Vec<Tri> =
                answer.cases.iter().filter(|c| fits(&c.when)).map(|c| c.access).collect();
            let expected = match probe["expect"].as_str() {
                Some("ALLOW") => Tri::True,
                Some("DENY") => Tri::False,
                _ => Tri::Unknown,
            };
            // A foreign account without an identity policy of its own is no question for `can`.
            let foreign = probe["identity"] == "none"
                && probe["who"]["account"].as_str().is_some_and(|id| id != OWNER);
            if !foreign && found != [expected] {
                wrong.push(format!("{} {probe}: {:?}", case["id"], cases(&answer)));
            }
        }
    }
    assert_eq!(asked, 120);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_address_is_named_where_it_matters() {
    let guarded = when("IpAddress", "aws:SourceIp", json!(["203.0.113.0/24", "198.51.100.7"]));
    let bench = Bench::new(&[allow(guarded)]);
    let mut ask = question(Who::Anonymous);
    let answer = put(&bench, &ask);
    assert_eq!(answer.access, Tri::Unknown);
    assert_eq!(
        cases(&answer),
        [
            "yes: from 198.51.100.7/32, 203.0.113.0/24",
            "no: from anywhere but 198.51.100.7/32, 203.0.113.0/24"
        ]
    );
    ask.ip = "203.0.113.9".parse().ok();
    assert_eq!(put(&bench, &ask).access, Tri::True);
    ask.ip = "8.8.8.8".parse().ok();
    assert_eq!(put(&bench, &ask).access, Tri::False);
    // The endpoint has no IPv6 address.
    ask.ip = "2001:db8::1".parse().ok();
    assert_eq!(put(&bench, &ask).access, Tri::False);
}

#[test]
fn the_principal_is_named_where_it_matters() {
    let admin = when("ArnLike", "aws:PrincipalArn", json!("arn:aws:iam::*:role/Admin"));
    let bench = Bench::new(&[allow(admin)]).routes(&["GET /pets AWS_IAM"]);
    let answer = put(&bench, &question(account(EVIL)));
    assert_eq!(
        cases(&answer),
        ["yes: as arn:aws:iam::999999999999:role/Admin", "no: as any other principal"]
    );
    let role = |name: &str| {
        let arn = format!("arn:aws:sts::{EVIL}:assumed-role/{name}/session");
        put(&bench, &question(Who::Principal(Arn::parse(&arn).expect("an ARN")))).access
    };
    assert_eq!((role("Admin"), role("Other")), (Tri::True, Tri::False));
}

#[test]
fn the_most_specific_route_takes_the_request() {
    let bench = Bench::new(&[allow(json!({}))]).routes(&[
        "ANY /{proxy+} AWS_IAM",
        "ANY /pets/{id} COGNITO",
        "GET /pets/{id} NONE",
        "GET /pets/all AWS_IAM",
    ]);
    let access = |method: &str, path: &str| {
        let mut ask = question(Who::Anonymous);
        (ask.method, ask.path) = (method.into(), path.into());
        put(&bench, &ask).access
    };
    assert_eq!(access("GET", "/pets/1"), Tri::True);
    assert_eq!(access("POST", "/pets/1"), Tri::Unknown, "a valid token decides");
    assert_eq!(access("GET", "/pets/all"), Tri::False);
    assert_eq!(access("GET", "/other/deep"), Tri::False);
    assert_eq!(access("GET", "/"), Tri::False, "no route takes it");
}

#[test]
fn open_ends_are_not_answered() {
    // A header that the question leaves out, and a method that nobody declared.
    let secret = when("StringEquals", "aws:UserAgent", json!("s3cret"));
    let bench = Bench::new(&[allow(secret)]);
    let mut ask = question(Who::Anonymous);
    let answer = put(&bench, &ask);
    assert_eq!((answer.access, answer.cases.len()), (Tri::Unknown, 1));
    assert_eq!(answer.cases[0].reason, "it depends on aws:UserAgent");
    ask.context.insert("aws:useragent".into(), "s3cret".into());
    assert_eq!(put(&bench, &ask).access, Tri::True);
    ask.context.insert("aws:useragent".into(), "curl".into());
    assert_eq!(put(&bench, &ask).access, Tri::False);
    let mut open = Bench::new(&[allow(json!({}))]);
    open.world().routes = Routes::default();
    let answer = put(&open, &question(Who::Anonymous));
    assert_eq!(cases(&answer), ["yes: authorization NONE", "no: authorization AWS_IAM"]);
}

#[test]
fn a_deny_names_itself() {
    let bench = Bench::new(&[
        allow(json!({})),
        deny(when("NotIpAddress", "aws:SourceIp", json!("203.0.113.0/24"))),
    ]);
    let mut ask = question(Who::Anonymous);
    ask.ip = "8.8.8.8".parse().ok();
    let answer = put(&bench, &ask);
    assert_eq!((answer.access, answer.cases[0].reason.as_str()), (Tri::False, "a Deny applies"));
    assert_eq!(answer.cases[0].places.len(), 1);
}

#[test]
fn an_endpoint_reaches_private_apis_only() {
    let statement = allow(when("StringEquals", "aws:SourceVpce", json!("vpce-0aaaaaaaaaaaaaaa1")));
    let public = Bench::new(std::slice::from_ref(&statement));
    let mut ask = question(Who::Anonymous);
    ask.vpce = Some("vpce-0aaaaaaaaaaaaaaa1".into());
    assert_eq!(put(&public, &ask).access, Tri::False);
    let private = Bench::new(&[statement]).private();
    assert_eq!(put(&private, &ask).access, Tri::True);
    ask.vpce = None;
    let answer = put(&private, &ask);
    assert_eq!(
        cases(&answer),
        ["yes: through vpce-0aaaaaaaaaaaaaaa1", "no: through any other VPC endpoint"]
    );
}
