//! The sections of `gatelint.yaml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::reader::{Fields, Reader, Word};
use super::{Diagnostic, Settings, Vocabulary, ignore, public, trust};
use crate::source::Span;
use crate::syntax::{Kind, Node};

const KEYS: [&str; 11] = [
    "version",
    "extend",
    "exclude",
    "fail-on",
    "possible",
    "owner",
    "trust",
    "public-apis",
    "rules",
    "assume",
    "ignore",
];

/// A file that the configuration names.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) path: PathBuf,
    pub(super) named_at: Span,
}

/// Reads a configuration. `own` is the folder of the file (trusted-accounts files are relative to
/// it), `governed` the one that `exclude` is relative to.
pub(super) fn read(
    reader: &mut Reader,
    root: &Node,
    (own, governed): (&Path, &Path),
    vocabulary: Vocabulary<'_>,
    settings: &mut Settings,
) -> Vec<Named> {
    let fields = reader.map(root, "the configuration", &KEYS);
    version(reader, &fields);
    if let Some(node) = fields.get("exclude") {
        exclude(reader, node, governed, settings);
    }
    if let Some(node) = fields.get("fail-on") {
        let mut names = vocabulary.severities.to_vec();
        names.push("never");
        settings.fail_on = reader.choice(node, "fail-on", &names);
    }
    if let Some(node) = fields.get("possible") {
        let choice = reader.choice(node, "possible", &["warn", "fail"]);
        settings.fail_possible = choice.as_deref() == Some("fail");
    }
    if let Some(node) = fields.get("owner") {
        owner(reader, node, settings);
    }
    if let Some(node) = fields.get("rules") {
        rules(reader, node, vocabulary, settings);
    }
    if let Some(node) = fields.get("public-apis") {
        settings.public_apis = public::read(reader, node);
    }
    if let Some(node) = fields.get("ignore") {
        settings.ignores = ignore::read(reader, node, vocabulary);
    }
    if let Some(node) = fields.get("assume") {
        let fields = reader.map(node, "assume", &["parameters", "variables"]);
        if let Some(node) = fields.get("parameters") {
            settings.parameters.extend(values(reader, node, "assume.parameters"));
        }
        if let Some(node) = fields.get("variables") {
            settings.variables.extend(values(reader, node, "assume.variables"));
        }
    }
    let Some(node) = fields.get("trust") else { return Vec::new() };
    let mut keys = vec!["files"];
    keys.extend(trust::KEYS);
    let fields = reader.map(node, "trust", &keys);
    trust::section(reader, &fields, settings);
    match fields.get("files") {
        Some(node) => named(reader, node, "trust.files", own),
        None => Vec::new(),
    }
}

/// The configurations that this one builds on.
pub(super) fn extends(reader: &mut Reader, root: &Node, own: &Path) -> Vec<Named> {
    match root.pair("extend") {
        Some(pair) => named(reader, &pair.value, "extend", own),
        None => Vec::new(),
    }
}

/// A list of files, relative to the folder `own`.
fn named(reader: &mut Reader, node: &Node, what: &str, own: &Path) -> Vec<Named> {
    let items = reader.list(node, what);
    let words: Vec<Word> = items.iter().filter_map(|item| reader.filled(item, what)).collect();
    words
        .into_iter()
        .map(|word| Named { path: own.join(&*word.text), named_at: word.span })
        .collect()
}

/// `version: 1`, which may be left out.
pub(super) fn version(reader: &mut Reader, fields: &Fields<'_>) {
    let Some(node) = fields.get("version") else { return };
    if let Some(word) = reader.word(node, "version")
        && &*word.text != "1"
    {
        let message = format!("version `{}` is not known", word.text);
        reader.error(Diagnostic::new(word.span, message).help("this program reads version 1"));
    }
}

fn exclude(reader: &mut Reader, node: &Node, governed: &Path, settings: &mut Settings) {
    settings.exclude.clear();
    for item in reader.list(node, "exclude") {
        let Some(word) = reader.filled(item, "exclude") else { continue };
        match globset::Glob::new(&word.text) {
            Ok(_) => settings.exclude.push((governed.to_path_buf(), word.text.to_string())),
            Err(error) => {
                let message = format!("`{}` is not a glob: {}", word.text, error.kind());
                reader.error(Diagnostic::new(word.span, message));
            }
        }
    }
}

