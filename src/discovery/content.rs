//! From bytes to text, or to the reason why there is none.

use std::io;
use std::path::Path;

use super::calls::Calls;
use super::prefilter;
use crate::source::{ReadOutcome, any_stretch, read_bounded};

/// The size from which on a file is not read: no template service takes one a hundredth as large
/// (CloudFormation: 1 MB), and spans are 32 bits wide.
pub(super) const MAX_BYTES: usize = 16 << 20;

/// The same for plans of Terraform, which are read in slices.
const MAX_PLAN: usize = 256 << 20;

/// How much of a file tells that it is a plan.
const HEAD: usize = 4096;

/// What `terraform show -json` prints where there is no state.
const EMPTY_STATE: &[u8] = b"{\"format_version\":\"1.0\"}";

/// How a plan begins that `terraform plan -out` writes: an archive, and the name of its first member.
const ARCHIVE: &[u8] = b"PK\x03\x04";
const FIRST_MEMBER: &[u8] = b"tfplan";

/// How much of a file that is too large is searched for a mention.
const MAX_SEARCH: u64 = 1 << 30;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// Text; a byte order mark is kept. Text that was UTF-16 has the offsets of its UTF-8 form.
    Text(String),
    /// A text that cannot be read, and why (lower case, without a full stop).
    Unreadable(String),
}

/// What a look at a file came to.
#[derive(Debug)]
pub(super) struct Look {
    /// Whether the file mentions API Gateway.
    pub(super) mention: bool,
    /// Whether it mentions an API that can have a policy, or a policy. Only known with a mention.
    pub(super) policy: bool,
    /// What it holds. Only known with a mention, or when it was asked for.
    pub(super) content: Option<Content>,
    /// Whether it looks like a template. Only known when it was asked for.
    pub(super) template: bool,
    /// What it may hand to modules that it calls. Only known when it was asked for.
    pub(super) refers: Calls,
}

/// What to find out about a file besides whether it mentions API Gateway.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ask {
    /// The content, also without a mention.
    pub(super) content: bool,
    /// Whether it looks like a template.
    pub(super) template: bool,
    /// What it may hand to modules that it calls.
    pub(super) refers: bool,
}

/// Looks at a file of the disk. `buffer` is scratch space.
///
/// # Errors
/// Those of the platform.
pub(super) fn look(path: &Path, ask: Ask, buffer: &mut Vec<u8>) -> io::Result<Look> {
    match read_bounded(path, MAX_BYTES, buffer)? {
        ReadOutcome::Whole => Ok(look_at(buffer, ask)),
        ReadOutcome::Cut if starts_like_plan(buffer) => {
            match read_bounded(path, MAX_PLAN, buffer)? {
                // The text is not copied.
                ReadOutcome::Whole => Ok(look_at_large(std::mem::take(buffer), ask)),
                ReadOutcome::Cut => search_large(path, MAX_PLAN, ask),
            }
        }
        ReadOutcome::Cut => search_large(path, MAX_BYTES, ask),
    }
}

/// Whether a file that begins so is what `terraform show -json` prints of a plan or state: Terraform
/// writes these keys first. Of a state without a resource it writes the first of them only.
fn is_plan(bytes: &[u8]) -> bool {
    let empty = bytes.len() < 2 * EMPTY_STATE.len() && bytes.trim_ascii() == EMPTY_STATE;
    empty || starts_like_plan(bytes)
}

fn starts_like_plan(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    // Of UTF-16, every other byte.
    let head: Vec<u8> = head.iter().copied().filter(|b| b.is_ascii() && *b != 0).collect();
    let has = |key: &[u8]| memchr::memmem::find(&head, key).is_some();
    head.trim_ascii_start().starts_with(b"{")
        && has(b"\"format_version\"")
        && has(b"\"terraform_version\"")
}

/// Looks at a large file of which the bytes are not needed any more.
fn look_at_large(bytes: Vec<u8>, ask: Ask) -> Look {
    if utf16(&bytes).is_some() {
        return look_at(&bytes, ask);
    }
    let look = flags(&bytes, ask);
    if !look.mention && !ask.content {
        return look;
    }
    match String::from_utf8(bytes) {
        Ok(text) => Look { content: Some(Content::Text(text)), ..look },
        Err(error) => look_at(error.as_bytes(), ask),
    }
}

/// Looks for mentions in a file that is larger than what is read.
fn search_large(path: &Path, bound: usize, ask: Ask) -> io::Result<Look> {
    let search = |found: fn(&[u8]) -> bool| {
        any_stretch(path, 1 << 20, prefilter::LONGEST, MAX_SEARCH, found)
    };
    let mention = search(prefilter::mentions)?;
    let policy = mention && search(prefilter::mentions_policy)?;
    let reason = format!("larger than {} MiB", bound >> 20);
    Ok(Look {
        mention,
        policy,
        content: (mention || ask.content).then_some(Content::Unreadable(reason)),
        template: mention || ask.template && search(prefilter::looks_like_template)?,
        refers: Calls::default(),
    })
}

