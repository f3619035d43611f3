//! Parameter files of CloudFormation, in every form that AWS tools take: the list of the AWS CLI
//! (`ParameterKey`, `ParameterValue`, or `Key=Value`), and a map under `Parameters` (AWS CodePipeline,
//! "Template configuration files") or alone. In JSON or YAML.

use std::collections::BTreeMap;

use crate::source::FileId;
use crate::syntax::{Node, json, yaml};

/// The values in the file `id` with the text `text`, by the name of the parameter.
///
/// # Errors
/// What is wrong with the file, lower case, without a full stop.
pub fn parameter_file(id: FileId, text: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let document = match start.starts_with(['{', '[']) {
        true => json::parse_file(id, text),
        false => yaml::parse_file(id, text),
    };
    if let Some(error) = document.errors.first() {
        return Err(error.message.clone());
    }
    let root = document.roots.first().ok_or("it holds no parameters")?;
    let mut out = BTreeMap::new();
    let mut add = |name: &str, value: &Node| match value_of(value) {
        Some(value) => {
            out.insert(name.to_owned(), vec![value]);
            Ok(())
        }
        None => Err(format!("the value of `{name}` is no text")),
    };
    let parameters = root.get("Parameters").unwrap_or(root);
    if let Some(pairs) = parameters.as_map() {
        for pair in pairs.iter() {
            add(&pair.key.scalar().ok_or("a name is no text")?, &pair.value)?;
        }
        return Ok(out);
    }
    let items = parameters.as_list().ok_or("it is neither a list nor a map of parameters")?;
    for item in items.iter() {
        if let Some(text) = item.scalar() {
            let (name, value) = text.split_once('=').ok_or("an entry is not NAME=VALUE")?;
            out.insert(name.trim().to_owned(), vec![value.to_owned()]);
            continue;
        }
        let name = item.get("ParameterKey").and_then(Node::scalar);
        let name = name.ok_or("an entry has no `ParameterKey`")?;
        match item.get("ParameterValue") {
            Some(value) => {
                let value = value_of(value).ok_or("a `ParameterValue` is no text")?;
                out.insert(name.to_string(), vec![value]);
            }
            // The value that is deployed stays, and stands nowhere.
            None if item.get("UsePreviousValue").is_some() => {}
            None => return Err(format!("`{name}` has no `ParameterValue`")),
        }
    }
    Ok(out)
}

/// A value as its source text; a list with commas, as CloudFormation takes one.
fn value_of(node: &Node) -> Option<String> {
    if let Some(items) = node.as_list() {
        let texts: Option<Vec<_>> = items.iter().map(Node::scalar).collect();
        return Some(texts?.join(","));
    }
    node.scalar().map(|text| text.to_string())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::source::SourceDb;

    fn read(text: &str) -> Result<Vec<(String, String)>, String> {
        let id = SourceDb::new().add(Path::new("p"), "p".into(), text);
        let read = parameter_file(id, text)?;
        Ok(read.into_iter().map(|(name, values)| (name, values.join("|"))).collect())
    }

    #[test]
    fn every_form_is_read() {
        for text in [
            r#"[{"ParameterKey": "A", "ParameterValue": "012345678901"}, {"ParameterKey": "L", "ParameterValue": "x,y"}]"#,
            r#"["A=012345678901", "L=x,y"]"#,
            r#"{"Parameters": {"A": "012345678901", "L": "x,y"}, "Tags": {"t": "u"}}"#,
            r#"{"A": "012345678901", "L": ["x", "y"]}"#,
            "A: 012345678901\nL: [x, y]\n",
            "Parameters:\n  A: '012345678901'\n  L: x,y\n",
            "\u{feff}- ParameterKey: A\n  ParameterValue: 012345678901\n- {ParameterKey: L, ParameterValue: 'x,y'}\n- {ParameterKey: Old, UsePreviousValue: true}\n",
        ] {
            let expected = [("A", "012345678901"), ("L", "x,y")];
            let found = read(text).expect(text);
            let found: Vec<_> = found.iter().map(|(a, b)| (&**a, &**b)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_parameter_file_is_refused() {
        for (text, why) in [
            ("", "it holds no parameters"),
            ("text", "it is neither a list nor a map of parameters"),
            ("[{}]", "an entry has no `ParameterKey`"),
            ("[{\"ParameterKey\": \"A\"}]", "`A` has no `ParameterValue`"),
            ("[\"A\"]", "an entry is not NAME=VALUE"),
            ("{\"A\": {\"b\": 1}}", "the value of `A` is no text"),
        ] {
            assert_eq!(read(text), Err(why.to_owned()), "{text}");
        }
        assert!(read("{").is_err());
    }
}
