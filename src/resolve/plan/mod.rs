//! What `terraform show -json` prints of a plan or of a state, as one module of resource instances: each
//! is a block with its values, so that the rest of the program need not know where they come from.
//!
//! Values that are known after apply only are expressions that are rebuilt from the configuration, see
//! [`rebuild`]. Data sources are blocks where something refers to them. What a plan destroys is not in
//! the module.
//!
//! A plan may be large: it is read in slices ([`raw`]), and a tree is made of what matters only.

mod address;
mod configuration;
mod index;
mod instantiate;
mod keyed;
mod links;
mod lower;
mod names;
mod places;
mod raw;
mod rebuild;
mod redeploy;
mod reference;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use crate::resolve::terraform::{Module, Resource, Sort};
use crate::source::{FileId, Span};
use crate::syntax::{Body, Duplicate, Node, Pair, SyntaxError};

use index::{Index, Instance};
use keyed::Keyed;
pub use places::Places;

use raw::Raw;
use rebuild::Written;

/// How many resource instances are looked at: more are not in any plan that Terraform finishes.
const MAX_INSTANCES: usize = 200_000;

/// A plan or state.
#[derive(Debug)]
pub struct Plan {
    /// Its resource instances as a module.
    pub module: Module,
    /// Keys that stand twice in the plan itself.
    pub twice: Vec<Duplicate>,
    /// Keys that stand twice in what a resource is made of.
    pub duplicates: Vec<Duplicate>,
    /// What cannot be read.
    pub errors: Vec<SyntaxError>,
    /// What Terraform says is missing in it.
    pub flaws: Vec<(Span, &'static str)>,
    /// The ids of APIs that exist, by address.
    pub ids: BTreeMap<String, String>,
    /// The accounts that APIs are deployed in, by address, and where that stands.
    pub accounts: BTreeMap<String, (String, Span)>,
    /// The account of all others.
    pub account: Option<(String, Span)>,
    /// Policies of existing APIs that it destroys, by the id of the API.
    pub destroyed: BTreeMap<String, Vec<Destroyed>>,
    /// Deployments that it leaves as they are although it changes the policy of their API.
    pub stale: Vec<Stale>,
    /// Where in the sources what stands where in the plan was written.
    pub places: Places,
}

/// The sources that a plan was made of.
pub trait Sources {
    /// The module that a path of calls leads to; the last of them names its `source`. `None` where it is
    /// not at hand.
    fn module(&mut self, calls: &[String], source: Option<&str>) -> Option<Arc<Module>>;
}

/// A policy that is taken away from an API.
#[derive(Debug, Clone)]
pub struct Destroyed {
    /// The address of the resource that attached it.
    pub address: String,
    /// Where the plan says so.
    pub at: Span,
}

/// A deployment of an API whose policy changes.
#[derive(Debug, Clone)]
pub struct Stale {
    /// The address of the API.
    pub api: String,
    /// The deployment.
    pub at: Span,
    /// Whether it has triggers.
    pub triggers: bool,
    /// The policy that it is to be.
    pub policy: Span,
}

/// Reads what `terraform show -json` printed. Nothing fails: what cannot be read is an error of the
/// result.
pub fn read(file: FileId, text: &str, sources: Option<&mut dyn Sources>) -> Plan {
    let mut raw = Raw::new(file, text);
    let index = index::index(&mut raw);
    let mut lower = Lower::new(raw, index, sources);
    let resources = lower.resources();
    lower.finish(resources)
}

/// Makes blocks of instances.
struct Lower<'t, 's> {
    raw: Raw<'t>,
    index: Index,
    /// Instances by module instance, type and name.
    by_name: BTreeMap<(String, Sort, String, String), Rc<Keyed<usize>>>,
    /// Instances by address.
    by_address: BTreeMap<String, usize>,
    /// The addresses of all module instances with resources that matter, and of those around them.
    modules: BTreeSet<String>,
    /// Those of them that have keys, by their addresses without the key.
    keyed: BTreeMap<String, Rc<Keyed<String>>>,
    /// The values of instances, as far as they were asked for.
    values: BTreeMap<usize, Option<Node>>,
    /// Instances by type, attribute and what that is.
    ids: BTreeMap<(String, &'static str, String), usize>,
    /// What references mean and was not looked at since, by address.
    needed: BTreeMap<String, (Sort, String, Span)>,
    /// The ids of APIs that another resource attaches a policy to, or no longer does.
    attached: BTreeSet<String>,
    destroyed: BTreeMap<String, Vec<Destroyed>>,
    sources: Option<&'s mut dyn Sources>,
    /// The sources of modules, by the calls that lead there.
    read: BTreeMap<Vec<String>, Option<Arc<Module>>>,
    places: Places,
}

impl<'t, 's> Lower<'t, 's> {
    fn new(mut raw: Raw<'t>, mut index: Index, sources: Option<&'s mut dyn Sources>) -> Self {
        if index.instances.len() > MAX_INSTANCES {
            let span = index.instances.get(MAX_INSTANCES).map(|instance| raw.span(&instance.at));
            let message = format!("more than {MAX_INSTANCES} resources; the rest is not read");
            raw.errors.extend(span.map(|span| SyntaxError { span, message, help: None }));
            index.instances.truncate(MAX_INSTANCES);
        }
        let mut by_name: BTreeMap<_, Keyed<usize>> = BTreeMap::new();
        let mut by_address = BTreeMap::new();
        let mut modules = BTreeSet::new();
        for (at, one) in index.instances.iter().enumerate() {
            let key = (one.module.clone(), one.sort, one.kind.clone(), one.name.clone());
            by_name.entry(key).or_default().push(one.key.as_deref(), at);
            by_address.insert(one.address.clone(), at);
            let mut module = one.module.clone();
            while modules.insert(module.clone()) {
                let Some((around, _)) = address::parent(&module) else { break };
                module = around;
            }
        }
        let mut keyed: BTreeMap<_, Keyed<String>> = BTreeMap::new();
        for module in &modules {
            if let Some((of, key)) = address::without_key(module) {
                keyed.entry(of.to_owned()).or_default().push(Some(&key), module.clone());
            }
        }
        let mut out = Self {
            raw,
            index,
            by_name: by_name.into_iter().map(|(name, of)| (name, Rc::new(of))).collect(),
            by_address,
            modules,
            keyed: keyed.into_iter().map(|(module, of)| (module, Rc::new(of))).collect(),
            values: BTreeMap::new(),
            ids: BTreeMap::new(),
            needed: BTreeMap::new(),
            attached: BTreeSet::new(),
            destroyed: BTreeMap::new(),
            sources,
            read: BTreeMap::new(),
            places: Places::default(),
        };
        out.identify();
        out
    }

