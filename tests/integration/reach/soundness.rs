//! Soundness by difference: the exact decision against the representatives, against random requests,
//! and against itself when a policy changes in a way that can only shut or only open.
//!
//! Each run takes other policies and prints its seed; `GATELINT_SEED` repeats a run, and
//! `GATELINT_SOAK` says how many policies to try.

use std::time::{SystemTime, UNIX_EPOCH};

use gatelint::analyze::access::{Credential, Signer, access_by, seen_by_policy};
use gatelint::analyze::evaluate::evaluate;
use gatelint::analyze::reach::representatives;
use gatelint::model::{
    AuthType, Caller, CallerClass, EndpointType, EndpointTypes, Exposure, ExposureSummary, Fresh,
    IpAddressType, Network, Policy, PolicyState, Reach, Reached, Request, Tri,
};
use serde_json::{Value, json};

use super::bench::{Bench, EVIL, NOW, OWNER, line};
use super::random::{
    Dice, accounts_for, auths, bench, identity, identity_of, is_client, known, names_evil, outsider,
};
use super::worlds;

/// How many policies a usual run tries.
const CASES: usize = 100;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// A summary's levels.
pub(super) fn levels(summary: &ExposureSummary) -> Vec<(String, Reached)> {
    let mut out = vec![
        ("anonymous".to_owned(), summary.anonymous_internet),
        ("aws".to_owned(), summary.any_aws_account),
        ("vpce".to_owned(), summary.any_vpc_endpoint),
    ];
    out.extend(summary.untrusted_accounts.iter().map(|a| (a.clone(), Reached::Allowed)));
    out.extend(summary.possible_accounts.iter().map(|a| (a.clone(), Reached::Possible)));
    out
}

/// Who gets in by `more` and does not by `less`, or less certainly. With `vague` only who does not
/// get in at all.
fn beyond(more: &ExposureSummary, less: &ExposureSummary, vague: bool) -> Vec<String> {
    let known = levels(less);
    let level = |who: &str| {
        known.iter().find(|(name, _)| name == who).map_or(Reached::Denied, |(_, level)| *level)
    };
    let further = |(who, reached): &(String, Reached)| {
        let reached = if vague { (*reached).min(Reached::Possible) } else { *reached };
        reached > level(who)
    };
    levels(more).into_iter().filter(further).map(|(who, _)| who).collect()
}

/// Each summary of an answer.
pub(super) fn summaries(reach: &Reach) -> Vec<&ExposureSummary> {
    let both = [Some(&reach.summaries.exposure), reach.summaries.policy_exposure.as_ref()];
    both.into_iter().flatten().collect()
}

/// What is counted over a run.
#[derive(Debug, Default)]
struct Count {
    policies: usize,
    bounded: usize,
    open: usize,
    requests: usize,
    through: usize,
    further: usize,
    worlds: usize,
}

struct Case {
    bench: Bench,
    statements: Vec<Value>,
    policy: Policy,
    private: bool,
}

impl Case {
    fn new(dice: &mut Dice) -> Self {
        let (mut bench, statements) = bench(dice);
        let policy = known(&mut bench);
        let private = bench.world().endpoint == EndpointTypes::Known(EndpointType::Private, None);
        Self { bench, statements, policy, private }
    }

    /// The answer for the same API with other statements.
    fn with(&self, statements: &[Value]) -> Reach {
        let mut other = Bench::new(statements);
        let policy = known(&mut other);
        other.api.worlds = self.bench.api.worlds.clone();
        other.world().policy = PolicyState::Known(vec![policy]);
        other.trust = self.bench.trust.clone();
        other.reach()
    }

    fn text(&self) -> String {
        json!(self.statements).to_string()
    }

    /// Whether the policy compares keys of the request with each other. Who gets in by that is found,
    /// but not always proved (ARCHITECTURE, "The decision").
    fn vague(&self) -> bool {
        self.text().contains("${aws:")
    }

