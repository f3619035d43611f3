//! Following module calls: local modules, and those that `terraform init` put under `.terraform/modules`
//! (<https://developer.hashicorp.com/terraform/language/modules/sources>).
//!
//! A module is looked for in the given folders only. A call that is not followed stays one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::folder::{Code, code, installed};
use super::load::{self, Beside, Loaded, Lost};
use crate::resolve::explore;
use crate::resolve::terraform::{
    Call, Evaluator, Files, Instance, Module, Resource, Sort, UNIT, is_local,
};
use crate::source::{FileId, confine, normalize, relative, shown_in, slashed};

/// How deep modules may call each other.
const MAX_DEPTH: usize = 8;
/// What asking for the instances of a call costs by itself, in steps.
const COST_OF_CALL: usize = 20_000;
/// How much text all copies of modules may be copies of, in bytes.
const MAX_COPIED: usize = 16 << 20;

/// Makes the modules that a module calls a part of it, as far as they are there. Their files are given
/// back.
pub(super) fn follow(loaded: &mut Loaded, dir: &Path, files: Files<'_>) -> Vec<FileId> {
    let mut reader = Reader {
        dir,
        files,
        vendored: None,
        read: BTreeMap::new(),
        ways: BTreeMap::new(),
        fuel: None,
        left: MAX_COPIED,
        out: Vec::new(),
    };
    let mut open: VecDeque<Call> = loaded.module.own_calls().into();
    while let Some(call) = open.pop_front() {
        let made = reader.take_in(loaded, &call);
        match made {
            Some(calls) => open.extend(calls),
            // It is a call of the whole, as those of the root module are.
            None if call.path.len() > 1 => {
                Arc::make_mut(&mut loaded.module).calls.push(call.block);
            }
            None => {}
        }
    }
    reader.out
}

struct Reader<'a> {
    dir: &'a Path,
    files: Files<'a>,
    /// The folders of vendored modules, by the names of the calls that lead to them.
    vendored: Option<BTreeMap<String, String>>,
    /// The modules that were read, and how long their text is.
    read: BTreeMap<PathBuf, Option<(Arc<Module>, usize)>>,
    /// The folders from the root module to the module that a call leads to, by the names of the calls.
    ways: BTreeMap<Vec<Arc<str>>, Vec<PathBuf>>,
    /// How many steps evaluation may still take to tell how many instances calls have.
    fuel: Option<usize>,
    /// How much text may still be copied.
    left: usize,
    /// The files that were read.
    out: Vec<FileId>,
}

