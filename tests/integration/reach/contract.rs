//! The sentences of the contract about `exposure`, `policy_exposure`, trust and owners, one by one.

use gatelint::model::{
    CallerClass, EndpointTypes, Gate, IpAddressType, PolicyState, Problem, ProblemKind, Tri,
};
use serde_json::{Value, json};

use super::bench::{Bench, EVIL, NOW, OWNER, PARTNER, account, allow, deny, request, symbol, when};

const IAM: &[&str] = &["GET /pets AWS_IAM"];

fn evil_root() -> Value {
    json!({ "Principal": { "AWS": format!("arn:aws:iam::{EVIL}:root") } })
}

fn merge(a: Value, b: Value) -> Value {
    let mut out = a;
    for (key, value) in b.as_object().expect("an object") {
        out.as_object_mut().expect("an object").insert(key.clone(), value.clone());
    }
    out
}

fn from(ranges: Value) -> Value {
    when("IpAddress", "aws:SourceIp", ranges)
}

mod networks {
    use super::*;

    #[test]
    fn a_guard_of_exactly_a_slash_8_is_one() {
        let narrow = Bench::new(&[allow(from(json!("9.0.0.0/8")))]);
        assert_eq!(narrow.exposure(), "net:9.0.0.0/8");
        assert_eq!(narrow.routes(IAM).exposure(), "net:9.0.0.0/8");
        let wide = Bench::new(&[allow(from(json!(["9.0.0.0/8", "203.0.113.0/32"])))]);
        assert_eq!(wide.exposure(), "anonymous aws");
    }

    #[test]
    fn a_union_of_many_ranges_counts() {
        let ranges = |count: u32| -> Vec<String> {
            (0..count).map(|n| format!("{}.{}.0.0/16", 20 + n / 250, n % 250)).collect()
        };
        assert!(Bench::new(&[allow(from(json!(ranges(200))))]).exposure().starts_with("net:20.0."));
        assert_eq!(Bench::new(&[allow(from(json!(ranges(257))))]).exposure(), "anonymous aws");
    }

    #[test]
    fn the_union_of_two_statements_counts() {
        let halves = [allow(from(json!("9.0.0.0/8"))), allow(from(json!("11.0.0.0/8")))];
        let bench = Bench::new(&halves);
        assert_eq!(bench.exposure(), "anonymous aws");
        let holes = ["anonymous proved through 0", "anonymous proved through 1"];
        assert_eq!(bench.holes()[..2], holes);
        // A statement that is wide on its own is the hole; the narrow one beside it is none.
        let one = [allow(from(json!("203.0.113.0/24"))), allow(from(json!("0.0.0.0/1")))];
        assert_eq!(
            Bench::new(&one).holes(),
            ["anonymous proved through 1", "aws proved through 1"]
        );
    }

    #[test]
    fn special_ranges_do_not_count() {
        let bench = Bench::new(&[allow(from(json!(["10.0.0.0/8", "172.16.0.0/12", "9.0.0.0/8"])))]);
        assert_eq!(bench.exposure(), "net:9.0.0.0/8");
    }

    #[test]
    fn ipv6_only_where_it_gets_through() {
        let all_v6 = [allow(from(json!("::/0")))];
        assert_eq!(Bench::new(&all_v6).exposure(), "-");
        let dual = Bench::new(&all_v6).ip(IpAddressType::Dualstack);
        assert_eq!(dual.exposure(), "anonymous aws");
        let hole = dual.hole(&CallerClass::AnonymousInternet);
        assert_eq!(request(&hole.witness), "anonymous from 2001:4860:4860::8888: GET /prod/pets");
        let unknown = Bench::new(&all_v6).ip(IpAddressType::Unknown);
        assert_eq!(unknown.exposure(), "anonymous? aws?");
        let narrow = Bench::new(&[allow(from(json!("2600:1f00::/32")))]);
        assert_eq!(narrow.ip(IpAddressType::Dualstack).exposure(), "net:2600:1f00::/32");
    }

    #[test]
    fn a_deny_list_of_ipv4_misses_ipv6() {
        let statements = [allow(json!({})), deny(from(json!("0.0.0.0/0")))];
        assert_eq!(Bench::new(&statements).exposure(), "-");
        let dual = Bench::new(&statements).ip(IpAddressType::Dualstack);
        assert_eq!(dual.exposure(), "anonymous aws");
    }

    #[test]
    fn documentation_ranges_count_and_are_no_witness() {
        let bench = Bench::new(&[allow(from(json!(["192.0.0.0/7"])))]);
        let hole = bench.hole(&CallerClass::AnonymousInternet);
        assert!(!request(&hole.witness).contains("192.0.2."), "{}", request(&hole.witness));
    }

