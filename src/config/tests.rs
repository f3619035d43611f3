//! Tests of the whole room.

use std::path::Path;

use super::*;
use crate::model::AccountId;
use crate::source::{MemoryFs, SourceDb};

const RULES: [&str; 2] = ["wildcard-principal", "untrusted-account"];
const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "info"];

/// Loads `/repo/gatelint.yaml` of `files`: the settings, or all that is wrong as text.
fn load(files: &[(&str, &str)]) -> Result<Settings, String> {
    load_from("/repo/gatelint.yaml", files)
}

fn load_from(config: &str, files: &[(&str, &str)]) -> Result<Settings, String> {
    let mut fs = MemoryFs::new();
    for (path, text) in files {
        fs.add(path, *text);
    }
    let db = SourceDb::new();
    let vocabulary = Vocabulary { rules: &RULES, severities: &SEVERITIES };
    let loader = Loader { fs: &fs, db: &db, cwd: Path::new("/repo"), vocabulary };
    let sources = Sources { config: Some(config.into()), trust: Vec::new() };
    loader.load(&sources).map_err(|diagnostics| render(&db, &diagnostics))
}

fn one(text: &str) -> Result<Settings, String> {
    load(&[("/repo/gatelint.yaml", text)])
}

#[test]
fn everything_that_is_documented() {
    let settings = load(&[
        (
            "/repo/gatelint.yaml",
            r#"version: 1
exclude: ["**/node_modules/**"]
fail-on: high
possible: fail
owner: { accounts: ["123456789012"], region: eu-west-1 }
trust:
  files: [lists/trusted.yaml, lists/bare.yaml]
  accounts:
    - { id: 012345678901, name: payments-prod, owner: team-payments, kind: internal, reason: order events, expires: 2027-01-31, apis: ["orders-*"] }
    - "111122223333"
  organizations: [o-abc123def4]
  vpcs: [vpc-0aaaaaaaaaaaaaaa1]
  vpc-endpoints: [vpce-0aaaaaaaaaaaaaaa1]
  networks: [203.0.113.0/24, "2001:db8::/32"]
rules:
  untrusted-account: { severity: critical }
assume: { parameters: { Env: [prod, dev], Port: 8080 }, variables: { stage: prod, on: true } }
"#,
        ),
        ("/repo/lists/trusted.yaml", "version: 1\naccounts: [{ id: '222233334444' }]\nvpcs: []\n"),
        ("/repo/lists/bare.yaml", "- id: 333344445555\n  apis: status\n"),
    ])
    .unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(settings.exclude, [("/repo".into(), "**/node_modules/**".into())]);
    assert_eq!(settings.fail_on.as_deref(), Some("high"));
    assert!(settings.fail_possible);
    assert_eq!(settings.region.as_deref(), Some("eu-west-1"));
    let owner = AccountId::parse("123456789012").expect("an account");
    assert_eq!(settings.trust.owners.iter().collect::<Vec<_>>(), [&owner]);
    let accounts: Vec<_> = settings
        .trust
        .accounts
        .iter()
        .map(|a| (a.id.as_str(), a.name.as_deref(), a.apis.join(" "), a.expires, a.entry))
        .collect();
    let end = day_start("2027-02-01");
    assert_eq!(
        accounts,
        [
            ("012345678901", Some("payments-prod"), "orders-*".to_owned(), end, 0),
            ("111122223333", None, String::new(), None, 1),
            ("222233334444", None, String::new(), None, 2),
            ("333344445555", None, "status".to_owned(), None, 3),
        ]
    );
    assert_eq!(settings.trust_spans.len(), 4);
    assert_eq!(settings.trust.vpcs.map(|v| v.len()), Some(1));
    assert_eq!(settings.trust.vpc_endpoints.map(|v| v.len()), Some(1));
    assert_eq!(settings.trust.networks.map(|n| n.len()), Some(2));
    assert_eq!(settings.severities["untrusted-account"], "critical");
    assert_eq!(settings.parameters["Env"], ["prod", "dev"]);
    assert_eq!(settings.parameters["Port"], ["8080"]);
    assert_eq!(settings.variables["on"], ["true"]);
}

#[test]
fn nothing_says_nothing() {
    for text in ["", "# only a comment\n", "---\n", "version: 1\n"] {
        let settings = one(text).unwrap_or_else(|report| panic!("{report}"));
        assert!(settings.trust.accounts.is_empty() && settings.trust.vpcs.is_none(), "{text:?}");
    }
}

