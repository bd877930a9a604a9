//! Records: for each candidate or party the same labels with other numbers,
//! on one line ("Ann Lee Votes 1,234 Share 20.1") or on several, under lines
//! that name the candidate and the party.

use std::collections::HashMap;
use std::ops::Range;

use super::draft::{Draft, DraftColumn};
use super::lines::{trim_label, words};
use super::{Page, is_of_entry};
use crate::model::{Role, fold};

/// Numbers with their labels, and the name before the first label.
#[derive(Debug)]
struct Figure {
    lines: Range<usize>,
    lead: Option<Range<usize>>,
    /// Label and number.
    pairs: Vec<(Range<usize>, Range<usize>)>,
}

/// The lines and figures of one candidate or party.
#[derive(Debug, Default)]
struct Record {
    head: Vec<usize>,
    figures: Vec<Figure>,
}

/// A value of a record's head, and what the words beside it say that it is.
#[derive(Debug, Clone)]
struct HeadValue {
    label: Option<(Range<usize>, Role)>,
    range: Range<usize>,
}

/// Lines that may stand between the figures of two records.
const MAX_HEAD: usize = 6;

impl Page<'_> {
    pub(super) fn read_records(&mut self) {
        let shared = self.repeated_labels();
        let figures = self.figures(&shared);
        for mut group in self.groups(figures) {
            self.find_first_head(&mut group);
            if let Some(draft) = self.record_table(&group, &shared) {
                self.take(draft);
            }
        }
    }

    /// Texts between two numbers that stand so on several lines: labels, even
    /// where the vocabulary does not have them.
    fn repeated_labels(&self) -> Vec<String> {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut order = Vec::new();
        for line in &self.lines {
            let pieces = &line.pieces;
            for around in pieces.windows(3) {
                if let [before, label, after] = around
                    && before.number
                    && after.number
                    && !label.number
                {
                    let label = fold(self.str(&label.range));
                    let count = counts.entry(label.clone()).or_default();
                    *count += 1;
                    if *count == 2 && !label.is_empty() {
                        order.push(label);
                    }
                }
            }
        }
        order
    }

    fn figures(&self, shared: &[String]) -> Vec<Figure> {
        let mut figures = Vec::new();
        let mut at = 0;
        while at < self.lines.len() {
            let open = self.is_free(at) && !self.is_base_line(at);
            let found = self.figure(at, shared).filter(|_| open);
            at = found.as_ref().map_or(at + 1, |f| f.lines.end);
            figures.extend(found);
        }
        figures
    }

    fn figure(&self, at: usize, shared: &[String]) -> Option<Figure> {
        let pieces = self.pieces(at);
        let is = |number: bool| move |p: &super::Piece| p.number == number;
        let (texts, numbers): (Vec<_>, Vec<_>) = pieces.iter().partition(|p| !p.number);
        let alternate = pieces.windows(2).all(|w| match w {
            [a, b] => a.number != b.number,
            _ => true,
        });
        if !alternate || texts.is_empty() || texts.len() < numbers.len() {
            return self.figure_on_two_lines(at);
        }
        let (first, last) = (pieces.first()?, pieces.last()?);
        if is(true)(first) && !last.number {
            return self.figure_before_label(at, &texts, &numbers);
        }
        if texts.len() != numbers.len() {
            return self.figure_on_two_lines(at);
        }
        let (lead, label) = self.lead_and_label(&texts.first()?.range)?;
        let mut pairs = vec![(label, numbers.first()?.range.clone())];
        for (text, number) in texts.iter().zip(&numbers).skip(1) {
            let label = trim_label(self.text, text.range.clone());
            let known = self.entry_role(self.str(&label)).is_some();
            if !known && !shared.contains(&fold(self.str(&label))) {
                return None;
            }
            pairs.push((label, number.range.clone()));
        }
        Some(Figure {
            lines: at..at + 1,
            lead,
            pairs,
        })
    }

    /// "1,234 votes", "20.1% share of the vote".
    fn figure_before_label(
        &self,
        at: usize,
        texts: &[&super::Piece],
        numbers: &[&super::Piece],
    ) -> Option<Figure> {
        let pairs = texts.iter().zip(numbers).map(|(text, number)| {
            let label = trim_label(self.text, text.range.clone());
            self.entry_role(self.str(&label))?;
            Some((label, number.range.clone()))
        });
        Some(Figure {
            lines: at..at + 1,
            lead: None,
            pairs: pairs.collect::<Option<_>>()?,
        })
    }

    /// A label on one line, its number on the next.
    fn figure_on_two_lines(&self, at: usize) -> Option<Figure> {
        let label = trim_label(self.text, self.lines.get(at)?.range.clone());
        let role = self.words.layout.role(self.str(&label));
        if !is_of_entry(role) || !self.is_free(at) {
            return None;
        }
        let next = self.free_from(at + 1)?;
        match self.pieces(next) {
            [piece] if piece.number => Some(Figure {
                lines: at..next + 1,
                lead: None,
                pairs: vec![(label, piece.range.clone())],
            }),
            _ => None,
        }
    }

    /// "Ann Lee Votes": the name, and the label that ends the text.
    fn lead_and_label(&self, range: &Range<usize>) -> Option<(Option<Range<usize>>, Range<usize>)> {
        let words = words(self.text, range.clone());
        let end = words.last()?.end;
        let label_from = |start: usize| {
            let first = words.get(start)?.start;
            Some(trim_label(self.text, first..end))
        };
        let exact = (0..words.len()).find(|&start| {
            label_from(start).is_some_and(|l| is_of_entry(self.words.layout.role(self.str(&l))))
        });
        let wider = || {
            (0..words.len()).rev().find(|&start| {
                label_from(start).is_some_and(|l| self.entry_role(self.str(&l)).is_some())
            })
        };
        let start = exact.or_else(wider)?;
        let lead = trim_label(self.text, range.start..words.get(start)?.start);
        Some(((!lead.is_empty()).then_some(lead), label_from(start)?))
    }

    /// Figures in records, and records of one shape in groups.
    fn groups(&self, figures: Vec<Figure>) -> Vec<Vec<Record>> {
        let mut groups: Vec<Vec<Record>> = Vec::new();
        for figure in figures {
            let previous = groups.last_mut().and_then(|g| g.last_mut());
            let end = previous
                .as_ref()
                .and_then(|r| r.figures.last())
                .map(|f| f.lines.end);
            let gap = end.and_then(|end| self.head_between(end, figure.lines.start));
            match (previous, gap) {
                (Some(record), Some(head)) => {
                    let repeats = self.repeats(record, &figure);
                    if head.is_empty() && figure.lead.is_none() && !repeats {
                        record.figures.push(figure);
                    } else if repeats || figure.lead.is_some() {
                        let figures = vec![figure];
                        if let Some(group) = groups.last_mut() {
                            group.push(Record { head, figures });
                        }
                    } else {
                        groups.push(vec![Record {
                            head: Vec::new(),
                            figures: vec![figure],
                        }]);
                    }
                }
                _ => groups.push(vec![Record {
                    head: Vec::new(),
                    figures: vec![figure],
                }]),
            }
        }
        groups
    }

    /// The lines between two figures, where they can be the head of a record.
    fn head_between(&self, from: usize, to: usize) -> Option<Vec<usize>> {
        let lines: Vec<usize> = (from..to).filter(|&i| !self.is_blank(i)).collect();
        let fits = lines.len() <= MAX_HEAD && lines.iter().all(|&i| self.is_head_line(i));
        fits.then_some(lines)
    }

    fn is_head_line(&self, line: usize) -> bool {
        let introduces = self.line(line).ends_with(':');
        let plain = self.pieces(line).iter().all(|p| !p.number);
        let short = self.lines.get(line).is_some_and(|l| l.words <= 10);
        self.is_free(line) && plain && short && (introduces || self.is_short(line))
    }

    fn repeats(&self, record: &Record, figure: &Figure) -> bool {
        let label = |pair: &(Range<usize>, Range<usize>)| fold(self.str(&pair.0));
        let own: Vec<String> = record
            .figures
            .iter()
            .flat_map(|f| &f.pairs)
            .map(label)
            .collect();
        figure.pairs.iter().any(|pair| own.contains(&label(pair)))
    }

    /// The head of the first record is as long as the others', or starts with
    /// the same line.
    fn find_first_head(&self, group: &mut [Record]) {
        let Some(start) = group
            .first()
            .and_then(|r| r.figures.first())
            .map(|f| f.lines.start)
        else {
            return;
        };
        let above = self.head_above(start);
        let opening = |record: &Record| record.head.first().map(|&l| fold(self.line(l)));
        let head = match group.get(1) {
            Some(second) => {
                let same = above
                    .iter()
                    .position(|&l| Some(fold(self.line(l))) == opening(second));
                let usual = second.head.len();
                above.get(same.unwrap_or(above.len().saturating_sub(usual))..)
            }
            None => above.get(self.lone_head(&above, start)..),
        };
        let head = head.unwrap_or_default().to_vec();
        if let Some(first) = group.first_mut() {
            first.head = head;
        }
    }

    /// Up to [`MAX_HEAD`] lines above a line, in order.
    fn head_above(&self, line: usize) -> Vec<usize> {
        let mut head = Vec::new();
        let mut at = line;
        while let Some(above) = self.free_before(at).filter(|&l| self.is_head_line(l)) {
            if head.len() == MAX_HEAD {
                break;
            }
            head.push(above);
            at = above;
        }
        head.reverse();
        head
    }

    /// Where the head of a record without a fellow starts: at a label of the
    /// vocabulary, else where the lines above it stand without a gap.
    fn lone_head(&self, above: &[usize], start: usize) -> usize {
        let is_label = |&line: &usize| is_name(self.words.layout.role(self.line(line)));
        above.iter().position(is_label).unwrap_or_else(|| {
            let below = |at: usize| above.get(at + 1).copied().unwrap_or(start);
            let gap = |&at: &usize| above.get(at).is_some_and(|l| l + 1 != below(at));
            (0..above.len()).rev().find(gap).map_or(0, |at| at + 1)
        })
    }

    fn record_table(&self, group: &[Record], shared: &[String]) -> Option<Draft> {
        let first = group.first()?;
        let pairs = || group.iter().flat_map(|r| &r.figures).flat_map(|f| &f.pairs);
        let lone = group.len() == 1 && pairs().count() < 2;
        let heads: Vec<Vec<HeadValue>> = group.iter().map(|r| self.head_values(r, group)).collect();
        let named = |(record, values): (&Record, &Vec<HeadValue>)| {
            !values.is_empty() || record.figures.iter().any(|f| f.lead.is_some())
        };
        if lone || !group.iter().zip(&heads).all(named) {
            return None;
        }
        let (mut columns, mut rows) = self.head_columns(&heads);
        add_leads(group, &mut columns, &mut rows);
        self.assign_names(&mut columns, &rows);
        let top = first
            .head
            .first()
            .copied()
            .or(first.figures.first().map(|f| f.lines.start))?;
        let labels = first.figures.iter().map(|f| f.pairs.len()).sum();
        let header = self.free_before(top).and_then(|line| {
            let parts = self.headings(line, shared, labels)?;
            Some((line, parts))
        });
        let above = header.as_ref().map(|h| h.1.as_slice());
        self.add_figures(group, above, &mut columns, &mut rows);
        let start = header.map_or(top, |h| h.0);
        let end = group.last()?.figures.last()?.lines.end;
        Some(Draft::new(start..end, columns, rows))
    }

    /// The values in a record's head, each with the label before it.
    fn head_values(&self, record: &Record, group: &[Record]) -> Vec<HeadValue> {
        let mut values = Vec::new();
        let mut label: Option<(Range<usize>, Role)> = None;
        for &line in &record.head {
            let Some(range) = self.lines.get(line).map(|l| l.range.clone()) else {
                continue;
            };
            let range = trim_label(self.text, range);
            let role = self.words.layout.label(self.str(&range));
            if is_name(role) {
                label = Some((range, role));
            } else if let Some((inner, role, value)) = self.labelled_value(&range) {
                values.push(HeadValue {
                    label: Some((inner, role)),
                    range: value,
                });
            } else if !range.is_empty() && !self.is_filler(line, group) {
                values.push(HeadValue {
                    label: label.clone(),
                    range,
                });
            }
        }
        values
    }

    /// "with candidate Ann Lee": label, its role, and the value.
    fn labelled_value(&self, range: &Range<usize>) -> Option<(Range<usize>, Role, Range<usize>)> {
        let words = words(self.text, range.clone());
        (1..words.len().min(4)).rev().find_map(|cut| {
            let label = trim_label(self.text, words.first()?.start..words.get(cut - 1)?.end);
            let value = trim_label(self.text, words.get(cut)?.start..range.end);
            let role = self.words.layout.label(self.str(&label));
            let name = !self.str(&value).starts_with(char::is_lowercase);
            (is_name(role) && name && !value.is_empty()).then_some((label, role, value))
        })
    }

    /// Words that every record has and that name nothing: "received:".
    fn is_filler(&self, line: usize, group: &[Record]) -> bool {
        let own = fold(self.line(line));
        let has = |r: &Record| r.head.iter().any(|&l| fold(self.line(l)) == own);
        let small = self
            .line(line)
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .starts_with(char::is_lowercase);
        let introduces = self.line(line).ends_with(':');
        (small || introduces) && group.iter().all(has) && (introduces || group.len() > 1)
    }

    /// A column for each label of the heads and each place under it; values
    /// are set at the right, next to the figures.
    fn head_columns(&self, heads: &[Vec<HeadValue>]) -> (Vec<DraftColumn>, Vec<Row>) {
        let mut groups: Vec<(Option<String>, usize)> = Vec::new();
        let key = |value: &HeadValue| value.label.as_ref().map(|l| fold(self.str(&l.0)));
        for values in heads {
            for value in values {
                let own = key(value);
                let count = values.iter().filter(|v| key(v) == own).count();
                match groups.iter_mut().find(|(k, _)| *k == own) {
                    Some((_, most)) => *most = count.max(*most),
                    None => groups.push((own, count)),
                }
            }
        }
        let mut columns = Vec::new();
        let mut rows: Vec<Row> = vec![Vec::new(); heads.len()];
        for (own, count) in groups {
            let label = heads
                .iter()
                .flatten()
                .find(|v| key(v) == own)
                .and_then(|v| v.label.clone());
            for _ in 0..count {
                columns.push(match &label {
                    Some((range, role)) => DraftColumn::printed(self.text, range.clone(), *role),
                    None => DraftColumn::unnamed("name", Role::Other),
                });
            }
            for (row, values) in rows.iter_mut().zip(heads) {
                let found: Vec<_> = values.iter().filter(|v| key(v) == own).collect();
                row.extend(std::iter::repeat_n(None, count - found.len()));
                row.extend(found.into_iter().map(|v| Some(v.range.clone())));
            }
        }
        (columns, rows)
    }

    /// Says of each column of names whether it holds candidates or parties.
    fn assign_names(&self, columns: &mut [DraftColumn], rows: &[Row]) {
        part_short_names(columns, rows);
        let values = |at: usize| rows.iter().filter_map(move |row| row.get(at)?.as_ref());
        for at in (0..columns.len()).rev() {
            let has = |role| columns.iter().any(|c| c.role == role);
            if columns.get(at).is_none_or(|c| c.role != Role::Other) {
                continue;
            }
            let parties = self.mostly_parties(values(at));
            let role = match (has(Role::Candidate), has(Role::Party)) {
                (_, false) if parties => Role::Party,
                (_, true) if parties && !has(Role::PartyShort) => Role::PartyShort,
                (false, _) if !parties => Role::Candidate,
                (true, false) => Role::Party,
                (true | false, _) => Role::Other,
            };
            if let Some(column) = columns.get_mut(at) {
                column.role = role;
                if column.heading.is_none() {
                    name_of(role).clone_into(&mut column.name);
                }
            }
        }
    }

    fn add_figures(
        &self,
        group: &[Record],
        header: Option<&[(Range<usize>, Role)]>,
        columns: &mut Vec<DraftColumn>,
        rows: &mut [Row],
    ) {
        let names = columns.len();
        let mut labels: Vec<String> = Vec::new();
        let pairs = |r: &Record| -> Vec<(Range<usize>, Range<usize>)> {
            r.figures.iter().flat_map(|f| f.pairs.clone()).collect()
        };
        for (label, _) in group.iter().flat_map(pairs) {
            let folded = fold(self.str(&label));
            if !labels.contains(&folded) {
                let role = self.entry_role(self.str(&label)).unwrap_or(Role::Other);
                let above = |(range, known): &&(Range<usize>, Role)| {
                    fold(self.str(range)) == folded || (*known == role && role != Role::Other)
                };
                let above = header.and_then(|h| h.iter().find(above));
                let heading = above.map_or(label.clone(), |(range, _)| range.clone());
                columns.push(DraftColumn::printed(self.text, heading, role));
                labels.push(folded);
            }
        }
        for (row, record) in rows.iter_mut().zip(group) {
            row.resize(names + labels.len(), None);
            for (label, number) in pairs(record) {
                let at = labels.iter().position(|l| *l == fold(self.str(&label)));
                if let Some(cell) = at.and_then(|at| row.get_mut(names + at)) {
                    *cell = Some(number);
                }
            }
        }
    }
}

