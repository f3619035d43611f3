//! Terraform modules that hand a file to a module that they call: the policy may stand in it. Found by a search over bytes, without a parse: whoever evaluates the
//! module reads it properly; here a mention too many costs time only.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

use super::content::{Ask, look};
use super::walk::Module;
use crate::source::{Fs, confine};

/// The literal path of a file that an expression reads, or a module call.
const HANDED: &str =
    concat!(r#"\b(?:template)?file\s*\(\s*\\?"([^"\n\\]+)"#, r#"|\b(module)(?:"\s*:|\s+")"#,);

/// How many files of one module are searched for a mention.
const MAX_FILES: usize = 64;

/// What the files of a module hand over, as it is written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Handed {
    /// The files that their expressions may read.
    files: BTreeSet<String>,
    /// They may call a module, local or not.
    calls: bool,
}

impl Handed {
    pub(super) fn add(&mut self, other: Self) {
        self.files.extend(other.files);
        self.calls |= other.calls;
    }
}

/// The pattern is a constant and compiles (a test says so).
fn regex() -> Option<&'static Regex> {
    static REGEX: OnceLock<Option<Regex>> = OnceLock::new();
    let compile = || {
        Regex::builder()
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .configure(Config::new().utf8_empty(false))
            .build(HANDED)
            .ok()
    };
    REGEX.get_or_init(compile).as_ref()
}

/// What the bytes of a part of a module hand over.
pub(super) fn of(bytes: &[u8]) -> Handed {
    let mut out = Handed::default();
    let Some(regex) = regex() else { return out };
    for found in regex.captures_iter(bytes) {
        let group = |i: usize| {
            let span = found.get_group(i)?;
            Some(String::from_utf8_lossy(bytes.get(span.range())?).into_owned())
        };
        out.files.extend(group(1));
        out.calls |= found.get_group(2).is_some();
    }
    out
}

/// Selects the modules that call another one and read a file that mentions a policy of an API: whoever
/// is handed it may be anywhere.
pub(super) fn select(modules: &mut BTreeMap<PathBuf, Module>, fs: &dyn Fs, roots: &[PathBuf]) {
    for (dir, module) in modules {
        if !module.wanted && module.handed.calls && hands_a_policy(dir, module, fs, roots) {
            (module.wanted, module.calls) = (true, true);
        }
    }
}

/// Whether a file that the module's expressions read mentions a policy of an API.
fn hands_a_policy(dir: &Path, module: &Module, fs: &dyn Fs, roots: &[PathBuf]) -> bool {
    module.handed.files.iter().take(MAX_FILES).any(|file| {
        let file = ["${path.module}/", "${path.root}/", "${path.cwd}/"]
            .iter()
            .find_map(|base| file.strip_prefix(base))
            .unwrap_or(file);
        let Some(real) = confine(fs, roots, dir, Path::new(file)) else { return false };
        let ask = Ask::default();
        fs.is_file(&real) && look(&real, ask, &mut Vec::new()).is_ok_and(|look| look.policy)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_files_are_seen_in_both_syntaxes() {
        assert!(regex().is_some());
        let native =
            of(b"module \"api\" {\n  source = \"../modules/api\"\n  policy = templatefile(\n\
            \"${path.module}/p.json.tpl\", {})\n}\n");
        assert!(native.calls);
        assert_eq!(native.files, BTreeSet::from(["${path.module}/p.json.tpl".to_owned()]));
        let json =
            of(br#"{"module": {"a": {"source": "./api", "policy": "${file(\"p.json\")}"}}}"#);
        assert!(json.calls);
        assert_eq!(json.files, BTreeSet::from(["p.json".to_owned()]));
    }

    #[test]
    fn other_names_are_none() {
        let other = of(b"modules = \"./m\"\nfilename = \"./x\"\nx = profile(\"y\")");
        assert_eq!(other, Handed::default());
    }
}
