//! Who signs: representatives of each group of callers.
//!
//! Within a group the role, user and session names, and the organisation, are the caller's own or an
//! unknown fact, so each is tried.

use std::collections::BTreeSet;

use crate::model::{AbsentOr, AccountId, Arn, Caller, Fresh, Iam, Value, glob_match, split_arn};

use super::super::fill::{Form, Set, Work, fill, fills};
use super::super::names::{Name, principal};
use super::super::outsiders::{Group, Org, Outsiders};
use super::super::words::Word;

/// The most representatives of one group.
const LIMIT: usize = 20_000;

/// One representative.
#[derive(Debug, Clone)]
pub(in crate::analyze::reach) struct Rep {
    /// The caller.
    pub(in crate::analyze::reach) caller: Caller,
    /// Its organisation.
    pub(in crate::analyze::reach) org: Org,
}

/// Makes representatives.
#[derive(Clone, Copy)]
pub(in crate::analyze::reach) struct Cast<'a> {
    /// Where names come from.
    pub(in crate::analyze::reach) outsiders: &'a Outsiders<'a>,
    /// The bound on looking for texts.
    pub(in crate::analyze::reach) work: &'a Work,
}

impl Cast<'_> {
    /// The representatives of `group`, the simplest first.
    pub(in crate::analyze::reach) fn callers(&self, group: &Group) -> Vec<Rep> {
        match group {
            // Nothing that is tested against this asks for it.
            Group::Owner => Vec::new(),
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
                let names = self.names(&self.outsiders.account, Fresh::Yes);
                let mut out = Vec::new();
                self.cross(
                    &names,
                    &self.outsiders.account,
                    Fresh::Yes,
                    &self.named_org(org),
                    &mut out,
                );
                out
            }
            Group::Account(account) => {
                let mut names = self.outsiders.named(account);
                names.extend(self.names(account, Fresh::No));
                let mut out = Vec::new();
                self.cross(&names, account, Fresh::No, &self.every_org(), &mut out);
                out
            }
            Group::Symbol(symbol) => {
                let parts = self.outsiders.words.symbolic.get(symbol).cloned().unwrap_or_default();
                let mut out = Vec::new();
                let names = [Name {
                    symbolic: Some(parts),
                    ..self.outsiders.plain(&self.outsiders.account, "role/caller")
                }];
                self.cross(&names, &self.outsiders.account, Fresh::No, &self.every_org(), &mut out);
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

    /// Accounts of outsiders: any, one that the fewest patterns match, and one for each pattern that
    /// some account matches.
    fn fresh_accounts(&self) -> Vec<AccountId> {
        let mut out = BTreeSet::new();
        let accounts =
            self.outsiders.words.account_words.iter().filter(|w| w.pattern).map(|w| &*w.text);
        let arns = self.outsiders.words.arn_words.iter().filter(|w| w.pattern);
        let fields = arns.filter_map(|w| split_arn(&w.text).map(|f| f[4]));
        let patterns: Vec<&str> = accounts.chain(fields).collect();
        let outside = (1..=9).map(|digit: u64| (digit * 111_111_111_111).to_string());
        let outside = outside.filter(|id| !self.outsiders.avoid.contains(id));
        let matched = |id: &String| patterns.iter().filter(|one| glob_match(one, id)).count();
        out.extend(outside.min_by_key(matched).and_then(|id| AccountId::parse(&id)));
        for pattern in patterns {
            for digits in [self.outsiders.account.as_str(), "123443211234", "908070605040"] {
                let form = Form::default().chars(Set::Digit, digits);
                let account = fill(&form, pattern, self.work);
                if let Some(account) = account.filter(|id| !self.outsiders.avoid.contains(id)) {
                    out.extend(AccountId::parse(&account));
                    break;
                }
            }
        }
        out.remove(&self.outsiders.account);
        std::iter::once(self.outsiders.account.clone()).chain(out).collect()
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
        add(self.outsiders.plain(account, "role/caller"));
        if !self.outsiders.words.identified {
            return out;
        }
        add(self.outsiders.plain(account, "user/caller"));
        add(self.outsiders.plain(account, "root"));
        add(self.outsiders.federated(account, "caller"));
        for word in &self.outsiders.words.user_words {
            let form = Form::default().text("user/").some(Set::Name, 'a');
            for resource in fills(&form, &format!("user/{}", word.text), self.work) {
                add(self.outsiders.plain(account, &resource));
            }
        }
        for word in &self.outsiders.words.arn_words {
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
        let own = &self.outsiders.partition;
        let fields = split_arn(&word.text);
        for (service, kind) in [("iam", "role/"), ("iam", "user/"), ("sts", "federated-user/")] {
            let tail = Form::default().text(kind).some(Set::NamePath, 'a');
            if let Some([arn, partition, of, region, owner, resource]) = fields {
                let head = arn == "arn"
                    && glob_match(partition, &self.outsiders.partition)
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

    /// No organisation, and organisations that the policy does not name.
    fn own_orgs(&self) -> Vec<(Org, AbsentOr, AbsentOr)> {
        let mut out = vec![(Org::Standalone, AbsentOr::Absent, AbsentOr::Absent)];
        if !self.outsiders.words.organized {
            return out;
        }
        let mut ids = vec![self.outsiders.org().to_owned()];
        let form = Form::default()
            .text("o-")
            .chars(Set::LowerAlnum, self.outsiders.org().get(2..12).unwrap_or("exampleorg"))
            .any(Set::LowerAlnum, '0');
        let paths = self.outsiders.words.path_words.iter().filter(|w| w.pattern);
        let path_orgs = paths.filter_map(|w| w.text.split('/').next());
        let words =
            self.outsiders.words.org_words.iter().filter(|w| w.pattern).map(|w| w.text.as_str());
        for pattern in words.chain(path_orgs) {
            let id =
                fill(&form, pattern, self.work).filter(|id| !self.outsiders.avoid.contains(id));
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
        for org in self.outsiders.words.organizations() {
            out.extend(self.named_org(&org));
        }
        out
    }

    /// Paths inside an organisation: any, and one for each value that some path of it matches.
    fn paths(&self, org: &str, named: bool) -> Vec<String> {
        let mut out = vec![format!("{org}/r-ab12/ou-ab12-11111111/")];
        let form = Form::default().text(org).text("/r-").some(Set::Units, 'a').text("/");
        let open = Form::default().text(org).text("/").any(Set::Units, 'a');
        for word in &self.outsiders.words.path_words {
            let texts = if word.pattern {
                let strict = fills(&form, &word.text, self.work);
                if strict.is_empty() { fills(&open, &word.text, self.work) } else { strict }
            } else if named && word.text.split('/').next() == Some(org) && !literal_star(word) {
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

/// Whether a text that is compared for equality holds a wildcard character: no value has one
/// (SEMANTICS 2.5).
fn literal_star(word: &Word) -> bool {
    word.text.contains(['*', '?'])
}
