//! Policy documents (SEMANTICS 1).

use crate::source::Origin;

use super::{AccountId, Arn, Condition, Entry, Leaf, PARTITIONS, Part, SymbolRef};

/// A resource policy, in one reading: where a key stands twice, each reading is a policy of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Policy {
    /// The language version.
    pub version: Version,
    /// The statements; an unknown stretch of them is `Many`.
    pub statements: Vec<Entry<Statement>>,
    /// The document.
    pub origin: Origin,
    /// How long it is, as far as it is known.
    pub size: PolicySize,
}

/// How many characters a policy has, unknown parts left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PolicySize {
    /// As JSON without a blank between its tokens.
    pub compact: usize,
    /// As it is written, where that is a text which is handed on as it stands.
    pub written: Option<usize>,
}

/// The policy language.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Version {
    /// No `Version` element: read as 2008-10-17, `${...}` is literal text.
    Missing,
    /// `2008-10-17`
    V2008(Origin),
    /// `2012-10-17`
    V2012(Origin),
    /// Something else or unknown.
    Other(Leaf),
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Statement {
    /// `Sid`
    pub sid: Option<Leaf>,
    /// `Effect`
    pub effect: EffectElement,
    /// `Principal` or `NotPrincipal`
    pub principal: PrincipalElement,
    /// `Action` or `NotAction`
    pub action: ActionElement,
    /// `Resource` or `NotResource`
    pub resource: ResourceElement,
    /// One entry for each key of each operator; `Many` for an unknown part of the block.
    pub conditions: Vec<Entry<Condition>>,
    /// The `Condition` element, when there is one.
    pub condition_origin: Option<Origin>,
    /// The statement.
    pub origin: Origin,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are AWS's own")]
pub enum Effect {
    Allow,
    Deny,
}

/// The `Effect` element.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EffectElement {
    /// Exactly `Allow` or `Deny`.
    Known(Effect, Origin),
    /// Absent (in an `aws_iam_policy_document` the default, and then `Known`).
    Missing,
    /// Unknown, or text that AWS does not accept.
    Other(Leaf),
}

/// The `Principal` or `NotPrincipal` element.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PrincipalElement {
    /// Neither.
    Missing,
    /// `Principal`
    Principal(Principals),
    /// `NotPrincipal`; the origin is the key.
    NotPrincipal(Principals, Origin),
}

/// Whom a principal element lists.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Principals {
    /// The principals; `"*"` alone is one AWS item of that text.
    pub items: Vec<Entry<PrincipalItem>>,
    /// The element's value.
    pub origin: Origin,
}

/// One principal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PrincipalItem {
    /// The type it stands under.
    pub kind: PrincipalKind,
    /// Its text.
    pub value: Leaf,
}

/// The types of principals.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    /// `"AWS"`, and the bare `"*"`.
    Aws,
    /// `"Service"`
    Service,
    /// `"Federated"`
    Federated,
    /// `"CanonicalUser"`
    CanonicalUser,
    /// No type: a bare string other than `"*"`, or an array. Invalid.
    Bare,
    /// A type that AWS does not know. Invalid.
    Other(String),
}

/// What the text of an AWS principal names (SEMANTICS 1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AwsPrincipal {
    /// `*`: everyone, anonymous callers too.
    Everyone,
    /// An account: `111122223333` or its `:root` ARN.
    Account(AccountId),
    /// An IAM user.
    User(AccountId, Arn),
    /// An IAM role: every session of it.
    Role(AccountId, Arn),
    /// One session of a role.
    AssumedRole(AccountId, Arn),
    /// A federated user session.
    FederatedUser(AccountId, Arn),
    /// `AIDA...`, `AROA...`: what a deleted user or role turns into; matches nobody.
    UniqueId,
    /// A principal with a wildcard in it: AWS refuses it; read pessimistically as everyone.
    PartialWildcard,
    /// Anything else: AWS refuses it, it admits nobody.
    Invalid,
    /// The account that deploys: its id or `:root` ARN, or a user or role in it.
    Owner,
    /// A principal of a known account whose name is not known: `arn:aws:iam::1111...:role/${x}`.
    UnknownInAccount(AccountId, SymbolRef),
    /// A principal of an account that is not known: `arn:aws:iam::${x}:root`, `arn:aws:iam::${x}`.
    UnknownAccount(SymbolRef),
    /// Nothing of the text is known, or a star: perhaps `*`.
    Unknown(SymbolRef),
}

