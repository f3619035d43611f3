//! Findings: what a rule says, as data that any renderer can print.
//!
//! A rule writes a [`Draft`] with origins; this room turns it into a [`Finding`] with spans, steps
//! and a fingerprint, suppresses what was suppressed, and orders the rest. It must not decide
//! anything about access, and it must not format output.

mod advice;
mod baseline;
mod build;
mod order;
mod suppress;

pub use advice::{Room, advice};
pub use baseline::Baseline;
pub use build::build;
pub use order::order;
pub use suppress::{Flaw, FlawKind, OWN, Suppressing, Suppression, SuppressionKind, suppress};

use crate::model::{Assumption, Request};
pub use crate::source::{Origin, did_you_mean};
use crate::source::{Span, Step};

/// A token and what to say of it.
pub type Mark = (Origin, String);

/// A place outside the templates (the trust list) and what to say of it.
pub type SpanMark = (Span, String);

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "they say what they are")]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// Its name, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Info => "info",
        }
    }

    /// The severity of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// Whether a finding holds whatever the unknowns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// It depends on a value that nobody gave.
    Possible,
    /// It holds.
    Proved,
}

impl Confidence {
    /// Its name, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Proved => "proved",
        }
    }
}

/// What a rule says, before spans.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The rule's id.
    pub rule: &'static str,
    /// The severity by exposure or by the rule's metadata; a possible finding keeps its full
    /// severity here and is capped when it is built.
    pub severity: Severity,
    /// Proved or possible.
    pub confidence: Confidence,
    /// What: lower case, 80 columns at most, no full stop.
    pub title: String,
    /// What to do.
    pub help: String,
    /// The API's address.
    pub api: Option<String>,
    /// The exact token, and why it is wrong.
    pub primary: Mark,
    /// Where the primary label goes, and its text, when that is outside the unit's templates: an
    /// entry of the trust list. Then the token above gets a secondary one.
    pub stands_at: Option<SpanMark>,
    /// The primary label goes where the value is referred to, not where that is declared which it
    /// refers to.
    pub at_reference: bool,
    /// The tokens of what the draft is about. Where a cause labels one of them, the hole's finding
    /// says it, and this one is not needed.
    pub about: Vec<Origin>,
    /// Where the primary value is declared, when nobody gave it one. Then its label goes where it is
    /// referred to, and the declaration gets a secondary one.
    pub declared: Option<Origin>,
    /// Other places that matter, and why.
    pub secondary: Vec<Mark>,
    /// Further places: an entry of the trust list, the call of a module.
    pub elsewhere: Vec<SpanMark>,
    /// A request that gets through.
    pub witness: Option<Request>,
    /// Why no Deny helps, in words.
    pub why_not_denied: Option<String>,
    /// What the finding takes for granted.
    pub assumptions: Vec<Assumption>,
    /// What the finding means, free of lines and wording: it makes the fingerprint.
    pub key: String,
}

impl Draft {
    /// A proved draft of an API-less finding, with nothing but what every finding has; the rule
    /// fills in the rest.
    pub fn new(rule: &'static str, severity: Severity, primary: Mark) -> Self {
        Self {
            rule,
            severity,
            confidence: Confidence::Proved,
            title: String::new(),
            help: String::new(),
            api: None,
            primary,
            stands_at: None,
            at_reference: false,
            about: Vec::new(),
            declared: None,
            secondary: Vec::new(),
            elsewhere: Vec::new(),
            witness: None,
            why_not_denied: None,
            assumptions: Vec::new(),
            key: String::new(),
        }
    }
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is, capped at medium where it is only possible (unless possible findings fail).
    pub severity: Severity,
    /// Proved or possible.
    pub confidence: Confidence,
    /// What, in one line.
    pub title: String,
    /// What to do.
    pub help: String,
    /// The API's address.
    pub api: Option<String>,
    /// The labels: exactly one primary, and it comes first.
    pub labels: Vec<Label>,
    /// The way the primary value came, from the place of use to the place where it is written;
    /// empty when it is written where it is used.
    pub steps: Vec<ValueStep>,
    /// A request that gets through.
    pub witness: Option<Request>,
    /// Why no Deny helps.
    pub why_not_denied: Option<String>,
    /// What it takes for granted.
    pub assumptions: Vec<Assumption>,
    /// Sixteen hexadecimal digits: the same meaning has the same fingerprint, wherever it stands.
    pub fingerprint: String,
    /// Why it does not count; `None` where it does.
    pub suppression: Option<Suppression>,
    /// The text that would suppress it, and where that goes.
    pub advice: Option<String>,
}

/// A place and what it has to do with the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// Why it matters.
    pub message: String,
    /// Whether this is the token that is wrong.
    pub primary: bool,
}

/// One step of a value's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueStep {
    /// The place.
    pub span: Span,
    /// What happened there.
    pub step: Step,
}

impl Finding {
    /// Whether somebody accepted it: it is counted, and fails nothing.
    pub fn is_suppressed(&self) -> bool {
        self.suppression.is_some()
    }

    /// The primary label.
    pub fn primary(&self) -> &Label {
        // `build` makes exactly one, first.
        &self.labels[0]
    }
}
