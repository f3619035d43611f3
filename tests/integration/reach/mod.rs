//! The decision procedure: who gets in, over the worked examples, the sentences of the contract, the
//! shapes of partial evaluation, and at random.

mod articles;
mod ask;
mod bench;
mod contract;
mod examples;
mod peers;
mod random;
mod shapes;
mod soundness;
mod table;
mod worlds;
