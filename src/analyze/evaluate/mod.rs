//! The concrete evaluator: one policy, one request, three-valued (SEMANTICS 1 to 3.1).
//!
//! A statement applies to a request if its principal, action, resource and every condition match.
//! Each of these is a [`Tri`]: `Unknown` where a value that nobody gave decides, where AWS's pages
//! disagree or are silent, and where AWS refuses the text so that nobody can tell what it would do.
//! Replacing a symbol by a literal never turns `True` into `False` or back.
//!
//! It looks at one request and at nothing else: it must not search for requests (that is
//! [`reach`](super::reach)), nor know methods and endpoint types (that is
//! [`access`](super::access)).

mod actions;
mod compare;
mod conditions;
mod context;
mod pattern;
mod principals;
mod resources;
mod scope;
mod text;
pub(in crate::analyze) mod texts;

#[cfg(test)]
mod tests;

/// The matchers that the sets of [`sets`](super::sets) are held against.
#[cfg(test)]
pub(in crate::analyze) use {
    pattern::glob as glob_match_text,
    text::{arn as glob_match_arn, equal_fold as fold_equal},
};

use crate::model::{
    Effect, EffectElement, Entry, Identity, Policy, Request, Statement, Tri, Verdict,
};

pub(in crate::analyze) use compare::{is_narrow, is_own_address};
pub use conditions::where_absent;

use scope::Scope;

/// What a policy says of a request, statement by statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The policy's verdict (SEMANTICS 3.1), taking it that an unknown stretch of statements holds
    /// no Deny that applies. So a known Allow stays `Allow` beside an unknown stretch
    /// (`concat(var.statements, [known])` is a proved hole), while a stretch alone makes `Unknown`
    /// of what would be `None`. [`Self::strict_verdict`] grants the stretch its Deny.
    pub verdict: Verdict,
    /// Whether each entry of `policy.statements` applies, in order, whatever its effect. An unknown
    /// stretch is `Unknown`.
    pub statements: Vec<Tri>,
    /// Whether a known statement allows. One whose effect is not known counts as `Unknown` at most.
    pub allow: Tri,
    /// Whether a known statement denies. One whose effect is not known counts as `Unknown` at most.
    pub deny: Tri,
    /// Some statements are not known at all.
    pub unknown_stretch: bool,
}

impl Evaluation {
    /// Whether a statement allows, the unknown stretch included.
    pub fn may_allow(&self) -> Tri {
        self.with_stretch(self.allow)
    }

    /// Whether a statement denies, the unknown stretch included.
    pub fn may_deny(&self) -> Tri {
        self.with_stretch(self.deny)
    }

    /// The verdict in which an unknown stretch may hold an Allow and a Deny of anything.
    pub fn strict_verdict(&self) -> Verdict {
        verdict(self.may_allow(), self.may_deny())
    }

    fn with_stretch(&self, known: Tri) -> Tri {
        known.or(if self.unknown_stretch { Tri::Unknown } else { Tri::False })
    }
}

/// Evaluates `policy` for `request` to the API `identity`.
///
/// The request's caller is the one that the policy sees: on a method without IAM authorisation that
/// is nobody, see [`seen_by_policy`](super::access::seen_by_policy). The caller of an owner account
/// carries the account id of `identity`, where that is known.
///
/// Work is bounded: each pattern match gives up as `Unknown` after a fixed number of steps.
pub fn evaluate(policy: &Policy, request: &Request, identity: &Identity) -> Evaluation {
    let statements = applying(policy, request, identity, |_| true);
    let (mut allow, mut deny, mut unknown_stretch) = (Tri::False, Tri::False, false);
    for (entry, &applies) in policy.statements.iter().zip(&statements) {
        let Entry::One(statement) = entry else {
            unknown_stretch = true;
            continue;
        };
        match effect(statement) {
            Some(Effect::Allow) => allow = allow.or(applies),
            Some(Effect::Deny) => deny = deny.or(applies),
            None => {
                allow = allow.or(applies.and(Tri::Unknown));
                deny = deny.or(applies.and(Tri::Unknown));
            }
        }
    }
    let may_allow = allow.or(if unknown_stretch { Tri::Unknown } else { Tri::False });
    Evaluation { verdict: verdict(may_allow, deny), statements, allow, deny, unknown_stretch }
}

/// Whether each entry of `policy` applies to `request`, as [`Evaluation::statements`]. Statements of
/// which `may` says that they cannot do not.
pub(in crate::analyze) fn applying(
    policy: &Policy,
    request: &Request,
    identity: &Identity,
    may: impl Fn(usize) -> bool,
) -> Vec<Tri> {
    let scope = Scope::new(policy, request, identity);
    let entries = policy.statements.iter().enumerate();
    entries
        .map(|(at, entry)| match entry {
            Entry::Many(..) => Tri::Unknown,
            Entry::One(_) if !may(at) => Tri::False,
            Entry::One(statement) => applies(statement, &scope),
        })
        .collect()
}

/// Combines the statements (SEMANTICS 3.1). An uncertain Deny stays `Unknown` even where nothing
/// allows: a Lambda authorizer or a same-account identity policy may.
fn verdict(allow: Tri, deny: Tri) -> Verdict {
    match (deny, allow) {
        (Tri::True, _) => Verdict::Deny,
        (Tri::Unknown, _) | (Tri::False, Tri::Unknown) => Verdict::Unknown,
        (Tri::False, Tri::True) => Verdict::Allow,
        (Tri::False, Tri::False) => Verdict::None,
    }
}

/// The effect of a statement; `None` when it could be either. A text that AWS refuses (`allow`) or a
/// missing element is no effect, and never nothing.
fn effect(statement: &Statement) -> Option<Effect> {
    match &statement.effect {
        EffectElement::Known(effect, _) => Some(*effect),
        EffectElement::Missing | EffectElement::Other(_) => None,
    }
}

/// Whether a statement applies, whatever its effect.
fn applies(statement: &Statement, scope: &Scope<'_>) -> Tri {
    // The resource first: it is what tells the statements of a long policy apart.
    let mut out = resources::applies(&statement.resource, scope);
    if out.is_false() {
        return out;
    }
    out = out.and(principals::applies(&statement.principal, effect(statement), scope));
    if out.is_false() {
        return out;
    }
    out = out.and(actions::applies(&statement.action));
    for entry in &statement.conditions {
        if out.is_false() {
            return out;
        }
        out = out.and(match entry {
            Entry::One(condition) => conditions::holds(condition, scope),
            Entry::Many(..) => Tri::Unknown,
        });
    }
    out
}

/// What both readings have in common.
fn join(a: Tri, b: Tri) -> Tri {
    if a == b { a } else { Tri::Unknown }
}

/// Whether any entry matches; an unknown stretch of entries may.
fn any<T>(entries: &[Entry<T>], mut matches: impl FnMut(&T) -> Tri) -> Tri {
    let mut out = Tri::False;
    for entry in entries {
        out = out.or(match entry {
            Entry::One(value) => matches(value),
            Entry::Many(..) => Tri::Unknown,
        });
        if out.is_true() {
            break;
        }
    }
    out
}