    /// The sources of a module.
    fn source(&mut self, calls: &[String]) -> Option<Arc<Module>> {
        if let Some(known) = self.read.get(calls) {
            return known.clone();
        }
        // A module is found beside the one that calls it.
        if let Some((_, around)) = calls.split_last() {
            self.source(around)?;
        }
        let configuration = self.index.configuration.as_ref();
        let source = configuration.and_then(|root| root.call(calls)?.source.clone());
        let found = self.sources.as_mut()?.module(calls, source.as_deref());
        self.read.insert(calls.to_vec(), found.clone());
        found
    }

    /// Remembers that a resource is referred to.
    fn need(&mut self, address: &str, sort: Sort, kind: &str, at: Span) {
        if !self.needed.contains_key(address) {
            self.needed.insert(address.to_owned(), (sort, kind.to_owned(), at));
        }
    }

    /// Learns which ids are whose, and which APIs have policies of other resources.
    fn identify(&mut self) {
        for at in 0..self.index.instances.len() {
            let Some(one) = self.index.instances.get(at) else { continue };
            let (sort, kind) = (one.sort, one.kind.clone());
            if kind == "aws_api_gateway_rest_api_policy" {
                let api = self.value(at, "rest_api_id").and_then(|api| api.scalar());
                self.attached.extend(api.filter(|api| !api.is_empty()).map(|api| api.to_string()));
                continue;
            }
            let names: BTreeSet<&str> = links::naming(&kind).map(|(.., name)| name).collect();
            for name in names {
                let value = self.value(at, name).and_then(|value| value.scalar());
                let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
                // The managed one, where a data source looks the same thing up.
                let key = (kind.clone(), name, value.to_string());
                if sort == Sort::Managed {
                    self.ids.insert(key, at);
                } else {
                    self.ids.entry(key).or_insert(at);
                }
            }
        }
        for (address, change) in &self.index.changes {
            if change.kind != "aws_api_gateway_rest_api_policy" || !change.deletes() {
                continue;
            }
            let before = change.before.as_ref().and_then(|before| self.raw.tree(before));
            let api = before.and_then(|before| before.get("rest_api_id")?.scalar());
            if let Some(api) = api {
                let gone = Destroyed { address: address.clone(), at: self.raw.span(&change.at) };
                self.destroyed.entry(api.to_string()).or_default().push(gone);
            }
        }
    }

