//! The nouns: what is read, what must hold, what was found.

mod aliases;
mod baseline;
mod cause;
mod cell;
mod claim;
mod dataset;
mod difference;
mod exact;
mod facts;
mod finding;
mod formats;
mod guess;
mod layout;
mod modes;
mod names;
mod number;
mod pack;
mod parties;
mod parts;
mod pattern;
mod relations;
mod report;
mod root;
mod sound;
mod source;
mod stake;
mod standing;
mod stored;
mod table;
mod unlabelled;
mod waiver;
mod wide;

pub use aliases::{Alias, Aliases};
pub use baseline::{Baseline, Compared};
pub use cause::{rearranged, slip, slip_between};
pub use cell::CellWords;
pub use claim::{Claim, ClaimKind, Considered, NotClaim, Reading, Verdict};
pub use dataset::{Block, BlockKind, Dataset, Prose, Segment, Suppression};
pub use difference::{Difference, Differences, Outcome as ContestOutcome, outcomes};
pub use facts::{Fact, Facts, Limit, Routes};
pub use finding::{Cause, Finding, Key, Locus, Related, Severity};
pub use formats::{
    ColumnRule, Formats, Keep, Part, Split, TableFormat, Unfold, View, XmlField, XmlRows, XmlShape,
};
pub use guess::Likeness;
pub use layout::{Layout, PageWords, RowLabel, year_in};
pub use modes::ModeColumns;
pub use names::{fold, goes_by, has_digit, key, nearest};
pub use number::{Exact, Number, power_of_ten, ratio, round_half_up, show, whole};
pub use pack::{Pack, PackError, PackFile};
pub use parties::{Parties, Party};
pub use parts::Parts;
pub use pattern::Pattern;
pub use relations::{
    FigureRow, LabelledRow, Measured, Misnamed, NAMELESS, Name, OutcomeKind, OutcomeRow, Relations,
    ResultRow, Scope, Unread, named_scope,
};
pub use report::{Aside, Because, Judged, Outcome, REPORT_OF, Report, RuleOutcome};
pub use root::Root;
pub use sound::{Rest, Sound, identity, sum_key};
pub use source::{Address, Position, Source, SourceId, Span, column_letters, file_stem};
pub use stake::{Stake, Stakes};
pub use standing::{Entry, Named, Printed, Standing, Standings};
pub use stored::StoredRows;
pub use table::{
    Column, Constant, Defect, DefectKind, Excluded, Field, JOINT, Locator, Metric, Place, Role,
    Table, TableId, field_at, field_range, field_text, words_of,
};
pub use unlabelled::{TotalSigns, unlabelled_totals};
pub use waiver::{Use, Waiver, waive};
pub use wide::{Whose, Wide, WideColumn, place_of, wide};
