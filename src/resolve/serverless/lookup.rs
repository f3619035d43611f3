//! Addresses: `custom.stages.${opt:stage, 'dev'}.ips` in the service, or in another file.

use super::variable::Source;
use super::{Variables, parts};
use crate::resolve::cloudformation::build::{referenced, text};
use crate::source::Span;
use crate::syntax::{Kind, Node};

/// How many values of a key that is not known are looked at.
pub(super) const MAX_CHOICES: usize = 24;

/// A text of which one stretch is not known.
pub(super) struct Pattern {
    pub(super) before: String,
    /// The parameter that it is.
    pub(super) name: String,
    pub(super) after: String,
}

/// What a text is known to be.
pub(super) enum Known {
    Whole(String),
    Pattern(Pattern),
    Nothing,
}

/// The node that `path` leads to.
pub(super) fn walk<'n>(root: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter().try_fold(root, |node, key| match &node.kind {
        Kind::List(items) => items.get(key.parse::<usize>().ok()?),
        _ => node.get(key),
    })
}

impl Variables<'_> {
    /// `${self:address}`.
    pub(super) fn of_self(&mut self, address: &str, rest: &[Source<'_>], at: Span) -> Option<Node> {
        if address.is_empty() {
            return None;
        }
        let root = self.root.clone();
        self.at_address(&root, "self:", address, rest, at)
    }

    /// What stands at an address below `root`; `scope` tells roots apart.
    pub(super) fn at_address(
        &mut self,
        root: &Node,
        scope: &str,
        address: &str,
        rest: &[Source<'_>],
        at: Span,
    ) -> Option<Node> {
        match self.known(address, at) {
            Known::Whole(address) => self.entry(root, scope, &address),
            Known::Pattern(pattern) => {
                let choices = self.choices(root, &pattern);
                self.chosen(&choices, &pattern, rest, at, |this, value| {
                    let address = format!("{}{value}{}", pattern.before, pattern.after);
                    this.entry(root, scope, &address)
                })
            }
            Known::Nothing => None,
        }
    }

    /// A value for each of the `choices` that the unknown part of `pattern` may be.
    pub(super) fn chosen(
        &mut self,
        choices: &[String],
        pattern: &Pattern,
        rest: &[Source<'_>],
        at: Span,
        mut value: impl FnMut(&mut Self, &str) -> Option<Node>,
    ) -> Option<Node> {
        if choices.is_empty() || choices.len() > MAX_CHOICES {
            return None;
        }
        let mut found = Vec::new();
        for choice in choices {
            let node = value(self, choice).or_else(|| self.rest(rest, at));
            found.extend(node.map(|node| (choice, node)));
        }
        // With a value that nobody foresaw, the framework stops: it cannot resolve the variable.
        let other = self.rest(rest, at);
        let mut out = match other {
            Some(node) => node,
            None => found.pop()?.1,
        };
        for (choice, node) in found.into_iter().rev() {
            out = self.choice(&pattern.name, choice, node, out, at);
        }
        Some(out)
    }

    /// What stands at a known address, resolved.
    fn entry(&mut self, root: &Node, scope: &str, address: &str) -> Option<Node> {
        let key = format!("{scope}{address}");
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        if !self.open.insert(key.clone()) {
            return None;
        }
        let found = self.follow(root, address);
        let found = found.map(|node| self.resolve(&node));
        self.open.remove(&key);
        self.known.insert(key, found.clone());
        found
    }

    /// The node at an address; a variable on the way is put in place.
    fn follow(&mut self, root: &Node, address: &str) -> Option<Node> {
        let mut node = root.clone();
        for key in address.split('.') {
            if node.as_text().is_some_and(|text| text.text.contains("${")) {
                node = self.resolve(&node);
            }
            node = walk(&node, &[key])?.clone();
        }
        (!matches!(node.kind, Kind::Null)).then_some(node)
    }

    /// What a text with variables is known to be.
    pub(super) fn known(&mut self, written: &str, at: Span) -> Known {
        let (mut before, mut name, mut after) = (String::new(), None::<String>, String::new());
        for part in parts(written) {
            let piece = match part {
                super::Part::Text(range) => text(written.get(range).unwrap_or_default(), at),
                super::Part::Variable(_, sources) => self.first_of(&sources, at),
            };
            match (piece.scalar(), referenced(&piece), &name) {
                (Some(known), _, None) => before.push_str(&known),
                (Some(known), _, Some(_)) => after.push_str(&known),
                (None, Some(parameter), None) => name = Some(parameter.to_string()),
                _ => return Known::Nothing,
            }
        }
        match name {
            Some(name) => Known::Pattern(Pattern { before, name, after }),
            None => Known::Whole(before),
        }
    }

    /// What the unknown part of an address may be, by the keys that are there.
    fn choices(&mut self, root: &Node, pattern: &Pattern) -> Vec<String> {
        let (path, head) = match pattern.before.rsplit_once('.') {
            Some((path, head)) => (Some(path), head),
            None => (None, pattern.before.as_str()),
        };
        let tail = pattern.after.split('.').next().unwrap_or_default();
        let parent = match path {
            Some(path) => self.follow(root, path),
            None => Some(root.clone()),
        };
        let parent = parent.map(|node| match &node.kind {
            Kind::Text(_) => self.resolve(&node),
            _ => node,
        });
        let pairs = parent.and_then(|node| node.as_map().cloned());
        let keys = pairs.iter().flat_map(|pairs| pairs.iter()).filter_map(|pair| pair.key.scalar());
        keys.filter_map(|key| {
            let middle = key.strip_prefix(head)?.strip_suffix(tail)?;
            (!middle.is_empty()).then(|| middle.to_owned())
        })
        .collect()
    }
}
