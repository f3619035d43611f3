//! The intrinsic functions.

use super::{Case, only, pairs, seen};
use crate::resolve::cloudformation::StackId;
use crate::resolve::{Class, IdKind, Item, Kind, Piece};
use crate::source::Step;

#[test]
fn short_tags_and_long_forms_are_the_same() {
    for text in [
        "V: !Sub 'execute-api:/${AWS::Region}/*'",
        "V: {'Fn::Sub': 'execute-api:/${AWS::Region}/*'}",
        "V: !Join ['/', ['execute-api:', !Ref 'AWS::Region', '*']]",
        "V: {'Fn::Join': ['/', ['execute-api:', {Ref: 'AWS::Region'}, '*']]}",
        "V:\n  Fn::Sub:\n  - 'execute-api:/${R}/*'\n  - R: !Ref AWS::Region\n",
    ] {
        assert_eq!(only(text), "execute-api:/${AWS::Region}/*", "{text}");
    }
}

#[test]
fn sub_keeps_escaped_placeholders_as_text() {
    assert_eq!(only("V: !Sub 'a/${!aws:username}/b'"), "a/${aws:username}/b");
    // A text without a placeholder, and one that is not closed.
    assert_eq!(only("V: !Sub plain"), "plain");
    assert_eq!(only("V: !Sub 'a${b'"), "a${b");
    assert_eq!(only("V: !Sub ''"), "");
}

#[test]
fn sub_names_what_nothing_declares() {
    assert_eq!(only("V: !Sub 'x-${Typo}'"), "x-${Typo}");
    let case = Case::new("V: !Sub 'x-${Typo}'");
    let (unit, worlds) = case.worlds();
    let Kind::Text(text) = &worlds[0].1.kind else { panic!("text") };
    let Piece::Hole(id, origin) = &text.0[1] else { panic!("a hole") };
    assert_eq!(unit.symbols.get(*id).class, Class::Opaque);
    assert_eq!(case.slice(unit.origins.span(*origin)), "${Typo}");
}

#[test]
fn pieces_of_sub_map_to_their_exact_places() {
    let case = Case::new(
        "Parameters: {Account: {Type: String, Default: '111122223333'}}\n\
         V: !Sub \"arn:${AWS::Partition}:iam::${Account}:\\u0072oot${!x}\"\n",
    );
    let (unit, worlds) = case.worlds();
    let Kind::Text(text) = &worlds[0].1.kind else { panic!("text") };
    let spans: Vec<String> = text
        .0
        .iter()
        .map(|piece| match piece {
            Piece::Lit { text, map, .. } => case.slice(map.span(0..text.len())),
            Piece::Hole(_, origin) => case.slice(unit.origins.use_site(*origin)),
        })
        .collect();
    assert_eq!(
        spans,
        ["arn:", "${AWS::Partition}", ":iam::", "111122223333", ":\\u0072oot${", "x}"]
    );
    // The account came from a default, through the placeholder.
    let Piece::Lit { origin, .. } = &text.0[3] else { panic!("a literal") };
    let steps = unit.origins.steps(*origin);
    assert_eq!(case.slice(steps[0].at), "${Account}");
    assert_eq!(steps[0].step, Step::Reference);
    assert_eq!(steps.last().map(|n| n.step), Some(Step::Default));
    assert_eq!(case.slice(unit.origins.span(*origin)), "'111122223333'");
}

#[test]
fn join_of_unknown_lists_and_of_one_piece() {
    assert_eq!(only("V: !Join ['', ['execute-api:/', '*']]"), "execute-api:/*");
    assert_eq!(
        only(
            "Parameters: {L: {Type: CommaDelimitedList}}\nV: !Join ['/', [a, !Join [',', !Ref L]]]"
        ),
        "a/${L}"
    );
    assert_eq!(
        only("Parameters: {L: {Type: CommaDelimitedList}}\nV: !Join ['|', !Ref L]"),
        "${Fn::Join of L}"
    );
    assert_eq!(only("V: !Join ['-', [a, !Ref 'AWS::NoValue', 7, true]]"), "a-7-true");
    assert_eq!(only("V: !Join ['-']"), "${Fn::Join([\"-\"])}");
}

#[test]
fn select_and_split() {
    assert_eq!(only("V: !Select [1, [a, b]]"), "b");
    assert_eq!(only("V: !Select ['0', !Split [',', 'a,b']]"), "a");
    assert_eq!(only("V: !Split [':', 'a:b::c']"), "[a, b, , c]");
    assert_eq!(
        only("V: !Split [':', !Sub 'arn:x:${AWS::AccountId}:${AWS::Region}-1']"),
        "[arn, x, ${AWS::AccountId}, ${AWS::Region}-1]"
    );
    // A region holds hyphens: splitting there is not known.
    assert_eq!(only("V: !Split ['-', !Ref AWS::Region]"), "[..${Fn::Split of AWS::Region}]");
    assert_eq!(
        only("Parameters: {P: {Type: String}}\nV: !Split [',', !Sub 'a,${P},b']"),
        "[a, ..${Fn::Split of P}, b]"
    );
    assert_eq!(
        only("Parameters: {P: {Type: CommaDelimitedList}}\nV: !Select [2, !Ref P]"),
        "${Fn::Select [2, P]}"
    );
    assert_eq!(only("V: !Select [5, [a]]"), "${Fn::Select([\"5\", [\"a\"]])}");
}

