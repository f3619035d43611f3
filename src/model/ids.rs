//! Identifiers and addresses, parsed once.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

/// A twelve-digit AWS account id, kept as text (leading zeros count).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(Arc<str>);

impl AccountId {
    /// `None` unless `text` is exactly twelve ASCII digits.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())).then(|| Self(text.into()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An organisation id: `o-` and 10 to 32 lower-case letters or digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrgId(Arc<str>);

impl OrgId {
    /// `None` unless `text` has the form of an organisation id.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("o-")?;
        let good = (10..=32).contains(&rest.len())
            && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        good.then(|| Self(text.into()))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A range of addresses. A bare address is its host prefix; host bits are kept as written and
/// ignored when matching (AWS Access Analyzer, "improve IP range").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cidr {
    address: IpAddr,
    prefix: u8,
}

impl Cidr {
    /// `None` for anything that is not exactly an address or CIDR block (blanks included).
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse::<IpAddr>() {
            let prefix = if address.is_ipv4() { 32 } else { 128 };
            return Some(Self { address, prefix });
        }
        let net = text.parse::<ipnet::IpNet>().ok()?;
        Some(Self { address: net.addr(), prefix: net.prefix_len() })
    }

    /// The range of the addresses that begin with the first `prefix` bits of `address`. `None` when
    /// it has fewer bits.
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        let width = if address.is_ipv4() { 32 } else { 128 };
        (prefix <= width).then_some(Self { address, prefix })
    }

    /// The address as written.
    pub fn address(self) -> IpAddr {
        self.address
    }

    /// The prefix length.
    pub fn prefix(self) -> u8 {
        self.prefix
    }

    /// Whether this is a range of IPv4 addresses.
    pub fn is_ipv4(self) -> bool {
        self.address.is_ipv4()
    }

    /// The first and last address, as numbers (IPv4: 32 bits, IPv6: 128 bits).
    pub fn bounds(self) -> (u128, u128) {
        let (value, width) = match self.address {
            IpAddr::V4(a) => (u128::from(u32::from(a)), 32u32),
            IpAddr::V6(a) => (u128::from(a), 128),
        };
        let host_bits = width - u32::from(self.prefix).min(width);
        let mask = match host_bits {
            0 => 0,
            128 => u128::MAX,
            bits => (1u128 << bits) - 1,
        };
        (value & !mask, value | mask)
    }

    /// Whether `address` lies in the range. An IPv4 address never lies in an IPv6 range.
    pub fn contains(self, address: IpAddr) -> bool {
        if address.is_ipv4() != self.is_ipv4() {
            return false;
        }
        let value = match address {
            IpAddr::V4(a) => u128::from(u32::from(a)),
            IpAddr::V6(a) => u128::from(a),
        };
        let (first, last) = self.bounds();
        (first..=last).contains(&value)
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cidr_bounds_and_membership() {
        let all = Cidr::parse("0.0.0.0/0").expect("a block");
        assert!(all.contains("8.8.8.8".parse().expect("an address")));
        assert!(!all.contains("2001:db8::1".parse().expect("an address")));
        let host_bits = Cidr::parse("203.0.113.7/24").expect("a block");
        assert!(host_bits.contains("203.0.113.200".parse().expect("an address")));
        let v6 = Cidr::parse("::/0").expect("a block");
        assert_eq!(v6.bounds(), (0, u128::MAX));
        assert_eq!(Cidr::parse(" 203.0.113.0/24"), None);
        assert_eq!(Cidr::parse("203.0.113.0/33"), None);
        assert_eq!(Cidr::parse("203.0.113.9").map(|c| c.prefix()), Some(32));
    }

    #[test]
    fn ids() {
        assert!(AccountId::parse("012345678901").is_some());
        assert!(AccountId::parse("12345678901").is_none());
        assert!(OrgId::parse("o-abc123def4").is_some());
        assert!(OrgId::parse("o-*").is_none());
    }
}
