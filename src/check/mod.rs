//! A dataset in, what became of each rule out.
//!
//! A *kind* of check is a file here and a variant of [`Check`]; a *rule* is an
//! entry of `rules/checks` that names a kind, gives it its parameters, and
//! carries examples that pass and fail.

mod across;
mod alike;
mod allowed;
mod astray;
mod balance;
mod beside;
mod blanks;
mod bounds;
mod cells;
mod change;
mod columns;
mod concurrent;
mod copy;
mod cut_off;
mod drift;
mod elected;
mod entry;
mod figures;
mod filled;
mod gap;
mod given;
mod joined;
mod label;
mod levels;
mod modes;
mod naming;
mod of_which;
mod outcome;
mod pairing;
mod pseudo;
mod query;
mod quotients;
mod rank;
mod readable;
mod reference;
mod refers;
mod row;
mod rules;
mod runs;
mod same_figure;
mod share;
mod slips;
mod spelling;
mod sql;
mod stages;
mod summary;
mod sums;
mod suppression;
mod swing;
mod turnout;
mod unheaded;
mod unique;
mod unlike;
mod usual;
mod whole_row;
mod winner;
mod within;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use polars::prelude::{DataFrame, PolarsResult};
use rayon::prelude::*;

use sums::Sum;

use crate::model::{
    Cause, Dataset, Exact, Facts, FigureRow, Finding, Key, Layout, Locus, Metric, Parties, Place,
    Reading, Related, Relations, ResultRow, RuleOutcome, Scope, Severity, Standings, fold, show,
    slip, whole,
};

use query::Sheet;

pub use query::Dialect;
pub use reference::differences;
pub use rules::{Check, Example, Linted, Rule, Rules, UnknownRule};

/// All that a check may ask.
#[derive(Debug)]
pub struct Subject<'a> {
    pub dataset: &'a Dataset,
    pub relations: &'a Relations,
    pub standings: &'a Standings,
    pub facts: &'a Facts<'a>,
    pub parties: &'a Parties,
    pub layout: &'a Layout,
    /// See [`Relations::results_frame`].
    pub results: DataFrame,
    /// By how much a figure may differ from its reference, by the key of its
    /// heading.
    pub tolerances: &'a Tolerances,
    figures: HashMap<ScopeKey<'a>, Vec<&'a FigureRow>>,
    counts: Vec<Vec<&'a ResultRow>>,
}

/// By how much figures may differ, by folded heading.
pub type Tolerances = BTreeMap<String, Exact>;

/// Contest, election, unit, and the areas that the unit lies in.
type ScopeKey<'a> = (&'a str, &'a str, Option<&'a str>, &'a [String]);

fn scope_key(scope: &Scope) -> ScopeKey<'_> {
    let unit = scope.unit.as_deref();
    (
        &scope.contest_key,
        &scope.election_key,
        unit,
        scope.areas_of_unit(),
    )
}

impl<'a> Subject<'a> {
    /// Brings the relations into frames.
    ///
    /// # Errors
    /// Only where Polars cannot build a frame.
    pub fn new(
        dataset: &'a Dataset,
        relations: &'a Relations,
        facts: &'a Facts<'a>,
        layout: &'a Layout,
        tolerances: &'a Tolerances,
    ) -> PolarsResult<Self> {
        let mut figures: HashMap<ScopeKey<'a>, Vec<&'a FigureRow>> = HashMap::new();
        for figure in &relations.figures {
            let of_scope = figures.entry(scope_key(&figure.scope));
            of_scope.or_default().push(figure);
        }
        let results = relations.results_frame(facts.parties)?;
        Ok(Self {
            figures,
            counts: counts(relations, &results)?,
            dataset,
            relations,
            standings: facts.standings,
            facts,
            parties: facts.parties,
            layout,
            tolerances,
            results,
        })
    }

    fn tolerance(&self, heading: &str) -> Exact {
        let own = self.tolerances.get(&fold(heading));
        own.cloned().unwrap_or_else(|| whole(0))
    }

