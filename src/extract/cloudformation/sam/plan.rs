//! What AWS SAM makes of a `ResourcePolicy`: which statements, in which order, without evaluating
//! anything (SEMANTICS 4.2; the translator's `SwaggerEditor.add_resource_policy`).
//!
//! The events come first, those of functions before those of state machines, then the API with each
//! of its paths. What the translator refuses is kept as such: the deployment fails, and nothing is
//! known of the policy.

use std::sync::Arc;

use super::definition::{By, Definition, PathItem, Source, entries, is_truthy};
use super::events::Event;
use crate::extract::cloudformation::hidden::is_absent;
use crate::extract::openapi;
use crate::resolve::cloudformation::Resource;
use crate::resolve::cloudformation::form::Form;
use crate::source::Span;
use crate::syntax::{Kind, Node, Pair};

/// How a policy of AWS SAM is called where it is not worked out.
pub(super) const WHAT: &str = "SAM ResourcePolicy";

/// The keys of `Auth` of an API; another one is refused.
const AUTH: [&str; 9] = [
    "Authorizers",
    "DefaultAuthorizer",
    "InvokeRole",
    "AddDefaultAuthorizerToCorsPreflight",
    "AddApiKeyRequiredToCorsPreflight",
    "ApiKeyRequired",
    "ResourcePolicy",
    "UsagePlan",
    "UsagePlans",
];

/// The properties of a `ResourcePolicy`.
pub(super) const PROPERTIES: [&str; 11] = [
    "AwsAccountWhitelist",
    "AwsAccountBlacklist",
    "IpRangeWhitelist",
    "IpRangeBlacklist",
    "SourceVpcWhitelist",
    "SourceVpcBlacklist",
    "IntrinsicVpcWhitelist",
    "IntrinsicVpceWhitelist",
    "IntrinsicVpcBlacklist",
    "IntrinsicVpceBlacklist",
    "CustomStatements",
];

/// The statements to be made.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) parts: Vec<Part>,
    /// What the translator refuses, or writes into a definition that nobody reads here.
    pub(super) refused: Vec<Remark>,
    /// What it passes over without a word.
    pub(super) ignored: Vec<Remark>,
    /// Keys that are none of its lists, and their tokens.
    pub(super) misspelt: Vec<(Span, Arc<str>)>,
    /// The keys of the policies that are expanded.
    pub(super) sites: Vec<Span>,
    /// See [`Place::extended`].
    extended: bool,
}

/// Something about the place of a policy.
#[derive(Debug)]
pub(super) struct Remark {
    pub(super) at: Span,
    pub(super) what: String,
    pub(super) why: String,
}

/// One property for one path.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) kind: PartKind,
    pub(super) place: Arc<Place>,
    /// The number of the path, and the stage that its resources name.
    pub(super) path: usize,
    /// The conditions on which it is made.
    pub(super) guards: Arc<[Guard]>,
}

/// A condition of an `Fn::If` that is resolved before AWS SAM looks.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    /// The name of the condition.
    pub(super) condition: Node,
    /// Whether it must hold.
    pub(super) holds: bool,
}

/// Where a part is written.
#[derive(Debug)]
pub(super) struct Place {
    /// The key `ResourcePolicy`.
    pub(super) policy: Span,
    /// The stage that the resources name: `None` for that of the API.
    pub(super) stage: Option<Arc<str>>,
    /// References to parameters are resolved before the expansion: in an API's `Auth`, and not in an
    /// event's.
    pub(super) resolved: bool,
    /// Every function whose value is known is resolved before: `AWS::LanguageExtensions` stands in
    /// front of AWS SAM among the transforms (AWS SAM guide, "Intrinsic functions").
    pub(super) extended: bool,
}

/// The properties by what is made of them.
#[derive(Debug)]
pub(super) enum PartKind {
    /// `CustomStatements`, verbatim.
    Custom(Pair),
    /// A list of accounts.
    Accounts { list: Pair, allow: bool },
    /// A list of networks.
    Networks { list: Pair, white: bool },
    /// Lists of VPCs and VPC endpoints: the one of both, that of VPCs, that of endpoints.
    Vpcs { lists: Box<[Option<Pair>; 3]>, white: bool },
}

impl PartKind {
    /// The lists that it is made of.
    pub(super) fn lists(&self) -> Vec<&Pair> {
        match self {
            Self::Custom(pair) => vec![pair],
            Self::Accounts { list, .. } | Self::Networks { list, .. } => vec![list],
            Self::Vpcs { lists, .. } => lists.iter().flatten().collect(),
        }
    }
}

