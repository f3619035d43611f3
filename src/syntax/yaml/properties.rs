//! The YAML adapter against texts that nobody would write, and values against ways to write them.

use proptest::prelude::*;

use super::*;
use crate::syntax::{Kind, Node};

/// Asserts that every span lies on character boundaries, that children lie inside their parents
/// (without aliases), and that each character of each text maps to itself, to an escape, or to
/// blanks that were folded.
fn holds(source: &str, node: &Node, within: Option<&Node>) {
    let range = node.span.range();
    assert!(source.get(range.clone()).is_some(), "{range:?} of {source:?}");
    if let Some(within) = within {
        assert!(within.span.contains(node.span), "{range:?} in {:?} of {source:?}", within.span);
    }
    let within = within.map(|_| node);
    match &node.kind {
        Kind::Text(text) => {
            let mut last = 0;
            for (at, c) in text.text.char_indices() {
                let range = text.map.span(at..at + c.len_utf8()).range();
                assert!(range.start >= last, "{range:?} of {source:?}");
                last = range.start;
                let token = source.get(range.clone()).expect("character boundaries");
                let folded = (c == ' ' || c == '\n') && token.trim().is_empty();
                let escape = token.starts_with('\\') || token == "''";
                assert!(token == c.to_string() || folded || escape, "{c:?} from {token:?}");
            }
        }
        Kind::List(items) => items.iter().for_each(|item| holds(source, item, within)),
        Kind::Map(pairs) => {
            for pair in pairs.iter() {
                holds(source, &pair.key, within);
                holds(source, &pair.value, within);
            }
        }
        Kind::Tagged(tag) => {
            assert!(source[tag.span.range()].starts_with('!'));
            holds(source, &tag.value, within);
        }
        _ => {}
    }
}

fn checked(source: &str) -> Document {
    let document = parse_file(FileId(1), source);
    let aliases = source.contains('*') || source.contains("<<");
    for root in &document.roots {
        holds(source, root, (!aliases).then_some(root));
    }
    for error in &document.errors {
        assert!(source.get(error.span.range()).is_some());
    }
    for comment in &document.comments {
        assert!(source[comment.span.range()].starts_with('#'));
    }
    document
}

/// A text as a double-quoted scalar; `choices` decides what is escaped and where lines break.
fn double(text: &str, choices: &[u8]) -> String {
    let mut out = "\"".to_owned();
    for (c, choice) in text.chars().zip(choices.iter().cycle()) {
        if choice % 7 == 1 {
            out.push_str("\\\n     ");
            if c == ' ' {
                out.push_str("\\ ");
                continue;
            }
        }
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' if choice % 2 == 0 => out.push_str("\\n"),
            _ if choice % 5 == 1 => out.push_str(&format!("\\U{:08X}", u32::from(c))),
            'a'..='z' | ' ' | 'é' => out.push(c),
            _ => out.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    out + "\""
}

/// A text of lines in a style that keeps them.
fn lines() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-zé😀{}\"':,#-]{1,3}( {0,2}[a-z\"'#é]{1,3}){0,3}", 1..6)
}

fn indented(lines: &[String], indent: usize, gaps: &[u8], ending: &str) -> String {
    let mut out = String::new();
    for (line, gap) in lines.iter().zip(gaps.iter().cycle()) {
        out.push_str(&ending.repeat(usize::from(gap % 3)));
        out.push_str(&format!("{}{line}{ending}", " ".repeat(indent)));
    }
    out
}

fn value_of(document: &Document) -> String {
    let root = document.roots.first().expect("a root");
    let node = root.get("k").expect("the key");
    let node = if let Kind::Tagged(tag) = &node.kind { &tag.value } else { node };
    node.as_text().expect("a text").text.to_string()
}

