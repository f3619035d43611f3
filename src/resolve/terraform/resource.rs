//! Resources and data sources as values: their attributes, configured or computed.

use std::sync::Arc;

use super::class::class_of;
use super::evaluator::Evaluator;
use super::expansion::Instance;
use super::module::{Resource, Sort};
use super::scope::{Env, Mode};
use super::traversal::Steps;
use crate::resolve::{
    Class, IdKind, Item, Key, Kind, Map, NeedSplit, Piece, Rest, SymbolId, Text, Value,
};
use crate::source::Step;
use crate::syntax::{Node, Traverse};

/// A resource instance, or one attribute of it, behind a symbol.
#[derive(Debug, Clone)]
pub struct Object {
    /// The resource.
    pub resource: Arc<Resource>,
    /// Its instance.
    pub instance: Instance,
    /// The attribute; `None` for the whole object.
    pub attribute: Option<Arc<str>>,
}

impl Object {
    /// The address of the instance.
    pub fn address(&self) -> String {
        self.resource.instance(&self.instance.suffix)
    }
}

impl Evaluator<'_> {
    /// What a symbol stands for, when it is a resource or a computed attribute of one.
    pub fn object(&self, value: &Value) -> Option<&Object> {
        let Kind::Symbol(id) = value.kind else { return None };
        self.facts.get(&id)?.object.as_ref()
    }

    /// A reference to a resource or data source.
    pub(super) fn resource(
        &mut self,
        node: &Node,
        (sort, kind, name): (Sort, &Arc<str>, &Arc<str>),
        steps: Steps<'_>,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let module = Arc::clone(&self.module);
        let Some(resource) = module.resource(sort, kind, name) else {
            return self.undeclared(node, (sort, kind, name), steps, env);
        };
        let instances = self.instances_in(resource, env)?;
        let counted = resource.count().is_some() && resource.for_each().is_none();
        let first = steps.first().map(|(step, _)| step);
        let base = match (resource.for_each().is_some(), counted, first) {
            (false, false, _) => match instances.first() {
                Some(instance) => self.object_of(resource, instance, node),
                None => return Ok(self.failed(node, env, "it has no instance")),
            },
            // `aws_x.y.id` of a counted resource: what older configurations wrote.
            (_, true, Some(Traverse::Attr(_))) => match instances.first() {
                Some(instance) => self.object_of(resource, instance, node),
                None => return Ok(self.failed(node, env, "it has no instance")),
            },
            (_, true, _) => {
                let items = instances.iter().map(|i| Item::One(self.object_of(resource, i, node)));
                let items = items.collect();
                Value::new(Kind::List(items), self.origins.literal(node.span))
            }
            _ => self.keyed_objects(resource, &instances, node),
        };
        // The instance that stands for all of them is meant by every unknown key.
        if let Some(Traverse::Index(key)) = first
            && let Some(symbolic) = instances.iter().find(|i| i.symbolic)
        {
            let chosen = self.eval(key, env)?;
            let known = super::text::known_text(&chosen);
            let exists = known.is_some_and(|k| base.get(&k).is_some());
            if !exists {
                let object = self.object_of(resource, symbolic, node);
                return self.walk(object, steps.get(1..).unwrap_or_default(), node, env);
            }
        }
        self.walk(base, steps, node, env)
    }

    fn keyed_objects(
        &mut self,
        resource: &Arc<Resource>,
        instances: &[Instance],
        node: &Node,
    ) -> Value {
        let origin = self.origins.literal(node.span);
        let mut map = Map::default();
        for instance in instances {
            let value = self.object_of(resource, instance, node);
            if instance.symbolic {
                if let Kind::Symbol(id) = value.kind {
                    map.rest = Some((id, Rest::Under));
                }
                continue;
            }
            let key = instance.names.first().and_then(|(_, each)| each.get("key"));
            let text = key.and_then(super::text::known_text);
            let text = text.unwrap_or_else(|| instance.suffix.clone());
            map.entries.push((Key { text: text.into(), origin }, value));
        }
        Value::new(Kind::Map(Arc::new(map)), origin)
    }

    /// The symbol of a whole instance.
    fn object_of(&mut self, resource: &Arc<Resource>, instance: &Instance, node: &Node) -> Value {
        let origin = self.origins.literal(node.span);
        let label = resource.instance(&instance.suffix);
        let class = Class::OwnId(IdKind::Other);
        let id = self.intern(&format!("object:{label}"), &label, origin, class);
        self.fact(id).object = Some(Object {
            resource: Arc::clone(resource),
            instance: instance.clone(),
            attribute: None,
        });
        Value::new(Kind::Symbol(id), origin)
    }

    /// An attribute of an instance.
    pub(super) fn attribute(
        &mut self,
        object: &Object,
        name: &Arc<str>,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let resource = &object.resource;
        if let Some(value) = self.known_attribute(object, name, node, env)? {
            return Ok(value);
        }
        // In the JSON syntax an argument may be blocks, of which the provider makes a value.
        if resource.block.body.blocks(name).next().is_some() {
            return Ok(self.opaque(node, env));
        }
        if let Some(attribute) = resource.block.body.attribute(name)
            && !is_lookup(resource, name)
        {
            let scope = object.instance.scope();
            let value = self.eval(&attribute.value, env.scope(&scope))?;
            return Ok(self.via(&value, node.span, Step::Reference));
        }
        Ok(self.computed_attribute(object, name, node))
    }

    /// The attributes that have a meaning of their own.
    fn known_attribute(
        &mut self,
        object: &Object,
        name: &Arc<str>,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        let resource = &object.resource;
        match (resource.sort, &*resource.kind, &**name) {
            (Sort::Data, "aws_iam_policy_document", "json" | "minified_json") => {
                let document = self.policy_document(object, node, env)?;
                Ok(Some(self.via(&document, node.span, Step::Reference)))
            }
            (Sort::Data, "template_file", "rendered") => {
                Ok(Some(self.template_file(object, node, env)?))
            }
            (Sort::Data, "local_file" | "local_sensitive_file", "content") => {
                match resource.block.body.attribute("filename") {
                    Some(path) => {
                        let scope = object.instance.scope();
                        let path = self.eval(&path.value, env.scope(&scope))?;
                        self.file_text(&path, node, env).map(Some)
                    }
                    None => Ok(None),
                }
            }
            (Sort::Data, "aws_region", "name" | "id" | "region") => {
                // The region that is looked for is the one that is found; null looks for none.
                let body = &resource.block.body;
                let scope = object.instance.scope();
                for wanted in ["region", "name"] {
                    if let Some(region) = self.argument(body, wanted, env.scope(&scope))? {
                        return Ok(Some(self.via(&region, node.span, Step::Reference)));
                    }
                }
                Ok(Some(self.computed_attribute(object, name, node)))
            }
            (Sort::Managed, "terraform_data", "output") => {
                match resource.block.body.attribute("input") {
                    Some(input) => {
                        let scope = object.instance.scope();
                        let value = self.eval(&input.value, env.scope(&scope))?;
                        Ok(Some(self.via(&value, node.span, Step::Reference)))
                    }
                    None => Ok(None),
                }
            }
            (_, "aws_api_gateway_rest_api", "arn") => {
                // The ARN of the management API: no request to invoke ever matches it.
                Ok(Some(self.management_arn(object, node)))
            }
            (_, "aws_api_gateway_stage" | "aws_api_gateway_deployment", "execution_arn") => {
                self.stage_arn(object, node, env)
            }
            _ => Ok(None),
        }
    }

    fn management_arn(&mut self, object: &Object, node: &Node) -> Value {
        let origin = self.origins.literal(node.span);
        let partition = self.environment(Class::Partition, node);
        let region = self.environment(Class::Region, node);
        let id = self.computed_attribute(object, &"id".into(), node);
        let mut pieces = vec![self.computed_piece("arn:", origin)];
        for (value, text) in [(partition, ":apigateway:"), (region, "::/restapis/")] {
            pieces.extend(self.pieces_of(&value).unwrap_or_default());
            pieces.push(self.computed_piece(text, origin));
        }
        pieces.extend(self.pieces_of(&id).unwrap_or_default());
        Value::new(Kind::Text(Text(pieces)), origin)
    }

    /// The execution ARN of a stage: that of its API, then a slash and its name (hashicorp/
    /// terraform-provider-aws, `internal/service/apigateway/stage.go` and `deployment.go`).
    fn stage_arn(
        &mut self,
        object: &Object,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        let body = &object.resource.block.body;
        let scope = object.instance.scope();
        let inner = env.scope(&scope);
        let Some(id) = self.argument(body, "rest_api_id", inner)? else { return Ok(None) };
        let Some(arn) = self.execution_arn(&id, node) else { return Ok(None) };
        let name = self.argument(body, "stage_name", inner)?;
        let origin = self.origins.literal(node.span);
        let mut pieces = vec![Piece::Hole(arn, origin), self.computed_piece("/", origin)];
        if let Some(name) = name {
            let Some(name) = self.pieces_of(&name) else { return Ok(None) };
            pieces.extend(name);
        }
        Ok(Some(Value::new(Kind::Text(Text(pieces)), origin)))
    }

    /// The execution ARN of the API of that id.
    fn execution_arn(&mut self, id: &Value, node: &Node) -> Option<SymbolId> {
        let object = self.object(id).filter(|one| one.attribute.as_deref() == Some("id"))?;
        let api = Object { attribute: None, ..object.clone() };
        if &*api.resource.kind != "aws_api_gateway_rest_api" {
            return None;
        }
        match self.computed_attribute(&api, &"execution_arn".into(), node).kind {
            Kind::Symbol(arn) => Some(arn),
            _ => None,
        }
    }

    /// The account, region or partition that is deployed to.
    fn environment(&mut self, class: Class, node: &Node) -> Value {
        let (key, label) = match class {
            Class::OwnerAccount => ("environment:account", "data.aws_caller_identity.account_id"),
            Class::Region => ("environment:region", "data.aws_region.name"),
            _ => ("environment:partition", "data.aws_partition.partition"),
        };
        let origin = self.origins.literal(node.span);
        let id = self.intern(key, label, origin, class);
        Value::new(Kind::Symbol(id), origin)
    }

    /// An attribute that only the provider knows.
    pub(super) fn computed_attribute(
        &mut self,
        object: &Object,
        name: &Arc<str>,
        node: &Node,
    ) -> Value {
        let resource = &object.resource;
        let origin = self.origins.literal(node.span);
        let plain = class_of(resource.sort, &resource.kind, name);
        // Another provider configuration may mean another account or region.
        let class = match plain {
            Class::OwnerAccount if self.is_at_home(resource) => {
                return self.environment(plain, node);
            }
            Class::OwnerAccount => Class::External,
            Class::Region if self.is_in_home_region(resource) && !has_endpoint(resource) => {
                return self.environment(plain, node);
            }
            // An account is in one partition, and so is a region.
            Class::Partition if self.is_at_home(resource) || self.is_in_home_region(resource) => {
                return self.environment(plain, node);
            }
            Class::Region | Class::Partition => Class::OwnId(IdKind::Other),
            // The ARN and id of whoever deploys there.
            _ if &*resource.kind == "aws_caller_identity" && !self.is_at_home(resource) => {
                Class::External
            }
            class => class,
        };
        let label = format!("{}.{name}", object.address());
        // What is somebody else's here may be the deployer's own where another API is judged.
        let key = if class == plain { label.clone() } else { format!("{label} ({class:?})") };
        let id = self.intern(&key, &label, origin, class);
        self.fact(id).object = Some(Object { attribute: Some(Arc::clone(name)), ..object.clone() });
        Value::new(Kind::Symbol(id), origin)
    }

    /// A resource that the module does not declare: what can be told from its type.
    fn undeclared(
        &mut self,
        node: &Node,
        (sort, kind, name): (Sort, &Arc<str>, &Arc<str>),
        steps: Steps<'_>,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let address = match sort {
            Sort::Managed => format!("{kind}.{name}"),
            Sort::Data => format!("data.{kind}.{name}"),
        };
        if !kind.contains('_') {
            return Ok(self.failed(node, env, &format!("nothing is named `{address}`")));
        }
        let origin = self.origins.literal(node.span);
        let at = steps.iter().position(|(s, _)| matches!(s, Traverse::Attr(_)));
        let (attribute, behind) = match at.and_then(|at| steps.get(at..)) {
            Some([(Traverse::Attr(name), _), behind @ ..]) => (Arc::clone(name), behind),
            _ => return Ok(self.opaque(node, env)),
        };
        let class = class_of(sort, kind, &attribute);
        let value = match class {
            Class::OwnerAccount | Class::Region | Class::Partition => self.environment(class, node),
            class => {
                let label = format!("{address}.{attribute}");
                let id = self.intern(&label, &label, origin, class);
                Value::new(Kind::Symbol(id), origin)
            }
        };
        self.walk(value, behind, node, env)
    }

    /// `data.template_file.x.rendered`.
    fn template_file(
        &mut self,
        object: &Object,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let body = &object.resource.block.body;
        let scope = object.instance.scope();
        let inner = env.scope(&scope);
        let text = match (body.attribute("template"), body.attribute("filename")) {
            (Some(template), _) => self.eval(&template.value, inner)?,
            // What older configurations write.
            (None, Some(path)) => {
                let path = self.eval(&path.value, inner)?;
                self.file_text(&path, node, inner)?
            }
            (None, None) => return Ok(self.opaque(node, env)),
        };
        let vars = self.strings(&object.resource, inner.mode(Mode::Data))?;
        let value = self.render(&text, &vars, node, env)?;
        Ok(self.via(&value, node.span, Step::Reference))
    }
}

/// Whether an argument of a data source is what it looks for, not what it found: the found value is
/// the deployer's own.
fn is_lookup(resource: &Resource, name: &str) -> bool {
    resource.sort == Sort::Data && name == "id"
}

/// Whether a data source looks for a region by an endpoint: it may be another than the deployer's.
fn has_endpoint(resource: &Resource) -> bool {
    resource.block.body.attribute("endpoint").is_some()
}
