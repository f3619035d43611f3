//! The domains against texts that can and cannot occur.

use super::{
    Domain, account, header, method, of_account, of_user, organization, organization_path, path,
    path_of, paths_of, principal, session, stage, tail, tail_of, vpc, vpc_endpoint,
};
use crate::analyze::sets::{Budget, Glob, TextSet};

fn ample() -> Budget {
    Budget::new(5_000_000)
}

fn like(pattern: &str) -> TextSet {
    Glob::like(pattern).into()
}

fn arn(pattern: &str) -> TextSet {
    Glob::arn(pattern).expect("an ARN").into()
}

fn shown(domain: &Domain, set: &TextSet) -> String {
    let found = domain.witness(set, &ample()).expect("a small question");
    assert_eq!(domain.is_empty(set, &ample()), Ok(found.is_none()));
    assert!(found.as_ref().is_none_or(|text| domain.contains(text) && set.contains(text)));
    found.unwrap_or_else(|| "nothing".to_owned())
}

#[test]
fn ids_have_the_form_of_ids() {
    let all = TextSet::everything();
    assert_eq!(shown(&account(), &all), "999999999999");
    assert_eq!(shown(&account(), &all.subtract(&like("9*"))), "888888888888");
    assert_eq!(shown(&account(), &like("1234*")), "123411111111");
    assert_eq!(shown(&account(), &like("o-*")), "nothing");
    assert_eq!(shown(&organization(), &all), "o-exampleorg1");
    assert_eq!(shown(&organization(), &like("o-acme*")), "o-acmeaaaaaa");
    assert_eq!(shown(&organization(), &TextSet::exactly("o-short")), "o-short");
    assert_eq!(shown(&organization(), &like("O-*")), "nothing");
    assert_eq!(shown(&vpc_endpoint(), &all), "vpce-0f1e2d3c4b5a69781");
    assert_eq!(shown(&vpc_endpoint(), &like("vpce-0abc*")), "vpce-0abcaaaa");
    assert_eq!(shown(&vpc_endpoint(), &TextSet::exactly("vpce-partner123")), "vpce-partner123");
    assert_eq!(shown(&vpc_endpoint(), &like("vpc-*")), "nothing");
    assert_eq!(shown(&vpc(), &like("vpce*")), "nothing");
    assert_eq!(account().fresh(&like("9*")).next(), Some("888888888888"));
}

#[test]
fn organisation_paths() {
    let all = TextSet::everything();
    let paths = organization_path();
    assert_eq!(shown(&paths, &all), "o-exampleorg1/r-ab12/ou-ab12-11111111/");
    let own = paths_of(&Glob::exactly("o-a1b2c3d4e5"));
    assert_eq!(shown(&paths, &own.clone().into()), "o-a1b2c3d4e5/r-aaaa/");
    let below = like("o-a1b2c3d4e5/r-ab12/ou-ab12-2*/*");
    assert_eq!(shown(&paths, &below), "o-a1b2c3d4e5/r-ab12/ou-ab12-2aaaaaaa/");
    assert_eq!(shown(&paths, &TextSet::exactly("o-a1b2c3d4e5/r-ab12")), "nothing");
    assert!(!own.contains("o-a1b2c3d4e55/r-ab12/") && own.contains("o-a1b2c3d4e5/r-x/"));
    // `o-*` under the organisation's id crosses no slash.
    assert!(paths_of(&Glob::like("o-*")).contains("o-a/r-b/"));
    assert!(!paths_of(&Glob::like("o-*/r-b")).contains("o-a/r-b/"));
}

