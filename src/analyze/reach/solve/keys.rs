//! The keys that a caller chooses on its own, as axes: headers, tags, its session, its address inside
//! the VPC.
//!
//! Conditions that compare texts are sets of texts. Those that compare numbers, dates, truth values or
//! addresses cut an axis into cells; one text of each cell stands for it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::analyze::evaluate::texts::compares_texts;
use crate::analyze::formats::Moment;
use crate::analyze::sets::Glob;
use crate::analyze::sets::domains::{self, Domain};
use crate::analyze::sets::glob::{Builder, Chars};
use crate::model::{
    AbsentOr, BaseOp, Cidr, Entry, KnownKey, Leaf, Network, Policy, Request, Value,
};

use crate::analyze::reach::keys::{OWN_ROLE, OWN_USER, usual};
use crate::analyze::reach::networks;
use crate::analyze::reach::scene::Scene;

use super::axes::{Axes, Axis, AxisId};

/// The keys that a caller chooses.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys {
    /// By their lower-case names.
    pub(super) chosen: BTreeMap<String, AxisId>,
    /// The address inside the VPC.
    pub(super) ip: Option<AxisId>,
}

impl Keys {
    /// The axes of a scene. `signed`: of a caller who signs; the others choose their headers.
    pub(super) fn new(scene: &Scene<'_>, axes: &mut Axes<'_>) -> (Self, Self) {
        let (mut signed, mut anonymous) = (Self::default(), Self::default());
        for (name, (known, _)) in &scene.script.words.keys {
            let id = axes.add(axis(scene, name, *known));
            signed.chosen.insert(name.clone(), id);
            if known.is_free() {
                anonymous.chosen.insert(name.clone(), id);
            }
        }
        if !scene.ips.is_empty() {
            let cells = scene.ips.iter().map(|(_, ip)| ip.to_string()).collect();
            let domain = Domain::new(Glob::nothing(), Glob::nothing());
            let id = axes.add(Axis { optional: false, domain, cells, finite: true });
            (signed.ip, anonymous.ip) = (Some(id), Some(id));
        }
        (signed, anonymous)
    }
}

/// `request` with the text of one key, or without the key.
pub(super) fn with_key(request: &Request, name: &str, text: Option<&str>) -> Request {
    let value = match text {
        Some(text) => AbsentOr::Present(vec![Value::named(text)]),
        None => AbsentOr::Absent,
    };
    let mut out = request.clone();
    out.context.insert(name.to_owned(), value);
    out
}

/// `request` from another address inside the VPC.
pub(super) fn with_ip(request: &Request, text: &str) -> Request {
    let mut out = request.clone();
    if let (Network::Vpc { ip, .. }, Ok(chosen)) = (&mut out.network, text.parse::<IpAddr>()) {
        *ip = chosen;
    }
    out
}

fn axis(scene: &Scene<'_>, name: &str, known: KnownKey) -> Axis {
    let usual = usual(known, scene.now);
    let hints: Vec<&str> = usual.iter().map(String::as_str).collect();
    let (domain, finite) = match known {
        KnownKey::MultiFactorAuthPresent => (Domain::new(Glob::nothing(), Glob::nothing()), true),
        KnownKey::MultiFactorAuthAge => {
            let digits = Builder::default().some(&Chars::ascii("0123456789")).build();
            (Domain::new(digits.clone(), digits).preferring(hints), false)
        }
        KnownKey::UserId => (user_id().preferring(hints), false),
        _ => (domains::header(&hints), false),
    };
    let cells = match known {
        KnownKey::MultiFactorAuthPresent => vec!["true".into(), "false".into()],
        _ => cells(&scene.script.policy, name, &usual, &domain),
    };
    Axis { optional: known != KnownKey::UserId, domain, cells, finite }
}

/// `AROA..:session` or `AIDA..`: the id is AWS's choice, the session's name the caller's.
fn user_id() -> Domain {
    let names =
        Chars::ascii("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-");
    let session = Builder::default().text(OWN_ROLE).text(":").some(&names).build();
    let every = Glob::any_of([session, Glob::exactly(OWN_USER)]);
    Domain::new(every.clone(), every)
}

/// One text of each cell into which the conditions on a key that compare no texts cut it; none where
/// there is no such condition.
fn cells(policy: &Policy, name: &str, usual: &[String], domain: &Domain) -> Vec<String> {
    let mut numbers: Vec<f64> = Vec::new();
    let mut moments: BTreeSet<i64> = BTreeSet::new();
    let mut ranges: BTreeSet<(bool, u128, u128)> = BTreeSet::new();
    let mut texts: Vec<String> = Vec::new();
    let mut any = false;
    let conditions = policy.known_statements().flat_map(|s| s.known_conditions());
    for condition in conditions.filter(|condition| condition.key.name == name) {
        let Some(operator) = condition.operator else { continue };
        if compares_texts(operator.base) || operator.base == BaseOp::Null {
            continue;
        }
        any = true;
        for text in condition.values.iter().filter_map(Entry::one).filter_map(Leaf::text) {
            match operator.base {
                BaseOp::Bool => texts.extend(["true".to_owned(), "false".to_owned()]),
                BaseOp::BinaryEquals => texts.push(text.to_owned()),
                BaseOp::IpAddress => {
                    ranges.extend(Cidr::parse(text).map(|cidr| {
                        let (first, last) = cidr.bounds();
                        (cidr.is_ipv4(), first, last)
                    }));
                }
                BaseOp::DateEquals
                | BaseOp::DateLessThan
                | BaseOp::DateLessThanEquals
                | BaseOp::DateGreaterThan
                | BaseOp::DateGreaterThanEquals => {
                    let floor = Moment::parse(text).map(|moment| moment.floor().0);
                    moments.extend(floor.iter().flat_map(|s| [s - 1, *s, s.saturating_add(1)]));
                }
                _ => {
                    texts.push(text.to_owned());
                    numbers.extend(text.parse::<f64>().ok().filter(|number| number.is_finite()));
                }
            }
        }
    }
    if !any {
        return Vec::new();
    }
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    let ends = [numbers.first().map(|n| n - 1.0), numbers.last().map(|n| n + 1.0)];
    let between = numbers.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
    let all = numbers.iter().copied().chain(between).chain(ends.into_iter().flatten());
    texts.extend(all.flat_map(|n| [n.floor(), n, n.ceil()]).map(|n| n.to_string()));
    texts.extend(moments.into_iter().map(|seconds| seconds.to_string()));
    if !ranges.is_empty() {
        let cells = networks::inside_vpc(&ranges, false);
        texts.extend(cells.into_iter().map(|cell| cell.address().to_string()));
    }
    let mut out: Vec<String> = Vec::new();
    for text in usual.iter().cloned().chain(texts) {
        if domain.contains(&text) && !out.contains(&text) {
            out.push(text);
        }
    }
    out
}