    /// (a) What representatives find is found; what they do not find is confirmed by its witness.
    fn against_representatives(&self, reach: &Reach, count: &mut Count) {
        let oracle = representatives::reach(&self.bench.api, &self.bench.trust, NOW);
        if reach.bounded || oracle.bounded {
            return;
        }
        for (exact, tried) in summaries(reach).into_iter().zip(summaries(&oracle)) {
            let missed = beyond(tried, exact, self.vague());
            let (own, others) = (line(exact), line(tried));
            assert!(missed.is_empty(), "{missed:?}: {own} for {others}\n{}", self.text());
            count.further += usize::from(!beyond(exact, tried, false).is_empty());
        }
    }

    /// (b) A witness gets the access that is claimed, and is nobody's who is trusted.
    fn witness(&self, exposure: &Exposure) {
        let about = || format!("{exposure:#?}\n{}", self.text());
        let request = &exposure.witness;
        let signer = Signer::of(&request.caller);
        let auth = match signer {
            Signer::Anonymous => AuthType::None,
            Signer::Owner => panic!("the owner is no outsider"),
            Signer::Other => AuthType::AwsIam,
        };
        let says = (&evaluate(&self.policy, request, &identity_of(exposure))).into();
        let access = access_by(auth, self.private, signer, Credential::Allow, Some(says));
        // What policy variables may be is possible, and says so.
        let open = self.vague() && exposure.access == Tri::Unknown;
        assert!(access >= exposure.access || open, "{access:?} {}", about());
        assert!(exposure.access.is_true() || !exposure.needs.is_empty(), "{}", about());
        let named =
            !matches!(exposure.class, CallerClass::AnyAwsAccount | CallerClass::AnyVpcEndpoint);
        let trust = &self.bench.trust;
        match &request.network {
            Network::Internet(ip, _) => {
                let own = trust.networks.iter().flatten().any(|range| range.contains(*ip));
                assert!(!self.private && is_client(*ip) && !own, "{}", about());
            }
            Network::Vpc { vpce, .. } => {
                assert!(self.private && (vpce.fresh == Fresh::Yes || named), "{}", about());
            }
        }
        if let Caller::Iam(iam) = &request.caller {
            let listed = trust.accounts.iter().any(|entry| entry.id == iam.account);
            assert!(!iam.owner && !listed && iam.account.as_str() != OWNER, "{}", about());
            assert_eq!(iam.fresh == Fresh::No, named, "{}", about());
        }
    }

    /// (c) No random request gets in unaccounted for.
    fn requests(&self, reach: &Reach, dice: &mut Dice, count: &mut Count) {
        let v6 = self.bench.api.worlds[0].ip == IpAddressType::Dualstack;
        let summary = &reach.summaries.exposure;
        let mut tried: Vec<Request> = Vec::new();
        for _ in 0..20 {
            let signed = dice.roll(2) == 0;
            tried.push(outsider(dice, self.private, v6, signed));
        }
        for exposure in reach.exposures.iter().take(2) {
            for _ in 0..4 {
                tried.push(mutated(dice, &exposure.witness, self.private, v6));
            }
        }
        for request in tried {
            count.requests += 1;
            if let Caller::Iam(iam) = &request.caller
                && iam.fresh == Fresh::No
                && (iam.account.as_str() != EVIL || !names_evil(&self.statements))
            {
                continue;
            }
            for auth in auths(&self.bench, &request) {
                let caller = seen_by_policy(auth, &request.caller).into_owned();
                let mut seen = Request { caller, ..request.clone() };
                if matches!(seen.caller, Caller::Anonymous) {
                    let header = |key: &str| key == "aws:useragent" || key == "aws:referer";
                    seen.context.retain(|key, _| header(key));
                }
                let signer = Signer::of(&request.caller);
                let says = (&evaluate(&self.policy, &seen, &identity())).into();
                let access = access_by(auth, self.private, signer, Credential::Allow, Some(says));
                if access.is_true() {
                    count.through += 1;
                    let signed = auth == AuthType::AwsIam;
                    let known = accounts_for(summary, &request, signed, self.vague());
                    let found = line(summary);
                    assert!(known, "{found} lacks {request:?} by {auth:?}\n{}", self.text());
                }
            }
        }
    }

