//! Properties of any text: no panic, spans that can be sliced, values that map to their source.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::source::Span;
use crate::syntax::Text;

/// Texts that touch every rule of the language.
const SEEDS: &[&str] = &[
    "resource \"aws_x\" y {\n  a = 1 # c\n  b \"c\" {\n    d = [for k, v in x : v if k != null]\n  }\n}\n",
    "a = <<-EOT\n    x ${b ~}\n      é $${c}\n    %{ for k, v in m ~}\n    ${k}\n    %{ endfor ~}\n  EOT\n",
    "a = \"%{ if x ~} \\u00e9 \\n %{~ else }\\\"$${y}%{ endif }\"\nb = { c = 1, \"d\" : 2\n (e) = 3 }\n",
    "p = jsonencode({\n  Statement = [{ A = \"*\", A = f(a.b[0].*.c...) /* x */ },]\n})\nq { r = 1e3 }\n",
    "a = !b && -c + 3 * 4 >= 5 || (d == e ? f : g[*].h)\n/* é */ i = a::b::c(1, 2...)\n",
];

const PIECES: &[&str] = &[
    "\"",
    "${",
    "%{",
    "}",
    "{",
    "(",
    ")",
    "[",
    "]",
    "\n",
    "\r\n",
    "\r",
    "<<EOT\n",
    "EOT\n",
    "<<-E\n",
    "E\n",
    "~",
    "$",
    "%",
    "\\",
    "\\u00",
    "#",
    "//",
    "/*",
    "*/",
    "=",
    "=>",
    ":",
    "?",
    ",",
    "...",
    ".",
    "*",
    "for ",
    "in ",
    "if ",
    "%{ endif }",
    "%{ endfor }",
    "%{ else }",
    "null",
    "1",
    "é",
    "😀",
    "\u{a0}",
    "\u{feff}",
    "\0",
    "a",
    " ",
    "a = 1\n",
    "b {\n",
    "}\n",
    "a = \"x\"\n",
];

/// A seed with a few edits at arbitrary places.
fn mutated() -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0..12_usize, select(PIECES));
    (select(SEEDS), prop::collection::vec(edit, 0..6)).prop_map(|(seed, edits)| {
        let mut chars = seed.chars().collect::<Vec<_>>();
        for (index, removed, inserted) in edits {
            let start = index.index(chars.len() + 1);
            let end = (start + removed.saturating_sub(6)).min(chars.len());
            chars.splice(start..end, inserted.chars());
        }
        chars.into_iter().collect()
    })
}

/// Checks every span and text below a body.
struct Checker<'t> {
    text: &'t str,
}

