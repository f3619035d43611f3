//! Accounts that a policy names: whether they get in, and what that hangs on.
//!
//! The organisation of a named account is an unknown fact, so each possibility is judged: the account
//! is certain to get in when all of them say so, and trusted when only members of a trusted
//! organisation do (CONTRACT 6).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Assumption, AuthType, CallerClass, Gate, Policy, Tri};

use super::budget::Budget;
use super::outsiders::{Org, Who};
use super::survey::{Stage, Surveyor, Way, raise};
use super::tally::{Grade, Grades, Tally};
use super::tokens;

/// A named account.
pub(super) struct Named {
    /// `Account` or `UnknownAccount`.
    pub(super) class: CallerClass,
    /// It is on the trust list.
    pub(super) trusted: bool,
    /// Its principals, by what its organisation may be.
    pub(super) by_org: BTreeMap<Org, Who>,
    /// The statements that name it.
    mentions: BTreeSet<usize>,
    /// A Deny leaves it out by name.
    exempt: bool,
}

impl Named {
    /// The account of that class in `policy`.
    pub(super) fn new(
        class: CallerClass,
        trusted: bool,
        by_org: BTreeMap<Org, Who>,
        policy: &Policy,
    ) -> Self {
        let statements = policy.statements.iter().enumerate();
        let mentions = statements
            .filter(|(_, entry)| {
                entry.one().is_some_and(|statement| tokens::naming(statement, &class).is_some())
            })
            .map(|(at, _)| at)
            .collect();
        let exempt = tokens::exempted(policy, &class).is_some();
        Self { class, trusted, by_org, mentions, exempt }
    }
}

/// What one statement does for an account.
struct Verdict<'t> {
    grade: Grade,
    /// The organisation that must be its own, when one must be.
    org: Option<&'t Org>,
}

type ByOrg<'t> = [(&'t Org, Tally)];

