//! The walk: parallel, gitignore-aware, and each file is read and filtered on the way.
//!
//! Symbolic links are never followed to folders (so loops cannot matter) and never to templates: what
//! lies below a root is visited where it lies. A link to a part of a Terraform module is such a part,
//! and is read when its target lies below a root.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::calls::Calls;
use super::content::{Ask, Content, Look, look};
use super::exclude::Exclude;
use super::name::Name;
use crate::source::{Fs, confine};

/// Folders that hold copies of other people's code: always skipped, unless they are given.
const SKIPPED: [&str; 2] = [".terraform", "node_modules"];

/// What is said of them.
const COPIES: &str = "a folder of copies of other code, which is looked at only where it is given";

/// What a walk left out.
#[derive(Debug, Default)]
struct Excluded {
    /// How many files and folders `exclude` left out.
    count: AtomicUsize,
    /// What was left out and why, where that was asked.
    left_out: Mutex<Vec<(PathBuf, String)>>,
}

impl Excluded {
    fn add(&self, path: &Path, why: String) {
        let mut list = self.left_out.lock().unwrap_or_else(PoisonError::into_inner);
        list.push((path.to_path_buf(), why));
    }
}

/// What is said of a file that the content filter takes out.
const NO_MENTION: &str = "it does not mention API Gateway";

/// The hidden folder that holds the configuration of an application of AWS Chalice.
const CHALICE: &str = ".chalice";

/// How to walk.
pub(super) struct Walk<'a> {
    /// The folders to walk, canonical.
    pub(super) roots: &'a [PathBuf],
    /// The folders that links may lead into, canonical: the roots and those of named files.
    pub(super) offered: &'a [PathBuf],
    /// What to leave out.
    pub(super) exclude: &'a Exclude,
    /// Whether `.gitignore` files count.
    pub(super) gitignore: bool,
    /// For links.
    pub(super) fs: &'a dyn Fs,
    /// Files that were named: they are looked at elsewhere.
    pub(super) named: &'a BTreeSet<PathBuf>,
    /// Whether to look at parts of Terraform modules only.
    pub(super) parts_only: bool,
    /// Whether to remember what was passed over, and why.
    pub(super) explain: bool,
}

/// A file worth a closer look.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) path: PathBuf,
    pub(super) content: Content,
    /// Whether it mentions an API that can have a policy, or a policy.
    pub(super) policy: bool,
}

/// The parts of a Terraform module that the walk met.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// Its files and variables files, JSON included; the text of those that mention API Gateway.
    pub(super) files: BTreeMap<PathBuf, Option<Content>>,
    /// Whether one of them mentions API Gateway, or was named.
    pub(super) wanted: bool,
    /// Whether it calls such a module.
    pub(super) calls: bool,
    /// Whether it was read because another one calls it, and is not looked at for itself.
    pub(super) outside: bool,
    /// The folders of the modules that it may call, canonical.
    pub(super) called: BTreeSet<PathBuf>,
    /// The modules that its files may call, and the files that they may read.
    pub(super) refers: Calls,
    /// See [`super::Unit::callers`].
    pub(super) callers: BTreeSet<PathBuf>,
    /// See [`super::Unit::only_with`].
    pub(super) only_with: BTreeSet<PathBuf>,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) hits: Vec<Hit>,
    pub(super) modules: BTreeMap<PathBuf, Module>,
    /// The units of Terragrunt: whether they matter hangs on the modules that they call.
    pub(super) terragrunt: Vec<Hit>,
    /// How many candidate files there were.
    pub(super) discovered: usize,
    /// How many files and folders `exclude` left out.
    pub(super) excluded: usize,
    /// Whether one of them is infrastructure code.
    pub(super) iac: bool,
    pub(super) warnings: BTreeSet<String>,
    /// What was passed over, with the reason, where that was asked.
    pub(super) passed: Vec<(PathBuf, String)>,
}

