//! The values of a guard: the ranges they are, the one that lets the witness through, those that
//! are not known.

use super::guard::{Flaw, Guard};
use super::{CauseCx, code, join};
use crate::finding::Origin;
use crate::model::{Cidr, Condition, Entry, Leaf, SymbolRef, Tri};

/// The values that are address ranges.
pub(in crate::rules) fn ranges(condition: &Condition) -> Vec<(&Leaf, Cidr)> {
    let leaves = condition.values.iter().filter_map(Entry::one);
    leaves.filter_map(|leaf| Some((leaf, Cidr::parse(leaf.text()?)?))).collect()
}

/// Whether the ranges of one family are together wider than IPv4 /8 or IPv6 /32, where they stop
/// being a guard (CONTRACT 4).
pub(in crate::rules) fn is_too_broad(ranges: &[(&Leaf, Cidr)], v4: bool) -> bool {
    addresses(ranges, v4) > if v4 { 1 << 24 } else { 1 << 96 }
}

/// How many addresses the ranges of one family cover, each counted once.
fn addresses(ranges: &[(&Leaf, Cidr)], v4: bool) -> u128 {
    let mut bounds: Vec<(u128, u128)> =
        ranges.iter().filter(|(_, c)| c.is_ipv4() == v4).map(|(_, c)| c.bounds()).collect();
    bounds.sort_unstable();
    let mut total: u128 = 0;
    let mut covered: Option<u128> = None;
    for (first, last) in bounds {
        let start = covered.map_or(first, |end| first.max(end.saturating_add(1)));
        if covered.is_none_or(|end| last > end) {
            total = total.saturating_add(last.saturating_sub(start).saturating_add(1));
            covered = Some(last);
        }
    }
    total
}

impl Guard<'_> {
    /// The first of the listed values that the witness meets; one that is certain before one that
    /// is not.
    pub(in crate::rules) fn met_value(&self, cx: &CauseCx<'_>) -> Option<&Leaf> {
        let mut probe = self.condition.clone();
        if let Some(op) = &mut probe.operator {
            op.negated = false;
        }
        let mut best: Option<(Tri, &Leaf)> = None;
        for leaf in self.condition.values.iter().filter_map(Entry::one) {
            probe.values = vec![Entry::One(leaf.clone())];
            let holds = cx.holds(&probe);
            if holds > best.map_or(Tri::False, |(tri, _)| tri) {
                best = Some((holds, leaf));
            }
        }
        best.map(|(_, leaf)| leaf)
    }

    /// The flaw of a guard that hangs on values that are not known; `may` is what they may be, as
    /// in "and may be every address".
    pub(in crate::rules) fn hangs_on_values(&self, cx: &CauseCx<'_>, may: &str) -> Option<Flaw> {
        if self.holds != Tri::Unknown {
            return None;
        }
        let mut unknown: Vec<(SymbolRef, Origin)> = Vec::new();
        for entry in &self.condition.values {
            match entry {
                Entry::Many(symbol, origin) => unknown.push((*symbol, *origin)),
                Entry::One(leaf) => {
                    unknown.extend(leaf.symbols().map(|symbol| (symbol, leaf.origin)));
                }
            }
        }
        let &(first, origin) = unknown.first()?;
        let mut names: Vec<String> =
            unknown.iter().map(|(symbol, _)| code(cx.symbols().label(*symbol))).collect();
        names.dedup();
        names.truncate(3);
        let (names, is) = (join(&names), if names.len() == 1 { "is" } else { "are" });
        let text = self.through(format!("{names} {is} not known, and may {may}"));
        let help = format!("write the value of {} where it can be read", self.key(cx));
        Some(Flaw::new((origin, text), names, help).of(cx.declaration(first)))
    }
}
