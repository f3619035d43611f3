//! Sets of characters.

/// A set of Unicode characters: any of the ASCII ones, and finitely many of the others or all but
/// finitely many.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chars {
    /// One bit for each ASCII character.
    ascii: u128,
    /// Whether a character above ASCII that is not in `except` is in the set.
    wide: bool,
    /// The characters above ASCII for which it is the other way round, sorted.
    except: Vec<char>,
}

/// Characters in the order in which a readable text uses them, with what each costs.
const READABLE: [(&str, u32); 7] = [
    ("abcdefghijklmnopqrstuvwxyz", 2),
    ("123456789", 2),
    ("0", 2),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2),
    ("-_/", 3),
    (".:=,@+", 4),
    ("!\"#$%&'()*;<>?[\\]^`{|}~", 6),
];

/// What a blank, a control character or one above ASCII costs.
const UNREADABLE: u32 = 10;

const fn bits(text: &str) -> u128 {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (0, 0);
    while at < bytes.len() {
        out |= 1 << bytes[at];
        at += 1;
    }
    out
}

impl Chars {
    /// No character.
    pub const NONE: Self = Self { ascii: 0, wide: false, except: Vec::new() };
    /// Every character.
    pub const ALL: Self = Self { ascii: u128::MAX, wide: true, except: Vec::new() };
    /// Every character but the colon.
    pub const FIELD: Self = Self { ascii: !bits(":"), wide: true, except: Vec::new() };

    /// The ASCII characters of `text`.
    pub const fn ascii(text: &str) -> Self {
        assert!(text.is_ascii(), "only ASCII characters have a bit");
        Self { ascii: bits(text), wide: false, except: Vec::new() }
    }

    /// One character.
    pub fn only(c: char) -> Self {
        let mut out = Self::NONE;
        match ascii_bit(c) {
            Some(bit) => out.ascii = bit,
            None => out.except.push(c),
        }
        out
    }

    /// Whether `c` is in the set.
    pub fn contains(&self, c: char) -> bool {
        match ascii_bit(c) {
            Some(bit) => self.ascii & bit != 0,
            None => self.wide != self.except.binary_search(&c).is_ok(),
        }
    }

    /// Whether there is no character in the set. (`except` never holds all there are.)
    pub fn is_empty(&self) -> bool {
        self.ascii == 0 && !self.wide && self.except.is_empty()
    }

    /// The characters of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, self.ascii | other.ascii, |a, b| a | b)
    }

    /// The characters of both sets.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        self.combine(other, self.ascii & other.ascii, |a, b| a & b)
    }

    /// The characters of this set that are not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.combine(other, self.ascii & !other.ascii, |a, b| a & !b)
    }

    /// Whether every character of this set is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.subtract(other).is_empty()
    }

    fn combine(&self, other: &Self, ascii: u128, with: impl Fn(bool, bool) -> bool) -> Self {
        let wide = with(self.wide, other.wide);
        let mut except: Vec<char> = Vec::new();
        if !self.except.is_empty() || !other.except.is_empty() {
            except.extend(self.except.iter().chain(&other.except).copied());
            except.sort_unstable();
            except.dedup();
            except.retain(|&c| with(self.contains(c), other.contains(c)) != wide);
        }
        Self { ascii, wide, except }
    }

    /// The most readable character of the set and what it costs; `None` when there is none.
    pub(super) fn simplest(&self) -> Option<(char, u32)> {
        for (text, cost) in READABLE {
            let found = self.ascii & bits(text);
            if found != 0 {
                return Some((ascii_char(found.trailing_zeros()), cost));
            }
        }
        if self.ascii != 0 {
            // The blank comes before the control characters.
            let blank = self.ascii & bits(" ");
            let found = if blank == 0 { self.ascii } else { blank };
            return Some((ascii_char(found.trailing_zeros()), UNREADABLE));
        }
        let wide = || ('\u{e9}'..).find(|&c| self.contains(c));
        let found = if self.wide { wide() } else { self.except.first().copied() };
        found.map(|c| (c, UNREADABLE))
    }
}

fn ascii_bit(c: char) -> Option<u128> {
    c.is_ascii().then(|| 1 << u32::from(c))
}

fn ascii_char(bit: u32) -> char {
    char::from_u32(bit).unwrap_or('a')
}
