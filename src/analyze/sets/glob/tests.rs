//! The automata against the concrete evaluator's matchers and against brute force.

use proptest::prelude::*;

use super::{Builder, Chars, Glob, TextSet};
use crate::analyze::evaluate::{fold_equal, glob_match_arn, glob_match_text};
use crate::analyze::sets::{Budget, TooBig};
use crate::model::Tri;

fn ample() -> Budget {
    Budget::new(50_000_000)
}

/// Every text over `alphabet` with at most `length` characters, the shortest first.
fn texts(alphabet: &[char], length: usize) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut from = 0;
    for _ in 0..length {
        let end = out.len();
        for at in from..end {
            for c in alphabet {
                out.push(format!("{}{c}", out[at]));
            }
        }
        from = end;
    }
    out
}

fn pattern() -> impl Strategy<Value = String> {
    let c =
        prop_oneof![4 => Just('*'), 2 => Just('?'), 4 => Just('a'), 3 => Just('b'), 1 => Just('é')];
    prop::collection::vec(c, 0..7).prop_map(|chars| chars.into_iter().collect())
}

fn arn_pattern() -> impl Strategy<Value = String> {
    let c = prop_oneof![3 => Just('*'), 1 => Just('?'), 3 => Just('a'), 5 => Just(':')];
    prop::collection::vec(c, 0..14).prop_map(|chars| chars.into_iter().collect())
}

fn arn_text() -> impl Strategy<Value = String> {
    let c = prop_oneof![3 => Just('a'), 1 => Just('b'), 4 => Just(':'), 1 => Just('*')];
    prop::collection::vec(c, 0..14).prop_map(|chars| chars.into_iter().collect())
}

/// A set and the formula that it was made by.
fn formula() -> impl Strategy<Value = (TextSet, Check)> {
    let leaf = pattern().prop_map(|p| (TextSet::from(Glob::like(&p)), Check::Like(p)));
    leaf.prop_recursive(4, 12, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            two.clone().prop_map(|((a, x), (b, y))| (a.union(&b), Check::Or(x.into(), y.into()))),
            two.clone()
                .prop_map(|((a, x), (b, y))| (a.intersect(&b), Check::And(x.into(), y.into()))),
            two.prop_map(|((a, x), (b, y))| (a.subtract(&b), Check::But(x.into(), y.into()))),
            inner.prop_map(|(a, x)| (a.complement(), Check::Not(x.into()))),
        ]
    })
}

#[derive(Debug, Clone)]
enum Check {
    Like(String),
    Or(Box<Check>, Box<Check>),
    And(Box<Check>, Box<Check>),
    But(Box<Check>, Box<Check>),
    Not(Box<Check>),
}

impl Check {
    /// The concrete evaluator's word on `text`.
    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Like(pattern) => glob_match_text(pattern, text, false).is_true(),
            Self::Or(a, b) => a.holds(text) || b.holds(text),
            Self::And(a, b) => a.holds(text) && b.holds(text),
            Self::But(a, b) => a.holds(text) && !b.holds(text),
            Self::Not(a) => !a.holds(text),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn like_agrees_with_the_evaluator(p in pattern()) {
        let glob = Glob::like(&p);
        for text in texts(&['a', 'b', 'é', '*'], 4) {
            prop_assert_eq!(Tri::from(glob.contains(&text)), glob_match_text(&p, &text, false), "{} {}", p, text);
        }
    }

    #[test]
    fn arn_agrees_with_the_evaluator(p in arn_pattern(), further in prop::collection::vec(arn_text(), 20)) {
        let glob = Glob::arn(&p);
        // A text that is close to the pattern, and others.
        let near = [p.replace('*', ""), p.replace('*', "ab").replace('?', "a"), p.replace(['*', '?'], ":")];
        for text in further.iter().chain(&near) {
            let found = glob.as_ref().map_or(Tri::Unknown, |glob| glob.contains(text).into());
            prop_assert_eq!(found, glob_match_arn(&p, text), "{} {}", p, text);
        }
    }

