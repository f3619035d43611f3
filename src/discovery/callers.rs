//! Selecting the Terraform modules that call others: the policy and the API may stand apart.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::content::{Ask, look};
use super::walk::Module;
use crate::source::{Fs, confine};

/// How many files of one module are searched for a mention.
const MAX_FILES: usize = 64;

/// Selects the modules that call one which makes an API by its name, or call any and read a file that
/// mentions a policy of an API: whoever is handed it may be anywhere.
pub(super) fn handing(modules: &mut BTreeMap<PathBuf, Module>, fs: &dyn Fs, roots: &[PathBuf]) {
    for (dir, module) in modules {
        let refers = &module.refers;
        let hands = || refers.gateway || hands_a_policy(dir, &refers.files, fs, roots);
        if !module.wanted && refers.any && hands() {
            (module.wanted, module.calls) = (true, true);
        }
    }
}

/// What stands for the folder of a module or unit before the path of a file.
const BASES: [&str; 4] =
    ["${path.module}/", "${path.root}/", "${path.cwd}/", "${get_terragrunt_dir()}/"];

/// Whether a file that expressions in `dir` read mentions a policy of an API.
pub(super) fn hands_a_policy(
    dir: &Path,
    files: &BTreeSet<String>,
    fs: &dyn Fs,
    roots: &[PathBuf],
) -> bool {
    files.iter().take(MAX_FILES).any(|file| {
        let file = BASES.iter().find_map(|base| file.strip_prefix(base)).unwrap_or(file);
        let Some(real) = confine(fs, roots, dir, Path::new(file)) else { return false };
        let ask = Ask::default();
        fs.is_file(&real) && look(&real, ask, &mut Vec::new()).is_ok_and(|look| look.policy)
    })
}

/// Selects the modules that call a selected one.
pub(super) fn calling(modules: &mut BTreeMap<PathBuf, Module>) {
    if !modules.values().any(|module| module.wanted) {
        return;
    }
    let calls: BTreeMap<PathBuf, BTreeSet<PathBuf>> =
        modules.iter().map(|(dir, module)| (dir.clone(), module.called.clone())).collect();
    loop {
        let wanted: BTreeSet<PathBuf> =
            modules.iter().filter(|(_, m)| m.wanted).map(|(dir, _)| dir.clone()).collect();
        let mut grown = false;
        for (dir, module) in modules.iter_mut() {
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
