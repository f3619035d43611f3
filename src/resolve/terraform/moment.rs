//! Points in time: `formatdate`, `timeadd`, `timecmp` (zclconf/go-cty, `stdlib/datetime.go`). Only
//! given time stamps are computed with; the clock is not known.

use super::argument::{Known, Miss, of_number, text};
use super::evaluator::Evaluator;
use super::function::Call;
use super::number::Num;
use crate::resolve::Value;

/// The functions here.
pub(super) const NAMES: &[&str] = &["formatdate", "timeadd", "timecmp"];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// From the weekday of 1970-01-01 on.
const DAYS: [&str; 7] =
    ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

const DAY: i64 = 86_400;

impl Evaluator<'_> {
    pub(super) fn moment(&mut self, call: Call<'_>, args: &[Value]) -> Known<Value> {
        let [a, b] = args else {
            return Err(Miss::Refused("the number of arguments is wrong"));
        };
        match call.name {
            "formatdate" => {
                let (format, stamp) = (text(a)?, Stamp::parse(&text(b)?)?);
                Ok(self.made_text(call, b, &stamp.formatted(&format)?))
            }
            "timeadd" => {
                let (stamp, seconds) = (Stamp::parse(&text(a)?)?, duration(&text(b)?)?);
                let seconds = stamp.seconds.checked_add(seconds).ok_or(Miss::Open)?;
                Ok(self.made_text(call, a, &Stamp { seconds, ..stamp }.text()?))
            }
            _ => {
                let (a, b) = (Stamp::parse(&text(a)?)?, Stamp::parse(&text(b)?)?);
                let order = a.seconds.cmp(&b.seconds) as i128;
                let origin = self.at_call(call);
                Ok(of_number(Num::whole(order), origin))
            }
        }
    }
}

/// A time stamp of RFC 3339 without fractions of a second.
#[derive(Debug, Clone, Copy)]
struct Stamp {
    /// Since 1970-01-01, in universal time.
    seconds: i64,
    /// How far local time is ahead, in minutes.
    ahead: i64,
}

