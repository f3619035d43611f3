//! From exposures to holes, and from holes to drafts: one hole, one finding.

use std::cell::OnceCell;
use std::cmp::Reverse;

use super::labels::{endpoint_label, route_label, surprise_labels};
use super::{CauseCx, Claim, clip, code, grant_key, guarded};
use crate::config::Settings;
use crate::finding::{Confidence, Draft, Mark, Severity};
use crate::model::{
    Api, ApiKind, CallerClass, EffectElement, Entry, Exposure, Gate, Inventory, Policy,
    PolicyState, ProblemKind, Reach, Statement, SymbolClass, SymbolRef, Tri,
};
use crate::rules::{
    RULES, Rule, malformed_cidr, type_mismatch, unknown_operator, wildcard_principal,
};

/// The most columns of a title (CONTRACT 5).
const TITLE: usize = 80;

/// The most labels that a finding takes from causes that would have explained it too.
const MAX_LENT: usize = 3;

/// Writes one draft for each hole of `api`.
pub(in crate::rules) fn explain(
    inventory: &Inventory,
    api: &Api,
    reach: &Reach,
    settings: &Settings,
    now: i64,
    out: &mut Vec<Draft>,
) {
    for lead in leads(&reach.exposures) {
        let Some(world) = api.worlds.get(lead.world) else { continue };
        let policy = match &world.policy {
            // `public-api-no-policy` stands for it.
            PolicyState::None => continue,
            PolicyState::Known(readings) => readings.get(lead.reading),
            PolicyState::Unknown(..) => None,
        };
        let statement = lead.statement.and_then(|at| policy?.statements.get(at)?.one());
        let cx = CauseCx {
            inventory,
            api,
            world,
            policy,
            statement,
            exposure: lead,
            settings,
            now,
            guards: OnceCell::new(),
        };
        if stands_elsewhere(&cx) {
            continue;
        }
        let (rule, claim) = best(&cx, out);
        out.push(draft(&cx, rule, claim));
    }
}

/// The worst exposure of each hole, in the order in which the engine found the holes. The classes
/// that no policy names are one hole for each deciding statement; each named account is a hole of
/// its own for each token that names it.
fn leads(exposures: &[Exposure]) -> Vec<&Exposure> {
    let hole = |e: &Exposure| match &e.class {
        CallerClass::AnonymousInternet
        | CallerClass::AnyAwsAccount
        | CallerClass::AnyVpcEndpoint => (None, e.deciding),
        class => (Some(class.clone()), e.admits),
    };
    // An endpoint of one's own needs no signature: of two equally bad classes it says more.
    let rank = |e: &Exposure| {
        let endpoint = e.class == CallerClass::AnyVpcEndpoint;
        (e.access == Tri::True, severity(e), e.gate == Gate::Open, endpoint)
    };
    let mut leads: Vec<&Exposure> = Vec::new();
    for exposure in exposures {
        match leads.iter_mut().find(|lead| hole(lead) == hole(exposure)) {
            Some(lead) if rank(exposure) > rank(lead) => *lead = exposure,
            Some(_) => {}
            None => leads.push(exposure),
        }
    }
    leads
}

/// The severity that an exposure sets (CONTRACT 5).
fn severity(exposure: &Exposure) -> Severity {
    match exposure.gate {
        Gate::Open if exposure.class == CallerClass::AnonymousInternet => Severity::Critical,
        Gate::Open => Severity::High,
        Gate::Authorizer | Gate::NoIamRoute => Severity::Medium,
        Gate::PreflightOnly | Gate::NoRoute => Severity::Low,
    }
}

/// Whether a finding of another rule already says that what opens this hole is not known: a file
/// that cannot be read, a form that is not read yet, a statement, value or operator that AWS refuses.
fn stands_elsewhere(cx: &CauseCx<'_>) -> bool {
    if refused_decides(cx) {
        return true;
    }
    let Some((symbol, origin)) = unknown_part(cx) else { return false };
    if symbol.class != SymbolClass::Opaque {
        return false;
    }
    let of_this_api = cx.inventory.problems.iter().filter(|problem| {
        problem.api.as_deref().is_none_or(|address| address == cx.api.address)
            && matches!(problem.kind, ProblemKind::Unreadable { .. } | ProblemKind::Internal { .. })
    });
    // What is not read is a finding at the very place that is not known, or of that very name.
    let not_read = cx.api.unresolved.iter().filter(|problem| match &problem.kind {
        ProblemKind::Unresolved { what, .. } => {
            problem.origin == origin || what == cx.symbols().label(symbol)
        }
        _ => true,
    });
    of_this_api.chain(not_read).next().is_some()
}

