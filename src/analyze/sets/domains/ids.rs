//! Ids: accounts, organisations and the paths in them, VPCs and their endpoints.

use std::sync::LazyLock;

use super::{ALNUM, DIGIT, Domain, HEX, LOWER, build};
use crate::analyze::sets::glob::{Chars, Glob};

/// The depth to which organisational units nest (AWS Organizations user guide, "Quotas").
const UNITS: usize = 5;

/// An account: twelve digits.
pub fn account() -> Domain {
    static DOMAIN: LazyLock<Domain> = LazyLock::new(|| {
        let every = build(|b| b.between(&DIGIT, 12, 12));
        let repeated = (1..=9).rev().map(|digit: u64| (digit * 111_111_111_111).to_string());
        let further = (0..90u64).map(|n| (987_654_321_098 - n).to_string());
        Domain::new(every.clone(), every).preferring(repeated.chain(further))
    });
    DOMAIN.clone()
}

/// An organisation: `o-` and lower-case letters or digits, usually 10 to 32.
pub fn organization() -> Domain {
    static DOMAIN: LazyLock<Domain> = LazyLock::new(|| {
        let every = build(|b| b.text("o-").some(&LOWER));
        let usual = build(|b| b.text("o-").between(&LOWER, 10, 32));
        Domain::new(every, usual).preferring((1..=9).map(|n| format!("o-exampleorg{n}")))
    });
    DOMAIN.clone()
}

/// The path of an account in its organisation: `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`. The trailing
/// slash is part of it (IAM user guide, `aws:PrincipalOrgPaths`).
pub fn organization_path() -> Domain {
    static DOMAIN: LazyLock<Domain> = LazyLock::new(|| {
        let units = Chars::ascii("abcdefghijklmnopqrstuvwxyz0123456789-/");
        let root = build(|b| b.text("o-").some(&LOWER).text("/r-").some(&LOWER).text("/"));
        let below = root.then(&build(|b| b.run(&units).text("/")));
        let every = Glob::any_of([root, below]);
        let root =
            build(|b| b.text("o-").between(&LOWER, 10, 32).text("/r-").between(&LOWER, 4, 32));
        let usual = (0..=UNITS).map(|depth| {
            root.then(&build(|mut b| {
                for _ in 0..depth {
                    b = b.text("/ou-").between(&LOWER, 4, 32).text("-").between(&LOWER, 8, 32);
                }
                b.text("/")
            }))
        });
        let hints = (1..=9).map(|n| format!("o-exampleorg{n}/r-ab12/ou-ab12-11111111/"));
        Domain::new(every, Glob::any_of(usual)).preferring(hints)
    });
    DOMAIN.clone()
}

/// The paths in the organisations of `organizations`.
pub fn paths_of(organizations: &Glob) -> Glob {
    let name = Chars::ALL.subtract(&Chars::ascii("/"));
    organizations.within(&name).then(&build(|b| b.text("/").run(&Chars::ALL)))
}

/// A VPC endpoint.
pub fn vpc_endpoint() -> Domain {
    static DOMAIN: LazyLock<Domain> = LazyLock::new(|| resource("vpce-"));
    DOMAIN.clone()
}

/// A VPC.
pub fn vpc() -> Domain {
    static DOMAIN: LazyLock<Domain> = LazyLock::new(|| resource("vpc-"));
    DOMAIN.clone()
}

/// The id of a resource: its prefix, and usually 17 hexadecimal digits or, for old ones, 8.
fn resource(prefix: &str) -> Domain {
    let rest = ALNUM.union(&Chars::ascii("-_"));
    let every = build(|b| b.text(prefix).some(&rest));
    let usual = [17, 8].map(|digits| build(|b| b.text(prefix).between(&HEX, digits, digits)));
    let hints = (1..=9).map(|n| format!("{prefix}0f1e2d3c4b5a6978{n}"));
    Domain::new(every, Glob::any_of(usual)).preferring(hints)
}
