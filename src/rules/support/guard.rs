//! The guards of a policy that let the witness of a hole through, and the flaw of one of them.
//!
//! The engine has decided that a hole is open. Here stand the conditions and Denies that were to
//! close it; a cause looks at each and says what is wrong with it, if that is its kind of flaw.

use super::presence::{Presence, is_vpc, presence};
use super::{CauseCx, Claim, value_text};
use crate::finding::{Mark, Origin};
use crate::model::{
    Condition, Entry, KnownKey, Operator, PrincipalElement, Principals, Statement, SymbolRef, Tri,
};

/// A condition that was to keep the witness out, and does not.
pub(in crate::rules) struct Guard<'a> {
    /// The condition.
    pub condition: &'a Condition,
    /// Its operator.
    pub op: Operator,
    /// Whether it is of a Deny that does not meet the witness; else it is of the deciding Allow.
    pub deny: bool,
    /// Whether its key is in the witness's request.
    pub found: Presence,
    /// Whether the condition holds for the witness.
    pub holds: Tri,
}

/// What is wrong with a guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) struct Flaw {
    /// The token, and why.
    pub mark: Mark,
    /// What the title calls it.
    pub subject: String,
    /// What to write instead.
    pub help: String,
    /// Where the value that the token stands for is declared, when it is not known.
    pub declared: Option<Origin>,
}

/// A Deny that was to keep the witness out by naming callers, and does not name it.
pub(in crate::rules) struct NamedDeny<'a> {
    principals: &'a Principals,
}

/// Everything in a policy that was to keep the witness out.
#[derive(Default)]
pub(super) struct Guards<'a> {
    conditions: Vec<Guard<'a>>,
    named: Vec<NamedDeny<'a>>,
    unknown: Vec<(SymbolRef, Origin, bool)>,
}

impl Flaw {
    pub(in crate::rules) fn new(
        mark: Mark,
        subject: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { mark, subject: subject.into(), help: help.into(), declared: None }
    }

    /// Of a value that is not known, and declared there.
    pub(in crate::rules) fn of(self, declared: Option<Origin>) -> Self {
        Self { declared, ..self }
    }

    /// The claim of the first flaw; the others are labels.
    pub(in crate::rules) fn claim(flaws: impl IntoIterator<Item = Self>) -> Option<Claim> {
        let mut flaws = flaws.into_iter();
        let Self { mark, subject, help, declared } = flaws.next()?;
        let mut claim = Claim::new(mark, help);
        claim.declared = declared;
        claim.subject = Some(subject);
        claim.lends = true;
        claim.secondary = flaws.map(|flaw| flaw.mark).collect();
        Some(claim)
    }
}

impl Guard<'_> {
    /// The key as it is written, for a message.
    pub(in crate::rules) fn key(&self, cx: &CauseCx<'_>) -> String {
        value_text(&self.condition.key_name, cx.symbols())
    }

    /// The operator as it is written.
    pub(in crate::rules) fn operator(&self, cx: &CauseCx<'_>) -> String {
        self.condition.operator_name.display(cx.symbols())
    }

    /// Which key it is.
    pub(in crate::rules) fn known(&self) -> KnownKey {
        self.condition.key.known
    }

    /// Whether the values listed are those that get in: a positive operator in an Allow, a negated
    /// one in a Deny.
    pub(in crate::rules) fn admits_listed(&self) -> bool {
        self.op.negated == self.deny
    }

    /// Whether the condition is one of the Allow that a missing key makes true, on a key that the
    /// witness's request lacks, or need not have.
    pub(in crate::rules) fn misses_key(&self) -> bool {
        !self.deny && self.found != Presence::Present
    }

    /// What is wrong with a value that the guard lets through.
    pub(in crate::rules) fn through(&self, text: String) -> String {
        if self.deny { format!("this Deny leaves it out: {text}") } else { text }
    }

    /// The first value, else the condition.
    pub(in crate::rules) fn first_value(&self) -> Origin {
        match self.condition.values.first() {
            Some(Entry::One(leaf)) => leaf.origin,
            Some(Entry::Many(_, origin)) => *origin,
            None => self.condition.origin,
        }
    }
}

impl NamedDeny<'_> {
    /// The first principal.
    pub(in crate::rules) fn first(&self) -> Origin {
        self.principals.items.first().map_or(self.principals.origin, |item| match item {
            Entry::One(item) => item.value.origin,
            Entry::Many(_, origin) => *origin,
        })
    }
}

