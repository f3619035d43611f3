//! `sourceip-on-private-api`: a condition on the public address, on an API that sees none.

use super::support::{DefectCx, PolicyIn, grant_key, is_said, tokens_of_condition};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Condition, EndpointType, EndpointTypes, KnownKey, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "sourceip-on-private-api",
        summary: "aws:SourceIp guards a private API, which does not see the caller's address in it",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/sourceip-on-private-api.md"),
    },
    kind: Kind::Rest { turn: 1, rest },
};

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        if !matches!(place.world.endpoint, EndpointTypes::Known(EndpointType::Private, _)) {
            continue;
        }
        for (_, statement) in place.statements() {
            let mut conditions = statement.known_conditions();
            let Some(condition) = conditions.find(|c| c.key.known == KnownKey::SourceIp) else {
                continue;
            };
            let draft = draft(place, statement, condition);
            if !is_said(drafts, &draft, &tokens_of_condition(condition)) {
                drafts.push(draft);
            }
        }
    }
}

fn draft(place: &PolicyIn<'_>, statement: &Statement, condition: &Condition) -> Draft {
    let text = "through a VPC endpoint this is missing or rewritten, never the caller's address";
    let meaning = format!("source-ip|{}", grant_key(statement, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, (condition.key_name.origin, text.into()), meaning);
    let (subject, effect) = match statement.is_deny() {
        true => ("a Deny", "may stop everybody or nobody"),
        false => ("an Allow", "may admit nobody"),
    };
    // Where every way in hangs on it, everybody may be locked out.
    let sure = place.routes().iter().any(|on| on.open.is_true());
    if !sure && !place.routes().is_empty() {
        draft.severity = Severity::High;
    }
    draft.title = format!("{subject} on `aws:SourceIp` {effect}: the API is private");
    draft.help = "use aws:VpcSourceIp for addresses inside the VPC, beside aws:SourceVpce or \
                  aws:SourceVpc with the ids of your own"
        .into();
    if let EndpointTypes::Known(_, Some(origin)) = &place.world.endpoint {
        draft.secondary.push((*origin, "PRIVATE: requests come through VPC endpoints".into()));
    }
    draft
}
