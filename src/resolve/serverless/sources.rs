//! What each type of a variable stands for.

use super::variable::Source;
use super::{Variables, lookup};
use crate::resolve::cloudformation::build::{reference, referenced, text};
use crate::source::Span;
use crate::syntax::{Kind, Node};

/// A literal that stands without quotes.
pub(super) fn word(word: &str, at: Span) -> Node {
    let kind = match word {
        "true" => Kind::Bool(true),
        "false" => Kind::Bool(false),
        "null" | "" => Kind::Null,
        _ if word.parse::<f64>().is_ok() => Kind::Number(word.into()),
        _ => return text(word, at),
    };
    Node { span: at, kind }
}

impl Variables<'_> {
    /// The value of a source with a type, or that of the `rest` where it has none.
    pub(super) fn call(&mut self, source: &Source<'_>, rest: &[Source<'_>], at: Span) -> Node {
        let Source::Call { text: whole, kind, parameters, address } = source else {
            return Node { span: at, kind: Kind::Null };
        };
        let found = match (*kind, *parameters) {
            ("self", None) => self.of_self(address, rest, at),
            ("file", Some(path)) => self.of_file(path, address, rest, at),
            ("sls", None) if *address == "stage" => Some(self.stage(at)),
            ("aws", None) if *address == "accountId" => Some(reference("AWS::AccountId", at)),
            ("aws", None) if *address == "region" => Some(reference("AWS::Region", at)),
            ("strToBool", Some(value)) => self.bool_of(value, at),
            ("param", None) => {
                let default = self.of_params(address, at).or_else(|| self.rest(rest, at));
                Some(self.parameter(whole, default, at))
            }
            _ => None,
        };
        match found {
            Some(node) if !matches!(node.kind, Kind::Null) => node,
            _ => {
                match self.rest(rest, at) {
                    // An address that is nothing of the service has no value of its own.
                    Some(default) if matches!(*kind, "self" | "file") => default,
                    default => {
                        if let (None, "file", Some(path), "") =
                            (&default, *kind, *parameters, *address)
                            && let Some(missing) = self.not_there(path, at)
                        {
                            return missing;
                        }
                        let name = self.name_of(whole, at);
                        self.parameter(&name, default, at)
                    }
                }
            }
        }
    }

    /// The value of the sources that come next; nothing where there is none.
    pub(super) fn rest(&mut self, rest: &[Source<'_>], at: Span) -> Option<Node> {
        (!rest.is_empty()).then(|| self.first_of(rest, at))
    }

    /// The stage: the option, else what the provider says, else `dev`.
    pub(super) fn stage(&mut self, at: Span) -> Node {
        let own = lookup::walk(&self.root, &["provider", "stage"]).cloned();
        let default = match own {
            Some(node) if self.open.insert("sls:stage".to_owned()) => {
                let node = self.resolve(&node);
                self.open.remove("sls:stage");
                node
            }
            _ => text("dev", at),
        };
        self.parameter("opt:stage", Some(default), at)
    }

    /// `${strToBool(...)}`, of a text that is known.
    fn bool_of(&mut self, value: &str, at: Span) -> Option<Node> {
        let value = self.resolve(&text(value, at)).scalar()?;
        let bool = match &*value.trim_matches(['\'', '"']).to_ascii_lowercase() {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => return None,
        };
        Some(Node { span: at, kind: Kind::Bool(bool) })
    }

    /// The value that `params` gives for every stage, where no stage has one of its own.
    fn of_params(&mut self, name: &str, at: Span) -> Option<Node> {
        let params = self.root.get("params").and_then(Node::as_map).cloned();
        let params: Vec<_> = params.into_iter().flat_map(|pairs| pairs.to_vec()).collect();
        let mut default = None;
        let mut own = Vec::new();
        for pair in params {
            let (Some(stage), Some(value)) = (pair.key.scalar(), pair.value.get(name)) else {
                continue;
            };
            let value = self.resolve(value);
            match &*stage {
                "default" => default = Some(value),
                _ => own.push((stage, value)),
            }
        }
        if own.is_empty() {
            return default;
        }
        let mut out = default.unwrap_or_else(|| {
            let name = format!("param:{name}");
            self.parameter(&name, None, at)
        });
        let stage = self.stage(at);
        let stage = referenced(&stage)?;
        for (value, node) in own.into_iter().rev().take(lookup::MAX_CHOICES) {
            out = self.choice(&stage, &value, node, out, at);
        }
        Some(out)
    }

    /// How a source is named where its value is not known: with what is known of its address.
    fn name_of(&mut self, whole: &str, at: Span) -> String {
        if !whole.contains("${") {
            return whole.to_owned();
        }
        let resolved = self.resolve(&text(whole, at));
        resolved.scalar().map_or_else(|| whole.to_owned(), |known| known.to_string())
    }
}
