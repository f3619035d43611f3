//! Random policies: every witness is what it claims to be, and no request of an outsider that
//! certainly gets in is missing from the summaries.

use std::collections::BTreeMap;
use std::net::IpAddr;

use gatelint::analyze::access::{Credential, Signer, access_by, seen_by_policy};
use gatelint::analyze::evaluate::evaluate;
use gatelint::model::{
    AbsentOr, AccountId, AuthType, Caller, CallerClass, Cidr, Exposure, ExposureSummary, Fresh,
    Gate, Iam, Identity, IpAddressType, Network, Policy, PolicyState, Reached, Request, Tri,
    Value as KeyValue, split_arn,
};
use serde_json::{Value, json};

use super::bench::{Bench, EVIL, NOW, OWNER, PARTNER, line};

/// A small generator of numbers (xorshift), so that a failure is the same everywhere.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).expect("small")
    }

    pub(super) fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.roll(from.len())]
    }

    fn some<'t, T>(&mut self, from: &'t [T]) -> Vec<&'t T> {
        (0..=self.roll(2)).map(|_| self.pick(from)).collect()
    }
}

const VPCE: &str = "vpce-0aaaaaaaaaaaaaaa1";
const VPC: &str = "vpc-0aaaaaaaaaaaaaaa1";
const ORG: &str = "o-abc123def4";
const SYMBOL: &str = "\u{ab}Input 1\u{bb}";

