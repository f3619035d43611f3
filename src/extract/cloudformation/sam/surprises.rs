//! What AWS SAM makes of lists that their names do not say (SEMANTICS 4.2). Noted here; whether it
//! matters, rules say.

use std::collections::{BTreeMap, BTreeSet};

use super::statements::Maker;
use crate::model::{ProblemKind, SamList};
use crate::resolve::{Item, Kind, Value};
use crate::source::{Origin, Span};
use crate::syntax::Pair;

/// What was seen while the statements of an API were made.
#[derive(Default)]
pub(super) struct Surprises {
    /// The lists of accounts that become an Allow, with the number of the path.
    pub(super) accounts: BTreeSet<(usize, Span)>,
    /// The first list that adds an Allow to everyone, by the number of the path.
    pub(super) opened: BTreeMap<usize, Span>,
}

impl Maker<'_, '_, '_> {
    /// Notes the lists of accounts beside a list that lets everyone in.
    pub(super) fn tell_opened(&mut self) {
        let Surprises { accounts, opened } = std::mem::take(&mut self.surprises);
        let mut told = BTreeSet::new();
        for (path, list) in accounts {
            let Some(by) = opened.get(&path).filter(|_| told.insert(list)) else { continue };
            let name = self.name(*by);
            let (at, by) = (self.reader.unit.origin(list), self.reader.unit.origin(*by));
            let related = vec![(by, "AWS SAM adds an Allow to everyone to this list".to_owned())];
            self.reader.problem(ProblemKind::SamList(SamList::Opened { by: name }), at, related);
        }
    }

    /// Notes entries that are no id of a VPC or endpoint.
    pub(super) fn dropped(&mut self, list: &Pair, entries: Vec<(String, Origin)>, left: bool) {
        let name = list.key.scalar().unwrap_or_default();
        for (entry, origin) in entries {
            let list = name.to_string();
            let kind = ProblemKind::SamList(SamList::Dropped { entry, list, left });
            self.reader.problem(kind, origin, Vec::new());
        }
    }

    /// Notes a list of VPCs and endpoints that stops only what is on it in both ways.
    pub(super) fn together(&mut self, [vpcs, endpoints]: [&Value; 2]) {
        let related = vec![(first(endpoints), "and through this endpoint as well".to_owned())];
        let kind = ProblemKind::SamList(SamList::Together);
        self.reader.problem(kind, first(vpcs), related);
    }

    /// The name of the list at `key`.
    fn name(&self, key: Span) -> String {
        let parts = self.plan.parts.iter();
        let mut keys = parts.flat_map(|part| part.kind.lists()).map(|pair| &pair.key);
        let found = keys.find(|name| name.span == key);
        found.and_then(|name| name.scalar()).unwrap_or_default().to_string()
    }
}

/// The first item of a list.
fn first(list: &Value) -> Origin {
    match &list.kind {
        Kind::List(items) => match items.first() {
            Some(Item::One(value)) => value.origin,
            Some(Item::Many(_, origin)) => *origin,
            None => list.origin,
        },
        _ => list.origin,
    }
}
