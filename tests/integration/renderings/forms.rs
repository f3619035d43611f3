//! The worked examples in each form of Terraform, as sources and as plans: what is found must not depend
//! on which of them is judged, nor on whether the sources of a plan are at hand.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::planned::{self, Module};
use super::worked::{Told, examples, expected, folder, of_every_run, tell};
use super::{Silent, hcl};
use crate::support::lint::lint_these;

type Files = Vec<(&'static str, String)>;

/// A form of Terraform.
struct Form {
    name: &'static str,
    /// The module that it is, and those that it calls.
    files: fn(&Value) -> Files,
    /// What Terraform plans of it.
    plan: fn(&Value) -> Module,
    /// Whether a label on the sources stands on the same line, whichever of them is judged: what is
    /// known in a plan is led to the argument that it was made of.
    same_lines: bool,
}

/// The source of a module that `terraform init` installs.
const INSTALLED: &str = "acme/api/aws";

/// The folder that it installs it into, from the module that calls it.
const FOLDER: &str = ".terraform/modules/api";

const FORMS: &[Form] = &[
    Form {
        name: "jsonencode",
        files: |example| vec![("main.tf", hcl::encode(example))],
        plan: planned::known,
        same_lines: true,
    },
    Form {
        name: "heredoc",
        files: |example| vec![("main.tf", hcl::heredoc(example))],
        plan: planned::known,
        // The text begins on the line behind.
        same_lines: false,
    },
    Form {
        name: "OpenTofu",
        // A file of the same name for Terraform does not count.
        files: |example| vec![("api.tofu", hcl::encode(example)), ("api.tf", hcl::encode(example))],
        plan: planned::known,
        same_lines: true,
    },
    Form {
        name: "templatefile",
        files: |example| {
            let template = hcl::template_text(example);
            vec![("main.tf", hcl::template(example)), ("policy.json.tftpl", template)]
        },
        plan: planned::known,
        same_lines: false,
    },
    Form {
        name: "template_dir",
        files: |example| {
            let template = hcl::template_text(example);
            vec![("main.tf", hcl::rendered(example)), ("templates/policy.json", template)]
        },
        plan: planned::known,
        same_lines: false,
    },
    Form {
        name: "policy document",
        files: |example| vec![("main.tf", hcl::document(example))],
        plan: planned::document,
        same_lines: true,
    },
    Form {
        name: "source_policy_documents",
        files: |example| vec![("main.tf", hcl::documents(example))],
        plan: planned::documents,
        same_lines: true,
    },
    Form {
        name: "body",
        files: |example| vec![("main.tf", hcl::body(example))],
        plan: planned::body,
        same_lines: true,
    },
    Form {
        name: "module",
        files: |example| called(example, "./modules/api", "modules/api/main.tf", ""),
        plan: |example| planned::call(example, "./modules/api", None),
        same_lines: true,
    },
    Form {
        name: "module with count",
        files: |example| called(example, "./modules/api", "modules/api/main.tf", "  count = 1\n"),
        plan: |example| planned::call(example, "./modules/api", Some(0.into())),
        same_lines: true,
    },
    Form {
        name: "module with for_each",
        files: |example| {
            let meta = "  for_each = toset([\"one\"])\n";
            called(example, "./modules/api", "modules/api/main.tf", meta)
        },
        plan: |example| planned::call(example, "./modules/api", Some("one".into())),
        same_lines: true,
    },
    Form {
        name: "module with a policy document",
        files: |example| {
            let call = "module \"api\" {\n  source   = \"./modules/api\"\n  \
                        for_each = toset([\"one\"])\n}\n";
            vec![("main.tf", call.to_owned()), ("modules/api/main.tf", hcl::document(example))]
        },
        plan: planned::call_with_document,
        same_lines: true,
    },
    Form {
        name: "policy beside a module",
        files: |example| {
            let module = hcl::handing_out(example);
            vec![("main.tf", hcl::attaching(example)), ("modules/api/main.tf", module)]
        },
        plan: planned::attaching,
        same_lines: true,
    },
    Form {
        name: "installed module",
        files: |example| called(example, INSTALLED, ".terraform/modules/api/main.tf", ""),
        plan: |example| planned::call(example, INSTALLED, None),
        same_lines: true,
    },
];

fn called(example: &Value, source: &str, module: &'static str, meta: &str) -> Files {
    vec![("main.tf", hcl::call(example, source, meta)), (module, hcl::called(example))]
}

/// The list of installed modules of a root module: by the names of the calls, the folder.
fn installed(modules: impl Iterator<Item = (String, String)>) -> String {
    let modules = modules.map(|(key, dir)| {
        let source = format!("registry.terraform.io/{INSTALLED}");
        json!({ "Key": key, "Source": source, "Version": "1.0.0", "Dir": dir })
    });
    let root = json!({ "Key": "", "Source": "", "Dir": "." });
    let modules: Vec<Value> = std::iter::once(root).chain(modules).collect();
    json!({ "Modules": modules }).to_string()
}

const LIST: &str = ".terraform/modules/modules.json";

/// The name of an example as that of a module.
fn name(example: &Value) -> String {
    example["id"].as_str().expect("an id").to_owned()
}

/// Where each finding is.
fn places(told: &Told) -> BTreeSet<&(String, String, u64)> {
    told.places.iter().collect()
}

#[test]
fn the_worked_examples_in_every_form_of_terraform() {
    let mut known = None;
    for form in FORMS {
        let [sources, plan, both] = told(form);
        for (what, told) in [("sources", &sources), ("plan", &plan), ("plan and sources", &both)] {
            let what = format!("{}: {what}", form.name);
            assert_eq!(told.found, expected(Silent::Nothing), "{what}");
            assert_eq!(told.exposures.len(), 56, "{what}");
            let known = known.get_or_insert_with(|| told.exposures.clone());
            assert_eq!(known, &told.exposures, "{what}");
        }
        assert!(both.places.iter().all(|(_, file, _)| !file.ends_with(".json")), "{}", form.name);
        if form.same_lines {
            assert_eq!(places(&both), places(&sources), "{}", form.name);
        }
    }
}

/// What is found in a root module that calls all examples, in the plan of it, and in the plan with the
/// sources at hand.
fn told(form: &Form) -> [Told; 3] {
    let dir = folder(&format!("Terraform {}", form.name));
    let write = |name: &str, text: &str| {
        let file = dir.join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, text).expect("a file");
    };
    let mut calls = String::new();
    for example in examples() {
        let name = name(&example);
        calls += &format!("module \"{name}\" {{\n  source = \"./{name}\"\n}}\n");
        for (file, text) in (form.files)(&example) {
            write(&format!("infra/{name}/{file}"), &text);
        }
    }
    write("infra/main.tf", &calls);
    let list = examples().into_iter().map(|example| {
        let name = name(&example);
        (format!("{name}.api"), format!("{name}/{FOLDER}"))
    });
    write(&format!("infra/{LIST}"), &installed(list));
    let modules = examples().iter().map(|one| (name(one), (form.plan)(one))).collect();
    write("plan.json", &planned::plan(&planned::together(modules)).to_string());
    let args = of_every_run();
    let runs: [&[&str]; 3] = [&["infra"], &["plan.json"], &["plan.json", "--source", "infra"]];
    runs.map(|paths| tell(form.name, lint_these(&dir, paths, &args)))
}
