//! How long a story of 1,000 words takes: against one contest, once the tables
//! are loaded; against all contests of two elections, loading included.
//!
//! `cargo bench --bench copy`

use std::fmt::Write;

use scrutineer::copy::{self, Language, Means};
use scrutineer::load::{self, Words};
use scrutineer::model::{
    Aliases, Dataset, Facts, Layout, Pack, Parties, Reading, Relations, Standings,
};

const PARTIES: [&str; 5] = [
    "Conservative",
    "Labour",
    "Liberal Democrat",
    "Green",
    "UKIP",
];
const GIVEN: [&str; 10] = [
    "Anna", "Ben", "Carol", "David", "Ella", "Frank", "Grace", "Henry", "Irene", "John",
];

fn main() {
    divan::main();
}

struct Knowledge {
    layout: Layout,
    parties: Parties,
    language: Language,
}

impl Knowledge {
    fn new() -> Self {
        let pack = Pack::embedded();
        Self {
            layout: Layout::from_pack(&pack).expect("the formats are right"),
            parties: Parties::from_pack(&pack).expect("the parties are right"),
            language: Language::from_pack(&pack).expect("the language is right"),
        }
    }

    fn load(&self, inputs: &[(&str, &str)]) -> Dataset {
        let words = Words {
            layout: &self.layout,
            parties: &self.parties,
        };
        load::load_texts(inputs, words)
    }

    fn read(&self, dataset: &Dataset) -> Reading {
        let relations = Relations::new(dataset, &self.layout, &self.parties);
        let standings = Standings::new(&relations, &self.parties);
        self.read_against(dataset, &standings)
    }

    fn read_against(&self, dataset: &Dataset, standings: &Standings) -> Reading {
        let means = Means {
            language: &self.language,
            aliases: &Aliases::default(),
            thorough: false,
        };
        copy::read(dataset, &Facts::new(standings, &self.parties), means)
    }
}

/// Votes that look like votes, the same at every run.
fn votes(contest: usize, party: usize, year: usize) -> usize {
    let spread = (contest * 7919 + party * 104_729 + year * 31) % 9000;
    (5 - party) * 4000 + spread
}

fn name(contest: usize, party: usize) -> String {
    let given = GIVEN[(contest + party) % GIVEN.len()];
    format!("{given} Candidate{}", contest * 5 + party)
}

/// Results of so many contests in a year.
fn table(contests: usize, year: usize) -> String {
    let mut text = "contest,year,party,candidate,votes\n".to_owned();
    for contest in 0..contests {
        for (number, party) in PARTIES.iter().enumerate() {
            let votes = votes(contest, number, year);
            let name = name(contest, number);
            let _ = writeln!(text, "Seat{contest} Vale,{year},{party},{name},{votes}");
        }
    }
    text
}

/// About 1,000 words on the first contest.
fn story() -> String {
    let (first, second) = (votes(0, 0, 2019), votes(0, 1, 2019));
    let paragraph = format!(
        "{} held Seat0 Vale for the Conservatives with {first} votes, a majority of {} over {}, \
         who polled {second} for Labour. The Liberal Democrats came third, and turnout was said to \
         be brisk in the villages although the rain did not let up until nine in the evening. \
         Two years ago the Tories had {} votes here, and their share has moved by a few points \
         since then.\n\n",
        name(0, 0),
        first.abs_diff(second),
        name(0, 1),
        votes(0, 0, 2017),
    );
    let words = paragraph.split_whitespace().count();
    paragraph.repeat(1000 / words + 1)
}

#[divan::bench]
fn one_contest(bencher: divan::Bencher<'_, '_>) {
    let knowledge = Knowledge::new();
    let (now, then, story) = (table(1, 2019), table(1, 2017), story());
    let inputs = [
        ("2019.csv", now.as_str()),
        ("2017.csv", then.as_str()),
        ("story.txt", story.as_str()),
    ];
    let dataset = knowledge.load(&inputs);
    let relations = Relations::new(&dataset, &knowledge.layout, &knowledge.parties);
    let standings = Standings::new(&relations, &knowledge.parties);
    bencher.bench_local(|| knowledge.read_against(&dataset, &standings));
}

#[divan::bench]
fn all_contests_of_two_elections(bencher: divan::Bencher<'_, '_>) {
    let (now, then, story) = (table(650, 2019), table(650, 2017), story());
    let inputs = [
        ("2019.csv", now.as_str()),
        ("2017.csv", then.as_str()),
        ("story.txt", story.as_str()),
    ];
    bencher.bench_local(|| {
        let knowledge = Knowledge::new();
        knowledge.read(&knowledge.load(&inputs))
    });
}
