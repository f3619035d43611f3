//! APIs that stand in a file of their own, outside of any template: policy documents, OpenAPI
//! documents, what the AWS CLI prints. Everything about such an API is in its file, in one world.
//!
//! This module must not know any of these forms.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::convert::symbol_table;
use super::holes::{self, Meaning};
use super::policy::{PolicyCx, policy_state};
use super::remarks::{Remarks, Sections};
use super::{Extraction, Inputs, read};
use crate::model::{
    Api, ApiKind, ApiWorld, Assumption, DuplicateEffect, EndpointTypes, Form, Framework, Inventory,
    IpAddressType, PolicySite, PolicyState, Problem, ProblemKind, Routes, Tag,
};
use crate::resolve::cloudformation::{Scope, Template, Unit};
use crate::resolve::{Kind, Symbols, Value, World};
use crate::source::{FileId, Origin, Origins, SourceFile, Span};
use crate::syntax::{self, Document, Node};

/// No parameters: nobody declares any.
static NONE: BTreeMap<String, Vec<String>> = BTreeMap::new();

/// A file that is read for itself, and what was found in it so far.
pub(super) struct Alone {
    pub(super) unit: Unit<'static>,
    pub(super) source: Arc<SourceFile>,
    pub(super) problems: Vec<Problem>,
    pub(super) apis: Vec<Api>,
    pub(super) document: Document,
    file: FileId,
    sections: Sections,
}

/// What was found of one API.
pub(super) struct Facts {
    pub(super) address: String,
    pub(super) kind: ApiKind,
    pub(super) framework: Framework,
    pub(super) name: Option<String>,
    /// The token that names it.
    pub(super) origin: Origin,
    /// Where its policy is written, and how.
    pub(super) site: Option<(Origin, Form)>,
    pub(super) endpoint: EndpointTypes,
    pub(super) ip: IpAddressType,
    pub(super) policy: PolicyState,
    pub(super) routes: Routes,
    pub(super) unresolved: Vec<Problem>,
    pub(super) assumptions: Vec<Assumption>,
    pub(super) tags: Vec<Tag>,
}

impl Facts {
    /// An API of which nothing is known but its policy.
    pub(super) fn new(address: &str, framework: Framework, origin: Origin) -> Self {
        Self {
            address: address.to_owned(),
            kind: ApiKind::RestApi,
            framework,
            name: None,
            origin,
            site: None,
            endpoint: EndpointTypes::Document,
            ip: IpAddressType::Ipv4,
            policy: PolicyState::None,
            routes: Routes::default(),
            unresolved: Vec::new(),
            assumptions: Vec::new(),
            tags: Vec::new(),
        }
    }
}

impl Alone {
    /// Reads `file`. Errors of syntax are problems; what could be read is kept.
    pub(super) fn read(file: FileId, inputs: Inputs<'_>, sections: Sections) -> Self {
        Self::read_with(file, inputs, sections, read::parse)
    }

    /// The same with a parser of its own.
    pub(super) fn read_with(
        file: FileId,
        inputs: Inputs<'_>,
        sections: Sections,
        parse: fn(FileId, &SourceFile) -> Document,
    ) -> Self {
        let source = inputs.db.file(file);
        let document = parse(file, &source);
        let (symbols, origins) = (Symbols::new(), Origins::new());
        let unit = Unit::new(Template::default(), &NONE, symbols, origins, "document:");
        let (problems, apis) = (Vec::new(), Vec::new());
        let mut out = Self { unit, source, problems, apis, document, file, sections };
        for error in std::mem::take(&mut out.document.errors) {
            let address = Some(out.source.display.clone());
            out.unreadable(error.span, error.message, error.help, address);
        }
        out
    }

    /// The documents of the file that hold something.
    pub(super) fn roots(&self) -> Vec<Node> {
        let holds = |root: &&Node| !matches!(root.kind, syntax::Kind::Null);
        self.document.roots.iter().filter(holds).cloned().collect()
    }

    /// The value of a node. What stands in functions is evaluated as if nothing were declared.
    pub(super) fn value(&mut self, node: &Node) -> Value {
        let world = World::default().freeze();
        match self.unit.eval(node, &Scope::default(), &world) {
            Ok(value) => value,
            // A frozen world asks for no split; were it otherwise, nothing would be known.
            Err(split) => Value::new(Kind::Symbol(split.symbol), self.unit.origin(node.span)),
        }
    }

