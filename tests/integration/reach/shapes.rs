//! The shapes of partial evaluation at the level of the model: worlds, symbols, unknown stretches.
//! Then what an exposure tells: its witness, the nearest Deny, the order, the bound.

use gatelint::model::{
    ApiWorld, CallerClass, EndpointType, EndpointTypes, PolicyState, Reached, Tri,
};
use serde_json::{Value, json};

use super::bench::{Bench, EVIL, allow, assumption, deny, line, request, when};

/// Adds a world that differs from the first as `change` says.
fn world(bench: &mut Bench, when: &str, change: impl FnOnce(&mut ApiWorld)) {
    let mut other = bench.world().clone();
    other.is_default = false;
    other.assumptions = vec![assumption(when)];
    change(&mut other);
    bench.api.worlds.push(other);
}

fn known(bench: &mut Bench, statements: &[Value]) -> PolicyState {
    let document = json!({ "Version": "2012-10-17", "Statement": statements });
    PolicyState::Known(vec![bench.policy(&document)])
}

#[test]
fn endpoint_and_deny_under_one_condition() {
    // Regional without the Deny where Environment is localdev, private with it elsewhere.
    let guard = deny(when("StringNotEquals", "aws:SourceVpce", json!("vpce-0aaaaaaaaaaaaaaa1")));
    let mut bench = Bench::new(&[allow(json!({})), guard]).private();
    world(&mut bench, "Environment = localdev", |world| {
        world.endpoint = EndpointTypes::Known(EndpointType::Regional, None);
        let PolicyState::Known(readings) = &mut world.policy else { panic!("a policy") };
        readings[0].statements.truncate(1);
    });
    assert_eq!(bench.exposure(), "anonymous? aws? endpoint:vpce-0aaaaaaaaaaaaaaa1");
    let hole = bench.hole(&CallerClass::AnonymousInternet);
    assert_eq!((hole.world, hole.access), (1, Tri::Unknown));
    assert_eq!(hole.needs, [assumption("Environment = localdev")]);
}

#[test]
fn the_default_world_decides() {
    let mut bench = Bench::new(&[allow(json!({}))]);
    world(&mut bench, "open = false", |world| world.policy = PolicyState::None);
    bench.api.worlds[1].routes.declared[0].auth = gatelint::model::AuthType::AwsIam;
    let hole = bench.hole(&CallerClass::AnonymousInternet);
    assert_eq!(hole.access, Tri::True);
    assert_eq!(bench.exposure(), "anonymous aws");
}

#[test]
fn an_api_that_exists_in_other_worlds_only_is_judged_in_those() {
    let mut bench = Bench::new(&[allow(json!({}))]);
    world(&mut bench, "create = true", |_| {});
    bench.world().exists = false;
    bench.world().policy = PolicyState::None;
    let hole = bench.hole(&CallerClass::AnonymousInternet);
    assert_eq!((hole.world, hole.access), (1, Tri::Unknown));
    assert_eq!(hole.needs, [assumption("create = true")]);
    assert_eq!(bench.exposure(), "anonymous? aws?");
    // Where nobody gives a default, the cases with the API stand for it.
    bench.api.worlds[1].is_default = true;
    assert_eq!(bench.hole(&CallerClass::AnonymousInternet).access, Tri::True);
    bench.api.worlds[1].exists = false;
    assert_eq!(bench.exposure(), "-");
    assert!(bench.holes().is_empty());
}

#[test]
fn open_in_every_world_through_different_statements_is_certain() {
    let mut bench = Bench::new(&[allow(json!({}))]);
    bench.world().is_default = false;
    bench.world().assumptions = vec![assumption("Environment = dev")];
    let other = known(&mut bench, &[allow(json!({ "Action": "*" }))]);
    world(&mut bench, "Environment = prod", |world| world.policy = other);
    let reach = bench.reach();
    assert_eq!(reach.summaries.exposure.anonymous_internet, Reached::Allowed);
    let anonymous: Vec<_> =
        reach.exposures.iter().filter(|e| e.class == CallerClass::AnonymousInternet).collect();
    assert_eq!(anonymous.len(), 2);
    for (exposure, when) in anonymous.iter().zip(["Environment = dev", "Environment = prod"]) {
        assert_eq!(exposure.access, Tri::True);
        assert_eq!(exposure.needs, [assumption(when)]);
    }
}

