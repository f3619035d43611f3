//! What a suppression says: `gatelint: ignore[rule, rule] until 2027-01-31 -- reason` (CONTRACT 7),
//! and the same as `{rule, reason, until}`.

use crate::config::day_end;
use crate::source::did_you_mean;
use crate::syntax::{Kind, Node};

/// A suppression that is well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parsed {
    /// The ids, each once.
    pub(super) rules: Vec<String>,
    /// The last day that counts, and the first second (since 1970 UTC) behind it.
    pub(super) until: Option<(String, i64)>,
    /// Why.
    pub(super) reason: String,
}

/// What is wrong with a suppression, and what to do.
pub(super) type Wrong = (String, String);

const FORM: &str = "write `gatelint: ignore[rule] -- reason`";

/// Reads a comment without its marker. `None`: it only begins like one, and is prose.
///
/// # Errors
/// The first thing that is wrong with it.
pub(super) fn comment(text: &str, known: &[&str]) -> Option<Result<Parsed, Wrong>> {
    let rest = text.get("gatelint".len()..)?;
    let Some(rest) = rest.trim_start().strip_prefix(':') else {
        // `gatelint ignore[...]` asks for something; `gatelint ignores this` does not.
        let near = rest.trim_start().strip_prefix("ignore").is_some_and(|r| r.starts_with('['));
        return near.then(|| wrong("no colon behind `gatelint`", FORM));
    };
    Some(directive(rest.trim(), known))
}

fn directive(text: &str, known: &[&str]) -> Result<Parsed, Wrong> {
    let verb: &str =
        text.split(|c: char| !c.is_ascii_alphabetic() && c != '-').next().unwrap_or("");
    if verb != "ignore" {
        return wrong(format!("`{}` is nothing that a comment can ask for", clip(verb)), FORM);
    }
    let rest = text.get(verb.len()..).unwrap_or("").trim_start();
    let Some((list, rest)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        return wrong("it names no rule", FORM);
    };
    let rules = rules(list.split(','), known)?;
    let (head, reason) = match rest.split_once("--") {
        Some((head, reason)) => (head.trim(), Some(reason.trim())),
        None => (rest.trim(), None),
    };
    let until = match head.strip_prefix("until") {
        _ if head.is_empty() => None,
        Some(day) if day.starts_with(' ') => Some(date(day.trim_start())?),
        _ => {
            let told = if reason.is_none() { ", and no reason behind `--`" } else { "" };
            return wrong(format!("`{}` stands behind the rules{told}", clip(head)), FORM);
        }
    };
    let reason = reason.filter(|reason| !reason.is_empty());
    match reason {
        Some(reason) => Ok(Parsed { rules, until, reason: reason.to_owned() }),
        None => wrong("it gives no reason", "say why this is right, behind ` -- `"),
    }
}

/// Reads an entry of `Metadata.gatelint.ignore`.
///
/// # Errors
/// The first thing that is wrong with it.
pub(super) fn entry(node: &Node, known: &[&str]) -> Result<Parsed, Wrong> {
    const HELP: &str = "write `gatelint: {ignore: [{rule: ..., reason: ...}]}`";
    let Kind::Map(pairs) = &node.kind else {
        return wrong("it is no entry with `rule` and `reason`", HELP);
    };
    for pair in pairs.iter() {
        let key = pair.key.scalar().unwrap_or_default();
        const KEYS: [&str; 3] = ["rule", "reason", "until"];
        if !KEYS.contains(&&*key) {
            let help = did_you_mean(&key, KEYS)
                .map_or_else(|| HELP.to_owned(), |near| format!("did you mean `{near}`?"));
            return wrong(format!("`{}` is none of its keys", clip(&key)), &help);
        }
    }
    let text = |key: &str| node.get(key).and_then(Node::scalar).filter(|t| !t.trim().is_empty());
    let Some(rule) = text("rule") else { return wrong("it names no rule", HELP) };
    let rules = rules([&*rule].into_iter(), known)?;
    let until = match (node.get("until"), text("until")) {
        (None, _) => None,
        (Some(_), Some(day)) => Some(date(&day)?),
        (Some(_), None) => return wrong("its `until` is no date", "a day, as YYYY-MM-DD"),
    };
    match text("reason") {
        Some(reason) => Ok(Parsed { rules, until, reason: reason.trim().to_owned() }),
        None => wrong("it gives no reason", "say why this is right, as `reason`"),
    }
}