impl Checker<'_> {
    fn span(&self, span: Span) {
        assert_eq!(span.file, FILE);
        assert!(self.text.get(span.range()).is_some(), "{span:?} in {:?}", self.text);
    }

    /// Each character of a value stands verbatim in the source, or as an escape; in order.
    fn value(&self, text: &Text) {
        let mut behind = 0;
        for (index, c) in text.text.char_indices() {
            let span = text.map.span(index..index + c.len_utf8());
            self.span(span);
            let source = self.text.get(span.range()).unwrap_or_default();
            let escape = source.starts_with(['\\', '$', '%']);
            assert!(source == c.to_string() || escape, "{c:?} from {source:?}");
            assert!(span.start >= behind, "{:?}", self.text);
            // The two characters of a marker share one escape.
            behind = if escape { span.start } else { span.end };
        }
        self.span(text.map.span(0..text.text.len()));
        self.span(text.map.span(text.text.len()..text.text.len()));
    }

    fn body(&self, body: &Body) {
        for attribute in &body.attributes {
            self.span(attribute.span);
            self.span(attribute.name_span);
            assert_eq!(self.text.get(attribute.name_span.range()), Some(&*attribute.name));
            assert!(attribute.span.contains(attribute.value.span), "{:?}", self.text);
            self.node(&attribute.value);
        }
        for block in &body.blocks {
            self.span(block.span);
            self.span(block.header);
            assert!(block.span.contains(block.header));
            for label in &block.labels {
                self.span(label.span);
            }
            self.body(&block.body);
        }
    }

    fn nodes<'n>(&self, outer: Span, nodes: impl IntoIterator<Item = &'n Node>) {
        for node in nodes {
            assert!(outer.contains(node.span), "{node:?} in {:?}", self.text);
            self.node(node);
        }
    }

    fn node(&self, node: &Node) {
        self.span(node.span);
        let outer = node.span;
        match &node.kind {
            Kind::Text(text) => self.value(text),
            Kind::List(items) => self.nodes(outer, items.iter()),
            Kind::Map(pairs) => self.nodes(outer, pairs.iter().flat_map(|p| [&p.key, &p.value])),
            Kind::Expr(expr) => match &**expr {
                Expr::Template(parts) => self.parts(outer, parts),
                Expr::Variable(name) => {
                    assert_eq!(self.text.get(outer.range()), Some(&**name));
                }
                Expr::Traversal(base, steps) => {
                    self.nodes(outer, [base]);
                    for (step, span) in steps {
                        self.span(*span);
                        if let Traverse::Index(index) = step {
                            self.nodes(*span, [index]);
                        }
                    }
                }
                Expr::Call { name_span, args, .. } => {
                    self.span(*name_span);
                    self.nodes(outer, args);
                }
                Expr::Conditional(a, b, c) => self.nodes(outer, [a, b, c]),
                Expr::Unary(_, a) => self.nodes(outer, [a]),
                Expr::Binary(_, a, b) => self.nodes(outer, [a, b]),
                Expr::For(expr) => {
                    self.nodes(outer, [&expr.collection, &expr.value]);
                    self.nodes(outer, expr.key.iter().chain(&expr.condition));
                }
            },
            _ => {}
        }
    }

    fn parts(&self, outer: Span, parts: &[TemplatePart]) {
        for part in parts {
            match part {
                TemplatePart::Text(text) => self.value(text),
                TemplatePart::Interpolation(node) => self.nodes(outer, [node]),
                TemplatePart::If(cond, yes, no) => {
                    self.nodes(outer, [cond]);
                    self.parts(outer, yes);
                    self.parts(outer, no);
                }
                TemplatePart::For { collection, body, .. } => {
                    self.nodes(outer, [collection]);
                    self.parts(outer, body);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_a_sound_tree(text in mutated()) {
        let document = parse(&text);
        let checker = Checker { text: &text };
        checker.body(body(&document));
        for error in &document.errors {
            checker.span(error.span);
        }
        for duplicate in &document.duplicates {
            checker.span(duplicate.first);
            checker.span(duplicate.second);
            prop_assert!(duplicate.first.end <= duplicate.second.start);
        }
        let mut behind = 0;
        for comment in &document.comments {
            checker.span(comment.span);
            let source = text.get(comment.span.range()).unwrap_or_default();
            prop_assert!(source.starts_with(['#', '/']), "{source:?}");
            prop_assert!(comment.span.start >= behind, "{text:?}");
            behind = comment.span.end;
        }
        let invalid = show_body(body(&document)).contains("invalid");
        prop_assert!(!invalid || !document.errors.is_empty(), "{text:?}");
    }

    #[test]
    fn any_template_gives_a_sound_tree(text in mutated()) {
        let map = SpanMap::verbatim(FILE, 0);
        let checker = Checker { text: &text };
        for fragment in [parse_template(&text, &map), parse_expression(&text, &map)] {
            checker.node(&fragment.node);
            let invalid = matches!(fragment.node.kind, Kind::Invalid);
            prop_assert!(!invalid || !fragment.errors.is_empty());
        }
    }

    /// What stands before a broken item is read as if it were alone.
    #[test]
    fn a_broken_tail_hides_nothing(seed in select(SEEDS), tail in mutated()) {
        let alone = show_body(body(&parse(seed)));
        let both = show_body(body(&parse(&format!("{seed}\n{tail}"))));
        prop_assert!(both.starts_with(&alone), "{both}");
    }
}
