//! Writes a made-up election as precinct returns of 1,000 counties, and the
//! counties' totals, with errors planted in it; the same for the same numbers.
//!
//! `cargo run --release --example precincts -- FOLDER [ROWS [SEED]]` writes
//! `precincts.csv` and `counties.csv`, in the columns of OpenElections, and
//! `planted.csv`: which errors there are, and in which lines.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

const COUNTIES: usize = 1_000;
/// Of each so many rows one is wrong.
const ONE_IN: usize = 10_000;

/// What is voted on, and how many stand. Each has a district of its own where
/// it has one at all.
const OFFICES: [(&str, Option<usize>, usize); 12] = [
    ("President", None, 4),
    ("U.S. Senate", None, 3),
    ("U.S. House", Some(14), 3),
    ("Governor", None, 4),
    ("Attorney General", None, 3),
    ("Secretary of State", None, 3),
    ("State Auditor", None, 2),
    ("State Senate", Some(50), 3),
    ("State House", Some(120), 3),
    ("County Commissioner", Some(4), 4),
    ("Sheriff", None, 3),
    ("Clerk of Court", None, 5),
];
const PARTIES: [&str; 5] = ["DEM", "REP", "LIB", "GRN", "IND"];
const GIVEN: [&str; 20] = [
    "Anna", "Ben", "Carol", "David", "Ella", "Frank", "Grace", "Henry", "Irene", "John", "Karen",
    "Louis", "Maria", "Nathan", "Olive", "Peter", "Quinn", "Rosa", "Samuel", "Tess",
];
const FIRST: [&str; 25] = [
    "Ash", "Black", "Clear", "Dun", "East", "Fair", "Green", "High", "Iron", "Kings", "Lake",
    "Mill", "North", "Oak", "Pine", "Queens", "Red", "Stone", "Thorn", "Upper", "Vale", "West",
    "Wood", "Young", "Zion",
];
const LAST: [&str; 40] = [
    "bank", "bridge", "brook", "bury", "by", "dale", "den", "field", "ford", "gate", "ham", "hill",
    "holm", "hurst", "land", "leigh", "ley", "low", "marsh", "mere", "mont", "more", "ness",
    "over", "port", "ridge", "shaw", "side", "stead", "stone", "thorpe", "ton", "vale", "view",
    "ville", "wall", "water", "wick", "wood", "worth",
];

/// What may be wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slip {
    /// The votes are not the sum of the modes, nor the county's total that of
    /// the votes.
    Votes,
    /// Two of the modes are taken from one and given to nobody.
    Mode,
    Negative,
    /// The row stands twice; the county counted it once.
    Twice,
    /// Votes and a mode are both too many: only the county tells.
    Both,
    NoNumber,
}

const SLIPS: [Slip; 6] = [
    Slip::Votes,
    Slip::Mode,
    Slip::Negative,
    Slip::Twice,
    Slip::Both,
    Slip::NoNumber,
];

/// Numbers that look like chance, the same for the same seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most.max(1)
    }
}

struct Files {
    precincts: BufWriter<File>,
    counties: BufWriter<File>,
    planted: BufWriter<File>,
    line: usize,
}

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let Some(folder) = args.next() else {
        return Err(io::Error::other(
            "name a folder: precincts FOLDER [ROWS [SEED]]",
        ));
    };
    let mut number = |or: usize| args.next().and_then(|n| n.parse().ok()).unwrap_or(or);
    let (rows, seed) = (number(10_000_000), number(1));
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let open = |name: &str| Ok::<_, io::Error>(BufWriter::new(File::create(folder.join(name))?));
    let mut files = Files {
        precincts: open("precincts.csv")?,
        counties: open("counties.csv")?,
        planted: open("planted.csv")?,
        line: 1,
    };
    let columns = "office,district,party,candidate,votes";
    let modes = "election_day,early_voting,absentee,provisional";
    writeln!(files.precincts, "county,precinct,{columns},{modes}")?;
    writeln!(files.counties, "county,{columns}")?;
    writeln!(files.planted, "slip,line,first_line")?;
    let each: usize = OFFICES.iter().map(|(_, _, stand)| stand).sum();
    let precincts = rows.div_ceil(COUNTIES * each);
    let mut chance = Chance(seed as u64);
    for county in 0..COUNTIES {
        write_county(&mut files, county, precincts, &mut chance)?;
    }
    files.precincts.flush()?;
    files.counties.flush()?;
    files.planted.flush()
}

