//! How reading goes on where a bracket has no partner.
//!
//! Reading goes on at the next line that is indented no deeper than the broken item and looks like
//! an item, or closes a block around it. A well-formed file is never judged by its indentation: it
//! is asked only when the end of something is missing. What that costs is paid from [`Work`]
//! (and a block is cut once, see `Parser::cuts`), so that nested broken blocks are not read again and
//! again.
//!
//! [`Work`]: super::work::Work

use super::message;
use super::scan::{self, Fault};
use super::structure::Parser;

impl Parser<'_> {
    /// Where reading can go on when the item that starts at `from` has no end. `reached` is how far
    /// the item was scanned in vain.
    pub(super) fn resync(&mut self, from: usize, reached: usize) -> usize {
        let limit = self.limit;
        let bytes = self.text.as_bytes().get(..limit).unwrap_or_default();
        let start = memchr::memrchr(b'\n', bytes.get(..from).unwrap_or_default());
        let indent = indent(bytes.get(start.map_or(0, |n| n + 1)..).unwrap_or_default());
        let is_block = bytes.get(from) == Some(&b'{');
        let mut line = from;
        let found = loop {
            let rest = bytes.get(line..).unwrap_or_default();
            let Some(newline) = memchr::memchr(b'\n', rest) else { break limit };
            line += newline + 1;
            let rest = bytes.get(line..).unwrap_or_default();
            let depth = self::indent(rest);
            let rest = rest.get(depth..).unwrap_or_default();
            let closes = rest.first() == Some(&b'}') && (depth < indent || is_block);
            if depth <= indent && (closes || looks_like_item(rest)) {
                break line;
            }
        };
        if self.work.scan_again(reached.max(found).saturating_sub(from)) {
            return found;
        }
        self.at = found;
        self.give_up();
        limit
    }

    /// Says that nothing more is read, and ends all bodies.
    pub(super) fn give_up(&mut self) {
        if !self.gave_up {
            let message = "reading stops here: the rest of the text is not read".to_owned();
            self.error(self.at..self.at, message, None);
        }
        self.gave_up = true;
    }

    /// Records a fault.
    pub(super) fn fault(&mut self, fault: &Fault) {
        let (range, message, help) = message::fault(self.text, fault);
        let message = format!("{message}{}", self.place());
        self.error(range, message, help);
    }
}

fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

/// Whether a line starts as `name =`, `name {` or `name "label" {` does.
fn looks_like_item(line: &[u8]) -> bool {
    let end = scan::line_end(line, 0);
    let Some(mut rest) = line.get(..end) else { return false };
    if !rest.first().copied().is_some_and(scan::is_word_start) {
        return false;
    }
    let mut words = 0;
    loop {
        rest = rest.trim_ascii_start();
        match rest {
            [b'=', b'=' | b'>', ..] => return false,
            [b'=', ..] => return words == 1,
            [b'{', ..] => return words > 0,
            [b'"', tail @ ..] => {
                let Some(close) = memchr::memchr(b'"', tail) else { return false };
                rest = tail.get(close + 1..).unwrap_or_default();
            }
            [first, ..] if scan::is_word_start(*first) => {
                let len = rest.iter().take_while(|&&b| scan::is_word(b)).count();
                rest = rest.get(len..).unwrap_or_default();
            }
            _ => return false,
        }
        words += 1;
    }
}
