//! Security schemes: which authorisation a name stands for (SEMANTICS 4.3).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::methods::Operation;
use crate::model::AuthType;
use crate::resolve::{Kind, Value};
use crate::source::Origin;

/// The schemes of a document, by name.
#[derive(Debug, Default, Clone)]
pub(in crate::extract) struct Schemes {
    known: BTreeMap<Arc<str>, AuthType>,
    /// Those that are the API key of usage plans, which authorises nobody.
    keys: BTreeSet<Arc<str>>,
    /// Another scheme may be there, or one of these be another.
    pub(in crate::extract) open: bool,
    /// One of them takes tokens as only HTTP APIs do.
    pub(in crate::extract) jwt: bool,
}

/// The places of the schemes: the version of a document decides which of them counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Place {
    /// `securityDefinitions`, of OpenAPI 2.0.
    Definitions,
    /// `components.securitySchemes`, of OpenAPI 3.0.
    Components,
}

impl Schemes {
    /// The schemes that a document defines.
    pub(in crate::extract) fn of(document: &Value) -> Self {
        Self::at(document, place(document))
    }

    /// The schemes that a document has at one of the two places.
    pub(in crate::extract) fn at(document: &Value, place: Place) -> Self {
        let parts: &[&str] = match place {
            Place::Definitions => &["securityDefinitions"],
            Place::Components => &["components", "securitySchemes"],
        };
        let mut out = Self::default();
        let mut found = Some(document);
        for part in parts {
            out.open |= found.is_some_and(is_open);
            found = found.and_then(|value| value.get(part));
        }
        out.open |= found.is_some_and(is_open);
        if let Some(Value { kind: Kind::Map(map), .. }) = found {
            for (name, value) in &map.entries {
                out.jwt |= is_jwt(value);
                if kind(value) == AuthType::None && is_key_of_usage_plans(value) {
                    out.keys.insert(Arc::clone(&name.text));
                }
                let before = out.known.insert(Arc::clone(&name.text), kind(value));
                // A name that stands twice: nobody says which one counts.
                if before.is_some_and(|before| before != kind(value)) {
                    out.known.insert(Arc::clone(&name.text), AuthType::Unknown);
                }
            }
        }
        out
    }

    /// Whether there is none for certain.
    pub(in crate::extract) fn is_empty(&self) -> bool {
        self.known.is_empty() && !self.open
    }

    /// Adds a scheme, in the place of one of that name.
    pub(in crate::extract) fn insert(&mut self, name: &str, kind: AuthType) {
        self.known.insert(name.into(), kind);
    }

    /// Adds a scheme, unless there is one of that name.
    pub(in crate::extract) fn insert_missing(&mut self, name: &str, kind: AuthType) {
        self.known.entry(name.into()).or_insert(kind);
    }

    /// Adds the scheme of an API key, unless there is one of that name.
    pub(in crate::extract) fn insert_key(&mut self, name: &str) {
        self.insert_missing(name, AuthType::None);
        self.keys.insert(name.into());
    }

    /// The token by which an operation asks for an API key.
    pub(in crate::extract) fn key(&self, operation: &Operation) -> Option<Origin> {
        let is_key = |name: &Arc<str>| {
            self.keys.contains(name) && self.known.get(name) == Some(&AuthType::None)
        };
        let mut asked = operation.security.iter();
        asked.find(|one| one.names.iter().any(is_key)).map(|one| one.at)
    }

    /// The authorisation of an operation, and the token that says so. A key alone authorises nobody;
    /// of several kinds AWS says nothing, nor of a name that no scheme has.
    pub(in crate::extract) fn authorisation(&self, operation: &Operation) -> (AuthType, Origin) {
        let mut found: Option<(AuthType, Origin)> = None;
        for requirement in &operation.security {
            for name in &requirement.names {
                let kind = match self.known.get(name) {
                    Some(AuthType::None) => continue,
                    Some(kind) => *kind,
                    None => AuthType::Unknown,
                };
                found = Some(match found {
                    Some((other, _)) if other != kind => (AuthType::Unknown, requirement.at),
                    _ => (kind, requirement.at),
                });
            }
        }
        let found = match (found, operation.said) {
            (None, Some(said)) => said,
            // No page says which of the two counts.
            (Some((kind, _)), Some((other, at))) if kind != other => (AuthType::Unknown, at),
            (Some(found), _) => found,
            (None, None) => (AuthType::None, operation.at),
        };
        match operation.certain && operation.readable && !self.open {
            true => found,
            false => (AuthType::Unknown, found.1),
        }
    }
}

/// Which place counts in a document.
pub(in crate::extract) fn place(document: &Value) -> Place {
    if document.get("swagger").is_some() { Place::Definitions } else { Place::Components }
}

/// Whether a part of a document is not known.
fn is_open(value: &Value) -> bool {
    match &value.kind {
        Kind::Map(map) => map.rest.is_some(),
        Kind::Null => false,
        _ => true,
    }
}

/// Whether a scheme is a JWT authorizer: REST APIs have none.
fn is_jwt(scheme: &Value) -> bool {
    let authorizer = scheme.get("x-amazon-apigateway-authorizer");
    let kind = authorizer.and_then(|authorizer| authorizer.get("type")).and_then(Value::known_text);
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("jwt"))
}

/// Whether a scheme is the API key that API Gateway asks for: the header `x-api-key`. A key of another
/// name is no business of its own (Developer Guide, "x-amazon-apigateway-api-key-source").
fn is_key_of_usage_plans(scheme: &Value) -> bool {
    let text = |name| scheme.get(name).and_then(Value::known_text);
    let named = text("name").is_some_and(|name| name.eq_ignore_ascii_case("x-api-key"));
    named && text("in").is_none_or(|place| place == "header")
}

/// What a scheme stands for.
fn kind(scheme: &Value) -> AuthType {
    const TYPE: &str = "x-amazon-apigateway-authtype";
    let text = |value: Option<&Value>| value.and_then(Value::known_text);
    let named = scheme.get(TYPE);
    if is_open(scheme) {
        return AuthType::Unknown;
    }
    if text(named).is_some_and(|kind| kind.eq_ignore_ascii_case("awsSigv4")) {
        return AuthType::AwsIam;
    }
    if let Some(authorizer) = scheme.get("x-amazon-apigateway-authorizer") {
        let kind = text(authorizer.get("type")).map(|kind| kind.to_lowercase());
        return match kind.as_deref() {
            Some("token" | "request") => AuthType::Custom,
            Some("cognito_user_pools") => AuthType::CognitoUserPools,
            _ => AuthType::Unknown,
        };
    }
    let is_key = text(scheme.get("type")).as_deref() == Some("apiKey");
    if is_key && named.is_none() { AuthType::None } else { AuthType::Unknown }
}

/// The type that `x-amazon-apigateway-auth` names; letter case does not count.
pub(super) fn said(extension: &Value) -> AuthType {
    let kind = extension.get("type").and_then(Value::known_text);
    kind.map_or(AuthType::Unknown, |kind| AuthType::parse(&kind.to_ascii_uppercase()))
}
