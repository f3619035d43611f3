//! The axes of a request, and what a policy says along one of them.
//!
//! A statement applies when its principal, action, resource and every condition match, and each of
//! these parts looks at one axis of the request. So the truth of a statement is the minimum of its
//! truths along the axes; and the truth along one axis is what the concrete evaluator says of the
//! *projected* policy, in which every part that looks elsewhere always matches. Representatives that
//! agree on every statement are interchangeable, which keeps the product small.
//!
//! A part with a policy variable looks at several axes at once. It is left out of every projection;
//! a policy that has one is *relational*, and its combinations are evaluated whole.

use std::collections::BTreeSet;

use crate::analyze::evaluate::applying;
use crate::model::{
    Condition, ConditionKey, Effect, EffectElement, Entry, Identity, KnownKey, Leaf, Network, Part,
    Policy, PrincipalElement, Request, Statement, Tri, Version,
};

use super::bits::Bits;
use super::budget::Budget;
use super::ranges::Ranges;
use super::tails::Tails;
use super::words::is_chosen;

/// A dimension of a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Axis {
    /// What no choice of the caller changes: the action, the clock, keys that API Gateway never sets.
    Fixed,
    /// Who signs.
    Caller,
    /// The public address.
    Address,
    /// The VPC endpoint.
    Vpce,
    /// The VPC.
    Vpc,
    /// The address inside the VPC.
    VpcIp,
    /// Method, stage and path.
    Route,
    /// A key of its own: a header, a tag.
    Key(String),
}

/// The axis that a key looks at.
pub(super) fn axis(key: &ConditionKey) -> Axis {
    match key.known {
        KnownKey::SourceIp => Axis::Address,
        KnownKey::VpcSourceIp => Axis::VpcIp,
        KnownKey::SourceVpc => Axis::Vpc,
        KnownKey::SourceVpce => Axis::Vpce,
        KnownKey::PrincipalAccount
        | KnownKey::PrincipalArn
        | KnownKey::PrincipalType
        | KnownKey::PrincipalOrgId
        | KnownKey::PrincipalOrgPaths
        | KnownKey::Username => Axis::Caller,
        known if is_chosen(known) => Axis::Key(key.name.clone()),
        _ => Axis::Fixed,
    }
}

/// What each statement is to the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// An Allow.
    Allow,
    /// A Deny.
    Deny,
    /// Its effect is not known, or not one that AWS accepts.
    Either,
    /// An unknown stretch: perhaps an Allow, and never held against a known one (RESOLVE: a proved
    /// hole stays proved beside `concat(var.statements, ..)`).
    Stretch,
}

/// The role of each entry of a policy.
pub(super) fn roles(policy: &Policy) -> Vec<Role> {
    policy
        .statements
        .iter()
        .map(|entry| match entry {
            Entry::Many(..) => Role::Stretch,
            Entry::One(statement) => match &statement.effect {
                EffectElement::Known(Effect::Allow, _) => Role::Allow,
                EffectElement::Known(Effect::Deny, _) => Role::Deny,
                EffectElement::Other(_) | EffectElement::Missing => Role::Either,
            },
        })
        .collect()
}

/// `policy` with every part that does not look at `axis` replaced by one that always matches.
pub(super) fn project(policy: &Policy, axis: &Axis) -> Policy {
    let statements = policy
        .statements
        .iter()
        .map(|entry| match entry {
            Entry::One(statement) => Entry::One(project_statement(policy, statement, axis)),
            Entry::Many(symbol, origin) => Entry::Many(*symbol, *origin),
        })
        .collect();
    Policy { version: policy.version.clone(), statements, origin: policy.origin, size: policy.size }
}

