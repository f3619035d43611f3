//! Names for expressions: equal expressions are one symbol, so that they correlate.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::evaluator::Evaluator;
use super::names::{dotted, renamed, roots, walk};
use super::scope::{Env, Mode, Scope};
use crate::resolve::{Class, Item, Kind, Piece, Symbol, SymbolId, Value, World};
use crate::source::{FileId, Span};
use crate::syntax::Node;

/// How long a label may be, in characters.
const LABEL: usize = 60;
/// How many flags may settle one expression.
const MAX_FLAGS: usize = 8;
/// How long a key may be before it is replaced by its hash, in bytes.
const KEY: usize = 256;

/// Source text on one line, shortened.
pub(super) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LABEL {
        return line;
    }
    let mut short: String = line.chars().take(LABEL - 3).collect();
    short.push_str("...");
    short
}

/// Source text without the blanks that do not count.
fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quoted, mut escaped, mut blank) = (false, false, false);
    for c in text.chars() {
        if !quoted && c.is_whitespace() {
            blank = true;
            continue;
        }
        if blank {
            let word = |c: char| c.is_alphanumeric() || c == '_';
            if out.chars().next_back().is_some_and(word) && word(c) {
                out.push(' ');
            }
            blank = false;
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && c == '\\' && !escaped;
        out.push(c);
    }
    out
}

