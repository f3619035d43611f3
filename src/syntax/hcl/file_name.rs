//! Files of Terraform, OpenTofu and Terragrunt: what their names say, and where installed modules lie.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Whether a file of that name is a part of a module. Hidden ones are none.
pub fn is_code(name: &str) -> bool {
    [".tf", ".tofu", ".tf.json", ".tofu.json"].iter().any(|end| name.ends_with(end))
        && !name.starts_with('.')
}

/// Whether a file of that name is a unit of Terragrunt, in either syntax.
pub fn is_unit(name: &str) -> bool {
    matches!(name, "terragrunt.hcl" | "terragrunt.hcl.json")
}

/// The place of a variables file in the order in which Terraform loads those of a module by itself
/// (HashiCorp, "Variable Definition Precedence"): `terraform.tfvars`, `terraform.tfvars.json`, then
/// `*.auto.tfvars` and `*.auto.tfvars.json` by name. `None` for a file that it loads only when told
/// to.
pub fn auto_loaded(path: &Path) -> Option<(u8, String)> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    match name.strip_suffix(".json").unwrap_or(&name) {
        "terraform.tfvars" => Some((0, name)),
        plain if plain.ends_with(".auto.tfvars") => Some((1, name)),
        _ => None,
    }
}

/// The file that stands for `path` where both exist: `a.tofu` for `a.tf`, `a.tofu.json` for
/// `a.tf.json` (OpenTofu, "Files and Directories").
pub fn tofu_twin(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let (plain, json) = match name.strip_suffix(".json") {
        Some(plain) => (plain, ".json"),
        None => (name, ""),
    };
    let stem = plain.strip_suffix(".tf")?;
    Some(path.with_file_name(format!("{stem}.tofu{json}")))
}

/// Where `terraform init` writes which modules it installed, below the root module.
pub const INSTALLED: &str = ".terraform/modules/modules.json";

/// What stands there: the folders of the modules, relative to the root module, by the names of the calls
/// that lead to them. Empty where the text is none that `terraform init` writes.
pub fn installed(text: &str) -> BTreeMap<String, String> {
    let list: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let entries = list.get("Modules").and_then(|modules| modules.as_array());
    let entry = |entry: &serde_json::Value| {
        let text = |name: &str| Some(entry.get(name)?.as_str()?.to_owned());
        Some((text("Key")?, text("Dir")?.replace('\\', "/")))
    };
    entries.into_iter().flatten().filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loading_order() {
        let mut files = [
            "b.auto.tfvars",
            "terraform.tfvars.json",
            "a.auto.tfvars.json",
            "terraform.tfvars",
            "prod.tfvars",
            "prod.tfvars.json",
        ]
        .map(|name| auto_loaded(Path::new(name)));
        files.sort();
        let names: Vec<_> = files.into_iter().flatten().map(|(_, name)| name).collect();
        assert_eq!(
            names,
            ["terraform.tfvars", "terraform.tfvars.json", "a.auto.tfvars.json", "b.auto.tfvars"]
        );
    }

    #[test]
    fn installed_modules() {
        let list =
            r#"{"Modules": [{"Key": "a.b", "Source": "x", "Dir": "m\\b"}, {"Key": "c"}, 1]}"#;
        assert_eq!(installed(list), BTreeMap::from([("a.b".into(), "m/b".into())]));
        for other in ["", "{", "[]", r#"{"Modules": {}}"#] {
            assert_eq!(installed(other), BTreeMap::new(), "{other}");
        }
    }
}
