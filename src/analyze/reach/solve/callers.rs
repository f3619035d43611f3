//! The shapes of the callers of a group: what is fixed of them, and on which axes they are free.
//!
//! A principal that the policy names is a shape of its own, with nothing free but its keys. All others
//! of an account are one shape for each kind (role, user, federated user, root user), whose ARN is an
//! axis.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::analyze::sets::Glob;
use crate::analyze::sets::domains::{self, Domain};
use crate::analyze::sets::glob::{Builder, Chars};
use crate::model::{AbsentOr, AccountId, Arn, Caller, Fresh, Iam, Request, Value, split_arn};

use crate::analyze::reach::names::{Name, in_partition, principal};
use crate::analyze::reach::outsiders::{Group, Org, Outsiders};
use crate::analyze::reach::scene::{Scene, Sender};

use super::axes::{Axes, Axis, AxisId, Lit, Pick, TestId};
use super::keys::Keys;
use super::relations::{Choice, choices};

/// A shape.
#[derive(Debug)]
pub(super) struct Shape {
    /// A request of such a caller, with what is fixed of it.
    pub(super) request: Request,
    /// The same for the policy's variables: what is free is not known.
    pub(super) reading: Request,
    /// Where its ARN is free: the axis, and what stands before it.
    pub(super) arn: Option<(AxisId, String)>,
    /// Where its organisation is free, or its path in a known one: the same.
    pub(super) org: Option<(AxisId, String)>,
    /// The keys that it chooses.
    pub(super) keys: Keys,
    /// The sessions that are shapes of their own.
    sessions: Rc<[String]>,
    /// What else holds of it.
    pub(super) base: Vec<TestId>,
    /// Every request that is found is one that gets through; otherwise the policy's variables may
    /// speak against it.
    pub(super) exact: bool,
}

/// The principal of a shape: a name, and its ARN where that is free.
struct Principal {
    name: Name,
    arn: Option<(Domain, String)>,
    /// ARNs that are shapes of their own.
    except: Vec<String>,
}

const KINDS: [&str; 3] = ["role/", "user/", "federated-user/"];

/// The shapes of the callers of `group` in an organisation of the kind `org`, the plainest first.
pub(super) fn shapes(
    scene: &Scene<'_>,
    outsiders: &Outsiders<'_>,
    axes: &mut Axes<'_>,
    keys: &Keys,
    group: &Group,
    org: &Org,
) -> Vec<Rc<Shape>> {
    let mut out = Vec::new();
    let signed: Vec<(AccountId, Fresh, Principal)> = match group {
        Group::Anonymous => {
            let request = scene.plain();
            for choice in choices(scene, &request, keys, false) {
                out.push(finish(axes, choice, None, None, Vec::new(), [].into()));
            }
            return out;
        }
        Group::Fresh | Group::Member(_) => {
            let account = outsiders.account.clone();
            let all = strangers(outsiders, &account, Fresh::Yes);
            all.into_iter().map(|p| (account.clone(), Fresh::Yes, p)).collect()
        }
        Group::Account(account) => {
            let fixed = |name| Principal { name, arn: None, except: Vec::new() };
            let named = outsiders.named(account).into_iter().map(fixed);
            let all = named.chain(strangers(outsiders, account, Fresh::No));
            all.map(|p| (account.clone(), Fresh::No, p)).collect()
        }
        Group::Owner => {
            // Some digits stand for an account of which nothing is known.
            let known = AccountId::parse(&scene.identity.account);
            let Some(account) = known.or_else(|| AccountId::parse("000000000000")) else {
                return out;
            };
            let fixed = |name| Principal { name, arn: None, except: Vec::new() };
            let named = outsiders.named(&account).into_iter().map(fixed);
            let all = strangers(outsiders, &account, Fresh::No).into_iter().chain(named);
            all.map(|p| (account.clone(), Fresh::No, p)).collect()
        }
        Group::Symbol(symbol) => {
            let parts = outsiders.words.symbolic.get(symbol).cloned().unwrap_or_default();
            let plain = outsiders.plain(&outsiders.account, "role/caller");
            let name = Name { symbolic: Some(parts), ..plain };
            let only = Principal { name, arn: None, except: Vec::new() };
            vec![(outsiders.account.clone(), Fresh::No, only)]
        }
    };
    let account = signed.first().map(|(account, ..)| account.clone());
    let named = account.map(|account| outsiders.named(&account)).unwrap_or_default();
    let sessions: Rc<[String]> = named.into_iter().filter_map(|name| name.session).collect();
    for (account, fresh, of) in signed {
        let (id, paths, path_axis) = match group {
            Group::Owner => (AbsentOr::Unknown, AbsentOr::Unknown, None),
            _ => organization(outsiders, org),
        };
        let caller = Caller::Iam(Iam {
            arn: of.name.arn.clone(),
            session: of.name.session.clone(),
            account,
            fresh,
            owner: *group == Group::Owner,
            org: id,
            org_paths: paths,
            symbolic: of.name.symbolic.clone(),
        });
        let request = Request { caller, ..scene.plain() };
        let any_account = of.arn.as_ref().is_some_and(|(_, prefix)| prefix.ends_with("::"));
        for choice in choices(scene, &request, keys, any_account) {
            // Where a variable holds a part of it, the name is fixed.
            let arn = of.arn.clone().filter(|_| !choice.named);
            let path = path_axis.clone().filter(|_| !choice.organized);
            let except = if arn.is_some() { of.except.clone() } else { Vec::new() };
            out.push(finish(axes, choice, arn, path, except, sessions.clone()));
        }
    }
    out
}

