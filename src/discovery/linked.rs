//! Modules that others call and that the walk did not meet: they lie outside of the given folders, are
//! ignored, stand behind a link, or were installed by `terraform init`. They are read to know who calls
//! an API, and are not looked at for themselves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::content::{Ask, look};
use super::name::Name;
use super::walk::Module;
use crate::source::{Fs, confine, read_text};
use crate::syntax::hcl;

/// How many modules are added.
const MAX_MODULES: usize = 2_000;
/// How long the list of installed modules may be, in bytes.
const MAX_LIST: usize = 4 << 20;

/// Finds the folders that calls lead to, and adds those that are not known yet. A module that calls
/// what cannot be found is selected: nobody knows what it calls.
pub(super) fn follow(modules: &mut BTreeMap<PathBuf, Module>, fs: &dyn Fs, roots: &[PathBuf]) {
    let mut open: Vec<PathBuf> = modules
        .iter()
        .filter(|(_, module)| module.refers.any)
        .map(|(dir, _)| dir.clone())
        .collect();
    let mut left = MAX_MODULES;
    let mut buffer = Vec::new();
    while let Some(dir) = open.pop() {
        let Some(module) = modules.get_mut(&dir) else { continue };
        let find =
            |name: &str| confine(fs, roots, &dir, Path::new(name)).filter(|to| fs.is_dir(to));
        let sources: Vec<_> = module.refers.sources.iter().map(|source| find(source)).collect();
        let (is_lost, is_outside) = (sources.contains(&None), module.outside);
        let list = confine(fs, roots, &dir, Path::new(hcl::INSTALLED));
        let list = list.and_then(|list| read_text(fs, &list, MAX_LIST));
        let installed = list.map(|list| hcl::installed(&list)).unwrap_or_default();
        let installed = installed.values().filter_map(|folder| find(folder));
        module
            .called
            .extend(sources.into_iter().flatten().chain(installed).filter(|to| *to != dir));
        if is_lost && !is_outside {
            (module.wanted, module.calls) = (true, true);
        }
        for called in module.called.clone() {
            if modules.contains_key(&called) || left == 0 {
                continue;
            }
            left -= 1;
            let read = module_in(&called, fs, roots, &mut buffer);
            if read.refers.any {
                open.push(called.clone());
            }
            modules.insert(called, read);
        }
    }
}

/// What is to be known of the module in a folder.
fn module_in(dir: &Path, fs: &dyn Fs, roots: &[PathBuf], buffer: &mut Vec<u8>) -> Module {
    let mut out = Module { outside: true, ..Module::default() };
    let files = fs.list(dir).unwrap_or_default();
    for path in files.iter().filter(|path| Name::of(path) == Name::Terraform) {
        let Some(real) = confine(fs, roots, dir, path) else { continue };
        let ask = Ask { refers: true, ..Ask::default() };
        match look(&real, ask, buffer) {
            Ok(look) => {
                out.wanted |= look.mention;
                out.refers.add(look.refers);
            }
            // What cannot be opened may mention anything.
            Err(_) => out.wanted = true,
        }
    }
    out
}