    /// (d) What can only shut lets nobody in, what can only open shuts nobody out.
    fn changes(&self, reach: &Reach, dice: &mut Dice) {
        // With an ARN another identity of the API comes into play.
        let plain = |s: &Value| s.is_object() && !s["Resource"].to_string().contains("arn:");
        let mut deny = Self::new(dice).statements.remove(0);
        if reach.bounded {
            return;
        }
        if plain(&deny) {
            deny["Effect"] = json!("Deny");
            let mut more = self.statements.clone();
            more.push(deny);
            self.only_shuts(reach, &more, "a Deny more");
        }
        let allow = self.statements.iter().position(|s| s["Effect"] == "Allow" && plain(s));
        if let (Some(at), true) = (allow, self.statements.len() > 1) {
            let mut fewer = self.statements.clone();
            fewer.remove(at);
            self.only_shuts(reach, &fewer, "an Allow less");
        }
        for (at, statement) in self.statements.iter().enumerate() {
            let ranges = &statement["Condition"]["IpAddress"]["aws:SourceIp"];
            let (Value::Array(list), true) = (ranges, statement["Effect"] == "Allow") else {
                continue;
            };
            let mut list = list.clone();
            list.push(json!("8.0.0.0/7"));
            let mut wider = self.statements.clone();
            wider[at]["Condition"]["IpAddress"]["aws:SourceIp"] = json!(list);
            let opened = self.with(&wider);
            for (before, after) in summaries(reach).into_iter().zip(summaries(&opened)) {
                let lost = beyond(before, after, self.vague());
                assert!(lost.is_empty(), "{lost:?} by a wider range\n{}", self.text());
            }
        }
    }

    fn only_shuts(&self, reach: &Reach, statements: &[Value], what: &str) {
        let shut = self.with(statements);
        if shut.bounded {
            return;
        }
        for (before, after) in summaries(reach).into_iter().zip(summaries(&shut)) {
            let vague = self.vague() || json!(statements).to_string().contains("${aws:");
            let mut gained = beyond(after, before, vague);
            // An account is listed by its name once a statement names it, and not before.
            gained.retain(|who| ["anonymous", "aws", "vpce"].contains(&who.as_str()));
            let (now, then) = (line(after), line(before));
            let other = json!(statements);
            assert!(
                gained.is_empty(),
                "{gained:?} by {what}: {now} after {then}\n{}\n{other}",
                self.text()
            );
        }
    }
}

/// A request that differs from `request` in one thing.
fn mutated(dice: &mut Dice, request: &Request, private: bool, v6: bool) -> Request {
    let signed = matches!(request.caller, Caller::Iam(_));
    let other = outsider(dice, private, v6, signed);
    let mut out = request.clone();
    match dice.roll(4) {
        0 => out.network = other.network,
        1 => (out.method, out.path) = (other.method, other.path),
        2 => out.stage = other.stage,
        _ => out.context.extend(other.context),
    }
    out
}

#[test]
fn the_exact_decision_is_sound() {
    let cases = number("GATELINT_SOAK").map_or(CASES, |n| usize::try_from(n).expect("a count"));
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
    let seed = number("GATELINT_SEED").unwrap_or(u64::from(clock.subsec_nanos()) << 9 | 1);
    println!("GATELINT_SEED={seed}");
    let mut dice = Dice(seed);
    let mut count = Count::default();
    for number in 0..cases {
        let case = Case::new(&mut dice);
        if cases == CASES {
            println!("case {number}: {}", case.text());
        }
        let reach = case.bench.reach();
        count.policies += 1;
        count.bounded += usize::from(reach.bounded);
        count.open += usize::from(!reach.exposures.is_empty());
        case.against_representatives(&reach, &mut count);
        reach.exposures.iter().for_each(|exposure| case.witness(exposure));
        case.requests(&reach, &mut dice, &mut count);
        if number % 3 == 0 {
            case.changes(&reach, &mut dice);
        }
        if number % 5 == 0 {
            count.worlds += usize::from(worlds::check(&mut dice).is_some());
        }
    }
    println!("{count:?}");
    assert!(count.open * 4 > count.policies, "{count:?} says little");
    assert!(count.open < count.policies, "{count:?} says little");
    assert!(count.bounded * 50 < count.policies + 50, "{count:?}");
    assert!(count.through * 20 > count.requests, "{count:?} says little");
}
