//! `ipv4-only-denylist-dualstack`: a deny list that callers over IPv6 are not on.

use super::support::{DefectCx, leaf_key, ranges};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{ApiWorld, BaseOp, EndpointType, EndpointTypes, IpAddressType, KnownKey};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "ipv4-only-denylist-dualstack",
        summary: "a deny list of IPv4 addresses, on an API that answers callers over IPv6",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/ipv4-only-denylist-dualstack.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for (place, statement, condition) in cx.conditions() {
        let Some(op) = condition.operator else { continue };
        let listed = statement.is_deny() && op.base == BaseOp::IpAddress && !op.negated;
        if !listed || Some(condition.key.known) != key_over_ipv6(place.world) {
            continue;
        }
        let ranges = ranges(condition);
        // A value that is not known may be the IPv6 range.
        let all_known = ranges.len() == condition.values.len();
        let Some((leaf, _)) = ranges.first().filter(|_| all_known) else { continue };
        if ranges.iter().any(|(_, cidr)| !cidr.is_ipv4()) {
            continue;
        }
        let text = "IPv4 only: this Deny stops nobody who calls over IPv6".to_owned();
        let key = format!("ipv4-only|{}", leaf_key(leaf, &place.api.symbols));
        let mut draft = place.draft(&RULE.meta, (leaf.origin, text), key);
        draft.title = "a Deny lists IPv4 addresses only, and the API answers IPv6 too".into();
        draft.help = "add the IPv6 ranges of the same networks, or deny with `NotIpAddress` \
                      everything but what you admit"
            .into();
        if let EndpointTypes::Known(EndpointType::Private, Some(origin)) = place.world.endpoint {
            draft.secondary.push((origin, "PRIVATE: always answers IPv6 too".into()));
        }
        out.push(draft);
    }
}

/// The key that holds the address of a caller over IPv6; `None` where the API answers IPv4 only, or
/// nobody knows.
fn key_over_ipv6(world: &ApiWorld) -> Option<KnownKey> {
    match (&world.endpoint, world.ip) {
        (EndpointTypes::Known(EndpointType::Private, _), _) => Some(KnownKey::VpcSourceIp),
        (EndpointTypes::Unknown(..), _) => None,
        (_, IpAddressType::Dualstack) => Some(KnownKey::SourceIp),
        (_, IpAddressType::Ipv4 | IpAddressType::Unknown) => None,
    }
}
