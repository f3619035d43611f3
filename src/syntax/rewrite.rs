//! Trees with some of their expressions replaced.

use super::{Attribute, Block, Body, Expr, ForExpr, Kind, Node, Pair, TemplatePart, Traverse};

impl Node {
    /// The tree in which every node for which `put` gives another one is that one; what stands below
    /// such a node is left alone. Parsers bound how deep a tree is.
    #[must_use]
    pub fn rewritten(&self, put: &mut dyn FnMut(&Node) -> Option<Node>) -> Node {
        if let Some(other) = put(self) {
            return other;
        }
        let kind = match &self.kind {
            Kind::List(items) => Kind::List(nodes(items, put).into()),
            Kind::Map(pairs) => {
                let pair = |pair: &Pair| Pair {
                    key: pair.key.rewritten(put),
                    value: pair.value.rewritten(put),
                };
                Kind::Map(pairs.iter().map(pair).collect())
            }
            Kind::Expr(expr) => Kind::Expr(expression(expr, put).into()),
            other => other.clone(),
        };
        Node { kind, span: self.span }
    }
}

impl Attribute {
    /// See [`Node::rewritten`].
    #[must_use]
    pub fn rewritten(&self, put: &mut dyn FnMut(&Node) -> Option<Node>) -> Self {
        Self { value: self.value.rewritten(put), ..self.clone() }
    }
}

impl Body {
    /// See [`Node::rewritten`].
    #[must_use]
    pub fn rewritten(&self, put: &mut dyn FnMut(&Node) -> Option<Node>) -> Self {
        let attributes = self.attributes.iter().map(|attribute| attribute.rewritten(put)).collect();
        let blocks = self.blocks.iter();
        let blocks = blocks.map(|block| Block { body: block.body.rewritten(put), ..block.clone() });
        Self {
            attributes,
            blocks: blocks.collect(),
            notes: self.notes.clone(),
            object: self.object,
        }
    }
}

fn nodes(nodes: &[Node], put: &mut dyn FnMut(&Node) -> Option<Node>) -> Vec<Node> {
    nodes.iter().map(|node| node.rewritten(put)).collect()
}

fn expression(expr: &Expr, put: &mut dyn FnMut(&Node) -> Option<Node>) -> Expr {
    match expr {
        Expr::Template(parts) => Expr::Template(template(parts, put)),
        Expr::Variable(name) => Expr::Variable(name.clone()),
        Expr::Traversal(base, steps) => {
            let mut steps = steps.clone();
            for (step, _) in &mut steps {
                if let Traverse::Index(key) = step {
                    *key = key.rewritten(put);
                }
            }
            Expr::Traversal(base.rewritten(put), steps)
        }
        Expr::Call { name, name_span, args, expand } => Expr::Call {
            name: name.clone(),
            name_span: *name_span,
            args: nodes(args, put),
            expand: *expand,
        },
        Expr::Conditional(a, b, c) => {
            Expr::Conditional(a.rewritten(put), b.rewritten(put), c.rewritten(put))
        }
        Expr::Unary(op, a) => Expr::Unary(*op, a.rewritten(put)),
        Expr::Binary(op, a, b) => Expr::Binary(*op, a.rewritten(put), b.rewritten(put)),
        Expr::For(each) => Expr::For(ForExpr {
            key_name: each.key_name.clone(),
            value_name: each.value_name.clone(),
            collection: each.collection.rewritten(put),
            key: each.key.as_ref().map(|key| key.rewritten(put)),
            value: each.value.rewritten(put),
            condition: each.condition.as_ref().map(|condition| condition.rewritten(put)),
            grouping: each.grouping,
        }),
    }
}

fn template(
    parts: &[TemplatePart],
    put: &mut dyn FnMut(&Node) -> Option<Node>,
) -> Vec<TemplatePart> {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Text(text) => TemplatePart::Text(text.clone()),
        TemplatePart::Interpolation(node) => TemplatePart::Interpolation(node.rewritten(put)),
        TemplatePart::If(condition, yes, no) => {
            TemplatePart::If(condition.rewritten(put), template(yes, put), template(no, put))
        }
        TemplatePart::For { key_name, value_name, collection, body } => TemplatePart::For {
            key_name: key_name.clone(),
            value_name: value_name.clone(),
            collection: collection.rewritten(put),
            body: template(body, put),
        },
    };
    parts.iter().map(part).collect()
}
