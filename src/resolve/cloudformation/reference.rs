//! References: `Ref`, `Fn::GetAtt`, imports.

use std::sync::Arc;

use super::template::Resource;
use super::{Cx, Unit, string};
use crate::resolve::{Class, IdKind, Kind, NeedSplit, Value};
use crate::source::{Span, Step};
use crate::syntax::Node;

impl Unit<'_> {
    /// `Ref`: a loop variable, a parameter, a pseudo parameter or a resource.
    pub(super) fn reference(
        &mut self,
        arg: &Node,
        node: &Node,
        cx: Cx<'_>,
    ) -> Result<Value, NeedSplit> {
        let Some(name) = arg.scalar() else { return Ok(self.unknown("Ref", node, cx)) };
        if let Some(value) = cx.scope.get(&name) {
            let value = value.clone();
            return Ok(self.through(&value, node.span, Step::Reference));
        }
        let name = self.loop_key(&name, cx.scope);
        self.named(&name, node.span, cx)
    }

    /// What a name of a `Ref` or of a `${}` stands for; one with a dot is an attribute.
    pub(super) fn named(&mut self, name: &str, at: Span, cx: Cx<'_>) -> Result<Value, NeedSplit> {
        if let Some(value) = self.parameter(name, at, cx)? {
            return Ok(value);
        }
        if let Some(value) = self.pseudo(name, at, cx)? {
            return Ok(value);
        }
        match self.output(name, at, cx)? {
            Some(value) => Ok(value),
            None => Ok(self.resource_value(name, at)),
        }
    }

    /// `Fn::GetAtt`: `Name.Attribute`, or [name, attribute].
    pub(super) fn get_att(
        &mut self,
        arg: &Node,
        node: &Node,
        cx: Cx<'_>,
    ) -> Result<Value, NeedSplit> {
        let name = match arg.as_list() {
            None => arg.scalar(),
            Some(items) => {
                let mut parts = Vec::new();
                for item in items.iter().take(8) {
                    let part = match self.value(item, cx)?.known_text() {
                        Some(part) => part,
                        None => return Ok(self.unknown("Fn::GetAtt", node, cx)),
                    };
                    parts.push(part);
                }
                Some(parts.join(".").into())
            }
        };
        match name {
            Some(name) if name.contains('.') => {
                let name = self.loop_key(&name, cx.scope);
                match self.output(&name, node.span, cx)? {
                    Some(value) => Ok(value),
                    None => Ok(self.resource_value(&name, node.span)),
                }
            }
            _ => Ok(self.unknown("Fn::GetAtt", node, cx)),
        }
    }

    /// The value of `Name` or `Name.Attribute`, a symbol in any case.
    fn resource_value(&mut self, name: &str, at: Span) -> Value {
        let template = self.template();
        let (id, attribute) = match name.split_once('.') {
            _ if template.resource(name).is_some() => (name, None),
            Some((id, attribute)) => (id, Some(attribute)),
            None => (name, None),
        };
        let symbol = match template.resource(id) {
            Some(resource) => self.resource_symbol(resource, attribute),
            None => match self.generated(&template, id, attribute) {
                Some(class) => {
                    let origin = self.origins.literal(at);
                    let label = format!("{}{name}", self.path());
                    let symbol = self.intern(&format!("resource:{name}"), &label, origin, class);
                    let target = (self.here, id.into(), attribute.map(Arc::from));
                    self.targets.insert(symbol, target);
                    symbol
                }
                // A name that nothing declares: the deployment fails, or a macro declares it.
                None => self.opaque(&format!("undeclared:{name}"), name, at),
            },
        };
        let declared = self.symbols.get(symbol).origin;
        let from = (self.origins.span(declared) != at).then_some(declared);
        let origin = self.origins.add(at, Step::Reference, from);
        Value::new(Kind::Symbol(symbol), origin)
    }

    fn resource_symbol(
        &mut self,
        resource: &Resource,
        attribute: Option<&str>,
    ) -> crate::resolve::SymbolId {
        let (class, attribute) = class_of(&resource.kind, attribute);
        let name = match attribute {
            Some(attribute) => format!("{}.{attribute}", resource.id),
            None => resource.id.to_string(),
        };
        let origin = self.origins.literal(resource.id_span);
        let label = format!("{}{name}", self.path());
        let symbol = self.intern(&format!("resource:{name}"), &label, origin, class);
        let target = (self.here, Arc::clone(&resource.id), attribute.map(Arc::from));
        self.targets.insert(symbol, target);
        symbol
    }

    /// `Fn::ImportValue`: an output of another stack.
    pub(super) fn import_value(
        &mut self,
        arg: &Node,
        node: &Node,
        cx: Cx<'_>,
    ) -> Result<Value, NeedSplit> {
        let name = self.value(arg, cx)?;
        let pieces = self.pieces(&name).unwrap_or_default();
        let label = format!("Fn::ImportValue {}", string::display_pieces(&pieces, &self.symbols));
        let key = format!("import:{}", string::key_of(&pieces));
        let at = self.origins.literal(node.span);
        let symbol = self.intern(&key, &label, at, Class::External);
        let origin = self.origins.add(node.span, Step::Call("Fn::ImportValue"), None);
        Ok(Value::new(Kind::Symbol(symbol), origin))
    }

    /// The resources that AWS SAM declares itself: the implicit API, the roles of functions, stages
    /// and deployments (`Api.Stage`).
    fn generated(
        &mut self,
        template: &super::Template,
        id: &str,
        attribute: Option<&str>,
    ) -> Option<Class> {
        if !template.is_sam() {
            return None;
        }
        if id == "ServerlessRestApi" && attribute.is_none_or(|a| a == "RestApiId") {
            return Some(Class::ApiId);
        }
        self.spend(template.resources().len() / 16);
        let role = id.strip_suffix("Role").and_then(|base| template.resource(base));
        let staged = template.resources().iter().any(|r| {
            &*r.kind == "AWS::Serverless::Api" && id.starts_with(&*r.id) && id.len() > r.id.len()
        });
        (role.is_some_and(|r| r.kind.starts_with("AWS::Serverless::")) || staged)
            .then_some(Class::OwnId(IdKind::Other))
    }
}

/// What kind of value an attribute of a resource is, and its one name: `None` where the attribute is
/// the same as `Ref`.
fn class_of<'n>(kind: &str, attribute: Option<&'n str>) -> (Class, Option<&'n str>) {
    match (kind, attribute) {
        ("AWS::EC2::VPCEndpoint", None | Some("Id")) => (Class::OwnId(IdKind::VpcEndpoint), None),
        ("AWS::EC2::VPC", None | Some("VpcId")) => (Class::OwnId(IdKind::Vpc), None),
        ("AWS::ApiGateway::RestApi" | "AWS::Serverless::Api", None | Some("RestApiId")) => {
            (Class::ApiId, None)
        }
        ("AWS::SSM::Parameter" | "AWS::CloudFormation::WaitCondition", Some(_)) => {
            (Class::External, attribute)
        }
        ("AWS::CloudFormation::Stack" | "AWS::Serverless::Application", Some(name))
            if name.starts_with("Outputs.") =>
        {
            (Class::External, attribute)
        }
        // What a custom resource returns can be anything.
        ("AWS::CloudFormation::CustomResource", _) => (Class::External, attribute),
        _ if kind.starts_with("Custom::") => (Class::External, attribute),
        _ => (Class::OwnId(IdKind::Other), attribute),
    }
}