impl Reader<'_> {
    /// Follows one call; the calls of the called module are given back.
    fn take_in(&mut self, loaded: &mut Loaded, call: &Call) -> Option<Vec<Call>> {
        if call.path.len() > MAX_DEPTH {
            loaded.lost.insert(call.block.span, Lost::Limit { makes_api: false });
            return None;
        }
        let Some(source) = call.block.body.attribute("source")?.value.scalar() else {
            loaded.lost.insert(call.block.span, Lost::NotKnown);
            return None;
        };
        let folder = match is_local(&source) {
            true => slashed(&normalize(&Path::new(&call.dir).join(&*source))),
            false => self.vendored(&call.path.join("."))?,
        };
        let Files { fs, roots, .. } = self.files;
        let Some(real) = confine(fs, roots, self.dir, Path::new(&folder)) else {
            if is_local(&source) {
                loaded.lost.insert(call.block.span, Lost::NotThere);
            }
            return None;
        };
        // Terraform refuses modules that call each other in a circle: each is judged alone.
        let (_, caller) = call.path.split_last()?;
        // A unit of Terragrunt may be the module beside it.
        let of_module =
            || (&*call.block.kind != UNIT).then(|| fs.canonical(self.dir).ok()).flatten();
        let root = || of_module().into_iter().collect::<Vec<PathBuf>>();
        let mut way = self.ways.get(caller).cloned().unwrap_or_else(root);
        if way.contains(&real) {
            return None;
        }
        way.push(real.clone());
        self.ways.insert(call.path.clone(), way);
        // Terragrunt runs Terraform in a copy of the module, with the files of the unit put into it.
        let is_unit = &*call.block.kind == UNIT;
        let (called, size) = self.module(&real, &folder, is_unit, loaded)?;
        if is_unit && real != self.dir {
            Arc::make_mut(&mut loaded.module).beside.push(real.clone());
            loaded.called.insert(self.dir.to_path_buf());
        }
        let copied = self.suffixes(loaded, call).and_then(|suffixes| {
            let copies = size.checked_mul(suffixes.len())?;
            self.left = self.left.checked_sub(copies)?;
            let module = Arc::make_mut(&mut loaded.module);
            Some((module.take_in(call, &called, &folder, &suffixes)?, suffixes))
        });
        let Some((calls, suffixes)) = copied else {
            let makes_api = self.makes_api(called, folder, loaded);
            loaded.lost.insert(call.block.span, Lost::Limit { makes_api });
            return None;
        };
        if !suffixes.is_empty() {
            loaded.called.insert(real);
        }
        Some(calls)
    }

    /// Whether a module makes an API or attaches a policy to one, or one does that it calls.
    fn makes_api(&mut self, module: Arc<Module>, folder: String, loaded: &mut Loaded) -> bool {
        let of_apis = |resource: &Arc<Resource>| {
            resource.sort == Sort::Managed && resource.kind.starts_with("aws_api_gateway_rest_api")
        };
        let Files { fs, roots, .. } = self.files;
        let mut seen = BTreeSet::new();
        let mut open = vec![(module, folder)];
        while let Some((module, folder)) = open.pop() {
            if module.resources.iter().any(of_apis) {
                return true;
            }
            for call in &module.calls {
                let source = call.body.attribute("source").and_then(|source| source.value.scalar());
                let Some(source) = source.filter(|source| is_local(source)) else { continue };
                let folder = slashed(&normalize(&Path::new(&folder).join(&*source)));
                let real = confine(fs, roots, self.dir, Path::new(&folder));
                let Some(real) = real.filter(|real| seen.insert(real.clone())) else { continue };
                let called = self.module(&real, &folder, false, loaded);
                open.extend(called.map(|(module, _)| (module, folder)));
            }
        }
        false
    }

    /// The instances that a call has in some world; `None` where there is no more time to tell.
    fn suffixes(&mut self, loaded: &Loaded, call: &Call) -> Option<Vec<String>> {
        if call.resource.count().is_none() && call.resource.for_each().is_none() {
            return Some(vec![String::new()]);
        }
        let mut evaluator =
            Evaluator::new(Arc::clone(&loaded.module), self.files, loaded.given.clone());
        if let Some(fuel) = self.fuel {
            evaluator.limit(fuel);
        }
        let explored = explore(
            &mut evaluator,
            |evaluator| &evaluator.symbols,
            |evaluator, world| {
                evaluator.begin();
                let found = evaluator.instances(&call.resource, world);
                evaluator.finish();
                found
            },
        );
        let mut out: Vec<String> = Vec::new();
        for (_, instances) in &explored.worlds {
            for Instance { suffix, .. } in instances.iter() {
                if !out.contains(suffix) {
                    out.push(suffix.clone());
                }
            }
        }
        let left = evaluator.left();
        self.fuel = Some(left.saturating_sub(COST_OF_CALL));
        (left > 0 && !explored.bounded).then_some(out)
    }

    /// The module in a folder, which is `shown` as a path from the root module, with the files of the
    /// Terragrunt unit that calls it above its own.
    fn module(
        &mut self,
        real: &Path,
        shown: &str,
        is_unit: bool,
        loaded: &mut Loaded,
    ) -> Option<(Arc<Module>, usize)> {
        if let Some(known) = self.read.get(real) {
            return known.clone();
        }
        let module = self.load(real, shown, is_unit, loaded);
        self.read.insert(real.to_path_buf(), module.clone());
        module
    }

    fn load(
        &mut self,
        real: &Path,
        shown: &str,
        is_unit: bool,
        loaded: &mut Loaded,
    ) -> Option<(Arc<Module>, usize)> {
        let Files { fs, roots, db } = self.files;
        let display = shown_in(Path::new(&loaded.module.display), Path::new(shown));
        let (mut ids, mut size) = (Vec::new(), 0_usize);
        let mut above = match is_unit && real != self.dir {
            true => code(fs, roots, self.dir),
            false => Vec::new(),
        };
        let generated = loaded.generated.iter().filter(|_| is_unit).cloned();
        above.extend(generated);
        let mut own = code(fs, roots, real);
        own.retain(|file| above.iter().all(|other| other.name != file.name));
        for Code { path, text, .. } in own.into_iter().chain(above) {
            size = size.saturating_add(text.len());
            let shown = shown_in(Path::new(&loaded.module.display), &relative(self.dir, &path));
            ids.push(db.add(&path, shown, text));
        }
        if ids.is_empty() {
            return None;
        }
        let mut beside = Beside::default();
        let module = load::module(real, display, &ids, db, &mut beside);
        loaded.duplicates.append(&mut beside.duplicates);
        loaded.errors.append(&mut beside.errors);
        loaded.remarks.append(beside.remarks);
        self.out.extend(ids);
        Some((Arc::new(module), size))
    }

    /// The folder of a module that is vendored, by the names of the calls that lead to it.
    fn vendored(&mut self, key: &str) -> Option<String> {
        let Files { fs, roots, .. } = self.files;
        let list = self.vendored.get_or_insert_with(|| installed(fs, roots, self.dir));
        list.get(key).cloned()
    }
}
