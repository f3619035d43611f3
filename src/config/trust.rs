//! The trust list: the `trust` section and trusted-accounts files.

use super::reader::{Fields, Reader, Word};
use super::{Diagnostic, Settings, date};
use crate::model::{AccountId, Cidr, OrgId, TrustedAccount};
use crate::source::Span;
use crate::syntax::{Kind, Node};

/// The keys that the `trust` section and a trusted-accounts file share.
pub(super) const KEYS: [&str; 5] =
    ["accounts", "organizations", "vpcs", "vpc-endpoints", "networks"];

const ACCOUNT_KEYS: [&str; 7] = ["id", "name", "owner", "kind", "reason", "expires", "apis"];

/// Which list of trust an entry stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the configuration")]
pub enum List {
    Organizations,
    Vpcs,
    VpcEndpoints,
    Networks,
}

/// An entry of a list of trust other than that of the accounts, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The list.
    pub list: List,
    /// The entry.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A trusted-accounts file: the list of accounts, or a map with the keys of `trust` but `files`.
pub(super) fn read_file(reader: &mut Reader, root: &Node, settings: &mut Settings) {
    const WHAT: &str = "the trusted-accounts file";
    if matches!(root.kind, Kind::List(_)) {
        accounts(reader, root, settings);
        return;
    }
    let mut keys = vec!["version"];
    keys.extend(KEYS);
    let fields = reader.map(root, WHAT, &keys);
    super::file::version(reader, &fields);
    section(reader, &fields, settings);
}

/// The lists among `fields`.
pub(super) fn section(reader: &mut Reader, fields: &Fields<'_>, settings: &mut Settings) {
    if let Some(node) = fields.get("accounts") {
        accounts(reader, node, settings);
    }
    let listed = &mut settings.trust_lists;
    if let Some(node) = fields.get("organizations") {
        let list = settings.trust.organizations.get_or_insert_default();
        for word in reader.words(node, "organizations") {
            match OrgId::parse(&word.text) {
                Some(id) => {
                    list.insert(id);
                    listed.push(entry(List::Organizations, &word));
                }
                None => reader.error(malformed(
                    &word,
                    "an organisation id",
                    "`o-` and 10 to 32 lower-case letters or digits: o-abc123def4",
                )),
            }
        }
    }
    if let Some(node) = fields.get("vpcs") {
        let list = settings.trust.vpcs.get_or_insert_default();
        for word in ids(reader, node, "vpcs", "vpc-", "a VPC id") {
            listed.push(entry(List::Vpcs, &word));
            list.insert(word.text.to_string());
        }
    }
    if let Some(node) = fields.get("vpc-endpoints") {
        let list = settings.trust.vpc_endpoints.get_or_insert_default();
        for word in ids(reader, node, "vpc-endpoints", "vpce-", "a VPC endpoint id") {
            listed.push(entry(List::VpcEndpoints, &word));
            list.insert(word.text.to_string());
        }
    }
    if let Some(node) = fields.get("networks") {
        let list = settings.trust.networks.get_or_insert_default();
        for word in reader.words(node, "networks") {
            match Cidr::parse(&word.text) {
                Some(network) => {
                    list.push(network);
                    listed.push(entry(List::Networks, &word));
                }
                None => {
                    let help = match Cidr::parse(word.text.trim()) {
                        Some(_) => "remove the blanks",
                        None => "an address or CIDR block: 203.0.113.0/24, 2001:db8::/32",
                    };
                    reader.error(malformed(&word, "a network", help));
                }
            }
        }
    }
}

fn entry(list: List, word: &Word) -> Listed {
    Listed { list, text: word.text.to_string(), span: word.span }
}

fn ids(reader: &mut Reader, node: &Node, what: &str, prefix: &str, kind: &str) -> Vec<Word> {
    let mut out = Vec::new();
    for word in reader.words(node, what) {
        let good = word.text.strip_prefix(prefix).is_some_and(|rest| {
            matches!(rest.len(), 8 | 17)
                && rest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        });
        if good {
            out.push(word);
        } else {
            let help = format!("`{prefix}` and 8 or 17 digits or letters a to f, in lower case");
            reader.error(malformed(&word, kind, &help));
        }
    }
    out
}

