//! Where a request comes from: what the question says, else every place that the policy tells apart.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use crate::analyze::sets::AddressSet;
use crate::model::{
    ApiWorld, BaseOp, Cidr, Entry, Fresh, IpAddressType, KnownKey, Network, Policy, Question, Tri,
    Value,
};

use super::outcome::Place;

/// An address inside a VPC.
const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 5));
/// An address of the internet.
const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::new(8, 8, 8, 8));

/// A place that requests come from.
pub(super) struct From {
    pub(super) network: Network,
    pub(super) label: Place,
    /// Why the request does not reach the endpoint at all.
    pub(super) unreachable: Option<&'static str>,
    /// Whether it reaches it.
    pub(super) reachable: Tri,
}

/// Any place.
pub(super) fn any(question: &Question, private: bool) -> Network {
    match private {
        false => match question.ip {
            Some(ip) => Network::Internet(ip, Fresh::No),
            None => Network::internet(PUBLIC),
        },
        true => Network::Vpc {
            vpce: id(question.vpce.as_deref(), "vpce-"),
            vpc: id(question.vpc.as_deref(), "vpc-"),
            ip: question.ip.unwrap_or(LOCAL),
        },
    }
}

fn id(given: Option<&str>, prefix: &str) -> Value {
    match given {
        Some(id) => Value::named(id),
        None => Value::fresh(format!("{prefix}0f1e2d3c4b5a69788")),
    }
}

/// The places that the question leaves open, as far as the policy tells them apart.
pub(super) fn networks(
    question: &Question,
    world: &ApiWorld,
    private: bool,
    policy: Option<&Policy>,
) -> Vec<From> {
    if private { inside(question, policy) } else { outside(question, world, policy) }
}

/// Public addresses.
fn outside(question: &Question, world: &ApiWorld, policy: Option<&Policy>) -> Vec<From> {
    let through_endpoint = question.vpce.is_some() || question.vpc.is_some();
    let from = |ip: IpAddr, fresh: Fresh, label: Place| {
        let (unreachable, reachable) = match (world.ip, ip) {
            _ if through_endpoint => {
                (Some("the API is public, and not reached through a VPC endpoint"), Tri::False)
            }
            (IpAddressType::Ipv4, IpAddr::V6(_)) => {
                (Some("the endpoint takes IPv4 addresses only"), Tri::False)
            }
            (IpAddressType::Unknown, IpAddr::V6(_)) => (None, Tri::Unknown),
            _ => (None, Tri::True),
        };
        From { network: Network::Internet(ip, fresh), label, unreachable, reachable }
    };
    if let Some(ip) = question.ip {
        return vec![from(ip, Fresh::No, Place::Given)];
    }
    let all = match world.ip {
        IpAddressType::Ipv4 => AddressSet::ipv4(),
        IpAddressType::Dualstack | IpAddressType::Unknown => AddressSet::everything(),
    };
    cells(all, policy, KnownKey::SourceIp)
        .into_iter()
        .filter_map(|cell| Some(from(cell.witness()?, Fresh::Yes, Place::Addresses(cell))))
        .collect()
}

/// VPC endpoints.
fn inside(question: &Question, policy: Option<&Policy>) -> Vec<From> {
    let vpces = ids(question.vpce.as_deref(), policy, KnownKey::SourceVpce, "vpce-");
    let vpcs = ids(question.vpc.as_deref(), policy, KnownKey::SourceVpc, "vpc-");
    let mut out = Vec::new();
    for (vpce, through) in &vpces {
        for (vpc, within) in &vpcs {
            for (ip, at) in inner(question, policy) {
                let words: Vec<&str> =
                    [through.as_str(), within, &at].into_iter().filter(|w| !w.is_empty()).collect();
                out.push(From {
                    network: Network::Vpc { vpce: vpce.clone(), vpc: vpc.clone(), ip },
                    label: match words.is_empty() {
                        true => Place::Given,
                        false => Place::Text(words.join(" ")),
                    },
                    unreachable: None,
                    reachable: Tri::True,
                });
            }
        }
    }
    out
}

/// The ids that the policy compares `key` with, and another one; in words.
fn ids(
    given: Option<&str>,
    policy: Option<&Policy>,
    key: KnownKey,
    prefix: &str,
) -> Vec<(Value, String)> {
    if given.is_some() {
        return vec![(id(given, prefix), String::new())];
    }
    let mut named = BTreeSet::new();
    for condition in policy.into_iter().flat_map(conditions).filter(|c| c.key.known == key) {
        let texts = condition.values.iter().filter_map(|entry| entry.one()?.text());
        let texts = texts.filter(|text| text.starts_with(prefix));
        // One id that a pattern matches stands for those that it matches.
        named.extend(texts.map(|text| text.replace(['*', '?'], "0")));
    }
    if named.is_empty() {
        return vec![(id(None, prefix), String::new())];
    }
    let what = if key == KnownKey::SourceVpce { "through" } else { "in" };
    let other = if key == KnownKey::SourceVpce { "VPC endpoint" } else { "VPC" };
    let mut out: Vec<(Value, String)> =
        named.into_iter().map(|id| (Value::named(&id), format!("{what} {id}"))).collect();
    out.push((id(None, prefix), format!("{what} any other {other}")));
    out
}

/// Addresses inside the VPC.
fn inner(question: &Question, policy: Option<&Policy>) -> Vec<(IpAddr, String)> {
    if let Some(ip) = question.ip {
        return vec![(ip, String::new())];
    }
    let cells = cells(AddressSet::everything(), policy, KnownKey::VpcSourceIp);
    if cells.len() < 2 {
        return vec![(LOCAL, String::new())];
    }
    let words = |cell: &AddressSet| match cell.ranges().as_slice() {
        [only] => format!("from {only}"),
        _ if cell.contains(LOCAL) => format!("from {LOCAL}, for one"),
        _ => "from any other address".to_owned(),
    };
    cells.iter().filter_map(|cell| Some((cell.witness_inside()?, words(cell)))).collect()
}

/// `all`, cut by the ranges that the policy compares `key` with.
fn cells(all: AddressSet, policy: Option<&Policy>, key: KnownKey) -> Vec<AddressSet> {
    let mut cells = vec![all];
    let ranges: BTreeSet<Cidr> = policy
        .into_iter()
        .flat_map(conditions)
        .filter(|c| c.key.known == key)
        .filter(|c| c.operator.is_some_and(|op| op.base == BaseOp::IpAddress))
        .flat_map(|c| &c.values)
        .filter_map(|entry| Cidr::parse(entry.one()?.text()?))
        .collect();
    for range in ranges {
        let range = AddressSet::from_cidr(range);
        let halves = |cell: &AddressSet| [cell.intersect(&range), cell.subtract(&range)];
        cells = cells.iter().flat_map(halves).filter(|cell| !cell.is_empty()).collect();
    }
    cells
}

/// The known conditions of a policy.
pub(super) fn conditions(policy: &Policy) -> impl Iterator<Item = &crate::model::Condition> {
    policy
        .known_statements()
        .flat_map(|statement| statement.conditions.iter())
        .filter_map(Entry::one)
}