#[test]
fn principals() {
    let aws = principal("aws");
    let of = |accounts: &str| TextSet::from(of_account(&Glob::like(accounts)));
    assert_eq!(
        shown(&aws, &arn("arn:aws:iam::*:role/Admin")),
        "arn:aws:iam::111111111111:role/Admin"
    );
    assert_eq!(
        shown(&aws, &arn("arn:aws:iam::*:role/*").intersect(&of("9999*"))),
        "arn:aws:iam::999911111111:role/a"
    );
    assert_eq!(
        shown(&aws, &arn("arn:aws:iam::*:role/team/*").intersect(&of("999999999999"))),
        "arn:aws:iam::999999999999:role/team/a"
    );
    assert_eq!(shown(&aws, &arn("arn:aws:sts::*:assumed-role/*")), "nothing");
    assert_eq!(shown(&aws, &arn("arn:aws-cn:iam::*:role/*")), "nothing");
    assert_eq!(
        shown(&aws, &arn("arn:aws:iam::*:*").intersect(&arn("arn:aws:iam::*:ro?t"))),
        "arn:aws:iam::111111111111:root"
    );
    assert_eq!(
        shown(&session("aws"), &arn("arn:aws:sts::*:assumed-role/Admin/*")),
        "arn:aws:sts::111111111111:assumed-role/Admin/a"
    );
    let named = TextSet::from(of_user(&Glob::like("bob*")));
    assert!(
        named.contains("arn:aws:iam::1:user/team/bobby")
            && named.contains("arn:aws:iam::1:user/bob")
    );
    assert!(
        !named.contains("arn:aws:iam::1:user/bob/x") && !named.contains("arn:aws:iam::1:role/bob")
    );
    // A wildcard under the account id does not reach into other fields.
    assert!(!of_account(&Glob::like("1*9")).contains("arn:aws:iam::1:role/9:x"));
}

#[test]
fn requests() {
    let all = TextSet::everything();
    assert_eq!(shown(&method(), &all), "GET");
    assert_eq!(shown(&method(), &TextSet::exactly("ANY")), "nothing");
    assert_eq!(shown(&stage(), &all), "prod");
    assert_eq!(shown(&stage(), &TextSet::exactly("")), "nothing");
    assert_eq!(shown(&path(), &all), "/");
    assert_eq!(shown(&path(), &like("/admin/*")), "/admin/a");
    assert_eq!(shown(&path(), &TextSet::exactly("/a*")), "/a*");
    assert_eq!(shown(&path(), &like("pets*")), "nothing");
    assert_eq!(shown(&tail(), &like("*/GET/pets")), "prod/GET/pets");
    assert_eq!(shown(&tail(), &like("prod/ANY/*")), "nothing");
    assert_eq!(shown(&tail(), &like("/GET/*")), "nothing", "a stage is never empty");
    assert_eq!(shown(&tail(), &like("prod")), "nothing");
    // The wildcard of a stage reaches into the path.
    let spill = like("*/GET/pets").subtract(&like("*/GET/*").intersect(&like("?/GET/*")));
    assert_eq!(shown(&tail_of(&stage(), &["POST"], &path()), &spill), "prod/POST/GET/pets");
    assert_eq!(shown(&header(&["curl/8.5.0"]), &all), "curl/8.5.0");
    assert_eq!(shown(&header(&[]), &like("s3*et")), "s3et");
    assert_eq!(shown(&header(&[]), &TextSet::exactly("a\nb")), "nothing");
    assert_eq!(shown(&header(&[]), &TextSet::exactly("")), "");
}

#[test]
fn routes() {
    let route = |template| tail_of(&stage().preferring(["prod"]), &["GET"], &path_of(template));
    assert_eq!(
        shown(&path_of("/pets/{id}/toys/{proxy+}"), &TextSet::everything()),
        "/pets/1/toys/any"
    );
    assert_eq!(shown(&route("/pets/{id}"), &like("dev/GET/pets/7")), "dev/GET/pets/7");
    assert_eq!(shown(&route("/pets/{id}"), &like("*/GET/pets/7/*")), "nothing");
    assert_eq!(shown(&route("/{proxy+}"), &like("*/admin/*")), "prod/GET/admin/a");
    assert_eq!(shown(&route("/"), &like("*")), "prod/GET/");
    assert_eq!(shown(&path_of("/pets/"), &TextSet::everything()), "/pets");
}
