//! Tables as they were read: every cell as printed, and where it stands.

use std::borrow::Cow;

use polars::prelude::DataFrame;
use serde::Deserialize;

use super::{Sound, SourceId, Span};

/// Index of a [`Table`] in its [`Dataset`](super::Dataset).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub u32);

/// A cell: a table, a row (from 0, header not counted) and a column (from 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub table: TableId,
    pub row: u32,
    pub column: u32,
}

impl Place {
    /// The cell at a row and a column, counted as tables count them: numbers that
    /// no table has name a cell that none has.
    #[must_use]
    pub fn at(table: TableId, row: usize, column: usize) -> Self {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            table,
            row: narrow(row),
            column: narrow(column),
        }
    }
}

/// What a number measures. Shares, and changes in them, are in per cent and
/// points; everything else is a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    Votes,
    Share,
    VotesChange,
    ShareChange,
    Seats,
    SeatsBefore,
    SeatsChange,
    /// Councils that a party controls.
    Councils,
    CouncilsChange,
    /// Seats whose results are declared ("after 640 of 650 seats").
    SeatsDeclared,
    /// All seats of the body that is elected.
    SeatsTotal,
    Majority,
    MajorityShare,
    Electorate,
    /// People, or ballots, that took part.
    Turnout,
    TurnoutShare,
    TurnoutShareChange,
    ValidVotes,
    RejectedVotes,
    /// Rejected votes of one reason among several.
    RejectedByReason,
    /// Electors who did not vote.
    Abstentions,
    /// A total that does not say of what.
    TotalVotes,
    /// Share of the vote after preferences, of the last two candidates.
    PreferredShare,
    PreferredShareChange,
    /// Votes after preferences, of the last two candidates.
    PreferredVotes,
    /// The place that a candidate or party came in, from 1.
    Rank,
    SeatsGained,
    SeatsLost,
    /// How many votes each voter has.
    VotesAllowed,
    /// Poll cards that were shown by those who voted.
    PollCards,
    /// Proxies by which somebody voted.
    Proxies,
    /// Cards by which somebody of elsewhere voted.
    VoterCards,
    /// Voters who were let in.
    Admitted,
    /// By how many there are more ballots than voters.
    BallotsOver,
    /// By how many there are fewer ballots than voters.
    BallotsShort,
    /// Ballot papers that a polling station was given.
    PapersReceived,
    /// Ballot papers that were left over there.
    PapersUnused,
    /// Ballot papers that were taken out of the box.
    PapersInBox,
    /// Papers in the box that are none of the official ones.
    PapersInvalid,
    /// Voting cards that came with the ballots.
    VotingCards,
    /// Half of what one party gained on another, in points.
    Swing,
}

impl Metric {
    pub const ALL: [Self; 41] = [
        Self::Votes,
        Self::Share,
        Self::VotesChange,
        Self::ShareChange,
        Self::Seats,
        Self::SeatsBefore,
        Self::SeatsChange,
        Self::Councils,
        Self::CouncilsChange,
        Self::SeatsDeclared,
        Self::SeatsTotal,
        Self::Majority,
        Self::MajorityShare,
        Self::Electorate,
        Self::Turnout,
        Self::TurnoutShare,
        Self::TurnoutShareChange,
        Self::ValidVotes,
        Self::RejectedVotes,
        Self::RejectedByReason,
        Self::Abstentions,
        Self::TotalVotes,
        Self::PreferredShare,
        Self::PreferredShareChange,
        Self::PreferredVotes,
        Self::Rank,
        Self::SeatsGained,
        Self::SeatsLost,
        Self::VotesAllowed,
        Self::PollCards,
        Self::Proxies,
        Self::VoterCards,
        Self::Admitted,
        Self::BallotsOver,
        Self::BallotsShort,
        Self::PapersReceived,
        Self::PapersUnused,
        Self::PapersInBox,
        Self::PapersInvalid,
        Self::VotingCards,
        Self::Swing,
    ];

