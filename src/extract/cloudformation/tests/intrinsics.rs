//! Every intrinsic function at every position of a policy: a known one reads as its value written out,
//! and an unknown one is never nothing and never a value.

use super::*;

const HEAD: &str = r#"
Transform: AWS::LanguageExtensions
Parameters:
  Env: {Type: String, Default: prod}
  Empty: {Type: String, Default: ''}
  Mode: {Type: String, Default: 'yes'}
  List: {Type: CommaDelimitedList, Default: 'x, VALUE, y'}
  Value: {Type: String, Default: 'VALUE'}
  Open: {Type: String}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /name}
Mappings:
  Map: {prod: {value: VALUE}}
Conditions:
  IsEmpty: !Equals [!Ref Empty, '']
  IsProd: {'Fn::Equals': [{Ref: Env}, prod]}
  Always: !And [!Condition IsEmpty, !Or [!Condition IsProd, !Not [!Condition IsProd]]]
"#;

/// Expressions for the text VALUE. Where they ask for a branch, the default world counts.
const KNOWN: [&str; 20] = [
    "!Ref Value",
    "{Ref: Value}",
    "!Sub '${Value}'",
    "!Sub ['${V}', {V: !Ref Value}]",
    "{'Fn::Sub': ['${V}${AWS::NoValue}', {V: VALUE}]}",
    "!Join ['', [FIRST, REST]]",
    "!Join ['', [!Select [0, [FIRST]], REST]]",
    "!Select [1, [x, VALUE]]",
    "!Select ['1', !Ref List]",
    "!Select [1, !Split ['|', 'x|VALUE|y']]",
    "{'Fn::Select': [0, {'Fn::Split': ['|', {Ref: Value}]}]}",
    "!If [IsEmpty, VALUE, x]",
    "!If [Always, !Ref Value, x]",
    "!If [IsProd, !If [IsEmpty, VALUE, x], y]",
    "!FindInMap [Map, prod, value]",
    "!FindInMap [Map, !Ref Env, value]",
    "!FindInMap [Map, none, b, {DefaultValue: VALUE}]",
    "!Select [!Length [[a]], [x, VALUE]]",
    "!Select [0, !Split [',', !Join [',', [VALUE, x]]]]",
    "!Sub [VALUE, {}]",
];

/// Expressions of which nobody knows the value.
const UNKNOWN: [&str; 16] = [
    "!FindInMap [None, a, b, {DefaultValue: VALUE}]",
    "!Ref Open",
    "!Ref Stored",
    "!Sub '${Open}'",
    "!Join ['', [!Ref Open]]",
    "!Select [0, !Split [',', !Ref Open]]",
    "!ImportValue exported",
    "!ImportValue {'Fn::Sub': '${Env}-exported'}",
    "!GetAtt Other.Name",
    "{'Fn::GetAtt': [Other, Name]}",
    "!Base64 VALUE",
    "!Select [0, !GetAZs '']",
    "!Select [0, !Cidr [!Ref Open, 2, 5]]",
    "{'Fn::Transform': {Name: Macro}}",
    "'{{resolve:ssm:/name:1}}'",
    "!Sub '{{resolve:secretsmanager:${Env}:SecretString:key}}'",
];

/// Positions of a text, with a text that may stand there.
const PLACES: [(&str, &str); 9] = [
    (
        "{Effect: Allow, Principal: {AWS: HERE}, Action: '*', Resource: '*'}",
        "arn:aws:iam::111122223333:root",
    ),
    (
        "{Effect: Allow, Principal: {AWS: ['444455556666', HERE]}, Action: '*', Resource: '*'}",
        "111122223333",
    ),
    ("{Effect: Allow, Principal: '*', Action: HERE, Resource: '*'}", "execute-api:Invoke"),
    ("{Effect: Allow, Principal: '*', Action: [HERE], Resource: '*'}", "execute-api:Invoke"),
    ("{Effect: Allow, Principal: '*', Action: '*', Resource: HERE}", "execute-api:/prod/GET/a"),
    (
        "{Effect: Allow, Principal: '*', Action: '*', NotResource: ['execute-api:/a', HERE]}",
        "execute-api:/b",
    ),
    (
        "{Effect: Deny, Principal: '*', Action: '*', Resource: '*', Condition: {NotIpAddress: {'aws:SourceIp': HERE}}}",
        "203.0.113.0/24",
    ),
    (
        "{Effect: Deny, Principal: '*', Action: '*', Resource: '*', Condition: {StringNotEquals: {'aws:SourceVpce': [vpce-1, HERE]}}}",
        "vpce-0aaaaaaaaaaaaaaa1",
    ),
    ("{Effect: HERE, Principal: '*', Action: '*', Resource: '*'}", "Allow"),
];