#[test]
fn equal_holes_of_several_worlds_are_one() {
    let mut bench = Bench::new(&[allow(json!({}))]);
    bench.world().is_default = false;
    world(&mut bench, "Environment = prod", |_| {});
    assert_eq!(bench.holes(), ["anonymous proved through 0", "aws proved through 0"]);
    assert!(bench.hole(&CallerClass::AnonymousInternet).needs.is_empty());
}

#[test]
fn a_proved_hole_stays_proved_beside_an_unknown_stretch() {
    let stretch = json!("\u{ab}Many Input 1\u{bb}");
    let bench = Bench::new(&[stretch.clone(), allow(json!({}))]);
    assert_eq!(bench.exposure(), "anonymous aws");
    let through_known: Vec<_> =
        bench.reach().exposures.into_iter().filter(|e| e.statement == Some(1)).collect();
    assert!(through_known.iter().all(|e| e.access == Tri::True));
    assert_eq!(through_known.len(), 2);
    // What the stretch may let in besides is a hole of its own.
    assert_eq!(
        bench.holes(),
        [
            "anonymous proved through 1",
            "aws proved through 1",
            "anonymous possible through ?",
            "aws possible through ?",
        ]
    );
    let guarded = allow(when("IpAddress", "aws:SourceIp", json!("203.0.113.0/24")));
    let bench = Bench::new(&[stretch, guarded]);
    assert_eq!(bench.exposure(), "anonymous? aws? net:203.0.113.0/24");
    let hole = bench.hole(&CallerClass::AnonymousInternet);
    assert_eq!(hole.statement, None);
    assert_eq!(bench.label(hole.deciding), "statement 0");
    assert_eq!(hole.needs[0].pin.as_deref(), Some("--var x1=..."));
}

#[test]
fn one_symbol_in_allow_and_deny() {
    let own = |operator: &str| when(operator, "aws:SourceVpce", json!("\u{ab}Input 1\u{bb}"));
    let both = [allow(own("StringEquals")), deny(own("StringNotEquals"))];
    assert_eq!(Bench::new(&both).private().exposure(), "-");
    let guard = [allow(json!({})), deny(own("StringNotEquals"))];
    let bench = Bench::new(&guard).private();
    assert_eq!(bench.exposure(), "-");
    assert!(bench.holes().is_empty());
    // Under Like it may hold a pattern.
    let like = Bench::new(&[allow(own("StringLike"))]).private();
    assert_eq!(like.exposure(), "aws? vpce?");
    assert!(line(&Bench::new(&guard).reach().summaries.exposure) == "-");
}

#[test]
fn an_unknown_part_of_a_condition_block() {
    let mut bench = Bench::new(&[allow(json!({}))]);
    let document = json!({ "Version": "2012-10-17", "Statement": [allow(json!({
        "Condition": ["\u{ab}Many Input 1\u{bb}"] }))] });
    let policy = bench.policy(&document);
    bench.world().policy = PolicyState::Known(vec![policy]);
    assert_eq!(bench.exposure(), "anonymous? aws?");
    let hole = bench.hole(&CallerClass::AnonymousInternet);
    assert_eq!(hole.needs[0].text, "var.x1 admits the caller");
}

#[test]
fn an_unknown_principal_is_perhaps_everyone() {
    let bench = Bench::new(&[allow(json!({ "Principal": { "AWS": "\u{ab}Input 1\u{bb}" } }))]);
    assert_eq!(bench.exposure(), "anonymous? aws?");
    let hole = bench.hole(&CallerClass::AnonymousInternet);
    assert_eq!(bench.label(hole.admits), "statement 0 principal 0");
    let list = json!({ "AWS": ["arn:aws:iam::111122223333:root", "\u{ab}Many Input 1\u{bb}"] });
    let bench = Bench::new(&[allow(json!({ "Principal": list }))]).trusted(&["111122223333"]);
    assert_eq!(bench.exposure(), "anonymous? aws? trusted:111122223333");
    assert_eq!(
        bench.label(bench.hole(&CallerClass::AnonymousInternet).admits),
        "statement 0 principal 1"
    );
}

