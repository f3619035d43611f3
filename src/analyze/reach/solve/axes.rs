//! The axes on which a request is free, and tests of what stands on them.
//!
//! A test admits some values of one axis, and perhaps its absence. Equal tests are one, so that a
//! condition block that fifty statements share is falsified once. Which value meets several tests is
//! remembered.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::analyze::sets::domains::Domain;
use crate::analyze::sets::{Glob, TextSet};

use crate::analyze::reach::bits::Bits;
use crate::analyze::reach::fill::Work;

/// An axis, by its number.
pub(super) type AxisId = usize;
/// A test, by its number.
pub(super) type TestId = u32;

/// What can stand on an axis.
#[derive(Debug)]
pub(super) struct Axis {
    /// It may be absent.
    pub(super) optional: bool,
    /// The texts.
    pub(super) domain: Domain,
    /// One text of each cell into which conditions that compare no texts cut the axis.
    pub(super) cells: Vec<String>,
    /// There is nothing but those.
    pub(super) finite: bool,
}

/// What stands on an axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pick {
    /// Nothing.
    Absent,
    /// This text.
    Text(String),
    /// This cell.
    Cell(usize),
}

/// The values that a test admits where the axis is not absent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Present {
    /// Texts of a glob.
    In(u32),
    /// All others.
    Out(u32),
    /// Cells.
    Cells(Bits),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Test {
    axis: AxisId,
    absent: bool,
    present: Present,
}

/// What a part of a statement comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lit {
    /// It holds.
    Always,
    /// It does not.
    Never,
    /// It holds if the test does.
    If(TestId),
}

/// A value that meets some tests.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// There is none.
    Empty,
    /// This one.
    Is(Rc<Pick>),
    /// Perhaps this one, if any.
    Maybe(Rc<Pick>),
    /// The bound on work was reached.
    TooBig,
}

/// All axes and tests of one scene.
#[derive(Debug)]
pub(super) struct Axes<'a> {
    axes: Vec<Axis>,
    globs: FxHashMap<Glob, u32>,
    sets: Vec<TextSet>,
    numbers: FxHashMap<Test, TestId>,
    tests: Vec<(Test, TestId)>,
    /// By axis: what meets these tests.
    members: Vec<FxHashMap<Box<[TestId]>, Answer>>,
    work: &'a Work,
}

impl<'a> Axes<'a> {
    /// No axes. `work` bounds the questions about texts.
    pub(super) fn new(work: &'a Work) -> Self {
        Self {
            axes: Vec::new(),
            globs: FxHashMap::default(),
            sets: Vec::new(),
            numbers: FxHashMap::default(),
            tests: Vec::new(),
            members: Vec::new(),
            work,
        }
    }

    /// Adds an axis.
    pub(super) fn add(&mut self, axis: Axis) -> AxisId {
        self.axes.push(axis);
        self.members.push(FxHashMap::default());
        self.axes.len() - 1
    }

    /// The axis of that number.
    pub(super) fn axis(&self, id: AxisId) -> &Axis {
        &self.axes[id]
    }

    /// Texts of `glob` (or all others), and perhaps absence.
    pub(super) fn texts(&mut self, axis: AxisId, absent: bool, inside: bool, glob: &Glob) -> Lit {
        let Axis { optional, domain, .. } = &self.axes[axis];
        let (absent, optional) = (absent && *optional, *optional);
        let mut glob = glob.meeting(domain.glob());
        let (none, all) = (glob.is_nothing(), glob.is_everything());
        let (never, always) = if inside { (none, all) } else { (all, none) };
        if never && !absent {
            return Lit::Never;
        }
        if always && (absent || !optional) {
            return Lit::Always;
        }
        let inside = inside || never || always;
        if never || always {
            glob = if always { Glob::everything() } else { Glob::nothing() };
        }
        let next = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        let number = *self.globs.entry(glob).or_insert_with_key(|glob| {
            self.sets.push(glob.clone().into());
            next
        });
        let present = if inside { Present::In(number) } else { Present::Out(number) };
        self.test(axis, absent, present)
    }

    /// Some cells, and perhaps absence.
    pub(super) fn cells(&mut self, axis: AxisId, absent: bool, cells: Bits) -> Lit {
        let Axis { optional, cells: all, .. } = &self.axes[axis];
        let nothing = cells.is_empty() && !(absent && *optional);
        let everything = (0..all.len()).all(|at| cells.contains(at)) && (absent || !*optional);
        match (nothing, everything) {
            (true, _) => Lit::Never,
            (_, true) => Lit::Always,
            _ => self.test(axis, absent, Present::Cells(cells)),
        }
    }

