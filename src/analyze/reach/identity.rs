//! Which API a policy belongs to (SEMANTICS 1.4, "API identity").
//!
//! An API has one identity. Known facts restrict it (the owner accounts); the rest is a choice made
//! once for the whole policy: each identity that an Allow names is tried, and one that no text of
//! the policy names. The caller of this room takes the worst.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    AccountId, ApiKind, Assumption, Entry, Identity, Leaf, Origin, Part, Policy, SymbolClass,
    Trust, glob_match, split_arn,
};

use super::project::{Role, roles};

/// The most identities that are tried for one policy.
const LIMIT: usize = 12;

/// One choice of the API's identity.
#[derive(Debug, Clone)]
pub(in crate::analyze) struct Choice {
    /// The identity.
    pub(in crate::analyze) identity: Identity,
    /// The accounts that count as the API's own under it.
    pub(in crate::analyze) owners: BTreeSet<AccountId>,
    /// What must hold for it; `None` for the identity that nothing names.
    pub(in crate::analyze) needs: Option<Assumption>,
}

/// The fields that a text fixes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Fixed {
    partition: Option<String>,
    region: Option<String>,
    account: Option<String>,
    api: Option<String>,
    /// The account as it is written, a pattern perhaps.
    pattern: Option<String>,
    origin: Option<Origin>,
}

/// The identities to try for `policy`, the one that nothing names first. `true` with them when there
/// are more than are tried.
pub(in crate::analyze) fn choices(
    policy: &Policy,
    kind: ApiKind,
    trust: &Trust,
) -> (Vec<Choice>, bool) {
    let domain = kind == ApiKind::DomainName;
    let roles = roles(policy);
    let mut leaves: Vec<(bool, Fixed)> = Vec::new();
    for (entry, role) in policy.statements.iter().zip(&roles) {
        let Some(statement) = entry.one() else { continue };
        let names = matches!(role, Role::Allow | Role::Either) && !statement.resource.negated;
        let items = statement.resource.items.iter().filter_map(Entry::one);
        leaves.extend(items.filter_map(|leaf| Some((names, fixed(leaf, domain)?))));
    }
    let literal_accounts: BTreeSet<AccountId> =
        leaves.iter().filter_map(|(_, fixed)| fixed.literal_account()).collect();
    let patterns: BTreeSet<String> =
        leaves.iter().filter_map(|(_, fixed)| fixed.pattern.clone()).collect();
    let (nameless, mut bounded) = nameless(trust, &patterns);
    let mut named: Vec<Fixed> = Vec::new();
    for (names, mut fixed) in leaves {
        let contradicts = fixed.contradicts(&trust.owners);
        let known = named.iter().chain(&nameless).any(|other| other.same(&fixed));
        if names && !contradicts && !known && !fixed.is_empty() && named.len() < LIMIT {
            named.push(fixed);
        }
    }
    // What several texts fix together: `arn:..:eu-west-1:*:*/*` and `arn:..:*:*:abc/*`.
    for at in 0..named.len() {
        let joined = named.iter().fold(named[at].clone(), |sum, other| sum.join(other));
        if !named.iter().any(|other| other.same(&joined)) {
            named.push(joined);
        }
    }
    bounded |= named.len() >= LIMIT;
    named.truncate(LIMIT - 1);
    let choice = |fixed: &Fixed, needs: Option<Assumption>| {
        let own = fixed.literal_account().filter(|_| needs.is_some());
        let literal = own.map_or_else(|| literal_accounts.clone(), |own| BTreeSet::from([own]));
        let owners = if trust.owners.is_empty() { literal } else { trust.owners.clone() };
        Choice { identity: fixed.identity(domain), owners, needs }
    };
    let mut out: Vec<Choice> = nameless.iter().map(|fixed| choice(fixed, None)).collect();
    for fixed in named {
        let needs = Some(fixed.describe());
        if fixed.account.is_some() {
            out.push(choice(&fixed, needs));
            continue;
        }
        // In each account that the API may be in.
        out.extend(nameless.iter().map(|known| {
            let fixed = Fixed { account: known.account.clone(), ..fixed.clone() };
            choice(&fixed, needs.clone())
        }));
    }
    (out, bounded)
}

/// What a hole takes for granted that none of the named identities opens (SEMANTICS 1.4).
pub(super) fn none_named() -> Assumption {
    let text = "the API is none of those that the policy's ARNs name".to_owned();
    Assumption { text, pin: None, origin: None }
}

/// The identity to use where there is no policy to name one.
pub(in crate::analyze) fn nobody(kind: ApiKind, trust: &Trust) -> Choice {
    let fixed = nameless(trust, &BTreeSet::new()).0.into_iter().next().unwrap_or_default();
    Choice {
        identity: fixed.identity(kind == ApiKind::DomainName),
        owners: trust.owners.clone(),
        needs: None,
    }
}

