//! Methods, stages and paths: representatives of the requests that the routes of an API take.
//!
//! Each route is a form (`{id}` is one segment, `{proxy+}` one or more); a request is made for each
//! resource pattern of the policy that meets the form, and one that meets none.

use std::collections::BTreeSet;

use crate::model::{
    ApiKind, AuthType, Entry, Identity, Leaf, METHODS, Part, Route, RouteRef, Routes, SymbolClass,
    split_arn,
};

use super::fill::{Form, Set, Work, fills};
use super::scene::Script;

/// A request line, and what it is sent to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Line {
    /// The verb.
    pub(super) method: String,
    /// The stage.
    pub(super) stage: String,
    /// The path.
    pub(super) path: String,
}

/// One route, or everything.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The declared route; `None` for everything.
    pub(super) route: Option<RouteRef>,
    /// How it is authorised.
    pub(super) auth: AuthType,
    /// Only CORS preflight requests.
    pub(super) preflight: bool,
    /// The verbs that it takes.
    pub(super) methods: Vec<&'static str>,
    /// Its path is known.
    pub(super) known_path: bool,
    /// The request lines to try, the simplest first.
    pub(super) lines: Vec<Line>,
}

/// What requests are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope<'a> {
    /// The routes of the API, with their authorisation.
    Declared(&'a Routes),
    /// Everything, as if the authorisation were what serves the caller best: the policy alone. The
    /// same routes, for the names of stages.
    Everything(&'a Routes),
}

impl Scope<'_> {
    /// The stage that requests go to where nothing speaks for another one.
    fn stage(&self) -> &str {
        let (Self::Declared(routes) | Self::Everything(routes)) = self;
        let plain = |name: &&String| {
            let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
            !name.is_empty() && name.bytes().all(letter)
        };
        routes.stages.iter().find(plain).map_or("prod", String::as_str)
    }
}

/// Which request lines are made for a pattern that names a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Those of that method: the others are found by whoever leaves the line open.
    Named,
    /// Those of every method: a `*` in front of the name may take several segments (`*/GET/x` also
    /// matches `/prod/POST/y/GET/x`).
    Every,
}

/// The targets of an API for a policy.
pub(super) fn targets(
    scope: Scope<'_>,
    kind: ApiKind,
    script: Option<(&Script, Wanted)>,
    identity: &Identity,
    work: &Work,
) -> Vec<Target> {
    let patterns = Patterns::of(script, identity, scope.stage());
    let mut out = Vec::new();
    let mut open = true;
    if let (Scope::Declared(routes), false) = (scope, kind == ApiKind::DomainName) {
        open = !routes.complete || routes.declared.is_empty();
        for route in &routes.declared {
            declared(route, &patterns, identity, work, &mut out);
        }
    }
    if open {
        let path = Form::default().text("/").any(Set::Path, 'a');
        for preflight in [false, true] {
            let methods = methods(None, preflight);
            out.push(Target {
                route: None,
                auth: AuthType::Unknown,
                preflight,
                lines: lines(&methods, "/", &path, &patterns, identity, work),
                methods,
                known_path: false,
            });
        }
    }
    out
}

/// The verbs of a route that are, or are not, preflight requests. One that API Gateway does not know
/// may turn out to be any.
fn methods(method: Option<&str>, preflight: bool) -> Vec<&'static str> {
    let any = method.is_none_or(|method| !METHODS.contains(&method));
    let takes = |verb: &&str| (*verb == "OPTIONS") == preflight && (any || method == Some(*verb));
    METHODS.into_iter().filter(takes).collect()
}

fn declared(
    route: &Route,
    patterns: &Patterns,
    identity: &Identity,
    work: &Work,
    out: &mut Vec<Target>,
) {
    let template = route.path.as_deref();
    let (form, example) = match template {
        Some(template) => path_form(template),
        None => (Form::default().text("/").any(Set::Path, 'a'), "/".to_owned()),
    };
    for preflight in [false, true] {
        let methods = methods(route.method.as_deref(), preflight);
        if methods.is_empty() {
            continue;
        }
        out.push(Target {
            route: Some(RouteRef {
                method: route.method.clone().unwrap_or_else(|| "ANY".into()),
                path: template.unwrap_or("/{proxy+}").to_owned(),
            }),
            auth: route.auth,
            preflight,
            lines: lines(&methods, &example, &form, patterns, identity, work),
            methods,
            known_path: template.is_some(),
        });
    }
}