    fn test(&mut self, axis: AxisId, absent: bool, present: Present) -> Lit {
        let test = Test { axis, absent, present };
        if let Some(known) = self.numbers.get(&test) {
            return Lit::If(*known);
        }
        let opposite = Test {
            axis,
            absent: !absent,
            present: match &test.present {
                Present::In(glob) => Present::Out(*glob),
                Present::Out(glob) => Present::In(*glob),
                Present::Cells(cells) => {
                    let len = self.axes[axis].cells.len();
                    Present::Cells(Bits::of(len, |at| !cells.contains(at)))
                }
            },
        };
        let number = u32::try_from(self.tests.len()).unwrap_or(u32::MAX);
        self.numbers.insert(test.clone(), number);
        self.numbers.insert(opposite.clone(), number + 1);
        self.tests.push((test, number + 1));
        self.tests.push((opposite, number));
        Lit::If(number)
    }

    /// The opposite of a test.
    pub(super) fn not(&self, test: TestId) -> TestId {
        self.tests[test as usize].1
    }

    /// The axis that a test looks at.
    pub(super) fn axis_of(&self, test: TestId) -> AxisId {
        self.tests[test as usize].0.axis
    }

    /// Whether a value meets a test; `None` where that was not looked at.
    pub(super) fn meets(&self, test: TestId, pick: &Pick) -> Option<bool> {
        let Test { axis, absent, present } = &self.tests[test as usize].0;
        match (pick, present) {
            (Pick::Absent, _) => Some(*absent),
            (Pick::Text(text), Present::In(glob)) => Some(self.sets[*glob as usize].contains(text)),
            (Pick::Text(text), Present::Out(glob)) => {
                Some(!self.sets[*glob as usize].contains(text))
            }
            (Pick::Text(text), Present::Cells(cells)) => {
                let at = self.axes[*axis].cells.iter().position(|cell| cell == text)?;
                Some(cells.contains(at))
            }
            (Pick::Cell(at), Present::Cells(cells)) => Some(cells.contains(*at)),
            (Pick::Cell(_), Present::In(_) | Present::Out(_)) => None,
        }
    }

    /// The simplest value of `axis` that meets every one of `tests`, which are sorted.
    pub(super) fn member(&mut self, axis: AxisId, tests: &[TestId]) -> Answer {
        if let Some(known) = self.members[axis].get(tests) {
            return known.clone();
        }
        let found = self.find(axis, tests);
        self.members[axis].insert(tests.into(), found.clone());
        found
    }

    fn find(&self, axis: AxisId, tests: &[TestId]) -> Answer {
        let Axis { optional, domain, cells, finite } = &self.axes[axis];
        let tests = || tests.iter().map(|test| &self.tests[*test as usize].0);
        if *optional && tests().all(|test| test.absent) {
            return Answer::Is(Rc::new(Pick::Absent));
        }
        let in_cells = |at: usize| {
            tests().all(|test| match &test.present {
                Present::Cells(cells) => cells.contains(at),
                Present::In(_) | Present::Out(_) => true,
            })
        };
        if *finite {
            let at = (0..cells.len()).find(|at| in_cells(*at));
            return at.map_or(Answer::Empty, |at| Answer::Is(Rc::new(Pick::Cell(at))));
        }
        let mut sets = Vec::new();
        let mut by_cell = false;
        for test in tests() {
            match &test.present {
                Present::In(glob) => sets.push(self.sets[*glob as usize].clone()),
                Present::Out(glob) => sets.push(self.sets[*glob as usize].complement()),
                Present::Cells(_) => by_cell = true,
            }
        }
        let by_text = !sets.is_empty();
        let set = TextSet::all_of(sets);
        let fits = |at: usize, text: &str| in_cells(at) && set.contains(text);
        if let Some((_, text)) = cells.iter().enumerate().find(|(at, text)| fits(*at, text)) {
            return Answer::Is(Rc::new(Pick::Text(text.clone())));
        }
        if by_cell && (!by_text || !(0..cells.len()).any(in_cells)) {
            return Answer::Empty;
        }
        match domain.witness(&set, &self.work.texts) {
            Err(_) => Answer::TooBig,
            Ok(None) => Answer::Empty,
            // Each kind of condition can be met on its own; whether by one text is not known.
            Ok(Some(text)) if by_cell => Answer::Maybe(Rc::new(Pick::Text(text))),
            Ok(Some(text)) => Answer::Is(Rc::new(Pick::Text(text))),
        }
    }
}
