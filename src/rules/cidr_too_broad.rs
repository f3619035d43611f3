//! `cidr-too-broad`: address ranges too wide to be a guard.
//!
//! The limits are those of Amazon S3 Block Public Access for "public"; what is narrower than them
//! is a guard to the engine, so a hole behind it is none.

use super::support::{CauseCx, Claim, Flaw, Guard, is_too_broad, ranges, value_text};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::{BaseOp, Cidr, Condition, KnownKey, Leaf, Policy, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "cidr-too-broad",
        summary: "the address ranges of a guard are wider than IPv4 /8 or IPv6 /32",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/cidr-too-broad.md"),
    },
    kind: Kind::Cause { rank: 43, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    let addresses = guard.op.base == BaseOp::IpAddress && guard.known() != KnownKey::VpcSourceIp;
    if !addresses || !guard.admits_listed() {
        return None;
    }
    let help = "write the networks that calls come from; a block that you own in full counts when \
                `trust.networks` lists it";
    let ranges = ranges(guard.condition);
    let limit = |cidr: &Cidr| if cidr.is_ipv4() { 8 } else { 32 };
    let wide = ranges.iter().filter(|(_, cidr)| cidr.prefix() < limit(cidr));
    if let Some((leaf, cidr)) = wide.min_by_key(|(_, cidr)| cidr.prefix()) {
        let text = format!("wider than a /{}: too many networks to be a guard", limit(cidr));
        let mark = (leaf.origin, guard.through(text));
        return Some(Flaw::new(mark, value_text(leaf, cx.symbols()), help));
    }
    let whole = if guard.deny { Vec::new() } else { of_all_allows(cx, guard) };
    let broad = |ranges: &[(&Leaf, Cidr)]| [true, false].map(|v4| is_too_broad(ranges, v4));
    let (whose, v4) = match (broad(&ranges), broad(&whole)) {
        ([false, false], [false, false]) => return None,
        ([false, false], [v4, _]) => ("these ranges and those of the other Allows", v4),
        ([v4, _], _) => ("these ranges together", v4),
    };
    let width = if v4 { "/8" } else { "/32" };
    let text = format!("{whose} are wider than a {width}: too many networks to be a guard");
    let mark = (guard.first_value(), guard.through(text));
    Some(Flaw::new(mark, "a union of ranges", help))
}

/// The ranges that the Allows of the policy admit on the guard's key.
fn of_all_allows<'a>(cx: &'a CauseCx<'_>, guard: &Guard<'_>) -> Vec<(&'a Leaf, Cidr)> {
    let statements = cx.policy.into_iter().flat_map(Policy::known_statements);
    let conditions = statements.filter(|s| s.is_allow()).flat_map(Statement::known_conditions);
    let same = |c: &&Condition| {
        c.key == guard.condition.key && c.operator.is_some_and(|op| op == guard.op)
    };
    conditions.filter(same).flat_map(ranges).collect()
}
