//! Nested stacks: what a resource of one template passes to another, and what it gets back (AWS
//! CloudFormation user guide, "Split a template into reusable pieces using nested stacks").
//!
//! Everything is evaluated in one world: a parameter of the outer template that decides a branch in the
//! inner one is the same symbol in both.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::template::{Parameter, Resource, Template};
use super::{Cx, MAX_DEPTH, Scope, Unit, string};
use crate::resolve::{Item, Kind, NeedSplit, Piece, SymbolId, Text, Value, World};
use crate::source::{Span, Step};

/// A stack of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StackId(usize);

impl StackId {
    /// The one that nothing in the unit creates.
    pub const ROOT: Self = Self(0);
}

/// One template as a stack.
#[derive(Debug)]
pub(super) struct Stack {
    pub(super) template: Arc<Template>,
    /// What keeps its symbols apart from those of other stacks, and of other templates of a file.
    pub(super) prefix: String,
    /// What stands before the names of its resources where people read them: `Outer/Inner/`.
    pub(super) path: String,
    /// The resource that creates it; nothing creates the root.
    by: Option<(StackId, Resource)>,
    nested: BTreeMap<Arc<str>, StackId>,
    pub(super) parameters: BTreeMap<Arc<str>, SymbolId>,
    /// Conditions already decided in `memo_world`.
    pub(super) memo: BTreeMap<Arc<str>, Option<bool>>,
    pub(super) memo_world: World,
    /// The conditions that are being decided, outermost first.
    pub(super) deciding: Vec<Arc<str>>,
}

impl Stack {
    pub(super) fn new(template: Template, prefix: &str) -> Self {
        Self {
            template: Arc::new(template),
            prefix: prefix.to_owned(),
            path: String::new(),
            by: None,
            nested: BTreeMap::new(),
            parameters: BTreeMap::new(),
            memo: BTreeMap::new(),
            memo_world: World::default(),
            deciding: Vec::new(),
        }
    }
}

