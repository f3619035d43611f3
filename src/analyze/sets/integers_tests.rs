use proptest::prelude::*;

use super::{Comparison, Integers};
use crate::analyze::formats::{Decimal, Moment};

const ALL: [Comparison; 5] = [
    Comparison::Less,
    Comparison::AtMost,
    Comparison::Equal,
    Comparison::AtLeast,
    Comparison::Greater,
];

fn holds(comparison: Comparison, order: std::cmp::Ordering) -> bool {
    match comparison {
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::Equal => order.is_eq(),
        Comparison::AtLeast => order.is_ge(),
        Comparison::Greater => order.is_gt(),
    }
}

fn any_set() -> impl Strategy<Value = Integers> {
    let end = || prop_oneof![4 => -9i64..10, 1 => Just(i64::MIN), 1 => Just(i64::MAX)];
    prop::collection::vec((end(), end()), 0..4).prop_map(|pairs| {
        let each = pairs.into_iter().map(|(a, b)| Integers::between(a, b));
        each.fold(Integers::nothing(), |sum, set| sum.union(&set))
    })
}

proptest! {
    #[test]
    fn numbers_compare_as_in_the_evaluator(
        bound in "-?[0-9]{1,2}(\\.[0-9]{1,2})?",
        near in -2i64..3,
    ) {
        let parsed = Decimal::parse(&bound).expect("a number");
        let whole: i64 = bound.split('.').next().and_then(|w| w.parse().ok()).expect("an integer");
        let value = whole + near;
        let text = value.to_string();
        let order = Decimal::parse(&text).expect("an integer").cmp(&parsed);
        for comparison in ALL {
            let set = Integers::number(comparison, &bound).expect("a number");
            prop_assert_eq!(set.contains(value), holds(comparison, order), "{} {:?} {}", value, comparison, bound);
        }
    }

    #[test]
    fn dates_compare_as_in_the_evaluator(fraction in "(\\.[0-9]{1,3})?", near in -2i64..3) {
        let bound = format!("2026-11-21T00:00:00{fraction}Z");
        let parsed = Moment::parse(&bound).expect("a date");
        let value = 1_795_219_200 + near;
        for comparison in ALL {
            let set = Integers::date(comparison, &bound).expect("a date");
            let expected = holds(comparison, Moment::new(value).cmp(&parsed));
            prop_assert_eq!(set.contains(value), expected, "{} {:?} {}", value, comparison, bound);
        }
    }

    #[test]
    fn algebra(a in any_set(), b in any_set(), wish in -12i64..13) {
        for value in [-10, -9, -1, 0, 1, wish, i64::MIN, i64::MAX] {
            let (in_a, in_b) = (a.contains(value), b.contains(value));
            prop_assert_eq!(a.union(&b).contains(value), in_a || in_b);
            prop_assert_eq!(a.intersect(&b).contains(value), in_a && in_b);
            prop_assert_eq!(a.subtract(&b).contains(value), in_a && !in_b);
            prop_assert_eq!(a.complement().contains(value), !in_a);
        }
        prop_assert_eq!(a.complement().complement(), a.clone());
        let found = a.witness(wish);
        prop_assert_eq!(found.is_none(), a.is_empty());
        if let Some(found) = found {
            prop_assert!(a.contains(found));
            let nearer = (-12i64..13).find(|v| a.contains(*v) && v.abs_diff(wish) < found.abs_diff(wish));
            prop_assert_eq!(nearer, None);
        }
    }
}

#[test]
fn bounds_beyond_every_integer() {
    let huge = "9".repeat(60);
    let set = |comparison, bound: &str| Integers::number(comparison, bound).expect("a number");
    assert_eq!(set(Comparison::Less, &huge), Integers::everything());
    assert_eq!(set(Comparison::Greater, &huge), Integers::nothing());
    assert_eq!(set(Comparison::Equal, &huge), Integers::nothing());
    assert_eq!(set(Comparison::AtLeast, &format!("-{huge}.5")), Integers::everything());
    assert_eq!(set(Comparison::AtMost, &format!("-{huge}")), Integers::nothing());
    assert_eq!(set(Comparison::AtMost, "9223372036854775807"), Integers::everything());
    assert_eq!(Integers::number(Comparison::Less, "1e3"), None);
    assert_eq!(Integers::date(Comparison::Less, "tomorrow"), None);
}

#[test]
fn the_nearest_one() {
    let set = Integers::between(-5, -3).union(&Integers::between(3, 8));
    assert_eq!(set.witness(0), Some(3), "the greater of two");
    assert_eq!(set.witness(-1), Some(-3));
    assert_eq!(set.witness(5), Some(5));
    assert_eq!(set.stretches().collect::<Vec<_>>(), [(-5, -3), (3, 8)]);
}
