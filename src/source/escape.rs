//! Making text from templates safe for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with every character that a terminal would obey, and every one that changes the order or
/// the visibility of its neighbours, written as `\u{..}`. Blanks stay; line ends and tabs become
/// `\n`, `\r` and `\t`, so the result is one line.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_dangerous(c) => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Control characters (C0, DEL, C1), line and paragraph separators, and the invisible formatting
/// characters with which text is made to look like other text (Unicode TR 36, "Trojan Source").
fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(escape("naïve 日本語 \"quoted\""), Cow::Borrowed(_)));
    }

    #[test]
    fn controls_are_written_out() {
        assert_eq!(escape("a\u{1b}[31mred\u{7}"), "a\\u{1b}[31mred\\u{7}");
        assert_eq!(escape("two\r\nlines\t"), "two\\r\\nlines\\t");
        assert_eq!(escape("\u{9b}31m\u{7f}"), "\\u{9b}31m\\u{7f}");
        assert_eq!(escape("\u{202e}drow\u{2066}\u{feff}"), "\\u{202e}drow\\u{2066}\\u{feff}");
    }
}
