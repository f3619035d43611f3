//! What the files of a Terraform module say of other modules and files, found by a search over bytes,
//! without a parse: whoever evaluates the module reads it properly; here a mention too many costs time
//! only.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

/// The literal path of a file that an expression reads, a module call, or the folder of a local module.
const CALLS: &str = concat!(
    r#"\b(?:template)?file\s*\(\s*\\?"([^"\n\\]+)"#,
    r#"|\b(module)(?:"\s*:|\s+")"#,
    r#"|source"?\s*[=:]\s*"(\.\.?/[^"]*)""#,
    r#"|(source)"?\s*[=:]\s*"[^"\n]*(?i:api[-_]?gateway|rest[-_]?api)"#,
);

/// What the files of a module say, as it is written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Calls {
    /// The files that their expressions may read.
    pub(super) files: BTreeSet<String>,
    /// They may call a module, local or not.
    pub(super) any: bool,
    /// The folders of local modules that they may call.
    pub(super) sources: BTreeSet<String>,
    /// They may call a module from elsewhere whose name says that it makes an API.
    pub(super) gateway: bool,
}

impl Calls {
    pub(super) fn add(&mut self, other: Self) {
        self.files.extend(other.files);
        self.any |= other.any;
        self.gateway |= other.gateway;
        self.sources.extend(other.sources);
    }

    /// What the bytes of a part of a module say.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut out = Self::default();
        let Some(regex) = regex() else { return out };
        for found in regex.captures_iter(bytes) {
            let group = |i: usize| {
                let span = found.get_group(i)?;
                Some(String::from_utf8_lossy(bytes.get(span.range())?).into_owned())
            };
            out.files.extend(group(1));
            out.any |= found.get_group(2).is_some();
            out.sources.extend(group(3));
            out.gateway |= found.get_group(4).is_some();
        }
        out
    }
}

/// The pattern is a constant and compiles (a test says so).
fn regex() -> Option<&'static Regex> {
    static REGEX: OnceLock<Option<Regex>> = OnceLock::new();
    let compile = || {
        Regex::builder()
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .configure(Config::new().utf8_empty(false))
            .build(CALLS)
            .ok()
    };
    REGEX.get_or_init(compile).as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_files_are_seen_in_both_syntaxes() {
        assert!(regex().is_some());
        let native = Calls::of(
            b"module \"api\" {\n  source = \"../modules/api\"\n  policy = templatefile(\n\
            \"${path.module}/p.json.tpl\", {})\n}\n",
        );
        assert!(native.any);
        assert_eq!(native.files, BTreeSet::from(["${path.module}/p.json.tpl".to_owned()]));
        assert_eq!(native.sources, BTreeSet::from(["../modules/api".to_owned()]));
        let json = Calls::of(
            br#"{"module": {"a": {"source": "./api", "policy": "${file(\"p.json\")}"}}}"#,
        );
        assert!(json.any);
        assert_eq!(json.files, BTreeSet::from(["p.json".to_owned()]));
        assert_eq!(json.sources, BTreeSet::from(["./api".to_owned()]));
        assert!(!json.gateway && !native.gateway);
        for source in
            ["terraform-aws-modules/apigateway-v2/aws", "git::x//modules/Api-Gateway?ref=1"]
        {
            let calls =
                Calls::of(format!("module \"a\" {{\n  source = \"{source}\"\n}}").as_bytes());
            assert!(calls.gateway && calls.sources.is_empty(), "{source}");
        }
    }

    #[test]
    fn other_names_are_none() {
        let other = Calls::of(b"modules = \"./m\"\nfilename = \"./x\"\nx = profile(\"y\")");
        assert_eq!(other, Calls::default());
    }
}
