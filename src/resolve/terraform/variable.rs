//! Input variables: the values they are given, their defaults, and the symbols they are otherwise
//! (<https://developer.hashicorp.com/terraform/language/values/variables>).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::equality::literal_of;
use super::evaluator::{Evaluator, Fact, Known, Memo};
use super::module::Variable;
use super::notes::Used;
use super::scope::{Env, Mode, Scope};
use super::text::whole_token;
use super::validation;
use crate::resolve::{Cell, Class, Kind, Literal, NeedSplit, Symbol, SymbolId, Text, Value, World};
use crate::source::{Origin, Span, Step};
use crate::syntax::{self, Body, Expr, Node, hcl};

/// How many values of one symbol are judged one by one.
const MAX_CHOICES: usize = 8;

/// The values given for variables from outside the module.
#[derive(Debug, Clone, Default)]
pub struct Given {
    files: BTreeMap<String, Node>,
    flags: BTreeMap<String, Vec<String>>,
    /// Where calls of the module pass values that are not known here.
    passed: BTreeMap<String, Span>,
}

impl Given {
    /// The values of the command line or configuration; where a variable has several, each is
    /// judged. They win over those of files.
    pub fn flags(flags: &BTreeMap<String, Vec<String>>) -> Self {
        Self { flags: flags.clone(), ..Self::default() }
    }

    /// Adds the values of a variables file; they win over those of earlier files.
    pub fn add_body(&mut self, body: &Body) {
        for attribute in &body.attributes {
            self.files.insert(attribute.name.to_string(), attribute.value.clone());
        }
    }

    /// Says that a call of the module passes a value for a variable, which is not known here: neither
    /// its default nor a variables file of the module counts.
    pub fn add_passed(&mut self, name: &str, at: Span) {
        self.passed.entry(name.to_owned()).or_insert(at);
    }

    /// Adds the values of a variables file in JSON.
    pub fn add_json(&mut self, root: &Node) {
        for pair in root.as_map().into_iter().flat_map(|pairs| pairs.iter()) {
            if let Some(name) = pair.key.scalar() {
                self.files.insert(name.to_string(), pair.value.clone());
            }
        }
    }
}

