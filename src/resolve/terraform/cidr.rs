//! Functions of address blocks: `cidrhost`, `cidrnetmask`, `cidrsubnet`, `cidrsubnets`
//! (hashicorp/terraform, `lang/funcs/cidr.go`; apparentlymart/go-cidr).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::argument::{Known, Miss, of_list, text, whole};
use super::evaluator::Evaluator;
use super::function::Call;
use crate::resolve::Value;

/// The functions here.
pub(super) const NAMES: &[&str] =
    &["cidrcontains", "cidrhost", "cidrnetmask", "cidrsubnet", "cidrsubnets"];

const TOO_SMALL: Miss = Miss::Refused("the prefix has no room for it");

impl Evaluator<'_> {
    pub(super) fn cidr(&mut self, call: Call<'_>, args: &[Value]) -> Known<Value> {
        let [prefix, rest @ ..] = args else {
            return Err(Miss::Refused("the number of arguments is wrong"));
        };
        let block = Block::parse(&text(prefix)?)?;
        let made = match (call.name, rest) {
            ("cidrnetmask", []) if block.bits == 32 => {
                Block { base: block.mask(), ..block }.address()?
            }
            ("cidrnetmask", []) => return Err(Miss::Refused("it is no IPv4 prefix")),
            ("cidrhost", [host]) => block.host(whole(host)?)?.address()?,
            ("cidrsubnet", [new_bits, number]) => {
                let new_bits = u32::try_from(whole(new_bits)?)
                    .map_err(|_| Miss::Refused("the number of bits is out of range"))?;
                block.subnet(new_bits, whole(number)?)?.text()?
            }
            ("cidrsubnets", sizes) => {
                let mut out = Vec::new();
                let mut next = block.base;
                let mut full = false;
                for new_bits in sizes {
                    let new_bits = whole(new_bits)?;
                    if !(1..=32).contains(&new_bits) {
                        return Err(Miss::Refused("must extend the prefix by 1 to 32 bits"));
                    }
                    let length = block.length + u32::try_from(new_bits).unwrap_or(u32::MAX);
                    if length > block.bits || full {
                        return Err(TOO_SMALL);
                    }
                    let made = block.following(next, length)?;
                    out.push(made.text()?);
                    match made.base.checked_add(1_u128.checked_shl(made.free()).ok_or(TOO_SMALL)?) {
                        Some(after) => next = after,
                        None => full = true,
                    }
                }
                let origin = self.at_call(call);
                let items = out.iter().map(|text| self.made_text(call, prefix, text)).collect();
                return Ok(of_list(items, origin));
            }
            ("cidrcontains", [other]) => {
                let other = text(other)?;
                let other = match other.contains('/') {
                    true => Block::parse(&other)?,
                    false => Block::parse(&format!(
                        "{other}/{}",
                        if other.contains(':') { 128 } else { 32 }
                    ))?,
                };
                let within = other.bits == block.bits
                    && other.length >= block.length
                    && other.base & block.mask() == block.base;
                let origin = self.at_call(call);
                return Ok(super::argument::of_bool(within, origin));
            }
            _ => return Err(Miss::Refused("the number of arguments is wrong")),
        };
        Ok(self.made_text(call, prefix, &made))
    }
}

/// An address block; its base has no bits outside of the prefix.
#[derive(Debug, Clone, Copy)]
struct Block {
    base: u128,
    length: u32,
    bits: u32,
}

impl Block {
    fn parse(text: &str) -> Known<Self> {
        const REFUSED: Miss = Miss::Refused("it is no CIDR block");
        let Ok(net) = text.parse::<IpNet>() else {
            // Terraform still reads zeros that lead a number; here nothing is made of them.
            let digits = |c: char| c.is_ascii_hexdigit() || ".:/".contains(c);
            let odd = text.chars().all(digits) && text.contains('/');
            return Err(if odd { Miss::Open } else { REFUSED });
        };
        let net = net.trunc();
        let length = u32::from(net.prefix_len());
        Ok(match net.network() {
            IpAddr::V4(address) => Self { base: u128::from(u32::from(address)), length, bits: 32 },
            IpAddr::V6(address) => Self { base: u128::from(address), length, bits: 128 },
        })
    }

    /// How many bits are not of the prefix.
    fn free(self) -> u32 {
        self.bits - self.length
    }

    fn all(self) -> u128 {
        u128::MAX >> (128 - self.bits)
    }

    fn mask(self) -> u128 {
        let rest = 1_u128.checked_shl(self.free()).map_or(u128::MAX, |n| n - 1);
        self.all() & !rest
    }

    fn host(self, number: i128) -> Known<Self> {
        let free = self.free();
        let room = 1_u128.checked_shl(free).filter(|_| free < 127);
        let Some(room) = room else { return Err(Miss::Open) };
        let room = i128::try_from(room).map_err(|_| Miss::Open)?;
        let number = if number < 0 { number.checked_add(room).ok_or(TOO_SMALL)? } else { number };
        if number < 0 || number >= room {
            return Err(TOO_SMALL);
        }
        Ok(Self { base: self.base | number.unsigned_abs(), ..self })
    }

    fn subnet(self, new_bits: u32, number: i128) -> Known<Self> {
        let length = self.length.checked_add(new_bits).ok_or(TOO_SMALL)?;
        if length > self.bits {
            return Err(TOO_SMALL);
        }
        let number = u128::try_from(number)
            .map_err(|_| Miss::Refused("the number of the subnet is negative"))?;
        let fits = 1_u128.checked_shl(new_bits).is_none_or(|room| number < room);
        if !fits {
            return Err(TOO_SMALL);
        }
        let shifted = number.checked_shl(self.bits - length).unwrap_or(0);
        Ok(Self { base: self.base | shifted, length, ..self })
    }

    /// The first block of that length that begins at `next` or behind it.
    fn following(self, next: u128, length: u32) -> Known<Self> {
        let size = 1_u128.checked_shl(self.bits - length).ok_or(Miss::Open)?;
        let base = next.checked_next_multiple_of(size).ok_or(TOO_SMALL)?;
        if base & self.mask() != self.base || base > self.all() {
            return Err(TOO_SMALL);
        }
        Ok(Self { base, length, ..self })
    }

    fn address(self) -> Known<String> {
        if self.bits == 32 {
            let address = u32::try_from(self.base).map_err(|_| Miss::Open)?;
            return Ok(Ipv4Addr::from(address).to_string());
        }
        let address = Ipv6Addr::from(self.base);
        // Go prints these as IPv4 addresses.
        if address.to_ipv4_mapped().is_some() {
            return Err(Miss::Open);
        }
        Ok(address.to_string())
    }

    fn text(self) -> Known<String> {
        Ok(format!("{}/{}", self.address()?, self.length))
    }
}
