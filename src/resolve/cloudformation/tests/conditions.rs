//! Conditions, and the branches they decide.

use super::{Case, only, pairs, seen};
use crate::source::Step;

const ENV: &str = "Parameters: {Env: {Type: String, Default: prod}}\n";

#[test]
fn the_same_parameter_decides_all_its_conditions() {
    let seen = seen(&format!(
        "{ENV}Conditions:\n  IsProd: !Equals [!Ref Env, prod]\n  NotProd: !Not [!Condition IsProd]\n  \
         Both: !And [!Condition IsProd, !Condition NotProd]\n  Any: {{'Fn::Or': [{{Condition: IsProd}}, {{Condition: NotProd}}]}}\n\
         V: [!If [IsProd, a, b], !If [NotProd, c, d], !If [Both, e, f], !If [Any, g, h]]\n"
    ));
    assert_eq!(pairs(&seen), [("Env=prod", "[a, d, f, g]"), ("Env!=prod", "[b, c, f, g]")]);
}

#[test]
fn a_settled_operand_asks_for_nothing_else() {
    assert_eq!(
        only(&format!(
            "{ENV}Conditions: {{C: !And [!Equals [!Ref Env, x], !Equals [a, b]]}}\nV: !If [C, 1, 2]\n"
        )),
        "2"
    );
    assert_eq!(
        only(&format!(
            "{ENV}Conditions: {{C: !Or [!Equals [!Ref Env, x], !Equals [a, a]]}}\nV: !If [C, 1, 2]\n"
        )),
        "1"
    );
}

#[test]
fn conditions_on_several_constants() {
    let seen = seen(&format!(
        "{ENV}Conditions:\n  A: !Equals [!Ref Env, dev]\n  B: !Equals [test, !Ref Env]\n\
         V: !If [A, a, !If [B, b, c]]\n"
    ));
    assert_eq!(pairs(&seen), [("Env!=dev|test", "c"), ("Env=test", "b"), ("Env=dev", "a")]);
}

#[test]
fn text_with_one_hole_is_compared_exactly() {
    let seen1 = seen(&format!(
        "{ENV}Conditions: {{C: !Equals [!Sub 'x-${{Env}}-y', x-dev-y]}}\nV: !If [C, 1, 2]\n"
    ));
    assert_eq!(pairs(&seen1), [("Env!=dev", "2"), ("Env=dev", "1")]);
    assert_eq!(
        only(&format!(
            "{ENV}Conditions: {{C: !Equals [!Sub 'x-${{Env}}', y-dev]}}\nV: !If [C, 1, 2]\n"
        )),
        "2"
    );
}

#[test]
fn several_empty_values() {
    let seen = seen(
        "Parameters: {A: {Type: String, Default: ''}, B: {Type: String, Default: ''}}\n\
         Conditions: {None: !Equals [!Join ['', [!Ref A, !Ref B]], '']}\nV: !If [None, 1, 2]\n",
    );
    assert_eq!(pairs(&seen), [("A=, B=", "1"), ("A=, B!=", "2"), ("A!=", "2")]);
}

#[test]
fn a_list_parameter_is_empty_or_not() {
    let seen1 = seen(
        "Parameters: {L: {Type: CommaDelimitedList, Default: ''}}\n\
         Conditions: {Has: !Not [!Equals [!Join ['', !Ref L], '']]}\nV: !If [Has, !Ref L, none]\n",
    );
    assert_eq!(pairs(&seen1), [("L=", "none"), ("L!=", "[..${L}]")]);
    let first = seen(
        "Parameters: {L: {Type: CommaDelimitedList, Default: 'a,b'}}\n\
         Conditions: {Has: !Not [!Equals [!Select [0, !Ref L], '']]}\nV: !If [Has, !Ref L, none]\n",
    );
    assert_eq!(pairs(&first), [("Fn::Select [0, L]!=", "[a, b]"), ("Fn::Select [0, L]=", "none")]);
}

#[test]
fn blanks_in_a_list_do_not_count() {
    let seen = seen(
        "Parameters: {L: {Type: CommaDelimitedList, Default: 'a, b'}}\n\
         Conditions: {C: !Equals [!Join [',', !Ref L], 'a,b']}\nV: !If [C, 1, 2]\n",
    );
    assert_eq!(pairs(&seen), [("L=a,b", "1"), ("L!=a,b", "2")]);
}

#[test]
fn a_branch_inside_text() {
    let seen = seen(&format!(
        "{ENV}Conditions: {{P: !Equals [!Ref Env, prod]}}\n\
         V: !Sub ['${{Kind}}-x', {{Kind: !If [P, a, b]}}]\n"
    ));
    assert_eq!(pairs(&seen), [("Env=prod", "a-x"), ("Env!=prod", "b-x")]);
}

#[test]
fn comparisons_of_two_unknowns_are_opaque_and_agree() {
    let case = Case::new(
        "Parameters: {A: {Type: String, Default: x}, B: {Type: String, Default: x}}\n\
         Conditions:\n  C: !Equals [!Ref A, !Ref B]\n  D: {'Fn::Equals': [{Ref: B}, {Ref: A}]}\n\
         V: [!If [C, 1, 2], !If [D, 3, 4], !Ref A]\n",
    );
    let (unit, worlds) = case.worlds();
    let shown: Vec<_> = worlds.iter().map(|(_, v)| super::show(v, &unit.symbols)).collect();
    assert_eq!(shown, ["[1, 3, x]", "[2, 4, ${A}]"]);
    assert!(unit.is_default(&worlds[0].0));
    assert!(!unit.is_default(&worlds[1].0));
}

