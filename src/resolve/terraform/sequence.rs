//! Functions that take lists and maps apart and put them together anew. Unknown elements stay what
//! they are; an unknown number of them does not.

use std::collections::BTreeMap;

use super::argument::{Known, Miss, list, map, of_list, of_map, of_number, size, text};
use super::evaluator::Evaluator;
use super::function::Call;
use super::number::Num;
use super::unify::as_set;
use crate::resolve::{Key, Kind, Value};

/// The functions here.
pub(super) const NAMES: &[&str] = &[
    "chunklist",
    "index",
    "list",
    "map",
    "matchkeys",
    "setproduct",
    "setsymmetricdifference",
    "tolist",
    "tomap",
    "transpose",
];

/// How many combinations `setproduct` may make.
const MAX_PRODUCT: usize = 4096;

impl Evaluator<'_> {
    pub(super) fn sequence(&mut self, call: Call<'_>, args: &[Value]) -> Known<Value> {
        let origin = self.at_call(call);
        match (call.name, args) {
            ("tolist" | "tomap", [value]) => self.as_collection(call, value),
            ("list", [_, ..]) => {
                let items = self.unified(args).ok_or(Miss::Refused("the types do not fit"))?;
                Ok(of_list(items, origin))
            }
            ("map", [_, ..]) if args.len().is_multiple_of(2) => {
                let mut entries = Vec::new();
                for pair in args.chunks(2) {
                    let [name, value] = pair else { continue };
                    let key = Key { text: text(name)?.into(), origin: name.origin };
                    entries.push((key, value.clone()));
                }
                let made = of_map(entries, origin);
                self.as_collection(call, &made)
            }
            ("chunklist", [items, length]) => {
                let (items, length) = (self.alike(items)?, size(length)?);
                let length = if length == 0 { items.len().max(1) } else { length };
                let chunks = items.chunks(length).map(|c| of_list(c.to_vec(), origin)).collect();
                Ok(of_list(chunks, origin))
            }
            ("index", [items, wanted]) => {
                let items = list(items)?;
                if !wanted.is_known() || items.iter().any(|item| !item.is_known()) {
                    return Err(Miss::Open);
                }
                let found = items.iter().position(|item| super::equality::same(item, wanted));
                let found = found.ok_or(Miss::Refused("the list does not have it"))?;
                Ok(of_number(Num::whole(found as i128), origin))
            }
            ("matchkeys", [values, keys, wanted]) => {
                let (values, keys, wanted) = (list(values)?, list(keys)?, list(wanted)?);
                if values.len() != keys.len() {
                    return Err(Miss::Refused("the lists differ in length"));
                }
                if keys.iter().chain(&wanted).any(|v| !v.is_known()) {
                    return Err(Miss::Open);
                }
                let keep = |key: &Value| wanted.iter().any(|w| super::equality::same(key, w));
                let kept = values.into_iter().zip(keys).filter(|(_, key)| keep(key));
                Ok(of_list(kept.map(|(value, _)| value).collect(), origin))
            }
            ("setproduct", [_, _, ..]) => self.product(call, args),
            ("setsymmetricdifference", [a, b]) => {
                let (a, b) = (list(a)?, list(b)?);
                if a.iter().chain(&b).any(|v| !v.is_known()) {
                    return Err(Miss::Open);
                }
                let has =
                    |set: &[Value], v: &Value| set.iter().any(|w| super::equality::same(v, w));
                let left = a.iter().filter(|v| !has(&b, v));
                let all = left.chain(b.iter().filter(|v| !has(&a, v))).cloned().collect();
                Ok(of_list(as_set(all), origin))
            }
            ("transpose", [lists]) => {
                let lists = map(lists)?;
                let mut out: BTreeMap<String, Vec<Value>> = BTreeMap::new();
                let mut entries: Vec<_> = lists.entries.iter().collect();
                entries.sort_by(|(a, _), (b, _)| a.text.cmp(&b.text));
                for (key, names) in entries {
                    for name in list(names)? {
                        self.spend(1);
                        let from = self.computed(&key.text, key.origin);
                        out.entry(text(&name)?).or_default().push(from);
                    }
                }
                let entries = out
                    .into_iter()
                    .map(|(name, from)| (Key { text: name.into(), origin }, of_list(from, origin)));
                Ok(of_map(entries.collect(), origin))
            }
            _ => Err(Miss::Refused("the number of arguments is wrong")),
        }
    }

    /// The elements of a list, converted to one type.
    pub(super) fn alike(&mut self, value: &Value) -> Known<Vec<Value>> {
        let items = list(value)?;
        self.spend(items.len());
        self.unified(&items).ok_or(Miss::Refused("the elements differ in type"))
    }

    /// `tolist`, `tomap`: what is not known stays what it is.
    fn as_collection(&mut self, call: Call<'_>, value: &Value) -> Known<Value> {
        match (call.name, &value.kind) {
            (_, Kind::Symbol(_) | Kind::Null) => Ok(value.clone()),
            ("tolist", Kind::List(_)) => match self.alike(value) {
                Ok(items) => Ok(of_list(items, value.origin)),
                Err(Miss::Open) => Ok(value.clone()),
                Err(refused) => Err(refused),
            },
            ("tomap" | "map", Kind::Map(map)) => {
                let values: Vec<Value> = map.entries.iter().map(|(_, v)| v.clone()).collect();
                self.spend(values.len());
                let values =
                    self.unified(&values).ok_or(Miss::Refused("the values differ in type"))?;
                let keys = map.entries.iter().map(|(k, _)| k.clone());
                let entries = keys.zip(values).collect();
                let map = crate::resolve::Map { entries, rest: map.rest };
                Ok(Value::new(Kind::Map(map.into()), value.origin))
            }
            _ => Err(Miss::Refused("it cannot be converted")),
        }
    }

    fn product(&mut self, call: Call<'_>, args: &[Value]) -> Known<Value> {
        let origin = self.at_call(call);
        let lists = args.iter().map(list).collect::<Known<Vec<Vec<Value>>>>()?;
        let count = lists.iter().try_fold(1_usize, |n, items| n.checked_mul(items.len()));
        let count = count.filter(|n| *n <= MAX_PRODUCT).ok_or(Miss::Open)?;
        if !self.spend(count * lists.len()) {
            return Err(Miss::Open);
        }
        let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
        for items in &lists {
            let longer = rows.iter().flat_map(|row| {
                items.iter().map(move |item| [row.as_slice(), std::slice::from_ref(item)].concat())
            });
            rows = longer.collect();
        }
        Ok(of_list(rows.into_iter().map(|row| of_list(row, origin)).collect(), origin))
    }
}
