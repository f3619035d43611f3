//! `dead-statement`: a statement that no request can ever meet, where no other finding says so.

use super::support::{
    DefectCx, PolicyIn, grant_key, is_said, is_vpc, may_allow, tokens_of_condition, value_text,
    when_missing,
};
use super::{Kind, Meta, Rule};
use crate::analyze::applies::Piece;
use crate::finding::{Draft, Mark, Origin, Severity};
use crate::model::{
    Condition, EndpointTypes, Entry, KnownKey, Leaf, PrincipalElement, Statement, glob_match,
};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "dead-statement",
        summary: "a statement never applies: no request can meet it",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/dead-statement.md"),
    },
    kind: Kind::Rest { turn: 2, rest },
};

/// Why a statement is dead.
struct Why {
    primary: Mark,
    secondary: Vec<Mark>,
    /// What the title says of the statement.
    title: &'static str,
    help: &'static str,
    severity: Severity,
}

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        for (at, statement) in place.statements() {
            let dead = dead(place, at, statement);
            let tokens: Vec<Origin> = dead.iter().flat_map(|p| tokens(statement, *p)).collect();
            let Some(why) = why(place, at, statement, &dead) else { continue };
            let meaning = format!("dead|{}", grant_key(statement, &place.api.symbols));
            let mut draft = place.draft(&RULE.meta, why.primary, meaning);
            draft.severity = why.severity;
            let subject = if statement.is_deny() { "this Deny" } else { "this Allow" };
            draft.title = format!("{subject} never applies: {}", why.title);
            draft.help = why.help.into();
            draft.secondary = why.secondary;
            if !is_said(drafts, &draft, &tokens) {
                drafts.push(draft);
            }
        }
    }
}

/// The parts that keep the statement from ever applying.
fn dead(place: &PolicyIn<'_>, at: usize, statement: &Statement) -> Vec<Piece> {
    if place.anywhere(at).is_false() {
        return place.site().map_or(Vec::new(), |site| site.dead_parts(statement));
    }
    // A request comes from the internet or through a VPC endpoint, whichever the API has.
    if matches!(place.world.endpoint, EndpointTypes::Document | EndpointTypes::Unknown(..)) {
        let asks = |of: fn(KnownKey) -> bool| {
            let mut entries = statement.conditions.iter();
            entries.position(|entry| {
                entry.one().is_some_and(|c| of(c.key.known) && when_missing(c).is_false())
            })
        };
        let of_internet = asks(|key| key == KnownKey::SourceIp);
        if let (Some(ip), Some(vpc)) = (of_internet, asks(is_vpc)) {
            return vec![Piece::Condition(ip), Piece::Condition(vpc)];
        }
    }
    Vec::new()
}

/// The tokens of a part.
fn tokens(statement: &Statement, piece: Piece) -> Vec<Origin> {
    let leaves = |items: &[Entry<Leaf>], whole: Option<Origin>| {
        items.iter().filter_map(Entry::one).map(|leaf| leaf.origin).chain(whole).collect()
    };
    match piece {
        Piece::Principal => match &statement.principal {
            PrincipalElement::Principal(list) | PrincipalElement::NotPrincipal(list, _) => {
                list.items.iter().filter_map(Entry::one).map(|item| item.value.origin).collect()
            }
            PrincipalElement::Missing => Vec::new(),
        },
        Piece::Action => leaves(&statement.action.items, statement.action.origin),
        Piece::Resource => leaves(&statement.resource.items, statement.resource.origin),
        Piece::Condition(at) => condition(statement, at).map_or(Vec::new(), tokens_of_condition),
    }
}

fn condition(statement: &Statement, at: usize) -> Option<&Condition> {
    statement.conditions.get(at)?.one()
}