#[test]
fn the_nearest_deny_says_what_it_lacks() {
    let lacks = |bench: Bench, class: &CallerClass| {
        let (origin, why) = bench.hole(class).nearest_deny.expect("a Deny");
        (bench.label(origin).to_owned(), why)
    };
    let anonymous = CallerClass::AnonymousInternet;
    let list = [
        allow(json!({})),
        deny(json!({ "Resource": "execute-api:/*/DELETE/*" })),
        deny(when("IpAddress", "aws:SourceIp", json!("198.51.100.0/24"))),
    ];
    assert_eq!(
        lacks(Bench::new(&list), &anonymous),
        ("statement 2".into(), "8.8.8.8 lies outside 198.51.100.0/24".into())
    );
    assert_eq!(
        lacks(Bench::new(&list[..2]), &anonymous),
        ("statement 1".into(), "covers DELETE only".into())
    );
    let vpce = [allow(json!({})), deny(when("StringEquals", "aws:SourceVpce", json!("vpce-1a")))];
    assert_eq!(
        lacks(Bench::new(&vpce), &anonymous).1,
        "needs aws:SourceVpce, which is absent on a public endpoint"
    );
    let wide = [allow(json!({})), deny(when("NotIpAddress", "aws:SourceIp", json!("0.0.0.0/0")))];
    assert_eq!(lacks(Bench::new(&wide), &anonymous).1, "8.8.8.8 lies inside 0.0.0.0/0");
    let root = json!({ "Principal": { "AWS": format!("arn:aws:iam::{EVIL}:root") } });
    let bypass = [allow(json!({})), deny(root)];
    assert_eq!(
        lacks(Bench::new(&bypass), &anonymous).1,
        "names principals, and the caller is anonymous"
    );
    assert!(Bench::new(&list[..1]).hole(&anonymous).nearest_deny.is_none());
}

#[test]
fn the_witness_is_the_simplest() {
    let agent = allow(when("StringEquals", "aws:UserAgent", json!("s3cret")));
    let bench = Bench::new(&[agent]).routes(&["POST /b NONE", "GET /a/{id} NONE"]);
    let hole = bench.hole(&CallerClass::AnonymousInternet);
    assert_eq!(request(&hole.witness), "anonymous from 8.8.8.8: POST /prod/b");
    assert_eq!(hole.witness.context.keys().collect::<Vec<_>>(), ["aws:useragent"]);
    let open = Bench::new(&[allow(json!({}))]).routes(&["ANY /a/{id} NONE"]);
    let hole = open.hole(&CallerClass::AnonymousInternet);
    assert_eq!(request(&hole.witness), "anonymous from 8.8.8.8: GET /prod/a/1");
    assert!(hole.witness.context.is_empty());
    let named = Bench::new(&[
        allow(json!({})),
        deny(json!({ "Principal": { "AWS": format!("arn:aws:iam::{EVIL}:root") } })),
    ]);
    let hole = named.routes(&["GET /pets AWS_IAM"]).hole(&CallerClass::AnyAwsAccount);
    assert_eq!(
        request(&hole.witness),
        "arn:aws:iam::888888888888:role/caller from 8.8.8.8: GET /prod/pets"
    );
    let stage = Bench::new(&[allow(json!({ "Resource": "execute-api:/dev/GET/*" }))]);
    let hole = stage.hole(&CallerClass::AnonymousInternet);
    assert_eq!(request(&hole.witness), "anonymous from 8.8.8.8: GET /dev/pets");
}

#[test]
fn another_stage_escapes_a_deny_of_one() {
    let only_prod = deny(json!({ "Resource": "execute-api:/prod/*" }));
    assert_eq!(Bench::new(&[allow(json!({})), only_prod]).exposure(), "anonymous aws");
}