    /// The same for a file of which some `${name}` get a value before it counts.
    pub(super) fn opened(&mut self, node: &Node, meaning: Meaning) -> Value {
        let value = self.value(node);
        holes::open(&value, &mut self.unit.symbols, &mut self.unit.origins, meaning)
    }

    /// The policy that a value is, for the API at `address`.
    pub(super) fn policy(&mut self, value: &Value, address: &str) -> PolicyState {
        let mut cx = PolicyCx {
            symbols: &mut self.unit.symbols,
            origins: &mut self.unit.origins,
            this_api: Some(address),
            problems: &mut self.problems,
        };
        policy_state(value, &mut cx)
    }

    /// Reports what cannot be read.
    pub(super) fn unreadable(
        &mut self,
        at: Span,
        message: String,
        help: Option<String>,
        api: Option<String>,
    ) {
        let kind = ProblemKind::Unreadable { message, help };
        let origin = self.unit.origin(at);
        self.problems.push(Problem { kind, origin, related: Vec::new(), api });
    }

    /// Adds an API.
    pub(super) fn add(&mut self, facts: Facts) {
        let bounded = self.unit.is_exhausted();
        let address = facts.address;
        let site = |(origin, form)| PolicySite {
            address: address.clone(),
            origin,
            form,
            merged: Vec::new(),
        };
        self.apis.push(Api {
            kind: facts.kind,
            framework: facts.framework,
            name: facts.name,
            origin: facts.origin,
            sites: facts.site.map(site).into_iter().collect(),
            worlds: vec![ApiWorld {
                assumptions: Vec::new(),
                is_default: true,
                exists: true,
                endpoint: facts.endpoint,
                ip: facts.ip,
                policy: facts.policy,
                routes: facts.routes,
            }],
            bounded,
            unresolved: facts.unresolved,
            assumptions: facts.assumptions,
            tags: facts.tags,
            called: None,
            account: None,
            symbols: Arc::default(),
            address,
        });
    }

    /// All that was found. A file in which there is nothing of what it was read for says `nothing`.
    pub(super) fn finish(mut self, nothing: &str) -> Extraction {
        if self.apis.is_empty() && self.problems.is_empty() {
            let at = Span::new(self.file, 0, 0);
            self.unreadable(at, nothing.to_owned(), None, None);
        }
        self.duplicates();
        let Self { mut unit, source, mut problems, mut apis, document, sections, .. } = self;
        problems.sort_by_key(|problem| unit.origins.span(problem.origin));
        let symbols = Arc::new(symbol_table(&unit.symbols));
        for api in &mut apis {
            api.symbols = Arc::clone(&symbols);
        }
        let remarks = Remarks::of(&document, &source, sections);
        let inventory = Inventory { apis, problems, symbols, ..Inventory::default() };
        let origins = std::mem::take(&mut unit.origins);
        Extraction { inventory, origins, remarks, ..Extraction::default() }
    }

    /// Reports the keys that stand twice in a policy where the policy did not report them itself
    /// (inside what is no policy element).
    fn duplicates(&mut self) {
        let known: BTreeSet<Span> = self
            .problems
            .iter()
            .filter(|problem| matches!(problem.kind, ProblemKind::DuplicateKey { .. }))
            .map(|problem| self.unit.origins.span(problem.origin))
            .collect();
        let whole = self.apis.iter().any(|api| api.kind == ApiKind::Document);
        let policies: Vec<Span> = self
            .apis
            .iter()
            .flat_map(|api| &api.sites)
            .map(|site| self.unit.origins.span(site.origin))
            .collect();
        for duplicate in &self.document.duplicates {
            let inside = whole || policies.iter().any(|policy| policy.contains(duplicate.second));
            if known.contains(&duplicate.second) || !inside {
                continue;
            }
            let first = self.unit.origin(duplicate.first);
            self.problems.push(Problem {
                kind: ProblemKind::DuplicateKey {
                    key: duplicate.key.to_string(),
                    effect: DuplicateEffect::Unspecified,
                },
                origin: self.unit.origin(duplicate.second),
                related: vec![(first, "first given here".into())],
                api: Some(self.source.display.clone()),
            });
        }
    }
}
