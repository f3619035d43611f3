//! `Resource` and `NotResource` (SEMANTICS 1.4).

use crate::analyze::sets::Glob;
use crate::model::{Leaf, ResourceElement, SymbolClass, Tri, split_arn};

use super::any;
use super::pattern;
use super::scope::Scope;
use super::text::{self, Expand, Mode, Piece, Reading};
use super::texts::{self, Listed};

/// What API Gateway writes out, when a policy is saved, as the ARN of the API that carries it.
const SHORTHAND: &str = "execute-api:/";

/// Whether the element matches the request's ARN. A missing element is refused by AWS; an empty
/// `Resource` matches nothing.
pub(super) fn applies(element: &ResourceElement, scope: &Scope<'_>) -> Tri {
    if element.items.is_empty() {
        return match element.origin {
            Some(_) if !element.negated => Tri::False,
            _ => Tri::Unknown,
        };
    }
    let listed = any(&element.items, |leaf| covers(leaf, scope));
    if element.negated { !listed } else { listed }
}

fn covers(leaf: &Leaf, scope: &Scope<'_>) -> Tri {
    if leaf.symbols().any(|symbol| symbol.class == SymbolClass::OtherApi) {
        return Tri::False;
    }
    match text::read(leaf, Expand::Variables, scope) {
        Reading::Literal(text) => covers_literal(text, scope),
        Reading::Pieces(pieces) => covers_pieces(&pieces, scope),
    }
}

fn covers_literal(text: &str, scope: &Scope<'_>) -> Tri {
    if text == "*" {
        return Tri::True;
    }
    if let Some(rest) = text.strip_prefix(SHORTHAND) {
        return match scope.tail() {
            Some(tail) => pattern::glob(rest, tail, false),
            // No page says what the rest of the shorthand means in the policy of a custom domain.
            None if rest == "*" => Tri::True,
            None => Tri::Unknown,
        };
    }
    let Some(fields) = split_arn(text) else { return Tri::Unknown };
    let matched = text::arn(text, scope.arn());
    // IAM allows no wildcard in the service's field: whether one matches is anybody's guess.
    if fields[2].contains(['*', '?']) { matched.and(Tri::Unknown) } else { matched }
}

fn covers_pieces(pieces: &[Piece<'_>], scope: &Scope<'_>) -> Tri {
    // `${aws_api_gateway_rest_api.this.execution_arn}/*`, the way Terraform is written.
    if let [Piece::Exact(api), Piece::Text(rest)] = pieces
        && let Some(tail) = scope.tail()
        && let Some(rest) = rest.strip_prefix('/')
        && scope.exact(SymbolClass::ThisApiArn) == Some(*api)
    {
        return pattern::glob(rest, tail, false);
    }
    let short = matches!(pieces.first(), Some(Piece::Text(text)) if text.starts_with(SHORTHAND));
    let holes = pieces.iter().any(Piece::is_hole);
    if !short && misplaced_variable(pieces) {
        return Tri::Unknown;
    }
    if pieces.contains(&Piece::Missing) {
        return Tri::False;
    }
    if short || holes {
        // A hole in front may turn out to hold the shorthand.
        let matched = match scope.tail() {
            Some(tail) => {
                let tokens = text::tokens(pieces, Mode::Like);
                pattern::matches(&tokens, &format!("{SHORTHAND}{tail}"))
            }
            None => Tri::Unknown,
        };
        if short {
            return if holes { matched.and(Tri::Unknown) } else { matched };
        }
        if !matched.is_false() {
            return Tri::Unknown;
        }
    }
    if !holes && text::colons(pieces) < 5 {
        return Tri::Unknown;
    }
    let matched = pattern::matches(&text::tokens(pieces, Mode::Arn), scope.arn());
    if holes || service_wildcard(pieces) { matched.and(Tri::Unknown) } else { matched }
}

/// Whether a variable stands before the fifth colon, where IAM takes none.
fn misplaced_variable(pieces: &[Piece<'_>]) -> bool {
    let mut colons = 0;
    for piece in pieces {
        match piece {
            Piece::Text(text) | Piece::Exact(text) => colons += text.matches(':').count(),
            // A symbol may hold any number of fields.
            Piece::Symbol(_) => return false,
            _ => {}
        }
        if piece.is_variable() && colons < 5 {
            return true;
        }
    }
    false
}

/// Whether a wildcard stands in the field of the service.
fn service_wildcard(pieces: &[Piece<'_>]) -> bool {
    let mut colons = 0;
    for piece in pieces {
        let (text, wild): (&str, bool) = match piece {
            Piece::Text(text) => (text, true),
            Piece::Exact(text) => (text, false),
            _ => return false,
        };
        for c in text.chars() {
            match c {
                ':' => colons += 1,
                '*' | '?' if wild && colons == 2 => return true,
                _ => {}
            }
        }
    }
    false
}

/// The ARNs of requests that one text covers: what [`covers`] says of all of them at once.
pub(super) fn patterns(leaf: &Leaf, scope: &Scope<'_>, out: &mut Listed) {
    if leaf.symbols().any(|symbol| symbol.class == SymbolClass::OtherApi) {
        return;
    }
    let reading = text::read(leaf, Expand::Variables, scope);
    let literal = [match &reading {
        Reading::Literal(text) => Piece::Text(text),
        Reading::Pieces(_) => Piece::Missing,
    }];
    let pieces = match &reading {
        Reading::Literal(_) => &literal[..],
        Reading::Pieces(pieces) => pieces,
    };
    let star = [Piece::Text("*")];
    if pieces == star {
        return out.surely.push(Glob::everything());
    }
    let holes = pieces.iter().any(Piece::is_hole);
    if let Some(Piece::Text(first)) = pieces.first()
        && let Some(rest) = first.strip_prefix(SHORTHAND)
    {
        if pieces.contains(&Piece::Missing) && literal[0] == Piece::Missing {
            return;
        }
        let mut written: Vec<Piece<'_>> = pieces.to_vec();
        if let Some(first) = written.first_mut() {
            *first = Piece::Text(rest);
        }
        written.insert(0, Piece::Exact(scope.head()));
        let list = if holes { &mut out.maybe } else { &mut out.surely };
        return list.extend(texts::glob(&written, Mode::Like));
    }
    let expanded = literal[0] == Piece::Missing;
    if expanded && misplaced_variable(pieces) {
        return out.maybe.push(Glob::everything());
    }
    if expanded && pieces.contains(&Piece::Missing) {
        return;
    }
    if !holes && text::colons(pieces) < 5 {
        return out.maybe.push(Glob::everything());
    }
    // A hole in front may turn out to hold the shorthand.
    let in_front = match pieces {
        [Piece::Symbol(_) | Piece::Unknown] => false,
        [Piece::Symbol(_) | Piece::Unknown, Piece::Text(text), ..] => !text.starts_with('/'),
        [Piece::Text(text) | Piece::Exact(text), ..] => !text.starts_with("arn:"),
        _ => true,
    };
    if holes && in_front {
        return out.maybe.push(Glob::everything());
    }
    let doubtful = holes || service_wildcard(pieces);
    let list = if doubtful { &mut out.maybe } else { &mut out.surely };
    list.extend(texts::glob(pieces, Mode::Arn));
}
