//! What the name of a file says.

use std::path::{Path, PathBuf};

/// What kind of file a name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// `.tf`, `.tofu`, and the same in JSON: a part of a module.
    Terraform,
    /// `.tfvars`, `.tfvars.json`: values for a module.
    TerraformValues,
    /// `.json`, `.yaml`, `.yml`, `.template`: perhaps a template.
    Text,
    /// `serverless.ts` and the like: a service that a program puts together.
    ServerlessProgram,
    /// Anything else: looked at only when it is named.
    Other,
}

impl Name {
    /// What the name of `path` promises. Terraform knows its endings in lower case only.
    pub(super) fn of(path: &Path) -> Self {
        let Some(name) = path.file_name() else { return Self::Other };
        let name = name.to_string_lossy();
        let ends = |end: &str| name.len() > end.len() && name.ends_with(end);
        if [".tf", ".tofu", ".tf.json", ".tofu.json"].into_iter().any(ends) {
            return Self::Terraform;
        }
        if [".tfvars", ".tfvars.json"].into_iter().any(ends) {
            return Self::TerraformValues;
        }
        let lower = name.to_ascii_lowercase();
        if matches!(
            &*lower,
            "serverless.ts" | "serverless.js" | "serverless.cjs" | "serverless.mjs"
        ) {
            return Self::ServerlessProgram;
        }
        let known = [".json", ".yaml", ".yml", ".template"];
        if known.iter().any(|end| lower.ends_with(end)) { Self::Text } else { Self::Other }
    }
}

/// The place of a variables file in the order in which Terraform loads those of a module by itself
/// (HashiCorp, "Variable Definition Precedence"): `terraform.tfvars`, `terraform.tfvars.json`, then
/// `*.auto.tfvars` and `*.auto.tfvars.json` by name. `None` for a file that it loads only when told
/// to.
pub(super) fn auto_loaded(path: &Path) -> Option<(u8, String)> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    match name.strip_suffix(".json").unwrap_or(&name) {
        "terraform.tfvars" => Some((0, name)),
        plain if plain.ends_with(".auto.tfvars") => Some((1, name)),
        _ => None,
    }
}

/// The file that stands for `path` where both exist: `a.tofu` for `a.tf`, `a.tofu.json` for
/// `a.tf.json` (OpenTofu, "Files and Directories").
pub(super) fn tofu_twin(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let (plain, json) = match name.strip_suffix(".json") {
        Some(plain) => (plain, ".json"),
        None => (name, ""),
    };
    let stem = plain.strip_suffix(".tf")?;
    Some(path.with_file_name(format!("{stem}.tofu{json}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let of = |name: &str| Name::of(Path::new(name));
        assert_eq!(of("a/main.tf"), Name::Terraform);
        assert_eq!(of("main.tofu"), Name::Terraform);
        assert_eq!(of("main.tf.json"), Name::Terraform);
        assert_eq!(of("main.tofu.json"), Name::Terraform);
        assert_eq!(of(".tf.json"), Name::Text);
        assert_eq!(of("prod.tfvars.json"), Name::TerraformValues);
        assert_eq!(of("prod.auto.tfvars"), Name::TerraformValues);
        assert_eq!(of("API.YAML"), Name::Text);
        assert_eq!(of("api.template"), Name::Text);
        assert_eq!(of("main.TF"), Name::Other);
        assert_eq!(of(".tf"), Name::Other);
        assert_eq!(of("README.md"), Name::Other);
        assert_eq!(of("api/serverless.ts"), Name::ServerlessProgram);
        assert_eq!(of("serverless.yml"), Name::Text);
    }

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
}
