//! Addresses and references as Terraform writes them: `module.a["x"].aws_b.c[0].id`
//! (<https://developer.hashicorp.com/terraform/cli/state/resource-addressing>).

use crate::resolve::terraform::Sort;

/// A part of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    /// `name`
    Name(String),
    /// `[0]`, `["key"]`: what stands within, unquoted.
    Key(String),
}

/// The segments of an address. What is no address ends it.
pub(super) fn segments(text: &str) -> Vec<Segment> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((segment, behind)) = segment(rest) {
        out.push(segment);
        rest = behind;
    }
    out
}

/// The first segment, and what follows it.
fn segment(text: &str) -> Option<(Segment, &str)> {
    if let Some(inside) = text.strip_prefix('[') {
        let (key, behind) = key(inside)?;
        return Some((Segment::Key(key), behind));
    }
    let name = text.strip_prefix('.').unwrap_or(text);
    let (name, behind) = name.split_at(name.find(['.', '[']).unwrap_or(name.len()));
    (!name.is_empty()).then(|| (Segment::Name(name.to_owned()), behind))
}

/// The key behind an opening bracket, and what follows the closing one.
fn key(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (key, behind) = text.split_once(']')?;
        return Some((key.to_owned(), behind));
    };
    let mut out = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, quoted.get(at + 1..)?.strip_prefix(']')?)),
            '\\' => match chars.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                other => out.push(other),
            },
            _ => out.push(c),
        }
    }
    None
}

/// The names of the calls that lead to the module instance at `address`, without their keys.
pub(super) fn calls(address: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut names = segments(address).into_iter().filter_map(|segment| match segment {
        Segment::Name(name) => Some(name),
        Segment::Key(_) => None,
    });
    while let (Some(_), Some(name)) = (names.next(), names.next()) {
        out.push(name);
    }
    out
}

/// The module instance around the one at `address`, and the key of the call of that one. `None` for
/// the root module.
pub(super) fn parent(address: &str) -> Option<(String, Option<String>)> {
    let (mut rest, mut last) = (address, None);
    while let Some((Segment::Name(word), behind)) = segment(rest)
        && word == "module"
        && let Some((Segment::Name(_), mut behind)) = segment(behind)
    {
        let around = address.len() - rest.len();
        let mut key = None;
        if let Some((Segment::Key(found), further)) = segment(behind) {
            (key, behind) = (Some(found), further);
        }
        last = Some((around, key));
        rest = behind;
    }
    let (around, key) = last?;
    Some((address.get(..around)?.to_owned(), key))
}

/// The address of a module instance without the key that it ends with, and that key.
pub(super) fn without_key(address: &str) -> Option<(&str, String)> {
    let (mut rest, mut last) = (address, None);
    while let Some((found, behind)) = segment(rest) {
        last = Some((found, rest));
        rest = behind;
    }
    let (Segment::Key(key), token) = last.filter(|_| rest.is_empty())? else { return None };
    Some((address.strip_suffix(token)?, key))
}

/// The address of a module instance, or of what is in one.
pub(super) fn within(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}.{name}") }
}

/// The address of a resource, or of its instance of that key, in a module instance.
pub(super) fn of(module: &str, sort: Sort, kind: &str, name: &str, key: Option<&str>) -> String {
    let data = if sort == Sort::Data { "data." } else { "" };
    let mut out = within(module, &format!("{data}{kind}.{name}"));
    match key {
        Some(key) if is_index(key) => out.push_str(&format!("[{key}]")),
        Some(key) => out.push_str(&format!("[{key:?}]")),
        None => {}
    }
    out
}

/// Whether a key is one of `count`, as far as its text tells.
pub(super) fn is_index(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_and_keys() {
        let name = |text: &str| Segment::Name(text.into());
        let key = |text: &str| Segment::Key(text.into());
        assert_eq!(
            segments(r#"module.a["x.\"y]"].aws_b.c[0].id"#),
            [
                name("module"),
                name("a"),
                key("x.\"y]"),
                name("aws_b"),
                name("c"),
                key("0"),
                name("id")
            ]
        );
        assert_eq!(segments("var.x"), [name("var"), name("x")]);
        assert_eq!(segments("a..b"), [name("a")]);
        assert_eq!(segments("a[\"b"), [name("a")]);
        assert!(segments("").is_empty());
    }

    #[test]
    fn module_addresses() {
        assert_eq!(calls(r#"module.a["module.z"].module.b[1]"#), ["a", "b"]);
        assert!(calls("").is_empty());
        let at = r#"module.a["x"].module.b["module.q"]"#;
        assert_eq!(parent(at), Some((r#"module.a["x"]"#.into(), Some("module.q".into()))));
        assert_eq!(parent("module.a"), Some((String::new(), None)));
        assert_eq!(parent("module.module"), Some((String::new(), None)));
        let keyed = |key: &str| Some((String::new(), Some(key.into())));
        assert_eq!(parent(r#"module.module["x"]"#), keyed("x"));
        assert_eq!(parent("module.module[0]"), keyed("0"));
        let at = "module.module[0].module.module[1]";
        assert_eq!(parent(at), Some(("module.module[0]".into(), Some("1".into()))));
        assert_eq!(parent(""), None);
        let at = r#"module.a["x"].module.b["module.q[0]"]"#;
        assert_eq!(without_key(at), Some((r#"module.a["x"].module.b"#, "module.q[0]".to_owned())));
        assert_eq!(without_key("module.a[0]"), Some(("module.a", "0".to_owned())));
        assert_eq!(without_key(r#"module.a["x"].module.b"#), None);
        assert_eq!(without_key(""), None);
    }

    #[test]
    fn addresses_of_resources() {
        let (api, name) = ("aws_api_gateway_rest_api", "a");
        assert_eq!(of("", Sort::Managed, api, name, None), "aws_api_gateway_rest_api.a");
        assert_eq!(
            of("module.m[1]", Sort::Data, api, name, Some("0")),
            "module.m[1].data.aws_api_gateway_rest_api.a[0]"
        );
        assert_eq!(of("", Sort::Managed, api, name, Some("x\"y")), format!(r#"{api}.a["x\"y"]"#));
        assert_eq!(of("", Sort::Managed, api, name, Some("")), format!(r#"{api}.a[""]"#));
    }
}