/// The requests of one route: the plainest, and one for each pattern that meets it, at a usual stage
/// and at any.
fn lines(
    methods: &[&str],
    example: &str,
    path: &Form,
    patterns: &Patterns,
    identity: &Identity,
    work: &Work,
) -> Vec<Line> {
    let methods = &patterns.told_apart(methods)[..];
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |line: Line| {
        if seen.insert(line.clone()) {
            out.push(line);
        }
    };
    let at = |stage: &str, method: &str, path: &str| Line {
        method: method.into(),
        stage: stage.into(),
        path: path.into(),
    };
    let usual = |method: &str, path: &str| at(&patterns.stage, method, path);
    for method in methods {
        add(usual(method, example));
    }
    let longer: Vec<String> = fills(path, "*", work)
        .into_iter()
        .chain(fills(path, "/any", work))
        .filter(|p| p != example)
        .collect();
    for path in &longer {
        for method in methods {
            add(usual(method, path));
        }
    }
    // A stage that no policy names.
    for method in methods {
        add(at("v1", method, example));
    }
    let head = format!("{}/", identity.api_id);
    let meets = |one: &&Pattern| path.may_end(&one.text);
    for Pattern { text: pattern, method } in patterns.list.iter().filter(meets) {
        let wanted = |verb: &&&str| method.as_ref().is_none_or(|named| named == **verb);
        for method in methods.iter().filter(wanted) {
            for stage in stages(pattern, &head, &patterns.stage) {
                let form =
                    Form::default().text(&head).join(&stage).text("/").text(method).join(path);
                for text in fills(&form, pattern, work) {
                    let rest = text.strip_prefix(&head).and_then(|t| t.split_once('/'));
                    let Some((stage, rest)) = rest else { continue };
                    let Some(path) = rest.strip_prefix(*method) else { continue };
                    add(Line { method: (*method).into(), stage: stage.into(), path: path.into() });
                }
            }
        }
    }
    out
}

/// The stages to try for a pattern: the one that it names, else the usual one and any.
fn stages(pattern: &str, head: &str, usual: &str) -> Vec<Form> {
    let named = pattern.strip_prefix(head).and_then(|rest| rest.split('/').next());
    match named {
        Some(stage) if !stage.contains(['*', '?']) => vec![Form::default().text(stage)],
        _ => vec![Form::default().text(usual), Form::default().some(Set::Stage, 'v')],
    }
}

/// The method that stands in its place in a pattern.
fn method_in(pattern: &str, head: &str) -> Option<String> {
    let method = pattern.strip_prefix(head)?.split('/').nth(1)?;
    METHODS.contains(&method).then(|| method.to_owned())
}

/// The form of the paths that a template takes, and a readable one of them.
fn path_form(template: &str) -> (Form, String) {
    let mut form = Form::default();
    let mut example = String::new();
    let mut digit = 0u32;
    let trimmed = match template.trim_end_matches('/') {
        "" => "/",
        rest => rest,
    };
    for (index, segment) in trimmed.split('/').enumerate() {
        if index > 0 {
            form = form.text("/");
            example.push('/');
        }
        let inner = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match inner {
            Some(name) if name.ends_with('+') => {
                form = form.some(Set::Path, 'a');
                example.push_str("any");
            }
            Some(_) => {
                digit += 1;
                form = form.some(Set::Segment, char::from_digit(digit % 10, 10).unwrap_or('1'));
                example.push_str(&digit.to_string());
            }
            None => {
                form = form.text(segment);
                example.push_str(segment);
            }
        }
    }
    (form, example)
}

/// A resource of a policy.
struct Pattern {
    /// Over `{api}/{stage}/{METHOD}{path}`.
    text: String,
    /// The only method for which lines are made.
    method: Option<String>,
}

/// The resource patterns of a policy.
#[derive(Default)]
struct Patterns {
    list: Vec<Pattern>,
    /// The methods that it names; `None` where it may tell any of them apart.
    named: Option<BTreeSet<&'static str>>,
    /// The stage of requests that no pattern gives one.
    stage: String,
}

