//! `unknown-operator`: a condition operator that AWS does not know.

use super::support::{DefectCx, clip, code};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity, did_you_mean};
use crate::model::{Condition, Operator};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "unknown-operator",
        summary: "a condition operator that AWS does not know",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/unknown-operator.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for (place, statement, condition) in cx.conditions() {
        let Some(name) = refused(condition) else { continue };
        let effect = if statement.is_deny() { "Deny stops" } else { "Allow admits" };
        let text = format!("AWS refuses it: nobody can say whom this {effect}");
        let mark = (condition.operator_name.origin, text);
        let mut draft = place.draft(&RULE.meta, mark, format!("operator|{name}"));
        draft.title = clip(&format!("{} is not a condition operator", code(name)), 80);
        draft.help = match meant(name) {
            Some(good) => format!("write {}", code(&good)),
            None => "write an operator of IAM, such as `StringEquals` or `IpAddress`".into(),
        };
        out.push(draft);
    }
}

/// The name of an operator that AWS refuses.
pub(super) fn refused(condition: &Condition) -> Option<&str> {
    condition.operator_name.text().filter(|_| condition.operator.is_none())
}

/// The operator that was meant: prefix, name and suffix are looked up each for itself.
fn meant(text: &str) -> Option<String> {
    const PREFIXES: [&str; 2] = ["ForAnyValue", "ForAllValues"];
    const SUFFIX: &str = "IfExists";
    let (prefix, rest) = match text.split_once(':') {
        Some((prefix, rest)) => {
            (format!("{}:", did_you_mean(prefix.trim(), PREFIXES)?), rest.trim())
        }
        None => (String::new(), text.trim()),
    };
    let cut = rest.len().checked_sub(SUFFIX.len()).and_then(|at| rest.split_at_checked(at));
    let (name, suffix) = match cut {
        Some((name, suffix)) if suffix.eq_ignore_ascii_case(SUFFIX) => (name, SUFFIX),
        _ => (rest, ""),
    };
    let name = did_you_mean(name, Operator::names())?;
    // Null takes no IfExists: it asks for that itself.
    let good = format!("{prefix}{name}{}", if name == "Null" { "" } else { suffix });
    Operator::parse(&good).map(|_| good)
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn offers_what_was_meant() {
        assert_eq!(meant("StringEqual").as_deref(), Some("StringEquals"));
        assert_eq!(meant("NotIPAdress").as_deref(), Some("NotIpAddress"));
        assert_eq!(meant("NullIfExists").as_deref(), Some("Null"));
        assert_eq!(meant("ForAnyValues:StringLike").as_deref(), Some("ForAnyValue:StringLike"));
        assert_eq!(meant("StringEqualIfExists").as_deref(), Some("StringEqualsIfExists"));
        assert_eq!(meant("StringEquals ").as_deref(), Some("StringEquals"));
        assert_eq!(meant("Contains"), None);
        assert_eq!(meant(""), None);
    }
}
