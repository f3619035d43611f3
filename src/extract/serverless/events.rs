//! `http` events of functions: the methods of the API, and how they are authorised.

use crate::resolve::cloudformation::build::{call, list, map, reference, text};
use crate::source::Span;
use crate::syntax::{Kind, Node};

/// The logical id that the framework gives the API.
pub(super) const API: &str = "ApiGatewayRestApi";

/// What the functions of a service declare.
#[derive(Default)]
pub(super) struct Events {
    /// The resources of their methods.
    pub(super) resources: Vec<Node>,
    /// There is an `http` event.
    pub(super) http: bool,
    /// There is an `httpApi` event.
    pub(super) http_api: bool,
    /// There may be others: the place of what is not known.
    pub(super) open: Option<Span>,
}

impl Events {
    /// The events of `functions`, a map or a list of maps.
    pub(super) fn of(functions: &Node) -> Self {
        let mut out = Self::default();
        for part in functions.one_or_more() {
            match (&part.kind, part.as_map()) {
                (Kind::Null, _) => {}
                (_, Some(pairs)) if !is_function(part) => {
                    for pair in pairs.iter() {
                        out.function(&pair.value);
                    }
                }
                _ => out.open = Some(part.span),
            }
        }
        out
    }

    fn function(&mut self, function: &Node) {
        if !matches!(function.kind, Kind::Map(_) | Kind::Null) || is_function(function) {
            self.open = Some(function.span);
        }
        let Some(events) = function.get("events") else { return };
        for event in events.one_or_more() {
            self.event(event);
        }
    }

    fn event(&mut self, event: &Node) {
        let Some(pairs) = event.as_map().filter(|_| !is_function(event)) else {
            if !matches!(event.kind, Kind::Null | Kind::Text(_)) {
                self.open = Some(event.span);
            }
            return;
        };
        for pair in pairs.iter() {
            match pair.key.scalar().as_deref() {
                Some("http") => self.http(&pair.value, pair.key.span),
                Some("httpApi") => self.http_api = true,
                Some(_) => {}
                None => self.open = Some(pair.key.span),
            }
        }
    }

    /// One event: `GET path`, or a map.
    fn http(&mut self, http: &Node, key: Span) {
        self.http = true;
        if let Some(written) = http.scalar() {
            let (method, path) = written.trim().split_once(' ').unwrap_or(("*", &written));
            let at = http.span;
            return self.method(text(method, at), text(path.trim(), at), (text("NONE", at), false));
        }
        if http.as_map().is_none() || is_function(http) {
            self.open = Some(http.span);
            return;
        }
        let unknown = |what: &str| reference(&format!("{what} of the event"), http.span);
        let method = http.get("method").cloned().unwrap_or_else(|| unknown("method"));
        let path = http.get("path").cloned().unwrap_or_else(|| unknown("path"));
        let auth = match http.get("authorizer").filter(|node| is_given(node)) {
            Some(authorizer) => authorization(authorizer),
            None => text("NONE", http.get("method").map_or(key, |node| node.span)),
        };
        let cors = http.get("cors").is_some_and(is_given);
        self.method(method, path, (auth, cors));
    }

    /// A method, its resource, and the OPTIONS method beside it.
    fn method(&mut self, method: Node, path: Node, (auth, cors): (Node, bool)) {
        let at = method.span;
        let number = self.resources.len();
        let parent =
            call("Fn::GetAtt", list(vec![text(API, at), text("RootResourceId", at)], at), at);
        let root = path.scalar().is_some_and(|path| path.trim_matches('/').is_empty());
        let resource = if root {
            parent
        } else {
            let id = format!("ApiGatewayResource{number}");
            let properties =
                vec![("RestApiId", reference(API, at)), ("ParentId", parent), ("PathPart", path)];
            self.add("AWS::ApiGateway::Resource", properties, at);
            reference(&id, at)
        };
        let verb = match method.scalar() {
            Some(verb) if &*verb == "*" => text("ANY", at),
            Some(verb) => text(&verb.to_ascii_uppercase(), at),
            None => method,
        };
        let methods = [(verb, auth), (text("OPTIONS", at), text("NONE", at))];
        for (verb, auth) in methods.into_iter().take(if cors { 2 } else { 1 }) {
            let properties = vec![
                ("RestApiId", reference(API, at)),
                ("ResourceId", resource.clone()),
                ("HttpMethod", verb),
                ("AuthorizationType", auth),
            ];
            self.add("AWS::ApiGateway::Method", properties, at);
        }
    }

    fn add(&mut self, kind: &str, properties: Vec<(&str, Node)>, at: Span) {
        let entries = vec![("Type", text(kind, at)), ("Properties", map(properties, at))];
        self.resources.push(map(entries, at));
    }
}

/// The authorisation that an authorizer stands for, at its place.
fn authorization(authorizer: &Node) -> Node {
    let at = authorizer.span;
    let named = |kind: &str| text(kind, at);
    if let Some(written) = authorizer.scalar() {
        return match &*written {
            name if name.eq_ignore_ascii_case("aws_iam") => named("AWS_IAM"),
            arn if arn.contains(":cognito-idp:") => named("COGNITO_USER_POOLS"),
            _ => named("CUSTOM"),
        };
    }
    if authorizer.as_map().is_none() || is_function(authorizer) {
        return reference("authorizer of the event", at);
    }
    let kind = authorizer.get("type").and_then(Node::scalar).map(|kind| kind.to_ascii_uppercase());
    let arn = authorizer.get("arn");
    match (kind.as_deref(), arn) {
        (Some(kind @ ("AWS_IAM" | "COGNITO_USER_POOLS" | "CUSTOM")), _) => named(kind),
        (Some("TOKEN" | "REQUEST"), _) => named("CUSTOM"),
        (_, Some(arn)) => match arn.scalar() {
            Some(arn) if arn.contains(":cognito-idp:") => named("COGNITO_USER_POOLS"),
            _ => named("CUSTOM"),
        },
        (None, None) if authorizer.get("name").is_some() => named("CUSTOM"),
        _ => reference("authorizer of the event", at),
    }
}

/// Whether a value that JavaScript takes for true is given.
pub(super) fn is_given(node: &Node) -> bool {
    match &node.kind {
        Kind::Null | Kind::Bool(false) => false,
        Kind::Text(text) => !text.text.is_empty(),
        _ => true,
    }
}

/// Whether a map is a function of CloudFormation: something that is not known.
fn is_function(node: &Node) -> bool {
    use crate::resolve::cloudformation::form::Form;
    !matches!(Form::of(node), Form::Plain)
}
