//! What a condition that says the same of every request makes of its statement, and how bad that is:
//! medium, for it opens nothing; high where it locks everybody out (CONTRACT 5).

use super::{DefectCx, PolicyIn, invokes, resource_path};
use crate::analyze::reach::applicable_allows;
use crate::finding::Severity;
use crate::model::{ApiWorld, AuthType, Entry, Leaf, PolicyState, Route, Statement, Tri};

/// The first method that answers nobody without an Allow of the policy. A preflight request that is
/// refused keeps out browsers alone.
fn needs_allow(world: &ApiWorld) -> Option<&Route> {
    world.routes.declared.iter().find(|route| {
        matches!(route.auth, AuthType::None | AuthType::CognitoUserPools)
            && route.method.as_deref() != Some("OPTIONS")
    })
}

/// What `statement` comes to when one of its conditions (or its principal) is `holds` of every
/// request, in words for a label, and how bad that is.
pub(in crate::rules) fn constant(
    cx: &DefectCx<'_>,
    place: &PolicyIn<'_>,
    statement: &Statement,
    holds: Tri,
) -> (&'static str, Severity) {
    let (allow, deny) = (statement.is_allow(), statement.is_deny());
    let medium = |text| (text, Severity::Medium);
    match holds {
        Tri::False if allow && is_locked(cx, place) => {
            ("this Allow admits nobody, and no other one does", Severity::High)
        }
        Tri::False if allow => medium("this Allow admits nobody"),
        Tri::False if deny => medium("this Deny stops nobody"),
        Tri::False => medium("this statement never applies"),
        Tri::True if deny && stops_everybody(statement) => {
            ("this Deny stops everybody", Severity::High)
        }
        Tri::True if allow => medium("true of every request: it guards nothing"),
        Tri::True if deny => medium("true of every request: it exempts nobody from this Deny"),
        Tri::True => medium("true of every request"),
        Tri::Unknown => medium("nobody can say what this comes to"),
    }
}

/// Whether no Allow of the policy can apply where a method needs one.
fn is_locked(cx: &DefectCx<'_>, place: &PolicyIn<'_>) -> bool {
    let worlds = &place.api.worlds;
    let world = worlds.iter().position(|world| std::ptr::eq(world, place.world));
    let PolicyState::Known(readings) = &place.world.policy else { return false };
    let reading = readings.iter().position(|policy| std::ptr::eq(policy, place.policy));
    let (Some(world), Some(reading)) = (world, reading) else { return false };
    if needs_allow(place.world).is_none() {
        return false;
    }
    let allows = applicable_allows(place.api, world, &cx.settings.trust, cx.now);
    let mut of_reading = allows.iter().filter(|allow| allow.reading == reading).peekable();
    of_reading.peek().is_some() && of_reading.all(|allow| allow.applies == Tri::False)
}

/// Whether a Deny whose only condition always holds leaves nobody out, on no route.
fn stops_everybody(statement: &Statement) -> bool {
    let everything = |leaf: &Leaf| {
        resource_path(leaf).is_some_and(|path| {
            let rest = path.split_once('/').map_or(&*path, |(_, rest)| rest);
            !rest.is_empty() && rest.chars().all(|c| matches!(c, '*' | '/'))
        })
    };
    statement.everyone().is_some()
        && statement.conditions.len() <= 1
        && invokes(statement)
        && !statement.resource.negated
        && statement.resource.items.iter().filter_map(Entry::one).any(everything)
}
