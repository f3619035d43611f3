//! `Metadata.gatelint` of resources and of the template: what JSON, which has no comments, asks of
//! this program (AWS CloudFormation user guide, "Metadata attribute").

use crate::extract::remarks::Remarks;
use crate::resolve::cloudformation::Template;
use crate::source::Span;
use crate::syntax::{Kind, Node, Remark, RemarkKind};

/// Adds the entries of the template and of its resources, before whose names `path` stands; `len` is the
/// length of the file.
pub(super) fn remarks(template: &Template, path: &str, root: &Node, len: usize, out: &mut Remarks) {
    let whole = Span::new(root.span.file, 0, len);
    entries(root, |entry| {
        out.list.push(Remark {
            span: entry.span,
            covers: Some(whole),
            api: None,
            kind: RemarkKind::Entry(entry.clone()),
        });
    });
    for resource in template.resources() {
        let covers = resource.id_span.to(resource.node.span);
        entries(&resource.node, |entry| {
            out.list.push(Remark {
                span: entry.span,
                covers: Some(covers),
                api: Some(format!("{path}{}", resource.id).into()),
                kind: RemarkKind::Entry(entry.clone()),
            });
        });
    }
}

/// The entries of `Metadata.gatelint.ignore`. What is not of that form is handed on as it is, so
/// that it is reported.
fn entries(node: &Node, mut add: impl FnMut(&Node)) {
    let Some(own) = node.get("Metadata").and_then(|metadata| metadata.get("gatelint")) else {
        return;
    };
    let Kind::Map(pairs) = &own.kind else { return add(own) };
    for pair in pairs.iter() {
        let name = pair.key.scalar();
        match &pair.value.kind {
            Kind::List(items) if name.as_deref() == Some("ignore") => {
                items.iter().for_each(&mut add)
            }
            _ => add(&pair.key),
        }
    }
}