fn template(statement: &str, value: &str) -> String {
    let (first, rest) = value.split_at(value.len() / 2);
    let text = format!(
        "{HEAD}Resources:\n  Other: {{Type: 'AWS::S3::Bucket'}}\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties: {{Policy: {{Statement: [{statement}]}}}}\n"
    );
    let quoted =
        |text: &str| if text.ends_with(':') { format!("'{text}'") } else { text.to_owned() };
    text.replace("FIRST", &quoted(first)).replace("REST", &quoted(rest)).replace("VALUE", value)
}

/// The policy in the world of the defaults, actions included.
fn default(text: &str) -> String {
    let case = Case::new(text);
    let api = case.api();
    let world = api.worlds.iter().find(|world| world.is_default).expect("a default world");
    let policies = match &world.policy {
        PolicyState::Known(policies) => &policies[..],
        _ => &[],
    };
    let statements = policies.iter().flat_map(Policy::known_statements);
    let actions: Vec<String> = statements.map(|s| leaves(api, &s.action.items)).collect();
    format!("{} [{}]", case.describe(api, &world.policy), actions.join(";"))
}

#[test]
fn known_expressions_are_their_values_at_every_position() {
    for (place, value) in PLACES {
        let written = default(&template(&place.replace("HERE", &format!("'{value}'")), value));
        assert!(written.contains(value), "{written}");
        for expression in KNOWN {
            let statement = place.replace("HERE", expression);
            let found = default(&template(&statement, value));
            assert_eq!(found, written, "{expression} in {place}");
        }
    }
}

#[test]
fn unknown_expressions_are_symbols_at_every_position() {
    for (place, value) in PLACES {
        let written = default(&template(&place.replace("HERE", &format!("'{value}'")), value));
        let without = default(&template(&place.replace("HERE", "!Ref AWS::NoValue"), value));
        for expression in UNKNOWN {
            let found = default(&template(&place.replace("HERE", expression), value));
            assert_ne!(found, written, "{expression} in {place}");
            assert_ne!(found, without, "{expression} in {place}");
            let named = ["Open", "Stored", "${", "Fn::", "resolve", "Other.Name", "Macro"];
            assert!(
                named.iter().any(|name| found.contains(name)),
                "{expression} in {place}: {found}"
            );
        }
    }
}

const ALLOW: &str = "{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}";
const DENY: &str = "{Effect: Deny, Principal: '*', Action: '*', Resource: '*', \
                    Condition: {NotIpAddress: {'aws:SourceIp': 203.0.113.0/24}}}";
const OPEN: &str = "Allow * *";
const SHUT: &str = "Deny * * if NotIpAddress aws:sourceip 203.0.113.0/24";

fn worlds(policy: &str) -> Vec<(String, String)> {
    let text = template("", "x").replace("{Statement: []}", policy);
    Case::new(&text).worlds()
}