    #[test]
    fn a_trusted_network_is_taken_out() {
        let bench = Bench::new(&[allow(from(json!(["8.0.0.0/7"])))]);
        assert_eq!(bench.exposure(), "anonymous aws");
        let bench = bench.trusted_networks(&["8.0.0.0/8"]);
        assert!(bench.holes().is_empty());
        assert_eq!(bench.exposure(), "net:8.0.0.0/7", "what is left is a guard, and is listed");
        let all = Bench::new(&[allow(json!({}))]).trusted_networks(&["8.8.8.0/24"]);
        let hole = all.hole(&CallerClass::AnonymousInternet);
        assert!(!request(&hole.witness).contains("8.8.8."), "{}", request(&hole.witness));
    }

    #[test]
    fn per_route() {
        let statements = [
            allow(merge(json!({ "Resource": "execute-api:/*/GET/*" }), from(json!("9.0.0.0/8")))),
            allow(merge(json!({ "Resource": "execute-api:/*/POST/*" }), from(json!("11.0.0.0/8")))),
        ];
        let bench = Bench::new(&statements).routes(&["GET /a NONE", "POST /a NONE"]);
        assert_eq!(bench.exposure(), "net:9.0.0.0/8 net:11.0.0.0/8");
    }
}

mod methods {
    use super::*;

    #[test]
    fn only_declared_routes_count() {
        let statements = [allow(json!({ "Resource": "execute-api:/prod/GET/admin/*" }))];
        let bench = Bench::new(&statements);
        assert_eq!(bench.exposure(), "-");
        assert_eq!(bench.alone(), "anonymous aws");
        assert_eq!(bench.holes(), ["anonymous proved through 0 without a route"]);
        let bench = bench.routes(&["GET /admin/{proxy+} NONE", "GET /pets NONE"]);
        assert_eq!(bench.exposure(), "anonymous aws");
        let hole = bench.hole(&CallerClass::AnonymousInternet);
        assert_eq!(hole.routes.len(), 1);
        assert_eq!(hole.routes[0].path, "/admin/{proxy+}");
        assert_eq!(request(&hole.witness), "anonymous from 8.8.8.8: GET /prod/admin/any");
    }

    #[test]
    fn a_parameter_is_one_segment() {
        let statements = [allow(json!({ "Resource": "execute-api:/*/GET/pets/7" }))];
        let taken = Bench::new(&statements).routes(&["GET /pets/{id} NONE"]);
        assert_eq!(taken.exposure(), "anonymous aws");
        let hole = taken.hole(&CallerClass::AnonymousInternet);
        assert_eq!(request(&hole.witness), "anonymous from 8.8.8.8: GET /prod/pets/7");
        let deeper = Bench::new(&[allow(json!({ "Resource": "execute-api:/*/GET/pets/7/toys" }))]);
        assert_eq!(deeper.routes(&["GET /pets/{id} NONE"]).exposure(), "-");
    }

    #[test]
    fn everything_where_methods_may_be_added() {
        let statements = [allow(json!({ "Resource": "execute-api:/prod/GET/admin/*" }))];
        let bench = Bench::new(&statements).open_ended();
        assert_eq!(bench.exposure(), "anonymous aws");
        let hole = bench.hole(&CallerClass::AnonymousInternet);
        assert_eq!(hole.access, Tri::True);
        assert!(hole.routes.is_empty());
        assert!(hole.needs.iter().any(|need| need.text.contains("NONE and AWS_IAM")));
    }

    #[test]
    fn undeclared_methods_are_none_and_iam() {
        let everyone = Bench::new(&[allow(json!({}))]).routes(&[]);
        assert_eq!(everyone.exposure(), "anonymous aws");
        let named = Bench::new(&[allow(evil_root())]).routes(&[]);
        assert_eq!(named.exposure(), format!("untrusted:{EVIL}"));
        assert_eq!(named.holes(), [format!("{EVIL} proved through 0")]);
        let unknown = Bench::new(&[allow(json!({}))]).routes(&["GET /pets ?"]);
        assert_eq!(unknown.exposure(), "anonymous aws");
    }

    #[test]
    fn behind_an_authorizer_nothing_is_open() {
        for auth in ["CUSTOM", "COGNITO"] {
            let bench = Bench::new(&[allow(json!({}))]).routes(&[&format!("GET /pets {auth}")]);
            assert_eq!(bench.exposure(), "-");
            let hole = bench.hole(&CallerClass::AnonymousInternet);
            assert_eq!((hole.gate, hole.access), (Gate::Authorizer, Tri::True));
        }
        let mixed = Bench::new(&[allow(json!({}))]).routes(&["GET /a CUSTOM", "GET /b NONE"]);
        let hole = mixed.hole(&CallerClass::AnonymousInternet);
        assert_eq!(hole.gate, Gate::Open);
        assert_eq!(hole.routes.iter().map(|r| r.path.as_str()).collect::<Vec<_>>(), ["/b"]);
    }

