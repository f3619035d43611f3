//! Sets of IPv4 and IPv6 addresses.
//!
//! Both families live side by side and never mix: an IPv4 client is in no IPv6 range, `::ffff:0:0/96`
//! included, and the other way round (SEMANTICS 2.1). The complement holds what is left of both.

mod simplest;

#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::analyze::sets::presence::Algebra;
use crate::model::Cidr;

use crate::analyze::sets::runs::Runs;
pub use simplest::{documentation, special};

/// The last IPv4 address, as a number.
const LAST_V4: u128 = u32::MAX as u128;
/// The last IPv6 address, as a number.
const LAST_V6: u128 = u128::MAX;

/// A set of addresses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AddressSet {
    v4: Runs,
    v6: Runs,
}

/// How many addresses a set holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    /// IPv4 addresses.
    pub v4: u64,
    /// IPv6 addresses; all 2^128 of them count as one less.
    pub v6: u128,
}

impl AddressSet {
    /// No address.
    pub fn nothing() -> Self {
        Self { v4: Runs::nothing(), v6: Runs::nothing() }
    }

    /// Every address.
    pub fn everything() -> Self {
        Self::nothing().complement()
    }

    /// Every IPv4 address.
    pub fn ipv4() -> Self {
        Self { v4: Runs::one(0, LAST_V4), v6: Runs::nothing() }
    }

    /// Every IPv6 address.
    pub fn ipv6() -> Self {
        Self { v4: Runs::nothing(), v6: Runs::one(0, LAST_V6) }
    }

    /// The addresses of a range; its host bits do not count.
    pub fn from_cidr(cidr: Cidr) -> Self {
        Self::from_cidrs([cidr])
    }

    /// The addresses of any of the ranges.
    pub fn from_cidrs(cidrs: impl IntoIterator<Item = Cidr>) -> Self {
        let (v4, v6): (Vec<Cidr>, Vec<Cidr>) = cidrs.into_iter().partition(|c| c.is_ipv4());
        let runs = |cidrs: Vec<Cidr>| Runs::new(cidrs.into_iter().map(Cidr::bounds).collect());
        Self { v4: runs(v4), v6: runs(v6) }
    }

    /// The addresses of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    /// The addresses of both sets.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersect(&other.v4), v6: self.v6.intersect(&other.v6) }
    }

    /// The addresses of either family that are not in the set.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self { v4: self.v4.complement(LAST_V4), v6: self.v6.complement(LAST_V6) }
    }

    /// The addresses of this set that are not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.intersect(&other.complement())
    }

    /// Whether there is no address in the set.
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Whether every address of this set is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.subtract(other).is_empty()
    }

    /// Whether `address` is in the set.
    pub fn contains(&self, address: IpAddr) -> bool {
        match number(address) {
            (true, value) => self.v4.contains(value),
            (false, value) => self.v6.contains(value),
        }
    }

    /// How many addresses there are.
    pub fn size(&self) -> Size {
        let v4 = u64::try_from(self.v4.count()).unwrap_or(u64::MAX);
        Size { v4, v6: self.v6.count() }
    }

    /// The least ranges that make up the set, in order, IPv4 first.
    pub fn ranges(&self) -> Vec<Cidr> {
        let v4 = self.v4.blocks(32).into_iter().map(|(first, prefix)| (true, first, prefix));
        let v6 = self.v6.blocks(128).into_iter().map(|(first, prefix)| (false, first, prefix));
        v4.chain(v6)
            .filter_map(|(v4, first, prefix)| Cidr::new(address(v4, first), prefix))
            .collect()
    }

    /// The first and last address of each stretch without a gap.
    fn stretches(&self) -> impl Iterator<Item = (bool, u128, u128)> + '_ {
        let v4 = self.v4.iter().map(|(first, last)| (true, first, last));
        v4.chain(self.v6.iter().map(|(first, last)| (false, first, last)))
    }
}

impl Algebra for AddressSet {
    fn nothing() -> Self {
        Self::nothing()
    }
    fn union(&self, other: &Self) -> Self {
        self.union(other)
    }
    fn complement(&self) -> Self {
        self.complement()
    }
}

/// Whether an address is IPv4, and its number.
fn number(address: IpAddr) -> (bool, u128) {
    match address {
        IpAddr::V4(a) => (true, u32::from(a).into()),
        IpAddr::V6(a) => (false, a.into()),
    }
}

fn address(v4: bool, value: u128) -> IpAddr {
    match u32::try_from(value) {
        Ok(value) if v4 => Ipv4Addr::from(value).into(),
        _ => Ipv6Addr::from(value).into(),
    }
}