#[test]
fn a_variable_is_the_callers_own() {
    let home = allow(json!({ "Resource": "execute-api:/*/GET/users/${aws:username}" }));
    let bench = Bench::new(&[home]).routes(&["GET /users/{name} AWS_IAM"]);
    assert_eq!(bench.exposure(), "aws");
    let home = allow(json!({ "Resource": "execute-api:/*/GET/users/${aws:username}" }));
    assert_eq!(Bench::new(&[home]).routes(&["GET /users/{name} NONE"]).exposure(), "-");
    let own =
        allow(when("StringEquals", "aws:PrincipalTag/acct", json!("${aws:PrincipalAccount}")));
    assert_eq!(Bench::new(&[own]).routes(&["GET /pets AWS_IAM"]).exposure(), "aws");
    let agent = allow(when("StringEquals", "aws:UserAgent", json!("${aws:SourceIp}")));
    assert_eq!(Bench::new(&[agent]).exposure(), "anonymous aws");
}

#[test]
fn exposures_come_worst_first_and_always_alike() {
    let statements = [
        allow(json!({ "Principal": { "AWS": format!("arn:aws:iam::{EVIL}:root") } })),
        allow(when("IpAddress", "aws:SourceIp", json!("\u{ab}Input 1\u{bb}"))),
        allow(json!({ "Resource": "execute-api:/*/GET/a" })),
    ];
    let bench = Bench::new(&statements).routes(&["GET /a NONE", "GET /b AWS_IAM"]);
    let holes = bench.holes();
    assert_eq!(
        holes,
        [
            "anonymous proved through 2".to_owned(),
            "aws proved through 2".to_owned(),
            format!("{EVIL} proved through 0"),
            "anonymous possible through 1".to_owned(),
            "aws possible through 1".to_owned(),
        ]
    );
    let first = format!("{:?}", bench.reach());
    for _ in 0..3 {
        assert_eq!(format!("{:?}", bench.reach()), first);
    }
}

#[test]
fn one_deny_for_each_of_many_paths_is_decided() {
    // The form in which SAM writes a list of addresses.
    let mut statements = Vec::new();
    let mut routes = Vec::new();
    for n in 0..50 {
        let resource = json!({ "Resource": [format!("execute-api:/prod/GET/path{n}")] });
        statements.push(allow(resource.clone()));
        let mut guard = when("NotIpAddress", "aws:SourceIp", json!(["203.0.113.0/24"]));
        guard["Resource"] = resource["Resource"].clone();
        statements.push(deny(guard));
        routes.push(format!("GET /path{n} NONE"));
    }
    let routes: Vec<&str> = routes.iter().map(String::as_str).collect();
    let bench = Bench::new(&statements).routes(&routes);
    let reach = bench.reach();
    assert!(!reach.bounded);
    assert_eq!(line(&reach.summaries.exposure), "net:203.0.113.0/24");
}

#[test]
fn many_free_keys_are_no_product() {
    // Twelve keys, each with forty values that a Deny names: a product of 41^12 combinations.
    let mut statements = vec![allow(json!({ "Principal": { "AWS": EVIL } }))];
    for n in 0..12 {
        for value in 0..40 {
            let key = format!("aws:PrincipalTag/k{n}");
            let value = format!("value-{n}-{value}");
            statements.push(deny(when("StringEquals", &key, json!(value))));
        }
    }
    let bench = Bench::new(&statements).routes(&["GET /pets AWS_IAM"]);
    let reach = bench.reach();
    assert!(!reach.bounded);
    assert_eq!(line(&reach.summaries.exposure), format!("untrusted:{EVIL}"));
}

#[test]
fn what_is_not_decided_within_the_bound_is_possible() {
    // Each Deny can be left in three ways, and the ways of all of them exclude each other.
    let mut statements = vec![allow(json!({ "Principal": { "AWS": EVIL } }))];
    for n in 0..60 {
        let tag = |k: usize| format!("aws:PrincipalTag/k{}", (n * 7 + k * 11) % 13);
        let pattern = |k: usize| format!("*{}*{}*", (n + k) % 10, (n * k + 3) % 10);
        let mut all = deny(json!({}));
        for k in 0..3 {
            all["Condition"]["StringNotLike"][tag(k)] = json!(pattern(k));
            all["Condition"]["StringLike"][tag(k + 3)] = json!(pattern(k + 5));
        }
        statements.push(all);
    }
    statements.push(deny(when("StringLike", "aws:PrincipalTag/k0", json!("*"))));
    statements.push(deny(when("Null", "aws:PrincipalTag/k0", json!("true"))));
    let bench = Bench::new(&statements).routes(&["GET /pets AWS_IAM"]);
    let reach = bench.reach();
    let found = line(&reach.summaries.exposure);
    let possible = format!("anonymous? aws? vpce? possible:{EVIL}");
    assert!(found == "-" || (reach.bounded && found == possible), "{found}");
}

