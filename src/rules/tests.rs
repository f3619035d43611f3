//! Which cause explains which hole, at which token: policies read from JSON, with the exposure that
//! the engine finds in them made by hand.

mod any;
mod causes;
mod defects;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::finding::{Confidence, Finding, build};
use crate::model::{
    AbsentOr, AccountId, Api, ApiKind, ApiWorld, AuthType, Caller, CallerClass, EndpointType,
    EndpointTypes, Exposure, Framework, Fresh, Gate, Iam, Inventory, IpAddressType, Network,
    PolicyState, Problem, ProblemKind, Reach, Request, Route, RouteRef, Routes, SymbolTable, Tri,
    TrustedAccount, Value,
};
use crate::source::{Origin, Origins, SourceDb, Span};

/// 2026-11-21T00:00:00Z
const NOW: i64 = 1_795_219_200;

/// An API with one method and a policy.
struct Case {
    db: SourceDb,
    origins: Origins,
    inventory: Inventory,
    settings: Settings,
    exposures: Vec<Exposure>,
}

impl Case {
    fn new(endpoint: EndpointType, auth: AuthType, statements: &str) -> Self {
        use crate::resolve::Symbols;
        use crate::resolve::embedded::parse_json;
        let db = SourceDb::new();
        let text = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statements}]}}");
        let file = db.add("policy.json".as_ref(), "policy.json".into(), text.as_str());
        let mut origins = Origins::new();
        let mut symbols = Symbols::new();
        let mut problems = Vec::new();
        let whole = origins.literal(Span::new(file, 0, text.len()));
        let piece = crate::resolve::Piece::Lit {
            text: text.as_str().into(),
            map: crate::syntax::SpanMap::verbatim(file, 0),
            origin: whole,
        };
        let json = crate::resolve::value::Text(vec![piece]);
        let parsed = parse_json(&json, whole, &mut symbols, &mut origins);
        assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
        let mut cx = crate::extract::policy::PolicyCx {
            symbols: &mut symbols,
            origins: &mut origins,
            this_api: Some("Api"),
            problems: &mut problems,
        };
        let value = parsed.value.expect("a value");
        let policy = crate::extract::policy::policy_state(&value, &mut cx);
        let route = Route {
            method: Some("GET".into()),
            path: Some("/pets".into()),
            auth,
            origin: whole,
            api_key: None,
        };
        let world = ApiWorld {
            assumptions: Vec::new(),
            is_default: true,
            exists: true,
            endpoint: EndpointTypes::Known(endpoint, None),
            ip: IpAddressType::Ipv4,
            policy,
            routes: Routes { declared: vec![route], complete: true, ..Routes::default() },
        };
        let api = Api {
            address: "Api".into(),
            kind: ApiKind::RestApi,
            framework: Framework::CloudFormation,
            name: None,
            tags: Vec::new(),
            origin: whole,
            sites: Vec::new(),
            worlds: vec![world],
            bounded: false,
            unresolved: Vec::new(),
            assumptions: Vec::new(),
            called: None,
            account: None,
            symbols: Arc::new(SymbolTable::default()),
        };
        let inventory = Inventory { apis: vec![api], problems, ..Inventory::default() };
        let settings = Settings::default();
        Self { db, origins, inventory, settings, exposures: Vec::new() }
    }

    /// The first Allow that applies to `witness`, as the engine would name it.
    fn exposed(mut self, class: CallerClass, witness: Request) -> Self {
        let PolicyState::Known(readings) = &self.inventory.apis[0].worlds[0].policy else {
            panic!("a policy")
        };
        let policy = &readings[0];
        let identity = crate::model::Identity::unknown();
        let evaluation = crate::analyze::evaluate::evaluate(policy, &witness, &identity);
        let applies = |at: &usize| evaluation.statements[*at] != Tri::False;
        let statement = policy
            .statements
            .iter()
            .enumerate()
            .filter(|(_, s)| s.one().is_some_and(|s| s.is_allow()))
            .map(|(at, _)| at)
            .find(applies)
            .expect("the policy lets the witness in");
        let deciding = policy.statements[statement].one().expect("known").origin;
        let admits = match &class {
            CallerClass::Account(account) => {
                let text = &self.db.file(self.origins.span(deciding).file).text.clone();
                let at = text.find(account.as_str()).expect("the account is named");
                let file = self.origins.span(deciding).file;
                self.origins.literal(Span::new(file, at, at + 12))
            }
            _ => deciding,
        };
        let verdict = evaluation.verdict;
        self.exposures.push(Exposure {
            class,
            access: if verdict == crate::model::Verdict::Allow { Tri::True } else { Tri::Unknown },
            gate: Gate::Open,
            world: 0,
            reading: 0,
            statement: Some(statement),
            deciding,
            admits,
            routes: vec![RouteRef { method: "GET".into(), path: "/pets".into() }],
            witness,
            needs: Vec::new(),
            nearest_deny: None,
        });
        self
    }

    /// All findings but those about the addresses and dates that the policies here are written with.
    fn findings(self) -> Vec<Seen> {
        let reach = Reach { exposures: self.exposures, ..Reach::default() };
        let mut drafts = check(&self.inventory, &[reach], &self.settings, NOW);
        let of_examples = [documentation_cidr::RULE.meta.id, time_window::RULE.meta.id];
        drafts.retain(|draft| !of_examples.contains(&draft.rule));
        let findings = drafts.into_iter().map(|draft| build(draft, &self.origins, false));
        let findings = crate::finding::order(findings.collect(), &self.db);
        findings
            .into_iter()
            .map(|finding| Seen { token: self.db.slice(finding.primary().span), finding })
            .collect()
    }

    /// The one finding: its rule, token and title.
    fn one(self) -> (&'static str, String, String) {
        let mut seen = self.findings();
        let seen = match seen.len() {
            1 => seen.remove(0),
            _ => panic!("{seen:#?}"),
        };
        (seen.finding.rule, seen.token, seen.finding.title)
    }
}

