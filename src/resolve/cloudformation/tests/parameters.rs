//! Parameters and pseudo parameters.

use super::{Case, only, pairs, seen};
use crate::resolve::{Class, Item, Kind};
use crate::source::Step;

#[test]
fn a_default_is_the_value_and_is_remembered() {
    let case = Case::new(
        "Parameters: {Cidr: {Type: String, Default: 203.0.113.0/24}, Other: {Type: String, Default: x}}\n\
         V: [!Ref Cidr]\n",
    );
    let (unit, worlds) = case.worlds();
    assert_eq!(super::show(&worlds[0].1, &unit.symbols), "[203.0.113.0/24]");
    let used: Vec<_> = unit.used_defaults().map(|(s, _)| s.label.clone()).collect();
    assert_eq!(used, ["Cidr"]);
    let Kind::List(items) = &worlds[0].1.kind else { panic!("a list") };
    let Item::One(value) = &items[0] else { panic!("one item") };
    let steps = unit.origins.steps(value.origin);
    assert_eq!(
        steps.iter().map(|n| (n.step, case.slice(n.at))).collect::<Vec<_>>(),
        [(Step::Reference, "!Ref Cidr".into()), (Step::Default, "203.0.113.0/24".into())]
    );
}

#[test]
fn a_parameter_without_default_is_an_input() {
    let case = Case::new("Parameters: {P: {Type: String}}\nV: !Ref P\n");
    let (unit, worlds) = case.worlds();
    let Kind::Symbol(id) = worlds[0].1.kind else { panic!("a symbol") };
    let symbol = unit.symbols.get(id);
    assert_eq!((symbol.class, symbol.label.as_str()), (Class::Input, "P"));
    assert_eq!(symbol.pin.as_deref(), Some("--param P=..."));
    assert_eq!(case.slice(unit.origins.span(symbol.origin)), "P");
}

#[test]
fn given_values_replace_the_default() {
    let text = "Parameters: {P: {Type: String, Default: d}}\nV: !Sub 'x${P}'\n";
    assert_eq!(Case::new(text).give("P", &["g"]).only(), "xg");
    let seen = Case::new(text).give("P", &["g", "h"]).seen();
    let seen: Vec<_> = seen.iter().map(|s| (s.world.as_str(), s.value.as_str())).collect();
    assert_eq!(seen, [("P=g", "xg"), ("P=h", "xh")]);
}

#[test]
fn every_given_value_is_as_good_as_a_default() {
    let case = Case::new("Parameters: {P: {Type: String, Default: d}}\nV: !Ref P\n")
        .give("P", &["g", "h"]);
    let (unit, worlds) = case.worlds();
    assert!(worlds.iter().all(|(world, _)| unit.is_default(world)));
}

#[test]
fn a_value_that_nobody_gave_contradicts_no_default() {
    let case = Case::new(
        "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, a]}\nV: !If [C, x, y]\n",
    );
    let (unit, worlds) = case.worlds();
    assert_eq!(worlds.len(), 2);
    assert!(worlds.iter().all(|(world, _)| unit.is_default(world)));
}

#[test]
fn lists_are_split_at_commas_with_exact_places() {
    let case = Case::new(
        "Parameters: {L: {Type: CommaDelimitedList, Default: 'vpce-1 , vpce-2'}}\nV: !Ref L\n",
    );
    let (unit, worlds) = case.worlds();
    assert_eq!(super::show(&worlds[0].1, &unit.symbols), "[vpce-1, vpce-2]");
    let Kind::List(items) = &worlds[0].1.kind else { panic!("a list") };
    let Item::One(second) = &items[1] else { panic!("one item") };
    assert_eq!(case.slice(unit.origins.span(second.origin)), "vpce-2");
    for kind in ["List<Number>", "List<AWS::EC2::VPC::Id>", "List<String>"] {
        let text = format!("Parameters: {{L: {{Type: '{kind}', Default: '1,2'}}}}\nV: !Ref L\n");
        assert_eq!(only(&text), "[1, 2]", "{kind}");
    }
    assert_eq!(only("Parameters: {L: {Type: CommaDelimitedList}}\nV: !Ref L"), "[..${L}]");
    assert_eq!(only("Parameters: {L: {Type: CommaDelimitedList, Default: ''}}\nV: !Ref L"), "[]");
}