/// Operators and keys that go together, with values for them.
const CONDITIONS: &[(&[&str], &str, &[&str])] = &[
    (
        &["IpAddress", "NotIpAddress", "IpAddressIfExists"],
        "aws:SourceIp",
        &["203.0.113.0/24", "0.0.0.0/1", "128.0.0.0/1", "9.0.0.0/8", "10.0.0.0/8", SYMBOL, "::/0"],
    ),
    (
        &["IpAddress", "NotIpAddress"],
        "aws:VpcSourceIp",
        &["10.0.0.0/8", "10.0.0.5/32", "0.0.0.0/0"],
    ),
    (
        &["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIfExists"],
        "aws:SourceVpce",
        &[VPCE, "vpce-*", "vpce-0abc*", SYMBOL, "*"],
    ),
    (&["StringEquals", "StringNotEquals"], "aws:SourceVpc", &[VPC, SYMBOL]),
    (
        &["StringEquals", "StringNotEquals", "StringLike", "ForAllValues:StringEquals"],
        "aws:PrincipalOrgID",
        &[ORG, "o-*", SYMBOL],
    ),
    (
        &["StringEquals", "StringNotEquals", "StringLike"],
        "aws:PrincipalAccount",
        &[EVIL, PARTNER, "9*", SYMBOL],
    ),
    (
        &["ArnLike", "ArnNotLike", "StringLike"],
        "aws:PrincipalArn",
        &["arn:aws:iam::*:role/Admin", "arn:aws:iam::999999999999:role/*", "*:user/*"],
    ),
    (&["StringEquals", "StringNotLike", "StringLike"], "aws:UserAgent", &["s3cret", "curl*"]),
    (&["Null"], "aws:SourceVpce", &["true", "false"]),
    (&["Null"], "aws:PrincipalOrgID", &["true", "false"]),
    (&["Bool", "BoolIfExists"], "aws:MultiFactorAuthPresent", &["true", "false"]),
    (&["StringEquals", "StringNotEquals"], "aws:PrincipalTag/team", &["red", "blue"]),
    (&["StringEquals"], "aws:PrincipalTag/team", &["${aws:username}", "${aws:PrincipalAccount}"]),
    (&["StringLike", "StringNotLike"], "aws:username", &["ci", "c*", "${aws:PrincipalTag/team}"]),
    (&["Bool"], "aws:SecureTransport", &["true", "false"]),
    (&["StringEquals", "StringNotEquals"], "aws:SourceAccount", &["123456789012"]),
    (
        &["ForAnyValue:StringLike", "ForAllValues:StringNotLike", "ForAnyValue:StringEquals"],
        "aws:PrincipalOrgPaths",
        &["o-*/r-*", "o-abc123def4/*", "o-abc123def4/r-ab12/ou-ab12-11111111/", "*/ou-*1/"],
    ),
    (
        &["StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
        "aws:UserAgent",
        &["*a*b*", "*b*a*", "?*", "A*", "*a", "curl/?.*", "CURL/8", "s3CRET", "*"],
    ),
    (
        &["StringLike", "StringNotLike", "StringNotLikeIfExists", "ForAllValues:StringLike"],
        "aws:Referer",
        &["https://*.example.com/*", "https://a*", "*/x", "*.com/*", "https://example.com/*"],
    ),
    (
        &["ArnLike", "ArnNotEquals", "StringNotLike", "ArnLikeIfExists"],
        "aws:PrincipalArn",
        &["arn:aws:iam::9*:role/A*", "arn:*:*::*:*/*in", "*role/?dmin", "arn:aws:iam::*:user/c?"],
    ),
    (&["StringLike", "StringNotLike"], "aws:PrincipalAccount", &["9*", "*9", "4*6", "99*"]),
    (
        &["StringEquals", "StringNotEquals"],
        "aws:PrincipalType",
        &["User", "AssumedRole", "Account"],
    ),
    (
        &["NumericLessThan", "NumericGreaterThanEquals", "NumericNotEquals"],
        "aws:MultiFactorAuthAge",
        &["3600", "60", "0.5"],
    ),
    (
        &["NumericGreaterThan", "NumericLessThanEqualsIfExists", "NumericEquals"],
        "aws:PrincipalTag/level",
        &["5", "7", "7.5", "-1"],
    ),
    (
        &["DateGreaterThan", "DateLessThan"],
        "aws:TokenIssueTime",
        &["2026-11-20T00:00:00Z", "2026-11-22T00:00:00Z", "1970-01-02T00:00:00Z"],
    ),
    (
        &["DateGreaterThan", "DateLessThanEquals"],
        "aws:CurrentTime",
        &["2026-11-20T00:00:00Z", "2030-01-01T00:00:00Z"],
    ),
    (&["Null"], "aws:UserAgent", &["true", "false"]),
    (&["Null"], "aws:PrincipalTag/level", &["true", "false"]),
    (&["StringLike", "StringNotLike"], "aws:userid", &["AROA*:*", "*:deploy", "AIDA*"]),
    (&["StringEquals"], "aws:VpceAccount", &["123456789012"]),
];

const RESOURCES: &[&str] = &[
    "execute-api:/*",
    "execute-api:/*",
    "*",
    "execute-api:/prod/GET/*",
    "execute-api:/*/POST/admin/*",
    "execute-api:/*/GET/pets",
    "execute-api:/*/*/pets/7",
    "execute-api:/*/GET/pets/${aws:username}",
    "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/*",
    "arn:aws:execute-api:*:123456789012:*/*/GET/*",
    "\u{ab}ThisApiArn 0\u{bb}/*/POST/*",
    "\u{ab}Input 3\u{bb}/prod/*",
    "execute-api:/*/GET/*a*",
    "execute-api:/*/GET/*b*",
    "execute-api:/*/*/pets*",
    "execute-api:/p*/?ET/*",
    "execute-api:/*/admin/*",
    "execute-api:/dev*",
    "execute-api:/*/*/*/7",
    "arn:aws:execute-api:us-*-1:*:*/*/*/pets/?",
];

fn statement(dice: &mut Dice) -> Value {
    if dice.roll(25) == 0 {
        return json!("\u{ab}Many Input 4\u{bb}");
    }
    let effect = match dice.roll(40) {
        0 => "\u{ab}Input 5\u{bb}",
        n => ["Allow", "Allow", "Deny"][n % 3],
    };
    let mut out = json!({ "Effect": effect, "Action": "execute-api:Invoke" });
    let root = |account: &str| json!({ "AWS": format!("arn:aws:iam::{account}:root") });
    match dice.roll(9) {
        0 => out["Principal"] = root(EVIL),
        1 => out["Principal"] = root(PARTNER),
        2 => out["Principal"] = json!({ "AWS": "arn:aws:iam::888888888888:role/Admin" }),
        3 => out["NotPrincipal"] = root(EVIL),
        4 => {
            out["Principal"] = json!({ "AWS": "arn:aws:iam::\u{ab}Input 2\u{bb}:root" });
        }
        _ => out["Principal"] = json!("*"),
    }
    let key = if dice.roll(8) == 0 { "NotResource" } else { "Resource" };
    out[key] = json!(dice.some(RESOURCES));
    for _ in 0..dice.roll(3) {
        let (operators, key, values) = dice.pick(CONDITIONS);
        let operator = *dice.pick(operators);
        out["Condition"][operator][*key] = json!(dice.some(values));
    }
    out
}

const ROUTES: &[&[&str]] = &[
    &["GET /pets NONE", "POST /admin/{proxy+} AWS_IAM"],
    &["ANY /{proxy+} AWS_IAM"],
    &["ANY /{proxy+} NONE", "GET /pets/{id} AWS_IAM"],
    &["GET /pets CUSTOM", "GET /pets/{id} NONE", "OPTIONS /pets NONE"],
    &[],
];

pub(super) fn bench(dice: &mut Dice) -> (Bench, Vec<Value>) {
    let statements: Vec<Value> = (0..=dice.roll(3)).map(|_| statement(dice)).collect();
    let routes: &[&str] = ROUTES[dice.roll(ROUTES.len())];
    let mut bench = Bench::new(&statements).routes(routes).owners(&[OWNER]);
    if dice.roll(2) == 0 {
        bench = bench.private();
    } else if dice.roll(3) == 0 {
        bench = bench.ip(IpAddressType::Dualstack);
    }
    if dice.roll(2) == 0 {
        bench = bench.trusted(&[PARTNER]);
    }
    if dice.roll(4) == 0 {
        bench = bench.trusted_networks(&["203.0.113.0/24"]);
    }
    if dice.roll(4) == 0 {
        bench = bench.trusted_orgs(&[ORG]);
    }
    (bench, statements)
}

pub(super) fn known(bench: &mut Bench) -> Policy {
    match &bench.world().policy {
        PolicyState::Known(readings) => readings[0].clone(),
        other => panic!("{other:?}"),
    }
}

pub(super) fn identity() -> Identity {
    Identity { account: OWNER.into(), ..Identity::unknown() }
}

/// The identity that an exposure is for.
pub(super) fn identity_of(exposure: &Exposure) -> Identity {
    let mut out = identity();
    let named = exposure.needs.iter().find_map(|need| need.text.strip_prefix("the API is "));
    if let Some(fields) = named.and_then(split_arn) {
        for (own, named) in [(&mut out.region, fields[3]), (&mut out.api_id, fields[5])] {
            if named != "*" {
                *own = named.to_owned();
            }
        }
    }
    out
}

#[test]
fn every_witness_is_what_it_claims_to_be() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut open, mut bounded) = (0, 0);
    for _ in 0..400 {
        let (mut bench, statements) = bench(&mut dice);
        let policy = known(&mut bench);
        let private = bench.world().endpoint
            == gatelint::model::EndpointTypes::Known(gatelint::model::EndpointType::Private, None);
        let reach = bench.reach();
        bounded += usize::from(reach.bounded);
        for exposure in &reach.exposures {
            let signed = Signer::of(&exposure.witness.caller);
            let auth = match signed {
                Signer::Anonymous => AuthType::None,
                Signer::Owner => panic!("the owner is no outsider"),
                Signer::Other => AuthType::AwsIam,
            };
            let says = (&evaluate(&policy, &exposure.witness, &identity_of(exposure))).into();
            let access = access_by(auth, private, signed, Credential::Allow, Some(says));
            assert!(access >= exposure.access, "{exposure:#?}\n{statements:#?}");
            assert_ne!(exposure.access, Tri::False);
            assert!(exposure.access.is_true() || !exposure.needs.is_empty(), "{exposure:#?}");
            match &exposure.witness.network {
                Network::Internet(ip, _) => {
                    assert!(!private);
                    assert!(is_client(*ip), "{ip}");
                }
                Network::Vpc { vpce, .. } => {
                    assert!(private);
                    let named = !matches!(
                        exposure.class,
                        CallerClass::AnyAwsAccount | CallerClass::AnyVpcEndpoint
                    );
                    assert!(vpce.fresh == Fresh::Yes || named);
                }
            }
            if let Caller::Iam(iam) = &exposure.witness.caller {
                assert!(!iam.owner);
                let trusted = bench.trust.accounts.iter().any(|entry| entry.id == iam.account);
                assert!(!trusted && iam.account.as_str() != OWNER);
                let named = !matches!(
                    exposure.class,
                    CallerClass::AnyAwsAccount | CallerClass::AnyVpcEndpoint
                );
                assert_eq!(iam.fresh == Fresh::No, named);
            }
            open += usize::from(exposure.gate == Gate::Open);
        }
    }
    assert!(open > 200, "{open} open holes say little");
    assert!(bounded < 8, "{bounded} policies of 400 were not decided within the bound");
}