impl Stamp {
    fn parse(text: &str) -> Known<Self> {
        const REFUSED: Miss = Miss::Refused("it is no time stamp of RFC 3339");
        let digits = |range: std::ops::Range<usize>| {
            let part = text.get(range).filter(|p| p.bytes().all(|b| b.is_ascii_digit()));
            part.and_then(|part| part.parse::<i64>().ok()).ok_or(REFUSED)
        };
        let mark = |at: usize, mark: &str| match text.get(at..=at) == Some(mark) {
            true => Ok(()),
            false => Err(REFUSED),
        };
        let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
        let (hour, minute, second) = (digits(11..13)?, digits(14..16)?, digits(17..19)?);
        for (at, c) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")] {
            mark(at, c)?;
        }
        let zone = text.get(19..).unwrap_or_default();
        if zone.starts_with('.') {
            return Err(Miss::Open);
        }
        let ahead = match zone.as_bytes() {
            b"Z" => 0,
            [b'+' | b'-', _, _, b':', _, _] => {
                let (hours, minutes) = (digits(20..22)?, digits(23..25)?);
                if hours > 23 || minutes > 59 {
                    return Err(REFUSED);
                }
                let ahead = hours * 60 + minutes;
                if zone.starts_with('-') { -ahead } else { ahead }
            }
            _ => return Err(REFUSED),
        };
        let real = (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        if !real {
            return Err(REFUSED);
        }
        let local = days_from(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
        Ok(Self { seconds: local - ahead * 60, ahead })
    }

    fn local(self) -> Local {
        let local = self.seconds + self.ahead * 60;
        let (days, rest) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = date_of(days);
        Local {
            days,
            year,
            month,
            day,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
        }
    }

    /// `+02:00`
    fn zone(self, colon: &str) -> String {
        let sign = if self.ahead < 0 { '-' } else { '+' };
        let minutes = self.ahead.abs();
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }

    fn text(self) -> Known<String> {
        let Local { year, month, day, hour, minute, second, .. } = self.local();
        if !(0..=9999).contains(&year) {
            return Err(Miss::Open);
        }
        let zone = if self.ahead == 0 { "Z".to_owned() } else { self.zone(":") };
        Ok(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"))
    }

    fn formatted(self, format: &str) -> Known<String> {
        let at = self.local();
        let mut out = String::new();
        let mut chars = format.chars().peekable();
        while let Some(c) = chars.next() {
            if c == '\'' {
                quoted(&mut chars, &mut out)?;
                continue;
            }
            if !c.is_ascii_alphabetic() {
                out.push(c);
                continue;
            }
            let mut count = 1;
            while chars.next_if_eq(&c).is_some() {
                count += 1;
            }
            out.push_str(&self.verb(at, c, count)?);
        }
        Ok(out)
    }

    fn verb(self, at: Local, verb: char, count: usize) -> Known<String> {
        const REFUSED: Miss = Miss::Refused("the date format is not one");
        let padded = |n: i64| match count {
            1 => Ok(n.to_string()),
            2 => Ok(format!("{n:02}")),
            _ => Err(REFUSED),
        };
        let named = |name: &str| match count {
            3 => Ok(name.get(..3).unwrap_or(name).to_owned()),
            4 => Ok(name.to_owned()),
            _ => Err(REFUSED),
        };
        let index = |n: i64| usize::try_from(n).unwrap_or(0);
        match (verb, count) {
            ('Y', 2) => Ok(format!("{:02}", at.year % 100)),
            ('Y', 4) => Ok(format!("{:04}", at.year)),
            ('M', 3 | 4) => named(MONTHS.get(index(at.month - 1)).copied().unwrap_or_default()),
            ('M', _) => padded(at.month),
            ('D', _) => padded(at.day),
            ('E', _) => named(DAYS.get(index(at.days.rem_euclid(7))).copied().unwrap_or_default()),
            ('h', _) => padded(at.hour),
            ('H', _) => padded((at.hour + 11) % 12 + 1),
            ('A', 2) => Ok(if at.hour < 12 { "AM" } else { "PM" }.into()),
            ('a', 2) => Ok(if at.hour < 12 { "am" } else { "pm" }.into()),
            ('m', _) => padded(at.minute),
            ('s', _) => padded(at.second),
            ('Z', 1) if self.ahead == 0 => Ok("Z".into()),
            ('Z', 1 | 5) => Ok(self.zone(":")),
            ('Z', 3) if self.ahead == 0 => Ok("UTC".into()),
            ('Z', 3 | 4) => Ok(self.zone("")),
            _ => Err(REFUSED),
        }
    }
}

/// Text between quotes, of which the first was read; two are one.
fn quoted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) -> Known<()> {
    if chars.next_if_eq(&'\'').is_some() {
        out.push('\'');
        return Ok(());
    }
    loop {
        match chars.next() {
            Some('\'') if chars.next_if_eq(&'\'').is_some() => out.push('\''),
            Some('\'') => return Ok(()),
            Some(c) => out.push(c),
            None => return Err(Miss::Refused("a quote is not closed")),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Local {
    days: i64,
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970-01-01 to a date.
fn days_from(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let to_year =
        before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let in_year: i64 = (1..month).map(|m| days_in(year, m)).sum();
    to_year - 719_162 + in_year + day - 1
}

/// The date so many days after 1970-01-01.
fn date_of(days: i64) -> (i64, i64, i64) {
    // A year that is not too late, then on by years and months.
    let mut year = 1970 + days.div_euclid(366) - 1;
    while days_from(year + 1, 1, 1) <= days {
        year += 1;
    }
    let mut rest = days - days_from(year, 1, 1);
    let mut month = 1;
    while rest >= days_in(year, month) {
        rest -= days_in(year, month);
        month += 1;
    }
    (year, month, rest + 1)
}

/// A duration as Go writes it, in whole seconds: `1h30m`, `-10m`.
fn duration(text: &str) -> Known<i64> {
    const REFUSED: Miss = Miss::Refused("it is no duration");
    let (negative, mut rest) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(REFUSED);
    }
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or(REFUSED)?;
        let (digits, behind) = rest.split_at(end);
        if behind.starts_with('.') || digits.is_empty() {
            return Err(Miss::Open);
        }
        let end = behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len());
        let (unit, left) = behind.split_at(end);
        let factor = match unit {
            "h" => 3600,
            "m" => 60,
            "s" => 1,
            "ns" | "us" | "µs" | "μs" | "ms" => return Err(Miss::Open),
            _ => return Err(REFUSED),
        };
        let n: i64 = digits.parse().map_err(|_| Miss::Open)?;
        total = n.checked_mul(factor).and_then(|n| total.checked_add(n)).ok_or(Miss::Open)?;
        rest = left;
    }
    Ok(if negative { -total } else { total })
}
