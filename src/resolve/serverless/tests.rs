//! Variables put in place.

use std::path::Path;

use super::{Place, Variables};
use crate::resolve::cloudformation::form::canonical;
use crate::source::{MemoryFs, SourceDb, SourceFile};
use crate::syntax::{Node, yaml};

/// What the entry `out` of a service becomes, as an expression, and the parameters with defaults.
fn resolved_with(text: &str, files: &[(&str, &str)]) -> (String, Vec<String>) {
    let mut fs = MemoryFs::new();
    for (name, text) in files {
        fs.add(Path::new("/s").join(name), *text);
    }
    fs.add("/secret.yml", "key: secret\n");
    let db = SourceDb::new();
    let file = db.add(Path::new("/s/serverless.yml"), "s/serverless.yml".into(), text);
    let document = yaml::parse_file(file, text);
    assert!(document.errors.is_empty(), "{:?}", document.errors);
    let root = document.roots.first().expect("a root").clone();
    let roots = ["/s".into()];
    let parse = |id, file: &SourceFile| yaml::parse_file(id, &file.text);
    let place = Place { dir: Path::new("/s"), display: "s", roots: &roots, parse };
    let mut variables = Variables::new(root, place, &fs, &db);
    let out = variables.section("out").expect("an entry");
    let parameters = variables.declared.parameters.iter().map(|(name, (_, default))| {
        let default = default.as_ref().and_then(Node::scalar);
        match default {
            Some(default) => format!("{name}={default}"),
            None => name.clone(),
        }
    });
    (canonical(&out), parameters.collect())
}

fn resolved(text: &str) -> (String, Vec<String>) {
    resolved_with(text, &[])
}

fn alone(value: &str) -> String {
    resolved(&format!("out: {value}\na: {{b: [x, y], n: 7, t: true}}\n")).0
}

