//! Policies from values, in every form, with exact origins.

use crate::model::{
    AwsPrincipal, DuplicateEffect, Effect, EffectElement, Entry, Policy, PolicyState,
    PrincipalElement, PrincipalKind, Problem, ProblemKind, SymbolClass, Version,
};
use crate::resolve::{Class, Kind, Piece, Symbol, Symbols, Value, value};
use crate::source::{Origin, Origins, SourceDb, Span};
use crate::syntax::SpanMap;

use super::{PolicyCx, policy_state};

struct Bench {
    db: SourceDb,
    symbols: Symbols,
    origins: Origins,
    problems: Vec<Problem>,
}

impl Bench {
    fn new() -> Self {
        Self {
            db: SourceDb::new(),
            symbols: Symbols::new(),
            origins: Origins::new(),
            problems: Vec::new(),
        }
    }

    /// Text in which `@name@` is a hole of that class, in a file of its own.
    fn text(&mut self, source: &str, class: Class) -> Value {
        let file = self.db.add("policy.json".as_ref(), "policy.json".into(), source);
        let whole = self.origins.literal(Span::new(file, 0, source.len()));
        let mut pieces = Vec::new();
        let mut at = 0;
        for (i, part) in source.split('@').enumerate() {
            if i % 2 == 0 {
                pieces.push(Piece::Lit {
                    text: part.into(),
                    map: SpanMap::verbatim(file, at),
                    origin: whole,
                });
            } else {
                let origin = self.origins.literal(Span::new(file, at, at + part.len()));
                let id = self.symbols.intern(part, || Symbol {
                    label: part.to_owned(),
                    origin,
                    class,
                    default: None,
                    allowed: None,
                    pin: None,
                });
                pieces.push(Piece::Hole(id, origin));
            }
            at += part.len() + 1;
        }
        Value::new(Kind::Text(value::Text(pieces)), whole)
    }

    fn state(&mut self, value: &Value) -> PolicyState {
        let mut cx = PolicyCx {
            symbols: &mut self.symbols,
            origins: &mut self.origins,
            this_api: Some("aws_api_gateway_rest_api.x"),
            problems: &mut self.problems,
        };
        policy_state(value, &mut cx)
    }

    fn policies(&mut self, source: &str) -> Vec<Policy> {
        let value = self.text(source, Class::Input);
        match self.state(&value) {
            PolicyState::Known(policies) => policies,
            other => panic!("expected a policy, got {other:?}"),
        }
    }

    fn slice(&self, origin: Origin) -> String {
        self.db.slice(self.origins.span(origin))
    }
}

const ALLOW: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",
 "Action":"execute-api:Invoke","Resource":"execute-api:/*"}]}"#;

#[test]
fn leaves_point_at_their_tokens() {
    let mut bench = Bench::new();
    let policies = bench.policies(ALLOW);
    assert_eq!(policies.len(), 1);
    assert!(matches!(policies[0].version, Version::V2012(_)));
    let statement = policies[0].known_statements().next().expect("a statement");
    assert!(matches!(statement.effect, EffectElement::Known(Effect::Allow, _)));
    let item = statement.everyone().expect("everyone");
    assert_eq!(item.aws(), Some(AwsPrincipal::Everyone));
    assert_eq!(bench.slice(item.value.origin), "\"*\"");
    let resource = statement.resource.items[0].one().expect("one resource");
    assert_eq!(bench.slice(resource.origin), "\"execute-api:/*\"");
    assert!(bench.slice(statement.origin).starts_with("{\"Effect\""));
    assert!(bench.problems.is_empty(), "{:?}", bench.problems);
}

