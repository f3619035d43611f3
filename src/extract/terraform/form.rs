//! How a policy is written: what the expression behind it comes down to.

use crate::model::Form;
use crate::resolve::terraform::{Evaluator, Sort};
use crate::syntax::{Expr, Kind, Node, Traverse};

/// How many references are followed.
const MAX_STEPS: usize = 12;

/// The form of the policy that `node` yields.
pub(super) fn of(node: &Node, evaluator: &Evaluator<'_>) -> Form {
    find(node, evaluator, 0).unwrap_or(Form::Inline)
}

fn find(node: &Node, evaluator: &Evaluator<'_>, depth: usize) -> Option<Form> {
    if depth > MAX_STEPS {
        return None;
    }
    let next = |node: &Node| find(node, evaluator, depth + 1);
    match &node.kind {
        Kind::Text(_) => Some(text(node, evaluator)),
        Kind::Expr(expr) => match &**expr {
            Expr::Template(_) => Some(text(node, evaluator)),
            Expr::Call { name, args, .. } => match &**name {
                "jsonencode" => Some(Form::Jsonencode),
                "file" => Some(Form::File),
                "templatefile" => Some(Form::Templatefile),
                _ => args.iter().find_map(next),
            },
            Expr::Conditional(_, yes, no) => next(yes).or_else(|| next(no)),
            Expr::Traversal(base, steps) => {
                let Kind::Expr(root) = &base.kind else { return next(base) };
                let Expr::Variable(root) = &**root else { return next(base) };
                let name = |i: usize| match steps.get(i) {
                    Some((Traverse::Attr(name), _)) => Some(&**name),
                    _ => None,
                };
                reference(root, [name(0), name(1), name(2)], evaluator, depth)
            }
            _ => None,
        },
        _ => None,
    }
}

fn reference(
    root: &str,
    names: [Option<&str>; 3],
    evaluator: &Evaluator<'_>,
    depth: usize,
) -> Option<Form> {
    let module = evaluator.module();
    match (root, names) {
        ("var", _) => Some(Form::Variable),
        ("module", _) => Some(Form::Module),
        ("local", [Some(name), ..]) => {
            let local = module.locals.get(name)?;
            find(&local.value, evaluator, depth + 1)
        }
        ("data", [Some("aws_iam_policy_document"), ..]) => Some(Form::AwsIamPolicyDocument),
        ("data", [Some("template_file"), ..]) => Some(Form::Templatefile),
        ("data", [Some("local_file"), ..]) => Some(Form::File),
        ("data", _) => None,
        (kind, [Some(name), Some(attribute), _]) => {
            let resource = module.resource(Sort::Managed, kind, name)?;
            let attribute = resource.block.body.attribute(attribute)?;
            find(&attribute.value, evaluator, depth + 1)
        }
        _ => None,
    }
}

/// A heredoc, or a string in quotes. What the string interpolates alone is unwrapped.
fn text(node: &Node, evaluator: &Evaluator<'_>) -> Form {
    if let Kind::Expr(expr) = &node.kind
        && let Expr::Template(parts) = &**expr
        && let [crate::syntax::TemplatePart::Interpolation(inner)] = parts.as_slice()
    {
        return find(inner, evaluator, 1).unwrap_or(Form::Inline);
    }
    if evaluator.label(node).starts_with("<<") { Form::Heredoc } else { Form::JsonString }
}
