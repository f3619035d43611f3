//! `untrusted-organization`: an organisation whose members get in and that nobody vouches for.

use super::support::DefectCx;
use super::support::admitted::{List, report};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::KnownKey;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "untrusted-organization",
        summary: "a guard lets in an organisation that is not on the trust list",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/untrusted-organization.md"),
    },
    kind: Kind::Defect(check),
};

/// A list that is not given is open: it trusts what the policies name (CONTRACT 6).
fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    let Some(trusted) = &cx.settings.trust.organizations else { return };
    let list = List {
        name: "trust.organizations",
        what: "organisation",
        keys: &[KnownKey::PrincipalOrgId, KnownKey::PrincipalOrgPaths],
        // A path begins with its organisation: `o-abc/r-def/ou-ghi/`.
        unlisted: &|text| {
            let org = text.split('/').next().unwrap_or(text);
            let listed = trusted.iter().any(|one| one.as_str() == org);
            (!listed).then(|| org.to_owned())
        },
        admits: &|summary, org| summary.organizations.contains(org),
    };
    report(cx, &RULE.meta, &list, out);
}