impl Surveyor<'_> {
    /// One named account on a target on which its signature counts. `fresh`: what an account that
    /// nobody names reaches there.
    pub(super) fn named(
        &mut self,
        named: &Named,
        stage: &Stage<'_>,
        fresh: &Tally,
        gate: Gate,
        budget: &mut Budget,
    ) -> Option<()> {
        let Named { class, trusted, by_org, mentions, exempt } = named;
        let mut tallies = Vec::new();
        for (org, who) in by_org {
            let tally = self.tally(who, stage, budget)?;
            self.lists(&tally, gate);
            tallies.push((org, tally));
        }
        let reached: BTreeSet<usize> =
            tallies.iter().flat_map(|(_, tally)| tally.statements.keys().copied()).collect();
        for at in reached {
            let others = |pick: fn(&Grades) -> &Grade| fresh.level(at, pick);
            let level = |pick: fn(&Grades) -> &Grade| {
                tallies.iter().map(|(_, t)| t.level(at, pick)).max().unwrap_or(Tri::False)
            };
            // Whether being this account matters: the statement names it, or a Deny leaves it out. An
            // account that an unknown value may be equal to is that value's matter.
            let mentioned = mentions.contains(&at);
            let named = |level: Tri| mentioned || *exempt || level.is_true();
            let foreign = level(|g| &g.foreign);
            let matters = mentioned || (foreign > others(|g| &g.foreign) && named(foreign));
            let anywhere = level(|g| &g.anywhere);
            let inside = mentioned || (anywhere > others(|g| &g.anywhere) && named(anywhere));
            if matters {
                match self.over_orgs(&tallies, at, |g| &g.foreign) {
                    Some(verdict) if !trusted => {
                        self.account(class, at, verdict, stage, gate);
                        continue;
                    }
                    Some(_) => self.trust(class, gate),
                    None => {}
                }
            }
            // As anybody gets in.
            let anybody = level(|g| &g.outsider).min(others(|g| &g.outsider));
            if gate == Gate::Open && !trusted {
                raise(&mut self.found.levels, class, anybody);
            } else if !anybody.is_false() {
                self.trust(class, gate);
            }
            if inside && !anywhere.is_false() {
                self.trust(class, gate);
            }
        }
        Some(())
    }

    fn account(
        &mut self,
        class: &CallerClass,
        at: usize,
        verdict: Verdict<'_>,
        stage: &Stage<'_>,
        gate: Gate,
    ) {
        let Verdict { mut grade, org } = verdict;
        if let CallerClass::UnknownAccount(_) = class {
            // It may be a trusted one.
            grade.level = grade.level.and(Tri::Unknown);
        }
        let needs = org.map(|org| org_need(class, org));
        let auth = AuthType::AwsIam;
        self.record(stage, Way { at, class, grade, gate, auth, needs });
    }

    fn trust(&mut self, class: &CallerClass, gate: Gate) {
        if let (CallerClass::Account(account), Gate::Open) = (class, gate) {
            self.found.levels.trusted.insert(account.clone());
        }
    }

    /// What one statement does for an account of whose organisation nothing is known. `None` when it
    /// does not let it in, or only as a member of a trusted organisation.
    fn over_orgs<'t>(
        &self,
        tallies: &'t ByOrg<'t>,
        at: usize,
        pick: impl Fn(&Grades) -> &Grade,
    ) -> Option<Verdict<'t>> {
        let listed = |org: &Org| match (org, &self.trust.organizations) {
            (Org::Named(id), Some(list)) => list.iter().any(|known| known.as_str() == id),
            _ => false,
        };
        let of =
            |tally: &Tally| tally.statements.get(&at).map(|g| pick(g).clone()).unwrap_or_default();
        let mut best: Option<Verdict<'_>> = None;
        for (org, tally) in tallies {
            let grade = of(tally);
            let better = best.as_ref().is_none_or(|known| grade.level > known.grade.level);
            if !grade.level.is_false() && !listed(org) && better {
                best = Some(Verdict { grade, org: Some(org) });
            }
        }
        let mut best = best?;
        if tallies.iter().all(|(_, tally)| of(tally).level == best.grade.level) {
            best.org = None;
        } else {
            best.grade.level = best.grade.level.and(Tri::Unknown);
        }
        Some(best)
    }

    /// Where no signature is asked for, a named account gets in as anybody does.
    pub(super) fn named_as_anybody(&mut self, accounts: &[Named], anonymous: &Tally) {
        let level = anonymous.best(|g| &g.outsider);
        if level.is_false() {
            return;
        }
        for Named { class, trusted, .. } in accounts {
            match class {
                CallerClass::Account(_) if *trusted => self.trust(class, Gate::Open),
                CallerClass::Account(_) => raise(&mut self.found.levels, class, level),
                _ => {}
            }
        }
    }

    /// What the policy grants to accounts on a target that does not tell who signed.
    pub(super) fn without_iam(
        &mut self,
        accounts: &[Named],
        fresh: &Who,
        stage: &Stage<'_>,
        budget: &mut Budget,
    ) -> Option<()> {
        let gate = Gate::NoIamRoute;
        let of_fresh = self.tally(fresh, stage, budget)?;
        for named in accounts.iter().filter(|named| !named.trusted) {
            self.named(named, stage, &of_fresh, gate, budget)?;
        }
        for (&at, grades) in &of_fresh.statements {
            let mut others = self.found.leads.iter().filter(|((other, _), _)| *other == at);
            if others.all(|(_, lead)| lead.gate == gate) {
                let class = &CallerClass::AnyAwsAccount;
                let (grade, auth) = (grades.outsider.clone(), AuthType::AwsIam);
                self.record(stage, Way { at, class, grade, gate, auth, needs: None });
            }
        }
        Some(())
    }
}

fn org_need(class: &CallerClass, org: &Org) -> Assumption {
    let account = match class {
        CallerClass::Account(account) => format!("account {account}"),
        _ => "the account".to_owned(),
    };
    let text = match org {
        Org::Standalone => format!("{account} is in no organization"),
        Org::Own => format!("{account} is in an organization that the policy does not name"),
        Org::Named(id) => format!("{account} is in the organization {id}"),
    };
    Assumption { text, pin: None, origin: None }
}
