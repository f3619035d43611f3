//! Who an outsider is: the groups of callers that the summaries and exposures tell apart, what may be
//! known of their organisations, and names that nobody else has.

use std::collections::BTreeSet;

use crate::model::{AccountId, AwsPrincipal, Part, SymbolRef, Trust, split_arn};

use super::names::{Name, in_partition, principal};
use super::words::Words;

/// Callers that are told apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// Nobody signs.
    Anonymous,
    /// An account that the policy does not name, in an organisation of its own or in none.
    Fresh,
    /// An account that the policy does not name, in an organisation that it names.
    Member(String),
    /// An account that the policy names.
    Account(AccountId),
    /// An account that the policy names by an unknown value.
    Symbol(SymbolRef),
    /// The account that the API is deployed in.
    Owner,
}

/// What is known of the organisation of a representative.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Org {
    /// None.
    Standalone,
    /// One that the policy does not name.
    Own,
    /// One that the policy names.
    Named(String),
}

/// The callers of a group, of whose organisation one of `orgs` is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Who {
    /// The group.
    pub(super) group: Group,
    /// What may be known of the organisation.
    pub(super) orgs: Vec<Org>,
}

/// Where the names of outsiders come from: none is in the policy or on the trust list.
#[derive(Debug)]
pub(super) struct Outsiders<'a> {
    pub(super) words: &'a Words,
    /// The digits of a fresh account.
    pub(super) account: AccountId,
    /// An organisation id.
    org: String,
    /// The partition that callers are in.
    pub(super) partition: String,
    /// The ids that no outsider has.
    pub(super) avoid: BTreeSet<String>,
}

impl<'a> Outsiders<'a> {
    /// Names for outsiders of a policy with those words, whose API is in `partition`.
    pub(super) fn new(words: &'a Words, trust: &Trust, partition: &str) -> Option<Self> {
        let mut avoid: BTreeSet<String> =
            words.accounts.iter().chain(&trust.owners).map(ToString::to_string).collect();
        avoid.extend(trust.accounts.iter().map(|entry| entry.id.to_string()));
        let repeated = (1..=9).rev().map(|digit: u64| digit * 111_111_111_111);
        let account = repeated
            .chain((0..1_000_000).map(|n| 987_654_321_098 - n))
            .map(|n| format!("{n:012}"))
            .find(|digits| !avoid.contains(digits))?;
        let account = AccountId::parse(&account)?;
        let orgs = words.organizations();
        let org = ["o-exampleorg1", "o-exampleorg2", "o-exampleorg3"]
            .into_iter()
            .map(str::to_owned)
            .chain((0..100_000).map(|n| format!("o-outsider{n:06}")))
            .find(|id| !orgs.contains(id))?;
        avoid.extend(orgs);
        // A policy that is written for one other partition is deployed there.
        let others = words.partitions();
        let partition = match others.as_slice() {
            [only] if partition == "aws" => only.clone(),
            _ => partition.to_owned(),
        };
        Some(Self { words, account, org, partition, avoid })
    }

    /// The digits of a fresh account.
    pub(super) fn account(&self) -> &str {
        self.account.as_str()
    }

    /// The id of an organisation that the policy does not name.
    pub(super) fn org(&self) -> &str {
        &self.org
    }

    /// What may be known of the organisation of a caller of `group`: it is told apart where the
    /// policy looks at it.
    pub(super) fn orgs(&self, group: &Group) -> Vec<Org> {
        match group {
            Group::Anonymous | Group::Owner => vec![Org::Standalone],
            Group::Member(org) => vec![Org::Named(org.clone())],
            Group::Fresh if self.words.organized => vec![Org::Standalone, Org::Own],
            Group::Fresh => vec![Org::Standalone],
            Group::Account(_) | Group::Symbol(_) => {
                let own = self.words.organized.then_some(Org::Own);
                let named = self.words.organizations().into_iter().map(Org::Named);
                std::iter::once(Org::Standalone).chain(own).chain(named).collect()
            }
        }
    }

    /// Everybody of `group`.
    pub(super) fn everybody(&self, group: Group) -> Who {
        Who { orgs: self.orgs(&group), group }
    }

    /// A principal of `account`: `role/caller`.
    pub(super) fn plain(&self, account: &AccountId, resource: &str) -> Name {
        in_partition(&self.partition, account, resource)
    }

    /// A federated user of `account`.
    pub(super) fn federated(&self, account: &AccountId, name: &str) -> Name {
        let arn = format!("arn:{}:sts::{account}:federated-user/{name}", self.partition);
        Name { session: Some(arn.clone()), arn, symbolic: None }
    }

    /// The principals of `account` that the policy names.
    pub(super) fn named(&self, account: &AccountId) -> Vec<Name> {
        let mut out: Vec<Name> = Vec::new();
        for named in &self.words.principals {
            if named.principal.account() != Some(account) {
                continue;
            }
            let name = match &named.principal {
                AwsPrincipal::User(_, arn)
                | AwsPrincipal::Role(_, arn)
                | AwsPrincipal::AssumedRole(_, arn)
                | AwsPrincipal::FederatedUser(_, arn) => principal(arn),
                AwsPrincipal::UnknownInAccount(..) => Name {
                    symbolic: Some(named.parts.clone()),
                    ..self.plain(account, "role/caller")
                },
                _ => match named.parts.first() {
                    // The account in the partition that the text names.
                    Some(Part::Lit(text)) => {
                        let named = split_arn(text).map(|fields| fields[1]);
                        in_partition(named.unwrap_or(&self.partition), account, "role/caller")
                    }
                    _ => self.plain(account, "role/caller"),
                },
            };
            if !out.contains(&name) {
                out.push(name);
            }
        }
        out
    }
}