impl<'a> Unit<'a> {
    /// The values that were given for a parameter. They are for the root.
    pub(super) fn given(&self, name: &str) -> Option<&'a [String]> {
        let given = self.given.get(name)?;
        self.stack().by.is_none().then_some(given.as_slice())
    }

    /// Adds the stack that `resource` of the stack that is evaluated creates from `template`.
    pub fn nest(&mut self, resource: &Resource, template: Template) -> StackId {
        let (outer, id) = (self.here, StackId(self.stacks.len()));
        let prefix = format!("{}stack {}:", self.stack().prefix, resource.id);
        let mut stack = Stack::new(template, &prefix);
        stack.path = format!("{}{}/", self.path(), resource.id);
        stack.by = Some((outer, resource.clone()));
        self.stack_mut().nested.insert(Arc::clone(&resource.id), id);
        self.stacks.push(stack);
        self.enter(id);
        self.expand_loops();
        self.enter(outer);
        id
    }

    /// Evaluates in `stack` from now on; given back is the one so far.
    pub fn enter(&mut self, stack: StackId) -> StackId {
        std::mem::replace(&mut self.here, stack)
    }

    /// The stack that is evaluated.
    pub fn here(&self) -> StackId {
        self.here
    }

    /// The template of a stack.
    pub fn template_of(&self, stack: StackId) -> Arc<Template> {
        self.stacks.get(stack.0).map_or_else(Arc::default, |stack| Arc::clone(&stack.template))
    }

    /// The stack that the resource `id` of a stack creates, where its template is known.
    pub fn nested_by(&self, stack: StackId, id: &str) -> Option<StackId> {
        self.stacks.get(stack.0)?.nested.get(id).copied()
    }

    /// The stack whose resource creates a stack, and the name of that resource; nothing for the root.
    pub fn creator_of(&self, stack: StackId) -> Option<(StackId, Arc<str>)> {
        let (outer, resource) = self.stacks.get(stack.0)?.by.as_ref()?;
        Some((*outer, Arc::clone(&resource.id)))
    }

    /// What stands before the names of resources of the stack that is evaluated, where people read
    /// them: nothing in the root, else the names of the resources that create it, each with a slash.
    pub fn path(&self) -> &str {
        &self.stack().path
    }

    /// Whether the stack that is evaluated exists in a world: the resources that create it do. `None`
    /// when that cannot be known in a frozen world.
    ///
    /// # Errors
    /// [`NeedSplit`] as for [`eval`](Self::eval).
    pub fn is_created(&mut self, world: &World) -> Result<Option<bool>, NeedSplit> {
        let here = self.here;
        let decided = self.is_created_from(world);
        self.here = here;
        decided
    }

    fn is_created_from(&mut self, world: &World) -> Result<Option<bool>, NeedSplit> {
        let mut all = Some(true);
        while let Some((outer, resource)) = self.stack().by.clone() {
            self.here = outer;
            let decided = match &resource.condition {
                Some(name) => self.condition(name, world)?,
                None => Some(true),
            };
            match decided {
                Some(false) => return Ok(Some(false)),
                Some(true) => {}
                None => all = None,
            }
        }
        Ok(all)
    }

    pub(super) fn stack(&self) -> &Stack {
        &self.stacks[self.here.0]
    }

    pub(super) fn stack_mut(&mut self) -> &mut Stack {
        &mut self.stacks[self.here.0]
    }

    /// The value of a parameter that the creator of this stack passes, or else its default: nobody
    /// can give another one. `None` in the root, and where the value is not known.
    pub(super) fn argument(
        &mut self,
        name: &str,
        parameter: &Parameter,
        at: Span,
        cx: Cx<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        let Some((outer, resource)) = self.stack().by.clone() else { return Ok(None) };
        if parameter.is_stored() || cx.depth > MAX_DEPTH {
            return Ok(None);
        }
        let mut passed = None;
        if let Some(parameters) = resource.property("Parameters") {
            let scope = &resource.scope;
            let cx = Cx { leaf: Step::Literal, ..cx.in_scope(scope).deeper() };
            let here = std::mem::replace(&mut self.here, outer);
            let value = self.entry(parameters, &[name], cx);
            self.here = here;
            passed = Some(value?).filter(|value| !matches!(value.kind, Kind::Null));
        }
        let value = match (passed, &parameter.default) {
            (Some(value), _) => {
                let value = self.passed(&value, parameter);
                return Ok(value.map(|value| self.through(&value, at, Step::Argument)));
            }
            (None, Some(default)) => match self.node_text(default) {
                Some(text) => self.typed(&text, parameter, Step::Default, default.span),
                None => self.value(default, Cx { leaf: Step::Default, ..cx })?,
            },
            (None, None) => return Ok(None),
        };
        Ok(Some(self.through(&value, at, Step::Reference)))
    }

    /// What was passed, as a value of the parameter's type. `None`: it is of another one.
    fn passed(&mut self, value: &Value, parameter: &Parameter) -> Option<Value> {
        let list = parameter.is_list();
        match &value.kind {
            Kind::List(_) => list.then(|| value.clone()),
            Kind::Symbol(id) if list => {
                Some(Value::new(Kind::List([Item::Many(*id, value.origin)].into()), value.origin))
            }
            Kind::Symbol(_) => Some(value.clone()),
            _ if !list => {
                let pieces = self.pieces(value)?;
                Some(Value::new(Kind::Text(Text(pieces)), value.origin))
            }
            _ => {
                let pieces = self.pieces(value)?;
                let items = match pieces.as_slice() {
                    [] => Vec::new(),
                    [Piece::Hole(id, origin)] => vec![Item::Many(*id, *origin)],
                    _ => {
                        let at = self.origins.use_site(value.origin);
                        let items = self.split_pieces(pieces, ",", at)?;
                        items.into_iter().map(trimmed).collect()
                    }
                };
                Some(Value::new(Kind::List(items.into()), value.origin))
            }
        }
    }

    /// The value of `Stack.Outputs.Name`, where that stack is known.
    pub(super) fn output(
        &mut self,
        name: &str,
        at: Span,
        cx: Cx<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        let Some((id, output)) = name.split_once(".Outputs.") else { return Ok(None) };
        let Some(&inner) = self.stack().nested.get(id) else { return Ok(None) };
        let Some(template) = self.stacks.get(inner.0).map(|stack| Arc::clone(&stack.template))
        else {
            return Ok(None);
        };
        let output = template.outputs.as_ref().and_then(|outputs| outputs.get(output));
        let Some(node) = output.and_then(|output| output.get("Value")) else { return Ok(None) };
        if !self.spend(1) || cx.depth > MAX_DEPTH {
            return Ok(None);
        }
        let scope = Scope::default();
        let cx = Cx { leaf: Step::Literal, ..cx.in_scope(&scope).deeper() };
        let here = std::mem::replace(&mut self.here, inner);
        let value = self.value(node, cx);
        self.here = here;
        Ok(Some(self.through(&value?, at, Step::Reference)))
    }
}

/// An item of a list that was written with commas: blanks around it do not count.
fn trimmed(item: Item) -> Item {
    let Item::One(Value { kind: Kind::Text(Text(mut pieces)), origin }) = item else { return item };
    if let Some(Piece::Lit { text, map, origin }) = pieces.first() {
        let lead = text.len() - text.trim_start().len();
        let piece = string::cut(text, map, lead, text.len(), *origin);
        pieces[0] = piece;
    }
    if let Some(Piece::Lit { text, map, origin }) = pieces.last() {
        let piece = string::cut(text, map, 0, text.trim_end().len(), *origin);
        pieces.pop();
        pieces.push(piece);
    }
    Item::One(Value::new(Kind::Text(Text(pieces)), origin))
}
