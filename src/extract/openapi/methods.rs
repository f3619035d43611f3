//! Paths and methods of a document (SEMANTICS 4.3). `security` at the root is ignored, as the import
//! of a REST API ignores it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::schemes::{Schemes, said};
use crate::model::{AuthType, METHODS, Route, Routes};
use crate::resolve::{Item, Kind, Value};
use crate::source::Origin;

/// The key of a method for all verbs.
pub(in crate::extract) const ANY: &str = "x-amazon-apigateway-any-method";

/// The methods of a document.
#[derive(Debug, Default)]
pub(in crate::extract) struct Methods {
    /// The operations, in order.
    pub(in crate::extract) operations: Vec<Operation>,
    /// The paths, those without an operation too.
    pub(in crate::extract) paths: BTreeSet<Arc<str>>,
    /// There may be others.
    pub(in crate::extract) open: bool,
}

/// One method of a path.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Operation {
    pub(in crate::extract) path: Arc<str>,
    /// Its key in the path item.
    pub(in crate::extract) key: Arc<str>,
    /// The token of the key.
    pub(in crate::extract) at: Origin,
    pub(in crate::extract) security: Vec<Requirement>,
    /// `x-amazon-apigateway-auth`, and its place.
    pub(in crate::extract) said: Option<(AuthType, Origin)>,
    /// It has an integration.
    pub(in crate::extract) integrated: bool,
    /// It is there.
    pub(in crate::extract) certain: bool,
    /// All that it says of its authorisation is known.
    pub(in crate::extract) readable: bool,
}

/// One alternative of `security`.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Requirement {
    pub(in crate::extract) names: Vec<Arc<str>>,
    pub(in crate::extract) at: Origin,
}

impl Operation {
    /// An operation that says nothing.
    pub(in crate::extract) fn new(path: Arc<str>, key: Arc<str>, at: Origin) -> Self {
        let security = Vec::new();
        Self {
            path,
            key,
            at,
            security,
            said: None,
            integrated: false,
            certain: true,
            readable: true,
        }
    }

    fn read(path: &Arc<str>, key: &Arc<str>, at: Origin, value: &Value) -> Self {
        let mut out = Self::new(Arc::clone(path), Arc::clone(key), at);
        out.certain = matches!(&value.kind, Kind::Map(map) if map.rest.is_none());
        out.integrated = value.get("x-amazon-apigateway-integration").is_some_and(is_given);
        out.said = value
            .get("x-amazon-apigateway-auth")
            .filter(|said| !matches!(said.kind, Kind::Null))
            .map(|value| (said(value), value.origin));
        let Some(security) = value.get("security") else { return out };
        let items = match &security.kind {
            Kind::Null => return out,
            Kind::List(items) => &**items,
            _ => &[],
        };
        out.readable &= matches!(security.kind, Kind::List(_));
        for item in items {
            match item {
                Item::One(Value { kind: Kind::Map(map), origin }) if map.rest.is_none() => {
                    let names = map.entries.iter().map(|(key, _)| Arc::clone(&key.text));
                    let at = map.entries.first().map_or(*origin, |(key, _)| key.origin);
                    out.security.push(Requirement { names: names.collect(), at });
                }
                Item::One(Value { kind: Kind::Null, .. }) => {}
                _ => out.readable = false,
            }
        }
        out
    }

    /// The verb that it answers to; nothing for a key that is no method.
    pub(in crate::extract) fn verb(&self) -> Option<String> {
        verb(&self.key)
    }
}

/// The verb that a key of a path item stands for.
pub(in crate::extract) fn verb(key: &str) -> Option<String> {
    if key.eq_ignore_ascii_case(ANY) || key.eq_ignore_ascii_case("any") {
        return Some("ANY".into());
    }
    // OpenAPI has TRACE besides, which Amazon API Gateway does not take.
    let verb = METHODS.into_iter().find(|verb| verb.eq_ignore_ascii_case(key))?;
    Some(verb.to_owned())
}

/// A path as Amazon API Gateway takes it: without a slash at its end.
fn trimmed(path: &str) -> &str {
    match path {
        "/" => path,
        path => path.trim_end_matches('/'),
    }
}

impl Methods {
    /// The methods that a document declares.
    pub(in crate::extract) fn of(document: &Value) -> Self {
        let mut out = Self::default();
        let Kind::Map(root) = &document.kind else {
            return Self { open: !matches!(document.kind, Kind::Null), ..out };
        };
        out.open |= root.rest.is_some();
        let mut all = root.entries.iter().filter(|(key, _)| &*key.text == "paths");
        let Some((_, paths)) = all.next_back() else { return out };
        // A key that stands twice: nobody says which one counts.
        out.open |= all.next().is_some();
        let Kind::Map(paths) = &paths.kind else {
            out.open |= !matches!(paths.kind, Kind::Null);
            return out;
        };
        out.open |= paths.rest.is_some();
        for (path, item) in &paths.entries {
            if !path.text.starts_with('/') {
                continue;
            }
            let Kind::Map(item) = &item.kind else {
                out.open |= !matches!(item.kind, Kind::Null);
                continue;
            };
            out.open |= item.rest.is_some() || !out.paths.insert(Arc::clone(&path.text));
            for (key, value) in &item.entries {
                // A reference brings in methods from another place.
                out.open |= &*key.text == "$ref";
                if verb(&key.text).is_some() && !matches!(value.kind, Kind::Null) {
                    let operation = Operation::read(&path.text, &key.text, key.origin, value);
                    out.operations.push(operation);
                }
            }
        }
        out
    }

    /// The methods with their authorisation. `complete` where these are all of the document.
    pub(in crate::extract) fn routes(&self, schemes: &Schemes) -> Routes {
        let mut out = Routes { complete: !self.open, ..Routes::default() };
        for operation in &self.operations {
            let Some(method) = operation.verb() else { continue };
            let (auth, origin) = schemes.authorisation(operation);
            let path = Some(trimmed(&operation.path).to_owned());
            let api_key = schemes.key(operation);
            out.declared.push(Route { method: Some(method), path, auth, origin, api_key });
        }
        out
    }
}

/// Whether a value is there: not null, and not empty.
fn is_given(value: &Value) -> bool {
    match &value.kind {
        Kind::Null | Kind::Bool(false) => false,
        Kind::Map(map) => !map.entries.is_empty() || map.rest.is_some(),
        _ => true,
    }
}
