//! What each statement asks of a caller of one shape: constants, and tests on its axes.
//!
//! Every part of a statement is read as the evaluator reads it: by patterns where its key is free, by
//! the evaluator itself where it is fixed. What addresses, endpoints and the clock say stands in the
//! rows of the scene.

use crate::analyze::evaluate::texts::{self, Listed};
use crate::analyze::reach::bits::Bits;
use crate::analyze::reach::project::{Axis, axis, is_relational};
use crate::analyze::reach::scene::{Scene, Spot};
use crate::analyze::sets::{Glob, domains};
use crate::model::{
    AbsentOr, BaseOp, Caller, Condition, ConditionKey, Entry, Fresh, KnownKey, Request, Statement,
    Tri,
};

use super::axes::{Axes, AxisId, Lit, TestId};
use super::callers::Shape;
use super::keys::{with_ip, with_key};

/// What a part of a statement comes to, for certain and perhaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) must: Lit,
    pub(super) may: Lit,
}

impl Part {
    /// The same whatever the axes hold.
    pub(super) fn fixed(truth: Tri) -> Self {
        let lit = |holds: bool| if holds { Lit::Always } else { Lit::Never };
        Self { must: lit(truth.is_true()), may: lit(!truth.is_false()) }
    }
}

/// The tests that all must hold; `None` when they cannot.
pub(super) type Tests = Option<Vec<TestId>>;

/// What a statement asks.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    /// To apply for certain.
    pub(super) must: Tests,
    /// To apply perhaps.
    pub(super) may: Tests,
}

impl Clause {
    /// Adds a part.
    pub(super) fn and(&mut self, part: Part) {
        for (tests, lit) in [(&mut self.must, part.must), (&mut self.may, part.may)] {
            match (lit, tests.as_mut()) {
                (Lit::Never, _) => *tests = None,
                (Lit::If(test), Some(list)) if !list.contains(&test) => list.push(test),
                _ => {}
            }
        }
    }
}

/// Texts that are listed, or not.
#[derive(Debug)]
pub(super) struct Globs {
    /// What must be, or must not be, among them.
    certain: Glob,
    /// What may be, or may not be.
    possible: Glob,
}

impl Globs {
    fn new(negated: bool, listed: &Listed, widen: impl Fn(&Glob) -> Glob) -> Self {
        let surely = Glob::any_of(listed.surely.iter().map(&widen));
        let perhaps = match listed.maybe.as_slice() {
            [] => surely.clone(),
            maybe => Glob::any_of(listed.surely.iter().chain(maybe).map(&widen)),
        };
        let (certain, possible) = if negated { (perhaps, surely) } else { (surely, perhaps) };
        Self { certain, possible }
    }
}

/// A resource element.
#[derive(Debug)]
pub(super) enum Resource {
    /// The same of every request line.
    Fixed(Tri),
    /// Request lines that are listed, or (`NotResource`) not.
    Listed(bool, Globs),
}

/// Reads a policy for a shape.
pub(super) struct Reader<'r, 'a> {
    pub(super) scene: &'r Scene<'r>,
    pub(super) axes: &'r mut Axes<'a>,
    pub(super) shape: &'r Shape,
}

impl Reader<'_, '_> {
    /// The clause of each entry of the policy. `spot`: where variables look at the network.
    pub(super) fn clauses(&mut self, spot: Option<&Spot>) -> Vec<Clause> {
        let scene = self.scene;
        let entries = scene.script.policy.statements.iter();
        entries
            .map(|entry| match entry {
                Entry::Many(..) => Clause { must: None, may: Some(Vec::new()) },
                Entry::One(statement) => self.clause(statement, spot),
            })
            .collect()
    }

    fn clause(&mut self, statement: &Statement, spot: Option<&Spot>) -> Clause {
        let mut out = Clause { must: Some(Vec::new()), may: Some(Vec::new()) };
        let (scene, shape) = (self.scene, self.shape);
        let policy = &scene.script.policy;
        let whom = texts::principal(policy, statement, &shape.request, scene.identity);
        out.and(Part::fixed(whom));
        for condition in statement.known_conditions() {
            if out.may.is_none() {
                break;
            }
            let related = is_relational(policy, condition);
            let part = match axis(&condition.key) {
                // The rows of the scene have it.
                Axis::Fixed | Axis::Address | Axis::Vpce | Axis::Vpc | Axis::Route if !related => {
                    continue;
                }
                Axis::VpcIp if !related && scene.ips.is_empty() => continue,
                Axis::VpcIp => match shape.keys.ip {
                    Some(id) => self.cells(condition, id, with_ip_of),
                    None => self.fixed(condition, spot),
                },
                Axis::Caller => self.caller(condition, spot),
                Axis::Key(name) => match shape.keys.chosen.get(&name) {
                    Some(id) => self.key(condition, *id),
                    None => self.fixed(condition, spot),
                },
                _ => self.fixed(condition, spot),
            };
            out.and(part);
        }
        out
    }

