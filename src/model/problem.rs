//! What is wrong with a unit apart from what its policies let in: parts that cannot be read or are not
//! known, and what tools make of a text without a word.

use crate::source::Origin;

use super::{Assumption, Framework};

/// Something wrong with a unit that no policy verdict says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// Where.
    pub origin: Origin,
    /// Other places, with what they are.
    pub related: Vec<(Origin, String)>,
    /// The API it belongs to, by its address.
    pub api: Option<String>,
}

/// The kinds of problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// A part of the file cannot be read.
    Unreadable {
        /// Why, lower case, without a full stop.
        message: String,
        /// How to mend it.
        help: Option<String>,
    },
    /// A statement lacks elements that AWS asks for: the policy cannot be saved.
    Missing {
        /// Which, at least one, in AWS's order.
        elements: Vec<&'static str>,
    },
    /// A key stands twice.
    DuplicateKey {
        /// The key.
        key: String,
        /// What the language makes of it: the deployment fails, the last wins, ...
        effect: DuplicateEffect,
    },
    /// A value that decides nothing, or a form that is not read yet.
    Unresolved {
        /// What: `SAM ResourcePolicy`, `module "api"`, `var.tags`.
        what: String,
        /// Why.
        why: String,
        /// The flag that would pin it.
        pin: Option<String>,
    },
    /// A policy that is written and that no API has in any case.
    Unattached {
        /// What: the address of the resource.
        what: String,
        /// Why.
        why: String,
    },
    /// A resource policy where AWS takes none: on an HTTP or WebSocket API.
    OnHttpApi {
        /// What holds it: `Policy`, `x-amazon-apigateway-policy`.
        what: String,
        /// What it stands on: `HTTP API`, `WebSocket API`.
        protocol: &'static str,
        /// The deployment fails; otherwise the policy is ignored.
        refused: bool,
    },
    /// AWS SAM makes something else of a list of a `ResourcePolicy` than its name says.
    SamList(SamList),
    /// Several places write the policy of one API.
    SeveralPolicies {
        /// What writes this one: `Body`, an address.
        what: String,
        /// The last writer wins; otherwise nobody says which of them counts.
        last_wins: bool,
    },
    /// A deployment that stays as it is when the policy changes: the policy does not take effect.
    NotRedeployed {
        /// It says when to deploy again, and leaves the policy out.
        triggers: bool,
        /// How it is written.
        framework: Framework,
    },
    /// The import of an OpenAPI document takes the policy away that another resource attached.
    BodyOverwrites {
        /// Whether the import can be told to keep what the document does not name.
        merges: bool,
    },
    /// Something that is so in a world only in which not every default holds.
    InCase {
        /// What.
        kind: Box<ProblemKind>,
        /// What tells that world from the others.
        when: Vec<Assumption>,
    },
    /// `aws_iam_policy_document` makes something else of what is written than it says.
    PolicyDocument(DocumentSurprise),
    /// A bound on work was reached.
    Bounded {
        /// Which.
        what: String,
    },
    /// A bug in gatelint: the unit, or a rule, stopped.
    Internal {
        /// What it said.
        message: String,
    },
}

/// What AWS SAM makes of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SamList {
    /// A list of accounts restricts nothing: a list beside it adds an Allow to everyone.
    Opened {
        /// The other list.
        by: String,
    },
    /// An entry is dropped.
    Dropped {
        /// The entry.
        entry: String,
        /// The list.
        list: String,
        /// Something of the list is left.
        left: bool,
    },
    /// Of a VPC and an endpoint on a list both must match for a request to be denied.
    Together,
}

/// What `aws_iam_policy_document` makes of what is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentSurprise {
    /// A statement without `effect` is an Allow.
    EffectByDefault,
    /// Blocks of one operator and one key are one condition with all their values.
    Merged {
        /// The operator.
        operator: String,
        /// The key.
        key: String,
        /// The statement is a Deny.
        deny: bool,
    },
    /// A statement replaces another of the same identifier, all of it.
    Replaced {
        /// The identifier.
        sid: String,
        /// What the other one had and this one lacks: `the Deny`, `the condition on aws:SourceIp`.
        lost: String,
    },
}

/// What happens to a key that stands twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DuplicateEffect {
    /// The tool refuses the file (an HCL attribute).
    Refused,
    /// The last one wins in silence (an HCL object).
    LastWins,
    /// Nobody says (JSON, YAML): both readings are judged.
    Unspecified,
}