/// Whether nothing but what AWS makes of something that it refuses decides: a finding at the
/// statement, value or operator says so.
fn refused_decides(cx: &CauseCx<'_>) -> bool {
    let exposure = cx.exposure;
    let pinned = exposure.needs.iter().any(|need| need.pin.is_some());
    let statements = cx.policy.into_iter().flat_map(Policy::known_statements);
    // What is no effect may stand for a Deny.
    let deciding =
        |s: &Statement| !s.is_allow() || Some(s.origin) == cx.statement.map(|s| s.origin);
    let refused = |s: &Statement| {
        !s.missing().is_empty()
            || matches!(&s.effect, EffectElement::Other(effect) if effect.text().is_some())
            || s.conditions.iter().any(
                |entry| matches!(entry, Entry::Many(symbol, _) if *symbol == SymbolRef::UNREADABLE),
            )
            || !malformed_cidr::values(s).is_empty()
            || s.known_conditions().any(|condition| {
                unknown_operator::refused(condition).is_some()
                    || type_mismatch::is_refused(condition)
            })
    };
    exposure.access != Tri::True && !pinned && statements.filter(|s| deciding(s)).any(refused)
}

/// What is not known, where that is the whole policy or a whole statement of it.
pub(in crate::rules) fn unknown_part(
    cx: &CauseCx<'_>,
) -> Option<(SymbolRef, crate::finding::Origin)> {
    if let PolicyState::Unknown(symbol, origin) = &cx.world.policy {
        return Some((*symbol, *origin));
    }
    match cx.exposure.statement {
        Some(at) => match cx.policy?.statements.get(at)? {
            Entry::Many(symbol, origin) => Some((*symbol, *origin)),
            Entry::One(_) => None,
        },
        None => cx.policy?.statements.iter().find_map(|entry| match entry {
            Entry::Many(symbol, origin) if *origin == cx.exposure.deciding => {
                Some((*symbol, *origin))
            }
            _ => None,
        }),
    }
}

