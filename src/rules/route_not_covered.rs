//! `route-not-covered`: a declared method that no Allow is about.

use super::support::{DefectCx, PolicyIn, clip, may_allow};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{AuthType, Route};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "route-not-covered",
        summary: "no Allow of the policy is about a declared method: nobody can call it",
        severity: Severity::Info,
        doc: include_str!("../../docs/rules/route-not-covered.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        out.extend(draft(place));
    }
}

/// One draft for all such methods of an API: the policy is one place to mend.
fn draft(place: &PolicyIn<'_>) -> Option<Draft> {
    let mut open = false;
    let mut left: Vec<&Route> = Vec::new();
    for (route, on) in place.declared() {
        let entries = place.policy.statements.iter().zip(&on.covers);
        let covered = entries.into_iter().any(|(e, level)| may_allow(e) && !level.is_false());
        open |= covered;
        // Elsewhere an authorizer or an IAM policy may let callers in.
        let needs = matches!(route.auth, AuthType::None | AuthType::CognitoUserPools);
        if needs && !covered && on.open.is_false() {
            left.push(route);
        }
    }
    let (first, others) = left.split_first().filter(|_| open)?;
    let text = format!("{}: a call needs an Allow, and no Resource matches", first.auth.words());
    let mut names: Vec<String> =
        left.iter().map(|r| format!("{:?} {:?}", r.method, r.path)).collect();
    names.sort();
    let meaning = format!("routes|{}", names.join(","));
    let mut draft = place.draft(&RULE.meta, (first.origin, text), meaning);
    let name = match (&first.method, &first.path) {
        (Some(method), Some(path)) => format!("{method} {path}"),
        _ => "a method".into(),
    };
    draft.title = match others.len() {
        0 => clip(&format!("no Allow is about {name}: nobody can call it"), 80),
        n => clip(
            &format!("no Allow is about {} and {n} more: nobody can call them", clip(&name, 36)),
            80,
        ),
    };
    draft.help =
        "if it is to be called, add its stage, verb and path to the Resource of an Allow".into();
    draft.secondary =
        others.iter().take(3).map(|r| (r.origin, "nor about this one".to_owned())).collect();
    draft.secondary.push((place.policy.origin, "the policy of the API".into()));
    Some(draft)
}