    /// The figures of a contest, election and unit, of any stage. A table of
    /// figures need not name the areas that units lie in.
    fn figures_of<'s>(&'s self, scope: &'s Scope) -> &'s [&'a FigureRow] {
        let (contest, election, unit, areas) = scope_key(scope);
        let of = |areas| self.figures.get(&(contest, election, unit, areas));
        // Of an area without a unit they would be those of the whole contest.
        let unnamed = || of(&[]).filter(|_| unit.is_some());
        of(areas).or_else(unnamed).map_or(&[], Vec::as_slice)
    }

    /// Rows of the results that belong together: one table, contest, election,
    /// stage and unit of one area.
    fn counts(&self) -> &[Vec<&'a ResultRow>] {
        &self.counts
    }

    /// Says where a check did not look: at tables of which a screen kept only
    /// the rows that others complain of.
    fn leave_screened(&self, answer: &mut Answer) {
        let mut tables = self.dataset.tables();
        if tables.any(|(_, table)| table.sound.is_some()) {
            answer.unknown("it is not looked for in tables so large that they are screened");
        }
    }

    /// Are most rows of a table not kept, since a screen proved them sound?
    fn is_screened(&self, table: crate::model::TableId) -> bool {
        let found = self.dataset.table(table);
        found.is_some_and(|table| table.sound.is_some())
    }
}

fn counts<'a>(
    relations: &'a Relations,
    results: &DataFrame,
) -> PolarsResult<Vec<Vec<&'a ResultRow>>> {
    const BY: [&str; 6] = ["table", "contest", "election", "stage", "unit", "areas"];
    let all = &relations.results;
    let rows = |group: Vec<usize>| group.into_iter().filter_map(|r| all.get(r)).collect();
    let groups = results.group_by_stable(BY)?.into_groups();
    Ok(groups.iter().map(|g| rows(group_rows(&g))).collect())
}

fn group_rows(group: &polars::prelude::GroupsIndicator<'_>) -> Vec<usize> {
    use polars::prelude::GroupsIndicator;
    match group {
        GroupsIndicator::Idx((_, rows)) => rows.iter().map(|&row| row as usize).collect(),
        GroupsIndicator::Slice([first, len]) => {
            (*first as usize..(*first + *len) as usize).collect()
        }
    }
}

/// What a check says of a rule.
#[derive(Debug, Default)]
pub struct Answer {
    pub passed: u64,
    pub unknown: u64,
    pub findings: Vec<Finding>,
    /// Sums of counts that were worked out, for [`sums::locate`].
    pub sums: Vec<Sum>,
    /// Why it could not be decided somewhere, or did not apply at all.
    pub reason: Option<String>,
}

impl Answer {
    fn pass(&mut self) {
        self.passed += 1;
    }

    fn unknown(&mut self, reason: impl Into<String>) {
        self.unknown += 1;
        self.reason.get_or_insert(reason.into());
    }