    #[test]
    fn preflight_routes_do_not_count() {
        let routes = ["GET /pets CUSTOM", "OPTIONS /pets NONE"];
        let bench = Bench::new(&[allow(json!({}))]).routes(&routes);
        assert_eq!(bench.exposure(), "preflight");
        assert_eq!(bench.hole(&CallerClass::AnonymousInternet).gate, Gate::Authorizer);
        let only = Bench::new(&[allow(json!({}))]).routes(&["OPTIONS /pets NONE"]);
        assert_eq!(only.exposure(), "preflight");
        assert_eq!(only.hole(&CallerClass::AnonymousInternet).gate, Gate::PreflightOnly);
        let beside = Bench::new(&[allow(json!({}))]);
        let beside = beside.routes(&["GET /pets AWS_IAM", "OPTIONS /pets NONE"]);
        assert_eq!(beside.exposure(), "aws");
    }

    #[test]
    fn no_policy() {
        assert_eq!(Bench::bare().exposure(), "anonymous aws");
        assert!(Bench::bare().holes().is_empty());
        assert_eq!(Bench::bare().routes(&[]).exposure(), "anonymous aws");
        assert_eq!(Bench::bare().routes(&["GET /pets CUSTOM"]).exposure(), "-");
        assert_eq!(Bench::bare().routes(&["OPTIONS /pets NONE"]).exposure(), "preflight");
        assert_eq!(Bench::bare().private().exposure(), "-");
        assert_eq!(Bench::bare().unknown_endpoint().exposure(), "anonymous? aws?");
    }

    #[test]
    fn the_routes_that_a_hole_reaches_are_told() {
        let bench = Bench::new(&[allow(json!({}))]).routes(&["GET /a NONE", "GET /c AWS_IAM"]);
        let paths = |class: &CallerClass| -> Vec<String> {
            bench.hole(class).routes.into_iter().map(|route| route.path).collect()
        };
        assert_eq!(paths(&CallerClass::AnonymousInternet), ["/a"]);
        assert_eq!(paths(&CallerClass::AnyAwsAccount), ["/a", "/c"]);
    }
}

mod endpoints {
    use super::*;

    #[test]
    fn a_document_is_edge_and_perhaps_private() {
        let bench = Bench::new(&[allow(json!({}))]).routes(&[]).endpoint(EndpointTypes::Document);
        assert_eq!(bench.exposure(), "anonymous aws vpce?");
        let hole = bench.hole(&CallerClass::AnonymousInternet);
        assert_eq!(hole.access, Tri::True);
        assert!(hole.needs.iter().any(|need| need.text == "endpoint type EDGE"));
        let hole = bench.hole(&CallerClass::AnyVpcEndpoint);
        assert_eq!(hole.access, Tri::Unknown);
        assert!(hole.needs.iter().any(|need| need.text == "endpoint type PRIVATE"));
    }

    #[test]
    fn an_unknown_endpoint_is_both() {
        let open = Bench::new(&[allow(json!({}))]).unknown_endpoint();
        assert_eq!(open.exposure(), "anonymous? aws vpce?");
        let hole = open.hole(&CallerClass::AnyAwsAccount);
        assert_eq!(hole.access, Tri::True);
        let hole = open.hole(&CallerClass::AnyVpcEndpoint);
        let need = hole.needs.iter().find(|need| need.text == "endpoint type PRIVATE");
        assert_eq!(need.and_then(|n| n.pin.as_deref()), Some("--var x9=..."));
        let guarded = [
            allow(json!({})),
            deny(when("StringNotEquals", "aws:SourceVpce", json!("vpce-0aaaaaaaaaaaaaaa1"))),
        ];
        let guarded = Bench::new(&guarded).unknown_endpoint();
        assert_eq!(guarded.exposure(), "endpoint:vpce-0aaaaaaaaaaaaaaa1");
    }

    #[test]
    fn absent_is_edge() {
        let bench = Bench::new(&[allow(json!({}))]).endpoint(EndpointTypes::Absent);
        assert_eq!(bench.exposure(), "anonymous aws");
    }

    #[test]
    fn a_private_api_is_open_to_any_endpoint_unless_one_is_named() {
        let key = "aws:SourceVpce";
        let equal = |value: &str| allow(when("StringEquals", key, json!(value)));
        let like = |value: &str| allow(when("StringLike", key, json!(value)));
        let exposure = |statement: Value| Bench::new(&[statement]).private().exposure();
        assert_eq!(exposure(like("vpce-0abc*")), "aws vpce");
        assert_eq!(exposure(like("vpce-????????")), "aws vpce");
        assert_eq!(exposure(like("vpce-xyz*")), "-");
        assert_eq!(exposure(equal("vpce-partner123")), "endpoint:vpce-partner123");
        let vpc_and_endpoint = allow(json!({ "Condition": { "StringEquals": {
            "aws:SourceVpce": "vpce-1a", "aws:SourceVpc": "vpc-1a" } } }));
        assert_eq!(exposure(vpc_and_endpoint), "vpc:vpc-1a endpoint:vpce-1a");
        // Any account has 10.0.0.5.
        let inside = allow(when("IpAddress", "aws:VpcSourceIp", json!("10.0.0.5/32")));
        assert_eq!(exposure(inside), "aws vpce");
        // What aws:SourceIp is there, no page says.
        let source = allow(from(json!("203.0.113.0/24")));
        assert_eq!(exposure(source), "aws? vpce?");
    }

