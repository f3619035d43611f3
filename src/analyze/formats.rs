//! The value formats of conditions: decimal numbers, dates, base64. It must not know what they are
//! compared with.

use std::cmp::Ordering;

/// A decimal number, compared exactly however long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal<'a> {
    negative: bool,
    /// Without leading zeros.
    whole: &'a str,
    /// Without trailing zeros.
    fraction: &'a str,
}

impl<'a> Decimal<'a> {
    /// `None` unless `text` is `-`, digits, `.`, digits, of which sign and fraction may be missing.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some(both) => both,
            None => (digits, ""),
        };
        let all_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let zero = whole.is_empty() && fraction.is_empty();
        Some(Self { negative: negative && !zero, whole, fraction })
    }

    /// The greatest integer that is not greater, and whether it is equal. Numbers beyond the range of
    /// the type are its ends.
    pub(crate) fn floor(self) -> (i128, bool) {
        let whole = match self.whole {
            "" => 0,
            digits => digits.parse().unwrap_or(i128::MAX),
        };
        let exact = self.fraction.is_empty();
        let down = i128::from(!exact);
        (if self.negative { (-whole).saturating_sub(down) } else { whole }, exact)
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |a: &Self, b: &Self| {
            (a.whole.len(), a.whole, a.fraction).cmp(&(b.whole.len(), b.whole, b.fraction))
        };
        match (self.negative, other.negative) {
            (false, false) => size(self, other),
            (true, true) => size(other, self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A moment in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    /// Since 1970 UTC.
    seconds: i64,
    nanoseconds: u32,
}

impl Moment {
    /// A moment in seconds since 1970 UTC.
    pub(crate) fn new(seconds: i64) -> Self {
        Self { seconds, nanoseconds: 0 }
    }

    /// The second that it lies in, and whether it is the start of it.
    pub(crate) fn floor(self) -> (i64, bool) {
        (self.seconds, self.nanoseconds == 0)
    }

    /// Reads a date of the W3C profile of ISO 8601 (`2026-11`, `2026-11-21`, `2026-11-21T08:30Z`,
    /// `2026-11-21T08:30:00.5+01:00`) or seconds since 1970. `None` for anything else, and for four
    /// digits, which are a year in the one reading and seconds in the other.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return if text.len() == 4 { None } else { text.parse().ok().map(Self::new) };
        }
        let mut rest = Cursor(text);
        let year = rest.digits(4)?;
        rest.literal("-")?;
        let month = rest.digits(2)?;
        let Some(()) = rest.literal("-") else {
            return rest.end(Self::new(midnight(year, month, 1)?));
        };
        let start = midnight(year, month, rest.digits(2)?)?;
        let Some(()) = rest.literal("T") else { return rest.end(Self::new(start)) };
        let hour = rest.digits(2).filter(|n| *n < 24)?;
        rest.literal(":")?;
        let minute = rest.digits(2).filter(|n| *n < 60)?;
        let (mut second, mut nanoseconds) = (0, 0);
        if rest.literal(":").is_some() {
            second = rest.digits(2).filter(|n| *n < 60)?;
            if rest.literal(".").is_some() {
                nanoseconds = rest.fraction()?;
            }
        }
        let seconds = start + hour * 3600 + minute * 60 + second - rest.offset()?;
        rest.end(Self { seconds, nanoseconds })
    }
}

/// The rest of a text that is being read.
struct Cursor<'a>(&'a str);

impl Cursor<'_> {
    fn literal(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    /// Exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        self.0 = rest;
        digits.parse().ok()
    }

    /// At least one digit behind the decimal point, in nanoseconds; further digits are dropped.
    fn fraction(&mut self) -> Option<u32> {
        let length = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at_checked(length).filter(|(d, _)| !d.is_empty())?;
        self.0 = rest;
        let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
        nine.parse().ok()
    }

    /// `Z`, or the offset from UTC, in seconds.
    fn offset(&mut self) -> Option<i64> {
        if self.literal("Z").is_some() {
            return Some(0);
        }
        let sign = if self.literal("+").is_some() {
            1
        } else {
            self.literal("-")?;
            -1
        };
        let hour = self.digits(2).filter(|n| *n < 24)?;
        self.literal(":")?;
        let minute = self.digits(2).filter(|n| *n < 60)?;
        Some(sign * (hour * 3600 + minute * 60))
    }

    fn end<T>(&self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

/// The first second of a day of the Gregorian calendar, counted from 1970.
fn midnight(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    // Years begin in March, so that the leap day is the last.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400);
    (1..=length).contains(&day).then(|| (days + (153 * m + 2) / 5 + day - 1 - 719_468) * 86_400)
}

/// Prints seconds since 1970 the way `aws:CurrentTime` is written: `2026-11-21T08:30:00Z`.
pub(crate) fn print_date(seconds: i64) -> String {
    let (day, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let m = (5 * of_year + 2) / 153;
    let date = of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The bytes of padded base64 in the standard alphabet; `None` for anything else.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let digits = text.trim_end_matches('=');
    if text.len() - digits.len() > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(digits.len());
    let (mut buffer, mut bits) = (0u32, 0u32);
    for byte in digits.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        buffer = (buffer << 6 | u32::from(value)) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((buffer >> bits & 0xFF) as u8);
        }
    }
    Some(out)
}
