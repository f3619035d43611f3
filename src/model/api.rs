//! APIs: what a template deploys.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::Origin;

use super::{AccountId, Policy, Problem, SymbolRef, SymbolTable, Ways};

/// Everything that one unit holds.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// Its APIs, in source order.
    pub apis: Vec<Api>,
    /// What is wrong with it apart from what its policies say.
    pub problems: Vec<Problem>,
    /// The symbols that its APIs refer to.
    pub symbols: Arc<SymbolTable>,
    /// How its APIs and custom domains are reached, by address; those of which there is nothing to say
    /// are not among them.
    pub ways: BTreeMap<String, Ways>,
}

/// An API (or custom domain, or bare policy document) with its policies, in every world.
#[derive(Debug, Clone)]
pub struct Api {
    /// The Terraform address, the CloudFormation logical id, or the file's name.
    pub address: String,
    /// What it is.
    pub kind: ApiKind,
    /// Which format it was written in.
    pub framework: Framework,
    /// Its name property, when that is known: trust scopes match it too.
    pub name: Option<String>,
    /// Its tags, in which teams say whose it is.
    pub tags: Vec<Tag>,
    /// The token that names it.
    pub origin: Origin,
    /// Where its policies are written.
    pub sites: Vec<PolicySite>,
    /// What it is in each world; at least one.
    pub worlds: Vec<ApiWorld>,
    /// The bound on worlds was reached: branches were left open.
    pub bounded: bool,
    /// What is not read yet or could not be resolved and may change the verdict.
    pub unresolved: Vec<Problem>,
    /// What was taken for granted (defaults, an account found in an ARN), for people.
    pub assumptions: Vec<Assumption>,
    /// The call of the Terraform module that it is declared in, and the folder of the root module that
    /// makes it; `None` where it is declared in that module itself.
    pub called: Option<(Origin, String)>,
    /// The account that it is deployed in, where its file says so, and where.
    pub account: Option<(AccountId, Origin)>,
    /// The symbols that its leaves refer to: the unit's.
    pub symbols: Arc<SymbolTable>,
}

impl Api {
    /// Whether the API is there as long as nobody asks for anything else: it exists in a world in which
    /// every default holds. What is found of one that a default leaves out is possible at most.
    pub fn exists_by_default(&self) -> bool {
        let mut defaults = self.worlds.iter().filter(|world| world.is_default).peekable();
        defaults.peek().is_none() || defaults.any(|world| world.exists)
    }
}

/// A tag of an API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag {
    /// Its key.
    pub key: String,
    /// Its value; what is not known of it stands in braces.
    pub value: String,
}

/// What an API is in one world.
#[derive(Debug, Clone)]
pub struct ApiWorld {
    /// What tells this world from the others: `when Environment = localdev`.
    pub assumptions: Vec<Assumption>,
    /// Every default holds in this world.
    pub is_default: bool,
    /// Whether the API exists in it.
    pub exists: bool,
    /// The endpoint type.
    pub endpoint: EndpointTypes,
    /// The address type of the endpoint.
    pub ip: IpAddressType,
    /// The policy.
    pub policy: PolicyState,
    /// The methods.
    pub routes: Routes,
}

impl ApiWorld {
    /// A world in which the API does not exist.
    pub fn absent() -> Self {
        Self {
            assumptions: Vec::new(),
            is_default: false,
            exists: false,
            endpoint: EndpointTypes::Absent,
            ip: IpAddressType::Ipv4,
            policy: PolicyState::None,
            routes: Routes::default(),
        }
    }
}

/// Something taken for granted, in words, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assumption {
    /// In words: `Environment = localdev`, `endpoint type EDGE`.
    pub text: String,
    /// The flag that would pin it.
    pub pin: Option<String>,
    /// Where.
    pub origin: Option<Origin>,
}

impl Assumption {
    /// What is said of an OpenAPI document whose root asks for a security scheme: nobody is asked for it.
    pub const ROOT_SECURITY: &'static str =
        "`security` at the root does not count: the import of a REST API ignores it";

    /// Whether people who read the document would believe otherwise: it is to be said wherever they look.
    pub fn is_surprise(&self) -> bool {
        self.text == Self::ROOT_SECURITY
    }
}

/// What kind of thing carries a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApiKind {
    /// A REST API.
    RestApi,
    /// A private custom domain.
    DomainName,
    /// A VPC endpoint for execute-api.
    VpcEndpoint,
    /// A policy document alone.
    Document,
}

/// The format an API was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of CONTRACT 4")]
pub enum Framework {
    Terraform,
    TerraformPlan,
    CloudFormation,
    Sam,
    OpenApi,
    Serverless,
    Policy,
}