fn project_statement(policy: &Policy, statement: &Statement, along: &Axis) -> Statement {
    let mut out = Statement::everything(statement.origin);
    // What a principal element says depends on the effect: a wildcard that AWS refuses, NotPrincipal.
    out.effect = statement.effect.clone();
    if *along == Axis::Caller {
        out.principal = statement.principal.clone();
    }
    if *along == Axis::Fixed {
        out.action = statement.action.clone();
    }
    if *along == Axis::Route && !relational_resource(policy, statement) {
        out.resource = statement.resource.clone();
    }
    out.conditions = statement
        .conditions
        .iter()
        .filter(|entry| match entry {
            Entry::One(condition) => {
                axis(&condition.key) == *along && !is_relational(policy, condition)
            }
            Entry::Many(..) => *along == Axis::Fixed,
        })
        .cloned()
        .collect();
    out
}

/// The policy variables in `leaf`: the lower-case names of their keys.
pub(super) fn variables(policy: &Policy, leaf: &Leaf) -> Vec<String> {
    if !matches!(policy.version, Version::V2012(_) | Version::Other(_)) {
        return Vec::new();
    }
    let mut out = Vec::new();
    for part in &leaf.parts {
        let Part::Lit(text) = part else { continue };
        for piece in text.split("${").skip(1) {
            let Some((name, _)) = piece.split_once('}') else { continue };
            let key = name.split(',').next().unwrap_or(name).trim();
            if !matches!(key, "*" | "?" | "$" | "") {
                out.push(key.to_ascii_lowercase());
            }
        }
    }
    out
}

/// Whether a condition has policy variables.
pub(super) fn is_relational(policy: &Policy, condition: &Condition) -> bool {
    condition.values.iter().filter_map(Entry::one).any(|leaf| !variables(policy, leaf).is_empty())
}

/// Whether a resource element has policy variables.
pub(super) fn relational_resource(policy: &Policy, statement: &Statement) -> bool {
    let mut items = statement.resource.items.iter().filter_map(Entry::one);
    items.any(|leaf| !variables(policy, leaf).is_empty())
}

/// The statements with relational parts that are a Deny, or perhaps one.
pub(super) fn escapable(policy: &Policy) -> Vec<usize> {
    let statements = policy.statements.iter().enumerate();
    let relational = |statement: &Statement| {
        relational_resource(policy, statement)
            || statement.known_conditions().any(|c| is_relational(policy, c))
    };
    statements
        .filter(|(_, e)| e.one().is_some_and(|s| !s.is_allow() && relational(s)))
        .map(|(at, _)| at)
        .collect()
}

/// The axes that the relational parts of a policy look at: representatives along them are not
/// interchangeable. Empty for a policy without policy variables.
pub(super) fn relational_axes(policy: &Policy) -> BTreeSet<Axis> {
    let mut axes = BTreeSet::new();
    let mut add = |own: Axis, leaf: &Leaf| {
        let names = variables(policy, leaf);
        if !names.is_empty() {
            axes.insert(own);
            axes.extend(names.iter().map(|name| axis(&ConditionKey::parse(name))));
        }
    };
    for statement in policy.known_statements() {
        for leaf in statement.resource.items.iter().filter_map(Entry::one) {
            add(Axis::Route, leaf);
        }
        for condition in statement.known_conditions() {
            for leaf in condition.values.iter().filter_map(Entry::one) {
                add(axis(&condition.key), leaf);
            }
        }
    }
    axes
}

/// Whether a policy has policy variables.
pub(super) fn has_variables(policy: &Policy) -> bool {
    !relational_axes(policy).is_empty()
}

/// The truth of every statement of a policy along some axes, and which representative it is of
/// where representatives are not interchangeable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    /// The entries of the policy that apply for certain.
    pub(super) must: Bits,
    /// Those that perhaps apply.
    pub(super) may: Bits,
    /// Zero, or a number of its own for each representative along a relational axis.
    tag: usize,
}

impl Row {
    /// Everything matches.
    pub(super) fn all(len: usize) -> Self {
        let every = Bits::of(len, |_| true);
        Self { must: every.clone(), may: every, tag: 0 }
    }