    /// The name in rule files, frames and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Votes => "votes",
            Self::Share => "share",
            Self::VotesChange => "votes-change",
            Self::ShareChange => "share-change",
            Self::Seats => "seats",
            Self::SeatsBefore => "seats-before",
            Self::SeatsChange => "seats-change",
            Self::Councils => "councils",
            Self::CouncilsChange => "councils-change",
            Self::SeatsDeclared => "seats-declared",
            Self::SeatsTotal => "seats-total",
            Self::Majority => "majority",
            Self::MajorityShare => "majority-share",
            Self::Electorate => "electorate",
            Self::Turnout => "turnout",
            Self::TurnoutShare => "turnout-share",
            Self::TurnoutShareChange => "turnout-share-change",
            Self::ValidVotes => "valid-votes",
            Self::RejectedVotes => "rejected-votes",
            Self::RejectedByReason => "rejected-by-reason",
            Self::Abstentions => "abstentions",
            Self::TotalVotes => "total-votes",
            Self::PreferredShare => "preferred-share",
            Self::PreferredShareChange => "preferred-share-change",
            Self::PreferredVotes => "preferred-votes",
            Self::Rank => "rank",
            Self::SeatsGained => "seats-gained",
            Self::SeatsLost => "seats-lost",
            Self::VotesAllowed => "votes-allowed",
            Self::PollCards => "poll-cards",
            Self::Proxies => "proxies",
            Self::VoterCards => "voter-cards",
            Self::Admitted => "admitted",
            Self::BallotsOver => "ballots-over",
            Self::BallotsShort => "ballots-short",
            Self::PapersReceived => "papers-received",
            Self::PapersUnused => "papers-unused",
            Self::PapersInBox => "papers-in-box",
            Self::PapersInvalid => "papers-invalid",
            Self::VotingCards => "voting-cards",
            Self::Swing => "swing",
        }
    }

    /// The name in sentences.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Votes => "votes",
            Self::Share => "share of the vote",
            Self::VotesChange => "change in votes",
            Self::ShareChange => "change in share",
            Self::Seats => "seats",
            Self::SeatsBefore => "seats before",
            Self::SeatsChange => "change in seats",
            Self::Councils => "councils",
            Self::CouncilsChange => "change in councils",
            Self::SeatsDeclared => "seats declared",
            Self::SeatsTotal => "seats in all",
            Self::Majority => "majority",
            Self::MajorityShare => "majority in per cent",
            Self::Electorate => "electorate",
            Self::Turnout => "votes cast",
            Self::TurnoutShare => "turnout",
            Self::TurnoutShareChange => "change in turnout",
            Self::ValidVotes => "valid votes",
            Self::RejectedVotes => "rejected votes",
            Self::RejectedByReason => "votes rejected for one reason",
            Self::Abstentions => "abstentions",
            Self::TotalVotes => "total votes",
            Self::PreferredShare => "share after preferences",
            Self::PreferredShareChange => "change in share after preferences",
            Self::PreferredVotes => "votes after preferences",
            Self::Rank => "rank",
            Self::SeatsGained => "seats gained",
            Self::SeatsLost => "seats lost",
            Self::VotesAllowed => "votes of each voter",
            Self::PollCards => "poll cards of voters",
            Self::Proxies => "proxies of voters",
            Self::VoterCards => "voter cards of voters",
            Self::Admitted => "voters admitted",
            Self::BallotsOver => "ballots over",
            Self::BallotsShort => "ballots short",
            Self::PapersReceived => "ballot papers received",
            Self::PapersUnused => "unused ballot papers",
            Self::PapersInBox => "ballot papers in the box",
            Self::PapersInvalid => "invalid ballot papers",
            Self::VotingCards => "voting cards returned",
            Self::Swing => "swing",
        }
    }

    /// Is it measured in per cent or points?
    #[must_use]
    pub fn is_percent(self) -> bool {
        match self {
            Self::Share
            | Self::ShareChange
            | Self::MajorityShare
            | Self::TurnoutShare
            | Self::TurnoutShareChange
            | Self::PreferredShare
            | Self::PreferredShareChange
            | Self::Swing => true,
            Self::Votes
            | Self::VotesChange
            | Self::Seats
            | Self::SeatsBefore
            | Self::SeatsChange
            | Self::Councils
            | Self::CouncilsChange
            | Self::SeatsDeclared
            | Self::SeatsTotal
            | Self::Majority
            | Self::Electorate
            | Self::Turnout
            | Self::ValidVotes
            | Self::RejectedVotes
            | Self::RejectedByReason
            | Self::Abstentions
            | Self::TotalVotes
            | Self::PreferredVotes
            | Self::Rank
            | Self::SeatsGained
            | Self::SeatsLost
            | Self::VotesAllowed
            | Self::PollCards
            | Self::Proxies
            | Self::VoterCards
            | Self::Admitted
            | Self::BallotsOver
            | Self::BallotsShort
            | Self::PapersReceived
            | Self::PapersUnused
            | Self::PapersInBox
            | Self::PapersInvalid
            | Self::VotingCards => false,
        }
    }

    /// Is it the number of all votes that count, or of all votes?
    #[must_use]
    pub fn counts_all(self) -> bool {
        matches!(self, Self::TotalVotes | Self::ValidVotes)
    }

    /// Is it a result after preferences?
    #[must_use]
    pub fn is_preferred(self) -> bool {
        matches!(self, Self::PreferredShare | Self::PreferredVotes)
    }

    /// Is it a figure of one candidate, party or option, not of a contest?
    #[must_use]
    pub fn is_of_entry(self) -> bool {
        matches!(
            self,
            Self::Votes
                | Self::Share
                | Self::VotesChange
                | Self::ShareChange
                | Self::Seats
                | Self::SeatsBefore
                | Self::SeatsChange
                | Self::Councils
                | Self::CouncilsChange
                | Self::PreferredShare
                | Self::PreferredShareChange
                | Self::PreferredVotes
                | Self::Rank
                | Self::SeatsGained
                | Self::SeatsLost
        )
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Contest,
    /// A code of the contest, which is the same however its name is spelled.
    ContestCode,
    /// What tells contests of one office apart: "3", of "U.S. House".
    District,
    /// A wider area that the contest lies in: county, region, state.
    Region,
    Election,
    /// A part of the contest that is counted apart: precinct, polling station.
    Unit,
    /// The way that the votes of a row were cast: "early", "postal".
    Mode,
    /// Votes that were cast in the way that the heading names.
    ModeVotes,
    /// The stage of a count that has several.
    Stage,
    Candidate,
    FirstName,
    Surname,
    Party,
    /// A short form of the party beside its name.
    PartyShort,
    /// What a row is about, where rows are figures ("Electorate", 64,164).
    Label,
    Measure(Metric),
    /// A change since the last election, of what its figures show: points of
    /// share, seats or votes.
    Change,
    /// A number whose meaning the row's label gives.
    Value,
    /// A per cent whose meaning the row's label gives.
    ValueShare,
    /// "Lab hold", "Con gain".
    Result,
    /// Was the candidate elected?
    Elected,
    /// Who won the contest of the row: a party, or a candidate.
    Winner,
    /// Who came second in it.
    RunnerUp,
    /// Who runs a council after the vote: a party, or nobody alone. Counts
    /// beside it are of seats.
    Control,
    /// Read, kept, and not understood.
    Other,
}

