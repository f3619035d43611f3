//! Files that a template names, before `package` uploads them: definitions of APIs, and what
//! `AWS::Include` includes. They are read as they are, and only inside the given roots.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::include::{self, TRANSFORM};
use crate::extract::{Inputs, read};
use crate::resolve::cloudformation::Template;
use crate::resolve::cloudformation::form::{self, Form};
use crate::source::{FileId, Span};
use crate::syntax::{Document, Node};

/// The largest file that is read: Amazon API Gateway imports no definition above 6 MB.
const MAX_BYTES: usize = 6 * 1024 * 1024;
/// How many files one template may name.
const MAX_FILES: usize = 64;

/// Where definitions are named, by resource type (AWS CLI, `cloudformation package`).
const DEFINITIONS: [(&str, &str); 4] = [
    ("AWS::ApiGateway::RestApi", "BodyS3Location"),
    ("AWS::ApiGatewayV2::Api", "BodyS3Location"),
    ("AWS::Serverless::Api", "DefinitionUri"),
    ("AWS::Serverless::HttpApi", "DefinitionUri"),
];

/// What is said of a macro.
const NOT_RUN: &str = "it is not run; what it makes is not known";

/// Why a file is not read.
pub(super) type Why = &'static str;

/// Reads the files that one template names.
pub(super) struct Loader<'a> {
    inputs: Inputs<'a>,
    read: BTreeMap<PathBuf, Result<Node, Why>>,
    /// What the files were parsed to.
    pub(super) documents: Vec<(FileId, Arc<Document>)>,
}

impl<'a> Loader<'a> {
    /// A loader that has read nothing.
    pub(super) fn new(inputs: Inputs<'a>) -> Self {
        Self { inputs, read: BTreeMap::new(), documents: Vec::new() }
    }

    /// The files read, canonical.
    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.read.keys()
    }

    /// The document in the file that `uri` names, relative to the template in `base`.
    ///
    /// # Errors
    /// Why it is not read.
    pub(super) fn load(&mut self, base: FileId, uri: &str) -> Result<Node, Why> {
        if uri.contains("://") {
            return Err("it lies in Amazon S3; it is not read");
        }
        let template = self.inputs.db.file(base);
        let real = read::locate(self.inputs, &template, uri)?;
        if let Some(known) = self.read.get(&real) {
            return known.clone();
        }
        if self.documents.len() >= MAX_FILES {
            return Err("the template names too many files; it is not read");
        }
        let id = read::take(self.inputs, &template, uri, &real, MAX_BYTES)?;
        let document = read::parse(id, &self.inputs.db.file(id));
        let root = match (&*document.roots, document.errors.is_empty()) {
            ([root], true) => Ok(root.clone()),
            // What its markers stand for is not known; the rest of it is.
            ([root], false) if read::is_templated(&document) => Ok(root.clone()),
            _ => Err("the file that it names is no single document in JSON or YAML"),
        };
        self.documents.push((id, Arc::new(document)));
        self.read.insert(real, root.clone());
        root
    }
}

/// What the files that one template names came to.
#[derive(Debug, Default)]
pub(super) struct Files {
    read: BTreeMap<Arc<str>, Result<Node, Why>>,
    /// Why an include was left as it is, by the places of its argument and of its key.
    left: BTreeMap<Span, Why>,
}

impl Files {
    /// Reads every definition that the template in `file` names; `left` are the includes that were not read.
    pub(super) fn of(
        template: &Template,
        file: FileId,
        left: BTreeMap<Span, Why>,
        loader: &mut Loader<'_>,
    ) -> Self {
        let global = template.globals.as_ref().and_then(|globals| globals.get("Api"));
        let global = global.and_then(|api| api.get("DefinitionUri"));
        let own = template.resources().iter().flat_map(|resource| {
            let named = DEFINITIONS.iter().filter(|(kind, _)| *kind == &*resource.kind);
            named.flat_map(|(_, property)| resource.property_all(property))
        });
        let mut out = Self { left, ..Self::default() };
        for text in own.chain(global).filter_map(Node::as_text) {
            let definition = loader.load(file, &text.text);
            out.read.insert(Arc::clone(&text.text), definition);
        }
        out
    }

    /// The definition that `uri` names, or why it is not read.
    pub(super) fn definition(&self, uri: &Node) -> Result<&Node, Why> {
        let found = uri.as_text().and_then(|text| self.read.get(&text.text));
        match found {
            Some(found) => found.as_ref().map_err(|why| *why),
            None => Err("the definition lies in Amazon S3; it is not read"),
        }
    }

    /// Why the include whose argument or key stands at `at` was left as it is.
    pub(super) fn why(&self, at: Span) -> Option<Why> {
        self.left.get(&at).copied()
    }

    /// The first macro in `node`, with the reason why it is not run: the file that an `AWS::Include`
    /// names, where it names one.
    pub(super) fn transform_in(&self, node: &Node) -> Option<(Span, Why)> {
        let mut found = None;
        form::any(node, |node| {
            let call = match Form::of(node) {
                Form::Call(TRANSFORM, argument) => Some((node.span, argument)),
                _ => node.pair(TRANSFORM).map(|pair| (pair.key.span, &pair.value)),
            };
            if let Some((at, argument)) = call {
                let at = include::location(argument).map_or(at, |place| place.span);
                found = Some((at, self.why(argument.span).unwrap_or(NOT_RUN)));
            }
            found.is_some()
        });
        found
    }
}
