//! The address that stands for a set in a witness (SEMANTICS 2.5).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use super::{AddressSet, address};
use crate::model::Cidr;

/// Ranges that no internet client has.
const SPECIAL: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::1/128",
    "::ffff:0:0/96",
    "fc00::/7",
    "fe80::/10",
];

/// Ranges for documentation: clients as far as a policy is concerned, and no good witness.
const DOCUMENTATION: &[&str] =
    &["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"];

/// Ranges that a VPC has its addresses from.
const PRIVATE: &[&str] = &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

/// Public IPv6 addresses that have been given out.
const GLOBAL_V6: &str = "2000::/3";

const WELL_KNOWN: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(8, 8, 8, 8)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0x4860, 0x4860, 0, 0, 0, 0, 0x8888)),
];

const INSIDE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 5));

static SPECIAL_SET: LazyLock<AddressSet> = LazyLock::new(|| parse(SPECIAL));
static DOCUMENTATION_SET: LazyLock<AddressSet> = LazyLock::new(|| parse(DOCUMENTATION));

/// The sets from which a public witness is taken, best first.
static PUBLIC_ORDER: LazyLock<Vec<AddressSet>> = LazyLock::new(|| {
    let client = special().complement();
    let plain = client.subtract(documentation());
    let global = parse(&[GLOBAL_V6]).intersect(&plain);
    vec![plain.intersect(&AddressSet::ipv4()), global, plain, client, AddressSet::everything()]
});

/// The sets from which a witness inside a VPC is taken, best first.
static INSIDE_ORDER: LazyLock<Vec<AddressSet>> = LazyLock::new(|| {
    let private = parse(PRIVATE);
    let v4 = private.intersect(&AddressSet::ipv4());
    vec![v4, private, AddressSet::ipv4(), AddressSet::everything()]
});

/// The addresses that no internet client has.
pub fn special() -> &'static AddressSet {
    &SPECIAL_SET
}

/// The addresses that stand in documentation.
pub fn documentation() -> &'static AddressSet {
    &DOCUMENTATION_SET
}

fn parse(texts: &[&str]) -> AddressSet {
    AddressSet::from_cidrs(texts.iter().filter_map(|text| Cidr::parse(text)))
}

impl AddressSet {
    /// The simplest address of a client on the internet: 8.8.8.8 when it is in the set, else one
    /// outside of the special and the documentation ranges. `None` when the set is empty.
    pub fn witness(&self) -> Option<IpAddr> {
        let known = WELL_KNOWN.into_iter().find(|address| self.contains(*address));
        known.or_else(|| self.first_in(&PUBLIC_ORDER))
    }

    /// The simplest address of a client within a VPC: a private one when there is one in the set.
    /// `None` when the set is empty.
    pub fn witness_inside(&self) -> Option<IpAddr> {
        let known = Some(INSIDE).filter(|address| self.contains(*address));
        known.or_else(|| self.first_in(&INSIDE_ORDER))
    }

    fn first_in(&self, order: &[AddressSet]) -> Option<IpAddr> {
        order.iter().find_map(|within| {
            let set = self.intersect(within);
            let (v4, first, last) = set.stretches().next()?;
            // The first address of a block names the block: take the one after it.
            Some(address(v4, if last - first >= 2 { first + 1 } else { first }))
        })
    }
}
