//! `can`: one question, one answer.

use std::collections::BTreeMap;

use super::args::{Can, Lint};
use super::exit::Exit;
use super::lint::{self, Judged};
use super::outputs;
use super::terminal::{colors, report, say};
use super::unit::trust_for;
use crate::analyze::ask::ask;
use crate::analyze::domains;
use crate::model::{AccountId, ApiKind, Arn, ConditionKey, Question, Tri, Who, glob_match};
use crate::report::answer::{ANSWER_FORMATS, Answered};
use crate::report::{JudgedApi, Run, plural};
use crate::source::{did_you_mean, escape};

/// The verbs of API Gateway.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Runs the command.
pub(super) fn can(args: &Can) -> Exit {
    lint::finish(run(args))
}

fn run(args: &Can) -> Result<Exit, String> {
    let format = outputs::named(ANSWER_FORMATS, |format| format.name, &args.format)?;
    let mut question = question(args)?;
    let mut lint = Lint::from(&args.asking.looking);
    lint.reporting.quiet = true;
    let Judged { run, plan, .. } = lint::judge(&lint)?;
    question.now = plan.now;
    warn_of_unread(&run);
    let Some(judged) = choose(&run.apis, args, &run.db)? else {
        say("no API found under the given paths");
        return Ok(Exit::Nothing);
    };
    let trust = trust_for(&judged.api, &plan.settings);
    let mut answer = ask(&judged.api, &trust, &question);
    domains::answered(&judged.api, &judged.reach, &mut answer);
    let access = answer.access;
    let (api, origins) = (judged.api.address.clone(), judged.origins.clone());
    let answered = Answered { db: run.db, origins, api, question, answer };
    let color = colors(args.asking.looking.color, false);
    report(None, |out| (format.write)(&answered, color, out))
        .map_err(|error| format!("error: {}", escape(&error)))?;
    Ok(match access {
        Tri::True => Exit::Clean,
        Tri::False => Exit::Findings,
        Tri::Unknown => Exit::Depends,
    })
}

/// Says that there are templates of which nothing is known.
pub(super) fn warn_of_unread(run: &Run) {
    let unread = run.findings.iter().filter(|f| f.rule == "unreadable-template").count();
    if unread > 0 {
        let unread = plural(unread, "place");
        say(&format!("warning: {unread} could not be read: `gatelint lint` says which"));
    }
}

/// Whether an API goes by `name`; every one does where there is none.
pub(super) fn is_named(judged: &JudgedApi, name: Option<&str>) -> bool {
    let names = [Some(judged.api.address.as_str()), judged.api.name.as_deref()];
    name.is_none_or(|name| names.into_iter().flatten().any(|own| glob_match(name, own)))
}

/// The API that is meant. `None` when there is none at all.
fn choose<'a>(
    apis: &'a [JudgedApi],
    args: &Can,
    db: &crate::source::SourceDb,
) -> Result<Option<&'a JudgedApi>, String> {
    let named = |judged: &&JudgedApi| is_named(judged, args.asking.api.as_deref());
    let all: Vec<&JudgedApi> =
        apis.iter().filter(|judged| judged.api.kind != ApiKind::VpcEndpoint).collect();
    let matching: Vec<&JudgedApi> = all.iter().copied().filter(named).collect();
    let list = |apis: &[&JudgedApi]| {
        let lines = apis.iter().map(|judged| {
            let span = judged.origins.span(judged.api.origin);
            let file = &db.file(span.file).display;
            format!("  {} ({})", escape(&judged.api.address), escape(file))
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    match (matching.as_slice(), &args.asking.api) {
        ([one], _) => Ok(Some(one)),
        ([], Some(api)) if !all.is_empty() => {
            let addresses = all.iter().map(|judged| judged.api.address.as_str());
            let near = did_you_mean(api, addresses);
            let near = near.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
            Err(format!("error: no API `{}`{near}; there are\n{}", escape(api), list(&all)))
        }
        ([], _) => Ok(None),
        (several, _) => Err(format!(
            "error: {}: choose one with --api, or give its file\n{}",
            plural(several.len(), "API"),
            list(several)
        )),
    }
}

/// What the arguments ask.
fn question(args: &Can) -> Result<Question, String> {
    let (method, rest) = args.request.trim().split_once(' ').ok_or_else(|| request_help(args))?;
    let method = method.to_ascii_uppercase();
    let rest = rest.trim().strip_prefix('/').ok_or_else(|| request_help(args))?;
    if !METHODS.contains(&method.as_str()) || rest.contains(' ') || rest.is_empty() {
        return Err(request_help(args));
    }
    let (stage, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut context = BTreeMap::new();
    for entry in &args.context {
        let pair = entry.split_once('=').filter(|(key, _)| key.contains(':'));
        let (key, value) = pair.ok_or_else(|| {
            let entry = escape(entry);
            format!("error: `{entry}` is not KEY=VALUE\n  = help: --context aws:UserAgent=curl")
        })?;
        context.insert(ConditionKey::parse(key).name, value.to_owned());
    }
    // API Gateway takes a slash at the end away, but for that of the root.
    let path = format!("/{}", path.trim_end_matches('/'));
    Ok(Question {
        who: who(&args.who)?,
        method,
        stage: stage.to_owned(),
        path,
        ip: args.ip,
        vpce: args.vpce.clone(),
        vpc: args.vpc.clone(),
        org: args.org.clone(),
        context,
        now: 0,
    })
}

fn request_help(args: &Can) -> String {
    let request = escape(&args.request);
    format!(
        "error: `{request}` is not a request\n  = help: a method, a stage and a path: \
         \"GET /prod/pets\"; methods are {}",
        METHODS.join(", ")
    )
}

fn who(text: &str) -> Result<Who, String> {
    if text.eq_ignore_ascii_case("anonymous") {
        return Ok(Who::Anonymous);
    }
    if let Some(account) = AccountId::parse(text) {
        return Ok(Who::Account(account));
    }
    let principal = Arn::parse(text).filter(|arn| {
        matches!(arn.service.as_str(), "iam" | "sts")
            && AccountId::parse(&arn.account).is_some()
            && !arn.resource.is_empty()
            && !text.contains(['*', '?'])
    });
    principal.map(Who::Principal).ok_or_else(|| {
        let text = escape(text);
        format!(
            "error: `{text}` is nobody who could call\n  = help: anonymous, an account id of \
             twelve digits, or an ARN such as arn:aws:iam::111122223333:role/Caller"
        )
    })
}
