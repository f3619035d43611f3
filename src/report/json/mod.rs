//! JSON, schema version 1 (CONTRACT 4). The order of the fields is the contract's.

mod schema;

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::Value;

use super::{JudgedApi, Run};
use crate::finding::{Finding, Severity, Suppression};
use crate::model::{
    AbsentOr, ApiKind, Assumption, AuthType, Caller, EndpointType, EndpointTypes, ExposureSummary,
    Form, Framework, Network, Reached, Request,
};
use crate::source::{SourceDb, Span};
use schema::*;
pub(super) use schema::{Range, Tool, Witness};

pub(super) const SCHEMA_VERSION: u32 = 1;

/// Writes `run` as one JSON object and a line end.
///
/// # Errors
/// Those of `out`.
pub fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let report = Report {
        schema_version: SCHEMA_VERSION,
        tool: tool(),
        summary: summary(run),
        apis: run.apis.iter().map(|api| self::api(api, &run.db)).collect(),
        findings: run.findings.iter().map(|finding| self::finding(finding, &run.db)).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")
}

/// Which program writes.
pub(super) fn tool() -> Tool {
    Tool { name: "gatelint", version: env!("CARGO_PKG_VERSION") }
}

fn summary(run: &Run) -> Summary {
    let counts = run.counts;
    Summary {
        files_discovered: counts.files_discovered,
        files_analyzed: counts.files_analyzed,
        apis: counts.apis,
        policies: counts.policies,
        unresolved: counts.unresolved,
        suppressed: counts.suppressed + counts.baselined,
        findings: BySeverity {
            critical: run.count(Severity::Critical),
            high: run.count(Severity::High),
            medium: run.count(Severity::Medium),
            low: run.count(Severity::Low),
            info: run.count(Severity::Info),
        },
    }
}

fn api(judged: &JudgedApi, db: &SourceDb) -> Api {
    let JudgedApi { api, reach, origins } = judged;
    let (file, line) = place(origins.span(api.origin), db);
    let policies = api.sites.iter().map(|site| {
        let (file, line) = place(origins.span(site.origin), db);
        Policy { address: site.address.clone(), file, line, form: form(site.form) }
    });
    let called = api.called.as_ref().map(|(call, _)| {
        let (file, line) = place(origins.span(*call), db);
        At { file, line }
    });
    Api {
        address: api.address.clone(),
        kind: kind(api.kind),
        framework: framework(api.framework),
        file,
        line,
        called,
        endpoint_types: endpoint_types(api),
        authorization: authorization(api),
        policies: policies.collect(),
        assumptions: assumptions(&api.assumptions),
        exposure: exposure(&reach.summaries.exposure),
        policy_exposure: reach.summaries.policy_exposure.as_ref().map(exposure),
    }
}

fn finding(finding: &Finding, db: &SourceDb) -> JsonFinding {
    let primary = finding.primary().span;
    let labels = finding.labels.iter().map(|label| JsonLabel {
        file: db.file(label.span.file).display.clone(),
        range: range(label.span, db),
        message: label.message.clone(),
        primary: label.primary,
    });
    JsonFinding {
        rule: finding.rule,
        severity: finding.severity.name(),
        confidence: finding.confidence.name(),
        message: finding.title.clone(),
        help: finding.help.clone(),
        api: finding.api.clone(),
        file: db.file(primary.file).display.clone(),
        range: range(primary, db),
        labels: labels.collect(),
        witness: finding.witness.as_ref().map(witness),
        assumptions: assumptions(&finding.assumptions),
        fingerprint: finding.fingerprint.clone(),
        suppression: finding.suppression.as_ref().map(|by| suppression(by, db)),
    }
}

fn suppression(by: &Suppression, db: &SourceDb) -> JsonSuppression {
    let (file, line) = by.span.map(|span| place(span, db)).unzip();
    JsonSuppression {
        kind: by.kind.name(),
        reason: by.reason.clone(),
        until: by.until.clone(),
        file,
        line,
    }
}

/// A request, field by field (CONTRACT 4).
pub(super) fn witness(request: &Request) -> Witness {
    let principal = match &request.caller {
        Caller::Anonymous => "anonymous".to_owned(),
        Caller::Iam(iam) => iam.session.clone().unwrap_or_else(|| iam.arn.clone()),
    };
    let (mut source_ip, mut vpc_source_ip, mut endpoint, mut network) = (None, None, None, None);
    match &request.network {
        Network::Internet(address, _) => source_ip = Some(address.to_string()),
        Network::Vpc { vpce, vpc, ip } => {
            vpc_source_ip = Some(ip.to_string());
            endpoint = Some(vpce.text.clone());
            network = Some(vpc.text.clone());
        }
    }
    let context = request.context.iter().filter_map(|(key, value)| {
        let values = match value {
            // A key whose value does not matter, or that is not sent, is no part of the request.
            AbsentOr::Absent | AbsentOr::Unknown => return None,
            AbsentOr::Present(values) | AbsentOr::Maybe(values) => values,
        };
        let value = match values.as_slice() {
            [one] => Value::from(one.text.as_str()),
            several => several.iter().map(|value| value.text.as_str()).collect(),
        };
        Some((key.clone(), value))
    });
    Witness {
        principal,
        source_ip,
        vpc: network,
        vpc_endpoint: endpoint,
        vpc_source_ip,
        method: request.method.clone(),
        stage: request.stage.clone(),
        path: request.path.clone(),
        context: context.collect(),
    }
}