impl Plan {
    /// The plan for the API `resource` (its globals merged) with `definition` and `events`.
    /// `extended`: functions are resolved before.
    pub(super) fn of(
        resource: &Resource,
        definition: &Definition,
        events: &[Event],
        extended: bool,
    ) -> Self {
        let mut out = Self { extended, ..Self::default() };
        let stage = event_stage(resource, extended);
        let (functions, machines): (Vec<&Event>, Vec<&Event>) =
            events.iter().partition(|event| !event.machine);
        for event in functions.into_iter().chain(machines) {
            out.event(event, &stage, definition);
        }
        if let Some(auth) = resource.property("Auth").filter(|auth| is_truthy(auth)) {
            out.api(auth, definition);
        }
        out
    }

    fn event(&mut self, event: &Event, stage: &Option<Arc<str>>, definition: &Definition) {
        let Some(auth) = event.get("Auth").filter(|auth| is_truthy(auth)) else { return };
        let Some(pair) = pair(auth, "ResourcePolicy") else { return };
        let overrides = event.overrides();
        let times = match definition.source {
            Source::Events => 1 + usize::from(overrides),
            Source::Body | Source::Macro | Source::Merged => usize::from(overrides),
            Source::Elsewhere => 0,
        };
        if times == 0 {
            let why = match definition.source {
                // With a document that is not inline, nobody adds anything to it.
                Source::Elsewhere if overrides => {
                    return self.refused_because(pair.key.span, definition.why.to_owned());
                }
                Source::Merged => "AWS SAM drops it where definitions are merged",
                _ => "the API has a definition of its own; OverrideApiAuth would apply it",
            };
            return self.ignore(pair.key.span, why);
        }
        let path = event.path();
        let at = path.and_then(|path| definition.paths.iter().position(|p| p.path == path));
        let Some(at) = at else {
            return self.refuse(pair.key.span, "its path is not in the definition, or not known");
        };
        let stage = match event.machine {
            false => stage.clone(),
            // The translator takes the stage of a state machine's event from the event alone.
            true => match event.get("Stage").and_then(Node::as_text) {
                Some(text) => Some(Arc::clone(&text.text)),
                None => {
                    let why = "AWS CloudFormation refuses it: the stage of a state machine's event \
                               without a Stage is null";
                    return self.refused_because(pair.key.span, why.to_owned());
                }
            },
        };
        let extended = self.extended;
        let place = Arc::new(Place { policy: pair.key.span, stage, resolved: false, extended });
        for _ in 0..times {
            self.policy(pair, &place, [at]);
        }
    }

    fn api(&mut self, auth: &Node, definition: &Definition) {
        let policy = pair(auth, "ResourcePolicy");
        let at = policy.map_or(auth.span, |pair| pair.key.span);
        if definition.source == Source::Elsewhere {
            return self.refused_because(at, definition.why.to_owned());
        }
        let known = |pair: &Pair| pair.key.scalar().is_some_and(|key| AUTH.contains(&&*key));
        let Some(entries) = entries(auth).filter(|_| !matches!(auth.kind, Kind::Tagged(_))) else {
            return self.refuse(at, "Auth must be a map, not a function");
        };
        if let Some(odd) = entries.iter().find(|pair| !known(pair)) {
            return self.refuse(odd.key.span, "Auth has no such entry");
        }
        let Some(pair) = policy else { return };
        let (policy, extended) = (pair.key.span, self.extended);
        let place = Arc::new(Place { policy, stage: None, resolved: true, extended });
        self.policy(pair, &place, definition.covered());
    }

    /// The statements of one `ResourcePolicy` for `paths`.
    fn policy(&mut self, pair: &Pair, place: &Arc<Place>, paths: impl IntoIterator<Item = usize>) {
        if !self.sites.contains(&pair.key.span) {
            self.sites.push(pair.key.span);
        }
        let paths: Vec<usize> = paths.into_iter().collect();
        for (guards, value) in branches(&pair.value, self.extended) {
            self.branch(pair.key.span, value, guards.into(), place, &paths);
        }
    }

