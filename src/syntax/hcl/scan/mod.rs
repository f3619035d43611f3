//! The lexical scanner: finds where an expression ends without understanding it.
//!
//! It knows strings with nested interpolations, heredocs, comments and brackets, works in one pass
//! with an explicit stack, and so neither recurses nor slows down on hostile text. On the way it
//! notes the comments, what `hcl-edit` has to be shielded from (see [`Extent::blanks`] and
//! [`Extent::masks`]) and how dear the objects would be to parse.
//!
//! Follows `hclsyntax/scan_tokens.rl` of hashicorp/hcl. It builds no tree and reports no errors.

use std::ops::Range;

mod bytes;
mod strings;

pub(super) use bytes::{block_comment_end, is_word, is_word_start, line_end};

/// What the scanner found out about one expression.
#[derive(Debug, Default)]
pub(super) struct Extent {
    /// The first token; where the scan began when there is none.
    pub(super) start: usize,
    /// Behind the last token; where the scan began when there is none.
    pub(super) end: usize,
    /// Where the scan stopped: the end of the text, a line end, or a `,`, `)`, `]` or `}` that
    /// belongs to no bracket of the expression.
    pub(super) stop: usize,
    /// What means nothing, but not everywhere to `hcl-edit`: comments, line ends within brackets
    /// other than the braces of an object, and unusual blanks around the end marker of a heredoc.
    pub(super) blanks: Vec<Range<usize>>,
    /// What `hcl-edit` would take for something else: words in heredocs that begin like the end
    /// marker, backslashes that begin no escape.
    pub(super) masks: Vec<Range<usize>>,
    /// Comments, in order.
    pub(super) comments: Vec<Range<usize>>,
    /// How many units of work the object keys cost, see [`super::work`].
    pub(super) key_cost: u64,
    /// Why the end could not be found; `stop` is then where that became clear.
    pub(super) fault: Option<Fault>,
}

/// A bracket or quote without its partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Opened here and never closed.
    Unclosed {
        /// The opening token.
        open: Range<usize>,
    },
    /// Closed by the wrong bracket.
    Mismatch {
        /// The opening token.
        open: Range<usize>,
        /// Offset of the closing byte.
        close: usize,
    },
    /// A quoted string that does not end on its line.
    String {
        /// The quote.
        open: Range<usize>,
    },
    /// A heredoc without its end marker.
    Heredoc {
        /// From `<<` to the marker.
        open: Range<usize>,
    },
    /// A `/*` without `*/`.
    Comment {
        /// The two bytes.
        open: Range<usize>,
    },
    /// Brackets and quotes deeper than [`MAX_DEPTH`].
    Depth {
        /// The opening token.
        open: Range<usize>,
    },
}

/// Far above the 64 levels that `hcl-edit` takes; bounds the memory for the stack.
const MAX_DEPTH: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paren,
    Bracket,
    Brace,
    Interpolation,
    Directive,
    Quote,
    Heredoc { marker: usize, marker_end: usize },
    Bare,
}

#[derive(Debug)]
struct Frame {
    kind: Kind,
    open: Range<usize>,
    /// No token was seen within yet.
    fresh: bool,
    /// A `for` expression, where line ends mean nothing.
    is_for: bool,
    /// The scan stands at the start of a heredoc line.
    line_start: bool,
    keys: u64,
    key_bytes: u64,
    /// Start of the current object item, until its `=` or `:` was seen.
    item: Option<usize>,
    in_value: bool,
}

impl Frame {
    fn new(kind: Kind, open: Range<usize>) -> Self {
        Self {
            kind,
            open,
            fresh: true,
            is_for: false,
            line_start: true,
            keys: 0,
            key_bytes: 0,
            item: None,
            in_value: false,
        }
    }

    fn ignores_newlines(&self) -> bool {
        self.is_for || self.kind != Kind::Brace
    }
}