/// The `Action` or `NotAction` element.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActionElement {
    /// Whether it is `NotAction`.
    pub negated: bool,
    /// The patterns; empty when the element is missing or empty.
    pub items: Vec<Entry<Leaf>>,
    /// The element's value; `None` when it is missing.
    pub origin: Option<Origin>,
}

/// The `Resource` or `NotResource` element.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ResourceElement {
    /// Whether it is `NotResource`.
    pub negated: bool,
    /// The patterns; empty when the element is missing or empty.
    pub items: Vec<Entry<Leaf>>,
    /// The element's value; `None` when it is missing.
    pub origin: Option<Origin>,
}

impl PrincipalItem {
    /// What the item names, when it stands under `AWS`. `None` for the other types.
    pub fn aws(&self) -> Option<AwsPrincipal> {
        match self.kind {
            PrincipalKind::Aws => Some(AwsPrincipal::parse(&self.value)),
            _ => None,
        }
    }
}

impl AwsPrincipal {
    /// Parses the text of an AWS principal.
    pub fn parse(leaf: &Leaf) -> Self {
        use super::SymbolClass;
        if let Some(text) = leaf.text() {
            return Self::parse_text(text);
        }
        if let Some(symbol) = leaf.symbol() {
            return match symbol.class {
                SymbolClass::OwnerAccount | SymbolClass::OwnOther => Self::Owner,
                _ => Self::Unknown(symbol),
            };
        }
        // A symbol in the account field decides; one elsewhere (partition, role name) does not.
        let mut marked = String::new();
        let symbols: Vec<SymbolRef> = leaf.symbols().collect();
        for part in &leaf.parts {
            match part {
                Part::Lit(text) => marked.push_str(text),
                Part::Sym(symbol) if symbol.class == SymbolClass::Partition => {
                    marked.push_str("aws")
                }
                Part::Sym(_) => marked.push('\u{0}'),
            }
        }
        if !marked.contains('\u{0}') {
            return Self::parse_text(&marked);
        }
        let first = symbols.iter().find(|s| s.class != SymbolClass::Partition).copied();
        let Some(first) = first else { return Self::Invalid };
        let Some(arn) = Arn::parse(&marked) else {
            // Text around what is not known: never a whole `*`, unless it is a star itself.
            let bounded = marked.chars().any(|c| !matches!(c, '\u{0}' | '*'));
            return if bounded { Self::UnknownAccount(first) } else { Self::Unknown(first) };
        };
        if arn.account == "\u{0}" {
            let index = leaf
                .parts
                .iter()
                .scan(0usize, |colons, part| {
                    if let Part::Lit(text) = part {
                        *colons += text.matches(':').count();
                    }
                    Some((*colons, part))
                })
                .find_map(|(colons, part)| match part {
                    Part::Sym(symbol) if colons == 4 => Some(*symbol),
                    _ => None,
                });
            let symbol = index.unwrap_or(first);
            return match symbol.class {
                SymbolClass::OwnerAccount => Self::Owner,
                _ => Self::UnknownAccount(symbol),
            };
        }
        match AccountId::parse(&arn.account) {
            Some(account) if !marked.contains('*') && !marked.contains('?') => {
                Self::UnknownInAccount(account, first)
            }
            Some(_) => Self::PartialWildcard,
            None => Self::UnknownAccount(first),
        }
    }

