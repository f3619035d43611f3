//! Which configuration of a provider a resource belongs to, and so which account it is in
//! (<https://developer.hashicorp.com/terraform/language/modules/develop/providers>).
//!
//! `data.aws_caller_identity` is the account of its own configuration, `data.aws_region` the region, and
//! `data.aws_partition` the partition. The API that is judged is where its configuration is. The two are
//! one where the configurations are; accounts, too, where these differ in the region only, and regions
//! where both name the same one.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::module::{Module, Resource};
use crate::syntax::{Block, Body, Kind, Node};

/// The arguments and blocks of the AWS provider that choose an account (hashicorp/terraform-provider-aws,
/// "Provider Configuration").
const OF_ACCOUNT: [&str; 11] = [
    "access_key",
    "allowed_account_ids",
    "assume_role",
    "assume_role_with_web_identity",
    "forbidden_account_ids",
    "profile",
    "secret_key",
    "shared_config_files",
    "shared_credentials_file",
    "shared_credentials_files",
    "token",
];

/// A configuration: the address of the module call that declares it, empty for the root module, and its
/// name there (`aws`, `aws.partner`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Provider {
    module: String,
    name: String,
}

/// Where something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Home {
    provider: Provider,
    /// Its own argument `region`, which wins over that of the configuration: the address of the module
    /// that it is written in, and its text (hashicorp/terraform-provider-aws, "Enhanced Region Support").
    region: Option<(String, String)>,
}

impl Provider {
    fn alias(&self) -> Option<&str> {
        self.name.split_once('.').map(|(_, alias)| alias)
    }
}

impl Module {
    /// The block of a configuration. In a called module one without settings stands for what the call
    /// passes, and is none.
    fn provider_block(&self, provider: &Provider) -> Option<&Arc<Block>> {
        let root = provider.module.is_empty();
        let all = if root { Some(&self.others) } else { self.providers.get(&provider.module) };
        let kind = provider.name.split('.').next().unwrap_or_default();
        all?.iter().find(|block| {
            let alias = block.body.attribute("alias").and_then(|alias| alias.value.scalar());
            &*block.kind == "provider"
                && block.labels.first().is_some_and(|label| &*label.text == kind)
                && alias.as_deref() == provider.alias()
                && (root || has_settings(&block.body))
        })
    }
}

fn has_settings(body: &Body) -> bool {
    !body.blocks.is_empty()
        || body.attributes.iter().any(|a| !matches!(&*a.name, "alias" | "version"))
}

impl Evaluator<'_> {
    /// Judges from here on what belongs to `resource`: its account and region are the deployer's.
    pub fn at_home(&mut self, resource: &Resource) {
        let home = self.home_of(resource);
        if self.home.as_ref() != Some(&home) {
            self.home = Some(home);
            self.forget();
        }
    }

    /// Whether a resource is in the account of what is judged.
    pub(super) fn is_at_home(&self, resource: &Resource) -> bool {
        let own = self.provider_of(resource);
        match &self.home {
            Some(Home { provider, .. }) => *provider == own || self.is_one_account(provider, &own),
            None => own.alias().is_none(),
        }
    }

    /// Whether a resource is in the region of what is judged.
    pub(super) fn is_in_home_region(&self, resource: &Resource) -> bool {
        let own = self.home_of(resource);
        match &self.home {
            Some(home) if home.region != own.region => false,
            Some(Home { provider, .. }) => {
                *provider == own.provider || self.is_one_region(provider, &own.provider)
            }
            None => own.provider.alias().is_none(),
        }
    }

    fn home_of(&self, resource: &Resource) -> Home {
        let within = resource.within.as_ref().map(|within| within.call.instance(&within.suffix));
        let region = self.argument_text(&resource.block.body, "region");
        Home {
            provider: self.provider_of(resource),
            region: region.map(|text| (within.unwrap_or_default(), text)),
        }
    }

    /// The configuration that a resource belongs to.
    pub(super) fn provider_of(&self, resource: &Resource) -> Provider {
        let kind = resource.kind.split('_').next().unwrap_or_default();
        let written = resource.block.body.attribute("provider");
        let mut name = written.map_or_else(|| kind.to_owned(), |a| self.provider_name(&a.value));
        let mut within = resource.within.as_ref();
        while let Some(inner) = within {
            let module = inner.call.instance(&inner.suffix);
            let own = Provider { module, name };
            if self.module.provider_block(&own).is_some() {
                return own;
            }
            name = match self.passed(&inner.call.block.body, &own.name) {
                Some(passed) => passed,
                // What has no alias is the caller's own; what has one is passed, or is nobody knows what.
                None if own.alias().is_none() => own.name,
                None => return own,
            };
            within = inner.call.within.as_ref();
        }
        Provider { module: String::new(), name }
    }

    /// What a call passes for a configuration of the called module: `providers = { aws = aws.x }`.
    fn passed(&self, call: &Body, name: &str) -> Option<String> {
        let Kind::Map(pairs) = &call.attribute("providers")?.value.kind else { return None };
        let passed = pairs.iter().find(|pair| self.provider_name(&pair.key) == name)?;
        Some(self.provider_name(&passed.value))
    }

    /// `aws.partner`, which older configurations and the JSON syntax write in quotes.
    fn provider_name(&self, node: &Node) -> String {
        match node.scalar() {
            Some(name) => name.to_string(),
            None => self.files.db.slice(node.span).split_whitespace().collect(),
        }
    }

    /// Whether two configurations are of one account: the same settings choose it, and one with an alias
    /// is there for another region.
    fn is_one_account(&self, a: &Provider, b: &Provider) -> bool {
        let settings = |provider: &Provider| {
            let block = self.module.provider_block(provider);
            let for_a_region = block.is_some_and(|b| b.body.attribute("region").is_some());
            (provider.alias().is_none() || for_a_region)
                .then(|| block.map(|block| self.account_settings(&block.body)).unwrap_or_default())
        };
        a.module == b.module && settings(a).is_some_and(|of_a| settings(b) == Some(of_a))
    }

    /// Whether two configurations name the same region.
    fn is_one_region(&self, a: &Provider, b: &Provider) -> bool {
        let region =
            |provider| self.argument_text(&self.module.provider_block(provider)?.body, "region");
        a.module == b.module && region(a).is_some_and(|of_a| region(b) == Some(of_a))
    }

    /// The text of an argument, without blanks.
    fn argument_text(&self, body: &Body, name: &str) -> Option<String> {
        let written = self.files.db.slice(body.attribute(name)?.value.span);
        Some(written.split_whitespace().collect())
    }

    /// The texts of what chooses an account.
    fn account_settings(&self, body: &Body) -> Vec<String> {
        let chooses = |name: &str| OF_ACCOUNT.contains(&name);
        let attributes = body.attributes.iter().filter(|a| chooses(&a.name)).map(|a| a.span);
        let blocks = body.blocks.iter().filter(|b| chooses(&b.kind)).map(|b| b.span);
        let mut out: Vec<String> = attributes
            .chain(blocks)
            .map(|span| self.files.db.slice(span).split_whitespace().collect())
            .collect();
        out.sort();
        out
    }
}