    /// Whether the policy of an API in its values is what another resource, or its body, made it: the
    /// argument is computed where nobody configures it.
    fn is_outcome(&self, index: usize, instance: &Instance, written: Written<'_>) -> bool {
        if instance.kind != "aws_api_gateway_rest_api" || instance.sort != Sort::Managed {
            return false;
        }
        let configured = match written {
            Written::Nowhere => Some(false),
            Written::Unsaid => None,
            Written::As(body) => Some(body.get("policy").is_some()),
        };
        let id = self.known(index, "id").and_then(Node::scalar);
        let attached = id
            .as_ref()
            .is_some_and(|id| self.attached.contains(&**id) || self.destroyed.contains_key(&**id));
        let changes = self.index.changes.get(&instance.address);
        let stays = changes.is_some_and(|change| change.actions.iter().all(|a| a == "no-op"));
        let imported = self.known(index, "body").and_then(Node::scalar);
        let imported = imported.is_some_and(|body| !body.is_empty()) && !stays;
        match configured {
            Some(true) => false,
            Some(false) => attached || imported,
            None => attached,
        }
    }

    /// The values of an instance.
    fn values(&mut self, index: usize) -> Option<Node> {
        if let Some(known) = self.values.get(&index) {
            return known.clone();
        }
        let range = self.index.instances.get(index).and_then(|one| one.values.clone());
        let values = range.and_then(|range| self.raw.tree(&range));
        self.values.insert(index, values.clone());
        values
    }

    fn value(&mut self, index: usize, name: &str) -> Option<Node> {
        self.values(index)?.get(name).cloned()
    }

    /// A value of an instance whose values were read before.
    fn known(&self, index: usize, name: &str) -> Option<&Node> {
        self.values.get(&index)?.as_ref()?.get(name)
    }

    /// Whether the plan knows the value of an attribute.
    fn knows(&self, index: usize, name: &str) -> bool {
        let null = |node: &&Node| matches!(node.kind, crate::syntax::Kind::Null);
        self.known(index, name).filter(|node| !null(node)).is_some()
    }

    fn values_have(&self, instance: &Instance, name: &str) -> bool {
        self.by_address.get(&instance.address).is_some_and(|index| self.knows(*index, name))
    }

    /// What earlier members of the same key hold.
    fn hidden(&self, index: usize) -> Vec<Pair> {
        let Some(Some(values)) = self.values.get(&index) else { return Vec::new() };
        let pairs = values.as_map().map(|pairs| pairs.to_vec()).unwrap_or_default();
        let last: BTreeMap<Arc<str>, Span> =
            pairs.iter().filter_map(|p| Some((p.key.scalar()?, p.key.span))).collect();
        let is_hidden = |pair: &Pair| {
            pair.key.scalar().is_some_and(|key| last.get(&key) != Some(&pair.key.span))
        };
        pairs.into_iter().filter(is_hidden).collect()
    }