#[test]
fn holes_stand_in_strings_and_in_the_place_of_values() {
    let mut bench = Bench::new();
    let policies = bench.policies(
        r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::@acct@:root", "111122223333"]},
            "Action":"*","Resource":@resources@,"Condition":@cond@}}"#,
    );
    let statement = policies[0].known_statements().next().expect("a statement");
    let PrincipalElement::Principal(principals) = &statement.principal else {
        panic!("a principal")
    };
    let first = principals.items[0].one().expect("one");
    assert!(
        matches!(first.aws(), Some(AwsPrincipal::UnknownAccount(s)) if s.class == SymbolClass::Input)
    );
    assert_eq!(bench.slice(first.value.origin), "\"arn:aws:iam::@acct@:root\"");
    let second = principals.items[1].one().expect("one");
    assert!(matches!(second.aws(), Some(AwsPrincipal::Account(a)) if a.as_str() == "111122223333"));
    let resource = statement.resource.items[0].one().expect("one");
    assert!(resource.symbol().is_some());
    assert!(matches!(statement.conditions.as_slice(), [Entry::Many(..)]));
    assert!(matches!(policies[0].version, Version::Missing));
}

#[test]
fn the_execution_arn_of_this_api_is_told_from_that_of_another() {
    for (label, class) in [
        ("aws_api_gateway_rest_api.x.execution_arn", SymbolClass::ThisApiArn),
        ("aws_api_gateway_rest_api.y.execution_arn", SymbolClass::OtherApi),
    ] {
        let mut bench = Bench::new();
        let source = format!(
            r#"{{"Statement":[{{"Effect":"Allow","Principal":"*","Action":"*","Resource":"@{label}@/*"}}]}}"#
        );
        let value = bench.text(&source, Class::ExecutionArn);
        let PolicyState::Known(policies) = bench.state(&value) else { panic!("a policy") };
        let statement = policies[0].known_statements().next().expect("a statement");
        let resource = statement.resource.items[0].one().expect("one");
        assert_eq!(resource.symbols().map(|s| s.class).collect::<Vec<_>>(), [class]);
    }
}

#[test]
fn a_key_that_stands_twice_is_read_both_ways() {
    let mut bench = Bench::new();
    let policies = bench.policies(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
            "Principal":{"AWS":"arn:aws:iam::123123123123:root","AWS":"arn:aws:iam::123456789012:root"},
            "Action":"execute-api:Invoke","Resource":"*"}]}"#,
    );
    let accounts: Vec<String> = policies
        .iter()
        .map(|policy| {
            let statement = policy.known_statements().next().expect("a statement");
            let PrincipalElement::Principal(p) = &statement.principal else { panic!("principal") };
            let aws = p.items[0].one().and_then(|i| i.aws()).expect("aws");
            aws.account().expect("an account").to_string()
        })
        .collect();
    assert_eq!(accounts, ["123456789012", "123123123123"]);
    let [problem] = bench.problems.as_slice() else { panic!("{:?}", bench.problems) };
    assert_eq!(
        problem.kind,
        ProblemKind::DuplicateKey { key: "AWS".into(), effect: DuplicateEffect::Unspecified }
    );
    assert_eq!(bench.slice(problem.origin), "\"AWS\"");
    assert!(
        bench.origins.span(problem.origin).start > bench.origins.span(problem.related[0].0).start
    );
}

#[test]
fn condition_keys_that_differ_only_in_case_are_one_key() {
    let mut bench = Bench::new();
    let policies = bench.policies(
        r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*",
            "Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24","AWS:sourceip":"0.0.0.0/0"}}}]}"#,
    );
    assert_eq!(policies.len(), 2);
    for policy in &policies {
        let statement = policy.known_statements().next().expect("a statement");
        assert_eq!(statement.conditions.len(), 1);
    }
}

#[test]
fn what_is_no_policy() {
    let mut bench = Bench::new();
    for blank in ["", "  \n"] {
        let value = bench.text(blank, Class::Input);
        assert!(matches!(bench.state(&value), PolicyState::None), "{blank:?}");
    }
    let whole = bench.text("@var.policy@", Class::Input);
    assert!(
        matches!(bench.state(&whole), PolicyState::Unknown(s, _) if s.class == SymbolClass::Input)
    );
    let garbage = bench.text("<policy/>", Class::Input);
    assert!(matches!(bench.state(&garbage), PolicyState::Unknown(..)));
    assert!(
        matches!(&bench.problems[0].kind, ProblemKind::Unreadable { .. }),
        "{:?}",
        bench.problems
    );
}

