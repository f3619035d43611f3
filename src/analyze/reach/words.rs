//! What a policy writes: the ids, addresses, patterns and free texts that representatives are made
//! from.
//!
//! Every literal of every statement is collected, whatever the statement does with it: a Deny cuts
//! the space of requests as an Allow does.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    AccountId, AwsPrincipal, Cidr, Condition, Entry, KnownKey, Leaf, PARTITIONS, Part, Policy,
    PrincipalElement, Principals, SymbolClass, SymbolRef, split_arn,
};

/// A text that a condition compares a value with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    /// The text; an unknown part of it stands as `*`.
    pub(super) text: String,
    /// Whether `*` and `?` in it are wildcards.
    pub(super) pattern: bool,
}

/// A principal that a policy names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// What its text says.
    pub(super) principal: AwsPrincipal,
    /// Its text.
    pub(super) parts: Vec<Part>,
}

/// The words of one policy.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The accounts that a principal or a condition names.
    pub(super) accounts: BTreeSet<AccountId>,
    /// The principals that belong to such an account.
    pub(super) principals: Vec<Named>,
    /// The principals of an account that is not known, by the symbol that decides it.
    pub(super) symbolic: BTreeMap<SymbolRef, Vec<Part>>,
    /// Values of `aws:PrincipalAccount`.
    pub(super) account_words: BTreeSet<Word>,
    /// Values of `aws:PrincipalArn`.
    pub(super) arn_words: BTreeSet<Word>,
    /// Values of `aws:PrincipalOrgID`.
    pub(super) org_words: BTreeSet<Word>,
    /// Values of `aws:PrincipalOrgPaths`.
    pub(super) path_words: BTreeSet<Word>,
    /// Values of `aws:username`.
    pub(super) user_words: BTreeSet<Word>,
    /// Values of `aws:SourceVpce`.
    pub(super) vpce_words: BTreeSet<Word>,
    /// Values of `aws:SourceVpc`.
    pub(super) vpc_words: BTreeSet<Word>,
    /// Values of `aws:SourceIp` that are address ranges.
    pub(super) source_ranges: BTreeSet<(bool, u128, u128)>,
    /// A condition compares `aws:SourceIp` as text with a pattern.
    pub(super) source_texts: bool,
    /// Values of `aws:VpcSourceIp` that are address ranges.
    pub(super) vpc_ranges: BTreeSet<(bool, u128, u128)>,
    /// A condition compares `aws:VpcSourceIp` as text with a pattern.
    pub(super) vpc_texts: bool,
    /// A condition or variable looks at a caller's organisation.
    pub(super) organized: bool,
    /// A condition or variable looks at a caller's ARN, name or type.
    pub(super) identified: bool,
    /// The resources that hold policy variables, written out.
    pub(super) resources: Vec<String>,
    /// The values of every other key that a caller chooses, by its lower-case name.
    pub(super) keys: BTreeMap<String, (KnownKey, BTreeSet<Word>)>,
}

impl Words {
    /// The words of `policy`.
    pub(super) fn of(policy: &Policy) -> Self {
        let mut words = Self::default();
        for statement in policy.known_statements() {
            match &statement.principal {
                PrincipalElement::Principal(list) | PrincipalElement::NotPrincipal(list, _) => {
                    words.principals(list);
                }
                PrincipalElement::Missing => {}
            }
            for condition in statement.known_conditions() {
                words.condition(condition);
            }
        }
        words
    }

