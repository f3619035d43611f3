//! The tree from the events: frames for the open collections, anchors, merge keys, limits.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, ScalarStyle, ScanError, Span as GranitSpan};

use super::decode::{self, Style};
use super::repair::Padded;
use super::scalar::{self, Plain};
use super::{MAX_DEPTH, MAX_EXPANDED, errors};
use crate::source::{FileId, Span};
use crate::syntax::{Comment, Document, Duplicate, Kind, Node, Pair, SyntaxError, Tag};

/// A finished node and what it costs to walk it.
#[derive(Debug, Clone)]
struct Built {
    node: Node,
    /// Its nodes, aliases expanded.
    weight: usize,
    /// The levels of collections in it.
    height: usize,
}

/// A tag as the tree sees it.
#[derive(Debug, Clone)]
enum Named {
    /// A tag of YAML itself: its name (`str`).
    Core(String),
    /// Any other: its name without `!`, and its token.
    Local(Arc<str>, Span),
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
    source: &'a Padded<'a>,
    text: &'a str,
    document: Document,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchor>,
    /// Collections inside one that is too deep.
    skipped: usize,
    too_deep: bool,
    expanded: usize,
    merged: usize,
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
            merged: 0,
        }
    }

    /// What was read.
    pub(super) fn finish(mut self) -> Document {
        self.close_all();
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
            Event::SequenceStart(_, anchor, tag) => {
                let tag = tag.and_then(|tag| self.tag(&tag, at));
                self.start(&range, anchor, tag, Items::List(Vec::new()));
            }
            Event::MappingStart(_, anchor, tag) => {
                let tag = tag.and_then(|tag| self.tag(&tag, at));
                self.start(&range, anchor, tag, Items::Map(Vec::new(), None));
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(Some(&range)),
            _ if self.skipped > 0 => {}
            Event::Scalar(value, style, anchor, tag) => {
                let tag = tag.and_then(|tag| self.tag(&tag, at));
                self.scalar(&value, style, anchor, tag, &range, at.indent);
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

    fn range(&self, at: &GranitSpan) -> Range<usize> {
        let range = at.byte_range().unwrap_or(0..0);
        let start = self.source.offset(range.start);
        start..self.source.offset(range.end).max(start)
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    fn error(&mut self, range: Range<usize>, message: impl Into<String>, help: Option<&str>) {
        if self.document.errors.len() < errors::LISTED {
            self.document.errors.push(SyntaxError {
                span: self.span(&range),
                message: message.into(),
                help: help.map(Into::into),
            });
        }
    }

    /// Records a syntax error and ends the document there.
    pub(super) fn syntax_error(&mut self, error: &ScanError) {
        let at = self.source.offset(error.marker().byte_offset().unwrap_or(self.text.len()));
        let tab = errors::is_tab(error.kind()).then(|| self.find_tab(at)).flatten();
        if let Some(tab) = tab {
            self.error(
                tab,
                "a tab is used for indentation",
                Some("YAML allows only spaces there: replace the tab by spaces"),
            );
        } else {
            let (message, help) = errors::describe(error);
            let rest = self.text.get(at..).unwrap_or("");
            let len = rest.chars().next().filter(|c| !c.is_whitespace()).map_or(0, char::len_utf8);
            self.error(at..at + len, message, help.as_deref());
        }
        self.close_all();
    }

    /// The tabs in the indentation of the line of `at` or the first later line that has some.
    fn find_tab(&self, at: usize) -> Option<Range<usize>> {
        let before = self.text.get(..at)?;
        let mut line = before.rfind('\n').map_or(0, |at| at + 1);
        loop {
            let rest = self.text.get(line..)?;
            let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            if let Some(tab) = rest.get(..indent)?.find('\t') {
                let tabs = rest.get(tab..)?;
                let len = tabs.len() - tabs.trim_start_matches('\t').len();
                return Some(line + tab..line + tab + len);
            }
            line += rest.find('\n')? + 1;
        }
    }

    /// Ends everything that is open, as far as it was read.
    fn close_all(&mut self) {
        self.skipped = 0;
        while !self.open.is_empty() {
            self.end(None);
        }
    }

    fn comment(&mut self, range: &Range<usize>) {
        let before = self.text.get(..range.start).unwrap_or("");
        let line = before.rsplit(['\n', '\r']).next().unwrap_or("");
        let own_line = line.chars().all(|c| c == ' ' || c == '\t' || c == '\u{feff}');
        self.document.comments.push(Comment { span: self.span(range), own_line });
    }

    fn tag(&self, tag: &granit_parser::Tag, at: &GranitSpan) -> Option<Named> {
        if let Some(name) = tag.suffix_in_namespace("tag:yaml.org,2002:") {
            return Some(Named::Core(name.into_owned()));
        }
        let (handle, suffix) = tag.parts();
        let name = match (handle, suffix) {
            // The non-specific tag: a scalar is a string.
            ("" | "!", "" | "!") => return Some(Named::Core("str".into())),
            ("!", suffix) => suffix.to_owned(),
            (handle, suffix) => format!("{}{suffix}", handle.trim_start_matches('!')),
        };
        let range = at.tag_span().map_or(0..0, |span| self.range(&span));
        Some(Named::Local(name.into(), self.span(&range)))
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
            && token.len() == 1
        {
            open.end = open.end.max(token.end);
        }
        let kind = match open.items {
            Items::List(items) => Kind::List(items.into()),
            Items::Map(mut pairs, key) => {
                if let Some(key) = key {
                    // The document broke off behind a key.
                    let end = key.span.range().end;
                    pairs.push(Pair {
                        key,
                        value: Node { span: self.span(&(end..end)), kind: Kind::Invalid },
                    });
                }
                Kind::Map(self.map(pairs).into())
            }
        };
        let node = Node { span: self.span(&(open.start..open.end.max(open.start))), kind };
        let node = self.tagged(node, open.tag);
        let built = Built { node, weight: open.weight, height: open.height + 1 };
        if open.anchor != 0 {
            self.anchors.insert(open.anchor, Anchor::Done(built.clone()));
        }
        self.attach(built, open.end);
    }

    fn tagged(&self, node: Node, tag: Option<Named>) -> Node {
        let Some(Named::Local(name, span)) = tag else { return node };
        let whole = span.to(node.span);
        Node { span: whole, kind: Kind::Tagged(Arc::new(Tag { name, span, value: node })) }
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

    /// Whether the next node is a key.
    fn in_key_position(&self) -> bool {
        matches!(self.open.last(), Some(Open { items: Items::Map(_, None), .. }))
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<Named>,
        range: &Range<usize>,
        indent: Option<usize>,
    ) {
        // An empty value is reported as `~` of no width.
        let plain = style == ScalarStyle::Plain;
        let value = if plain && range.is_empty() { "" } else { value };
        let is_key = self.in_key_position();
        let (style, range) = match style {
            ScalarStyle::Plain => (Style::Plain, range.clone()),
            ScalarStyle::SingleQuoted => (Style::Single, range.clone()),
            ScalarStyle::DoubleQuoted => (Style::Double, range.clone()),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let folded = style == ScalarStyle::Folded;
                (Style::Block { folded, indent: indent.unwrap_or(0) }, self.block_range(range))
            }
        };
        let resolved = match &tag {
            _ if !plain && !matches!(&tag, Some(Named::Core(name)) if name != "str") => Plain::Text,
            None if is_key => Plain::Text,
            None => scalar::resolve(value),
            // Short forms take strings: `!Ref 1` names a resource, `!Sub on` is the text `on`.
            Some(Named::Local(..)) if value.is_empty() => Plain::Null,
            Some(Named::Local(..)) => Plain::Text,
            Some(Named::Core(name)) => match name.as_str() {
                "null" => Plain::Null,
                "int" | "float" => Plain::Number,
                "bool" => match scalar::resolve(value) {
                    resolved @ Plain::Bool(_) => resolved,
                    _ => Plain::Text,
                },
                _ => Plain::Text,
            },
        };
        let kind = match resolved {
            Plain::Null => Kind::Null,
            Plain::Bool(value) => Kind::Bool(value),
            Plain::Number => Kind::Number(value.into()),
            Plain::Text => Kind::Text(decode::text(self.file, self.text, &range, style, value)),
        };
        let node = self.tagged(Node { span: self.span(&range), kind }, tag);
        let built = Built { node, weight: 1, height: 0 };
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor::Done(built.clone()));
        }
        self.attach(built, range.end);
    }

    /// The content of a block scalar without the line breaks behind it; of an empty one, the end of
    /// its header.
    fn block_range(&self, range: &Range<usize>) -> Range<usize> {
        let token = self.text.get(range.clone()).unwrap_or("");
        if token.trim().is_empty() {
            let before = self.text.get(..range.start).unwrap_or("");
            let end = before.trim_end().len();
            return end..end;
        }
        range.clone()
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
        let expanded = self.expanded.saturating_add(built.weight);
        if expanded > MAX_EXPANDED {
            self.error(
                range.clone(),
                format!("the aliases of this file stand for more than {MAX_EXPANDED} nodes"),
                None,
            );
            return self.invalid(range);
        }
        self.expanded = expanded;
        self.attach(built, range.end);
    }

    /// Finishes the entries of a map: duplicates are recorded, merge keys replaced by what they
    /// name.
    fn map(&mut self, pairs: Vec<Pair>) -> Vec<Pair> {
        let mut seen: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        let mut merges = false;
        for pair in &pairs {
            if self.is_merge_key(&pair.key) {
                merges = true;
                continue;
            }
            let Some(key) = pair.key.scalar() else { continue };
            if let Some(&first) = seen.get(&key) {
                let second = pair.key.span;
                self.document.duplicates.push(Duplicate { key, first, second });
            } else {
                seen.insert(key, pair.key.span);
            }
        }
        if !merges {
            return pairs;
        }
        let mut out = Vec::with_capacity(pairs.len());
        for pair in pairs {
            if self.is_merge_key(&pair.key) {
                self.merge(pair, &mut seen, &mut out);
            } else {
                out.push(pair);
            }
        }
        out
    }

    /// A plain `<<`: in quotes it is an ordinary key.
    fn is_merge_key(&self, key: &Node) -> bool {
        key.as_text().is_some_and(|text| &*text.text == "<<") && key.span.range().len() == 2
    }

    /// Adds the entries that the merge key `pair` brings and that the map does not have. Of several
    /// maps the first one wins (YAML 1.1, "Merge Key Language-Independent Type").
    fn merge(&mut self, pair: Pair, seen: &mut BTreeMap<Arc<str>, Span>, out: &mut Vec<Pair>) {
        let sources: Vec<Arc<[Pair]>> = match &pair.value.kind {
            Kind::Map(pairs) => vec![Arc::clone(pairs)],
            Kind::List(items) => items.iter().filter_map(|item| item.as_map().cloned()).collect(),
            _ => Vec::new(),
        };
        let whole = match &pair.value.kind {
            Kind::Map(_) => true,
            Kind::List(items) => items.len() == sources.len(),
            _ => false,
        };
        if !whole {
            if !matches!(pair.value.kind, Kind::Invalid) {
                self.error(
                    pair.value.span.range(),
                    "a merge key `<<` takes a map or a list of maps",
                    None,
                );
            }
            out.push(pair);
            return;
        }
        for source in sources {
            for entry in source.iter() {
                if self.merged == MAX_EXPANDED {
                    self.error(
                        pair.key.span.range(),
                        format!(
                            "the merge keys of this file bring more than {MAX_EXPANDED} entries"
                        ),
                        None,
                    );
                    return;
                }
                self.merged += 1;
                if let Some(key) = entry.key.scalar() {
                    if seen.contains_key(&key) {
                        continue;
                    }
                    seen.insert(key, entry.key.span);
                }
                out.push(entry.clone());
            }
        }
    }
}
