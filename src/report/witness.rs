//! A request in words.

use crate::model::{AbsentOr, Caller, Fresh, Network, Request, Value};

/// One line: who, from where, what. `anonymous, from 8.8.8.8: GET /prod/orders`.
pub fn describe(request: &Request) -> String {
    let who = match &request.caller {
        Caller::Anonymous => "anonymous".to_owned(),
        Caller::Iam(iam) if iam.fresh == Fresh::Yes => {
            let org = match &iam.org {
                AbsentOr::Present(_) => " in an organisation of its own",
                _ => "",
            };
            format!("an IAM principal of some other account{org}")
        }
        Caller::Iam(iam) => iam.session.as_ref().unwrap_or(&iam.arn).clone(),
    };
    let from = match &request.network {
        Network::Internet(ip, _) => format!("from {ip}"),
        Network::Vpc { vpce, vpc, ip } => {
            format!("from {ip} through {} in {}", place(vpce, "VPC endpoint"), place(vpc, "VPC"))
        }
    };
    let with: Vec<String> = request
        .context
        .iter()
        .filter_map(|(key, value)| match value {
            AbsentOr::Present(values) => {
                let values: Vec<&str> = values.iter().map(|v| v.text.as_str()).collect();
                Some(format!("{key} = {}", values.join(", ")))
            }
            AbsentOr::Absent | AbsentOr::Maybe(_) | AbsentOr::Unknown => None,
        })
        .collect();
    let with = if with.is_empty() { String::new() } else { format!(", with {}", with.join("; ")) };
    let Request { method, stage, path, .. } = request;
    format!("{who}, {from}{with}: {method} /{stage}{path}")
}

fn place(value: &Value, kind: &str) -> String {
    match value.fresh {
        Fresh::Yes => format!("some other {kind}"),
        Fresh::No => value.text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{AccountId, Iam};

    fn request() -> Request {
        Request {
            caller: Caller::Anonymous,
            network: Network::internet([8, 8, 8, 8]),
            method: "GET".into(),
            stage: "prod".into(),
            path: "/orders".into(),
            context: BTreeMap::new(),
            now: 0,
        }
    }

    #[test]
    fn says_who_where_and_what() {
        assert_eq!(describe(&request()), "anonymous, from 8.8.8.8: GET /prod/orders");
        let mut headers = request();
        headers
            .context
            .insert("aws:referer".into(), AbsentOr::Present(vec![Value::fresh("s3cret")]));
        headers.context.insert("aws:useragent".into(), AbsentOr::Absent);
        assert_eq!(
            describe(&headers),
            "anonymous, from 8.8.8.8, with aws:referer = s3cret: GET /prod/orders"
        );
        let mut private = request();
        private.network = Network::Vpc {
            vpce: Value::fresh("vpce-0f"),
            vpc: Value::named("vpc-0aaaaaaaaaaaaaaa1"),
            ip: [10, 0, 0, 5].into(),
        };
        assert_eq!(
            describe(&private),
            "anonymous, from 10.0.0.5 through some other VPC endpoint in vpc-0aaaaaaaaaaaaaaa1: \
             GET /prod/orders"
        );
        let mut signed = request();
        let account = AccountId::parse("999999999999").expect("an account");
        let mut iam = Iam {
            arn: "arn:aws:iam::999999999999:role/Caller".into(),
            session: None,
            account,
            fresh: Fresh::No,
            owner: false,
            org: AbsentOr::Absent,
            org_paths: AbsentOr::Absent,
            symbolic: None,
        };
        signed.caller = Caller::Iam(iam.clone());
        assert_eq!(
            describe(&signed),
            "arn:aws:iam::999999999999:role/Caller, from 8.8.8.8: GET /prod/orders"
        );
        iam.fresh = Fresh::Yes;
        signed.caller = Caller::Iam(iam);
        assert_eq!(
            describe(&signed),
            "an IAM principal of some other account, from 8.8.8.8: GET /prod/orders"
        );
    }
}