    #[test]
    fn own_endpoints_are_listed_by_their_labels() {
        for operator in ["StringEquals", "StringLike"] {
            let own = "\u{ab}OwnVpcEndpoint 3\u{bb}";
            let bench =
                Bench::new(&[allow(when(operator, "aws:SourceVpce", json!(own)))]).private();
            assert_eq!(bench.exposure(), "endpoint:var.x3");
            assert!(bench.holes().is_empty());
        }
        let guard = when("StringNotEquals", "aws:SourceVpc", json!("\u{ab}OwnVpc 4\u{bb}"));
        let bench = Bench::new(&[allow(json!({})), deny(guard)]).private();
        assert_eq!(bench.exposure(), "vpc:var.x4");
    }

    #[test]
    fn the_witness_of_a_private_api_is_an_endpoint() {
        let bench = Bench::new(&[allow(json!({}))]).private();
        let hole = bench.hole(&CallerClass::AnyVpcEndpoint);
        assert_eq!(
            request(&hole.witness),
            "anonymous from vpce-0f1e2d3c4b5a69788/vpc-0f1e2d3c4b5a69788/10.0.0.5: GET /prod/pets"
        );
    }
}

mod accounts {
    use super::*;

    #[test]
    fn named_accounts_are_untrusted_trusted_or_owners() {
        let bench = Bench::new(&[allow(evil_root())]).routes(IAM);
        assert_eq!(bench.exposure(), format!("untrusted:{EVIL}"));
        let hole = bench.hole(&account(EVIL));
        assert_eq!(bench.label(hole.admits), "statement 0 principal 0");
        assert_eq!(
            request(&hole.witness),
            format!("arn:aws:iam::{EVIL}:role/caller from 8.8.8.8: GET /prod/pets")
        );
        let trusted = Bench::new(&[allow(evil_root())]).routes(IAM).trusted(&[EVIL]);
        assert_eq!(trusted.exposure(), format!("trusted:{EVIL}"));
        assert!(trusted.holes().is_empty());
        let owner = Bench::new(&[allow(evil_root())]).routes(IAM).owners(&[EVIL]);
        assert_eq!(owner.exposure(), "-");
    }

    #[test]
    fn an_expired_entry_does_not_count() {
        let bench = Bench::new(&[allow(evil_root())]).routes(IAM);
        let expired = bench.entry_of(EVIL, Some(NOW), &[]);
        assert_eq!(expired.exposure(), format!("untrusted:{EVIL}"));
        let bench = Bench::new(&[allow(evil_root())]).routes(IAM);
        let running = bench.entry_of(EVIL, Some(NOW + 1), &[]);
        assert_eq!(running.exposure(), format!("trusted:{EVIL}"));
    }

    #[test]
    fn an_entry_counts_for_its_apis() {
        let bench = || Bench::new(&[allow(evil_root())]).routes(IAM);
        assert_eq!(bench().entry_of(EVIL, None, &["ord*"]).exposure(), format!("trusted:{EVIL}"));
        assert_eq!(
            bench().entry_of(EVIL, None, &["billing-*"]).exposure(),
            format!("untrusted:{EVIL}")
        );
    }

    #[test]
    fn a_network_guard_does_not_make_an_account_trusted_unless_it_is_listed() {
        let guarded = allow(merge(evil_root(), from(json!("203.0.113.0/24"))));
        let bench = Bench::new(&[guarded]).routes(IAM);
        assert_eq!(bench.exposure(), format!("untrusted:{EVIL} net:203.0.113.0/24"));
        let bench = bench.trusted_networks(&["203.0.113.0/24"]);
        assert_eq!(bench.exposure(), format!("trusted:{EVIL} net:203.0.113.0/24"));
        assert!(bench.holes().is_empty());
    }

    #[test]
    fn an_endpoint_guard_likewise() {
        let guard = when("StringEquals", "aws:SourceVpce", json!("vpce-0aaaaaaaaaaaaaaa1"));
        let bench = Bench::new(&[allow(merge(evil_root(), guard))]).routes(IAM).private();
        assert_eq!(bench.exposure(), format!("untrusted:{EVIL} endpoint:vpce-0aaaaaaaaaaaaaaa1"));
        let bench = bench.trusted_vpces(&["vpce-0aaaaaaaaaaaaaaa1"]);
        assert_eq!(bench.exposure(), format!("trusted:{EVIL} endpoint:vpce-0aaaaaaaaaaaaaaa1"));
        let own = json!("\u{ab}OwnVpcEndpoint 3\u{bb}");
        let own = when("StringEquals", "aws:SourceVpce", own);
        let bench = Bench::new(&[allow(merge(evil_root(), own))]).routes(IAM).private();
        assert_eq!(bench.exposure(), format!("trusted:{EVIL} endpoint:var.x3"));
    }