    fn instances_of(&self, module: &str, sort: Sort, kind: &str, name: &str) -> Rc<Keyed<usize>> {
        let key = (module.to_owned(), sort, kind.to_owned(), name.to_owned());
        self.by_name.get(&key).cloned().unwrap_or_default()
    }

    /// How a resource is configured: its arguments, and the collection of `each`.
    fn configured(&mut self, instance: &Instance) -> Option<(Node, Option<Node>)> {
        let module = address::calls(&instance.module);
        let module = self.index.configuration.as_ref()?.module(&module)?;
        let block = module.resource(instance.sort, &instance.kind, &instance.name)?.clone();
        let for_each = block.for_each.and_then(|range| self.raw.tree(&range));
        Some((self.raw.tree(&block.expressions?)?, for_each))
    }

    /// All managed instances, and what they refer to.
    fn resources(&mut self) -> Vec<Resource> {
        let mut out = Vec::new();
        let mut done = BTreeSet::new();
        for at in 0..self.index.instances.len() {
            let Some(instance) = self.index.instances.get(at).cloned() else { continue };
            if instance.sort == Sort::Managed {
                done.insert(instance.address.clone());
                out.push(self.resource(at, &instance));
            }
        }
        while let Some((address, (sort, kind, at))) = self.needed.pop_first() {
            if !done.insert(address.clone()) {
                continue;
            }
            let known = self.by_address.get(&address).copied();
            match known.and_then(|at| Some((at, self.index.instances.get(at).cloned()?))) {
                Some((at, instance)) => {
                    self.values(at);
                    out.push(self.resource(at, &instance));
                }
                // The plan says nothing of it but that something refers to it.
                None => {
                    let body = Body::default();
                    out.push(lower::absolute(sort, &kind, &address, (at, at), body));
                }
            }
        }
        out
    }

    fn finish(mut self, resources: Vec<Resource>) -> Plan {
        let (mut ids, mut accounts, mut account) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for at in 0..self.index.instances.len() {
            let Some(one) = self.index.instances.get(at) else { continue };
            let (sort, kind, address) = (one.sort, one.kind.clone(), one.address.clone());
            let known =
                |node: Option<Node>| node.and_then(|node| Some((node.scalar()?, node.span)));
            match (sort, &*kind) {
                (Sort::Managed, "aws_api_gateway_rest_api") => {
                    if let Some((id, _)) = known(self.value(at, "id")) {
                        ids.insert(address.clone(), id.to_string());
                    }
                    if let Some((arn, span)) = known(self.value(at, "execution_arn"))
                        && let Some(field) = arn.split(':').nth(4)
                    {
                        accounts.insert(address, (field.to_owned(), span));
                    }
                }
                (Sort::Data, "aws_caller_identity") => {
                    account.extend(known(self.value(at, "account_id")));
                }
                _ => {}
            }
        }
        // Two of them are two providers, and nothing says which is whose.
        let names: BTreeSet<_> = account.iter().map(|(id, _)| Arc::clone(id)).collect();
        let account = account.into_iter().next().filter(|_| names.len() == 1);
        let stale = self.stale();
        let flaws = self.index.flaws.iter().map(|(at, what)| (self.raw.span(at), *what)).collect();
        Plan {
            module: Module::of(PathBuf::new(), String::new(), resources),
            twice: self.raw.twice,
            duplicates: self.raw.duplicates,
            errors: self.raw.errors,
            flaws,
            ids,
            accounts,
            account: account.map(|(id, span)| (id.to_string(), span)),
            destroyed: self.destroyed,
            stale,
            places: self.places.sorted(),
        }
    }
}
