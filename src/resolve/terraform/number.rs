//! Numbers, kept as text until something is computed with them.

use crate::syntax::BinaryOp;

/// A number of the language: whole where it can be, else a fraction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Num {
    Int(i128),
    Float(f64),
}

impl Num {
    /// Parses the text of a number.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(n) = text.parse::<i128>() {
            return Some(Self::Int(n));
        }
        if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
            return None;
        }
        text.parse::<f64>().ok().filter(|n| n.is_finite()).map(Self::Float)
    }

    fn float(self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "the operands are a template's numbers")]
            Self::Int(n) => n as f64,
            Self::Float(n) => n,
        }
    }

    /// The number as an index or length.
    pub(super) fn index(self) -> Option<usize> {
        match self {
            Self::Int(n) => usize::try_from(n).ok(),
            Self::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n}").parse().ok(),
            Self::Float(_) => None,
        }
    }

    /// Which is smaller.
    pub(super) fn compare(self, other: Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(&b)),
            _ => self.float().partial_cmp(&other.float()),
        }
    }

    /// Computes; `None` for a division by zero or a number too large.
    pub(super) fn apply(op: BinaryOp, a: Self, b: Self) -> Option<Self> {
        if let (Self::Int(a), Self::Int(b)) = (a, b) {
            let whole = match op {
                BinaryOp::Plus => a.checked_add(b),
                BinaryOp::Minus => a.checked_sub(b),
                BinaryOp::Mul => a.checked_mul(b),
                BinaryOp::Div if b != 0 && a.checked_rem(b) == Some(0) => a.checked_div(b),
                BinaryOp::Mod if b != 0 => a.checked_rem(b),
                BinaryOp::Div if b != 0 => None,
                _ => return None,
            };
            if let Some(n) = whole {
                return Some(Self::Int(n));
            }
        }
        let (a, b) = (a.float(), b.float());
        let n = match op {
            BinaryOp::Plus => a + b,
            BinaryOp::Minus => a - b,
            BinaryOp::Mul => a * b,
            BinaryOp::Div => a / b,
            BinaryOp::Mod => a % b,
            _ => return None,
        };
        n.is_finite().then_some(Self::Float(n))
    }

    /// The number as text.
    pub(super) fn text(self) -> String {
        match self {
            Self::Int(n) => n.to_string(),
            Self::Float(n) => n.to_string(),
        }
    }
}
