//! The verbs of `format` (zclconf/go-cty, `stdlib/format.go`, which takes numbers to Go's `fmt`).

use super::argument::{Known, Miss, is_simple, number, text};
use super::number::Num;
use crate::resolve::{Kind, Value};

const WRONG: Miss = Miss::Refused("the format is not one");

/// How wide an argument may be made.
const MAX_WIDTH: usize = 1000;

/// A verb with what stands between it and the percent sign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Verb {
    pub(super) mode: char,
    /// The argument, counted from one; `None` for the next.
    pub(super) index: Option<usize>,
    plus: bool,
    minus: bool,
    space: bool,
    zero: bool,
    sharp: bool,
    width: Option<usize>,
    precision: Option<usize>,
    /// The bytes of the verb, without the percent sign.
    pub(super) len: usize,
}

impl Verb {
    /// Reads what stands behind a percent sign.
    pub(super) fn parse(text: &str) -> Known<Self> {
        let mut out = Self::default();
        let mut chars = text.char_indices().peekable();
        while let Some((_, c)) = chars.next_if(|(_, c)| "+- 0#".contains(*c)) {
            match c {
                '+' => out.plus = true,
                '-' => out.minus = true,
                ' ' => out.space = true,
                '0' => out.zero = true,
                _ => out.sharp = true,
            }
        }
        out.width = match digits(&mut chars).as_str() {
            "" => None,
            digits => Some(digits.parse().map_err(|_| WRONG)?),
        };
        if chars.next_if(|(_, c)| *c == '.').is_some() {
            out.precision = Some(digits(&mut chars).parse().unwrap_or(0));
        }
        if chars.next_if(|(_, c)| *c == '[').is_some() {
            let index = digits(&mut chars);
            chars.next_if(|(_, c)| *c == ']').ok_or(WRONG)?;
            out.index = Some(index.parse().ok().filter(|n| *n > 0).ok_or(WRONG)?);
        }
        let (at, mode) = chars.next().ok_or(WRONG)?;
        out.mode = mode;
        out.len = at + mode.len_utf8();
        match out.width.max(out.precision) {
            Some(n) if n > MAX_WIDTH => Err(Miss::Open),
            _ => Ok(out),
        }
    }

    /// Whether nothing but the verb itself stands there.
    pub(super) fn is_plain(&self) -> bool {
        let Self { plus, minus, space, zero, sharp, .. } = *self;
        !(plus || minus || space || zero || sharp)
            && self.width.is_none()
            && self.precision.is_none()
    }

    /// The text of a known argument.
    pub(super) fn written(&self, value: &Value) -> Known<String> {
        if matches!(value.kind, Kind::List(_) | Kind::Map(_)) {
            // JSON text that is kept as what it was made of, or a value.
            return Err(Miss::Open);
        }
        match self.mode {
            'v' if self.sharp => Err(Miss::Open),
            'v' => match &value.kind {
                Kind::Null => self.padded("null".into()),
                Kind::Number(n) => self.padded(shortest(Num::parse(n).ok_or(Miss::Open)?)),
                _ => self.padded(text(value)?),
            },
            's' | 'q' => {
                let mut written = text(value)?;
                if let Some(n) = self.precision.filter(|n| *n > 0) {
                    if !is_simple(&written) {
                        return Err(Miss::Open);
                    }
                    written = written.chars().take(n).collect();
                }
                match self.mode {
                    's' => self.padded(written),
                    _ => Err(Miss::Open),
                }
            }
            't' => match &value.kind {
                Kind::Bool(b) => Ok(b.to_string()),
                Kind::Text(_) => match text(value)?.as_str() {
                    "true" | "1" => Ok("true".into()),
                    "false" | "0" => Ok("false".into()),
                    _ => Err(WRONG),
                },
                _ => Err(Miss::Refused("an argument is no Boolean")),
            },
            'd' | 'b' | 'o' | 'x' | 'X' => self.integer(number(value)?),
            'f' => self.decimal(number(value)?),
            'e' | 'E' | 'g' | 'G' => {
                number(value)?;
                Err(Miss::Open)
            }
            _ => Err(Miss::Refused("there is no such verb")),
        }
    }

    fn integer(&self, number: Num) -> Known<String> {
        let n = number.as_whole().ok_or(Miss::Refused("an argument is no whole number"))?;
        if self.precision.is_some() || self.sharp {
            return Err(Miss::Open);
        }
        let size = n.unsigned_abs();
        let digits = match self.mode {
            'b' => format!("{size:b}"),
            'o' => format!("{size:o}"),
            'x' => format!("{size:x}"),
            'X' => format!("{size:X}"),
            _ => size.to_string(),
        };
        Ok(self.signed(n < 0, digits))
    }

    /// `%f`, with six digits behind the point where nothing else is said.
    fn decimal(&self, number: Num) -> Known<String> {
        if self.sharp {
            return Err(Miss::Open);
        }
        let precision = self.precision.unwrap_or(6);
        let plain = number.text();
        let unsigned = plain.trim_start_matches('-');
        let (before, behind) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        // What must be rounded may be rounded another way.
        if behind.len() > precision {
            return Err(Miss::Open);
        }
        let digits = match precision {
            0 => before.to_owned(),
            _ => format!("{before}.{behind:0<precision$}"),
        };
        Ok(self.signed(plain.starts_with('-'), digits))
    }

    /// A number with its sign, as wide as it must be.
    fn signed(&self, negative: bool, digits: String) -> String {
        let sign = match negative {
            true => "-",
            false if self.plus => "+",
            false if self.space => " ",
            false => "",
        };
        let missing = self.width.unwrap_or(0).saturating_sub(sign.len() + digits.len());
        if self.minus {
            format!("{sign}{digits}{}", " ".repeat(missing))
        } else if self.zero {
            format!("{sign}{}{digits}", "0".repeat(missing))
        } else {
            format!("{}{sign}{digits}", " ".repeat(missing))
        }
    }

    fn padded(&self, text: String) -> Known<String> {
        let Some(width) = self.width else { return Ok(text) };
        if !is_simple(&text) {
            return Err(Miss::Open);
        }
        let missing = width.saturating_sub(text.chars().count());
        let pad = if self.zero { "0" } else { " " }.repeat(missing);
        Ok(if self.minus { format!("{text}{pad}") } else { format!("{pad}{text}") })
    }
}

fn digits(chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>) -> String {
    let mut out = String::new();
    while let Some((_, c)) = chars.next_if(|(_, c)| c.is_ascii_digit()) {
        out.push(c);
    }
    out
}

/// A number as `%v` writes it (Go, `big.Float.Text('g', -1)`): with an exponent from a million on.
/// So an account's identifier as a number is not written as one.
fn shortest(number: Num) -> String {
    let plain = number.text();
    let unsigned = plain.trim_start_matches('-');
    let (before, behind) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let joined = format!("{before}{behind}");
    let digits = joined.trim_start_matches('0');
    if digits.is_empty() {
        return plain;
    }
    let leading = joined.len() - digits.len();
    let whole = i64::try_from(before.len()).unwrap_or(0);
    let exponent = whole - i64::try_from(leading).unwrap_or(0) - 1;
    if (-4..6).contains(&exponent) {
        return plain;
    }
    let digits = digits.trim_end_matches('0');
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if plain.starts_with('-') { "-" } else { "" };
    let mark = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{rest}e{mark}{:02}", exponent.abs())
}
