//! The question of which everything else here is made, behind one interface.

use super::budget::Budget;
use super::outsiders::{Outsiders, Who};
use super::routes::{Target, Wanted};
use super::scene::Scene;
use super::tally::Passes;

/// Decides which requests of a group of callers get through.
///
/// [`solve`](super::solve) does so exactly. [`representatives`](super::representatives) tries
/// combinations, and is what the former is tested against.
pub(super) trait Engine {
    /// What somebody of `who` reaches on `target`, from every spot of the scene. `None` when the bound
    /// on work is reached.
    fn passes(&mut self, who: &Who, target: &Target, budget: &mut Budget) -> Option<Passes>;

    /// The request lines that it wants to be told.
    fn wants(&self) -> Wanted;
}

/// Makes the engine for a scene.
pub(super) type Build = dyn for<'s> Fn(&'s Scene<'s>, &'s Outsiders<'s>) -> Box<dyn Engine + 's>;
