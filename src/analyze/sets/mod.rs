//! What a condition can admit, as exact sets: the ground that a decision over all requests stands on.
//!
//! * [`AddressSet`]: IPv4 and IPv6 addresses.
//! * [`TextSet`]: the texts that globs and their combinations admit, decided by automata.
//! * [`Domain`](domains::Domain): the texts that a key can hold at all, and the simplest of them.
//! * [`IdSet`]: finitely many ids, or all but finitely many.
//! * [`Integers`]: numbers and moments.
//! * [`Keyed`]: a key that may be absent, or present with a value of a set.
//!
//! Every set has `union`, `intersect`, `complement`, `subtract`, `is_empty`, `contains` and `witness`
//! ([`Keyed`] leaves the last three to what it holds). Sets are immutable and cheap to clone. Only questions about [`TextSet`]s can be given up: they
//! take a [`Budget`] and answer [`TooBig`].
//!
//! This room must not know policies, requests or access: [`evaluate`](super::evaluate) says what a
//! condition means, and the sets agree with it on every value.

pub mod addresses;
mod budget;
pub mod domains;
mod finite;
pub mod glob;
mod integers;
mod presence;
mod runs;

pub use addresses::AddressSet;
pub use budget::{Budget, TooBig};
pub use finite::IdSet;
pub use glob::{Glob, TextSet};
pub use integers::{Comparison, Integers};
pub use presence::{Algebra, Keyed, when_missing};
