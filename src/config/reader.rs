//! Typed reading of the syntax tree. Every mismatch is a diagnostic, and reading goes on.

use std::sync::Arc;

use super::Diagnostic;
use crate::source::{Span, did_you_mean};
use crate::syntax::{Kind, Node};

/// Collects diagnostics while values are read.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A scalar as its source text: `012345678901` keeps its zero, quoted or not.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: Arc<str>,
    pub(super) span: Span,
}

/// The entries of a map whose keys are all known.
#[derive(Debug, Default)]
pub(super) struct Fields<'n>(Vec<(&'static str, Span, &'n Node)>);

impl<'n> Fields<'n> {
    /// The value of `key`.
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The key's token and the value.
    pub(super) fn entry(&self, key: &str) -> Option<(Span, &'n Node)> {
        // A duplicate is an error already; the last one is read.
        self.0.iter().rev().find(|(name, ..)| *name == key).map(|(_, span, value)| (*span, *value))
    }
}

impl Reader {
    /// Notes a diagnostic.
    pub(super) fn error(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// A map with no keys but `keys`; `what` says whose keys they are. Unknown keys are errors.
    pub(super) fn map<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        keys: &[&'static str],
    ) -> Fields<'n> {
        let mut fields = Fields::default();
        for (key, value) in self.entries(node, what) {
            match keys.iter().find(|known| **known == &*key.text) {
                Some(known) => fields.0.push((known, key.span, value)),
                None => self.unknown("key", &key, what, keys),
            }
        }
        fields
    }

    /// The entries of a map with free keys.
    pub(super) fn entries<'n>(&mut self, node: &'n Node, what: &str) -> Vec<(Word, &'n Node)> {
        let Kind::Map(pairs) = &node.kind else {
            self.mismatch(node, &format!("{what}: expected a map"));
            return Vec::new();
        };
        let mut out = Vec::with_capacity(pairs.len());
        for pair in pairs.iter() {
            match pair.key.scalar() {
                Some(text) => out.push((Word { text, span: pair.key.span }, &pair.value)),
                None => self.mismatch(&pair.key, &format!("{what}: expected a plain key")),
            }
        }
        out
    }

    /// The elements of a list.
    pub(super) fn list<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        match &node.kind {
            Kind::List(items) => items,
            _ => {
                self.mismatch(node, &format!("{what}: expected a list"));
                &[]
            }
        }
    }

    /// Text, or a number as its source text.
    pub(super) fn word(&mut self, node: &Node, what: &str) -> Option<Word> {
        match &node.kind {
            Kind::Text(_) | Kind::Number(_) => {
                node.scalar().map(|text| Word { text, span: node.span })
            }
            _ => {
                self.mismatch(node, &format!("{what}: expected text"));
                None
            }
        }
    }

    /// Text, number or Boolean.
    pub(super) fn scalar(&mut self, node: &Node, what: &str) -> Option<Word> {
        if let Some(text) = node.scalar() {
            return Some(Word { text, span: node.span });
        }
        self.mismatch(node, &format!("{what}: expected a value"));
        None
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, node: &Node, what: &str) -> Option<bool> {
        match node.kind {
            Kind::Bool(value) => Some(value),
            _ => {
                self.mismatch(node, &format!("{what}: expected true or false"));
                None
            }
        }
    }

    /// A key that must be there: its text, which is not blank. `owner` says whose key it is.
    pub(super) fn required(
        &mut self,
        item: &Node,
        fields: &Fields<'_>,
        (key, owner): (&str, &str),
        example: &str,
    ) -> Option<Word> {
        match fields.get(key) {
            Some(node) => self.filled(node, key),
            None => {
                if matches!(item.kind, Kind::Map(_)) {
                    let message = format!("{owner} without `{key}`");
                    self.error(
                        Diagnostic::new(item.span, message).help(format!("add `{example}`")),
                    );
                }
                None
            }
        }
    }

    /// Text that is not blank.
    pub(super) fn filled(&mut self, node: &Node, what: &str) -> Option<Word> {
        let word = self.word(node, what)?;
        if word.text.trim().is_empty() {
            self.error(Diagnostic::new(word.span, format!("{what}: expected text, found none")));
            return None;
        }
        Some(word)
    }

    /// A list of words.
    pub(super) fn words(&mut self, node: &Node, what: &str) -> Vec<Word> {
        let items = self.list(node, what);
        items.iter().filter_map(|item| self.word(item, what)).collect()
    }

    /// One of `choices`.
    pub(super) fn choice(&mut self, node: &Node, what: &str, choices: &[&str]) -> Option<String> {
        let word = self.word(node, what)?;
        if choices.contains(&&*word.text) {
            return Some(word.text.to_string());
        }
        self.unknown("value", &word, what, choices);
        None
    }

    /// Reports a word that is none of `known`.
    pub(super) fn unknown(&mut self, kind: &str, word: &Word, what: &str, known: &[&str]) {
        let message = format!("unknown {kind} `{}` in {what}", word.text);
        let help = match did_you_mean(&word.text, known.iter().copied()) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if known.is_empty() => None,
            None => Some(format!("expected one of {}", known.join(", "))),
        };
        self.error(Diagnostic { help, ..Diagnostic::new(word.span, message) });
    }

    /// Reports a value of the wrong type; `expected` ends with what was expected.
    fn mismatch(&mut self, node: &Node, expected: &str) {
        let (found, help) = match &node.kind {
            // The parser's own error says what is wrong with it.
            Kind::Invalid => return,
            Kind::Null => {
                let help = "give it a value (`[]` is an empty list), or remove the key";
                ("nothing", Some(help.to_owned()))
            }
            Kind::Bool(_) => ("a Boolean", Some("quote it to make it text".to_owned())),
            Kind::Number(_) => ("a number", None),
            Kind::Text(_) => ("text", None),
            Kind::List(_) => ("a list", None),
            Kind::Map(_) => ("a map", None),
            Kind::Tagged(tag) => {
                ("a tagged value", Some(format!("remove the tag `!{}`", tag.name)))
            }
            Kind::Expr(_) => ("an expression", None),
        };
        let message = format!("{expected}, found {found}");
        self.error(Diagnostic { help, ..Diagnostic::new(node.span, message) });
    }
}
