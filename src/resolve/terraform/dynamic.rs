//! Nested blocks: written ones, and those that dynamic blocks make
//! (<https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks>).

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::expansion::object;
use super::scope::{Env, Scope};
use super::text::known_text;
use crate::resolve::{Kind, NeedSplit, Value};
use crate::source::Span;
use crate::syntax::{Block, Body};

/// A nested block and the names that its expressions see.
#[derive(Debug)]
pub struct Nested<'b> {
    /// Its type and labels; of a made one, those of the dynamic block.
    pub header: Span,
    /// What stands in it.
    pub body: &'b Body,
    names: Vec<(Arc<str>, Value)>,
}

impl Nested<'_> {
    /// The scope of its expressions, within that of the block around it.
    pub fn scope<'s>(&self, around: &'s Scope<'s>) -> Scope<'s> {
        around.with(self.names.clone())
    }
}

impl Evaluator<'_> {
    /// The blocks of a type in `body`. A dynamic block over something unknown makes one block that
    /// stands for all of them, in the worlds where there is one.
    ///
    /// # Errors
    /// [`NeedSplit`] when it depends on a symbol whether there are blocks.
    pub fn blocks<'b>(
        &mut self,
        body: &'b Body,
        kind: &str,
        env: Env<'_>,
    ) -> Result<Vec<Nested<'b>>, NeedSplit> {
        let mut out = Vec::new();
        for block in &body.blocks {
            if &*block.kind == kind {
                out.push(Nested { header: block.header, body: &block.body, names: Vec::new() });
                continue;
            }
            let label = block.labels.first().map(|l| &*l.text);
            if &*block.kind == "dynamic" && label == Some(kind) {
                self.made(block, kind, env, &mut out)?;
            }
        }
        Ok(out)
    }

    fn made<'b>(
        &mut self,
        block: &'b Block,
        kind: &str,
        env: Env<'_>,
        out: &mut Vec<Nested<'b>>,
    ) -> Result<(), NeedSplit> {
        let content = block.body.blocks.iter().find(|b| &*b.kind == "content");
        let each = block.body.attribute("for_each");
        let (Some(content), Some(each)) = (content, each) else { return Ok(()) };
        let iterator: Arc<str> = match block.body.attribute("iterator").map(|a| &a.value) {
            Some(node) => match node.as_text() {
                // A name in the JSON syntax.
                Some(name) => Arc::clone(&name.text),
                None => self.files.db.slice(node.span).into(),
            },
            None => kind.into(),
        };
        let collection = self.eval(&each.value, env)?;
        let is_list = matches!(collection.kind, Kind::List(_));
        for element in self.elements(&collection, &each.value, env)? {
            self.spend(1);
            if let Some(id) = element.unknown
                && self.nonempty_symbol(id, &each.value, env)? == Some(false)
            {
                continue;
            }
            // The key of an element of a set is the element; that of a list is its index, of which
            // no policy makes any use.
            let key = match is_list && known_text(&element.value).is_some() {
                true => element.value.clone(),
                false => element.key,
            };
            let origin = element.value.origin;
            let value = object([("key", key), ("value", element.value)], origin);
            let names = vec![(Arc::clone(&iterator), value)];
            out.push(Nested { header: block.header, body: &content.body, names });
        }
        Ok(())
    }
}
