//! Every operator with every modifier, in every situation that SEMANTICS 2.2 tells apart.
//!
//! The table says for each operator one value of a condition, one value of a request that it
//! matches, one that it does not, and what is malformed; the expectations follow from the rules for
//! presence, negation and set operators, written down here once more.

use serde_json::json;

use super::{NOW, anonymous, applies, with};
use gatelint::model::Tri;

/// An operator with samples.
struct Row {
    operator: &'static str,
    negated: bool,
    /// A value of a condition.
    value: &'static str,
    /// A value of a request for which the comparison, without its negation, holds.
    hit: &'static str,
    /// One for which it does not.
    miss: &'static str,
    /// A value of a condition that neither of them matches.
    other: &'static str,
    /// A value of a condition that is not of the operator's type.
    malformed: Option<&'static str>,
}

const fn row(
    operator: &'static str,
    negated: bool,
    [value, hit, miss, other]: [&'static str; 4],
    malformed: Option<&'static str>,
) -> Row {
    Row { operator, negated, value, hit, miss, other, malformed }
}

const ROLE: &str = "arn:aws:iam::111122223333:role/Admin";
const ROLES: &str = "arn:aws:iam::*:role/Adm?n";
const USER: &str = "arn:aws:iam::111122223333:user/Admin";
const GROUP: &str = "arn:aws:iam::111122223333:group/Admin";

const STRING: [&str; 4] = ["Red*", "Red*", "red*", "blue"];
const FOLD: [&str; 4] = ["Red*", "rED*", "Redder", "blue"];
const LIKE: [&str; 4] = ["R?d*", "Redder", "Rd", "blue*"];
const ARN: [&str; 4] = [ROLES, ROLE, USER, GROUP];
const EQUAL: [&str; 4] = ["10.5", "10.50", "10.25", "7"];
const LESS: [&str; 4] = ["10", "9.75", "10", "-1"];
const AT_MOST: [&str; 4] = ["10", "10", "10.1", "-1"];
const MORE: [&str; 4] = ["10", "10.1", "10", "99"];
const AT_LEAST: [&str; 4] = ["10", "10", "9", "99"];
const ON: [&str; 4] =
    ["2026-11-21", "2026-11-21T01:00:00+01:00", "2026-11-22T00:00:00Z", "2020-01-01T00:00:00Z"];
const BEFORE: [&str; 4] = ["2026-11-21", "1795219199", "2026-11-21T00:00:00Z", "1999-01-01"];
const UNTIL: [&str; 4] = ["2026-11-21", "1795219200", "2026-11-21T00:00:01Z", "1999-01-01"];
const AFTER: [&str; 4] = ["2026-11-21", "1795219201", "2026-11-21T00:00:00Z", "2099-01-01"];
const FROM: [&str; 4] = ["2026-11-21", "1795219200", "2026-11-20T23:59:59Z", "2099-01-01"];
const CIDR: [&str; 4] = ["203.0.113.7/24", "203.0.113.200", "203.0.114.1", "2001:db8::/32"];
const NO_NUMBER: Option<&str> = Some("ten");
const NO_DATE: Option<&str> = Some("tomorrow");
const NO_ARN: Option<&str> = Some("role/Admin");

const TABLE: &[Row] = &[
    row("StringEquals", false, STRING, None),
    row("StringNotEquals", true, STRING, None),
    row("StringEqualsIgnoreCase", false, FOLD, None),
    row("StringNotEqualsIgnoreCase", true, FOLD, None),
    row("StringLike", false, LIKE, None),
    row("StringNotLike", true, LIKE, None),
    row("NumericEquals", false, EQUAL, NO_NUMBER),
    row("NumericNotEquals", true, EQUAL, NO_NUMBER),
    row("NumericLessThan", false, LESS, NO_NUMBER),
    row("NumericLessThanEquals", false, AT_MOST, NO_NUMBER),
    row("NumericGreaterThan", false, MORE, NO_NUMBER),
    row("NumericGreaterThanEquals", false, AT_LEAST, NO_NUMBER),
    row("DateEquals", false, ON, NO_DATE),
    row("DateNotEquals", true, ON, NO_DATE),
    row("DateLessThan", false, BEFORE, NO_DATE),
    row("DateLessThanEquals", false, UNTIL, NO_DATE),
    row("DateGreaterThan", false, AFTER, NO_DATE),
    row("DateGreaterThanEquals", false, FROM, NO_DATE),
    row("Bool", false, ["true", "True", "false", "TRUE?"], Some("yes")),
    row("BinaryEquals", false, ["aGk=", "aGk=", "aGkh", "AAAA"], Some("a~")),
    row("IpAddress", false, CIDR, Some(" 203.0.113.0/24")),
    row("NotIpAddress", true, CIDR, Some("203.0.113.0/33")),
    row("ArnEquals", false, ARN, NO_ARN),
    row("ArnNotEquals", true, ARN, NO_ARN),
    row("ArnLike", false, ARN, NO_ARN),
    row("ArnNotLike", true, ARN, NO_ARN),
];

/// The modifiers: prefix, suffix.
const FORMS: [(&str, &str); 6] = [
    ("", ""),
    ("", "IfExists"),
    ("ForAnyValue:", ""),
    ("ForAllValues:", ""),
    ("ForAnyValue:", "IfExists"),
    ("ForAllValues:", "IfExists"),
];

/// One line of the generated table.
#[derive(Debug)]
struct Line {
    operator: String,
    /// The values of the condition.
    values: Vec<&'static str>,
    /// The values of the request; `None` where the key is absent.
    request: Option<Vec<&'static str>>,
    expected: Tri,
}

fn lines() -> Vec<Line> {
    let mut out = Vec::new();
    for row in TABLE {
        for form in FORMS {
            // Which of the condition's values match a hit and a miss: `Some(true)` matches a hit,
            // `Some(false)` nothing, `None` is malformed.
            let mut conditions = vec![vec![(row.value, Some(true))]];
            // A Bool has two values, so that no third one can be told from both.
            if row.operator != "Bool" {
                conditions.push(vec![(row.other, Some(false)), (row.value, Some(true))]);
                conditions.push(vec![(row.other, Some(false))]);
            }
            if let Some(malformed) = row.malformed {
                conditions.push(vec![(malformed, None)]);
                conditions.push(vec![(malformed, None), (row.value, Some(true))]);
            }
            for values in conditions {
                let requests = [
                    None,
                    Some(vec![(row.hit, true)]),
                    Some(vec![(row.miss, false)]),
                    Some(vec![(row.hit, true), (row.miss, false)]),
                    Some(vec![(row.hit, true), (row.hit, true)]),
                    Some(vec![(row.miss, false), (row.miss, false)]),
                ];
                for request in requests {
                    out.push(Line {
                        operator: format!("{}{}{}", form.0, row.operator, form.1),
                        values: values.iter().map(|(text, _)| *text).collect(),
                        expected: expected(form, row.negated, &values, request.as_deref()),
                        request: request.map(|r| r.into_iter().map(|(text, _)| text).collect()),
                    });
                }
            }
        }
    }
    out
}

/// SEMANTICS 2.2.
fn expected(
    form: (&str, &str),
    negated: bool,
    values: &[(&str, Option<bool>)],
    request: Option<&[(&str, bool)]>,
) -> Tri {
    let Some(request) = request else {
        return match form {
            ("", "") => negated.into(),
            ("", _) | ("ForAllValues:", _) => Tri::True,
            (_, "") => Tri::False,
            // The pages on the prefix and on the suffix contradict each other.
            _ => Tri::Unknown,
        };
    };
    let one = |is_hit: bool| {
        let matches = is_hit && values.iter().any(|(_, kind)| *kind == Some(true));
        match (matches, values.iter().any(|(_, kind)| kind.is_none())) {
            (true, _) => Tri::from(!negated),
            (false, true) => Tri::Unknown,
            (false, false) => Tri::from(negated),
        }
    };
    let each: Vec<Tri> = request.iter().map(|(_, is_hit)| one(*is_hit)).collect();
    match form.0 {
        "" if each.len() > 1 => Tri::False,
        "" => each[0],
        "ForAnyValue:" if each.contains(&Tri::True) => Tri::True,
        "ForAnyValue:" if each.contains(&Tri::Unknown) => Tri::Unknown,
        "ForAnyValue:" => Tri::False,
        _ if each.contains(&Tri::False) => Tri::False,
        _ if each.contains(&Tri::Unknown) => Tri::Unknown,
        _ => Tri::True,
    }
}

#[test]
fn every_operator_in_every_situation() {
    const KEY: &str = "aws:PrincipalTag/colour";
    let lines = lines();
    let mut wrong = Vec::new();
    for line in &lines {
        let condition = json!({ "Condition": { &line.operator: { KEY: &line.values } } });
        let request = match &line.request {
            Some(values) => with(anonymous(), KEY, values),
            None => anonymous(),
        };
        let got = applies(condition, &request);
        if got != line.expected {
            wrong.push((line, got));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(lines.len(), 4176);
}

#[test]
fn null_asks_for_presence_alone() {
    let present = with(anonymous(), "aws:UserAgent", &["curl"]);
    let blank = with(anonymous(), "aws:UserAgent", &[""]);
    for (operator, value, of_absent, of_present, of_blank) in [
        ("Null", "true", Tri::True, Tri::False, Tri::Unknown),
        ("Null", "TRUE", Tri::True, Tri::False, Tri::Unknown),
        ("Null", "false", Tri::False, Tri::True, Tri::Unknown),
        ("null", "false", Tri::False, Tri::True, Tri::Unknown),
        ("Null", "maybe", Tri::Unknown, Tri::Unknown, Tri::Unknown),
        ("ForAllValues:Null", "true", Tri::True, Tri::True, Tri::True),
        ("ForAllValues:Null", "false", Tri::True, Tri::True, Tri::True),
        ("ForAnyValue:Null", "true", Tri::False, Tri::False, Tri::False),
        ("ForAnyValue:Null", "false", Tri::False, Tri::False, Tri::False),
        ("NullIfExists", "true", Tri::Unknown, Tri::Unknown, Tri::Unknown),
    ] {
        let condition = json!({ "Condition": { operator: { "aws:UserAgent": value } } });
        let of = |request| applies(condition.clone(), request);
        let got = [of(&anonymous()), of(&present), of(&blank)];
        assert_eq!(got, [of_absent, of_present, of_blank], "{operator} {value}");
    }
}

#[test]
fn an_operator_that_aws_does_not_know_decides_nothing() {
    for operator in
        ["StringMatches", "ForSomeValue:StringEquals", "StringEqualsIfExistsIfExists", ""]
    {
        let condition = json!({ "Condition": { operator: { "aws:SourceIp": "8.8.8.8" } } });
        assert_eq!(applies(condition, &anonymous()), Tri::Unknown, "{operator}");
    }
}

#[test]
fn letter_case_of_operators_and_keys_does_not_count() {
    let condition = json!({ "Condition": { "ipADDRESS": { "AWS:sourceIP": "8.8.8.8" } } });
    assert_eq!(applies(condition, &anonymous()), Tri::True);
    let condition =
        json!({ "Condition": { "FORALLVALUES:stringequalsIFEXISTS": { "aws:x": "1" } } });
    assert_eq!(applies(condition, &anonymous()), Tri::True);
}

#[test]
fn the_clock_has_two_keys() {
    let holds = |operator: &str, key: &str, value: &str| {
        applies(json!({ "Condition": { operator: { key: value } } }), &anonymous())
    };
    let epoch = NOW.to_string();
    assert_eq!(holds("DateEquals", "aws:CurrentTime", "2026-11-21T00:00:00Z"), Tri::True);
    assert_eq!(holds("DateEquals", "aws:CurrentTime", &epoch), Tri::True);
    assert_eq!(holds("DateEquals", "aws:EpochTime", "2026-11-21"), Tri::True);
    assert_eq!(holds("NumericEquals", "aws:EpochTime", &epoch), Tri::True);
    assert_eq!(holds("NumericLessThan", "aws:EpochTime", &epoch), Tri::False);
    assert_eq!(holds("StringLike", "aws:CurrentTime", "2026-11-21T*"), Tri::True);
    assert_eq!(holds("NumericEquals", "aws:CurrentTime", &epoch), Tri::Unknown);
    assert_eq!(holds("DateLessThan", "aws:CurrentTime", "2027"), Tri::Unknown);
}
