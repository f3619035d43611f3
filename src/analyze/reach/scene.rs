//! One policy on one endpoint under one identity, cut into representatives along every axis.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use rustc_hash::FxHashMap;

use crate::model::{
    AbsentOr, ApiWorld, Caller, EndpointType, EndpointTypes, Identity, IpAddressType, Network,
    Policy, Request, SymbolTable, Tri, Trust, Value,
};

use super::budget::Budget;
use super::fill::Work;
use super::networks::{self, Cell, Width};
use super::outsiders::Outsiders;
use super::places::{self, OwnIds, Place, Whose};
use super::project::{Axis, Lens, Role, Row, escapable, relational_axes, roles, weight};
use super::routes::{Line, Target};
use super::variables;
use super::words::Words;

/// An address inside a VPC.
const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 5));

/// What does not depend on the endpoint or on the identity.
pub(super) struct Script {
    /// The policy with the unit's own ids as literals.
    pub(super) policy: Policy,
    /// What those literals stand for.
    pub(super) own: OwnIds,
    /// What each entry is.
    pub(super) roles: Vec<Role>,
    /// What it writes.
    pub(super) words: Words,
    /// How many comparisons one evaluation takes.
    pub(super) weight: usize,
    /// The axes along which representatives are not interchangeable.
    pub(super) relational: BTreeSet<Axis>,
    /// The Deny statements with relational parts.
    pub(super) escapable: Vec<usize>,
}

impl Script {
    /// Prepares a policy.
    pub(super) fn new(policy: &Policy, symbols: &SymbolTable, trust: &Trust, now: i64) -> Self {
        let (policy, own) = places::own(policy, symbols);
        let roles = roles(&policy);
        let mut words = Words::of(&policy);
        let relational = relational_axes(&policy);
        if !relational.is_empty() {
            (words.organized, words.identified) = (true, true);
            let names = Outsiders::new(&words, trust, "aws")
                .map(|out| (out.account().to_owned(), out.org().to_owned()));
            if let Some((account, org)) = names {
                let own = variables::Own { account: &account, org: &org, now };
                words.resources = variables::write_out(&policy, &mut words, &own);
            }
        }
        let weight = policy.statements.iter().map(weight).sum();
        let escapable = escapable(&policy);
        Self { policy, own, roles, words, weight, relational, escapable }
    }
}

/// The endpoint that requests reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Endpoint {
    /// The internet.
    Public(IpAddressType),
    /// VPC endpoints.
    Private,
}

/// The endpoints that a world is judged on.
pub(super) fn endpoints(world: &ApiWorld) -> Vec<Endpoint> {
    let public = Endpoint::Public(world.ip);
    match &world.endpoint {
        EndpointTypes::Known(EndpointType::Private, _) => vec![Endpoint::Private],
        EndpointTypes::Known(EndpointType::Edge | EndpointType::Regional, _)
        | EndpointTypes::Absent => vec![public],
        EndpointTypes::Document | EndpointTypes::Unknown(..) => vec![public, Endpoint::Private],
    }
}

/// Where a request comes from.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// What the policy says of it.
    pub(super) row: Row,
    /// A request from there comes from here.
    pub(super) network: Network,
    /// Whose it is; `None` when no client can be there.
    pub(super) whose: Option<Whose>,
    /// The addresses that are alike; none on a private endpoint.
    pub(super) cells: Vec<Cell>,
    /// How many addresses an outsider has here.
    pub(super) width: Width,
    /// Its endpoint and VPC, by their place in the scene's lists; `None` on a public endpoint.
    pub(super) pair: Option<(usize, usize)>,
    /// Whether a client gets there at all.
    pub(super) reachable: Tri,
}

/// Who sends a request, with a choice for every key.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    /// The caller.
    pub(super) caller: Caller,
    /// The keys that it chooses.
    pub(super) keys: BTreeMap<String, AbsentOr>,
    /// The address inside the VPC that it chooses.
    pub(super) ip: Option<IpAddr>,
}

/// A request line, and what the policy says of it.
pub(super) struct LineRep {
    pub(super) row: Row,
    pub(super) line: Line,
}