proptest! {
    #[test]
    fn any_text_is_read(
        parts in prop::collection::vec(
            prop_oneof![
                Just("\n"), Just("\n  "), Just("\n    "), Just("\r\n "), Just(" "), Just("- "), Just("? "),
                Just("k: "), Just("é: "), Just(": "), Just("|"), Just(">"), Just("+"), Just("-"), Just("2"),
                Just("'"), Just("''"), Just("\""), Just("\\"), Just("\\n"), Just("["), Just("]"),
                Just("{"), Just("}"), Just(", "), Just("#"), Just(" # c\n"), Just("&a "), Just("*a"),
                Just("!Sub "), Just("!!str "), Just("!"), Just("---"), Just("...\n"), Just("\t"), Just("<<: "),
                Just("x"), Just("😀"), Just("\u{feff}"), Just("%YAML 1.1\n"), Just("@"), Just("\r"),
                Just("\u{85}"), Just("\u{2028}"), Just("\u{1}"), Just("~"), Just("\\\n"), Just("word word"),
            ],
            0..24,
        ),
    ) {
        checked(&parts.concat());
    }

    #[test]
    fn any_string_is_read(text in any::<String>()) {
        checked(&text);
    }

    #[test]
    fn double_quoted_text_is_decoded(
        text in "[a-z \né\"\\\\😀\u{7}\u{85}]{0,20}",
        choices in prop::collection::vec(any::<u8>(), 1..8),
        tagged in any::<bool>(),
    ) {
        let tag = if tagged { "!Sub " } else { "" };
        let document = checked(&format!("a: 1\nk: {tag}{}\nz: 2\n", double(&text, &choices)));
        prop_assert_eq!(&document.errors, &[]);
        prop_assert_eq!(value_of(&document), text);
    }

    #[test]
    fn literal_text_is_decoded(
        lines in lines(),
        gaps in prop::collection::vec(any::<u8>(), 1..6),
        indent in 1..5usize,
        crlf in any::<bool>(),
        tail in 0..3usize,
        chomp in 0..3usize,
        at_end in any::<bool>(),
    ) {
        let ending = if crlf { "\r\n" } else { "\n" };
        let body = indented(&lines, indent, &gaps, ending);
        let header = ["|", "|-", "|+"][chomp];
        let rest = if at_end { String::new() } else { format!("z: 2{ending}") };
        let source = format!("k: {header}{ending}{body}{}{rest}", ending.repeat(tail));
        let document = checked(&source);
        prop_assert_eq!(&document.errors, &[], "{}", source);
        let mut expected = indented(&lines, 0, &gaps, "\n");
        match chomp {
            1 => expected.truncate(expected.len() - 1),
            2 => expected.push_str(&"\n".repeat(tail)),
            _ => {}
        }
        prop_assert_eq!(value_of(&document), expected, "{}", source);
    }

    #[test]
    fn folded_text_is_decoded(
        lines in lines(),
        gaps in prop::collection::vec(any::<u8>(), 1..6),
        style in 0..3usize,
    ) {
        // Words only: no style needs quotes, and no line is more indented.
        let lines: Vec<String> = lines
            .iter()
            .map(|line| line.chars().filter(|c| c.is_alphabetic() || *c == ' ').collect::<String>())
            .map(|line| format!("w{}", line.trim()))
            .collect();
        let gaps: Vec<u8> = gaps.iter().map(|gap| gap % 3).collect();
        let body = indented(&lines, 3, &gaps, "\n");
        let first = body.len() - body.trim_start_matches('\n').len();
        let body = &body[first..];
        let source = match style {
            0 => format!("k: >-\n{body}"),
            1 => format!("k: {}", body.trim_start()),
            _ => format!("k: '{}'", body.trim()),
        };
        let document = checked(&source);
        prop_assert_eq!(&document.errors, &[], "{}", source);
        let mut expected = lines[0].clone();
        for (line, gap) in lines.iter().zip(gaps.iter().cycle()).skip(1) {
            expected.push_str(&if *gap == 0 { " ".into() } else { "\n".repeat(usize::from(*gap)) });
            expected.push_str(line);
        }
        prop_assert_eq!(value_of(&document), expected, "{}", source);
    }
}
