//! The rules: one file each.
//!
//! A *cause* explains an exposure that the engine found; each hole goes to the claiming cause of
//! the highest rank, exactly one. A *defect* reports on its own what is wrong but opens nothing. A
//! flaw that does the one or the other, as the policy has it, is a rule of both kinds. What is left
//! when these have spoken (nobody gets in, and nothing says why) is a rule of the *rest*.
//! One hole, one finding. A rule never reads text: it sees the model and the exposures, and writes
//! drafts.
//!
//! A new rule is one new file here, its line in [`RULES`], its page in `docs/rules` and its cases
//! in `testdata/rules`; a test compares the four lists.

pub mod trust;

mod support;

mod allow_guard_same_account;
mod allow_guard_with_lambda_authorizer;
mod allow_notprincipal;
mod api_key_as_auth;
mod bad_suppression;
mod cidr_everything;
mod cidr_host_bits;
mod cidr_too_broad;
mod cloudfront_sourcearn;
mod dead_statement;
mod deny_multi_key_is_or;
mod deny_principal_bypass;
mod denylist_still_public;
mod documentation_cidr;
mod duplicate_key;
mod duplicate_policy_source;
mod expired_suppression;
mod forallvalues_vacuous;
mod iam_key_without_iam_auth;
mod iam_principal_without_iam_auth;
mod ifexists_vacuous;
mod ineffective_condition;
mod invalid_principal;
mod ipv4_only_denylist_dualstack;
mod lockout;
mod malformed_cidr;
mod missing_condition;
mod missing_set_qualifier;
mod missing_version;
mod multiple_booleans;
mod negated_allow;
mod negated_allow_missing_key;
mod no_allow_lockout;
mod not_element_allow;
mod notprincipal_deny;
mod null_true_allow;
mod or_not_and;
mod policy_allow_overrides_authorizer;
mod policy_not_redeployed;
mod policy_on_http_api;
mod policy_too_large;
mod principal_user_or_root_user;
mod private_api_any_vpce;
mod private_api_no_policy;
mod private_cidr_in_sourceip;
mod public_api_no_policy;
mod resource_matches_nothing;
mod resource_wildcard_spill;
mod role_session_in_principalarn;
mod route_not_covered;
mod sam_account_list_overridden;
mod sam_blacklist_and;
mod sam_vpc_entry_dropped;
mod service_principal_useless;
mod sourceip_on_private_api;
mod spoofable_condition;
mod tautological_condition;
mod tf_body_overwrite_loses_policy;
mod tf_condition_merge_or;
mod tf_effect_default_allow;
mod tf_sid_override_drops_guard;
mod time_window;
mod trusted_account_expired;
mod type_mismatch;
mod unknown_operator;
mod unreadable_template;
mod unresolved;
mod unsupported_condition_key;
mod untrusted_account;
mod untrusted_network;
mod untrusted_organization;
mod unused_suppression;
mod variable_ineffective;
mod vpc_id_kind_mismatch;
mod vpc_key_on_public_api;
mod vpce_policy_false_guard;
mod vpcsourceip_alone;
mod wildcard_in_sensitive_key;
mod wildcard_principal;
mod wildcard_without_like;

#[cfg(test)]
mod tests;

use crate::config::Settings;
use crate::finding::{Draft, Flaw, Origin, Severity};
use crate::model::{Inventory, Reach};

use support::{CauseCx, Claim, DefectCx};

/// The plain data of a rule.
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// Its id: kebab-case, names the flaw, never changes.
    pub id: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Its severity where no exposure sets it; for causes, the worst it can have.
    pub severity: Severity,
    /// Its page, in Markdown.
    pub doc: &'static str,
}

/// A rule: its data and its one function.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its data.
    pub meta: Meta,
    kind: Kind,
}

