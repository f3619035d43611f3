//! Nested stacks whose templates lie in files: `AWS::CloudFormation::Stack`, `AWS::Serverless::Application`,
//! and the nested stacks of the AWS CDK, whose templates are assets.
//!
//! Each is read as a stack of its own of the unit; what it is passed is evaluated where it is created.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use super::api::unresolved;
use super::files::{Loader, Why};
use super::problems::{self, Problems};
use super::{include, metadata};
use crate::extract::Inputs;
use crate::extract::remarks::{Remarks, Sections};
use crate::resolve::cloudformation::{Resource, StackId, Template, Unit, form};
use crate::source::{FileId, Span};
use crate::syntax::{Document, Node};

/// How deep stacks may nest.
const MAX_DEPTH: usize = 8;
/// How many stacks one template may create, those of nested stacks among them.
const MAX_STACKS: usize = 64;

/// A stack of a unit, and the template that it is made of.
pub(super) struct Part {
    pub(super) stack: StackId,
    pub(super) file: FileId,
    pub(super) root: Node,
    pub(super) document: Arc<Document>,
    /// Why includes were left as they are.
    pub(super) left: BTreeMap<Span, Why>,
    /// The macros that may change the template, or one that creates it.
    pub(super) foreign: Vec<(String, Span)>,
    /// The files of the templates around it and its own, canonical.
    files: Vec<PathBuf>,
}

impl Part {
    /// The template `root` of `file`, which nothing in the unit creates: its includes are put in place.
    /// Given back with the template that the unit is made of, and with where its includes are named.
    pub(super) fn outer(
        root: &Node,
        file: FileId,
        document: &Arc<Document>,
        inputs: Inputs<'_>,
        loader: &mut Loader<'_>,
    ) -> (Self, Template, BTreeMap<FileId, Span>) {
        let (root, includes) = include::expand(root, loader);
        let template = Template::read(&root);
        let part = Self {
            stack: StackId::ROOT,
            file,
            foreign: problems::foreign(&template, &root),
            root,
            document: Arc::clone(document),
            left: includes.left,
            files: vec![inputs.db.file(file).path.clone()],
        };
        (part, template, includes.places)
    }
}

/// All stacks of the unit, `outer` first. Those that cannot be read are problems.
pub(super) fn parts(
    unit: &mut Unit<'_>,
    outer: Part,
    inputs: Inputs<'_>,
    loader: &mut Loader<'_>,
    found: &mut Problems,
) -> Vec<Part> {
    let mut done: Vec<Part> = Vec::new();
    let mut open = VecDeque::from([outer]);
    while let Some(part) = open.pop_front() {
        unit.enter(part.stack);
        for resource in unit.template().resources() {
            let Some((place, at)) = location(resource, part.file, inputs, loader) else { continue };
            let room = done.len() + open.len() + 1 < MAX_STACKS && part.files.len() <= MAX_DEPTH;
            let read = match place {
                Ok(_) if !room => Err("too many stacks are nested; it is not read"),
                Ok(uri) => inner(unit, resource, &uri, &part, inputs, loader),
                Err(why) => Err(why),
            };
            match read {
                Ok(inner) => open.push_back(inner),
                Err(why) => {
                    let what = format!("nested stack {}{}", unit.path(), resource.id);
                    found.add(unresolved(&mut unit.origins, at, &what, why, None), &unit.origins);
                }
            }
        }
        done.push(part);
    }
    done
}

/// Adds what the authors of the templates and of the files that they name ask of this program; that of
/// the first template, apart from its `Metadata`, is known already.
pub(super) fn remarks(
    unit: &mut Unit<'_>,
    parts: &[Part],
    inputs: Inputs<'_>,
    loader: &Loader<'_>,
    out: &mut Remarks,
) {
    let mut known = Vec::new();
    for part in parts {
        unit.enter(part.stack);
        let source = inputs.db.file(part.file);
        metadata::remarks(&unit.template(), unit.path(), &part.root, source.text.len(), out);
        if part.stack != StackId::ROOT && !known.contains(&part.file) {
            out.add(&part.document, &source, Sections::Roots);
        }
        known.push(part.file);
    }
    for (id, document) in loader.documents.iter().filter(|(id, _)| !known.contains(id)) {
        out.add(document, &inputs.db.file(*id), Sections::None);
    }
}

