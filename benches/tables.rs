//! How long tables take: read from each format, brought into one shape, and
//! checked by each kind of rule.
//!
//! `cargo bench --bench tables`

use std::fmt::Write;

use divan::Bencher;
use divan::counter::BytesCount;

use scrutineer::check::{self, Rules, Subject, Tolerances};
use scrutineer::load::{self, Words};
use scrutineer::model::{Dataset, Facts, Layout, Pack, Parties, Relations, Standings};

const CONTESTS: usize = 500;
const PARTIES: [&str; 4] = ["Conservative", "Labour", "Liberal Democrat", "Green"];

fn main() {
    divan::main();
}

struct Knowledge {
    layout: Layout,
    parties: Parties,
    pack: Pack,
}

impl Knowledge {
    fn new() -> Self {
        let pack = Pack::embedded();
        Self {
            layout: Layout::from_pack(&pack).expect("the formats are right"),
            parties: Parties::from_pack(&pack).expect("the parties are right"),
            pack,
        }
    }

    fn load(&self, name: &str, text: &str) -> Dataset {
        let words = Words {
            layout: &self.layout,
            parties: &self.parties,
        };
        load::load_text(name, text, words)
    }

    /// The rules that go by a name; all, where that is empty.
    fn rules(&self, name: &str) -> Rules {
        let mut rules = Rules::from_pack(&self.pack).expect("the rules are right");
        let only: Vec<String> = (!name.is_empty())
            .then(|| name.to_owned())
            .into_iter()
            .collect();
        rules.choose(&only, &[]).expect("there is such a rule");
        rules
    }
}

/// Votes that look like votes, the same at every run.
fn votes(contest: usize, party: usize) -> usize {
    (4 - party) * 4000 + (contest * 7919 + party * 104_729) % 3000
}

/// Each result of a contest: its seat, party and votes.
fn results() -> impl Iterator<Item = (usize, &'static str, usize)> {
    let contests = 0..CONTESTS;
    contests.flat_map(|contest| {
        let parties = PARTIES.into_iter().enumerate();
        parties.map(move |(number, party)| (contest, party, votes(contest, number)))
    })
}

fn csv() -> String {
    let mut text = "contest,year,party,candidate,votes\n".to_owned();
    for (contest, party, votes) in results() {
        let _ = writeln!(
            text,
            "Seat{contest} Vale,2019,{party},Ann {party}{contest},{votes}"
        );
    }
    text
}

fn json() -> String {
    let rows = results().map(|(contest, party, votes)| {
        format!(
            r#"{{"contest":"Seat{contest} Vale","year":2019,"party":"{party}","votes":{votes}}}"#
        )
    });
    format!("[{}]", rows.collect::<Vec<_>>().join(",\n"))
}

fn html() -> String {
    let rows = results().map(|(contest, party, votes)| {
        format!(
            "<tr><td>Seat{contest} Vale</td><td>2019</td><td>{party}</td><td>{votes}</td></tr>\n"
        )
    });
    let heads = "<tr><th>contest</th><th>year</th><th>party</th><th>votes</th></tr>";
    format!(
        "<html><body><table>{heads}{}</table></body></html>",
        rows.collect::<String>()
    )
}

/// Precincts with modes, and a row for all of them.
fn precincts() -> String {
    let mut text =
        "county,precinct,office,party,candidate,votes,election_day,absentee\n".to_owned();
    for (contest, party, votes) in results() {
        let (day, mail) = (votes / 3, votes - votes / 3);
        for (unit, times) in [("P 1", 1), ("P 2", 1), ("Total", 2)] {
            let figures = [votes, day, mail].map(|figure| (figure * times).to_string());
            let figures = figures.join(",");
            let _ = writeln!(
                text,
                "Ashby,{unit},Seat{contest},{party},Ann {party},{figures}"
            );
        }
    }
    text
}

#[divan::bench(args = ["a.csv", "a.json", "a.html"])]
fn load(bencher: Bencher<'_, '_>, name: &str) {
    let knowledge = Knowledge::new();
    let text = match name {
        "a.json" => json(),
        "a.html" => html(),
        _ => csv(),
    };
    let bencher = bencher.counter(BytesCount::of_str(&text));
    bencher.bench_local(|| knowledge.load(name, &text));
}

#[divan::bench]
fn relations(bencher: Bencher<'_, '_>) {
    let knowledge = Knowledge::new();
    let dataset = knowledge.load("a.csv", &csv());
    bencher.bench_local(|| Relations::new(&dataset, &knowledge.layout, &knowledge.parties));
}

#[divan::bench(args = [
    "",
    "votes-by-mode",
    "units-add-up-to-their-total",
    "no-row-stands-twice",
    "counts-are-not-negative",
    "votes-add-up-to-the-total",
    "a-figure-printed-twice",
    "headings-say",
])]
fn check(bencher: Bencher<'_, '_>, rule: &str) {
    let knowledge = Knowledge::new();
    let dataset = knowledge.load("a.csv", &precincts());
    let relations = Relations::new(&dataset, &knowledge.layout, &knowledge.parties);
    let standings = Standings::new(&relations, &knowledge.parties);
    let facts = Facts::new(&standings, &knowledge.parties);
    let tolerances = Tolerances::new();
    let subject = Subject::new(&dataset, &relations, &facts, &knowledge.layout, &tolerances);
    let (subject, rules) = (subject.expect("frames can be made"), knowledge.rules(rule));
    bencher.bench_local(|| check::run(&rules, &subject));
}
