//! Sets of addresses against single addresses.

use std::net::IpAddr;

use proptest::prelude::*;

use super::{AddressSet, Size, documentation, special};
use crate::model::Cidr;

fn cidr(text: &str) -> Cidr {
    Cidr::parse(text).expect("a range")
}

fn set(texts: &[&str]) -> AddressSet {
    AddressSet::from_cidrs(texts.iter().map(|text| cidr(text)))
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// Ranges that overlap, touch, and reach both ends of their family.
fn range() -> impl Strategy<Value = Cidr> {
    let v4 = (0u8..=32, prop_oneof![any::<u32>(), 0u32..8, (u32::MAX - 7)..=u32::MAX])
        .prop_map(|(prefix, value)| Cidr::new(std::net::Ipv4Addr::from(value).into(), prefix));
    let v6 =
        (prop_oneof![Just(0u8), 120u8..=128], prop_oneof![0u128..16, (u128::MAX - 15)..=u128::MAX])
            .prop_map(|(prefix, value)| Cidr::new(std::net::Ipv6Addr::from(value).into(), prefix));
    prop_oneof![3 => v4, 2 => v6].prop_map(|range| range.expect("a short prefix"))
}

fn ranges() -> impl Strategy<Value = Vec<Cidr>> {
    prop::collection::vec(range(), 0..5)
}

/// Addresses at and around the ends of all ranges.
fn probes(lists: &[&[Cidr]]) -> Vec<IpAddr> {
    let mut out = vec![ip("8.8.8.8"), ip("::1"), ip("0.0.0.0"), ip("255.255.255.255"), ip("::")];
    for range in lists.iter().flat_map(|list| list.iter()) {
        let (first, last) = range.bounds();
        for value in
            [first.wrapping_sub(1), first, first / 2 + last / 2, last, last.wrapping_add(1)]
        {
            if range.is_ipv4() {
                out.extend(u32::try_from(value).map(|v| IpAddr::from(std::net::Ipv4Addr::from(v))));
            } else {
                out.push(std::net::Ipv6Addr::from(value).into());
            }
        }
    }
    out
}

proptest! {
    #[test]
    fn membership_is_that_of_the_ranges(a in ranges(), b in ranges()) {
        let (x, y) = (AddressSet::from_cidrs(a.clone()), AddressSet::from_cidrs(b.clone()));
        for address in probes(&[&a, &b]) {
            let (in_a, in_b) = (a.iter().any(|c| c.contains(address)), b.iter().any(|c| c.contains(address)));
            prop_assert_eq!(x.contains(address), in_a);
            prop_assert_eq!(x.union(&y).contains(address), in_a || in_b);
            prop_assert_eq!(x.intersect(&y).contains(address), in_a && in_b);
            prop_assert_eq!(x.subtract(&y).contains(address), in_a && !in_b);
            prop_assert_eq!(x.complement().contains(address), !in_a);
        }
    }

    #[test]
    fn equal_sets_are_equal(a in ranges(), b in ranges()) {
        let (x, y) = (AddressSet::from_cidrs(a.clone()), AddressSet::from_cidrs(b.clone()));
        let both: Vec<Cidr> = a.into_iter().chain(b).collect();
        prop_assert_eq!(AddressSet::from_cidrs(both), x.union(&y));
        prop_assert_eq!(x.complement().complement(), x.clone());
        prop_assert_eq!(x.intersect(&y).complement(), x.complement().union(&y.complement()));
        prop_assert_eq!(x.subtract(&y).union(&x.intersect(&y)), x.clone());
        prop_assert!(x.intersect(&x.complement()).is_empty());
        prop_assert_eq!(AddressSet::from_cidrs(x.ranges()), x.clone());
        prop_assert!(x.intersect(&y).is_subset(&x));
    }

    #[test]
    fn witnesses_are_members(a in ranges()) {
        for set in [AddressSet::from_cidrs(a.clone()), AddressSet::from_cidrs(a).complement()] {
            for found in [set.witness(), set.witness_inside()] {
                prop_assert_eq!(found.is_none(), set.is_empty());
                prop_assert!(found.is_none_or(|address| set.contains(address)));
            }
            let public = set.subtract(special()).subtract(documentation());
            if let Some(address) = set.witness() && !public.is_empty() {
                prop_assert!(public.contains(address), "{address}");
            }
        }
    }

    #[test]
    fn the_cover_is_the_least(a in ranges()) {
        let set = AddressSet::from_cidrs(a);
        let blocks = set.ranges();
        // Blocks that could be one are one.
        for pair in blocks.windows(2) {
            let together = AddressSet::from_cidrs(pair.to_vec());
            let wider = Cidr::new(pair[0].address(), pair[0].prefix().saturating_sub(1)).expect("a range");
            prop_assert!(AddressSet::from_cidr(wider) != together);
        }
        let total = blocks.iter().fold(0u128, |sum, c| {
            let (first, last) = c.bounds();
            sum.saturating_add((last - first).saturating_add(1))
        });
        let Size { v4, v6 } = set.size();
        prop_assert_eq!(u128::from(v4).saturating_add(v6), total);
    }
}

#[test]
fn sizes() {
    assert_eq!(AddressSet::nothing().size(), Size { v4: 0, v6: 0 });
    assert_eq!(AddressSet::everything().size(), Size { v4: 1 << 32, v6: u128::MAX });
    assert_eq!(set(&["203.0.113.7/24"]).size(), Size { v4: 256, v6: 0 });
    assert_eq!(set(&["0.0.0.0/1", "128.0.0.0/1"]), AddressSet::ipv4());
    assert_eq!(set(&["::/0"]).complement(), AddressSet::ipv4());
    assert_eq!(set(&["2001:db8::/32"]).size().v6, 1 << 96);
}

#[test]
fn families_never_mix() {
    let mapped = set(&["::ffff:0:0/96"]);
    assert!(!mapped.contains(ip("8.8.8.8")) && mapped.contains(ip("::ffff:808:808")));
    assert!(!set(&["0.0.0.0/0"]).contains(ip("::ffff:808:808")));
    assert!(set(&["0.0.0.0/0"]).intersect(&set(&["::/0"])).is_empty());
}

#[test]
fn the_simplest_address() {
    let shown = |set: &AddressSet| set.witness().map(|a| a.to_string()).unwrap_or_default();
    assert_eq!(shown(&AddressSet::everything()), "8.8.8.8");
    assert_eq!(shown(&set(&["0.0.0.0/0"]).subtract(&set(&["8.8.8.8/32"]))), "1.0.0.1");
    assert_eq!(shown(&set(&["10.0.0.0/8", "::/0"])), "2001:4860:4860::8888");
    assert_eq!(shown(&set(&["10.0.0.0/8", "203.0.113.0/24"])), "203.0.113.1");
    assert_eq!(shown(&set(&["10.0.0.0/8"])), "10.0.0.1");
    assert_eq!(shown(&set(&["198.18.0.7"])), "198.18.0.7");
    assert_eq!(shown(&set(&["::/0"]).subtract(&set(&["2001:4860::/32"]))), "2000::1");
    assert_eq!(shown(&AddressSet::nothing()), "");
    let inside = |set: &AddressSet| set.witness_inside().map(|a| a.to_string()).unwrap_or_default();
    assert_eq!(inside(&AddressSet::everything()), "10.0.0.5");
    assert_eq!(inside(&set(&["8.0.0.0/8", "192.168.4.0/24"])), "192.168.4.1");
}

#[test]
fn the_cover_of_a_gap() {
    let rest = AddressSet::ipv4().subtract(&set(&["128.0.0.0/2"]));
    let shown: Vec<String> = rest.ranges().iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["0.0.0.0/1", "192.0.0.0/2"]);
    let all: Vec<String> =
        AddressSet::everything().ranges().iter().map(ToString::to_string).collect();
    assert_eq!(all, ["0.0.0.0/0", "::/0"]);
}
