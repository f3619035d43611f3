//! Resource instances of a plan as blocks, like those of Terraform's JSON syntax: what holds objects is
//! both an argument and blocks.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Lower;
use super::index::Instance;
use super::instantiate::Site;
use super::links;
use super::rebuild::{Argument, Written};
use super::reference::{Place, traversal};
use crate::resolve::terraform::{AFTER_APPLY, Resource, Sort};
use crate::source::Span;
use crate::syntax::{Attribute, Block, Body, Expr, Kind, Label, Node, Pair, Text};

/// Attributes that the provider computes and that references mean as such.
const COMPUTED: [&str; 4] = ["id", "arn", "execution_arn", "root_resource_id"];

/// Arguments of endpoints that are computed where they are not configured.
const OF_ENDPOINTS: [&str; 2] = ["ip_address_type", "vpc_endpoint_ids"];

/// Arguments that resources cannot be without: where a plan does not hold them, they are not known.
fn required(kind: &str) -> &'static [&'static str] {
    match kind {
        "aws_api_gateway_rest_api_policy" => &["rest_api_id", "policy"],
        "aws_api_gateway_method" => &["rest_api_id", "resource_id", "http_method", "authorization"],
        "aws_api_gateway_resource" => &["rest_api_id", "parent_id", "path_part"],
        "aws_vpc_endpoint_policy" => &["vpc_endpoint_id"],
        _ => &[],
    }
}

impl Lower<'_, '_> {
    /// The block of an instance.
    pub(super) fn resource(&mut self, index: usize, instance: &Instance) -> Resource {
        let at = self.raw.span(&instance.at);
        let unknown = self.index.changes.get(&instance.address);
        let unknown = unknown.and_then(|change| change.unknown.clone());
        let unknown = unknown.and_then(|range| self.raw.tree(&range));
        let values = self.values(index);
        let configured = self.configured(instance);
        let (expressions, for_each) = match &configured {
            Some((expressions, for_each)) => (Written::As(expressions), for_each.clone()),
            None => (Written::Unsaid, None),
        };
        let place = Place { module: instance.module.clone(), key: instance.key.clone(), for_each };
        let label = &instance.address;
        let argument = Argument { name: "", label, place: &place, at };
        let written = self.written(instance);
        if let Some((site, source)) = &written {
            let expressions = configured.as_ref().map(|(expressions, _)| expressions);
            self.place(instance, [values.as_ref(), expressions], source, site);
            if is_open_document(instance, values.as_ref())
                && let Some(body) = self.instantiated_body(&source.body, site)
            {
                return self.made(instance, body);
            }
        }
        let mut body = Body::default();
        for (name, name_span) in names(values.as_ref(), unknown.as_ref(), &configured, instance) {
            if COMPUTED.contains(&&*name)
                || &*name == "policy" && self.is_outcome(index, instance, expressions)
            {
                continue;
            }
            let label = format!("{label}.{name}");
            let argument = Argument { name: &name, label: &label, ..argument };
            let as_configured = expressions.argument(&name);
            let value = values.as_ref().and_then(|values| values.get(&name));
            let unknown = unknown.as_ref().and_then(|unknown| unknown.get(&name));
            // What is neither a value nor null is not known.
            let missing = Node { span: at, kind: Kind::Bool(true) };
            let is_missing = value.is_none() && (unknown.is_none() || is_false(unknown));
            let unknown = if is_missing { Some(&missing) } else { unknown };
            let as_configured = match as_configured {
                Written::Nowhere if required(&instance.kind).contains(&&*name) => Written::Unsaid,
                other => other,
            };
            let merged = self.merge(value, unknown, argument, as_configured);
            let merged = match &written {
                Some((site, source)) if has_unknown(&merged) => {
                    let attribute = source.body.attribute(&name);
                    let value = attribute.and_then(|a| self.instantiated(&a.value, site));
                    value.unwrap_or(merged)
                }
                _ => self.linked(&instance.kind, &name, merged),
            };
            let name_span = name_span.unwrap_or(at);
            self.put(&mut body, instance, (name, name_span), merged);
        }
        // Twice in the values is twice in the body: neither hides the other.
        for pair in self.hidden(index) {
            let Some(name) = pair.key.scalar() else { continue };
            self.put(&mut body, instance, (name, pair.key.span), pair.value.clone());
        }
        self.made(instance, body)
    }