    fn fail(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Both together.
    fn with(mut self, other: Self) -> Self {
        let before = self.findings.len();
        self.passed += other.passed;
        self.unknown += other.unknown;
        self.findings.extend(other.findings);
        self.sums.extend(other.sums.into_iter().map(|sum| Sum {
            finding: sum.finding.map(|at| at + before),
            ..sum
        }));
        self.reason = self.reason.or(other.reason);
        self
    }
}

/// The findings and the outcome of every rule.
#[derive(Debug, Default)]
pub struct Checked {
    pub findings: Vec<Finding>,
    pub outcomes: Vec<RuleOutcome>,
}

/// Runs every rule about tables.
#[must_use]
pub fn run(rules: &Rules, subject: &Subject<'_>) -> Checked {
    let mut checked = Checked::default();
    let mut sums: Vec<Sum> = Vec::new();
    let made: OnceLock<Vec<Sheet<'_>>> = OnceLock::new();
    let sheets = || made.get_or_init(|| Sheet::all(subject)).as_slice();
    let rules_of_tables: Vec<&Rule> = rules.iter().collect();
    let answers: Vec<Option<Answer>> = rules_of_tables
        .par_iter()
        .map(|rule| answer(rule, subject, &sheets))
        .collect();
    for (rule, answer) in rules_of_tables.into_iter().zip(answers) {
        let Some(mut answer) = answer else { continue };
        let before = checked.findings.len();
        sums.extend(answer.sums.drain(..).map(|sum| Sum {
            finding: sum.finding.map(|at| at + before),
            ..sum
        }));
        checked.take(rule, answer);
    }
    sums::locate(&mut checked.findings, &sums);
    within::name_places(&mut checked.findings, subject.dataset, subject.layout);
    checked.yield_to_others(rules, subject.dataset);
    // What another source has is told whatever the sums beside it say.
    let compares = |rule: &&Rule| matches!(rule.check, Check::Reference(_) | Check::Drift(_));
    let own = rules.iter().filter(|rule| rule.own || compares(rule));
    let own: HashSet<&str> = own.map(|rule| rule.id.as_str()).collect();
    checked.leave_rows(subject.dataset, &own);
    checked.join(subject.dataset, &own);
    weaken_guesses(&mut checked.findings, subject.dataset);
    checked
}

/// What the check of a rule says of tables; `None` where it is about copy.
fn answer<'s>(
    rule: &Rule,
    subject: &'s Subject<'s>,
    sheets: &(impl Fn() -> &'s [Sheet<'s>] + Sync),
) -> Option<Answer> {
    Some(match &rule.check {
        Check::Across(check) => check.answer(rule, subject),
        Check::Allowed(check) => check.answer(rule, subject),
        Check::Astray(check) => check.answer(rule, subject),
        Check::Balance(check) => check.answer(rule, subject),
        Check::Blanks(check) => check.answer(rule, subject),
        Check::Bounds(check) => check.answer(rule, subject),
        Check::Change(check) => check.answer(rule, subject),
        Check::Concurrent(check) => check.answer(rule, subject),
        Check::Drift(check) => check.answer(rule, subject),
        Check::Elected(check) => check.answer(rule, subject),
        Check::Entry(check) => check.answer(rule, subject),
        Check::Figures(check) => check.answer(rule, subject),
        Check::Filled(check) => check.answer(rule, subject),
        Check::Gap(check) => check.answer(rule, subject),
        Check::Given(check) => check.answer(rule, subject),
        Check::Label(check) => check.answer(rule, subject),
        Check::Levels(check) => check.answer(rule, subject),
        Check::Modes(check) => check.answer(rule, subject),
        Check::Naming(check) => check.answer(rule, subject),
        Check::OfWhich(check) => check.answer(rule, subject),
        Check::Outcome(check) => check.answer(rule, subject),
        Check::Pseudo(check) => check.answer(rule, subject),
        Check::Quotients(check) => check.answer(rule, subject),
        Check::Rank(check) => check.answer(rule, subject),
        Check::Readable(check) => check.answer(rule, subject),
        Check::Reference(check) => check.answer(rule, subject),
        Check::Refers(check) => check.answer(rule, sheets()),
        Check::Row(check) => check.answer(rule, sheets()),
        Check::Runs(check) => check.answer(rule, subject),
        Check::SameFigure(check) => check.answer(rule, subject),
        Check::Share(check) => check.answer(rule, subject),
        Check::Spelling(check) => check.answer(rule, subject),
        Check::Sql(check) => check.answer(rule, sheets()),
        Check::Stages(check) => check.answer(rule, subject),
        Check::Summary(check) => check.answer(rule, subject),
        Check::Swing(check) => check.answer(rule, subject),
        Check::Turnout(check) => check.answer(rule, subject),
        Check::Unique(check) => check.answer(rule, subject),
        Check::Usual(check) => check.answer(rule, subject),
        Check::Winner(check) => check.answer(rule, subject),
        Check::Copy(_) | Check::Suppressions(_) => return None,
    })
}

/// What rests on a column whose heading was guessed is no more than a warning.
fn weaken_guesses(findings: &mut [Finding], dataset: &Dataset) {
    let guessed = |locus: Locus| {
        let Locus::Cell(place) = locus else {
            return false;
        };
        let table = dataset.table(place.table);
        let column = table.and_then(|t| t.columns.get(place.column as usize));
        column.is_some_and(|column| column.guessed)
    };
    for found in findings {
        let mut places = found.related.iter().map(|r| r.at).chain([found.at]);
        if places.any(guessed) {
            found.severity = found.severity.min(Severity::Warning);
        }
    }
}