    /// The request that texts are read for, from `spot`.
    pub(super) fn reading(&self, spot: Option<&Spot>) -> Request {
        let mut reading = self.shape.reading.clone();
        if let Some(spot) = spot {
            reading.network = spot.network.clone();
        }
        reading
    }

    /// A condition on what is fixed. Its own key is what it is; the variables in it are read.
    fn fixed(&self, condition: &Condition, spot: Option<&Spot>) -> Part {
        let mut request = self.reading(spot);
        let name = &condition.key.name;
        match self.shape.request.context.get(name) {
            Some(value) => drop(request.context.insert(name.clone(), value.clone())),
            None => drop(request.context.remove(name)),
        }
        let Scene { script, identity, .. } = *self.scene;
        Part::fixed(texts::condition(&script.policy, condition, &request, identity))
    }

    /// A condition on a key of who signs.
    fn caller(&mut self, condition: &Condition, spot: Option<&Spot>) -> Part {
        let Caller::Iam(iam) = &self.shape.request.caller else {
            return self.fixed(condition, spot);
        };
        let whole = |glob: &Glob| glob.clone();
        let own = match &iam.org {
            AbsentOr::Present(values) => values.first().map_or(Fresh::No, |value| value.fresh),
            _ => Fresh::No,
        };
        let arn = self.shape.arn.as_ref();
        let org = self.shape.org.as_ref();
        let user = iam.arn.contains(":user/");
        let any_account = arn.is_some_and(|(_, prefix)| prefix.ends_with("::"));
        type Widen = fn(&Glob) -> Glob;
        let found: Option<(&(AxisId, String), Fresh, Widen)> = match condition.key.known {
            KnownKey::PrincipalArn => arn.map(|arn| (arn, iam.fresh, whole as Widen)),
            KnownKey::PrincipalAccount if any_account => {
                arn.map(|arn| (arn, iam.fresh, domains::of_account as Widen))
            }
            KnownKey::Username if user => {
                arn.map(|arn| (arn, Fresh::No, domains::of_user as Widen))
            }
            KnownKey::PrincipalOrgId if own == Fresh::Yes => {
                org.map(|org| (org, own, domains::paths_of as Widen))
            }
            KnownKey::PrincipalOrgPaths => org.map(|org| (org, own, whole as Widen)),
            _ => None,
        };
        let Some(((id, prefix), fresh, widen)) = found else { return self.fixed(condition, spot) };
        let (id, prefix) = (*id, prefix.clone());
        let reading = self.reading(spot);
        let Scene { script, identity, .. } = *self.scene;
        let read = texts::texts(&script.policy, condition, &reading, identity, fresh);
        let Some(read) = read else { return self.fixed(condition, spot) };
        let within = |glob: &Glob| widen(glob).behind(&prefix);
        self.listed(id, Tri::False, read.negated, &read.listed, within)
    }

