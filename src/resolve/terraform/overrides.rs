//! Override files: their blocks are merged into the blocks they name
//! (<https://developer.hashicorp.com/terraform/language/files/override>; hashicorp/terraform,
//! `internal/configs/module_merge.go`).

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
            && (&*block.kind != "provider" || alias(base) == alias(block))
    };
    let Some(base) = blocks.iter_mut().find(|b| same(b)) else {
        blocks.push(Arc::clone(block));
        return;
    };
    let body = &mut Arc::make_mut(base).body;
    replace(body, &block.body);
    // Of a variable, an override has no validations (hashicorp/terraform, `Variable.merge`).
    if &*block.kind != "variable" {
        merge(body, &block.body);
    }
}

/// The name of a configuration of a provider beside its type.
fn alias(block: &Block) -> Option<Arc<str>> {
    block.body.attribute("alias")?.value.scalar()
}

/// Attributes are replaced by name.
fn replace(base: &mut Body, over: &Body) {
    base.attributes.retain(|a| over.attribute(&a.name).is_none());
    base.attributes.extend(over.attributes.iter().cloned());
}

/// Nested blocks are replaced by type: the blocks of a type that the override has replace all blocks
/// of that type (a dynamic block counts as the type it makes). What is said of the life cycle is
/// replaced argument by argument.
fn merge(base: &mut Body, over: &Body) {
    let makes = |block: &Block| match (&*block.kind, block.labels.first()) {
        ("dynamic", Some(label)) => Arc::clone(&label.text),
        _ => Arc::clone(&block.kind),
    };
    let is_merged = |block: &Block| &*block.kind == "lifecycle";
    let mut more = Vec::new();
    for block in &over.blocks {
        match base.blocks.iter_mut().find(|known| is_merged(known) && is_merged(block)) {
            Some(known) => replace(&mut known.body, &block.body),
            None => more.push(block.clone()),
        }
    }
    base.blocks.retain(|b| !more.iter().any(|o| makes(o) == makes(b)));
    base.blocks.extend(more);
}
