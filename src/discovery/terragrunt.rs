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
        let sources: Vec<(&str, Tail<'_>)> =
            sources(text).into_iter().map(|source| (source, Tail::of(source))).collect();
        let dir = unit.path.parent().unwrap_or(&unit.path);
        // A module that the walk did not meet may make an API as well.
        let met = |tail: &Tail<'_>| modules.keys().any(|module| tail.fits(module));
        let mut counts = unit.policy || sources.iter().any(|(s, tail)| is_local(s) && !met(tail));
        for (module, found) in modules.iter_mut().filter(|(_, module)| module.wanted) {
            // Without a source it is that of a file which is included, or the module stands beside the unit.
            let calls = sources.is_empty() || sources.iter().any(|(_, tail)| tail.fits(module));
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

/// What stands behind the last hole of a source and its last step upwards: the end of a folder's path.
struct Tail<'t> {
    /// Behind a hole, the first part may be the end of a name.
    first: Option<&'t str>,
    /// Whole names.
    parts: Vec<&'t str>,
}

impl<'t> Tail<'t> {
    fn of(source: &'t str) -> Self {
        let tail = source.rsplit('}').next().unwrap_or(source);
        let tail = tail.split('?').next().unwrap_or(tail);
        let mut parts: Vec<&str> = tail.split('/').filter(|part| !part.is_empty()).collect();
        if let Some(up) = parts.iter().rposition(|part| *part == "..") {
            parts.drain(..=up);
        }
        parts.retain(|part| *part != ".");
        let partial = source.contains('}') && !tail.starts_with('/') && !parts.is_empty();
        Self { first: partial.then(|| parts.remove(0)), parts }
    }

    /// Whether the source may lead to the module in `dir`.
    fn fits(&self, dir: &Path) -> bool {
        let mut names = dir.iter().rev().map(|name| name.to_string_lossy());
        self.parts.iter().rev().all(|part| names.next().is_some_and(|name| name == *part))
            && self.first.is_none_or(|first| names.next().is_some_and(|name| name.ends_with(first)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_may_lead_to_folders_with_its_end() {
        let may_be = |source: &str, dir: &str| Tail::of(source).fits(Path::new(dir));
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
