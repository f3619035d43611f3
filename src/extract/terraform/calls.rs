//! Module calls that cannot be followed. One that is handed a policy is named, and its API is one of
//! which nothing is known.

use std::sync::Arc;

use super::Unit;
use super::load::Lost;
use crate::extract::convert::symbol_ref;
use crate::model::{
    Api, ApiKind, ApiWorld, EndpointTypes, Form, Framework, IpAddressType, PolicySite, PolicyState,
    Problem, ProblemKind, Routes,
};
use crate::resolve::terraform::{Env, META, Scope, Sort};
use crate::resolve::{Class, Item, Kind, Piece, Text, Value, World};
use crate::syntax::{Attribute, Block};

/// How deep a value is looked through.
const MAX_DEPTH: usize = 40;

impl Unit<'_> {
    /// Names a module call that is handed a policy of an API, one of a module that makes an API by its
    /// name, and one of a folder that is not there.
    pub(super) fn module_call(&mut self, call: &Arc<Block>, apis: &mut Vec<Api>) {
        let source = call.body.attribute("source").map(|a| self.evaluator.label(&a.value));
        let source = source.unwrap_or_default().to_ascii_lowercase();
        // What follows is a version.
        let source = source.split('?').next().unwrap_or_default();
        let gateway = ["api-gateway", "apigateway", "api_gateway", "rest-api", "rest_api"];
        let makes_api = gateway.iter().any(|name| source.contains(name));
        // APIs of the other service have no resource policy; a module that is handed an API makes none.
        let is_http =
            ["v2", "-http", "_http", "websocket"].iter().any(|name| source.contains(name));
        let handed = call.body.attributes.iter().any(|a| self.names_api(&a.value, None));
        let makes_api = makes_api && !is_http && !handed;
        let passed = call.body.attributes.iter().filter(|a| !META.contains(&&*a.name)).cloned();
        let policy = passed.into_iter().find(|a| {
            self.speaks_of_execute_api(a)
                || (makes_api && a.name.contains("policy") && has_value(a))
        });
        let lost = self.lost.get(&call.span).copied();
        let too_many = matches!(lost, Some(Lost::Limit { makes_api: true }));
        if policy.is_none() && !makes_api && !too_many {
            if let Some(lost) = lost {
                self.lost_call(call, lost);
            }
            return;
        }
        let name = call.labels.first().map_or("", |l| &*l.text);
        let address = format!("module.{name}");
        let origin = self.evaluator.origins.literal(call.header);
        let what = format!("module \"{name}\"");
        let symbol = self.evaluator.intern(&what, &what, origin, Class::Opaque);
        let symbol = symbol_ref(&self.evaluator.symbols, symbol, Some(&address));
        let at = policy.as_ref().map(|a| self.evaluator.origins.literal(a.value.span));
        let problem = Problem {
            kind: ProblemKind::Unresolved {
                what,
                why: match too_many {
                    true => "a limit was reached: what it makes is judged as one unknown API",
                    false => "the module is not in the given folders: its API is judged as unknown",
                }
                .into(),
                pin: None,
            },
            origin,
            related: at.map(|at| (at, "the policy it is handed".into())).into_iter().collect(),
            api: Some(address.clone()),
        };
        let site = |origin| {
            let (address, form, merged) = (address.clone(), Form::Module, Vec::new());
            PolicySite { address, origin, form, merged }
        };
        apis.push(Api {
            address: address.clone(),
            kind: ApiKind::RestApi,
            framework: Framework::Terraform,
            name: None,
            tags: Vec::new(),
            origin,
            sites: at.map(site).into_iter().collect(),
            worlds: vec![ApiWorld {
                is_default: true,
                exists: true,
                endpoint: EndpointTypes::Unknown(symbol, origin),
                ip: IpAddressType::Unknown,
                policy: PolicyState::Unknown(symbol, at.unwrap_or(origin)),
                routes: Routes::default(),
                ..ApiWorld::absent()
            }],
            bounded: false,
            unresolved: vec![problem],
            assumptions: Vec::new(),
            called: None,
            account: None,
            symbols: Arc::default(),
        });
    }

    /// Says that a module is not read.
    fn lost_call(&mut self, call: &Block, lost: Lost) {
        let name = call.labels.first().map_or("", |label| &*label.text);
        let origin = self.evaluator.origins.literal(call.header);
        let source = call.body.attribute("source").map(|source| &source.value);
        let (why, label) = match lost {
            Lost::NotThere => (
                "its folder does not exist, or lies outside of the given folders and their \
                 repository: an API in it is not judged",
                "not found",
            ),
            Lost::NotKnown => ("its source is not known: an API in it is not judged", "not known"),
            Lost::Limit { .. } => (
                "a limit was reached: there are too many calls of modules, or they are too deep or too \
                 large, and an API in this one is not judged",
                "not followed",
            ),
        };
        let related =
            source.map(|source| (self.evaluator.origins.literal(source.span), label.into()));
        self.report(Problem {
            kind: ProblemKind::Unresolved {
                what: format!("module \"{name}\""),
                why: why.into(),
                pin: None,
            },
            origin,
            related: related.into_iter().collect(),
            api: None,
        });
    }

    /// Whether an argument, or a policy document it names, is a policy about invoking an API: one of
    /// an identity names no principal, and the source ARN of a Lambda permission is no action.
    fn speaks_of_execute_api(&mut self, argument: &Attribute) -> bool {
        let speaks = |text: String| {
            let text = text.to_ascii_lowercase();
            text.contains("\"execute-api:") && text.contains("principal")
        };
        // What stands in a file that the argument reads is seen in its value only.
        let files = self.evaluator.mentions(&argument.value, None).functions;
        if files.iter().any(|name| name.contains("file"))
            && self.text_of(argument).is_some_and(speaks)
        {
            return true;
        }
        let named = self.evaluator.names(&argument.value, None);
        let documents = named.iter().filter(|(sort, kind, _)| {
            *sort == Sort::Data && matches!(&**kind, "aws_iam_policy_document" | "template_file")
        });
        let mut documents = documents.filter_map(|(sort, kind, name)| {
            self.module.resource(*sort, kind, name).map(|r| r.block.span)
        });
        let mut locals = self.evaluator.locals_of(&argument.value).into_iter();
        speaks(self.evaluator.text(argument.value.span))
            || documents.any(|span| speaks(self.evaluator.text(span)))
            || locals.any(|span| speaks(self.evaluator.text(span)))
    }
}