    fn parse_text(text: &str) -> Self {
        if text == "*" {
            return Self::Everyone;
        }
        if let Some(account) = AccountId::parse(text) {
            return Self::Account(account);
        }
        if text.contains('*') || text.contains('?') {
            return Self::PartialWildcard;
        }
        if text.len() >= 16
            && (text.starts_with("AIDA") || text.starts_with("AROA"))
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        {
            return Self::UniqueId;
        }
        let Some(arn) = Arn::parse(text) else { return Self::Invalid };
        let Some(account) = AccountId::parse(&arn.account) else { return Self::Invalid };
        if !PARTITIONS.contains(&arn.partition.as_str()) || !arn.region.is_empty() {
            return Self::Invalid;
        }
        let (kind, name) = arn.resource.split_once('/').unwrap_or((arn.resource.as_str(), ""));
        match (arn.service.as_str(), kind) {
            ("iam", "root") if name.is_empty() && arn.resource == "root" => Self::Account(account),
            ("iam", "user") if !name.is_empty() => Self::User(account, arn),
            ("iam", "role") if !name.is_empty() => Self::Role(account, arn),
            ("sts", "assumed-role") if name.contains('/') => Self::AssumedRole(account, arn),
            ("sts", "federated-user") if !name.is_empty() => Self::FederatedUser(account, arn),
            _ => Self::Invalid,
        }
    }

    /// The account it belongs to, when that is known by its id.
    pub fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Account(account)
            | Self::User(account, _)
            | Self::Role(account, _)
            | Self::AssumedRole(account, _)
            | Self::FederatedUser(account, _)
            | Self::UnknownInAccount(account, _) => Some(account),
            _ => None,
        }
    }
}

impl Policy {
    /// A policy of which nothing is known: one unknown stretch of statements.
    pub fn unknown(symbol: SymbolRef, origin: Origin) -> Self {
        Self {
            version: Version::V2012(origin),
            statements: vec![Entry::Many(symbol, origin)],
            origin,
            size: PolicySize::default(),
        }
    }

    /// The statements that are known as such.
    pub fn known_statements(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter_map(Entry::one)
    }
}

impl Statement {
    /// The elements that AWS asks for and that it lacks (IAM User Guide, "Grammar of the IAM JSON policy
    /// language"): no policy with such a statement is saved. What an unknown part may hold is there.
    pub fn missing(&self) -> Vec<&'static str> {
        let (action, resource) = (&self.action, &self.resource);
        let all = [
            ("Effect", self.effect == EffectElement::Missing),
            ("Principal", self.principal == PrincipalElement::Missing),
            ("Action", action.origin.is_none() && action.items.is_empty()),
            ("Resource", resource.origin.is_none() && resource.items.is_empty()),
        ];
        all.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name).collect()
    }

    /// An Allow of everything to everyone: it applies to every request.
    pub fn everything(origin: Origin) -> Self {
        let star = || vec![Entry::One(Leaf::known("*", origin))];
        let item = PrincipalItem { kind: PrincipalKind::Aws, value: Leaf::known("*", origin) };
        Self {
            sid: None,
            effect: EffectElement::Known(Effect::Allow, origin),
            principal: PrincipalElement::Principal(Principals {
                items: vec![Entry::One(item)],
                origin,
            }),
            action: ActionElement { negated: false, items: star(), origin: Some(origin) },
            resource: ResourceElement { negated: false, items: star(), origin: Some(origin) },
            conditions: Vec::new(),
            condition_origin: None,
            origin,
        }
    }

    /// Whether this is an Allow, as far as it is known.
    pub fn is_allow(&self) -> bool {
        matches!(self.effect, EffectElement::Known(Effect::Allow, _))
    }

    /// Whether this is a Deny, as far as it is known.
    pub fn is_deny(&self) -> bool {
        matches!(self.effect, EffectElement::Known(Effect::Deny, _))
    }

    /// The conditions that are known as such.
    pub fn known_conditions(&self) -> impl Iterator<Item = &Condition> {
        self.conditions.iter().filter_map(Entry::one)
    }

    /// The item that makes the principal everyone, when one does.
    pub fn everyone(&self) -> Option<&PrincipalItem> {
        let PrincipalElement::Principal(principals) = &self.principal else { return None };
        principals.items.iter().filter_map(Entry::one).find(|item| {
            matches!(item.aws(), Some(AwsPrincipal::Everyone | AwsPrincipal::PartialWildcard))
        })
    }
}