#[test]
fn an_empty_list_is_a_closed_list_and_no_value_is_an_error() {
    let settings =
        one("trust: { organizations: [] }\n").unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(settings.trust.organizations, Some(std::collections::BTreeSet::new()));
    insta::assert_snapshot!(one("trust:\n  organizations:\n").expect_err("an error"), @r"
    gatelint.yaml:2:17: error: organizations: expected a list, found nothing
      |
    2 |   organizations:
      |                 ^
      = help: give it a value (`[]` is an empty list), or remove the key
    ");
}

#[test]
fn all_that_is_wrong_at_once() {
    let report = load(&[
        (
            "/repo/gatelint.yaml",
            "version: 2
exlude: [vendor]
exclude: ['a[']
fail-on: hihg
fail-on: high
possible: maybe
owner:
  accounts: [12345678901]
  region: Ireland
trust:
  files: [missing.yaml, list.yaml]
  organizations: [o-ABC, 'o-*']
  vpcs: [vpce-0aaaaaaaaaaaaaaa1]
  networks: [' 203.0.113.0/24', 203.0.113.0/33]
rules:
  untrusted-acount: { severity: high }
  wildcard-principal: { severity: fatal, locked: often }
public-apis: [{ api: x, routes: [get /a] }]
assume: { parameters: { Env: [] } }
",
        ),
        (
            "/repo/list.yaml",
            "accounts:
  - { id: 0123-4567-8901 }
  - { name: nobody, expires: 2027-02-30 }
  - { id: 1234567890123, nmae: x, apis: [] }
  - [111122223333]
",
        ),
    ])
    .expect_err("errors");
    insta::assert_snapshot!(report, @r#"
    gatelint.yaml:1:10: error: version `2` is not known
      |
    1 | version: 2
      |          ^
      = help: this program reads version 1
    gatelint.yaml:2:1: error: unknown key `exlude` in the configuration
      |
    2 | exlude: [vendor]
      | ^^^^^^
      = help: did you mean `exclude`?
    gatelint.yaml:3:11: error: `a[` is not a glob: unclosed character class; missing ']'
      |
    3 | exclude: ['a[']
      |           ^^^^
    gatelint.yaml:5:1: error: the key `fail-on` stands twice
      |
    5 | fail-on: high
      | ^^^^^^^
      = note: gatelint.yaml:4:1: first here
    gatelint.yaml:6:11: error: unknown value `maybe` in possible
      |
    6 | possible: maybe
      |           ^^^^^
      = help: expected one of warn, fail
    gatelint.yaml:8:14: error: `12345678901` is not an account id
      |
    8 |   accounts: [12345678901]
      |              ^^^^^^^^^^^
      = help: it has 11 digits, an account id has 12: was a leading zero lost?
    gatelint.yaml:9:11: error: `Ireland` is not a region
      |
    9 |   region: Ireland
      |           ^^^^^^^
      = help: a region's code: eu-west-1
    gatelint.yaml:11:11: error: `/repo/missing.yaml` cannot be read: entity not found
       |
    11 |   files: [missing.yaml, list.yaml]
       |           ^^^^^^^^^^^^
    gatelint.yaml:12:19: error: `o-ABC` is not an organisation id
       |
    12 |   organizations: [o-ABC, 'o-*']
       |                   ^^^^^
       = help: `o-` and 10 to 32 lower-case letters or digits: o-abc123def4
    gatelint.yaml:12:26: error: `o-*` is not an organisation id
       |
    12 |   organizations: [o-ABC, 'o-*']
       |                          ^^^^^
       = help: `o-` and 10 to 32 lower-case letters or digits: o-abc123def4
    gatelint.yaml:13:10: error: `vpce-0aaaaaaaaaaaaaaa1` is not a VPC id
       |
    13 |   vpcs: [vpce-0aaaaaaaaaaaaaaa1]
       |          ^^^^^^^^^^^^^^^^^^^^^^
       = help: `vpc-` and 8 or 17 digits or letters a to f, in lower case
    gatelint.yaml:14:14: error: ` 203.0.113.0/24` is not a network
       |
    14 |   networks: [' 203.0.113.0/24', 203.0.113.0/33]
       |              ^^^^^^^^^^^^^^^^^
       = help: remove the blanks
    gatelint.yaml:14:33: error: `203.0.113.0/33` is not a network
       |
    14 |   networks: [' 203.0.113.0/24', 203.0.113.0/33]
       |                                 ^^^^^^^^^^^^^^
       = help: an address or CIDR block: 203.0.113.0/24, 2001:db8::/32
    gatelint.yaml:16:3: error: unknown rule `untrusted-acount` in rules
       |
    16 |   untrusted-acount: { severity: high }
       |   ^^^^^^^^^^^^^^^^
       = help: did you mean `untrusted-account`?
    gatelint.yaml:17:35: error: unknown value `fatal` in severity
       |
    17 |   wildcard-principal: { severity: fatal, locked: often }
       |                                   ^^^^^
       = help: expected one of critical, high, medium, low, info
    gatelint.yaml:17:50: error: locked: expected true or false, found text
       |
    17 |   wildcard-principal: { severity: fatal, locked: often }
       |                                                  ^^^^^
    gatelint.yaml:18:15: error: an entry of `public-apis` without `reason`
       |
    18 | public-apis: [{ api: x, routes: [get /a] }]
       |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       = help: add `reason: public status page`
    gatelint.yaml:18:34: error: `get /a` is not a route
       |
    18 | public-apis: [{ api: x, routes: [get /a] }]
       |                                  ^^^^^^
       = help: a method in upper case and a path as the API declares it: GET /pets/{id}
    gatelint.yaml:19:30: error: assume.parameters: an empty list of values for `Env`
       |
    19 | assume: { parameters: { Env: [] } }
       |                              ^^
       = help: give at least one value, or remove the key
    list.yaml:2:11: error: `0123-4567-8901` is not an account id
      |
    2 |   - { id: 0123-4567-8901 }
      |           ^^^^^^^^^^^^^^
      = help: write the 12 digits alone
    list.yaml:3:5: error: a trusted account without `id`
      |
    3 |   - { name: nobody, expires: 2027-02-30 }
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: add `id: "111122223333"`
    list.yaml:3:30: error: `2027-02-30` is not a date
      |
    3 |   - { name: nobody, expires: 2027-02-30 }
      |                              ^^^^^^^^^^
      = help: a day that exists, as YYYY-MM-DD: 2027-01-31 (the last day that counts)
    list.yaml:4:11: error: `1234567890123` is not an account id
      |
    4 |   - { id: 1234567890123, nmae: x, apis: [] }
      |           ^^^^^^^^^^^^^
      = help: it has 13 digits, an account id has 12
    list.yaml:4:26: error: unknown key `nmae` in a trusted account
      |
    4 |   - { id: 1234567890123, nmae: x, apis: [] }
      |                          ^^^^
      = help: did you mean `name`?
    list.yaml:4:41: error: `apis` is an empty list
      |
    4 |   - { id: 1234567890123, nmae: x, apis: [] }
      |                                         ^^
      = help: name the APIs (globs), or remove the key to mean all of them
    list.yaml:5:5: error: a trusted account: expected a map, found a list
      |
    5 |   - [111122223333]
      |     ^^^^^^^^^^^^^^
    "#);
}

#[test]
fn syntax_errors_and_second_documents() {
    insta::assert_snapshot!(one("trust: [\n").expect_err("an error"), @r"
    gatelint.yaml:1:8: error: this `[` is never closed
      |
    1 | trust: [
      |        ^
      = help: add the closing `]`
    gatelint.yaml:1:8: error: trust: expected a map, found a list
      |
    1 | trust: [
      |        ^
    ");
    insta::assert_snapshot!(one("version: 1\n---\nversion: 1\n").expect_err("an error"), @r"
    gatelint.yaml:3:1: error: a second YAML document in one file
      |
    3 | version: 1
      | ^
      = help: only one document is read
    ");
    insta::assert_snapshot!(one("- a\n").expect_err("an error"), @r"
    gatelint.yaml:1:1: error: the configuration: expected a map, found a list
      |
    1 | - a
      | ^^^
    ");
}

#[test]
fn a_configuration_in_the_github_folder_governs_the_folder_above() {
    let files = [
        ("/repo/.github/gatelint.yaml", "exclude: [vendor]\ntrust: { files: [list.yaml] }\n"),
        ("/repo/.github/list.yaml", "[]"),
    ];
    let settings = load_from("/repo/.github/gatelint.yaml", &files)
        .unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(settings.exclude, [("/repo".into(), "vendor".into())]);
}

#[test]
fn what_a_terminal_would_obey_is_escaped_and_long_lines_are_cut() {
    let report = one("\"\\e[31mred\": 1\n").expect_err("an error");
    assert!(!report.contains('\u{1b}'), "{report}");
    let long = format!("{{ version: 1, {}: 1 }}\n", "k".repeat(5000));
    let report = one(&long).expect_err("an error");
    assert!(report.lines().skip(1).all(|line| line.chars().count() < 200), "{report}");
}

#[test]
fn files_that_cannot_be_read() {
    let large = "#".repeat((1 << 20) + 1);
    let report = one(&large).expect_err("an error");
    assert_eq!(report, "error: `/repo/gatelint.yaml` cannot be read: it is larger than 1 MiB\n");
}

#[test]
fn the_configuration_is_found_upwards_to_the_root_of_the_repository() {
    let mut fs = MemoryFs::new();
    fs.add("/gatelint.yaml", "");
    fs.add("/repo/.git/HEAD", "");
    fs.add("/repo/a/b/main.tf", "");
    let cwd = Path::new("/repo");
    let found = |fs: &MemoryFs, dir: &str| find(fs, cwd, Path::new(dir)).expect("no error");
    // Not above the repository.
    assert_eq!(found(&fs, "/repo/a/b"), None);
    fs.add("/repo/.github/gatelint.yaml", "");
    assert_eq!(found(&fs, "/repo/a/b"), Some("/repo/.github/gatelint.yaml".into()));
    fs.add("/repo/a/.gatelint.yaml", "");
    assert_eq!(found(&fs, "/repo/a/b"), Some("/repo/a/.gatelint.yaml".into()));
    assert_eq!(found(&fs, "/repo"), Some("/repo/.github/gatelint.yaml".into()));
    // Outside a repository: up to the working directory, or no further than the input.
    assert_eq!(found(&fs, "/other/dir"), None);
    assert_eq!(
        find(&fs, Path::new("/"), Path::new("/other")).ok(),
        Some(Some("/gatelint.yaml".into()))
    );
}

#[test]
fn two_configurations_or_a_wrong_name_are_errors() {
    let mut fs = MemoryFs::new();
    fs.add("/repo/gatelint.yaml", "");
    fs.add("/repo/.github/gatelint.yaml", "");
    fs.add("/repo/sub/gatelint.yml", "");
    let cwd = Path::new("/repo");
    let error = |dir: &str| find(&fs, cwd, Path::new(dir)).expect_err("an error").message;
    assert!(error("/repo").ends_with("both configure one folder"));
    assert_eq!(error("/repo/sub"), "`/repo/sub/gatelint.yml` would not be read");
}

#[test]
fn the_nearer_configuration_wins_and_trust_is_joined() {
    let settings = load(&[
        (
            "/repo/gatelint.yaml",
            "extend: [../central/base.yaml]
fail-on: low
exclude: [own]
owner: { accounts: ['000000000001'] }
rules: { wildcard-principal: { severity: low } }
trust: { accounts: ['111122223333'] }
assume: { parameters: { Env: dev } }
",
        ),
        (
            "/central/base.yaml",
            "extend: [deeper.yaml]
fail-on: critical
possible: fail
exclude: [central]
owner: { accounts: ['000000000002'] }
rules: { untrusted-account: { locked: true }, wildcard-principal: { severity: high } }
trust: { files: [list.yaml], networks: [203.0.113.0/24] }
assume: { parameters: { Env: prod, Other: x } }
",
        ),
        ("/central/deeper.yaml", "trust: { accounts: ['999999999999'] }\n"),
        ("/central/list.yaml", "- '444455556666'\n"),
    ])
    .unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(settings.fail_on.as_deref(), Some("low"));
    assert!(settings.fail_possible);
    assert_eq!(settings.exclude, [("/repo".into(), "own".to_owned())]);
    let owners: Vec<&str> = settings.trust.owners.iter().map(|id| id.as_str()).collect();
    assert_eq!(owners, ["000000000001"]);
    assert_eq!(settings.severities["wildcard-principal"], "low");
    assert!(settings.locked.contains("untrusted-account"));
    let accounts: Vec<&str> = settings.trust.accounts.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(accounts, ["999999999999", "111122223333", "444455556666"]);
    assert_eq!(settings.trust.networks.as_ref().map(Vec::len), Some(1));
    assert_eq!(settings.parameters["Env"], ["dev"]);
    assert_eq!(settings.parameters["Other"], ["x"]);
}

#[test]
fn circles_depth_and_missing_files_of_extend() {
    let report = load(&[
        ("/repo/gatelint.yaml", "extend: [a.yaml, gone.yaml]\n"),
        ("/repo/a.yaml", "extend: [gatelint.yaml]\n"),
    ])
    .expect_err("errors");
    assert!(
        report.contains("a.yaml:1:10: error: `/repo/gatelint.yaml` builds on itself"),
        "{report}"
    );
    assert!(
        report.contains("gatelint.yaml:1:18: error: `/repo/gone.yaml` cannot be read"),
        "{report}"
    );
    let names: Vec<String> = (0..12).map(|n| format!("/repo/f{n}.yaml")).collect();
    let texts: Vec<String> = (1..13).map(|n| format!("extend: [f{n}.yaml]\n")).collect();
    let mut files = vec![("/repo/gatelint.yaml", "extend: [f0.yaml]\n")];
    files.extend(names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)));
    let report = load(&files).expect_err("errors");
    assert!(report.contains("more than 8 configurations build on each other"), "{report}");
}
