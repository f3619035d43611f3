//! Override files: their blocks are merged into the blocks they name
//! (<https://developer.hashicorp.com/terraform/language/files/override>).

use std::sync::Arc;

use crate::syntax::{Block, Body};

/// Merges `block` of an override file into the block of the same type and labels. Terraform refuses
/// an override of nothing; here the block then stands on its own, so that it is not lost.
pub(super) fn apply(blocks: &mut Vec<Arc<Block>>, block: &Arc<Block>) {
    if &*block.kind == "locals" {
        // Locals are overridden one by one, in whichever block they stand.
        for base in blocks.iter_mut().filter(|b| &*b.kind == "locals") {
            let names = |name: &str| block.body.attributes.iter().any(|a| &*a.name == name);
            if base.body.attributes.iter().any(|a| names(&a.name)) {
                Arc::make_mut(base).body.attributes.retain(|a| !names(&a.name));
            }
        }
        blocks.push(Arc::clone(block));
        return;
    }
    let same = |base: &Block| {
        base.kind == block.kind
            && base.labels.len() == block.labels.len()
            && base.labels.iter().zip(&block.labels).all(|(a, b)| a.text == b.text)
    };
    match blocks.iter_mut().find(|b| same(b)) {
        Some(base) => merge(&mut Arc::make_mut(base).body, &block.body),
        None => blocks.push(Arc::clone(block)),
    }
}

/// Attributes are replaced by name, nested blocks by type: the blocks of a type that the override
/// has replace all blocks of that type (a dynamic block counts as the type it makes).
fn merge(base: &mut Body, over: &Body) {
    base.attributes.retain(|a| over.attribute(&a.name).is_none());
    base.attributes.extend(over.attributes.iter().cloned());
    let makes = |block: &Block| match (&*block.kind, block.labels.first()) {
        ("dynamic", Some(label)) => Arc::clone(&label.text),
        _ => Arc::clone(&block.kind),
    };
    base.blocks.retain(|b| !over.blocks.iter().any(|o| makes(o) == makes(b)));
    base.blocks.extend(over.blocks.iter().cloned());
}
