//! Parameters and pseudo parameters.

use std::sync::Arc;

use super::template::Parameter;
use super::{Cx, Mode, StackId, Unit, string};
use crate::resolve::{
    Cell, Class, IdKind, Item, Kind, Literal, NeedSplit, Piece, Symbol, SymbolId, Text, Value,
};
use crate::source::{Origin, Span, Step};
use crate::syntax::{self, Node};

/// How many allowed values of a parameter without a default are judged one by one where the
/// parameter is used as data.
const MAX_ALLOWED: usize = 8;

impl Unit<'_> {
    /// The value of the parameter `name`, used at `at`; `None` when there is no such parameter.
    pub(super) fn parameter(
        &mut self,
        name: &str,
        at: Span,
        cx: Cx<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        let template = self.template();
        let Some(parameter) = template.parameters.get(name) else { return Ok(None) };
        let id = self.parameter_symbol(name, parameter);
        if let Some(value) = self.argument(name, parameter, at, cx)? {
            return Ok(Some(value));
        }
        if let Some([only]) = self.given(name) {
            let text = given_text(only, parameter.name);
            let value = self.typed(&text, parameter, Step::Flag, parameter.name);
            return Ok(Some(self.through(&value, at, Step::Reference)));
        }
        if let Some(Cell::Is(literal)) = cx.world.cell(id) {
            let value = self.picked(id, &literal.clone(), name, parameter);
            return Ok(Some(self.through(&value, at, Step::Reference)));
        }
        let given = self.pinned.contains(&id);
        if (given || cx.mode == Mode::Data)
            && let Some(value) = self.as_data(id, parameter, given, cx)?
        {
            return Ok(Some(self.through(&value, at, Step::Reference)));
        }
        let origin = self.symbols.get(id).origin;
        let origin = self.origins.add(at, Step::Reference, Some(origin));
        let kind = if parameter.is_list() {
            Kind::List([Item::Many(id, origin)].into())
        } else {
            Kind::Symbol(id)
        };
        Ok(Some(Value::new(kind, origin)))
    }

    /// The value of a parameter that no cell fixes, where it is used as data: its default, or one of
    /// the values it can still have. `None`: it is unknown.
    fn as_data(
        &mut self,
        id: SymbolId,
        parameter: &Parameter,
        given: bool,
        cx: Cx<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        if !given
            && let Some(default) = &parameter.default
            && !parameter.is_stored()
            && self.default_holds(id, cx)
        {
            self.used_defaults.insert(id);
            let text = self.node_text(default);
            let value = match text {
                Some(text) => self.typed(&text, parameter, Step::Default, default.span),
                None => {
                    let cx = Cx { leaf: Step::Default, ..cx };
                    self.value(default, cx)?
                }
            };
            return Ok(Some(value));
        }
        self.spend(parameter.allowed.len() / 16);
        let not = match cx.world.cell(id) {
            Some(Cell::NotIn(not)) => not.as_slice(),
            _ => &[],
        };
        let left: Vec<Literal> = match &self.symbols.get(id).allowed {
            Some(allowed) => allowed.iter().filter(|a| !not.contains(a)).cloned().collect(),
            None => return Ok(None),
        };
        if let [only] = left.as_slice() {
            let name = self.symbols.get(id).label.clone();
            return Ok(Some(self.picked(id, only, &name, parameter)));
        }
        if left.is_empty() || (left.len() > MAX_ALLOWED && !given) || cx.world.is_frozen() {
            return Ok(None);
        }
        Err(NeedSplit { symbol: id, cells: left.into_iter().map(Cell::Is).collect() })
    }

    /// Whether the world leaves the default of `id` in force: neither the symbol nor one computed
    /// from it is picked otherwise.
    fn default_holds(&self, id: SymbolId, cx: Cx<'_>) -> bool {
        let mut open = vec![id];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let default = self.symbols.get(id).default.as_ref();
            let literal = default.and_then(|value| match &value.kind {
                Kind::Bool(b) => Some(Literal::Bool(*b)),
                _ => Some(Literal::Text(value.known_text()?.into())),
            });
            let agrees = match (cx.world.cell(id), literal) {
                (Some(Cell::Is(is)), Some(literal)) => *is == literal,
                (Some(Cell::NotIn(not)), Some(literal)) => !not.contains(&literal),
                (Some(_), None) => false,
                (None, _) => true,
            };
            if !agrees {
                return false;
            }
            open.extend(self.derived.get(&id).into_iter().flatten().copied());
        }
        true
    }

    /// The value that a world picks: written as an allowed value, as the default, or as the constant
    /// that the parameter was compared with.
    fn picked(
        &mut self,
        id: SymbolId,
        literal: &Literal,
        name: &str,
        parameter: &Parameter,
    ) -> Value {
        let text = match literal {
            Literal::Text(text) | Literal::Number(text) => Arc::clone(text),
            Literal::Bool(b) => b.to_string().into(),
            Literal::Null => "".into(),
        };
        let given = self.given(name).is_some_and(|values| values.iter().any(|v| **v == *text));
        if given {
            let text = given_text(&text, parameter.name);
            return self.typed(&text, parameter, Step::Flag, parameter.name);
        }
        let written = |node: &&Node| node.scalar().is_some_and(|t| t == text);
        let found = parameter.allowed.iter().find(written);
        let found = found.or_else(|| parameter.default.as_ref().filter(written)).cloned();
        if let Some(node) = found
            && let Some(text) = self.node_text(&node)
        {
            let is_default = parameter.default.as_ref().is_some_and(|d| d.span == node.span);
            let step = if is_default { Step::Default } else { Step::Literal };
            return self.typed(&text, parameter, step, node.span);
        }
        let span = self.constants.get(&(id, literal.clone())).copied().unwrap_or(parameter.name);
        let (text, map) = string::spelled(&text, span);
        self.typed(&syntax::Text { text, map }, parameter, Step::Literal, span)
    }

    /// The text of a scalar with its place.
    pub(super) fn node_text(&self, node: &Node) -> Option<syntax::Text> {
        if let Some(text) = node.as_text() {
            return Some(text.clone());
        }
        let (text, map) = string::spelled(&node.scalar()?, node.span);
        Some(syntax::Text { text, map })
    }

    /// The text of a parameter as a value of its type: text, or the items between its commas.
    pub(super) fn typed(
        &mut self,
        text: &syntax::Text,
        parameter: &Parameter,
        step: Step,
        at: Span,
    ) -> Value {
        let origin = self.origins.add(at, step, None);
        self.spend(1 + text.text.len() / 256);
        if !parameter.is_list() {
            return self.whole(text, 0, text.text.len(), origin);
        }
        let mut items = Vec::new();
        let mut start = 0;
        // An empty text is a list of no items.
        if text.text.trim().is_empty() {
            return Value::new(Kind::List([].into()), origin);
        }
        for part in text.text.split(',') {
            if !self.spend(1) {
                break;
            }
            let lead = part.len() - part.trim_start().len();
            let from = start + lead;
            let to = from + part.trim().len();
            let span = text.map.span(from..to);
            let origin = self.origins.add(span, step, None);
            items.push(Item::One(self.whole(text, from, to, origin)));
            start += part.len() + 1;
        }
        Value::new(Kind::List(items.into()), origin)
    }

    fn whole(&mut self, text: &syntax::Text, from: usize, to: usize, origin: Origin) -> Value {
        let pieces = if from < to {
            vec![string::cut(&text.text, &text.map, from, to, origin)]
        } else {
            Vec::new()
        };
        self.finish_text(pieces, origin)
    }

    /// The symbol of a parameter.
    fn parameter_symbol(&mut self, name: &str, parameter: &Parameter) -> SymbolId {
        if let Some(&id) = self.stack().parameters.get(name) {
            return id;
        }
        let origin = self.origins.literal(parameter.name);
        let given = self.given(name).filter(|values| !values.is_empty());
        let stored = parameter.is_stored() && given.is_none();
        let default = match (&parameter.default, given) {
            (Some(node), None) if !stored => self.default_value(node, parameter.is_list()),
            _ => None,
        };
        let constant = |text: &str| Literal::Text(text.into());
        let allowed: Option<Vec<Literal>> = match given {
            Some(values) => Some(values.iter().map(|v| constant(v)).collect()),
            None if parameter.is_list() || stored || parameter.allowed.is_empty() => None,
            // An allowed value that is no scalar could be anything.
            None => parameter
                .allowed
                .iter()
                .map(|node| node.scalar().map(Literal::Text))
                .collect::<Option<Vec<_>>>(),
        };
        let allowed = allowed.map(|mut values| {
            let mut seen = std::collections::BTreeSet::new();
            values.retain(|v| seen.insert(v.clone()));
            values
        });
        let class = if stored { Class::External } else { Class::Input };
        let key = format!("{}parameter:{name}", self.stack().prefix);
        let path = self.stack().path.clone();
        let id = self.symbols.intern(&key, || Symbol {
            label: format!("{path}{name}"),
            origin,
            class,
            default,
            allowed,
            pin: path.is_empty().then(|| format!("--param {name}=...")),
        });
        if given.is_some() {
            self.pinned.insert(id);
        }
        self.stack_mut().parameters.insert(name.into(), id);
        id
    }

    /// A default as the constant that branches compare with. Blanks around the commas of a list do
    /// not count.
    fn default_value(&mut self, node: &Node, is_list: bool) -> Option<Value> {
        let mut text = self.node_text(node)?;
        if is_list {
            let items: Vec<&str> = text.text.split(',').map(str::trim).collect();
            let joined = items.join(",");
            if joined != *text.text {
                let (joined, map) = string::spelled(&joined, node.span);
                text = syntax::Text { text: joined, map };
            }
        }
        let origin = self.origins.add(node.span, Step::Default, None);
        let piece = Piece::Lit { text: text.text, map: text.map, origin };
        Some(Value::new(Kind::Text(Text(vec![piece])), origin))
    }

    /// The value of a pseudo parameter (AWS, "Pseudo parameters reference"); `None` when `name` is
    /// none.
    pub(super) fn pseudo(
        &mut self,
        name: &str,
        at: Span,
        cx: Cx<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        let class = match name {
            "AWS::NoValue" => {
                let origin = self.origins.literal(at);
                return Ok(Some(Value::new(Kind::Null, origin)));
            }
            "AWS::URLSuffix" => {
                let origin = self.origins.literal(at);
                let (text, map) = string::spelled("amazonaws.com", at);
                let piece = Piece::Lit { text, map, origin };
                return Ok(Some(Value::new(Kind::Text(Text(vec![piece])), origin)));
            }
            "AWS::AccountId" => Class::OwnerAccount,
            "AWS::Region" => Class::Region,
            "AWS::Partition" => Class::Partition,
            "AWS::StackName" | "AWS::StackId" => Class::OwnId(IdKind::Other),
            "AWS::NotificationARNs" => Class::Input,
            _ => return Ok(None),
        };
        let origin = self.origins.literal(at);
        if matches!(name, "AWS::Region" | "AWS::Partition" | "AWS::StackName")
            && let Some([only]) = self.given.get(name).map(Vec::as_slice)
            && (name != "AWS::StackName" || self.path().is_empty())
        {
            let origin = self.origins.add(at, Step::Flag, None);
            let (text, map) = string::spelled(only, at);
            let piece = Piece::Lit { text, map, origin };
            return Ok(Some(Value::new(Kind::Text(Text(vec![piece])), origin)));
        }
        // Every stack of a unit is deployed to one account and region.
        let here = if name.starts_with("AWS::Stack") { self.here } else { StackId::ROOT };
        let here = std::mem::replace(&mut self.here, here);
        let id = self.intern(&format!("pseudo:{name}"), name, origin, class);
        self.here = here;
        if let Some(Cell::Is(Literal::Text(text))) = cx.world.cell(id) {
            let span =
                self.constants.get(&(id, Literal::Text(Arc::clone(text)))).copied().unwrap_or(at);
            let (text, map) = string::spelled(text, span);
            let origin = self.origins.literal(span);
            let origin = self.origins.add(at, Step::Reference, Some(origin));
            let piece = Piece::Lit { text, map, origin };
            return Ok(Some(Value::new(Kind::Text(Text(vec![piece])), origin)));
        }
        let kind = if name == "AWS::NotificationARNs" {
            Kind::List([Item::Many(id, origin)].into())
        } else {
            Kind::Symbol(id)
        };
        Ok(Some(Value::new(kind, origin)))
    }
}

/// The text of a value given on the command line: it stands nowhere in the files, so its place is
/// the declaration that it replaces.
fn given_text(text: &str, at: Span) -> syntax::Text {
    let (text, map) = string::spelled(text, at);
    syntax::Text { text, map }
}
