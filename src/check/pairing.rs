//! Tables and their references in, the rows that are about the same out, and
//! those that only one of the two has.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::model::{Constant, Dataset, Place, Role, Table, TableId, key, whole};

use super::Subject;
use super::alike::{Form, Words, called, is_initialled, is_name, is_party};
use super::beside::{Beside, Hindrance};
use super::cells::{number_at, source_of};

/// A row of a table and the row of a reference that is about the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) own: usize,
    pub(super) other: Row,
    pub(super) renamed: Option<Renamed>,
}

/// What of a row goes by another name in the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Renamed {
    Candidate,
    Party,
}

/// A row of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Row {
    pub(super) table: TableId,
    pub(super) row: usize,
}

/// Rows that are not paired yet.
struct Left {
    own: Vec<usize>,
    other: Vec<usize>,
}

/// Rows that are the same in one form; `mixed` where they are not in the exact
/// one, so that it cannot be said which is which.
#[derive(Default)]
struct Group {
    own: Vec<usize>,
    other: Vec<usize>,
    exact: [Option<String>; 2],
    mixed: bool,
}

impl Group {
    fn add(&mut self, side: usize, exact: &str) {
        if let Some(known) = self.exact.get_mut(side) {
            let first = known.get_or_insert_with(|| exact.to_owned());
            self.mixed |= first != exact;
        }
    }
}

/// A table beside its references.
pub(super) struct Comparison<'a> {
    pub(super) id: TableId,
    pub(super) table: &'a Table,
    pub(super) pairs: Vec<Pair>,
    /// Rows that no reference has.
    pub(super) only_here: Vec<usize>,
    /// Rows of the references that the table lacks.
    left_there: Vec<Row>,
    pub(super) references: BTreeMap<TableId, Beside<'a>>,
}

/// All tables beside their references.
pub(super) struct Comparisons<'a> {
    pub(super) all: Vec<Comparison<'a>>,
    /// Tables that are laid out in another way than all references, or share
    /// no row with one.
    pub(super) unlike: BTreeSet<TableId>,
    /// See [`Self::only_there`]: the number of the comparison, and the row.
    only_there: Vec<(usize, Row)>,
    /// Why a table was held against no reference.
    hindrance: Option<String>,
}

impl<'a> Comparisons<'a> {
    pub(super) fn new(subject: &Subject<'a>) -> Self {
        let mut all = Vec::new();
        let mut unlike = BTreeSet::new();
        let mut hindrance = None;
        for (id, table) in subject.dataset.tables() {
            let mut comparison = Comparison::new(id, table);
            let kept_apart = comparison.meet_all(subject);
            if comparison.pairs.is_empty() {
                unlike.insert(id);
                hindrance = hindrance.or(kept_apart);
            } else {
                all.push(comparison);
            }
        }
        Self {
            only_there: only_there(&all),
            all,
            unlike,
            hindrance,
        }
    }

    /// Rows of the references that no table has, each with the comparison that
    /// lacks it.
    pub(super) fn only_there(&self) -> impl Iterator<Item = (&Comparison<'a>, Row)> {
        let only = self.only_there.iter();
        only.filter_map(|&(number, row)| Some((self.all.get(number)?, row)))
    }

    /// Why tables were held against no reference.
    pub(super) fn hindrance(&self) -> String {
        let nothing = || "no table of the reference has the same columns, or the same contests";
        self.hindrance
            .clone()
            .unwrap_or_else(|| nothing().to_owned())
    }
}

