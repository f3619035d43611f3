//! One value of the request against one value of a condition (SEMANTICS 2.1).
//!
//! A value that is not of the operator's type is refused by AWS (Access Analyzer, "type mismatch"):
//! it compares as `Unknown`, so that another value of the list may still decide.

use std::cmp::Ordering;
use std::net::IpAddr;

use crate::model::{BaseOp, Cidr, Fresh, Leaf, Part, Tri};

use super::context::Datum;
use super::scope::Scope;
use super::text::{self, Expand, Mode, Piece, Reading};
use crate::analyze::formats::{Decimal, Moment, decode_base64};

/// Whether `datum` compares with `leaf` as `op` says.
pub(super) fn one(op: BaseOp, leaf: &Leaf, datum: Datum<'_>, scope: &Scope<'_>) -> Tri {
    if let Some(mode) = mode(op) {
        return text::compare(&text::read(leaf, Expand::Variables, scope), mode, datum);
    }
    if op == BaseOp::IpAddress {
        return ip_address(leaf, datum);
    }
    let Some(written) = leaf.text() else { return Tri::Unknown };
    match op {
        BaseOp::Bool => match parse_bool(written) {
            Some(_) => datum.text().eq_ignore_ascii_case(written).into(),
            None => Tri::Unknown,
        },
        BaseOp::BinaryEquals => match decode_base64(written) {
            Some(bytes) => (decode_base64(&datum.text()) == Some(bytes)).into(),
            None => Tri::Unknown,
        },
        BaseOp::NumericEquals => number(written, datum, Ordering::is_eq),
        BaseOp::NumericLessThan => number(written, datum, Ordering::is_lt),
        BaseOp::NumericLessThanEquals => number(written, datum, Ordering::is_le),
        BaseOp::NumericGreaterThan => number(written, datum, Ordering::is_gt),
        BaseOp::NumericGreaterThanEquals => number(written, datum, Ordering::is_ge),
        BaseOp::DateEquals => date(written, datum, Ordering::is_eq),
        BaseOp::DateLessThan => date(written, datum, Ordering::is_lt),
        BaseOp::DateLessThanEquals => date(written, datum, Ordering::is_le),
        BaseOp::DateGreaterThan => date(written, datum, Ordering::is_gt),
        BaseOp::DateGreaterThanEquals => date(written, datum, Ordering::is_ge),
        BaseOp::StringEquals
        | BaseOp::StringEqualsIgnoreCase
        | BaseOp::StringLike
        | BaseOp::ArnEquals
        | BaseOp::ArnLike
        | BaseOp::IpAddress
        | BaseOp::Null => Tri::Unknown,
    }
}

/// Whether any value at all compares with `leaf` as `op` says: `True` for a lone star, `False` for a
/// variable that has no value.
pub(super) fn always(op: BaseOp, leaf: &Leaf, scope: &Scope<'_>) -> Tri {
    let Some(mode) = mode(op) else { return Tri::Unknown };
    match text::read(leaf, Expand::Variables, scope) {
        Reading::Literal(text) if mode == Mode::Like || (mode == Mode::Arn && text == "*") => {
            let star = !text.is_empty() && text.bytes().all(|b| b == b'*');
            if star { Tri::True } else { Tri::Unknown }
        }
        Reading::Pieces(pieces) if pieces.contains(&Piece::Missing) => Tri::False,
        Reading::Literal(_) | Reading::Pieces(_) => Tri::Unknown,
    }
}

/// How an operator compares texts; `None` for the operators of other types. `ArnEquals` is `ArnLike`
/// by another name (IAM user guide, "ARN condition operators").
pub(super) fn mode(op: BaseOp) -> Option<Mode> {
    match op {
        BaseOp::StringEquals => Some(Mode::Equal),
        BaseOp::StringEqualsIgnoreCase => Some(Mode::EqualFold),
        BaseOp::StringLike => Some(Mode::Like),
        BaseOp::ArnEquals | BaseOp::ArnLike => Some(Mode::Arn),
        _ => None,
    }
}

fn parse_bool(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn number(written: &str, datum: Datum<'_>, test: impl Fn(Ordering) -> bool) -> Tri {
    let text = datum.text();
    match (Decimal::parse(&text), Decimal::parse(written)) {
        (Some(value), Some(bound)) => test(value.cmp(&bound)).into(),
        _ => Tri::Unknown,
    }
}

fn date(written: &str, datum: Datum<'_>, test: impl Fn(Ordering) -> bool) -> Tri {
    let value = match datum {
        Datum::Date(seconds) | Datum::Epoch(seconds) => Some(Moment::new(seconds)),
        Datum::Text(text, _) => Moment::parse(text),
        Datum::Ip(..) => None,
    };
    match (value, Moment::parse(written)) {
        (Some(value), Some(bound)) => test(value.cmp(&bound)).into(),
        _ => Tri::Unknown,
    }
}

fn ip_address(leaf: &Leaf, datum: Datum<'_>) -> Tri {
    let found = match datum {
        Datum::Ip(address, fresh) => Some((address, fresh)),
        Datum::Text(text, fresh) => text.parse::<IpAddr>().ok().map(|address| (address, fresh)),
        Datum::Date(_) | Datum::Epoch(_) => None,
    };
    let Some((address, fresh)) = found else { return Tri::Unknown };
    match leaf.text() {
        Some(text) => Cidr::parse(text).map_or(Tri::Unknown, |c| c.contains(address).into()),
        // Whoever has a network of its own picks its private addresses, ours among them (SEMANTICS 2.4).
        None if fresh == Fresh::No || is_private(address) => Tri::Unknown,
        // Somebody is in a range that narrow, and it is nobody whom the deployer did not choose.
        None if is_own_address(leaf) || is_narrow(leaf, address.is_ipv6()) => Tri::False,
        None => Tri::Unknown,
    }
}

/// Whether an address is one that any network may use.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local() || v4.is_loopback(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_loopback(),
    }
}

/// Whether what is written of a range that is not known bounds it: its mask (`${var.office}/32`), or the
/// end of a single address (`10.0.${var.net}.7`). What stands in the hole cannot widen it: with a mask
/// of its own the text is no range. IPv4 ranges are to be so narrow that even a list of hundreds is no
/// wider than what counts as everybody (CONTRACT 4: /8, and /32 of IPv6).
pub(in crate::analyze) fn is_narrow(leaf: &Leaf, v6: bool) -> bool {
    let Some(Part::Lit(tail)) = leaf.parts.last().filter(|_| leaf.text().is_none()) else {
        return false;
    };
    let widest = if v6 { 32 } else { 16 };
    match tail.rsplit_once('/') {
        Some((_, mask)) => {
            let written = !mask.is_empty() && mask.bytes().all(|b| b.is_ascii_digit());
            written && mask.parse().is_ok_and(|mask: u8| mask >= widest && mask <= 128)
        }
        None => tail.contains(['.', ':']),
    }
}

/// Whether the leaf is an address or range of this unit (`aws_eip.nat.public_ip`, with or without
/// the prefix of a single address): it is ours, so nobody else on the internet has it.
pub(in crate::analyze) fn is_own_address(leaf: &Leaf) -> bool {
    match leaf.parts.as_slice() {
        [Part::Sym(symbol)] => symbol.class.is_own(),
        [Part::Sym(symbol), Part::Lit(prefix)] => {
            symbol.class.is_own() && matches!(prefix.as_ref(), "/32" | "/128")
        }
        _ => false,
    }
}
