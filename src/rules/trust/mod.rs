//! The checks of the trust list against everything that the templates name (`trust check`).
//!
//! They are no rules of `lint`: they look at the list and at all policies together, and say what is
//! written, not who gets in. An entry that nothing names is *proved* unused only where everything
//! was read and every value is known.

mod entries;
mod unknown;

use super::Meta;
use crate::analyze::named::{NameKind, Named, Unknown};
use crate::config::Settings;
use crate::finding::{Confidence, Draft, Origin, Severity};
use crate::model::{AccountId, Api, Assumption};

use super::support::code;

const DOC: &str = include_str!("../../../docs/trust-check.md");

const fn meta(id: &'static str, summary: &'static str, severity: Severity) -> Meta {
    Meta { id, summary, severity, doc: DOC }
}

/// What the checks find, by id. The severity is the worst that each can have.
pub static CHECKS: &[Meta] = &[
    meta("trust-duplicate", "an entry of the trust list stands on it twice", Severity::Medium),
    meta("trust-expired", "an entry of the trust list counts no longer", Severity::High),
    meta("trust-expiring", "an entry of the trust list counts for a few more days", Severity::Info),
    meta("trust-unknown", "policies grant an account that the trust list lacks", Severity::High),
    meta("trust-unused", "an entry of the trust list that no policy names", Severity::Low),
];

/// What the checks look at. All origins belong to one arena.
#[derive(Debug)]
pub struct TrustCx<'a> {
    /// The list.
    pub settings: &'a Settings,
    /// Where its entries stand.
    pub places: &'a Places,
    /// Every API, with what its policies name.
    pub apis: &'a [ApiNames<'a>],
    /// What was not looked at, so that an entry may be named there.
    pub doubts: &'a [Assumption],
    /// The time of the run.
    pub now: i64,
}

/// An API and what its policies name.
#[derive(Debug)]
pub struct ApiNames<'a> {
    /// The API.
    pub api: &'a Api,
    /// The names.
    pub named: Named,
    /// The accounts that it is deployed in, as far as they are known.
    pub owners: Vec<AccountId>,
}

/// Where the entries of the list stand.
#[derive(Debug, Default)]
pub struct Places {
    /// The accounts, by `TrustedAccount::entry`.
    pub accounts: Vec<Origin>,
    /// `Settings::trust_lists`, in that order.
    pub lists: Vec<Origin>,
    /// `Settings::owner_spans`, in that order.
    pub owners: Vec<Origin>,
}

/// What is wrong with the list.
pub fn check(cx: &TrustCx<'_>) -> Vec<Draft> {
    let mut out = Vec::new();
    entries::accounts(cx, &mut out);
    entries::lists(cx, &mut out);
    unknown::accounts(cx, &mut out);
    out
}

impl ApiNames<'_> {
    /// What the globs of an entry's `apis` are matched with.
    fn names(&self) -> Vec<&str> {
        [Some(self.api.address.as_str()), self.api.name.as_deref()].into_iter().flatten().collect()
    }
}

impl TrustCx<'_> {
    /// Makes `draft`, which says that nothing names an entry of `kind`, possible where something
    /// may.
    fn unless_named(&self, mut draft: Draft, kind: NameKind) -> Draft {
        let mut doubts: Vec<Assumption> = Vec::new();
        for api in self.apis {
            let of_kind = |unknown: &&Unknown| unknown.kind.is_none_or(|other| other == kind);
            for unknown in api.named.unknown.iter().filter(of_kind) {
                let doubt = self.doubt(api, unknown);
                if !doubts.iter().any(|known| known.text == doubt.text) {
                    doubts.push(doubt);
                }
            }
        }
        doubts.extend_from_slice(self.doubts);
        if doubts.is_empty() {
            return draft;
        }
        draft.confidence = Confidence::Possible;
        let more = doubts.len().saturating_sub(MAX_DOUBTS);
        doubts.truncate(MAX_DOUBTS);
        if more > 0 {
            let text = format!("nor do {more} other values or files that could not be read");
            doubts.push(Assumption { text, pin: None, origin: None });
        }
        draft.assumptions = doubts;
        draft
    }

    fn doubt(&self, api: &ApiNames<'_>, unknown: &Unknown) -> Assumption {
        let table = &api.api.symbols;
        Assumption {
            text: format!("{} does not name it", code(table.label(unknown.symbol))),
            pin: table.get(unknown.symbol).and_then(|info| info.pin.clone()),
            origin: Some(unknown.origin),
        }
    }
}

/// The most doubts that one finding names.
const MAX_DOUBTS: usize = 5;