#[test]
fn fn_if_is_split_at_every_level() {
    let both = format!("{OPEN}; {SHUT}");
    let one = |of: &str, other: &str| vec![of.to_owned(), other.to_owned()];
    let no = "!Ref AWS::NoValue";
    let guarded = DENY.replace("Deny", "Allow").replace("NotIp", "Ip");
    let guard = "if IpAddress aws:sourceip 203.0.113.0/24";
    let condition = "{IpAddress: {'aws:SourceIp': 203.0.113.0/24}}";
    for (policy, expected) in [
        // Around a statement, around the list, around the policy.
        (format!("{{Statement: [{ALLOW}, !If [IsProd, {DENY}, {no}]]}}"), one(&both, OPEN)),
        (format!("{{Statement: [{ALLOW}, !If [IsProd, {no}, {DENY}]]}}"), one(OPEN, &both)),
        (format!("{{Statement: !If [IsProd, [{ALLOW}, {DENY}], [{ALLOW}]]}}"), one(&both, OPEN)),
        (format!("{{Statement: !If [IsProd, {DENY}, {ALLOW}]}}"), one(SHUT, OPEN)),
        (format!("!If [IsProd, {{Statement: [{ALLOW}]}}, {no}]"), one(OPEN, "none")),
        (format!("!If [IsProd, {no}, {{Statement: [{ALLOW}]}}]"), one("none", OPEN)),
        // Around a condition, its operator, its key and one of its values.
        (
            format!(
                "{{Statement: [{{Effect: Allow, Principal: '*', Action: '*', Resource: '*', Condition: !If [IsProd, {condition}, {no}]}}]}}"
            ),
            one(&format!("{OPEN} {guard}"), OPEN),
        ),
        (
            format!(
                "{{Statement: [{}]}}",
                guarded.replace(
                    "{'aws:SourceIp': 203.0.113.0/24}",
                    &format!("!If [IsProd, {{'aws:SourceIp': 203.0.113.0/24}}, {no}]")
                )
            ),
            one(&format!("{OPEN} {guard}"), OPEN),
        ),
        (
            format!(
                "{{Statement: [{}]}}",
                guarded.replace("203.0.113.0/24", "!If [IsProd, 203.0.113.0/24, 0.0.0.0/0]")
            ),
            one(&format!("{OPEN} {guard}"), &format!("{OPEN} if IpAddress aws:sourceip 0.0.0.0/0")),
        ),
        (
            format!(
                "{{Statement: [{}]}}",
                guarded.replace(
                    "203.0.113.0/24",
                    &format!("[203.0.113.0/24, !If [IsProd, {no}, 0.0.0.0/0]]")
                )
            ),
            one(
                &format!("{OPEN} {guard}"),
                &format!("{OPEN} if IpAddress aws:sourceip 203.0.113.0/24,0.0.0.0/0"),
            ),
        ),
        // Around the principal, the effect and the text of a whole policy.
        (
            format!(
                "{{Statement: [{}]}}",
                ALLOW.replace(
                    "Principal: '*'",
                    "Principal: !If [IsProd, {AWS: '111122223333'}, '*']"
                )
            ),
            one("Allow 111122223333 *", OPEN),
        ),
        (
            format!("{{Statement: [{}]}}", ALLOW.replace("Allow", "!If [IsProd, Deny, Allow]")),
            one("Deny * *", OPEN),
        ),
        (
            format!(
                "{{Statement: [{}]}}",
                ALLOW.replace("Resource: '*'", "Resource: !If [IsProd, ['execute-api:/a'], '*']")
            ),
            one("Allow * execute-api:/a", OPEN),
        ),
        (
            format!("{{'Fn::ToJsonString': {{Statement: !If [IsProd, [{DENY}], [{ALLOW}]]}}}}"),
            one(SHUT, OPEN),
        ),
    ] {
        let found: Vec<String> = worlds(&policy).into_iter().map(|(_, policy)| policy).collect();
        assert_eq!(found, expected, "{policy}");
    }
}

