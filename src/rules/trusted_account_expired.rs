//! `trusted-account-expired`: an entry of the trust list that is over, while a policy still grants.

use super::support::{DefectCx, code};
use super::untrusted_account::last_day;
use super::{Kind, Meta, Rule};
use crate::finding::{Confidence, Draft, Severity};
use crate::model::{Api, CallerClass, Exposure, Standing, Tri};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "trusted-account-expired",
        summary: "an entry of the trust list has expired, and a policy still lets the account in",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/trusted-account-expired.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for (api, reach) in cx.inventory.apis.iter().zip(cx.reaches) {
        out.extend(reach.exposures.iter().filter_map(|exposure| draft(cx, api, exposure)));
    }
}

/// The entry is one mistake, however many APIs it is granted in: the finding belongs to none of them.
fn draft(cx: &DefectCx<'_>, api: &Api, exposure: &Exposure) -> Option<Draft> {
    let CallerClass::Account(account) = &exposure.class else { return None };
    let names = [Some(api.address.as_str()), api.name.as_deref()];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    let trust = &cx.settings.trust;
    let Standing::Expired(entry) = trust.standing(account, &names, cx.now) else { return None };
    let until = trust.accounts.iter().find(|e| e.entry == entry)?;
    let day = until.expires.and_then(last_day).unwrap_or_default();
    let name = until.name.as_deref().map_or(String::new(), |name| format!(" ({})", code(name)));
    let granted = (exposure.admits, "still granted here".to_owned());
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, granted);
    let span = cx.settings.trust_spans.get(entry);
    draft.stands_at =
        span.map(|span| (*span, format!("{account}{name} counts until {day}, and no longer")));
    draft.title = format!("the trust in {account} ended on {day}, and a policy still lets it in");
    draft.help =
        "remove the grant and this entry, or renew `expires` if the access is still needed".into();
    if exposure.access != Tri::True {
        draft.confidence = Confidence::Possible;
        draft.assumptions = exposure.needs.clone();
    }
    draft.key = format!("expired|{account}");
    Some(draft)
}