impl<'a> CauseCx<'a> {
    /// The claim to the hole by the first guard in which `flaw` sees one.
    pub(in crate::rules) fn blame(
        &self,
        mut flaw: impl FnMut(&Guard<'a>) -> Option<Flaw>,
    ) -> Option<Claim> {
        if !self.is_everyone() {
            return None;
        }
        let mut of_deny = None;
        let guards = self.guards().conditions.iter();
        let flaws: Vec<Flaw> = guards
            .filter_map(|guard| {
                let found = flaw(guard)?;
                of_deny.get_or_insert(guard.deny);
                Some(found)
            })
            .collect();
        let mut claim = Flaw::claim(flaws)?;
        if of_deny == Some(true) {
            self.blames_deny(&mut claim);
        }
        Some(claim)
    }

    /// The claim to the hole by the first Deny that names callers, by what `flaw` says of it.
    pub(in crate::rules) fn blame_named(
        &self,
        flaw: impl FnMut(&NamedDeny<'a>) -> Option<Flaw>,
    ) -> Option<Claim> {
        if !self.is_everyone() {
            return None;
        }
        let mut claim = Flaw::claim(self.guards().named.iter().filter_map(flaw))?;
        self.blames_deny(&mut claim);
        Some(claim)
    }

    /// Where the conditions of the deciding Allow, or of a Deny (`true`), are not known.
    pub(in crate::rules) fn unknown_guards(&self) -> &[(SymbolRef, Origin, bool)] {
        &self.guards().unknown
    }

    /// The claim is about a Deny: it shows the Allow that the Deny was to narrow.
    fn blames_deny(&self, claim: &mut Claim) {
        claim.explains_deny = true;
        claim.secondary.push((self.everyone_token(), "the Allow is to everyone".into()));
    }

    fn guards(&self) -> &Guards<'a> {
        self.guards.get_or_init(|| self.find_guards())
    }

    /// The conditions of the deciding Allow; where those say nothing of callers, the Denies that
    /// were to stand beside it. Where some of them are not known to hold, those decide, and the
    /// others are left out.
    fn find_guards(&self) -> Guards<'a> {
        let mut out = Guards::default();
        let Some(statement) = self.statement else { return out };
        let unknown = |statement: &Statement, deny: bool| {
            let entries = statement.conditions.iter();
            let many = entries.filter_map(move |entry| match entry {
                Entry::Many(symbol, origin) => Some((*symbol, *origin, deny)),
                Entry::One(_) => None,
            });
            many.collect::<Vec<_>>()
        };
        out.conditions = self.guards_of(statement, false);
        out.unknown = unknown(statement, false);
        if out.unknown.is_empty() && !statement.known_conditions().any(is_about_callers) {
            for deny in self.denies() {
                let mut failing = self.guards_of(deny, true);
                failing.retain(|guard| guard.holds != Tri::True);
                let worst = failing.iter().map(|guard| guard.holds).min();
                failing.retain(|guard| Some(guard.holds) == worst);
                if worst.is_none() {
                    match &deny.principal {
                        PrincipalElement::Principal(principals) if deny.everyone().is_none() => {
                            out.named.push(NamedDeny { principals });
                        }
                        _ => out.unknown.extend(unknown(deny, true)),
                    }
                }
                out.conditions.extend(failing);
            }
        }
        if self.exposure.access != Tri::True {
            for deny in [false, true] {
                let open = |g: &Guard<'_>| g.deny == deny && g.holds == Tri::Unknown;
                if out.conditions.iter().any(open) {
                    out.conditions.retain(|guard| guard.deny != deny || open(guard));
                    if deny {
                        out.named.clear();
                    }
                }
            }
        }
        out
    }

    fn guards_of(&self, statement: &'a Statement, deny: bool) -> Vec<Guard<'a>> {
        let conditions = statement.known_conditions();
        let guard = |condition: &'a Condition| {
            let op = condition.operator?;
            let found = presence(self, condition.key.known);
            Some(Guard { condition, op, deny, found, holds: self.holds(condition) })
        };
        conditions.filter_map(guard).collect()
    }

    /// The Denies about callers that are about the witness's method and path; the one that the
    /// engine says came closest is first. A Deny of other routes, or one about TLS alone, is none.
    fn denies(&self) -> Vec<&'a Statement> {
        let nearest = self.exposure.nearest_deny.as_ref().map(|(origin, _)| *origin);
        let statements = self.policy.into_iter().flat_map(|policy| policy.known_statements());
        let about_callers = |s: &Statement| {
            names_principals(s)
                || s.known_conditions().any(|c| c.key.known.is_free() || is_about_callers(c))
        };
        let mut denies: Vec<&Statement> =
            statements.filter(|s| s.is_deny() && about_callers(s) && self.covers(s)).collect();
        denies.sort_by_key(|s| Some(s.origin) != nearest);
        denies
    }
}

/// Whether a condition is about who calls, or from where.
fn is_about_callers(condition: &Condition) -> bool {
    let key = condition.key.known;
    is_vpc(key)
        || key.is_network()
        || key.is_identity()
        || matches!(key, KnownKey::Unsupported | KnownKey::Unknown | KnownKey::SourceArn)
}

/// Whether the statement is not about everyone.
fn names_principals(statement: &Statement) -> bool {
    match &statement.principal {
        PrincipalElement::Missing => false,
        PrincipalElement::Principal(_) => statement.everyone().is_none(),
        PrincipalElement::NotPrincipal(..) => true,
    }
}
