//! How AWS SAM authorises the methods of an API (SEMANTICS 4.2): the schemes that it adds to a
//! document, `Auth` of events, and the `DefaultAuthorizer`.

use std::sync::Arc;

use super::definition::{Source, is_truthy};
use super::events::Event;
use super::globals::is_call;
use crate::extract::cloudformation::api::Reader;
use crate::extract::openapi::{self, Operation, Place, Requirement, Schemes};
use crate::model::AuthType;
use crate::resolve::{NeedSplit, Value, World};
use crate::source::Origin;
use crate::syntax::{Kind, Node};

/// The name that stands for IAM.
const IAM: &str = "AWS_IAM";
/// The name of the scheme of a key.
const KEY: &str = "api_key";
/// What an event asks for that wants no key.
const NO_KEY: &str = "api_key_false";
/// Names that SAM leaves in an operation where an event asks for nothing: no scheme has them.
const LEFTOVERS: [&str; 2] = ["NONE", NO_KEY];

/// The authorizers of an API, in a world.
#[derive(Debug, Default)]
pub(super) struct Authorizers {
    /// The schemes of OpenAPI 2.0, where SAM adds its own.
    pub(super) schemes: Schemes,
    /// The names that `Auth` gives: one of these in an operation stands for the default.
    own: Vec<Arc<str>>,
    /// The default, where there is one and AWS SAM heeds it, and its token.
    default: Option<(Arc<str>, Origin)>,
    /// Whether OPTIONS methods get the default too.
    preflight: bool,
    /// Where every method asks for an API key.
    key: Option<Origin>,
}

impl Reader<'_, '_> {
    /// The authorizers of the API, `document` being its definition.
    pub(super) fn authorizers(
        &mut self,
        document: Option<&Value>,
        world: &World,
    ) -> Result<Authorizers, NeedSplit> {
        let mut out = Authorizers { preflight: true, ..Authorizers::default() };
        if let Some(document) = document {
            out.schemes = Schemes::at(document, Place::Definitions);
        }
        let mut open = false;
        let resource = self.resource;
        if let Some(auth) = resource.property("Auth").filter(|auth| is_truthy(auth)) {
            open |= auth.as_map().is_none_or(|pairs| is_call(pairs));
            let default = match auth.get("DefaultAuthorizer").filter(|node| is_truthy(node)) {
                Some(node) => {
                    let value = self.unit.eval(node, &resource.scope, world)?;
                    open |= value.known_text().is_none();
                    value.known_text().map(|name| (Arc::<str>::from(name), value.origin))
                }
                None => None,
            };
            let is_iam = default.as_ref().is_some_and(|(name, _)| &**name == IAM);
            if is_iam {
                out.schemes.insert(IAM, AuthType::AwsIam);
            }
            let named = auth.get("Authorizers").filter(|node| is_truthy(node));
            open |= named.is_some_and(|node| node.as_map().is_none_or(|pairs| is_call(pairs)));
            for pair in named.and_then(Node::as_map).into_iter().flat_map(|pairs| pairs.iter()) {
                let Some(name) = pair.key.scalar() else { continue };
                let pool = pair.value.get("UserPoolArn").is_some_and(is_truthy);
                let kind = if pool { AuthType::CognitoUserPools } else { AuthType::Custom };
                out.schemes.insert(&name, kind);
                out.own.push(name);
            }
            // Without any authorizer the translator passes over a default that names one.
            if is_iam || named.is_some() {
                out.default = default;
            }
            if let Some(key) = auth.get("ApiKeyRequired").filter(|node| is_truthy(node)) {
                out.key = Some(self.unit.origin(key.span));
                out.schemes.insert_key(KEY);
            }
            if let Some(node) = auth.get("AddDefaultAuthorizerToCorsPreflight") {
                out.preflight = is_truthy(node);
            }
        }
        out.own.push(IAM.into());
        out.schemes.open |= open;
        Ok(out)
    }

    /// Adds what an event asks for to an operation.
    pub(super) fn ask(
        &mut self,
        event: &Event,
        source: Source,
        operation: &mut Operation,
        schemes: &mut Schemes,
    ) {
        let Some(auth) = event.get("Auth") else { return };
        let name = auth.get("Authorizer").filter(|name| is_truthy(name));
        let key = auth.get("ApiKeyRequired").filter(|node| !matches!(node.kind, Kind::Null));
        // Of the document that a method is merged from, the methods alone are taken.
        let merged = source == Source::Merged;
        let defines = !merged || event.overrides();
        if merged && (name.is_some() || key.is_some()) {
            operation.security.clear();
            operation.readable = true;
        }
        if let Some(name) = name {
            match name.as_text() {
                Some(text) => {
                    let at = self.unit.origin(name.span);
                    let names = vec![Arc::clone(&text.text)];
                    operation.security.push(Requirement { names, at });
                }
                None => operation.readable = false,
            }
            // Behind another requirement the translator does not define it.
            let first = operation.security.first();
            if defines && first.is_some_and(|first| first.names.iter().any(|n| &**n == IAM)) {
                schemes.insert_missing(IAM, AuthType::AwsIam);
            }
        }
        let Some(key) = key else { return };
        let needed = is_truthy(key);
        let names = vec![if needed { KEY } else { NO_KEY }.into()];
        operation.security.push(Requirement { names, at: self.unit.origin(key.span) });
        if needed && defines {
            schemes.insert_key(KEY);
        }
    }
}

impl Authorizers {
    /// The schemes that count, once SAM has added its own to `document`.
    pub(super) fn settle(&mut self, document: Option<&Value>) {
        // Those of a document in OpenAPI 3.0 are lost where SAM has any of its own.
        if let Some(document) = document
            && openapi::place(document) == Place::Components
            && self.schemes.is_empty()
        {
            self.schemes = Schemes::of(document);
        }
        for name in LEFTOVERS {
            self.schemes.insert_missing(name, AuthType::None);
        }
    }

    /// Adds the default authorizer to an operation that does not ask for another one, and then the key.
    pub(super) fn complete(&self, operation: &mut Operation) {
        self.authorize(operation);
        let asks =
            |name: &str| operation.security.iter().any(|r| r.names.iter().any(|n| &**n == name));
        if let Some(at) = self.key
            && operation.integrated
            && &*operation.key != "options"
            && !asks(KEY)
            && !asks(NO_KEY)
        {
            operation.security.push(Requirement { names: vec![KEY.into()], at });
        }
    }

    fn authorize(&self, operation: &mut Operation) {
        let Some((default, at)) = &self.default else { return };
        let preflight = &*operation.key == "options";
        if !operation.integrated || (preflight && !self.preflight) {
            return;
        }
        let security = std::mem::take(&mut operation.security);
        let is_own = |r: &Requirement| r.names.iter().any(|name| self.own.contains(name));
        let (own, mut others): (Vec<_>, Vec<_>) = security.iter().cloned().partition(is_own);
        let none = others.iter().position(|r| r.names.iter().any(|name| &**name == "NONE"));
        match none {
            Some(index) => drop(others.remove(index)),
            None if own.is_empty() => {
                others.push(Requirement { names: vec![Arc::clone(default)], at: *at });
            }
            None => others.extend(own),
        }
        // The translator writes no empty list: what was asked for stays.
        operation.security = if others.is_empty() { security } else { others };
    }
}
