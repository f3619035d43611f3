//! `wildcard-without-like`: a wildcard that is a letter.

use super::support::{DefectCx, PolicyIn, about, clip, code, constant, grant_key, value_text};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{BaseOp, Condition, Entry, KnownKey, Leaf, Operator, Part, Statement, Tri};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "wildcard-without-like",
        summary: "a wildcard under an operator that compares letter by letter",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/wildcard-without-like.md"),
    },
    kind: Kind::Defect(check),
};

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
    let key = condition.key.known;
    let exact =
        |op: &Operator| matches!(op.base, BaseOp::StringEquals | BaseOp::StringEqualsIgnoreCase);
    let Some(operator) = condition.operator.filter(exact) else { return };
    // Of a key that is never there, the key is what is wrong.
    if key == KnownKey::Unsupported {
        return;
    }
    let leaves: Vec<(&Leaf, char)> = condition
        .values
        .iter()
        .filter_map(Entry::one)
        .filter_map(|leaf| Some((leaf, wildcard(leaf, key)?)))
        .collect();
    let plain = !operator.if_exists && operator.quantifier.is_none();
    let never = plain && is_id(key) && leaves.len() == condition.values.len();
    for (leaf, wildcard) in leaves {
        let (effect, severity) = match never {
            true => constant(cx, place, statement, Tri::from(operator.negated)),
            false => ("only a value with that very letter is equal", Severity::Medium),
        };
        let name = condition.operator_name.display(&place.api.symbols);
        let text =
            format!("under {} `{wildcard}` is a letter like any other: {effect}", code(&name));
        let value = value_text(leaf, &place.api.symbols);
        let meaning = format!("letter|{value}|{}", grant_key(statement, &place.api.symbols));
        let mut draft = place.draft(&RULE.meta, (leaf.origin, text), meaning);
        draft.severity = severity;
        draft.title = clip(&format!("`{wildcard}` in {value} is compared as a letter"), 80);
        let like = if operator.negated { "StringNotLike" } else { "StringLike" };
        draft.help = match is_id(key) {
            true => format!(
                "write the exact value; patterns work under `{like}`, and match what is not yours too"
            ),
            false => format!("write `{like}`, or the exact value"),
        };
        draft.about = about(condition);
        out.push(draft);
    }
}

/// Whether the values of a key are ids and names, in which no wildcard can stand.
fn is_id(key: KnownKey) -> bool {
    matches!(
        key,
        KnownKey::SourceVpc
            | KnownKey::SourceVpce
            | KnownKey::SourceArn
            | KnownKey::PrincipalAccount
            | KnownKey::PrincipalArn
            | KnownKey::PrincipalOrgId
            | KnownKey::PrincipalOrgPaths
    )
}

/// The first wildcard of a value. `${*}` and `${?}` are how IAM writes the letters; in a header a
/// question mark is part of an address.
fn wildcard(leaf: &Leaf, key: KnownKey) -> Option<char> {
    let texts = leaf.parts.iter().filter_map(|part| match part {
        Part::Lit(text) => Some(text.replace("${*}", "").replace("${?}", "")),
        Part::Sym(_) => None,
    });
    let wild = |c: &char| *c == '*' || (*c == '?' && !key.is_free());
    texts.into_iter().find_map(|text| text.chars().find(wild))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Origins, SourceDb, Span};

    #[test]
    fn letters_that_look_like_wildcards() {
        let file = SourceDb::new().add("x".as_ref(), "x".into(), "");
        let origin = Origins::new().literal(Span::new(file, 0, 0));
        let of = |text: &str, key| wildcard(&Leaf::known(text, origin), key);
        assert_eq!(of("vpce-*", KnownKey::SourceVpce), Some('*'));
        assert_eq!(of("vpce-0?", KnownKey::SourceVpce), Some('?'));
        assert_eq!(of("vpce-0aaaaaaaaaaaaaaa1", KnownKey::SourceVpce), None);
        assert_eq!(of("a${*}b${?}", KnownKey::PrincipalTag), None);
        assert_eq!(of("https://example.com/?a=b", KnownKey::Referer), None);
        assert_eq!(of("https://example.com/*", KnownKey::Referer), Some('*'));
    }
}
