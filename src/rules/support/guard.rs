//! Why a condition of an Allow does not keep the witness out.
//!
//! The engine has decided that it does not; this module finds the token and the words. What it says
//! follows SEMANTICS 2: the missing-key table (2.2), the keys of API Gateway's context (2.4).

use super::values::{too_wide, unknown_value, wildcard};
use super::{CauseCx, code, value_text};
use crate::finding::Mark;
use crate::model::{BaseOp, Condition, Entry, KnownKey, Leaf, Operator, Quantifier, Tri};

/// Why a condition or a Deny does not guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) struct Flaw {
    /// How much it says; the flaw that says most is the finding's.
    pub weight: u8,
    /// The token, and why.
    pub mark: Mark,
    /// What the title calls it.
    pub subject: String,
    /// What to write instead.
    pub help: String,
    /// Where the value that the token stands for is declared, when it is not known.
    pub declared: Option<crate::finding::Origin>,
}

impl Flaw {
    pub(in crate::rules) fn new(
        weight: u8,
        mark: Mark,
        subject: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { weight, mark, subject: subject.into(), help: help.into(), declared: None }
    }

    /// Of a value that is not known, and declared there.
    pub(in crate::rules) fn of(self, declared: Option<crate::finding::Origin>) -> Self {
        Self { declared, ..self }
    }
}

/// A guard about network or identity fails.
pub(in crate::rules) const GUARD: u8 = 40;
/// Whether a guard holds hangs on a value that is not known.
pub(in crate::rules) const UNKNOWN: u8 = 30;
/// The caller chooses what is asked for.
pub(super) const SPOOFABLE: u8 = 20;
/// It is true of every request.
pub(super) const TAUTOLOGY: u8 = 10;

/// Whether a key is in the witness's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Present,
    Absent,
    Unknown,
}

/// Whether `key` is in the witness's request (SEMANTICS 2.4).
pub(super) fn presence(cx: &CauseCx<'_>, key: KnownKey) -> Presence {
    use crate::model::{AbsentOr, Caller};
    let of = |value: &AbsentOr| match value {
        AbsentOr::Absent => Presence::Absent,
        AbsentOr::Present(_) => Presence::Present,
        AbsentOr::Maybe(_) | AbsentOr::Unknown => Presence::Unknown,
    };
    if let KnownKey::PrincipalOrgId | KnownKey::PrincipalOrgPaths = key
        && let Caller::Iam(iam) = &cx.exposure.witness.caller
    {
        return of(if key == KnownKey::PrincipalOrgId { &iam.org } else { &iam.org_paths });
    }
    match key {
        KnownKey::CurrentTime | KnownKey::EpochTime | KnownKey::SecureTransport => {
            Presence::Present
        }
        KnownKey::SourceIp if cx.is_private() => Presence::Unknown,
        KnownKey::SourceIp => Presence::Present,
        KnownKey::VpcSourceIp | KnownKey::SourceVpc | KnownKey::SourceVpce => {
            if cx.is_private() {
                Presence::Present
            } else {
                Presence::Absent
            }
        }
        KnownKey::SourceArn | KnownKey::ViaDomainArn | KnownKey::Unsupported => Presence::Absent,
        KnownKey::Undecided | KnownKey::Unknown => Presence::Unknown,
        KnownKey::PrincipalAccount | KnownKey::UserId if cx.is_anonymous() => Presence::Unknown,
        key if key.is_identity() && cx.is_anonymous() => Presence::Absent,
        key if key.is_identity() || key.is_free() => Presence::Present,
        _ => Presence::Unknown,
    }
}

/// Why a key is missing from the witness's request, or may be.
pub(super) fn why_missing(cx: &CauseCx<'_>, condition: &Condition) -> String {
    let key = key_text(cx, condition);
    match condition.key.known {
        KnownKey::VpcSourceIp | KnownKey::SourceVpc | KnownKey::SourceVpce => {
            format!("requests to a {} endpoint never carry {key}", cx.endpoint_name())
        }
        KnownKey::SourceIp => {
            format!("a request to a PRIVATE endpoint has no {key}, or a rewritten one")
        }
        KnownKey::SourceArn => format!("{key} is set only where an AWS service calls"),
        KnownKey::ViaDomainArn => format!("{key} is set only behind a private custom domain"),
        KnownKey::Unsupported => format!("API Gateway never sets {key}"),
        KnownKey::Undecided => format!("AWS does not say whether API Gateway sets {key}"),
        KnownKey::PrincipalOrgId | KnownKey::PrincipalOrgPaths if !cx.is_anonymous() => {
            format!("an account outside any organisation has no {key}")
        }
        _ if cx.is_anonymous() => format!("a caller without credentials has no {key}"),
        _ => format!("a request need not carry {key}"),
    }
}

