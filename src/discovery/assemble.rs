//! Putting the files of a Terraform module together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::calls::Calls;
use super::collect::Collector;
use super::content::{Ask, Content, look};
use super::name::Name;
use super::prefilter::mentions_api;
use super::walk::{Module, Walk};
use super::{Unit, UnitKind};
use crate::syntax::hcl::{auto_loaded, tofu_twin};

impl Collector<'_> {
    /// Selects the module that `path` is a part of.
    pub(super) fn want(
        &mut self,
        path: &Path,
        content: Option<Content>,
        walk: &Walk<'_>,
        modules: &mut BTreeMap<PathBuf, Module>,
    ) {
        let dir = path.parent().unwrap_or(path);
        let module = modules.entry(dir.to_path_buf()).or_default();
        module.wanted = true;
        let mut given = content;
        for part in walk.module(dir).into_iter().chain([path.to_path_buf()]) {
            let content = if part == *path { given.take() } else { None };
            let known = module.files.contains_key(&part);
            if known && content.is_none() {
                continue;
            }
            self.out.files_discovered += usize::from(!known);
            let code = Name::of(&part) == Name::Terraform;
            // The walk did not look at it.
            let content = if code { content.or_else(|| self.read(&part, walk)) } else { content };
            if let Some(Content::Text(text)) = content.as_ref().filter(|_| code) {
                module.refers.add(Calls::of(text.as_bytes()));
            }
            module.files.insert(part, content);
        }
    }

    /// A Terraform module.
    pub(super) fn module(&mut self, dir: &Path, module: Module, walk: &Walk<'_>) {
        let names: BTreeSet<PathBuf> = module.files.keys().cloned().collect();
        let (only_with, calls) = (module.only_with, module.calls);
        self.callers.insert(dir.to_path_buf(), module.callers);
        let mut parts = Vec::new();
        for (path, content) in module.files {
            let order = match Name::of(&path) {
                Name::Terraform if tofu_twin(&path).is_some_and(|twin| names.contains(&twin)) => {
                    self.skip(&path, "a .tofu file of the same name stands for it");
                    continue;
                }
                Name::Terraform => None,
                _ => match auto_loaded(&path) {
                    Some(order) => Some(order),
                    None => continue,
                },
            };
            let content = match content {
                Some(content) => content,
                None => match self.read(&path, walk) {
                    Some(content) => content,
                    None => continue,
                },
            };
            parts.push((order, path, content));
        }
        let is_code = parts.iter().any(|(order, ..)| order.is_none());
        self.out.iac |= is_code && only_with.is_empty();
        let has = |what: fn(&str) -> bool| {
            parts.iter().any(|(.., content)| match content {
                Content::Text(text) => what(text),
                Content::Unreadable(_) => only_with.is_empty(),
            })
        };
        let reads_files = has(|text| text.contains("file"));
        let mentions = self.request.promised || calls || has(|text| mentions_api(text.as_bytes()));
        if !is_code || !mentions || !only_with.is_empty() && !reads_files {
            return;
        }
        self.out.files_discovered += if only_with.is_empty() { 0 } else { names.len() };
        let (mut files, mut values) = (Vec::new(), Vec::new());
        for (order, path, content) in parts {
            match (content, order) {
                (Content::Text(text), None) => files.push(self.add(&path, &text)),
                (Content::Text(text), Some(order)) => values.push((order, self.add(&path, &text))),
                (Content::Unreadable(reason), _) => self.unreadable(&path, reason),
            }
        }
        if files.is_empty() {
            return;
        }
        values.sort();
        let tfvars = values.into_iter().map(|(_, id)| id).collect();
        let kind = UnitKind::Terraform { dir: dir.to_path_buf(), files, tfvars };
        let unit = Unit { only_with, ..self.unit_of(kind) };
        self.units.push((dir.to_path_buf(), unit));
    }

    /// A part of a module that was not kept by the walk. `None` for a link that leads nowhere.
    fn read(&mut self, path: &Path, walk: &Walk<'_>) -> Option<Content> {
        let real = match walk.target(path) {
            Some(target) => target,
            None => {
                let name = path.display();
                let warning = format!("{name}: the link leads outside the given paths");
                self.out.warnings.insert(warning);
                return None;
            }
        };
        let ask = Ask { content: true, ..Ask::default() };
        match look(&real, ask, &mut Vec::new()) {
            Ok(look) => look.content,
            Err(error) => Some(Content::Unreadable(error.to_string())),
        }
    }
}
