//! Plans that are broken, or made to do harm.

use super::*;

#[test]
fn a_plan_that_is_cut_short_is_reported_and_read_as_far_as_it_goes() {
    let text = plan(&deployed(&["no-op"])).to_string();
    let end = text.find("\"resource_changes\"").expect("changes");
    let at = text.find("\"planned_values\"").expect("values");
    for end in [end, at + 3000.min(end - at), text.len() - 1] {
        let case = read_text(&text[..end]);
        assert!(!case.extraction.inventory.problems.is_empty(), "{end}");
    }
    let mut unfinished = plan(&deployed(&["no-op"]));
    unfinished["errored"] = true.into();
    let case = read(&unfinished);
    let says = case.api().assumptions.iter().any(|a| a.text.contains("met an error"));
    assert!(says && !case.world().routes.complete);
}

#[test]
fn what_stands_twice_is_told_and_hides_nothing() {
    let text = plan(&deployed(&["no-op"])).to_string();
    let twice = text.replacen("\"http_method\":", "\"authorization\":\"NONE\",\"http_method\":", 1);
    let case = read_text(&twice);
    assert!(!case.extraction.inventory.problems.is_empty());
    let twice =
        text.replacen("\"resource_changes\":", "\"planned_values\":{},\"resource_changes\":", 1);
    let case = read_text(&twice);
    assert!(!case.extraction.inventory.problems.is_empty(), "two sets of planned values");
}

#[test]
fn hostile_plans_cost_no_more_than_others() {
    let deep = |open: &str, close: &str, times: usize| {
        format!("{}{}", open.repeat(times), close.repeat(times))
    };
    let modules = deep("{\"child_modules\":[", "]}", 50_000);
    let lists = deep("[", "]", 300_000);
    let calls = deep("{\"module_calls\":{\"a\":{\"module\":", "}}}", 20_000);
    let head = "{\"format_version\":\"1.2\",\"planned_values\":";
    for text in [
        format!("{head}{{\"root_module\":{modules}}}}}"),
        format!("{head}{{\"root_module\":{{\"resources\":{lists}}}}}}}"),
        format!("{head}{lists}}}"),
        format!("{head}{{}},\"configuration\":{{\"root_module\":{calls}}}}}"),
        format!(
            "{head}{{\"root_module\":{{\"resources\":[{{\"type\":\"aws_api_gateway_rest_api\",\"values\":{lists}}}]}}}}}}"
        ),
    ] {
        let case = read_text(&text);
        assert!(case.apis().len() <= 1);
    }
    // References that lead in a circle.
    let mut made = first();
    made[1].expressions["rest_api_id"] = json!({ "references": ["module.a.id", "module.a"] });
    let mut circle = plan(&made);
    circle["configuration"]["root_module"]["module_calls"]["a"] = json!({
        "expressions": { "x": { "references": ["module.a.id"] } },
        "module": { "outputs": { "id": { "expression": { "references": ["var.x"] } } } },
    });
    assert!(!read(&circle).apis().is_empty());
}
