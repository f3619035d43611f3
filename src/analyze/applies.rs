//! Whether a statement can ever apply, which of its parts keep it from it, and what a resource
//! pattern misses.
//!
//! Every answer is about all requests that there can be, whoever sends them; the search for them is
//! [`reach`](super::reach)'s. This module only makes the questions: a part of a statement alone, two
//! parts together, the same at a later time.

use std::collections::BTreeSet;

use crate::model::{
    Api, ApiWorld, BaseOp, Condition, Entry, KnownKey, Leaf, Policy, ResourceElement, Statement,
    Tri, Trust,
};

use super::formats::Moment;
use super::reach::{Effects, effects, meets};
use super::sets::domains::{path, path_of, stage, tail_of};
use super::sets::{Budget, Glob};

/// The most parts of one statement whose pairs are looked at.
const PARTS: usize = 12;
/// The most moments that one statement is looked at.
const MOMENTS: usize = 24;

/// The most steps of one search for a request.
const SEARCH: u64 = 100_000;

/// A policy where it stands: what the questions of this module are about.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The API.
    pub api: &'a Api,
    /// The world.
    pub world: &'a ApiWorld,
    /// The policy, in one reading.
    pub policy: &'a Policy,
    /// Whom the deployer trusts, the owner accounts among it.
    pub trust: &'a Trust,
    /// The time, in seconds since 1970 UTC.
    pub now: i64,
}

/// A part of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// `Principal` or `NotPrincipal`
    Principal,
    /// `Action` or `NotAction`
    Action,
    /// `Resource` or `NotResource`
    Resource,
    /// The condition of that index among the statement's conditions.
    Condition(usize),
}

impl<'a> Site<'a> {
    /// The parts of `statement` that keep it from ever applying: those that no request meets, each
    /// alone; else two that no request meets together; else all conditions. Empty when some request
    /// may meet it, now or later.
    pub fn dead_parts(&self, statement: &Statement) -> Vec<Piece> {
        if !self.ever(vec![statement.clone()]).iter().all(|level| level.is_false()) {
            return Vec::new();
        }
        let mut pieces = vec![Piece::Principal, Piece::Action, Piece::Resource];
        pieces.extend((0..statement.conditions.len()).map(Piece::Condition));
        let alone: Vec<Vec<Piece>> = pieces.iter().map(|piece| vec![*piece]).collect();
        let dead: Vec<Piece> = self.dead(statement, &alone).into_iter().flatten().collect();
        if !dead.is_empty() {
            return dead;
        }
        pieces.retain(|piece| !matches!(piece, Piece::Action | Piece::Resource));
        pieces.truncate(PARTS);
        let behind = |at: usize| pieces.iter().skip(at + 1).copied();
        let pairs: Vec<Vec<Piece>> = pieces
            .iter()
            .enumerate()
            .flat_map(|(at, a)| behind(at).map(move |b| vec![*a, b]))
            .collect();
        match self.dead(statement, &pairs).into_iter().next() {
            Some(pair) => pair,
            None => (0..statement.conditions.len()).map(Piece::Condition).collect(),
        }
    }

    /// Those of `groups` whose parts no request ever meets together.
    fn dead(&self, statement: &Statement, groups: &[Vec<Piece>]) -> Vec<Vec<Piece>> {
        let probes = groups.iter().map(|group| only(statement, group)).collect();
        let levels = self.ever(probes);
        let dead = groups.iter().zip(levels).filter(|(_, level)| level.is_false());
        dead.map(|(group, _)| group.clone()).collect()
    }

    /// For each of `probes` whether some request meets it, now or later.
    fn ever(&self, probes: Vec<Statement>) -> Vec<Tri> {
        let Some(moments) = moments(&probes, self.now) else {
            return vec![Tri::Unknown; probes.len()];
        };
        let mut out = vec![Tri::False; probes.len()];
        // What is met now need not be asked again.
        for moment in moments {
            let open: Vec<usize> = (0..out.len()).filter(|at| out[*at].is_false()).collect();
            if open.is_empty() {
                break;
            }
            let asked = open.iter().map(|at| probes[*at].clone()).collect();
            let found = meets(self.api, self.world, (self.policy, asked), self.trust, moment);
            for (at, level) in open.into_iter().zip(found) {
                out[at] = level;
            }
        }
        out
    }

