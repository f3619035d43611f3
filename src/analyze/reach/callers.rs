//! Who signs: representatives of each group of callers.
//!
//! A group is a set of callers that the summaries and exposures tell apart. Within it the role, user
//! and session names, and the organisation, are the caller's own or an unknown fact, so each is
//! tried.

use std::collections::BTreeSet;

use crate::model::{
    AbsentOr, AccountId, Arn, AwsPrincipal, Caller, Fresh, Iam, Part, SymbolRef, Trust, Value,
    glob_match, split_arn,
};

use super::fill::{Form, Set, Work, fill, fills};
use super::names::{Name, in_partition, principal};
use super::words::{Word, Words};

/// The most representatives of one group.
const LIMIT: usize = 20_000;

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

/// One representative.
#[derive(Debug, Clone)]
pub(super) struct Rep {
    /// The caller.
    pub(super) caller: Caller,
    /// Its organisation.
    pub(super) org: Org,
}

/// Where the names of outsiders come from: none is in the policy or on the trust list.
#[derive(Debug)]
pub(super) struct Outsiders<'a> {
    words: &'a Words,
    work: &'a Work,
    /// The digits of a fresh account.
    account: AccountId,
    /// An organisation id.
    org: String,
    /// The partition that callers are in.
    partition: String,
    avoid: BTreeSet<String>,
}

impl<'a> Outsiders<'a> {
    /// Names for outsiders of a policy with those words, whose API is in `partition`.
    pub(super) fn new(
        words: &'a Words,
        trust: &Trust,
        partition: &str,
        work: &'a Work,
    ) -> Option<Self> {
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
        Some(Self { words, work, account, org, partition, avoid })
    }

    /// The digits of a fresh account.
    pub(super) fn account(&self) -> &str {
        self.account.as_str()
    }

    /// The id of an organisation that the policy does not name.
    pub(super) fn org(&self) -> &str {
        &self.org
    }

    /// The representatives of `group`, the simplest first.
    pub(super) fn callers(&self, group: &Group) -> Vec<Rep> {
        match group {
            Group::Anonymous => vec![Rep { caller: Caller::Anonymous, org: Org::Standalone }],
            Group::Fresh => {
                let mut out = Vec::new();
                for account in self.fresh_accounts() {
                    let names = self.names(&account, Fresh::Yes);
                    self.cross(&names, &account, Fresh::Yes, &self.own_orgs(), &mut out);
                }
                out
            }
            Group::Member(org) => {
                let names = self.names(&self.account, Fresh::Yes);
                let mut out = Vec::new();
                self.cross(&names, &self.account, Fresh::Yes, &self.named_org(org), &mut out);
                out
            }
            Group::Account(account) => {
                let mut names = self.named(account);
                names.extend(self.names(account, Fresh::No));
                let mut out = Vec::new();
                self.cross(&names, account, Fresh::No, &self.every_org(), &mut out);
                out
            }
            Group::Symbol(symbol) => {
                let parts = self.words.symbolic.get(symbol).cloned().unwrap_or_default();
                let mut out = Vec::new();
                let names =
                    [Name { symbolic: Some(parts), ..self.plain(&self.account, "role/caller") }];
                self.cross(&names, &self.account, Fresh::No, &self.every_org(), &mut out);
                out
            }
        }
    }

    fn cross(
        &self,
        names: &[Name],
        account: &AccountId,
        fresh: Fresh,
        orgs: &[(Org, AbsentOr, AbsentOr)],
        out: &mut Vec<Rep>,
    ) {
        for (org, id, paths) in orgs {
            for name in names {
                if out.len() >= LIMIT {
                    self.work.exceed();
                    return;
                }
                out.push(Rep {
                    caller: Caller::Iam(Iam {
                        arn: name.arn.clone(),
                        session: name.session.clone(),
                        account: account.clone(),
                        fresh,
                        owner: false,
                        org: id.clone(),
                        org_paths: paths.clone(),
                        symbolic: name.symbolic.clone(),
                    }),
                    org: org.clone(),
                });
            }
        }
    }

    /// Accounts of outsiders: any, and one for each pattern that some account matches.
    fn fresh_accounts(&self) -> Vec<AccountId> {
        let mut out = BTreeSet::new();
        let accounts = self.words.account_words.iter().filter(|w| w.pattern).map(|w| &*w.text);
        let arns = self.words.arn_words.iter().filter(|w| w.pattern);
        let fields = arns.filter_map(|w| split_arn(&w.text).map(|f| f[4]));
        for pattern in accounts.chain(fields) {
            for digits in [self.account.as_str(), "123443211234", "908070605040"] {
                let form = Form::default().chars(Set::Digit, digits);
                let account = fill(&form, pattern, self.work);
                if let Some(account) = account.filter(|id| !self.avoid.contains(id)) {
                    out.extend(AccountId::parse(&account));
                    break;
                }
            }
        }
        out.remove(&self.account);
        std::iter::once(self.account.clone()).chain(out).collect()
    }

