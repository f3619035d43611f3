//! The shape of the XML, and that it stays XML.

use super::*;
use crate::finding::Severity;
use crate::report::{Threshold, hostile};

#[test]
fn a_finding_that_fails_the_run_is_a_failure() {
    insta::assert_snapshot!(render(&hostile::plain()), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="gatelint" tests="1" failures="1" errors="0" skipped="0">
      <testsuite name="infra/api.tf" tests="1" failures="1" errors="0" skipped="0">
        <testcase classname="infra/api.tf" name="wildcard-principal: anyone on the internet can call this API" file="infra/api.tf" line="3">
          <failure type="wildcard-principal" message="anyone on the internet can call this API">infra/api.tf:3:20: critical[wildcard-principal]
    everyone, callers without credentials included
    witness: anonymous, from 8.8.8.8, with aws:referer = s3cret: GET /prod/orders
    why not denied: no Deny matches
    assumes: partner = * (set with --var partner=...)
    help: name the accounts that call
    infra/api.tf:3:5: this Allow has no condition</failure>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn any_other_finding_is_a_skipped_test() {
    let mut run = hostile::plain();
    run.threshold = Threshold { least: None, possible: true };
    let text = render(&run);
    assert!(text.contains("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\""), "{text}");
    assert!(text.contains("<skipped message=\"infra/api.tf:3:20: critical: anyone on"), "{text}");
    run.threshold.least = Some(Severity::High);
    run.findings[0].severity = Severity::Medium;
    assert!(!render(&run).contains("<failure"), "{text}");
}

#[test]
fn nothing_from_a_template_is_markup() {
    let plain = tags(&render(&hostile::plain()));
    for run in hostile::runs() {
        let text = render(&run);
        assert_eq!(tags(&text), plain, "{text}");
        for c in text.chars().filter(|c| *c != '\n') {
            let allowed =
                matches!(c, '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
            assert!(allowed && !c.is_control() && c != '\u{202e}', "{c:?} in {text}");
        }
        assert!(!text.contains("]]>"), "{text}");
        let entities = text.split('&').skip(1);
        for entity in entities {
            let name = entity.split(';').next().unwrap_or("");
            assert!(["amp", "lt", "gt", "quot", "apos"].contains(&name), "&{name};");
        }
    }
}

/// The elements of `text` with the names of their attributes, as a reader of XML would see them.
fn tags(text: &str) -> Vec<String> {
    let mut tags = Vec::new();
    for piece in text.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').expect("a whole tag");
        let parts: Vec<&str> = tag.split('"').collect();
        assert_eq!(parts.len() % 2, 1, "quotes come in pairs: {tag}");
        tags.push(parts.into_iter().step_by(2).collect());
    }
    tags
}
