//! Templates: quoted strings and heredocs with interpolations and directives.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::scope::Env;
use crate::resolve::{Kind, NeedSplit, Piece, Value};
use crate::source::Origin;
use crate::syntax::{Node, TemplatePart};

impl Evaluator<'_> {
    /// A template. `"${x}"` alone is `x` itself, whatever its type.
    pub(super) fn template(
        &mut self,
        node: &Node,
        parts: &[TemplatePart],
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        if let [TemplatePart::Interpolation(inner)] = parts {
            return self.eval(inner, env);
        }
        let origin = self.origins.literal(node.span);
        let mut pieces = Vec::new();
        self.parts(parts, node, origin, env, &mut pieces)?;
        Ok(self.text_of(pieces, origin, node))
    }

    fn parts(
        &mut self,
        parts: &[TemplatePart],
        node: &Node,
        origin: Origin,
        env: Env<'_>,
        out: &mut Vec<Piece>,
    ) -> Result<(), NeedSplit> {
        for part in parts {
            if !self.spend(1) {
                if let Kind::Symbol(id) = self.out_of_bounds(node, "the template is too large").kind
                {
                    out.push(Piece::Hole(id, origin));
                }
                return Ok(());
            }
            match part {
                TemplatePart::Text(text) => out.push(Piece::Lit {
                    text: Arc::clone(&text.text),
                    map: text.map.clone(),
                    origin,
                }),
                TemplatePart::Interpolation(inner) => {
                    let value = self.eval(inner, env)?;
                    self.interpolate(&value, inner, env, out);
                }
                TemplatePart::If(condition, yes, no) => match self.truth(condition, env)? {
                    Some(true) => self.parts(yes, node, origin, env, out)?,
                    Some(false) => self.parts(no, node, origin, env, out)?,
                    None => self.open_part(condition, env, out),
                },
                TemplatePart::For { key_name, value_name, collection, body } => {
                    let value = self.eval(collection, env)?;
                    for element in self.elements(&value, collection, env)? {
                        if element.unknown.is_some() {
                            // Any number of repetitions.
                            self.open_part(collection, env, out);
                            continue;
                        }
                        let mut names = vec![(Arc::clone(value_name), element.value)];
                        if let Some(name) = key_name {
                            names.push((Arc::clone(name), element.key));
                        }
                        let scope = env.scope.with(names);
                        self.parts(body, node, origin, env.scope(&scope), out)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn interpolate(&mut self, value: &Value, node: &Node, env: Env<'_>, out: &mut Vec<Piece>) {
        match self.pieces_of(value) {
            Some(pieces) => {
                self.spend(pieces.len());
                out.extend(pieces);
            }
            None => {
                let failed = self.failed(node, env, "null cannot stand in a text");
                if let Kind::Symbol(id) = failed.kind {
                    out.push(Piece::Hole(id, failed.origin));
                }
            }
        }
    }

    /// A part of which it is not known what it becomes.
    fn open_part(&mut self, node: &Node, env: Env<'_>, out: &mut Vec<Piece>) {
        let hole = self.opaque(node, env);
        if let Kind::Symbol(id) = hole.kind {
            out.push(Piece::Hole(id, hole.origin));
        }
    }
}