    #[test]
    fn the_organization_of_a_named_account_is_not_known() {
        let in_org = when("StringEquals", "aws:PrincipalOrgID", json!("o-abc123def4"));
        let bench = Bench::new(&[allow(merge(evil_root(), in_org))]).routes(IAM);
        assert_eq!(bench.exposure(), format!("possible:{EVIL}"));
        let hole = bench.hole(&account(EVIL));
        assert_eq!(hole.access, Tri::Unknown);
        let need = format!("account {EVIL} is in the organization o-abc123def4");
        assert!(hole.needs.iter().any(|n| n.text == need), "{:?}", hole.needs);
        let bench = bench.trusted_orgs(&["o-abc123def4"]);
        assert_eq!(bench.exposure(), format!("trusted:{EVIL}"));
        let bench = bench.trusted_orgs(&["o-zzzzzzzzzz"]);
        assert_eq!(bench.exposure(), format!("possible:{EVIL}"));
    }

    #[test]
    fn an_organization_is_listed_when_its_members_get_in() {
        let in_org = |id: &str| when("StringEquals", "aws:PrincipalOrgID", json!(id));
        let bench = Bench::new(&[allow(in_org("o-abc123def4"))]).routes(IAM);
        assert_eq!(bench.exposure(), "org:o-abc123def4");
        assert!(bench.holes().is_empty());
        let others = deny(when("StringNotEquals", "aws:PrincipalOrgID", json!("o-abc123def4")));
        let bench = Bench::new(&[allow(json!({})), others]).routes(IAM);
        assert_eq!(bench.exposure(), "org:o-abc123def4");
        let path = when(
            "ForAnyValue:StringLike",
            "aws:PrincipalOrgPaths",
            json!("o-abc123def4/r-ab12/ou-ab12-1*"),
        );
        assert_eq!(Bench::new(&[allow(path)]).routes(IAM).exposure(), "org:o-abc123def4");
        let any = when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", json!("o-*/r-*/*"));
        assert_eq!(Bench::new(&[allow(any)]).routes(IAM).exposure(), "aws");
    }

    #[test]
    fn an_account_is_named_by_what_exempts_it() {
        let only = deny(when("StringNotEquals", "aws:PrincipalAccount", json!([EVIL, PARTNER])));
        let bench = Bench::new(&[allow(json!({})), only]).routes(IAM).trusted(&[PARTNER]);
        assert_eq!(bench.exposure(), format!("untrusted:{EVIL} trusted:{PARTNER}"));
        let hole = bench.hole(&account(EVIL));
        assert_eq!(hole.statement, Some(0));
        assert_eq!(bench.label(hole.admits), "statement 1 aws:PrincipalAccount 0");
        let root = format!("arn:aws:iam::{EVIL}:root");
        let only = deny(json!({ "NotPrincipal": { "AWS": root } }));
        let bench = Bench::new(&[allow(json!({})), only]).routes(IAM);
        assert_eq!(bench.exposure(), format!("untrusted:{EVIL}"));
    }

    #[test]
    fn a_pattern_over_accounts_is_any_account() {
        for pattern in ["arn:aws:iam::*:role/Admin", "arn:aws:iam::9*:user/ci/*", "*"] {
            let like = when("ArnLike", "aws:PrincipalArn", json!(pattern));
            assert_eq!(Bench::new(&[allow(like)]).routes(IAM).exposure(), "aws", "{pattern}");
        }
        let own = when("StringLike", "aws:PrincipalArn", json!(format!("arn:aws:iam::{EVIL}:*")));
        assert_eq!(Bench::new(&[allow(own)]).routes(IAM).exposure(), format!("untrusted:{EVIL}"));
        let account_like = when("StringLike", "aws:PrincipalAccount", json!("12*"));
        assert_eq!(Bench::new(&[allow(account_like)]).routes(IAM).exposure(), "aws");
        let dead = when("ArnLike", "aws:PrincipalArn", json!("arn:aws:sts::*:assumed-role/*"));
        assert_eq!(Bench::new(&[allow(dead)]).routes(IAM).exposure(), "-");
    }

    #[test]
    fn without_an_iam_route_an_account_waits() {
        let bench = Bench::new(&[allow(evil_root())]);
        assert_eq!(bench.exposure(), "-");
        assert_eq!(bench.alone(), format!("untrusted:{EVIL}"));
        assert_eq!(bench.holes(), [format!("{EVIL} proved through 0 without an IAM route")]);
        let cognito = Bench::new(&[allow(evil_root())]).routes(&["GET /pets COGNITO"]);
        assert_eq!(cognito.hole(&account(EVIL)).gate, Gate::NoIamRoute);
        let trusted = Bench::new(&[allow(evil_root())]).trusted(&[EVIL]);
        assert!(trusted.holes().is_empty());
    }

    #[test]
    fn an_account_named_by_an_unknown_value_is_possible() {
        let unknown = "arn:aws:iam::\u{ab}Input 2\u{bb}:root";
        let bench = Bench::new(&[allow(json!({ "Principal": { "AWS": unknown } }))]).routes(IAM);
        assert_eq!(bench.exposure(), "possible:var.x2");
        let hole = bench.hole(&CallerClass::UnknownAccount(symbol(2)));
        assert_eq!(hole.access, Tri::Unknown);
        assert_eq!(bench.label(hole.admits), "statement 0 principal 0");
        assert!(hole.needs.iter().any(|n| n.pin.as_deref() == Some("--var x2=...")));
        let by_key = when("StringEquals", "aws:PrincipalAccount", json!("\u{ab}Input 2\u{bb}"));
        let bench = Bench::new(&[allow(by_key)]).routes(IAM);
        assert_eq!(bench.exposure(), "possible:var.x2");
        let denied = [
            allow(json!({ "Principal": { "AWS": unknown } })),
            deny(json!({ "Principal": { "AWS": unknown } })),
        ];
        assert_eq!(Bench::new(&denied).routes(IAM).exposure(), "-");
        let ours = "arn:aws:iam::\u{ab}OwnerAccount 2\u{bb}:root";
        let bench = Bench::new(&[allow(json!({ "Principal": { "AWS": ours } }))]).routes(IAM);
        assert_eq!(bench.exposure(), "-");
    }

    #[test]
    fn what_an_unknown_value_may_be_equal_to_is_its_matter() {
        let unknown = json!({ "Principal": { "AWS": "arn:aws:iam::\u{ab}Input 2\u{bb}:root" } });
        let named = merge(evil_root(), json!({ "Resource": "execute-api:/*/GET/other" }));
        let bench = Bench::new(&[allow(unknown.clone()), deny(named.clone())]).routes(IAM);
        assert_eq!(bench.exposure(), "possible:var.x2");
        assert_eq!(bench.holes(), ["var.x2 possible through 0"]);
        let both = [allow(unknown), allow(evil_root())];
        let bench = Bench::new(&both).routes(IAM);
        let holes = [format!("{EVIL} proved through 1"), "var.x2 possible through 0".into()];
        assert_eq!(bench.holes(), holes);
        // A Deny that leaves an account out names it, also where another value is not known.
        let range = from(json!("\u{ab}Input 1\u{bb}"));
        let only = deny(when("StringNotEquals", "aws:PrincipalAccount", json!(EVIL)));
        let bench = Bench::new(&[allow(range), only]).routes(IAM);
        assert_eq!(bench.holes(), [format!("{EVIL} possible through 0")]);
    }