    fn principals(&mut self, list: &Principals) {
        for item in list.items.iter().filter_map(Entry::one) {
            let Some(principal) = item.aws() else { continue };
            if let Some(account) = principal.account() {
                self.accounts.insert(account.clone());
                let named = Named { principal, parts: item.value.parts.clone() };
                if !self.principals.contains(&named) {
                    self.principals.push(named);
                }
            } else if let AwsPrincipal::UnknownAccount(symbol) = principal
                && is_foreign(symbol)
            {
                self.symbolic.entry(symbol).or_insert_with(|| item.value.parts.clone());
            }
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition.key.known {
            KnownKey::PrincipalOrgId | KnownKey::PrincipalOrgPaths => self.organized = true,
            KnownKey::PrincipalArn | KnownKey::PrincipalType | KnownKey::Username => {
                self.identified = true;
            }
            _ => {}
        }
        let pattern = condition.operator.is_none_or(|op| op.is_pattern());
        for leaf in condition.values.iter().filter_map(Entry::one) {
            self.value(condition.key.known, &condition.key.name, leaf, pattern);
        }
        if is_chosen(condition.key.known) {
            let key = condition.key.name.clone();
            self.keys.entry(key).or_insert_with(|| (condition.key.known, BTreeSet::new()));
        }
    }

    fn value(&mut self, key: KnownKey, name: &str, leaf: &Leaf, pattern: bool) {
        let text = render(leaf);
        let pattern = pattern && text.contains(['*', '?']);
        let word = Word { text: text.clone(), pattern };
        if leaf.text().is_none() && !pattern {
            // An unknown text under an operator that compares for equality.
            if let (KnownKey::PrincipalAccount, Some(symbol)) = (key, leaf.symbol())
                && is_foreign(symbol)
            {
                self.symbolic.entry(symbol).or_insert_with(|| account_root(symbol));
            }
            return;
        }
        match key {
            KnownKey::PrincipalAccount => {
                self.accounts.extend(AccountId::parse(&text));
                self.account_words.insert(word);
            }
            KnownKey::PrincipalArn => {
                let account = split_arn(&text).and_then(|f| AccountId::parse(f[4]));
                self.accounts.extend(account);
                self.arn_words.insert(word);
            }
            KnownKey::PrincipalOrgId => drop(self.org_words.insert(word)),
            KnownKey::PrincipalOrgPaths => drop(self.path_words.insert(word)),
            KnownKey::Username => drop(self.user_words.insert(word)),
            KnownKey::SourceVpce => drop(self.vpce_words.insert(word)),
            KnownKey::SourceVpc => drop(self.vpc_words.insert(word)),
            KnownKey::SourceIp => match range(&text) {
                Some(range) => drop(self.source_ranges.insert(range)),
                None => self.source_texts |= pattern,
            },
            KnownKey::VpcSourceIp => match range(&text) {
                Some(range) => drop(self.vpc_ranges.insert(range)),
                None => self.vpc_texts |= pattern,
            },
            _ if is_chosen(key) => {
                let entry = self.keys.entry(name.to_owned());
                entry.or_insert_with(|| (key, BTreeSet::new())).1.insert(word);
            }
            _ => {}
        }
    }

    /// The organisations that the policy names exactly.
    ///
    /// An id of the wrong length is a finding elsewhere and a constant here (SEMANTICS 2.5).
    pub(super) fn organizations(&self) -> BTreeSet<String> {
        let ids = self.org_words.iter().filter(|w| !w.pattern).map(|w| w.text.as_str());
        let paths = self.path_words.iter().filter_map(|w| w.text.split('/').next());
        ids.chain(paths).filter(|id| is_organization(id)).map(str::to_owned).collect()
    }

    /// The partitions, apart from the commercial one, that principals are named in.
    pub(super) fn partitions(&self) -> Vec<String> {
        let conditions = self.arn_words.iter().filter_map(|w| other_partition(&w.text));
        let principals = self.principals.iter().filter_map(|named| match named.parts.first() {
            Some(Part::Lit(text)) => other_partition(text),
            _ => None,
        });
        conditions.chain(principals).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

fn is_organization(text: &str) -> bool {
    text.strip_prefix("o-").is_some_and(|rest| !rest.is_empty() && !rest.contains(['*', '?']))
}

/// The partition that an ARN names, when it is another than the commercial one.
fn other_partition(text: &str) -> Option<String> {
    let partition = split_arn(text)?[1];
    let other = partition != "aws" && PARTITIONS.contains(&partition);
    other.then(|| partition.to_owned())
}

/// Whether the caller chooses the value of that key on its own, apart from who and where it is.
pub(super) fn is_chosen(key: KnownKey) -> bool {
    key.is_free()
        || matches!(
            key,
            KnownKey::PrincipalTag
                | KnownKey::TokenIssueTime
                | KnownKey::MultiFactorAuthPresent
                | KnownKey::MultiFactorAuthAge
                | KnownKey::UserId
        )
}

/// Whether an unknown value may be an outsider's.
fn is_foreign(symbol: SymbolRef) -> bool {
    !symbol.class.is_own()
        && !matches!(symbol.class, SymbolClass::ThisApiArn | SymbolClass::ThisApiId)
}

fn account_root(symbol: SymbolRef) -> Vec<Part> {
    vec![Part::Lit("arn:aws:iam::".into()), Part::Sym(symbol), Part::Lit(":root".into())]
}

fn render(leaf: &Leaf) -> String {
    leaf.parts
        .iter()
        .map(|part| match part {
            Part::Lit(text) => text.as_ref(),
            Part::Sym(symbol) if symbol.class == SymbolClass::Partition => "aws",
            Part::Sym(_) => "*",
        })
        .collect()
}

fn range(text: &str) -> Option<(bool, u128, u128)> {
    if let Some(cidr) = Cidr::parse(text) {
        let (first, last) = cidr.bounds();
        return Some((cidr.is_ipv4(), first, last));
    }
    // `203.0.113.*` under StringLike.
    let octets: Vec<&str> = text.strip_suffix(".*")?.split('.').collect();
    let fixed: Vec<u8> = octets.iter().map(|o| o.parse()).collect::<Result<_, _>>().ok()?;
    let bits = 8 * u32::try_from(fixed.len()).ok().filter(|n| (1..=3).contains(n))?;
    let value = fixed.iter().fold(0u128, |sum, octet| (sum << 8) | u128::from(*octet));
    let first = value << (32 - bits);
    Some((true, first, first | ((1u128 << (32 - bits)) - 1)))
}
