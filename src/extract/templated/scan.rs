//! The markers of template languages in a text.

use std::ops::Range;

/// How long a marker may be.
const MAX_LENGTH: usize = 4096;
/// How many markers are looked at: each is compared with every part of the tree.
const MAX_MARKERS: usize = 2_000;

/// A marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) range: Range<usize>,
    pub(super) role: Role,
    /// The language that it is of.
    pub(super) language: &'static str,
}

/// What a marker does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It stands for text.
    Value,
    /// It begins a stretch that is there or not, or several times.
    Open,
    /// It ends such a stretch.
    Close,
    /// It leaves nothing: a comment, the other side of a branch, an assignment.
    Nothing,
    /// It puts other text in its place.
    Insert,
}

/// The delimiters: the start, the end, the language.
const DELIMITERS: [(&str, &str, &str); 5] = [
    ("{{", "}}", "Jinja"),
    ("{%", "%}", "Jinja"),
    ("{#", "#}", "Jinja"),
    ("<%", "%>", "ERB"),
    ("${{", "}}", "GitHub Actions"),
];

/// Those of Terraform's `templatefile`.
const TERRAFORM: [(&str, &str, &str); 2] =
    [("${", "}", "Terraform's templatefile"), ("%{", "}", "Terraform's templatefile")];

/// Whether a text may have markers: a fast look.
pub(super) fn may_have(text: &str) -> bool {
    ["{{", "{%", "{#", "<%", "!Rain::"].iter().any(|start| text.contains(start))
}

/// The markers of `text`, in order; `terraform` counts its own too. `None` where there are too many.
pub(super) fn markers(text: &str, terraform: bool) -> Option<Vec<Marker>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find(['{', '<', '$', '%'])) {
        let start = at + open;
        at = start + 1;
        let rest = text.get(start..).unwrap_or_default();
        let extra = if terraform { &TERRAFORM[..] } else { &[] };
        let mut all = DELIMITERS.iter().chain(extra);
        let Some((begin, end, language)) = all.find(|(begin, ..)| rest.starts_with(begin)) else {
            continue;
        };
        // A marker in the name of a placeholder.
        if rest.starts_with("${{{") {
            at = start + 2;
            continue;
        }
        // A dynamic reference of CloudFormation.
        if ["{{resolve:", "${{resolve:"].iter().any(|start| rest.starts_with(start)) {
            continue;
        }
        let inside = rest.get(begin.len()..).unwrap_or_default();
        let mut bound = inside.len().min(MAX_LENGTH);
        while !inside.is_char_boundary(bound) {
            bound -= 1;
        }
        let Some(length) = inside.get(..bound).and_then(|near| closing(near, end)) else {
            continue;
        };
        let inside = inside.get(..length).unwrap_or_default();
        let range = start..start + begin.len() + length + end.len();
        at = range.end;
        let (role, language) = what(begin, inside, language);
        out.push(Marker { range, role, language });
        if out.len() > MAX_MARKERS {
            return None;
        }
    }
    Some(out)
}

/// Where the end of a marker stands in what follows its start. Of braces, those inside count: a third
/// pair (Handlebars), a map (Jinja), a quote that holds some.
fn closing(near: &str, end: &str) -> Option<usize> {
    // Without an end nothing is looked through: a file of nothing but starts costs no more.
    let plain = near.find(end)?;
    if end != "}}" {
        return Some(plain);
    }
    let (mut depth, mut quote) = (0usize, None);
    for (at, c) in near.char_indices() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('{', None) => depth += 1,
            ('}', None) if depth > 0 => depth -= 1,
            ('}', None) if near.get(at..).is_some_and(|rest| rest.starts_with(end)) => {
                return Some(at);
            }
            _ => {}
        }
        // A quote that stays open is none, and a brace neither.
        if c == '\n' && plain < at {
            break;
        }
    }
    Some(plain)
}

/// What a marker does, and its language as far as its text tells.
fn what(begin: &str, inside: &str, language: &'static str) -> (Role, &'static str) {
    let inside = inside.trim_matches(['-', '+', '~', ' ', '\t', '\n', '\r']);
    let word = inside.split([' ', '(', '\t', '\n', '\r']).next().unwrap_or_default();
    match begin {
        "{#" => (Role::Nothing, language),
        "${" | "${{" => (Role::Value, language),
        "<%" if inside.starts_with('=') => (Role::Value, language),
        "<%" if inside.starts_with('#') => (Role::Nothing, language),
        "<%" if inside.ends_with("do") || inside.ends_with('|') || inside.ends_with('{') => {
            (Role::Open, language)
        }
        "{{" => braces(inside, word),
        _ => (directive(word), language),
    }
}

