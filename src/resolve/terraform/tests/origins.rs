//! Where values come from.

use super::Bench;

#[test]
fn a_leaf_remembers_its_way_through_locals_and_defaults() {
    let bench = Bench::new(
        r#"
variable "ips" { default = ["203.0.113.0/24"] }
locals {
  guard = { "aws:SourceIp" = var.ips }
  out   = { IpAddress = local.guard }
}
"#,
    );
    assert_eq!(
        bench.steps("203.0.113.0/24"),
        [
            "Reference local.guard",
            "Local guard",
            "Reference var.ips",
            "Default default",
            "Literal \"203.0.113.0/24\"",
        ]
    );
}

#[test]
fn values_of_files_and_flags_say_so() {
    let text = "variable \"x\" {}\nlocals {\n  out = var.x\n}\n";
    let file = Bench::new(text).tfvars("x = \"from-file\"\n");
    assert_eq!(
        file.steps("from-file"),
        ["Reference var.x", "VarFile x = \"from-file\"", "Literal \"from-file\""]
            .map(|s| s.replace("x = \"from-file\"", "\"from-file\""))
    );
    let flag = Bench::new(text).flag("x", &["given"]);
    assert_eq!(flag.steps("given"), ["Reference var.x", "Flag variable \"x\""]);
}

#[test]
fn json_in_a_heredoc_points_at_its_exact_tokens() {
    let bench = Bench::new(
        "variable \"acct\" { default = \"111122223333\" }\nlocals {\n  p = <<-EOT\n    {\"AWS\": \"arn:aws:iam::${var.acct}:root\", \"é\": \"x\\\"y\", \"ips\": ${jsonencode([\"198.51.100.7\"])}}\n  EOT\n  out = jsondecode(local.p)\n}\n",
    );
    assert_eq!(
        bench.steps("arn:aws:iam::111122223333:root").last().map(String::as_str),
        Some("Literal \"arn:aws:iam::${var.acct}:root\"")
    );
    assert_eq!(bench.steps("x\"y").last().map(String::as_str), Some(r#"Literal "x\"y""#));
    // What was put in by jsonencode is where it is written.
    assert_eq!(
        bench.steps("198.51.100.7").last().map(String::as_str),
        Some("Literal \"198.51.100.7\"")
    );
}

#[test]
fn pieces_of_functions_keep_their_tokens() {
    let bench = Bench::new(
        "locals {\n  a = \"111122223333\"\n  out = [upper(\"abc\"), format(\"arn:%s\", local.a), split(\",\", \"x,y\")]\n}\n",
    );
    assert_eq!(bench.steps("ABC"), ["Literal \"abc\""]);
    assert_eq!(bench.steps("arn:111122223333"), ["Literal format(\"arn:%s\", local.a)"]);
    assert_eq!(bench.steps("y"), ["Literal \"x,y\""]);
}