    fn made(&self, one: &Instance, body: Body) -> Resource {
        let (at, whole) = (self.raw.span(&one.at), self.raw.span(&one.whole));
        absolute(one.sort, &one.kind, &one.address, (at, whole), body)
    }

    /// Remembers where an instance and its arguments were written.
    fn place(
        &mut self,
        instance: &Instance,
        said: [Option<&Node>; 2],
        source: &Block,
        site: &Site,
    ) {
        let label = source.labels.get(1).map_or(source.header, |label| label.span);
        self.places.resource(self.raw.span(&instance.whole), label);
        for pair in said.into_iter().flatten().filter_map(Node::as_map) {
            for pair in pair.iter() {
                let Some(name) = pair.key.scalar() else { continue };
                let blocks = source.body.blocks.iter();
                let mut blocks = blocks.filter(|block| {
                    *block.kind == *name
                        || block.labels.first().is_some_and(|label| label.text == name)
                });
                let written = match source.body.attribute(&name) {
                    Some(attribute) => Some(self.written_at(&attribute.value, site)),
                    None => blocks.next().map(|block| block.header),
                };
                if let Some(written) = written {
                    self.places.argument(pair.key.span.to(pair.value.span), written);
                }
            }
        }
    }

    /// Where an argument of the sources was written: the one of a call, where it is a variable of the
    /// called module, and a local where that was defined.
    fn written_at(&mut self, value: &Node, site: &Site) -> Span {
        let is_name = matches!(&value.kind, Kind::Expr(expr)
            if matches!(&**expr, Expr::Traversal(root, _) if is_named_elsewhere(root)));
        let led = if is_name { self.instantiated(value, site) } else { None };
        led.map(|node| node.span).filter(|at| at.file != self.raw.file).unwrap_or(value.span)
    }

    fn put(
        &mut self,
        body: &mut Body,
        instance: &Instance,
        (name, name_span): (Arc<str>, Span),
        value: Node,
    ) {
        let is_api = instance.kind == "aws_api_gateway_rest_api";
        match (&*name, &value.kind) {
            (_, Kind::Null) => {}
            // Nothing is written by the empty text.
            ("policy" | "body", Kind::Text(text)) if text.text.is_empty() => {}
            // Those of the provider are among them.
            ("tags", _) if self.values_have(instance, "tags_all") => {}
            ("tags_all", _) => add(body, ("tags".into(), name_span), value),
            // Statements that are not known are those of a document that is not known.
            ("statement", Kind::Expr(_)) if instance.sort == Sort::Data => {
                add(body, ("source_policy_documents".into(), name_span), value);
            }
            ("endpoint_configuration", Kind::Expr(_)) if is_api => {
                let span = value.span;
                let key = Text::made_of("types", span);
                let key = Node { span, kind: Kind::Text(key) };
                let kind = Kind::Map(Arc::from([Pair { key, value }]));
                add(body, (name, name_span), Node { span, kind });
            }
            _ => add(body, (name, name_span), value),
        }
    }