    /// A condition on a key that the caller chooses.
    fn key(&mut self, condition: &Condition, id: AxisId) -> Part {
        let scene = self.scene;
        let axis = self.axes.axis(id);
        let (optional, finite) = (axis.optional, axis.finite);
        if finite {
            return self.cells(condition, id, with_key_of);
        }
        let absent = self.absent(condition, id);
        if condition.operator.is_some_and(|operator| operator.base == BaseOp::Null) {
            let Scene { script, identity, .. } = *scene;
            // AWS does not say whether an empty text is a value.
            let [some, empty] = ["x", ""].map(|text| {
                let request = with_key(&self.shape.request, &condition.key.name, Some(text));
                texts::condition(&script.policy, condition, &request, identity)
            });
            let pair = |holds: fn(Tri) -> bool, axes: &mut Axes<'_>| {
                let glob = match (holds(some), holds(empty)) {
                    (true, true) => Glob::everything(),
                    (true, false) => Glob::like("?*"),
                    (false, true) => Glob::exactly(""),
                    (false, false) => Glob::nothing(),
                };
                match (glob == Glob::everything(), holds(absent) || !optional) {
                    (true, true) => Lit::Always,
                    _ => axes.texts(id, holds(absent), true, &glob),
                }
            };
            let must = pair(Tri::is_true, self.axes);
            let may = pair(|truth| !truth.is_false(), self.axes);
            return Part { must, may };
        }
        let reading = self.reading(None);
        let read =
            texts::texts(&scene.script.policy, condition, &reading, scene.identity, Fresh::No);
        match read {
            Some(read) => self.listed(id, absent, read.negated, &read.listed, Glob::clone),
            None => self.cells(condition, id, with_key_of),
        }
    }

    /// What a condition says where its key is absent.
    fn absent(&self, condition: &Condition, id: AxisId) -> Tri {
        if !self.axes.axis(id).optional {
            return Tri::False;
        }
        let without = with_key(&self.shape.request, &condition.key.name, None);
        let Scene { script, identity, .. } = *self.scene;
        texts::condition(&script.policy, condition, &without, identity)
    }

    /// Texts that are listed, or not.
    fn listed(
        &mut self,
        id: AxisId,
        absent: Tri,
        negated: bool,
        listed: &Listed,
        widen: impl Fn(&Glob) -> Glob,
    ) -> Part {
        let globs = Globs::new(negated, listed, widen);
        self.globs(id, absent, negated, &globs)
    }

    fn globs(&mut self, id: AxisId, absent: Tri, negated: bool, globs: &Globs) -> Part {
        let Globs { certain, possible } = globs;
        let must = self.axes.texts(id, absent.is_true(), !negated, certain);
        // Where nothing is unknown both are one.
        let may = match certain.is_same(possible) && absent != Tri::Unknown {
            true => must,
            false => self.axes.texts(id, !absent.is_false(), !negated, possible),
        };
        Part { must, may }
    }

    /// A condition that compares no texts: what it says of each cell.
    fn cells(
        &mut self,
        condition: &Condition,
        id: AxisId,
        with: fn(&Request, &ConditionKey, &str) -> Request,
    ) -> Part {
        let Scene { script, identity, .. } = *self.scene;
        let reading = self.reading(None);
        let truths: Vec<Tri> = self
            .axes
            .axis(id)
            .cells
            .iter()
            .map(|text| with(&reading, &condition.key, text))
            .map(|request| texts::condition(&script.policy, condition, &request, identity))
            .collect();
        let absent = self.absent(condition, id);
        if truths.is_empty() {
            // Nothing that is compared can be told apart.
            return Part::fixed(Tri::Unknown);
        }
        let pair = |holds: fn(Tri) -> bool, axes: &mut Axes<'_>| {
            axes.cells(id, holds(absent), Bits::of(truths.len(), |at| holds(truths[at])))
        };
        let must = pair(Tri::is_true, self.axes);
        Part { must, may: pair(|truth| !truth.is_false(), self.axes) }
    }

    /// What the resource element of each entry lists behind `head`.
    pub(super) fn resources(&self, head: &str, spot: Option<&Spot>) -> Vec<Resource> {
        let Scene { script, identity, .. } = *self.scene;
        let reading = self.reading(spot);
        let policy = &script.policy;
        let of = |statement: &Statement| {
            let negated = statement.resource.negated;
            match texts::resources(policy, statement, &reading, identity) {
                Some(read) => {
                    Resource::Listed(negated, Globs::new(negated, &read, |glob| glob.behind(head)))
                }
                None => Resource::Fixed(texts::resource(policy, statement, &reading, identity)),
            }
        };
        let entries = policy.statements.iter();
        entries.map(|entry| entry.one().map_or(Resource::Fixed(Tri::True), of)).collect()
    }

    /// A resource element on an axis of request lines.
    pub(super) fn on_line(&mut self, id: AxisId, resource: &Resource) -> Part {
        match resource {
            Resource::Fixed(truth) => Part::fixed(*truth),
            Resource::Listed(negated, globs) => self.globs(id, Tri::False, *negated, globs),
        }
    }
}

fn with_key_of(request: &Request, key: &ConditionKey, text: &str) -> Request {
    with_key(request, &key.name, Some(text))
}

fn with_ip_of(request: &Request, _: &ConditionKey, text: &str) -> Request {
    with_ip(request, text)
}