/// The key as it is written, for a message.
pub(super) fn key_text(cx: &CauseCx<'_>, condition: &Condition) -> String {
    value_text(&condition.key_name, cx.symbols())
}

/// Why `condition` of the deciding Allow does not keep the witness out. `None` for a condition that
/// says nothing of callers and is no tautology: a time window.
pub(in crate::rules) fn flaw(cx: &CauseCx<'_>, condition: &Condition) -> Option<Flaw> {
    let operator_name = condition.operator_name.display(cx.symbols());
    let Some(op) = condition.operator else {
        let text = format!("{} is no operator that is known", code(&operator_name));
        let mark = (condition.operator_name.origin, text);
        return Some(Flaw::new(UNKNOWN, mark, code(&operator_name), "write an operator of IAM"));
    };
    let found = presence(cx, condition.key.known);
    if op.base == BaseOp::Null {
        return null(cx, condition);
    }
    if op.quantifier == Some(Quantifier::AllValues) && found != Presence::Present {
        let text = format!(
            "ForAllValues is true where the key is missing: {}",
            why_missing(cx, condition)
        );
        let help = format!("write {} without ForAllValues", code(plain(&operator_name)));
        return Some(vacuous(cx, condition, text, help));
    }
    if op.if_exists && found != Presence::Present {
        let text =
            format!("IfExists is true where the key is missing: {}", why_missing(cx, condition));
        let help = format!("write {} without IfExists", code(strip_if_exists(&operator_name)));
        return Some(vacuous(cx, condition, text, help));
    }
    if op.negated {
        return Some(negated(cx, condition, found));
    }
    positive(cx, condition, op)
}

fn plain(operator: &str) -> &str {
    operator.split_once(':').map_or(operator, |(_, rest)| rest)
}

fn strip_if_exists(operator: &str) -> &str {
    let split = operator.len().checked_sub("IfExists".len());
    match split.and_then(|at| operator.split_at_checked(at)) {
        Some((name, suffix)) if suffix.eq_ignore_ascii_case("IfExists") => name,
        _ => operator,
    }
}

/// A flaw on the operator's token, with the remedy of the key where the key itself is out of place.
fn vacuous(cx: &CauseCx<'_>, condition: &Condition, text: String, help: String) -> Flaw {
    let subject = code(&condition.operator_name.display(cx.symbols()));
    let help = match right_key(cx, condition.key.known) {
        Some(other) => format!("{help}, and {other}"),
        None => help,
    };
    Flaw::new(GUARD, (condition.operator_name.origin, text), subject, help)
}