/// The scene.
pub(super) struct Scene<'a> {
    pub(super) script: &'a Script,
    pub(super) identity: &'a Identity,
    pub(super) endpoint: Endpoint,
    /// The time of the requests.
    pub(super) now: i64,
    /// The bound on looking for texts.
    pub(super) work: &'a Work,
    /// What no choice changes.
    pub(super) fixed: Row,
    /// Where requests come from, the best witness first.
    pub(super) spots: Vec<Spot>,
    /// The endpoints of a private scene.
    pub(super) vpces: Vec<Place>,
    /// The VPCs of a private scene.
    pub(super) vpcs: Vec<Place>,
    /// Addresses inside the VPC, of which a caller picks any.
    pub(super) ips: Vec<(Row, IpAddr)>,
    /// What the policy says of request lines.
    routes: Lens<'a>,
    /// The same of each line that some target had.
    known_lines: RefCell<FxHashMap<Line, Row>>,
}

impl<'a> Scene<'a> {
    /// Cuts the axes of network and clock. `None` when the bound on work is reached.
    pub(super) fn new(
        script: &'a Script,
        identity: &'a Identity,
        endpoint: Endpoint,
        trust: &Trust,
        now: i64,
        work: &'a Work,
        budget: &mut Budget,
    ) -> Option<Self> {
        let mut scene = Self {
            script,
            identity,
            endpoint,
            now,
            work,
            fixed: Row::all(script.roles.len()),
            spots: Vec::new(),
            vpces: Vec::new(),
            vpcs: Vec::new(),
            ips: Vec::new(),
            routes: Lens::new(&script.policy, &Axis::Route, &script.relational, identity),
            known_lines: RefCell::default(),
        };
        // Keys that no request to this kind of endpoint has, or that nobody can tell.
        let fixed = match endpoint {
            Endpoint::Public(_) => &[Axis::Fixed, Axis::Vpce, Axis::Vpc, Axis::VpcIp][..],
            Endpoint::Private => &[Axis::Fixed, Axis::Address],
        };
        for axis in fixed {
            let row = scene.lens(axis).row(&scene.plain(), 0, budget)?;
            scene.fixed = scene.fixed.and(&row);
        }
        match endpoint {
            Endpoint::Public(ip) => scene.cut_internet(ip, trust, budget)?,
            Endpoint::Private => scene.cut_vpcs(trust, work, budget)?,
        }
        Some(scene)
    }

    /// Whether the API is private.
    pub(super) fn private(&self) -> bool {
        self.endpoint == Endpoint::Private
    }

