//! Functions between texts and lists: `split`, `join`, `format`, `formatlist`.

use std::sync::Arc;

use super::argument::{Known, Miss, of_list};
use super::evaluator::Evaluator;
use super::function::Call;
use super::text::{MAX_PIECES, MAX_TEXT, cut, known_text, text_len};
use super::verb::Verb;
use crate::resolve::{Class, Item, Kind, Piece, SymbolId, Value};

impl Evaluator<'_> {
    pub(super) fn split_text(
        &mut self,
        call: Call<'_>,
        separator: &Value,
        text: &Value,
    ) -> Option<Value> {
        let separator = known_text(separator)?;
        if let Some(known) = known_text(text) {
            let pieces = self.pieces(text)?;
            let within = |p: &Piece| match p {
                Piece::Lit { text, .. } => text.matches(&separator).count(),
                Piece::Hole(..) => 0,
            };
            let found: usize = pieces.iter().map(within).sum();
            if separator.is_empty() || found != known.matches(&separator).count() {
                // The separator stands across pieces: the text is one token from here on.
                let parts: Vec<String> = match separator.as_str() {
                    "" => known.chars().map(String::from).collect(),
                    separator => known.split(separator).map(str::to_owned).collect(),
                };
                if !self.spend(parts.len()) {
                    return None;
                }
                let origin = self.at_call(call);
                let parts = parts.iter().map(|part| self.made_text(call, text, part)).collect();
                return Some(of_list(parts, origin));
            }
        } else if separator.is_empty() {
            return None;
        }
        let mut items = Vec::new();
        let mut current: Vec<Piece> = Vec::new();
        for piece in self.pieces(text)? {
            let Piece::Lit { text, .. } = &piece else {
                current.push(piece);
                continue;
            };
            let mut start = 0;
            for (at, _) in text.match_indices(&separator) {
                current.push(cut(&piece, start, at));
                items.push(std::mem::take(&mut current));
                start = at + separator.len();
            }
            current.push(cut(&piece, start, text.len()));
        }
        items.push(current);
        if !self.spend(items.len()) {
            return None;
        }
        let mut out = Vec::new();
        for pieces in items {
            let hole = pieces.iter().find_map(|p| match p {
                Piece::Hole(id, origin) => Some((*id, *origin)),
                Piece::Lit { .. } => None,
            });
            out.push(match hole {
                // Something unknown may hold the separator any number of times.
                Some((id, origin)) if !self.is_one_word(id, &separator) => {
                    Item::Many(self.function_of("split", id), origin)
                }
                _ => Item::One(self.text_of(pieces, text.origin, call.node)),
            });
        }
        Some(Value::new(Kind::List(out.into()), self.origins.literal(call.node.span)))
    }

    /// Whether the value of a symbol cannot hold the separator.
    pub(super) fn is_one_word(&self, id: SymbolId, separator: &str) -> bool {
        let class = self.symbols.get(id).class;
        matches!(class, Class::OwnerAccount | Class::Region | Class::Partition | Class::ApiId)
            && separator.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-')
    }

    pub(super) fn joined(
        &mut self,
        call: Call<'_>,
        separator: &Value,
        lists: &[Value],
    ) -> Option<Value> {
        let separator = self.pieces(separator)?;
        let mut out: Vec<Piece> = Vec::new();
        let mut first = true;
        for list in lists {
            let items = match &list.kind {
                Kind::List(items) => Arc::clone(items),
                Kind::Symbol(id) => Arc::from([Item::Many(*id, list.origin)]),
                _ => return None,
            };
            let each = text_len(&separator).saturating_add(separator.len());
            let pieces = items.len().saturating_mul(separator.len() + 1);
            let size = items.len().saturating_mul(each);
            if size > MAX_TEXT || pieces > MAX_PIECES || !self.spend(pieces) {
                return Some(self.out_of_bounds(call.node, "the text is too long"));
            }
            for item in items.iter() {
                if !first {
                    out.extend(separator.iter().cloned());
                }
                first = false;
                match item {
                    Item::One(Value { kind: Kind::Null, .. }) => {
                        return Some(self.failed(call.node, call.env, "an element is null"));
                    }
                    Item::One(v) => out.extend(self.pieces_of(v)?),
                    Item::Many(id, origin) => {
                        let label = format!("join({})", self.symbols.get(*id).label);
                        let id = self.derive(*id, "(join)", &label, None);
                        out.push(Piece::Hole(id, *origin));
                    }
                }
            }
        }
        let origin = self.origins.literal(call.node.span);
        Some(self.text_of(out, origin, call.node))
    }

    /// `format`. Arguments that are not known are holes, where the verb writes them as they are.
    pub(super) fn formatted(
        &mut self,
        call: Call<'_>,
        format: &Value,
        args: &[Value],
    ) -> Known<Value> {
        let Kind::Text(text) = &format.kind else { return Err(Miss::Open) };
        let (mut next, mut used) = (0, 0);
        let mut out = Vec::new();
        for piece in &text.0 {
            // Nobody keeps verbs in a value that is not known.
            let Piece::Lit { text, .. } = piece else {
                out.push(piece.clone());
                continue;
            };
            let mut start = 0;
            while let Some((before, behind)) =
                text.get(start..).and_then(|rest| rest.split_once('%'))
            {
                let at = start + before.len();
                out.push(cut(piece, start, at));
                if behind.starts_with('%') {
                    out.push(cut(piece, at, at + 1));
                    start = at + 2;
                    continue;
                }
                let verb = Verb::parse(behind)?;
                let index = verb.index.map_or(next, |index| index - 1);
                let value = args.get(index).ok_or(Miss::Refused("there are too few arguments"))?;
                next = index + 1;
                used = used.max(next);
                self.write_verb(call, &verb, value, &mut out)?;
                start = at + 1 + verb.len;
            }
            out.push(cut(piece, start, text.len()));
        }
        if used < args.len() {
            return Err(Miss::Refused("there are too many arguments"));
        }
        let origin = self.origins.literal(call.node.span);
        Ok(self.text_of(out, origin, call.node))
    }

    fn write_verb(
        &mut self,
        call: Call<'_>,
        verb: &Verb,
        value: &Value,
        out: &mut Vec<Piece>,
    ) -> Known<()> {
        let is_number = matches!(value.kind, Kind::Number(_));
        match verb.mode {
            's' if verb.is_plain() => {}
            'v' if verb.is_plain() && !is_number && !matches!(value.kind, Kind::Null) => {}
            'd' if verb.is_plain() && !value.is_known() => {}
            'q' if verb.is_plain() && !matches!(value.kind, Kind::List(_) | Kind::Map(_)) => {
                let at_call = self.at_call(call);
                let quote = self.computed_piece("\"", at_call);
                out.push(quote.clone());
                let null = Miss::Refused("an argument is null");
                for piece in self.pieces_of(value).ok_or(null)? {
                    self.escape_json(&piece, out);
                }
                out.push(quote);
                return Ok(());
            }
            _ => {
                let written = verb.written(value)?;
                let at = self.origins.add(
                    call.node.span,
                    crate::source::Step::Call(call.name),
                    Some(value.origin),
                );
                out.push(self.computed_piece(&written, at));
                return Ok(());
            }
        }
        out.extend(self.pieces_of(value).ok_or(Miss::Refused("an argument is null"))?);
        Ok(())
    }

    pub(super) fn formatted_list(
        &mut self,
        call: Call<'_>,
        format: &Value,
        args: &[Value],
    ) -> Option<Value> {
        let lists = args.iter().filter_map(|v| match &v.kind {
            Kind::List(items) => Some(items.len()),
            _ => None,
        });
        let len = lists.max();
        let Some(len) = len else {
            let unknown = args.iter().find_map(|v| match v.kind {
                Kind::Symbol(id) if !matches!(self.symbols.get(id).class, Class::OwnerAccount) => {
                    Some((id, v.origin))
                }
                _ => None,
            });
            let (id, origin) = unknown?;
            let id = self.formatted_stretch(call, format, args, id);
            let items = Arc::from([Item::Many(id, origin)]);
            return Some(Value::new(Kind::List(items), self.at_call(call)));
        };
        let mut out = Vec::new();
        for index in 0..len {
            let mut row = Vec::new();
            let mut many = None;
            for arg in args {
                match &arg.kind {
                    Kind::List(items) => match items.get(index)? {
                        Item::One(v) => row.push(v.clone()),
                        Item::Many(id, origin) => many = Some((*id, *origin)),
                    },
                    _ => row.push(arg.clone()),
                }
            }
            if !self.spend(args.len()) {
                return None;
            }
            out.push(match many {
                Some((id, origin)) => {
                    Item::Many(self.formatted_stretch(call, format, args, id), origin)
                }
                None => Item::One(match self.formatted(call, format, &row) {
                    Err(Miss::Open) => return None,
                    made => self.result_of(call, made),
                }),
            });
        }
        Some(Value::new(Kind::List(out.into()), self.at_call(call)))
    }

    /// What `formatlist` makes of an unknown stretch: one of its elements stands for all.
    fn formatted_stretch(
        &mut self,
        call: Call<'_>,
        format: &Value,
        args: &[Value],
        of: SymbolId,
    ) -> SymbolId {
        let lists = args.iter().filter(|arg| matches!(arg.kind, Kind::List(_))).count();
        let mut row = Vec::new();
        for arg in args {
            let stretch = match &arg.kind {
                Kind::List(_) if lists == 1 => Some((of, arg.origin)),
                Kind::List(items) => match items.as_ref() {
                    [Item::Many(id, origin)] => Some((*id, *origin)),
                    // Which of their elements stand together is not known.
                    _ => return self.function_of("formatlist", of),
                },
                Kind::Symbol(id) if !self.is_scalar(*id) => Some((*id, arg.origin)),
                _ => None,
            };
            row.push(match stretch {
                Some((id, origin)) => {
                    let label = format!("{}[*]", self.symbols.get(id).label);
                    let id = self.derive(id, "[*]", &label, None);
                    self.between_ends(id, Value::new(Kind::Symbol(id), origin))
                }
                None => arg.clone(),
            });
        }
        let id = self.function_of("formatlist", of);
        match self.formatted(call, format, &row) {
            Ok(element) => self.stretch_of(id, &element),
            Err(_) => id,
        }
    }
}
