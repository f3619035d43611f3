//! Spans as locations, and paths as URIs.

use std::fmt::Write as _;

use super::SRCROOT;
use super::object::{ArtifactLocation, Location, PhysicalLocation, Region};
use crate::report::place::Place;
use crate::source::{SourceDb, Span};

/// The location of `span`.
pub(super) fn location(span: Span, db: &SourceDb) -> Location {
    let Place { file, start, end } = Place::of(span, db);
    Location::at(PhysicalLocation {
        artifact_location: artifact(&file),
        region: Some(Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }),
    })
}

/// The URI of a file that is printed as `path`. A path that is relative belongs to the root of the
/// repository.
pub(super) fn artifact(path: &str) -> ArtifactLocation {
    // `C:/...`
    let drive = matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    let absolute = path.starts_with('/') || drive;
    let uri = match absolute {
        true => format!("file:///{}", encode(path.trim_start_matches('/'))),
        false => encode(path),
    };
    ArtifactLocation { uri, uri_base_id: (!absolute).then_some(SRCROOT) }
}

/// `path` with every byte percent-encoded that is neither unreserved (RFC 3986, 2.3) nor a `/`.
fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => {
                // Writing to a string does not fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(path: &str) -> (String, bool) {
        let ArtifactLocation { uri, uri_base_id } = artifact(path);
        (uri, uri_base_id.is_some())
    }

    #[test]
    fn relative_to_the_root_of_the_repository() {
        assert_eq!(uri("infra/api.tf"), ("infra/api.tf".into(), true));
        assert_eq!(uri("a b/é#?.tf"), ("a%20b/%C3%A9%23%3F.tf".into(), true));
        assert_eq!(uri("100%.tf"), ("100%25.tf".into(), true));
        assert_eq!(uri("javascript:alert(1)"), ("javascript%3Aalert%281%29".into(), true));
        assert_eq!(uri("<stdin>"), ("%3Cstdin%3E".into(), true));
    }

    #[test]
    fn absolute_where_it_is() {
        assert_eq!(uri("/tmp/a b.json"), ("file:///tmp/a%20b.json".into(), false));
        assert_eq!(uri("C:/a.json"), ("file:///C%3A/a.json".into(), false));
    }
}
