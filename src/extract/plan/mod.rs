//! Terraform plans and states: what `terraform show -json` and `tofu show -json` print (SEMANTICS 4.4).
//!
//! The resource instances of a plan are a module like that of a directory, and are read by
//! `extract/terraform`. What is known of a plan and of no module is added here: whose ARNs are whose,
//! the account, what is destroyed, what Terraform says is missing, and where in the sources it was written.

#[cfg(test)]
mod tests;

mod sources;

use super::other_apis::told_apart;
use super::terraform::{self, Loaded};
use super::{Extraction, Inputs};
use crate::model::{
    AccountId, Api, Assumption, DuplicateEffect, Framework, PolicyState, Problem, ProblemKind,
};
use crate::resolve::plan::{self, Plan};
use crate::source::{FileId, Origins, Step};
use sources::Folders;

/// Extracts the APIs of a plan or state.
pub fn extract(file: FileId, inputs: Inputs<'_>) -> Extraction {
    let source = inputs.db.file(file);
    let mut folders = inputs.source.map(|root| Folders::new(root, inputs));
    let sources = folders.as_mut().map(|folders| folders as &mut dyn plan::Sources);
    let mut plan = plan::read(file, &source.text, sources);
    let mut roots = inputs.roots.to_vec();
    roots.extend(folders.iter().flat_map(|folders| folders.roots().iter().cloned()));
    let inputs = Inputs { roots: &roots, ..inputs };
    let loaded = Loaded {
        module: std::mem::take(&mut plan.module).into(),
        duplicates: std::mem::take(&mut plan.duplicates),
        errors: std::mem::take(&mut plan.errors),
        ..Loaded::default()
    };
    let mut out = terraform::of_module(loaded, &[file], Framework::TerraformPlan, inputs);
    twice(&plan, &mut out);
    not_redeployed(&plan, &mut out);
    let Extraction { inventory, origins, .. } = &mut out;
    for api in &mut inventory.apis {
        know(api, &plan, origins);
    }
    if let Some(folders) = folders.filter(|_| !plan.places.is_empty()) {
        origins.lead(Step::Planned, |at| plan.places.of(at));
        out.remarks = folders.remarks;
    }
    out
}

/// Reports the keys of the plan itself that stand twice: it was not Terraform that wrote it.
fn twice(plan: &Plan, out: &mut Extraction) {
    for duplicate in &plan.twice {
        let first = out.origins.literal(duplicate.first);
        out.inventory.problems.push(Problem {
            kind: ProblemKind::DuplicateKey {
                key: duplicate.key.to_string(),
                effect: DuplicateEffect::Unspecified,
            },
            origin: out.origins.literal(duplicate.second),
            related: vec![(first, "first given here".into())],
            api: None,
        });
    }
}

/// Reports deployments that do not take in the policy that the plan puts in the place of another.
fn not_redeployed(plan: &Plan, out: &mut Extraction) {
    for stale in &plan.stale {
        let policy = out.origins.literal(stale.policy);
        out.inventory.problems.push(Problem {
            kind: ProblemKind::NotRedeployed {
                triggers: stale.triggers,
                framework: Framework::TerraformPlan,
            },
            origin: out.origins.literal(stale.at),
            related: vec![(policy, "the policy that this plan makes of it".into())],
            api: Some(stale.api.clone()),
        });
    }
}

/// Adds what the plan says of an API besides its resources.
fn know(api: &mut Api, plan: &Plan, origins: &mut Origins) {
    let id = plan.ids.get(&api.address);
    let account = plan.accounts.get(&api.address).or(plan.account.as_ref());
    api.account = account.and_then(|(account, at)| {
        let account = AccountId::parse(account)?;
        Some((account, origins.literal(*at)))
    });
    if let Some((account, at)) = &api.account {
        api.assumptions.push(Assumption {
            text: format!("deployed in account {account}, as the plan says"),
            pin: None,
            origin: Some(*at),
        });
    }
    if let Some(id) = id {
        for world in &mut api.worlds {
            let PolicyState::Known(readings) = &mut world.policy else { continue };
            readings.iter_mut().for_each(|policy| told_apart(policy, id));
        }
        for gone in plan.destroyed.get(id).into_iter().flatten() {
            api.assumptions.push(Assumption {
                text: format!("this plan destroys {}", gone.address),
                pin: None,
                origin: Some(origins.literal(gone.at)),
            });
        }
    }
    for (at, what) in &plan.flaws {
        api.assumptions.push(Assumption {
            text: format!("{what}: what it leaves out is not judged"),
            pin: None,
            origin: Some(origins.literal(*at)),
        });
        // Methods may be among what is left out.
        api.worlds.iter_mut().for_each(|world| world.routes.complete = false);
    }
}