/// Runs every rule about copy over what was read of it. Contradictions that rest
/// on cells where `tables` has errors weigh less.
#[must_use]
pub fn copy(rules: &Rules, reading: &mut Reading, tables: &Checked) -> Checked {
    copy::weaken(&mut reading.claims, &tables.findings);
    let mut checked = Checked::default();
    for rule in rules.iter() {
        if let Check::Copy(check) = &rule.check {
            checked.take(rule, check.answer(rule, &reading.claims));
        } else if let Check::Suppressions(check) = &rule.check {
            checked.take(rule, check.answer(rule, &reading.suppressions));
        }
    }
    checked
}

/// The outcomes of the rules that the user left out.
#[must_use]
pub fn left_out(rules: &Rules) -> Vec<RuleOutcome> {
    let left_out = rules.left_out().map(|rule| RuleOutcome {
        rule: rule.id.clone(),
        title: rule.title.clone(),
        why: rule.why.clone(),
        severity: rule.severity,
        passed: 0,
        failed: 0,
        aside: 0,
        unknown: 0,
        asked: false,
        reason: Some("left out by the user".to_owned()),
    });
    left_out.collect()
}

impl Checked {
    /// Leaves out what another rule tells better of the same contest: its
    /// findings are unknown, and say of what.
    fn yield_to_others(&mut self, rules: &Rules, dataset: &Dataset) {
        let scope = |f: &Finding| {
            let names = ["contest", "election", "unit"];
            let names = names.map(|name| f.key.get(name).map(ToOwned::to_owned));
            let part = names.get(2).is_some_and(Option::is_some) || f.key.get("area").is_some();
            let areas = part.then(|| owned(&dataset.areas_of(f.at)));
            (names, areas)
        };
        for rule in rules.iter().filter(|rule| !rule.yields_to.is_empty()) {
            let others = self.findings.iter();
            let others = others.filter(|f| rule.yields_to.contains(&f.rule));
            let told: HashMap<_, _> = others.map(|f| (scope(f), f.rule.clone())).collect();
            let (mut teller, before) = (None, self.findings.len());
            self.findings.retain(|f| {
                let other = told.get(&scope(f)).filter(|_| f.rule == rule.id);
                teller = teller.take().or_else(|| other.cloned());
                other.is_none()
            });
            let Some(teller) = teller else { continue };
            let reason = format!("{teller} tells it of the same contest");
            let yielded = (before - self.findings.len()) as u64;
            for outcome in self.outcomes.iter_mut().filter(|o| o.rule == rule.id) {
                outcome.failed = outcome.failed.saturating_sub(yielded);
                outcome.unknown += yielded;
                outcome.reason.get_or_insert_with(|| reason.clone());
            }
        }
    }

    fn take(&mut self, rule: &Rule, answer: Answer) {
        let idle = answer.passed == 0 && answer.unknown == 0 && answer.findings.is_empty();
        let needs = rule
            .needs
            .as_ref()
            .filter(|_| idle)
            .map(|n| format!("needs {n}"));
        self.outcomes.push(RuleOutcome {
            rule: rule.id.clone(),
            title: rule.title.clone(),
            why: rule.why.clone(),
            severity: rule.severity,
            passed: answer.passed,
            failed: answer.findings.len() as u64,
            aside: 0,
            unknown: answer.unknown,
            asked: true,
            reason: answer.reason.or(needs),
        });
        self.findings.extend(answer.findings);
    }
}

/// A finding of a rule at a cell, with what every finding has.
fn finding(rule: &Rule, at: Locus, scope: &Scope, message: String, label: String) -> Finding {
    let mut key = Key::new();
    if !scope.contest.is_empty() {
        key.insert("contest", scope.contest.clone());
    }
    if !scope.election.is_empty() {
        key.insert("election", scope.election.clone());
    }
    if let Some(unit) = &scope.unit {
        key.insert("unit", unit.clone());
    } else if scope.by_area {
        key.insert("area", scope.regions.join(", "));
    }
    Finding {
        rule: rule.id.clone(),
        severity: rule.severity,
        message,
        label,
        help: rule.help.clone(),
        at,
        related: Vec::new(),
        key,
        stated: None,
        expected: None,
        difference: None,
        cause: None,
    }
}