    /// A value with what is not known of it put in.
    fn merge(
        &mut self,
        value: Option<&Node>,
        unknown: Option<&Node>,
        argument: Argument<'_>,
        written: Written<'_>,
    ) -> Node {
        let none = || Node { span: argument.at, kind: Kind::Null };
        let plain = || value.cloned().unwrap_or_else(none);
        let Some(unknown) = unknown else { return plain() };
        match (&unknown.kind, value.map(|value| &value.kind)) {
            (Kind::Bool(true), _) => {
                let computed = OF_ENDPOINTS.contains(&argument.name);
                let written = match written {
                    Written::Unsaid if computed => Written::Nowhere,
                    other => other,
                };
                self.rebuild(argument, written)
            }
            (Kind::List(marks), Some(Kind::List(items))) => {
                let (marks, items) = (Arc::clone(marks), Arc::clone(items));
                let span = value.map_or(argument.at, |value| value.span);
                let items = self.merge_list(&items, &marks, argument, written);
                Node { span, kind: Kind::List(items.into()) }
            }
            (Kind::Map(marks), Some(Kind::Map(pairs))) => {
                let (marks, pairs) = (Arc::clone(marks), Arc::clone(pairs));
                let span = value.map_or(argument.at, |value| value.span);
                let mut out: Vec<Pair> = Vec::with_capacity(pairs.len());
                for pair in pairs.iter() {
                    let name = pair.key.scalar().unwrap_or_default();
                    let label = format!("{}.{name}", argument.label);
                    let inner = Argument { name: &name, label: &label, ..argument };
                    let mark = unknown.get(&name);
                    let written = written.argument(&name);
                    let value = self.merge(Some(&pair.value), mark, inner, written);
                    out.push(Pair { key: pair.key.clone(), value });
                }
                for mark in marks.iter() {
                    let name = mark.key.scalar().unwrap_or_default();
                    if is_false(Some(&mark.value))
                        || pairs.iter().any(|p| p.key.scalar().as_deref() == Some(&*name))
                    {
                        continue;
                    }
                    let label = format!("{}.{name}", argument.label);
                    let inner = Argument { name: &name, label: &label, ..argument };
                    let written = written.argument(&name);
                    let value = self.merge(None, Some(&mark.value), inner, written);
                    out.push(Pair { key: mark.key.clone(), value });
                }
                Node { span, kind: Kind::Map(out.into()) }
            }
            (_, None) if !is_false(Some(unknown)) => self.rebuild(argument, written),
            _ => plain(),
        }
    }

    fn merge_list(
        &mut self,
        items: &[Node],
        marks: &[Node],
        argument: Argument<'_>,
        written: Written<'_>,
    ) -> Vec<Node> {
        let count = items.len().max(marks.len());
        let is_unknown = |i: usize| matches!(marks.get(i).map(|m| &m.kind), Some(Kind::Bool(true)));
        let unknown = (0..count).filter(|i| is_unknown(*i)).count();
        let mut rebuilt = match unknown {
            0 => Vec::new().into_iter(),
            _ => self.rebuild_elements(argument, written, unknown).into_iter(),
        };
        // Terraform before 0.14 leaves out what is not known.
        let squeezed = items.len() < count && items.len() == count - unknown;
        let mut squeezed_items = items.iter();
        let mut out = Vec::with_capacity(count);
        for index in 0..count {
            if is_unknown(index) {
                out.extend(rebuilt.next());
                continue;
            }
            let label = format!("{}[{index}]", argument.label);
            let inner = Argument { label: &label, ..argument };
            let written = written.block(index, count);
            let item = if squeezed { squeezed_items.next() } else { items.get(index) };
            out.push(self.merge(item, marks.get(index), inner, written));
        }
        out
    }

    /// A known id as the resource of this plan that has it.
    fn linked(&mut self, kind: &str, name: &str, value: Node) -> Node {
        let Some(id) = value.as_text().map(|text| Arc::clone(&text.text)) else { return value };
        let is_domain = matches!(name, "domain_name" | "domain_name_id");
        if is_domain && kind != "aws_api_gateway_base_path_mapping" {
            return value;
        }
        let Some(kinds) = links::of(name) else { return value };
        let found = kinds.iter().find_map(|&(sort, kind, attribute)| {
            let index = *self.ids.get(&(kind.into(), attribute, id.to_string()))?;
            let instance = self.index.instances.get(index).filter(|one| one.sort == sort)?;
            Some((sort, kind, attribute, instance.address.clone()))
        });
        let Some((sort, kind, attribute, address)) = found else { return value };
        let link = traversal(sort, kind, &address, Some(attribute), value.span);
        self.need(&address, sort, kind, value.span);
        link
    }
}

/// A resource whose name is its whole `address`. That stands at `at`, and all of it at `span`.
pub(super) fn absolute(
    sort: Sort,
    kind: &str,
    address: &str,
    (at, span): (Span, Span),
    body: Body,
) -> Resource {
    let (kind, name): (Arc<str>, Arc<str>) = (kind.into(), address.into());
    let label = |text: &Arc<str>| Label { text: Arc::clone(text), span: at };
    let labels = vec![label(&kind), label(&name)];
    let block_kind = if sort == Sort::Data { "data" } else { "resource" };
    let block = Block { kind: block_kind.into(), labels, body, header: at, span };
    Resource { sort, kind, name, block: block.into(), absolute: true, within: None }
}

