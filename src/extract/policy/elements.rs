//! The elements of an object of a policy, by their exact names.

use crate::resolve::{Key, Kind, Map, Rest, SymbolId, Value};
use crate::source::did_you_mean;

use super::PolicyCx;
use super::readings::Reading;

/// The entries of one object, taken out one by one; what is left over is not an element.
pub(super) struct Elements {
    entries: Vec<(Key, Value)>,
    rest: Option<(SymbolId, Rest)>,
}

impl Elements {
    /// The entries of `value`, when it is a map, in that reading. A null entry is absent.
    pub(super) fn of(value: &Value, reading: Reading) -> Self {
        let empty = Map::default();
        let map = if let Kind::Map(map) = &value.kind { map } else { &empty };
        let entries = reading
            .entries(map, false)
            .into_iter()
            .filter(|(_, v)| !matches!(v.kind, Kind::Null))
            .cloned()
            .collect();
        Self { entries, rest: map.rest }
    }

    /// The unknown part of the object.
    pub(super) fn rest(&self) -> Option<(SymbolId, Rest)> {
        self.rest
    }

    /// Whether everything was taken.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes the element `name`. Element names are case-sensitive [K]; one in another case is
    /// reported, and still read: a linter that skips it would call an open policy safe.
    pub(super) fn take(&mut self, name: &str, cx: &mut PolicyCx<'_>) -> Option<Value> {
        self.take_keyed(name, cx).map(|(_, value)| value)
    }

    /// As [`take`](Self::take), with the key.
    pub(super) fn take_keyed(&mut self, name: &str, cx: &mut PolicyCx<'_>) -> Option<(Key, Value)> {
        let exact = self.entries.iter().position(|(key, _)| &*key.text == name);
        if let Some(at) = exact {
            return Some(self.entries.remove(at));
        }
        let at = self.entries.iter().position(|(key, _)| key.text.eq_ignore_ascii_case(name))?;
        let (key, value) = self.entries.remove(at);
        cx.unreadable(
            key.origin,
            format!("`{}` is not a policy element", key.text),
            Some(format!("element names are case-sensitive: write `{name}`")),
        );
        Some((key, value))
    }

    /// Reports what is left over, with a did-you-mean from `names`.
    pub(super) fn report_others(self, names: &[&str], help: &str, cx: &mut PolicyCx<'_>) {
        for (key, _) in self.entries {
            let help = match did_you_mean(&key.text, names.iter().copied()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => help.to_owned(),
            };
            cx.unreadable(
                key.origin,
                format!("`{}` is not a policy element", key.text),
                Some(help),
            );
        }
    }
}
