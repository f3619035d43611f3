//! `unresolved`: what could not be read or worked out, and decides nothing that is known of.

use super::support::{DefectCx, clip, code, join};
use super::{Kind, Meta, Rule};
use crate::finding::{Confidence, Draft, Mark, Origin, Severity};
use crate::model::{Api, Problem, ProblemKind};

/// How many values that cases hang on are named.
const NAMED: usize = 3;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "unresolved",
        summary: "a value or form could not be worked out",
        severity: Severity::Info,
        doc: include_str!("../../docs/rules/unresolved.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    out.extend(cx.problems().filter_map(|(problem, api)| problem_draft(problem, api)));
    for (index, api) in cx.inventory.apis.iter().enumerate() {
        if api.bounded {
            out.push(too_many_cases(api));
        }
        if cx.reaches.get(index).is_some_and(|reach| reach.bounded) {
            let what = "too many combinations in the policy to judge them all";
            out.push(bounded(what, (api.origin, Vec::new()), Some(&api.address)));
        }
    }
}

/// The finding for an API that is something else in more cases than are judged: it names values that
/// the cases hang on, so that somebody can give them.
fn too_many_cases(api: &Api) -> Draft {
    let assumed = api.worlds.iter().flat_map(|world| &world.assumptions);
    let given = assumed.filter_map(|one| Some((one.pin.as_deref()?, one.origin)));
    let mut deciding: Vec<(&str, Option<Origin>)> = Vec::new();
    for (pin, origin) in given {
        if !deciding.iter().any(|(known, _)| *known == pin) {
            deciding.push((pin, origin));
        }
    }
    let what = "too many combinations of values to judge them all";
    let mark = |origin: &Option<Origin>| Some(((*origin)?, "cases hang on this value".to_owned()));
    let marks = deciding.iter().take(NAMED).filter_map(|(_, origin)| mark(origin)).collect();
    let mut draft = bounded(what, (api.origin, marks), Some(&api.address));
    let pins: Vec<String> = deciding.iter().take(NAMED).map(|(pin, _)| code(pin)).collect();
    if !pins.is_empty() {
        draft.help = format!(
            "what was not judged counts as possible; run with values that the cases hang on: {}",
            join(&pins)
        );
    }
    draft
}

fn problem_draft(problem: &Problem, api: Option<&str>) -> Option<Draft> {
    let places = (problem.origin, problem.related.clone());
    match &problem.kind {
        ProblemKind::Unresolved { what, why, pin } => {
            let text = format!("not worked out: {why}");
            let mut draft = base(api, (problem.origin, text), problem.related.clone());
            draft.title = clip(&format!("{} could not be resolved", code(what)), 80);
            draft.help = match pin {
                Some(pin) => format!("give its value: run with {}", code(pin)),
                None => "it was not judged: write it where it can be read, or look at it yourself"
                    .into(),
            };
            draft.key = format!("unresolved|{what}");
            Some(draft)
        }
        ProblemKind::Bounded { what } => Some(bounded(what, places, api)),
        ProblemKind::Internal { message } => {
            Some(internal(message, places, api, Confidence::Proved))
        }
        ProblemKind::Unreadable { .. }
        | ProblemKind::Missing { .. }
        | ProblemKind::DuplicateKey { .. }
        | ProblemKind::OnHttpApi { .. }
        | ProblemKind::Unattached { .. }
        | ProblemKind::SamList(_)
        | ProblemKind::SeveralPolicies { .. }
        | ProblemKind::NotRedeployed { .. }
        | ProblemKind::BodyOverwrites { .. }
        | ProblemKind::InCase { .. }
        | ProblemKind::PolicyDocument(_) => None,
    }
}

fn bounded(what: &str, (origin, related): (Origin, Vec<Mark>), api: Option<&str>) -> Draft {
    let mut draft = base(api, (origin, what.to_owned()), related);
    draft.title = clip(&format!("a limit was reached: {what}"), 80);
    draft.help = "what was not judged counts as possible; simplify it, or split it up".into();
    draft.key = format!("bounded|{what}");
    draft
}

/// The finding for a part of gatelint that stopped: high, for what it was to judge was not judged.
pub(super) fn internal(
    message: &str,
    (origin, related): (Origin, Vec<Mark>),
    api: Option<&str>,
    confidence: Confidence,
) -> Draft {
    let text = "what stands here was not judged to the end".to_owned();
    let mut draft = base(api, (origin, text), related);
    draft.severity = Severity::High;
    draft.confidence = confidence;
    draft.title = clip(&format!("a bug in gatelint: {message}"), 80);
    draft.help = "please report it, with the template if you can".into();
    draft.key = format!("internal|{message}");
    draft
}

fn base(api: Option<&str>, primary: Mark, secondary: Vec<Mark>) -> Draft {
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, primary);
    draft.api = api.map(str::to_owned);
    draft.secondary = secondary;
    draft
}
