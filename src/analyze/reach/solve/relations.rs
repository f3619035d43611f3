//! Policy variables: texts that hold the value of another key of the same request.
//!
//! A variable of a key that is fixed for a caller is that text. Where the key is free, the search runs
//! with the key fixed to values that the policy or habit suggests, each time exactly; and once with
//! the variable unknown, which finds everything that any value could open, as possible.

use crate::model::{AbsentOr, Caller, ConditionKey, Entry, KnownKey, Request};

use crate::analyze::reach::keys::usual;
use crate::analyze::reach::project::{Axis, axis, variables};
use crate::analyze::reach::scene::Scene;

use super::keys::{Keys, with_key};

/// The most ways in which the free variables of one caller are fixed.
const LIMIT: usize = 64;

/// What is fixed of a caller on account of the policy's variables.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    /// The request with what is fixed.
    pub(super) request: Request,
    /// The request that the texts of the policy are read for.
    pub(super) reading: Request,
    /// The keys that stay free.
    pub(super) keys: Keys,
    /// The name of the principal is fixed.
    pub(super) named: bool,
    /// Its organisation is fixed.
    pub(super) organized: bool,
    /// Nothing is left open.
    pub(super) exact: bool,
}

/// The keys of the variables of a policy.
pub(super) fn keys_of(scene: &Scene<'_>) -> Vec<ConditionKey> {
    let policy = &scene.script.policy;
    let mut out: Vec<ConditionKey> = Vec::new();
    for statement in policy.known_statements() {
        let values = statement.known_conditions().flat_map(|condition| &condition.values);
        for leaf in values.chain(&statement.resource.items).filter_map(Entry::one) {
            for name in variables(policy, leaf) {
                let key = ConditionKey::parse(&name);
                if !out.contains(&key) {
                    out.push(key);
                }
            }
        }
    }
    out
}

/// The ways to fix what variables hold for a caller who sends `request`. `any_account`: its account is
/// free.
pub(super) fn choices(
    scene: &Scene<'_>,
    request: &Request,
    keys: &Keys,
    any_account: bool,
) -> Vec<Choice> {
    let base = Choice {
        request: request.clone(),
        reading: request.clone(),
        keys: keys.clone(),
        named: false,
        organized: false,
        exact: true,
    };
    if scene.script.relational.is_empty() {
        return vec![base];
    }
    let signed = matches!(request.caller, Caller::Iam(_));
    let mut fixed = base.clone();
    let mut open = base;
    let mut chosen: Vec<(String, KnownKey)> = Vec::new();
    for key in keys_of(scene) {
        let free = match axis(&key) {
            Axis::Key(name) if keys.chosen.contains_key(&name) => {
                fixed.keys.chosen.remove(&name);
                chosen.push((name, key.known));
                true
            }
            Axis::VpcIp => {
                fixed.keys.ip = None;
                keys.ip.is_some()
            }
            Axis::Caller if signed => match key.known {
                KnownKey::PrincipalOrgId | KnownKey::PrincipalOrgPaths => {
                    fixed.organized = true;
                    true
                }
                KnownKey::PrincipalArn => {
                    fixed.named = true;
                    true
                }
                KnownKey::Username => {
                    fixed.named = true;
                    is_user(request)
                }
                KnownKey::PrincipalAccount if any_account => {
                    fixed.named = true;
                    true
                }
                // The digits of an account are as good as any others.
                _ => false,
            },
            _ => false,
        };
        if free {
            open.reading.context.insert(key.name.clone(), AbsentOr::Unknown);
            open.exact = false;
        }
    }
    if open.exact {
        return vec![open];
    }
    let mut out: Vec<Choice> = names(scene, fixed);
    for (name, known) in chosen {
        let words = scene.script.words.keys.get(&name).into_iter().flat_map(|(_, words)| words);
        let literals = words.filter(|word| !word.pattern).map(|word| word.text.clone());
        let mut values: Vec<String> = usual(known, scene.now);
        values.extend(literals);
        let with = |choice: &Choice, value: &String| {
            let request = with_key(&choice.request, &name, Some(value));
            Choice { reading: request.clone(), request, ..choice.clone() }
        };
        out = out
            .iter()
            .flat_map(|choice| values.iter().map(move |value| with(choice, value)))
            .take(LIMIT)
            .collect();
    }
    out.push(open);
    out
}

fn is_user(request: &Request) -> bool {
    matches!(&request.caller, Caller::Iam(iam) if iam.arn.contains(":user/"))
}

/// The names that a user may be fixed to.
fn names(scene: &Scene<'_>, fixed: Choice) -> Vec<Choice> {
    let mut out = vec![fixed.clone()];
    let Caller::Iam(iam) = &fixed.request.caller else { return out };
    let Some((head, _)) = iam.arn.split_once(":user/").filter(|_| fixed.named) else { return out };
    let words = scene.script.words.user_words.iter().filter(|word| !word.pattern);
    for word in words.take(LIMIT).filter(|word| !word.text.contains(['/', '*'])) {
        let mut choice = fixed.clone();
        for request in [&mut choice.request, &mut choice.reading] {
            if let Caller::Iam(iam) = &mut request.caller {
                iam.arn = format!("{head}:user/{}", word.text);
            }
        }
        out.push(choice);
    }
    out
}