/// A candidate in a county, with the votes that it counted.
struct Stands {
    office: &'static str,
    district: String,
    party: &'static str,
    name: String,
    votes: u64,
    slipped: bool,
}

fn stands(county: usize) -> Vec<Stands> {
    let mut all = Vec::new();
    for (at, (office, districts, stand)) in OFFICES.into_iter().enumerate() {
        let district = districts.map(|districts| county % districts + 1);
        // Who stands for the whole state stands in every county.
        let place = match office {
            "County Commissioner" | "Sheriff" | "Clerk of Court" => county,
            _ => district.unwrap_or(0),
        };
        for number in 0..stand {
            let pick = place * 31 + at * 7 + number * 3;
            let surname = format!(
                "{}{}",
                FIRST[pick % FIRST.len()],
                LAST[(pick / FIRST.len() + number) % LAST.len()]
            );
            all.push(Stands {
                office,
                district: district.map_or_else(String::new, |d| d.to_string()),
                party: PARTIES[number % PARTIES.len()],
                name: format!("{} {surname}", GIVEN[(pick + at) % GIVEN.len()]),
                votes: 0,
                slipped: false,
            });
        }
    }
    all
}

fn write_county(
    files: &mut Files,
    county: usize,
    precincts: usize,
    chance: &mut Chance,
) -> io::Result<()> {
    let (first, last) = (FIRST[county % FIRST.len()], LAST[county / FIRST.len()]);
    let name = format!("{first}{last}");
    let mut stands = stands(county);
    for precinct in 1..=precincts {
        for stand in &mut stands {
            let modes = [600, 400, 150, 6].map(|most| chance.below(most));
            let votes: u64 = modes.iter().sum();
            stand.votes += votes;
            let (slips, kind) = (chance.below(ONE_IN as u64) == 0, chance.below(6));
            let kind = SLIPS[usize::try_from(kind).unwrap_or(0)];
            // One slip a candidate, so that none makes up for another.
            let slip = (slips && !stand.slipped).then_some(kind);
            stand.slipped |= slip.is_some();
            let lead = format!(
                "{name},Precinct {precinct:03},{},{},{},{}",
                stand.office, stand.district, stand.party, stand.name
            );
            write_row(files, &lead, votes, modes, slip)?;
        }
    }
    for stand in stands {
        writeln!(
            files.counties,
            "{name},{},{},{},{},{}",
            stand.office, stand.district, stand.party, stand.name, stand.votes
        )?;
    }
    Ok(())
}

fn write_row(
    files: &mut Files,
    lead: &str,
    votes: u64,
    modes: [u64; 4],
    slip: Option<Slip>,
) -> io::Result<()> {
    let [day, early, absentee, provisional] = modes;
    let out = &mut files.precincts;
    let rest = format!("{early},{absentee},{provisional}");
    files.line += 1;
    let first = files.line;
    match slip {
        None => writeln!(out, "{lead},{votes},{day},{rest}")?,
        Some(Slip::Votes) => writeln!(out, "{lead},{},{day},{rest}", votes + 100)?,
        Some(Slip::Mode) => writeln!(out, "{lead},{votes},{},{rest}", day + 20)?,
        Some(Slip::Negative) => {
            let negative = 100 + i64::try_from(votes + day).unwrap_or(0);
            writeln!(out, "{lead},-{negative},{day},{rest}")?;
        }
        Some(Slip::Twice) => {
            writeln!(out, "{lead},{votes},{day},{rest}")?;
            writeln!(out, "{lead},{votes},{day},{rest}")?;
            files.line += 1;
        }
        Some(Slip::Both) => writeln!(out, "{lead},{},{},{rest}", votes + 50, day + 50)?,
        Some(Slip::NoNumber) => writeln!(out, "{lead},4o7,{day},{rest}")?,
    }
    if let Some(slip) = slip {
        writeln!(files.planted, "{slip:?},{},{first}", files.line)?;
    }
    Ok(())
}
