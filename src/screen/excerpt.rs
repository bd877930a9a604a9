//! The rows that are kept in, out a source of them, and what the others come to.

use super::blocks::{Blocks, each};
use super::judge::Judge;
use super::memory::Memory;
use super::pass::{Pass, Spot};
use super::{Head, Kept, Rows, Screened, Unfit};
use crate::model::StoredRows;
use crate::model::{Rest, Sound, Source};

/// Takes the rows that are kept out of what all come to.
pub fn excerpt(
    head: Head<'_>,
    blocks: &Blocks<'_>,
    judge: &Judge<'_>,
    mut pass: Pass,
) -> Result<Screened, Unfit> {
    let mut spots: Vec<Spot> = pass.kept.iter().map(|&s| pass.placed(judge, s)).collect();
    let (of_sums, left_out) = pass.of_broken_sums(blocks, judge, head.most)?;
    spots.extend(of_sums);
    spots.sort_unstable_by_key(|spot| spot.byte);
    spots.dedup_by_key(|spot| spot.byte);
    let texts = blocks.texts(&spots)?;
    let mut memory = Memory::default();
    for text in &texts {
        each(judge, &mut memory, text, |row, _| {
            pass.take(row, judge.plan.of_votes);
            Ok(())
        })?;
    }
    let rows = spots.iter().filter(|spot| spot.is_row);
    let numbers = rows.map(|spot| spot.row + 1).collect();
    Ok(Screened {
        kept: kept(head, judge, &spots, texts),
        sound: sound(judge, &pass, numbers),
        left_out,
    })
}

fn kept(head: Head<'_>, judge: &Judge<'_>, spots: &[Spot], texts: Vec<String>) -> Kept {
    let texts = spots.iter().zip(texts);
    match head.rows {
        Rows::Lines(_) => {
            let start = judge.plan.start.0;
            let above = head.text.get(..start).unwrap_or_default().to_owned();
            let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
            let lines = texts.map(|(spot, text)| (place(spot.byte), place(spot.line), text + "\n"));
            let lines: Vec<_> = std::iter::once((0, 0, above)).chain(lines).collect();
            let lines = lines.iter();
            let lines = lines.map(|(byte, line, text)| (*byte, *line, text.as_str()));
            Kept::Lines(Source::of_lines(head.name, lines))
        }
        Rows::Stored(_) => {
            let row = |spot: &Spot| u32::try_from(spot.line).unwrap_or(u32::MAX);
            let cells = texts.map(|(spot, text)| StoredRows::cells_of(row(spot), &text).collect());
            let cells: Vec<Vec<_>> = cells.collect();
            Kept::Cells(cells.concat())
        }
    }
}

fn sound(judge: &Judge<'_>, pass: &Pass, numbers: Vec<u64>) -> Sound {
    let modes = judge.plan.sums.iter().zip(&pass.tally.holds);
    let sums = pass.sums.iter().enumerate().filter_map(|(at, sum)| {
        let key = judge.wholes.get(at)?.key;
        let rest = Rest {
            parts: sum.parts,
            value: sum.value,
            repeats: sum.repeats,
            alone: !sum.shared,
            vouched: sum.vouched == sum.parts,
        };
        (sum.parts > 0 || sum.repeats).then_some((key, rest))
    });
    Sound {
        rows: pass.tally.rows,
        aggregates: pass.tally.aggregates,
        modes: modes.map(|(sum, held)| (sum.column, *held)).collect(),
        sums: sums.collect(),
        numbers,
    }
}
