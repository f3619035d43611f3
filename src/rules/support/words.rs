//! Words: template text in messages, and the meaning of a grant as text.

use crate::model::{
    Condition, Entry, Leaf, PrincipalElement, PrincipalItem, PrincipalKind, Statement, SymbolTable,
};

/// The most characters of a template that a message repeats.
const MAX_QUOTED: usize = 48;

/// `text` cut to `max` characters, with an ellipsis where something is left out.
pub(in crate::rules) fn clip(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(max.saturating_sub(1)).collect();
    out.push('…');
    out
}

/// A piece of a template in a message: in backticks, on one line, of bounded length.
pub(in crate::rules) fn code(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("`{}`", clip(&line, MAX_QUOTED))
}

/// The text of a leaf for a message.
pub(in crate::rules) fn value_text(leaf: &Leaf, symbols: &SymbolTable) -> String {
    code(&leaf.display(symbols))
}

/// `a`, `a and b`, `a, b and c`.
pub(in crate::rules) fn join(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// What a statement grants, free of order and layout: the part of a fingerprint that says which
/// grant a finding is about.
pub(in crate::rules) fn grant_key(statement: &Statement, symbols: &SymbolTable) -> String {
    let mut principals = match &statement.principal {
        PrincipalElement::Missing => vec!["none".to_owned()],
        PrincipalElement::Principal(p) => entries(&p.items, |item| principal(item, symbols)),
        PrincipalElement::NotPrincipal(p, _) => {
            entries(&p.items, |item| format!("not {}", principal(item, symbols)))
        }
    };
    principals.sort();
    let mut actions = entries(&statement.action.items, |leaf| leaf_key(leaf, symbols));
    actions.sort();
    let mut resources = entries(&statement.resource.items, |leaf| leaf_key(leaf, symbols));
    resources.sort();
    let mut conditions = entries(&statement.conditions, |c| condition(c, symbols));
    conditions.sort();
    format!(
        "{}|{}{}|{}{}|{}",
        principals.join(","),
        if statement.action.negated { "not " } else { "" },
        actions.join(",").to_ascii_lowercase(),
        if statement.resource.negated { "not " } else { "" },
        resources.join(","),
        conditions.join(";"),
    )
}

/// A leaf in a fingerprint.
pub(in crate::rules) fn leaf_key(leaf: &Leaf, symbols: &SymbolTable) -> String {
    leaf.display(symbols)
}

fn principal(item: &PrincipalItem, symbols: &SymbolTable) -> String {
    let kind = match &item.kind {
        PrincipalKind::Aws => "AWS",
        PrincipalKind::Service => "Service",
        PrincipalKind::Federated => "Federated",
        PrincipalKind::CanonicalUser => "CanonicalUser",
        PrincipalKind::Bare => "bare",
        PrincipalKind::Other(name) => name,
    };
    format!("{kind}:{}", item.value.display(symbols))
}

fn condition(condition: &Condition, symbols: &SymbolTable) -> String {
    let mut values = entries(&condition.values, |leaf| leaf_key(leaf, symbols));
    values.sort();
    let operator = condition.operator_name.display(symbols).to_ascii_lowercase();
    format!("{operator} {}={}", condition.key.name, values.join(","))
}

fn entries<T>(items: &[Entry<T>], text: impl Fn(&T) -> String) -> Vec<String> {
    items.iter().map(|entry| entry.one().map_or_else(|| "...".to_owned(), &text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_on_characters() {
        assert_eq!(clip("short", 5), "short");
        assert_eq!(clip("äöüß€", 3), "äö…");
        assert_eq!(code("a\nb\u{1b}"), "`a b `");
        assert_eq!(code(&"x".repeat(9_000)).chars().count(), MAX_QUOTED + 2);
    }

    #[test]
    fn joins() {
        let words = |n: usize| ["a", "b", "c"][..n].iter().map(|w| (*w).to_owned()).collect();
        let join = |words: Vec<String>| join(&words);
        assert_eq!(join(words(0)), "");
        assert_eq!(join(words(1)), "a");
        assert_eq!(join(words(2)), "a and b");
        assert_eq!(join(words(3)), "a, b and c");
    }
}