/// The stack that `resource` creates from the template in the file that `uri` names.
fn inner(
    unit: &mut Unit<'_>,
    resource: &Resource,
    uri: &str,
    outer: &Part,
    inputs: Inputs<'_>,
    loader: &mut Loader<'_>,
) -> Result<Part, Why> {
    let root = loader.load(outer.file, uri)?;
    let file = root.span.file;
    let document = loader.documents.iter().find(|(id, _)| *id == file);
    let (Some((_, document)), true) = (document, Template::is_one(&root)) else {
        return Err("the file that it names is no template");
    };
    let document = Arc::clone(document);
    let path = inputs.db.file(file).path.clone();
    if outer.files.contains(&path) {
        return Err("it creates itself; AWS CloudFormation takes no such circle");
    }
    let (root, includes) = include::expand(&root, loader);
    let template = Template::read(&root);
    let mut foreign = problems::foreign(&template, &root);
    foreign.extend(outer.foreign.iter().cloned());
    let stack = unit.nest(resource, template);
    unit.include(includes.places);
    let files = outer.files.iter().cloned().chain([path]).collect();
    Ok(Part { stack, file, root, document, left: includes.left, foreign, files })
}

/// The file that a resource names as the template of a stack, or why it is none; and where.
fn location(
    resource: &Resource,
    file: FileId,
    inputs: Inputs<'_>,
    loader: &mut Loader<'_>,
) -> Option<(Result<Arc<str>, Why>, Span)> {
    let property = match &*resource.kind {
        "AWS::CloudFormation::Stack" => "TemplateURL",
        "AWS::Serverless::Application" => "Location",
        _ => return None,
    };
    let node = resource.property(property)?;
    // The AWS CDK says which file it uploads.
    let metadata = resource.node.get("Metadata");
    let entry = |name| metadata.and_then(|metadata| metadata.get(name)).and_then(Node::scalar);
    let asset = entry("aws:asset:property").is_some_and(|name| &*name == property);
    if let Some(path) = entry("aws:asset:path").filter(|_| asset) {
        return Some((Ok(path), node.span));
    }
    if let Some(text) = node.as_text() {
        return Some((Ok(Arc::clone(&text.text)), node.span));
    }
    if let Some(path) = asset_of(node, file, inputs, loader) {
        return Some((Ok(path), node.span));
    }
    let why = match node.get("ApplicationId") {
        Some(_) => "it lies in the AWS Serverless Application Repository; it is not read",
        None => "its template lies in Amazon S3; it is not read",
    };
    Some((Err(why), node.span))
}

/// The file that the AWS CDK uploads under the hash in an expression: the manifest of assets beside the
/// template of a stack says so (AWS CDK, "Cloud assembly": `<stack>.assets.json`).
fn asset_of(
    url: &Node,
    file: FileId,
    inputs: Inputs<'_>,
    loader: &mut Loader<'_>,
) -> Option<Arc<str>> {
    let template = inputs.db.file(file);
    let name = template.path.file_name()?.to_str()?;
    let stack = name.strip_suffix(".template.json")?;
    let mut hash = None;
    form::any(url, |node| {
        let text = node.as_text().map(|text| Arc::clone(&text.text));
        let mut words = text.as_deref().unwrap_or_default().split(['/', '.']);
        let is_hash = |word: &&str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
        hash = words.rfind(is_hash).map(str::to_owned);
        hash.is_some()
    });
    let hash = hash?;
    let manifest = loader.load(file, &format!("{stack}.assets.json")).ok()?;
    manifest.get("files")?.get(&hash)?.get("source")?.get("path")?.scalar()
}
