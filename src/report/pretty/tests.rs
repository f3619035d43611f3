//! What reports look like, and that no input makes them long, wrong or dangerous.

use std::path::Path;

use super::*;
use crate::finding::{Label, ValueStep};
use crate::model::Assumption;
use crate::report::Counts;
use crate::source::{FileId, Step};

/// A finding whose labels are the `n`-th occurrences of texts in files.
fn finding(labels: Vec<Label>) -> Finding {
    Finding {
        rule: "wildcard-principal",
        severity: Severity::Critical,
        confidence: Confidence::Proved,
        title: "anyone on the internet can call GET /prod/orders".into(),
        help: "name the accounts that call".into(),
        api: Some("Api".into()),
        labels,
        steps: Vec::new(),
        witness: None,
        why_not_denied: None,
        assumptions: Vec::new(),
        fingerprint: "0123456789abcdef".into(),
        suppression: None,
        advice: None,
    }
}

fn label(db: &SourceDb, file: FileId, token: &str, message: &str, primary: bool) -> Label {
    let text = &db.file(file).text;
    let start = text.find(token).expect("the token is in the file");
    Label { span: Span::new(file, start, start + token.len()), message: message.into(), primary }
}

fn render(db: SourceDb, finding: Finding, width: usize) -> String {
    let run = Run {
        db,
        findings: vec![finding],
        counts: Counts { apis: 1, files_analyzed: 2, ..Counts::default() },
        ..Run::default()
    };
    let mut out = Vec::new();
    write(&run, Options { color: false, width }, &mut out).expect("writes to memory");
    String::from_utf8(out).expect("UTF-8")
}

fn assert_fits(report: &str, width: usize, lines: usize) {
    assert!(report.lines().count() <= lines, "{} lines:\n{report}", report.lines().count());
    for line in report.lines() {
        assert!(line.chars().count() <= width, "a line of {}: {line}", line.chars().count());
    }
}

fn add(db: &SourceDb, name: &str, text: &str) -> FileId {
    db.add(Path::new(name), name.into(), text)
}

