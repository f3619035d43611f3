//! Strings, heredocs and templates: decoding with exact positions.
//!
//! The structure of a template comes from `hcl-edit`; the literals are decoded here from the source,
//! as `hclsyntax/parser_template.go` does it: the template becomes a flat list of tokens, literals
//! of heredocs and bare templates one token a line; strip markers (`~`) trim the neighbouring
//! literal token; a `<<-` heredoc loses the smallest indentation of all its lines that are not
//! blank (a line that starts with a sequence has none). Line ends are kept as they are written:
//! `\r\n` stays `\r\n`.

use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

use hcl_edit::Span as _;
use hcl_edit::template::{Directive, Element, HeredocTemplate, Strip, Template};

use super::literal::{Chunk, Literal, append, decode, trim_end, trim_start};
use super::lower::{Lower, expr_kind};
use crate::syntax::{Expr, Kind, Node, SpanMapBuilder, TemplatePart};

/// How literals are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// In quotes, with backslash escapes.
    Quoted,
    /// In a heredoc.
    Heredoc {
        /// `<<-`.
        flush: bool,
    },
    /// Without any delimiter.
    Bare,
}

#[derive(Debug)]
enum Token {
    Literal(Literal),
    Sequence(Sequence, Strip),
}

#[derive(Debug)]
enum Sequence {
    Interpolation(Node),
    If(Node),
    Else,
    EndIf,
    For(Option<Box<str>>, Box<str>, Node),
    EndFor,
}

/// The kind of a quoted string without sequences, quotes included in `range`.
pub(super) fn quoted(lower: &mut Lower<'_>, range: Range<usize>) -> Kind {
    let inner = range.start + 1..range.end.saturating_sub(1).max(range.start + 1);
    let mut tokens = Vec::new();
    literal(lower, inner.clone(), Mode::Quoted, &mut tokens);
    assemble(lower, tokens, inner.start)
}

/// A heredoc; `range` reaches from `<<` to the end marker.
pub(super) fn heredoc(
    lower: &mut Lower<'_>,
    heredoc: &HeredocTemplate,
    range: Range<usize>,
) -> Node {
    let written = lower.slice(range.clone());
    let flush = written.starts_with("<<-");
    let start = range.start + written.find('\n').map_or(written.len(), |newline| newline + 1);
    let mode = Mode::Heredoc { flush };
    self::lower(lower, &heredoc.template, mode, start..range.end, range)
}

/// A template whose content stands at `inner` and which is written as `range`.
pub(super) fn lower(
    lower: &mut Lower<'_>,
    template: &Template,
    mode: Mode,
    inner: Range<usize>,
    range: Range<usize>,
) -> Node {
    let mut tokens = Vec::new();
    flatten(lower, template, mode, &inner, &mut tokens);
    strip(lower, &mut tokens);
    if mode == (Mode::Heredoc { flush: true }) {
        flush(lower, &mut tokens);
    }
    let kind = assemble(lower, tokens, inner.start);
    Node { span: lower.span(range), kind }
}

fn flatten(
    lower: &mut Lower<'_>,
    template: &Template,
    mode: Mode,
    outer: &Range<usize>,
    tokens: &mut Vec<Token>,
) {
    for element in template.iter() {
        match element {
            Element::Literal(text) => {
                let range = lower.range(text.span(), outer);
                literal(lower, range, mode, tokens);
            }
            Element::Interpolation(sequence) => {
                let range = lower.range(sequence.span(), outer);
                let node = lower.node(&sequence.expr, range);
                tokens.push(Token::Sequence(Sequence::Interpolation(node), sequence.strip));
            }
            Element::Directive(directive) => {
                let range = lower.range(element.span(), outer);
                directive_tokens(lower, directive, mode, &range, tokens);
            }
        }
    }
}

fn directive_tokens(
    lower: &mut Lower<'_>,
    directive: &Directive,
    mode: Mode,
    range: &Range<usize>,
    tokens: &mut Vec<Token>,
) {
    match directive {
        Directive::If(directive) => {
            let start = &directive.if_expr;
            let cond = lower.node(&start.cond_expr, range.clone());
            tokens.push(Token::Sequence(Sequence::If(cond), start.strip));
            flatten(lower, &start.template, mode, range, tokens);
            if let Some(other) = &directive.else_expr {
                tokens.push(Token::Sequence(Sequence::Else, other.strip));
                flatten(lower, &other.template, mode, range, tokens);
            }
            tokens.push(Token::Sequence(Sequence::EndIf, directive.endif_expr.strip));
        }
        Directive::For(directive) => {
            let start = &directive.for_expr;
            let key = start.key_var.as_ref().map(|name| name.as_str().into());
            let value = start.value_var.as_str().into();
            let collection = lower.node(&start.collection_expr, range.clone());
            tokens.push(Token::Sequence(Sequence::For(key, value, collection), start.strip));
            flatten(lower, &start.template, mode, range, tokens);
            tokens.push(Token::Sequence(Sequence::EndFor, directive.endfor_expr.strip));
        }
    }
}

/// Decodes the literal at `range`: one token, or one a line.
fn literal(lower: &mut Lower<'_>, range: Range<usize>, mode: Mode, tokens: &mut Vec<Token>) {
    let mut start = range.start;
    while start < range.end {
        let rest = lower.slice(start..range.end);
        let end = match memchr::memchr(b'\n', rest.as_bytes()) {
            Some(newline) if mode != Mode::Quoted => start + newline + 1,
            _ => range.end,
        };
        let chunks = decode(lower, start..end, mode);
        tokens.push(Token::Literal(chunks));
        start = end;
    }
}

