//! Callers with a choice for every key that they choose.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::model::{AbsentOr, Request};

use super::super::budget::Budget;
use super::super::keys;
use super::super::outsiders::{Group, Org};
use super::super::project::{Axis, Role, Row};
use super::super::scene::Sender;
use super::callers::{Cast, Rep};
use super::{Combo, Representatives};

/// The most combinations of caller and keys that are kept for one group.
const COMBOS: usize = 4096;

impl Representatives<'_> {
    /// Every caller of `group` with every choice of its keys, as far as the policy tells them apart,
    /// by what is known of the organisation. `None` when the bound on work is reached.
    pub(super) fn combos(
        &self,
        group: &Group,
        budget: &mut Budget,
    ) -> Option<BTreeMap<Org, Vec<Combo>>> {
        let scene = self.scene;
        let cast = Cast { outsiders: self.outsiders, work: scene.work };
        let lens = scene.lens(&Axis::Caller);
        let mut out: BTreeMap<Org, Vec<Combo>> = BTreeMap::new();
        let mut seen: BTreeSet<(Org, Row)> = BTreeSet::new();
        for (number, Rep { caller, org }) in cast.callers(group).into_iter().enumerate() {
            let request = Request { caller: caller.clone(), ..scene.plain() };
            let row = scene.fixed.and(&lens.row(&request, number, budget)?);
            let list = out.entry(org.clone()).or_default();
            if self.may_allow(&row) && seen.insert((org, row.clone())) {
                let sender = Sender { caller, keys: BTreeMap::new(), ip: None };
                list.push(Combo { row, sender });
            }
        }
        for list in out.values_mut() {
            self.cross_ips(list, budget)?;
            for key in self.scene.script.words.keys.keys() {
                self.cross_key(list, group, key, budget)?;
            }
        }
        Some(out)
    }

    fn cross_ips(&self, list: &mut Vec<Combo>, budget: &mut Budget) -> Option<()> {
        if self.scene.ips.is_empty() {
            return Some(());
        }
        let choices: Vec<(Row, IpAddr)> = self.scene.ips.clone();
        self.cross(list, &choices, |sender, ip| sender.ip = Some(*ip), budget)
    }

    fn cross_key(
        &self,
        list: &mut Vec<Combo>,
        group: &Group,
        name: &str,
        budget: &mut Budget,
    ) -> Option<()> {
        let Some((known, words)) = self.scene.script.words.keys.get(name) else { return Some(()) };
        // Headers are everybody's; the rest comes with a signature.
        if *group == Group::Anonymous && !known.is_free() {
            let row =
                self.scene.lens(&Axis::Key(name.to_owned())).row(&self.scene.plain(), 0, budget)?;
            for combo in list.iter_mut() {
                combo.row = combo.row.and(&row);
            }
            return Some(());
        }
        let lens = self.scene.lens(&Axis::Key(name.to_owned()));
        let mut choices: Vec<(Row, AbsentOr)> = Vec::new();
        let mut seen: BTreeSet<Row> = BTreeSet::new();
        for (number, value) in
            keys::values(*known, words, self.scene.now, self.scene.work).into_iter().enumerate()
        {
            let mut request = self.scene.plain();
            request.context.insert(name.to_owned(), value.clone());
            let row = lens.row(&request, number, budget)?;
            if seen.insert(row.clone()) {
                choices.push((row, value));
            }
        }
        let set = |sender: &mut Sender, value: &AbsentOr| {
            sender.keys.insert(name.to_owned(), value.clone());
        };
        self.cross(list, &choices, set, budget)
    }

    /// Every combination of `list` and `choices`, those alike counted once, the first kept.
    fn cross<T>(
        &self,
        list: &mut Vec<Combo>,
        choices: &[(Row, T)],
        set: impl Fn(&mut Sender, &T),
        budget: &mut Budget,
    ) -> Option<()> {
        let mut seen: BTreeSet<Row> = BTreeSet::new();
        let mut out = Vec::new();
        for combo in list.iter() {
            for (row, value) in choices {
                if !budget.comparisons(self.scene.script.roles.len()) || out.len() >= COMBOS {
                    budget.exceed();
                    return None;
                }
                let row = combo.row.and(row);
                if self.may_allow(&row) && seen.insert(row.clone()) {
                    let mut next = Combo { row, ..combo.clone() };
                    set(&mut next.sender, value);
                    out.push(next);
                }
            }
        }
        *list = out;
        Some(())
    }

    /// Whether any statement can still allow.
    pub(super) fn may_allow(&self, row: &Row) -> bool {
        let mut roles = self.scene.script.roles.iter().enumerate();
        roles.any(|(at, role)| *role != Role::Deny && row.may.contains(at))
    }
}
