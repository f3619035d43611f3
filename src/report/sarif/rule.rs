//! Rules as reporting descriptors, with their pages as help.

use super::object::{Configuration, Descriptor, Help, Message, RuleProperties};
use crate::finding::Severity;
use crate::rules::{Meta, metas};

/// Where a rule stands in the list of the driver.
pub(super) fn index(id: &str) -> Option<usize> {
    metas().position(|meta| meta.id == id)
}

/// A rule in SARIF's words.
pub(super) fn descriptor(meta: &Meta) -> Descriptor {
    let what = section(meta.doc, "What it does");
    // The first paragraph; where a list follows, it ends with a colon.
    let what = what.split("\n\n").next().unwrap_or("").trim_end_matches(':');
    let what = if what.is_empty() { meta.summary } else { what };
    let fix = section(meta.doc, "How to fix");
    Descriptor {
        id: meta.id,
        // The standard refuses a name that says no more than the id.
        name: Some(pascal(meta.id)).filter(|name| !name.eq_ignore_ascii_case(meta.id)),
        short_description: Message::plain(meta.summary),
        full_description: Message::plain(what),
        default_configuration: Configuration { level: level(meta.severity) },
        help: Help {
            text: if fix.is_empty() { meta.summary } else { fix }.to_owned(),
            markdown: page(meta.doc),
        },
        properties: RuleProperties {
            tags: &["security", "aws", "api-gateway", "resource-policy"],
            precision: "high",
            security_severity: security_severity(meta.severity),
        },
    }
}

/// SARIF knows three levels.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// A score in the middle of the band in which GitHub shows that severity (above 9.0 critical, from
/// 7.0 high, from 4.0 medium, from 0.1 low; it has no band for what is only worth knowing).
pub(super) fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.5",
    }
}

/// `wildcard-principal` as `WildcardPrincipal`.
fn pascal(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for word in id.split('-') {
        let mut chars = word.chars();
        out.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out
}

/// The text below the heading `## title`, up to the next one.
fn section<'a>(doc: &'a str, title: &str) -> &'a str {
    let heading = format!("## {title}\n");
    let start = doc.match_indices(&heading).find(|(at, _)| *at == 0 || doc[..*at].ends_with('\n'));
    let rest = start.map_or("", |(at, _)| &doc[at + heading.len()..]);
    rest.split("\n## ").next().unwrap_or("").trim()
}

/// The page of a rule. What stands behind the language of a fenced example is for the tests.
fn page(doc: &str) -> String {
    let mut out = String::with_capacity(doc.len());
    for line in doc.lines() {
        let line = match line.starts_with("```") {
            true => line.split(',').next().unwrap_or(line),
            false => line,
        };
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_in_parts() {
        let doc = "# a-rule\n\n## What it does\n\nOne.\n\nTwo.\n\n## How to fix\n\nDo.\n\n```yaml,fires\nx\n```\n";
        assert_eq!(section(doc, "What it does"), "One.\n\nTwo.");
        assert_eq!(section(doc, "How to fix"), "Do.\n\n```yaml,fires\nx\n```");
        assert_eq!(section(doc, "None"), "");
        assert!(page(doc).ends_with("Do.\n\n```yaml\nx\n```\n"), "{}", page(doc));
    }

    #[test]
    fn every_rule_is_whole() {
        for (at, meta) in metas().enumerate() {
            let made = descriptor(meta);
            assert_eq!(index(meta.id), Some(at));
            assert!(made.name.is_some() || !meta.id.contains('-'), "{}", meta.id);
            assert!(!section(meta.doc, "How to fix").is_empty(), "{}", meta.id);
            assert!(!section(meta.doc, "What it does").is_empty(), "{}", meta.id);
            assert!(!made.help.markdown.contains(",fires"), "{}", meta.id);
            // The limits of code scanning.
            assert!(made.name.is_none_or(|name| name.len() <= 255), "{}", meta.id);
            for text in [&made.short_description.text, &made.full_description.text] {
                assert!((1..=1024).contains(&text.chars().count()), "{}", meta.id);
            }
            assert!(!made.help.text.is_empty() && made.properties.tags.len() <= 10, "{}", meta.id);
        }
        assert_eq!(pascal("wildcard-principal"), "WildcardPrincipal");
    }

    #[test]
    fn scores_lie_in_githubs_bands() {
        let score = |severity| security_severity(severity).parse::<f64>().expect("a number");
        assert!(score(Severity::Critical) > 9.0);
        assert!((7.0..9.0).contains(&score(Severity::High)));
        assert!((4.0..7.0).contains(&score(Severity::Medium)));
        assert!((0.1..4.0).contains(&score(Severity::Low)));
        assert!((0.1..4.0).contains(&score(Severity::Info)));
    }
}
