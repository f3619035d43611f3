//! AWS SAM, held against what its translator makes of the same templates: `testdata/sam`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gatelint::extract::{Extraction, Inputs, cloudformation};
use gatelint::model::{
    Api, ApiKind, ApiWorld, AuthType, EffectElement, EndpointTypes, Entry, Leaf, Policy,
    PolicyState, PrincipalElement, PrincipalKind, ProblemKind, Route, Statement, Version,
};
use gatelint::source::{MemoryFs, SourceDb};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/sam");

fn read(path: &Path) -> (Extraction, SourceDb) {
    let text = std::fs::read_to_string(path).expect("a readable file");
    let db = SourceDb::new();
    let file = db.add(path, path.display().to_string(), text);
    let inputs = Inputs {
        db: &db,
        fs: &MemoryFs::new(),
        roots: &[],
        parameters: &BTreeMap::new(),
        variables: &BTreeMap::new(),
        var_files: &[],
        source: None,
    };
    (cloudformation::extract(file, inputs), db)
}

/// The templates, by name.
fn templates() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(FOLDER).expect("a readable folder");
    let entries = entries.map(|entry| entry.expect("an entry").path());
    let mut out: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "yaml")).collect();
    out.sort();
    assert!(out.len() >= 9, "{out:?}");
    out
}

fn entries<T>(api: &Api, entries: &[Entry<T>], one: impl Fn(&T) -> String) -> Vec<String> {
    let mut out: Vec<String> = entries
        .iter()
        .map(|entry| match entry {
            Entry::One(item) => one(item),
            Entry::Many(symbol, _) => format!("..{}", api.symbols.label(*symbol)),
        })
        .collect();
    out.sort();
    out
}

fn leaves(api: &Api, list: &[Entry<Leaf>]) -> String {
    entries(api, list, |leaf| leaf.display(&api.symbols)).join(", ")
}

/// A statement, all of it, in the words of the expected files.
fn statement(api: &Api, statement: &Statement) -> String {
    let text = |leaf: &Leaf| leaf.display(&api.symbols);
    let effect = match &statement.effect {
        EffectElement::Known(effect, _) => format!("{effect:?}"),
        EffectElement::Missing => "no effect".into(),
        EffectElement::Other(other) => text(other),
    };
    let principal = match &statement.principal {
        PrincipalElement::Missing => "nobody".into(),
        PrincipalElement::NotPrincipal(..) => "NotPrincipal".into(),
        PrincipalElement::Principal(principals) => {
            let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for item in &principals.items {
                let (kind, value) = match item {
                    Entry::One(item) => {
                        assert_eq!(item.kind, PrincipalKind::Aws);
                        let value = text(&item.value);
                        (if value == "*" { "" } else { "AWS " }, value)
                    }
                    Entry::Many(symbol, _) => ("..", api.symbols.label(*symbol).to_owned()),
                };
                kinds.entry(kind.to_owned()).or_default().push(value);
            }
            let kinds = kinds.iter_mut().map(|(kind, values)| {
                values.sort();
                format!("{kind}{}", values.join(", "))
            });
            kinds.collect::<Vec<_>>().join("; ")
        }
    };
    assert!(!statement.action.negated && !statement.resource.negated);
    let conditions = entries(api, &statement.conditions, |c| {
        format!("{} {} {}", text(&c.operator_name), text(&c.key_name), leaves(api, &c.values))
    });
    let mut out = format!(
        "{effect} {principal} {} on {}",
        leaves(api, &statement.action.items),
        leaves(api, &statement.resource.items)
    );
    if !conditions.is_empty() {
        out.push_str(&format!(" if {}", conditions.join(" and ")));
    }
    out
}

fn policy(api: &Api, policy: &Policy) -> Vec<String> {
    let version = match &policy.version {
        Version::Missing => "without a version".to_owned(),
        Version::V2008(_) => "2008-10-17".to_owned(),
        Version::V2012(_) => "2012-10-17".to_owned(),
        Version::Other(other) => other.display(&api.symbols),
    };
    let mut out = vec![format!("policy {version}")];
    out.extend(entries(api, &policy.statements, |one| statement(api, one)));
    out
}

fn route(route: &Route) -> String {
    let auth = match route.auth {
        AuthType::None => "NONE",
        AuthType::AwsIam => "AWS_IAM",
        AuthType::Custom => "CUSTOM",
        AuthType::CognitoUserPools => "COGNITO_USER_POOLS",
        AuthType::Unknown => "?",
    };
    let of = |part: &Option<String>| part.clone().expect("it is known");
    format!("{} {} {auth}", of(&route.method), of(&route.path))
}

