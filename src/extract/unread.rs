//! Files of which no policy is read: a form that is not read yet, a file that cannot be read, a unit
//! in which this program itself broke down. Each is a problem in the inventory, never silence.

use std::sync::Arc;

use super::Extraction;
use crate::model::{
    Api, ApiKind, ApiWorld, EndpointTypes, Form, Framework, Inventory, IpAddressType, PolicySite,
    PolicyState, Problem, ProblemKind, Routes, SymbolClass, SymbolInfo, SymbolRef, SymbolTable,
};
use crate::source::{FileId, Origins, SourceDb, Span};

/// The forms that are not read yet, by the name that discovery gives them: what they are to the
/// model. The address is the file's path where it is `None`.
const FORMS: &[(&str, Framework, Form, ApiKind, Option<&str>)] = &[
    (
        "document with x-amazon-apigateway-policy",
        Framework::OpenApi,
        Form::OpenApiExtension,
        ApiKind::RestApi,
        Some("x-amazon-apigateway-policy"),
    ),
    ("serverless", Framework::Serverless, Form::Inline, ApiKind::RestApi, None),
];

/// What helps against what cannot be read, by how discovery's reason starts.
const HELPS: &[(&str, &str)] = &[
    ("a plan file", "lint what `terraform show -json FILE` prints"),
    ("a state file", "lint what `terraform show -json` prints"),
    ("a log of", "plan with `-out FILE`, and lint what `terraform show -json FILE` prints"),
    ("", "save it as UTF-8 text; if it is no template, exclude it in gatelint.yaml"),
];

/// Texts at which such a file speaks of a policy, the most telling first: its finding points there.
const MARKS: [&str; 6] = [
    "x-amazon-apigateway-policy",
    "aws_api_gateway_rest_api_policy",
    "resourcePolicy",
    "execute-api:",
    "aws_api_gateway_rest_api",
    "AWS::ApiGateway::RestApi",
];

/// A file of a `form` that is not read yet: one API of which nothing is known.
pub fn not_read_yet(file: FileId, form: &str, db: &SourceDb) -> Extraction {
    let source = db.file(file);
    let known = FORMS.iter().find(|(name, ..)| form.starts_with(name));
    let (_, framework, site, kind, address) =
        known.copied().unwrap_or(("", Framework::Policy, Form::Document, ApiKind::Document, None));
    let address = address.map_or_else(|| source.display.clone(), str::to_owned);
    let mut origins = Origins::new();
    let mark = MARKS.iter().find_map(|mark| source.text.find(mark).map(|at| (at, mark.len())));
    let (start, len) = mark.unwrap_or((0, 0));
    let origin = origins.literal(Span::new(file, start, start + len));
    let symbol = SymbolRef { id: 0, class: SymbolClass::Opaque };
    let info = SymbolInfo { label: form.to_owned(), origin, pin: None };
    let symbols = Arc::new(SymbolTable(vec![info]));
    let problem = Problem {
        kind: ProblemKind::Unresolved {
            what: form.to_owned(),
            why: "this form is not read yet".into(),
            pin: None,
        },
        origin,
        related: Vec::new(),
        api: Some(address.clone()),
    };
    let api = Api {
        address: address.clone(),
        kind,
        framework,
        name: None,
        tags: Vec::new(),
        origin,
        sites: vec![PolicySite { address, origin, form: site, merged: Vec::new() }],
        worlds: vec![ApiWorld {
            assumptions: Vec::new(),
            is_default: true,
            exists: true,
            endpoint: EndpointTypes::Unknown(symbol, origin),
            ip: IpAddressType::Unknown,
            policy: PolicyState::Unknown(symbol, origin),
            routes: Routes::default(),
        }],
        bounded: false,
        unresolved: vec![problem],
        assumptions: Vec::new(),
        called: None,
        account: None,
        symbols: Arc::clone(&symbols),
    };
    let inventory = Inventory { apis: vec![api], symbols, ..Inventory::default() };
    Extraction { inventory, origins, ..Extraction::default() }
}

/// A file that mentions an API Gateway policy and cannot be read, with the reason.
pub fn unreadable(file: FileId, reason: &str) -> Extraction {
    let help = HELPS.iter().find(|(start, _)| reason.starts_with(start));
    let help = help.map(|(_, help)| (*help).to_owned());
    let kind = ProblemKind::Unreadable { message: reason.to_owned(), help };
    alone(file, kind)
}

/// A unit in which this program broke down, with what it said.
pub fn broken(file: FileId, message: &str) -> Extraction {
    alone(file, ProblemKind::Internal { message: message.to_owned() })
}

/// A problem of a whole file.
fn alone(file: FileId, kind: ProblemKind) -> Extraction {
    let mut origins = Origins::new();
    let origin = origins.literal(Span::new(file, 0, 0));
    let problem = Problem { kind, origin, related: Vec::new(), api: None };
    let inventory = Inventory { problems: vec![problem], ..Inventory::default() };
    Extraction { inventory, origins, ..Extraction::default() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_form_that_is_not_read_is_an_api_of_which_nothing_is_known() {
        let db = SourceDb::new();
        let text = "openapi: 3.0.1\nx-amazon-apigateway-policy: {}\n";
        let file = db.add(Path::new("/a/b.yaml"), "a/b.yaml".into(), text);
        let form = "document with x-amazon-apigateway-policy";
        let Extraction { inventory, origins, .. } = not_read_yet(file, form, &db);
        let [api] = inventory.apis.as_slice() else { panic!("one API") };
        assert_eq!(api.address, "x-amazon-apigateway-policy");
        assert_eq!(api.framework, Framework::OpenApi);
        assert_eq!(db.slice(origins.span(api.origin)), "x-amazon-apigateway-policy");
        assert!(matches!(api.worlds[0].policy, PolicyState::Unknown(..)));
        assert_eq!(api.unresolved.len(), 1);
        let other = not_read_yet(file, "policy inside a file of unknown form", &db).inventory;
        assert_eq!(other.apis[0].address, "a/b.yaml");
        assert_eq!(other.apis[0].framework, Framework::Policy);
    }

    #[test]
    fn what_cannot_be_read_is_a_problem() {
        let db = SourceDb::new();
        let file = db.add(Path::new("/a.yaml"), "a.yaml".into(), "");
        let [unreadable, broken] =
            [unreadable(file, "not UTF-8 text"), broken(file, "index out of bounds")];
        let kind = |extraction: &Extraction| extraction.inventory.problems[0].kind.clone();
        assert!(matches!(kind(&unreadable), ProblemKind::Unreadable { .. }));
        assert!(matches!(kind(&broken), ProblemKind::Internal { .. }));
    }
}
