//! Numbers: exact decimals.
//!
//! Terraform computes with binary fractions of 512 bits (zclconf/go-cty, `big.Float`). Whole numbers
//! and fractions whose denominator is a power of two are exact there and here; of what is rounded
//! there, nothing is said here: such a result is unknown.

use std::cmp::Ordering;

use crate::syntax::BinaryOp;

/// How many digits may stand behind the point.
const MAX_SCALE: u32 = 30;

/// A number: its digits, and how many of them stand behind the point. Neither ends in a zero behind
/// the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Num {
    digits: i128,
    scale: u32,
}

/// What an operation comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Computed {
    Is(Num),
    /// A result that is rounded, infinite or too large.
    Open,
    /// Terraform refuses it.
    Refused,
}

impl Num {
    /// A whole number.
    pub(super) fn whole(digits: i128) -> Self {
        Self { digits, scale: 0 }
    }

    fn new(mut digits: i128, mut scale: u32) -> Option<Self> {
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        (scale <= MAX_SCALE).then_some(Self { digits, scale })
    }

    /// Parses the text of a number; `None` for one that is too long, too.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (sign, unsigned) = match mantissa.strip_prefix(['-', '+']) {
            Some(rest) => (mantissa.get(..1)?, rest),
            None => ("", mantissa),
        };
        let (before, behind) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = format!("{before}{behind}");
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let digits: i128 = digits
            .trim_start_matches('0')
            .parse()
            .or_else(|e| if digits.bytes().all(|b| b == b'0') { Ok(0) } else { Err(e) })
            .ok()?;
        if sign == "-" && digits == 0 {
            // Terraform tells it from zero, and writes it as `-0`.
            return None;
        }
        let digits = if sign == "-" { -digits } else { digits };
        let scale = i32::try_from(behind.len()).ok()?.checked_sub(exponent)?;
        match u32::try_from(scale) {
            Ok(scale) => Self::new(digits, scale),
            Err(_) if digits == 0 => Some(Self::whole(0)),
            Err(_) => {
                let zeros = 10_i128.checked_pow(scale.unsigned_abs())?;
                Self::new(digits.checked_mul(zeros)?, 0)
            }
        }
    }

    /// The text of a number as Terraform writes it; one that is too long here stays as it is.
    pub(super) fn written(text: &str) -> String {
        Self::parse(text).map_or_else(|| text.to_owned(), Self::text)
    }

    /// The number, if it is whole.
    pub(super) fn as_whole(self) -> Option<i128> {
        (self.scale == 0).then_some(self.digits)
    }

    /// The number as an index or length.
    pub(super) fn index(self) -> Option<usize> {
        usize::try_from(self.as_whole()?).ok()
    }

    /// The largest whole number that is not larger.
    pub(super) fn floor(self) -> Self {
        Self::whole(self.digits.div_euclid(self.unit()))
    }

    /// The smallest whole number that is not smaller.
    pub(super) fn ceil(self) -> Self {
        Self::whole(-(-self.digits).div_euclid(self.unit()))
    }

    /// The number without its sign.
    pub(super) fn abs(self) -> Self {
        Self { digits: self.digits.saturating_abs(), ..self }
    }

    fn unit(self) -> i128 {
        10_i128.pow(self.scale)
    }

    /// Whether it is a binary fraction, as which it is exact: its denominator is a power of two.
    fn is_binary(self) -> bool {
        self.digits % 5_i128.pow(self.scale) == 0
    }

    /// Both with as many digits behind the point.
    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let widen = |n: Self| n.digits.checked_mul(10_i128.checked_pow(scale - n.scale)?);
        Some((widen(self)?, widen(other)?, scale))
    }

    /// Which is smaller.
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        let (a, b, _) = self.aligned(other)?;
        Some(a.cmp(&b))
    }

    /// Computes.
    pub(super) fn apply(op: BinaryOp, a: Self, b: Self) -> Computed {
        if b.digits == 0 {
            match op {
                // hashicorp/hcl takes zero by zero for an error, and anything else for infinite.
                BinaryOp::Div if a.digits == 0 => return Computed::Refused,
                BinaryOp::Div => return Computed::Open,
                // zclconf/go-cty, `Value.Modulo`.
                BinaryOp::Mod => return Computed::Is(a),
                _ => {}
            }
        }
        let negative_zero = match op {
            BinaryOp::Mul | BinaryOp::Div => {
                (a.digits == 0 || b.digits == 0) && (a.digits < 0 || b.digits < 0)
            }
            _ => false,
        };
        if !a.is_binary() || !b.is_binary() || negative_zero {
            return Computed::Open;
        }
        let result = match op {
            BinaryOp::Plus => a.aligned(b).and_then(|(x, y, s)| Self::new(x.checked_add(y)?, s)),
            BinaryOp::Minus => a.aligned(b).and_then(|(x, y, s)| Self::new(x.checked_sub(y)?, s)),
            BinaryOp::Mul => {
                a.digits.checked_mul(b.digits).and_then(|n| Self::new(n, a.scale + b.scale))
            }
            BinaryOp::Div => a.aligned(b).and_then(|(x, y, _)| quotient(x, y)),
            BinaryOp::Mod => a.aligned(b).and_then(|(x, y, s)| Self::new(x.checked_rem(y)?, s)),
            _ => None,
        };
        result.map_or(Computed::Open, Computed::Is)
    }

    /// The number as text.
    pub(super) fn text(self) -> String {
        if self.scale == 0 {
            return self.digits.to_string();
        }
        let digits = self.digits.unsigned_abs().to_string();
        let scale = self.scale as usize;
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (before, behind) = digits.split_at(digits.len() - scale);
        let sign = if self.digits < 0 { "-" } else { "" };
        format!("{sign}{before}.{behind}")
    }
}