pub(super) fn is_client(ip: IpAddr) -> bool {
    !["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "224.0.0.0/3"]
        .iter()
        .filter_map(|range| Cidr::parse(range))
        .any(|range| range.contains(ip))
}

/// A request of an outsider, made without a look at the policy.
pub(super) fn outsider(dice: &mut Dice, private: bool, v6: bool, signed: bool) -> Request {
    let network = if private {
        Network::Vpc {
            vpce: KeyValue::fresh(
                *dice.pick(&["vpce-0abc0000000000001", "vpce-0fff0000000000001"]),
            ),
            vpc: KeyValue::fresh("vpc-0fff0000000000001"),
            ip: dice.pick(&["10.0.0.5", "192.168.1.1", "fd00::1"]).parse().expect("an address"),
        }
    } else {
        let all = ["8.8.8.8", "203.0.113.9", "9.1.2.3", "200.1.1.1", "2600::1"];
        let all = if v6 { &all[..] } else { &all[..4] };
        Network::internet(dice.pick(all).parse::<std::net::IpAddr>().expect("an address"))
    };
    let mut context = BTreeMap::new();
    let text = |text: &str| AbsentOr::Present(vec![KeyValue::named(text)]);
    match dice.roll(3) {
        0 => {}
        n => {
            let agent = ["s3cret", "curl/8"][n - 1];
            context.insert("aws:useragent".to_owned(), text(agent));
        }
    }
    let caller = if signed {
        let account = *dice.pick(&["444455556666", "912345678901", EVIL]);
        let fresh = if account == EVIL { Fresh::No } else { Fresh::Yes };
        let name = ["role/Admin", "user/ci", "role/x"][dice.roll(3)];
        for (key, values) in [
            ("aws:multifactorauthpresent", ["true", "false"]),
            ("aws:principaltag/team", ["red", "ci"]),
        ] {
            let value = match dice.roll(3) {
                0 => AbsentOr::Absent,
                n => text(values[n - 1]),
            };
            context.insert(key.to_owned(), value);
        }
        let org = match dice.roll(3) {
            0 => AbsentOr::Absent,
            1 => AbsentOr::Present(vec![KeyValue::fresh("o-somebodys1")]),
            _ => AbsentOr::Present(vec![KeyValue::named(ORG)]),
        };
        let org_paths = match &org {
            AbsentOr::Present(ids) => AbsentOr::Present(vec![KeyValue {
                text: format!("{}/r-ab12/ou-ab12-11111111/", ids[0].text),
                fresh: ids[0].fresh,
            }]),
            _ => AbsentOr::Absent,
        };
        Caller::Iam(Iam {
            arn: format!("arn:aws:iam::{account}:{name}"),
            session: None,
            account: AccountId::parse(account).expect("an account id"),
            fresh,
            owner: false,
            org,
            org_paths,
            symbolic: None,
        })
    } else {
        Caller::Anonymous
    };
    let (method, path) = *dice.pick(&[
        ("GET", "/pets"),
        ("GET", "/pets/7"),
        ("GET", "/pets/8"),
        ("POST", "/admin/users"),
        ("DELETE", "/toys/1"),
    ]);
    Request {
        caller,
        network,
        method: method.into(),
        stage: (*dice.pick(&["prod", "dev"])).into(),
        path: path.into(),
        context,
        now: NOW,
    }
}

/// How the route of a request is authorised, for each route that takes it.
pub(super) fn auths(bench: &Bench, request: &Request) -> Vec<AuthType> {
    let routes = &bench.api.worlds[0].routes;
    if !routes.complete {
        return vec![AuthType::None, AuthType::AwsIam];
    }
    let takes = |template: &str| match template {
        "/pets" => request.path == "/pets",
        "/pets/{id}" => request.path.starts_with("/pets/"),
        "/admin/{proxy+}" => request.path.starts_with("/admin/"),
        "/{proxy+}" => true,
        other => panic!("{other}"),
    };
    routes
        .declared
        .iter()
        .filter(|route| {
            let method = route.method.as_deref().unwrap_or("ANY");
            (method == "ANY" || method == request.method)
                && takes(route.path.as_deref().unwrap_or("/{proxy+}"))
        })
        .map(|route| route.auth)
        .filter(|auth| matches!(auth, AuthType::None | AuthType::AwsIam))
        .collect()
}

/// Whether the summary accounts for a request that certainly gets in. `signed`: the route asked for
/// the signature. `vague`: the policy compares keys with each other, of which is found, but not always
/// proved, who gets in.
pub(super) fn accounts_for(
    summary: &ExposureSummary,
    request: &Request,
    signed: bool,
    vague: bool,
) -> bool {
    let least = if vague { Reached::Possible } else { Reached::Allowed };
    let allowed = |reached: Reached| reached >= least;
    let by_network = match &request.network {
        Network::Internet(ip, _) => {
            let mut ranges = summary.networks.iter().filter_map(|range| Cidr::parse(range));
            ranges.any(|range| range.contains(*ip))
        }
        Network::Vpc { vpce, vpc, .. } => {
            summary.vpc_endpoints.contains(&vpce.text) || summary.vpcs.contains(&vpc.text)
        }
    };
    // Preflight requests do not count (CONTRACT 4): that they get in is said where nothing else does.
    if request.method == "OPTIONS" {
        let classes =
            [summary.anonymous_internet, summary.any_aws_account, summary.any_vpc_endpoint];
        let lists =
            [&summary.untrusted_accounts, &summary.possible_accounts, &summary.trusted_accounts];
        let others = classes.iter().any(|class| *class != Reached::Denied)
            || lists.iter().any(|list| !list.is_empty());
        return summary.preflight_only || others || by_network;
    }
    let by_class = match (&request.network, &request.caller) {
        (Network::Vpc { .. }, _) => {
            allowed(summary.any_vpc_endpoint) && allowed(summary.any_aws_account)
        }
        (_, Caller::Anonymous) => allowed(summary.anonymous_internet),
        (_, Caller::Iam(_)) => allowed(summary.any_aws_account),
    };
    let Caller::Iam(iam) = &request.caller else { return by_class || by_network };
    if !signed {
        return by_class || by_network;
    }
    let lists =
        [&summary.untrusted_accounts, &summary.possible_accounts, &summary.trusted_accounts];
    if iam.fresh == Fresh::No {
        // A named account is listed, whoever else gets in.
        return by_network || lists.iter().any(|list| list.contains(EVIL));
    }
    let member = matches!(&iam.org, AbsentOr::Present(ids) if ids[0].text == ORG);
    by_class || by_network || (member && summary.organizations.contains(ORG))
}

/// Whether the policy names the account, so that it stands in the lists.
pub(super) fn names_evil(statements: &[Value]) -> bool {
    statements.iter().any(|s| s.to_string().contains(EVIL))
}

#[test]
fn no_request_that_gets_in_is_missing() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let (mut through, mut requests) = (0, 0);
    for _ in 0..400 {
        let (mut bench, statements) = bench(&mut dice);
        let policy = known(&mut bench);
        let private = bench.world().endpoint
            == gatelint::model::EndpointTypes::Known(gatelint::model::EndpointType::Private, None);
        let v6 = bench.world().ip == IpAddressType::Dualstack;
        let summary = bench.reach().summaries.exposure;
        for _ in 0..40 {
            requests += 1;
            let signed = dice.roll(2) == 0;
            let request = outsider(&mut dice, private, v6, signed);
            if let Caller::Iam(iam) = &request.caller
                && iam.fresh == Fresh::No
                && !names_evil(&statements)
            {
                continue;
            }
            for auth in auths(&bench, &request) {
                let caller = seen_by_policy(auth, &request.caller).into_owned();
                let mut seen = Request { caller, ..request.clone() };
                if matches!(seen.caller, Caller::Anonymous) {
                    seen.context.retain(|key, _| key == "aws:useragent");
                }
                let signer = Signer::of(&request.caller);
                let says = (&evaluate(&policy, &seen, &identity())).into();
                let access = access_by(auth, private, signer, Credential::Allow, Some(says));
                if access.is_true() {
                    through += 1;
                    assert!(
                        accounts_for(&summary, &request, auth == AuthType::AwsIam, false),
                        "{} lacks {request:?} by {auth:?}\n{}",
                        line(&summary),
                        json!(statements)
                    );
                }
            }
        }
    }
    assert!(through * 10 > requests, "{through} of {requests} requests say little");
}