#[test]
fn items_of_a_split_point_at_their_part() {
    let case = Case::new("V: !Split [',', '10.0.0.0/8,203.0.113.0/24']");
    let (unit, worlds) = case.worlds();
    let Kind::List(items) = &worlds[0].1.kind else { panic!("a list") };
    let Item::One(second) = &items[1] else { panic!("one item") };
    assert_eq!(case.slice(unit.origins.span(second.origin)), "203.0.113.0/24");
}

#[test]
fn no_value_removes_items_and_entries() {
    assert_eq!(only("V: [a, !Ref AWS::NoValue, b]"), "[a, b]");
    assert_eq!(only("V: {a: 1, b: !Ref AWS::NoValue, c: null}"), "{a: 1}");
}

#[test]
fn resources_have_kinds() {
    let case = Case::new(
        "Resources:\n  E: {Type: 'AWS::EC2::VPCEndpoint'}\n  N: {Type: 'AWS::EC2::VPC'}\n  \
         A: {Type: 'AWS::ApiGateway::RestApi'}\n  R: {Type: 'AWS::IAM::Role'}\n  \
         C: {Type: 'Custom::Lookup'}\n  S: {Type: 'AWS::CloudFormation::Stack'}\n\
         V: [!Ref E, !GetAtt E.Id, !Ref N, !GetAtt N.VpcId, !Ref A, !GetAtt [A, RootResourceId], \
         !GetAtt R.Arn, !GetAtt C.Id, !GetAtt S.Outputs.Vpce]\n",
    );
    let (unit, worlds) = case.worlds();
    let Kind::List(items) = &worlds[0].1.kind else { panic!("a list") };
    let ids: Vec<_> = items
        .iter()
        .map(|item| match item {
            Item::One(value) => match value.kind {
                Kind::Symbol(id) => id,
                _ => panic!("a symbol"),
            },
            Item::Many(..) => panic!("one item"),
        })
        .collect();
    let classes: Vec<_> = ids.iter().map(|id| unit.symbols.get(*id).class).collect();
    let (vpce, vpc) = (Class::OwnId(IdKind::VpcEndpoint), Class::OwnId(IdKind::Vpc));
    let other = Class::OwnId(IdKind::Other);
    assert_eq!(
        classes,
        [vpce, vpce, vpc, vpc, Class::ApiId, other, other, Class::External, Class::External]
    );
    assert_eq!(ids[0], ids[1]);
    assert_eq!(ids[2], ids[3]);
    assert_eq!(unit.target(ids[4]), Some((StackId::ROOT, "A", None)));
    assert_eq!(unit.target(ids[5]), Some((StackId::ROOT, "A", Some("RootResourceId"))));
}

#[test]
fn values_from_outside_are_external() {
    let case = Case::new(
        "V: [!ImportValue shared-vpce, '{{resolve:ssm:/vpce}}', !ImportValue shared-vpce]",
    );
    let (unit, worlds) = case.worlds();
    assert_eq!(
        super::show(&worlds[0].1, &unit.symbols),
        "[${Fn::ImportValue shared-vpce}, ${{{resolve:ssm:/vpce}}}, ${Fn::ImportValue shared-vpce}]"
    );
    assert_eq!(unit.symbols.iter().filter(|(_, s)| s.class == Class::External).count(), 2);
}

#[test]
fn dynamic_references_inside_text() {
    assert_eq!(
        only("V: 'a{{resolve:ssm:/x}}b{{resolve:ssm:/y}}'"),
        "a${{{resolve:ssm:/x}}}b${{{resolve:ssm:/y}}}"
    );
    assert_eq!(
        only("V: !Sub 'a{{resolve:ssm:/${AWS::Region}/x}}b'"),
        "a${{{resolve:ssm:/${AWS::Region}/x}}}b"
    );
    assert_eq!(only("V: !Join ['', ['{{resolve:', 'ssm:/x}', '}z']]"), "${{{resolve:ssm:/x}}}z");
    assert_eq!(only("V: 'a{{resolve:ssm'"), "a{{resolve:ssm");
}