/// Each assumption in words, with the flag that would pin it.
pub(super) fn assumptions(assumptions: &[Assumption]) -> Vec<String> {
    let text = |assumption: &Assumption| match &assumption.pin {
        Some(pin) => format!("{} ({pin})", assumption.text),
        None => assumption.text.clone(),
    };
    assumptions.iter().map(text).collect()
}

fn place(span: Span, db: &SourceDb) -> (String, usize) {
    let file = db.file(span.file);
    (file.display.clone(), file.line_col(span.start).line)
}

pub(super) fn range(span: Span, db: &SourceDb) -> Range {
    let file = db.file(span.file);
    let position = |offset: u32| {
        let at = file.line_col(offset);
        Position { line: at.line, column: at.column, offset }
    };
    Range { start: position(span.start), end: position(span.end) }
}

fn exposure(summary: &ExposureSummary) -> JsonExposure {
    JsonExposure {
        anonymous_internet: reached(summary.anonymous_internet),
        any_aws_account: reached(summary.any_aws_account),
        any_vpc_endpoint: reached(summary.any_vpc_endpoint),
        untrusted_accounts: summary.untrusted_accounts.clone(),
        possible_accounts: summary.possible_accounts.clone(),
        trusted_accounts: summary.trusted_accounts.clone(),
        organizations: summary.organizations.clone(),
        networks: summary.networks.clone(),
        vpcs: summary.vpcs.clone(),
        vpc_endpoints: summary.vpc_endpoints.clone(),
        preflight_only: summary.preflight_only,
    }
}

/// The name of an answer.
pub(super) fn reached(reached: Reached) -> &'static str {
    match reached {
        Reached::Denied => "denied",
        Reached::Possible => "possible",
        Reached::Allowed => "allowed",
    }
}

/// The endpoint types over all worlds in which the API exists: those that were judged.
pub(super) fn endpoint_types(api: &crate::model::Api) -> Vec<&'static str> {
    let mut types = BTreeSet::new();
    let is_api = api.kind != ApiKind::VpcEndpoint;
    for world in api.worlds.iter().filter(|world| world.exists && is_api) {
        match &world.endpoint {
            EndpointTypes::Known(known, _) => {
                types.insert(*known);
            }
            EndpointTypes::Absent | EndpointTypes::Document => {
                types.insert(EndpointType::Edge);
            }
            EndpointTypes::Unknown(..) => types.extend([EndpointType::Edge, EndpointType::Private]),
        }
    }
    types.into_iter().map(EndpointType::name).collect()
}

/// The authorisation of the declared methods over all worlds.
fn authorization(api: &crate::model::Api) -> Vec<&'static str> {
    let worlds = api.worlds.iter().filter(|world| world.exists);
    let types: BTreeSet<AuthType> =
        worlds.flat_map(|world| world.routes.declared.iter().map(|route| route.auth)).collect();
    types.into_iter().map(|auth| auth.name().unwrap_or("UNKNOWN")).collect()
}

pub(super) fn kind(kind: ApiKind) -> &'static str {
    match kind {
        ApiKind::RestApi => "rest-api",
        ApiKind::DomainName => "domain-name",
        ApiKind::VpcEndpoint => "vpc-endpoint",
        ApiKind::Document => "document",
    }
}

pub(super) fn framework(framework: Framework) -> &'static str {
    match framework {
        Framework::Terraform => "terraform",
        Framework::TerraformPlan => "terraform-plan",
        Framework::CloudFormation => "cloudformation",
        Framework::Sam => "sam",
        Framework::OpenApi => "openapi",
        Framework::Serverless => "serverless",
        Framework::Policy => "policy",
    }
}

pub(super) fn form(form: Form) -> &'static str {
    match form {
        Form::Inline => "inline",
        Form::JsonString => "json-string",
        Form::Heredoc => "heredoc",
        Form::Jsonencode => "jsonencode",
        Form::AwsIamPolicyDocument => "aws_iam_policy_document",
        Form::File => "file",
        Form::Templatefile => "templatefile",
        Form::Variable => "variable",
        Form::Module => "module",
        Form::SamResourcePolicy => "sam-resource-policy",
        Form::OpenApiExtension => "openapi-extension",
        Form::Plan => "plan",
        Form::Document => "document",
    }
}