#[derive(Debug)]
struct Seen {
    token: String,
    finding: Finding,
}

fn request(caller: Caller, network: Network) -> Request {
    Request {
        caller,
        network,
        method: "GET".into(),
        stage: "prod".into(),
        path: "/pets".into(),
        context: BTreeMap::new(),
        now: NOW,
    }
}

fn internet() -> Network {
    Network::internet([8, 8, 8, 8])
}

fn endpoint() -> Network {
    Network::Vpc {
        vpce: Value::fresh("vpce-0f0f0f0f0f0f0f0f0"),
        vpc: Value::fresh("vpc-0f0f0f0f0f0f0f0f0"),
        ip: [10, 0, 0, 5].into(),
    }
}

fn principal(account: &str, fresh: Fresh, org: Option<&str>) -> Caller {
    Caller::Iam(Iam {
        arn: format!("arn:aws:iam::{account}:role/Admin"),
        session: Some(format!("arn:aws:sts::{account}:assumed-role/Admin/s1")),
        account: AccountId::parse(account).expect("an account"),
        fresh,
        owner: false,
        org: org.map_or(AbsentOr::Absent, |org| AbsentOr::Present(vec![Value::fresh(org)])),
        org_paths: AbsentOr::Absent,
        symbolic: None,
    })
}

fn anonymous() -> Request {
    request(Caller::Anonymous, internet())
}

/// A public API with methods of authorisation NONE, open to the internet.
fn public(statements: &str) -> Case {
    Case::new(EndpointType::Regional, AuthType::None, statements)
        .exposed(CallerClass::AnonymousInternet, anonymous())
}

/// A public API with AWS_IAM methods, open to accounts that it does not name.
fn signed(statements: &str) -> Case {
    Case::new(EndpointType::Regional, AuthType::AwsIam, statements).exposed(
        CallerClass::AnyAwsAccount,
        request(principal("444455556666", Fresh::Yes, Some("o-fresh00001")), internet()),
    )
}

/// A private API, open to endpoints that it does not name.
fn private(statements: &str) -> Case {
    Case::new(EndpointType::Private, AuthType::None, statements)
        .exposed(CallerClass::AnyVpcEndpoint, request(Caller::Anonymous, endpoint()))
}

/// A statement on everything, with what else it says.
fn statement(effect: &str, principal: &str, rest: &str) -> String {
    format!(
        "{{\"Effect\": \"{effect}\", \"Principal\": {principal}, \"Action\": \"execute-api:Invoke\", \
         \"Resource\": \"execute-api:/*\"{rest}}}"
    )
}

fn allow(condition: &str) -> String {
    statement("Allow", "\"*\"", &format!(", \"Condition\": {{{condition}}}"))
}

fn deny(condition: &str) -> String {
    statement("Deny", "\"*\"", &format!(", \"Condition\": {{{condition}}}"))
}

fn bare() -> String {
    statement("Allow", "\"*\"", "")
}

#[track_caller]
fn explains(case: Case, rule: &str, token: &str, title: &str) {
    let (got_rule, got_token, got_title) = case.one();
    assert_eq!((got_rule, got_token.as_str(), got_title.as_str()), (rule, token, title));
    assert!(got_title.chars().count() <= 80 && !got_title.ends_with('.'));
}
