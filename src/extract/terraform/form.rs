//! How a policy is written: what the expression behind it comes down to.

use crate::model::Form;
use crate::resolve::Value;
use crate::resolve::terraform::{Evaluator, Sort};
use crate::source::Span;
use crate::syntax::{Expr, Kind, Node, Traverse};

/// How many references are followed.
const MAX_STEPS: usize = 12;

/// The form of the policy that `node` yields; `value` is what it came to, and tells which branch was
/// taken.
pub(super) fn of(node: &Node, value: &Value, evaluator: &Evaluator<'_>) -> Form {
    let way = evaluator.origins.steps(value.origin).into_iter().map(|step| step.at).collect();
    let finder = Finder { evaluator, way };
    finder.find(node, 0).unwrap_or(Form::Inline)
}

struct Finder<'f, 'a> {
    evaluator: &'f Evaluator<'a>,
    /// The places that the value came by.
    way: Vec<Span>,
}

impl Finder<'_, '_> {
    fn find(&self, node: &Node, depth: usize) -> Option<Form> {
        if depth > MAX_STEPS {
            return None;
        }
        let next = |node: &Node| self.find(node, depth + 1);
        match &node.kind {
            Kind::Text(_) => Some(self.text(node, depth)),
            Kind::Expr(expr) => match &**expr {
                Expr::Template(_) => Some(self.text(node, depth)),
                Expr::Call { name, args, .. } => match &**name {
                    "jsonencode" => Some(Form::Jsonencode),
                    "file" => Some(Form::File),
                    "templatefile" => Some(Form::Templatefile),
                    _ => args.iter().find_map(next),
                },
                Expr::Conditional(_, yes, no) => {
                    let taken = |branch: &Node| self.way.iter().any(|at| branch.span.contains(*at));
                    let (first, second) =
                        if taken(no) && !taken(yes) { (no, yes) } else { (yes, no) };
                    next(first).or_else(|| next(second))
                }
                Expr::Traversal(base, steps) => {
                    let Kind::Expr(root) = &base.kind else { return next(base) };
                    let Expr::Variable(root) = &**root else { return next(base) };
                    let name = |i: usize| match steps.get(i) {
                        Some((Traverse::Attr(name), _)) => Some(&**name),
                        _ => None,
                    };
                    self.reference(root, [name(0), name(1), name(2)], depth)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn reference(&self, root: &str, names: [Option<&str>; 3], depth: usize) -> Option<Form> {
        let module = self.evaluator.module();
        match (root, names) {
            ("var", _) => Some(Form::Variable),
            ("module", _) => Some(Form::Module),
            ("local", [Some(name), ..]) => {
                let local = module.locals.get(name)?;
                self.find(&local.value, depth + 1)
            }
            ("data", [Some("aws_iam_policy_document"), ..]) => Some(Form::AwsIamPolicyDocument),
            ("data", [Some("template_file"), ..]) => Some(Form::Templatefile),
            ("data", [Some("local_file"), ..]) => Some(Form::File),
            ("data", _) => None,
            (kind, [Some(name), Some(attribute), _]) => {
                let resource = module.resource(Sort::Managed, kind, name)?;
                let attribute = resource.block.body.attribute(attribute)?;
                self.find(&attribute.value, depth + 1)
            }
            _ => None,
        }
    }

    /// A heredoc, or a string in quotes. What the string interpolates alone is unwrapped.
    fn text(&self, node: &Node, depth: usize) -> Form {
        if let Kind::Expr(expr) = &node.kind
            && let Expr::Template(parts) = &**expr
            && let [crate::syntax::TemplatePart::Interpolation(inner)] = parts.as_slice()
        {
            return self.find(inner, depth + 1).unwrap_or(Form::Inline);
        }
        if self.evaluator.label(node).starts_with("<<") { Form::Heredoc } else { Form::JsonString }
    }
}
