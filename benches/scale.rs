//! How long whole runs take on large input: `cargo bench --bench scale`, or only the rows whose name
//! holds a text: `cargo bench --bench scale -- plan`.
//!
//! A plain program, like `reach.rs`. The input is written to a temporary folder; each row is the median
//! of three runs of the program, and one that exceeds its bound is marked.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A module with one API that is open to one network.
const MODULE: &str = r#"variable "name" {
  type = string
}

resource "aws_api_gateway_rest_api" "this" {
  name = var.name
  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_rest_api_policy" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
      Condition = { IpAddress = { "aws:SourceIp" = "192.0.2.0/24" } }
    }]
  })
}
"#;

/// A resource of a type that does not matter, as it stands in planned values.
fn other(number: usize) -> Value {
    let policy = format!("{{\"Statement\":[{{\"Resource\":\"arn:aws:s3:::bucket-{number}/*\"}}]}}");
    json!({
        "address": format!("aws_s3_bucket_policy.b{number}"), "mode": "managed",
        "type": "aws_s3_bucket_policy", "name": format!("b{number}"),
        "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0,
        "values": { "bucket": format!("bucket-{number}"), "policy": policy,
            "tags": { "Owner": "payments", "Environment": "prod", "Cost": number.to_string() } },
        "sensitive_values": { "tags": {} },
    })
}

/// What a plan makes of an API and its policy: the planned values, and the configuration.
fn api(number: usize) -> [(Value, Value, Value); 2] {
    let policy = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": "*",
        "Action": "execute-api:Invoke", "Resource": "execute-api:/*" }] });
    let head = |kind: &str| {
        json!({ "address": format!("{kind}.a{number}"), "mode": "managed", "type": kind,
            "name": format!("a{number}") })
    };
    let made = |kind: &str, values: Value, unknown: Value, expressions: Value| {
        let (mut planned, mut change, mut configured) = (head(kind), head(kind), head(kind));
        planned["values"] = values.clone();
        change["change"] =
            json!({ "actions": ["create"], "after": values, "after_unknown": unknown });
        configured["expressions"] = expressions;
        (planned, change, configured)
    };
    let id = format!("aws_api_gateway_rest_api.a{number}.id");
    let refers = json!({ "rest_api_id": { "references": [id] }, "policy": {} });
    [
        made(
            "aws_api_gateway_rest_api",
            json!({ "name": format!("a{number}") }),
            json!({ "id": true, "policy": true }),
            json!({}),
        ),
        made(
            "aws_api_gateway_rest_api_policy",
            json!({ "policy": policy.to_string() }),
            json!({ "id": true, "rest_api_id": true }),
            refers,
        ),
    ]
}

/// A plan of about that many bytes with that many APIs.
fn plan(bytes: usize, apis: usize) -> String {
    let (mut planned, mut changes, mut configured) = (Vec::new(), Vec::new(), Vec::new());
    for made in (0..apis).flat_map(api) {
        planned.push(made.0.to_string());
        changes.push(made.1.to_string());
        configured.push(made.2.to_string());
    }
    let each = other(0).to_string().len() + 8;
    for number in 0..bytes / (2 * each) {
        let other = other(number).to_string();
        changes.push(other.replace("\"values\":", "\"change\":"));
        planned.push(other);
    }
    format!(
        "{{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.5\",\"planned_values\":\
         {{\"root_module\":{{\"resources\":[{}]}}}},\"resource_changes\":[{}],\"configuration\":\
         {{\"root_module\":{{\"resources\":[{}]}}}}}}",
        planned.join(","),
        changes.join(","),
        configured.join(",")
    )
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scale").join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("a folder");
    dir
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::write(file, text).expect("a file");
}

/// Runs the program three times on a folder that `fill` fills.
fn measure(name: &str, bound: Duration, fill: impl FnOnce(&Path)) {
    if std::env::args().skip(1).any(|text| !text.starts_with('-') && !name.contains(&text)) {
        return;
    }
    let dir = folder(name);
    fill(&dir);
    let run = || {
        let start = Instant::now();
        let mut command = Command::new(env!("CARGO_BIN_EXE_gatelint"));
        let ran = command.args(["lint", "--format", "json", "--no-gitignore"]).current_dir(&dir);
        let output = ran.output().expect("the program runs");
        assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
        start.elapsed()
    };
    let mut times = [run(), run(), run()];
    times.sort();
    let mark = if times[1] > bound { "  SLOW" } else { "" };
    #[expect(clippy::print_stdout, reason = "that is what it is for")]
    {
        println!("{name:40} {:>8.1?}  (bound {bound:?}){mark}", times[1]);
    }
    let _ = fs::remove_dir_all(&dir);
}

fn main() {
    let second = Duration::from_secs(1);
    let plans = [
        (10, 30, second / 5),
        (100, 30, second * 3 / 2),
        (10, 300, second / 2),
        (10, 600, second),
        (10, 5000, second * 6),
    ];
    for (megabytes, apis, bound) in plans {
        let name = format!("a plan of {megabytes} MB with {apis} APIs");
        measure(&name, bound, |dir| write(&dir.join("plan.json"), &plan(megabytes << 20, apis)));
    }
    measure("200 modules that are called", second, |dir| {
        let mut calls = String::new();
        for number in 0..200 {
            let _ = writeln!(
                calls,
                "module \"m{number}\" {{\n  source = \"./m{number}\"\n  name   = \"a{number}\"\n}}"
            );
            write(&dir.join(format!("m{number}/main.tf")), MODULE);
        }
        write(&dir.join("main.tf"), &calls);
    });
    measure("12,000 files of Terraform without an API", second, |dir| {
        let bucket = "resource \"aws_s3_bucket\" \"a\" {\n  bucket = \"a\"\n}\n".repeat(20);
        for number in 0..12_000 {
            write(&dir.join(format!("{}/{number}.tf", number % 1200)), &bucket);
        }
    });
}
