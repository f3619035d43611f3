//! What a suppression stands at, and which ones are flawed.

use std::path::Path;

use super::*;
use crate::finding::{Confidence, Severity};

const DAY: i64 = 86_400;

struct Case {
    db: SourceDb,
    file: FileId,
    text: String,
}

impl Case {
    fn new(text: &str) -> Self {
        let db = SourceDb::new();
        let file = db.add(Path::new("/a.yaml"), "a.yaml".into(), text);
        Self { db, file, text: text.to_owned() }
    }

    fn span(&self, token: &str) -> Span {
        let at = self.text.find(token).expect("the token");
        Span::new(self.file, at, at + token.len())
    }

    fn finding(&self, rule: &'static str, token: &str) -> Finding {
        Finding {
            rule,
            severity: Severity::High,
            confidence: Confidence::Proved,
            title: "a title".into(),
            help: String::new(),
            api: Some("Api".into()),
            labels: vec![Label { span: self.span(token), message: String::new(), primary: true }],
            steps: Vec::new(),
            witness: None,
            why_not_denied: None,
            assumptions: Vec::new(),
            fingerprint: "0".into(),
            suppression: None,
            advice: None,
        }
    }

    /// A comment that is found by its marker.
    fn comment(&self, text: &str, covers: Option<Span>) -> Remark {
        let span = self.span(&format!("# {text}"));
        let kind = RemarkKind::Comment { text: text.to_owned(), own_line: covers.is_some() };
        Remark { span, covers, api: None, kind }
    }

    fn run(&self, findings: &mut [Finding], remarks: &[Remark], ignores: &[Ignore]) -> Vec<Flaw> {
        self.run_at(findings, remarks, ignores, 0, true)
    }

    fn run_at(
        &self,
        findings: &mut [Finding],
        remarks: &[Remark],
        ignores: &[Ignore],
        now: i64,
        counts: bool,
    ) -> Vec<Flaw> {
        let with = Suppressing {
            known: &["one", "two", "locked"],
            active: &BTreeSet::from(["one", "locked"]),
            locked: &BTreeSet::from(["locked".to_owned()]),
            ignores,
            now,
            counts,
            whole: true,
        };
        suppress(findings, remarks, with, &self.db)
    }
}

#[test]
fn a_comment_behind_the_token_suppresses_its_rule_alone() {
    let said = "gatelint: ignore[one] -- why";
    let case = Case::new(&format!("a: b\nc: d # {said}\ne: f\n"));
    let mut findings =
        [case.finding("one", "d"), case.finding("two", "d"), case.finding("one", "f")];
    let flaws = case.run(&mut findings, &[case.comment(said, None)], &[]);
    assert_eq!(flaws, []);
    let by = findings[0].suppression.clone().expect("it is suppressed");
    assert_eq!((by.kind, by.reason.as_str()), (SuppressionKind::Comment, "why"));
    assert_eq!(findings[1].suppression, None);
    assert_eq!(findings[2].suppression, None);
}

#[test]
fn the_same_comment_read_twice_is_one() {
    let said = "gatelint: ignore[one] -- why";
    let mut case = Case::new(&format!("a: b # {said}\n"));
    let first = case.comment(said, None);
    let mut findings = [case.finding("one", "b")];
    case.file = case.db.add(Path::new("/a.yaml"), "a.yaml".into(), case.text.as_str());
    let second = case.comment(said, None);
    assert_eq!(case.run(&mut findings, &[second, first], &[]), []);
    assert!(findings[0].suppression.is_some());
}

#[test]
fn unused_expired_and_locked_ones_are_flaws() {
    let texts = [
        "gatelint: ignore[one, two] -- nothing here",
        "gatelint: ignore[one] until 1970-01-02 -- old",
        "gatelint: ignore[locked] -- no",
        "gatelint: ignore[none] -- no",
    ];
    let case = Case::new(&texts.map(|text| format!("# {text}\n")).concat());
    let remarks = texts.map(|text| case.comment(text, None));
    let kinds = |now| {
        let flaws = case.run_at(&mut [], &remarks, &[], now, true);
        flaws.into_iter().map(|flaw| flaw.kind).collect::<Vec<_>>()
    };
    let late = kinds(2 * DAY);
    assert!(matches!(&late[0], FlawKind::Expired { until, .. } if until == "1970-01-02"));
    assert!(matches!(&late[1], FlawKind::Bad { what, .. } if what.contains("locks `locked`")));
    assert!(matches!(&late[2], FlawKind::Bad { what, .. } if what.contains("no rule `none`")));
    // `two` was not run: nobody knows whether it would find anything.
    assert_eq!(late[3], FlawKind::Unused { rules: vec!["one".into()] });
    assert_eq!(late.len(), 4);
    let early = kinds(2 * DAY - 1);
    assert!(!early.iter().any(|kind| matches!(kind, FlawKind::Expired { .. })));
}

#[test]
fn entries_of_the_configuration_go_by_rule_and_resource() {
    let case = Case::new("a: b\n- entry\n");
    let ignore = |resource: &str, expires| Ignore {
        rule: "one".into(),
        resource: resource.into(),
        reason: "why".into(),
        expires,
        span: case.span("entry"),
    };
    let entries =
        [ignore("Ap*", None), ignore("Other", None), ignore("Api", Some(("d".into(), 0)))];
    let mut findings = [case.finding("one", "b"), case.finding("locked", "b")];
    let flaws = case.run(&mut findings, &[], &entries);
    let by = findings[0].suppression.clone().expect("it is suppressed");
    assert_eq!(by.kind, SuppressionKind::Configuration);
    assert_eq!(findings[1].suppression, None);
    assert_eq!(flaws.len(), 2, "{flaws:?}");
    assert!(matches!(flaws[0].kind, FlawKind::Unused { .. }));
    assert!(matches!(flaws[1].kind, FlawKind::Expired { .. }));
}

#[test]
fn where_suppressions_do_not_count_they_are_not_unused_either() {
    let said = "gatelint: ignore[one] -- why";
    let case = Case::new(&format!("a: b # {said}\n"));
    let mut findings = [case.finding("one", "b")];
    assert_eq!(case.run_at(&mut findings, &[case.comment(said, None)], &[], 0, false), []);
    assert_eq!(findings[0].suppression, None);
}