/// The function of a cause: its claim to a hole, when it explains it.
type Claims = fn(&CauseCx<'_>) -> Option<Claim>;

/// The function of a defect: it adds what it finds in a unit.
type Check = fn(&DefectCx<'_>, &mut Vec<Draft>);

/// The function of a rule of the rest: it sees what all others found in a unit.
type Rest = fn(&DefectCx<'_>, &mut Vec<Draft>);

/// The kinds of rule.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Explains holes. Where several causes claim one, the highest rank has it.
    Cause { rank: u8, claims: Claims },
    /// Reports what is wrong and opens nothing.
    Defect(Check),
    /// A flaw that opens a hole in one policy and locks everybody out of another.
    Both { rank: u8, claims: Claims, rest: Rest },
    /// Reports what no finding so far says, or adds to the one that does. The lowest turn is first.
    Rest { turn: u8, rest: Rest },
    /// Reports a suppression that is wrong, when it is of the kind that the rule is about.
    Suppression(fn(&Flaw, Origin) -> Option<Draft>),
}

/// The turn of the rules that only look whether a hole is told already.
const FIRST_TURN: u8 = 1;

/// The turn of the rules that say something of a token whatever others say of it, and of which no other
/// rule is to think that it told the hole.
const LAST_TURN: u8 = u8::MAX;

impl Rule {
    /// Its rank and its function, when it explains holes.
    fn cause(&self) -> Option<(u8, Claims)> {
        match self.kind {
            Kind::Cause { rank, claims } | Kind::Both { rank, claims, .. } => Some((rank, claims)),
            Kind::Defect(_) | Kind::Rest { .. } | Kind::Suppression(_) => None,
        }
    }

    /// Its function, when it reports on its own.
    fn defect(&self) -> Option<Check> {
        match self.kind {
            Kind::Defect(check) => Some(check),
            Kind::Cause { .. } | Kind::Both { .. } | Kind::Rest { .. } | Kind::Suppression(_) => {
                None
            }
        }
    }

    /// Its turn and its function, when it waits for what the others find.
    fn rest(&self) -> Option<(u8, Rest)> {
        match self.kind {
            Kind::Rest { turn, rest } => Some((turn, rest)),
            Kind::Both { rest, .. } => Some((FIRST_TURN, rest)),
            Kind::Cause { .. } | Kind::Defect(_) | Kind::Suppression(_) => None,
        }
    }
}

/// Every rule, by id.
pub static RULES: &[&Rule] = &[
    &allow_guard_same_account::RULE,
    &allow_guard_with_lambda_authorizer::RULE,
    &allow_notprincipal::RULE,
    &api_key_as_auth::RULE,
    &bad_suppression::RULE,
    &cidr_everything::RULE,
    &cidr_host_bits::RULE,
    &cidr_too_broad::RULE,
    &cloudfront_sourcearn::RULE,
    &dead_statement::RULE,
    &deny_multi_key_is_or::RULE,
    &deny_principal_bypass::RULE,
    &denylist_still_public::RULE,
    &documentation_cidr::RULE,
    &duplicate_key::RULE,
    &duplicate_policy_source::RULE,
    &expired_suppression::RULE,
    &forallvalues_vacuous::RULE,
    &iam_key_without_iam_auth::RULE,
    &iam_principal_without_iam_auth::RULE,
    &ifexists_vacuous::RULE,
    &ineffective_condition::RULE,
    &invalid_principal::RULE,
    &ipv4_only_denylist_dualstack::RULE,
    &lockout::RULE,
    &malformed_cidr::RULE,
    &missing_condition::RULE,
    &missing_set_qualifier::RULE,
    &missing_version::RULE,
    &multiple_booleans::RULE,
    &negated_allow::RULE,
    &negated_allow_missing_key::RULE,
    &no_allow_lockout::RULE,
    &not_element_allow::RULE,
    &notprincipal_deny::RULE,
    &null_true_allow::RULE,
    &or_not_and::RULE,
    &policy_allow_overrides_authorizer::RULE,
    &policy_not_redeployed::RULE,
    &policy_on_http_api::RULE,
    &policy_too_large::RULE,
    &principal_user_or_root_user::RULE,
    &private_api_any_vpce::RULE,
    &private_api_no_policy::RULE,
    &private_cidr_in_sourceip::RULE,
    &public_api_no_policy::RULE,
    &resource_matches_nothing::RULE,
    &resource_wildcard_spill::RULE,
    &role_session_in_principalarn::RULE,
    &route_not_covered::RULE,
    &sam_account_list_overridden::RULE,
    &sam_blacklist_and::RULE,
    &sam_vpc_entry_dropped::RULE,
    &service_principal_useless::RULE,
    &sourceip_on_private_api::RULE,
    &spoofable_condition::RULE,
    &tautological_condition::RULE,
    &tf_body_overwrite_loses_policy::RULE,
    &tf_condition_merge_or::RULE,
    &tf_effect_default_allow::RULE,
    &tf_sid_override_drops_guard::RULE,
    &time_window::RULE,
    &trusted_account_expired::RULE,
    &type_mismatch::RULE,
    &unknown_operator::RULE,
    &unreadable_template::RULE,
    &unresolved::RULE,
    &unsupported_condition_key::RULE,
    &untrusted_account::RULE,
    &untrusted_network::RULE,
    &untrusted_organization::RULE,
    &unused_suppression::RULE,
    &variable_ineffective::RULE,
    &vpc_id_kind_mismatch::RULE,
    &vpc_key_on_public_api::RULE,
    &vpce_policy_false_guard::RULE,
    &vpcsourceip_alone::RULE,
    &wildcard_in_sensitive_key::RULE,
    &wildcard_principal::RULE,
    &wildcard_without_like::RULE,
];

/// The data of all rules, then of the checks of `trust check`.
pub fn metas() -> impl Iterator<Item = &'static Meta> {
    RULES.iter().map(|rule| &rule.meta).chain(trust::CHECKS)
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.meta.id == id)
}

