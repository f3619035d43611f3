//! Worlds: the cases that unknown branches lead to.

use std::sync::Arc;

use super::{Kind, SymbolId, Symbols};

/// How many worlds one API is judged in. Beyond, undecided branches are opaque: sound, but possible
/// only.
pub const MAX_WORLDS: usize = 64;

/// A constant that a symbol is compared with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Literal {
    /// Nothing.
    Null,
    /// A Boolean.
    Bool(bool),
    /// A number, as its text.
    Number(Arc<str>),
    /// A string.
    Text(Arc<str>),
}

/// What a world says of a symbol.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// It is this constant.
    Is(Literal),
    /// It is none of these (sorted).
    NotIn(Vec<Literal>),
}

/// A branch asked for a symbol that the world does not fix. `cells` cover all its values; a cell
/// that narrows an earlier `NotIn` replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedSplit {
    /// The symbol.
    pub symbol: SymbolId,
    /// The cases.
    pub cells: Vec<Cell>,
}

/// What is assumed of the symbols that branches asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct World {
    picks: Vec<(SymbolId, Cell)>,
    frozen: bool,
}

impl World {
    /// What this world says of `symbol`.
    pub fn cell(&self, symbol: SymbolId) -> Option<&Cell> {
        let at = self.picks.binary_search_by_key(&symbol, |(s, _)| *s).ok()?;
        Some(&self.picks[at].1)
    }

    /// The picks, sorted by symbol.
    pub fn picks(&self) -> &[(SymbolId, Cell)] {
        &self.picks
    }

    /// Set once the bound on worlds is reached: a branch on something unknown must then evaluate to
    /// an opaque symbol and may not ask for a split.
    pub fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// This world with its open branches left open: evaluation in it never asks for a split.
    #[must_use]
    pub fn freeze(&self) -> Self {
        Self { frozen: true, ..self.clone() }
    }

    /// This world with `symbol` in `cell`.
    #[must_use]
    pub fn with(&self, symbol: SymbolId, cell: Cell) -> Self {
        let mut next = self.clone();
        match next.picks.binary_search_by_key(&symbol, |(s, _)| *s) {
            Ok(at) => next.picks[at].1 = cell,
            Err(at) => next.picks.insert(at, (symbol, cell)),
        }
        next
    }

    /// Whether every symbol with a default has a value that the default is consistent with. Symbols
    /// without a default do not count.
    pub fn is_default(&self, symbols: &Symbols) -> bool {
        self.picks.iter().all(|(id, cell)| agrees(symbols, *id, cell))
    }

    /// Asks whether `symbol` equals `constant` in this world.
    ///
    /// # Errors
    /// [`NeedSplit`] when the world does not say; in a frozen world `Ok(None)`: it stays unknown.
    pub fn equals(
        &self,
        symbols: &Symbols,
        symbol: SymbolId,
        constant: &Literal,
    ) -> Result<Option<bool>, NeedSplit> {
        let seen = match self.cell(symbol) {
            Some(Cell::Is(is)) => return Ok(Some(is == constant)),
            Some(Cell::NotIn(not)) if not.contains(constant) => return Ok(Some(false)),
            Some(Cell::NotIn(not)) => not.clone(),
            None => Vec::new(),
        };
        if let Some(allowed) = &symbols.get(symbol).allowed {
            if !allowed.contains(constant) {
                return Ok(Some(false));
            }
            if allowed.iter().all(|a| a == constant || seen.contains(a)) {
                return Ok(Some(true));
            }
        }
        if self.frozen {
            return Ok(None);
        }
        let mut not = seen;
        not.push(constant.clone());
        not.sort();
        Err(NeedSplit { symbol, cells: vec![Cell::Is(constant.clone()), Cell::NotIn(not)] })
    }
}

/// Whether `cell` agrees with the default of `id`.
fn agrees(symbols: &Symbols, id: SymbolId, cell: &Cell) -> bool {
    let Some(default) = symbols.get(id).default.as_ref() else { return true };
    let literal = match &default.kind {
        Kind::Null => Literal::Null,
        Kind::Bool(b) => Literal::Bool(*b),
        Kind::Number(n) => Literal::Number(Arc::clone(n)),
        _ => match default.known_text() {
            Some(text) => Literal::Text(text.into()),
            None => return true,
        },
    };
    match cell {
        Cell::Is(is) => *is == literal,
        Cell::NotIn(not) => !not.contains(&literal),
    }
}

/// The results of an exploration.
#[derive(Debug, Clone)]
pub struct Explored<T> {
    /// One result a world, default-consistent worlds first.
    pub worlds: Vec<(World, T)>,
    /// Whether the bound was reached: some worlds were judged with their branches left open.
    pub bounded: bool,
}

/// Runs `eval` in every world that it asks for, the default-consistent one first. `eval` gets the
/// symbols back mutably, since evaluation makes new ones.
pub fn explore<C, T>(
    cx: &mut C,
    symbols: impl Fn(&C) -> &Symbols,
    mut eval: impl FnMut(&mut C, &World) -> Result<T, NeedSplit>,
) -> Explored<T> {
    let mut open = vec![World::default()];
    let mut worlds = Vec::new();
    let mut bounded = false;
    while let Some(world) = open.pop() {
        match eval(cx, &world) {
            Ok(result) => worlds.push((world, result)),
            Err(split) if !world.frozen => {
                if worlds.len() + open.len() + split.cells.len() > MAX_WORLDS {
                    bounded = true;
                    open.push(World { frozen: true, ..world });
                    continue;
                }
                let table = symbols(cx);
                let mut cells = split.cells;
                // The stack is last in, first out: the cell of the default must come last.
                cells.reverse();
                cells.sort_by_key(|cell| agrees(table, split.symbol, cell));
                open.extend(cells.into_iter().map(|cell| world.with(split.symbol, cell)));
            }
            // An evaluator that asks for a split in a frozen world breaks its contract; leaving
            // the world out would hide an API, so it is a bug worth a loud stop.
            Err(split) => unreachable!("split of {split:?} in a frozen world"),
        }
    }
    Explored { worlds, bounded }
}
