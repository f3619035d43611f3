//! `vpc-id-kind-mismatch`: the id of a VPC where that of a VPC endpoint belongs, or the reverse, or
//! what can be neither.

use super::support::{DefectCx, PolicyIn, about, clip, constant, grant_key, leaf_key, value_text};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{BaseOp, Condition, Entry, KnownKey, Leaf, Part, Statement, SymbolClass, Tri};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "vpc-id-kind-mismatch",
        summary: "aws:SourceVpc or aws:SourceVpce is compared with what is no id of that kind",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/vpc-id-kind-mismatch.md"),
    },
    kind: Kind::Defect(check),
};

/// One of the two kinds of id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sort {
    key: &'static str,
    prefix: &'static str,
    /// What it is the id of.
    of: &'static str,
}

const VPC: Sort = Sort { key: "aws:SourceVpc", prefix: "vpc-", of: "a VPC" };
const ENDPOINT: Sort = Sort { key: "aws:SourceVpce", prefix: "vpce-", of: "a VPC endpoint" };

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    /// It is an id of the other kind: never equal.
    Kind,
    /// It is no id that AWS gives. Nobody says that it never will, so it still names something.
    Form,
}

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies() {
        for (statement, condition) in place.conditions() {
            in_condition(cx, &place, statement, condition, out);
        }
    }
}

fn in_condition(
    cx: &DefectCx<'_>,
    place: &PolicyIn<'_>,
    statement: &Statement,
    condition: &Condition,
    out: &mut Vec<Draft>,
) {
    let (sort, other) = match condition.key.known {
        KnownKey::SourceVpc => (VPC, ENDPOINT),
        KnownKey::SourceVpce => (ENDPOINT, VPC),
        _ => return,
    };
    let Some(operator) = condition.operator.filter(|op| {
        matches!(
            op.base,
            BaseOp::StringEquals | BaseOp::StringEqualsIgnoreCase | BaseOp::StringLike
        )
    }) else {
        return;
    };
    let any_case = operator.base == BaseOp::StringEqualsIgnoreCase;
    let wrongs: Vec<(&Leaf, Wrong)> = condition
        .values
        .iter()
        .filter_map(Entry::one)
        .filter_map(|leaf| Some((leaf, wrong(leaf, sort, other, any_case)?)))
        .collect();
    let kinds = wrongs.iter().filter(|(_, wrong)| *wrong == Wrong::Kind).count();
    let plain = !operator.if_exists && operator.quantifier.is_none();
    let never = plain && kinds == condition.values.len();
    for (leaf, wrong) in wrongs {
        let (effect, severity) = match never {
            true => constant(cx, place, statement, Tri::from(operator.negated)),
            false => ("nothing equals it", Severity::Medium),
        };
        let text = match wrong {
            Wrong::Kind => format!("{} holds the id of {}: {effect}", sort.key, sort.of),
            Wrong::Form => format!("no id of {}: {effect}", sort.of),
        };
        let grant = grant_key(statement, &place.api.symbols);
        let key = format!("{}|{}|{grant}", sort.key, leaf_key(leaf, &place.api.symbols));
        let mut draft = place.draft(&RULE.meta, (leaf.origin, text), key);
        draft.severity = severity;
        let value = match leaf.text() {
            Some("") => "an empty string".to_owned(),
            _ => value_text(leaf, &place.api.symbols),
        };
        let form = format!("{}` and 8 or 17 hexadecimal digits", sort.prefix);
        (draft.title, draft.help) = match wrong {
            Wrong::Kind => (
                format!("{value} is the id of {} under {}", other.of, sort.key),
                format!("write `{}`, or the id of {}: `{form}", other.key, sort.of),
            ),
            Wrong::Form => {
                (format!("{value} is no id of {}", sort.of), format!("write the whole id: `{form}"))
            }
        };
        draft.title = clip(&draft.title, 80);
        draft.at_reference = leaf.symbol().is_some();
        draft.about = about(condition);
        draft.secondary.push((condition.key_name.origin, "compared with this key".into()));
        out.push(draft);
    }
}

fn wrong(leaf: &Leaf, sort: Sort, other: Sort, any_case: bool) -> Option<Wrong> {
    if let Some(symbol) = leaf.symbol() {
        let foreign = match other {
            VPC => SymbolClass::OwnVpc,
            _ => SymbolClass::OwnVpcEndpoint,
        };
        return (symbol.class == foreign).then_some(Wrong::Kind);
    }
    let lower = |text: &str| if any_case { text.to_ascii_lowercase() } else { text.to_owned() };
    let Some(text) = leaf.text() else {
        // Of an id with an unknown end the start tells the kind.
        let Some(Part::Lit(start)) = leaf.parts.first() else { return None };
        return lower(start).starts_with(other.prefix).then_some(Wrong::Kind);
    };
    let text = lower(text);
    if text.starts_with(other.prefix) {
        return Some(Wrong::Kind);
    }
    // A pattern, or a policy variable: other rules speak of them.
    if text.contains(['*', '?', '$']) {
        return None;
    }
    let digits = text.strip_prefix(sort.prefix).unwrap_or("");
    let good = matches!(digits.len(), 8 | 17)
        && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (!good).then_some(Wrong::Form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SymbolRef;
    use crate::source::{Origins, SourceDb, Span};

    #[test]
    fn kinds_and_forms() {
        let file = SourceDb::new().add("x".as_ref(), "x".into(), "");
        let origin = Origins::new().literal(Span::new(file, 0, 0));
        let of =
            |parts: &[Part]| wrong(&Leaf::new(parts.iter().cloned(), origin), ENDPOINT, VPC, false);
        let lit = |text: &str| Part::Lit(text.into());
        let sym = |class| Part::Sym(SymbolRef { id: 0, class });
        let text = |text: &str| of(&[lit(text)]);
        for good in ["vpce-0123abcd", "vpce-0aaaaaaaaaaaaaaa1", "vpce-*", "*", "${aws:SourceVpce}"]
        {
            assert_eq!(text(good), None, "{good}");
        }
        for kind in ["vpc-0aaaaaaaaaaaaaaa1", "vpc-*", "vpc-partner"] {
            assert_eq!(text(kind), Some(Wrong::Kind), "{kind}");
        }
        for form in ["", "vpce-", "vpce-partner123", "vpce-0AAAAAAAAAAAAAAA1", "subnet-0123abcd"] {
            assert_eq!(text(form), Some(Wrong::Form), "{form}");
        }
        assert_eq!(of(&[lit("vpc-"), sym(SymbolClass::Input)]), Some(Wrong::Kind));
        assert_eq!(of(&[lit("vpce-"), sym(SymbolClass::Input)]), None);
        assert_eq!(of(&[sym(SymbolClass::OwnVpc)]), Some(Wrong::Kind));
        assert_eq!(of(&[sym(SymbolClass::OwnVpcEndpoint)]), None);
        let shout = Leaf::known("VPCE-0AAAAAAAAAAAAAAA1", origin);
        assert_eq!(wrong(&shout, ENDPOINT, VPC, true), None);
    }
}
