//! The tree from the events: frames for the open collections, anchors, merge keys, limits.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{Event, ScalarStyle, Span as GranitSpan, StructureStyle};

use super::decode::{self, Style};
use super::repair::Padded;
use super::scalar::Plain;
use super::tags::{self, Named};
use super::{MAX_DEPTH, MAX_EXPANDED};
use crate::source::{FileId, Span};
use crate::syntax::{Comment, Document, Kind, Node, Pair};

/// A finished node and what it costs to walk it.
#[derive(Debug, Clone)]
struct Built {
    node: Node,
    /// Its nodes, aliases expanded.
    weight: usize,
    /// The levels of collections in it.
    height: usize,
}

#[derive(Debug)]
enum Items {
    List(Vec<Node>),
    Map(Vec<Pair>, Option<Node>),
}

/// A collection that is being read.
#[derive(Debug)]
struct Open {
    start: usize,
    /// Where its last token so far ends.
    end: usize,
    anchor: usize,
    tag: Option<Named>,
    items: Items,
    weight: usize,
    height: usize,
}

#[derive(Debug)]
enum Anchor {
    Open,
    Done(Built),
}

/// Builds a [`Document`].
pub(super) struct Builder<'a> {
    file: FileId,
    pub(super) source: &'a Padded<'a>,
    pub(super) text: &'a str,
    pub(super) document: Document,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchor>,
    /// Collections inside one that is too deep.
    skipped: usize,
    pub(super) too_deep: bool,
    /// How many nodes the aliases stand for.
    expanded: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(file: FileId, source: &'a Padded<'a>) -> Self {
        Self {
            file,
            source,
            text: source.original(),
            document: Document::default(),
            open: Vec::new(),
            anchors: BTreeMap::new(),
            skipped: 0,
            too_deep: false,
            expanded: 0,
        }
    }

    /// What was read.
    pub(super) fn finish(mut self) -> Document {
        self.break_off(self.text.len());
        self.document.comments.sort_by_key(|comment| comment.span);
        self.document.duplicates.sort_by_key(|duplicate| duplicate.second);
        self.document.errors.sort_by_key(|error| error.span);
        self.document
    }

    /// Takes in one event.
    pub(super) fn event(&mut self, event: Event<'_>, at: &GranitSpan) {
        let range = self.range(at);
        match event {
            Event::Comment(..) => self.comment(&range),
            Event::DocumentStart(..) => self.anchors.clear(),
            Event::SequenceStart(style, anchor, tag) => {
                let tag = tag.map(|tag| self.tag(&tag, at));
                let range = match style {
                    StructureStyle::Block => self.dash(range),
                    StructureStyle::Flow => range,
                };
                self.start(&range, anchor, tag, Items::List(Vec::new()));
            }
            Event::MappingStart(_, anchor, tag) => {
                let tag = tag.map(|tag| self.tag(&tag, at));
                self.start(&range, anchor, tag, Items::Map(Vec::new(), None));
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(Some(&range)),
            _ if self.skipped > 0 => {}
            Event::Scalar(value, style, anchor, tag) => {
                let tag = tag.map(|tag| self.tag(&tag, at));
                self.scalar(&value, style, anchor, tag, &range);
            }
            Event::Alias(id) => self.alias(id, &range),
            Event::UnresolvedAlias(name) => {
                self.error(
                    range.clone(),
                    format!("no anchor `&{name}` stands before this alias"),
                    Some("define the anchor first, or put the text in quotes"),
                );
                self.invalid(&range);
            }
            _ => {}
        }
    }

    pub(super) fn range(&self, at: &GranitSpan) -> Range<usize> {
        let range = at.byte_range().unwrap_or(0..0);
        let start = self.source.offset(range.start);
        start..self.source.offset(range.end).max(start)
    }

    /// The start of a block sequence: one that is not indented is reported at its first item, not at
    /// the dash before that.
    fn dash(&self, at: Range<usize>) -> Range<usize> {
        let rest = self.text.get(at.start..).unwrap_or("");
        if rest.strip_prefix('-').is_some_and(|rest| !rest.starts_with(|c: char| c > ' ')) {
            return at;
        }
        let before = self.text.get(..at.start).unwrap_or("").trim_end();
        match before.strip_suffix('-') {
            Some(before) if !before.ends_with(|c: char| c > ' ') => before.len()..at.end,
            _ => at,
        }
    }

    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    /// Ends everything that is open at a syntax error. What would have followed is not known, so
    /// each list and map gets one invalid entry there, or behind what was read of it if that reaches
    /// further.
    pub(super) fn break_off(&mut self, at: usize) {
        self.skipped = 0;
        let file = self.file;
        while let Some(open) = self.open.last_mut() {
            open.end = open.end.max(at);
            let span = Span::new(file, open.end, open.end);
            let invalid = || Node { span, kind: Kind::Invalid };
            match &mut open.items {
                Items::List(items) => items.push(invalid()),
                Items::Map(pairs, key) => {
                    if let Some(key) = key.take() {
                        pairs.push(Pair { key, value: invalid() });
                    }
                    pairs.push(Pair { key: invalid(), value: invalid() });
                }
            }
            self.end(None);
        }
    }

    fn comment(&mut self, range: &Range<usize>) {
        let before = self.text.get(..range.start).unwrap_or("");
        let line = before.rsplit(['\n', '\r']).next().unwrap_or("");
        let own_line = line.chars().all(|c| c == ' ' || c == '\t' || c == '\u{feff}');
        self.document.comments.push(Comment { span: self.span(range), own_line });
    }

    fn start(&mut self, range: &Range<usize>, anchor: usize, tag: Option<Named>, items: Items) {
        if self.skipped > 0 || self.open.len() >= MAX_DEPTH {
            self.skipped += 1;
            if self.skipped == 1 {
                self.deep(range.start..range.start);
                self.invalid(range);
            }
            return;
        }
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor::Open);
        }
        self.open.push(Open {
            start: range.start,
            end: range.end,
            anchor,
            tag,
            items,
            weight: 1,
            height: 0,
        });
    }

    fn deep(&mut self, range: Range<usize>) {
        if !self.too_deep {
            self.too_deep = true;
            self.error(
                range,
                format!("nested deeper than {MAX_DEPTH} levels; what lies deeper is not read"),
                None,
            );
        }
    }

    /// Ends the innermost collection; `token` is its closing token, of no width in block style.
    fn end(&mut self, token: Option<&Range<usize>>) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let Some(mut open) = self.open.pop() else { return };
        if let Some(token) = token
            && matches!(
                (&open.items, self.text.get(token.clone())),
                (Items::List(_), Some("]")) | (Items::Map(..), Some("}"))
            )
        {
            open.end = open.end.max(token.end);
        }
        let kind = match open.items {
            Items::List(items) => Kind::List(items.into()),
            Items::Map(pairs, _) => Kind::Map(self.entries(pairs).into()),
        };
        let node = Node { span: self.span(&(open.start..open.end.max(open.start))), kind };
        let node = self.tagged(node, open.tag);
        let built = Built { node, weight: open.weight, height: open.height + 1 };
        if open.anchor != 0 {
            self.anchors.insert(open.anchor, Anchor::Done(built.clone()));
        }
        self.attach(built, open.end);
    }

    /// Puts a finished node where it belongs; `end` is where its token there ends.
    fn attach(&mut self, built: Built, end: usize) {
        let Some(parent) = self.open.last_mut() else {
            self.document.roots.push(built.node);
            return;
        };
        parent.end = parent.end.max(end);
        parent.weight = parent.weight.saturating_add(built.weight);
        parent.height = parent.height.max(built.height);
        match &mut parent.items {
            Items::List(items) => items.push(built.node),
            Items::Map(pairs, key) => match key.take() {
                None => *key = Some(built.node),
                Some(key) => pairs.push(Pair { key, value: built.node }),
            },
        }
    }

    fn invalid(&mut self, range: &Range<usize>) {
        let node = Node { span: self.span(range), kind: Kind::Invalid };
        self.attach(Built { node, weight: 1, height: 0 }, range.end);
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<Named>,
        range: &Range<usize>,
    ) {
        // An empty value is reported as `~` of no width.
        let plain = style == ScalarStyle::Plain;
        let value = if plain && range.is_empty() { "" } else { value };
        let key = matches!(self.open.last(), Some(Open { items: Items::Map(_, None), .. }));
        let colon = self.text.as_bytes().get(range.start) == Some(&b':');
        // An empty value is reported before the colon.
        let shift = usize::from(plain && range.is_empty() && !key && colon);
        let range = &(range.start + shift..range.end + shift);
        // The parser has the column only for scalars that are not keys.
        let indent = value.contains(|c| c != '\n').then(|| self.column(range.start));
        let (style, token) = match style {
            ScalarStyle::Plain => (Style::Plain, range.clone()),
            ScalarStyle::SingleQuoted => (Style::Single, range.clone()),
            ScalarStyle::DoubleQuoted => (Style::Double, range.clone()),
            ScalarStyle::Literal => {
                (Style::Block { folded: false, indent }, self.content(range, indent))
            }
            ScalarStyle::Folded => {
                (Style::Block { folded: true, indent }, self.content(range, indent))
            }
        };
        let kind = match tags::resolve(value, plain, key, tag.as_ref()) {
            Plain::Null => Kind::Null,
            Plain::Bool(value) => Kind::Bool(value),
            Plain::Number => Kind::Number(value.into()),
            Plain::Text => {
                Kind::Text(decode::text(self.file, self.text, range, &token, style, value))
            }
        };
        let node = self.tagged(Node { span: self.span(&token), kind }, tag);
        let built = Built { node, weight: 1, height: 0 };
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor::Done(built.clone()));
        }
        self.attach(built, token.end);
    }

    /// How many spaces stand before `at` on its line.
    fn column(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or("");
        before.len() - before.trim_end_matches(' ').len()
    }

    /// The content of the block scalar whose token is `range`, without what ends its last line; of
    /// an empty one, the end of its header.
    fn content(&self, range: &Range<usize>, indent: Option<usize>) -> Range<usize> {
        let end = self.text.get(..range.end).unwrap_or("");
        let end = end.trim_end_matches([' ', '\t', '\r', '\n']).len();
        // Without content there is no indentation.
        if indent.is_none() || end < range.start { end..end } else { range.start..end }
    }

    fn alias(&mut self, id: usize, range: &Range<usize>) {
        let built = match self.anchors.get(&id) {
            Some(Anchor::Done(built)) => built.clone(),
            Some(Anchor::Open) => {
                self.error(
                    range.clone(),
                    "this alias stands inside the node that it names",
                    Some("a template cannot contain itself"),
                );
                return self.invalid(range);
            }
            // An anchor of a node that is too deep.
            None => return self.invalid(range),
        };
        if self.open.len() + built.height > MAX_DEPTH {
            self.deep(range.clone());
            return self.invalid(range);
        }
        let before = self.expanded;
        self.expanded = before.saturating_add(built.weight);
        if self.expanded > MAX_EXPANDED {
            if before <= MAX_EXPANDED {
                self.error(
                    range.clone(),
                    format!("the aliases of this file stand for more than {MAX_EXPANDED} nodes"),
                    Some("this alias and those behind it are not followed"),
                );
            }
            return self.invalid(range);
        }
        self.attach(built, range.end);
    }
}
