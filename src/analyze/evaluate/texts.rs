//! The parts of a statement one by one, for a search over many requests.
//!
//! [`evaluate`](super::evaluate) answers for one request. A search asks what a condition says of
//! *every* text that a key can hold; [`texts`] answers with patterns, read exactly as the evaluator
//! reads them, so that both can never disagree on what a value means.

use crate::analyze::sets::Glob;
use crate::analyze::sets::glob::Builder;
use crate::model::{
    BaseOp, Condition, Entry, Fresh, Identity, KnownKey, Leaf, Part, Policy, Request, Statement,
    SymbolRef, Tri,
};

use super::compare;
use super::scope::Scope;
use super::text::{self, Expand, Mode, Piece, Reading};
use super::{conditions, principals, resources};

/// Which texts a list of values names: those that match a pattern of `surely`, and perhaps those
/// that match one of `maybe`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::analyze) struct Listed {
    /// For certain.
    pub(in crate::analyze) surely: Vec<Glob>,
    /// Where an unknown value decides.
    pub(in crate::analyze) maybe: Vec<Glob>,
}

/// What a condition says of a key that has one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::analyze) struct Texts {
    /// It holds for the texts that are *not* listed.
    pub(in crate::analyze) negated: bool,
    /// The texts.
    pub(in crate::analyze) listed: Listed,
}

/// What `condition` says of each text of its key. `None` unless its operator compares texts.
///
/// `request` gives the values of policy variables; `fresh` is how the texts stand to literals.
pub(in crate::analyze) fn texts(
    policy: &Policy,
    condition: &Condition,
    request: &Request,
    identity: &Identity,
    fresh: Fresh,
) -> Option<Texts> {
    let operator = condition.operator?;
    let mode = compare::mode(operator.base)?;
    let refused = |entry: &Entry<Leaf>| matches!(entry, Entry::Many(SymbolRef::UNREADABLE, _));
    let plural = condition.key.known == KnownKey::PrincipalOrgPaths;
    if condition.values.iter().all(refused) || (plural && operator.quantifier.is_none()) {
        return None;
    }
    let scope = Scope::new(policy, request, identity);
    let mut listed = Listed::default();
    for entry in &condition.values {
        match entry {
            Entry::One(leaf) => value(leaf, mode, &scope, fresh, &mut listed),
            Entry::Many(SymbolRef::UNREADABLE, _) => listed.maybe.push(Glob::everything()),
            Entry::Many(symbol, at) => {
                let leaf = Leaf::new([Part::Sym(*symbol)], *at);
                value(&leaf, mode, &scope, fresh, &mut listed);
            }
        }
    }
    Some(Texts { negated: operator.negated, listed })
}

/// The texts that one value names.
fn value(leaf: &Leaf, mode: Mode, scope: &Scope<'_>, fresh: Fresh, out: &mut Listed) {
    let plain = matches!(mode, Mode::Equal | Mode::EqualFold);
    let reading = text::read(leaf, Expand::Variables, scope);
    let literal = [match &reading {
        Reading::Literal(text) => Piece::Text(text),
        Reading::Pieces(_) => Piece::Missing,
    }];
    let pieces = match &reading {
        // A fresh identifier is no literal of the policy, whatever its digits.
        Reading::Literal(_) if plain && fresh == Fresh::Yes => return,
        Reading::Literal(_) => &literal[..],
        Reading::Pieces(pieces) if pieces.contains(&Piece::Missing) => return,
        Reading::Pieces(pieces) => pieces,
    };
    let own = pieces.iter().any(|piece| match piece {
        Piece::Symbol(class) => plain || class.is_own(),
        _ => false,
    });
    if own && fresh == Fresh::Yes {
        return;
    }
    let holes = pieces.iter().any(Piece::is_hole);
    if mode == Mode::Arn && pieces != [Piece::Text("*")] && !holes && text::colons(pieces) < 5 {
        // Refused by AWS: nobody can tell.
        out.maybe.push(Glob::everything());
        return;
    }
    match glob(pieces, mode) {
        Some(glob) if holes => out.maybe.push(glob),
        Some(glob) => out.surely.push(glob),
        None => out.maybe.push(Glob::everything()),
    }
}

/// The texts that are what `pieces` say, in their widest reading: a hole is any run of characters.
/// `None` for the few that are not followed: letter case aside, with a hole.
pub(super) fn glob(pieces: &[Piece<'_>], mode: Mode) -> Option<Glob> {
    if mode == Mode::EqualFold {
        let whole: Option<String> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Exact(text) => Some(*text),
                Piece::Value(text) => Some(text.as_ref()),
                Piece::Missing | Piece::Symbol(_) | Piece::Unknown => None,
            })
            .collect();
        return Glob::exactly_ignoring_case(&whole?);
    }
    if mode == Mode::Arn && pieces == [Piece::Text("*")] {
        return Some(Glob::everything());
    }
    let start = if mode == Mode::Arn { Builder::arn() } else { Builder::default() };
    let wildcards = matches!(mode, Mode::Like | Mode::Arn);
    let written = pieces.iter().fold(start, |builder, piece| match piece {
        Piece::Text(text) if wildcards => builder.pattern(text),
        Piece::Text(text) | Piece::Exact(text) => builder.text(text),
        Piece::Value(text) => builder.text(text),
        Piece::Missing | Piece::Symbol(_) | Piece::Unknown => builder.hole(),
    });
    Some(written.build())
}

/// Whether an operator compares texts.
pub(in crate::analyze) fn compares_texts(base: BaseOp) -> bool {
    compare::mode(base).is_some()
}

/// Whether one condition holds.
pub(in crate::analyze) fn condition(
    policy: &Policy,
    condition: &Condition,
    request: &Request,
    identity: &Identity,
) -> Tri {
    conditions::holds(condition, &Scope::new(policy, request, identity))
}

/// Whether the principal element matches.
pub(in crate::analyze) fn principal(
    policy: &Policy,
    statement: &Statement,
    request: &Request,
    identity: &Identity,
) -> Tri {
    let scope = Scope::new(policy, request, identity);
    principals::applies(&statement.principal, super::effect(statement), &scope)
}

/// Whether the resource element matches.
pub(in crate::analyze) fn resource(
    policy: &Policy,
    statement: &Statement,
    request: &Request,
    identity: &Identity,
) -> Tri {
    resources::applies(&statement.resource, &Scope::new(policy, request, identity))
}

/// The ARNs of requests that the resource element lists (whether it is `Resource` or `NotResource`).
/// `None` when it is missing or empty: then [`resource`] says the same of every request.
pub(in crate::analyze) fn resources(
    policy: &Policy,
    statement: &Statement,
    request: &Request,
    identity: &Identity,
) -> Option<Listed> {
    if statement.resource.items.is_empty() {
        return None;
    }
    let scope = Scope::new(policy, request, identity);
    let mut out = Listed::default();
    for entry in &statement.resource.items {
        match entry {
            Entry::One(leaf) => resources::patterns(leaf, &scope, &mut out),
            Entry::Many(..) => out.maybe.push(Glob::everything()),
        }
    }
    Some(out)
}

/// The ARN of a request, without its path and what stands before it.
pub(in crate::analyze) fn arn_head(identity: &Identity) -> String {
    let Identity { partition, region, account, api_id, .. } = identity;
    format!("arn:{partition}:execute-api:{region}:{account}:{api_id}/")
}
