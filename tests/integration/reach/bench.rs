//! An API to decide, and its answer in short texts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use gatelint::analyze::reach::reach;
use gatelint::model::{
    AccountId, Api, ApiKind, ApiWorld, Assumption, AuthType, Caller, CallerClass, Cidr,
    EffectElement, EndpointType, EndpointTypes, Entry, Exposure, ExposureSummary, Framework, Gate,
    IpAddressType, Leaf, Network, OrgId, Policy, PolicyState, PrincipalElement, Reach, Reached,
    Request, Route, Routes, SymbolClass, SymbolInfo, SymbolRef, SymbolTable, Tri, Trust,
    TrustedAccount,
};
use gatelint::source::{FileId, Origin, Origins, SourceDb, Span};
use serde_json::{Value, json};

use crate::support::policies;

/// 2026-11-21T00:00:00Z, the clock of the examples.
pub(super) const NOW: i64 = 1_795_219_200;
pub(super) const OWNER: &str = "123456789012";
pub(super) const PARTNER: &str = "111122223333";
pub(super) const EVIL: &str = "999999999999";

/// A statement: everyone may do everything, changed by `with`.
pub(super) fn statement(effect: &str, with: Value) -> Value {
    let mut out = json!({
        "Effect": effect, "Principal": "*", "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
    });
    for (key, value) in with.as_object().expect("an object") {
        let map = out.as_object_mut().expect("an object");
        match key.as_str() {
            "NotPrincipal" => drop(map.remove("Principal")),
            "NotAction" => drop(map.remove("Action")),
            "NotResource" => drop(map.remove("Resource")),
            _ => {}
        }
        map.insert(key.clone(), value.clone());
    }
    out
}

pub(super) fn allow(with: Value) -> Value {
    statement("Allow", with)
}

pub(super) fn deny(with: Value) -> Value {
    statement("Deny", with)
}

/// `{ operator: { key: value } }` as a condition block.
pub(super) fn when(operator: &str, key: &str, value: Value) -> Value {
    json!({ "Condition": { operator: { key: value } } })
}

/// An API under test.
pub(super) struct Bench {
    pub(super) api: Api,
    pub(super) trust: Trust,
    origins: Origins,
    file: FileId,
    labels: BTreeMap<Origin, String>,
}

impl Bench {
    /// A regional API with those statements and one method `GET /pets` without authorisation.
    pub(super) fn new(statements: &[Value]) -> Self {
        Self::json(&json!({ "Version": "2012-10-17", "Statement": statements }))
    }

    /// The same with a whole document.
    pub(super) fn json(document: &Value) -> Self {
        let mut bench = Self::bare();
        let policy = bench.policy(document);
        bench.world().policy = PolicyState::Known(vec![policy]);
        bench
    }

    /// The same without a policy.
    pub(super) fn bare() -> Self {
        let file = SourceDb::new().add(Path::new("policy.json"), "policy.json".into(), "");
        let mut origins = Origins::new();
        let origin = origins.literal(Span::new(file, 0, 0));
        let world = ApiWorld {
            assumptions: Vec::new(),
            is_default: true,
            exists: true,
            endpoint: EndpointTypes::Known(EndpointType::Regional, None),
            ip: IpAddressType::Ipv4,
            policy: PolicyState::None,
            routes: Routes::default(),
        };
        let symbols: Vec<SymbolInfo> = (0..10)
            .map(|id| SymbolInfo {
                label: format!("var.x{id}"),
                origin,
                pin: Some(format!("--var x{id}=...")),
            })
            .collect();
        let api = Api {
            address: "aws_api_gateway_rest_api.orders".into(),
            kind: ApiKind::RestApi,
            framework: Framework::Terraform,
            name: Some("orders".into()),
            tags: Vec::new(),
            origin,
            sites: Vec::new(),
            worlds: vec![world],
            bounded: false,
            unresolved: Vec::new(),
            assumptions: Vec::new(),
            called: None,
            account: None,
            symbols: Arc::new(SymbolTable(symbols)),
        };
        let labels = BTreeMap::from([(origin, "api".to_owned())]);
        Self { api, trust: Trust::default(), origins, file, labels }.routes(&["GET /pets NONE"])
    }

    /// A worked example of `testdata/semantics/cases.json`, with the methods that its probes ask for;
    /// the owner is known and the partner trusted.
    pub(super) fn example(case: &Value) -> Self {
        let bench = match &case["policy"] {
            Value::Null => Self::bare(),
            policy => Self::json(policy),
        };
        let auth = case["auth"].as_str().expect("an authorisation");
        let routes = ["GET /pets", "POST /pets", "PATCH /pets", "ANY /{proxy+}"];
        let routes: Vec<String> = routes.iter().map(|route| format!("{route} {auth}")).collect();
        let routes: Vec<&str> = routes.iter().map(String::as_str).collect();
        let bench = bench.routes(&routes).owners(&[OWNER]).trusted(&[PARTNER]);
        if case["endpoint"] == "PRIVATE" { bench.private() } else { bench }
    }

    pub(super) fn world(&mut self) -> &mut ApiWorld {
        &mut self.api.worlds[0]
    }