impl Walk<'_> {
    /// Walks all roots.
    pub(super) fn run(&self) -> Walked {
        let found = Mutex::new(Walked::default());
        let iac = AtomicBool::new(false);
        let excluded = Arc::new(Excluded::default());
        if let Some(builder) = self.builder(self.roots, None, self.gitignore, &excluded) {
            builder.build_parallel().run(|| {
                let mut buffer = Vec::new();
                let (found, iac) = (&found, &iac);
                Box::new(move |entry| {
                    match entry {
                        Ok(entry) => self.visit(&entry, found, iac, &mut buffer),
                        Err(error) => warn(found, error.to_string()),
                    }
                    WalkState::Continue
                })
            });
        }
        let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.iac |= iac.load(Ordering::Relaxed);
        found.excluded = excluded.count.load(Ordering::Relaxed);
        let mut left_out = excluded.left_out.lock().unwrap_or_else(PoisonError::into_inner);
        found.passed.append(&mut left_out);
        found.hits.sort_by(|a, b| a.path.cmp(&b.path));
        found.terragrunt.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    /// The parts of the module in `dir`, and nothing else.
    pub(super) fn module(&self, dir: &Path) -> Vec<PathBuf> {
        let excluded = Arc::new(Excluded::default());
        let roots = [dir.to_path_buf()];
        let Some(builder) = self.builder(&roots, Some(1), self.gitignore, &excluded) else {
            return Vec::new();
        };
        let entries = builder.build().filter_map(Result::ok);
        let parts = entries.filter(|entry| is_part(Name::of(entry.path())) && !is_dir(entry));
        parts.map(DirEntry::into_path).collect()
    }

    /// The candidate files that the walk would meet if nothing were ignored.
    pub(super) fn all(&self) -> BTreeSet<PathBuf> {
        let all = Mutex::new(BTreeSet::new());
        let excluded = Arc::new(Excluded::default());
        if let Some(builder) = self.builder(self.roots, None, false, &excluded) {
            builder.build_parallel().run(|| {
                Box::new(|entry| {
                    if let Ok(entry) = entry
                        && self.candidate(&entry).is_some()
                    {
                        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                        all.insert(entry.into_path());
                    }
                    WalkState::Continue
                })
            });
        }
        all.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn builder(
        &self,
        roots: &[PathBuf],
        depth: Option<usize>,
        gitignore: bool,
        excluded: &Arc<Excluded>,
    ) -> Option<WalkBuilder> {
        let (first, rest) = roots.split_first()?;
        let mut builder = WalkBuilder::new(first);
        for root in rest {
            builder.add(root);
        }
        let others: BTreeSet<PathBuf> = self.roots.iter().cloned().collect();
        let exclude = self.exclude.clone();
        let excluded = Arc::clone(excluded);
        let explain = self.explain;
        builder
            // The user's own and this clone's own ignore files are not part of the project: the
            // same commit must give the same report everywhere.
            .git_global(false)
            .git_exclude(false)
            .ignore(false)
            .git_ignore(gitignore)
            .parents(gitignore)
            // Hidden ones are left out below, but for one.
            .hidden(false)
            .follow_links(false)
            .max_depth(depth)
            .filter_entry(move |entry| {
                if entry.depth() == 0 {
                    return true;
                }
                if entry.file_name().as_encoded_bytes().starts_with(b".")
                    && !(is_dir(entry) && entry.file_name() == CHALICE)
                {
                    return false;
                }
                // A root inside a root is walked once, for itself.
                if is_dir(entry) && others.contains(entry.path()) {
                    return false;
                }
                if is_dir(entry) && SKIPPED.iter().any(|name| entry.file_name() == *name) {
                    if explain {
                        excluded.add(entry.path(), COPIES.to_owned());
                    }
                    return false;
                }
                let Some(glob) = exclude.glob(entry.path()) else { return true };
                excluded.count.fetch_add(1, Ordering::Relaxed);
                if explain {
                    excluded.add(entry.path(), format!("excluded by `{glob}`"));
                }
                false
            });
        Some(builder)
    }

    fn visit(
        &self,
        entry: &DirEntry,
        found: &Mutex<Walked>,
        iac: &AtomicBool,
        buffer: &mut Vec<u8>,
    ) {
        let path = entry.path();
        let Some(name) = self.candidate(entry) else { return };
        if entry.path_is_symlink() && self.target(path).is_none() {
            warn(found, format!("{}: the link leads outside the given paths", path.display()));
            return;
        }
        if is_part(name) {
            iac.store(iac.load(Ordering::Relaxed) || name == Name::Terraform, Ordering::Relaxed);
            let ask = Ask { refers: name == Name::Terraform, ..Ask::default() };
            let looked = look(path, ask, buffer);
            let mut found = lock(found);
            let dir = path.parent().unwrap_or(path);
            let module = found.modules.entry(dir.to_path_buf()).or_default();
            let (mention, content) = match looked {
                Ok(look) => {
                    module.refers.add(look.refers);
                    (look.mention, look.content)
                }
                Err(error) => (true, Some(Content::Unreadable(error.to_string()))),
            };
            module.wanted |= mention && name == Name::Terraform;
            module.files.insert(path.to_path_buf(), content);
            found.discovered += 1;
            return;
        }
        if name == Name::Terragrunt {
            iac.store(true, Ordering::Relaxed);
            let hit = match look(path, Ask { content: true, ..Ask::default() }, buffer) {
                Ok(Look { mention, content: Some(content), .. }) => (content, mention),
                Ok(_) => return,
                Err(error) => (Content::Unreadable(error.to_string()), true),
            };
            let mut found = lock(found);
            found.discovered += 1;
            let (content, policy) = hit;
            found.terragrunt.push(Hit { path: path.to_path_buf(), content, policy });
            return;
        }
        let ask = Ask { template: !iac.load(Ordering::Relaxed), ..Ask::default() };
        let hit = match look(path, ask, buffer) {
            Ok(Look { mention, policy, content, template, .. }) => {
                if template {
                    iac.store(true, Ordering::Relaxed);
                }
                content.filter(|_| mention).map(|content| (content, policy))
            }
            // What cannot be opened may mention anything.
            Err(error) => Some((Content::Unreadable(error.to_string()), true)),
        };
        let mut found = lock(found);
        found.discovered += 1;
        match hit {
            Some((content, policy)) => {
                found.hits.push(Hit { path: path.to_path_buf(), content, policy });
            }
            None if self.explain => {
                found.passed.push((path.to_path_buf(), NO_MENTION.to_owned()));
            }
            None => {}
        }
    }

    /// What the name of an entry promises, if it is a file to look at.
    fn candidate(&self, entry: &DirEntry) -> Option<Name> {
        let name = Name::of(entry.path());
        let kind = entry.file_type()?;
        let wanted = match name {
            Name::Other => false,
            Name::Terraform | Name::TerraformValues => kind.is_file() || kind.is_symlink(),
            Name::Text | Name::ServerlessProgram | Name::Terragrunt => {
                !self.parts_only && kind.is_file() && !self.named.contains(entry.path())
            }
        };
        wanted.then_some(name)
    }

    /// The target of a link, when it lies below a root.
    pub(super) fn target(&self, link: &Path) -> Option<PathBuf> {
        let target = confine(self.fs, self.offered, link.parent()?, link)?;
        self.fs.is_file(&target).then_some(target)
    }
}

fn is_part(name: Name) -> bool {
    matches!(name, Name::Terraform | Name::TerraformValues)
}

fn is_dir(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

fn lock(found: &Mutex<Walked>) -> std::sync::MutexGuard<'_, Walked> {
    found.lock().unwrap_or_else(PoisonError::into_inner)
}

fn warn(found: &Mutex<Walked>, warning: String) {
    lock(found).warnings.insert(warning);
}
