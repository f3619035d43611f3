//! The configuration that a plan was made of: expressions as constants and references, by module.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::index::matters;
use super::raw::Raw;
use crate::resolve::terraform::Sort;

/// How deep modules may nest.
const MAX_DEPTH: usize = 40;

/// A module of the configuration.
#[derive(Debug, Default)]
pub(super) struct Configured {
    /// Resources of types that matter, by type and name.
    resources: BTreeMap<(Sort, String, String), Block>,
    /// Module calls by name.
    pub(super) calls: BTreeMap<String, Call>,
    /// The expressions of outputs.
    pub(super) outputs: BTreeMap<String, Range<usize>>,
    /// The variables that have a default.
    pub(super) defaults: BTreeSet<String>,
}

/// A resource as it is configured.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) expressions: Option<Range<usize>>,
    pub(super) for_each: Option<Range<usize>>,
}

/// A module call.
#[derive(Debug, Default)]
pub(super) struct Call {
    /// Where the module comes from.
    pub(super) source: Option<String>,
    /// Its arguments.
    pub(super) arguments: BTreeMap<String, Range<usize>>,
    pub(super) for_each: Option<Range<usize>>,
    pub(super) module: Configured,
}

impl Configured {
    pub(super) fn read(raw: &mut Raw<'_>, module: &Range<usize>) -> Self {
        Self::at(raw, module, 0)
    }

    fn at(raw: &mut Raw<'_>, module: &Range<usize>, depth: usize) -> Self {
        let mut out = Self::default();
        let object = raw.object(module);
        for resource in object.get("resources").map(|r| raw.array(&r)).unwrap_or_default() {
            let resource = raw.object(&resource);
            let text = |key: &str| resource.get(key).and_then(|range| raw.scalar(&range));
            let sort = match text("mode").as_deref() {
                Some("data") => Sort::Data,
                _ => Sort::Managed,
            };
            let (Some(kind), Some(name)) = (text("type"), text("name")) else { continue };
            if matters(sort, &kind) {
                let block = Block {
                    expressions: resource.get("expressions"),
                    for_each: resource.get("for_each_expression"),
                };
                out.resources.insert((sort, kind.into_owned(), name.into_owned()), block);
            }
        }
        if let Some(outputs) = object.get("outputs") {
            for output in raw.object(&outputs).members {
                if let Some(expression) = raw.object(&output.value).get("expression") {
                    out.outputs.insert(output.key.into_owned(), expression);
                }
            }
        }
        if let Some(variables) = object.get("variables") {
            for variable in raw.object(&variables).members {
                if raw.object(&variable.value).get("default").is_some() {
                    out.defaults.insert(variable.key.into_owned());
                }
            }
        }
        let calls = object.get("module_calls").filter(|_| depth < MAX_DEPTH);
        for member in calls.map(|calls| raw.object(&calls).members).into_iter().flatten() {
            let call = raw.object(&member.value);
            let arguments = call.get("expressions").map(|range| raw.object(&range).members);
            let arguments = arguments.into_iter().flatten();
            let made = Call {
                source: call.get("source").and_then(|s| raw.scalar(&s)).map(|s| s.into_owned()),
                arguments: arguments.map(|m| (m.key.into_owned(), m.value)).collect(),
                for_each: call.get("for_each_expression"),
                module: match call.get("module") {
                    Some(module) => Self::at(raw, &module, depth + 1),
                    None => Self::default(),
                },
            };
            out.calls.insert(member.key.into_owned(), made);
        }
        out
    }

    /// The module that a path of calls leads to.
    pub(super) fn module(&self, calls: &[String]) -> Option<&Self> {
        let mut at = self;
        for call in calls {
            at = &at.calls.get(call)?.module;
        }
        Some(at)
    }

    /// The call that a path ends with.
    pub(super) fn call(&self, calls: &[String]) -> Option<&Call> {
        let (last, before) = calls.split_last()?;
        self.module(before)?.calls.get(last)
    }

    /// A resource of the module.
    pub(super) fn resource(&self, sort: Sort, kind: &str, name: &str) -> Option<&Block> {
        self.resources.get(&(sort, kind.to_owned(), name.to_owned()))
    }
}
