//! Functions of texts. Pieces keep their origins; what is unknown in a text stays a hole in it.

use super::argument::{is_simple, size, whole};
use super::evaluator::Evaluator;
use super::function::Call;
use super::text::{cut, known_text};
use crate::resolve::{Class, Kind, Piece, SymbolId, Value};

/// The functions here.
pub(super) const NAMES: &[&str] = &[
    "abspath",
    "basename",
    "chomp",
    "dirname",
    "endswith",
    "format",
    "formatlist",
    "indent",
    "join",
    "lower",
    "pathexpand",
    "replace",
    "split",
    "startswith",
    "strcontains",
    "strrev",
    "substr",
    "title",
    "trim",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "upper",
];

/// How far `indent` moves text.
const MAX_INDENT: usize = 200;

impl Evaluator<'_> {
    pub(super) fn text_function(&mut self, call: Call<'_>, args: &[Value]) -> Value {
        let Call { node, name, env } = call;
        let nullable = matches!(name, "format" | "formatlist");
        if !nullable && args.iter().any(|a| matches!(a.kind, Kind::Null)) {
            return self.failed(node, env, "an argument is null");
        }
        let made = match (name, args) {
            ("abspath" | "pathexpand", [path]) => Some(path.clone()),
            ("basename" | "dirname", [path]) => self.path_part(call, path),
            ("chomp" | "trimspace" | "trim" | "trimprefix" | "trimsuffix", [text, rest @ ..]) => {
                self.trimmed(call, text, rest)
            }
            ("lower" | "upper" | "title", [text]) => self.cased(call, text),
            ("startswith" | "endswith" | "strcontains", [text, part]) => {
                let answer =
                    known_text(text).zip(known_text(part)).map(|(text, part)| match name {
                        "startswith" => text.starts_with(&part),
                        "endswith" => text.ends_with(&part),
                        _ => text.contains(&part),
                    });
                answer.map(|b| Value::new(Kind::Bool(b), self.origins.literal(node.span)))
            }
            ("substr", [text, from, len]) => self.substr(call, text, from, len),
            ("strrev", [text]) => known_text(text).filter(|t| is_simple(t)).map(|t| {
                let reversed: String = t.chars().rev().collect();
                self.made_text(call, text, &reversed)
            }),
            ("indent", [spaces, text]) => self.indented(call, spaces, text),
            ("replace", [text, from, to]) => self.replaced(call, text, from, to, 0),
            ("split", [separator, text]) => self.split_text(call, separator, text),
            ("join", [separator, lists @ ..]) => self.joined(call, separator, lists),
            ("format", [format, rest @ ..]) => {
                let made = self.formatted(call, format, rest);
                Some(self.result_of(call, made))
            }
            ("formatlist", [format, rest @ ..]) => self.formatted_list(call, format, rest),
            _ => None,
        };
        made.unwrap_or_else(|| self.opaque(node, env))
    }

    pub(super) fn pieces(&mut self, value: &Value) -> Option<Vec<Piece>> {
        match &value.kind {
            Kind::List(_) | Kind::Map(_) => None,
            _ => self.pieces_of(value),
        }
    }

    fn path_part(&mut self, call: Call<'_>, path: &Value) -> Option<Value> {
        let text = known_text(path)?;
        let (dir, base) = text.rsplit_once('/').unwrap_or((".", &text));
        let part = if call.name == "dirname" { dir } else { base }.to_owned();
        Some(self.made_text(call, path, &part))
    }

    fn trimmed(&mut self, call: Call<'_>, text: &Value, rest: &[Value]) -> Option<Value> {
        if matches!(text.kind, Kind::List(_) | Kind::Map(_) | Kind::Symbol(_)) {
            // Trimming changes no identifier and no JSON.
            return Some(text.clone());
        }
        let cutset = match rest {
            [] => None,
            [cutset] => Some(known_text(cutset)?),
            _ => return None,
        };
        let mut pieces = self.pieces(text)?;
        if let Some(known) = known_text(text)
            && pieces.len() > 1
        {
            // What is cut off may reach over the pieces.
            pieces = vec![self.computed_piece(&known, text.origin)];
        }
        let set = cutset.as_deref().unwrap_or("");
        let start = |t: &str| match call.name {
            "trimspace" => t.len() - t.trim_start().len(),
            "trim" => t.len() - t.trim_start_matches(|c| set.contains(c)).len(),
            "trimprefix" => t.strip_prefix(set).map_or(0, |left| t.len() - left.len()),
            _ => 0,
        };
        let end = |t: &str| match call.name {
            "trimspace" => t.trim_end().len(),
            "trim" => t.trim_end_matches(|c| set.contains(c)).len(),
            "trimsuffix" => t.strip_suffix(set).map_or(t.len(), str::len),
            "chomp" => t.trim_end_matches(['\r', '\n']).len(),
            _ => t.len(),
        };
        let repeats = matches!(call.name, "trimspace" | "trim" | "chomp");
        while let Some(piece @ Piece::Lit { text, .. }) = pieces.first() {
            let from = start(text);
            if from < text.len() || !repeats {
                let kept = cut(piece, from, text.len());
                pieces[0] = kept;
                break;
            }
            pieces.remove(0);
        }
        while let Some(piece @ Piece::Lit { text, .. }) = pieces.last() {
            let to = end(text);
            if to > 0 || !repeats {
                let kept = cut(piece, 0, to);
                pieces.pop();
                pieces.push(kept);
                break;
            }
            pieces.pop();
        }
        Some(self.text_of(pieces, text.origin, call.node))
    }

    /// `lower`, `upper`, `title`, letter by letter as Go changes them.
    fn cased(&mut self, call: Call<'_>, text: &Value) -> Option<Value> {
        if matches!(text.kind, Kind::List(_) | Kind::Map(_)) {
            return None;
        }
        let pieces = self.pieces(text)?;
        if call.name == "title" && pieces.len() > 1 {
            // Whether a letter begins a word, the piece before it says.
            let titled = known_text(text).and_then(|known| titled(&known))?;
            return Some(self.made_text(call, text, &titled));
        }
        let change = |t: &str| match call.name {
            "lower" => t.chars().map(|c| one(c, c.to_lowercase())).collect::<Option<String>>(),
            "upper" => t.chars().map(|c| one(c, c.to_uppercase())).collect(),
            _ => titled(t),
        };
        let mut out = Vec::new();
        for piece in pieces {
            out.push(match piece {
                Piece::Lit { text, map, origin } => {
                    let changed = change(&text)?;
                    if changed.len() == text.len() && text.is_ascii() {
                        Piece::Lit { text: changed.into(), map, origin }
                    } else {
                        self.computed_piece(&changed, origin)
                    }
                }
                Piece::Hole(id, origin) => {
                    let id = self.function_of(call.name, id);
                    match known_text(&self.symbol_value(id, origin, call.env)) {
                        Some(text) => self.computed_piece(&text, origin),
                        None => Piece::Hole(id, origin),
                    }
                }
            });
        }
        Some(self.text_of(out, text.origin, call.node))
    }

    /// A function of something unknown. Identifiers of the deployer are in lower case already.
    pub(super) fn function_of(&mut self, name: &str, id: SymbolId) -> SymbolId {
        let symbol = self.symbols.get(id);
        let plain = matches!(symbol.class, Class::OwnId(_) | Class::OwnerAccount | Class::Region);
        if plain && name == "lower" {
            return id;
        }
        let label = format!("{name}({})", symbol.label);
        self.derive(id, &format!("({name})"), &label, None)
    }

    /// `substr`, by the rules of zclconf/go-cty for offsets and lengths that lie outside.
    fn substr(&mut self, call: Call<'_>, text: &Value, from: &Value, len: &Value) -> Option<Value> {
        let known = known_text(text).filter(|t| is_simple(t))?;
        let chars: Vec<char> = known.chars().collect();
        let (from, len) = (whole(from).ok()?, whole(len).ok()?);
        let size = i128::try_from(chars.len()).ok()?;
        if from >= 0 && len == 0 {
            return Some(self.made_text(call, text, ""));
        }
        let start = if from < 0 { from.checked_add(size)?.max(0) } else { from.min(size) };
        // A length of zero never ends the search for its end.
        let end = if len <= 0 { size } else { start.checked_add(len)?.min(size) };
        let range = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
        let part: String = chars.get(range)?.iter().collect();
        Some(self.made_text(call, text, &part))
    }

    /// `indent`: blanks behind each line end.
    fn indented(&mut self, call: Call<'_>, spaces: &Value, text: &Value) -> Option<Value> {
        if matches!(text.kind, Kind::List(_) | Kind::Map(_)) {
            // JSON and YAML mean the same when they are indented.
            return Some(text.clone());
        }
        let spaces = size(spaces).ok().filter(|n| *n <= MAX_INDENT)?;
        let origin = self.at_call(call);
        let pad = self.computed_piece(&" ".repeat(spaces), origin);
        let mut out = Vec::new();
        for piece in self.pieces(text)? {
            let Piece::Lit { text, .. } = &piece else {
                // The lines of something unknown are indented too.
                let Piece::Hole(id, at) = piece else { continue };
                out.push(Piece::Hole(self.function_of("indent", id), at));
                continue;
            };
            let mut start = 0;
            for (at, _) in text.match_indices('\n') {
                out.push(cut(&piece, start, at + 1));
                out.push(pad.clone());
                start = at + 1;
            }
            if !self.spend(1 + text.matches('\n').count()) {
                return None;
            }
            out.push(cut(&piece, start, text.len()));
        }
        Some(self.text_of(out, text.origin, call.node))
    }
}

/// The single letter that a letter becomes; where it would be several, Go keeps it, or knows one of
/// its own.
fn one(c: char, mut changed: impl Iterator<Item = char>) -> Option<char> {
    match (changed.next(), changed.next()) {
        (Some(one), None) => Some(one),
        _ if c == 'ß' => Some(c),
        _ => None,
    }
}

/// Go, `strings.Title`: letters, digits and underscores make words.
fn titled(text: &str) -> Option<String> {
    let mut start = true;
    let mut out = String::new();
    for c in text.chars() {
        out.push(if start { one(c, c.to_uppercase())? } else { c });
        start = match c {
            c if c.is_ascii() => !c.is_ascii_alphanumeric() && c != '_',
            c => c.is_whitespace(),
        };
    }
    Some(out)
}
