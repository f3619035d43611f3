//! Files that resources of the module write when it is applied: `template_dir` of hashicorp/template
//! (<https://registry.terraform.io/providers/hashicorp/template/latest/docs/resources/dir>), and
//! `local_file` of hashicorp/local
//! (<https://registry.terraform.io/providers/hashicorp/local/latest/docs/resources/file>).
//!
//! Terraform's functions read what lies on the disk while it plans: a copy of an earlier run, where
//! there is one. What a run leaves behind is what the next one reads, so that is what counts; a copy
//! that differs from it is a case of its own.
//!
//! Paths are compared by their text: nothing that is to be written need be there yet.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::evaluator::{Evaluator, Known, Memo};
use super::expansion::Instance;
use super::expression::put;
use super::module::Resource;
use super::names::roots;
use super::scope::{Env, Mode, Scope};
use super::text::known_text;
use crate::resolve::{
    Class, Key, Kind, Map, NeedSplit, Piece, Rest, Symbol, SymbolId, Text, Value,
};
use crate::source::{Step, normalize};
use crate::syntax::Node;

/// What stands around the number of a symbol in the text of a path. Nobody writes it in one.
const HOLE: char = '\u{1}';

/// The types of resources that write files.
const WRITERS: [&str; 3] = ["template_dir", "local_file", "local_sensitive_file"];

/// A resource that writes a file.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    resource: Arc<Resource>,
    instance: Instance,
    /// The path below the folder that it writes; `None` for a resource that writes one file.
    name: Option<PathBuf>,
}

impl Resource {
    /// Whether it writes files.
    pub(super) fn writes_files(&self) -> bool {
        self.sort == super::Sort::Managed && WRITERS.contains(&&*self.kind)
    }
}

