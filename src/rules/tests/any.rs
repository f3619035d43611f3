//! Whatever the policy: every hole that the engine finds is one finding, fit to be printed.

use proptest::prelude::*;

use super::*;
use crate::analyze::reach::reach;

fn operator() -> impl Strategy<Value = String> {
    let prefix = prop::sample::select(vec!["", "", "ForAnyValue:", "ForAllValues:"]);
    let name = prop::sample::select(vec![
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLike",
        "IpAddress",
        "NotIpAddress",
        "ArnLike",
        "ArnNotEquals",
        "Bool",
        "Null",
        "DateLessThan",
        "DateGreaterThan",
        "NoSuchOperator",
    ]);
    let suffix = prop::sample::select(vec!["", "", "IfExists"]);
    (prefix, name, suffix).prop_map(|(a, b, c)| format!("{a}{b}{c}"))
}

fn condition() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "aws:SourceIp",
        "aws:VpcSourceIp",
        "aws:SourceVpce",
        "aws:SourceVpc",
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgPaths",
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:PrincipalTag/team",
        "aws:userid",
        "aws:Referer",
        "aws:SecureTransport",
        "aws:CurrentTime",
        "aws:SourceArn",
        "aws:VpceAccount",
        "aws:SourceVpceId",
    ]);
    let value = prop::sample::select(vec![
        "0.0.0.0/0",
        "203.0.113.0/24",
        " 203.0.113.0/24",
        "::/0",
        "*",
        "vpce-*",
        "vpce-0aaaaaaaaaaaaaaa1",
        "o-*",
        "o-trusted0001",
        "111122223333",
        "999999999999",
        "arn:aws:iam::*:role/x",
        "true",
        "false",
        "2020-01-01T00:00:00Z",
        "${aws:PrincipalAccount}",
        "",
    ]);
    (operator(), key, prop::collection::vec(value, 0..3)).prop_map(|(operator, key, values)| {
        let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
        format!("\"{operator}\": {{\"{key}\": [{}]}}", values.join(", "))
    })
}

fn any_statement() -> impl Strategy<Value = String> {
    let effect = prop::sample::select(vec!["Allow", "Allow", "Deny"]);
    let principal = prop::sample::select(vec![
        "\"*\"",
        "\"*\"",
        "{\"AWS\": [\"*\"]}",
        "{\"AWS\": \"arn:aws:iam::999999999999:root\"}",
        "{\"AWS\": \"arn:aws:iam::*:root\"}",
        "{\"AWS\": []}",
        "\"nobody\"",
    ]);
    let conditions = prop::collection::btree_set(condition(), 0..3);
    (effect, principal, conditions).prop_map(|(effect, principal, conditions)| {
        let mut seen = Vec::new();
        // An operator that stands twice would be another test.
        let conditions = conditions.into_iter().filter(|c| {
            let operator = c.split("\":").next().unwrap_or("").to_owned();
            let new = !seen.contains(&operator);
            seen.push(operator);
            new
        });
        let conditions: Vec<String> = conditions.collect();
        let rest = match conditions.is_empty() {
            true => String::new(),
            false => format!(", \"Condition\": {{{}}}", conditions.join(", ")),
        };
        statement(effect, principal, &rest)
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 192,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn one_hole_one_finding(
        statements in prop::collection::vec(any_statement(), 1..4),
        private in any::<bool>(),
        auth in prop::sample::select(vec![
            AuthType::None,
            AuthType::AwsIam,
            AuthType::Custom,
            AuthType::CognitoUserPools,
        ]),
    ) {
        let endpoint = if private { EndpointType::Private } else { EndpointType::Regional };
        let case = Case::new(endpoint, auth, &statements.join(", "));
        let found = reach(&case.inventory.apis[0], &case.settings.trust, NOW);
        let mut holes: Vec<String> = found
            .exposures
            .iter()
            .map(|e| match &e.class {
                CallerClass::AnonymousInternet
                | CallerClass::AnyAwsAccount
                | CallerClass::AnyVpcEndpoint => format!("{:?}", e.deciding),
                class => format!("{class:?} {:?}", e.admits),
            })
            .collect();
        holes.sort();
        holes.dedup();
        let drafts = check(&case.inventory, &[found], &case.settings, NOW);
        // A hole has a witness, a defect has none.
        let causes = drafts.iter().filter(|draft| draft.witness.is_some()).count();
        // A hole that only something that AWS refuses may open is the finding at that place.
        let refused = ["malformed-cidr", "type-mismatch", "unknown-operator"];
        let malformed = drafts.iter().any(|draft| refused.contains(&draft.rule));
        prop_assert!(causes == holes.len() || (malformed && causes < holes.len()),
            "{causes} findings for {holes:?} of {statements:?}");
        for draft in &drafts {
            prop_assert!(!draft.title.contains("a bug"), "{}", draft.title);
            prop_assert!(draft.title.chars().count() <= 80, "{}", draft.title);
            prop_assert!(!draft.title.is_empty() && !draft.title.ends_with('.'));
            prop_assert!(!draft.help.is_empty() && !draft.primary.1.is_empty());
        }
    }
}
