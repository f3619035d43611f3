//! What a plain scalar is: YAML 1.1, as CloudFormation reads templates.
//!
//! CloudFormation reads YAML 1.1 (its documentation says so, "Template formats"), hence `yes` and
//! `on` are Booleans. Numbers keep their text: an account id with leading zeros is still that id.
//! Dates (`2012-10-17`) and base-60 numbers (`22:30`) stay text, as templates mean them.
//! [?] AWS does not document which plain scalars it takes for numbers.

/// What a plain scalar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    Null,
    Bool(bool),
    Number,
    Text,
}

/// Resolves a plain scalar without a tag.
pub(super) fn resolve(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Plain::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Plain::Bool(false)
        }
        _ if is_number(text) => Plain::Number,
        _ => Plain::Text,
    }
}

/// Decimal integers and floats, and integers with the prefix `0x`, `0o` or `0b`. An underscore may
/// stand between digits, as YAML 1.1 allows.
pub(super) fn is_number(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let radix = |prefix: &str, radix: u32| {
        text.strip_prefix(prefix).is_some_and(|digits| {
            digits.contains(|c: char| c.is_digit(radix))
                && digits.chars().all(|c| c.is_digit(radix) || c == '_')
        })
    };
    if radix("0x", 16) || radix("0o", 8) || radix("0b", 2) {
        return true;
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let some = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let whole_part =
        if whole.is_empty() { fraction.is_some_and(some) } else { some(whole) && digits(whole) };
    whole_part
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| {
            let text = text.strip_prefix(['-', '+']).unwrap_or(text);
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
        })
}
