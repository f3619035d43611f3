//! What stays the same while one policy is evaluated for one request.

use std::cell::OnceCell;

use crate::model::{Caller, Identity, Policy, Request, SymbolClass, Version};

/// Whether `${...}` in a policy's text is a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variables {
    /// It is literal text: version 2008-10-17, or none.
    Literal,
    /// It is a variable: version 2012-10-17.
    Expanded,
    /// The version is not known, or not one.
    Either,
}

/// One evaluation.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) request: &'a Request,
    pub(super) identity: &'a Identity,
    pub(super) variables: Variables,
    /// The owner account, as the caller's values spell it.
    owner: &'a str,
    /// What most elements do not ask for.
    names: OnceCell<Names>,
}

/// The ARNs of one evaluation.
#[derive(Debug)]
struct Names {
    /// `arn:{partition}:execute-api:{region}:{account}:{api}` and nothing behind it.
    api_arn: String,
    /// The whole ARN of the request.
    arn: String,
    /// Where the text behind `{api}/` begins.
    tail: usize,
}

impl Names {
    fn new(request: &Request, identity: &Identity) -> Self {
        let Identity { partition, region, account, api_id, domain } = identity;
        let head = format!("arn:{partition}:execute-api:{region}:{account}:");
        let api_arn = format!("{head}{api_id}");
        let (arn, tail) = match domain {
            Some(domain) => {
                let arn = format!("{head}/domainnames/{domain}");
                let end = arn.len();
                (arn, end)
            }
            None => {
                let Request { stage, method, path, .. } = request;
                (format!("{api_arn}/{stage}/{method}{path}"), api_arn.len() + 1)
            }
        };
        Self { api_arn, arn, tail }
    }
}

impl<'a> Scope<'a> {
    pub(super) fn new(policy: &Policy, request: &'a Request, identity: &'a Identity) -> Self {
        let variables = match policy.version {
            Version::Missing | Version::V2008(_) => Variables::Literal,
            Version::V2012(_) => Variables::Expanded,
            Version::Other(_) => Variables::Either,
        };
        let owner = match &request.caller {
            Caller::Iam(iam) if iam.owner => iam.account.as_str(),
            _ => identity.account.as_str(),
        };
        Self { request, identity, variables, owner, names: OnceCell::new() }
    }

    /// The whole ARN of the request.
    pub(super) fn arn(&self) -> &str {
        &self.names().arn
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::new(self.request, self.identity))
    }

    /// What stands before `{stage}/{METHOD}{path}` in the ARN of a request.
    pub(super) fn head(&self) -> &str {
        let Names { arn, tail, .. } = self.names();
        arn.get(..*tail).unwrap_or(arn)
    }

    /// `{stage}/{METHOD}{path}`: what `execute-api:/` in front of it makes whole. `None` for a
    /// custom domain.
    pub(super) fn tail(&self) -> Option<&str> {
        match self.identity.domain {
            Some(_) => None,
            None => self.arn().get(self.names().tail..),
        }
    }

    /// The value of a symbol that stands for a field of the API's identity.
    pub(super) fn exact(&self, class: SymbolClass) -> Option<&str> {
        match class {
            SymbolClass::OwnerAccount => Some(self.owner),
            SymbolClass::Region => Some(&self.identity.region),
            SymbolClass::Partition => Some(&self.identity.partition),
            SymbolClass::ThisApiArn => Some(&self.names().api_arn),
            SymbolClass::ThisApiId => Some(&self.identity.api_id),
            SymbolClass::Input
            | SymbolClass::OwnVpcEndpoint
            | SymbolClass::OwnVpc
            | SymbolClass::OwnOther
            | SymbolClass::OtherApi
            | SymbolClass::External
            | SymbolClass::Opaque => None,
        }
    }
}
