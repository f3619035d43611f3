//! The brain: pure functions over `model`.
//!
//! [`evaluate`](evaluate::evaluate) answers for one request, [`access`](access::access) turns a policy
//! verdict into access, [`reach`](reach::reach) says which requests from outside the trust list get
//! through, [`domains`] judges custom domains together with the APIs behind them, [`ask`](ask::ask) answers one question, [`applies`] whether a statement can apply at all,
//! [`sets`] hold what conditions admit. This room must not know any template syntax, nor spans.

pub mod access;
pub mod applies;
pub mod ask;
pub mod assumed;
pub mod domains;
pub mod evaluate;
pub(crate) mod formats;
pub mod named;
pub mod owner;
pub mod public;
pub mod reach;
pub mod sets;
