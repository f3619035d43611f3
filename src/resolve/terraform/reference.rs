//! References: what the root of a traversal names.

use std::sync::Arc;

use super::evaluator::{Evaluator, Known, Memo};
use super::module::Sort;
use super::notes::Used;
use super::scope::{Env, Mode, Scope};
use super::traversal::Steps;
use crate::resolve::{Cell, Class, Kind, Literal, NeedSplit, Symbol, Value};
use crate::source::Step;
use crate::syntax::{Node, Traverse};

impl Evaluator<'_> {
    /// A reference that begins with the name `root`.
    pub(super) fn name(
        &mut self,
        node: &Node,
        root: &Arc<str>,
        steps: Steps<'_>,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        if let Some(value) = env.scope.lookup(root) {
            let value = match &value.kind {
                Kind::Symbol(id) => self.symbol_value(*id, value.origin, env),
                _ => value.clone(),
            };
            return self.walk(value, steps, node, env);
        }
        if env.scope.is_isolated() {
            return match env.scope.rest() {
                Some(rest) => {
                    let label = format!("{}.{root}", self.symbols.get(rest).label);
                    let id = self.derive(rest, &format!(".{root}"), &label, None);
                    let origin = self.origins.literal(node.span);
                    self.walk(Value::new(Kind::Symbol(id), origin), steps, node, env)
                }
                None => Ok(self.failed(node, env, &format!("there is no variable `{root}`"))),
            };
        }
        let attr = |i: usize| match steps.get(i) {
            Some((Traverse::Attr(name), _)) => Some(Arc::clone(name)),
            _ => None,
        };
        let behind = |i: usize| steps.get(i..).unwrap_or_default();
        match (&**root, attr(0), attr(1)) {
            ("var", Some(name), _) => {
                let (value, done) = self.variable_path(node, &name, behind(1), env)?;
                self.walk(value, behind(1 + done), node, env)
            }
            ("local", Some(name), _) => {
                let value = self.local(node, &name, env)?;
                self.walk(value, behind(1), node, env)
            }
            ("path", Some(_), _) => {
                // Relative paths are read from the module's directory, which is also the root.
                let origin = self.origins.literal(node.span);
                Ok(self.computed(".", origin))
            }
            ("terraform", Some(name), _) if &*name == "workspace" => self.workspace(node, env),
            ("module", Some(call), _) => match self.followed(node, &call, behind(1), env)? {
                Some(value) => Ok(value),
                None => self.module_output(node, &call, behind(1), env),
            },
            ("data", Some(kind), Some(name)) => {
                self.resource(node, (Sort::Data, &kind, &name), behind(2), env)
            }
            ("each" | "count" | "self" | "var" | "local" | "path" | "terraform", ..) => {
                Ok(self.opaque(node, env))
            }
            (_, Some(name), _) => self.resource(node, (Sort::Managed, root, &name), behind(1), env),
            (_, None, _) => Ok(self.failed(node, env, &format!("nothing is named `{root}`"))),
        }
    }

    /// A variable and as many attributes behind it as the world says something of: an attribute of
    /// an object variable may be what a branch asked for.
    fn variable_path(
        &mut self,
        node: &Node,
        name: &Arc<str>,
        steps: Steps<'_>,
        env: Env<'_>,
    ) -> Result<(Value, usize), NeedSplit> {
        if env.mode != Mode::Default
            && let Some(mut id) = self.symbols.find(&format!("var.{name}"))
        {
            for (done, (step, _)) in steps.iter().enumerate() {
                let Traverse::Attr(attr) = step else { break };
                let Some(inner) = self.symbols.find(&format!("#{}.{attr}", id.0)) else { break };
                if let Some(Cell::Is(_)) = env.world.cell(inner) {
                    let origin = self.origins.literal(node.span);
                    return Ok((self.symbol_value(inner, origin, env), done + 1));
                }
                id = inner;
            }
        }
        Ok((self.variable(node, name, env)?, 0))
    }

    /// `local.name`.
    pub(super) fn local(
        &mut self,
        node: &Node,
        name: &Arc<str>,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let module = Arc::clone(&self.module);
        let Some(local) = module.locals.get(name) else {
            return Ok(self.failed(node, env, &format!("there is no local `{name}`")));
        };
        let scope = Scope::module();
        let inner = env.scope(&scope);
        let known = self.remember(Memo::Local(Arc::clone(name)), node, inner, |evaluator| {
            evaluator.used(Used::Read(local.span));
            let value = evaluator.eval(&local.value, inner)?;
            Ok(Known::Value(evaluator.via(&value, local.name_span, Step::Local)))
        })?;
        match known {
            Known::Value(value) => Ok(self.via(&value, node.span, Step::Reference)),
            Known::Instances(_) => Ok(self.opaque(node, env)),
        }
    }

    /// `terraform.workspace`: an input like a variable, pinned like one.
    fn workspace(&mut self, node: &Node, env: Env<'_>) -> Result<Value, NeedSplit> {
        const NAME: &str = "terraform.workspace";
        let origin = self.origins.literal(node.span);
        let given = self.given_flags(NAME);
        if let [one] = given.as_slice() {
            return Ok(self.computed(one, origin));
        }
        let literals: Vec<Literal> =
            given.iter().map(|v| Literal::Text(v.as_str().into())).collect();
        let id = self.symbols.intern(NAME, || Symbol {
            label: NAME.into(),
            origin,
            class: Class::Input,
            default: None,
            allowed: (!literals.is_empty()).then_some(literals),
            pin: Some(format!("--var {NAME}=...")),
        });
        Ok(self.symbol_value(id, origin, env))
    }

    /// `module.call.output` of a call that is not followed.
    fn module_output(
        &mut self,
        node: &Node,
        call: &str,
        steps: Steps<'_>,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let origin = self.origins.literal(node.span);
        // The names of a module that was taken in carry its address.
        let call = match call.rsplit_once('.') {
            Some((module, call)) => format!("{module}.module.{call}"),
            None => format!("module.{call}"),
        };
        // An instance key of the call, then the output.
        let output = steps.iter().position(|(s, _)| matches!(s, Traverse::Attr(_)));
        let Some(at) = output else {
            let id = self.intern(&call, &call, origin, Class::External);
            return self.walk(Value::new(Kind::Symbol(id), origin), steps, node, env);
        };
        let (before, behind) = steps.split_at(at);
        let splat =
            before.iter().any(|(s, _)| matches!(s, Traverse::AttrSplat | Traverse::FullSplat));
        let (name, behind) = match behind.split_first() {
            Some(((Traverse::Attr(name), _), behind)) => (Arc::clone(name), behind),
            _ => return Ok(self.opaque(node, env)),
        };
        let mut label = call;
        for (step, _) in before {
            match step {
                Traverse::Index(key) => label.push_str(&format!("[{}]", self.excerpt(key.span))),
                _ => label.push_str("[*]"),
            }
        }
        label.push('.');
        label.push_str(&name);
        let id = self.intern(&label, &label, origin, Class::External);
        let kind = if splat {
            Kind::List(std::sync::Arc::from([crate::resolve::Item::Many(id, origin)]))
        } else {
            Kind::Symbol(id)
        };
        self.walk(Value::new(kind, origin), behind, node, env)
    }
}