fn accounts(reader: &mut Reader, node: &Node, settings: &mut Settings) {
    for item in reader.list(node, "accounts") {
        // A bare id stands for an entry with nothing but an id.
        if item.scalar().is_some() {
            let id = reader.word(item, "accounts").and_then(|word| account_id(reader, &word));
            if let Some(id) = id {
                push(settings, item, id, None, Vec::new(), None);
            }
            continue;
        }
        let fields = reader.map(item, "a trusted account", &ACCOUNT_KEYS);
        let id = match fields.get("id") {
            Some(node) => reader.word(node, "id").and_then(|word| account_id(reader, &word)),
            None if matches!(item.kind, Kind::Map(_)) => {
                let missing = Diagnostic::new(item.span, "a trusted account without `id`");
                reader.error(missing.help("add `id: \"111122223333\"`"));
                None
            }
            None => None,
        };
        let name = fields.get("name").and_then(|node| reader.filled(node, "name"));
        for key in ["owner", "kind", "reason"] {
            if let Some(node) = fields.get(key) {
                reader.filled(node, key);
            }
        }
        let expires = fields.get("expires").and_then(|node| expiry(reader, node));
        let apis = match fields.get("apis") {
            None => Vec::new(),
            Some(node) if node.scalar().is_some() => {
                reader.filled(node, "apis").into_iter().collect()
            }
            Some(node) => scope(reader, node),
        };
        if let Some(id) = id {
            let apis = apis.into_iter().map(|glob| glob.text.to_string()).collect();
            push(settings, item, id, name.map(|n| n.text.to_string()), apis, expires);
        }
    }
}

/// The globs of `apis`. An empty list would trust the account for no API, and reads as if it did
/// for all: refused.
fn scope(reader: &mut Reader, node: &Node) -> Vec<Word> {
    let items = reader.list(node, "apis");
    if items.is_empty() && matches!(node.kind, Kind::List(_)) {
        let empty = Diagnostic::new(node.span, "`apis` is an empty list");
        reader.error(empty.help("name the APIs (globs), or remove the key to mean all of them"));
    }
    items.iter().filter_map(|item| reader.filled(item, "apis")).collect()
}

fn push(
    settings: &mut Settings,
    item: &Node,
    id: AccountId,
    name: Option<String>,
    apis: Vec<String>,
    expires: Option<i64>,
) {
    let entry = settings.trust_spans.len();
    settings.trust_spans.push(item.span);
    settings.trust.accounts.push(TrustedAccount { id, name, apis, expires, entry });
}

/// The last day on which an entry counts. An entry that has expired is no error.
pub(super) fn expiry(reader: &mut Reader, node: &Node) -> Option<i64> {
    let word = reader.word(node, "expires")?;
    let end = date::day_end(&word.text);
    if end.is_none() {
        let help = "a day that exists, as YYYY-MM-DD: 2027-01-31 (the last day that counts)";
        reader.error(malformed(&word, "a date", help));
    }
    end
}

/// An account id, as its source text.
pub(super) fn account_id(reader: &mut Reader, word: &Word) -> Option<AccountId> {
    if let Some(id) = AccountId::parse(&word.text) {
        return Some(id);
    }
    let digits = word.text.chars().filter(char::is_ascii_digit).count();
    let only_digits = digits == word.text.chars().count();
    let help = match digits {
        12 if !only_digits => "write the 12 digits alone".to_owned(),
        n if only_digits && n < 12 => {
            format!("it has {n} digits, an account id has 12: was a leading zero lost?")
        }
        n if only_digits => format!("it has {n} digits, an account id has 12"),
        _ => "an account id is 12 digits: \"111122223333\"".to_owned(),
    };
    reader.error(malformed(word, "an account id", &help));
    None
}

fn malformed(word: &Word, kind: &str, help: &str) -> Diagnostic {
    Diagnostic::new(word.span, format!("`{}` is not {kind}", word.text)).help(help)
}