fn endpoint(world: &ApiWorld) -> String {
    match &world.endpoint {
        EndpointTypes::Known(kind, _) => format!("{kind:?}").to_uppercase(),
        // Where there is no EDGE, the translator writes REGIONAL.
        EndpointTypes::Absent => "-, REGIONAL in aws-cn, REGIONAL in aws-us-gov".into(),
        other => format!("{other:?}"),
    }
}

/// The blocks of lines, by their names.
type Blocks = BTreeMap<String, Vec<String>>;

/// What is known of every API, in the form of the expected files.
fn blocks(extraction: &Extraction) -> Blocks {
    let mut out = Blocks::new();
    for api in &extraction.inventory.apis {
        for world in &api.worlds {
            let id = match (api.kind, &api.name) {
                (ApiKind::DomainName, Some(name)) => format!("domain {name}"),
                _ => api.address.clone(),
            };
            let side = if world.is_default { "" } else { " otherwise" };
            let mut lines = vec![format!("endpoint {}", endpoint(world))];
            match &world.policy {
                PolicyState::None => lines.push("no policy".into()),
                PolicyState::Known(all) => lines.extend(all.iter().flat_map(|p| policy(api, p))),
                PolicyState::Unknown(symbol, _) => lines.push(api.symbols.label(*symbol).into()),
            }
            let mut routes: Vec<String> = world.routes.declared.iter().map(route).collect();
            routes.sort();
            if world.routes.complete == routes.is_empty() {
                routes.push(format!("complete {}", world.routes.complete));
            }
            lines.extend(routes);
            if let Some(more) = out.insert(format!("{id}{side}"), lines) {
                panic!("{id} has another world: {:?} {more:?}", world.assumptions);
            }
        }
    }
    out
}

/// The blocks of an expected file.
fn expected(name: &str) -> Blocks {
    let path = Path::new(FOLDER).join(format!("expected/{name}.txt"));
    let text = std::fs::read_to_string(path).expect("a readable file");
    let mut out = Blocks::new();
    let mut last = String::new();
    for line in text.lines() {
        match line.strip_prefix("  ") {
            Some(line) => out.entry(last.clone()).or_default().push(line.to_owned()),
            None => {
                last = line.to_owned();
                assert!(out.insert(last.clone(), Vec::new()).is_none(), "{last} stands twice");
            }
        }
    }
    out
}

/// What the translator makes of the templates in each partition: `translate.py` writes one text for
/// the three of them, and stops where they differ by more than the endpoint type.
#[test]
fn every_template_expands_as_the_translator_does_it() {
    let (mut statements, mut methods) = (0, 0);
    let mut differences = Vec::new();
    for template in templates() {
        let name = template.file_stem().unwrap().to_string_lossy().into_owned();
        let (ours, theirs) = (blocks(&read(&template).0), expected(&name));
        let ids = |of: &Blocks| of.keys().cloned().collect::<Vec<_>>();
        assert_eq!(ids(&ours), ids(&theirs), "{name}");
        for (id, lines) in &ours {
            for line in lines.iter().filter(|line| !theirs[id].contains(line)) {
                differences.push(format!("{name}: {id}: only here: {line}"));
            }
            for line in theirs[id].iter().filter(|line| !lines.contains(line)) {
                differences.push(format!("{name}: {id}: only there: {line}"));
            }
            // Of two equal lines both count.
            if lines != &theirs[id] {
                differences.push(format!("{name}: {id}: {} lines", lines.len()));
            }
            let is_statement = |line: &&String| line.contains(" execute-api:Invoke on ");
            statements += lines.iter().filter(is_statement).count();
            methods += lines.iter().filter(|line| line.contains(" /")).count();
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(statements >= 500 && methods >= 350, "{statements} {methods}");
}

#[test]
fn nothing_of_the_templates_is_left_unread() {
    for template in templates() {
        let (extraction, db) = read(&template);
        for problem in extraction.inventory.apis.iter().flat_map(|api| &api.unresolved) {
            let ProblemKind::Unresolved { what, why, .. } = &problem.kind else { continue };
            // What the translator passes over is said; it is not unread.
            let said = ["AWS does not say", "OverrideApiAuth would", "AWS SAM drops it"];
            let at = db.slice(extraction.origins.span(problem.origin));
            assert!(said.iter().any(|s| why.contains(s)), "{template:?}: {what} {why} at {at}");
        }
    }
}