    #[test]
    fn the_named_role_is_the_witness() {
        let role = format!("arn:aws:iam::{EVIL}:role/deploy/Caller");
        let bench = Bench::new(&[allow(json!({ "Principal": { "AWS": role } }))]).routes(IAM);
        let hole = bench.hole(&account(EVIL));
        assert_eq!(request(&hole.witness), format!("{role} from 8.8.8.8: GET /prod/pets"));
        let session = format!("arn:aws:sts::{EVIL}:assumed-role/Caller/ci");
        let bench = Bench::new(&[allow(json!({ "Principal": { "AWS": session } }))]).routes(IAM);
        assert_eq!(bench.exposure(), format!("untrusted:{EVIL}"));
        let unknown = format!("arn:aws:iam::{EVIL}:role/\u{ab}Input 1\u{bb}");
        let bench = Bench::new(&[allow(json!({ "Principal": { "AWS": unknown } }))]).routes(IAM);
        assert_eq!(bench.holes(), [format!("{EVIL} proved through 0")]);
    }
}

mod owners {
    use super::*;

    fn arn(account: &str) -> String {
        format!("arn:aws:execute-api:us-east-1:{account}:a1b2c3d4e5/*")
    }

    #[test]
    fn a_literal_arn_names_the_api_and_its_owner() {
        let resource = json!({ "Resource": arn(OWNER) });
        let bench = Bench::new(&[allow(resource.clone())]);
        assert_eq!(bench.exposure(), "anonymous aws");
        let hole = bench.hole(&CallerClass::AnonymousInternet);
        assert_eq!(hole.access, Tri::True);
        let text = format!("the API is arn:aws:execute-api:us-east-1:{OWNER}:a1b2c3d4e5");
        assert!(hole.needs.iter().any(|need| need.text == text), "{:?}", hole.needs);
        let root = json!({ "Principal": { "AWS": OWNER } });
        let bench = Bench::new(&[allow(merge(resource, root))]).routes(IAM);
        assert_eq!(bench.exposure(), "-");
    }

    #[test]
    fn an_arn_of_another_account_is_dead_where_the_owner_is_known() {
        let bench = Bench::new(&[allow(json!({ "Resource": arn(EVIL) }))]);
        assert_eq!(bench.exposure(), "anonymous aws");
        let bench = bench.owners(&[OWNER]);
        assert_eq!(bench.exposure(), "-");
        let open = "arn:aws:execute-api:*:123456789012:*/*";
        let bench = Bench::new(&[allow(json!({ "Resource": open }))]).owners(&[OWNER]);
        assert_eq!(bench.exposure(), "anonymous aws");
    }