/// The quotient, where it is a short decimal: rounded to a binary fraction, it is what the text of the
/// decimal is rounded to.
fn quotient(a: i128, b: i128) -> Option<Num> {
    let (mut over, mut under) = (a, b);
    while under != 0 {
        (over, under) = (under, over.checked_rem(under)?);
    }
    let (mut digits, mut below) = (a.checked_div(over)?, b.checked_div(over)?);
    if below < 0 {
        (digits, below) = (digits.checked_neg()?, below.checked_neg()?);
    }
    let mut scale = 0;
    while below > 1 {
        let (by, times) = match (below % 10, below % 5, below % 2) {
            (0, ..) => (10, 1),
            (_, 0, _) => (5, 2),
            (.., 0) => (2, 5),
            _ => return None,
        };
        if scale >= MAX_SCALE {
            return None;
        }
        below /= by;
        digits = digits.checked_mul(times)?;
        scale += 1;
    }
    Num::new(digits, scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn num(text: &str) -> Num {
        Num::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
    }

    #[test]
    fn the_text_of_a_number_is_its_shortest() {
        for (text, expected) in [
            ("012345678901", "12345678901"),
            ("1.50", "1.5"),
            ("1e3", "1000"),
            ("15e-1", "1.5"),
            ("-0.05", "-0.05"),
            ("0.0", "0"),
            ("0e99", "0"),
            (".5", "0.5"),
            ("+7.", "7"),
        ] {
            assert_eq!(num(text).text(), expected, "{text}");
        }
        for text in ["", "-", ".", "a", "1a", "1e", "0x1", " 1", "1_0", "1e40", "inf", "-0"] {
            assert_eq!(Num::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_terraform_rounds_is_open() {
        let apply = |op, a, b| match Num::apply(op, num(a), num(b)) {
            Computed::Is(n) => n.text(),
            other => format!("{other:?}"),
        };
        assert_eq!(apply(BinaryOp::Div, "7", "2"), "3.5");
        assert_eq!(apply(BinaryOp::Div, "-3", "-8"), "0.375");
        assert_eq!(apply(BinaryOp::Div, "1", "3"), "Open");
        assert_eq!(apply(BinaryOp::Div, "1", "10"), "0.1");
        assert_eq!(apply(BinaryOp::Div, "7", "40"), "0.175");
        assert_eq!(apply(BinaryOp::Div, "0", "-3"), "Open");
        assert_eq!(apply(BinaryOp::Mul, "-2", "0"), "Open");
        assert_eq!(apply(BinaryOp::Plus, "0.1", "0.2"), "Open");
        assert_eq!(apply(BinaryOp::Plus, "0.25", "0.5"), "0.75");
        assert_eq!(apply(BinaryOp::Mul, "1.5", "-1.5"), "-2.25");
        assert_eq!(apply(BinaryOp::Div, "1", "0"), "Open");
        assert_eq!(apply(BinaryOp::Div, "0", "0"), "Refused");
        assert_eq!(apply(BinaryOp::Mod, "7", "0"), "7");
        assert_eq!(apply(BinaryOp::Mod, "-7", "4"), "-3");
        assert_eq!(apply(BinaryOp::Mul, &"9".repeat(30), &"9".repeat(30)), "Open");
    }

    #[test]
    fn rounding_to_whole_numbers() {
        for (text, floor, ceil) in [("1.5", "1", "2"), ("-1.5", "-2", "-1"), ("3", "3", "3")] {
            assert_eq!(num(text).floor().text(), floor);
            assert_eq!(num(text).ceil().text(), ceil);
        }
        assert_eq!(num("1.25").compare(num("1.3")), Some(Ordering::Less));
    }
}