/// Figures of one kind that are added up: of three or more, one that is the sum
/// of the others is their total, and stands for them ("Invalid votes", of which
/// blank, of which void).
fn without_totals(figures: Vec<&FigureRow>) -> Vec<&FigureRow> {
    let sum: Exact = figures.iter().map(|f| &f.measured.number.value).sum();
    let is_total = |f: &&&FigureRow| &f.measured.number.value * whole(2) == sum;
    match figures.iter().find(is_total) {
        Some(total) if figures.len() > 2 && sum > whole(0) => vec![total],
        _ => figures,
    }
}

fn related(place: Place, label: impl Into<String>) -> Related {
    Related {
        at: Locus::Cell(place),
        label: label.into(),
    }
}

impl Finding {
    /// Says of whom and of which figure the finding is.
    fn about(mut self, name: Option<&str>, metric: Metric) -> Self {
        if let Some(name) = name {
            self.key.insert("candidate", name.to_owned());
        }
        self.key.insert("metric", metric.name().to_owned());
        self
    }

    /// Says what is given and what should be, and which slip leads from the one
    /// to the other. Of a replaced digit alone no value is suggested: any cell of
    /// a sum is one digit away from making it come out.
    fn differing(mut self, stated: &Exact, expected: &Exact, decimals: i32) -> Self {
        self.stated = Some(show(stated, decimals));
        self.expected = Some(show(expected, decimals));
        self.difference = Some(show(&(stated - expected), decimals));
        self.cause = slip(stated, expected, decimals).map(|cause| Cause {
            suggestion: cause.suggestion.filter(|_| cause.kind != "digit-replaced"),
            ..cause
        });
        self
    }
}

/// How many of the figures of a table come out, and how many do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tally {
    right: usize,
    wrong: usize,
}

impl Tally {
    fn of(right: impl Iterator<Item = bool>) -> Self {
        let (right, wrong): (Vec<bool>, Vec<bool>) = right.partition(|right| *right);
        Self {
            right: right.len(),
            wrong: wrong.len(),
        }
    }

    /// Figures that mostly do not come out are of something else than is
    /// supposed (units are missing, a change is measured from another day), and
    /// nothing can be said of any of them.
    fn is_of_something_else(self) -> bool {
        self.wrong > self.right
    }
}

/// Whom and what a cell of a table is about.
#[derive(Debug, Default)]
struct About {
    scope: Scope,
    name: String,
}

/// What the relations say of the row of a cell; where they say nothing, what its
/// words are.
fn described(subject: &Subject<'_>, place: Place) -> About {
    let wanted = (place.table, place.row);
    // Both relations are in the order of tables and rows.
    let results = &subject.relations.results;
    let at = results.partition_point(|r| (r.table, r.row) < wanted);
    if let Some(found) = results.get(at).filter(|r| (r.table, r.row) == wanted) {
        let name = found.candidate.as_ref().or(found.party.as_ref());
        return About {
            scope: found.scope.clone(),
            name: name.map_or_else(String::new, |name| name.text.clone()),
        };
    }
    let row_of = |f: &FigureRow| (f.measured.place.table, f.measured.place.row);
    let figures = &subject.relations.figures;
    let at = figures.partition_point(|f| row_of(f) < wanted);
    if let Some(found) = figures.get(at).filter(|f| row_of(f) == wanted) {
        return About {
            scope: found.scope.clone(),
            name: found.metric.words().to_owned(),
        };
    }
    About::default()
}

/// "Ashby Vale, 2020"; "these results" where nothing is named.
fn title(scope: &Scope) -> String {
    let mut parts: Vec<&str> = Vec::new();
    parts.extend(scope.unit.as_deref());
    // The narrowest first.
    parts.extend(scope.areas_of_unit().iter().rev().map(String::as_str));
    parts.extend(
        [scope.contest.as_str(), scope.election.as_str()]
            .iter()
            .filter(|p| !p.is_empty()),
    );
    if parts.is_empty() {
        "these results".to_owned()
    } else {
        parts.join(", ")
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// A rule's severity, or a lower one.
fn at_most(rule: &Rule, most: Severity) -> Severity {
    rule.severity.min(most)
}
