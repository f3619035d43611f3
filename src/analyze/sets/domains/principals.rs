//! Principal ARNs (IAM user guide, "IAM identifiers", "IAM JSON policy elements: Principal").

use super::{DIGIT, Domain, GRAPHIC, build};
use crate::analyze::sets::glob::{Builder, Chars, Glob};

/// The characters of names of roles, users and sessions.
const NAME: Chars =
    Chars::ascii("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-");

/// What `aws:PrincipalArn` can hold in a partition: a role, a user, a federated user, the root user.
/// The session of a role is never there, its role is.
pub fn principal(partition: &str) -> Domain {
    let iam = || account_of(partition, "iam");
    let sts = || account_of(partition, "sts");
    let plain = |kind: &str| build(|b| b.text(kind).some(&NAME));
    let with_path = |kind: &str| build(|b| b.text(kind).run(&GRAPHIC).text("/").some(&NAME));
    let usual = Glob::any_of([
        iam().then(&plain("role/")),
        iam().then(&plain("user/")),
        sts().then(&plain("federated-user/")),
        iam().then(&Glob::exactly("root")),
    ]);
    let deep = ["role/", "user/"].map(|kind| iam().then(&with_path(kind)));
    Domain::new(Glob::any_of(deep.into_iter().chain([usual.clone()])), usual)
}

/// What the ARN of a role's session can be in a partition.
pub fn session(partition: &str) -> Domain {
    let rest = build(|b| b.text("assumed-role/").some(&NAME).text("/").some(&NAME));
    let every = account_of(partition, "sts").then(&rest);
    Domain::new(every.clone(), every)
}

/// The last field of the ARN of a principal: `role/`, `user/` or `federated-user/` and a name, of which
/// the first two may have a path.
pub fn named(kind: &str) -> Domain {
    let usual = build(|b| b.text(kind).some(&NAME));
    let deep = build(|b| b.text(kind).run(&GRAPHIC).text("/").some(&NAME));
    let every = match kind {
        "federated-user/" => usual.clone(),
        _ => Glob::any_of([usual.clone(), deep]),
    };
    Domain::new(every, usual).preferring([format!("{kind}caller")])
}

fn account_of(partition: &str, service: &str) -> Glob {
    build(|b| {
        b.text("arn:")
            .text(partition)
            .text(":")
            .text(service)
            .text("::")
            .between(&DIGIT, 12, 12)
            .text(":")
    })
}

/// The principal ARNs of the accounts of `accounts`.
pub fn of_account(accounts: &Glob) -> Glob {
    let head = build(|b| {
        let field = |b: Builder| b.run(&Chars::FIELD).text(":");
        field(field(field(field(b))))
    });
    head.then(&accounts.within(&Chars::FIELD)).then(&build(|b| b.text(":").run(&Chars::ALL)))
}

/// The principal ARNs of the users whose names are in `names`: `aws:username` is the last part of the
/// ARN, without the path.
pub fn of_user(names: &Glob) -> Glob {
    let segment = Chars::ALL.subtract(&Chars::ascii("/"));
    let names = names.within(&segment);
    let head = build(|b| {
        b.text("arn:").run(&Chars::FIELD).text(":iam::").run(&Chars::FIELD).text(":user/")
    });
    let deep = head.then(&build(|b| b.run(&Chars::ALL).text("/")));
    Glob::any_of([head.then(&names), deep.then(&names)])
}
