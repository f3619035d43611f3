//! The top-level keys of a JSON or YAML text, without a parse.
//!
//! A scan is enough to tell what a file is, it costs a fraction of a parse, and it works on files
//! that do not parse: those must be recognised too, to be reported.

use memchr::memchr3;

/// How many keys are looked at: no known form has more at its top that matter.
const MAX_KEYS: usize = 512;

/// The keys at the top of `text`, as they are written (without quotes), those of all documents of a
/// YAML stream together. A text that starts with `{` is read as JSON, and as YAML only when that
/// shows no key (a template language in front of YAML).
pub(super) fn top_keys(text: &str) -> Vec<&str> {
    let text = text.trim_start_matches('\u{feff}');
    if starts_like_json(text) {
        let keys = json_keys(text);
        if !keys.is_empty() {
            return keys;
        }
    }
    yaml_keys(text)
}

/// Whether the first character that is no blank opens an object or array of JSON.
pub(super) fn starts_like_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

/// The keys of the outermost object: each string or word at depth 1 that a colon follows.
fn json_keys(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0usize, 0usize);
    let mut keys = Vec::new();
    let mut in_array = false;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => {
                in_array |= depth == 0 && byte == b'[';
                depth += 1;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let start = at;
                let end = end_of_string(bytes, at);
                at = end + 1;
                if depth != 1 || in_array {
                    continue;
                }
                let rest = bytes.get(at..).unwrap_or(&[]);
                if rest.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':') {
                    keys.extend(text.get(start..end));
                }
            }
            // YAML in flow style, whose keys need no quotes.
            b':' if depth == 1 && !in_array => {
                let before = text.get(..at - 1).unwrap_or("");
                let word = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next();
                keys.extend(word.filter(|word| !word.is_empty()));
            }
            _ => {}
        }
        if keys.len() >= MAX_KEYS {
            break;
        }
    }
    keys
}

/// Where the string ends whose first character stands at `at`: at its quote, or at the end of its line where
/// it is never closed.
fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr3(b'"', b'\\', b'\n', rest)) {
        at += found;
        if bytes.get(at) != Some(&b'\\') {
            return at;
        }
        at += 2;
    }
    bytes.len()
}

/// The keys of the lines that are indented like the first one with a key.
fn yaml_keys(text: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    let mut indent = None;
    for line in text.lines() {
        let body = line.trim_start_matches(' ');
        let depth = line.len() - body.len();
        if indent.is_some_and(|indent| depth != indent)
            || body.starts_with(['#', '-', '%', '\t', '{', '['])
        {
            continue;
        }
        if let Some(key) = yaml_key(body) {
            indent = Some(depth);
            keys.push(key);
            if keys.len() >= MAX_KEYS {
                return keys;
            }
        }
    }
    keys
}

/// The key that `line` starts with: a plain or quoted scalar, a colon, and a blank or the end.
fn yaml_key(line: &str) -> Option<&str> {
    let (key, rest) = match line.chars().next()? {
        quote @ ('"' | '\'') => line.get(1..)?.split_once(quote)?,
        _ => {
            let colon = line.match_indices(':').map(|(at, _)| at).find(|at| {
                line.get(at + 1..)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
            })?;
            line.split_at(colon)
        }
    };
    rest.trim_start().starts_with(':').then(|| key.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json() {
        let text = "\u{feff}\n{\"AWSTemplateFormatVersion\" : \"x\\\":\", \"Resources\": {\"A\": {\"B\": 1}},\n\"C\": [{\"D\": 1}]}";
        assert_eq!(top_keys(text), ["AWSTemplateFormatVersion", "Resources", "C"]);
        assert!(top_keys("[{\"a\": 1}]").is_empty());
        assert_eq!(top_keys("{Resources: {Api: {Type: x}}, \"B\": y}"), ["Resources", "B"]);
    }

    #[test]
    fn broken_json() {
        assert_eq!(top_keys("{\"Version\": \"x\" \"Statement\": [{]}"), ["Version", "Statement"]);
        assert_eq!(top_keys("{\"open: 1,\n\"Statement\": ["), ["Statement"]);
        assert!(top_keys("{").is_empty());
        assert!(top_keys("{\"\\").is_empty());
        assert!(top_keys("{\"a\\\u{e9}").is_empty());
    }

    #[test]
    fn yaml() {
        let text = "# a comment: here\n%YAML 1.1\n---\nResources:\r\n  Api:\n    Type: x\n\"Transform\": y\n'Quoted' : z\nurl:http: 1\n";
        assert_eq!(top_keys(text), ["Resources", "Transform", "Quoted", "url:http"]);
        assert_eq!(top_keys("  openapi: 3\n  paths:\n    /a: 1\n"), ["openapi", "paths"]);
        assert_eq!(top_keys("a: 1\n---\nb: 2\n"), ["a", "b"]);
        assert!(top_keys("- a: 1\n- b: 2\n").is_empty());
    }

    #[test]
    fn yaml_behind_a_template_language() {
        assert_eq!(top_keys("{% if x %}\nResources:\n  A: 1\n{% endif %}\n"), ["Resources"]);
    }
}