fn finish(
    axes: &mut Axes<'_>,
    choice: Choice,
    arn: Option<(Domain, String)>,
    org: Option<(Domain, String, BTreeSet<String>)>,
    except: Vec<String>,
    sessions: Rc<[String]>,
) -> Rc<Shape> {
    let mut base = Vec::new();
    let plain = |domain: Domain| Axis { optional: false, domain, cells: Vec::new(), finite: false };
    let arn = arn.map(|(domain, prefix)| {
        let id = axes.add(plain(domain));
        base.extend(test(axes.texts(id, false, false, &taken(&except, &prefix))));
        (id, prefix)
    });
    let org = org.map(|(domain, prefix, taken)| {
        let id = axes.add(plain(domain));
        let names = Glob::any_of(taken.iter().map(|id| Glob::exactly(id)));
        if !taken.is_empty() {
            base.extend(test(axes.texts(id, false, false, &domains::paths_of(&names))));
        }
        (id, prefix)
    });
    let Choice { request, reading, keys, exact, .. } = choice;
    Rc::new(Shape { request, reading, arn, org, keys, sessions, base, exact })
}

fn test(lit: Lit) -> Option<TestId> {
    match lit {
        Lit::If(test) => Some(test),
        Lit::Always | Lit::Never => None,
    }
}

/// The texts behind `prefix` that are no stranger's: those of the ARNs in `except`, and those of
/// the accounts in it where the account is free.
fn taken(except: &[String], prefix: &str) -> Glob {
    let account = |id: &String| {
        let id = AccountId::parse(id).filter(|_| prefix.ends_with("::"))?;
        Some(Builder::default().text(id.as_str()).text(":").run(&Chars::ALL).build())
    };
    let arn = |arn: &String| arn.strip_prefix(prefix).map(Glob::exactly);
    Glob::any_of(except.iter().filter_map(|one| account(one).or_else(|| arn(one))))
}

/// The principals of `account` that the policy does not name, as far as it tells them apart.
fn strangers(outsiders: &Outsiders<'_>, account: &AccountId, fresh: Fresh) -> Vec<Principal> {
    let words = outsiders.words;
    let pattern_of_account = |text: &str| split_arn(text).is_none_or(|fields| fields[4] != "*");
    let any_account = fresh == Fresh::Yes
        && (words.account_words.iter().any(|word| word.pattern)
            || words.arn_words.iter().any(|w| w.pattern && pattern_of_account(&w.text)));
    let partition = &outsiders.partition;
    let except: Vec<String> = if any_account {
        outsiders.avoid.iter().cloned().collect()
    } else if fresh == Fresh::No {
        outsiders.named(account).into_iter().map(|name| name.arn).collect()
    } else {
        Vec::new()
    };
    let taken = |resource: &str| except.contains(&outsiders.plain(account, resource).arn);
    let sample = |kind: &str| {
        let names = ["caller", "somebody", "stranger", "outsider-1", "outsider-2"];
        let free = names.into_iter().map(|n| format!("{kind}{n}")).find(|name| !taken(name));
        free.unwrap_or_else(|| format!("{kind}outsider-3"))
    };
    let digits = Glob::exactly(account.as_str());
    let accounts = domains::account();
    let free = |kind: &str, resources: &Domain| {
        let service = if kind.starts_with("fed") { "sts" } else { "iam" };
        let hint = sample(kind);
        if !any_account {
            let domain = resources.clone().preferring([hint]);
            return (domain, format!("arn:{partition}:{service}::{account}:"));
        }
        let colon = Glob::exactly(":");
        let every = accounts.glob().then(&colon).then(resources.glob());
        let usual = if kind.is_empty() { digits.clone() } else { accounts.glob().clone() };
        let usual = usual.then(&colon).then(resources.glob());
        let hints = [format!("{account}:{hint}")];
        (Domain::new(every, usual).preferring(hints), format!("arn:{partition}:{service}::"))
    };
    let identified = words.identified;
    let kinds = if identified { &KINDS[..] } else { &KINDS[..1] };
    let mut out = Vec::new();
    for kind in kinds {
        let name = match *kind {
            "federated-user/" => {
                outsiders.federated(account, sample(kind).trim_start_matches(kind))
            }
            _ => in_partition(partition, account, &sample(kind)),
        };
        let arn = (identified || any_account).then(|| free(kind, &domains::named(kind)));
        out.push(Principal { name, arn, except: except.clone() });
    }
    if identified {
        let root = Domain::new(Glob::exactly("root"), Glob::exactly("root"));
        let name = outsiders.plain(account, "root");
        let arn = any_account.then(|| {
            let (domain, prefix) = free("", &root);
            (domain.preferring([format!("{account}:root")]), prefix)
        });
        out.push(Principal { name, arn, except });
    }
    out
}