/// `[0]`
fn is_index(suffix: &str) -> bool {
    let inner = suffix.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// What a value is, without where it comes from.
pub(super) fn value_key(value: &Value) -> String {
    let mut out = String::new();
    write_value(value, 0, &mut out);
    shorten(out)
}

fn shorten(text: String) -> String {
    if text.len() <= KEY {
        return text;
    }
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let head: String = text.chars().take(40).collect();
    format!("{head}~{:016x}~{}", hasher.finish(), text.len())
}

fn write_value(value: &Value, depth: usize, out: &mut String) {
    // Values that differ only below this depth or behind this length are told apart no longer;
    // neither is reached by anything but an attack.
    if depth > 64 || out.len() > 1 << 20 {
        return;
    }
    // Writing to a string cannot fail.
    let _ = match &value.kind {
        Kind::Null => out.write_str("null"),
        Kind::Bool(b) => write!(out, "{b}"),
        Kind::Number(n) => out.write_str(n),
        Kind::Symbol(id) => write!(out, "#{}", id.0),
        Kind::Text(text) => {
            out.push('"');
            for piece in &text.0 {
                match piece {
                    Piece::Lit { text, .. } => {
                        let _ = write!(out, "{}", text.escape_debug());
                    }
                    Piece::Hole(id, _) => {
                        let _ = write!(out, "${{#{}}}", id.0);
                    }
                }
            }
            out.write_char('"')
        }
        Kind::List(items) => {
            out.push('[');
            for item in items.iter() {
                match item {
                    Item::One(v) => write_value(v, depth + 1, out),
                    Item::Many(id, _) => {
                        let _ = write!(out, "#{}*", id.0);
                    }
                }
                out.push(',');
            }
            out.write_char(']')
        }
        Kind::Map(map) => {
            out.push('{');
            for (key, v) in &map.entries {
                let _ = write!(out, "{}:", key.text.escape_debug());
                write_value(v, depth + 1, out);
                out.push(',');
            }
            if let Some((id, rest)) = map.rest {
                let _ = write!(out, "{rest:?}#{}", id.0);
            }
            out.write_char('}')
        }
    };
}

impl Evaluator<'_> {
    /// The key of an expression: its text without blanks, and what the names in it are bound to.
    pub(super) fn expression_key(&self, node: &Node, scope: &Scope<'_>) -> String {
        let mut key = normalise(&self.files.db.slice(node.span));
        for name in roots(node) {
            if let Some(value) = scope.lookup(&name) {
                let _ = write!(key, "|{name}={}", value_key(value));
            }
        }
        if self.module.flat {
            // The same text in two instances is not the same expression.
            walk(node, &mut |inner| {
                if let Some(scalar) = inner.scalar() {
                    let _ = write!(key, "|{scalar}");
                } else if let Some((root, steps)) = dotted(inner) {
                    let _ = write!(key, "|{root}{steps:?}");
                }
            });
        }
        // Called modules are copies of one text; what it names tells them apart.
        for name in renamed(node) {
            let _ = write!(key, "|{name}");
        }
        if scope.is_isolated() {
            // The same text in two templates is not the same expression.
            let _ = write!(key, "|{:?}", node.span);
        }
        shorten(key)
    }

    /// What stands for an expression that cannot be evaluated: one symbol for equal expressions.
    /// Where it is known under the defaults, that is the symbol's default.
    pub(super) fn opaque(&mut self, node: &Node, env: Env<'_>) -> Value {
        let origin = self.origins.literal(node.span);
        let key = format!("expr:{}", self.expression_key(node, env.scope));
        if let Some(id) = self.symbols.find(&key) {
            return self.symbol_value(id, origin, env);
        }
        let default = if env.mode == Mode::Default { None } else { self.under_defaults(node, env) };
        let inputs = self.inputs_of(node);
        let pin = self.pin_of(&inputs);
        let label = self.excerpt(node.span);
        let id = self.symbols.intern(&key, || Symbol {
            label,
            origin,
            class: Class::Opaque,
            default,
            allowed: None,
            pin,
        });
        self.fact(id).inputs = inputs;
        Value::new(Kind::Symbol(id), origin)
    }

    /// The flags that give an expression its value: those of the variables that it depends on and that
    /// have none, not even a default; where all have one, of all that nobody gives another.
    pub(super) fn pin_of(&self, inputs: &BTreeSet<Arc<str>>) -> Option<String> {
        let open = || inputs.iter().filter(|name| !self.has_value(name));
        let has_default = |name: &&Arc<str>| {
            let variable = self.module.variables.get(*name);
            variable.is_some_and(|v| v.block.body.attribute("default").is_some())
        };
        let mut wanted: Vec<&Arc<str>> = open().filter(|name| !has_default(name)).collect();
        if wanted.is_empty() {
            wanted = open().collect();
        }
        let flags: Vec<String> = wanted.iter().map(|name| format!("--var {name}=...")).collect();
        (1..=MAX_FLAGS).contains(&flags.len()).then(|| flags.join(" "))
    }

    /// The value of an expression when every default holds, if it is known then.
    pub(super) fn under_defaults(&mut self, node: &Node, env: Env<'_>) -> Option<Value> {
        let world = World::default().freeze();
        let env = Env { scope: env.scope, world: &world, mode: Mode::Default };
        // In a frozen world nothing asks for a split.
        self.eval(node, env).ok().filter(Value::is_known)
    }

    /// A symbol made from another one: an attribute, an element, a function of it.
    pub(super) fn derive(
        &mut self,
        base: SymbolId,
        suffix: &str,
        label: &str,
        default: Option<Value>,
    ) -> SymbolId {
        let key = format!("#{}{suffix}", base.0);
        if let Some(id) = self.symbols.find(&key) {
            return id;
        }
        let symbol = self.symbols.get(base).clone();
        let class = match symbol.class {
            Class::OwnId(_) => Class::OwnId(crate::resolve::IdKind::Other),
            Class::ExecutionArn | Class::ApiId => Class::Opaque,
            other => other,
        };
        let is_element = suffix == "[*]" || suffix == "[each.value]" || is_index(suffix);
        let known = self.facts.get(&base).map(|fact| &fact.bound);
        let bound = match suffix.strip_prefix('.') {
            Some(name) => known.and_then(|bound| bound.attributes.get(name)),
            None => known.and_then(|bound| bound.each.as_deref()).filter(|_| is_element),
        };
        let mut bound = bound.cloned().unwrap_or_default();
        let allowed = bound.allowed.take();
        let id = self.symbols.intern(&key, || Symbol {
            label: excerpt(label),
            origin: symbol.origin,
            class,
            default,
            allowed,
            pin: symbol.pin.clone(),
        });
        let (inputs, failed) = match self.facts.get(&base) {
            Some(fact) => (fact.inputs.clone(), fact.failed),
            None => Default::default(),
        };
        let fact = self.fact(id);
        fact.inputs = inputs;
        fact.failed = failed;
        fact.bound = bound;
        self.describe_elements(id);
        id
    }
}

impl Evaluator<'_> {
    /// The source text of an expression, shortened: how people recognise it.
    pub fn label(&self, node: &Node) -> String {
        self.excerpt(node.span)
    }

    /// The source text of a span.
    pub fn text(&self, span: Span) -> String {
        self.files.db.slice(span)
    }

    /// The name of a file, as it is printed.
    pub fn file_name(&self, file: FileId) -> String {
        self.files.db.file(file).display.clone()
    }

    /// Whether a value stands for an expression that Terraform would refuse.
    pub fn is_refused(&self, value: &Value) -> bool {
        self.is_failed(value)
    }
}
