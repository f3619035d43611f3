//! What a request is for, and the headers that it carries (SEMANTICS 1.4, 2.4).

use std::sync::LazyLock;

use super::{ALNUM, Domain, GRAPHIC, build};
use crate::analyze::sets::glob::{Chars, Glob};
use crate::model::METHODS;

/// The characters of the name of a stage.
const STAGE: Chars =
    Chars::ascii("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

/// A verb.
pub fn method() -> Domain {
    static DOMAIN: LazyLock<Domain> = LazyLock::new(|| {
        let every = Glob::any_of(METHODS.map(Glob::exactly));
        Domain::new(every.clone(), every).preferring(METHODS)
    });
    DOMAIN.clone()
}

/// A stage: never empty.
pub fn stage() -> Domain {
    static DOMAIN: LazyLock<Domain> = LazyLock::new(|| {
        let every = build(|b| b.some(&STAGE));
        Domain::new(every.clone(), every).preferring(["prod", "v1", "dev"])
    });
    DOMAIN.clone()
}

/// The path of a request: the actual one, not a template. The root is `/`.
///
/// No page says whether an encoded character stands in the ARN as it was sent or decoded `[?]`, so
/// every visible character may. API Gateway takes the slash off the end of other paths: one that has
/// it is in the domain, and no usual witness.
pub fn path() -> Domain {
    static DOMAIN: LazyLock<Domain> = LazyLock::new(|| {
        let every = build(|b| b.text("/").run(&GRAPHIC));
        Domain::new(every, usual_path()).preferring(["/"])
    });
    DOMAIN.clone()
}

fn usual_path() -> Glob {
    let segment = ALNUM.union(&Chars::ascii("-._~"));
    let within = segment.union(&Chars::ascii("/"));
    let root = Glob::exactly("/");
    let segments = root.then(&build(|b| b.some(&segment)));
    let deep = root.then(&build(|b| b.one(&segment).run(&within).one(&segment)));
    Glob::any_of([root, segments, deep])
}

/// `{stage}/{METHOD}{path}`: what stands behind `{api-id}/` in the ARN of a request.
pub fn tail() -> Domain {
    static DOMAIN: LazyLock<Domain> = LazyLock::new(|| tail_of(&stage(), &METHODS, &path()));
    DOMAIN.clone()
}

/// The requests of one stage or of some, with some verbs, on some paths.
pub fn tail_of(stage: &Domain, methods: &[&str], path: &Domain) -> Domain {
    let methods = Glob::any_of(methods.iter().map(|m| Glob::exactly(&format!("/{m}"))));
    let join = |stage: &Glob, path: &Glob| stage.then(&methods).then(path);
    let known = stage.hints.first().map(|name| Glob::exactly(name));
    let stages = known.iter().chain(stage.usual.iter());
    let usual = stages.flat_map(|stage| path.usual.iter().map(|path| join(stage, path)));
    Domain { every: join(&stage.every, &path.every), usual: usual.collect(), hints: [].into() }
}

/// The paths of a route: `{id}` is one segment, `{proxy+}` one or more.
pub fn path_of(template: &str) -> Domain {
    let segment = GRAPHIC.subtract(&Chars::ascii("/"));
    let plain = ALNUM.union(&Chars::ascii("-._~"));
    let (mut every, mut usual) = (Glob::exactly(""), Glob::exactly(""));
    let (mut example, mut parameters) = (String::new(), 0);
    let template = match template.trim_end_matches('/') {
        "" => "/",
        rest => rest,
    };
    for (index, part) in template.split('/').enumerate() {
        let slash = if index > 0 { "/" } else { "" };
        let name = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let (wide, narrow, shown) = match name {
            Some(name) if name.ends_with('+') => {
                (build(|b| b.some(&GRAPHIC)), usual_path().behind("/"), "any".to_owned())
            }
            Some(_) => {
                parameters += 1;
                (build(|b| b.some(&segment)), build(|b| b.some(&plain)), parameters.to_string())
            }
            None => (Glob::exactly(part), Glob::exactly(part), part.to_owned()),
        };
        every = every.then(&Glob::exactly(slash)).then(&wide);
        usual = usual.then(&Glob::exactly(slash)).then(&narrow);
        example = format!("{example}{slash}{shown}");
    }
    Domain::new(every, usual).preferring([example])
}

/// A header's value: printable text. `hints` are what such a header usually holds.
pub fn header(hints: &[&str]) -> Domain {
    static DOMAIN: LazyLock<Domain> = LazyLock::new(|| {
        let control = (0u8..32).chain([127]).map(char::from).filter(|c| *c != '\t');
        let printable = control.fold(Chars::ALL, |set, c| set.subtract(&Chars::only(c)));
        Domain::new(build(|b| b.run(&printable)), build(|b| b.some(&GRAPHIC)))
    });
    DOMAIN.clone().preferring(hints.iter().copied())
}
