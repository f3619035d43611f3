//! Addresses: the cells into which the ranges of a policy cut the address space, which of them an
//! internet client can have, how wide a guard is, and how admitted ranges are written.
//!
//! Sources: SEMANTICS 2.5 (special ranges), CONTRACT 4 (a guard wider than IPv4 /8 or IPv6 /32 in
//! total is no guard; documentation ranges are clients).

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Subnets, Ipv6Subnets};

use crate::analyze::sets::AddressSet;
use crate::analyze::sets::addresses::{documentation, special};
use crate::model::Cidr;

/// What a witness uses when nothing speaks against it.
const PREFERRED: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(8, 8, 8, 8)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0x4860, 0x4860, 0, 0, 0, 0, 0x8888)),
    IpAddr::V4(Ipv4Addr::new(10, 0, 0, 5)),
];

/// A range of addresses that no policy literal cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    /// IPv4.
    pub(super) v4: bool,
    /// The first address, as a number.
    pub(super) first: u128,
    /// The last address.
    pub(super) last: u128,
    /// An internet client can have it.
    pub(super) client: bool,
    /// It lies in a network of the trust list.
    pub(super) trusted: bool,
    /// It is a documentation range.
    pub(super) documentation: bool,
}

impl Cell {
    /// An address of the cell, a well-known one when there is one in it.
    pub(super) fn address(self) -> IpAddr {
        for preferred in PREFERRED {
            let (v4, value) = number(preferred);
            if v4 == self.v4 && (self.first..=self.last).contains(&value) {
                return preferred;
            }
        }
        // The first address of a block names the block: take the one after it.
        address(self.v4, if self.last - self.first >= 2 { self.first + 1 } else { self.first })
    }

    /// How well an address of the cell serves as a witness, best first.
    pub(super) fn rank(self) -> (bool, bool, bool, bool, u128) {
        let known = PREFERRED.contains(&self.address());
        (!self.client, self.documentation, !self.v4, !known, self.first)
    }

    /// How well an address of the cell serves as one inside a VPC, best first.
    pub(super) fn rank_inside(self) -> (bool, bool, u128) {
        let private = self.address() == PREFERRED[2];
        (!private, !self.v4, self.first)
    }

    /// How many addresses it holds.
    pub(super) fn width(self) -> Width {
        let count = (self.last - self.first).saturating_add(1);
        if self.v4 { Width { v4: count, v6: 0 } } else { Width { v4: 0, v6: count } }
    }
}

/// How many addresses a guard admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Width {
    v4: u128,
    v6: u128,
}

impl Width {
    /// Everything.
    pub(super) const ALL: Self = Self { v4: u128::MAX, v6: u128::MAX };

    /// The sum of two disjoint sets.
    pub(super) fn plus(self, other: Self) -> Self {
        Self { v4: self.v4.saturating_add(other.v4), v6: self.v6.saturating_add(other.v6) }
    }

    /// Wider than IPv4 /8 or IPv6 /32: no guard.
    pub(super) fn is_wide(self) -> bool {
        self.v4 > 1 << 24 || self.v6 > 1 << 96
    }
}

/// The cells of the internet: every bound of `ranges`, of the special ranges and of the trusted
/// networks cuts. `texts`: a condition compares addresses as text with a pattern, which is followed
/// at the grain of the first octet. `v6`: IPv6 clients reach the endpoint.
pub(super) fn internet(
    ranges: &BTreeSet<(bool, u128, u128)>,
    texts: bool,
    trusted: &[Cidr],
    v6: bool,
) -> Vec<Cell> {
    let (special, documentation) = (ranges_of(special()), ranges_of(documentation()));
    let trusted: Vec<_> = trusted.iter().map(|c| bounds(*c)).collect();
    let cuts: Vec<_> =
        ranges.iter().chain(&special).chain(&documentation).chain(&trusted).copied().collect();
    let mut cells = cut(&cuts, texts, v6);
    for cell in &mut cells {
        cell.client = !lies_in(*cell, &special);
        cell.trusted = lies_in(*cell, &trusted);
        cell.documentation = lies_in(*cell, &documentation);
    }
    cells
}

