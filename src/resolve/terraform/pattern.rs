//! Regular expressions: `regex`, `regexall`, and `replace` with a pattern
//! (<https://developer.hashicorp.com/terraform/language/functions/regex>).
//!
//! Terraform's are those of Go (RE2 syntax). They are compiled here by a crate of nearly the same
//! syntax; a pattern that the two may read differently ([`is_common`]) is not evaluated.

use regex_automata::meta::Regex;
use regex_automata::util::captures::Captures;
use regex_automata::util::syntax;

use super::argument::{Known, Miss, of_list, of_map, text};
use super::evaluator::Evaluator;
use super::function::Call;
use crate::resolve::{Key, Kind, Value};

/// The functions here.
pub(super) const NAMES: &[&str] = &["regex", "regexall"];

/// How long a pattern may be, in bytes.
const MAX_PATTERN: usize = 1000;
/// How large a compiled pattern may be, in bytes.
const MAX_COMPILED: usize = 1 << 20;
/// How long a text may be that is searched.
const MAX_SEARCHED: usize = 1 << 16;
/// How many matches are kept.
const MAX_MATCHES: usize = 1000;

impl Evaluator<'_> {
    pub(super) fn pattern(&mut self, call: Call<'_>, args: &[Value]) -> Known<Value> {
        let [pattern, searched] = args else {
            return Err(Miss::Refused("the number of arguments is wrong"));
        };
        let (pattern, subject) = (text(pattern)?, text(searched)?);
        let regex = self.compiled(&pattern, &subject)?;
        let origin = self.at_call(call);
        let mut found = regex.captures_iter(subject.as_str());
        if call.name == "regex" {
            let captures = found.next().ok_or(Miss::Refused("the pattern does not match"))?;
            return self.match_value(call, searched, &subject, &regex, &captures);
        }
        let mut out = Vec::new();
        for captures in found {
            if out.len() >= MAX_MATCHES || !self.spend(captures.group_len()) {
                return Err(Miss::Open);
            }
            out.push(self.match_value(call, searched, &subject, &regex, &captures)?);
        }
        Ok(of_list(out, origin))
    }

    fn compiled(&mut self, pattern: &str, subject: &str) -> Known<Regex> {
        if pattern.len() > MAX_PATTERN || subject.len() > MAX_SEARCHED || !is_common(pattern) {
            return Err(Miss::Open);
        }
        self.spend(20 + pattern.len() + subject.len() / 16);
        // Classes such as `\d` are those of ASCII; other text is searched only without them.
        let ascii = pattern.is_ascii() && subject.is_ascii();
        let classes = ["\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\b", "\\B", "(?i"];
        if !ascii && classes.iter().any(|class| pattern.contains(class)) {
            return Err(Miss::Open);
        }
        let syntax = syntax::Config::new().unicode(!ascii).utf8(!ascii).nest_limit(50);
        let config = Regex::config().nfa_size_limit(Some(MAX_COMPILED)).utf8_empty(!ascii);
        let built = Regex::builder().syntax(syntax).configure(config).build(pattern);
        built.map_err(|_| Miss::Open)
    }

    /// What a match is: its text, or the texts of its groups, by their names where they have some.
    fn match_value(
        &mut self,
        call: Call<'_>,
        searched: &Value,
        subject: &str,
        regex: &Regex,
        captures: &Captures,
    ) -> Known<Value> {
        let origin = self.at_call(call);
        let part = |evaluator: &mut Self, index: usize| match captures.get_group(index) {
            Some(span) => {
                let part = subject.get(span.range()).unwrap_or_default().to_owned();
                evaluator.made_text(call, searched, &part)
            }
            None => Value::new(Kind::Null, origin),
        };
        let pattern = regex_automata::PatternID::ZERO;
        let names: Vec<Option<&str>> = regex.group_info().pattern_names(pattern).skip(1).collect();
        if names.is_empty() {
            return Ok(part(self, 0));
        }
        if names.iter().all(Option::is_none) {
            let groups = (1..=names.len()).map(|index| part(self, index)).collect();
            return Ok(of_list(groups, origin));
        }
        let mut entries = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let Some(name) = name else {
                return Err(Miss::Refused("the pattern mixes named and unnamed groups"));
            };
            let key = Key { text: (*name).into(), origin };
            entries.push((key, part(self, index + 1)));
        }
        Ok(of_map(entries, origin))
    }

    /// `replace` with a pattern: `$1` and `${name}` in the replacement are groups (Go,
    /// `Regexp.ReplaceAllString`).
    pub(super) fn replace_pattern(
        &mut self,
        call: Call<'_>,
        value: &Value,
        pattern: &str,
        with: &str,
    ) -> Known<Value> {
        let subject = text(value)?;
        let regex = self.compiled(pattern, &subject)?;
        let mut out = String::new();
        let mut end = 0;
        for captures in regex.captures_iter(subject.as_str()) {
            let Some(found) = captures.get_match() else { continue };
            if out.len() > MAX_SEARCHED || !self.spend(captures.group_len()) {
                return Err(Miss::Open);
            }
            out.push_str(subject.get(end..found.start()).unwrap_or_default());
            expand(with, &subject, &captures, &mut out);
            end = found.end();
        }
        out.push_str(subject.get(end..).unwrap_or_default());
        Ok(self.made_text(call, value, &out))
    }
}

