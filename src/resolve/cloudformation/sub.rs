//! The placeholders of `Fn::Sub`.

use std::ops::Range;

/// A `${...}` in the text of an `Fn::Sub`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hole<'t> {
    /// The placeholder, `${` and `}` included.
    pub(crate) range: Range<usize>,
    /// What stands between the braces, blanks aside. Empty for `${!literal}`.
    pub(crate) name: &'t str,
    /// `${!literal}`: the text without the `!` is meant.
    pub(crate) escaped: bool,
}

/// The placeholders of `text`, in order. A `${` without its `}` is text.
pub(crate) fn holes(text: &str) -> impl Iterator<Item = Hole<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find("${")?;
        let inner = start + 2;
        let end = inner + text.get(inner..)?.find('}')?;
        from = end + 1;
        let name = text.get(inner..end)?;
        let escaped = name.starts_with('!');
        let name = if escaped { "" } else { name.trim() };
        Some(Hole { range: start..from, name, escaped })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_and_literals() {
        let found: Vec<_> = holes("a${B}c${!D}${ E.F }").collect();
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].range.clone(), found[0].name), (1..5, "B"));
        assert!(found[1].escaped);
        assert_eq!(found[2].name, "E.F");
    }

    #[test]
    fn stops_at_what_is_not_closed() {
        assert_eq!(holes("${A}${B").count(), 1);
        assert_eq!(holes("${").count(), 0);
        assert_eq!(holes("$").count(), 0);
    }
}
