//! Letters that differ in case alone.
//!
//! IAM says of `StringEqualsIgnoreCase` only "ignoring case" `[?]`; letters are alike here when they
//! have the same lower case, letter by letter, which for ASCII is the one possible reading.

use super::chars::Chars;

/// Capitals that are not the upper case of their own lower case, with that lower case. Those of
/// Greek letters with an iota stand eight places behind it and are left out.
const FURTHER: [(char, char); 12] = [
    ('\u{1c5}', '\u{1c6}'),
    ('\u{1c8}', '\u{1c9}'),
    ('\u{1cb}', '\u{1cc}'),
    ('\u{1f2}', '\u{1f3}'),
    ('\u{3f4}', '\u{3b8}'),
    ('\u{1e9e}', '\u{df}'),
    ('\u{1fbc}', '\u{1fb3}'),
    ('\u{1fcc}', '\u{1fc3}'),
    ('\u{1ffc}', '\u{1ff3}'),
    ('\u{2126}', '\u{3c9}'),
    ('\u{212a}', 'k'),
    ('\u{212b}', '\u{e5}'),
];

/// The characters that are `c` but for case. `None` for the one that is two characters in lower
/// case.
pub(super) fn alike(c: char) -> Option<Chars> {
    let lower = lower_case(c)?;
    let mut out = Chars::only(lower);
    let mut upper = lower.to_uppercase();
    let capitals = upper.next().filter(|_| upper.next().is_none());
    let iota =
        char::from_u32(u32::from(lower) + 8).filter(|_| ('\u{1f80}'..'\u{1fb0}').contains(&lower));
    let further = FURTHER.iter().filter(|(_, l)| *l == lower).map(|(capital, _)| *capital);
    for capital in capitals.into_iter().chain(iota).chain(further) {
        if lower_case(capital) == Some(lower) {
            out = out.union(&Chars::only(capital));
        }
    }
    Some(out)
}

fn lower_case(c: char) -> Option<char> {
    let mut lower = c.to_lowercase();
    lower.next().filter(|_| lower.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_is_the_same_lower_case_over_all_of_unicode() {
        for c in '\0'..=char::MAX {
            let Some(lower) = lower_case(c) else {
                assert_eq!((c, alike(c)), ('\u{130}', None));
                continue;
            };
            if c != lower || c.is_ascii() {
                assert!(alike(lower).is_some_and(|set| set.contains(c)), "{c:?} {lower:?}");
                assert_eq!(alike(c), alike(lower));
            }
        }
    }

    #[test]
    fn ascii_letters_have_two_forms() {
        assert_eq!(alike('a'), Some(Chars::ascii("aA")));
        assert_eq!(alike('-'), Some(Chars::ascii("-")));
        let k = alike('K').expect("one letter");
        assert!(k.contains('k') && k.contains('\u{212a}') && !k.contains('q'));
    }
}