#[test]
fn requests_that_the_policy_tells_apart_are_not_mixed() {
    // `/admin` is denied, and everything is from elsewhere; what is left is alike for both.
    let vpc = when("StringNotEquals", "aws:SourceVpc", json!("vpc-0aaaaaaaaaaaaaaa1"));
    let mut guard = deny(vpc);
    guard["Resource"] = json!("execute-api:/*/admin/*");
    let statements = [allow(when("StringEquals", "aws:PrincipalTag/team", json!("red"))), guard];
    let routes = ["GET /pets AWS_IAM", "POST /admin/{proxy+} AWS_IAM"];
    let bench = Bench::new(&statements).routes(&routes).private();
    let holes = bench.reach().exposures;
    assert!(holes.iter().all(|hole| hole.witness.path == "/pets"), "{holes:#?}");
    assert!(holes.iter().all(|hole| hole.routes.iter().all(|route| route.path == "/pets")));
    let bench = Bench::new(&statements).routes(&routes[1..]).private();
    assert_eq!(bench.exposure(), "vpc:vpc-0aaaaaaaaaaaaaaa1");
}

#[test]
fn an_empty_text_is_perhaps_no_value() {
    // AWS does not say what Null makes of an empty header.
    let absent = |value: &str| when("Null", "aws:UserAgent", json!(value));
    let mut both = allow(absent("true"));
    both["Condition"]["StringLike"]["aws:UserAgent"] = json!("*");
    assert_eq!(Bench::new(&[both]).exposure(), "anonymous? aws?");
    let neither = [allow(json!({})), deny(absent("true")), deny(absent("false"))];
    assert_eq!(Bench::new(&neither).exposure(), "anonymous? aws?");
}

#[test]
fn an_unknown_effect_is_perhaps_an_allow_and_perhaps_a_deny() {
    let mut other = allow(json!({}));
    other["Effect"] = json!("\u{ab}Input 1\u{bb}");
    assert_eq!(Bench::new(std::slice::from_ref(&other)).exposure(), "anonymous? aws?");
    let bench = Bench::new(&[allow(json!({})), other]);
    assert_eq!(bench.exposure(), "anonymous? aws?");
    let hole = bench
        .reach()
        .exposures
        .into_iter()
        .find(|e| e.statement == Some(0))
        .expect("a hole through the Allow");
    assert_eq!(hole.needs[0].text, "var.x1 is not Deny");
}

#[test]
fn a_hostile_policy_ends() {
    let many =
        |n: usize, text: &dyn Fn(usize) -> String| -> Vec<String> { (0..n).map(text).collect() };
    let stars = many(300, &|n| format!("execute-api:/{}", "*a".repeat(200 + n)));
    let accounts = many(400, &|n| format!("arn:aws:iam::{:012}:root", 200_000_000_000 + n));
    let ranges = many(3000, &|n| format!("{}.{}.{}.0/24", 11 + n % 80, n / 80, n % 250));
    let names = many(400, &|n| format!("arn:aws:iam::*:role/{}*{n}", "?*".repeat(50)));
    for statements in [
        vec![allow(json!({ "Resource": stars })), deny(json!({ "NotResource": "*" }))],
        vec![allow(json!({ "Principal": { "AWS": accounts } }))],
        vec![allow(when("NotIpAddress", "aws:SourceIp", json!(ranges)))],
        vec![allow(when("ArnLike", "aws:PrincipalArn", json!(names)))],
    ] {
        let bench = Bench::new(&statements).routes(&["ANY /{proxy+} NONE", "GET /a/{b} AWS_IAM"]);
        let reach = bench.reach();
        let open =
            [reach.summaries.exposure.anonymous_internet, reach.summaries.exposure.any_aws_account];
        let named = reach.summaries.exposure.untrusted_accounts.len();
        assert!(open.iter().any(|r| *r != Reached::Denied) || named == 400, "{:?}", reach.bounded);
    }
}
