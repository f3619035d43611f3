//! Which accounts, organisations, VPCs, endpoints and networks the policies of an API name, and what
//! they could name by a value that is not known.
//!
//! This is about what is written, not about who gets in: a statement that lets nobody in names its
//! account all the same. It must not decide about access.

use std::collections::BTreeSet;

use crate::model::{
    AccountId, Api, ApiWorld, AwsPrincipal, BaseOp, Cidr, Condition, Entry, KnownKey, Leaf, OrgId,
    Origin, Part, PolicyState, PrincipalElement, PrincipalItem, Statement, SymbolClass, SymbolRef,
};

/// Something that a list of trust can hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// An account, by its id or in an ARN.
    Account(AccountId),
    /// An organisation, alone or at the head of an organisation path.
    Organization(OrgId),
    /// A VPC.
    Vpc(String),
    /// A VPC endpoint.
    VpcEndpoint(String),
    /// A range of addresses.
    Network(Cidr),
}

/// The kinds of [`Name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of Name")]
pub enum NameKind {
    Account,
    Organization,
    Vpc,
    VpcEndpoint,
    Network,
}

/// A place at which a policy names something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// What.
    pub name: Name,
    /// The token.
    pub origin: Origin,
    /// Whether the statement is for it: an Allow that lists it, or a Deny that spares it. Otherwise
    /// the statement is against it, or for all others.
    pub granted: bool,
}

/// A place at which a policy may name anything of a kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknown {
    /// The kind; `None`: any.
    pub kind: Option<NameKind>,
    /// The value that nobody gave.
    pub symbol: SymbolRef,
    /// Where it stands.
    pub origin: Origin,
    /// Whether the statement is for what it names.
    pub granted: bool,
}

/// What the policies of an API name, in every world and reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The names.
    pub mentions: BTreeSet<Mention>,
    /// The values that may be names.
    pub unknown: BTreeSet<Unknown>,
}

/// What the policies of `api` name.
pub fn named(api: &Api) -> Named {
    let mut out = Named::default();
    for world in api.worlds.iter().filter(|world| world.exists) {
        out.world(world);
    }
    out
}

impl Named {
    fn world(&mut self, world: &ApiWorld) {
        match &world.policy {
            PolicyState::None => {}
            PolicyState::Unknown(symbol, origin) => self.unknown(None, *symbol, *origin, true),
            PolicyState::Known(readings) => {
                for entry in readings.iter().flat_map(|policy| &policy.statements) {
                    match entry {
                        Entry::One(statement) => self.statement(statement),
                        Entry::Many(symbol, origin) => self.unknown(None, *symbol, *origin, true),
                    }
                }
            }
        }
    }

    fn statement(&mut self, statement: &Statement) {
        // A statement whose effect is not known may be either.
        let (allow, deny) = (!statement.is_deny(), !statement.is_allow());
        match &statement.principal {
            PrincipalElement::Missing => {}
            PrincipalElement::Principal(list) => {
                for item in &list.items {
                    self.principal(item, allow);
                }
            }
            PrincipalElement::NotPrincipal(list, _) => {
                for item in &list.items {
                    self.principal(item, deny);
                }
            }
        }
        for entry in &statement.conditions {
            match entry {
                Entry::Many(symbol, origin) => self.unknown(None, *symbol, *origin, true),
                Entry::One(condition) => {
                    let granted = match condition.operator {
                        Some(operator) if operator.negated => deny,
                        Some(_) => allow,
                        None => true,
                    };
                    self.condition(condition, granted);
                }
            }
        }
    }

    fn principal(&mut self, entry: &Entry<PrincipalItem>, granted: bool) {
        const ACCOUNT: Option<NameKind> = Some(NameKind::Account);
        let item = match entry {
            Entry::One(item) => item,
            Entry::Many(symbol, origin) => return self.unknown(ACCOUNT, *symbol, *origin, granted),
        };
        let origin = item.value.origin;
        match item.aws() {
            None | Some(AwsPrincipal::Everyone | AwsPrincipal::Owner | AwsPrincipal::UniqueId) => {}
            Some(AwsPrincipal::Unknown(symbol) | AwsPrincipal::UnknownAccount(symbol)) => {
                self.unknown(ACCOUNT, symbol, origin, granted);
            }
            Some(principal) => match principal.account() {
                Some(account) => self.name(Name::Account(account.clone()), origin, granted),
                // AWS refuses it; whoever wrote it meant that account.
                None => self.literals(&item.value, granted),
            },
        }
    }