type OrgAxis = Option<(Domain, String, BTreeSet<String>)>;

/// The organisation of a caller; where it is free, the axis of `o-../r-../..`.
fn organization(outsiders: &Outsiders<'_>, org: &Org) -> (AbsentOr, AbsentOr, OrgAxis) {
    let units = Chars::ascii("abcdefghijklmnopqrstuvwxyz0123456789-/");
    let usual_path = "/r-ab12/ou-ab12-11111111/";
    let words = outsiders.words;
    match org {
        Org::Standalone => (AbsentOr::Absent, AbsentOr::Absent, None),
        Org::Own => {
            let id = outsiders.org();
            let lower = Chars::ascii("abcdefghijklmnopqrstuvwxyz0123456789");
            let start = Builder::default().text("o-").between(&lower, 1, 1).run(&lower);
            let every = start.text("/").run(&units).build();
            let usual = domains::organization_path().glob().clone();
            let domain = Domain::new(every, usual).preferring([format!("{id}{usual_path}")]);
            (
                AbsentOr::Present(vec![Value::fresh(id)]),
                AbsentOr::Present(vec![Value::fresh(format!("{id}{usual_path}"))]),
                Some((domain, String::new(), words.organizations())),
            )
        }
        Org::Named(id) => {
            let every = Builder::default().run(&units).build();
            let usual = domains::organization_path().glob().behind(&format!("{id}/"));
            let domain = Domain::new(every, usual).preferring([usual_path.trim_start_matches('/')]);
            (
                AbsentOr::Present(vec![Value::named(id)]),
                AbsentOr::Present(vec![Value::named(format!("{id}{usual_path}"))]),
                Some((domain, format!("{id}/"), BTreeSet::new())),
            )
        }
    }
}

impl Shape {
    /// The sender that stands on the axes where `pick` says.
    pub(super) fn sender(
        &self,
        axes: &Axes<'_>,
        mut pick: impl FnMut(AxisId) -> Option<Rc<Pick>>,
    ) -> Sender {
        let mut caller = self.request.caller.clone();
        let mut keys = self.request.context.clone();
        let mut ip = None;
        let mut text = |id: AxisId| match pick(id).as_deref() {
            Some(Pick::Text(text)) => Some(text.clone()),
            Some(Pick::Cell(at)) => axes.axis(id).cells.get(*at).cloned(),
            Some(Pick::Absent) | None => None,
        };
        if let Caller::Iam(iam) = &mut caller {
            if let Some((id, prefix)) = &self.arn
                && let Some(arn) = text(*id).and_then(|rest| Arn::parse(&format!("{prefix}{rest}")))
            {
                if let Some(account) = AccountId::parse(&arn.account) {
                    iam.account = account;
                }
                let Name { arn, mut session, .. } = principal(&arn);
                if let Some(session) = session.as_mut().filter(|s| self.sessions.contains(s)) {
                    session.push_str("-of-another");
                }
                (iam.arn, iam.session) = (arn, session);
            }
            if let Some((id, prefix)) = &self.org
                && let Some(rest) = text(*id)
            {
                let path = format!("{prefix}{rest}");
                let own = path.split('/').next().unwrap_or_default().to_owned();
                for (value, text) in [(&mut iam.org, own), (&mut iam.org_paths, path)] {
                    if let AbsentOr::Present(values) = value {
                        values.iter_mut().for_each(|value| value.text.clone_from(&text));
                    }
                }
            }
        }
        for (name, id) in &self.keys.chosen {
            let value = match text(*id) {
                Some(text) => AbsentOr::Present(vec![Value::named(text)]),
                None => AbsentOr::Absent,
            };
            keys.insert(name.clone(), value);
        }
        if let Some(id) = self.keys.ip {
            ip = text(id).and_then(|text| text.parse().ok());
        }
        Sender { caller, keys, ip }
    }
}
