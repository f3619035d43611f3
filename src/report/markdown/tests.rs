//! The shape of the summary, and that nothing from a template has a meaning in it.

use super::*;
use crate::report::hostile;

#[test]
fn a_summary() {
    insta::assert_snapshot!(render(&hostile::plain()), @r#"
    ## gatelint

    **1 finding fails this run.** Checked 1 API in 2 files: 1 critical.

    | severity | rule | where | what |
    |---|---|---|---|
    | **critical** | `wildcard-principal` | `infra/api.tf:3:20` | anyone on the internet can call this API |

    <details>
    <summary>Why, and what to do</summary>

    * **`wildcard-principal`** at `infra/api.tf:3:20`, `aws_api_gateway_rest_api.orders`
      * everyone, callers without credentials included
      * witness: anonymous, from 8.8.8.8, with aws:referer = s3cret: GET /prod/orders
      * why not denied: no Deny matches
      * assumes: partner = \* (set with --var partner=...)
      * help: name the accounts that call
      * `infra/api.tf:3:5`: this Allow has no condition

    </details>
    "#);
}

#[test]
fn no_findings_are_one_line() {
    let text = render(&Run::default());
    assert_eq!(text, "## gatelint\n\nChecked 0 APIs in 0 files: no findings.\n");
}

#[test]
fn prose_means_itself() {
    let cases = [
        ("a | b", "a &#124; b"),
        ("`a|b` is `*`", "<code>a&#124;b</code> is `*`"),
        ("`a` b` *b* _i_ ~~s~~", "&#96;a&#96; b&#96; \\*b\\* \\_i\\_ \\~\\~s\\~\\~"),
        ("<script>&lt;", "&lt;script&gt;&amp;lt;"),
        ("[a](b) ![c](d)", "\\[a\\](b) \\!\\[c\\](d)"),
        ("https://e.com www.e.com", "https&#58;//e.com www&#46;e.com"),
        ("@user a#1", "@&#8203;user a#&#8203;1"),
        ("a\n\n# b", "a\\\\n\\\\n#&#8203; b"),
        ("\u{202e}", "\\\\u\\{202e\\}"),
    ];
    for (text, expected) in cases {
        assert_eq!(prose(text), expected);
    }
}

#[test]
fn code_cannot_be_left() {
    assert_eq!(code("a.tf:1:2"), "`a.tf:1:2`");
    assert_eq!(code("a`b``c"), "<code>a&#96;b&#96;&#96;c</code>");
    assert_eq!(code("a\\|b"), "<code>a\\\\&#124;b</code>");
    assert_eq!(code("a\n"), "`a\\n`");
    assert_eq!(code(""), "<code></code>");
}

#[test]
fn nothing_from_a_template_has_a_meaning() {
    let lines = |text: &str| text.lines().count();
    let plain = render(&hostile::plain());
    for run in hostile::runs() {
        let text = render(&run);
        assert_eq!(lines(&text), lines(&plain), "{text}");
        for line in text.lines() {
            let prose = without_code(line);
            assert!(!prose.contains("<script") && !prose.contains("<img"), "{line}");
            assert!(!prose.contains("://") && !prose.contains("www.e"), "{line}");
            assert!(!prose.contains("@s") && !prose.contains("@e"), "{line}");
            assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}'), "{line:?}");
        }
        // Four cells, as the head says.
        let row = text.lines().find(|line| line.starts_with("| **critical")).expect("a row");
        assert_eq!(row.matches('|').count(), 5, "{row}");
    }
}

/// A line without its code spans: every backtick left is one of gatelint's own, in pairs.
fn without_code(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    assert_eq!(parts.len() % 2, 1, "a code span without an end: {line}");
    parts.into_iter().step_by(2).collect()
}

#[test]
fn a_long_report_is_cut() {
    let mut run = hostile::plain();
    run.findings[0].title = "x".repeat(1000);
    let one = run.findings[0].clone();
    run.findings = std::iter::repeat_n(one, 3000).collect();
    let text = render(&run);
    assert!(text.len() < 1 << 20, "{}", text.len());
    assert!(text.contains(" more\n"));
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
}
