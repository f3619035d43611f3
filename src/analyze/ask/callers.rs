//! Who calls: what the question says, else every name and organisation that the policy tells apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::analyze::reach::identity::Choice;
use crate::analyze::reach::names;
use crate::model::{
    AbsentOr, AccountId, Api, Arn, Caller, Condition, Fresh, Iam, KnownKey, Policy, PolicyState,
    PrincipalElement, Question, Trust, Value, Who, split_arn,
};

use super::networks::conditions;

/// A caller, and what of it the question leaves open, in words.
pub(super) struct Asker {
    pub(super) caller: Caller,
    pub(super) name: String,
    pub(super) org: String,
}

/// The callers that the question is about.
pub(super) fn callers(
    question: &Question,
    trust: &Trust,
    choice: &Choice,
    policy: Option<&Policy>,
) -> Vec<Asker> {
    let (account, names) = match &question.who {
        Who::Anonymous => {
            let open = String::new;
            return vec![Asker { caller: Caller::Anonymous, name: open(), org: open() }];
        }
        Who::Principal(arn) => match AccountId::parse(&arn.account) {
            Some(account) => (account, vec![(arn.clone(), String::new())]),
            None => return Vec::new(),
        },
        Who::Account(account) => {
            (account.clone(), principals(account, &choice.identity.partition, policy))
        }
    };
    let owner = choice.owners.contains(&account) || trust.owners.contains(&account);
    let mut out = Vec::new();
    for (arn, name) in names {
        for (org, paths, words) in organizations(question, policy) {
            let called = names::principal(&arn);
            out.push(Asker {
                caller: Caller::Iam(Iam {
                    arn: called.arn,
                    session: called.session,
                    account: account.clone(),
                    fresh: Fresh::No,
                    owner,
                    org,
                    org_paths: paths,
                    symbolic: None,
                }),
                name: name.clone(),
                org: words,
            });
        }
    }
    out
}

/// The principals of an account that the policy names or has a pattern for, and another one.
fn principals(account: &AccountId, partition: &str, policy: Option<&Policy>) -> Vec<(Arn, String)> {
    let mut texts: BTreeSet<String> = BTreeSet::new();
    for statement in policy.into_iter().flat_map(Policy::known_statements) {
        let (PrincipalElement::Principal(principals)
        | PrincipalElement::NotPrincipal(principals, _)) = &statement.principal
        else {
            continue;
        };
        let items = principals.items.iter().filter_map(|entry| entry.one()?.value.text());
        texts.extend(items.map(str::to_owned));
    }
    for condition in policy.into_iter().flat_map(conditions) {
        if condition.key.known == KnownKey::PrincipalArn {
            let values = condition.values.iter().filter_map(|entry| entry.one()?.text());
            texts.extend(values.map(str::to_owned));
        }
    }
    let mut arns: BTreeSet<String> = BTreeSet::new();
    for text in texts {
        let Some([_, _, service, _, of, resource]) = split_arn(&text) else { continue };
        let fits = crate::model::glob_match(of, account.as_str()) && resource != "root";
        let service = if service == "sts" { "sts" } else { "iam" };
        for filler in ["x", "caller", "1"] {
            let resource = resource.replace('*', filler).replace('?', "x");
            if fits && !resource.ends_with('/') && resource.contains('/') {
                arns.insert(format!("arn:{partition}:{service}::{account}:{resource}"));
            }
        }
    }
    let named: Vec<Arn> = arns.iter().filter_map(|text| Arn::parse(text)).collect();
    let other = Arn {
        partition: partition.to_owned(),
        service: "iam".to_owned(),
        region: String::new(),
        account: account.to_string(),
        resource: "role/any-other".to_owned(),
    };
    if named.is_empty() {
        return vec![(other, String::new())];
    }
    let mut out: Vec<(Arn, String)> =
        named.into_iter().map(|arn| (arn.clone(), format!("as {arn}"))).collect();
    out.push((other, "as any other principal".to_owned()));
    out
}

/// The organisations that the account may be in, as far as the policy tells them apart: their id,
/// their paths, and words.
fn organizations(
    question: &Question,
    policy: Option<&Policy>,
) -> Vec<(AbsentOr, AbsentOr, String)> {
    let member = |id: &str| (AbsentOr::Present(vec![Value::named(id)]), AbsentOr::Unknown);
    if let Some(id) = &question.org {
        let (id, paths) = member(id);
        return vec![(id, paths, String::new())];
    }
    let about: Vec<&Condition> = policy
        .into_iter()
        .flat_map(conditions)
        .filter(|c| matches!(c.key.known, KnownKey::PrincipalOrgId | KnownKey::PrincipalOrgPaths))
        .collect();
    if about.is_empty() {
        return vec![(AbsentOr::Unknown, AbsentOr::Unknown, String::new())];
    }
    let values = about.iter().flat_map(|c| &c.values).filter_map(|entry| entry.one()?.text());
    let ids: BTreeSet<String> = values
        .filter_map(|text| text.split('/').next())
        .filter(|text| text.starts_with("o-"))
        .map(|text| text.replace(['*', '?'], "0"))
        .collect();
    let mut out: Vec<(AbsentOr, AbsentOr, String)> = Vec::new();
    for id in &ids {
        let (own, paths) = member(id);
        out.push((own, paths, format!("organisation {id}")));
    }
    let (other, paths) = member("o-exampleorg1");
    out.push((other, paths, "any other organisation".to_owned()));
    out.push((AbsentOr::Absent, AbsentOr::Absent, "no organisation".to_owned()));
    out
}

/// The keys that callers choose by themselves: what the question says of them. Those that the policy
/// asks for and the question leaves out may be anything.
pub(super) fn context(question: &Question, api: &Api) -> BTreeMap<String, AbsentOr> {
    let mut out: BTreeMap<String, AbsentOr> = BTreeMap::new();
    for world in &api.worlds {
        let PolicyState::Known(readings) = &world.policy else { continue };
        for condition in readings.iter().flat_map(conditions) {
            if matches!(
                condition.key.known,
                KnownKey::UserAgent | KnownKey::Referer | KnownKey::PrincipalTag
            ) {
                out.insert(condition.key.name.clone(), AbsentOr::Unknown);
            }
        }
    }
    for (key, value) in &question.context {
        out.insert(key.clone(), AbsentOr::Present(vec![Value::named(value)]));
    }
    out
}