    fn new(truth: &[Tri], tag: usize) -> Self {
        let must = Bits::of(truth.len(), |at| truth[at].is_true());
        Self { must, may: Bits::of(truth.len(), |at| !truth[at].is_false()), tag }
    }

    /// The truth of an entry.
    pub(super) fn truth(&self, at: usize) -> Tri {
        match (self.must.contains(at), self.may.contains(at)) {
            (true, _) => Tri::True,
            (false, true) => Tri::Unknown,
            (false, false) => Tri::False,
        }
    }

    /// Both together.
    pub(super) fn and(&self, other: &Self) -> Self {
        // Tags only tell rows apart; a collision costs a representative, so mix them well.
        let tag = match (self.tag, other.tag) {
            (0, tag) | (tag, 0) => tag,
            (a, b) => a.wrapping_mul(1_000_003).wrapping_add(b) | 1,
        };
        Self { must: self.must.and(&other.must), may: self.may.and(&other.may), tag }
    }
}

/// What one policy says along one axis.
pub(super) struct Lens<'a> {
    policy: Policy,
    ranges: Option<Ranges>,
    tails: Option<Tails>,
    parts: usize,
    len: usize,
    blind: bool,
    distinct: bool,
    identity: &'a Identity,
}

impl<'a> Lens<'a> {
    /// Looks at `policy` along `along`.
    pub(super) fn new(
        policy: &Policy,
        along: &Axis,
        relational: &BTreeSet<Axis>,
        identity: &'a Identity,
    ) -> Self {
        let projected = project(policy, along);
        let parts = projected.statements.iter().map(weight).sum();
        let blind = !matches!(along, Axis::Caller | Axis::Route | Axis::Fixed)
            && projected.known_statements().all(|s| s.conditions.is_empty());
        let addresses = matches!(along, Axis::Address | Axis::VpcIp);
        // A custom domain has no request line.
        let lines = *along == Axis::Route && identity.domain.is_none();
        Self {
            parts,
            ranges: if addresses { Ranges::of(&projected) } else { None },
            tails: lines.then(|| Tails::of(&projected)),
            len: projected.statements.len(),
            policy: projected,
            blind,
            distinct: relational.contains(along),
            identity,
        }
    }

    /// What the policy says of `request` along this axis. `number` tells representatives apart.
    /// `None` when the bound on work is reached.
    pub(super) fn row(&self, request: &Request, number: usize, budget: &mut Budget) -> Option<Row> {
        let tag = if self.distinct { number + 1 } else { 0 };
        if self.blind {
            return Some(Row { tag, ..Row::all(self.len) });
        }
        let around = self.ranges.as_ref().map(|ranges| match &request.network {
            Network::Internet(ip, _) | Network::Vpc { ip, .. } => ranges.around(*ip),
        });
        let parts = match &around {
            Some(policy) => policy.statements.iter().map(weight).sum(),
            None => self.parts,
        };
        if !budget.evaluation(parts) {
            return None;
        }
        let policy = around.as_ref().unwrap_or(&self.policy);
        let tails = self.tails.as_ref().map(|tails| {
            let Request { stage, method, path, .. } = request;
            (tails, format!("{stage}/{method}{path}"))
        });
        let may = |at: usize| tails.as_ref().is_none_or(|(tails, line)| tails.may_match(at, line));
        let truth = applying(policy, request, self.identity, may);
        Some(Row::new(&truth, tag))
    }
}

/// How many comparisons an entry takes.
pub(super) fn weight(entry: &Entry<Statement>) -> usize {
    let Entry::One(statement) = entry else { return 1 };
    let principals = match &statement.principal {
        PrincipalElement::Principal(list) | PrincipalElement::NotPrincipal(list, _) => {
            list.items.len()
        }
        PrincipalElement::Missing => 0,
    };
    let values: usize = statement.known_conditions().map(|c| c.values.len() + 1).sum();
    3 + principals + statement.action.items.len() + statement.resource.items.len() + values
}