/// What to use where a key can never be in a request of this API.
pub(super) fn right_key(cx: &CauseCx<'_>, key: KnownKey) -> Option<&'static str> {
    match key {
        KnownKey::VpcSourceIp | KnownKey::SourceVpc | KnownKey::SourceVpce if !cx.is_private() => {
            Some("use aws:SourceIp on a public endpoint, or make the endpoint PRIVATE")
        }
        KnownKey::SourceIp if cx.is_private() => {
            Some("use aws:SourceVpce or aws:SourceVpc on a private endpoint")
        }
        key if key.is_identity() && cx.is_anonymous() => {
            Some("set the methods to AWS_IAM, without which no caller has an identity")
        }
        KnownKey::Unsupported | KnownKey::SourceArn => Some(
            "use a key that API Gateway sets: aws:SourceIp, aws:SourceVpce, aws:PrincipalOrgID",
        ),
        _ => None,
    }
}

fn null(cx: &CauseCx<'_>, condition: &Condition) -> Option<Flaw> {
    let key = key_text(cx, condition);
    let value = condition.values.iter().find_map(Entry::one);
    let origin = value.map_or(condition.origin, |leaf| leaf.origin);
    let text = value.and_then(Leaf::text)?;
    if text.eq_ignore_ascii_case("true") {
        let text =
            format!("admits exactly the requests without {key}: {}", why_missing(cx, condition));
        let help = format!("ask for the value that {key} must have, with StringEquals");
        return Some(Flaw::new(GUARD, (origin, text), format!("Null on {key}"), help));
    }
    let text = format!("asks only that {key} is there, not what it is");
    let help = format!("ask for the value that {key} must have, with StringEquals");
    Some(Flaw::new(GUARD, (origin, text), format!("Null on {key}"), help))
}

fn negated(cx: &CauseCx<'_>, condition: &Condition, found: Presence) -> Flaw {
    let name = condition.operator_name.display(cx.symbols());
    let text = match found {
        Presence::Present => {
            "a negated operator in an Allow admits everyone but the values listed".into()
        }
        Presence::Absent | Presence::Unknown => {
            format!(
                "a negated operator is true where the key is missing: {}",
                why_missing(cx, condition)
            )
        }
    };
    let mut help =
        "list whom you admit with a positive operator, or turn the statement into a Deny"
            .to_owned();
    if let Some(other) = right_key(cx, condition.key.known) {
        help = format!("{help}; {other}");
    }
    Flaw::new(GUARD, (condition.operator_name.origin, text), code(&name), help)
}

fn positive(cx: &CauseCx<'_>, condition: &Condition, op: Operator) -> Option<Flaw> {
    let key = key_text(cx, condition);
    let known = condition.key.known;
    let help_callers =
        "hold the Allow to networks or callers: aws:SourceIp, aws:SourceVpce, aws:PrincipalOrgID";
    if known.is_free() {
        let text = format!("{key} is a header: whoever calls writes what it takes");
        let mark = (condition.key_name.origin, text);
        return Some(Flaw::new(SPOOFABLE, mark, key, help_callers));
    }
    match known {
        KnownKey::SecureTransport => {
            let text = "true of every request: API Gateway answers over TLS only";
            let mark = (condition.key_name.origin, text.into());
            return Some(Flaw::new(TAUTOLOGY, mark, key, help_callers));
        }
        KnownKey::CurrentTime | KnownKey::EpochTime => {
            return always_from_now_on(cx, condition, op);
        }
        KnownKey::PrincipalTag
        | KnownKey::Username
        | KnownKey::UserId
        | KnownKey::PrincipalType
        | KnownKey::TokenIssueTime
        | KnownKey::MultiFactorAuthPresent
        | KnownKey::MultiFactorAuthAge => {
            let text = format!(
                "an account decides {key} of its own principals: an outsider's can have it too"
            );
            let help = "hold the Allow to accounts too: aws:PrincipalOrgID or aws:PrincipalAccount";
            return Some(Flaw::new(GUARD, (condition.key_name.origin, text), key, help));
        }
        _ => {}
    }
    if op.base == BaseOp::IpAddress
        && let Some(flaw) = too_wide(cx, condition)
    {
        return Some(flaw);
    }
    if let Some(flaw) = wildcard(cx, condition, op) {
        return Some(flaw);
    }
    if let Some(flaw) = unknown_value(cx, condition) {
        return Some(flaw);
    }
    if !known.is_network() && !known.is_identity() {
        return None;
    }
    let holds = cx.holds(condition);
    let text = match holds {
        Tri::Unknown => format!("AWS does not say what this condition on {key} comes to"),
        _ => format!("this condition on {key} is met by callers that the list does not trust"),
    };
    Some(Flaw::new(GUARD, (condition.key_name.origin, text), key, help_callers))
}

/// A lower bound on the time that has passed is true for good.
fn always_from_now_on(cx: &CauseCx<'_>, condition: &Condition, op: Operator) -> Option<Flaw> {
    let lower_bound = matches!(
        op.base,
        BaseOp::DateGreaterThan
            | BaseOp::DateGreaterThanEquals
            | BaseOp::NumericGreaterThan
            | BaseOp::NumericGreaterThanEquals
    );
    if !lower_bound || cx.holds(condition) != Tri::True {
        return None;
    }
    let value = condition.values.iter().find_map(Entry::one);
    let origin = value.map_or(condition.origin, |leaf| leaf.origin);
    let text = "true of every request from this date on".to_owned();
    let help =
        "hold the Allow to networks or callers: aws:SourceIp, aws:SourceVpce, aws:PrincipalOrgID";
    Some(Flaw::new(TAUTOLOGY, (origin, text), key_text(cx, condition), help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_come_off() {
        assert_eq!(strip_if_exists("StringEqualsIfExists"), "StringEquals");
        assert_eq!(strip_if_exists("stringequalsifexists"), "stringequals");
        assert_eq!(strip_if_exists("StringEquals"), "StringEquals");
        assert_eq!(strip_if_exists("éééé"), "éééé");
        assert_eq!(plain("ForAllValues:StringEquals"), "StringEquals");
    }
}
