//! What a unit passes to its module: its inputs, above those of what it includes; variables files, which
//! Terraform prefers to what stands in the environment, and that is how Terragrunt passes inputs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::config::{Config, Include, Strategy, blocks_of, is_plain};
use super::names::unknown;
use super::{MAX_BYTES, Reader};
use crate::source::{Span, read_text, relative, shown_in};
use crate::syntax::hcl::auto_loaded;
use crate::syntax::made::{function, map};
use crate::syntax::{Attribute, Node, Pair, hcl, json};

/// The values for the variables of a module.
#[derive(Debug)]
pub(super) enum Inputs {
    /// Each by its name.
    Plain(Vec<Attribute>),
    /// An object, of which not all keys stand there.
    Object(Node),
}

impl Default for Inputs {
    fn default() -> Self {
        Self::Plain(Vec::new())
    }
}

impl Inputs {
    /// Those of one `inputs` argument.
    fn of(argument: &Attribute) -> Self {
        match argument.value.as_map().filter(|_| is_plain(&argument.value)) {
            Some(pairs) => Self::Plain(pairs.iter().filter_map(attribute).collect()),
            None => Self::Object(argument.value.clone()),
        }
    }

    /// As one object.
    pub(super) fn node(self, at: Span) -> Node {
        match self {
            Self::Object(node) => node,
            Self::Plain(given) => {
                let entries: Vec<_> = given.into_iter().map(|a| (a.name, a.value)).collect();
                map(entries.iter().map(|(name, value)| (&**name, value.clone())), at)
            }
        }
    }

    /// These, with others above them.
    fn below(self, above: Self, at: Span) -> Self {
        match (self, above) {
            (Self::Plain(mut below), Self::Plain(above)) => {
                below.retain(|one| above.iter().all(|other| other.name != one.name));
                below.extend(above);
                Self::Plain(below)
            }
            (below, above) => {
                Self::Object(function("merge", vec![below.node(at), above.node(at)], at))
            }
        }
    }

    /// The same for `merge_strategy = "deep"`: lists and maps that stand in both are put together, in
    /// ways that differ between versions; what comes of them is not known.
    fn deeply_below(self, above: Self, at: Span) -> Self {
        let (Self::Plain(below), Self::Plain(mut above)) = (self, above) else {
            return Self::Object(unknown("inputs", at));
        };
        for one in &mut above {
            let other = below.iter().find(|other| other.name == one.name);
            if other.is_some() && one.value.scalar().is_none() {
                one.value = unknown(&format!("inputs.{}", one.name), one.value.span);
            }
        }
        Self::Plain(below).below(Self::Plain(above), at)
    }
}

impl Include {
    /// Whether what is included is put together with what includes it.
    pub(super) fn is_merged(&self) -> bool {
        self.strategy != Strategy::None
    }
}

