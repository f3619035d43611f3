//! The stage that the resources of generated statements name.
//!
//! SAM writes the name of the API's stage into every resource. Where that name is a value that nobody
//! gave, the statements still speak of one and the same stage: it is given a name of its own, and an
//! expression for the same value in a statement of the author is given that name too. No other stage
//! is taken for it.

use crate::extract::cloudformation::api::Reader;
use crate::extract::convert::leaf;
use crate::model::{Entry, Leaf, Part, Policy};
use crate::resolve::{NeedSplit, World};

/// The name of a stage that nobody named.
const UNKNOWN: &str = "the-stage";

/// The stage of an API in a world.
#[derive(Debug)]
pub(super) struct Stage {
    /// Its name, or what stands for it.
    pub(super) text: String,
    /// The value of `StageName`, where it is not known.
    parts: Vec<Part>,
}

impl Stage {
    /// The stage that the API's `StageName` names.
    pub(super) fn of(reader: &mut Reader<'_, '_>, world: &World) -> Result<Self, NeedSplit> {
        let resource = reader.resource;
        let Some(node) = resource.property("StageName") else {
            return Ok(Self { text: super::IMPLICIT_STAGE.into(), parts: Vec::new() });
        };
        let value = reader.unit.eval(node, &resource.scope, world)?;
        if let Some(text) = value.known_text() {
            return Ok(Self { text, parts: Vec::new() });
        }
        let leaf = leaf(&value, &reader.unit.symbols, Some(&reader.address));
        Ok(Self { text: UNKNOWN.into(), parts: leaf.map_or(Vec::new(), |leaf| leaf.parts) })
    }

    /// The name, where it is known.
    pub(super) fn name(self) -> Option<String> {
        self.parts.is_empty().then_some(self.text)
    }

    /// Puts the name in the place of the unknown value, in every resource of `policy`.
    pub(super) fn fill(&self, policy: &mut Policy) {
        if self.parts.is_empty() {
            return;
        }
        for entry in &mut policy.statements {
            let Entry::One(statement) = entry else { continue };
            for item in &mut statement.resource.items {
                if let Entry::One(leaf) = item {
                    self.fill_leaf(leaf);
                }
            }
        }
    }

    fn fill_leaf(&self, leaf: &mut Leaf) {
        // The value begins and ends with text, perhaps within a longer text of the resource.
        let marked = marked(&self.parts);
        let text = self::marked(&leaf.parts);
        if !text.contains(&marked) {
            return;
        }
        let mut parts = Vec::new();
        for (index, piece) in text.split(&marked).enumerate() {
            if index > 0 {
                parts.push(Part::Lit(self.text.as_str().into()));
            }
            parts.extend(unmarked(piece, leaf));
        }
        *leaf = Leaf::new(parts, leaf.origin);
    }
}

/// Parts as one text; an unknown part is its number between two characters that no text holds.
fn marked(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Lit(text) => out.push_str(&text.replace('\u{0}', "")),
            Part::Sym(symbol) => out.push_str(&format!("\u{0}{}\u{0}", symbol.id)),
        }
    }
    out
}

/// The parts of a piece of a marked text, whose unknown parts are among those of `leaf`.
fn unmarked(piece: &str, leaf: &Leaf) -> Vec<Part> {
    let texts = piece.split('\u{0}').enumerate();
    texts
        .filter_map(|(index, text)| match index % 2 {
            0 => Some(Part::Lit(text.into())),
            _ => leaf.symbols().find(|symbol| symbol.id.to_string() == text).map(Part::Sym),
        })
        .collect()
}
