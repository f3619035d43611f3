//! Whom the deployer trusts (CONTRACT 6).

use std::collections::BTreeSet;

use super::{AccountId, Cidr, OrgId};

/// The trust list, validated.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The accounts that the APIs are deployed in.
    pub owners: BTreeSet<AccountId>,
    /// The trusted accounts.
    pub accounts: Vec<TrustedAccount>,
    /// The trusted organisations; `None` while that list is absent (an open list).
    pub organizations: Option<BTreeSet<OrgId>>,
    /// The trusted VPCs; `None` while that list is absent.
    pub vpcs: Option<BTreeSet<String>>,
    /// The trusted VPC endpoints; `None` while that list is absent.
    pub vpc_endpoints: Option<BTreeSet<String>>,
    /// The trusted networks; `None` while that list is absent.
    pub networks: Option<Vec<Cidr>>,
}

/// One entry of the list of accounts.
#[derive(Debug, Clone)]
pub struct TrustedAccount {
    /// The account.
    pub id: AccountId,
    /// Its name.
    pub name: Option<String>,
    /// The APIs it is trusted for (globs over an API's name and address); empty: all.
    pub apis: Vec<String>,
    /// The first second (since 1970 UTC) at which the entry no longer counts.
    pub expires: Option<i64>,
    /// Which entry of the configuration this is, for its span.
    pub entry: usize,
}

/// What the list says of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The API is deployed in it.
    Owner,
    /// It is on the list.
    Trusted,
    /// It was on the list; that entry has expired.
    Expired(usize),
    /// It is not on the list, or not for this API.
    Untrusted,
}

impl Trust {
    /// What the list says of `account` for an API that goes by any of `names` at time `now`.
    pub fn standing(&self, account: &AccountId, names: &[&str], now: i64) -> Standing {
        if self.owners.contains(account) {
            return Standing::Owner;
        }
        let mut standing = Standing::Untrusted;
        for entry in self.accounts.iter().filter(|e| e.id == *account) {
            let in_scope = entry.apis.is_empty()
                || entry.apis.iter().any(|glob| names.iter().any(|name| glob_match(glob, name)));
            if !in_scope {
                continue;
            }
            if entry.expires.is_none_or(|end| now < end) {
                return Standing::Trusted;
            }
            standing = Standing::Expired(entry.entry);
        }
        standing
    }
}

/// Whether `text` matches `glob`, in which `*` is any run of characters and `?` exactly one.
pub fn glob_match(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
    let (mut g, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match glob.get(g) {
            Some('*') => {
                star = Some((g, t));
                g += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                g += 1;
                t += 1;
            }
            _ => match star {
                Some((sg, st)) => {
                    g = sg + 1;
                    t = st + 1;
                    star = Some((sg, st + 1));
                }
                None => return false,
            },
        }
    }
    glob[g..].iter().all(|c| *c == '*')
}