#[test]
fn what_nothing_declares_may_be_either() {
    let seen = seen("V: [!If [Typo, 1, 2], !If [Typo, 3, 4]]\n");
    assert_eq!(
        pairs(&seen),
        [("condition Typo=true", "[1, 3]"), ("condition Typo=false", "[2, 4]")]
    );
}

#[test]
fn functions_of_rules_are_opaque() {
    let seen = seen("Conditions: {C: {'Fn::Contains': [[a], b]}}\nV: !If [C, 1, 2]\n");
    assert_eq!(seen.len(), 2);
}

#[test]
fn a_branch_of_no_value_leaves_its_slot() {
    let seen = seen(&format!(
        "{ENV}Conditions: {{P: !Equals [!Ref Env, prod]}}\n\
         V: {{list: [a, !If [P, b, !Ref AWS::NoValue]], key: !If [P, !Ref AWS::NoValue, c]}}\n"
    ));
    assert_eq!(
        pairs(&seen),
        [("Env=prod", "{list: [a, b]}"), ("Env!=prod", "{list: [a], key: c}")]
    );
}

#[test]
fn a_taken_branch_is_a_step() {
    let case = Case::new("Conditions: {C: !Equals [a, a]}\nV: !If [C, '*', b]\n");
    let (unit, worlds) = case.worlds();
    let steps = unit.origins.steps(worlds[0].1.origin);
    assert_eq!(steps[0].step, Step::Branch);
    assert_eq!(case.slice(steps[1].at), "'*'");
}

#[test]
fn a_given_value_decides() {
    let text = format!("{ENV}Conditions: {{P: !Equals [!Ref Env, prod]}}\nV: !If [P, 1, 2]\n");
    assert_eq!(Case::new(&text).give("Env", &["dev"]).only(), "2");
    let seen = Case::new(&text).give("Env", &["dev", "prod"]).seen();
    assert_eq!(seen.iter().map(|s| s.value.as_str()).collect::<Vec<_>>(), ["2", "1"]);
}

#[test]
fn the_region_may_decide() {
    let seen = seen(
        "Conditions: {C: !Equals [!Ref AWS::Region, us-east-1]}\nV: !If [C, !Ref AWS::Region, other]\n",
    );
    assert_eq!(
        pairs(&seen),
        [("AWS::Region=us-east-1", "us-east-1"), ("AWS::Region!=us-east-1", "other")]
    );
}

#[test]
fn frozen_worlds_leave_branches_open() {
    let case = Case::new(
        "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, a]}\n\
         V: {list: [x, !If [C, y, !Ref AWS::NoValue]], one: !If [C, y, z]}\n",
    );
    let node = case.document.roots[0].get("V").expect("V").clone();
    let mut unit = case.unit();
    let world = super::World::default().freeze();
    let value = unit.eval(&node, &super::Scope::default(), &world).expect("no split");
    assert_eq!(super::show(&value, &unit.symbols), "{list: [x, ..${Fn::If C}], one: ${Fn::If C}}");
}

#[test]
fn loops_declare_conditions() {
    let text = "Parameters: {Env: {Type: String, Default: prod}}\nConditions:\n  Fn::ForEach::Each:\n  - Name\n  - [prod, dev]\n  \
                - 'Is${Name}': !Equals [!Ref Env, !Ref Name]\n    'Fn::ForEach::Zones':\n    - Zone\n    - [a]\n    \
                - 'Is${Name}${Zone}': !And [!Condition 'Is${Name}', !Equals [a, !Ref Zone]]\n\
                V: [!If [Isprod, 1, 2], !If [Isdev, 3, 4], !If [Isproda, 5, 6]]\n";
    let seen = seen(text);
    assert_eq!(
        pairs(&seen),
        [("Env=prod", "[1, 4, 5]"), ("Env=dev", "[2, 3, 6]"), ("Env!=dev|prod", "[2, 4, 6]")]
    );
    // Over something unknown, no condition is known by its name.
    let text = "Parameters: {Names: {Type: CommaDelimitedList}}\nConditions:\n  Fn::ForEach::Each:\n  - Name\n  - !Ref Names\n  \
                - 'Is${Name}': !Equals [a, a]\nV: !If [Isprod, 1, 2]\n";
    assert_eq!(super::seen(text).len(), 2);
}

#[test]
fn a_resource_of_a_loop_hangs_on_its_own_condition() {
    let case = Case::new(
        "Conditions:\n  Fn::ForEach::Each: [Name, [Orders, Status], {'Has${Name}': !Equals [!Ref Name, Orders]}]\n\
         Resources:\n  Fn::ForEach::Apis: [Name, [Orders, Status], {'Api${Name}': {Type: 'AWS::ApiGateway::RestApi', \
         Condition: 'Has${Name}'}}]\nV: 1\n",
    );
    let mut unit = case.unit();
    let template = unit.template();
    let decided: Vec<_> = template
        .resources()
        .iter()
        .map(|resource| {
            let condition = resource.condition.as_ref().expect("a condition");
            unit.condition(condition, &super::World::default()).expect("no split")
        })
        .collect();
    assert_eq!(decided, [Some(true), Some(false)]);
}
