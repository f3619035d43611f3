//! OpenAPI bodies that cannot be read: what keeps them from it, and what they are made of.

use super::{Case, api};

/// A body that is rendered from `text` with `u` and `v` unknown: its policy in words, its problems, and
/// whether the file is known to be a document of an API.
fn rendered(text: &str) -> (String, Vec<String>, bool) {
    let body = "  body = templatefile(\"p.yaml\", { u = var.u, v = var.v, region = data.aws_region.r.name })";
    let main = format!(
        "variable \"u\" {{}}\nvariable \"v\" {{}}\ndata \"aws_region\" \"r\" {{}}\n{}",
        api(body)
    );
    let case = Case::files(&[("main.tf", &main), ("p.yaml", text)]);
    let files = case.extraction.documents.iter();
    let made_of =
        files.map(|file| case.db.file(*file).display.clone()).any(|name| name == "p.yaml");
    let policy = case.policy(case.api(), &case.world().policy);
    (policy.trim().to_owned(), case.problems(), made_of)
}

#[test]
fn the_hole_that_keeps_a_body_from_being_read_is_named() {
    const KEY: &str = "x-amazon-apigateway-policy:\n  Statement:\n";
    let lines = "%{ for one in v }\n    - Effect: Allow\n%{ endfor }\n";
    for (text, expected) in [
        // Lines of the policy, whatever stands before it.
        (format!("info:\n  title: ${{u}}\n{KEY}{lines}"), "v"),
        (format!("${{u}}\n{KEY}{lines}"), "v"),
        (format!("{KEY}${{u}}\npaths:\n{lines}"), "u"),
        // Lines before it, and text that may be anything.
        (format!("info:\n  title: ${{u}}\n{lines}{KEY}    - Effect: Deny\n"), "v"),
        (format!("{KEY}    - Effect: Deny ]\n      Sid: \"x\" ${{v}}\n"), "v"),
        // A region is a word, and no reason.
        (format!("{KEY}    - Effect: \"Deny\" ]\n      Sid: ${{region}}\n"), "OpenAPI body"),
    ] {
        let (policy, problems, made_of) = rendered(&text);
        let label = policy.strip_prefix("unknown policy ").expect("an unknown policy");
        assert_eq!(label.trim_start_matches("var."), expected, "{text}");
        assert_eq!((problems, made_of), (Vec::new(), true), "{text}");
    }
}

#[test]
fn a_body_without_holes_that_is_not_well_formed_is_unreadable() {
    let (policy, problems, made_of) = rendered("x-amazon-apigateway-policy:\n  Statement: [\n");
    assert_eq!((policy.as_str(), made_of), ("unknown policy OpenAPI body", true));
    assert!(matches!(problems.as_slice(), [one] if one.contains("never closed")), "{problems:?}");
    // What is well-formed, and no document.
    let (policy, problems, _) = rendered("- x-amazon-apigateway-policy\n");
    assert_eq!((policy.as_str(), problems), ("unknown policy OpenAPI body", Vec::new()));
}
