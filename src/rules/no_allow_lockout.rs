//! `no-allow-lockout`: a policy that can let nobody in.

use super::support::{DefectCx, PolicyIn, invokes, needs_allow, resource_path};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Mark, Severity};
use crate::model::{ApiKind, AuthType, Effect, EffectElement, Leaf, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "no-allow-lockout",
        summary: "no Allow of the policy can apply, and the methods need one",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/no-allow-lockout.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies() {
        if matches!(place.api.kind, ApiKind::RestApi | ApiKind::Document) {
            out.extend(draft(&place));
        }
    }
}

fn draft(place: &PolicyIn<'_>) -> Option<Draft> {
    let policy = place.policy;
    if policy.statements.iter().any(|entry| entry.one().is_none_or(may_apply)) {
        return None;
    }
    let routes = &place.world.routes;
    let needing = needs_allow(place.world);
    // Methods that are not declared may be AWS_IAM or CUSTOM, which need no Allow.
    let assumed = match needing {
        Some(_) => None,
        None if routes.declared.is_empty() && !routes.complete => {
            Some("methods without AWS_IAM or a Lambda authorizer")
        }
        None => return None,
    };
    let dead: Vec<(Mark, &Statement)> =
        policy.known_statements().filter(|s| is_allow(s)).map(|s| (why_dead(s), s)).collect();
    let mut marks = dead.iter().map(|(mark, _)| mark.clone());
    let primary = marks.next().unwrap_or_else(|| {
        let text = match policy.statements.len() {
            0 => "no statement: what no Allow grants stays denied",
            _ => "nothing but Deny: what no Allow grants stays denied",
        };
        (policy.origin, text.into())
    });
    let help = if dead.is_empty() {
        "add an Allow to everyone; the Deny statements go on keeping out whom they name"
    } else {
        "end the Resource in `/*`, and grant `execute-api:Invoke`"
    };
    let key = format!("lockout|{}", policy.statements.len());
    let mut draft = place.draft(&RULE.meta, primary, key);
    draft.title = if dead.is_empty() {
        "nobody can call this API: the policy has no Allow statement".into()
    } else {
        "nobody can call this API: no Allow statement matches a request".into()
    };
    draft.help = help.into();
    draft.secondary = marks.collect();
    draft.secondary.extend(needing.map(|route| {
        let name = if route.auth == AuthType::None { "NONE" } else { "COGNITO_USER_POOLS" };
        (route.origin, format!("{name}: a call needs an Allow of the policy"))
    }));
    if let Some(assumed) = assumed {
        place.taking_for_granted(&mut draft, assumed);
    }
    Some(draft)
}

/// Whether a statement is an Allow, or perhaps one.
fn is_allow(statement: &Statement) -> bool {
    !matches!(statement.effect, EffectElement::Known(Effect::Deny, _) | EffectElement::Missing)
}

/// Whether a statement is an Allow that some request can meet, as far as Action and Resource go.
/// Who calls, and from where, is not the question here.
fn may_apply(statement: &Statement) -> bool {
    is_allow(statement) && invokes(statement) && reaches(statement)
}

fn why_dead(statement: &Statement) -> Mark {
    if !invokes(statement) {
        let origin = statement.action.origin.unwrap_or(statement.origin);
        return (origin, "no call to the API is one of these actions".into());
    }
    let origin = statement.resource.origin.unwrap_or(statement.origin);
    (origin, "ends before stage, method and path: no request matches it".into())
}

/// Whether Resource can name a request: `{api}/{stage}/{METHOD}/{path}` has three slashes at least.
fn reaches(statement: &Statement) -> bool {
    let resource = &statement.resource;
    resource.negated
        || resource.items.iter().any(|entry| entry.one().is_none_or(resource_may_match))
}

fn resource_may_match(leaf: &Leaf) -> bool {
    resource_path(leaf).is_none_or(|path| path.contains('*') || path.matches('/').count() >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Origins, Span};

    #[test]
    fn resources_that_no_request_matches() {
        let db = crate::source::SourceDb::new();
        let file: FileId = db.add(std::path::Path::new("x"), "x".into(), "");
        let origin = Origins::new().literal(Span::new(file, 0, 0));
        let may = |text: &str| resource_may_match(&Leaf::known(text, origin));
        assert!(may("*"));
        assert!(may("execute-api:/*"));
        assert!(may("execute-api:/prod/GET/"));
        assert!(may("arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*"));
        assert!(may("arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/GET/"));
        assert!(!may("arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5"));
        assert!(!may("arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/"));
        assert!(!may("execute-api:/prod"));
        let own = |tail: &str| {
            let class = crate::model::SymbolClass::ThisApiArn;
            let symbol = crate::model::SymbolRef { id: 0, class };
            let parts = [crate::model::Part::Sym(symbol), crate::model::Part::Lit(tail.into())];
            resource_may_match(&Leaf::new(parts, origin))
        };
        assert!(!own(""));
        assert!(own("/*"));
    }
}
