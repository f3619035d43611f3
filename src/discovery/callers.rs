//! Terraform modules that call others: the policy and the API may stand apart.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::collect::Collector;
use super::content::Content;
use super::name::Name;
use super::walk::{Module, Walk};
use crate::source::normalize;

impl Collector<'_> {
    /// Selects the modules that call a selected one in the given folders. Files are read for that only
    /// where there is one to be called.
    pub(super) fn calling(&mut self, modules: &mut BTreeMap<PathBuf, Module>, walk: &Walk<'_>) {
        if !modules.values().any(|module| module.wanted) {
            return;
        }
        let mut calls: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
        for (dir, module) in &mut *modules {
            let mut called = BTreeSet::new();
            for (path, content) in &module.files {
                if !matches!(Name::of(path), Name::Terraform) {
                    continue;
                }
                match content {
                    Some(Content::Text(text)) => called.extend(sources(text, dir)),
                    Some(Content::Unreadable(_)) => {}
                    None => {
                        if let Some(Content::Text(text)) = self.read(path, walk) {
                            called.extend(sources(&text, dir));
                        }
                    }
                }
            }
            calls.insert(dir.clone(), called);
        }
        loop {
            let wanted: BTreeSet<PathBuf> =
                modules.iter().filter(|(_, m)| m.wanted).map(|(dir, _)| dir.clone()).collect();
            let mut grown = false;
            for (dir, module) in &mut *modules {
                let called = calls.get(dir);
                if !module.calls && called.is_some_and(|c| !c.is_disjoint(&wanted)) {
                    grown |= !module.wanted;
                    (module.wanted, module.calls) = (true, true);
                }
            }
            if !grown {
                break;
            }
        }
        for (caller, called) in calls {
            for dir in called.into_iter().filter(|dir| *dir != caller) {
                if let Some(module) = modules.get_mut(&dir) {
                    module.callers.insert(caller.clone());
                }
            }
        }
    }
}

/// The folders of local modules that a text names as sources.
fn sources(text: &str, dir: &Path) -> Vec<PathBuf> {
    let after = text.match_indices("source").map(|(at, word)| &text[at + word.len()..]);
    let folders = after.filter_map(|rest| {
        let rest = rest.strip_prefix('"').unwrap_or(rest).trim_start();
        let rest = rest.strip_prefix(['=', ':'])?.trim_start().strip_prefix('"')?;
        let (source, _) = rest.split_once('"')?;
        let local = source.starts_with("./") || source.starts_with("../");
        local.then(|| normalize(&dir.join(source)))
    });
    folders.collect()
}
