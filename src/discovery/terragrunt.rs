//! Selecting the units of Terragrunt that may call a module which was selected, by a search over their
//! text: what their functions come to is known once they are read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::content::Content;
use super::walk::{Hit, Module};

/// The units that speak of API Gateway themselves, or may call a module that was selected: such a module
/// has the units that may call it among its callers. So are those that hand on a policy, of which
/// `hands` decides by their folder and text.
pub(super) fn wanted(
    units: Vec<Hit>,
    modules: &mut BTreeMap<PathBuf, Module>,
    hands: impl Fn(&Path, &str) -> bool,
) -> Vec<Hit> {
    let mut out = Vec::new();
    for unit in units {
        let text = match &unit.content {
            Content::Text(text) => text.as_str(),
            Content::Unreadable(_) => "",
        };
        let sources = sources(text);
        let dir = unit.path.parent().unwrap_or(&unit.path);
        // A module that the walk did not meet may make an API as well.
        let met = |source: &&str| modules.keys().any(|module| may_be(source, module));
        let mut counts = unit.policy || sources.iter().any(|s| is_local(s) && !met(s));
        for (module, found) in modules.iter_mut().filter(|(_, module)| module.wanted) {
            let calls = match sources.is_empty() {
                // The source is that of a file which is included, or the module stands beside the unit.
                true => true,
                false => sources.iter().any(|source| may_be(source, module)),
            };
            if calls || module == dir {
                found.callers.insert(unit.path.clone());
                counts = true;
            }
        }
        if counts || hands(dir, text) {
            out.push(unit);
        }
    }
    out
}

/// The texts that stand behind `source =`.
fn sources<'t>(text: &'t str) -> Vec<&'t str> {
    let behind = text.split("source").skip(1).filter_map(|rest| {
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let line = rest.split('\n').next()?;
        match line.strip_prefix('"') {
            Some(rest) => rest.rsplit_once('"').map(|(source, _)| vec![source]),
            // One of the paths of a choice; an expression without any may be every one.
            None => Some(line.split('"').filter(|part| part.contains('/')).collect()),
        }
    });
    let any = |found: Vec<&'t str>| if found.is_empty() { vec![""] } else { found };
    behind.flat_map(any).collect()
}

/// Whether a source may be a folder.
fn is_local(source: &str) -> bool {
    source.starts_with(['.', '/', '$']) && !source.contains("::") && !source.contains("git@")
}

/// Whether a source may lead to the module in `dir`: what stands behind its last hole and its last step
/// upwards is the end of the path.
fn may_be(source: &str, dir: &Path) -> bool {
    let tail = source.rsplit('}').next().unwrap_or(source);
    let tail = tail.split('?').next().unwrap_or(tail);
    let mut parts: Vec<&str> = tail.split('/').filter(|part| !part.is_empty()).collect();
    if let Some(up) = parts.iter().rposition(|part| *part == "..") {
        parts.drain(..=up);
    }
    parts.retain(|part| *part != ".");
    // Behind a hole, the first part may be the end of a name.
    let partial = source.contains('}') && !tail.starts_with('/') && !parts.is_empty();
    let (first, parts) = match (partial, parts.split_first()) {
        (true, Some((first, rest))) => (Some(*first), rest.to_vec()),
        _ => (None, parts),
    };
    let mut names = dir.iter().rev().map(|name| name.to_string_lossy());
    parts.iter().rev().all(|part| names.next().is_some_and(|name| name == *part))
        && first.is_none_or(|first| names.next().is_some_and(|name| name.ends_with(first)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_may_lead_to_folders_with_its_end() {
        let may_be = |source: &str, dir: &str| may_be(source, Path::new(dir));
        for source in [
            "../../modules//api",
            "../modules/api",
            "${get_parent_terragrunt_dir()}/..//modules/api",
            "${local.base}api",
            "${local.base}",
            "../..",
            "${find_in_parent_folders(\"modules\")}//api",
        ] {
            assert!(may_be(source, "/w/modules/api"), "{source}");
        }
        for source in ["../../modules//vpc", "${local.base}/vpc", "git::x//modules/vpc?ref=1"] {
            assert!(!may_be(source, "/w/modules/api"), "{source}");
        }
    }

    #[test]
    fn every_source_of_a_text_is_seen() {
        let text =
            "terraform {\n  source = \"${f(\"a\")}/b\" # x\n}\nsource=local.x\n# resource \"y\"";
        assert_eq!(sources(text), ["${f(\"a\")}/b", ""]);
        let choice = "source = local.env == \"x\" ? null : \"../modules//api\"";
        assert_eq!(sources(choice), ["../modules//api"]);
    }
}