/// The cells of the addresses inside a VPC: all addresses, of which an outsider picks any.
pub(super) fn inside_vpc(ranges: &BTreeSet<(bool, u128, u128)>, texts: bool) -> Vec<Cell> {
    let mut cuts: Vec<_> = ranges.iter().copied().collect();
    cuts.extend(Cidr::parse("10.0.0.0/8").map(bounds));
    cut(&cuts, texts, true)
}

fn cut(ranges: &[(bool, u128, u128)], texts: bool, v6: bool) -> Vec<Cell> {
    let mut cells = Vec::new();
    for v4 in if v6 { &[true, false][..] } else { &[true][..] } {
        let end = if *v4 { u128::from(u32::MAX) } else { u128::MAX };
        let mut starts = BTreeSet::from([0]);
        for (_, first, last) in ranges.iter().filter(|r| r.0 == *v4) {
            starts.insert(*first);
            starts.extend(last.checked_add(1).filter(|next| *next <= end));
        }
        if texts && *v4 {
            starts.extend((0..256u128).map(|octet| octet << 24));
        }
        let mut starts = starts.into_iter().peekable();
        while let Some(first) = starts.next() {
            let last = starts.peek().map_or(end, |next| next - 1);
            cells.push(Cell {
                v4: *v4,
                first,
                last,
                client: true,
                trusted: false,
                documentation: false,
            });
        }
    }
    cells
}

/// The canonical blocks of the union of `cells`, those that no client can have left out.
pub(super) fn blocks(cells: &BTreeSet<Cell>) -> Vec<String> {
    // Sorted by family and first address; cells of several policies may overlap.
    let mut merged: Vec<(bool, u128, u128, bool)> = Vec::new();
    for cell in cells {
        match merged.last_mut() {
            Some((v4, _, last, client))
                if *v4 == cell.v4 && last.checked_add(1).is_none_or(|next| cell.first <= next) =>
            {
                *last = cell.last.max(*last);
                *client |= cell.client;
            }
            _ => merged.push((cell.v4, cell.first, cell.last, cell.client)),
        }
    }
    merged.sort_by_key(|(v4, first, ..)| (!v4, *first));
    let special = ranges_of(special());
    let mut out = Vec::new();
    for (v4, first, last, client) in merged {
        if !client {
            continue;
        }
        for (text, first, last) in subnets(v4, first, last) {
            let dead = special.iter().any(|s| s.0 == v4 && s.1 <= first && last <= s.2);
            if !dead {
                out.push(text);
            }
        }
    }
    out
}

fn subnets(v4: bool, first: u128, last: u128) -> Vec<(String, u128, u128)> {
    match (address(v4, first), address(v4, last)) {
        (IpAddr::V4(a), IpAddr::V4(b)) => Ipv4Subnets::new(a, b, 0)
            .map(|n| {
                let bounds = (u32::from(n.network()), u32::from(n.broadcast()));
                (n.to_string(), u128::from(bounds.0), u128::from(bounds.1))
            })
            .collect(),
        (IpAddr::V6(a), IpAddr::V6(b)) => Ipv6Subnets::new(a, b, 0)
            .map(|n| (n.to_string(), u128::from(n.network()), u128::from(n.broadcast())))
            .collect(),
        _ => Vec::new(),
    }
}

fn bounds(cidr: Cidr) -> (bool, u128, u128) {
    let (first, last) = cidr.bounds();
    (cidr.is_ipv4(), first, last)
}

fn ranges_of(set: &AddressSet) -> Vec<(bool, u128, u128)> {
    set.ranges().into_iter().map(bounds).collect()
}

fn lies_in(cell: Cell, ranges: &[(bool, u128, u128)]) -> bool {
    ranges.iter().any(|r| r.0 == cell.v4 && r.1 <= cell.first && cell.last <= r.2)
}