/// `{{ ... }}` means something else in each language.
fn braces(inside: &str, word: &str) -> (Role, &'static str) {
    const GO: &str = "Go templates";
    const HANDLEBARS: &str = "Handlebars";
    match inside.chars().next() {
        Some('#' | '^') => (Role::Open, HANDLEBARS),
        Some('>') => (Role::Insert, HANDLEBARS),
        Some('!') => (Role::Nothing, HANDLEBARS),
        Some('/') if inside.starts_with("/*") => (Role::Nothing, GO),
        Some('/') => (Role::Close, HANDLEBARS),
        Some('.' | '$') => (Role::Value, GO),
        _ => match word {
            "if" | "range" | "with" | "define" | "block" => (Role::Open, GO),
            "end" => (Role::Close, GO),
            "else" => (Role::Nothing, GO),
            "include" | "template" | "toYaml" => (Role::Insert, GO),
            _ if inside.starts_with("cookiecutter") => (Role::Value, "cookiecutter"),
            _ => (Role::Value, "Jinja"),
        },
    }
}

fn directive(word: &str) -> Role {
    match word {
        "if" | "for" | "unless" | "block" | "macro" | "call" | "filter" | "raw" | "with"
        | "while" | "case" | "autoescape" => Role::Open,
        "else" | "elif" | "elsif" | "elseif" | "set" | "import" | "from" | "extends" | "when"
        | "do" | "require" => Role::Nothing,
        _ if word.starts_with("end") || word == "}" => Role::Close,
        _ => Role::Insert,
    }
}

/// The stretches between markers that open and markers that close. One that is not closed reaches to
/// the end.
pub(super) fn stretches(markers: &[Marker], end: usize) -> Vec<Range<usize>> {
    let (mut out, mut open) = (Vec::new(), Vec::new());
    for marker in markers {
        match marker.role {
            Role::Open => open.push(marker.range.start),
            Role::Close => out.extend(open.pop().map(|start| start..marker.range.end)),
            _ => {}
        }
    }
    out.extend(open.into_iter().map(|start| start..end));
    out.sort_by_key(|range| (range.start, range.end));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(text: &str) -> Vec<Role> {
        markers(text, true).expect("markers").into_iter().map(|marker| marker.role).collect()
    }

    #[test]
    fn markers_of_each_language() {
        use Role::{Close, Insert, Nothing, Open, Value};
        assert_eq!(
            roles("{% if x %}{{ y }}{%- else -%}{# z #}{% endif %}"),
            [Open, Value, Nothing, Nothing, Close]
        );
        assert_eq!(
            roles("{{- if .Values.x }}{{ .y }}{{ end }}{{/* c */}}"),
            [Open, Value, Close, Nothing]
        );
        assert_eq!(roles("{{ include \"tags\" . | nindent 4 }}"), [Insert]);
        assert_eq!(roles("{{#each x}}{{this}}{{/each}}{{> part}}"), [Open, Value, Close, Insert]);
        assert_eq!(roles("<% if x %><%= y %><% end %><%# z %>"), [Open, Value, Close, Nothing]);
        assert_eq!(roles("<% list.each do |x| %><% end %>"), [Open, Close]);
        assert_eq!(roles("%{ if x }${y}%{ endif }"), [Open, Value, Close]);
        assert_eq!(roles("{% include 'a.yaml' %}{% set x = 1 %}"), [Insert, Nothing]);
    }

    #[test]
    fn what_is_none() {
        for text in [
            "{{resolve:ssm:/x}}",
            "${{resolve:ssm:/x}}",
            "{\"a\": {\"b\": 1}}",
            "{{ open",
            "<%",
            "{",
            "",
            "$.a",
            "100%",
        ] {
            assert_eq!(markers(text, false), Some(Vec::new()), "{text}");
        }
        assert!(markers(&"{{a}}".repeat(30_000), false).is_none());
        markers(&"{{".repeat(100_000), false);
        markers(&"é{{é".repeat(50_000), false);
    }

    #[test]
    fn braces_and_quotes_inside_of_a_marker_are_its_own() {
        for text in [
            "{{{ a }}}",
            "{{ {'a': {'b': 1}}['c'] }}",
            "{{ \"}}\" }}",
            "${{ secrets.A }}",
            "{{ f({\"a\": 1}) }}",
            "{{ it's }}",
            "{{ a\n }}",
        ] {
            let found = markers(&format!("x{text}y }}}}"), false).expect("markers");
            let [marker] = found.as_slice() else { panic!("{text}: {found:?}") };
            assert_eq!(marker.range, 1..1 + text.len(), "{text}");
            assert_eq!(marker.role, Role::Value, "{text}");
        }
        let name = markers("${{{ a }}}", false).expect("markers");
        assert_eq!(name[0].range, 2..9);
    }

    #[test]
    fn stretches_nest_and_reach_to_the_end() {
        let text = "{% if a %}{% for b %}{% endfor %}{% endif %}{% if c %}";
        let found = stretches(&markers(text, false).expect("markers"), text.len());
        assert_eq!(found, [0..44, 10..33, 44..54]);
    }
}