impl Evaluator<'_> {
    /// The resource that writes the file at a path. Of several, which is the last to write is not
    /// known.
    pub(super) fn writers(&mut self, path: &Value, env: Env<'_>) -> Result<Vec<Writer>, NeedSplit> {
        let module = Arc::clone(&self.module);
        if module.writers.is_empty() {
            return Ok(Vec::new());
        }
        let Some(path) = self.place(path) else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        for index in &module.writers {
            let Some(resource) = module.resources.get(*index) else { continue };
            let argument = if is_folder(resource) { "destination_dir" } else { "filename" };
            let Some(argument) = resource.block.body.attribute(argument) else { continue };
            let names = roots(&argument.value);
            // Whether there are instances matters only where they write what is asked for.
            if !names.contains("each") && !names.contains("count") {
                let Some(name) = self.reaches(resource, None, &argument.value, &path, env)? else {
                    continue;
                };
                let first = self.instances_in(resource, env)?.first().cloned();
                let writer = |instance| Writer { resource: Arc::clone(resource), instance, name };
                out.extend(first.map(writer));
                continue;
            }
            for instance in self.instances_in(resource, env)?.iter() {
                let found = self.reaches(resource, Some(instance), &argument.value, &path, env)?;
                let (resource, instance) = (Arc::clone(resource), instance.clone());
                out.extend(found.map(|name| Writer { resource, instance, name }));
            }
        }
        Ok(out)
    }

    /// Whether a resource writes to a folder, as far as it is one of its own or below one.
    pub(super) fn is_written_to(
        &mut self,
        folder: &Value,
        env: Env<'_>,
    ) -> Result<bool, NeedSplit> {
        let Some(mut pieces) = self.pieces_of(folder) else { return Ok(false) };
        pieces.push(self.computed_piece("/any", folder.origin));
        let any = Value::new(Kind::Text(Text(pieces)), folder.origin);
        Ok(!self.writers(&any, env)?.is_empty())
    }

    /// Whether what an instance writes is at that path, and its name below the folder.
    fn reaches(
        &mut self,
        resource: &Resource,
        instance: Option<&Instance>,
        argument: &Node,
        path: &Path,
        env: Env<'_>,
    ) -> Result<Option<Option<PathBuf>>, NeedSplit> {
        let scope = instance.map_or_else(Scope::module, Instance::scope);
        let env = env.scope(&scope).mode(Mode::Data);
        let suffix = instance.map_or("", |instance| &instance.suffix);
        let memo = Memo::Destination(resource.instance(suffix));
        let known = self.remember(memo, argument, env, |evaluator| {
            Ok(Known::Value(evaluator.eval(argument, env)?))
        })?;
        let Known::Value(destination) = known else { return Ok(None) };
        let Some(destination) = self.place(&destination) else { return Ok(None) };
        Ok(match path.strip_prefix(&destination) {
            Ok(name) if is_folder(resource) => {
                (name.components().next().is_some()).then(|| Some(name.to_owned()))
            }
            Ok(name) => name.components().next().is_none().then_some(None),
            Err(_) => None,
        })
    }

    /// A path as text, from the module's folder, with a mark for each symbol in it. `None` where `..`
    /// may lead out of what a symbol stands for.
    fn place(&mut self, path: &Value) -> Option<PathBuf> {
        let mut text = String::new();
        let mut open = false;
        for piece in self.pieces_of(path)? {
            match piece {
                Piece::Lit { text: part, .. } => text.push_str(&part),
                Piece::Hole(id, _) => {
                    open = true;
                    text.push_str(&format!("{HOLE}{}{HOLE}", id.0));
                }
            }
        }
        if open && text.split('/').any(|part| part == "..") {
            return None;
        }
        Some(normalize(&self.module_dir().join(text)))
    }

    /// What a resource writes to the file that `path` names. `None` where it writes none of that name.
    pub(super) fn written(
        &mut self,
        writer: &Writer,
        path: &Value,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        let scope = writer.instance.scope();
        let env = env.scope(&scope).mode(Mode::Data);
        let Some(name) = &writer.name else { return self.content(writer, node, env).map(Some) };
        let address = writer.resource.instance(&writer.instance.suffix);
        let memo = Memo::Written(format!("{address} {}", name.display()));
        if name.to_string_lossy().contains(HOLE) {
            return Ok(Some(self.opaque(node, env)));
        }
        let Some(source) = self.argument(&writer.resource.block.body, "source_dir", env)? else {
            return Ok(Some(self.opaque(node, env)));
        };
        let Some(source) = known_text(&source) else { return Ok(Some(self.opaque(node, env))) };
        let source = Path::new(&source).join(name).to_string_lossy().into_owned();
        let source = self.computed(&source, path.origin);
        if self.is_on_disk(&source) == Some(false) {
            return Ok(None);
        }
        let known = self.remember(memo, node, env, |evaluator| {
            // What is rendered to be rendered again is not followed.
            let text = match evaluator.writers(&source, env)?.is_empty() {
                true => evaluator.read_file(&source, node, env),
                false => evaluator.opaque(node, env),
            };
            if matches!(text.kind, Kind::Symbol(_)) {
                return Ok(Known::Value(text));
            }
            let vars = evaluator.strings(&writer.resource, env)?;
            Ok(Known::Value(evaluator.render(&text, &vars, node, env)?))
        })?;
        Ok(Some(match known {
            Known::Value(value) => self.via(&value, node.span, Step::Include),
            Known::Instances(_) => self.opaque(node, env),
        }))
    }

    /// The content of a `local_file`.
    fn content(&mut self, writer: &Writer, node: &Node, env: Env<'_>) -> Result<Value, NeedSplit> {
        for name in ["content", "sensitive_content"] {
            if let Some(content) = self.argument(&writer.resource.block.body, name, env)? {
                return Ok(self.via(&content, node.span, Step::Include));
            }
        }
        Ok(self.opaque(node, env))
    }

    /// The variables that a resource of hashicorp/template renders with: all of them are strings.
    pub(super) fn strings(
        &mut self,
        resource: &Resource,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let body = &resource.block.body;
        let mut out = Map::default();
        for name in ["vars", "sensitive_vars"] {
            // A block is what older configurations write.
            for argument in body.blocks(name).flat_map(|block| &block.body.attributes) {
                let value = self.eval(&argument.value, env)?;
                let value = self.convert_scalar(&value, "string");
                let origin = self.origins.literal(argument.name_span);
                put(&mut out, Key { text: Arc::clone(&argument.name), origin }, value);
            }
            match self.argument(body, name, env)?.map(|vars| vars.kind) {
                Some(Kind::Map(map)) => {
                    for (key, value) in &map.entries {
                        let value = self.convert_scalar(value, "string");
                        put(&mut out, key.clone(), value);
                    }
                    out.rest = out.rest.or(map.rest);
                }
                Some(Kind::Symbol(id)) => out.rest = Some((id, Rest::Over)),
                _ => {}
            }
        }
        let origin = self.origins.literal(resource.block.header);
        Ok(Value::new(Kind::Map(Arc::new(out)), origin))
    }

    /// The symbol that says whether the copy of a file that is there is what a resource writes.
    pub(super) fn fresh(&mut self, writer: &Writer, node: &Node) -> SymbolId {
        let address = writer.resource.instance(&writer.instance.suffix);
        let label = format!("{address} is up to date");
        let origin = self.origins.literal(node.span);
        let default = Some(Value::new(Kind::Bool(true), origin));
        self.symbols.intern(&format!("fresh:{address}"), || Symbol {
            label,
            origin,
            class: Class::Opaque,
            default,
            allowed: None,
            pin: None,
        })
    }
}

fn is_folder(resource: &Resource) -> bool {
    &*resource.kind == "template_dir"
}
