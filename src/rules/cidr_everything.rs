//! `cidr-everything`: an address range that holds every address.

use super::support::{CauseCx, Claim, Flaw, Guard, ranges, value_text};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::{BaseOp, KnownKey};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "cidr-everything",
        summary: "the address range of a guard is every address",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/cidr-everything.md"),
    },
    kind: Kind::Cause { rank: 49, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    let addresses = guard.op.base == BaseOp::IpAddress && guard.known() != KnownKey::VpcSourceIp;
    if !addresses || !guard.admits_listed() {
        return None;
    }
    let whole = ranges(guard.condition).into_iter().filter(|(_, cidr)| cidr.prefix() == 0);
    let Some((leaf, cidr)) = whole.max_by_key(|(_, cidr)| cidr.is_ipv4()) else {
        return guard.hangs_on_values(cx, "be every address");
    };
    let family = if cidr.is_ipv4() { "IPv4" } else { "IPv6" };
    let mark = (leaf.origin, guard.through(format!("every {family} address")));
    let help = "write the networks that calls come from, such as `203.0.113.0/24`";
    Some(Flaw::new(mark, value_text(leaf, cx.symbols()), help))
}