fn add_leads(group: &[Record], columns: &mut Vec<DraftColumn>, rows: &mut [Row]) {
    let lead = |r: &Record| r.figures.first().and_then(|f| f.lead.clone());
    if group.iter().all(|r| lead(r).is_none()) {
        return;
    }
    columns.push(DraftColumn::unnamed("name", Role::Other));
    for (row, record) in rows.iter_mut().zip(group) {
        row.push(lead(record));
    }
}

/// Of two columns under one "Party" the one with less text is the short
/// form.
fn part_short_names(columns: &mut [DraftColumn], rows: &[Row]) {
    let at: Vec<usize> = (0..columns.len())
        .filter(|&i| columns.get(i).is_some_and(|c| c.role == Role::Party))
        .collect();
    let length = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)?.as_ref());
        cells.map(Range::len).sum::<usize>()
    };
    let longest = at.iter().copied().max_by_key(|&i| length(i));
    let short = at.iter().copied().rfind(|&i| Some(i) != longest);
    for i in at {
        if let Some(column) = columns.get_mut(i).filter(|_| Some(i) != longest) {
            column.role = if Some(i) == short {
                Role::PartyShort
            } else {
                Role::Other
            };
        }
    }
}

type Row = Vec<Option<Range<usize>>>;

/// The role of a label that stands before a name.
fn is_name(role: Role) -> bool {
    matches!(
        role,
        Role::Party | Role::PartyShort | Role::Candidate | Role::FirstName | Role::Surname
    )
}

/// What a column without a printed heading is called.
pub(super) fn name_of(role: Role) -> &'static str {
    match role {
        Role::Party | Role::PartyShort => "party",
        Role::Candidate => "candidate",
        Role::Measure(metric) => metric.name(),
        Role::Change => "change",
        Role::Value => "figure",
        Role::ValueShare => "per cent",
        Role::Result => "result",
        Role::Contest
        | Role::Region
        | Role::Election
        | Role::Unit
        | Role::Stage
        | Role::ContestCode
        | Role::District
        | Role::Mode
        | Role::ModeVotes
        | Role::FirstName
        | Role::Surname
        | Role::Label
        | Role::Elected
        | Role::Winner
        | Role::RunnerUp
        | Role::Control
        | Role::Other => "name",
    }
}