    /// The roles and users of `account` that the policy's patterns tell apart.
    fn names(&self, account: &AccountId, fresh: Fresh) -> Vec<Name> {
        let mut out = Vec::new();
        let mut seen = BTreeSet::new();
        let mut add = |name: Name| {
            if seen.insert(name.arn.clone()) {
                out.push(name);
            }
        };
        add(self.plain(account, "role/caller"));
        if !self.words.identified {
            return out;
        }
        add(self.plain(account, "user/caller"));
        add(self.plain(account, "root"));
        add(self.federated(account, "caller"));
        for word in &self.words.user_words {
            let form = Form::default().text("user/").some(Set::Name, 'a');
            for resource in fills(&form, &format!("user/{}", word.text), self.work) {
                add(self.plain(account, &resource));
            }
        }
        for word in &self.words.arn_words {
            for name in self.instances(word, account, fresh) {
                add(name);
            }
        }
        out
    }

    /// Principals of `account` that match a value of `aws:PrincipalArn`.
    fn instances(&self, word: &Word, account: &AccountId, fresh: Fresh) -> Vec<Name> {
        if !word.pattern {
            let own = split_arn(&word.text).is_some_and(|f| f[4] == account.as_str());
            return match Arn::parse(&word.text) {
                Some(arn) if own && fresh == Fresh::No => vec![principal(&arn)],
                _ => Vec::new(),
            };
        }
        let mut out = Vec::new();
        let own = &self.partition;
        let fields = split_arn(&word.text);
        for (service, kind) in [("iam", "role/"), ("iam", "user/"), ("sts", "federated-user/")] {
            let tail = Form::default().text(kind).some(Set::NamePath, 'a');
            if let Some([arn, partition, of, region, owner, resource]) = fields {
                let head = arn == "arn"
                    && glob_match(partition, &self.partition)
                    && glob_match(of, service)
                    && glob_match(region, "")
                    && glob_match(owner, account.as_str());
                if head {
                    out.extend(fills(&tail, resource, self.work).into_iter().filter_map(|r| {
                        Arn::parse(&format!("arn:{own}:{service}::{account}:{r}"))
                    }));
                }
            }
            // StringLike crosses the fields.
            let whole = Form::default()
                .text(&format!("arn:{own}:{service}::{account}:{kind}"))
                .some(Set::NamePath, 'a');
            out.extend(
                fills(&whole, &word.text, self.work).iter().filter_map(|text| Arn::parse(text)),
            );
        }
        out.iter().map(principal).collect()
    }

    fn plain(&self, account: &AccountId, resource: &str) -> Name {
        in_partition(&self.partition, account, resource)
    }

    fn federated(&self, account: &AccountId, name: &str) -> Name {
        let arn = format!("arn:{}:sts::{account}:federated-user/{name}", self.partition);
        Name { session: Some(arn.clone()), arn, symbolic: None }
    }

    /// The principals of `account` that the policy names.
    fn named(&self, account: &AccountId) -> Vec<Name> {
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

    /// No organisation, and organisations that the policy does not name.
    fn own_orgs(&self) -> Vec<(Org, AbsentOr, AbsentOr)> {
        let mut out = vec![(Org::Standalone, AbsentOr::Absent, AbsentOr::Absent)];
        if !self.words.organized {
            return out;
        }
        let mut ids = vec![self.org.clone()];
        let form = Form::default()
            .text("o-")
            .chars(Set::LowerAlnum, self.org.get(2..12).unwrap_or("exampleorg"))
            .any(Set::LowerAlnum, '0');
        let paths = self.words.path_words.iter().filter(|w| w.pattern);
        let path_orgs = paths.filter_map(|w| w.text.split('/').next());
        let words = self.words.org_words.iter().filter(|w| w.pattern).map(|w| w.text.as_str());
        for pattern in words.chain(path_orgs) {
            let id = fill(&form, pattern, self.work).filter(|id| !self.avoid.contains(id));
            ids.extend(id.filter(|id| !ids.contains(id)));
        }
        for id in &ids {
            for path in self.paths(id, false) {
                out.push((
                    Org::Own,
                    AbsentOr::Present(vec![Value::fresh(id)]),
                    AbsentOr::Present(vec![Value::fresh(path)]),
                ));
            }
        }
        out
    }

    fn named_org(&self, org: &str) -> Vec<(Org, AbsentOr, AbsentOr)> {
        self.paths(org, true)
            .into_iter()
            .map(|path| {
                (
                    Org::Named(org.to_owned()),
                    AbsentOr::Present(vec![Value::named(org)]),
                    AbsentOr::Present(vec![Value::named(path)]),
                )
            })
            .collect()
    }

    fn every_org(&self) -> Vec<(Org, AbsentOr, AbsentOr)> {
        let mut out = self.own_orgs();
        for org in self.words.organizations() {
            out.extend(self.named_org(&org));
        }
        out
    }

    /// Paths inside an organisation: any, and one for each value that some path of it matches.
    fn paths(&self, org: &str, named: bool) -> Vec<String> {
        let mut out = vec![format!("{org}/r-ab12/ou-ab12-11111111/")];
        let form = Form::default().text(org).text("/r-").some(Set::Units, 'a').text("/");
        let open = Form::default().text(org).text("/").any(Set::Units, 'a');
        for word in &self.words.path_words {
            let texts = if word.pattern {
                let strict = fills(&form, &word.text, self.work);
                if strict.is_empty() { fills(&open, &word.text, self.work) } else { strict }
            } else if named && word.text.split('/').next() == Some(org) {
                vec![word.text.clone()]
            } else {
                Vec::new()
            };
            for text in texts {
                if !out.contains(&text) {
                    out.push(text);
                }
            }
        }
        out
    }
}
