//! The modes of the scanner within strings, heredocs and bare templates.

use std::ops::Range;

use super::super::literal;
use super::bytes::{heredoc_marker, line_end};
use super::{Fault, Kind, Scan};

impl Scan<'_> {
    pub(super) fn quoted(&mut self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let next = rest.iter().position(|b| matches!(b, b'"' | b'\\' | b'$' | b'%' | b'\n'));
        self.at += next.unwrap_or(rest.len());
        match self.byte(self.at) {
            Some(b'"') => self.close(1),
            Some(b'\\') => {
                let rest = self.text.get(self.at..self.bytes.len()).unwrap_or_default();
                let (known, len) = literal::escape(rest);
                if known.is_none() {
                    self.extent.masks.push(self.at..self.at + 1);
                }
                self.at += if known.is_some() { len } else { 1 };
                true
            }
            Some(b'$' | b'%') => self.sigil(),
            _ => {
                let open = self.stack.last().map_or(self.at..self.at, |f| f.open.clone());
                self.fail(Fault::String { open })
            }
        }
    }

    pub(super) fn bare(&mut self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let next = memchr::memchr2(b'$', b'%', rest);
        self.at += next.unwrap_or(rest.len());
        if next.is_none() {
            self.extent.end = self.at;
            return false;
        }
        self.sigil()
    }

    /// `$` or `%` within a template.
    pub(super) fn sigil(&mut self) -> bool {
        let Some(sigil) = self.byte(self.at) else { return false };
        match (self.byte(self.at + 1), self.byte(self.at + 2)) {
            (Some(b'{'), third) => {
                let kind = if sigil == b'$' { Kind::Interpolation } else { Kind::Directive };
                if let Some(frame) = self.stack.last_mut() {
                    frame.line_start = false;
                }
                return self.push(kind, if third == Some(b'~') { 3 } else { 2 });
            }
            (Some(second), Some(b'{')) if second == sigil => self.at += 3,
            _ => self.at += 1,
        }
        true
    }

    pub(super) fn heredoc_start(&mut self) -> bool {
        let Some(marker) = heredoc_marker(self.text, self.bytes.len(), self.at) else {
            return self.take(1);
        };
        let line = memchr::memchr(b'\n', self.bytes.get(marker.end..).unwrap_or_default());
        let next = line.map_or(self.bytes.len(), |n| marker.end + n + 1);
        let kind = Kind::Heredoc { marker: marker.start, marker_end: marker.end };
        if !self.push(kind, marker.end - self.at) {
            return false;
        }
        self.at = next;
        true
    }

    /// The rest of a heredoc line: up to an interpolation, the line end or the end marker.
    pub(super) fn heredoc_line(&mut self, marker: Range<usize>) -> bool {
        let Some(frame) = self.stack.last_mut() else { return false };
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            let open = frame.open.clone();
            return self.fail(Fault::Heredoc { open });
        }
        if frame.line_start {
            frame.line_start = false;
            let marker = self.text.get(marker).unwrap_or_default();
            let line = self.at..line_end(self.bytes, self.at);
            let text = self.text.get(line.clone()).unwrap_or_default();
            let word = text.trim_start();
            if word.starts_with(marker) {
                let start = line.end - word.len();
                let end = start + marker.len();
                if word.trim_end() == marker {
                    self.extent.blanks.push(line.start..start);
                    self.extent.blanks.push(end..line.end);
                    self.at = end;
                    self.close(0);
                    self.at = line.end;
                    return true;
                }
                self.extent.masks.push(start..end);
            }
        }
        match memchr::memchr3(b'$', b'%', b'\n', rest) {
            None => {
                self.at = self.bytes.len();
                true
            }
            Some(offset) => {
                self.at += offset;
                if self.byte(self.at) != Some(b'\n') {
                    return self.sigil();
                }
                self.at += 1;
                if let Some(frame) = self.stack.last_mut() {
                    frame.line_start = true;
                }
                true
            }
        }
    }
}