/// The claiming cause of the highest rank. Every hole has one: `wildcard-principal` claims every
/// class that no policy names, `untrusted-account` every account; the first also stands in where a
/// cause broke down.
fn best(cx: &CauseCx<'_>, out: &mut Vec<Draft>) -> (&'static Rule, Claim) {
    let mut claims: Vec<(u8, &'static Rule, Claim)> = Vec::new();
    for rule in RULES.iter().copied() {
        if let Some((rank, claim)) = rule.cause() {
            let claim = guarded::cause(rule, claim, cx, out);
            claims.extend(claim.map(|claim| (rank, rule, claim)));
        }
    }
    claims.sort_by_key(|(rank, ..)| Reverse(*rank));
    let mut claims = claims.into_iter();
    let Some((_, rule, mut claim)) = claims.next() else {
        return (&wildcard_principal::RULE, wildcard_principal::claim(cx));
    };
    if claim.lends {
        let others = claims.filter(|(.., other)| other.lends).map(|(.., other)| other.primary);
        for (origin, text) in others.take(MAX_LENT) {
            let said = std::iter::once(&claim.primary).chain(&claim.secondary);
            if said.into_iter().all(|(at, _)| *at != origin) {
                claim.secondary.push((origin, text));
            }
        }
    }
    (rule, claim)
}

fn draft(cx: &CauseCx<'_>, rule: &'static Rule, claim: Claim) -> Draft {
    let exposure = cx.exposure;
    let confidence =
        if exposure.access == Tri::True { Confidence::Proved } else { Confidence::Possible };
    let title = claim.title.unwrap_or_else(|| title(cx, claim.subject.as_deref()));
    let mut secondary = claim.secondary;
    let taken = |list: &[Mark], origin| list.iter().any(|(at, _)| *at == origin);
    let mut add = |(origin, text): Mark| {
        if origin != claim.primary.0 && !taken(&secondary, origin) {
            secondary.push((origin, text));
        }
    };
    cx.statement.into_iter().for_each(|statement| {
        if let EffectElement::Known(_, origin) = statement.effect {
            add((origin, allow_label(cx, statement)));
        }
    });
    if let Some((origin, why)) = exposure.nearest_deny.as_ref().filter(|_| !claim.explains_deny) {
        add((*origin, format!("this Deny does not stop it: {why}")));
    }
    endpoint_label(cx).into_iter().for_each(&mut add);
    route_label(cx).into_iter().for_each(&mut add);
    surprise_labels(cx).for_each(&mut add);
    Draft {
        rule: rule.meta.id,
        severity: severity(exposure),
        confidence,
        title,
        help: claim.help,
        api: Some(cx.api.address.clone()),
        primary: claim.primary,
        stands_at: None,
        at_reference: false,
        about: Vec::new(),
        declared: claim.declared,
        secondary,
        elsewhere: claim.elsewhere,
        witness: Some(exposure.witness.clone()),
        why_not_denied: why_not_denied(cx),
        assumptions: exposure.needs.clone(),
        key: key(cx),
    }
}

/// What the finding means: the class, and the grant that lets it in.
fn key(cx: &CauseCx<'_>) -> String {
    let class = match &cx.exposure.class {
        CallerClass::AnonymousInternet => "anonymous".to_owned(),
        CallerClass::AnyAwsAccount => "any-account".to_owned(),
        CallerClass::AnyVpcEndpoint => "any-vpce".to_owned(),
        CallerClass::Account(account) => account.to_string(),
        CallerClass::UnknownAccount(symbol) => cx.symbols().label(*symbol).to_owned(),
    };
    let grant = cx.statement.map_or_else(
        || unknown_part(cx).map_or_else(String::new, |(s, _)| cx.symbols().label(s).to_owned()),
        |statement| grant_key(statement, cx.symbols()),
    );
    format!("{class}|{grant}")
}

fn why_not_denied(cx: &CauseCx<'_>) -> Option<String> {
    if let Some((_, why)) = &cx.exposure.nearest_deny {
        return Some(format!("the Deny that comes closest does not apply: {why}"));
    }
    let policy = cx.policy?;
    let unknown = policy.statements.iter().any(|entry| entry.one().is_none());
    let denies = has_deny(policy);
    (!denies && !unknown).then(|| "the policy has no Deny statement".to_owned())
}

fn has_deny(policy: &Policy) -> bool {
    policy.known_statements().any(|s| !s.is_allow())
}

/// The title that an exposure makes: the longest wording that fits.
fn title(cx: &CauseCx<'_>, subject: Option<&str>) -> String {
    let exposure = cx.exposure;
    let class = class_words(cx);
    // No routes are told of a domain.
    let [target, api] = match cx.api.kind {
        ApiKind::DomainName => ["through this domain".to_owned(), "through this domain".to_owned()],
        _ => [target(exposure), "this API".to_owned()],
    };
    let more = match exposure.routes.len() {
        0 | 1 => String::new(),
        2 => " and one more route".to_owned(),
        n => format!(" and {} more routes", n - 1),
    };
    let sure = exposure.access == Tri::True;
    let mut wordings = Vec::new();
    match exposure.gate {
        Gate::Authorizer => {
            let from = match exposure.class {
                CallerClass::AnonymousInternet => "the internet",
                _ => class.as_str(),
            };
            for target in [&target, &api] {
                wordings.push(format!("only the authorizer stands between {from} and {target}"));
            }
        }
        Gate::NoIamRoute => {
            wordings.push(format!("{class} gets in as soon as one route uses AWS_IAM"));
        }
        Gate::NoRoute => {
            wordings.push(format!("{class} gets in as soon as a route matches the Resource"));
        }
        Gate::Open | Gate::PreflightOnly => {
            let (lets, can) =
                if sure { ("lets", "can call") } else { ("may let", "may be able to call") };
            if let Some(subject) = subject {
                wordings.push(format!("{subject} {lets} {class} call {target}{more}"));
                wordings.push(format!("{subject} {lets} {class} call {target}"));
                wordings.push(format!("{subject} {lets} {class} call {api}"));
            }
            wordings.push(format!("{class} {can} {target}{more}"));
            wordings.push(format!("{class} {can} {target}"));
            wordings.push(format!("{class} {can} {api}"));
            // A long name would push out what it is about; the label below has it.
            if let CallerClass::UnknownAccount(_) = exposure.class {
                wordings.push(format!("an account that is not known {can} {api}"));
            }
        }
    }
    let fits = |text: &&String| text.chars().count() <= TITLE;
    let chosen = wordings.iter().find(fits).or(wordings.last());
    clip(chosen.map_or("", String::as_str), TITLE)
}

/// The class in the words of a title.
pub(in crate::rules) fn class_words(cx: &CauseCx<'_>) -> String {
    match &cx.exposure.class {
        CallerClass::AnonymousInternet => "anyone on the internet".into(),
        CallerClass::AnyAwsAccount => "any AWS account".into(),
        CallerClass::AnyVpcEndpoint => "any account's VPC endpoint".into(),
        CallerClass::Account(account) => format!("untrusted account {account}"),
        CallerClass::UnknownAccount(symbol) => {
            format!("the account in {}", code(cx.symbols().label(*symbol)))
        }
    }
}

/// What the witness calls: `GET /prod/orders`. Where no method is declared the method and path of
/// the witness are made up, and the API stands for them.
pub(in crate::rules) fn target(exposure: &Exposure) -> String {
    if exposure.routes.is_empty() {
        return "this API".into();
    }
    let witness = &exposure.witness;
    let path: String = witness.path.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("{} /{}{path}", witness.method, witness.stage)
}

fn allow_label(cx: &CauseCx<'_>, statement: &Statement) -> String {
    if !cx.is_everyone() {
        return "this Allow lets it in".into();
    }
    let conditions = statement.conditions.len();
    match (conditions, statement.conditions.iter().all(|c| c.one().is_some())) {
        (0, _) => "this Allow has no condition".into(),
        (_, true) => "this Allow decides: its conditions let the witness through".into(),
        (_, false) => "this Allow decides: a part of its conditions is not known".into(),
    }
}