impl Unit<'_> {
    /// The known text of an argument, holes left out.
    fn text_of(&mut self, argument: &Attribute) -> Option<String> {
        let world = World::default().freeze();
        self.evaluator.begin();
        let value = self.evaluator.eval(&argument.value, Env::data(&Scope::default(), &world)).ok();
        self.evaluator.finish();
        let mut out = String::new();
        collect(&value?, 0, &mut out);
        Some(out)
    }
}

/// Adds every text in a value, names in quotes.
fn collect(value: &Value, depth: usize, out: &mut String) {
    if depth > MAX_DEPTH {
        return;
    }
    match &value.kind {
        Kind::Text(Text(pieces)) => {
            out.push('"');
            for piece in pieces {
                if let Piece::Lit { text, .. } = piece {
                    out.push_str(text);
                }
            }
            out.push('"');
        }
        Kind::List(items) => items.iter().for_each(|item| match item {
            Item::One(value) => collect(value, depth + 1, out),
            Item::Many(..) => {}
        }),
        Kind::Map(map) => map.entries.iter().for_each(|(key, value)| {
            out.push_str(&key.text);
            collect(value, depth + 1, out);
        }),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Symbol(_) => {}
    }
}

/// Whether an argument is set to something.
pub(super) fn has_value(argument: &Attribute) -> bool {
    !matches!(argument.value.kind, crate::syntax::Kind::Null)
        && argument.value.scalar().is_none_or(|text| !text.is_empty())
}
