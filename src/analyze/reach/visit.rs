//! Every target of every scene of a policy, and what each group of callers reaches there: the owner
//! and trusted callers as well as outsiders.
//!
//! It asks the exact decision, and leaves to its caller what that means.

use crate::model::{
    AccountId, ApiKind, ApiWorld, AuthType, Identity, Policy, SymbolTable, Tri, Trust,
};

use super::budget::Budget;
use super::engine::Engine;
use super::fill::Work;
use super::identity;
use super::networks::Width;
use super::outsiders::{Group, Outsiders, Who};
use super::owned::owned;
use super::places::Whose;
use super::routes::{self, Scope, Target};
use super::scene::{Scene, Script, endpoints};
use super::solve::Solver;
use super::tally::{Lets, Passes};

/// What stays the same while one policy is looked at.
pub(super) struct House<'a> {
    pub(super) kind: ApiKind,
    pub(super) symbols: &'a SymbolTable,
    pub(super) world: &'a ApiWorld,
    /// The policy that leaves open which API it is of.
    pub(super) named: &'a Policy,
    pub(super) trust: &'a Trust,
    pub(super) now: i64,
}

/// One target of one scene, and what each group of callers reaches on it.
pub(super) struct Seen<'s> {
    scene: &'s Scene<'s>,
    pub(super) target: &'s Target,
    anonymous: Passes,
    /// Principals of the account that the API is deployed in.
    owner: Passes,
    others: Vec<Passes>,
}

impl House<'_> {
    /// Shows `visit` every target of every scene of `policy`, preflight requests of declared methods
    /// left out. `true` when the bound on work was reached.
    pub(super) fn visit(
        &self,
        policy: &Policy,
        scope: Scope<'_>,
        visit: &mut dyn FnMut(&Seen<'_>),
    ) -> bool {
        let (work, mut budget) = (Work::default(), Budget::new());
        let (choices, mut bounded) = identity::choices(self.named, self.kind, self.trust);
        for choice in choices {
            let digits = AccountId::parse(&choice.identity.account);
            let Some(owner) = digits.or_else(|| AccountId::parse("210987654321")) else { continue };
            let identity = Identity { account: owner.to_string(), ..choice.identity };
            let policy = owned(policy, &owner);
            let script = Script::new(&policy, self.symbols, self.trust, self.now);
            for endpoint in endpoints(self.world) {
                let mut on = || -> Option<()> {
                    let scene = Scene::new(
                        &script,
                        &identity,
                        endpoint,
                        self.trust,
                        self.now,
                        &work,
                        &mut budget,
                    )?;
                    let outsiders = Outsiders::new(&script.words, self.trust, &identity.partition)?;
                    let others = others(&script, &outsiders, &owner);
                    let anonymous = outsiders.everybody(Group::Anonymous);
                    let own = outsiders.everybody(Group::Account(owner.clone()));
                    let mut solver = Solver::new(&scene, &outsiders);
                    let targets = routes::targets(
                        scope,
                        self.kind,
                        Some((&script, solver.wants())),
                        &identity,
                        &work,
                    );
                    for target in &targets {
                        if target.preflight && target.route.is_some() {
                            continue;
                        }
                        let others =
                            others.iter().map(|who| solver.passes(who, target, &mut budget));
                        let others = others.collect::<Option<Vec<Passes>>>()?;
                        let seen = Seen {
                            scene: &scene,
                            target,
                            anonymous: solver.passes(&anonymous, target, &mut budget)?,
                            owner: solver.passes(&own, target, &mut budget)?,
                            others,
                        };
                        visit(&seen);
                    }
                    Some(())
                };
                bounded |= on().is_none();
            }
        }
        bounded || work.spent()
    }
}

/// Everybody who signs and is not of the owner's account.
fn others(script: &Script, outsiders: &Outsiders<'_>, owner: &AccountId) -> Vec<Who> {
    let words = &script.words;
    let mut groups = vec![Group::Fresh];
    groups.extend(words.organizations().into_iter().map(Group::Member));
    let accounts = words.accounts.iter().filter(|account| *account != owner);
    groups.extend(accounts.cloned().map(Group::Account));
    groups.extend(words.symbolic.keys().copied().map(Group::Symbol));
    groups.into_iter().map(|group| outsiders.everybody(group)).collect()
}

impl Seen<'_> {
    /// Those who may call a method of that authorization; `None`: everybody.
    fn callers(&self, auth: Option<AuthType>) -> Vec<&Passes> {
        let signed = || std::iter::once(&self.owner).chain(&self.others);
        match auth {
            None => std::iter::once(&self.anonymous).chain(signed()).collect(),
            Some(AuthType::AwsIam) => signed().collect(),
            Some(_) => vec![&self.anonymous],
        }
    }

    /// How certainly each of the first `len` entries lets somebody through.
    pub(super) fn levels(&self, auth: Option<AuthType>, len: usize) -> Vec<Tri> {
        let mut out = vec![Tri::False; len];
        for passes in self.callers(auth) {
            self.each(passes, |statement, level| {
                if let Some(best) = out.get_mut(statement) {
                    *best = (*best).max(level);
                }
            });
        }
        out
    }

    /// Whether somebody gets in whose other credentials are in order, where the entry behind the
    /// first `len` allows everything.
    pub(super) fn open(&self, auth: AuthType, len: usize) -> Tri {
        let mut out = Tri::False;
        let mut take = |passes: &Passes, all: bool| {
            self.each(passes, |statement, level| {
                if all || statement < len {
                    out = out.max(level);
                }
            });
        };
        match auth {
            AuthType::AwsIam => {
                take(&self.owner, true);
                self.others.iter().for_each(|passes| take(passes, false));
            }
            _ => take(&self.anonymous, auth == AuthType::Custom),
        }
        out
    }

    /// Whether entries behind the first `len` let somebody through whom another credential may let in,
    /// from more networks of outsiders than a guard leaves out.
    pub(super) fn is_wide(&self, auth: AuthType, len: usize) -> bool {
        let passes = if auth == AuthType::AwsIam { &self.owner } else { &self.anonymous };
        let lets_in = |lets: &Lets| lets.iter().any(|l| l.statement >= len && l.level.is_true());
        passes.lines.iter().chain([&passes.any]).any(|by_spot| {
            let spots = self.scene.spots.iter().zip(by_spot);
            let wide = spots
                .filter(|(spot, lets)| spot.whose == Some(Whose::Outsider) && lets_in(lets))
                .fold(Width::default(), |sum, (spot, _)| sum.plus(spot.width));
            wide.is_wide()
        })
    }

    /// Every entry that lets somebody through from where a client can be.
    fn each(&self, passes: &Passes, mut take: impl FnMut(usize, Tri)) {
        for by_spot in passes.lines.iter().chain([&passes.any]) {
            for (spot, lets) in self.scene.spots.iter().zip(by_spot) {
                lets.iter()
                    .filter(|_| spot.whose.is_some())
                    .for_each(|l| take(l.statement, l.level));
            }
        }
    }
}