    /// The statements of one `ResourcePolicy`, or of one side of an `Fn::If` in its place.
    fn branch(
        &mut self,
        at: Span,
        value: &Node,
        guards: Arc<[Guard]>,
        place: &Arc<Place>,
        paths: &[usize],
    ) {
        let Some(entries) = entries(value) else { return self.refuse(at, "it must be a map") };
        if super::globals::is_call(entries) || matches!(value.kind, Kind::Tagged(_)) {
            let why = "AWS SAM looks for its lists before the function is evaluated: none is found";
            return self.ignore(at, why);
        }
        for entry in entries {
            let key = entry.key.scalar().unwrap_or_default();
            if !PROPERTIES.contains(&&*key) {
                self.misspelt.push((entry.key.span, key));
            }
        }
        let list = |name: &str| given(entries, name);
        for &path in paths {
            let mut add = |kind: Option<PartKind>| {
                let (place, guards) = (Arc::clone(place), Arc::clone(&guards));
                self.parts.extend(kind.map(|kind| Part { kind, place, path, guards }));
            };
            let accounts = |name, allow| list(name).map(|list| PartKind::Accounts { list, allow });
            add(accounts("AwsAccountWhitelist", true));
            add(accounts("AwsAccountBlacklist", false));
            let networks = |name, white| list(name).map(|list| PartKind::Networks { list, white });
            add(networks("IpRangeWhitelist", true));
            add(networks("IpRangeBlacklist", false));
            let vpcs = |names: [&str; 3], white| {
                let lists = Box::new(names.map(list));
                lists.iter().any(Option::is_some).then_some(PartKind::Vpcs { lists, white })
            };
            let black = ["SourceVpcBlacklist", "IntrinsicVpcBlacklist", "IntrinsicVpceBlacklist"];
            add(vpcs(black, false));
            let white = ["SourceVpcWhitelist", "IntrinsicVpcWhitelist", "IntrinsicVpceWhitelist"];
            add(vpcs(white, true));
        }
        if let Some(custom) = list("CustomStatements") {
            let kind = PartKind::Custom(custom);
            self.parts.push(Part { kind, place: Arc::clone(place), path: usize::MAX, guards });
        }
    }

    pub(super) fn refuse(&mut self, at: Span, why: &str) {
        self.refused_because(at, format!("AWS SAM refuses it: {why}"));
    }

    fn refused_because(&mut self, at: Span, why: String) {
        self.refused.push(Remark { at, what: WHAT.into(), why });
    }

    fn ignore(&mut self, at: Span, why: &str) {
        let why = why.to_owned();
        self.ignored.push(Remark { at, what: WHAT.into(), why });
    }
}

/// An entry that is given: present, and not empty.
fn given(entries: &[Pair], name: &str) -> Option<Pair> {
    let found = entries.iter().rev().find(|p| p.key.scalar().is_some_and(|k| &*k == name))?;
    is_truthy(&found.value).then(|| found.clone())
}

/// The entry of `name` in `node`, when its value is given.
fn pair<'n>(node: &'n Node, name: &str) -> Option<&'n Pair> {
    node.pair(name).filter(|pair| is_truthy(&pair.value))
}

/// The stage that the resources of an event's policy name; `None` for that of the API. The translator
/// takes its name only where it is plain text: in the place of a function call it writes `Stage`.
fn event_stage(resource: &Resource, extended: bool) -> Option<Arc<str>> {
    match resource.property("StageName").map(|node| &node.kind) {
        Some(Kind::Text(text)) => Some(Arc::clone(&text.text)),
        Some(_) if extended => None,
        Some(_) => Some("Stage".into()),
        // That of the implicit API.
        None => Some(super::IMPLICIT_STAGE.into()),
    }
}

/// How deep calls of `Fn::If` are looked through: AWS CloudFormation takes far fewer.
const MAX_GUARDS: usize = 16;

/// The sides of a value that is an `Fn::If` and resolved before, each with what it hangs on; without
/// those that stand for nothing.
fn branches(node: &Node, extended: bool) -> Vec<(Vec<Guard>, &Node)> {
    let mut out = Vec::new();
    let mut left = vec![(Vec::new(), node)];
    while let Some((guards, node)) = left.pop() {
        if extended
            && guards.len() < MAX_GUARDS
            && let Form::Call("Fn::If", arguments) = Form::of(node)
            && let Some([condition, yes, no]) = arguments.as_list().map(|items| &**items)
        {
            for (holds, side) in [(false, no), (true, yes)] {
                let mut guards: Vec<Guard> = guards.clone();
                guards.push(Guard { condition: condition.clone(), holds });
                left.push((guards, side));
            }
        } else if !is_absent(node) {
            out.push((guards, node));
        }
    }
    out
}

/// The resources of a path, one for each key of its path item. The policy of an API is written behind
/// the OPTIONS methods of `Cors`, those of events before.
pub(super) fn resources(item: &PathItem, with_cors: bool) -> Vec<String> {
    let path = with_stars(&item.path);
    let operations = item.branches.iter().flat_map(|branch| &branch.operations);
    operations
        .filter(|operation| with_cors || operation.by != By::Cors)
        .map(|operation| {
            let verb = match &*operation.key.to_ascii_lowercase() {
                openapi::ANY | "any" => "*".to_owned(),
                _ => operation.key.to_uppercase(),
            };
            format!("{verb}{path}")
        })
        .collect()
}

/// A path with a star for each of its parameters.
fn with_stars(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let name = from[1..].split_once('}').map(|(name, _)| name);
        match name.filter(|name| is_parameter(name)) {
            Some(name) => {
                out.push('*');
                rest = &from[name.len() + 2..];
            }
            None => {
                out.push('{');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn is_parameter(name: &str) -> bool {
    let name = name.strip_suffix('+').unwrap_or(name);
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}