fn owner(reader: &mut Reader, node: &Node, settings: &mut Settings) {
    let fields = reader.map(node, "owner", &["accounts", "region"]);
    if let Some(node) = fields.get("accounts") {
        settings.trust.owners.clear();
        settings.owner_spans.clear();
        for word in reader.words(node, "owner.accounts") {
            if let Some(id) = trust::account_id(reader, &word) {
                settings.owner_spans.push((id.clone(), word.span));
                settings.trust.owners.insert(id);
            }
        }
    }
    if let Some(word) = fields.get("region").and_then(|node| reader.filled(node, "owner.region")) {
        if is_region(&word.text) {
            settings.region = Some(word.text.to_string());
        } else {
            let message = format!("`{}` is not a region", word.text);
            reader.error(Diagnostic::new(word.span, message).help("a region's code: eu-west-1"));
        }
    }
}

/// Whether `text` has the form of a region's code: `eu-west-1`, `us-gov-west-1`, `us-isob-east-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [area, middle @ .., number] = parts.as_slice() else { return false };
    let letters = |s: &&str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_lowercase());
    letters(area)
        && !middle.is_empty()
        && middle.iter().all(letters)
        && !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
}

fn rules(reader: &mut Reader, node: &Node, vocabulary: Vocabulary<'_>, settings: &mut Settings) {
    // What a configuration that this one builds on has locked is not for this one to change.
    let before = settings.locked_at.clone();
    for (rule, value) in reader.entries(node, "rules") {
        if !vocabulary.rules.contains(&&*rule.text) {
            reader.unknown("rule", &rule, "rules", vocabulary.rules);
        }
        let name = rule.text.to_string();
        let held = before.get(&name).copied();
        let fields = reader.map(value, "a rule's settings", &["severity", "locked"]);
        let locked = fields.entry("locked");
        match locked.and_then(|(_, node)| reader.flag(node, "locked")) {
            Some(true) => {
                settings.locked_at.entry(name.clone()).or_insert(rule.span);
                settings.locked.insert(name.clone());
            }
            Some(false) => match (held, locked) {
                (Some(first), Some((_, node))) => refuse(reader, &rule, node.span, first),
                _ => {
                    settings.locked_at.remove(&name);
                    settings.locked.remove(&name);
                }
            },
            None => {}
        }
        if let Some(node) = fields.get("severity")
            && let Some(severity) = reader.choice(node, "severity", vocabulary.severities)
        {
            match held {
                Some(first) if settings.severities.get(&name) != Some(&severity) => {
                    refuse(reader, &rule, node.span, first);
                }
                _ => drop(settings.severities.insert(name, severity)),
            }
        }
    }
}

/// Reports an attempt to change what is said of a rule that was locked at `first`.
fn refuse(reader: &mut Reader, rule: &Word, at: Span, first: Span) {
    let message = format!("`{}` is locked by a configuration that this one builds on", rule.text);
    let help = "remove it here: whoever keeps that configuration can change it there";
    reader.error(Diagnostic::new(at, message).help(help).related(first, "locked here"));
}

/// One value or a list of values for each name.
fn values(reader: &mut Reader, node: &Node, what: &str) -> BTreeMap<String, Vec<String>> {
    let mut out = BTreeMap::new();
    for (name, value) in reader.entries(node, what) {
        let values: Vec<String> = match &value.kind {
            Kind::List(items) if items.is_empty() => {
                let message = format!("{what}: an empty list of values for `{}`", name.text);
                let help = "give at least one value, or remove the key";
                reader.error(Diagnostic::new(value.span, message).help(help));
                continue;
            }
            Kind::List(items) => items
                .iter()
                .filter_map(|item| reader.scalar(item, what))
                .map(|word| word.text.to_string())
                .collect(),
            _ => reader.scalar(value, what).into_iter().map(|w| w.text.to_string()).collect(),
        };
        out.insert(name.text.to_string(), values);
    }
    out
}
