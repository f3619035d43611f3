//! What the name of a file says.

use std::path::Path;

use crate::syntax::hcl::{is_code, is_unit};

/// What languages of templates put behind the name of what is made. Those of Terraform are read where a
/// module renders them.
const TEMPLATED: [&str; 8] =
    [".j2", ".jinja", ".jinja2", ".tmpl", ".gotmpl", ".erb", ".hbs", ".mustache"];

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
    /// `terragrunt.hcl`: what a module is called with.
    Terragrunt,
    /// Anything else: looked at only when it is named.
    Other,
}

impl Name {
    /// What the name of `path` promises. Terraform knows its endings in lower case only.
    pub(super) fn of(path: &Path) -> Self {
        let Some(name) = path.file_name() else { return Self::Other };
        let name = name.to_string_lossy();
        let ends = |end: &str| name.len() > end.len() && name.ends_with(end);
        if is_code(&name) {
            return Self::Terraform;
        }
        if is_unit(&name) {
            return Self::Terragrunt;
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
        let lower = TEMPLATED.iter().find_map(|end| lower.strip_suffix(end)).unwrap_or(&lower);
        let known = [".json", ".yaml", ".yml", ".template"];
        if known.iter().any(|end| lower.ends_with(end)) { Self::Text } else { Self::Other }
    }
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
        assert_eq!(of("api.yml.j2"), Name::Text);
        assert_eq!(of("API.template.Jinja"), Name::Text);
        assert_eq!(of("nginx.conf.j2"), Name::Other);
        assert_eq!(of("policy.json.tpl"), Name::Other);
        assert_eq!(of("live/terragrunt.hcl"), Name::Terragrunt);
    }
}