    /// The policy written in `json`, each token with an origin and a label of its own.
    pub(super) fn policy(&mut self, json: &Value) -> Policy {
        let mut policy = policies::policy(json);
        policy.origin = self.token("policy".into());
        for (at, entry) in policy.statements.iter_mut().enumerate() {
            let name = format!("statement {at}");
            match entry {
                Entry::Many(_, origin) => *origin = self.token(name),
                Entry::One(statement) => {
                    statement.origin = self.token(name.clone());
                    if let EffectElement::Known(_, origin) = &mut statement.effect {
                        *origin = self.token(format!("{name} effect"));
                    }
                    match &mut statement.principal {
                        PrincipalElement::Missing => {}
                        PrincipalElement::Principal(list) => {
                            list.origin = self.token(format!("{name} principal"));
                            for (n, item) in list.items.iter_mut().enumerate() {
                                let label = format!("{name} principal {n}");
                                self.entry(item, label, |item| &mut item.value.origin);
                            }
                        }
                        PrincipalElement::NotPrincipal(list, key) => {
                            *key = self.token(format!("{name} NotPrincipal"));
                            for (n, item) in list.items.iter_mut().enumerate() {
                                let label = format!("{name} principal {n}");
                                self.entry(item, label, |item| &mut item.value.origin);
                            }
                        }
                    }
                    for (n, item) in statement.resource.items.iter_mut().enumerate() {
                        self.entry(item, format!("{name} resource {n}"), |leaf| &mut leaf.origin);
                    }
                    for condition in &mut statement.conditions {
                        let Entry::One(condition) = condition else { continue };
                        let key = condition.key_name.text().unwrap_or("?").to_owned();
                        condition.origin = self.token(format!("{name} {key}"));
                        for (n, leaf) in condition.values.iter_mut().enumerate() {
                            let label = format!("{name} {key} {n}");
                            self.entry(leaf, label, |leaf: &mut Leaf| &mut leaf.origin);
                        }
                    }
                }
            }
        }
        policy
    }

    fn entry<T>(
        &mut self,
        entry: &mut Entry<T>,
        label: String,
        origin: impl Fn(&mut T) -> &mut Origin,
    ) {
        let token = self.token(label);
        match entry {
            Entry::One(value) => *origin(value) = token,
            Entry::Many(_, at) => *at = token,
        }
    }

    /// A token of its own.
    pub(super) fn token(&mut self, label: String) -> Origin {
        let at = self.labels.len() + 1;
        let origin = self.origins.literal(Span::new(self.file, at, at + 1));
        self.labels.insert(origin, label);
        origin
    }

    /// What a token is called.
    pub(super) fn label(&self, origin: Origin) -> &str {
        &self.labels[&origin]
    }

    pub(super) fn private(self) -> Self {
        self.endpoint(EndpointTypes::Known(EndpointType::Private, None))
    }

    pub(super) fn endpoint(mut self, endpoint: EndpointTypes) -> Self {
        self.world().endpoint = endpoint;
        self
    }

    /// An endpoint type that nobody knows.
    pub(super) fn unknown_endpoint(mut self) -> Self {
        let origin = self.api.origin;
        self.world().endpoint = EndpointTypes::Unknown(symbol(9), origin);
        self
    }

    pub(super) fn ip(mut self, ip: IpAddressType) -> Self {
        self.world().ip = ip;
        self
    }

    /// The methods, all of them: `GET /pets NONE`, `? /x AWS_IAM`.
    pub(super) fn routes(mut self, routes: &[&str]) -> Self {
        let origin = self.api.origin;
        let declared = routes
            .iter()
            .map(|text| {
                let words: Vec<&str> = text.split(' ').collect();
                let known = |word: &str| (word != "?").then(|| word.to_owned());
                Route {
                    method: known(words[0]),
                    path: known(words[1]),
                    auth: match words[2] {
                        "NONE" => AuthType::None,
                        "AWS_IAM" => AuthType::AwsIam,
                        "CUSTOM" => AuthType::Custom,
                        "COGNITO" => AuthType::CognitoUserPools,
                        "?" => AuthType::Unknown,
                        other => panic!("{other} is no authorisation"),
                    },
                    origin,
                    api_key: None,
                }
            })
            .collect();
        self.world().routes =
            Routes { declared, complete: !routes.is_empty(), ..Routes::default() };
        self
    }

    /// Something may add methods.
    pub(super) fn open_ended(mut self) -> Self {
        self.world().routes.complete = false;
        self
    }

    pub(super) fn owners(mut self, owners: &[&str]) -> Self {
        self.trust.owners = owners.iter().filter_map(|id| AccountId::parse(id)).collect();
        self
    }

    pub(super) fn trusted(mut self, accounts: &[&str]) -> Self {
        for id in accounts {
            self = self.entry_of(id, None, &[]);
        }
        self
    }

    pub(super) fn entry_of(mut self, id: &str, expires: Option<i64>, apis: &[&str]) -> Self {
        self.trust.accounts.push(TrustedAccount {
            id: AccountId::parse(id).expect("an account id"),
            name: None,
            apis: apis.iter().map(|a| (*a).to_owned()).collect(),
            expires,
            entry: self.trust.accounts.len(),
        });
        self
    }

