//! What a regular expression (RE2) says of every text in which it is found, as far as its anchors and the
//! characters beside them tell.
//!
//! Nothing is matched here: a pattern that is not plainly of one of these forms says nothing.

/// What is known of the texts in which a pattern is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Anchored {
    /// They are these.
    OneOf(Vec<String>),
    /// They begin and end so, with something or nothing between.
    Between(String, String),
    /// Nothing.
    Anything,
}

/// A part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// This character.
    Char(char),
    /// `(` or `(?:`.
    Open,
    Close,
    /// `|`
    Or,
    /// `$`
    End,
    /// Anything else: classes, quantifiers, escapes with a meaning.
    Other,
}

/// Looks at a pattern.
pub(super) fn anchored(pattern: &str) -> Anchored {
    let (starts, rest) = match pattern.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let Some(mut tokens) = tokens(rest) else { return Anchored::Anything };
    if has_open_alternation(&tokens) {
        return Anchored::Anything;
    }
    let ends = tokens.last() == Some(&Token::End);
    if ends {
        tokens.pop();
    }
    if starts
        && ends
        && let Some(texts) = alternatives(&tokens)
    {
        return Anchored::OneOf(texts);
    }
    let run = |tokens: &mut dyn Iterator<Item = &Token>| -> String {
        tokens
            .map_while(|token| match token {
                Token::Char(c) => Some(*c),
                _ => None,
            })
            .collect()
    };
    let head = if starts { run(&mut tokens.iter()) } else { String::new() };
    let mut tail: String = if ends { run(&mut tokens.iter().rev()) } else { String::new() };
    tail = tail.chars().rev().collect();
    match head.is_empty() && tail.is_empty() {
        true => Anchored::Anything,
        false => Anchored::Between(head, tail),
    }
}

/// The parts of a pattern; `None` where a part of it may change the meaning of others. A character that a
/// quantifier stands behind is none that must be there.
fn tokens(pattern: &str) -> Option<Vec<Token>> {
    let mut out: Vec<Token> = Vec::new();
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        let token = match c {
            '\\' => match rest.next()? {
                'A' | 'B' | 'D' | 'S' | 'W' | 'b' | 'd' | 's' | 'w' | 'z' => Token::Other,
                // `\Q` and `\x41` are not over here.
                c if c.is_ascii_alphanumeric() => return None,
                c => Token::Char(c),
            },
            '[' => {
                skip_class(&mut rest)?;
                Token::Other
            }
            '(' => {
                if rest.peek() == Some(&'?') {
                    rest.next();
                    // Flags change how everything behind them matches.
                    if rest.next() != Some(':') {
                        return None;
                    }
                }
                Token::Open
            }
            ')' => Token::Close,
            '|' => Token::Or,
            '$' => Token::End,
            '*' | '?' | '+' | '{' => {
                if c == '{' {
                    rest.by_ref().find(|c| *c == '}')?;
                }
                if let Some(last @ Token::Char(_)) = out.last_mut() {
                    *last = Token::Other;
                }
                Token::Other
            }
            '.' | '^' => Token::Other,
            c => Token::Char(c),
        };
        out.push(token);
    }
    Some(out)
}

/// Reads on behind `[` to behind the `]` that closes the class.
fn skip_class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<()> {
    rest.next_if_eq(&'^');
    // A bracket that comes first is one of the class.
    rest.next_if_eq(&']');
    loop {
        match rest.next()? {
            '\\' => drop(rest.next()?),
            // `[:alpha:]`
            '[' if rest.peek() == Some(&':') => drop(rest.by_ref().find(|c| *c == ']')?),
            ']' => return Some(()),
            _ => {}
        }
    }
}

/// Whether alternatives stand outside of all groups: anchors are those of one of them only.
fn has_open_alternation(tokens: &[Token]) -> bool {
    let mut depth = 0_usize;
    tokens.iter().any(|token| {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && *token == Token::Or
    })
}

/// The texts of `abc` or `(a|b|c)`.
fn alternatives(tokens: &[Token]) -> Option<Vec<String>> {
    let inner = match tokens {
        [Token::Open, inner @ .., Token::Close] => inner,
        all => all,
    };
    let text = |part: &[Token]| {
        let chars = part.iter().map(|token| match token {
            Token::Char(c) => Some(*c),
            _ => None,
        });
        chars.collect::<Option<String>>()
    };
    inner.split(|token| *token == Token::Or).map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_anchors_say() {
        let one_of = |texts: &[&str]| Anchored::OneOf(texts.iter().map(|&t| t.into()).collect());
        let between = |a: &str, b: &str| Anchored::Between(a.into(), b.into());
        for (pattern, expected) in [
            ("^(dev|prod)$", one_of(&["dev", "prod"])),
            ("^(?:dev|prod)$", one_of(&["dev", "prod"])),
            ("^v1\\.2$", one_of(&["v1.2"])),
            ("^()$", one_of(&[""])),
            ("^vpce-[0-9a-f]{17}$", between("vpce-", "")),
            ("^arn:aws:iam::\\d{12}:root$", between("arn:aws:iam::", ":root")),
            ("/32$", between("", "/32")),
            ("^abc?$", between("ab", "")),
            ("^ab*", between("a", "")),
            ("^a{0}b", Anchored::Anything),
            ("^(a|b)c$", between("", "c")),
            ("^(a|b)(c|d)$", Anchored::Anything),
            ("^dev|prod$", Anchored::Anything),
            ("dev|prod", Anchored::Anything),
            ("^[a|b]c$", between("", "c")),
            ("^[]a]x$", between("", "x")),
            ("^[[:alpha:]]x$", between("", "x")),
            ("(?i)^abc$", Anchored::Anything),
            ("^(?i)abc$", Anchored::Anything),
            ("^\\Qa.b\\E$", Anchored::Anything),
            ("^\\x41$", Anchored::Anything),
            ("^\\pN12$", Anchored::Anything),
            ("vpce", Anchored::Anything),
            ("^a$b$", between("a", "b")),
            ("^a\\$", between("a$", "")),
            ("", Anchored::Anything),
            ("^", Anchored::Anything),
            ("^x\\", Anchored::Anything),
        ] {
            assert_eq!(anchored(pattern), expected, "{pattern}");
        }
    }
}
