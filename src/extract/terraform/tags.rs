//! Tags of an API: its own, over those that the provider gives everything (HashiCorp, "AWS Provider",
//! `default_tags`).

use std::sync::Arc;

use super::Unit;
use crate::extract::tags::tags;
use crate::model::Tag;
use crate::resolve::World;
use crate::resolve::terraform::{Env, Resource, Scope};
use crate::syntax::Block;

impl Unit<'_> {
    /// The API's tags over those that the provider gives everything, as far as they are known without
    /// deciding a branch.
    pub(super) fn tags_of(&mut self, resource: &Arc<Resource>, suffix: &str) -> Vec<Tag> {
        let own = self.aside(resource, suffix, "tags");
        let own = own.map_or(Vec::new(), |value| tags(&value, &self.evaluator.symbols));
        let mut out = self.default_tags();
        out.retain(|tag| own.iter().all(|own| own.key != tag.key));
        out.extend(own);
        out.sort();
        out
    }

    /// The tags of the provider that a resource has which names none.
    fn default_tags(&mut self) -> Vec<Tag> {
        let module = Arc::clone(&self.module);
        let is_default = |block: &&Arc<Block>| {
            let aws = block.labels.first().is_some_and(|label| &*label.text == "aws");
            &*block.kind == "provider" && aws && block.body.attribute("alias").is_none()
        };
        let mut providers = module.others.iter().filter(is_default);
        let Some(provider) = providers.next() else { return Vec::new() };
        let blocks = provider.body.blocks.iter().filter(|block| &*block.kind == "default_tags");
        let Some(written) = blocks.filter_map(|block| block.body.attribute("tags")).next() else {
            return Vec::new();
        };
        let world = World::default().freeze();
        self.evaluator.begin();
        let value = self.evaluator.eval(&written.value, Env::data(&Scope::default(), &world)).ok();
        self.evaluator.finish();
        value.map_or(Vec::new(), |value| tags(&value, &self.evaluator.symbols))
    }
}
