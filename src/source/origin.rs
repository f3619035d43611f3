//! Origins: the only trace of text that leaves `syntax`.
//!
//! An [`Origin`] is a four-byte handle into an append-only arena. Its node holds the source span of
//! a token and how the value got there; following `from` walks the way back from the place of use
//! to the place where the text was written (a variable default, a local, a module argument, a
//! mapping, ...).

use std::collections::HashMap;
use std::num::NonZeroU32;

use super::Span;

/// A handle to an [`OriginNode`] of one unit's [`Origins`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(NonZeroU32);

/// One step of the way a value came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OriginNode {
    /// The token.
    pub at: Span,
    /// What that token is to the value.
    pub step: Step,
    /// The step before: nearer to the text that the value was written as.
    pub from: Option<Origin>,
}

/// What a place in the source did to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The value is written here.
    Literal,
    /// The default of a parameter or variable.
    Default,
    /// A value of a tfvars or parameter file.
    VarFile,
    /// A value given on the command line; the span is the declaration it replaces.
    Flag,
    /// A local value.
    Local,
    /// An argument of a module call.
    Argument,
    /// An entry of a CloudFormation mapping.
    Mapping,
    /// The result of a function or intrinsic of that name.
    Call(&'static str),
    /// An element of a list or map.
    Element,
    /// Text of another file.
    Include,
    /// The branch of a conditional that was taken.
    Branch,
    /// A reference to a parameter, variable, local or resource.
    Reference,
    /// What a plan says that the expression behind it came to.
    Planned,
    /// A shorthand that a tool expands; the text says to what.
    Expansion(&'static str),
}

impl Step {
    /// What to print in front of the step's source line.
    pub fn describe(self) -> String {
        match self {
            Self::Literal => "written here".into(),
            Self::Default => "default value".into(),
            Self::VarFile => "value from a variables file".into(),
            Self::Flag => "value from the command line".into(),
            Self::Local => "local value".into(),
            Self::Argument => "module argument".into(),
            Self::Mapping => "mapping entry".into(),
            Self::Call(name) => format!("result of {name}"),
            Self::Element => "element".into(),
            Self::Include => "included file".into(),
            Self::Branch => "branch taken".into(),
            Self::Reference => "reference".into(),
            Self::Planned => "value in the plan".into(),
            Self::Expansion(what) => what.into(),
        }
    }
}

/// The arena of one unit. Equal nodes are one node, so that the same token reached by the same way
/// has the same handle in every world, and equal findings of several worlds collapse.
#[derive(Debug, Default, Clone)]
pub struct Origins {
    nodes: Vec<OriginNode>,
    /// Only ever asked by key, so its order cannot reach any output.
    index: HashMap<OriginNode, Origin>,
}

impl Origins {
    /// An empty arena.
    pub fn new() -> Self {
        Self::default()
    }

    /// The handle of a node, which is added unless the arena has it.
    pub fn add(&mut self, at: Span, step: Step, from: Option<Origin>) -> Origin {
        let node = OriginNode { at, step, from };
        if let Some(&known) = self.index.get(&node) {
            return known;
        }
        self.nodes.push(node);
        let len = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let origin = Origin(NonZeroU32::new(len).unwrap_or(NonZeroU32::MIN));
        self.index.insert(node, origin);
        origin
    }

    /// A leaf that is written at `at`.
    pub fn literal(&mut self, at: Span) -> Origin {
        self.add(at, Step::Literal, None)
    }

    /// The node of `origin`.
    pub fn node(&self, origin: Origin) -> OriginNode {
        self.nodes[origin.0.get() as usize - 1]
    }

    /// The token of the value itself: the last node of the chain (where the text is written).
    pub fn span(&self, origin: Origin) -> Span {
        let mut node = self.node(origin);
        while let Some(from) = node.from {
            node = self.node(from);
        }
        node.at
    }

    /// The chain of `origin` with its last node at `at`: the way of a part of the token.
    pub fn narrow(&mut self, origin: Origin, at: Span) -> Origin {
        let steps = self.steps(origin);
        let Some((last, before)) = steps.split_last() else { return origin };
        if last.at == at {
            return origin;
        }
        let end = self.add(at, last.step, None);
        before.iter().rev().fold(end, |from, node| self.add(node.at, node.step, Some(from)))
    }

    /// Leads what is written at one place on to another one, of another file, that it was made of by
    /// `step`.
    pub fn lead(&mut self, step: Step, to: impl Fn(Span) -> Option<Span>) {
        for index in 0..self.nodes.len() {
            let node = self.nodes[index];
            if node.from.is_none()
                && let Some(at) = to(node.at)
            {
                let from = Some(self.literal(at));
                self.nodes[index] = OriginNode { step, from, ..node };
            }
        }
    }

    /// The place of use: the first node of the chain.
    pub fn use_site(&self, origin: Origin) -> Span {
        self.node(origin).at
    }

    /// The chain from the place of use back to the place where the text is written.
    pub fn steps(&self, origin: Origin) -> Vec<OriginNode> {
        let mut out = vec![self.node(origin)];
        while let Some(from) = out.last().and_then(|n| n.from) {
            out.push(self.node(from));
        }
        out
    }

    /// How many nodes the arena holds.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the arena holds no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}
