//! Definitions in files that `DefinitionUri` names, before `sam package` uploads them: read as they are,
//! and only inside the given roots.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::extract::{Inputs, read};
use crate::resolve::cloudformation::{Resource, Template};
use crate::source::{FileId, confine, normalize, read_text};
use crate::syntax::Node;

/// The largest definition that is read: Amazon API Gateway imports none above 6 MB.
const MAX_BYTES: usize = 6 * 1024 * 1024;

/// The definitions of one template, by what `DefinitionUri` says.
#[derive(Debug, Default)]
pub(in crate::extract::cloudformation) struct Files {
    read: BTreeMap<Arc<str>, Result<Node, &'static str>>,
}

impl Files {
    /// Reads every definition that the template in `file` names; `included` gets their paths.
    pub(in crate::extract::cloudformation) fn of(
        template: &Template,
        file: FileId,
        inputs: Inputs<'_>,
        included: &mut BTreeSet<PathBuf>,
    ) -> Self {
        let global = template.globals.as_ref().and_then(|globals| globals.get("Api"));
        let global = global.and_then(|api| api.get("DefinitionUri"));
        let apis = template.resources().iter().filter(|r| &*r.kind == "AWS::Serverless::Api");
        let own = apis.flat_map(|api: &Resource| api.property_all("DefinitionUri"));
        let mut out = Self::default();
        for text in own.chain(global).filter_map(Node::as_text) {
            let uri = &text.text;
            if !out.read.contains_key(uri) {
                let definition = load(uri, file, inputs, included);
                out.read.insert(Arc::clone(uri), definition);
            }
        }
        out
    }

    /// The definition that `uri` names, or why it is not read.
    pub(super) fn definition(&self, uri: &Node) -> Result<&Node, &'static str> {
        let found = uri.as_text().and_then(|text| self.read.get(&text.text));
        match found {
            Some(found) => found.as_ref().map_err(|why| *why),
            None => Err(IN_S3),
        }
    }
}

const IN_S3: &str = "the definition lies in Amazon S3; it is not read";

fn load(
    uri: &str,
    file: FileId,
    inputs: Inputs<'_>,
    included: &mut BTreeSet<PathBuf>,
) -> Result<Node, &'static str> {
    if uri.contains("://") {
        return Err(IN_S3);
    }
    let template = inputs.db.file(file);
    let base = template.path.parent().unwrap_or(Path::new(""));
    let Some(real) = confine(inputs.fs, inputs.roots, base, Path::new(uri)) else {
        return Err("there is no such file in the given folders");
    };
    let text = read_text(inputs.fs, &real, MAX_BYTES)
        .ok_or("the file that it names cannot be read, or is too large")?;
    let folder = Path::new(&template.display).parent().unwrap_or(Path::new(""));
    let display = normalize(&folder.join(uri)).to_string_lossy().replace('\\', "/");
    let id = inputs.db.add(&real, display, text);
    included.insert(real);
    let document = read::parse(id, &inputs.db.file(id));
    match (&*document.roots, document.errors.is_empty()) {
        ([root], true) => Ok(root.clone()),
        _ => Err("the file that it names is no single document in JSON or YAML"),
    }
}
