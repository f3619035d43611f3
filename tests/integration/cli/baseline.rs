//! The baseline: switched on in a repository with history.

use super::sandbox::Sandbox;

/// A template with `count` APIs, each of which lets another account's role call.
fn template(count: usize) -> String {
    let mut text = String::from("Resources:\n");
    for number in 0..count {
        text.push_str(&format!(
            "  Api{number}:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: api-{number}
      Policy:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: '*'
            Action: execute-api:Invoke
            Resource: execute-api:/prod/GET/{number}
"
        ));
    }
    text
}

const LINT: [&str; 5] = ["lint", "--format", "concise", "--baseline", "gatelint-baseline.json"];

#[test]
fn twenty_old_findings_do_not_fail_and_a_new_one_does() {
    let old = template(20);
    let sandbox = Sandbox::new(&[(".git/HEAD", ""), ("infra/api.yaml", &old)]);
    let ran = sandbox.run(&["lint", "--format", "concise"]);
    assert_eq!((ran.code, ran.findings().len()), (1, 20), "{ran:?}");
    let ran = sandbox.run(&["baseline", "create"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("20 findings accepted"), "{ran:?}");
    let text = sandbox.read("gatelint-baseline.json");
    let root = sandbox.path().to_string_lossy().into_owned();
    assert!(!text.contains(&root) && !text.contains("line") && !text.contains("message"), "{text}");
    let ran = sandbox.run(&LINT);
    assert_eq!((ran.code, ran.findings().len()), (0, 0), "{ran:?}");
    assert!(ran.stderr.contains("no findings, 20 in the baseline"), "{ran:?}");

    // Lines move: nothing is new.
    let moved = old.replace("Resources:\n", "# a comment\n\nDescription: moved\nResources:\n");
    sandbox.write("infra/api.yaml", moved.as_bytes());
    assert_eq!(sandbox.run(&LINT).code, 0);

    // A new hole, and a grant that changes in its place.
    let opened = moved.replace("execute-api:/prod/GET/7\n", "execute-api:/*\n");
    sandbox.write("infra/api.yaml", opened.as_bytes());
    let ran = sandbox.run(&LINT);
    assert_eq!((ran.code, ran.findings().len()), (1, 1), "{ran:?}");
    assert!(ran.stderr.contains("19 in the baseline"), "{ran:?}");
    sandbox.write("infra/api.yaml", moved.as_bytes());
    sandbox.write("infra/new.yaml", template(1).as_bytes());
    let ran = sandbox.run(&LINT);
    assert_eq!((ran.code, ran.findings().len()), (1, 1), "{ran:?}");
    assert!(ran.findings()[0].starts_with("infra/new.yaml:"), "{ran:?}");

    // From another folder it is the same.
    let ran = sandbox.run(&["lint", "infra/api.yaml", "--baseline", "gatelint-baseline.json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn prune_takes_out_what_was_mended_where_it_looked() {
    let sandbox = Sandbox::new(&[("a/api.yaml", &template(3)), ("b/api.yaml", &template(2))]);
    assert_eq!(sandbox.run(&["baseline", "create", "--baseline", "old.json"]).code, 0);
    sandbox.write("a/api.yaml", template(1).as_bytes());
    sandbox.write("b/api.yaml", template(1).as_bytes());
    let prune = |path: &str| sandbox.run(&["baseline", "prune", path, "--baseline", "old.json"]);
    let ran = prune("a");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("2 findings removed, 3 kept"), "{ran:?}");
    assert!(prune(".").stderr.contains("1 finding removed, 2 kept"));
    sandbox.write("a/api.yaml", template(2).as_bytes());
    assert_eq!(sandbox.run(&["lint", "--baseline", "old.json"]).code, 1);
}

#[test]
fn the_same_bytes_twice_and_json_that_names_the_baseline() {
    let sandbox = Sandbox::new(&[("api.yaml", &template(2))]);
    sandbox.run(&["baseline", "create"]);
    let first = sandbox.read("gatelint-baseline.json");
    sandbox.run(&["baseline", "create"]);
    assert_eq!(first, sandbox.read("gatelint-baseline.json"));
    let ran = sandbox.run(&["lint", "--format", "json", "--baseline", "gatelint-baseline.json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(json["summary"]["suppressed"], 2);
    assert_eq!(json["findings"][0]["suppression"]["kind"], "baseline");
}

#[test]
fn a_baseline_that_is_none_is_wrong_usage() {
    let sandbox = Sandbox::new(&[("api.yaml", &template(1)), ("x.json", "{\"version\": 9}")]);
    for file in ["gone.json", "x.json", "api.yaml"] {
        let ran = sandbox.run(&["lint", "--baseline", file]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        assert!(ran.stderr.contains(file), "{ran:?}");
    }
}
