//! Which account an API is deployed in, where nobody says it.

use std::collections::BTreeSet;

use crate::model::{AccountId, Api, Entry, Leaf, Part, PolicyState, split_arn};

/// The account of the literal execute-api ARNs in the `Resource` elements of the API's policies, and
/// the first of them. An ARN of another account would match no request to this API, so whoever wrote
/// it meant the account that the API is deployed in (CONTRACT 6).
///
/// `None` when there is no such ARN, and when they name more than one account: then nothing says
/// which of them it is.
pub fn account_of_resources(api: &Api) -> Option<(AccountId, &Leaf)> {
    let mut accounts = BTreeSet::new();
    let mut first = None;
    for world in &api.worlds {
        let PolicyState::Known(readings) = &world.policy else { continue };
        for statement in readings.iter().flat_map(|policy| policy.known_statements()) {
            for leaf in statement.resource.items.iter().filter_map(Entry::one) {
                if let Some(account) = account_of(leaf) {
                    first.get_or_insert((account.clone(), leaf));
                    accounts.insert(account);
                }
            }
        }
    }
    first.filter(|_| accounts.len() == 1)
}

/// The account field of an execute-api ARN, when it is literal. Other fields may be unknown.
fn account_of(leaf: &Leaf) -> Option<AccountId> {
    // No ARN holds this character: what is unknown cannot be taken for a field.
    const UNKNOWN: &str = "\u{0}";
    let parts = leaf.parts.iter().map(|part| match part {
        Part::Lit(text) => text.as_ref(),
        Part::Sym(_) => UNKNOWN,
    });
    let text: String = parts.collect();
    let [arn, _, service, _, account, _] = split_arn(&text)?;
    (arn == "arn" && service == "execute-api").then(|| AccountId::parse(account)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SymbolClass, SymbolRef};
    use crate::source::{FileId, Origin, Origins, SourceDb, Span};

    fn origin() -> Origin {
        let file: FileId = SourceDb::new().add(std::path::Path::new("a"), "a".into(), "");
        Origins::new().literal(Span::new(file, 0, 0))
    }

    #[test]
    fn only_a_literal_account_of_execute_api_counts() {
        let account = |text: &str| {
            account_of(&Leaf::known(text, origin())).map(|account| account.to_string())
        };
        let expected = Some("123456789012".to_owned());
        assert_eq!(account("arn:aws:execute-api:eu-west-1:123456789012:abc/*"), expected);
        assert_eq!(account("arn:aws:execute-api:*:123456789012:*"), expected);
        assert_eq!(account("arn:aws:execute-api:eu-west-1:*:abc/*"), None);
        assert_eq!(account("arn:aws:lambda:eu-west-1:123456789012:function:f"), None);
        assert_eq!(account("execute-api:/*"), None);
    }

    #[test]
    fn unknown_fields_do_not_hide_the_account() {
        let symbol = Part::Sym(SymbolRef { id: 0, class: SymbolClass::Region });
        let leaf = |account: Part| {
            let lit = |text: &str| Part::Lit(text.into());
            let parts =
                [lit("arn:aws:execute-api:"), symbol.clone(), lit(":"), account, lit(":a/*")];
            account_of(&Leaf::new(parts, origin()))
        };
        assert!(leaf(Part::Lit("123456789012".into())).is_some());
        assert!(leaf(symbol.clone()).is_none());
    }
}
