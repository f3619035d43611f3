//! Addresses and references as Terraform writes them: `module.a["x"].aws_b.c[0].id`
//! (<https://developer.hashicorp.com/terraform/cli/state/resource-addressing>).

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
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let Some((key, behind)) = key(inside) else { break };
            out.push(Segment::Key(key));
            rest = behind;
        } else {
            let name = rest.strip_prefix('.').unwrap_or(rest);
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, behind) = name.split_at(end);
            if name.is_empty() {
                break;
            }
            out.push(Segment::Name(name.to_owned()));
            rest = behind;
        }
    }
    out
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
    let all = segments(address);
    let last = all.iter().rposition(|s| matches!(s, Segment::Name(name) if name == "module"))?;
    let key = match all.get(last + 2) {
        Some(Segment::Key(key)) => Some(key.clone()),
        _ => None,
    };
    // Where its last call begins: no key holds this text, since its quotes are escaped.
    let mut at = 0;
    let mut inside = false;
    let mut escaped = false;
    for (index, c) in address.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            'm' if !inside
                && (index == 0 || address.get(..index).is_some_and(|b| b.ends_with('.')))
                && address.get(index..).is_some_and(|rest| rest.starts_with("module.")) =>
            {
                at = index;
            }
            _ => {}
        }
    }
    Some((address.get(..at)?.trim_end_matches('.').to_owned(), key))
}

/// The address of a module instance, or of what is in one.
pub(super) fn within(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}.{name}") }
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
        assert_eq!(parent(""), None);
    }
}
