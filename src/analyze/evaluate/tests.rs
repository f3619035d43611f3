//! The parts of the evaluator that need no policy: patterns, formats.

use super::formats::{Decimal, Moment, decode_base64, print_date};
use super::pattern::glob;
use crate::model::Tri;

#[test]
fn wildcards() {
    for (pattern, text, expected) in [
        ("*", "", true),
        ("*", "anything/at:all", true),
        ("", "", true),
        ("", "a", false),
        ("?", "", false),
        ("?", "é", true),
        ("??", "é", false),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("*/GET/pets", "prod/POST/admin/GET/pets", true),
        ("prod*", "prod2/GET/", true),
        ("prod/*/*", "prod/GET", false),
        ("*é", "éé", true),
        ("*?", "", false),
    ] {
        assert_eq!(glob(pattern, text, false), expected.into(), "{pattern} {text}");
    }
    assert_eq!(glob("EXECUTE-API:inv*", "execute-api:Invoke", true), Tri::True);
    assert_eq!(glob("EXECUTE-API:inv*", "execute-api:Invoke", false), Tri::False);
}

#[test]
fn a_slow_pattern_is_given_up() {
    let pattern = format!("*{}b", "a".repeat(4000));
    assert_eq!(glob(&pattern, &"a".repeat(100_000), false), Tri::Unknown);
}

#[test]
fn decimals() {
    let less = |a: &str, b: &str| Decimal::parse(a) < Decimal::parse(b);
    assert!(less("9", "10") && less("-10", "-9") && less("-1", "0.5") && less("1.05", "1.5"));
    assert_eq!(Decimal::parse("1.50"), Decimal::parse("01.5"));
    assert_eq!(Decimal::parse("-0"), Decimal::parse("0.0"));
    assert!(less("9007199254740992", "9007199254740993"));
    for bad in ["", "-", "1e3", "+1", ".5", "5.", "1.2.3", " 1", "0x10", "é"] {
        assert_eq!(Decimal::parse(bad), None, "{bad}");
    }
}

#[test]
fn dates() {
    for (text, seconds) in [
        ("1970-01-01T00:00:00Z", 0),
        ("2020-02-29", 1_582_934_400),
        ("2000-03-01T00:00Z", 951_868_800),
        ("2026-11", 1_793_491_200),
        ("2026-11-21T01:00:00+01:00", 1_795_219_200),
        ("2026-11-20T19:00:00-05:00", 1_795_219_200),
        ("1969-12-31T23:59:59Z", -1),
        ("1795219200", 1_795_219_200),
        ("0", 0),
    ] {
        assert_eq!(Moment::parse(text), Some(Moment::new(seconds)), "{text}");
    }
    assert!(Moment::parse("2020-01-01T00:00:00.5Z") > Moment::parse("2020-01-01T00:00:00Z"));
    for bad in [
        "",
        "2026",
        "2026-13-01",
        "2021-02-29",
        "2026-11-21T",
        "2026-11-21T24:00:00Z",
        "2026-11-21T08:30:00",
        "2026-11-21 08:30:00Z",
        "2026-11-21T08Z",
        "2026-1-1",
        "2026-11-21T08:30:60Z",
        "2026-11-21T08:30:00.Z",
        "99999999999999999999",
        "-1",
        "tomorrow",
        "2026-11-21Z",
        "２０２６-11-21",
    ] {
        assert_eq!(Moment::parse(bad), None, "{bad}");
    }
}

#[test]
fn printed_dates_read_back() {
    assert_eq!(print_date(1_795_219_200), "2026-11-21T00:00:00Z");
    // The years 0000 to 9999.
    for seconds in (-62_167_219_200..253_402_300_800).step_by(123_456_789) {
        let printed = print_date(seconds);
        assert_eq!(Moment::parse(&printed), Some(Moment::new(seconds)), "{printed}");
    }
    print_date(i64::MIN);
    print_date(i64::MAX);
}

#[test]
fn base64() {
    assert_eq!(decode_base64("aGk="), Some(b"hi".to_vec()));
    assert_eq!(decode_base64("aGkh"), Some(b"hi!".to_vec()));
    assert_eq!(decode_base64(""), Some(Vec::new()));
    for bad in ["a", "aGk", "aG=k", "====", "aGk~"] {
        assert_eq!(decode_base64(bad), None, "{bad}");
    }
}