fn rules<'t>(list: impl Iterator<Item = &'t str>, known: &[&str]) -> Result<Vec<String>, Wrong> {
    let mut out: Vec<String> = Vec::new();
    for id in list.map(str::trim) {
        if id.is_empty() {
            return wrong("it names no rule", FORM);
        }
        if super::OWN.contains(&id) {
            let help = "mend the suppression; to silence the rule, use --ignore";
            return wrong(format!("`{id}` is about suppressions, and cannot be suppressed"), help);
        }
        if !known.contains(&id) {
            let help = match did_you_mean(id, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`gatelint rules` lists the rules".to_owned(),
            };
            return wrong(format!("there is no rule `{}`", clip(id)), &help);
        }
        if !out.iter().any(|other| other == id) {
            out.push(id.to_owned());
        }
    }
    Ok(out)
}

fn date(text: &str) -> Result<(String, i64), Wrong> {
    match day_end(text) {
        Some(end) => Ok((text.to_owned(), end)),
        None => wrong(
            format!("`{}` is not a date", clip(text)),
            "a day that exists, as YYYY-MM-DD: the last one that counts",
        ),
    }
}

fn wrong<T>(what: impl Into<String>, help: &str) -> Result<T, Wrong> {
    Err((what.into(), help.to_owned()))
}

/// A word of a template, short enough for a message.
fn clip(text: &str) -> String {
    const MAX: usize = 40;
    if text.chars().count() <= MAX {
        return text.to_owned();
    }
    text.chars().take(MAX).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = ["wildcard-principal", "untrusted-account", "bad-suppression"];

    fn read(text: &str) -> Option<Result<Parsed, String>> {
        comment(text, &KNOWN).map(|read| read.map_err(|(what, help)| format!("{what}; {help}")))
    }

    #[test]
    fn the_whole_form() {
        let text =
            "gatelint: ignore[wildcard-principal, untrusted-account] until 2027-01-31 -- a -- b";
        let read = read(text).expect("a directive").expect("well formed");
        assert_eq!(read.rules, ["wildcard-principal", "untrusted-account"]);
        assert_eq!(read.until, Some(("2027-01-31".into(), 1_801_440_000)));
        assert_eq!(read.reason, "a -- b");
        let short = comment("gatelint:ignore[untrusted-account]--x", &KNOWN);
        let short = short.expect("a directive").expect("well formed");
        assert_eq!((short.rules.len(), short.until, short.reason.as_str()), (1, None, "x"));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, said) in [
            ("gatelint: ignore", "names no rule"),
            ("gatelint: ignore[] -- why", "names no rule"),
            ("gatelint: ignore[wildcard-principle] -- why", "did you mean `wildcard-principal`?"),
            ("gatelint: ignore[untrusted-account]", "gives no reason"),
            ("gatelint: ignore[untrusted-account] -- ", "gives no reason"),
            ("gatelint: ignore[untrusted-account] because", "no reason behind `--`"),
            ("gatelint: ignore[untrusted-account] until soon -- x", "`soon` is not a date"),
            ("gatelint: ignore[untrusted-account] until 2027-02-30 -- x", "is not a date"),
            ("gatelint: ignroe[untrusted-account] -- x", "`ignroe` is nothing"),
            ("gatelint ignore[untrusted-account] -- x", "no colon"),
            ("gatelint: ignore[bad-suppression] -- x", "cannot be suppressed"),
        ] {
            let wrong = read(text).expect("a directive").expect_err("not well formed");
            assert!(wrong.contains(said), "{text}: {wrong}");
        }
    }

    #[test]
    fn prose_is_no_directive() {
        assert!(read("gatelint ignores this").is_none());
        assert!(read("gatelint").is_none());
    }
}