    #[test]
    fn letter_case_agrees_with_the_evaluator(a in "[kKsSıiéÉ\u{212a}ßẞ]{0,3}", b in "[kKsSıiéÉ\u{212a}ßẞ]{0,3}") {
        let glob = Glob::exactly_ignoring_case(&a).expect("no letter of two");
        prop_assert_eq!(glob.contains(&b), fold_equal(&a, &b));
        prop_assert!(glob.contains(&a.to_uppercase()) == fold_equal(&a, &a.to_uppercase()));
    }

    #[test]
    fn questions_agree_with_brute_force((set, check) in formula()) {
        let all = texts(&['a', 'b', 'é', 'z'], 4);
        let members: Vec<&String> = all.iter().filter(|text| check.holds(text)).collect();
        for text in &all {
            prop_assert_eq!(set.contains(text), check.holds(text), "{}", text);
        }
        match set.witness::<&str>(&[], &ample()) {
            Ok(Some(text)) => {
                prop_assert!(check.holds(&text), "{} is no member", text);
                // Cheaper texts are shorter but for the price of a letter.
                if let Some(shortest) = members.first() {
                    prop_assert!(text.chars().count() <= 5 * shortest.chars().count(), "{} {}", text, shortest);
                }
            }
            Ok(None) => prop_assert!(members.is_empty(), "{:?}", members.first()),
            Err(TooBig) => prop_assert!(false, "a small question was given up"),
        }
        // Members of a small formula of short patterns are not all long.
        if set.is_empty(&ample()) == Ok(true) {
            prop_assert!(members.is_empty());
        }
    }

    #[test]
    fn laws((a, _) in formula(), (b, _) in formula(), (c, _) in formula()) {
        let same = |x: &TextSet, y: &TextSet| x.is_equal(y, &ample()) == Ok(true);
        prop_assert!(same(&a.union(&b), &b.union(&a)));
        prop_assert!(same(&a.intersect(&b).complement(), &a.complement().union(&b.complement())));
        prop_assert!(same(&a.intersect(&b.union(&c)), &a.intersect(&b).union(&a.intersect(&c))));
        prop_assert!(same(&a.subtract(&b).union(&a.intersect(&b)), &a));
        prop_assert!(same(&a.complement().complement(), &a));
        prop_assert_eq!(a.subtract(&a).is_empty(&ample()), Ok(true));
        prop_assert_eq!(a.intersect(&b).is_subset(&a, &ample()), Ok(true));
    }

    #[test]
    fn what_stands_behind_a_prefix(p in pattern(), q in pattern(), prefix in "[ab]{0,4}", text in "[abé]{0,4}") {
        let glob = Glob::any_of([Glob::like(&p), Glob::like(&q)]);
        let whole = format!("{prefix}{text}");
        prop_assert_eq!(glob.behind(&prefix).contains(&text), glob.contains(&whole));
        let joined = Glob::exactly(&prefix).then(&glob);
        prop_assert!(joined.contains(&whole) == glob.contains(&text));
    }
}

fn simplest(all: &[&str], none: &[&str]) -> Option<String> {
    let like = |p: &&str| TextSet::from(Glob::like(p));
    let none = TextSet::any_of(none.iter().map(like)).complement();
    let set = TextSet::all_of(all.iter().map(like)).intersect(&none);
    set.witness::<&str>(&[], &ample()).expect("a small question")
}

#[test]
fn the_simplest_member() {
    assert_eq!(simplest(&["prod/*/pets"], &[]).as_deref(), Some("prod//pets"));
    assert_eq!(simplest(&["*/GET/*", "prod/*"], &[]).as_deref(), Some("prod/GET/"));
    assert_eq!(simplest(&["?*"], &["a*"]).as_deref(), Some("b"));
    assert_eq!(simplest(&["*a*", "*b*"], &["*ab*"]).as_deref(), Some("ba"));
    assert_eq!(simplest(&["a*"], &["*"]), None);
    assert_eq!(simplest(&["*"], &["?*"]).as_deref(), Some(""));
    assert_eq!(simplest(&["a?"], &["aa", "ab"]).as_deref(), Some("ac"));
    assert_eq!(simplest(&["x*y*z", "x*"], &["*y*"]), None);
    // Two readable letters rather than one sign.
    let sign = Glob::any_of([Glob::exactly("~"), Glob::exactly("ok")]);
    assert_eq!(TextSet::from(sign).witness::<&str>(&[], &ample()), Ok(Some("ok".to_owned())));
}

