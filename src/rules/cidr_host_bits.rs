//! `cidr-host-bits`: a range whose address is not its first.

use super::support::{DefectCx, clip, code, leaf_key, ranges};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{BaseOp, Cidr};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "cidr-host-bits",
        summary: "an address range has bits set behind its prefix, which do not count",
        severity: Severity::Low,
        doc: include_str!("../../docs/rules/cidr-host-bits.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for (place, _, condition) in cx.conditions() {
        if condition.operator.is_none_or(|op| op.base != BaseOp::IpAddress) {
            continue;
        }
        for (leaf, cidr) in ranges(condition) {
            let Some(network) = network(cidr) else { continue };
            let text =
                format!("read as {}: the bits behind the prefix do not count", code(&network));
            let key = format!("host-bits|{}", leaf_key(leaf, &place.api.symbols));
            let mut draft = place.draft(&RULE.meta, (leaf.origin, text), key);
            let written = code(&cidr.to_string());
            draft.title =
                clip(&format!("{written} is one address, and stands for a whole range"), 80);
            let single = Cidr::parse(&cidr.address().to_string());
            let single = single.map_or_else(String::new, |single| code(&single.to_string()));
            draft.help =
                format!("write {} for the range, or {single} for that address", code(&network));
            out.push(draft);
        }
    }
}

/// The range as it should be written, where its address is not the first.
fn network(cidr: Cidr) -> Option<String> {
    let (first, _) = cidr.bounds();
    let address: std::net::IpAddr = if cidr.is_ipv4() {
        std::net::Ipv4Addr::from(u32::try_from(first).ok()?).into()
    } else {
        std::net::Ipv6Addr::from(first).into()
    };
    (address != cidr.address()).then(|| format!("{address}/{}", cidr.prefix()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks() {
        let of = |text: &str| network(Cidr::parse(text).expect("a range"));
        assert_eq!(of("203.0.113.7/24").as_deref(), Some("203.0.113.0/24"));
        assert_eq!(of("203.0.113.0/24"), None);
        assert_eq!(of("203.0.113.7"), None);
        assert_eq!(of("2001:db8::1/32").as_deref(), Some("2001:db8::/32"));
        assert_eq!(of("1.2.3.4/0").as_deref(), Some("0.0.0.0/0"));
    }
}
