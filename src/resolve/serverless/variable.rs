//! The syntax of variables: `${type(parameters):address, other:address, 'literal'}`.
//!
//! What starts with anything but a lower-case type is none: `${AWS::Region}` is for `Fn::Sub`.

use std::ops::Range;

/// How long a variable may be: each is looked through once more for those inside.
const MAX_LENGTH: usize = 4096;
/// How deep variables may stand inside each other.
const MAX_DEPTH: usize = 16;

/// A stretch of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    /// Plain text.
    Text(Range<usize>),
    /// A variable, and the sources that it names, the first that has a value counting.
    Variable(Range<usize>, Vec<Source<'t>>),
}

/// Where a value may come from.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Source<'t> {
    /// A string in quotes.
    Quoted(&'t str),
    /// A number, a Boolean, `null`.
    Word(&'t str),
    /// `type(parameters):address`. Parameters and address may hold variables.
    Call {
        /// The whole source.
        text: &'t str,
        /// The type.
        kind: &'t str,
        /// What stands between the brackets.
        parameters: Option<&'t str>,
        /// What stands behind the colon.
        address: &'t str,
    },
}

/// The stretches of `text`; a text without a variable is one of them.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(open) = text.get(at..).and_then(|rest| rest.find("${")) {
        let open = at + open;
        at = open + 2;
        if text.get(..open).is_some_and(|before| before.ends_with('\\')) {
            continue;
        }
        let Some(inside) = text.get(at..).and_then(closing) else { break };
        let Some(sources) = text.get(at..at + inside).and_then(sources) else {
            at += inside + 1;
            continue;
        };
        if from < open {
            out.push(Part::Text(from..open));
        }
        at += inside + 1;
        from = at;
        out.push(Part::Variable(open..at, sources));
    }
    if from < text.len() {
        out.push(Part::Text(from..text.len()));
    }
    out
}

/// Where the bracket closes that is open in front of `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    let mut quote = None;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate().take(MAX_LENGTH) {
        match (byte, quote) {
            (byte, Some(open)) if *byte == open => quote = None,
            (_, Some(_)) => {}
            (b'\'' | b'"', None) => quote = Some(*byte),
            (b'{', None) if at > 0 && bytes.get(at - 1) == Some(&b'$') => depth += 1,
            (b'}', None) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
        if depth > MAX_DEPTH {
            return None;
        }
    }
    None
}

/// The sources that stand between the brackets of a variable; `None` where it is none.
fn sources(inside: &str) -> Option<Vec<Source<'_>>> {
    let mut out = Vec::new();
    for text in split(inside) {
        let text = text.trim();
        let source = match text.chars().next() {
            Some(quote @ ('\'' | '"')) => {
                Source::Quoted(text.get(1..)?.strip_suffix(quote).unwrap_or_default())
            }
            _ => call(text).or_else(|| (!out.is_empty()).then_some(Source::Word(text)))?,
        };
        out.push(source);
    }
    // The first source has a type.
    matches!(out.first(), Some(Source::Call { .. })).then_some(out)
}

fn call(text: &str) -> Option<Source<'_>> {
    let is_type = |kind: &str| {
        kind.starts_with(|c: char| c.is_ascii_lowercase())
            && kind.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
    };
    let end = text.find([':', '('])?;
    let (kind, rest) = text.split_at(end);
    if !is_type(kind) {
        return None;
    }
    let (parameters, rest) = match rest.strip_prefix('(') {
        Some(inside) => {
            let end = bracket(inside)?;
            (inside.get(..end), inside.get(end + 1..)?)
        }
        None => (None, rest),
    };
    let address = match rest.strip_prefix(':') {
        // `ssm::` is no variable, `AWS::` is for `Fn::Sub`.
        Some(address) if address.starts_with(':') => return None,
        Some(address) => address.trim(),
        None if parameters.is_some() && rest.trim().is_empty() => "",
        None => return None,
    };
    Some(Source::Call { text, kind, parameters, address })
}

/// Where the round bracket closes that is open in front of `text`.
fn bracket(text: &str) -> Option<usize> {
    let mut depth = 1usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// The parts between commas that stand in no quotes and no brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut out, mut from, mut depth, mut quote) = (Vec::new(), 0, 0usize, None);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('\'' | '"', None) => quote = Some(c),
            ('{' | '(', None) => depth += 1,
            ('}' | ')', None) => depth = depth.saturating_sub(1),
            (',', None) if depth == 0 => {
                out.extend(text.get(from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    out.extend(text.get(from..));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Vec<Source<'_>> {
        match parts(text).pop() {
            Some(Part::Variable(range, sources)) if range == (0..text.len()) => sources,
            other => panic!("{text}: {other:?}"),
        }
    }

    fn call<'t>(text: &'t str, kind: &'t str, address: &'t str) -> Source<'t> {
        Source::Call { text, kind, parameters: None, address }
    }

    #[test]
    fn sources_of_a_variable() {
        assert_eq!(only("${self:custom.a}"), [call("self:custom.a", "self", "custom.a")]);
        assert_eq!(
            only("${opt:stage, env:STAGE, 'dev,x'}"),
            [
                call("opt:stage", "opt", "stage"),
                call("env:STAGE", "env", "STAGE"),
                Source::Quoted("dev,x"),
            ]
        );
        assert_eq!(only("${opt:n, 3}")[1], Source::Word("3"));
        let nested = "self:custom.${opt:stage, 'dev'}.ips";
        assert_eq!(
            only(&format!("${{{nested}}}")),
            [call(nested, "self", "custom.${opt:stage, 'dev'}.ips")]
        );
        let file = Source::Call {
            text: "file(./a.${sls:stage}.yml):key",
            kind: "file",
            parameters: Some("./a.${sls:stage}.yml"),
            address: "key",
        };
        assert_eq!(only("${file(./a.${sls:stage}.yml):key}"), [file]);
    }

    #[test]
    fn what_is_no_variable_is_text() {
        for text in
            ["${AWS::Region}", "${Api}", "${aws::x}", "\\${self:a}", "${self:a", "$", "", "${}"]
        {
            let found = parts(text);
            assert!(found.iter().all(|part| matches!(part, Part::Text(_))), "{text}: {found:?}");
        }
        let mixed = parts("arn:${AWS::Region}:${self:a}/*");
        assert_eq!(mixed.len(), 3);
        assert_eq!(mixed[0], Part::Text(0..19));
        assert_eq!(mixed[2], Part::Text(28..30));
    }

    #[test]
    fn hostile_texts_end() {
        for unit in ["${", "${self:", "${a(", "'", "}", "${self:a}"] {
            parts(&unit.repeat(20_000));
        }
    }
}
