//! The parts of the evaluator that need no policy: patterns, formats.

use super::compare;
use super::pattern::{glob, matches};
use super::text::{Mode, Piece, arn, tokens};
use crate::analyze::formats::{Decimal, Moment, decode_base64, print_date};
use crate::model::{Leaf, Part, SymbolClass, SymbolRef, Tri};
use crate::source::{Origins, SourceDb, Span};
use proptest::prelude::*;

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
    let pattern = format!("*{}ba", "a".repeat(4000));
    assert_eq!(glob(&pattern, &"a".repeat(100_000), false), Tri::Unknown);
    assert_eq!(glob("*b", &"a".repeat(100_000), false), Tri::False);
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

/// Whether `text` matches, by trying everything.
fn naive(pattern: &[char], text: &[char]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, rest) => rest.is_none(),
        (Some(('*', rest)), None) => naive(rest, text),
        (Some(('*', rest)), Some((_, tail))) => naive(rest, text) || naive(pattern, tail),
        (Some((p, rest)), Some((t, tail))) => (*p == '?' || p == t) && naive(rest, tail),
        (Some(_), None) => false,
    }
}

fn naive_glob(pattern: &str, text: &str) -> bool {
    let chars = |text: &str| text.chars().collect::<Vec<_>>();
    naive(&chars(pattern), &chars(text))
}

/// Whether `text` matches field by field.
fn naive_arn(pattern: &str, text: &str) -> Tri {
    let fields = |text: &str| text.splitn(6, ':').map(str::to_owned).collect::<Vec<_>>();
    let (pattern, text) = (fields(pattern), fields(text));
    if pattern.len() < 6 {
        return if pattern == ["*"] { Tri::True } else { Tri::Unknown };
    }
    (text.len() == 6 && pattern.iter().zip(&text).all(|(p, t)| naive_glob(p, t))).into()
}

proptest! {
    #[test]
    fn both_matchers_agree_with_the_naive_one(
        pattern in "[ab*?é/]{0,9}",
        text in "[abé/]{0,9}",
    ) {
        let expected = Tri::from(naive_glob(&pattern, &text));
        prop_assert_eq!(glob(&pattern, &text, false), expected);
        let tokens = tokens(&[Piece::Text(&pattern)], Mode::Like);
        prop_assert_eq!(matches(&tokens, &text), expected);
    }

    #[test]
    fn arns_are_matched_field_by_field(
        pattern in "([ab*?]{0,2}:){4,6}[ab*?:]{0,3}",
        text in "([ab]{0,2}:){4,6}[ab:]{0,3}",
    ) {
        let expected = naive_arn(&pattern, &text);
        prop_assert_eq!(arn(&pattern, &text), expected);
        if expected != Tri::Unknown {
            let tokens = tokens(&[Piece::Text(&pattern)], Mode::Arn);
            prop_assert_eq!(matches(&tokens, &text), expected);
        }
    }

    #[test]
    fn a_hole_is_any_run(
        before in "[ab*?:]{0,4}",
        behind in "[ab*?:]{0,4}",
        hole in "[ab*:]{0,3}",
        text in "[ab:]{0,8}",
    ) {
        let pieces = [Piece::Text(&before), Piece::Unknown, Piece::Text(&behind)];
        let written = format!("{before}{hole}{behind}");
        if naive_glob(&written, &text) {
            prop_assert_eq!(matches(&tokens(&pieces, Mode::Like), &text), Tri::True);
        }
        if naive_arn(&written, &text).is_true() && written != "*" {
            prop_assert_eq!(matches(&tokens(&pieces, Mode::Arn), &text), Tri::True);
        }
    }

    #[test]
    fn decimals_compare_as_numbers(a in -9999i32..9999, b in -9999i32..9999) {
        let print = |n: i32| format!("{}{:03}.{:02}", if n < 0 { "-" } else { "" }, n.abs() / 100, n.abs() % 100);
        let (x, y) = (print(a), print(b));
        prop_assert_eq!(Decimal::parse(&x).cmp(&Decimal::parse(&y)), a.cmp(&b));
    }
}

#[test]
fn what_is_written_of_a_range_bounds_it() {
    let db = SourceDb::new();
    let file = db.add("a.tf".as_ref(), "a.tf".into(), "x");
    let origin = Origins::new().literal(Span::new(file, 0, 1));
    let text = |text: &str| Part::Lit(text.into());
    let hole = || Part::Sym(SymbolRef { id: 7, class: SymbolClass::Input });
    let narrow = |parts: Vec<Part>| {
        let leaf = Leaf::new(parts, origin);
        (compare::is_narrow(&leaf, false), compare::is_narrow(&leaf, true))
    };
    for (parts, expected) in [
        (vec![hole(), text("/32")], (true, true)),
        (vec![hole(), text("/16")], (true, false)),
        (vec![hole(), text("/15")], (false, false)),
        (vec![hole(), text("/0")], (false, false)),
        (vec![hole(), text("/129")], (false, false)),
        (vec![hole(), text("/")], (false, false)),
        (vec![hole(), text("/+16")], (false, false)),
        (vec![text("10."), hole(), text(".0.0/24")], (true, false)),
        (vec![text("10."), hole(), text(".1")], (true, true)),
        (vec![text("2001:db8:"), hole(), text("::/48")], (true, true)),
        (vec![text("10.0.0.0/"), hole()], (false, false)),
        // `0/` in the hole makes a mask of the five.
        (vec![text("10.0.0."), hole(), text("5")], (false, false)),
        (vec![hole()], (false, false)),
        (vec![text("10.0.0.0/24")], (false, false)),
    ] {
        assert_eq!(narrow(parts.clone()), expected, "{parts:?}");
    }
}
