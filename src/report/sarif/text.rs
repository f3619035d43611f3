//! Text in messages.
//!
//! In a message `[text](1)` is a link and `{0}` a placeholder (SARIF 2.1.0, 3.11.5 and 3.11.6).
//! Nothing from a template may become either.

use crate::report::escape;

/// `text` for a message. Brackets are escaped where a link could begin, braces where a placeholder
/// could stand; elsewhere they stay, since few viewers take the escape away again.
pub(super) fn literal(text: &str) -> String {
    let text = escape(text);
    let text = match text.contains("](") {
        true => link_text(&text),
        false => text.into_owned(),
    };
    placeholders(&text)
}

/// `text` for a message of its own, with a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut out = literal(text.trim());
    if !out.ends_with('.') {
        out.push('.');
    }
    out
}

/// `text` as the text of a link to the related location `id`.
pub(super) fn link(text: &str, id: usize) -> String {
    format!("[{}]({id})", placeholders(&link_text(&escape(text))))
}

fn link_text(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// Doubles the braces of a text that holds something like `{0}`.
fn placeholders(text: &str) -> String {
    let numbered = text.split('{').skip(1).any(|rest| {
        rest.split_once('}').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
        })
    });
    match numbered {
        true => text.replace('{', "{{").replace('}', "}}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_harmless_stays() {
        assert_eq!(literal("GET /prod/{id}/{proxy+} [a]"), "GET /prod/{id}/{proxy+} [a]");
        assert_eq!(sentence("done"), "done.");
        assert_eq!(sentence("done."), "done.");
    }

    #[test]
    fn links_and_placeholders_are_none() {
        assert_eq!(literal("[x](http://e)"), "\\[x\\](http://e)");
        assert_eq!(literal("{0} and {x}"), "{{0}} and {{x}}");
        assert_eq!(link("a]b {1}", 3), "[a\\]b {{1}}](3)");
        assert_eq!(literal("two\nlines\u{202e}"), "two\\nlines\\u{202e}");
    }
}
