//! A module: its variables, locals, resources, data sources and module calls.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::call::{Followed, Input, Within};
use super::names::Named;
use super::overrides;
use crate::syntax::{Attribute, Block, Node};

/// What a resource block declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// `resource`
    Managed,
    /// `data`
    Data,
}

/// A resource or data source.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Which of the two.
    pub sort: Sort,
    /// Its type.
    pub kind: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Its block.
    pub block: Arc<Block>,
    /// Its name is its whole address, instance key included.
    pub absolute: bool,
    /// The instance of a module call that it belongs to; `None` in the root module.
    pub within: Option<Within>,
}

/// An input variable.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: Arc<str>,
    /// Its block.
    pub block: Arc<Block>,
}

/// The parts of a module directory.
#[derive(Debug, Clone, Default)]
pub struct Module {
    /// The directory.
    pub dir: PathBuf,
    /// How the directory is printed.
    pub display: String,
    /// Folders whose files Terraform runs beside those of the directory, canonical.
    pub beside: Vec<PathBuf>,
    /// Variables by name.
    pub variables: BTreeMap<Arc<str>, Variable>,
    /// Locals by name.
    pub locals: BTreeMap<Arc<str>, Attribute>,
    /// Resources and data sources, in source order. Where an address stands twice, both are here,
    /// and references mean the first.
    pub resources: Vec<Arc<Resource>>,
    /// Module calls, in source order.
    pub calls: Vec<Arc<Block>>,
    /// The blocks of all other types, and blocks with too few labels.
    pub others: Vec<Arc<Block>>,
    /// Its resources are instances of several modules: one place may say different things.
    pub flat: bool,
    /// The variables of called modules.
    pub(super) inputs: BTreeMap<Arc<str>, Input>,
    /// The calls that are followed, by name.
    pub(super) followed: BTreeMap<Arc<str>, Followed>,
    /// The `provider` blocks of called modules, by the address of the call's instance.
    pub(super) providers: BTreeMap<String, Vec<Arc<Block>>>,
    /// How many copies of called modules are a part of this one.
    pub(super) copies: usize,
    /// Which of the resources write files.
    pub(super) writers: Vec<usize>,
    index: BTreeMap<Named, usize>,
    /// The managed resources of each type, by their place among all.
    by_kind: BTreeMap<Arc<str>, Vec<usize>>,
}

impl Resource {
    /// The address without an instance key.
    pub fn address(&self) -> String {
        // Names of called modules carry the address of the call.
        let (call, name) = match self.name.rsplit_once('.') {
            Some((call, name)) => (format!("{call}."), name),
            None => (String::new(), &*self.name),
        };
        match self.sort {
            _ if self.absolute => self.name.to_string(),
            Sort::Managed => format!("{call}{}.{name}", self.kind),
            Sort::Data => format!("{call}data.{}.{name}", self.kind),
        }
    }

    /// The address of the instance with that suffix.
    pub fn instance(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.address())
    }

    /// The calls that lead to it, the innermost first.
    pub fn calls(&self) -> impl Iterator<Item = &Arc<Resource>> {
        fn call(resource: &Resource) -> Option<&Arc<Resource>> {
            resource.within.as_ref().map(|within| &within.call)
        }
        std::iter::successors(call(self), |inner| call(inner))
    }

    /// The call in the root module that leads to it.
    pub fn root_call(&self) -> Option<&Arc<Resource>> {
        self.calls().last()
    }

    /// What expressions name it by.
    pub fn named(&self) -> Named {
        (self.sort, Arc::clone(&self.kind), Arc::clone(&self.name))
    }

    /// The `count` argument.
    pub fn count(&self) -> Option<&Node> {
        self.block.body.attribute("count").map(|a| &a.value)
    }

    /// The `for_each` argument.
    pub fn for_each(&self) -> Option<&Node> {
        self.block.body.attribute("for_each").map(|a| &a.value)
    }
}

impl Module {
    /// The module of the blocks of a directory's files, in order; those of override files come after all
    /// others and are merged into what they override
    /// (<https://developer.hashicorp.com/terraform/language/files/override>).
    pub fn new(
        dir: PathBuf,
        display: String,
        mut blocks: Vec<Arc<Block>>,
        override_blocks: &[Arc<Block>],
    ) -> Self {
        let mut out = Self { dir, display, ..Self::default() };
        for block in override_blocks {
            overrides::apply(&mut blocks, block);
        }
        for block in blocks {
            out.add(block);
        }
        out
    }

    /// The module of these resource instances and nothing else.
    pub fn of(dir: PathBuf, display: String, resources: Vec<Resource>) -> Self {
        let mut out = Self { dir, display, flat: true, ..Self::default() };
        resources.into_iter().for_each(|resource| out.add_resource(resource));
        out
    }

    fn add(&mut self, block: Arc<Block>) {
        let label = |i: usize| block.labels.get(i).map(|l| Arc::clone(&l.text));
        match (&*block.kind, label(0), label(1)) {
            ("variable", Some(name), _) => {
                let variable = Variable { name: Arc::clone(&name), block };
                self.variables.entry(name).or_insert(variable);
            }
            ("locals", ..) => {
                for attribute in &block.body.attributes {
                    let name = Arc::clone(&attribute.name);
                    self.locals.entry(name).or_insert_with(|| attribute.clone());
                }
            }
            ("resource", Some(kind), Some(name)) => {
                let (sort, absolute) = (Sort::Managed, false);
                self.add_resource(Resource { sort, kind, name, block, absolute, within: None });
            }
            ("data", Some(kind), Some(name)) => {
                let (sort, absolute) = (Sort::Data, false);
                self.add_resource(Resource { sort, kind, name, block, absolute, within: None });
            }
            ("module", Some(_), _) => self.calls.push(block),
            _ => self.others.push(block),
        }
    }

    /// Adds a resource.
    pub(super) fn add_resource(&mut self, resource: Resource) {
        self.index.entry(resource.named()).or_insert(self.resources.len());
        if resource.sort == Sort::Managed {
            let of_kind = self.by_kind.entry(Arc::clone(&resource.kind)).or_default();
            of_kind.push(self.resources.len());
        }
        if resource.writes_files() {
            self.writers.push(self.resources.len());
        }
        self.resources.push(Arc::new(resource));
    }

    /// The resource or data source of that address.
    pub fn resource(&self, sort: Sort, kind: &str, name: &str) -> Option<&Arc<Resource>> {
        let index = *self.index.get(&(sort, kind.into(), name.into()))?;
        self.resources.get(index)
    }

    /// The managed resources of a type, in source order.
    pub fn managed<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Arc<Resource>> {
        let of_kind = self.by_kind.get(kind).map(Vec::as_slice).unwrap_or_default();
        of_kind.iter().filter_map(|at| self.resources.get(*at))
    }
}