/// The names of all arguments: those of the values, those that are not known, those that are
/// configured, and those that cannot be missing.
fn names(
    values: Option<&Node>,
    unknown: Option<&Node>,
    configured: &Option<(Node, Option<Node>)>,
    instance: &Instance,
) -> Vec<(Arc<str>, Option<Span>)> {
    let keys = |node: Option<&Node>| {
        let pairs = node.and_then(Node::as_map).cloned();
        let pairs: Vec<Pair> = pairs.map(|pairs| pairs.to_vec()).unwrap_or_default();
        pairs.into_iter().filter_map(|pair| Some((pair.key.scalar()?, pair.key.span)))
    };
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    let own = keys(values).map(|(name, span)| (name, Some(span)));
    let open = keys(unknown).map(|(name, _)| (name, None));
    let written = keys(configured.as_ref().map(|(body, _)| body));
    // A block that is configured may have no instance.
    let written = written.filter(|(name, _)| {
        let body = configured.as_ref().and_then(|(body, _)| body.get(name));
        body.is_some_and(|body| body.get("references").is_some())
    });
    let written = written.map(|(name, span)| (name, Some(span)));
    let needed = required(&instance.kind).iter().map(|name| ((*name).into(), None));
    for (name, span) in own.chain(written).chain(open).chain(needed) {
        if seen.insert(Arc::clone(&name)) {
            out.push((name, span));
        }
    }
    out
}

fn is_false(node: Option<&Node>) -> bool {
    node.is_none_or(|node| match &node.kind {
        Kind::Bool(b) => !b,
        Kind::List(items) => items.iter().all(|item| is_false(Some(item))),
        Kind::Map(pairs) => pairs.iter().all(|pair| is_false(Some(&pair.value))),
        _ => false,
    })
}

/// Whether an instance is a policy document that is not known as a whole.
fn is_open_document(instance: &Instance, values: Option<&Node>) -> bool {
    let json = values.and_then(|values| values.get("json"));
    instance.sort == Sort::Data
        && instance.kind == "aws_iam_policy_document"
        && json.is_none_or(|json| matches!(json.kind, Kind::Null))
}

/// Whether a name is one of those whose values are written elsewhere.
fn is_named_elsewhere(root: &Node) -> bool {
    matches!(&root.kind, Kind::Expr(expr)
        if matches!(&**expr, Expr::Variable(name) if matches!(&**name, "var" | "local")))
}

/// Whether something in a value is not known.
fn has_unknown(node: &Node) -> bool {
    match &node.kind {
        Kind::Expr(expr) => match &**expr {
            Expr::Call { name, .. } => &**name == AFTER_APPLY,
            Expr::Template(_) => true,
            _ => false,
        },
        Kind::List(items) => items.iter().any(has_unknown),
        Kind::Map(pairs) => pairs.iter().any(|pair| has_unknown(&pair.value)),
        _ => false,
    }
}

/// Adds an argument to a body, and the blocks that it may be.
fn add(body: &mut Body, (name, name_span): (Arc<str>, Span), value: Node) {
    for item in value.one_or_more() {
        body.blocks.extend(block(&name, item));
    }
    let span = name_span.to(value.span);
    body.attributes.push(Attribute { name, name_span, value, span });
}

/// An object as a block. Blocks of one kind are told apart by their opening brackets.
fn block(name: &Arc<str>, object: &Node) -> Option<Block> {
    let pairs = object.as_map()?;
    let mut body = Body { object: Some(object.span), ..Body::default() };
    for pair in pairs.iter().filter(|pair| !matches!(pair.value.kind, Kind::Null)) {
        let Some(name) = pair.key.scalar() else { continue };
        add(&mut body, (name, pair.key.span), pair.value.clone());
    }
    let header = Span { end: object.span.start.saturating_add(1), ..object.span };
    Some(Block { kind: Arc::clone(name), labels: Vec::new(), body, header, span: object.span })
}