/// What the rules say of a suppression that is wrong; `origin` is its place.
pub fn check_suppression(flaw: &Flaw, origin: Origin) -> Option<Draft> {
    RULES.iter().find_map(|rule| match rule.kind {
        Kind::Suppression(draft) => draft(flaw, origin),
        _ => None,
    })
}

/// What the rules say of a unit. `reaches` are the answers of the decision procedure for
/// `inventory.apis`, in the same order; `now` is the time of the run in seconds since 1970 UTC.
///
/// Every hole that `reaches` holds becomes exactly one draft, apart from those that a defect
/// already stands for: an API without a policy, and a policy that could not be read. What a hole's
/// draft says of a condition, no defect says again. A rule that panics is reported, and the others go on.
pub fn check(
    inventory: &Inventory,
    reaches: &[Reach],
    settings: &Settings,
    now: i64,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (api, reach) in inventory.apis.iter().zip(reaches) {
        support::holes::explain(inventory, api, reach, settings, now, &mut drafts);
    }
    let mut cx = DefectCx::new(inventory, reaches, settings, now);
    let judged = support::guarded::judged(&cx, &mut drafts);
    cx.judged = &judged;
    let mut defects = Vec::new();
    for rule in RULES {
        if let Some(check) = rule.defect() {
            support::guarded::defect(rule, check, &cx, &mut defects);
        }
    }
    support::told::drop_told(&drafts, &mut defects);
    drafts.append(&mut defects);
    let mut rest: Vec<_> = RULES.iter().filter_map(|rule| Some((rule.rest()?, rule))).collect();
    rest.sort_by_key(|((turn, _), _)| *turn);
    for ((_, rest), rule) in rest {
        support::guarded::rest(rule, rest, &cx, &mut drafts);
    }
    support::settle::settle(inventory, &mut drafts);
    drafts
}