    #[test]
    fn a_pattern_in_an_arn_may_match_the_api() {
        for arn in [
            "arn:aws:execute-api:eu-*:*:a1b2c3d4e5/*",
            "arn:aws:execute-api:eu-west-?:1234*:a1b2c3d4e5/*",
            "arn:aws:execute-api:eu-west-1:12345678901?:a1b2*/prod/*",
        ] {
            let open = || Bench::new(&[allow(json!({ "Resource": arn }))]);
            assert_eq!(open().exposure(), "anonymous aws", "{arn}");
            assert_eq!(open().owners(&[OWNER]).exposure(), "anonymous aws", "{arn}");
            // Each of several owner accounts may be the API's.
            let owners = open().owners(&["000000000001", OWNER, EVIL]);
            assert_eq!(owners.exposure(), "anonymous aws", "{arn}");
        }
        // Many owner accounts are no reason to give up.
        let many: Vec<String> =
            (0..60).map(|n| format!("{:012}", 300_000_000_000_u64 + n)).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let bench = Bench::new(&[allow(json!({ "Resource": arn("300000000059") }))]).owners(&many);
        assert_eq!((bench.exposure().as_str(), bench.reach().bounded), ("anonymous aws", false));
        let other = json!({ "Resource": "arn:aws:execute-api:eu-west-1:99*:a1b2c3d4e5/*" });
        assert_eq!(Bench::new(&[allow(other)]).owners(&[OWNER]).exposure(), "-");
    }

    #[test]
    fn allow_and_deny_of_one_api_are_of_one_api() {
        let resource = json!({ "Resource": arn(OWNER) });
        let guard = when("NotIpAddress", "aws:SourceIp", json!("203.0.113.0/24"));
        let bench = Bench::new(&[allow(resource.clone()), deny(merge(resource, guard))]);
        assert_eq!(bench.exposure(), "net:203.0.113.0/24");
        let others = [
            allow(json!({ "Resource": arn(OWNER) })),
            deny(json!({ "Resource": arn(OWNER).replace("a1b2", "zzzz") })),
        ];
        assert_eq!(Bench::new(&others).exposure(), "anonymous aws");
    }

    #[test]
    fn this_apis_own_arn_is_exact() {
        let own = "\u{ab}ThisApiArn 0\u{bb}/*/GET/pets";
        let bench = Bench::new(&[allow(json!({ "Resource": own }))]);
        assert_eq!(bench.exposure(), "anonymous aws");
        assert!(bench.hole(&CallerClass::AnonymousInternet).needs.is_empty());
        let other = Bench::new(&[allow(json!({ "Resource": own }))]).routes(&["GET /toys NONE"]);
        assert_eq!(other.exposure(), "-");
        let bare = Bench::new(&[allow(json!({ "Resource": "\u{ab}ThisApiArn 0\u{bb}" }))]);
        assert_eq!(bare.exposure(), "-");
    }
}

mod unknown {
    use super::*;

    #[test]
    fn a_policy_of_which_nothing_is_known_may_let_everybody_in() {
        let mut bench = Bench::bare();
        let origin = bench.token("the policy".into());
        bench.world().policy = PolicyState::Unknown(symbol(5), origin);
        assert_eq!(bench.exposure(), "anonymous? aws?");
        assert_eq!(bench.alone(), "anonymous? aws?");
        let hole = bench.hole(&CallerClass::AnonymousInternet);
        assert_eq!((hole.statement, hole.access), (None, Tri::Unknown));
        assert_eq!(bench.label(hole.deciding), "the policy");
        assert!(hole.needs.iter().any(|n| n.pin.as_deref() == Some("--var x5=...")));
        let bench = bench.private();
        assert_eq!(bench.exposure(), "aws? vpce?");
    }

    #[test]
    fn a_form_that_is_not_read_makes_every_class_possible_that_comes_near() {
        for (mut bench, near) in
            [(Bench::bare().private(), "aws? vpce?"), (Bench::bare(), "anonymous? aws?")]
        {
            // Nobody on the internet reaches a private API, and no VPC endpoint another one.
            let origin = bench.api.origin;
            bench.api.unresolved.push(Problem {
                kind: ProblemKind::Unresolved {
                    what: "SAM ResourcePolicy".into(),
                    why: "not read yet".into(),
                    pin: None,
                },
                origin,
                related: Vec::new(),
                api: None,
            });
            // Without a policy a public API is open.
            let without_doubt = |summary: &str| summary.replace('?', "");
            assert_eq!(without_doubt(&bench.exposure()), without_doubt(near));
            assert_eq!(bench.alone(), near);
        }
    }

    #[test]
    fn an_unknown_range_is_possible_and_the_known_one_is_listed() {
        let ranges = json!(["203.0.113.0/24", "\u{ab}Input 1\u{bb}"]);
        let bench = Bench::new(&[allow(from(ranges))]);
        assert_eq!(bench.exposure(), "anonymous? aws? net:203.0.113.0/24");
        let hole = bench.hole(&CallerClass::AnonymousInternet);
        let texts: Vec<_> = hole.needs.iter().map(|need| need.text.as_str()).collect();
        assert_eq!(texts, ["var.x1 admits the caller"]);
        let guard = deny(when("NotIpAddress", "aws:SourceIp", json!("\u{ab}Input 1\u{bb}")));
        let bench = Bench::new(&[allow(json!({})), guard]);
        assert_eq!(bench.exposure(), "anonymous? aws?");
        let hole = bench.hole(&CallerClass::AnonymousInternet);
        let texts: Vec<_> = hole.needs.iter().map(|need| need.text.as_str()).collect();
        assert_eq!(texts, ["var.x1 does not stop the caller"]);
    }