impl Evaluator<'_> {
    /// Whether a variable has one value that nobody can change: it never decides a branch.
    pub(super) fn has_value(&self, name: &str) -> bool {
        match self.given.flags.get(name) {
            Some(values) => values.len() == 1,
            None => self.given.files.contains_key(name) && !self.given.passed.contains_key(name),
        }
    }

    /// The values of the command line for a name.
    pub(super) fn given_flags(&self, name: &str) -> Vec<String> {
        self.given.flags.get(name).cloned().unwrap_or_default()
    }

    /// What `var.name` is at `node`.
    pub(super) fn variable(
        &mut self,
        node: &Node,
        name: &Arc<str>,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        if let Some(value) = self.input(node, name, env)? {
            return Ok(value);
        }
        let module = Arc::clone(&self.module);
        let variable = module.variables.get(name);
        let id = self.variable_symbol(variable, name, node.span);
        let value = match self.given_value(variable, id, name, env)? {
            Some(value) => value,
            None => self.open_variable(variable, id, name, env),
        };
        Ok(self.via(&value, node.span, Step::Reference))
    }

    /// The value that a file or flag gives.
    fn given_value(
        &mut self,
        variable: Option<&Variable>,
        id: SymbolId,
        name: &Arc<str>,
        env: Env<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        let Some(variable) = variable else { return Ok(None) };
        if let Some(values) = self.given.flags.get(&**name).cloned() {
            if let [one] = values.as_slice() {
                return Ok(Some(self.flag_value(variable, one)));
            }
            if env.mode == Mode::Default {
                return Ok(None);
            }
            if let Some(Cell::Is(Literal::Text(text))) = env.world.cell(id) {
                return Ok(Some(self.flag_value(variable, &Arc::clone(text))));
            }
            let cells = values.iter().map(|v| Cell::Is(Literal::Text(v.as_str().into())));
            self.split(env, id, cells.collect())?;
            return Ok(None);
        }
        if self.given.passed.contains_key(&**name) {
            return Ok(None);
        }
        let Some(node) = self.given.files.get(&**name).cloned() else { return Ok(None) };
        let world = World::default().freeze();
        let scope = Scope::template(Vec::new(), None);
        let value = self.eval(&node, Env::data(&scope, &world))?;
        // A variable that may not be null is its default instead.
        if matches!(value.kind, Kind::Null)
            && !validation::is_nullable(variable)
            && let Some(default) = self.default_of(variable)
        {
            return Ok(Some(default));
        }
        let value = self.convert_to(variable, value);
        Ok(Some(self.via(&value, node.span, Step::VarFile)))
    }

    fn flag_value(&mut self, variable: &Variable, text: &str) -> Value {
        let at = variable.block.header;
        let origin = self.origins.add(at, Step::Flag, None);
        let plain = self.computed(text, origin);
        let kind = variable.block.body.attribute("type").map(|a| a.value.clone());
        let scalar = kind.as_ref().is_none_or(|kind| {
            matches!(&kind.kind, syntax::Kind::Expr(e)
                if matches!(&**e, Expr::Variable(n) if matches!(&**n, "string" | "number" | "bool")))
        });
        let value = if scalar { None } else { self.flag_expression(text, origin) };
        self.convert_to(variable, value.unwrap_or(plain))
    }

    /// A flag's value that is an expression, as Terraform reads it for variables that are no plain
    /// strings.
    fn flag_expression(&mut self, text: &str, origin: Origin) -> Option<Value> {
        let map = whole_token(text, self.origins.span(origin));
        let fragment = hcl::parse_expression(text, &map);
        if !fragment.errors.is_empty() {
            return None;
        }
        let world = World::default().freeze();
        let scope = Scope::template(Vec::new(), None);
        // In a frozen world nothing asks for a split.
        self.eval(&fragment.node, Env::data(&scope, &world)).ok().filter(Value::is_known)
    }

    /// What a variable is that nobody gave a value.
    fn open_variable(
        &mut self,
        variable: Option<&Variable>,
        id: SymbolId,
        name: &Arc<str>,
        env: Env<'_>,
    ) -> Value {
        let origin = self.symbols.get(id).origin;
        let default = self.symbols.get(id).default.clone();
        let symbol = match (env.mode, &default) {
            (Mode::Default, Some(default)) => return default.clone(),
            _ => self.symbol_value(id, origin, env),
        };
        if !matches!(symbol.kind, Kind::Symbol(_)) || env.mode != Mode::Data {
            // An empty list stands for whatever is empty in the variable's type.
            return match &symbol.kind {
                Kind::List(items) if items.is_empty() => {
                    Value::new(self.empty_value(variable), origin)
                }
                _ => symbol,
            };
        }
        let Some(default) = default else { return self.between_ends(id, symbol) };
        let consistent = match env.world.cell(id) {
            Some(Cell::NotIn(not)) => literal_of(&default).is_none_or(|d| !not.contains(&d)),
            _ => true,
        };
        if !consistent || self.is_stale(name, env.world) {
            return symbol;
        }
        self.used(Used::Default(Arc::clone(name)));
        if let Some(variable) = variable {
            self.used(Used::Read(variable.block.span));
        }
        default
    }

    /// The constant that a symbol is, of those that it may be; `None` where that is not known, or in a
    /// world that leaves it open. Of a list the first element counts.
    ///
    /// # Errors
    /// [`NeedSplit`] when the world does not say which it is.
    pub fn choose(
        &mut self,
        id: SymbolId,
        origin: Origin,
        env: Env<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        let each =
            |fact: &Fact| fact.bound.each.as_ref().is_some_and(|each| each.allowed.is_some());
        let is_list = self.facts.get(&id).is_some_and(each);
        let id = match is_list {
            true => {
                let label = format!("{}[0]", self.symbols.get(id).label);
                self.derive(id, "[0]", &label, None)
            }
            false => id,
        };
        let value = self.symbol_value(id, origin, env);
        if !matches!(value.kind, Kind::Symbol(_)) {
            return Ok(Some(value));
        }
        let Some(allowed) = self.symbols.get(id).allowed.clone() else { return Ok(None) };
        let is_open = |one: &Literal| match env.world.cell(id) {
            Some(Cell::NotIn(not)) => !not.contains(one),
            _ => true,
        };
        let cells: Vec<Cell> = allowed.into_iter().filter(is_open).map(Cell::Is).collect();
        if (1..=MAX_CHOICES).contains(&cells.len()) {
            self.split(env, id, cells)?;
        }
        Ok(None)
    }

    /// What a symbol is in a world: the constant that the world says it is, or itself.
    pub(super) fn symbol_value(&mut self, id: SymbolId, origin: Origin, env: Env<'_>) -> Value {
        if env.mode == Mode::Default {
            let default = self.symbols.get(id).default.clone();
            return default.unwrap_or(Value::new(Kind::Symbol(id), origin));
        }
        if let Some(Cell::Is(literal)) = env.world.cell(id) {
            return self.literal_value(&literal.clone(), origin);
        }
        if let Some(asks) = self.facts.get(&id).and_then(|f| f.nonempty)
            && env.world.cell(asks) == Some(&Cell::Is(Literal::Bool(false)))
        {
            return Value::new(Kind::List(Arc::from([])), origin);
        }
        Value::new(Kind::Symbol(id), origin)
    }

    /// Whether the world picks something that the variable's default contradicts: a condition on it
    /// came out otherwise than it does under the default.
    fn is_stale(&self, name: &Arc<str>, world: &World) -> bool {
        world.picks().iter().any(|(id, cell)| {
            let depends = self.facts.get(id).is_some_and(|f| f.inputs.contains(name));
            let default = self.symbols.get(*id).default.as_ref().and_then(literal_of);
            depends
                && match (cell, default) {
                    (Cell::Is(is), Some(default)) => *is != default,
                    (Cell::NotIn(not), Some(default)) => not.contains(&default),
                    (_, None) => false,
                }
        })
    }

    /// The symbol of a variable, with its default.
    fn variable_symbol(
        &mut self,
        variable: Option<&Variable>,
        name: &Arc<str>,
        used_at: Span,
    ) -> SymbolId {
        let key = format!("var.{name}");
        if let Some(id) = self.symbols.find(&key) {
            return id;
        }
        let passed = self.given.passed.get(&**name).copied();
        let default = variable.filter(|_| passed.is_none()).and_then(|v| self.default_of(v));
        let span = variable.and_then(|v| v.block.labels.first()).map(|l| l.span);
        let span = passed.or(span);
        let span = span.or_else(|| variable.map(|v| v.block.header));
        let origin = self.origins.literal(span.unwrap_or(used_at));
        let flags = self.given.flags.get(&**name).filter(|values| values.len() > 1);
        let mut bound = variable.map(validation::bound).unwrap_or_default();
        let allowed = match flags {
            Some(values) => Some(values.iter().map(|v| Literal::Text(v.as_str().into())).collect()),
            None => bound.allowed.take(),
        };
        let id = self.symbols.intern(&key, || Symbol {
            label: key.clone(),
            origin,
            class: Class::Input,
            default,
            allowed,
            pin: Some(format!("--var {name}=...")),
        });
        let fact = self.fact(id);
        fact.inputs.insert(Arc::clone(name));
        fact.bound = bound;
        self.describe_elements(id);
        id
    }

    fn default_of(&mut self, variable: &Variable) -> Option<Value> {
        let default = variable.block.body.attribute("default")?.clone();
        let world = World::default().freeze();
        let scope = Scope::template(Vec::new(), None);
        let env = Env { scope: &scope, world: &world, mode: Mode::Default };
        let memo = Memo::DefaultOf(Arc::clone(&variable.name));
        let known = self.remember(memo, &default.value, env, |evaluator| {
            let value = evaluator.eval(&default.value, env)?;
            let value = evaluator.convert_to(variable, value);
            let value = evaluator.via(&value, default.name_span, Step::Default);
            Ok(Known::Value(value))
        });
        // In a frozen world nothing asks for a split.
        match known {
            Ok(Known::Value(value)) => Some(value),
            _ => None,
        }
    }

    pub(super) fn convert_to(&mut self, variable: &Variable, value: Value) -> Value {
        match variable.block.body.attribute("type") {
            Some(kind) => self.convert(&value, &kind.value, 0),
            None => value,
        }
    }

    fn literal_value(&mut self, literal: &Literal, origin: Origin) -> Value {
        match literal {
            Literal::Null => Value::new(Kind::Null, origin),
            Literal::Bool(b) => Value::new(Kind::Bool(*b), origin),
            Literal::Number(n) => Value::new(Kind::Number(Arc::clone(n)), origin),
            Literal::Text(text) => self.computed(&Arc::clone(text), origin),
        }
    }

    fn empty_value(&self, variable: Option<&Variable>) -> Kind {
        let kind = variable.and_then(|v| v.block.body.attribute("type")).map(|a| &a.value);
        match kind.map(|k| self.files.db.slice(k.span)) {
            Some(text) if text == "string" => Kind::Text(Text::default()),
            Some(text) if text.starts_with("map") || text.starts_with("object") => {
                Kind::Map(Arc::default())
            }
            _ => Kind::List(Arc::from([])),
        }
    }
}
