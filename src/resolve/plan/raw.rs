//! The text of a plan, read in slices: nothing is made a tree before it is known to matter.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::source::{FileId, Span};
use crate::syntax::json::{self, Member};
use crate::syntax::{Duplicate, Node, SyntaxError};

/// How many errors and duplicates are kept.
const MAX_SAID: usize = 100;

/// How often the text may be stepped over: each level of modules costs a few times.
const MAX_PASSES: usize = 64;

/// How long the address of a module may be, in bytes.
const MAX_ADDRESS: usize = 4096;

/// What a text may cost however short it is, in bytes.
const MIN_WORK: usize = 1 << 20;

/// A plan's text, and what is wrong with it so far.
#[derive(Debug)]
pub(super) struct Raw<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    /// Keys that stand twice in what is read in slices.
    pub(super) twice: Vec<Duplicate>,
    /// Keys that stand twice in what was made a tree.
    pub(super) duplicates: Vec<Duplicate>,
    pub(super) errors: Vec<SyntaxError>,
    /// What was made a tree, by where it starts and ends: an expression is asked for once for each
    /// instance of its resource.
    trees: BTreeMap<(usize, usize), Option<Node>>,
    /// How many bytes may still be stepped over.
    left: usize,
}

impl<'t> Raw<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        let (twice, duplicates, errors) = (Vec::new(), Vec::new(), Vec::new());
        let left = text.len().saturating_mul(MAX_PASSES).max(MIN_WORK);
        Self { file, text, twice, duplicates, errors, trees: BTreeMap::new(), left }
    }

    /// Pays for a step over `range`; false, and an error, when there is too little left.
    fn pay(&mut self, range: &Range<usize>) -> bool {
        let enough = self.left >= range.len();
        self.left = self.left.saturating_sub(range.len());
        if !enough {
            let at = range.start..range.start;
            let message = "modules nest too deep; what is in here is not read".into();
            self.broken(Some(json::JsonError { range: at, message, help: None }));
        }
        enough
    }

    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    /// The members of the object at `range`, and by name the last of each.
    pub(super) fn object(&mut self, range: &Range<usize>) -> Object<'t> {
        if !self.pay(range) {
            return Object::default();
        }
        let (members, error) = json::members(self.text, range);
        self.broken(error);
        let mut by_name = BTreeMap::new();
        for (index, member) in members.iter().enumerate() {
            let Some(first) = by_name.insert(member.key.clone(), index) else { continue };
            if self.twice.len() < MAX_SAID
                && let Some(first) = members.get(first)
            {
                let (first, second) = (self.span(&first.at), self.span(&member.at));
                self.twice.push(Duplicate { key: (&*member.key).into(), first, second });
            }
        }
        Object { members, by_name }
    }

    /// The elements of the array at `range`.
    pub(super) fn array(&mut self, range: &Range<usize>) -> Vec<Range<usize>> {
        if !self.pay(range) {
            return Vec::new();
        }
        let (elements, error) = json::elements(self.text, range);
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

/// An object of which the members are known and not what is in them.
#[derive(Debug, Default)]
pub(super) struct Object<'t> {
    pub(super) members: Vec<Member<'t>>,
    by_name: BTreeMap<Cow<'t, str>, usize>,
}

impl Object<'_> {
    /// The value of a key: the last one, where the key stands twice.
    pub(super) fn get(&self, key: &str) -> Option<Range<usize>> {
        let index = *self.by_name.get(key)?;
        self.members.get(index).map(|member| member.value.clone())
    }
}
