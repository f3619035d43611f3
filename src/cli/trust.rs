//! `trust check`: the trust list against everything that the templates name.

use super::args::{Lint, TrustCheck};
use super::exit::Exit;
use super::lint::{self, Judged};
use super::outputs;
use super::settings::min_severity;
use super::terminal::say;
use crate::analyze::{named, owner};
use crate::config::Settings;
use crate::finding;
use crate::model::Assumption;
use crate::report::{JudgedApi, NoticeLevel, Run};
use crate::rules::trust::{self, ApiNames, Places, TrustCx};
use crate::source::Origins;

/// The rules whose findings say what was not read: they stay in the report.
const NOT_READ: [&str; 2] = ["unreadable-template", "unresolved"];

/// Runs the command.
pub(super) fn check(args: TrustCheck) -> Exit {
    lint::finish(run(args))
}

fn run(args: TrustCheck) -> Result<Exit, String> {
    let mut lint = Lint { reporting: args.reporting, ..Lint::of(args.inputs) };
    let outputs = outputs::outputs(&lint, &lint::cwd()?)?;
    // What was not read matters here whatever is reported of it.
    let least = min_severity(&lint).map_err(|error| format!("error: {error}"))?;
    lint.reporting.min_severity = None;
    let Judged { found, mut run, plan, .. } = lint::judge(&lint)?;
    let settings = &plan.settings;
    if settings.trust.accounts.is_empty()
        && settings.trust_lists.is_empty()
        && !lint.reporting.quiet
    {
        say("warning: there is no trust list: every account that a policy names is unknown to it");
    }
    let mut origins = Origins::new();
    let apis = names(&run.apis, settings, &mut origins);
    let places = places(settings, &mut origins);
    let doubts = doubts(&run, plan.whole);
    let cx = TrustCx { settings, places: &places, apis: &apis, doubts: &doubts, now: plan.now };
    let drafts = trust::check(&cx);
    drop(apis);
    run.findings.retain(|finding| NOT_READ.contains(&finding.rule));
    let possible = settings.fail_possible;
    run.findings.extend(drafts.into_iter().map(|draft| finding::build(draft, &origins, possible)));
    run.findings.retain(|finding| finding.severity >= least);
    run.findings = finding::order(std::mem::take(&mut run.findings), &run.db);
    run.counts.suppressed = run.findings.iter().filter(|f| f.is_suppressed()).count();
    outputs.write(&lint, &run)?;
    Ok(lint::exit(&lint, &found, &run))
}

/// What the policies name, each name where it is written; a value that nobody wrote, where it is used.
fn names<'a>(
    apis: &'a [JudgedApi],
    settings: &Settings,
    origins: &mut Origins,
) -> Vec<ApiNames<'a>> {
    let one = |judged: &'a JudgedApi| {
        let mut named = named::named(&judged.api);
        let mut place = |span| origins.literal(span);
        named.mentions = std::mem::take(&mut named.mentions)
            .into_iter()
            .map(|mention| named::Mention {
                origin: place(judged.origins.span(mention.origin)),
                ..mention
            })
            .collect();
        named.unknown = std::mem::take(&mut named.unknown)
            .into_iter()
            .map(|unknown| named::Unknown {
                origin: place(judged.origins.use_site(unknown.origin)),
                ..unknown
            })
            .collect();
        let owners = match settings.trust.owners.is_empty() {
            true => owner::account_of_resources(&judged.api).map(|(owner, _)| owner),
            false => None,
        };
        let owners = settings.trust.owners.iter().cloned().chain(owners).collect();
        ApiNames { api: &judged.api, named, owners }
    };
    apis.iter().map(one).collect()
}

fn places(settings: &Settings, origins: &mut Origins) -> Places {
    let mut place = |span| origins.literal(span);
    Places {
        accounts: settings.trust_spans.iter().map(|span| place(*span)).collect(),
        lists: settings.trust_lists.iter().map(|listed| place(listed.span)).collect(),
        owners: settings.owner_spans.iter().map(|(_, span)| place(*span)).collect(),
    }
}

/// What was not looked at.
fn doubts(run: &Run, whole: bool) -> Vec<Assumption> {
    let mut out = Vec::new();
    let mut add = |text: String| {
        if !out.iter().any(|known: &Assumption| known.text == text) {
            out.push(Assumption { text, pin: None, origin: None });
        }
    };
    if !whole {
        add("nothing outside the given paths names it".to_owned());
    }
    for finding in run.findings.iter().filter(|finding| NOT_READ.contains(&finding.rule)) {
        let span = finding.primary().span;
        let file = run.db.file(span.file);
        let line = file.line_col(span.start).line;
        add(format!("what stands at {}:{line} does not name it", file.display));
    }
    for notice in run.notices.iter().filter(|notice| notice.level == NoticeLevel::Warning) {
        add(format!("{}: nothing there names it", notice.message));
    }
    out
}
