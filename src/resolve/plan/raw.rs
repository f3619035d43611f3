//! The text of a plan, read in slices: nothing is made a tree before it is known to matter.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::source::{FileId, Span};
use crate::syntax::json::{self, Member, Slices};
use crate::syntax::{Duplicate, Node, SyntaxError};

/// How many errors and duplicates are kept.
const MAX_SAID: usize = 100;

/// Up to how many members an object is looked through one by one.
const FEW: usize = 32;

/// How long the address of a module may be, in bytes.
const MAX_ADDRESS: usize = 4096;

/// A plan's text, and what is wrong with it so far.
#[derive(Debug)]
pub(super) struct Raw<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    slices: Slices<'t>,
    /// Keys that stand twice in what is read in slices.
    pub(super) twice: Vec<Duplicate>,
    /// Keys that stand twice in what was made a tree.
    pub(super) duplicates: Vec<Duplicate>,
    pub(super) errors: Vec<SyntaxError>,
    /// What was made a tree, by where it starts and ends: an expression is asked for once for each
    /// instance of its resource.
    trees: BTreeMap<(usize, usize), Option<Node>>,
}

impl<'t> Raw<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        let (twice, duplicates, errors) = (Vec::new(), Vec::new(), Vec::new());
        let (slices, trees) = (Slices::new(text), BTreeMap::new());
        Self { file, text, slices, twice, duplicates, errors, trees }
    }

    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    /// The members of the object at `range`.
    pub(super) fn object(&mut self, range: &Range<usize>) -> Object<'t> {
        let (members, error) = self.slices.members(range);
        self.broken(error);
        for (first, second) in twice(&members).into_iter().take(MAX_SAID - self.twice.len()) {
            let key = (*second.key).into();
            let (first, second) = (self.span(&first.at), self.span(&second.at));
            self.twice.push(Duplicate { key, first, second });
        }
        Object { members }
    }

    /// The elements of the array at `range`.
    pub(super) fn array(&mut self, range: &Range<usize>) -> Vec<Range<usize>> {
        let (elements, error) = self.slices.elements(range);
        self.broken(error);
        elements
    }

    fn broken(&mut self, error: Option<json::JsonError>) {
        let Some(error) = error else { return };
        let span = self.span(&error.range);
        if self.errors.len() < MAX_SAID && self.errors.iter().all(|known| known.span != span) {
            self.errors.push(SyntaxError { span, message: error.message, help: error.help });
        }
    }

    /// The value at `range` as a tree. What is wrong with it is said once.
    pub(super) fn tree(&mut self, range: &Range<usize>) -> Option<Node> {
        if let Some(known) = self.trees.get(&(range.start, range.end)) {
            return known.clone();
        }
        let document = json::parse_slice(self.file, self.text, range.clone());
        self.duplicates.extend(document.duplicates);
        let left = MAX_SAID.saturating_sub(self.errors.len());
        self.errors.extend(document.errors.into_iter().take(left));
        let tree = document.roots.into_iter().next();
        self.trees.insert((range.start, range.end), tree.clone());
        tree
    }

    /// The text of a string or number, `true` or `false`.
    pub(super) fn scalar(&self, range: &Range<usize>) -> Option<Cow<'t, str>> {
        let token = self.text.get(range.clone())?;
        let plain = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        match plain {
            Some(plain) if !plain.contains('\\') => Some(plain.into()),
            Some(_) => {
                let document = json::parse_slice(self.file, self.text, range.clone());
                let text = document.roots.first()?.scalar()?;
                Some(text.to_string().into())
            }
            None if token == "null" || token.starts_with(['{', '[']) => None,
            None => Some(token.into()),
        }
    }

    /// The address of a module instance. `None`, and an error, for one that leads through more modules
    /// than anybody nests.
    pub(super) fn address(&mut self, range: &Range<usize>) -> Option<String> {
        let address = self.scalar(range).unwrap_or_default().into_owned();
        if address.len() <= MAX_ADDRESS {
            return Some(address);
        }
        let message = "this address is too long; what stands there is not read".into();
        self.broken(Some(json::JsonError { range: range.clone(), message, help: None }));
        None
    }

    /// The texts of an array of strings, each of them once.
    pub(super) fn strings(&mut self, range: &Range<usize>) -> BTreeSet<String> {
        let elements = self.array(range);
        elements.iter().filter_map(|range| Some(self.scalar(range)?.into_owned())).collect()
    }
}

/// Members whose key stood before, each behind the last one before it.
fn twice<'m, 't>(members: &'m [Member<'t>]) -> Vec<(&'m Member<'t>, &'m Member<'t>)> {
    let before = |index: usize| members.get(..index).unwrap_or_default();
    if members.len() <= FEW {
        let pair = |(index, second): (usize, &'m Member<'t>)| {
            let first = before(index).iter().rev().find(|first| first.key == second.key)?;
            Some((first, second))
        };
        return members.iter().enumerate().filter_map(pair).collect();
    }
    let mut last: BTreeMap<&str, &Member<'t>> = BTreeMap::new();
    let pair = |second: &'m Member<'t>| Some((last.insert(&second.key, second)?, second));
    members.iter().filter_map(pair).collect()
}

/// An object of which the members are known and not what is in them.
#[derive(Debug, Default)]
pub(super) struct Object<'t> {
    pub(super) members: Vec<Member<'t>>,
}

impl Object<'_> {
    /// The value of a key: the last one, where the key stands twice.
    pub(super) fn get(&self, key: &str) -> Option<Range<usize>> {
        let member = self.members.iter().rev().find(|member| member.key == key)?;
        Some(member.value.clone())
    }
}
