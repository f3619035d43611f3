//! What a comment stands at.

use std::path::Path;

use super::*;
use crate::source::SourceDb;
use crate::syntax::{hcl, yaml};

/// The text that each remark covers, up to its first line end.
fn covered(name: &str, text: &str, sections: Sections) -> Vec<Option<String>> {
    let db = SourceDb::new();
    let id = db.add(Path::new(name), name.into(), text);
    let document =
        if name.ends_with(".tf") { hcl::parse_file(id, text) } else { yaml::parse_file(id, text) };
    assert!(document.errors.is_empty(), "{:?}", document.errors);
    let remarks = Remarks::of(&document, &db.file(id), sections);
    let first = |span| db.slice(span).lines().next().map(str::to_owned);
    remarks.list.iter().map(|remark| remark.covers.and_then(first)).collect()
}

#[test]
fn a_comment_alone_stands_at_what_begins_below() {
    let text = "\
# gatelint: a
Resources:
  # gatelint: b
  # another comment
  Api:
    Properties:
      Policy:
        Statement:
          # gatelint: c
          - Effect: Allow
            # gatelint: d
            Principal: '*'
            # gatelint: e

            Action: x
";
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        covered("a.yaml", text, Sections::Roots),
        [None, some("Api:"), some("Effect: Allow"), some("Principal: '*'"), None]
    );
}

#[test]
fn a_section_of_a_template_is_no_resource() {
    let text = "# gatelint: a\nStatement: []\n";
    assert_eq!(covered("a.yaml", text, Sections::Roots), [None]);
    assert_eq!(covered("a.yaml", text, Sections::None), [Some("Statement: []".to_owned())]);
}

#[test]
fn a_comment_behind_a_text_of_several_lines_stands_at_it() {
    let text = "A:\n  Policy: | # gatelint: a\n    {\n    }\n  B: x # gatelint: b\n";
    assert_eq!(covered("a.yaml", text, Sections::None).len(), 2);
    assert!(covered("a.yaml", text, Sections::None)[0].is_some());
    assert_eq!(covered("a.yaml", text, Sections::None)[1], None);
}

#[test]
fn comments_of_hcl() {
    let text = "\
// gatelint: a
resource \"x\" \"y\" {
  /* gatelint:
     b */
  policy = jsonencode({
    # gatelint: c
    Statement = [
      # gatelint: d
      { Effect = \"Allow\" },
    ]
  })
  # gatelint: e
  statement {
    a = 1 # gatelint: f
  }
}
";
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        covered("a.tf", text, Sections::None),
        [
            some("resource \"x\" \"y\" {"),
            some("policy = jsonencode({"),
            some("Statement = ["),
            some("{ Effect = \"Allow\" }"),
            some("statement {"),
            None
        ]
    );
}

#[test]
fn aliases_cost_nothing_and_other_comments_are_not_kept() {
    let mut text = String::from("# gatelint: a\na0: &a0 [x, x]\n");
    for level in 1..12 {
        let below = level - 1;
        text.push_str(&format!("a{level}: &a{level} [*a{below}, *a{below}] # other\n"));
    }
    assert_eq!(covered("a.yaml", &text, Sections::None), [Some("a0: &a0 [x, x]".to_owned())]);
}
