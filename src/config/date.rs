//! Dates, `YYYY-MM-DD`, all in UTC.

use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The first second (since 1970 UTC) of the day `text`. `None` unless it is a day that exists,
/// written `YYYY-MM-DD`.
pub fn day_start(text: &str) -> Option<i64> {
    seconds(parse(text)?)
}

/// The first second behind the day `text`: a date of expiry is the last day that still counts.
/// `None` unless it is a day that exists, written `YYYY-MM-DD`.
pub fn day_end(text: &str) -> Option<i64> {
    seconds(parse(text)?.tomorrow().ok()?)
}

fn parse(text: &str) -> Option<Date> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if shaped { text.parse().ok() } else { None }
}

fn seconds(date: Date) -> Option<i64> {
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_still_counts() {
        assert_eq!(day_start("1970-01-01"), Some(0));
        assert_eq!(day_end("1970-01-01"), Some(86_400));
        assert_eq!(day_start("2027-01-31"), Some(1_801_353_600));
        assert_eq!(day_end("2027-01-31"), day_start("2027-02-01"));
    }

    #[test]
    fn only_days_that_exist() {
        for text in [
            "2027-02-29",
            "2027-13-01",
            "2027-1-1",
            "31-01-2027",
            "2027-01-31T00:00:00Z",
            "20270131",
            "tomorrow",
            "",
        ] {
            assert_eq!(day_start(text), None, "{text}");
        }
        assert!(day_start("2028-02-29").is_some());
    }
}