    fn condition(&mut self, condition: &Condition, granted: bool) {
        for entry in &condition.values {
            match entry {
                Entry::Many(symbol, origin) => {
                    self.value_unknown(condition, *symbol, *origin, granted);
                }
                Entry::One(leaf) => {
                    for symbol in leaf.symbols() {
                        self.value_unknown(condition, symbol, leaf.origin, granted);
                    }
                    self.literals(leaf, granted);
                    let text = leaf.text().map(str::trim).and_then(Cidr::parse);
                    if let Some(network) = text.filter(|_| compares_addresses(condition)) {
                        self.name(Name::Network(network), leaf.origin, granted);
                    }
                }
            }
        }
    }

    /// The names in the literal parts of `leaf`.
    fn literals(&mut self, leaf: &Leaf, granted: bool) {
        for part in &leaf.parts {
            let Part::Lit(text) = part else { continue };
            for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
                if let Some(name) = word_name(word) {
                    self.name(name, leaf.origin, granted);
                }
            }
        }
    }

    fn value_unknown(
        &mut self,
        condition: &Condition,
        symbol: SymbolRef,
        origin: Origin,
        granted: bool,
    ) {
        let kind = match condition.key.known {
            KnownKey::PrincipalAccount | KnownKey::PrincipalArn | KnownKey::UserId => {
                NameKind::Account
            }
            KnownKey::PrincipalOrgId | KnownKey::PrincipalOrgPaths => NameKind::Organization,
            KnownKey::SourceVpc => NameKind::Vpc,
            KnownKey::SourceVpce => NameKind::VpcEndpoint,
            KnownKey::SourceIp | KnownKey::VpcSourceIp => NameKind::Network,
            KnownKey::SourceArn | KnownKey::Undecided | KnownKey::Unknown => {
                return self.unknown(None, symbol, origin, granted);
            }
            // The other keys hold nothing that a list of trust knows.
            _ => return,
        };
        self.unknown(Some(kind), symbol, origin, granted);
    }

    fn name(&mut self, name: Name, origin: Origin, granted: bool) {
        self.mentions.insert(Mention { name, origin, granted });
    }

    fn unknown(
        &mut self,
        kind: Option<NameKind>,
        symbol: SymbolRef,
        origin: Origin,
        granted: bool,
    ) {
        // What belongs to this unit, and what says where the API is deployed, names no outsider.
        let own = symbol.class.is_own()
            || matches!(
                symbol.class,
                SymbolClass::Region
                    | SymbolClass::Partition
                    | SymbolClass::ThisApiArn
                    | SymbolClass::ThisApiId
                    | SymbolClass::OtherApi
            );
        if !own {
            self.unknown.insert(Unknown { kind, symbol, origin, granted });
        }
    }
}

fn compares_addresses(condition: &Condition) -> bool {
    let by_operator = condition.operator.is_some_and(|op| op.base == BaseOp::IpAddress);
    by_operator || matches!(condition.key.known, KnownKey::SourceIp | KnownKey::VpcSourceIp)
}

/// What a word of a value names. `o-abc123def4` heads an organisation path, whose parts are words.
fn word_name(word: &str) -> Option<Name> {
    if let Some(account) = AccountId::parse(word) {
        return Some(Name::Account(account));
    }
    if let Some(organization) = OrgId::parse(word) {
        return Some(Name::Organization(organization));
    }
    if word.starts_with("vpce-") {
        return Some(Name::VpcEndpoint(word.to_owned()));
    }
    word.starts_with("vpc-").then(|| Name::Vpc(word.to_owned()))
}
