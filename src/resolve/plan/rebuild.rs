//! Values that are known after apply only, as far as the configuration says what they will be.
//!
//! What an expression refers to is known, not how it is put together. A value is taken for what it
//! refers to where nothing else makes sense: the id of an API in `rest_api_id`, the one policy
//! document in `policy`, an id or ARN in a list. All else is unknown by its own name, and never equal
//! to another unknown value.

use super::Lower;
use super::links;
use super::reference::{Place, Reached, Target, traversal};
use crate::resolve::terraform::{Sort, not_known};
use crate::source::Span;
use crate::syntax::{Expr, Kind, Node, TemplatePart};

/// How an argument is configured.
#[derive(Debug, Clone, Copy)]
pub(super) enum Written<'n> {
    /// It is not: the provider computes it.
    Nowhere,
    /// The plan does not say.
    Unsaid,
    /// By this expression, these blocks, or this body of a block.
    As(&'n Node),
}

impl<'n> Written<'n> {
    /// The argument of a body.
    pub(super) fn argument(self, name: &str) -> Self {
        match self {
            Self::As(body) => body.get(name).map_or(Self::Nowhere, Self::As),
            other => other,
        }
    }

    /// The body of one of `count` blocks. Dynamic blocks are not in a plan.
    pub(super) fn block(self, index: usize, count: usize) -> Self {
        match self {
            Self::As(node) => match &node.kind {
                Kind::List(items) if items.len() == count => {
                    items.get(index).map_or(Self::Unsaid, Self::As)
                }
                Kind::Map(_) if count == 1 && !is_expression(node) => self,
                _ => Self::Unsaid,
            },
            _ => Self::Unsaid,
        }
    }
}

/// Whether a node of the configuration is an expression, and no body of a block.
fn is_expression(node: &Node) -> bool {
    node.get("references").is_some() || node.get("constant_value").is_some()
}

/// An argument of a resource instance, or a part of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Argument<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its address, to name what is not known.
    pub(super) label: &'a str,
    pub(super) place: &'a Place,
    /// The instance, for what stands nowhere.
    pub(super) at: Span,
}

/// The attributes that an argument is the value of.
fn wanted(argument: &str) -> &'static [links::Attribute] {
    match argument {
        "policy"
        | "source_json"
        | "override_json"
        | "source_policy_documents"
        | "override_policy_documents" => &[(Sort::Data, "aws_iam_policy_document", "json")],
        _ => links::of(argument).unwrap_or_default(),
    }
}

impl Lower<'_, '_> {
    /// A value that is not known.
    pub(super) fn rebuild(&mut self, argument: Argument<'_>, written: Written<'_>) -> Node {
        match written {
            Written::Nowhere => Node { span: argument.at, kind: Kind::Null },
            Written::Unsaid => {
                let reached = Reached { open: true, ..Reached::default() };
                self.after_apply(argument, &reached, argument.at)
            }
            Written::As(expression) => {
                if let Some(constant) = expression.get("constant_value") {
                    return constant.clone();
                }
                let reached = self.reach(expression, argument.place);
                let at = reached.unknown().first().map_or(expression.span, |target| target.at);
                match identity(argument.name, &reached) {
                    Some(node) => node,
                    None => self.after_apply(argument, &reached, at),
                }
            }
        }
    }

    /// The elements of a list of which some are not known: `unknown` of them, in order.
    pub(super) fn rebuild_elements(
        &mut self,
        argument: Argument<'_>,
        written: Written<'_>,
        unknown: usize,
    ) -> Vec<Node> {
        let reached = match written {
            Written::As(expression) if is_expression(expression) => {
                self.reach(expression, argument.place)
            }
            _ => Reached { open: true, ..Reached::default() },
        };
        let targets: Vec<Target> = reached.unknown().into_iter().cloned().collect();
        let paired = !reached.open && targets.len() == unknown;
        (0..unknown)
            .map(|index| {
                let label = format!("{}[{index}]", argument.label);
                let argument = Argument { label: &label, ..argument };
                let at = targets.first().map_or(argument.at, |target| target.at);
                match targets.get(index).filter(|_| paired) {
                    Some(target) => self.element(argument, target),
                    None => self.after_apply(argument, &reached, at),
                }
            })
            .collect()
    }

    /// An element of a list that is made of one attribute.
    fn element(&mut self, argument: Argument<'_>, target: &Target) -> Node {
        let one = Reached { targets: vec![target.clone()], ..Reached::default() };
        if let Some(node) = identity(argument.name, &one) {
            return node;
        }
        match target.attribute.as_deref() {
            Some("id" | "arn") => target.node(None),
            // What follows an execution ARN is not in a plan.
            Some("execution_arn") => {
                let rest = self.after_apply(argument, &one, target.at);
                let parts = [target.node(None), rest].map(TemplatePart::Interpolation);
                Node { span: target.at, kind: Kind::Expr(Expr::Template(parts.into()).into()) }
            }
            _ => self.after_apply(argument, &one, target.at),
        }
    }

    /// A value of which nothing is known but its name and what it may be made of.
    fn after_apply(&mut self, argument: Argument<'_>, reached: &Reached, at: Span) -> Node {
        let mut of: Vec<Node> = reached.targets.iter().map(|target| target.node(None)).collect();
        // A policy or method whose API is not known belongs to one that is not known either.
        if argument.name == "rest_api_id" && reached.open && reached.targets.is_empty() {
            of.extend(self.apis_around(argument.place, at));
        }
        // The sources would say more.
        not_known(argument.label, self.sources.is_none(), of, at)
    }

    /// The ids of the APIs of the same module whose ids are not known.
    fn apis_around(&self, place: &Place, at: Span) -> Vec<Node> {
        const KIND: &str = "aws_api_gateway_rest_api";
        let around = self.index.instances.iter().enumerate().filter(|(index, instance)| {
            instance.sort == Sort::Managed
                && instance.kind == KIND
                && instance.module == place.module
                && !self.knows(*index, "id")
        });
        let id = |address: &str| traversal(Sort::Managed, KIND, address, Some("id"), at);
        around.map(|(_, instance)| id(&instance.address)).collect()
    }
}

/// The attribute that an argument is the value of, where it can be no other.
fn identity(argument: &str, reached: &Reached) -> Option<Node> {
    let unknown = reached.unknown();
    let fits = |target: &Target| {
        let found = wanted(argument).iter().find(|(sort, kind, attribute)| {
            let named = target.attribute.as_deref();
            *sort == target.sort
                && *kind == target.kind
                && (named.is_none_or(|named| named == *attribute)
                    || *attribute == "json" && named == Some("minified_json"))
        });
        found.map(|(.., attribute)| target.node(Some(attribute)))
    };
    let mut fitting = unknown.iter().filter_map(|target| fits(target));
    let one = fitting.next().filter(|_| fitting.next().is_none() && !reached.open)?;
    // What else the expression of a link refers to only chooses.
    (links::of(argument).is_some() || unknown.len() == 1).then_some(one)
}