/// Applies the strip markers, each to the neighbouring literal token.
fn strip(lower: &Lower<'_>, tokens: &mut [Token]) {
    for index in 0..tokens.len() {
        let Some(Token::Sequence(_, strip)) = tokens.get(index) else { continue };
        let (before, after) = (strip.strip_start(), strip.strip_end());
        if before
            && let Some(Token::Literal(chunks)) =
                index.checked_sub(1).and_then(|previous| tokens.get_mut(previous))
        {
            trim_end(lower, chunks);
        }
        if after && let Some(Token::Literal(chunks)) = tokens.get_mut(index + 1) {
            trim_start(lower, chunks);
        }
    }
}

/// Removes the common indentation of a `<<-` heredoc (`flushHeredocTemplateParts`).
fn flush(lower: &Lower<'_>, tokens: &mut [Token]) {
    let mut smallest = usize::MAX;
    let mut line_start = true;
    let mut indented = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let Token::Literal(chunks) = token else {
            if line_start {
                smallest = 0;
            }
            line_start = false;
            continue;
        };
        let ends_line = ends_line(lower, chunks);
        if line_start {
            let leading = match chunks.first() {
                Some(Chunk::Verbatim(range)) => lower.slice(range.clone()),
                _ => "",
            };
            let blank = chunks.len() < 2 && leading.trim_start().is_empty();
            if !(blank && ends_line) {
                let spaces = leading.chars().take_while(|c| c.is_whitespace()).count();
                smallest = smallest.min(spaces);
                indented.push(index);
            }
        }
        line_start = ends_line;
    }
    for index in indented {
        if let Some(Token::Literal(chunks)) = tokens.get_mut(index)
            && let Some(Chunk::Verbatim(range)) = chunks.first_mut()
        {
            let text = lower.slice(range.clone());
            range.start += text.chars().take(smallest).map(char::len_utf8).sum::<usize>();
        }
    }
}

fn ends_line(lower: &Lower<'_>, chunks: &Literal) -> bool {
    match chunks.last() {
        Some(Chunk::Verbatim(range)) => lower.slice(range.clone()).ends_with('\n'),
        _ => false,
    }
}

/// Builds the value: text when there is no sequence, a template otherwise.
fn assemble(lower: &Lower<'_>, tokens: Vec<Token>, start: usize) -> Kind {
    if tokens.iter().all(|token| matches!(token, Token::Literal(_))) {
        let mut builder = SpanMapBuilder::new(lower.map.file());
        for token in &tokens {
            if let Token::Literal(chunks) = token {
                append(lower, &mut builder, chunks);
            }
        }
        return Kind::Text(builder.finish(lower.span(start..start).start as usize));
    }
    let literal = tokens.iter().any(|token| matches!(token, Token::Literal(_)));
    let mut tokens = tokens.into_iter().peekable();
    let mut parts = parts(lower, &mut tokens);
    // Only an interpolation that never had a neighbour is what stands in it, whatever its type; one
    // whose neighbour was trimmed away makes a string.
    if literal && matches!(parts.as_slice(), [TemplatePart::Interpolation(_)]) {
        let empty = SpanMapBuilder::new(lower.map.file());
        parts.push(TemplatePart::Text(empty.finish(lower.span(start..start).start as usize)));
    }
    expr_kind(Expr::Template(parts))
}

/// The parts up to the `else` or end of the enclosing directive.
fn parts(lower: &Lower<'_>, tokens: &mut Peekable<IntoIter<Token>>) -> Vec<TemplatePart> {
    let mut parts = Vec::new();
    let mut text = SpanMapBuilder::new(lower.map.file());
    loop {
        if let Some(Token::Literal(chunks)) = tokens.peek() {
            append(lower, &mut text, chunks);
            tokens.next();
            continue;
        }
        if !text.is_empty() {
            let done = std::mem::replace(&mut text, SpanMapBuilder::new(lower.map.file()));
            parts.push(TemplatePart::Text(done.finish(0)));
        }
        if let None
        | Some(Token::Sequence(Sequence::Else | Sequence::EndIf | Sequence::EndFor, _)) =
            tokens.peek()
        {
            return parts;
        }
        match tokens.next() {
            Some(Token::Sequence(Sequence::Interpolation(node), _)) => {
                parts.push(TemplatePart::Interpolation(node));
            }
            Some(Token::Sequence(Sequence::If(cond), _)) => {
                let yes = self::parts(lower, tokens);
                let no = match tokens.next() {
                    Some(Token::Sequence(Sequence::Else, _)) => {
                        let no = self::parts(lower, tokens);
                        tokens.next();
                        no
                    }
                    _ => Vec::new(),
                };
                parts.push(TemplatePart::If(cond, yes, no));
            }
            Some(Token::Sequence(Sequence::For(key, value, collection), _)) => {
                let body = self::parts(lower, tokens);
                tokens.next();
                parts.push(TemplatePart::For {
                    key_name: key.map(|name| (*name).into()),
                    value_name: (*value).into(),
                    collection,
                    body,
                });
            }
            _ => return parts,
        }
    }
}
