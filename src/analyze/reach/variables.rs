//! Policy variables: texts that hold the value of another key of the same request.
//!
//! A representative must be able to meet `${aws:username}` in a path, or a tag that must be the
//! caller's own account. So the values that representatives have are written into the texts, and the
//! values that a text asks for are given to the keys that a caller chooses.

use crate::model::{ConditionKey, Entry, KnownKey, Leaf, Part, Policy, SymbolClass};

use super::keys;
use super::project::variables;
use super::words::{Word, Words, is_chosen};

/// The most texts that one leaf is written out as.
const LIMIT: usize = 64;

/// Values that an outsider's request has: its account, its organisation.
pub(super) struct Own<'a> {
    pub(super) account: &'a str,
    pub(super) org: &'a str,
    pub(super) now: i64,
}

/// Adds to `words` what the relational texts of `policy` make of each other's values, and returns
/// its resources written out.
pub(super) fn write_out(policy: &Policy, words: &mut Words, own: &Own<'_>) -> Vec<String> {
    let mut resources = Vec::new();
    let mut found: Vec<(ConditionKey, Word)> = Vec::new();
    for statement in policy.known_statements() {
        for leaf in statement.resource.items.iter().filter_map(Entry::one) {
            if !variables(policy, leaf).is_empty() {
                resources.extend(texts(leaf, words, own));
            }
        }
        for condition in statement.known_conditions() {
            let pattern = condition.operator.is_none_or(|op| op.is_pattern());
            for leaf in condition.values.iter().filter_map(Entry::one) {
                let names = variables(policy, leaf);
                if names.is_empty() {
                    continue;
                }
                for text in texts(leaf, words, own) {
                    let pattern = pattern && text.contains(['*', '?']);
                    found.push((condition.key.clone(), Word { text, pattern }));
                }
                for name in names {
                    let variable = ConditionKey::parse(&name);
                    for text in values(&condition.key, words, own) {
                        found.push((variable.clone(), Word { text, pattern: false }));
                    }
                }
            }
        }
    }
    for (key, word) in found {
        add(words, &key, word);
    }
    resources
}

/// Ids of accounts, organisations and places are not added: an outsider has its own, and a text is
/// not made a name by being written out.
fn add(words: &mut Words, key: &ConditionKey, word: Word) {
    match key.known {
        KnownKey::Username => drop(words.user_words.insert(word)),
        KnownKey::PrincipalArn if word.pattern => drop(words.arn_words.insert(word)),
        known if is_chosen(known) => {
            let entry = words.keys.entry(key.name.clone());
            entry.or_insert_with(|| (known, Default::default())).1.insert(word);
        }
        _ => {}
    }
}

/// The leaf with a value in place of each variable.
fn texts(leaf: &Leaf, words: &Words, own: &Own<'_>) -> Vec<String> {
    let mut out = vec![String::new()];
    for part in &leaf.parts {
        let text = match part {
            Part::Lit(text) => text,
            Part::Sym(symbol) => {
                // `${api.execution_arn}/` is the shorthand by another name.
                let own = symbol.class == SymbolClass::ThisApiArn;
                let stand_in = if own { "execute-api:" } else { "*" };
                out.iter_mut().for_each(|text| text.push_str(stand_in));
                continue;
            }
        };
        let mut rest = text.as_ref();
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((inside, after)) = behind.split_once('}') else { break };
            let name = inside.split(',').next().unwrap_or(inside).trim();
            let key = ConditionKey::parse(name);
            let choices = match name {
                "*" | "?" | "$" => vec![name.to_owned()],
                // Whose account it is, its own name says.
                _ if key.known == KnownKey::PrincipalAccount && leaf_is_arn(leaf) => {
                    vec!["*".to_owned()]
                }
                _ => values(&key, words, own),
            };
            out = out
                .iter()
                .flat_map(|head| choices.iter().map(move |value| format!("{head}{before}{value}")))
                .take(LIMIT)
                .collect();
            rest = after;
        }
        out.iter_mut().for_each(|text| text.push_str(rest));
    }
    out
}

fn leaf_is_arn(leaf: &Leaf) -> bool {
    matches!(leaf.parts.first(), Some(Part::Lit(text)) if text.starts_with("arn:"))
}

/// Values that some representative has under a key.
fn values(key: &ConditionKey, words: &Words, own: &Own<'_>) -> Vec<String> {
    let one = |text: &str| vec![text.to_owned()];
    match key.known {
        KnownKey::Username => one("caller"),
        KnownKey::PrincipalAccount => {
            let named = words.accounts.iter().map(ToString::to_string);
            std::iter::once(own.account.to_owned()).chain(named).collect()
        }
        KnownKey::PrincipalOrgId => {
            std::iter::once(own.org.to_owned()).chain(words.organizations()).collect()
        }
        KnownKey::PrincipalType => vec!["AssumedRole".into(), "User".into()],
        KnownKey::SourceIp => one("8.8.8.8"),
        KnownKey::VpcSourceIp => one("10.0.0.5"),
        KnownKey::SourceVpce => one("vpce-0f1e2d3c4b5a69788"),
        KnownKey::SourceVpc => one("vpc-0f1e2d3c4b5a69788"),
        known if is_chosen(known) => {
            let literals = words.keys.get(&key.name).into_iter().flat_map(|(_, words)| words);
            let literals = literals.filter(|word| !word.pattern).map(|word| word.text.clone());
            keys::usual(known, own.now).into_iter().chain(literals).collect()
        }
        _ => Vec::new(),
    }
}
