//! `public-apis`: what is open on purpose.

use super::reader::{Reader, Word};
use super::{Diagnostic, Settings};
use crate::model::{METHODS, RouteRef, glob_match};
use crate::source::Span;
use crate::syntax::{Kind, Node};

/// An entry of `public-apis`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicApi {
    /// A glob over the API's address and name.
    pub api: String,
    /// The routes that anybody may call; the method `ANY` stands for all methods of its path.
    pub routes: Vec<RouteRef>,
    /// Why.
    pub reason: String,
    /// The entry.
    pub span: Span,
}

impl Settings {
    /// The routes that are open on purpose for an API that goes by any of `names`.
    pub fn public_routes(&self, names: &[Option<&str>]) -> Vec<RouteRef> {
        let entries = self
            .public_apis
            .iter()
            .filter(|entry| names.iter().flatten().any(|name| glob_match(&entry.api, name)));
        entries.flat_map(|entry| entry.routes.iter().cloned()).collect()
    }
}

/// Reads the list.
pub(super) fn read(reader: &mut Reader, node: &Node) -> Vec<PublicApi> {
    const WHAT: &str = "an entry of `public-apis`";
    let mut out = Vec::new();
    for item in reader.list(node, "public-apis") {
        let fields = reader.map(item, WHAT, &["api", "routes", "reason", "owner"]);
        let api = reader.required(item, &fields, ("api", WHAT), "api: \"status-*\"");
        let reason = reader.required(item, &fields, ("reason", WHAT), "reason: public status page");
        if let Some(node) = fields.get("owner") {
            reader.filled(node, "owner");
        }
        let routes = match fields.get("routes") {
            Some(node) => routes(reader, node),
            None => {
                if matches!(item.kind, Kind::Map(_)) {
                    let missing = Diagnostic::new(item.span, format!("{WHAT} without `routes`"));
                    reader.error(missing.help("add `routes: [\"GET /health\"]`"));
                }
                Vec::new()
            }
        };
        if let (Some(api), Some(reason)) = (api, reason) {
            let (api, reason) = (api.text.to_string(), reason.text.to_string());
            out.push(PublicApi { api, routes, reason, span: item.span });
        }
    }
    out
}

fn routes(reader: &mut Reader, node: &Node) -> Vec<RouteRef> {
    let words = reader.words(node, "routes");
    if words.is_empty() && matches!(node.kind, Kind::List(_)) {
        let empty = Diagnostic::new(node.span, "`routes` is an empty list");
        reader.error(empty.help("name the routes that anybody may call: [\"GET /health\"]"));
    }
    words.iter().filter_map(|word| route(reader, word)).collect()
}

/// `GET /health`.
fn route(reader: &mut Reader, word: &Word) -> Option<RouteRef> {
    let (method, path) = word.text.split_once(' ').unwrap_or((&word.text, ""));
    let verb = method == "ANY" || METHODS.contains(&method);
    let good = verb && path.starts_with('/') && !path.contains(' ');
    if good {
        return Some(RouteRef { method: method.to_owned(), path: path.to_owned() });
    }
    let help = "a method in upper case and a path as the API declares it: GET /pets/{id}";
    let message = format!("`{}` is not a route", word.text);
    reader.error(Diagnostic::new(word.span, message).help(help));
    None
}
