//! Cells that spreadsheets would obey, and lines that would not fit.

use super::csv::cell;
use super::{INVENTORY_FORMATS, Options};
use crate::report::Run;
use crate::report::hostile::STRINGS;

#[test]
fn no_cell_begins_with_a_formula() {
    for (text, expected) in [
        ("infra/api.tf", "infra/api.tf"),
        ("", ""),
        ("=1+1", "\"'=1+1\""),
        ("@SUM(A1)", "\"'@SUM(A1)\""),
        ("-2+3", "\"'-2+3\""),
        ("a;=cmd|' /C calc'!A0", "\"a;'=cmd|' /C calc'!A0\""),
        ("a, +1", "\"a, '+1\""),
        ("say \"=1\"", "\"say \"\"'=1\"\"\""),
        ("  =1", "\"  '=1\""),
        ("\t=1\r\n=2", "\\t=1\\r\\n=2"),
        ("a=b", "a=b"),
    ] {
        assert_eq!(cell(text), expected, "{text:?}");
    }
    for text in STRINGS {
        let cell = cell(text);
        assert!(!cell.chars().any(char::is_control), "{cell:?}");
        let inner = cell.trim_start_matches('"');
        assert!(!inner.starts_with(['=', '+', '-', '@', '|', '%']), "{cell:?}");
    }
}

#[test]
fn a_run_without_anything_is_an_empty_list() {
    let write = |name: &str| {
        let format = INVENTORY_FORMATS.iter().find(|format| format.name == name).expect("a format");
        let mut out = Vec::new();
        (format.write)(&Run::default(), Options::default(), &mut out).expect("it is written");
        String::from_utf8(out).expect("text")
    };
    assert_eq!(write("table"), "0 APIs with 0 policies in 0 files, 0 values not known\n");
    assert_eq!(write("csv").lines().count(), 1);
    let json: serde_json::Value = serde_json::from_str(&write("json")).expect("JSON");
    assert_eq!((&json["apis"], &json["unknown"]), (&serde_json::json!([]), &serde_json::json!([])));
}