impl Reader<'_> {
    /// The inputs of a configuration, with those of what it includes below them, the last include
    /// uppermost; `None` where there are none.
    pub(super) fn inputs(&self, config: &Config) -> Option<Inputs> {
        let at = config.inputs.as_ref().map(|inputs| inputs.value.span);
        let at = at.or_else(|| self.first_span())?;
        let mut out = config.inputs.as_ref().map(Inputs::of);
        for include in config.includes.iter().rev().filter(|include| include.is_merged()) {
            let below = match &include.config {
                Some(config) => self.inputs(config),
                // It may pass anything.
                None => Some(Inputs::Object(unknown("the inputs of what is included", at))),
            };
            out = match (below, out) {
                (Some(below), Some(above)) if include.strategy == Strategy::Deep => {
                    Some(below.deeply_below(above, at))
                }
                (Some(below), Some(above)) => Some(below.below(above, at)),
                (below, above) => above.or(below),
            };
        }
        out
    }

    /// The inputs, with the variables files above them that Terraform loads by itself or is told to.
    pub(super) fn with_values(
        &self,
        inputs: Inputs,
        config: &Config,
        module: Option<&Path>,
    ) -> Inputs {
        let at = config.inputs.as_ref().map(|inputs| inputs.value.span);
        let Some(at) = at.or_else(|| self.first_span()) else { return inputs };
        let mut out = inputs;
        // Terragrunt runs Terraform in a copy of the module, with the files of the unit beside it.
        let mut loaded: BTreeMap<(u8, String), PathBuf> = BTreeMap::new();
        for dir in module.into_iter().chain([self.unit.as_path()]) {
            for path in self.files.fs.list(dir).unwrap_or_default() {
                loaded.extend(auto_loaded(&path).map(|order| (order, path)));
            }
        }
        for path in loaded.into_values() {
            let values = self.find(&self.unit, &path.to_string_lossy());
            out = match values.and_then(|real| self.values_of(&real)) {
                Some(values) => out.below(Inputs::Plain(values), at),
                None => Inputs::Object(unknown(&shown(self, &path), at)),
            };
        }
        for arguments in blocks_of(config, "extra_arguments") {
            for name in ["required_var_files", "optional_var_files"] {
                let Some(list) = arguments.body.attribute(name) else { continue };
                for item in list.value.one_or_more() {
                    let path = self.text(item);
                    let real = path.as_ref().and_then(|path| self.find(&self.unit, path));
                    out = match (path, real.and_then(|real| self.values_of(&real))) {
                        (_, Some(values)) => out.below(Inputs::Plain(values), at),
                        // There is none, or it lies elsewhere.
                        (Some(path), None) if self.is_absent(name, &path) => out,
                        _ => Inputs::Object(unknown("a variables file", list.name_span)),
                    };
                }
            }
            if passes_variables(&arguments.body) {
                out = Inputs::Object(unknown("extra_arguments", arguments.header));
            }
        }
        out
    }

    /// Whether an optional file is not there, and would be seen if it were.
    fn is_absent(&self, name: &str, path: &str) -> bool {
        let path = crate::source::normalize(&self.unit.join(path));
        name.starts_with("optional") && self.files.roots.iter().any(|root| path.starts_with(root))
    }

    /// The values of a variables file.
    fn values_of(&self, real: &Path) -> Option<Vec<Attribute>> {
        let text = read_text(self.files.fs, real, MAX_BYTES)?;
        let is_json = real.extension().is_some_and(|end| end == "json");
        let file = self.files.db.add(real, shown(self, real), text);
        let text = &self.files.db.file(file).text;
        if is_json {
            let document = json::parse_file(file, text);
            let root = document.roots.first()?.as_map()?.clone();
            return Some(root.iter().filter_map(attribute).collect());
        }
        Some(hcl::parse_file(file, text).body?.attributes)
    }

    /// The beginning of the unit's file.
    fn first_span(&self) -> Option<Span> {
        self.documents.first().map(|(file, _)| Span::new(*file, 0, 0))
    }
}

fn shown(reader: &Reader<'_>, real: &Path) -> String {
    shown_in(Path::new(&reader.display), &relative(&reader.unit, real))
}

fn attribute(pair: &Pair) -> Option<Attribute> {
    let name: Arc<str> = pair.key.scalar()?;
    let (name_span, value) = (pair.key.span, pair.value.clone());
    Some(Attribute { name, name_span, span: name_span.to(value.span), value })
}

/// Whether extra arguments of Terraform may be values of variables.
fn passes_variables(body: &crate::syntax::Body) -> bool {
    let arguments = body.attribute("arguments").into_iter();
    let mut arguments = arguments.flat_map(|list| list.value.one_or_more());
    let is_variable = |argument: &Node| {
        argument.scalar().is_none_or(|text| text.trim_start_matches('-').starts_with("var"))
    };
    let names = body.attribute("env_vars").map(|vars| &vars.value);
    let in_environment = names.is_some_and(|vars| match vars.as_map() {
        Some(pairs) => pairs.iter().any(|pair| {
            pair.key
                .scalar()
                .is_none_or(|name| name.starts_with("TF_VAR_") || &*name == "TF_CLI_ARGS")
        }),
        None => true,
    });
    arguments.any(is_variable) || in_environment
}