    pub(super) fn trusted_orgs(mut self, ids: &[&str]) -> Self {
        let list: BTreeSet<OrgId> = ids.iter().filter_map(|id| OrgId::parse(id)).collect();
        assert_eq!(list.len(), ids.len());
        self.trust.organizations = Some(list);
        self
    }

    pub(super) fn trusted_vpces(mut self, ids: &[&str]) -> Self {
        self.trust.vpc_endpoints = Some(ids.iter().map(|id| (*id).to_owned()).collect());
        self
    }

    pub(super) fn trusted_networks(mut self, ranges: &[&str]) -> Self {
        self.trust.networks = Some(ranges.iter().filter_map(|r| Cidr::parse(r)).collect());
        self
    }

    pub(super) fn reach(&self) -> Reach {
        reach(&self.api, &self.trust, NOW)
    }

    /// The `exposure` of the summary.
    pub(super) fn exposure(&self) -> String {
        line(&self.reach().summaries.exposure)
    }

    /// The `policy_exposure` of the summary.
    pub(super) fn alone(&self) -> String {
        match self.reach().summaries.policy_exposure {
            Some(summary) => line(&summary),
            None => "no policy".into(),
        }
    }

    /// The holes: who, how certain, through which statement.
    pub(super) fn holes(&self) -> Vec<String> {
        self.reach().exposures.iter().map(hole).collect()
    }

    /// The only hole of that class.
    pub(super) fn hole(&self, class: &CallerClass) -> Exposure {
        let found: Vec<Exposure> =
            self.reach().exposures.into_iter().filter(|e| e.class == *class).collect();
        assert_eq!(found.len(), 1, "{class:?}: {:?}", self.holes());
        found.into_iter().next().expect("one")
    }
}

/// A symbol of the unit.
pub(super) fn symbol(id: u32) -> SymbolRef {
    SymbolRef { id, class: SymbolClass::Input }
}

pub(super) fn account(id: &str) -> CallerClass {
    CallerClass::Account(AccountId::parse(id).expect("an account id"))
}

pub(super) fn assumption(text: &str) -> Assumption {
    Assumption { text: text.into(), pin: None, origin: None }
}

/// A summary in one line; `-` when nobody gets in.
pub(super) fn line(summary: &ExposureSummary) -> String {
    let mut out = Vec::new();
    for (name, reached) in [
        ("anonymous", summary.anonymous_internet),
        ("aws", summary.any_aws_account),
        ("vpce", summary.any_vpc_endpoint),
    ] {
        match reached {
            Reached::Allowed => out.push(name.to_owned()),
            Reached::Possible => out.push(format!("{name}?")),
            Reached::Denied => {}
        }
    }
    out.extend(summary.untrusted_accounts.iter().map(|a| format!("untrusted:{a}")));
    out.extend(summary.possible_accounts.iter().map(|a| format!("possible:{a}")));
    out.extend(summary.trusted_accounts.iter().map(|a| format!("trusted:{a}")));
    out.extend(summary.organizations.iter().map(|o| format!("org:{o}")));
    out.extend(summary.networks.iter().map(|n| format!("net:{n}")));
    out.extend(summary.vpcs.iter().map(|v| format!("vpc:{v}")));
    out.extend(summary.vpc_endpoints.iter().map(|v| format!("endpoint:{v}")));
    out.extend(summary.preflight_only.then(|| "preflight".to_owned()));
    if out.is_empty() { "-".into() } else { out.join(" ") }
}

fn hole(exposure: &Exposure) -> String {
    let class = match &exposure.class {
        CallerClass::AnonymousInternet => "anonymous".to_owned(),
        CallerClass::AnyAwsAccount => "aws".to_owned(),
        CallerClass::AnyVpcEndpoint => "vpce".to_owned(),
        CallerClass::Account(id) => id.to_string(),
        CallerClass::UnknownAccount(symbol) => format!("var.x{}", symbol.id),
    };
    let access = match exposure.access {
        Tri::True => "proved",
        Tri::Unknown => "possible",
        Tri::False => "denied",
    };
    let gate = match exposure.gate {
        Gate::Open => "",
        Gate::Authorizer => " behind an authorizer",
        Gate::PreflightOnly => " preflight only",
        Gate::NoIamRoute => " without an IAM route",
        Gate::NoRoute => " without a route",
    };
    let through = match exposure.statement {
        Some(at) => format!("{at}"),
        None => "?".into(),
    };
    format!("{class} {access} through {through}{gate}")
}

/// A witness in one line.
pub(super) fn request(request: &Request) -> String {
    let caller = match &request.caller {
        Caller::Anonymous => "anonymous".to_owned(),
        Caller::Iam(iam) => iam.arn.clone(),
    };
    let from = match &request.network {
        Network::Internet(ip, _) => ip.to_string(),
        Network::Vpc { vpce, vpc, ip } => format!("{}/{}/{ip}", vpce.text, vpc.text),
    };
    format!("{caller} from {from}: {} /{}{}", request.method, request.stage, request.path)
}
