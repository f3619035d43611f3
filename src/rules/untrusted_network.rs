//! `untrusted-network`: a network, VPC or VPC endpoint that gets in and that nobody vouches for.

use super::support::DefectCx;
use super::support::admitted::{List, report};
use super::{Kind, Meta, Rule};
use crate::analyze::sets::AddressSet;
use crate::finding::{Draft, Severity};
use crate::model::{Cidr, KnownKey};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "untrusted-network",
        summary: "a guard lets in a network, VPC or VPC endpoint that is not on the trust list",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/untrusted-network.md"),
    },
    kind: Kind::Defect(check),
};

/// A list that is not given is open: it trusts what the policies name (CONTRACT 6).
fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    let trust = &cx.settings.trust;
    if let Some(networks) = &trust.networks {
        let networks = AddressSet::from_cidrs(networks.iter().copied());
        let list = List {
            name: "trust.networks",
            what: "network",
            keys: &[KnownKey::SourceIp],
            unlisted: &|text| outside(text, &networks),
            admits: &|summary, rest| summary.networks.iter().any(|block| meet(block, rest)),
        };
        report(cx, &RULE.meta, &list, out);
    }
    if let Some(vpcs) = &trust.vpcs {
        let list = List {
            name: "trust.vpcs",
            what: "VPC",
            keys: &[KnownKey::SourceVpc],
            unlisted: &|id| (!vpcs.contains(id)).then(|| id.to_owned()),
            admits: &|summary, id| summary.vpcs.contains(id),
        };
        report(cx, &RULE.meta, &list, out);
    }
    if let Some(endpoints) = &trust.vpc_endpoints {
        let list = List {
            name: "trust.vpc-endpoints",
            what: "VPC endpoint",
            keys: &[KnownKey::SourceVpce],
            unlisted: &|id| (!endpoints.contains(id)).then(|| id.to_owned()),
            admits: &|summary, id| summary.vpc_endpoints.contains(id),
        };
        report(cx, &RULE.meta, &list, out);
    }
}

/// The first block of the range `text` that no network of the list covers.
fn outside(text: &str, networks: &AddressSet) -> Option<String> {
    let range = AddressSet::from_cidr(Cidr::parse(text)?);
    range.subtract(networks).ranges().first().map(ToString::to_string)
}

/// Whether two blocks have an address in common.
fn meet(one: &str, other: &str) -> bool {
    let set = |text: &str| Cidr::parse(text).map(AddressSet::from_cidr);
    match (set(one), set(other)) {
        (Some(one), Some(other)) => !one.intersect(&other).is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_is_named_exactly() {
        let listed =
            ["203.0.113.0/25", "2001:db8::/32"].map(|text| Cidr::parse(text).expect("a range"));
        let listed = AddressSet::from_cidrs(listed);
        let outside = |text: &str| outside(text, &listed);
        assert_eq!(outside("203.0.113.64/26"), None);
        assert_eq!(outside("203.0.113.0/24").as_deref(), Some("203.0.113.128/25"));
        assert_eq!(outside("2001:db8:7::/48"), None);
        assert_eq!(outside("8.8.8.8").as_deref(), Some("8.8.8.8/32"));
        assert_eq!(outside("office"), None);
    }
}