#[test]
fn functions_that_cannot_be_evaluated_are_named() {
    assert_eq!(only("V: !Base64 abc"), "${Fn::Base64(\"abc\")}");
    assert_eq!(only("V: !GetAZs ''"), "${Fn::GetAZs(\"\")}");
    assert_eq!(only("V: !Cidr [a, 2, 3]"), "${Fn::Cidr([\"a\", \"2\", \"3\"])}");
    assert_eq!(only("V: !Foo x"), "${unknown function `Foo`}");
    assert_eq!(only("V: {'Fn::Foo': x}"), "${unknown function `Fn::Foo`}");
    assert_eq!(
        only("V: {a: 1, 'Fn::Transform': {Name: 'AWS::Include'}}"),
        "{a: 1, ..over ${Fn::Transform}}"
    );
    assert_eq!(
        only("V: {'Fn::ForEach::X': [I, [!Ref Nope], {'${I}': 1}], b: 2}"),
        "{b: 2, ..over ${Fn::ForEach::X}}"
    );
    assert_eq!(only("V: {'Fn::ForEach::X': [I, [a], {'${I}': 1}], b: 2}"), "{a: 1, b: 2}");
}

#[test]
fn json_strings_of_objects_keep_their_tree() {
    assert_eq!(
        only("V: {'Fn::ToJsonString': {a: [1, !Ref AWS::Region]}}"),
        "{a: [1, ${AWS::Region}]}"
    );
    assert_eq!(only("V: {'Fn::Length': [a, b, c]}"), "3");
}

#[test]
fn mappings_are_looked_up() {
    let map = "Mappings: {M: {prod: {Cidr: [203.0.113.0/24, 198.51.100.0/24]}, dev: {Cidr: [10.0.0.0/8]}}}\n";
    assert_eq!(only(&format!("{map}V: !FindInMap [M, dev, Cidr]")), "[10.0.0.0/8]");
    let seen1 = seen(&format!(
        "{map}Parameters: {{Env: {{Type: String, Default: dev}}}}\nV: !FindInMap [M, !Ref Env, Cidr]"
    ));
    assert_eq!(
        pairs(&seen1),
        [("Env=dev", "[10.0.0.0/8]"), ("Env=prod", "[203.0.113.0/24, 198.51.100.0/24]")]
    );
    assert_eq!(
        only(&format!("{map}V: !FindInMap [M, test, Cidr]")),
        "${Fn::FindInMap([\"M\", \"test\", \"Cidr\"])}"
    );
    assert_eq!(
        only(&format!("{map}V: {{'Fn::FindInMap': [M, test, Cidr, {{DefaultValue: d}}]}}")),
        "d"
    );
}

#[test]
fn a_fallback_counts_where_a_key_may_be_none_of_the_mapping() {
    let seen = seen(
        "Mappings: {M: {prod: {K: a}}}\nParameters: {Env: {Type: String}}\n\
         V: {'Fn::FindInMap': [M, !Ref Env, K, {DefaultValue: d}]}\n",
    );
    assert_eq!(pairs(&seen), [("Env=prod", "a"), ("Env!=prod", "d")]);
}

#[test]
fn mapping_entries_remember_the_way() {
    let case = Case::new("Mappings: {M: {a: {b: '*'}}}\nV: !FindInMap [M, a, b]");
    let (unit, worlds) = case.worlds();
    let steps = unit.origins.steps(worlds[0].1.origin);
    assert_eq!(steps[0].step, Step::Call("Fn::FindInMap"));
    assert_eq!(steps[1].step, Step::Mapping);
    assert_eq!(case.slice(steps[1].at), "'*'");
}

#[test]
fn loops_declare_resources() {
    let case = Case::new(
        "Resources:\n  Fn::ForEach::Apis:\n  - Name\n  - [Orders, Status]\n  - 'Api${Name}':\n      \
         Type: AWS::ApiGateway::RestApi\n      Properties: {Name: !Sub 'api-${Name}', Tag: 'x${Name}', Ref: !Ref Name}\n\
         V: 1\n",
    );
    let mut unit = case.unit();
    let template = unit.template();
    let ids: Vec<_> = template.resources().iter().map(|r| r.id.to_string()).collect();
    assert_eq!(ids, ["ApiOrders", "ApiStatus"]);
    let status = &template.resources()[1];
    let properties = status.properties().expect("properties").clone();
    let value = unit.eval(&properties, &status.scope, &super::World::default()).expect("no split");
    assert_eq!(super::show(&value, &unit.symbols), "{Name: api-Status, Tag: xStatus, Ref: Status}");
}

#[test]
fn a_loop_over_something_unknown_has_one_instance() {
    let case = Case::new(
        "Parameters: {Names: {Type: CommaDelimitedList}}\nResources:\n  Fn::ForEach::Apis:\n  - Name\n  \
         - !Ref Names\n  - 'Api${Name}': {Type: 'AWS::ApiGateway::RestApi'}\nV: 1\n",
    );
    let template = case.unit().template();
    let ids: Vec<_> = template.resources().iter().map(|r| r.id.to_string()).collect();
    assert_eq!(ids, ["Api${Name}"]);
}
