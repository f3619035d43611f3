//! Deployments that a plan leaves as they are although it changes the policy of their API.
//!
//! A policy takes effect with the next deployment of its API (Amazon API Gateway, "Create and attach an
//! API Gateway resource policy to an API"). That a plan makes none is what it says itself, whatever the
//! triggers are made of. A policy of which the plan does not know what it will be may stay the same.

use std::collections::BTreeMap;

use super::index::{Change, Instance};
use super::{Lower, Stale};
use crate::resolve::terraform::Sort;
use crate::source::Span;
use crate::syntax::Node;

const API: &str = "aws_api_gateway_rest_api";
const DEPLOYMENT: &str = "aws_api_gateway_deployment";

/// A policy that changes.
struct Changed {
    /// The id of its API.
    api: String,
    at: Span,
}

impl Lower<'_, '_> {
    /// The deployments that stay although the policy of their API does not.
    pub(super) fn stale(&mut self) -> Vec<Stale> {
        let mut out = Vec::new();
        let changed: Vec<Changed> = self.changed();
        if changed.is_empty() {
            return out;
        }
        let deployments = self.deployments();
        for Changed { api, at } in changed {
            let own = deployments.get(&api).map(Vec::as_slice).unwrap_or_default();
            let Some(&named) = self.ids.get(&(API.to_owned(), "id", api.clone())) else { continue };
            let Some(named) = self.index.instances.get(named) else { continue };
            if named.sort != Sort::Managed || !own.iter().all(|(_, stays)| *stays) {
                continue;
            }
            for (index, _) in own {
                let Some(one) = self.index.instances.get(*index) else { continue };
                out.push(Stale {
                    api: named.address.clone(),
                    at: self.raw.span(&one.at),
                    triggers: self.knows(*index, "triggers"),
                    policy: at,
                });
            }
        }
        out
    }

    /// Policies that are another one once the plan is applied.
    fn changed(&mut self) -> Vec<Changed> {
        let policies: Vec<(String, Change)> = self
            .index
            .changes
            .iter()
            .filter(|(_, change)| {
                let policy = matches!(&*change.kind, API | "aws_api_gateway_rest_api_policy");
                policy && (change.actions.contains("update") || change.actions.contains("create"))
            })
            .map(|(address, change)| (address.clone(), change.clone()))
            .collect();
        policies.into_iter().filter_map(|(at, change)| self.change_of(&at, &change)).collect()
    }

    fn change_of(&mut self, address: &str, change: &Change) -> Option<Changed> {
        let index = *self.by_address.get(address)?;
        let id = if change.kind == API { "id" } else { "rest_api_id" };
        let api = self.value(index, id)?.scalar()?.to_string();
        let after = self.value(index, "policy")?;
        let before = change.before.as_ref().and_then(|before| self.raw.tree(before));
        let before = match before.as_ref().and_then(|before| before.get("policy")) {
            Some(before) => before.clone(),
            // The API may have had the same one from elsewhere.
            None => self.before(&api)?,
        };
        differ(&before, &after).then_some(Changed { api, at: after.span })
    }

    /// The policy that an API had, as the provider read it.
    fn before(&mut self, api: &str) -> Option<Node> {
        let index = *self.ids.get(&(API.to_owned(), "id", api.to_owned()))?;
        let address = &self.index.instances.get(index)?.address;
        let before = self.index.changes.get(address)?.before.clone()?;
        self.raw.tree(&before)?.get("policy").cloned()
    }

    /// All deployments by the id of their API, each with whether it stays.
    fn deployments(&mut self) -> BTreeMap<String, Vec<(usize, bool)>> {
        let is_one = |one: &Instance| one.sort == Sort::Managed && one.kind == DEPLOYMENT;
        let all = self.index.instances.iter().enumerate();
        let all: Vec<usize> = all.filter(|(_, one)| is_one(one)).map(|(index, _)| index).collect();
        let mut out: BTreeMap<String, Vec<(usize, bool)>> = BTreeMap::new();
        for index in all {
            let Some(api) = self.value(index, "rest_api_id").and_then(|api| api.scalar()) else {
                continue;
            };
            let Some(one) = self.index.instances.get(index) else { continue };
            let change = self.index.changes.get(&one.address);
            let stays = change.is_some_and(|change| {
                !change.actions.is_empty()
                    && change.actions.iter().all(|action| matches!(&**action, "no-op" | "update"))
            });
            out.entry(api.to_string()).or_default().push((index, stays));
        }
        out
    }
}

/// Whether two texts are certainly not the same policy: documents of other content.
fn differ(before: &Node, after: &Node) -> bool {
    let document = |node: &Node| match node.as_text() {
        Some(text) if text.text.is_empty() => Some(serde_json::Value::Null),
        Some(text) => serde_json::from_str::<serde_json::Value>(&text.text).ok(),
        None => matches!(node.kind, crate::syntax::Kind::Null).then_some(serde_json::Value::Null),
    };
    let (before, after) = (document(before), document(after));
    before.is_some() && after.as_ref().is_some_and(|after| !after.is_null()) && before != after
}