/// How a policy is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of CONTRACT 4")]
pub enum Form {
    Inline,
    JsonString,
    Heredoc,
    Jsonencode,
    AwsIamPolicyDocument,
    File,
    Templatefile,
    Variable,
    Module,
    SamResourcePolicy,
    OpenApiExtension,
    Plan,
    Document,
}

/// Where a policy is attached and written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicySite {
    /// The attaching resource.
    pub address: String,
    /// Where the document's text begins.
    pub origin: Origin,
    /// How it is written.
    pub form: Form,
    /// The documents that are merged into it (`source_policy_documents`, `override_policy_documents`),
    /// each by the way it comes.
    pub merged: Vec<Origin>,
}

/// The policy of an API in one world.
#[derive(Debug, Clone)]
pub enum PolicyState {
    /// There is none.
    None,
    /// There is one, in each of its readings (more than one when a key stands twice, or when
    /// several resources write the policy of one API and the last writer wins).
    Known(Vec<Policy>),
    /// There may be one, and nothing is known of it.
    Unknown(SymbolRef, Origin),
}

/// An endpoint type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are AWS's own")]
pub enum EndpointType {
    Edge,
    Regional,
    Private,
}

impl EndpointType {
    /// The type that AWS calls so; `None` for any other text.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Edge, Self::Regional, Self::Private].into_iter().find(|kind| kind.name() == name)
    }

    /// What AWS calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Edge => "EDGE",
            Self::Regional => "REGIONAL",
            Self::Private => "PRIVATE",
        }
    }
}

/// The endpoint type of an API (SEMANTICS 3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointTypes {
    /// Written, with its token.
    Known(EndpointType, Option<Origin>),
    /// Not written: EDGE, the platform's default.
    Absent,
    /// A bare document: judged as EDGE, PRIVATE being possible.
    Document,
    /// Written, and not known.
    Unknown(SymbolRef, Origin),
}

/// The addresses that can reach an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IpAddressType {
    /// IPv4 only: the default of EDGE and REGIONAL.
    Ipv4,
    /// Both. PRIVATE always is.
    Dualstack,
    /// Not known.
    Unknown,
}

/// How a method is authorised (SEMANTICS 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are AWS's own")]
pub enum AuthType {
    None,
    AwsIam,
    /// A Lambda authorizer.
    Custom,
    CognitoUserPools,
    /// Written, and not known.
    Unknown,
}

impl AuthType {
    /// The authorisation that AWS calls so; [`AuthType::Unknown`] for any other text.
    pub fn parse(name: &str) -> Self {
        match name {
            "NONE" => Self::None,
            "AWS_IAM" => Self::AwsIam,
            "CUSTOM" => Self::Custom,
            "COGNITO_USER_POOLS" => Self::CognitoUserPools,
            _ => Self::Unknown,
        }
    }

    /// What AWS calls it; `None` where it is not known.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::None => Some("NONE"),
            Self::AwsIam => Some("AWS_IAM"),
            Self::Custom => Some("CUSTOM"),
            Self::CognitoUserPools => Some("COGNITO_USER_POOLS"),
            Self::Unknown => None,
        }
    }

    /// The same for people.
    pub fn words(self) -> &'static str {
        self.name().unwrap_or("not known")
    }
}

/// A method of an API.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Route {
    /// The verb in upper case, or `ANY`; `None` when it is not known.
    pub method: Option<String>,
    /// The path template with its leading slash: `/pets/{id}`, `/{proxy+}`; `None` when it is not
    /// known.
    pub path: Option<String>,
    /// Its authorisation.
    pub auth: AuthType,
    /// The token that says so, or that names the method.
    pub origin: Origin,
    /// The token that asks for an API key, which authorises nobody (SEMANTICS 3.2); `None` where none
    /// is asked for, or nobody knows.
    pub api_key: Option<Origin>,
}

/// The methods of an API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Routes {
    /// The declared ones.
    pub declared: Vec<Route>,
    /// Nothing else can add methods: no body, no import, no unresolved resource, and at least one
    /// method is declared. Of a declared one the verb or the path need not be known: it stands for
    /// whatever they may be.
    pub complete: bool,
    /// The names of its stages, as far as they are known. A request of a witness goes to the first;
    /// there may be others, from elsewhere.
    pub stages: Vec<String>,
}

impl Routes {
    /// Whether these are all methods, and the verb and the path of each are known.
    pub fn are_known(&self) -> bool {
        let known = |route: &Route| route.method.is_some() && route.path.is_some();
        self.complete && self.declared.iter().all(known)
    }
}