/// Between the parts of a heading that stands in several rows.
pub const JOINT: &str = " › ";

/// A column: its heading as printed, where that stands, and what it holds.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub heading: Option<Span>,
    pub role: Role,
    /// The election of its figures, where the heading names it ("Votes 2017").
    pub election: Option<String>,
    /// Its heading is not known, but like one that is.
    pub guessed: bool,
}

/// A value that holds for a whole table, from a heading or a file name.
#[derive(Debug, Clone)]
pub struct Constant {
    pub text: String,
    /// `None` where it was taken from the name of the file.
    pub span: Option<Span>,
}

/// How the bytes of a cell are found, when a finding asks for them.
#[derive(Debug, Clone)]
pub enum Locator {
    /// Delimited text: the byte at which each row starts, and the marks that
    /// part and quote its cells. A cell is found by scanning its row.
    Records {
        starts: Vec<u64>,
        delimiter: u8,
        quote: u8,
    },
    /// Spans kept cell by cell: `spans[row][column]`.
    Cells(Vec<Vec<Option<Span>>>),
}

/// A table as read.
#[derive(Debug, Clone)]
pub struct Table {
    /// The heading, or the file's name without its folder.
    pub title: String,
    pub source: SourceId,
    pub columns: Vec<Column>,
    /// One string column for each of `columns`, in their order, named `c0`,
    /// `c1`, …: cells as printed, trimmed; null where nothing is printed.
    pub frame: DataFrame,
    pub locator: Locator,
    pub contest: Option<Constant>,
    pub election: Option<Constant>,
    /// The election that printed changes are measured from, where stated.
    pub base_election: Option<Constant>,
    /// Of a large table: the rows that were proved sound and are not in `frame`.
    pub sound: Option<Box<Sound>>,
}

