//! Functions of numbers.

use super::argument::{Known, Miss, number, of_number, text, whole};
use super::evaluator::Evaluator;
use super::function::Call;
use super::number::{Computed, Num};
use crate::resolve::{Kind, Value};
use crate::syntax::BinaryOp;

/// The functions here.
pub(super) const NAMES: &[&str] =
    &["abs", "ceil", "floor", "max", "min", "parseint", "pow", "signum", "sum"];

/// How large a power may be: up to here, whole numbers are exact as what `pow` computes with.
const MAX_POWER: i128 = 1 << 53;

impl Evaluator<'_> {
    pub(super) fn numeric(&mut self, call: Call<'_>, args: &[Value]) -> Known<Value> {
        let made = match (call.name, args) {
            ("abs", [n]) => number(n)?.abs(),
            ("ceil", [n]) => number(n)?.ceil(),
            ("floor", [n]) => number(n)?.floor(),
            ("signum", [n]) => Num::whole(whole(n)?.signum()),
            ("max" | "min", [_, ..]) => {
                let numbers = args.iter().map(number).collect::<Known<Vec<Num>>>()?;
                extreme(call.name == "max", numbers)?
            }
            ("sum", [list]) => {
                let items = super::argument::list(list)?;
                let numbers = items.iter().map(number).collect::<Known<Vec<Num>>>()?;
                total(numbers)?
            }
            ("pow", [base, exponent]) => power(number(base)?, number(exponent)?)?,
            ("parseint", [digits, base]) => {
                if matches!(digits.kind, Kind::Number(_) | Kind::Bool(_)) {
                    return Err(Miss::Refused("the first argument must be a string"));
                }
                Num::whole(parse_int(&text(digits)?, whole(base)?)?)
            }
            _ => return Err(Miss::Refused("the number of arguments is wrong")),
        };
        let origin = self.at_call(call);
        Ok(of_number(made, origin))
    }
}

fn extreme(largest: bool, numbers: Vec<Num>) -> Known<Num> {
    let mut numbers = numbers.into_iter();
    let first = numbers.next().ok_or(Miss::Refused("there are no numbers"))?;
    numbers.try_fold(first, |best, n| {
        let order = n.compare(best).ok_or(Miss::Open)?;
        let better = if largest { order.is_gt() } else { order.is_lt() };
        Ok(if better { n } else { best })
    })
}

fn total(numbers: Vec<Num>) -> Known<Num> {
    let mut numbers = numbers.into_iter();
    let first = numbers.next().ok_or(Miss::Refused("there are no numbers"))?;
    numbers.try_fold(first, |sum, n| match Num::apply(BinaryOp::Plus, sum, n) {
        Computed::Is(sum) => Ok(sum),
        Computed::Open => Err(Miss::Open),
        Computed::Refused => Err(Miss::Refused("the numbers cannot be added")),
    })
}

/// A power of whole numbers.
fn power(base: Num, exponent: Num) -> Known<Num> {
    let (base, exponent) = base.as_whole().zip(exponent.as_whole()).ok_or(Miss::Open)?;
    let exponent = u32::try_from(exponent).map_err(|_| Miss::Open)?;
    let power = base.checked_pow(exponent).filter(|n| n.abs() <= MAX_POWER);
    power.map(Num::whole).ok_or(Miss::Open)
}

/// `parseint`: of bases up to 36 the letters are alike in both cases; of larger ones capital letters
/// follow the small ones (Go, `big.Int.SetString`).
fn parse_int(text: &str, base: i128) -> Known<i128> {
    const REFUSED: Miss = Miss::Refused("it is no whole number of that base");
    if !(2..=62).contains(&base) {
        return Err(Miss::Refused("the base must be from 2 to 62"));
    }
    let (negative, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if digits.is_empty() {
        return Err(REFUSED);
    }
    let mut out: i128 = 0;
    for c in digits.chars() {
        let digit = match c {
            '0'..='9' => u32::from(c) - u32::from('0'),
            'a'..='z' => u32::from(c) - u32::from('a') + 10,
            'A'..='Z' if base <= 36 => u32::from(c) - u32::from('A') + 10,
            'A'..='Z' => u32::from(c) - u32::from('A') + 36,
            _ => return Err(REFUSED),
        };
        let digit = i128::from(digit);
        if digit >= base {
            return Err(REFUSED);
        }
        out = out.checked_mul(base).and_then(|n| n.checked_add(digit)).ok_or(Miss::Open)?;
    }
    Ok(if negative { -out } else { out })
}
