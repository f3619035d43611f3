//! Lists and mappings: `Fn::Select`, `Fn::Split`, `Fn::FindInMap`, `Fn::Length`.

use std::sync::Arc;

use super::{Cx, Scope, Unit, string};
use crate::resolve::{Cell, Class, IdKind, Item, Kind, Literal, NeedSplit, Piece, SymbolId, Value};
use crate::source::{Span, Step};
use crate::syntax::Node;

/// How long a list may be for an unknown index into it to be judged case by case.
const MAX_INDEX: usize = 16;

/// A key or index that a branch looked up.
enum Choice {
    Known(String),
    /// It is none of the candidates, or nobody can say.
    Unknown,
}

impl Unit<'_> {
    /// `Fn::Select`: [index, list].
    pub(super) fn select(
        &mut self,
        arg: &Node,
        node: &Node,
        cx: Cx<'_>,
    ) -> Result<Value, NeedSplit> {
        let Some([index, list]) = arg.as_list().map(|items| &**items) else {
            return Ok(self.unknown("Fn::Select", node, cx));
        };
        let list = self.value(list, cx)?;
        let items = match &list.kind {
            Kind::List(items) => Arc::clone(items),
            Kind::Symbol(id) => [Item::Many(*id, list.origin)].into(),
            _ => return Ok(self.unknown("Fn::Select", node, cx)),
        };
        let index = self.value(index, cx.branch())?;
        let candidates: Vec<Arc<str>> = if items.len() <= MAX_INDEX {
            (0..items.len()).map(|i| i.to_string().into()).collect()
        } else {
            Vec::new()
        };
        let Choice::Known(index) = self.choose(&index, &candidates, false, cx)? else {
            return Ok(self.unknown("Fn::Select", node, cx));
        };
        let Ok(index) = index.trim().parse::<usize>() else {
            return Ok(self.unknown("Fn::Select", node, cx));
        };
        // Behind an unknown stretch no position is known.
        for (i, item) in items.iter().enumerate().take(index.saturating_add(1)) {
            match item {
                Item::Many(id, origin) => {
                    let default = self.default_value_of(node);
                    let label =
                        format!("Fn::Select [{}, {}]", index - i, self.symbols.get(*id).label);
                    let key = format!("select:{}", index - i);
                    let symbol = self.derive(*id, &key, &label, default);
                    let step = Step::Call("Fn::Select");
                    let origin = self.origins.add(node.span, step, Some(*origin));
                    return Ok(Value::new(Kind::Symbol(symbol), origin));
                }
                Item::One(value) if i == index => {
                    return Ok(self.through(value, node.span, Step::Call("Fn::Select")));
                }
                Item::One(_) => {}
            }
        }
        Ok(self.unknown("Fn::Select", node, cx))
    }

    /// `Fn::Split`: [delimiter, text].
    pub(super) fn split(
        &mut self,
        arg: &Node,
        node: &Node,
        cx: Cx<'_>,
    ) -> Result<Value, NeedSplit> {
        let Some([delimiter, text]) = arg.as_list().map(|items| &**items) else {
            return Ok(self.unknown("Fn::Split", node, cx));
        };
        let delimiter = self.value(delimiter, cx)?.known_text().filter(|d| !d.is_empty());
        let text = self.value(text, cx)?;
        let (Some(delimiter), Some(pieces)) = (delimiter, self.pieces(&text)) else {
            return Ok(self.unknown("Fn::Split", node, cx));
        };
        let Some(items) = self.split_pieces(pieces, &delimiter, node.span) else {
            return Ok(self.too_much(node));
        };
        let origin = self.origins.add(node.span, Step::Call("Fn::Split"), Some(text.origin));
        Ok(Value::new(Kind::List(items.into()), origin))
    }

    /// The items between the delimiters in a text, split at `at`; `None` where that is too much work.
    pub(super) fn split_pieces(
        &mut self,
        pieces: Vec<Piece>,
        delimiter: &str,
        at: Span,
    ) -> Option<Vec<Item>> {
        let mut items = Vec::new();
        let mut open: Vec<Piece> = Vec::new();
        for piece in pieces {
            let Piece::Lit { text, map, origin } = &piece else {
                open.push(piece);
                continue;
            };
            let mut from = 0;
            while let Some(end) = text.get(from..).and_then(|rest| rest.find(delimiter)) {
                if !self.spend(1) {
                    return None;
                }
                if end > 0 {
                    open.push(string::cut(text, map, from, from + end, *origin));
                }
                let done = std::mem::take(&mut open);
                items.push(self.split_item(done, delimiter, at));
                from += end + delimiter.len();
            }
            if from < text.len() {
                open.push(string::cut(text, map, from, text.len(), *origin));
            }
        }
        items.push(self.split_item(open, delimiter, at));
        Some(items)
    }

    /// One item of a split text. A hole that may hold the delimiter may be several items.
    fn split_item(&mut self, pieces: Vec<Piece>, delimiter: &str, at: Span) -> Item {
        let several = pieces.iter().find_map(|piece| match piece {
            Piece::Hole(id, origin) if !self.is_one_word(*id, delimiter) => Some((*id, *origin)),
            _ => None,
        });
        if let Some((id, origin)) = several {
            let label = format!("Fn::Split of {}", self.symbols.get(id).label);
            let key = format!("split:{delimiter:?}:{}", string::key_of(&pieces));
            let symbol = self.derive(id, &key, &label, None);
            return Item::Many(symbol, origin);
        }
        let from = match pieces.as_slice() {
            [Piece::Lit { map, text, origin }] => {
                let span = map.span(0..text.len());
                Some(self.origins.narrow(*origin, span))
            }
            _ => None,
        };
        let origin = self.origins.add(at, Step::Call("Fn::Split"), from);
        Item::One(self.finish_text(pieces, origin))
    }

    /// Whether a value is an id, a region, a partition or an account, in which no such delimiter
    /// stands.
    fn is_one_word(&self, id: SymbolId, delimiter: &str) -> bool {
        let apart = delimiter.starts_with([':', '/', ',', ';', '|', ' ']);
        apart
            && matches!(
                self.symbols.get(id).class,
                Class::OwnerAccount
                    | Class::Region
                    | Class::Partition
                    | Class::ApiId
                    | Class::OwnId(IdKind::VpcEndpoint | IdKind::Vpc)
            )
    }

    /// `Fn::Length`: how many items a known list has.
    pub(super) fn length(
        &mut self,
        arg: &Node,
        node: &Node,
        cx: Cx<'_>,
    ) -> Result<Value, NeedSplit> {
        let list = self.value(arg, cx)?;
        let Kind::List(items) = &list.kind else {
            return Ok(self.unknown("Fn::Length", node, cx));
        };
        if items.iter().any(|item| matches!(item, Item::Many(..))) {
            return Ok(self.unknown("Fn::Length", node, cx));
        }
        let origin = self.origins.add(node.span, Step::Call("Fn::Length"), None);
        Ok(Value::new(Kind::Number(items.len().to_string().into()), origin))
    }

    /// `Fn::FindInMap`: [mapping, first key, second key], and a `DefaultValue` with the language
    /// extensions.
    pub(super) fn find_in_map(
        &mut self,
        arg: &Node,
        node: &Node,
        cx: Cx<'_>,
    ) -> Result<Value, NeedSplit> {
        let (map, first, second, fallback) = match arg.as_list().map(|items| &**items) {
            Some([map, first, second]) => (map, first, second, None),
            Some([map, first, second, rest]) => (map, first, second, rest.get("DefaultValue")),
            _ => return Ok(self.unknown("Fn::FindInMap", node, cx)),
        };
        let Some(name) = self.value(map, cx.branch())?.known_text() else {
            return Ok(self.unknown("Fn::FindInMap", node, cx));
        };
        let template = self.template();
        // A part of a template: the mapping is declared elsewhere, and may have the keys. No page says
        // that the default stands in for a mapping that is declared nowhere [?].
        let Some(mapping) = template.mappings.get(&*name) else {
            return Ok(self.unknown("Fn::FindInMap", node, cx));
        };
        let mut here = mapping;
        for key in [first, second] {
            let key = self.value(key, cx.branch())?;
            let keys: Vec<Arc<str>> = here
                .as_map()
                .map_or(&[][..], |pairs| pairs)
                .iter()
                .filter_map(|pair| pair.key.scalar())
                .collect();
            self.spend(keys.len() / 16);
            let choice = self.choose(&key, &keys, fallback.is_some(), cx)?;
            let found = match &choice {
                Choice::Known(key) => here.get(key),
                Choice::Unknown => None,
            };
            match (found, fallback) {
                (Some(found), _) => here = found,
                (None, Some(fallback)) if self.is_settled(&choice, &key, cx) => {
                    return self.value(fallback, cx);
                }
                (None, _) => return Ok(self.unknown("Fn::FindInMap", node, cx)),
            }
        }
        let scope = Scope::default();
        let inner = Cx { leaf: Step::Mapping, ..cx.in_scope(&scope) };
        let value = self.value(here, inner)?;
        Ok(self.through(&value, node.span, Step::Call("Fn::FindInMap")))
    }

    /// Whether a key that was not found is certainly none of the mapping's.
    fn is_settled(&self, choice: &Choice, key: &Value, cx: Cx<'_>) -> bool {
        match (choice, &key.kind) {
            (Choice::Known(_), _) => true,
            (Choice::Unknown, Kind::Symbol(id)) => {
                !cx.world.is_frozen() && cx.world.cell(*id).is_some()
            }
            (Choice::Unknown, _) => false,
        }
    }

    /// Settles a key. An unknown one asks for a split over the candidates that it can be; where none
    /// of them would do, the deployment fails, unless `others` says that it goes on.
    fn choose(
        &mut self,
        key: &Value,
        candidates: &[Arc<str>],
        others: bool,
        cx: Cx<'_>,
    ) -> Result<Choice, NeedSplit> {
        if let Some(text) = key.known_text() {
            return Ok(Choice::Known(text));
        }
        let Some(pieces) = self.pieces(key) else { return Ok(Choice::Unknown) };
        let mut head = String::new();
        let mut tail = String::new();
        let mut hole = None;
        for piece in &pieces {
            match (piece, hole) {
                (Piece::Lit { text, .. }, None) => head.push_str(text),
                (Piece::Lit { text, .. }, Some(_)) => tail.push_str(text),
                (Piece::Hole(id, _), None) => hole = Some(*id),
                (Piece::Hole(..), Some(_)) => return Ok(Choice::Unknown),
            }
        }
        let Some(symbol) = hole else { return Ok(Choice::Unknown) };
        let seen = match cx.world.cell(symbol) {
            Some(Cell::Is(Literal::Text(is))) => {
                return Ok(Choice::Known(format!("{head}{is}{tail}")));
            }
            Some(Cell::NotIn(not)) => not.clone(),
            _ => Vec::new(),
        };
        let allowed = self.symbols.get(symbol).allowed.clone();
        let can_be: Vec<Literal> = candidates
            .iter()
            .filter_map(|key| key.strip_prefix(&*head)?.strip_suffix(&*tail))
            .map(|middle| Literal::Text(middle.into()))
            .filter(|l| !seen.contains(l))
            .filter(|l| allowed.as_ref().is_none_or(|allowed| allowed.contains(l)))
            .collect();
        let open = others
            && allowed
                .as_ref()
                .is_none_or(|all| all.iter().any(|a| !seen.contains(a) && !can_be.contains(a)));
        match (can_be.as_slice(), open) {
            ([], _) => Ok(Choice::Unknown),
            ([Literal::Text(only)], false) => Ok(Choice::Known(format!("{head}{only}{tail}"))),
            _ if cx.world.is_frozen() => Ok(Choice::Unknown),
            _ => {
                let mut cells: Vec<Cell> = can_be.iter().cloned().map(Cell::Is).collect();
                if open {
                    let mut not = seen;
                    not.extend(can_be);
                    not.sort();
                    not.dedup();
                    cells.push(Cell::NotIn(not));
                }
                Err(NeedSplit { symbol, cells })
            }
        }
    }
}