impl Table {
    #[must_use]
    pub fn column_of(&self, role: Role) -> Option<usize> {
        self.columns.iter().position(|c| c.role == role)
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    /// A cell as printed; `None` where it is empty or out of range.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Option<&str> {
        self.frame.columns().get(column)?.str().ok()?.get(row)
    }
}

impl Role {
    /// Does such a column say what its row is about?
    #[must_use]
    pub fn is_key(self) -> bool {
        match self {
            Self::Contest
            | Self::ContestCode
            | Self::District
            | Self::Region
            | Self::Election
            | Self::Unit
            | Self::Mode
            | Self::Stage
            | Self::Candidate
            | Self::FirstName
            | Self::Surname
            | Self::Party
            | Self::PartyShort
            | Self::Label => true,
            Self::Measure(_)
            | Self::ModeVotes
            | Self::Change
            | Self::Value
            | Self::ValueShare
            | Self::Result
            | Self::Elected
            | Self::Winner
            | Self::RunnerUp
            | Self::Control
            | Self::Other => false,
        }
    }

    /// Does such a column hold changes, which may be losses?
    #[must_use]
    pub fn is_change(self) -> bool {
        matches!(
            self,
            Self::Change
                | Self::Measure(
                    Metric::VotesChange
                        | Metric::ShareChange
                        | Metric::SeatsChange
                        | Metric::CouncilsChange
                        | Metric::TurnoutShareChange
                        | Metric::PreferredShareChange
                        | Metric::Swing
                )
        )
    }

    /// Does such a column hold figures?
    #[must_use]
    pub fn is_figure(self) -> bool {
        !self.is_key()
            && !matches!(
                self,
                Self::Result
                    | Self::Elected
                    | Self::Winner
                    | Self::RunnerUp
                    | Self::Control
                    | Self::Other
            )
    }
}

/// The cells that say what a row is about, one after another.
#[must_use]
pub fn words_of(table: &Table, row: usize) -> String {
    let columns = table.columns.iter().enumerate();
    let keys = columns.filter(|(_, column)| column.role.is_key());
    let words: Vec<&str> = keys.filter_map(|(at, _)| table.cell(row, at)).collect();
    if words.is_empty() {
        format!("row {}", row + 1)
    } else {
        words.join(", ")
    }
}

