//! What is known of the words of rows, so that the same ones are looked at once.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Unfit;
use super::plan::Plan;
use super::record::Record;

/// What is known of so many words is kept; then it is found out anew.
const MAX_KNOWN: usize = if cfg!(test) { 8 } else { 1 << 17 };
/// Parts words from words: a record of several lines is none here.
const BETWEEN: u8 = b'\n';

/// A map whose keys are [identities](crate::model::identity).
pub type ById<V> = HashMap<u128, V, BuildHasherDefault<Itself>>;

/// The hash of what is a hash.
#[derive(Debug, Default, Clone, Copy)]
pub struct Itself(u64);

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "half of it is enough")]
    fn write_u128(&mut self, id: u128) {
        self.0 = id as u64;
    }
}

/// An identity, and its number in one memory, until that forgets it.
pub type Numbered = (u32, u128);

/// What the words of a row say.
#[derive(Debug, Default)]
pub struct Words {
    /// All cells but its unit and figures.
    pub key: Numbered,
    /// Whose result in which contest.
    pub entry: Numbered,
    /// The sums of other tables that it is part of: of its region, of all.
    pub sums: [Option<u32>; 2],
    /// Several candidates together.
    pub aggregate: bool,
    /// Nobody's figures.
    pub nameless: bool,
    /// Is it somebody's result in a contest?
    pub given: bool,
}

/// The unit within its region, and its name alone; 0 where it is in none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unit {
    pub id: u128,
    pub name: u128,
}

/// The numbers of identities.
#[derive(Debug, Default)]
pub struct Numbers(ById<u32>);

impl Numbers {
    pub fn of(&mut self, id: u128) -> Numbered {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        (*self.0.entry(id).or_insert(next), id)
    }
}

impl Words {
    /// The same with the numbers of its identities.
    pub fn numbered(self, numbers: &mut Numbers) -> Self {
        Self {
            key: numbers.of(self.key.1),
            entry: numbers.of(self.entry.1),
            ..self
        }
    }
}

/// Values by the bytes that they were found out from.
#[derive(Debug)]
struct Known<V> {
    places: HashMap<Arc<[u8]>, usize, RandomState>,
    all: Vec<Seen<V>>,
    last: usize,
    /// What is looked up.
    printed: Vec<u8>,
}

#[derive(Debug)]
struct Seen<V> {
    printed: Arc<[u8]>,
    value: V,
    /// What came after it: units have much the same rows.
    next: usize,
}

impl<V> Default for Known<V> {
    fn default() -> Self {
        Self {
            places: HashMap::default(),
            all: Vec::new(),
            last: 0,
            printed: Vec::new(),
        }
    }
}

impl<V> Known<V> {
    /// What is known of some cells of a record, or is found out.
    fn look(
        &mut self,
        record: &Record<'_>,
        cells: &[(usize, usize)],
        find: impl FnOnce() -> Result<V, Unfit>,
    ) -> Result<&V, Unfit> {
        let is = |at: &usize| {
            let seen = self.all.get(*at);
            seen.is_some_and(|seen| prints(&seen.printed, record, cells))
        };
        let next = self.all.get(self.last).map(|last| last.next);
        let at = match next.into_iter().chain([self.last]).find(is) {
            Some(at) => at,
            None => self.place(record, cells, find)?,
        };
        if let Some(last) = self.all.get_mut(self.last).filter(|_| at != self.last) {
            last.next = at;
        }
        self.last = at;
        self.all
            .get(at)
            .map(|seen| &seen.value)
            .ok_or(Unfit::Shape("its words"))
    }

    fn place(
        &mut self,
        record: &Record<'_>,
        cells: &[(usize, usize)],
        find: impl FnOnce() -> Result<V, Unfit>,
    ) -> Result<usize, Unfit> {
        let printed = &mut self.printed;
        printed.clear();
        for cells in cells {
            printed.extend_from_slice(record.printed(*cells));
            printed.push(BETWEEN);
        }
        if let Some(at) = self.places.get(printed.as_slice()) {
            return Ok(*at);
        }
        let (at, value) = (self.all.len(), find()?);
        let printed: Arc<[u8]> = self.printed.as_slice().into();
        self.places.insert(Arc::clone(&printed), at);
        self.all.push(Seen {
            printed,
            value,
            next: at,
        });
        Ok(at)
    }
}

/// What is known of the words of rows, and of their units.
#[derive(Debug, Default)]
pub struct Memory {
    words: Known<Words>,
    units: Known<Unit>,
    numbers: Numbers,
    nothing: (Words, Unit),
}

impl Memory {
    /// Forgets everything where that is much: all numbers may change.
    pub fn begin(&mut self) {
        if self.words.all.len() > MAX_KNOWN {
            (self.words, self.numbers) = Default::default();
        }
        if self.units.all.len() > MAX_KNOWN {
            self.units = Known::default();
        }
    }

    /// The words and the unit of what is no row.
    pub fn nothing(&self) -> (&Words, &Unit) {
        (&self.nothing.0, &self.nothing.1)
    }

    /// What is known of the words in some columns of a record, and of the unit in
    /// others; or is found out.
    pub fn look(
        &mut self,
        record: &Record<'_>,
        plan: &Plan,
        find_words: impl FnOnce(&mut Numbers) -> Result<Words, Unfit>,
        find_unit: impl FnOnce() -> Result<Unit, Unfit>,
    ) -> Result<(&Words, &Unit), Unfit> {
        let numbers = &mut self.numbers;
        let words = || find_words(numbers);
        let words = self.words.look(record, &plan.of_words, words)?;
        let unit = self.units.look(record, &plan.of_unit, find_unit)?;
        Ok((words, unit))
    }
}

/// Is this what some cells of a record hold?
fn prints(printed: &[u8], record: &Record<'_>, cells: &[(usize, usize)]) -> bool {
    let rest = cells.iter().try_fold(printed, |rest, cells| {
        let rest = rest.strip_prefix(record.printed(*cells))?;
        rest.strip_prefix(&[BETWEEN])
    });
    rest.is_some_and(<[u8]>::is_empty)
}