    /// What the policy says along one axis.
    pub(super) fn lens(&self, axis: &Axis) -> Lens<'a> {
        Lens::new(&self.script.policy, axis, &self.script.relational, self.identity)
    }

    /// A request in which nothing was chosen yet.
    pub(super) fn plain(&self) -> Request {
        Request {
            caller: Caller::Anonymous,
            network: match self.endpoint {
                Endpoint::Public(_) => Network::internet([8, 8, 8, 8]),
                Endpoint::Private => Network::Vpc {
                    vpce: Value::fresh("vpce-0f1e2d3c4b5a69788"),
                    vpc: Value::fresh("vpc-0f1e2d3c4b5a69788"),
                    ip: LOCAL,
                },
            },
            method: "GET".into(),
            stage: "prod".into(),
            path: "/".into(),
            context: BTreeMap::new(),
            now: self.now,
        }
    }

    fn cut_internet(
        &mut self,
        ip: IpAddressType,
        trust: &Trust,
        budget: &mut Budget,
    ) -> Option<()> {
        let words = &self.script.words;
        let trusted = trust.networks.as_deref().unwrap_or(&[]);
        let v6 = ip != IpAddressType::Ipv4;
        let mut cells = networks::internet(&words.source_ranges, words.source_texts, trusted, v6);
        cells.sort_by_key(|cell| cell.rank());
        let lens = self.lens(&Axis::Address);
        let mut found: BTreeMap<(Option<Whose>, bool, Row), usize> = BTreeMap::new();
        for (number, cell) in cells.into_iter().enumerate() {
            let network = Network::internet(cell.address());
            let request = Request { network: network.clone(), ..self.plain() };
            let row = lens.row(&request, number, budget)?;
            let whose = match (cell.client, cell.trusted) {
                (false, _) => None,
                (true, true) => Some(Whose::Trusted),
                (true, false) => Some(Whose::Outsider),
            };
            let at = *found.entry((whose, cell.v4, row.clone())).or_insert(self.spots.len());
            if at == self.spots.len() {
                let doubt = !cell.v4 && ip == IpAddressType::Unknown;
                self.spots.push(Spot {
                    row,
                    network,
                    whose,
                    cells: Vec::new(),
                    width: Width::default(),
                    pair: None,
                    reachable: if doubt { Tri::Unknown } else { Tri::True },
                });
            }
            if let Some(spot) = self.spots.get_mut(at) {
                spot.width = spot.width.plus(cell.width());
                spot.cells.push(cell);
            }
        }
        Some(())
    }

    fn cut_vpcs(&mut self, trust: &Trust, work: &Work, budget: &mut Budget) -> Option<()> {
        let Script { words, own, .. } = self.script;
        self.vpces =
            places::places("vpce-", &words.vpce_words, own, trust.vpc_endpoints.as_ref(), work);
        self.vpcs = places::places("vpc-", &words.vpc_words, own, trust.vpcs.as_ref(), work);
        let vpces = self.place_rows(&Axis::Vpce, &self.vpces, budget)?;
        let vpcs = self.place_rows(&Axis::Vpc, &self.vpcs, budget)?;
        for (i, (vpce_row, vpce)) in vpces.iter().zip(&self.vpces).enumerate() {
            for (j, (vpc_row, vpc)) in vpcs.iter().zip(&self.vpcs).enumerate() {
                if !budget.comparisons(self.script.roles.len()) {
                    return None;
                }
                let whose = vpce.whose.max(vpc.whose);
                self.spots.push(Spot {
                    row: vpce_row.and(vpc_row),
                    network: Network::Vpc {
                        vpce: vpce.value.clone(),
                        vpc: vpc.value.clone(),
                        ip: LOCAL,
                    },
                    whose: Some(whose),
                    cells: Vec::new(),
                    width: Width::ALL,
                    pair: Some((i, j)),
                    reachable: Tri::True,
                });
            }
        }
        self.spots.sort_by_key(|spot| spot.whose);
        let lens = self.lens(&Axis::VpcIp);
        let mut cells = networks::inside_vpc(&words.vpc_ranges, words.vpc_texts);
        cells.sort_by_key(|cell| cell.rank_inside());
        for (number, cell) in cells.into_iter().enumerate() {
            let ip = cell.address();
            let row = lens.row(&self.inside(ip), number, budget)?;
            if self.ips.iter().all(|(known, _)| *known != row) {
                self.ips.push((row, ip));
            }
        }
        Some(())
    }

    fn place_rows(&self, axis: &Axis, places: &[Place], budget: &mut Budget) -> Option<Vec<Row>> {
        let lens = self.lens(axis);
        let request = |place: &Place| Request {
            network: Network::Vpc {
                vpce: place.value.clone(),
                vpc: place.value.clone(),
                ip: LOCAL,
            },
            ..self.plain()
        };
        let rows = places.iter().enumerate();
        rows.map(|(number, place)| lens.row(&request(place), number, budget)).collect()
    }

    /// The plain request from another address inside the VPC.
    fn inside(&self, ip: IpAddr) -> Request {
        let mut request = self.plain();
        if let Network::Vpc { ip: own, .. } = &mut request.network {
            *own = ip;
        }
        request
    }

    /// The request lines of a target that the policy tells apart.
    pub(super) fn lines(&self, target: &Target, budget: &mut Budget) -> Option<Vec<LineRep>> {
        let lens = &self.routes;
        let mut seen: BTreeSet<Row> = BTreeSet::new();
        let mut out = Vec::new();
        let mut known = self.known_lines.borrow_mut();
        for line in &target.lines {
            let row = match known.get(line) {
                Some(row) => row.clone(),
                None => {
                    let request = Request {
                        method: line.method.clone(),
                        stage: line.stage.clone(),
                        path: line.path.clone(),
                        ..self.plain()
                    };
                    let row = lens.row(&request, known.len(), budget)?;
                    known.insert(line.clone(), row.clone());
                    row
                }
            };
            if seen.insert(row.clone()) {
                out.push(LineRep { row, line: line.clone() });
            }
        }
        Some(out)
    }

    /// The request that `sender` sends from `spot`.
    pub(super) fn request(&self, line: &Line, spot: &Spot, sender: &Sender) -> Request {
        let mut network = spot.network.clone();
        if let (Network::Vpc { ip, .. }, Some(chosen)) = (&mut network, sender.ip) {
            *ip = chosen;
        }
        Request {
            caller: sender.caller.clone(),
            network,
            method: line.method.clone(),
            stage: line.stage.clone(),
            path: line.path.clone(),
            context: sender.keys.clone(),
            now: self.now,
        }
    }
}
