//! The rows that are kept in, out a source of them, and what the others come to.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::blocks::each;
use super::judge::{Judge, Memory};
use super::pass::{Pass, Spot};
use super::{Head, Screened, Unfit};
use crate::model::{Rest, Sound, Source};

/// Takes the rows that are kept out of what all come to.
pub fn excerpt(
    head: Head<'_>,
    mut file: &File,
    judge: &Judge<'_>,
    mut pass: Pass,
) -> Result<Screened, Unfit> {
    let mut spots: Vec<Spot> = pass.kept.iter().map(|&s| pass.placed(judge, s)).collect();
    spots.extend(pass.of_broken_sums(head.path, judge)?);
    spots.sort_unstable_by_key(|spot| spot.byte);
    spots.dedup_by_key(|spot| spot.byte);
    let start = judge.plan.start.0;
    let above = head.text.get(..start).unwrap_or_default().to_owned();
    let mut lines = vec![(0, 0, above)];
    let (mut memory, mut numbers) = (Memory::default(), Vec::new());
    for spot in spots {
        file.seek(SeekFrom::Start(spot.byte))?;
        let mut bytes = vec![0; spot.len];
        file.read_exact(&mut bytes)?;
        let text = String::from_utf8(bytes).map_err(|_| Unfit::Shape("its encoding"))?;
        each(judge, &mut memory, &text, |row, _| {
            pass.tally.take(row);
            for sum in row.sums.into_iter().flatten().filter(|_| row.counted) {
                if let Some(sum) = pass.sums.get_mut(sum as usize) {
                    sum.parts -= 1;
                    sum.value -= row.votes;
                }
            }
            Ok(())
        })?;
        numbers.extend(spot.is_row.then_some(spot.row + 1));
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        lines.push((place(spot.byte), place(spot.line), text + "\n"));
    }
    let lines = lines.iter();
    let lines = lines.map(|(byte, line, text)| (*byte, *line, text.as_str()));
    Ok(Screened {
        source: Source::of_lines(head.name, lines),
        sound: sound(judge, &pass, numbers),
    })
}

fn sound(judge: &Judge<'_>, pass: &Pass, numbers: Vec<u64>) -> Sound {
    let modes = judge.plan.sums.iter().zip(&pass.tally.holds);
    let sums = pass.sums.iter().enumerate().filter_map(|(at, sum)| {
        let (key, _) = judge.wholes.stated(at)?;
        let rest = Rest {
            parts: sum.parts,
            value: sum.value,
            repeats: sum.repeats,
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
