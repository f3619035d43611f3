//! Symbols in the fields of an execute-api ARN.
//!
//! `arn:aws:execute-api:${var.region}:${var.account}:${api}/*` names the API that carries the policy:
//! whoever deploys gives the region and the account that are deployed to. A parameter that fills the
//! whole region or account field of such an ARN is therefore read as the API's own region or
//! account, as a literal one is taken for the API's own (CONTRACT 6, owner accounts). An ARN of
//! another region would match nothing, and no author means that.

use crate::model::{Entry, Leaf, Part, SymbolClass, SymbolRef};

/// The leaf with those symbols told for what they stand for.
fn own_fields(leaf: Leaf) -> Leaf {
    let Some(Part::Lit(head)) = leaf.parts.first() else { return leaf };
    if !head.starts_with("arn:") {
        return leaf;
    }
    let mut fields = Fields::default();
    let parts: Vec<Part> = leaf
        .parts
        .iter()
        .enumerate()
        .map(|(at, part)| match part {
            Part::Lit(text) => {
                fields.text(text);
                part.clone()
            }
            Part::Sym(symbol) => {
                let alone = fields.at_start
                    && matches!(leaf.parts.get(at + 1), Some(Part::Lit(next)) if next.starts_with(':'));
                fields.at_start = false;
                let class = match (symbol.class, fields.colons) {
                    (SymbolClass::Input, 3) if alone && fields.execute_api => SymbolClass::Region,
                    (SymbolClass::Input, 4) if alone && fields.execute_api => {
                        SymbolClass::OwnerAccount
                    }
                    (class, _) => class,
                };
                Part::Sym(SymbolRef { class, ..*symbol })
            }
        })
        .collect();
    Leaf { parts, ..leaf }
}

/// Where in an ARN a part of it stands.
#[derive(Default)]
struct Fields {
    colons: usize,
    /// The last character was the colon that starts a field.
    at_start: bool,
    /// The third field is `execute-api`.
    execute_api: bool,
    /// The third field so far.
    service: String,
}

impl Fields {
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            self.at_start = c == ':';
            if c == ':' {
                self.colons += 1;
                self.execute_api |= self.colons == 3 && self.service == "execute-api";
            } else if self.colons == 2 {
                self.service.push(c);
            }
        }
    }
}

/// As [`own_fields`], over the entries of a `Resource`.
pub(super) fn own(items: Vec<Entry<Leaf>>) -> Vec<Entry<Leaf>> {
    let own = |entry| match entry {
        Entry::One(leaf) => Entry::One(own_fields(leaf)),
        many @ Entry::Many(..) => many,
    };
    items.into_iter().map(own).collect()
}
