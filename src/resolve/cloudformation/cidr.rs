//! `Fn::Cidr`: the blocks that an address block is cut into.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Cx, Unit, string};
use crate::resolve::{Item, Kind, NeedSplit, Piece, Text, Value};
use crate::source::Step;
use crate::syntax::Node;

/// How many blocks one call makes at most (AWS, "Fn::Cidr").
const MAX_BLOCKS: u32 = 256;

impl Unit<'_> {
    /// `Fn::Cidr`: [address block, count, host bits of each block]. With an argument that is not known
    /// the list is not known.
    pub(super) fn cidr(&mut self, arg: &Node, node: &Node, cx: Cx<'_>) -> Result<Value, NeedSplit> {
        let Some([block, count, bits]) = arg.as_list().map(|items| &**items) else {
            return Ok(self.unknown("Fn::Cidr", node, cx));
        };
        let mut known = Vec::new();
        for argument in [block, count, bits] {
            known.extend(self.value(argument, cx)?.known_text());
        }
        let blocks = match known.as_slice() {
            [block, count, bits] => blocks(block.trim(), count.trim(), bits.trim()),
            _ => None,
        };
        let Some(blocks) = blocks else { return Ok(self.unknown("Fn::Cidr", node, cx)) };
        self.spend(blocks.len());
        let origin = self.origins.add(node.span, Step::Call("Fn::Cidr"), None);
        let items = blocks.into_iter().map(|block| {
            let (text, map) = string::spelled(&block, node.span);
            Item::One(Value::new(Kind::Text(Text(vec![Piece::Lit { text, map, origin }])), origin))
        });
        let items: Vec<Item> = items.collect();
        Ok(Value::new(Kind::List(items.into()), origin))
    }
}

/// The first `count` blocks with so many host bits inside of `block`; `None` where they do not fit.
fn blocks(block: &str, count: &str, bits: &str) -> Option<Vec<String>> {
    let (address, prefix) = block.split_once('/')?;
    let (count, bits): (u32, u32) = (count.parse().ok()?, bits.parse().ok()?);
    let prefix: u32 = prefix.parse().ok()?;
    let (base, width) = match (address.parse::<Ipv4Addr>(), address.parse::<Ipv6Addr>()) {
        (Ok(v4), _) => (u128::from(u32::from(v4)), 32u32),
        (_, Ok(v6)) => (u128::from(v6), 128),
        _ => return None,
    };
    let host = width.checked_sub(prefix)?;
    if !(1..=MAX_BLOCKS).contains(&count) || bits == 0 || bits > host {
        return None;
    }
    let base = base.checked_shr(host).unwrap_or(0).checked_shl(host).unwrap_or(0);
    let cells = 1u128.checked_shl(host - bits);
    if cells.is_some_and(|cells| u128::from(count) > cells) {
        return None;
    }
    let block = |i: u32| {
        // The only block of that many bits is all of the address space.
        let offset = if i == 0 { 0 } else { u128::from(i).checked_shl(bits)? };
        let start = base.checked_add(offset)?;
        let address = match width {
            32 => Ipv4Addr::from(u32::try_from(start).ok()?).to_string(),
            _ => Ipv6Addr::from(start).to_string(),
        };
        Some(format!("{address}/{}", width - bits))
    };
    (0..count).map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn blocks_follow_each_other() {
        let of = |block: &str, count: &str, bits: &str| blocks(block, count, bits);
        let three = ["192.168.0.0/27", "192.168.0.32/27", "192.168.0.64/27"];
        assert_eq!(of("192.168.0.7/24", "3", "5").as_deref(), Some(&three.map(String::from)[..]));
        assert_eq!(of("0.0.0.0/0", "1", "32").as_deref(), Some(&["0.0.0.0/0".to_owned()][..]));
        let six = ["2001:db8::/64", "2001:db8:0:1::/64"];
        assert_eq!(of("2001:db8::/56", "2", "64").as_deref(), Some(&six.map(String::from)[..]));
        assert_eq!(of("::/0", "1", "128").as_deref(), Some(&["::/0".to_owned()][..]));
    }

    #[test]
    fn what_does_not_fit_is_not_known() {
        for (block, count, bits) in [
            ("192.168.0.0/24", "9", "5"),
            ("192.168.0.0/24", "0", "5"),
            ("192.168.0.0/24", "257", "0"),
            ("192.168.0.0/24", "1", "9"),
            ("192.168.0.0/33", "1", "1"),
            ("192.168.0.0", "1", "1"),
            ("vpc", "1", "1"),
            ("192.168.0.0/24", "x", "1"),
        ] {
            assert_eq!(blocks(block, count, bits), None, "{block} {count} {bits}");
        }
    }
}