#[test]
fn values_of_the_service_itself() {
    assert_eq!(alone("${self:a.b}"), r#"["x", "y"]"#);
    assert_eq!(alone("${self:a.b.1}"), r#""y""#);
    assert_eq!(alone("'n-${self:a.n}-${self:a.t}'"), r#""n-7-true""#);
    assert_eq!(alone("${self:a.c, 'd'}"), r#""d""#);
    assert_eq!(alone("${self:a.c, self:a.n}"), r#""7""#);
    assert_eq!(alone("${self:a.c, 12}"), r#""12""#);
    assert_eq!(alone("${self:a.c}"), r#"Ref("self:a.c")"#);
    assert_eq!(alone("'${AWS::Region}'"), r#""${AWS::Region}""#);
    assert_eq!(alone("${aws:accountId}"), r#"Ref("AWS::AccountId")"#);
    assert_eq!(alone("!Sub 'a:${AWS::Region}:${self:a.n}'"), r#"Fn::Sub("a:${AWS::Region}:7")"#);
    assert_eq!(
        alone("!Sub 'a:${AWS::Region}:${ssm:/x}'"),
        r#"Fn::Sub("a:${AWS::Region}:${ssm:/x}")"#
    );
    assert_eq!(alone("'a:${ssm:/x}'"), r#"Fn::Join(["", ["a:", Ref("ssm:/x")]])"#);
    assert_eq!(alone("${strToBool('1')}"), r#""true""#);
}

#[test]
fn what_is_given_when_deploying_is_a_parameter() {
    let (out, parameters) =
        resolved("out: ['${opt:stage, \"dev\"}', '${env:X}', '${opt:stage, ''dev''}']\n");
    assert_eq!(out, r#"[Ref("opt:stage"), Ref("env:X"), Ref("opt:stage")]"#);
    assert_eq!(parameters, ["env:X", "opt:stage=dev"]);
    let (out, parameters) = resolved("out: ['${opt:a, 1}', '${opt:a, 2}']\n");
    assert_eq!(out, r#"[Ref("opt:a"), Ref("opt:a, '2'")]"#);
    assert_eq!(parameters, ["opt:a=1", "opt:a, '2'=2"]);
    for unknown in ["cf:stack.Out", "ssm:/a/b", "s3:bucket/key", "git:branch", "vault:x"] {
        let (_, parameters) = resolved(&format!("out: ${{{unknown}}}\n"));
        assert_eq!(parameters, [unknown]);
    }
}

#[test]
fn the_stage() {
    let stage = |provider: &str| resolved(&format!("out: ${{sls:stage}}\nprovider: {provider}\n"));
    assert_eq!(stage("{name: aws}"), (r#"Ref("opt:stage")"#.into(), vec!["opt:stage=dev".into()]));
    assert_eq!(stage("{stage: prod}").1, ["opt:stage=prod"]);
    assert_eq!(stage("{stage: '${opt:stage, ''qa''}'}").1, ["opt:stage=qa"]);
    assert_eq!(stage("{stage: '${sls:stage}'}").1, ["opt:stage=dev"]);
}

#[test]
fn a_key_that_hangs_on_the_stage_is_a_choice() {
    let text = "out: ${self:ips.${opt:stage, 'dev'}.list}\nips: {dev: {list: [a]}, prod: {list: [b]}, odd: 1}\n";
    let (out, parameters) = resolved(text);
    assert_eq!(out, r#"Fn::If(["opt:stage is dev", ["a"], ["b"]])"#);
    assert_eq!(parameters, ["opt:stage=dev"]);
    let (out, _) = resolved(&text.replace(".list}", ".list, 'none'}"));
    assert!(out.ends_with(r#"Fn::If(["opt:stage is odd", "none", "none"])])])"#), "{out}");
}

#[test]
fn params_of_stages() {
    let text = "out: ${param:ip}\nparams: {default: {ip: a}, prod: {ip: b}}\n";
    assert_eq!(resolved(text).0, r#"Fn::If(["opt:stage is prod", "b", "a"])"#);
    assert_eq!(resolved("out: ${param:ip}\nparams: {default: {ip: a}}\n").0, r#"Ref("param:ip")"#);
    assert_eq!(resolved("out: ${param:ip, 'c'}\n").1, ["param:ip=c"]);
}

#[test]
fn files_inside_the_roots() {
    let files = [
        ("a.yml", "key: {b: [1]}\nself: ${self:name}\n"),
        ("p.dev.json", "{\"x\": \"dev\"}"),
        ("p.prod.json", "{\"x\": \"prod\"}"),
        ("t.txt", "words"),
        ("p.js", "module.exports = 1"),
    ];
    let of = |value: &str| resolved_with(&format!("out: {value}\nname: n\n"), &files).0;
    assert_eq!(of("${file(./a.yml):key.b}"), r#"["1"]"#);
    assert_eq!(of("${file(a.yml):self}"), r#""n""#);
    assert_eq!(of("${file('./t.txt')}"), r#""words""#);
    let choice = r#"Fn::If(["opt:stage is dev", "dev", "prod"])"#;
    assert_eq!(of("${file(./p.${opt:stage, 'dev'}.json):x}"), choice);
    // All of a file that is not there is nothing that anybody gives.
    for (path, named) in [
        ("./no.yml", "./no.yml"),
        ("no.${opt:stage, 'dev'}.yml", "no.dev.yml"),
        ("../secret.yml", "../secret.yml"),
    ] {
        let missing = format!("Ref(\"{named} (there is no such file)\")");
        assert_eq!(of(&format!("${{file({path})}}")), missing, "{path}");
    }
    for unknown in
        ["file(../secret.yml):key", "file(/secret.yml):key", "file(./p.js)", "file(./no.yml):x"]
    {
        assert_eq!(of(&format!("${{{unknown}}}")), format!("Ref({unknown:?})"), "{unknown}");
    }
    assert_eq!(of("${file(./no.yml):x, 'd'}"), r#""d""#);
}

#[test]
fn circles_and_growth_end() {
    for circle in [
        "out: ${self:out}\n",
        "out: ${self:a}\na: {b: '${self:a}'}\n",
        "out: ${self:a.b}\na: ${self:a}\n",
        "out: ${self:${self:${self:out}}}\n",
    ] {
        resolved(circle);
    }
    let mut doubling = "out: ${self:a0}\na40: x\n".to_owned();
    let mut lists = "out: ${self:a0}\na40: [x]\n".to_owned();
    for i in 0..40 {
        doubling += &format!("a{i}: ${{self:a{}}}${{self:a{}}}\n", i + 1, i + 1);
        lists += &format!("a{i}: ['${{self:a{}}}', '${{self:a{}}}']\n", i + 1, i + 1);
    }
    resolved(&doubling);
    resolved(&lists);
    let long = format!("out: {}\n", "${self:out, ".repeat(2_000));
    resolved(&long);
}
