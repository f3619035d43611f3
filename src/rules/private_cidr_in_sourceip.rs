//! `private-cidr-in-sourceip`: addresses that no caller from the internet has.

use super::support::{DefectCx, PolicyIn, about, clip, constant, grant_key, value_text};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{
    ApiKind, BaseOp, Cidr, Condition, EndpointType, EndpointTypes, Entry, KnownKey, Leaf,
    Statement, Tri,
};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "private-cidr-in-sourceip",
        summary: "aws:SourceIp of a public API is compared with private addresses",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/private-cidr-in-sourceip.md"),
    },
    kind: Kind::Defect(check),
};

/// Ranges that are not routed on the internet, and what they are (IANA special-purpose registries).
const PRIVATE: &[(&str, &str)] = &[
    ("10.0.0.0/8", "private"),
    ("172.16.0.0/12", "private"),
    ("192.168.0.0/16", "private"),
    ("100.64.0.0/10", "a carrier's own"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("::1/128", "loopback"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
];

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies() {
        let private =
            matches!(place.world.endpoint, EndpointTypes::Known(EndpointType::Private, _));
        if private || !matches!(place.api.kind, ApiKind::RestApi | ApiKind::Document) {
            continue;
        }
        for (statement, condition) in place.conditions() {
            out.extend(draft(cx, &place, statement, condition));
        }
    }
}

/// One draft for all private ranges of a condition: the list is one mistake.
fn draft(
    cx: &DefectCx<'_>,
    place: &PolicyIn<'_>,
    statement: &Statement,
    condition: &Condition,
) -> Option<Draft> {
    let operator = condition.operator.filter(|op| op.base == BaseOp::IpAddress)?;
    if condition.key.known != KnownKey::SourceIp {
        return None;
    }
    let leaves = condition.values.iter().filter_map(Entry::one);
    let mut private = leaves.filter_map(|leaf| Some((leaf, kind(leaf)?)));
    let (first, what) = private.next()?;
    let others: Vec<(&Leaf, &str)> = private.collect();
    let all = others.len() + 1 == condition.values.len();
    let (effect, severity) = match all {
        true => constant(cx, place, statement, Tri::from(operator.negated)),
        false => ("this entry matches no request", Severity::Low),
    };
    let text = format!("{what}: callers from the internet have public addresses; {effect}");
    let value = value_text(first, &place.api.symbols);
    let key = format!("private|{value}|{}", grant_key(statement, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, (first.origin, text), key);
    draft.severity = severity;
    draft.title = clip(&format!("no caller from the internet has an address in {value}"), 80);
    draft.help =
        "list the public addresses that calls come from (those of NAT gateways and proxies), \
                  or make the API PRIVATE and use `aws:VpcSourceIp` beside `aws:SourceVpce`"
            .into();
    draft.secondary =
        others.into_iter().map(|(leaf, what)| (leaf.origin, format!("{what} too"))).collect();
    draft.about = about(condition);
    match &place.world.endpoint {
        EndpointTypes::Document | EndpointTypes::Unknown(..) => {
            place.taking_for_granted(&mut draft, "a public endpoint (EDGE or REGIONAL)");
        }
        EndpointTypes::Known(_, Some(origin)) => {
            draft.secondary.push((*origin, "a public endpoint: its callers are anywhere".into()));
        }
        EndpointTypes::Known(_, None) | EndpointTypes::Absent => {}
    }
    Some(draft)
}

/// What kind of private range a value lies in, with all its addresses.
fn kind(leaf: &Leaf) -> Option<&'static str> {
    let value = Cidr::parse(leaf.text()?)?;
    let (first, last) = value.bounds();
    let inside = |range: &Cidr| {
        let (from, to) = range.bounds();
        range.is_ipv4() == value.is_ipv4() && from <= first && last <= to
    };
    let mut ranges = PRIVATE.iter().filter_map(|(range, kind)| Some((Cidr::parse(range)?, *kind)));
    ranges.find(|(range, _)| inside(range)).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Origins, SourceDb, Span};

    #[test]
    fn only_ranges_that_are_private_as_a_whole() {
        let file = SourceDb::new().add("x".as_ref(), "x".into(), "");
        let origin = Origins::new().literal(Span::new(file, 0, 0));
        let kind = |text: &str| kind(&Leaf::known(text, origin));
        assert!(PRIVATE.iter().all(|(range, what)| kind(range) == Some(what)));
        for text in ["10.1.2.3", "10.0.0.0/8", "172.31.255.0/24", "fd00::/8", "10.1.2.3/16"] {
            assert_eq!(kind(text), Some("private"), "{text}");
        }
        for text in ["10.0.0.0/7", "172.0.0.0/8", "0.0.0.0/0", "::/0", "203.0.113.0/24", "x"] {
            assert_eq!(kind(text), None, "{text}");
        }
    }
}