#[test]
fn stored_parameters_are_external() {
    let case = Case::new(
        "Parameters: {P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /vpce}}\nV: !Ref P\n",
    );
    let (unit, worlds) = case.worlds();
    let Kind::Symbol(id) = worlds[0].1.kind else { panic!("a symbol") };
    assert_eq!(unit.symbols.get(id).class, Class::External);
    // The name of an entry is a text like any other.
    assert_eq!(
        only("Parameters: {P: {Type: 'AWS::SSM::Parameter::Name', Default: /n}}\nV: !Ref P"),
        "/n"
    );
}

#[test]
fn a_few_allowed_values_are_judged_one_by_one() {
    let seen1 =
        seen("Parameters: {P: {Type: String, AllowedValues: [a, b, c]}}\nV: !Sub 's-${P}'\n");
    assert_eq!(pairs(&seen1), [("P=a", "s-a"), ("P=b", "s-b"), ("P=c", "s-c")]);
    let many = seen(
        "Parameters: {P: {Type: String, AllowedValues: [a, b, c, d, e, f, g, h, i]}}\nV: !Sub 's-${P}'\n",
    );
    assert_eq!(pairs(&many), [("", "s-${P}")]);
}

#[test]
fn a_pick_that_excludes_the_default_makes_it_unknown() {
    let text = |extra: &str| {
        format!(
            "Parameters: {{P: {{Type: String, Default: dev{extra}}}}}\nConditions: {{C: !Equals [!Ref P, dev]}}\n\
             V: [!If [C, on_, off_], !Ref P]\n"
        )
    };
    let open = seen(&text(""));
    assert_eq!(pairs(&open), [("P=dev", "[on_, dev]"), ("P!=dev", "[off_, ${P}]")]);
    // The last allowed value that is left is the value.
    let two = seen(&text(", AllowedValues: [dev, prod]"));
    assert_eq!(pairs(&two), [("P=dev", "[on_, dev]"), ("P!=dev", "[off_, prod]")]);
    let three = seen(&text(", AllowedValues: [dev, prod, test]"));
    assert_eq!(
        pairs(&three),
        [("P=dev", "[on_, dev]"), ("P=prod", "[off_, prod]"), ("P=test", "[off_, test]")]
    );
}

#[test]
fn a_default_holds_in_a_world_that_does_not_exclude_it() {
    let seen = seen(
        "Parameters: {P: {Type: String, Default: dev}}\nConditions: {C: !Equals [!Ref P, prod]}\n\
         V: [!If [C, on_, off_], !Ref P]\n",
    );
    assert_eq!(pairs(&seen), [("P!=prod", "[off_, dev]"), ("P=prod", "[on_, prod]")]);
}

#[test]
fn pseudo_parameters() {
    let case = Case::new(
        "V: [!Ref AWS::AccountId, !Ref AWS::Region, !Ref AWS::Partition, !Ref AWS::URLSuffix, !Ref AWS::StackName]\n",
    );
    let (unit, worlds) = case.worlds();
    assert_eq!(
        super::show(&worlds[0].1, &unit.symbols),
        "[${AWS::AccountId}, ${AWS::Region}, ${AWS::Partition}, amazonaws.com, ${AWS::StackName}]"
    );
    let classes: Vec<_> = unit.symbols.iter().map(|(_, s)| s.class).collect();
    assert_eq!(&classes[..3], [Class::OwnerAccount, Class::Region, Class::Partition]);
    assert_eq!(
        Case::new("V: !Ref AWS::Region").give("AWS::Region", &["eu-west-1"]).only(),
        "eu-west-1"
    );
}

#[test]
fn numbers_keep_their_digits() {
    assert_eq!(
        only("Parameters: {P: {Type: String, Default: 012345678901}}\nV: [!Ref P, 000000000001]"),
        "[012345678901, 000000000001]"
    );
}