#[test]
fn several_files_and_value_steps() {
    let db = SourceDb::new();
    let api = add(
        &db,
        "infra/api.tf",
        "data \"aws_iam_policy_document\" \"api\" {\n  statement {\n    effect = \"Allow\"\n    \
         principals {\n      type        = \"AWS\"\n      identifiers = [var.partner]\n    }\n  }\n}\n",
    );
    let vars = add(
        &db,
        "infra/variables.tf",
        "variable \"partner\" {\n  type    = string\n  default = \"*\"\n}\n",
    );
    let mut f = finding(vec![
        label(&db, vars, "\"*\"", "everyone, callers without credentials included", true),
        label(&db, api, "\"Allow\"", "this Allow has no condition", false),
        label(&db, api, "var.partner", "the value is used here", false),
    ]);
    let at = |i: usize| f.labels[i].span;
    f.steps = vec![
        ValueStep { span: at(2), step: Step::Reference },
        ValueStep { span: at(0), step: Step::Default },
    ];
    let text = "partner = *".into();
    f.assumptions = vec![Assumption { text, pin: Some("--var partner=...".into()), origin: None }];
    f.why_not_denied = Some("the policy has no Deny statement".into());
    f.witness = Some(crate::model::Request {
        caller: crate::model::Caller::Anonymous,
        network: crate::model::Network::internet([8, 8, 8, 8]),
        method: "GET".into(),
        stage: "prod".into(),
        path: "/orders".into(),
        context: std::collections::BTreeMap::new(),
        now: 0,
    });
    let report = render(db, f, 80);
    assert_fits(&report, 80, 40);
    insta::assert_snapshot!(report, @r#"
  critical[wildcard-principal]: anyone on the internet can call GET
  │ /prod/orders
   ╭─[infra/variables.tf:3:13]
 2 │   type    = string
 3 │   default = "*"
   ·             ─┬─
   ·              ╰── everyone, callers without credentials included
 4 │ }
   ╰────
   ╭─[infra/api.tf:3:14]
 2 │   statement {
 3 │     effect = "Allow"
   ·              ───┬───
   ·                 ╰── this Allow has no condition
 4 │     principals {
 5 │       type        = "AWS"
 6 │       identifiers = [var.partner]
   ·                      ─────┬─────
   ·                           ╰── the value is used here
 7 │     }
   ╰────
  = api: Api
  = value: infra/api.tf:6:22 reference
  = from: infra/variables.tf:3:13 default value
  = witness: anonymous, from 8.8.8.8: GET /prod/orders
  = why not denied: the policy has no Deny statement
  = assumes: partner = * (set with --var partner=...)
  = help: name the accounts that call (gatelint explain wildcard-principal)

checked 1 API in 2 files: 1 critical
"#);
}

#[test]
fn a_token_inside_a_heredoc() {
    let db = SourceDb::new();
    let file = add(
        &db,
        "policy.tf",
        "resource \"aws_api_gateway_rest_api_policy\" \"p\" {\n  policy = <<EOF\n{\n  \"Statement\": [{\n    \
         \"Effect\": \"Allow\",\n    \"Principal\": \"*\",\n    \"Action\": \"execute-api:Invoke\"\n  }]\n}\nEOF\n}\n",
    );
    let f = finding(vec![
        label(&db, file, "\"*\"", "everyone", true),
        label(&db, file, "\"Allow\"", "this Allow has no condition", false),
    ]);
    let report = render(db, f, 120);
    insta::assert_snapshot!(report, @r#"
  critical[wildcard-principal]: anyone on the internet can call GET /prod/orders
   ╭─[policy.tf:6:18]
 4 │   "Statement": [{
 5 │     "Effect": "Allow",
   ·               ───┬───
   ·                  ╰── this Allow has no condition
 6 │     "Principal": "*",
   ·                  ─┬─
   ·                   ╰── everyone
 7 │     "Action": "execute-api:Invoke"
   ╰────
  = api: Api
  = help: name the accounts that call (gatelint explain wildcard-principal)

checked 1 API in 2 files: 1 critical
"#);
}

#[test]
fn one_line_of_four_kilobytes() {
    let db = SourceDb::new();
    let many: String = (0..150).map(|n| format!("\"arn:aws:iam::{n:012}:root\",")).collect();
    let text = format!(
        "{{\"Statement\":[{{\"Effect\":\"Deny\",\"Principal\":{{\"AWS\":[{many}\"x\"]}}}},\
         {{\"Effect\":\"Allow\",\"Principal\":\"*\"}}]}}"
    );
    assert!(text.len() > 4096);
    let file = add(&db, "policy.json", &text);
    let f = finding(vec![
        label(&db, file, "\"*\"", "everyone", true),
        label(&db, file, "\"Allow\"", "this Allow has no condition", false),
        label(&db, file, "\"Deny\"", "this Deny stops only the principals listed", false),
    ]);
    let report = render(db, f, 80);
    assert_fits(&report, 80, 24);
    insta::assert_snapshot!(report, @r#"
  critical[wildcard-principal]: anyone on the internet can call GET
  │ /prod/orders
   ╭─[policy.json:1:5039]
 1 │ …,"x"]}},{"Effect":"Allow","Principal":"*"}]}
   ·                    ───┬───             ─┬─
   ·                       │                 ╰── everyone
   ·                       ╰── this Allow has no condition
   ╰────
   ╭─[policy.json:1:25]
 1 │ {"Statement":[{"Effect":"Deny","Principal":{"AWS":["arn:aws:iam::0000000…
   ·                         ───┬──
   ·                            ╰── this Deny stops only the principals listed
   ╰────
  = api: Api
  = help: name the accounts that call (gatelint explain wildcard-principal)

checked 1 API in 2 files: 1 critical
"#);
}

#[test]
fn a_label_past_column_65535() {
    let db = SourceDb::new();
    let text = format!(
        "{{\"a\":\"{}\",\"Principal\":\"*\",\"b\":\"{}\"}}",
        "x".repeat(70_000),
        "y".repeat(2_000_000)
    );
    let file = add(&db, "long.json", &text);
    let f = finding(vec![label(&db, file, "\"*\"", "everyone", true)]);
    let report = render(db, f, 80);
    assert_fits(&report, 80, 12);
    insta::assert_snapshot!(report, @r#"
  critical[wildcard-principal]: anyone on the internet can call GET
  │ /prod/orders
   ╭─[long.json:1:70021]
 1 │ …xxxx","Principal":"*","b":"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
   ·                    ─┬─
   ·                     ╰── everyone
   ╰────
  = api: Api
  = help: name the accounts that call (gatelint explain wildcard-principal)

checked 1 API in 2 files: 1 critical
"#);
}

#[test]
fn tabs_wide_characters_and_controls() {
    let db = SourceDb::new();
    let file = add(
        &db,
        "größe.yaml",
        "Description: 日本語\n\tPrincipal:\t\"*\" # 日本語 \u{1b}[31m\u{202e}evil\n",
    );
    let mut f = finding(vec![
        label(&db, file, "\"*\"", "everyone\u{1b}[2J", true),
        label(&db, file, "日本語", "text", false),
    ]);
    f.title = "a title with \u{202e} and \u{7}".into();
    let report = render(db, f, 80);
    assert!(!report.contains(['\u{1b}', '\u{202e}', '\u{7}', '\t']), "{report}");
    insta::assert_snapshot!(report, @r#"
  critical[wildcard-principal]: a title with \u{202e} and \u{7}
   ╭─[größe.yaml:2:13]
 1 │ Description: 日本語
   ·              ───┬──
   ·                 ╰── text
 2 │     Principal:  "*" # 日本語 \u{1b}[31m\u{202e}evil
   ·                 ─┬─
   ·                  ╰── everyone\u{1b}[2J
   ╰────
  = api: Api
  = help: name the accounts that call (gatelint explain wildcard-principal)

checked 1 API in 2 files: 1 critical
"#);
}

#[test]
fn carriage_returns_and_a_byte_order_mark() {
    let db = SourceDb::new();
    let file = add(&db, "win.yaml", "\u{feff}Principal: \"*\"\r\nEffect: Allow\r\n\r\n");
    let f = finding(vec![
        label(&db, file, "\"*\"", "everyone", true),
        label(&db, file, "Allow", "this Allow", false),
    ]);
    let report = render(db, f, 80);
    assert!(!report.contains('\r'));
    insta::assert_snapshot!(report, @r#"
  critical[wildcard-principal]: anyone on the internet can call GET
  │ /prod/orders
   ╭─[win.yaml:1:12]
 1 │ Principal: "*"
   ·            ─┬─
   ·             ╰── everyone
 2 │ Effect: Allow
   ·         ──┬──
   ·           ╰── this Allow
   ╰────
  = api: Api
  = help: name the accounts that call (gatelint explain wildcard-principal)

checked 1 API in 2 files: 1 critical
"#);
}

#[test]
fn labels_far_apart_do_not_show_what_lies_between() {
    let db = SourceDb::new();
    let mut text = String::new();
    for line in 1..=2000 {
        match line {
            1000 => text.push_str("Principal: \"*\"\n"),
            1400 => text.push_str("Effect: Allow\n"),
            n => text.push_str(&format!("line {n}\n")),
        }
    }
    let file = add(&db, "far.yaml", &text);
    let f = finding(vec![
        label(&db, file, "\"*\"", "everyone", true),
        label(&db, file, "Allow", "this Allow", false),
    ]);
    let report = render(db, f, 80);
    insta::assert_snapshot!(report, @r#"
  critical[wildcard-principal]: anyone on the internet can call GET
  │ /prod/orders
      ╭─[far.yaml:1000:12]
  999 │ line 999
 1000 │ Principal: "*"
      ·            ─┬─
      ·             ╰── everyone
 1001 │ line 1001
      ╰────
      ╭─[far.yaml:1400:9]
 1399 │ line 1399
 1400 │ Effect: Allow
      ·         ──┬──
      ·           ╰── this Allow
 1401 │ line 1401
      ╰────
  = api: Api
  = help: name the accounts that call (gatelint explain wildcard-principal)

checked 1 API in 2 files: 1 critical
"#);
}

#[test]
fn labels_that_overlap_and_that_span_lines() {
    let db = SourceDb::new();
    let file =
        add(&db, "o.yaml", "Condition:\n  IpAddress:\n    aws:SourceIp: 0.0.0.0/0\n  more: x\n");
    let f = finding(vec![
        label(&db, file, "0.0.0.0/0", "every IPv4 address", true),
        label(&db, file, "aws:SourceIp: 0.0.0.0/0", "the whole entry", false),
        label(&db, file, "0.0.0.0/0", "said again", false),
        label(&db, file, "IpAddress:\n    aws:SourceIp", "over two lines", false),
    ]);
    let report = render(db, f, 80);
    insta::assert_snapshot!(report, @r#"
  critical[wildcard-principal]: anyone on the internet can call GET
  │ /prod/orders
   ╭─[o.yaml:3:19]
 1 │ Condition:
 2 │   IpAddress:
   ·   ─────┬────
   ·        ╰── over two lines
 3 │     aws:SourceIp: 0.0.0.0/0
   ·                   ────┬────
   ·                       ╰── every IPv4 address; said again
 4 │   more: x
   ╰────
  = api: Api
  = note: o.yaml:3:5: the whole entry
  = help: name the accounts that call (gatelint explain wildcard-principal)

checked 1 API in 2 files: 1 critical
"#);
}

#[test]
fn at_the_end_of_a_file_and_in_an_empty_one() {
    let db = SourceDb::new();
    let empty = add(&db, "empty.json", "");
    let short = add(&db, "short.json", "{\n");
    let mut f = finding(vec![Label {
        span: Span::new(empty, 0, 0),
        message: "nothing here".into(),
        primary: true,
    }]);
    f.labels.push(Label {
        span: Span::new(short, 2, 2),
        message: "the file ends here".into(),
        primary: false,
    });
    // A span that is not one of the file must not stop the report.
    f.labels.push(Label {
        span: Span::new(short, 90, 99),
        message: "beyond".into(),
        primary: false,
    });
    let report = render(db, f, 80);
    insta::assert_snapshot!(report, @r#"
  critical[wildcard-principal]: anyone on the internet can call GET
  │ /prod/orders
   ╭─[empty.json:1:1]
 1 │  
   · ▲
   · ╰── nothing here
   ╰────
   ╭─[short.json:2:1]
 1 │ {
 2 │  
   · ▲
   · ╰── the file ends here; beyond
   ╰────
  = api: Api
  = help: name the accounts that call (gatelint explain wildcard-principal)

checked 1 API in 2 files: 1 critical
"#);
}

#[test]
fn possible_says_so_and_colours_are_asked_for() {
    let db = SourceDb::new();
    let file = add(&db, "a.yaml", "Principal: \"*\"\n");
    let mut f = finding(vec![label(&db, file, "\"*\"", "everyone", true)]);
    f.confidence = Confidence::Possible;
    f.severity = Severity::Medium;
    let run = Run { db, findings: vec![f], ..Run::default() };
    let paint = |color| {
        let mut out = Vec::new();
        write(&run, Options { color, width: 120 }, &mut out).expect("writes to memory");
        String::from_utf8(out).expect("UTF-8")
    };
    let plain = paint(false);
    assert!(plain.starts_with("  medium[wildcard-principal] (possible): anyone"), "{plain}");
    assert!(!plain.contains('\u{1b}'));
    assert!(paint(true).contains("\u{1b}["));
}

#[test]
fn wraps_at_blanks() {
    assert_eq!(wrap("one two three", 7), ["one two", "three"]);
    assert_eq!(wrap("", 7), [""]);
    assert_eq!(wrap("unbreakable", 3), ["unbreakable"]);
}

mod never {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever the text, the labels and the width: a report, no control character in it, and no
        /// more lines than the labels account for.
        #[test]
        fn panics_or_grows(
            text in "(\\PC|[\\n\\r\\t\u{1b}\u{202e}日é]){0,200}",
            spans in prop::collection::vec((0u32..700, 0u32..700), 1..5),
            width in 0usize..200,
        ) {
            let db = SourceDb::new();
            let file = add(&db, "p.yaml", &text);
            let boundary = |at: u32| {
                let mut at = (at as usize).min(text.len());
                while !text.is_char_boundary(at) { at -= 1; }
                at
            };
            let labels = spans.iter().enumerate().map(|(index, (a, b))| Label {
                span: Span::new(file, boundary(*a), boundary(*b)),
                message: format!("label {index}"),
                primary: index == 0,
            });
            let report = render(db, finding(labels.collect()), width);
            prop_assert!(report.chars().all(|c| c == '\n' || !c.is_control()), "{report}");
            prop_assert!(report.lines().count() < 12 + spans.len() * 8, "{report}");
        }
    }
}