/// Looks at the bytes of a file.
pub(super) fn look_at(bytes: &[u8], ask: Ask) -> Look {
    // UTF-16 hides every mention from a search over bytes. PowerShell writes it by default.
    if let Some(big_endian) = utf16(bytes) {
        let content = decode_utf16(bytes, big_endian);
        let text = match &content {
            Content::Text(text) => text.as_bytes(),
            Content::Unreadable(_) => b"",
        };
        let unreadable = matches!(content, Content::Unreadable(_));
        let Look { mention, policy, template, refers, .. } = flags(text, ask);
        let mention = mention || unreadable;
        let policy = policy || unreadable;
        let content = (mention || ask.content).then_some(content);
        return Look { mention, policy, content, template, refers };
    }
    let mut look = flags(bytes, ask);
    if ask.content && is_binary_plan(bytes) {
        let content = Some(Content::Unreadable("a plan file, which Terraform alone reads".into()));
        return Look { mention: true, policy: true, content, ..look };
    }
    if look.mention || ask.content {
        look.content = Some(match std::str::from_utf8(bytes) {
            Ok(text) => Content::Text(text.to_owned()),
            Err(error) => {
                let at = error.valid_up_to();
                let byte = bytes.get(at).copied().unwrap_or(0);
                Content::Unreadable(format!("not UTF-8 text (byte 0x{byte:02x} at offset {at})"))
            }
        });
    }
    look
}

fn flags(bytes: &[u8], ask: Ask) -> Look {
    let mention = prefilter::mentions(bytes);
    Look {
        mention,
        policy: mention && prefilter::mentions_policy(bytes),
        content: None,
        template: mention
            || ask.template && (prefilter::looks_like_template(bytes) || is_plan(bytes)),
        refers: if ask.refers { Calls::of(bytes) } else { Calls::default() },
    }
}

/// Whether the bytes are what `terraform plan -out` writes. Its members are compressed: no search finds
/// anything in them.
fn is_binary_plan(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    head.starts_with(ARCHIVE) && memchr::memmem::find(head, FIRST_MEMBER).is_some()
}

/// Whether the bytes are UTF-16, and whether the big-endian one: by the byte order mark, or by every
/// other byte, which is none in no other text.
fn utf16(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0xff, 0xfe, ..] => Some(false),
        [0xfe, 0xff, ..] => Some(true),
        [1..=255, 0, 1..=255, 0, ..] => Some(false),
        [0, 1..=255, 0, 1..=255, ..] => Some(true),
        _ => None,
    }
}

fn decode_utf16(bytes: &[u8], big_endian: bool) -> Content {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return Content::Unreadable("UTF-16 text with an odd number of bytes".into());
    };
    let units = pairs.iter().map(|pair| match big_endian {
        true => u16::from_be_bytes(*pair),
        false => u16::from_le_bytes(*pair),
    });
    match char::decode_utf16(units).collect::<Result<String, _>>() {
        Ok(text) => Content::Text(text),
        Err(_) => Content::Unreadable("UTF-16 text with a lone surrogate".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(text: &str, big_endian: bool) -> Vec<u8> {
        let unit = |unit: u16| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn utf16_is_decoded_before_the_search() {
        for big_endian in [false, true] {
            let text = "\u{feff}Type: AWS::ApiGateway::RestApi # naïve";
            let look = look_at(&encode(text, big_endian), Ask::default());
            assert!(look.mention && look.policy);
            assert_eq!(look.content, Some(Content::Text(text.into())));
        }
        let other = look_at(&encode("\u{feff}Type: AWS::S3::Bucket", false), Ask::default());
        assert!(!other.mention && other.content.is_none());
    }

    #[test]
    fn plans_are_told_by_their_first_keys() {
        let plan = "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.5\",\"variables\":{}";
        assert!(starts_like_plan(plan.as_bytes()));
        assert!(starts_like_plan(&encode(&format!("\u{feff}{plan}"), false)));
        assert!(starts_like_plan(&encode(&format!("\u{feff}{plan}"), true)));
        assert!(!starts_like_plan(b"{\"version\":4,\"terraform_version\":\"1.9.5\"}"));
        assert!(!starts_like_plan(b""));
        let ask = Ask { content: true, ..Ask::default() };
        for bytes in [plan.as_bytes().to_vec(), encode(&format!("\u{feff}{plan}"), false)] {
            assert_eq!(look_at_large(bytes.clone(), ask).content, look_at(&bytes, ask).content);
        }
    }

    #[test]
    fn utf16_needs_no_byte_order_mark() {
        let text = "{\"a\": \"AWS::ApiGateway::RestApi\"}";
        for big_endian in [false, true] {
            let look = look_at(&encode(text, big_endian), Ask::default());
            assert_eq!(look.content, Some(Content::Text(text.into())), "{big_endian}");
        }
    }

    #[test]
    fn plans_are_infrastructure_code_and_plan_files_are_told_from_them() {
        let ask = Ask { content: true, template: true, ..Ask::default() };
        let plan = "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.5\",\"variables\":{}";
        for text in [plan, "{\"format_version\":\"1.0\"}\n"] {
            assert!(look_at(text.as_bytes(), ask).template, "{text}");
        }
        assert!(look_at(&encode(plan, false), ask).template);
        assert!(!look_at(b"{\"format_version\":1}", ask).template);
        let file = b"PK\x03\x04\x14\x00\x08\x00\x08\x00tfplan\xe9\x00";
        let look = look_at(file, ask);
        assert!(look.mention && matches!(look.content, Some(Content::Unreadable(_))));
        assert!(!look_at(b"PK\x03\x04 word/document.xml", ask).mention);
        assert!(!look_at(file, Ask::default()).mention, "nobody named it");
    }

    #[test]
    fn broken_utf16_and_latin1_are_reported_and_not_skipped() {
        let mut odd = encode("\u{feff}x", false);
        odd.push(0);
        assert!(matches!(look_at(&odd, Ask::default()).content, Some(Content::Unreadable(_))));
        let latin1 = b"# caf\xe9\nType: AWS::ApiGateway::RestApi";
        let look = look_at(latin1, Ask::default());
        let reason = "not UTF-8 text (byte 0xe9 at offset 5)";
        assert_eq!(look.content, Some(Content::Unreadable(reason.into())));
        assert!(!look_at(b"\xe9 nothing", Ask::default()).mention);
    }
}