    #[test]
    fn the_worse_of_two_readings_counts() {
        let mut bench = Bench::new(&[allow(from(json!("203.0.113.0/24")))]);
        let open =
            bench.policy(&json!({ "Version": "2012-10-17", "Statement": [allow(json!({}))] }));
        match &mut bench.world().policy {
            PolicyState::Known(readings) => readings.push(open),
            other => panic!("{other:?}"),
        }
        assert_eq!(bench.exposure(), "anonymous aws net:203.0.113.0/24");
        assert_eq!(bench.hole(&CallerClass::AnonymousInternet).reading, 1);
    }
}

mod kinds {
    use gatelint::analyze::reach::applicable_allows;
    use gatelint::model::ApiKind;

    use super::*;

    #[test]
    fn a_private_domain_is_guarded_by_its_own_policy() {
        let guard = when("StringNotEquals", "aws:SourceVpc", json!("vpc-0aaaaaaaaaaaaaaa1"));
        for resource in [
            "execute-api:/*",
            "*",
            "arn:aws:execute-api:us-east-1:123456789012:/domainnames/private.example.com+abc123",
        ] {
            let on = |statement: Value| merge(statement, json!({ "Resource": resource }));
            let mut bench = Bench::new(&[on(allow(json!({})))]).private().routes(&[]);
            bench.api.kind = ApiKind::DomainName;
            assert_eq!(bench.exposure(), "aws vpce", "{resource}");
            let hole = bench.hole(&CallerClass::AnyVpcEndpoint);
            assert!(hole.needs.iter().any(|need| need.text.contains("behind the domain")));
            let statements = [on(allow(json!({}))), on(deny(guard.clone()))];
            let mut bench = Bench::new(&statements).private().routes(&[]);
            bench.api.kind = ApiKind::DomainName;
            assert_eq!(bench.exposure(), "vpc:vpc-0aaaaaaaaaaaaaaa1", "{resource}");
        }
    }

    #[test]
    fn an_endpoint_policy_lets_nobody_in() {
        let mut bench = Bench::new(&[allow(json!({}))]).private();
        bench.api.kind = ApiKind::VpcEndpoint;
        assert_eq!(bench.exposure(), "-");
        assert!(bench.holes().is_empty());
    }

    #[test]
    fn which_allows_can_apply() {
        let applies = |bench: &Bench| -> Vec<(usize, Tri)> {
            let found = applicable_allows(&bench.api, 0, &bench.trust, NOW);
            found.into_iter().map(|found| (found.statement, found.applies)).collect()
        };
        let statements = [
            deny(json!({})),
            allow(from(json!("10.0.0.0/8"))),
            allow(evil_root()),
            allow(json!({ "Action": "execute-api:InvalidateCache" })),
            allow(from(json!("203.0.113.0/24"))),
            allow(from(json!("\u{ab}Input 1\u{bb}"))),
        ];
        let expected =
            [(1, Tri::False), (2, Tri::False), (3, Tri::False), (4, Tri::True), (5, Tri::Unknown)];
        assert_eq!(applies(&Bench::new(&statements)), expected);
        let vpce = allow(when("StringEquals", "aws:SourceVpce", json!("vpce-1a")));
        assert_eq!(applies(&Bench::new(std::slice::from_ref(&vpce))), [(0, Tri::False)]);
        assert_eq!(applies(&Bench::new(&[vpce]).private()), [(0, Tri::True)]);
        let signed = Bench::new(&statements).routes(&["GET /pets AWS_IAM", "GET /a CUSTOM"]);
        assert!(applies(&signed).is_empty());
        assert!(applies(&Bench::bare()).is_empty());
    }
}

#[test]
fn a_witness_goes_to_a_stage_that_is_there() {
    let stage = |stages: &[&str], statements: &[Value]| {
        let mut bench = Bench::new(statements);
        bench.world().routes.stages = stages.iter().map(|name| (*name).to_owned()).collect();
        bench.hole(&CallerClass::AnonymousInternet).witness.stage.clone()
    };
    assert_eq!(stage(&["live", "test"], &[allow(json!({}))]), "live");
    assert_eq!(stage(&[], &[allow(json!({}))]), "prod");
    assert_eq!(stage(&["a/b"], &[allow(json!({}))]), "prod");
    // A stage that the policy closes is not all there is: another one may be made.
    let closed = deny(json!({ "Resource": "execute-api:/live/*" }));
    assert_ne!(stage(&["live"], &[allow(json!({})), closed]), "live");
}