#[test]
fn a_policy_that_is_escaped_again_is_unwrapped() {
    let mut bench = Bench::new();
    let once = serde_json::to_string(ALLOW).expect("json");
    let policies = bench.policies(&once);
    let statement = policies[0].known_statements().next().expect("a statement");
    let item = statement.everyone().expect("everyone");
    assert_eq!(bench.slice(item.value.origin), "\\\"*\\\"");
}

#[test]
fn a_bare_principal_is_kept_for_the_rules() {
    let mut bench = Bench::new();
    let policies = bench.policies(
        r#"{"Statement":[{"Effect":"Allow","Principal":["arn:aws:iam::123123123123:root"],"Action":"*","Resource":"*"}]}"#,
    );
    let statement = policies[0].known_statements().next().expect("a statement");
    let PrincipalElement::Principal(p) = &statement.principal else { panic!("principal") };
    assert_eq!(p.items[0].one().map(|i| &i.kind), Some(&PrincipalKind::Bare));
}

#[test]
fn misspelt_elements_are_reported_and_still_read() {
    let mut bench = Bench::new();
    let policies = bench.policies(
        r#"{"statement":[{"effect":"Allow","Principle":"*","Action":"*","Resource":"*"}]}"#,
    );
    let statement = policies[0].known_statements().next().expect("a statement");
    assert!(statement.is_allow());
    let messages: Vec<String> = bench
        .problems
        .iter()
        .map(|p| match &p.kind {
            ProblemKind::Unreadable { message, help } => {
                format!("{message}: {}", help.as_deref().unwrap_or(""))
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        messages,
        [
            "`statement` is not a policy element: element names are case-sensitive: write `Statement`",
            "`effect` is not a policy element: element names are case-sensitive: write `Effect`",
            "`Principle` is not a policy element: did you mean `Principal`?",
        ]
    );
}

#[test]
fn an_unreadable_condition_is_unknown_and_not_absent() {
    let mut bench = Bench::new();
    let policies = bench.policies(
        r#"{"Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition": oops}]}"#,
    );
    let statement = policies[0].known_statements().next().expect("a statement");
    assert!(!statement.conditions.is_empty(), "a Deny without its condition would deny everybody");
    assert!(!bench.problems.is_empty());
}

#[test]
fn the_region_and_account_of_an_arn_of_this_api_are_its_own() {
    let mut bench = Bench::new();
    let policies = bench.policies(
        r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":[
            "arn:aws:execute-api:@region@:@account@:@api@/*",
            "arn:aws:execute-api:eu-@region@:@account@x:@api@/*",
            "arn:aws:sqs:@region@:@account@:q"]}]}"#,
    );
    let statement = policies[0].known_statements().next().expect("a statement");
    let classes: Vec<Vec<SymbolClass>> = statement
        .resource
        .items
        .iter()
        .map(|item| item.one().expect("one").symbols().map(|s| s.class).collect())
        .collect();
    use SymbolClass::{Input, OwnerAccount, Region};
    assert_eq!(
        classes,
        [vec![Region, OwnerAccount, Input], vec![Input, Input, Input], vec![Input, Input]]
    );
}

#[test]
fn a_missing_element_is_reported_once() {
    let mut bench = Bench::new();
    bench.policies(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*"}]}"#);
    let [problem] = bench.problems.as_slice() else { panic!("{:?}", bench.problems) };
    assert_eq!(problem.kind, ProblemKind::Missing { elements: vec!["Resource"] });
    let mut bench = Bench::new();
    bench.policies(r#"{"Statement":[{"Sid":"x","@more@":"*"},{"Sid":"y"}]}"#);
    let [problem] = bench.problems.as_slice() else { panic!("{:?}", bench.problems) };
    let elements = vec!["Effect", "Principal", "Action", "Resource"];
    assert_eq!(problem.kind, ProblemKind::Missing { elements });
}
