//! Both summaries of every worked example of the semantics.

use std::collections::BTreeMap;

use serde_json::Value;

use super::bench::Bench;

/// Case, `exposure`, `policy_exposure`: who gets in from outside when the partner is trusted.
const EXPECTED: &[(&str, &str, &str)] = &[
    ("W01", "anonymous aws", "no policy"),
    ("W02", "-", "no policy"),
    ("W03", "-", "no policy"),
    ("W04", "anonymous aws", "anonymous aws"),
    ("W05", "anonymous aws", "anonymous aws"),
    ("W06", "aws", "anonymous aws"),
    ("W07", "trusted:111122223333", "trusted:111122223333"),
    ("W08", "-", "trusted:111122223333"),
    ("W09", "trusted:111122223333", "trusted:111122223333"),
    ("W10", "net:203.0.113.0/24", "net:203.0.113.0/24"),
    ("W11", "-", "net:203.0.113.0/24"),
    ("W12", "-", "net:203.0.113.0/24"),
    ("W13", "-", "net:203.0.113.0/24"),
    ("W14", "anonymous aws", "anonymous aws"),
    ("W15", "anonymous aws", "anonymous aws"),
    ("W16", "-", "-"),
    ("W17", "anonymous? aws?", "anonymous? aws?"),
    ("W18", "-", "-"),
    ("W19", "anonymous aws", "anonymous aws"),
    ("W20", "aws vpce", "aws vpce"),
    ("W21", "endpoint:vpce-0aaaaaaaaaaaaaaa1", "endpoint:vpce-0aaaaaaaaaaaaaaa1"),
    ("W22", "vpc:vpc-0aaaaaaaaaaaaaaa1", "vpc:vpc-0aaaaaaaaaaaaaaa1"),
    ("W23", "-", "-"),
    ("W24", "-", "-"),
    ("W25", "anonymous aws", "anonymous aws"),
    ("W26", "anonymous aws", "anonymous aws"),
    ("W27", "anonymous aws", "anonymous aws org:o-trusted01"),
    ("W28", "org:o-trusted01", "org:o-trusted01"),
    ("W29", "-", "org:o-trusted01"),
    ("W30", "aws", "aws"),
    ("W31", "aws vpce", "aws vpce"),
    ("W32", "-", "-"),
    ("W33", "-", "-"),
    ("W34", "aws", "aws"),
    ("W35", "anonymous aws untrusted:999999999999", "anonymous aws"),
    ("W36", "anonymous aws untrusted:999999999999", "anonymous aws"),
    ("W37", "aws", "anonymous aws"),
    ("W38", "trusted:111122223333", "trusted:111122223333"),
    ("W39", "anonymous aws net:203.0.113.0/24", "anonymous aws net:203.0.113.0/24"),
    ("W40", "-", "-"),
    ("W41", "anonymous aws", "anonymous aws"),
    ("W42", "org:o-trusted01 net:203.0.113.0/24", "org:o-trusted01 net:203.0.113.0/24"),
    ("W43", "anonymous aws", "anonymous aws"),
    ("W44", "anonymous aws", "anonymous aws"),
    ("W45", "-", "-"),
    ("W46", "-", "-"),
    ("W47", "-", "-"),
    ("W48", "anonymous aws", "anonymous aws"),
    ("W49", "aws", "anonymous aws"),
    (
        "W50",
        "vpc:vpc-0aaaaaaaaaaaaaaa1 endpoint:vpce-0aaaaaaaaaaaaaaa1",
        "vpc:vpc-0aaaaaaaaaaaaaaa1 endpoint:vpce-0aaaaaaaaaaaaaaa1",
    ),
    ("W51", "trusted:111122223333 net:203.0.113.0/24", "trusted:111122223333 net:203.0.113.0/24"),
    ("W52", "net:203.0.113.0/24", "net:203.0.113.0/24"),
    ("W53", "-", "-"),
    ("W54", "anonymous aws", "anonymous aws"),
    ("W55", "trusted:111122223333 net:203.0.113.0/24", "trusted:111122223333 net:203.0.113.0/24"),
    ("W56", "anonymous aws", "anonymous aws"),
];

#[test]
fn every_worked_example() {
    let json: Value =
        serde_json::from_str(include_str!("../../../testdata/semantics/cases.json")).expect("JSON");
    let expected: BTreeMap<&str, (&str, &str)> =
        EXPECTED.iter().map(|(id, exposure, alone)| (*id, (*exposure, *alone))).collect();
    let mut wrong = Vec::new();
    let cases = json["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), expected.len());
    for case in cases {
        let id = case["id"].as_str().expect("an id");
        let bench = Bench::example(case);
        let found = (bench.exposure(), bench.alone());
        let (exposure, alone) = expected[id];
        if (found.0.as_str(), found.1.as_str()) != (exposure, alone) {
            wrong.push(format!(
                "{id} {}: {found:?}, expected {:?}",
                case["title"],
                (exposure, alone)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
