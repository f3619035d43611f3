//! Encodings of text: base64, URLs, CSV, YAML.

use std::fmt::Write;

use super::argument::{Known, Miss, of_list, of_map, text};
use super::evaluator::Evaluator;
use super::function::Call;
use super::text::MAX_TEXT;
use crate::resolve::embedded_yaml::Dialect;
use crate::resolve::{Key, Kind, Text, Value};
use crate::source::Step;

/// The functions here.
pub(super) const NAMES: &[&str] = &[
    "base64decode",
    "base64encode",
    "csvdecode",
    "urldecode",
    "urlencode",
    "yamldecode",
    "yamlencode",
];

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Evaluator<'_> {
    pub(super) fn encoding(&mut self, call: Call<'_>, args: &[Value]) -> Known<Value> {
        let [value] = args else {
            return Err(Miss::Refused("the number of arguments is wrong"));
        };
        match call.name {
            "yamlencode" => return Ok(self.yaml_encode(call, value)),
            "yamldecode" => return self.yaml_decode(value),
            _ => {}
        }
        let given = text(value)?;
        self.spend(given.len() / 16);
        let made = match call.name {
            "base64encode" => base64(given.as_bytes()),
            "base64decode" => {
                let bytes = unbase64(&given).ok_or(Miss::Refused("the text is not base64"))?;
                String::from_utf8(bytes).map_err(|_| Miss::Refused("the result is not UTF-8"))?
            }
            "urlencode" => url_encode(&given),
            "urldecode" => url_decode(&given)?,
            _ => return self.csv(call, value, &given),
        };
        Ok(self.made_text(call, value, &made))
    }

    /// `yamlencode` keeps the tree, as `jsonencode` does; a string becomes text in quotes.
    fn yaml_encode(&mut self, call: Call<'_>, value: &Value) -> Value {
        match &value.kind {
            Kind::Text(_) | Kind::Null | Kind::Bool(_) | Kind::Number(_) => {
                self.opaque(call.node, call.env)
            }
            kind => {
                let step = Step::Call("yamlencode");
                let origin = self.origins.add(call.node.span, step, Some(value.origin));
                Value::new(kind.clone(), origin)
            }
        }
    }

    fn yaml_decode(&mut self, value: &Value) -> Known<Value> {
        match &value.kind {
            Kind::Text(text) => {
                let read = self.read_yaml(text, value.origin, Dialect::Terraform);
                match read.value {
                    Some(read_value) if read.errors.is_empty() => Ok(read_value),
                    None if read.errors.is_empty() => Ok(Value::new(Kind::Null, value.origin)),
                    _ if value.is_known() => Err(Miss::Refused("the text is not YAML")),
                    _ => Err(Miss::Open),
                }
            }
            // What `yamlencode` or `jsonencode` kept.
            Kind::List(_) | Kind::Map(_) => Ok(value.clone()),
            _ => Err(Miss::Open),
        }
    }

    /// `csvdecode`: a list of objects; the first line names their attributes.
    fn csv(&mut self, call: Call<'_>, value: &Value, given: &str) -> Known<Value> {
        let mut rows = csv_rows(given)?.into_iter();
        let names = rows.next().ok_or(Miss::Refused("there is no line of names"))?;
        let origin = self.at_call(call);
        let mut sorted = names.clone();
        sorted.sort();
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Miss::Refused("a name stands twice"));
        }
        let mut out = Vec::new();
        for row in rows {
            if row.len() != names.len() {
                return Err(Miss::Refused("a line has another number of fields"));
            }
            if !self.spend(row.len()) {
                return Err(Miss::Open);
            }
            let mut entries = Vec::new();
            for (name, field) in names.iter().zip(&row) {
                let key = Key { text: name.as_str().into(), origin };
                entries.push((key, self.made_text(call, value, field)));
            }
            out.push(of_map(entries, origin));
        }
        Ok(of_list(out, origin))
    }

    /// The text of an unknown encoding, for a file that is no text.
    pub(super) fn file_base64(&mut self, call: Call<'_>, file: &Value) -> Known<Value> {
        let Kind::Text(Text(_)) = &file.kind else { return Err(Miss::Open) };
        let given = text(file)?;
        if given.len() > MAX_TEXT / 2 {
            return Err(Miss::Open);
        }
        self.spend(given.len() / 16);
        Ok(self.made_text(call, file, &base64(given.as_bytes())))
    }
}

fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4_u32 {
            let index = (bits >> (18 - 6 * i) & 63) as usize;
            let filler = i as usize > chunk.len();
            out.push(if filler { '=' } else { char::from(ALPHABET[index]) });
        }
    }
    out
}

/// The bytes of a base64 text with its fillers. Go steps over line ends.
fn unbase64(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.bytes().filter(|b| !b"\r\n".contains(b)).collect();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let mut out = Vec::new();
    let last = text.len().saturating_sub(4);
    for (at, chunk) in text.chunks(4).enumerate() {
        let fillers = chunk.iter().rev().take_while(|b| **b == b'=').count();
        if fillers > 2 || (fillers > 0 && at * 4 != last) {
            return None;
        }
        let mut bits = 0_u32;
        for byte in chunk.iter().take(4 - fillers) {
            let digit = ALPHABET.iter().position(|b| b == byte)?;
            bits = bits << 6 | u32::try_from(digit).ok()?;
        }
        bits <<= 6 * u32::try_from(fillers).ok()?;
        let bytes = bits.to_be_bytes();
        out.extend(bytes.get(1..4 - fillers)?);
    }
    Some(out)
}

/// Go, `url.QueryEscape`.
fn url_encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

fn url_decode(text: &str) -> Known<String> {
    const REFUSED: Miss = Miss::Refused("the text is not URL-encoded");
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        match first {
            b'+' => out.push(b' '),
            b'%' => {
                let digits = rest.get(..2).and_then(|d| std::str::from_utf8(d).ok());
                let digits = digits.filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
                let byte = digits.and_then(|d| u8::from_str_radix(d, 16).ok()).ok_or(REFUSED)?;
                out.push(byte);
                rest = rest.get(2..).unwrap_or_default();
            }
            other => out.push(*other),
        }
    }
    String::from_utf8(out).map_err(|_| REFUSED)
}

/// The lines of a CSV text and their fields (RFC 4180, as Go's `encoding/csv` reads it); lines
/// without anything are stepped over.
fn csv_rows(text: &str) -> Known<Vec<Vec<String>>> {
    let text = text.replace("\r\n", "\n");
    let mut rows = Vec::new();
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        if chars.next_if_eq(&'\n').is_some() {
            continue;
        }
        let mut row = Vec::new();
        loop {
            let mut field = String::new();
            if chars.next_if_eq(&'"').is_some() {
                loop {
                    match chars.next() {
                        Some('"') if chars.next_if_eq(&'"').is_some() => field.push('"'),
                        Some('"') => break,
                        Some(c) => field.push(c),
                        None => return Err(Miss::Refused("a quote is not closed")),
                    }
                }
                if chars.peek().is_some_and(|c| !",\n".contains(*c)) {
                    return Err(Miss::Refused("text stands behind a closing quote"));
                }
            } else {
                while let Some(c) = chars.next_if(|c| !",\n".contains(*c)) {
                    if c == '"' {
                        return Err(Miss::Refused("a quote stands inside a field"));
                    }
                    field.push(c);
                }
            }
            row.push(field);
            match chars.next() {
                Some(',') => {}
                _ => break,
            }
        }
        rows.push(row);
    }
    Ok(rows)
}
