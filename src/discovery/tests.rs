//! Discovery over real folders.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::source::{DiskFs, SourceDb};

const TEMPLATE: &str = "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n";
const API: &str = "resource \"aws_api_gateway_rest_api\" \"a\" {}\n";

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("gatelint-discovery-{}-{number}", std::process::id());
        let root = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&root).expect("a folder");
        let folder = Self(root.canonicalize().expect("its path"));
        for (name, text) in files {
            folder.write(name, text.as_bytes());
        }
        folder
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }

    fn request<'a>(&'a self, paths: &'a [PathBuf]) -> Request<'a> {
        Request {
            fs: &DiskFs,
            cwd: &self.0,
            paths,
            stdin: None,
            exclude: &[],
            promised: true,
            force_exclude: false,
            gitignore: true,
            explain: true,
        }
    }

    fn discover(&self, paths: &[&str]) -> (Discovery, SourceDb) {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        run(&self.request(&paths))
    }

    fn shown(&self, paths: &[&str]) -> Vec<String> {
        let (discovery, db) = self.discover(paths);
        shown(&discovery, &db)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(request: &Request<'_>) -> (Discovery, SourceDb) {
    let db = SourceDb::new();
    let discovery = discover(request, &db).expect("a discovery");
    (discovery, db)
}

/// Each unit as `kind: its files`.
fn shown(discovery: &Discovery, db: &SourceDb) -> Vec<String> {
    let line = |unit: &Unit| {
        let kind = match &unit.kind {
            UnitKind::Terragrunt(_) => "terragrunt".to_owned(),
            UnitKind::CloudFormation(_) => "template".to_owned(),
            UnitKind::Terraform { .. } => "module".to_owned(),
            UnitKind::Document(_) => "document".to_owned(),
            UnitKind::OpenApi(_) => "openapi".to_owned(),
            UnitKind::Dump(_) => "dump".to_owned(),
            UnitKind::Plan(_) => "plan".to_owned(),
            UnitKind::Serverless(_) => "serverless".to_owned(),
            UnitKind::Chalice(_) => "chalice".to_owned(),
            UnitKind::NotReadYet(_, form) => (*form).to_owned(),
            UnitKind::Unreadable(_, reason) => reason.clone(),
        };
        let files: Vec<String> =
            unit.kind.files().into_iter().map(|file| db.file(file).display.clone()).collect();
        format!("{kind}: {}", files.join(" "))
    };
    discovery.units.iter().map(line).collect()
}

#[test]
fn units_are_sorted_and_other_files_are_left_out() {
    let folder = Folder::new(&[
        ("z.yaml", TEMPLATE),
        ("a.json", "{\"Resources\": {\"A\": {\"Type\": \"AWS::ApiGateway::RestApi\"}}}"),
        ("package.json", "{\"name\": \"x\"}"),
        ("values.yaml", "url: https://a.execute-api.eu-west-1.amazonaws.com\n"),
        ("bucket.yaml", "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"),
        ("README.md", "AWS::ApiGateway::RestApi"),
        ("infra/main.tf", API),
        ("infra/policy.tf", "# nothing about it here\n"),
        ("infra/prod.tfvars", "a = 1\n"),
        ("infra/b.auto.tfvars", "a = 1\n"),
        ("infra/terraform.tfvars", "a = 1\n"),
        ("other/main.tf", "resource \"aws_s3_bucket\" \"b\" {}\n"),
    ]);
    let (discovery, db) = folder.discover(&["."]);
    let expected = [
        "template: a.json",
        "module: infra/main.tf infra/policy.tf infra/terraform.tfvars infra/b.auto.tfvars",
        "template: z.yaml",
    ];
    assert_eq!(shown(&discovery, &db), expected);
    assert_eq!(discovery.files_discovered, 11);
    assert!(discovery.iac && discovery.warnings.is_empty());
    assert_eq!(discovery.ignored, Some(0));
}

#[test]
fn infrastructure_without_an_api_is_infrastructure() {
    let iac = |name: &str, text: &str| {
        let folder = Folder::new(&[(name, text)]);
        let (discovery, _) = folder.discover(&["."]);
        assert!(discovery.units.is_empty());
        discovery.iac
    };
    assert!(iac("main.tf", "locals {}\n"));
    assert!(iac("a.yaml", "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"));
    assert!(!iac("package.json", "{}"));
}

#[test]
fn gitignore_counts_inside_a_repository_and_hidden_files_are_counted() {
    let folder = Folder::new(&[
        (".git/HEAD", ""),
        (".gitignore", "build/\n*.gen.yaml\n"),
        ("build/a.yaml", TEMPLATE),
        ("b.gen.yaml", TEMPLATE),
        ("c.yaml", TEMPLATE),
        (".hidden/d.yaml", TEMPLATE),
        ("node_modules/e.yaml", TEMPLATE),
        ("infra/.terraform/modules/f/main.tf", API),
    ]);
    let (discovery, db) = folder.discover(&["."]);
    assert_eq!(shown(&discovery, &db), ["template: c.yaml"]);
    assert_eq!(discovery.ignored, Some(2));
    // What is given is looked at.
    assert_eq!(folder.shown(&["build"]), ["template: build/a.yaml"]);
    assert_eq!(folder.shown(&["b.gen.yaml"]), ["template: b.gen.yaml"]);
    assert_eq!(folder.shown(&[".hidden"]), ["template: .hidden/d.yaml"]);
    let paths = [PathBuf::from(".")];
    let (discovery, db) = run(&Request { gitignore: false, ..folder.request(&paths) });
    let all = ["template: b.gen.yaml", "template: build/a.yaml", "template: c.yaml"];
    assert_eq!(shown(&discovery, &db), all);
}

#[test]
fn excluded_files_and_folders() {
    let folder = Folder::new(&[
        ("a/test/x.yaml", TEMPLATE),
        ("a/y.yaml", TEMPLATE),
        ("b/main.tf", API),
        ("b/test.tf", API),
    ]);
    let exclude = [(folder.0.clone(), "test".to_owned()), (folder.0.clone(), "b/test.tf".into())];
    let paths = [PathBuf::from(".")];
    let (discovery, db) = run(&Request { exclude: &exclude, ..folder.request(&paths) });
    assert_eq!(shown(&discovery, &db), ["template: a/y.yaml", "module: b/main.tf"]);
    assert_eq!(discovery.excluded, 2);
    // A file that is named is looked at, unless exclusion is forced.
    let paths = [PathBuf::from("a/test/x.yaml")];
    let (discovery, db) = run(&Request { exclude: &exclude, ..folder.request(&paths) });
    assert_eq!(shown(&discovery, &db), ["template: a/test/x.yaml"]);
    let request = Request { exclude: &exclude, force_exclude: true, ..folder.request(&paths) };
    let (discovery, _) = run(&request);
    assert!(discovery.units.is_empty());
    assert_eq!(discovery.excluded, 1);
}

#[test]
fn a_part_of_a_module_selects_the_module() {
    let folder = Folder::new(&[
        ("infra/api.tf", API),
        ("infra/policy.tf", "locals {}\n"),
        ("infra/prod.tfvars", "a = 1\n"),
        ("infra/sub/main.tf", API),
        ("empty/main.tf", "locals {}\n"),
        ("values/only.tfvars", "a = 1\n"),
    ]);
    let module = ["module: infra/api.tf infra/policy.tf"];
    assert_eq!(folder.shown(&["infra/policy.tf"]), module);
    assert_eq!(folder.shown(&["infra/policy.tf", "infra/api.tf"]), module);
    assert_eq!(folder.shown(&["infra/prod.tfvars"]), module);
    assert_eq!(folder.shown(&["empty/main.tf"]), ["module: empty/main.tf"]);
    assert!(folder.shown(&["values/only.tfvars"]).is_empty());
}

#[test]
fn the_json_syntax_is_part_of_its_module() {
    let json = "{\"resource\": {\"aws_api_gateway_rest_api\": {}}}";
    let folder = Folder::new(&[
        ("cdk/cdk.tf.json", json),
        ("cdk/terraform.tfvars.json", "{}"),
        ("cdk/other.tfvars.json", "{}"),
        ("mixed/a.tf", "locals {}\n"),
        ("mixed/b.tf.json", json),
        ("mixed/c.tf.json", "{}"),
        ("mixed/c.tofu.json", "{}"),
        ("quiet/main.tf.json", "{\"locals\": {}}"),
        ("template.json", json),
    ]);
    let cdk = "module: cdk/cdk.tf.json cdk/terraform.tfvars.json";
    let mixed = "module: mixed/a.tf mixed/b.tf.json mixed/c.tofu.json";
    assert_eq!(folder.shown(&["."]), [cdk, mixed]);
    assert_eq!(folder.shown(&["cdk/cdk.tf.json"]), [cdk]);
    assert_eq!(folder.shown(&["cdk/other.tfvars.json"]), [cdk]);
    assert_eq!(folder.shown(&["quiet/main.tf.json"]), ["module: quiet/main.tf.json"]);
    // Terraform reads it under another name only; whoever names it means it.
    assert_eq!(folder.shown(&["template.json"]), ["module: template.json"]);
}

#[test]
fn a_path_that_is_given_twice_is_looked_at_once() {
    let folder = Folder::new(&[("a/x.yaml", TEMPLATE), ("a/main.tf", API)]);
    let units = ["module: a/main.tf", "template: a/x.yaml"];
    assert_eq!(folder.shown(&[".", "a", "./a", "a/x.yaml", "a/main.tf"]), units);
    let (discovery, _) = folder.discover(&[".", "a", "a/x.yaml", "a/main.tf"]);
    assert_eq!(discovery.files_discovered, 2);
}

#[test]
fn forms_that_are_not_read_yet_and_files_that_cannot_be_read() {
    let folder = Folder::new(&[
        ("openapi.yaml", "openapi: 3.0.1\nx-amazon-apigateway-policy: {}\n"),
        ("identity.json", "{\"Statement\": [{\"Action\": \"execute-api:Invoke\"}]}"),
    ]);
    folder.write("latin1.yaml", b"# caf\xe9\nType: AWS::ApiGateway::RestApi\n");
    folder.write("infra/latin1.tf", b"# caf\xe9\n");
    folder.write("infra/main.tf", API.as_bytes());
    folder.write("image.yaml", b"\xff\xd8\xff\xe0 execute-api.");
    let (discovery, db) = folder.discover(&["."]);
    let expected = [
        "module: infra/main.tf",
        "not UTF-8 text (byte 0xe9 at offset 5): infra/latin1.tf",
        "not UTF-8 text (byte 0xe9 at offset 5): latin1.yaml",
        "openapi: openapi.yaml",
    ];
    assert_eq!(shown(&discovery, &db), expected);
    let skipped =
        [("identity.json".to_owned(), "an identity policy: no statement has a principal")];
    assert_eq!(discovery.skipped, skipped);
}

#[test]
fn services_and_applications() {
    let config = "{\"stages\": {\"dev\": {\"api_gateway_policy_file\": \"policy.json\"}}}";
    let service = "service: a\nprovider: {name: aws, resourcePolicy: []}\n";
    let folder = Folder::new(&[
        ("app/.chalice/config.json", config),
        ("app/.hidden/config.json", config),
        ("app/.hidden.yml", service),
        ("a/serverless.yml", service),
        ("b/serverless.ts", "export default {provider: {apiGateway: {resourcePolicy: []}}}"),
        ("c/serverless.ts", "export default {}"),
        (
            "d/.serverless/template.json",
            "{\"Resources\": {\"A\": {\"Type\": \"AWS::ApiGateway::RestApi\"}}}",
        ),
    ]);
    let expected = [
        "serverless: a/serverless.yml",
        "chalice: app/.chalice/config.json",
        "serverless configuration in a program: b/serverless.ts",
    ];
    assert_eq!(folder.shown(&["."]), expected);
    let named = folder.shown(&["d/.serverless/template.json"]);
    assert_eq!(named, ["template: d/.serverless/template.json"]);
}

#[test]
fn a_file_that_is_too_large_is_reported_when_it_mentions_an_api() {
    let folder = Folder::new(&[]);
    let mut text = "# filler\n".repeat(2 << 20);
    folder.write("quiet.yaml", text.as_bytes());
    text.push_str(TEMPLATE);
    folder.write("loud.yaml", text.as_bytes());
    assert_eq!(folder.shown(&["."]), ["larger than 16 MiB: loud.yaml"]);
}

#[test]
fn standard_input_stands_for_a_file() {
    let folder = Folder::new(&[("infra/api.tf", "locals {}\n"), ("infra/b.tf", "locals {}\n")]);
    let given = |name: Option<&str>, text: &str| {
        let stdin = Stdin { name: name.map(PathBuf::from), bytes: text.into() };
        let (discovery, db) = run(&Request { stdin: Some(stdin), ..folder.request(&[]) });
        let texts: Vec<String> = discovery
            .units
            .iter()
            .flat_map(|unit| unit.kind.files())
            .map(|file| db.file(file).text.to_string())
            .collect();
        (shown(&discovery, &db), texts)
    };
    let (units, texts) = given(Some("infra/api.tf"), API);
    assert_eq!(units, ["module: infra/api.tf infra/b.tf"]);
    assert_eq!(texts, [API, "locals {}\n"]);
    assert_eq!(given(Some("new/a.yaml"), TEMPLATE).0, ["template: new/a.yaml"]);
    assert_eq!(given(None, TEMPLATE).0, ["template: <stdin>"]);
    assert_eq!(given(None, "locals {\n}\n").0, ["module: <stdin>"]);
}

#[test]
fn paths_are_printed_from_the_repository_the_working_directory_or_the_argument() {
    let folder = Folder::new(&[
        ("repo/.git/HEAD", ""),
        ("repo/infra/a.yaml", TEMPLATE),
        ("plain/b/c.yaml", TEMPLATE),
    ]);
    assert_eq!(folder.shown(&["repo/infra"]), ["template: infra/a.yaml"]);
    assert_eq!(folder.shown(&["plain"]), ["template: plain/b/c.yaml"]);
    let elsewhere = Folder::new(&[]);
    let shown_from = |path: PathBuf| {
        let paths = [path];
        let (discovery, db) = run(&elsewhere.request(&paths));
        shown(&discovery, &db)
    };
    assert_eq!(shown_from(folder.0.join("plain")), ["template: b/c.yaml"]);
    let up = Path::new("..").join(folder.0.file_name().expect("a name")).join("plain/b/c.yaml");
    assert_eq!(shown_from(up.clone()), [format!("template: {}", up.display())]);
}

#[test]
fn a_path_that_does_not_exist_is_an_error() {
    let folder = Folder::new(&[]);
    let paths = [PathBuf::from("nowhere")];
    let error = discover(&folder.request(&paths), &SourceDb::new()).expect_err("an error");
    assert!(error.to_string().starts_with("`nowhere` cannot be read: "), "{error}");
}

#[cfg(unix)]
#[test]
fn links_neither_loop_nor_lead_outside() {
    use std::os::unix::fs::symlink;
    let outside = Folder::new(&[("secret.tf", API), ("secret.yaml", TEMPLATE)]);
    let folder = Folder::new(&[("shared/provider.tf", API), ("a/main.tf", "locals {}\n")]);
    let link = |to: &Path, name: &str| symlink(to, folder.0.join(name)).expect("a link");
    link(&folder.0, "a/loop");
    link(Path::new("loop2"), "loop2");
    link(&folder.0.join("shared/provider.tf"), "a/provider.tf");
    link(&outside.0.join("secret.tf"), "a/secret.tf");
    link(&outside.0.join("secret.yaml"), "secret.yaml");
    link(&outside.0, "elsewhere");
    let (discovery, db) = folder.discover(&["."]);
    let expected = ["module: a/main.tf a/provider.tf", "module: shared/provider.tf"];
    assert_eq!(shown(&discovery, &db), expected);
    let warnings: Vec<_> = discovery.warnings.iter().collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].ends_with("a/secret.tf: the link leads outside the given paths"));
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_opened_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("a.yaml", TEMPLATE)]);
    let path = folder.0.join("a.yaml");
    let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode));
    mode(0o000).expect("permissions");
    // A privileged user opens it all the same.
    let expected = match std::fs::read(&path) {
        Ok(_) => "template: a.yaml".to_owned(),
        Err(error) => format!("{error}: a.yaml"),
    };
    let units = folder.shown(&["."]);
    mode(0o600).expect("permissions");
    assert_eq!(units, [expected]);
}

#[test]
fn modules_that_call_one_with_an_api_are_units() {
    let folder = Folder::new(&[
        ("api/main.tf", API),
        ("live/main.tf", "module \"m\" {\n  source = \"../layer\"\n}\n"),
        ("layer/main.tf", "module \"m\" {\n  source   = \"../api\"\n}\n"),
        ("other/main.tf", "module \"m\" {\n  source = \"../vpc\"\n}\n"),
        ("vpc/main.tf", "resource \"aws_vpc\" \"v\" {}\n"),
        ("lost/main.tf", "module \"m\" {\n  source = \"../nothing\"\n}\n"),
    ]);
    let request = Request { promised: false, ..folder.request(&[]) };
    let paths = [PathBuf::from(".")];
    let (discovery, db) = run(&Request { paths: &paths, ..request });
    assert_eq!(
        shown(&discovery, &db),
        // What a call leads to that leads nowhere, nobody knows.
        [
            "module: api/main.tf",
            "module: layer/main.tf",
            "module: live/main.tf",
            "module: lost/main.tf"
        ]
    );
}