/// Scans the expression that starts at `start` and reaches no further than `limit`. Outside of
/// brackets it ends at a line end.
pub(super) fn expression(text: &str, start: usize, limit: usize) -> Extent {
    run(text, start, limit, Vec::new(), false)
}

/// Scans a whole standalone expression, in which line ends mean nothing outside of brackets.
pub(super) fn standalone(text: &str) -> Extent {
    run(text, 0, text.len(), Vec::new(), true)
}

/// Scans a whole template without quotes around it.
pub(super) fn template(text: &str) -> Extent {
    run(text, 0, text.len(), vec![Frame::new(Kind::Bare, 0..0)], false)
}

fn run(text: &str, start: usize, limit: usize, stack: Vec<Frame>, multiline: bool) -> Extent {
    let limit = limit.min(text.len());
    let extent = Extent { start, end: start, stop: start, ..Extent::default() };
    let bytes = text.as_bytes().get(..limit).unwrap_or_default();
    let mut scan = Scan { text, bytes, at: start.min(limit), stack, extent, multiline };
    while scan.step() {}
    scan.extent.stop = scan.at;
    scan.extent
}

struct Scan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    stack: Vec<Frame>,
    extent: Extent,
    multiline: bool,
}

impl Scan<'_> {
    fn byte(&self, offset: usize) -> Option<u8> {
        self.bytes.get(offset).copied()
    }

    fn starts_with(&self, token: &[u8]) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(token))
    }

    /// One token; `false` ends the scan.
    fn step(&mut self) -> bool {
        match self.stack.last().map(|frame| frame.kind) {
            Some(Kind::Quote) => self.quoted(),
            Some(Kind::Heredoc { marker, marker_end }) => self.heredoc_line(marker..marker_end),
            Some(Kind::Bare) => self.bare(),
            _ => self.code(),
        }
    }

    fn fail(&mut self, fault: Fault) -> bool {
        self.extent.fault = Some(fault);
        false
    }

    fn push(&mut self, kind: Kind, len: usize) -> bool {
        self.touch();
        let open = self.at..self.at + len;
        if self.stack.len() >= MAX_DEPTH {
            return self.fail(Fault::Depth { open });
        }
        self.at += len;
        self.stack.push(Frame::new(kind, open));
        true
    }

    /// A token begins: notes it for the innermost bracket.
    fn touch(&mut self) {
        let at = self.at;
        if self.stack.is_empty() && self.extent.end == self.extent.start {
            self.extent.start = at;
            self.extent.end = at;
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.fresh = false;
            if !frame.in_value {
                frame.item.get_or_insert(at);
            }
        }
    }

    /// Consumes a token of `len` bytes.
    fn take(&mut self, len: usize) -> bool {
        self.touch();
        self.at += len;
        self.extent.end = self.at;
        true
    }

    fn close(&mut self, len: usize) -> bool {
        if let Some(frame) = self.stack.pop()
            && !frame.is_for
        {
            let cost = frame.keys.saturating_mul(16 * frame.keys + frame.key_bytes);
            self.extent.key_cost = self.extent.key_cost.saturating_add(cost);
        }
        self.at += len;
        self.extent.end = self.at;
        true
    }

    fn code(&mut self) -> bool {
        let Some(byte) = self.byte(self.at) else {
            return match self.stack.last() {
                Some(frame) => {
                    let open = frame.open.clone();
                    self.fail(Fault::Unclosed { open })
                }
                None => false,
            };
        };
        match byte {
            b' ' | b'\t' | b'\r' => {
                self.at += 1;
                true
            }
            b'\n' => self.newline(),
            b'#' => self.line_comment(),
            b'/' if self.starts_with(b"//") => self.line_comment(),
            b'/' if self.starts_with(b"/*") => self.block_comment(),
            b'"' => self.push(Kind::Quote, 1),
            b'(' => self.push(Kind::Paren, 1),
            b'[' => self.push(Kind::Bracket, 1),
            b'{' => self.push(Kind::Brace, 1),
            b')' | b']' | b'}' => self.closer(byte),
            b'<' if self.starts_with(b"<<") => self.heredoc_start(),
            b',' => match self.stack.last_mut() {
                None => false,
                Some(frame) => {
                    frame.item = None;
                    frame.in_value = false;
                    self.at += 1;
                    self.extent.end = self.at;
                    true
                }
            },
            b'=' | b':' => self.separator(byte),
            b'!' | b'<' | b'>' if self.byte(self.at + 1) == Some(b'=') => self.take(2),
            _ if is_word(byte) => self.word(),
            _ => self.take(1),
        }
    }

    fn closer(&mut self, byte: u8) -> bool {
        let Some(frame) = self.stack.last() else { return false };
        let fits = match frame.kind {
            Kind::Paren => byte == b')',
            Kind::Bracket => byte == b']',
            _ => byte == b'}',
        };
        if fits {
            return self.close(1);
        }
        let open = frame.open.clone();
        let close = self.at;
        self.fail(Fault::Mismatch { open, close })
    }

    fn newline(&mut self) -> bool {
        let start = if self.at > 0 && self.byte(self.at - 1) == Some(b'\r') {
            self.at - 1
        } else {
            self.at
        };
        match self.stack.last_mut() {
            None if self.multiline => self.extent.blanks.push(start..self.at + 1),
            None => return false,
            Some(frame) if frame.ignores_newlines() => {
                self.extent.blanks.push(start..self.at + 1);
            }
            Some(frame) => {
                frame.item = None;
                frame.in_value = false;
            }
        }
        self.at += 1;
        true
    }

    fn line_comment(&mut self) -> bool {
        let start = self.at;
        self.at = line_end(self.bytes, start);
        self.extent.comments.push(start..self.at);
        true
    }

    fn block_comment(&mut self) -> bool {
        let start = self.at;
        let Some(end) = block_comment_end(self.bytes, start) else {
            return self.fail(Fault::Comment { open: start..start + 2 });
        };
        self.extent.comments.push(start..end);
        self.at = end;
        true
    }

    /// `=` or `:`: the first one of an object item ends its key.
    fn separator(&mut self, byte: u8) -> bool {
        if byte == b'='
            && let Some(b'=' | b'>') = self.byte(self.at + 1)
        {
            return self.take(2);
        }
        let at = self.at;
        if let Some(frame) = self.stack.last_mut()
            && frame.kind == Kind::Brace
            && !frame.in_value
        {
            frame.keys += 1;
            let key = at.saturating_sub(frame.item.unwrap_or(at));
            frame.key_bytes = frame.key_bytes.saturating_add(key as u64);
            frame.in_value = true;
        }
        self.at += 1;
        self.extent.end = self.at;
        true
    }

    fn word(&mut self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let len = rest.iter().position(|&b| !is_word(b)).unwrap_or(rest.len());
        let is_for = rest.get(..len) == Some(b"for");
        if is_for
            && let Some(frame) = self.stack.last_mut()
            && frame.fresh
            && matches!(frame.kind, Kind::Bracket | Kind::Brace)
        {
            frame.is_for = true;
        }
        self.take(len)
    }
}

/// The key of an object item that starts at `start`: ends before its `=` or `:`.
pub(super) fn key_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut scan = Scan {
        text,
        bytes,
        at: start,
        stack: Vec::new(),
        extent: Extent { end: start, ..Extent::default() },
        multiline: false,
    };
    let mut questions = 0usize;
    loop {
        if scan.stack.is_empty() {
            match (scan.byte(scan.at), scan.byte(scan.at + 1)) {
                (Some(b'='), Some(b'=' | b'>')) => {}
                (Some(b'='), _) => break,
                (Some(b':'), _) if questions == 0 => break,
                (Some(b':'), _) => questions -= 1,
                (Some(b'?'), _) => questions += 1,
                _ => {}
            }
        }
        if !scan.step() {
            break;
        }
    }
    scan.extent.end
}