/// A file has several tables, and a row that one of them lacks is another's.
fn only_there(all: &[Comparison<'_>]) -> Vec<(usize, Row)> {
    let pairs = all.iter().flat_map(|comparison| &comparison.pairs);
    let mut told: HashSet<Row> = pairs.map(|pair| pair.other).collect();
    let mut only = Vec::new();
    for (number, comparison) in all.iter().enumerate() {
        let left = comparison.left_there.iter();
        only.extend(
            left.filter(|row| told.insert(**row))
                .map(|row| (number, *row)),
        );
    }
    only
}

/// Are two tables of other contests or elections, as their headings name them?
/// They are where others have the same.
fn are_parted(dataset: &Dataset, own: &Table, reference: &Table) -> bool {
    let named = |constant: &Option<Constant>| constant.as_ref().map(|c| key(&c.text));
    let parted = |of: fn(&Table) -> &Option<Constant>| {
        let (Some(mine), Some(theirs)) = (named(of(own)), named(of(reference))) else {
            return false;
        };
        let is = |table: &Table, name: &String| named(of(table)).as_ref() == Some(name);
        mine != theirs
            && (dataset.references().any(|(_, t)| is(t, &mine))
                || dataset.tables().any(|(_, t)| is(t, &theirs)))
    };
    parted(|table| &table.contest) || parted(|table| &table.election)
}

impl<'a> Comparison<'a> {
    fn new(id: TableId, table: &'a Table) -> Self {
        Self {
            id,
            table,
            pairs: Vec::new(),
            only_here: (0..table.rows()).collect(),
            left_there: Vec::new(),
            references: BTreeMap::new(),
        }
    }

    /// Pairs the rows with those of the references, in order of authority: what
    /// the first has, the others are not asked. Says what keeps it from that
    /// where nothing fits.
    fn meet_all(&mut self, subject: &Subject<'a>) -> Option<String> {
        let dataset = subject.dataset;
        let mut references: Vec<(TableId, &Table)> = dataset
            .references()
            .filter(|(_, reference)| !are_parted(dataset, self.table, reference))
            .collect();
        let source = |table: &Table| {
            let mut all = dataset.references();
            all.position(|(_, other)| other.source == table.source)
        };
        references.sort_by_key(|(_, t)| (source(t), t.title != self.table.title));
        let mut hindrances = Vec::new();
        for (other, reference) in references {
            match Beside::new(self.table, reference) {
                Ok(mut beside) => {
                    self.pair_with(subject, other, &mut beside);
                    self.references.insert(other, beside);
                }
                Err(hindrance) => hindrances.push((other, hindrance)),
            }
        }
        if !self.pairs.is_empty() {
            return None;
        }
        let apart = self.references.iter().next();
        let apart = apart.map(|(&other, beside)| self.apart(subject, other, beside));
        apart.or_else(|| {
            let &(other, hindrance) = hindrances.first()?;
            Some(self.hindered(subject, other, hindrance))
        })
    }

    fn words<'s>(subject: &'s Subject<'_>) -> Words<'s> {
        Words {
            layout: subject.layout,
            parties: subject.parties,
        }
    }

    fn pair_with(&mut self, subject: &Subject<'_>, other: TableId, beside: &mut Beside<'a>) {
        let words = Self::words(subject);
        let paired: Vec<usize> = self.pairs.iter().map(|pair| pair.own).collect();
        let mut left = Left {
            own: std::mem::take(&mut self.only_here),
            other: (0..beside.table.rows()).collect(),
        };
        for form in [Form::Exact, Form::Spelled, Form::Ordered] {
            self.pair_by(form, subject, other, beside, &mut left);
        }
        if !left.own.is_empty() && !left.other.is_empty() {
            self.learn_columns(beside, words);
            if !beside.called.is_empty() {
                self.pair_by(Form::Ordered, subject, other, beside, &mut left);
            }
            self.pair_by(Form::WithoutParty, subject, other, beside, &mut left);
            self.pair_renamed(subject, other, beside, &mut left);
            self.pair_learned(subject, other, beside, &mut left);
        }
        if !paired.is_empty() {
            let own = |row: &usize| beside.key_of(*row, Some(self.table), Form::Ordered, words);
            let known: HashSet<String> = paired.iter().map(own).collect();
            let is_known =
                |row: usize| known.contains(&beside.key_of(row, None, Form::Ordered, words));
            left.other.retain(|&row| !is_known(row));
        }
        self.only_here = left.own;
        let left = left.other.into_iter().map(|row| Row { table: other, row });
        self.left_there.extend(left);
    }

    /// Learns what names of areas and contests are called in the reference.
    fn learn_columns(&self, beside: &mut Beside<'_>, words: Words<'_>) {
        for number in 0..beside.keys.len() {
            let role = beside.keys.get(number);
            let role = role.and_then(|&(own, _)| self.table.columns.get(own));
            let role = role.map_or(Role::Other, |column| column.role);
            if !matches!(
                role,
                Role::Contest | Role::District | Role::Region | Role::Unit
            ) {
                continue;
            }
            let Some([own, other]) = beside.names(self.table, number, words) else {
                continue;
            };
            let names = called(&own, &other);
            if !names.is_empty() {
                beside.called.insert(number, names);
            }
        }
    }

    /// Pairs rows whose names are the same in a form. Of several names that come
    /// to one none can be told from the others.
    fn pair_by(
        &mut self,
        form: Form,
        subject: &Subject<'_>,
        other: TableId,
        beside: &Beside<'a>,
        left: &mut Left,
    ) {
        if left.own.is_empty() || left.other.is_empty() {
            return;
        }
        let words = Self::words(subject);
        let exactly = |row: usize, own: Option<&Table>| match form {
            Form::Exact => String::new(),
            _ => beside.key_of(row, own, Form::Exact, words),
        };
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for &row in &left.own {
            let own = Some(self.table);
            let group = groups
                .entry(beside.key_of(row, own, form, words))
                .or_default();
            group.add(0, &exactly(row, own));
            group.own.push(row);
        }
        for &row in &left.other {
            if let Some(group) = groups.get_mut(&beside.key_of(row, None, form, words)) {
                group.add(1, &exactly(row, None));
                group.other.push(row);
            }
        }
        let renamed = (form == Form::WithoutParty).then_some(Renamed::Party);
        let before = self.pairs.len();
        for group in groups.into_values().filter(|group| !group.mixed) {
            self.pair_group(subject, other, beside, group, renamed);
        }
        self.take_paired(before, left);
    }

    /// Of rows with one key, those that are alike belong together.
    fn pair_group(
        &mut self,
        subject: &Subject<'_>,
        other: TableId,
        beside: &Beside<'a>,
        mut group: Group,
        renamed: Option<Renamed>,
    ) {
        let mut pairs = Vec::new();
        group.own.retain(|&row| {
            let alike = |&there: &usize| self.same_figures(subject, row, beside, there);
            let Some(at) = group.other.iter().position(alike) else {
                return true;
            };
            pairs.push((row, group.other.remove(at)));
            false
        });
        pairs.extend(group.own.into_iter().zip(group.other));
        self.pairs.extend(pairs.into_iter().map(|(own, row)| Pair {
            own,
            other: Row { table: other, row },
            renamed,
        }));
    }

    /// Takes the rows of the pairs from one on out of what is left.
    fn take_paired(&self, from: usize, left: &mut Left) {
        let pairs = self.pairs.get(from..).unwrap_or_default();
        let own: HashSet<usize> = pairs.iter().map(|pair| pair.own).collect();
        let other: HashSet<usize> = pairs.iter().map(|pair| pair.other.row).collect();
        left.own.retain(|row| !own.contains(row));
        left.other.retain(|row| !other.contains(row));
    }

    /// Rows that differ in their names alone and have the same figures, or whose
    /// names are nearly the same.
    fn pair_renamed(
        &mut self,
        subject: &Subject<'_>,
        other: TableId,
        beside: &Beside<'a>,
        left: &mut Left,
    ) {
        let words = Self::words(subject);
        let mut by_context: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for &row in &left.other {
            let context = beside.key_of(row, None, Form::WithoutNames, words);
            by_context.entry(context).or_default().push(row);
        }
        let before = self.pairs.len();
        for &row in &left.own {
            let context = beside.key_of(row, Some(self.table), Form::WithoutNames, words);
            let Some(there) = by_context.get_mut(&context) else {
                continue;
            };
            let akin = |&candidate: &usize| {
                let known = self.has_figures(subject, row);
                known && self.same_figures(subject, row, beside, candidate)
                    || self.near_names(row, beside, candidate)
            };
            let mut fitting = (0..there.len()).filter(|&at| there.get(at).is_some_and(akin));
            let (Some(at), None) = (fitting.next(), fitting.next()) else {
                continue;
            };
            let found = there.remove(at);
            let pair = self.renamed_pair(row, other, beside, found, words);
            self.pairs.push(pair);
        }
        self.take_paired(before, left);
    }

    fn renamed_pair(
        &self,
        own: usize,
        other: TableId,
        beside: &Beside<'_>,
        row: usize,
        words: Words<'_>,
    ) -> Pair {
        let differs = |of: fn(Role) -> bool| {
            self.names_of(own, beside, true, of, words)
                != self.names_of(row, beside, false, of, words)
        };
        let renamed = match (differs(is_name), differs(is_party)) {
            (true, _) => Some(Renamed::Candidate),
            (false, true) => Some(Renamed::Party),
            (false, false) => None,
        };
        let other = Row { table: other, row };
        Pair {
            own,
            other,
            renamed,
        }
    }

    /// The cells of some roles of a row, of the table or of the reference.
    fn names_of(
        &self,
        row: usize,
        beside: &Beside<'_>,
        own: bool,
        of: fn(Role) -> bool,
        words: Words<'_>,
    ) -> String {
        let mut all = String::new();
        for &(mine, theirs) in &beside.keys {
            let role = self.table.columns.get(mine).map_or(Role::Other, |c| c.role);
            let cell = if own {
                self.table.cell(row, mine)
            } else {
                beside.table.cell(row, theirs)
            };
            if let Some(cell) = cell.filter(|_| of(role)) {
                all.push_str(&words.formed(cell, role, Form::Ordered));
                all.push('\n');
            }
        }
        all
    }

    /// Candidates that go by another name in the reference, as pairs show, by
    /// contest and own name. Of several names that stand for one, or one for
    /// several, none is sure.
    fn learned(
        &self,
        other: TableId,
        beside: &Beside<'_>,
        words: Words<'_>,
    ) -> BTreeMap<[String; 2], String> {
        let mut forth: BTreeMap<[String; 2], BTreeSet<String>> = BTreeMap::new();
        let mut back: BTreeMap<[String; 2], BTreeSet<String>> = BTreeMap::new();
        let is_renamed = |pair: &&Pair| pair.renamed == Some(Renamed::Candidate);
        let renamed = self.pairs.iter().filter(is_renamed);
        for pair in renamed.filter(|pair| pair.other.table == other) {
            let contest = self.names_of(pair.own, beside, true, is_of_contest, words);
            let mine = self.names_of(pair.own, beside, true, is_name, words);
            let theirs = self.names_of(pair.other.row, beside, false, is_name, words);
            let names = forth.entry([contest.clone(), mine.clone()]).or_default();
            names.insert(theirs.clone());
            back.entry([contest, theirs]).or_default().insert(mine);
        }
        let sure = |([contest, mine], names): ([String; 2], BTreeSet<String>)| {
            let only = names.first().filter(|_| names.len() == 1)?.clone();
            let others = back.get(&[contest.clone(), only.clone()])?;
            (others.len() == 1).then_some(([contest, mine], only))
        };
        forth.into_iter().filter_map(sure).collect()
    }

    /// Rows of a candidate whom other rows of the contest show to go by another
    /// name in the reference.
    fn pair_learned(
        &mut self,
        subject: &Subject<'_>,
        other: TableId,
        beside: &Beside<'a>,
        left: &mut Left,
    ) {
        let words = Self::words(subject);
        let learned = self.learned(other, beside, words);
        let about = |row, own: Option<&Table>| {
            let rest = beside.key_of(row, own, Form::WithoutNames, words);
            let name = self.names_of(row, beside, own.is_some(), is_name, words);
            (rest, name)
        };
        let mut there: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for &row in &left.other {
            there.entry(about(row, None)).or_default().push(row);
        }
        let mut found = Vec::new();
        for &row in &left.own {
            let contest = self.names_of(row, beside, true, is_of_contest, words);
            let (rest, mine) = about(row, Some(self.table));
            let Some(theirs) = learned.get(&[contest, mine]) else {
                continue;
            };
            let rows = there.remove(&(rest, theirs.clone()));
            if let Some([there]) = rows.as_deref() {
                found.push(self.renamed_pair(row, other, beside, *there, words));
            }
        }
        let before = self.pairs.len();
        self.pairs.extend(found);
        self.take_paired(before, left);
    }

    /// Has a row a figure that shows who it is: one above 0?
    fn has_figures(&self, subject: &Subject<'_>, row: usize) -> bool {
        let mut columns = self.table.columns.iter().enumerate();
        columns.any(|(at, column)| {
            let number = number_at(subject, self.table, row, at);
            !column.role.is_key() && number.is_some_and(|n| n.value >= whole(10))
        })
    }

    fn near_names(&self, row: usize, beside: &Beside<'_>, other: usize) -> bool {
        /// Jaro–Winkler likeness from which two names are one misspelt (names
        /// of one contest that differ in a letter or two reach it).
        const NEAR: f64 = 0.93;
        let names = beside.keys.iter().filter(|(own, _)| {
            let role = self.table.columns.get(*own).map(|c| c.role);
            role.is_some_and(is_name)
        });
        let mut all = names.filter_map(|&(own, theirs)| {
            let (a, b) = (
                self.table.cell(row, own)?,
                beside.table.cell(other, theirs)?,
            );
            Some(strsim::jaro_winkler(&key(a), &key(b)) >= NEAR || is_initialled(a, b))
        });
        let first = all.next();
        first.unwrap_or(false) && all.all(|near| near)
    }

    fn same_figures(
        &self,
        subject: &Subject<'_>,
        row: usize,
        beside: &Beside<'_>,
        other: usize,
    ) -> bool {
        beside.figures.iter().all(|&(own, theirs)| {
            let a = number_at(subject, self.table, row, own);
            let b = number_at(subject, beside.table, other, theirs);
            a.map(|n| n.value) == b.map(|n| n.value)
        })
    }

    pub(super) fn place(&self, row: usize, column: usize) -> Place {
        Place::at(self.id, row, column)
    }
}

/// Do cells of it say which contest a row is of?
fn is_of_contest(role: Role) -> bool {
    matches!(
        role,
        Role::Contest | Role::ContestCode | Role::District | Role::Election
    )
}

/// What keeps tables apart, in words.
impl Comparison<'_> {
    /// The first column of names of which the two share none.
    fn apart(&self, subject: &Subject<'_>, other: TableId, beside: &Beside<'_>) -> String {
        let words = Self::words(subject);
        let names = [self.id, other].map(|id| source_of(subject, id));
        let shown = |table: &Table, column: usize| {
            let mut cells = (0..table.rows()).filter_map(|row| table.cell(row, column));
            let first = cells.next();
            first.map_or_else(|| "nothing".to_owned(), |cell| format!("“{cell}”"))
        };
        let disjoint = |number: usize| {
            let names = beside.names(self.table, number, words);
            names.is_some_and(|[own, other]| own.is_disjoint(&other))
        };
        let number = (0..beside.keys.len()).find(|&number| disjoint(number));
        let Some(&(own, theirs)) = number.and_then(|number| beside.keys.get(number)) else {
            return format!(
                "no row of {} says the same as one of {}",
                names[0], names[1]
            );
        };
        let heading = self.table.columns.get(own).map_or("", |c| c.name.as_str());
        format!(
            "the names of “{heading}” are not the same: {} has {}, {} has {}",
            names[0],
            shown(self.table, own),
            names[1],
            shown(beside.table, theirs),
        )
    }

    fn hindered(&self, subject: &Subject<'_>, other: TableId, hindrance: Hindrance) -> String {
        let [own, theirs] = [self.id, other].map(|id| source_of(subject, id));
        match hindrance {
            Hindrance::Names => format!("no column of names is in both {own} and {theirs}"),
            Hindrance::Figures => format!("no column of figures is in both {own} and {theirs}"),
            Hindrance::Rows => format!(
                "one of {own} and {theirs} has a row for each candidate or party, the other a \
                 column, and no contest and name is in both"
            ),
            Hindrance::Parts(role) => {
                let column = |id: TableId| {
                    let table = subject.dataset.table(id)?;
                    let at = table.column_of(role)?;
                    table.columns.get(at).map(|column| column.name.clone())
                };
                let (has, lacks, name) = match column(self.id) {
                    Some(name) => (own, theirs, name),
                    None => (theirs, own, column(other).unwrap_or_default()),
                };
                format!("the rows of {has} are of parts (“{name}”), and {lacks} has no such column")
            }
        }
    }
}
