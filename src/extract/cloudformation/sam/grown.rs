//! `Statement` of a policy, while AWS SAM adds to it.

use std::collections::BTreeSet;

use super::canonical;
use crate::resolve::{Item, Kind, Value};
use crate::source::Origin;

/// The value of `Statement` while it grows.
#[derive(Default)]
pub(super) struct Grown {
    items: Vec<Item>,
    /// The statements in one form each, to find equal ones.
    texts: BTreeSet<String>,
    /// The first thing that stands in it.
    pub(super) origin: Option<Origin>,
    /// Whether anything was added: the translator then writes the version.
    pub(super) changed: bool,
}

impl Grown {
    /// `Statement` as it is given, when there is one.
    pub(super) fn of(value: Option<Value>) -> Self {
        let mut out = Self { origin: value.as_ref().map(|value| value.origin), ..Self::default() };
        match value {
            Some(Value { kind: Kind::List(items), .. }) => {
                out.texts.extend(items.iter().filter_map(item_text));
                out.items = items.to_vec();
            }
            Some(value) => {
                let item = Item::One(value);
                out.texts.extend(item_text(&item));
                out.items.push(item);
            }
            None => {}
        }
        out
    }

    /// Adds a statement; `once`: unless an equal one is there.
    pub(super) fn push(&mut self, statement: Value, once: bool) {
        self.changed = true;
        let item = Item::One(statement);
        let fresh = item_text(&item).is_none_or(|text| self.texts.insert(text));
        if fresh || !once {
            self.push_item(item);
        }
    }

    pub(super) fn push_item(&mut self, item: Item) {
        self.changed = true;
        let origin = match &item {
            Item::One(value) => value.origin,
            Item::Many(_, origin) => *origin,
        };
        self.origin.get_or_insert(origin);
        self.items.push(item);
    }

    /// The value of `Statement`.
    pub(super) fn into_value(self) -> Option<Value> {
        Some(Value::new(Kind::List(self.items.into()), self.origin?))
    }
}

fn item_text(item: &Item) -> Option<String> {
    let Item::One(value) = item else { return None };
    let mut out = String::new();
    canonical::write(value, 0, &mut out).then_some(out)
}