#[test]
fn hints_come_first() {
    let set = TextSet::from(Glob::like("prod/*"));
    assert_eq!(
        set.witness(&["dev/GET/", "prod/GET/pets"], &ample()),
        Ok(Some("prod/GET/pets".into()))
    );
    assert_eq!(set.witness(&["dev/GET/"], &ample()), Ok(Some("prod/".into())));
}

#[test]
fn characters_above_ascii_count() {
    let set = TextSet::from(Glob::like("?"));
    let ascii: String = (0u8..128).map(char::from).collect();
    let ascii = Builder::default().one(&Chars::ascii(&ascii)).build().into();
    let rest = set.subtract(&ascii);
    assert_eq!(rest.witness::<&str>(&[], &ample()), Ok(Some("é".to_owned())));
    let rest = rest.subtract(&TextSet::exactly("é"));
    assert_eq!(rest.witness::<&str>(&[], &ample()), Ok(Some("ê".to_owned())));
    assert!(!rest.contains("é") && rest.contains("ü"));
}

#[test]
fn arn_fields_are_matched_one_by_one() {
    let glob = Glob::arn("arn:aws:iam::*:role/*").expect("an ARN");
    assert!(glob.contains("arn:aws:iam::999999999999:role/a:b/c"));
    assert!(!glob.contains("arn:aws:iam::1:2:role/a"));
    assert!(!Glob::arn("arn:*:role/a").is_some_and(|_| true), "fewer than six fields");
    assert!(Glob::arn("*").is_some_and(|glob| glob.contains("no ARN")));
    assert!(Glob::like("arn:*:role/a").contains("arn:aws:iam::999999999999:role/a"));
}

#[test]
fn a_hole_is_any_text() {
    let glob = Builder::arn().pattern("arn:aws:").hole().pattern(":role/?").build();
    assert!(glob.contains("arn:aws:iam::999999999999:role/a"));
    assert!(!glob.contains("arn:aws:iam::999999999999:user/a"));
    let escaped = Builder::default().pattern("a*").text("*").build();
    assert!(escaped.contains("abc*") && !escaped.contains("abc"));
    assert_eq!(escaped.literal(), None);
    assert_eq!(Glob::exactly("a*").literal().as_deref(), Some("a*"));
}

#[test]
fn a_question_that_explodes_is_given_up() {
    // To tell these apart one has to remember the last twenty characters.
    let tail = "?".repeat(20);
    let like = |p: String| TextSet::from(Glob::like(&p));
    let set = TextSet::all_of(["a", "b", "c"].map(|c| like(format!("*{c}{tail}")).complement()))
        .subtract(&TextSet::from(Builder::default().run(&Chars::ascii("abc")).build()).complement())
        .intersect(&like(format!("?{tail}*")));
    let budget = Budget::new(200_000);
    assert_eq!(set.is_empty(&budget), Err(TooBig));
    assert!(budget.spent());
    assert_eq!(TextSet::everything().is_empty(&budget), Err(TooBig), "nothing more is answered");
    // A member that is at hand needs no search.
    let text = "a".repeat(21);
    assert!(!set.contains(&text));
    assert_eq!(set.complement().witness(&[&text], &budget), Ok(Some(text.clone())));
}

#[test]
fn many_stars_stay_small() {
    let stars = |c: char| Glob::like(&format!("{}*", format!("*{c}").repeat(200))).into();
    let set = TextSet::all_of(['a', 'b'].map(stars)).subtract(&TextSet::from(Glob::like("*z*")));
    let text = set.witness::<&str>(&[], &ample()).expect("a small question").expect("a member");
    assert_eq!(text.chars().filter(|c| *c == 'a').count(), 200);
}