/// Something that could not be read, found while reading. A rule judges it.
#[derive(Debug, Clone)]
pub struct Defect {
    pub span: Span,
    pub kind: DefectKind,
    /// One sentence that stands alone.
    pub message: String,
    pub help: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefectKind {
    /// A row with too many or too few cells.
    RowLength,
    /// A cell that should hold a number and holds something else.
    NotANumber,
    /// A whole input, or a part of it, that could not be understood.
    Unreadable,
    /// A heading that is empty or stands twice.
    Heading,
}

/// A row that was read and left out of sums, and why.
#[derive(Debug, Clone)]
pub struct Excluded {
    pub span: Span,
    pub why: String,
}

/// A field of delimited text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its bytes, without its quotes.
    pub range: std::ops::Range<usize>,
    /// Where the delimiter or line end after it stands, or the text ends.
    pub end: usize,
    /// `false` where its quotes do not close, or are followed by more text.
    pub sound: bool,
}

/// The field that starts at `at`. Quotes count only at the start of a field.
#[must_use]
pub fn field_at(bytes: &[u8], at: usize, delimiter: u8, quote: u8) -> Field {
    let rest = |from: usize| bytes.get(from..).unwrap_or_default();
    let end_from = |from: usize| {
        from + memchr::memchr3(delimiter, b'\n', b'\r', rest(from)).unwrap_or(rest(from).len())
    };
    if bytes.get(at) != Some(&quote) {
        let end = end_from(at);
        let range = at..end;
        return Field {
            range,
            end,
            sound: true,
        };
    }
    let mut close = at + 1;
    let closed = loop {
        match memchr::memchr(quote, rest(close)) {
            None => break bytes.len(),
            Some(found) if bytes.get(close + found + 1) == Some(&quote) => close += found + 2,
            Some(found) => break close + found,
        }
    };
    let end = end_from((closed + 1).min(bytes.len()));
    let after = bytes.get(closed + 1..end).unwrap_or_default();
    Field {
        range: at + 1..closed,
        end,
        sound: closed < bytes.len() && after.iter().all(|b| *b == b' '),
    }
}

/// Most cells have no blanks around them, which is soon seen.
fn trimmed(raw: &str) -> &str {
    let bytes = raw.as_bytes();
    let ends = [bytes.first(), bytes.last()].into_iter().flatten();
    if ends.clone().all(u8::is_ascii_graphic) {
        raw
    } else {
        raw.trim()
    }
}

/// A field as printed: trimmed, its doubled quotes single.
#[must_use]
pub fn field_text<'t>(text: &'t str, field: &Field, quote: u8) -> Cow<'t, str> {
    let raw = trimmed(text.get(field.range.clone()).unwrap_or(""));
    let before = field.range.start.checked_sub(1);
    let quoted = before.is_some_and(|at| text.as_bytes().get(at) == Some(&quote));
    if !quoted {
        return Cow::Borrowed(raw);
    }
    let mark = char::from(quote).to_string();
    let doubled = mark.repeat(2);
    if raw.contains(&doubled) {
        Cow::Owned(raw.replace(&doubled, &mark))
    } else {
        Cow::Borrowed(raw)
    }
}

/// Where a cell's bytes stand in `text`, from the start of its row: the field
/// without its quotes.
#[must_use]
pub fn field_range(
    text: &str,
    start: usize,
    column: usize,
    delimiter: u8,
    quote: u8,
) -> Option<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let (mut at, mut index) = (start, 0);
    loop {
        let field = field_at(bytes, at, delimiter, quote);
        if index == column {
            return Some(field.range);
        }
        if bytes.get(field.end) != Some(&delimiter) {
            return None;
        }
        at = field.end + 1;
        index += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_inside_their_quotes() {
        let text = "a,b\nx,\"1,\"\"2\",z\r\nq";
        let field = |c| field_range(text, 4, c, b',', b'"').map(|r| &text[r]);
        assert_eq!(field(0), Some("x"));
        assert_eq!(field(1), Some("1,\"\"2"));
        assert_eq!(field(2), Some("z"));
        assert_eq!(field(3), None);
    }
}
