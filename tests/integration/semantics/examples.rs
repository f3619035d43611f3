//! Policies and requests with known answers, for the policy alone and for the whole.
//!
//! `testdata/semantics/cases.json` holds 56 worked examples with 120 requests;
//! `testdata/semantics/vectors.json` holds 240 random policies, each with one random request, answered
//! once by the reference evaluator that the worked examples come from.
//! `testdata/semantics/agreed.jsonl` holds pairs of a random policy and a random request, on whose
//! policy verdict a simulator of IAM that others wrote agrees.

use std::collections::BTreeMap;
use std::net::IpAddr;

use gatelint::analyze::access::{Credential, Signer, access, access_by, seen_by_policy};
use gatelint::analyze::evaluate::evaluate;
use gatelint::model::{
    AbsentOr, AccountId, Arn, AuthType, Caller, Fresh, Iam, Identity, Network, Request, Tri,
    Value as KeyValue, Verdict,
};
use serde_json::{Value, json};

use super::NOW;
use crate::support::policies::policy;

fn string(json: &Value) -> &str {
    json.as_str().expect("a string")
}

fn array(json: &Value) -> &[Value] {
    json.as_array().expect("an array")
}

fn address(json: &Value) -> IpAddr {
    string(json).parse().expect("an address")
}

struct Examples {
    json: Value,
    identity: Identity,
}

impl Examples {
    fn read(text: &str) -> Self {
        let json: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(json["now"], "2026-11-21T00:00:00Z");
        let arn = Arn::parse(string(&json["api"])).expect("an ARN");
        let identity = Identity {
            partition: arn.partition,
            region: arn.region,
            account: arn.account,
            api_id: arn.resource,
            domain: None,
        };
        Self { json, identity }
    }

    fn request(&self, probe: &Value) -> Request {
        let text = |name: &str, default: &str| probe[name].as_str().unwrap_or(default).to_owned();
        let network = match &probe["net"] {
            Value::String(_) => Network::internet(address(&probe["net"])),
            ids => Network::Vpc {
                vpce: KeyValue::named(string(&ids[0])),
                vpc: KeyValue::named(string(&ids[1])),
                ip: address(&ids[2]),
            },
        };
        let context: BTreeMap<_, _> = probe["ctx"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| {
                let value = KeyValue::named(string(value));
                (key.to_lowercase(), AbsentOr::Present(vec![value]))
            })
            .collect();
        Request {
            caller: self.caller(&probe["who"]),
            network,
            method: text("method", "GET"),
            stage: text("stage", "prod"),
            path: text("path", "/pets"),
            context,
            now: NOW,
        }
    }

    fn caller(&self, who: &Value) -> Caller {
        let Some(account) = who["account"].as_str() else { return Caller::Anonymous };
        let org = match self.json["orgs"][account].as_str() {
            Some(org) => AbsentOr::Present(vec![KeyValue::named(org)]),
            None => AbsentOr::Absent,
        };
        Caller::Iam(Iam {
            arn: string(&who["arn"]).to_owned(),
            session: who["session"].as_str().map(str::to_owned),
            account: AccountId::parse(account).expect("an account id"),
            fresh: Fresh::No,
            owner: account == self.identity.account,
            org,
            org_paths: AbsentOr::Absent,
            symbolic: None,
        })
    }
}

fn credential(auth: AuthType, probe: &Value) -> Credential {
    let said = match auth {
        AuthType::AwsIam => probe["identity"].as_str().unwrap_or("allow"),
        AuthType::Custom => string(&probe["authorizer"]),
        AuthType::CognitoUserPools if probe["token"] == true => "allow",
        AuthType::CognitoUserPools => "missing",
        AuthType::None | AuthType::Unknown => "none",
    };
    match said {
        "allow" => Credential::Allow,
        "none" => Credential::Silent,
        "deny" => Credential::Deny,
        "missing" => Credential::Missing,
        other => panic!("{other} is no credential"),
    }
}

#[test]
fn every_worked_example() {
    let text = include_str!("../../../testdata/semantics/cases.json");
    assert_eq!(judged(&Examples::read(text)), 120);
}

#[test]
fn every_random_vector() {
    let text = include_str!("../../../testdata/semantics/vectors.json");
    assert_eq!(judged(&Examples::read(text)), 240);
}

#[test]
fn every_agreed_vector() {
    let text = include_str!("../../../testdata/semantics/agreed.jsonl");
    let examples = Examples { json: json!({ "orgs": {} }), identity: super::identity() };
    let mut wrong = Vec::new();
    let mut verdicts = BTreeMap::new();
    for line in text.lines() {
        let vector: Value = serde_json::from_str(line).expect("JSON");
        let policy = policy(&vector["policy"]);
        let found = evaluate(&policy, &examples.request(&vector), &examples.identity).verdict;
        let found = format!("{found:?}");
        if vector["verdict"] != found.as_str() {
            wrong.push(format!("{line}: {found}"));
        }
        *verdicts.entry(found).or_insert(0) += 1;
    }
    assert_eq!(wrong, Vec::<String>::new());
    let expected = [("Allow".to_owned(), 181), ("Deny".to_owned(), 171), ("None".to_owned(), 252)];
    assert_eq!(verdicts, BTreeMap::from(expected));
}

/// Judges all examples and returns how many requests they hold.
fn judged(examples: &Examples) -> usize {
    let mut probes = 0;
    let mut wrong = Vec::new();
    for case in array(&examples.json["cases"]) {
        let private = case["endpoint"] == "PRIVATE";
        let auth = match string(&case["auth"]) {
            "NONE" => AuthType::None,
            "AWS_IAM" => AuthType::AwsIam,
            "CUSTOM" => AuthType::Custom,
            "COGNITO" => AuthType::CognitoUserPools,
            other => panic!("{other} is no authorisation"),
        };
        let policy = (!case["policy"].is_null()).then(|| policy(&case["policy"]));
        for probe in array(&case["probes"]) {
            probes += 1;
            let mut request = examples.request(probe);
            let signer = Signer::of(&request.caller);
            request.caller = seen_by_policy(auth, &request.caller).into_owned();
            let evaluation = policy.as_ref().map(|p| evaluate(p, &request, &examples.identity));
            let verdict = evaluation.as_ref().map(|e| e.verdict);
            let layer = match verdict {
                // The table of the examples calls a missing policy of a private API a denial.
                None if private => "Deny",
                None => "NoPolicy",
                Some(Verdict::Allow) => "Allow",
                Some(Verdict::Deny) => "Deny",
                Some(Verdict::None) => "None",
                Some(Verdict::Unknown) => "Unknown",
            };
            let credential = credential(auth, probe);
            let by_verdict = access(auth, private, signer, credential, verdict);
            let says = evaluation.as_ref().map(Into::into);
            let by_evaluation = access_by(auth, private, signer, credential, says);
            let expected = match string(&probe["expect"]) {
                "ALLOW" => Tri::True,
                "DENY" => Tri::False,
                "UNKNOWN" => Tri::Unknown,
                other => panic!("{other} is no answer"),
            };
            // Where an uncertain Deny meets no Allow, the two apart say more than the verdict.
            let refined = expected == Tri::Unknown
                && by_evaluation == Tri::False
                && evaluation.as_ref().is_some_and(|e| e.may_allow().is_false());
            if layer != probe["policy_layer"]
                || by_verdict != expected
                || (by_evaluation != expected && !refined)
            {
                wrong.push(format!("{} {probe}: {layer}, {by_verdict:?}", case["id"]));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    probes
}
