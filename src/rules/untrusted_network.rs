//! `untrusted-network`: a network, VPC or VPC endpoint that gets in and that nobody vouches for.

use super::support::DefectCx;
use super::support::admitted::{List, report};
use super::{Kind, Meta, Rule};
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
        let list = List {
            name: "trust.networks",
            what: "network",
            keys: &[KnownKey::SourceIp],
            unlisted: &|text| outside(text, networks),
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
fn outside(text: &str, networks: &[Cidr]) -> Option<String> {
    let cidr = Cidr::parse(text)?;
    let listed = networks.iter().any(|n| {
        n.is_ipv4() == cidr.is_ipv4() && {
            let (a, b) = n.bounds();
            let (c, d) = cidr.bounds();
            a <= c && d <= b
        }
    });
    (!listed).then(|| cidr.to_string())
}
fn meet(a: &str, b: &str) -> bool {
    let (Some(a), Some(b)) = (Cidr::parse(a), Cidr::parse(b)) else { return false };
    let ((a0, a1), (b0, b1)) = (a.bounds(), b.bounds());
    a.is_ipv4() == b.is_ipv4() && a0 <= b1 && b0 <= a1
}
