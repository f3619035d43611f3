//! `Principal` and `NotPrincipal` (SEMANTICS 1.2).

use crate::model::{
    AwsPrincipal, Caller, Effect, Fresh, Iam, Leaf, Part, PrincipalElement, PrincipalItem,
    PrincipalKind, Principals, Tri, split_arn,
};

use super::any;
use super::pattern;
use super::scope::Scope;
use super::text::{self, Expand, Mode, Piece, Reading};

/// Whether the element matches the caller. `effect` is `None` where it is not known.
///
/// A resource policy without this element is refused, so nobody can tell what it would admit; an
/// empty `Principal` names nobody.
pub(super) fn applies(
    element: &PrincipalElement,
    effect: Option<Effect>,
    scope: &Scope<'_>,
) -> Tri {
    match element {
        PrincipalElement::Missing => Tri::Unknown,
        PrincipalElement::Principal(principals) => any(&principals.items, |item| {
            let listed = listed(item, effect == Some(Effect::Allow), scope);
            listed.account.or(listed.exactly)
        }),
        PrincipalElement::NotPrincipal(principals, _) if principals.items.is_empty() => {
            Tri::Unknown
        }
        PrincipalElement::NotPrincipal(principals, _) => unlisted(principals, effect, scope),
    }
}

/// Whether a statement with `NotPrincipal` matches the caller.
fn unlisted(principals: &Principals, effect: Option<Effect>, scope: &Scope<'_>) -> Tri {
    let account = any(&principals.items, |item| listed(item, false, scope).account);
    let exactly = any(&principals.items, |item| listed(item, false, scope).exactly);
    match effect {
        Some(Effect::Allow) => !account.or(exactly),
        // A Deny may still hit a listed role or user through its account, when that is not listed
        // too (IAM user guide, "NotPrincipal with Deny").
        Some(Effect::Deny) | None => match account {
            Tri::False if exactly.is_false() => Tri::True,
            Tri::False | Tri::Unknown => Tri::Unknown,
            Tri::True => Tri::False,
        },
    }
}

/// How an item names the caller.
#[derive(Debug, Clone, Copy)]
struct Listed {
    /// As everyone, or by its account.
    account: Tri,
    /// By its own ARN or its session's.
    exactly: Tri,
}

impl Listed {
    const NO: Self = Self { account: Tri::False, exactly: Tri::False };

    fn by_account(account: Tri) -> Self {
        Self { account, ..Self::NO }
    }

    fn exactly(exactly: Tri) -> Self {
        Self { exactly, ..Self::NO }
    }
}

/// Whether an item names the caller. `wide`: a wildcard within an ARN, which AWS refuses, reads as
/// everyone; otherwise it names nobody for sure.
fn listed(item: &PrincipalItem, wide: bool, scope: &Scope<'_>) -> Listed {
    // A service, a web identity and a canonical user never call an API Gateway API as such; any
    // other type is refused when the policy is saved.
    if item.kind != PrincipalKind::Aws {
        return Listed::NO;
    }
    let iam = match &scope.request.caller {
        Caller::Anonymous => None,
        Caller::Iam(iam) => Some(iam),
    };
    if let Some(text) = item.value.text() {
        return named(text, wide, iam);
    }
    let reading = text::read(&item.value, Expand::Nothing, scope);
    let Reading::Pieces(pieces) = &reading else { return Listed::NO };
    if !pieces.iter().any(Piece::is_hole) {
        let text: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Exact(text) => text,
                Piece::Value(text) => text.as_ref(),
                Piece::Missing | Piece::Symbol(_) | Piece::Unknown => "",
            })
            .collect();
        return named(&text, wide, iam);
    }
    symbolic(&item.value, pieces, wide, iam)
}

/// Whether the text of an AWS principal names the caller.
fn named(text: &str, wide: bool, iam: Option<&Iam>) -> Listed {
    if text == "*" {
        return Listed::by_account(Tri::True);
    }
    if text.contains(['*', '?']) {
        return refused_wildcard(wide);
    }
    let Some(iam) = iam.filter(|iam| iam.fresh == Fresh::No) else { return Listed::NO };
    if text == iam.account.as_str() {
        return Listed::by_account(Tri::True);
    }
    let Some([arn, partition, service, region, account, resource]) = split_arn(text) else {
        return Listed::NO;
    };
    if arn != "arn" || account != iam.account.as_str() {
        return Listed::NO;
    }
    // Account ids are unique within a partition, and which partition is ours may not be known.
    let sure = |other: &str| {
        let same = split_arn(other).is_none_or(|fields| fields[1] == partition);
        if same { Tri::True } else { Tri::Unknown }
    };
    if service == "iam" && region.is_empty() && resource == "root" {
        return Listed::by_account(sure(&iam.arn));
    }
    if let Some(parts) = &iam.symbolic {
        return Listed::exactly(may_be(parts, text));
    }
    let own = [Some(iam.arn.as_str()), iam.session.as_deref()];
    let exactly = own.into_iter().flatten().fold(Tri::False, |out, own| {
        let same = split_arn(own)
            .is_some_and(|f| [f[2], f[3], f[4], f[5]] == [service, region, account, resource]);
        out.or(if same { sure(own) } else { Tri::False })
    });
    Listed::exactly(exactly)
}

fn refused_wildcard(wide: bool) -> Listed {
    Listed::by_account(if wide { Tri::True } else { Tri::Unknown })
}

/// Whether a principal with a hole in it names the caller.
fn symbolic(leaf: &Leaf, pieces: &[Piece<'_>], wide: bool, iam: Option<&Iam>) -> Listed {
    match AwsPrincipal::parse(leaf) {
        AwsPrincipal::PartialWildcard => return refused_wildcard(wide),
        // A role or user of this unit.
        AwsPrincipal::Owner => {
            return match iam {
                Some(iam) if iam.owner => Listed::exactly(Tri::Unknown),
                _ => Listed::NO,
            };
        }
        AwsPrincipal::UnknownInAccount(account, _)
            if iam.is_none_or(|iam| iam.account != account) =>
        {
            return Listed::NO;
        }
        _ => {}
    }
    let may_be_star = pieces.iter().all(|piece| match piece {
        Piece::Text(text) | Piece::Exact(text) => text.bytes().all(|b| b == b'*'),
        _ => true,
    });
    if may_be_star {
        return Listed::by_account(Tri::Unknown);
    }
    let Some(iam) = iam.filter(|iam| iam.fresh == Fresh::No) else { return Listed::NO };
    let tokens = text::tokens(pieces, Mode::Equal);
    let fits = |text: &str| pattern::matches(&tokens, text).and(Tri::Unknown);
    let account = split_arn(&iam.arn).map_or(Tri::Unknown, |fields| {
        let [_, partition, _, _, account, _] = fields;
        fits(&format!("arn:{partition}:iam::{account}:root")).or(fits(account))
    });
    let exactly = match &iam.symbolic {
        Some(parts) if *parts == leaf.parts => Tri::True,
        // Two unknown names of one account may be the same.
        Some(_) => Tri::Unknown,
        None => fits(&iam.arn).or(iam.session.as_deref().map_or(Tri::False, fits)),
    };
    Listed { account, exactly }
}

/// Whether a text with unknown parts may be `text`.
fn may_be(parts: &[Part], text: &str) -> Tri {
    let pieces: Vec<Piece<'_>> = parts
        .iter()
        .map(|part| match part {
            Part::Lit(text) => Piece::Text(text),
            Part::Sym(_) => Piece::Unknown,
        })
        .collect();
    pattern::matches(&text::tokens(&pieces, Mode::Equal), text).and(Tri::Unknown)
}