/// What is known of an API that no text names: its account is one of the owner accounts, of which
/// one stands for all that the policy does not tell apart. `true` with them when there are more than
/// are tried.
fn nameless(trust: &Trust, patterns: &BTreeSet<String>) -> (Vec<Fixed>, bool) {
    if trust.owners.is_empty() {
        return (vec![Fixed::default()], false);
    }
    let mut kinds: BTreeMap<Vec<bool>, &AccountId> = BTreeMap::new();
    for owner in &trust.owners {
        let matched = patterns.iter().map(|pattern| glob_match(pattern, owner.as_str())).collect();
        kinds.entry(matched).or_insert(owner);
    }
    let bounded = kinds.len() > LIMIT;
    let account = |a: &AccountId| Fixed { account: Some(a.to_string()), ..Fixed::default() };
    (kinds.into_values().take(LIMIT).map(account).collect(), bounded)
}

impl Fixed {
    fn is_empty(&self) -> bool {
        self.same(&Self::default())
    }

    fn same(&self, other: &Self) -> bool {
        (&self.partition, &self.region, &self.account, &self.api)
            == (&other.partition, &other.region, &other.account, &other.api)
    }

    /// The account, when the text names exactly one.
    fn literal_account(&self) -> Option<AccountId> {
        let pattern = self.pattern.as_deref().is_some_and(|text| text.contains(['*', '?']));
        self.account.as_deref().filter(|_| !pattern).and_then(AccountId::parse)
    }

    /// Whether the API is known not to be in the account. A pattern that an owner account matches
    /// fixes no more than that.
    fn contradicts(&mut self, owners: &BTreeSet<AccountId>) -> bool {
        if owners.is_empty() || self.pattern.is_none() {
            return false;
        }
        let pattern = self.pattern.take().unwrap_or_default();
        self.account = self.account.take().filter(|_| !pattern.contains(['*', '?']));
        !owners.iter().any(|owner| glob_match(&pattern, owner.as_str()))
    }

    /// Both together, or `self` where they contradict each other.
    fn join(self, other: &Self) -> Self {
        let fits = |a: &Option<String>, b: &Option<String>| a.is_none() || b.is_none() || a == b;
        let compatible = fits(&self.partition, &other.partition)
            && fits(&self.region, &other.region)
            && fits(&self.account, &other.account)
            && fits(&self.api, &other.api);
        if !compatible {
            return self;
        }
        Self {
            partition: self.partition.or_else(|| other.partition.clone()),
            region: self.region.or_else(|| other.region.clone()),
            account: self.account.or_else(|| other.account.clone()),
            api: self.api.or_else(|| other.api.clone()),
            pattern: self.pattern.or_else(|| other.pattern.clone()),
            origin: self.origin.or(other.origin),
        }
    }

    fn identity(&self, domain: bool) -> Identity {
        let mut out = Identity::unknown();
        let set = |field: &mut String, value: &Option<String>| {
            if let Some(value) = value {
                field.clone_from(value);
            }
        };
        set(&mut out.partition, &self.partition);
        set(&mut out.region, &self.region);
        set(&mut out.account, &self.account);
        if domain {
            let unknown = || "this-domain+this-id".to_owned();
            out.domain = Some(self.api.clone().unwrap_or_else(unknown));
        } else {
            set(&mut out.api_id, &self.api);
        }
        out
    }

    fn describe(&self) -> Assumption {
        let or_star = |field: &Option<String>| field.clone().unwrap_or_else(|| "*".into());
        let partition = self.partition.as_deref().unwrap_or("aws");
        let [region, account, api] = [&self.region, &self.account, &self.api].map(or_star);
        Assumption {
            text: format!("the API is arn:{partition}:execute-api:{region}:{account}:{api}"),
            pin: None,
            origin: self.origin,
        }
    }
}

/// The fields of the API's identity that a resource fixes; `None` when it is no execute-api ARN.
fn fixed(leaf: &Leaf, domain: bool) -> Option<Fixed> {
    let mut text = String::new();
    for part in &leaf.parts {
        match part {
            Part::Lit(lit) => text.push_str(lit),
            // It stands for whatever the identity is: nothing is named.
            Part::Sym(symbol) if symbol.class == SymbolClass::ThisApiArn => return None,
            Part::Sym(_) => text.push('*'),
        }
    }
    let [arn, partition, service, region, account, resource] = split_arn(&text)?;
    if arn != "arn" || service != "execute-api" {
        return None;
    }
    // A pattern names the identities that it matches, and one of them stands for all: `eu-west-?`.
    let literal = |text: &str| {
        let names = !text.is_empty() && !text.contains('$') && text.chars().any(|c| c != '*');
        names.then(|| text.replace(['*', '?'], "1"))
    };
    let api = if domain {
        resource.strip_prefix("/domainnames/").unwrap_or("")
    } else {
        resource.split('/').next().unwrap_or("")
    };
    Some(Fixed {
        // The default of an identity that nothing names.
        partition: literal(partition).filter(|name| name != "aws" && !partition.contains('*')),
        region: literal(region),
        account: literal(account),
        api: literal(api),
        pattern: literal(account).map(|_| account.to_owned()),
        origin: Some(leaf.origin),
    })
}
