//! One line of a file, cut to a window around its marks and made safe to print.
//!
//! Work and output are bounded by the window, not by the line: a policy may be one line of two
//! megabytes, and a mark may lie past column 65,535, where the diagnostics library's own column
//! arithmetic ends.

use std::ops::Range;

use crate::source::escape;

/// What stands for text that was cut off.
const CUT: char = '…';

/// The fewest columns of a label's text, however far to the right it hangs.
pub(super) const LABEL: usize = 16;

/// The columns that a label takes at least behind the middle of its mark, its hook included.
const HANG: usize = LABEL + 5;

/// The columns of a tab.
const TAB: usize = 4;

/// A printable stretch of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// The text: no control characters, no line end.
    pub text: String,
    /// Where each mark lies in `text`, in bytes, in the order of the marks handed in. A mark that
    /// the window cuts is shorter than it was.
    pub marks: Vec<Range<usize>>,
}

/// How many columns a character takes at most, printed after `column` others. Wide characters take
/// two; telling them from the rest is not worth a table here, since only the budget hangs on it.
fn columns(c: char, column: usize) -> usize {
    match c {
        '\t' => TAB - column % TAB,
        ' '..='~' => 1,
        c => escape(c.encode_utf8(&mut [0; 4]))
            .chars()
            .map(|e| if e.is_ascii() { 1 } else { 2 })
            .sum(),
    }
}

/// How many columns `text` takes, counted no further than `limit`.
pub(super) fn width(text: &str, limit: usize) -> usize {
    let mut total = 0;
    for c in text.chars() {
        total += columns(c, total);
        if total > limit {
            return total;
        }
    }
    total
}

/// The window of `line` that is at most `budget` columns wide and shows `marks` (byte ranges of
/// `line` on character boundaries, sorted). Without marks it shows the start of the line.
pub(super) fn window(line: &str, marks: &[Range<usize>], budget: usize) -> Window {
    let budget = budget.max(8);
    let start = start_of_window(line, marks, budget);
    let mut out = String::new();
    let mut column = 0;
    let mut places = vec![None; marks.len()];
    let mut ends: Vec<Option<usize>> = vec![None; marks.len()];
    if start > 0 {
        out.push(CUT);
        column += 2;
    }
    let rest = line.get(start..).unwrap_or("");
    let mut cut = false;
    for (at, c) in rest.char_indices().map(|(at, c)| (start + at, c)) {
        note(marks, at, out.len(), &mut places, &mut ends);
        let wide = columns(c, column);
        // Room is kept for the sign that something follows.
        if column + wide > budget.saturating_sub(2) && has_more(rest, at - start, budget - column) {
            cut = true;
            break;
        }
        match c {
            '\t' => out.extend(std::iter::repeat_n(' ', wide)),
            c => out.push_str(&escape(c.encode_utf8(&mut [0; 4]))),
        }
        column += wide;
    }
    if !cut {
        note(marks, line.len(), out.len(), &mut places, &mut ends);
    }
    let end = out.len();
    if cut {
        out.push(CUT);
    }
    let marks = places
        .into_iter()
        .zip(ends)
        .map(|(from, to)| from.unwrap_or(end)..to.unwrap_or(end).max(from.unwrap_or(end)))
        .collect();
    Window { text: out, marks }
}

/// Whether `rest` from `at` on takes more than `room` columns.
fn has_more(rest: &str, at: usize, room: usize) -> bool {
    width(rest.get(at..).unwrap_or(""), room) > room
}

/// Writes down which marks begin or end at byte `at`.
fn note(
    marks: &[Range<usize>],
    at: usize,
    out: usize,
    places: &mut [Option<usize>],
    ends: &mut [Option<usize>],
) {
    for (index, mark) in marks.iter().enumerate() {
        if places[index].is_none() && mark.start <= at {
            places[index] = Some(out);
        }
        if ends[index].is_none() && mark.end <= at {
            ends[index] = Some(out);
        }
    }
}

/// The byte at which the window begins: the start of the line where everything up to the last mark
/// fits, and the label that hangs from its middle, else a quarter of the budget before the first mark.
fn start_of_window(line: &str, marks: &[Range<usize>], budget: usize) -> usize {
    let Some((first, last)) = marks.first().zip(marks.last()) else { return 0 };
    let part = |range: Range<usize>| line.get(range).unwrap_or("");
    let before = width(part(0..last.start), budget);
    let mark = width(part(last.clone()), budget);
    if before + mark + 4 <= budget && before + mark / 2 + HANG <= budget {
        return 0;
    }
    let first = first.start;
    // Where even the marks alone do not fit, their beginning is what matters.
    let before = line.get(..first).unwrap_or("");
    let mut left = budget / 4;
    let mut start = first;
    for (at, c) in before.char_indices().rev() {
        let wide = columns(c, 0).min(TAB);
        if wide > left {
            break;
        }
        left -= wide;
        start = at;
    }
    start
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "one mark is one range")]
mod tests {
    use super::*;

    fn marked(window: &Window) -> Vec<&str> {
        window.marks.iter().map(|mark| &window.text[mark.clone()]).collect()
    }

    #[test]
    fn a_line_that_fits_is_whole() {
        let got = window("a \"*\" b", &[2..5], 40);
        assert_eq!(got.text, "a \"*\" b");
        assert_eq!(marked(&got), ["\"*\""]);
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let line = format!("{}\"*\"{}", "a".repeat(70_000), "b".repeat(70_000));
        let got = window(&line, &[70_000..70_003], 40);
        assert_eq!(marked(&got), ["\"*\""]);
        assert!(got.text.starts_with("…a") && got.text.ends_with("b…"), "{}", got.text);
        assert!(got.text.chars().count() <= 40, "{}", got.text);
    }

    #[test]
    fn a_label_at_the_right_margin_has_room_for_a_word() {
        let line = format!("{}\"*\"", "a".repeat(60));
        assert_eq!(window(&line, &[60..63], 90).text, line);
        let got = window(&line, &[60..63], 75);
        assert!(got.text.starts_with("…a"), "{}", got.text);
        assert!(got.marks[0].start + HANG <= 75, "{:?}", got.marks);
    }

    #[test]
    fn a_mark_longer_than_the_window_is_cut() {
        let line = "x".repeat(500);
        let got = window(&line, &[10..490], 40);
        assert_eq!(got.marks.len(), 1);
        assert!(got.text.ends_with("x…"));
        assert_eq!(got.marks[0].end, got.text.len() - '…'.len_utf8());
    }

    #[test]
    fn wide_characters_and_tabs_stay_within_the_budget() {
        let line = format!("\t{}\"*\"", "日本".repeat(100));
        let start = line.len() - 3;
        let got = window(&line, &[start..line.len()], 30);
        assert_eq!(marked(&got), ["\"*\""]);
        assert!(width(&got.text, 100) <= 30, "{}", got.text);
        let tabs = window("\tx\ty", &[3..4], 30);
        assert_eq!(tabs.text, "    x   y");
        assert_eq!(marked(&tabs), ["y"]);
    }

    #[test]
    fn control_characters_are_spelled_out_and_marks_move_along() {
        let got = window("\u{1b}[31m\u{202e}\"*\"", &[8..11], 60);
        assert_eq!(got.text, "\\u{1b}[31m\\u{202e}\"*\"");
        assert_eq!(marked(&got), ["\"*\""]);
    }

    #[test]
    fn marks_at_the_end_are_empty_ranges() {
        let got = window("abc", &[3..3], 20);
        assert_eq!(got.marks, [3..3]);
        assert_eq!(window("", &[0..0], 20).marks, [0..0]);
    }
}