/// The words. `None` where another rule is about such a part: principals that nobody is.
fn why(place: &PolicyIn<'_>, at: usize, statement: &Statement, dead: &[Piece]) -> Option<Why> {
    let why = |primary: Mark, title, help| Why {
        primary,
        secondary: Vec::new(),
        title,
        help,
        severity: Severity::Medium,
    };
    match dead {
        [] => None,
        [Piece::Action, ..] => {
            if flushes_caches(statement) && !place.is_shut() {
                return None;
            }
            let origin = statement.action.origin.unwrap_or(statement.origin);
            Some(why(
                (origin, "no call to the API is one of these actions".into()),
                "its Action names no call to an API",
                "write `execute-api:Invoke`, the action of every call to a REST API",
            ))
        }
        [Piece::Resource, ..] => {
            let origin = statement.resource.origin.unwrap_or(statement.origin);
            Some(why(
                (origin, "no request to the API matches this".into()),
                "its Resource matches no request",
                "name what is called, such as `execute-api:/*` for everything",
            ))
        }
        [Piece::Principal] => None,
        [Piece::Principal, Piece::Condition(second), ..] => {
            let second = condition(statement, *second)?;
            let text = "no principal that the statement names meets this condition".to_owned();
            let mut why = why(
                (second.key_name.origin, text),
                "its principals cannot meet its condition",
                "name principals and conditions that one caller can meet together",
            );
            why.secondary.push((principal(statement), "the principals of the statement".into()));
            Some(why)
        }
        [Piece::Condition(one)] => {
            let one = condition(statement, *one)?;
            // A Deny of requests without TLS is good custom, and there are none to stop.
            let custom = statement.is_deny() && one.key.known == KnownKey::SecureTransport;
            (!custom).then(|| alone(place, at, statement, one))
        }
        conditions => {
            let mut found = conditions.iter().filter_map(|piece| match piece {
                Piece::Condition(at) => condition(statement, *at),
                _ => None,
            });
            let (first, second) = (found.next()?, found.next()?);
            let text = "no request meets this and the condition above or below".to_owned();
            let mut why = why(
                (second.key_name.origin, text),
                "its conditions contradict each other",
                "all conditions of a statement must hold at once: for \"or\", write two \
                 statements",
            );
            let other = "both must hold, and never do".to_owned();
            why.secondary.push((first.key_name.origin, other));
            Some(why)
        }
    }
}

/// A single condition that nothing meets.
fn alone(place: &PolicyIn<'_>, at: usize, statement: &Statement, condition: &Condition) -> Why {
    let key = value_text(&condition.key_name, &place.api.symbols);
    let known = condition.key.known;
    let value = condition.values.iter().find_map(Entry::one).map(|leaf| leaf.origin);
    let value = value.unwrap_or(condition.origin);
    let mut why = Why {
        primary: (condition.key_name.origin, format!("no request has such a {key}")),
        secondary: Vec::new(),
        title: "no request meets its condition",
        help: "write a value that requests can have, or remove the statement",
        severity: Severity::Medium,
    };
    match known {
        KnownKey::CurrentTime | KnownKey::EpochTime => {
            why.primary = (value, "this moment has passed: no request meets it any more".into());
            why.title = "its time is over";
            why.help = "remove the statement, or write the date until which it is to hold";
            // What has run out on purpose and left nobody outside is only clutter.
            if statement.is_allow() && others_grant(place, at) {
                why.severity = Severity::Low;
            }
        }
        KnownKey::SourceArn | KnownKey::ViaDomainArn | KnownKey::Unsupported => {
            why.primary.1 = format!("requests never carry {key}");
            why.title = "no request carries its key";
            why.help = "use a key that API Gateway sets: aws:SourceIp, aws:SourceVpce, \
                        aws:PrincipalOrgID";
        }
        KnownKey::PrincipalArn => {
            why.primary = (value, "no caller has such an ARN in this key".into());
            why.help = "for a role write its own ARN, `arn:aws:iam::111122223333:role/Name`: the \
                        key never holds that of a session";
        }
        KnownKey::SecureTransport => {
            why.primary = (value, "API Gateway answers over TLS only".into());
            why.help = "remove the statement: there are no requests without TLS";
        }
        _ => {}
    }
    why
}

fn principal(statement: &Statement) -> Origin {
    match &statement.principal {
        PrincipalElement::Principal(list) => list.origin,
        PrincipalElement::NotPrincipal(_, key) => *key,
        PrincipalElement::Missing => statement.origin,
    }
}

/// Whether Action names the permission to flush the cache of a stage, which is no call.
fn flushes_caches(statement: &Statement) -> bool {
    let items = statement.action.items.iter().filter_map(Entry::one).filter_map(Leaf::text);
    let mut items = items.map(str::to_ascii_lowercase);
    items.any(|text| glob_match(&text, "execute-api:invalidatecache"))
}

/// Whether another Allow of the policy can apply.
fn others_grant(place: &PolicyIn<'_>, at: usize) -> bool {
    let entries = place.policy.statements.iter().enumerate();
    let mut others = entries.filter(|(other, entry)| *other != at && may_allow(entry));
    others.any(|(other, _)| !place.anywhere(other).is_false())
}