#[test]
fn lists_come_from_functions_too() {
    let place = "{Effect: Allow, Principal: '*', Action: '*', Resource: '*', Condition: {IpAddress: {'aws:SourceIp': HERE}}}";
    let of = |expression: &str| default(&template(&place.replace("HERE", expression), "x"));
    let written = of("[203.0.113.0/25, 203.0.113.128/25]");
    for expression in [
        "!Cidr [203.0.113.0/24, 2, 7]",
        "{'Fn::Cidr': ['203.0.113.0/24', '2', '7']}",
        "!Split [',', '203.0.113.0/25,203.0.113.128/25']",
        "[!Select [0, !Cidr [203.0.113.0/24, 2, 7]], 203.0.113.128/25]",
        "!If [IsProd, [203.0.113.0/25, 203.0.113.128/25], x]",
    ] {
        assert_eq!(of(expression), written, "{expression}");
    }
    // A block that is not known makes a list that is not.
    assert!(of("!Cidr [!Ref Open, 2, 7]").contains("Fn::Cidr"));
    assert!(of("!Cidr [203.0.113.0/24, 3, 7]").contains("Fn::Cidr"));
}

#[test]
fn loops_make_entries_of_a_condition() {
    let place = "{Effect: Allow, Principal: '*', Action: '*', Resource: '*', Condition: {StringEquals: HERE}}";
    let of = |expression: &str| default(&template(&place.replace("HERE", expression), "x"));
    assert_eq!(
        of("{'Fn::ForEach::Keys': [Key, [SourceVpc, UserAgent], {'aws:${Key}': !Sub 'x-${Key}'}]}"),
        of("{'aws:SourceVpc': x-SourceVpc, 'aws:UserAgent': x-UserAgent}"),
    );
    let beside =
        of("{'aws:Referer': a, 'Fn::ForEach::Keys': [Key, [SourceVpc], {'aws:${Key}': b}]}");
    assert_eq!(beside, of("{'aws:Referer': a, 'aws:SourceVpc': b}"));
    // Over values that nobody gave, the entries are not known.
    let open = of("{'Fn::ForEach::Keys': [Key, [!Ref Open], {'aws:${Key}': b}]}");
    assert!(open.contains(".."), "{open}");
}

#[test]
fn rules_bound_parameters_where_they_hold_without_a_condition() {
    let text = |rule: &str| {
        let policy =
            "{Statement: [{Effect: Allow, Principal: '*', Action: '*', Resource: !Sub '${Open}'}]}";
        template("", "x").replace("{Statement: []}", policy) + &format!("Rules:\n  R: {rule}\n")
    };
    let policies = |rule: &str| -> Vec<String> {
        Case::new(&text(rule)).worlds().into_iter().map(|(_, policy)| policy).collect()
    };
    let bounded = ["Allow * a", "Allow * b"];
    for rule in [
        "{Assertions: [{Assert: {'Fn::Contains': [[a, b], {Ref: Open}]}}]}",
        "{Assertions: [{Assert: !Contains [[a, b], !Ref Open]}]}",
        "{Assertions: [{Assert: {'Fn::And': [{'Fn::Contains': [[a, b, c], {Ref: Open}]}, {'Fn::Contains': [[b, a], {Ref: Open}]}]}}]}",
    ] {
        assert_eq!(policies(rule), bounded, "{rule}");
    }
    assert_eq!(
        policies("{Assertions: [{Assert: {'Fn::Equals': [{Ref: Open}, a]}}]}"),
        ["Allow * a"]
    );
    for rule in [
        "{RuleCondition: {'Fn::Equals': [{Ref: Env}, prod]}, Assertions: [{Assert: {'Fn::Contains': [[a, b], {Ref: Open}]}}]}",
        "{Assertions: [{Assert: {'Fn::Or': [{'Fn::Contains': [[a], {Ref: Open}]}, {'Fn::Equals': [{Ref: Env}, x]}]}}]}",
        "{Assertions: [{Assert: {'Fn::EachMemberIn': [{Ref: List}, [a]]}}]}",
        "{Assertions: [{Assert: {'Fn::Contains': [{'Fn::RefAll': 'AWS::EC2::VPC::Id'}, {Ref: Open}]}}]}",
        "{Assertions: [{Assert: {'Fn::Not': [{'Fn::Equals': [{Ref: Open}, a]}]}}]}",
        "{Assertions: x}",
    ] {
        assert_eq!(policies(rule), ["Allow * ${Open}"], "{rule}");
    }
}