impl Patterns {
    fn of(script: Option<(&Script, Wanted)>, identity: &Identity, stage: &str) -> Self {
        let stage = stage.to_owned();
        let Some((script, wanted)) = script else { return Self { stage, ..Self::default() } };
        let statements = script.policy.known_statements();
        let leaves = statements.flat_map(|s| &s.resource.items).filter_map(Entry::one);
        let texts = leaves.map(|leaf| render(leaf, identity));
        let mut out = BTreeSet::new();
        for text in texts.chain(script.words.resources.iter().cloned()) {
            if let Some(rest) = text.strip_prefix("execute-api:/") {
                out.insert(format!("{}/{rest}", identity.api_id));
            } else if let Some([.., resource]) = split_arn(&text) {
                out.insert(resource.to_owned());
            }
        }
        let head = format!("{}/", identity.api_id);
        let only_named = wanted == Wanted::Named;
        let method = |text: &str| only_named.then(|| method_in(text, &head)).flatten();
        let alike = only_named && script.relational.is_empty() && !out.iter().any(|t| tells(t));
        let names = |method: &&str| out.iter().any(|text| text.contains(method));
        Self {
            named: alike.then(|| METHODS.into_iter().filter(names).collect()),
            list: out.iter().map(|t| Pattern { method: method(t), text: t.clone() }).collect(),
            stage,
        }
    }

    /// Those of `methods` that the policy tells apart: each that it names, and one of all others.
    fn told_apart<'m>(&self, methods: &[&'m str]) -> Vec<&'m str> {
        let Some(named) = &self.named else { return methods.to_vec() };
        let other = methods.iter().find(|method| !named.contains(*method));
        let kept = |method: &&&str| named.contains(**method) || Some(*method) == other;
        methods.iter().filter(kept).copied().collect()
    }
}

/// Whether a pattern may tell methods apart that it does not name: by some of their letters, or by
/// their length.
fn tells(pattern: &str) -> bool {
    let part = |s: &str| s.contains('*') && s.contains(|c: char| c.is_ascii_uppercase());
    pattern.contains('?') || pattern.split('/').any(part)
}

/// The text of a resource with the API's identity in it; other unknowns and variables as `*`.
fn render(leaf: &Leaf, identity: &Identity) -> String {
    let Identity { partition, region, account, api_id, .. } = identity;
    let mut text = String::new();
    for part in &leaf.parts {
        match part {
            Part::Lit(lit) => text.push_str(lit),
            Part::Sym(symbol) => match symbol.class {
                SymbolClass::Partition => text.push_str(partition),
                SymbolClass::Region => text.push_str(region),
                SymbolClass::OwnerAccount => text.push_str(account),
                SymbolClass::ThisApiId => text.push_str(api_id),
                SymbolClass::ThisApiArn => {
                    text.push_str(&format!(
                        "arn:{partition}:execute-api:{region}:{account}:{api_id}"
                    ));
                }
                _ => text.push('*'),
            },
        }
    }
    // A policy variable: `${aws:username}`.
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once("${") {
        let Some((_, after)) = behind.split_once('}') else { break };
        out.push_str(before);
        out.push('*');
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(template: &str, pattern: &str) -> Vec<String> {
        let (form, example) = path_form(template);
        let identity = Identity::unknown();
        let pattern = format!("{}/{pattern}", identity.api_id);
        let list = vec![Pattern { text: pattern, method: None }];
        let patterns = Patterns { list, named: None, stage: "prod".into() };
        lines(&["GET"], &example, &form, &patterns, &identity, &Work::default())
            .into_iter()
            .map(|line| format!("{}{}", line.stage, line.path))
            .collect()
    }

    #[test]
    fn a_template_is_one_segment_or_several() {
        let (form, example) = path_form("/pets/{id}/toys/{proxy+}");
        assert_eq!(example, "/pets/1/toys/any");
        assert!(!fills(&form, "/pets/a/toys/b/c", &Work::default()).is_empty());
        assert!(fills(&form, "/pets/a/b/toys/c", &Work::default()).is_empty());
        assert!(fills(&form, "/pets/a/toys/", &Work::default()).is_empty());
        let (root, example) = path_form("/");
        assert_eq!(
            (fills(&root, "*", &Work::default()).as_slice(), example.as_str()),
            (&["/".to_owned()][..], "/")
        );
    }

    #[test]
    fn a_pattern_makes_a_request_that_meets_it() {
        assert!(paths("/{proxy+}", "prod/GET/admin/*").contains(&"prod/admin/a".to_owned()));
        assert!(paths("/pets/{id}", "dev/GET/pets/7").contains(&"dev/pets/7".to_owned()));
        assert_eq!(paths("/pets", "prod/POST/*"), ["prod/pets", "v1/pets"]);
    }
}