    /// What each single resource of the policy does, in the order of [`resources`]: a statement that
    /// is about nothing else stands for it.
    pub fn resource_effects(&self) -> Effects {
        let statements = resources(self.policy).map(|(statement, leaf)| {
            let mut probe = only(statement, &[]);
            probe.resource = ResourceElement {
                negated: false,
                items: vec![Entry::One(leaf.clone())],
                origin: Some(leaf.origin),
            };
            Entry::One(probe)
        });
        let Policy { version, origin, size, .. } = self.policy.clone();
        let probe = Policy { version, statements: statements.collect(), origin, size };
        effects(self.api, self.world, &probe, self.trust, self.now)
    }
}

/// Every single resource that a `Resource` element of `policy` lists, with its statement.
pub fn resources(policy: &Policy) -> impl Iterator<Item = (&Statement, &Leaf)> {
    policy.known_statements().filter(|statement| !statement.resource.negated).flat_map(
        |statement| {
            statement.resource.items.iter().filter_map(move |e| Some((statement, e.one()?)))
        },
    )
}

/// `statement` without all but some of its parts: what is left out matches always.
fn only(statement: &Statement, pieces: &[Piece]) -> Statement {
    let mut out = Statement::everything(statement.origin);
    // What a principal element says depends on it.
    out.effect = statement.effect.clone();
    for piece in pieces {
        match piece {
            Piece::Principal => out.principal = statement.principal.clone(),
            Piece::Action => out.action = statement.action.clone(),
            Piece::Resource => out.resource = statement.resource.clone(),
            Piece::Condition(at) => out.conditions.extend(statement.conditions.get(*at).cloned()),
        }
    }
    out
}

/// The moments that the conditions of `probes` tell apart, from `now` on. `None` when they are too
/// many to look at.
fn moments(probes: &[Statement], now: i64) -> Option<Vec<i64>> {
    let timed = |condition: &&Condition| {
        matches!(condition.key.known, KnownKey::CurrentTime | KnownKey::EpochTime)
            || condition.operator.is_some_and(|op| is_date(op.base))
    };
    let mut out = BTreeSet::new();
    for condition in probes.iter().flat_map(Statement::known_conditions).filter(timed) {
        let texts = condition.values.iter().filter_map(Entry::one).filter_map(Leaf::text);
        for (at, _) in texts.filter_map(Moment::parse).map(Moment::floor) {
            let around = [at.saturating_sub(1), at, at.saturating_add(1)];
            out.extend(around.into_iter().filter(|moment| *moment > now));
        }
    }
    (out.len() <= MOMENTS).then(|| std::iter::once(now).chain(out).collect())
}

fn is_date(base: BaseOp) -> bool {
    matches!(
        base,
        BaseOp::DateEquals
            | BaseOp::DateLessThan
            | BaseOp::DateLessThanEquals
            | BaseOp::DateGreaterThan
            | BaseOp::DateGreaterThanEquals
    )
}

/// A request with `method`, on a path that `template` takes (on any where it is `None`), that the
/// pattern `tail` of `{stage}/{METHOD}{path}` matches: its stage and its path. `None` when there is
/// none, or none that is found within the bound on work.
pub fn matched(tail: &str, method: &str, template: Option<&str>) -> Option<(String, String)> {
    let path = template.map_or_else(path, path_of);
    let (domain, glob) = (tail_of(&stage(), &[method], &path), Glob::like(tail));
    let found = domain.witness(&glob.clone().into(), &Budget::new(SEARCH)).ok().flatten()?;
    let (stage, rest) = found.split_once('/')?;
    let usual = glob.contains(&format!("prod/{rest}"));
    let path = rest.strip_prefix(method)?;
    Some((if usual { "prod" } else { stage }.to_owned(), path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_in_front_of_a_verb_takes_other_verbs() {
        let post = |tail: &str, template| matched(tail, "POST", template);
        let (stage, path) = post("*/GET/pets", None).expect("a request");
        assert_eq!(stage, "prod");
        assert!(path.ends_with("/GET/pets"), "{path}");
        assert_eq!(post("prod/GET/pets", None), None);
        assert_eq!(post("*/GET/pets", Some("/pets")), None);
        assert_eq!(post("*/GET/pets", Some("/{a}")), None);
        let (_, path) = post("*/GET/pets", Some("/{proxy+}")).expect("a request");
        assert!(path.ends_with("GET/pets"), "{path}");
    }
}
