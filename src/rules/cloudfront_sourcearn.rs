//! `cloudfront-sourcearn`: a distribution that is to be known by `aws:SourceArn`.

use super::support::{DefectCx, leaf_key};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Entry, KnownKey};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "cloudfront-sourcearn",
        summary: "aws:SourceArn names a CloudFront distribution, which sends API Gateway none",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/cloudfront-sourcearn.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for (place, _, condition) in cx.conditions() {
        if condition.key.known != KnownKey::SourceArn {
            continue;
        }
        for leaf in condition.values.iter().filter_map(Entry::one) {
            let text = leaf.display(&place.api.symbols);
            // `${aws_cloudfront_distribution.site.arn}` says it too.
            if !text.to_ascii_lowercase().contains("cloudfront") {
                continue;
            }
            let why = "never equal: requests through CloudFront carry no aws:SourceArn";
            let key = format!("cloudfront|{}", leaf_key(leaf, &place.api.symbols));
            let mut draft = place.draft(&RULE.meta, (leaf.origin, why.into()), key);
            draft.title = "CloudFront does not sign requests to API Gateway as itself".into();
            draft.help =
                "let CloudFront add a secret header, and check it in WAF or an authorizer".into();
            out.push(draft);
        }
    }
}