fn number(address: IpAddr) -> (bool, u128) {
    match address {
        IpAddr::V4(a) => (true, u128::from(u32::from(a))),
        IpAddr::V6(a) => (false, u128::from(a)),
    }
}

fn address(v4: bool, value: u128) -> IpAddr {
    if v4 {
        IpAddr::V4(Ipv4Addr::from(u32::try_from(value).unwrap_or(u32::MAX)))
    } else {
        IpAddr::V6(Ipv6Addr::from(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(texts: &[&str]) -> BTreeSet<(bool, u128, u128)> {
        texts.iter().filter_map(|text| Cidr::parse(text)).map(bounds).collect()
    }

    fn admitted(texts: &[&str]) -> BTreeSet<Cell> {
        let ranges = ranges(texts);
        let wanted: Vec<_> = ranges.iter().copied().collect();
        internet(&ranges, false, &[], true)
            .into_iter()
            .filter(|cell| lies_in(*cell, &wanted))
            .collect()
    }

    fn width(texts: &[&str]) -> Width {
        admitted(texts)
            .into_iter()
            .filter(|cell| cell.client)
            .fold(Width::default(), |sum, cell| sum.plus(cell.width()))
    }

    #[test]
    fn cells_cover_the_space_once() {
        let cells = internet(&ranges(&["203.0.113.0/25", "2001:db8::/48"]), false, &[], true);
        for pair in cells.windows(2) {
            if pair[0].v4 == pair[1].v4 {
                assert_eq!(pair[0].last + 1, pair[1].first);
            }
        }
        let total: u128 = cells.iter().filter(|c| c.v4).map(|c| c.last - c.first + 1).sum();
        assert_eq!(total, 1 << 32);
        assert_eq!(cells.last().map(|c| c.last), Some(u128::MAX));
    }

    #[test]
    fn the_best_cell_holds_the_well_known_address() {
        let mut cells = internet(&ranges(&["8.0.0.0/8"]), false, &[], true);
        cells.sort_by_key(|c| c.rank());
        assert_eq!(cells[0].address().to_string(), "8.8.8.8");
        let mut v6 = internet(&ranges(&[]), false, &[], true);
        v6.retain(|c| !c.v4);
        v6.sort_by_key(|c| c.rank());
        assert_eq!(v6[0].address().to_string(), "2001:4860:4860::8888");
    }

    #[test]
    fn a_guard_of_exactly_8_bits_is_narrow() {
        assert!(!width(&["8.0.0.0/8"]).is_wide());
        assert!(width(&["8.0.0.0/8", "9.0.0.0/32"]).is_wide());
        assert!(width(&["0.0.0.0/1"]).is_wide());
        assert!(!width(&["2600::/32"]).is_wide());
        assert!(width(&["2600::/31"]).is_wide());
        assert!(width(&["::/0"]).is_wide());
    }

    #[test]
    fn special_ranges_do_not_count_and_documentation_does() {
        assert_eq!(width(&["10.0.0.0/8", "192.168.0.0/16", "fc00::/7"]), Width::default());
        assert_eq!(width(&["203.0.113.0/24"]), Width { v4: 256, v6: 0 });
        assert!(!width(&["172.0.0.0/8"]).is_wide());
    }

    #[test]
    fn blocks_are_merged_and_canonical() {
        let text = |texts: &[&str]| blocks(&admitted(texts));
        assert_eq!(text(&["203.0.113.0/25", "203.0.113.128/25"]), ["203.0.113.0/24"]);
        assert_eq!(
            text(&["203.0.113.7/24", "198.51.100.4"]),
            ["198.51.100.4/32", "203.0.113.0/24"]
        );
        assert_eq!(text(&["10.0.0.0/8"]), Vec::<String>::new());
        assert_eq!(text(&["172.0.0.0/8"]), ["172.0.0.0/8"]);
        assert_eq!(text(&["::/0"]), ["::/0"]);
        assert_eq!(text(&["2001:db8::/32", "203.0.113.0/24"]), ["203.0.113.0/24", "2001:db8::/32"]);
    }
}
