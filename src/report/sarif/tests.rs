//! The shape of a log file, and that nothing from a template changes it.

use serde_json::Value;

use super::*;
use crate::report::{Notice, hostile};

fn report(run: &Run) -> Value {
    let mut out = Vec::new();
    write(run, &mut out).expect("writes to memory");
    serde_json::from_slice(&out).expect("JSON")
}

#[test]
fn a_result() {
    let mut log = report(&hostile::plain());
    let mut result = log["runs"][0]["results"][0].take();
    // It changes with the list of rules.
    assert!(result.as_object_mut().and_then(|fields| fields.shift_remove("ruleIndex")).is_some());
    insta::assert_snapshot!(format!("{result:#}"), @r#"
    {
      "ruleId": "wildcard-principal",
      "level": "error",
      "message": {
        "text": "anyone on the internet can call this API.\neveryone, callers without credentials included.\nwitness: anonymous, from 8.8.8.8, with aws:referer = s3cret: GET /prod/orders.\nwhy not denied: no Deny matches.\nassumes: partner = * (set with --var partner=...).\nhelp: name the accounts that call.\nSee also: [this Allow has no condition](1)."
      },
      "locations": [
        {
          "physicalLocation": {
            "artifactLocation": {
              "uri": "infra/api.tf",
              "uriBaseId": "%SRCROOT%"
            },
            "region": {
              "startLine": 3,
              "startColumn": 20,
              "endLine": 3,
              "endColumn": 23
            }
          },
          "logicalLocations": [
            {
              "fullyQualifiedName": "aws_api_gateway_rest_api.orders",
              "kind": "resource"
            }
          ]
        }
      ],
      "relatedLocations": [
        {
          "id": 1,
          "physicalLocation": {
            "artifactLocation": {
              "uri": "infra/api.tf",
              "uriBaseId": "%SRCROOT%"
            },
            "region": {
              "startLine": 3,
              "startColumn": 5,
              "endLine": 3,
              "endColumn": 16
            }
          },
          "message": {
            "text": "this Allow has no condition."
          }
        }
      ],
      "codeFlows": [
        {
          "threadFlows": [
            {
              "locations": [
                {
                  "location": {
                    "physicalLocation": {
                      "artifactLocation": {
                        "uri": "infra/api.tf",
                        "uriBaseId": "%SRCROOT%"
                      },
                      "region": {
                        "startLine": 6,
                        "startColumn": 16,
                        "endLine": 6,
                        "endColumn": 19
                      }
                    },
                    "message": {
                      "text": "local value."
                    }
                  }
                },
                {
                  "location": {
                    "physicalLocation": {
                      "artifactLocation": {
                        "uri": "infra/api.tf",
                        "uriBaseId": "%SRCROOT%"
                      },
                      "region": {
                        "startLine": 3,
                        "startColumn": 5,
                        "endLine": 3,
                        "endColumn": 16
                      }
                    },
                    "message": {
                      "text": "used here."
                    }
                  }
                }
              ]
            }
          ]
        }
      ],
      "partialFingerprints": {
        "gatelint/v1": "0123456789abcdef"
      },
      "properties": {
        "severity": "critical",
        "security-severity": "9.5",
        "confidence": "proved",
        "api": "aws_api_gateway_rest_api.orders",
        "help": "name the accounts that call",
        "witness": {
          "principal": "anonymous",
          "source_ip": "8.8.8.8",
          "vpc": null,
          "vpc_endpoint": null,
          "vpc_source_ip": null,
          "method": "GET",
          "stage": "prod",
          "path": "/orders",
          "context": {
            "aws:referer": "s3cret"
          }
        },
        "assumptions": [
          "partner = * (--var partner=...)"
        ]
      }
    }
    "#);
}

#[test]
fn the_run_around_it() {
    let log = report(&hostile::plain());
    let run = &log["runs"][0];
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    assert!(run["invocations"][0].get("toolExecutionNotifications").is_none());
    assert!(run["originalUriBaseIds"]["%SRCROOT%"].get("uri").is_none());
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), metas().count());
    for result in run["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok());
        assert_eq!(rules[index.expect("an index")]["id"], result["ruleId"]);
    }
}

#[test]
fn the_fingerprint_does_not_follow_lines() {
    let mut run = hostile::plain();
    let print = |run: &Run| report(run)["runs"][0]["results"][0]["partialFingerprints"].clone();
    let before = print(&run);
    run.findings[0].labels[0].span.start -= 40;
    assert_eq!(print(&run), before);
    assert_eq!(before["gatelint/v1"], "0123456789abcdef");
}

#[test]
fn what_was_not_read_is_notified() {
    let mut run = hostile::plain();
    run.findings[0].rule = UNREADABLE;
    run.findings[0].title = "not readable: invalid UTF-8".into();
    run.notices = vec![
        Notice {
            level: NoticeLevel::Note,
            file: Some("a b.json".into()),
            message: "holds no template".into(),
        },
        Notice { level: NoticeLevel::Warning, file: None, message: "a link leads out".into() },
    ];
    run.broke = true;
    let log = report(&run);
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let told = invocation["toolExecutionNotifications"].as_array().expect("notifications");
    let levels: Vec<&str> = told.iter().filter_map(|note| note["level"].as_str()).collect();
    assert_eq!(levels, ["error", "note", "warning"]);
    assert_eq!(told[0]["message"]["text"], "not readable: invalid UTF-8.");
    assert_eq!(told[0]["associatedRule"]["id"], UNREADABLE);
    let place = |note: &Value| note["locations"][0]["physicalLocation"].clone();
    assert_eq!(place(&told[0])["region"]["startLine"], 3);
    assert_eq!(place(&told[1])["artifactLocation"]["uri"], "a%20b.json");
    assert!(told[2].get("locations").is_none());
}

#[test]
fn messages_hold_no_link_placeholder_or_control_of_a_template() {
    for run in hostile::runs() {
        let log = report(&run);
        let result = &log["runs"][0]["results"][0];
        let text = result["message"]["text"].as_str().expect("text");
        assert_eq!(links(text), ["1"], "{text}");
        assert!(!text.replace("{{0}}", "").contains("{0}"), "{text}");
        assert!(!text.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'), "{text}");
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str();
        let fine = |c: char| c.is_ascii_alphanumeric() || "/-._~%".contains(c);
        assert!(uri.is_some_and(|uri| uri.chars().all(fine)), "{uri:?}");
    }
}

/// The targets of the links in a message: what follows a bracket that no backslash escapes.
fn links(text: &str) -> Vec<&str> {
    let mut targets = Vec::new();
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == ']'
            && !escaped
            && let Some(rest) = text[at + 1..].strip_prefix('(')
        {
            targets.extend(rest.split(')').next());
        }
        escaped = c == '\\' && !escaped;
    }
    targets
}