/// Puts groups in the place of their references.
fn expand(template: &str, subject: &str, captures: &Captures, out: &mut String) {
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(left) = behind.strip_prefix('$') {
            out.push('$');
            rest = left;
            continue;
        }
        let word = |text: &str| {
            let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
            text.split_at(end).0.to_owned()
        };
        let (name, left) = match behind.strip_prefix('{') {
            Some(inner) => {
                let name = word(inner);
                match inner.get(name.len()..).and_then(|left| left.strip_prefix('}')) {
                    Some(left) if !name.is_empty() => (name, left),
                    _ => (String::new(), behind),
                }
            }
            None => {
                let name = word(behind);
                let left = behind.get(name.len()..).unwrap_or_default();
                (name, left)
            }
        };
        if name.is_empty() {
            // It is no reference.
            out.push('$');
            rest = behind;
            continue;
        }
        let group = match name.bytes().all(|b| b.is_ascii_digit()) {
            true => name.parse().ok().and_then(|index| captures.get_group(index)),
            false => captures.get_group_by_name(&name),
        };
        if let Some(span) = group {
            out.push_str(subject.get(span.range()).unwrap_or_default());
        }
        rest = left;
    }
    out.push_str(rest);
}

/// Whether Go and the crate here read a pattern alike: no set operations and nested brackets in
/// classes, no groups and flags that one of them lacks, no escapes that mean different things.
fn is_common(pattern: &str) -> bool {
    let mut chars = pattern.chars().peekable();
    let mut class = false;
    let mut previous = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        match c {
            '\\' => {
                let escaped = chars.next().unwrap_or(' ');
                if !(escaped.is_ascii_punctuation() && !"<>".contains(escaped)
                    || "dDwWsSbBAzntrfav".contains(escaped))
                    || (class && "bBAz".contains(escaped))
                {
                    return false;
                }
                previous = ' ';
                continue;
            }
            '[' if class && next == ':' => {
                // `[:alpha:]` is that of ASCII in both.
                chars.next();
                let name = chars.by_ref().take_while(|c| c.is_ascii_alphabetic()).count();
                if name == 0 || chars.next() != Some(']') {
                    return false;
                }
            }
            '[' if class => return false,
            '[' => {
                class = true;
                if next == '^' {
                    chars.next();
                }
                // A bracket or dash that comes first is itself.
                if chars.peek().is_some_and(|c| "]-".contains(*c)) {
                    chars.next();
                }
            }
            ']' if class => class = false,
            '&' | '~' | '-' if class && next == c => return false,
            '(' if !class && next == '?' => {
                let mut rest = chars.clone();
                rest.next();
                let flags: String = rest.take_while(|c| !":)>".contains(*c)).collect();
                let named = flags.strip_prefix("P<");
                let plain = flags.chars().all(|c| "ims-".contains(c));
                if !plain && named.is_none() {
                    return false;
                }
            }
            '{' if !class && !next.is_ascii_digit() => return false,
            '{' if !class => {
                let count: String = chars.clone().take_while(|c| *c != '}').collect();
                let small = |n: &str| n.is_empty() || n.parse::<u32>().is_ok_and(|n| n <= 1000);
                if !count.split(',').all(small) {
                    return false;
                }
            }
            '*' | '+' | '?' if !class && "*+".contains(previous) && c != '?' => return false,
            _ => {}
        }
        previous = c;
    }
    true
}
