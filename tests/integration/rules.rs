//! Every rule passes its passing example and fails its failing one, and says
//! what became of it on any input.

use std::collections::BTreeMap;

use scrutineer::check::{self, Checked, Example, Rule, Rules, Subject};
use scrutineer::copy::{self, Language};
use scrutineer::load::{self, Words};
use scrutineer::model::{
    Aliases, Dataset, Differences, Facts, Layout, Outcome, Pack, Parties, Reading, Relations,
    Report, RuleOutcome, Standings,
};

/// What a run knows: everything in `rules/`.
pub struct Knowledge {
    layout: Layout,
    parties: Parties,
    language: Language,
    pub rules: Rules,
}

impl Knowledge {
    pub fn built_in() -> Self {
        Self::of(&Pack::embedded())
    }

    pub fn of(pack: &Pack) -> Self {
        Self {
            layout: Layout::from_pack(pack).expect("the formats are right"),
            parties: Parties::from_pack(pack).expect("the parties are right"),
            language: Language::from_pack(pack).expect("the language is right"),
            rules: Rules::from_pack(pack).expect("the rules are right"),
        }
    }

    /// The rules alone that hold tables against a second source: what others
    /// find would only take its time.
    pub fn comparing() -> Self {
        let mut knowledge = Self::built_in();
        let own = ["agrees-with-reference", "rows-stand-in-both-sources"];
        let own = own.map(ToOwned::to_owned);
        knowledge.rules.choose(&own, &[]).expect("rules");
        knowledge
    }

    /// What tables and their references do not share.
    pub fn differences(&self, dataset: &Dataset) -> Differences {
        let relations = Relations::new(dataset, &self.layout, &self.parties);
        let standings = Standings::new(&relations, &self.parties);
        let facts = Facts::new(&standings, &self.parties);
        let tolerances = check::Tolerances::new();
        let subject =
            Subject::new(dataset, &relations, &facts, &self.layout, &tolerances).expect("frames");
        check::differences(&subject)
    }

    /// What all rules find.
    pub fn check(&self, dataset: &Dataset) -> Checked {
        let relations = Relations::new(dataset, &self.layout, &self.parties);
        let standings = Standings::new(&relations, &self.parties);
        let facts = Facts::new(&standings, &self.parties);
        let tolerances = check::Tolerances::new();
        let subject =
            Subject::new(dataset, &relations, &facts, &self.layout, &tolerances).expect("frames");
        let tables = check::run(&self.rules, &subject);
        let mut reading = self.reading(dataset, &facts);
        let copy = check::copy(&self.rules, &mut reading, &tables);
        Checked {
            findings: [tables.findings, copy.findings].concat(),
            outcomes: [tables.outcomes, copy.outcomes].concat(),
        }
    }

    /// The whole of a run over a dataset.
    pub fn examine(&self, dataset: Dataset) -> Report {
        let checked = self.check(&dataset);
        let reading = self.read_copy(&dataset);
        let relations = Relations::new(&dataset, &self.layout, &self.parties);
        Report {
            judged: None,
            findings: checked.findings,
            rules: checked.outcomes,
            claims: reading.claims,
            not_claims: reading.not_claims,
            left_out: BTreeMap::new(),
            aside: Vec::new(),
            settings: Vec::new(),
            standings: self.standings(&relations),
            parts: Vec::new(),
            parties: self.parties.clone(),
            differences: Differences::default(),
            unread: Vec::new(),
            dataset,
        }
    }

    fn reading(&self, dataset: &Dataset, facts: &Facts<'_>) -> Reading {
        let means = copy::Means {
            language: &self.language,
            aliases: &Aliases::default(),
            thorough: false,
        };
        copy::read(dataset, facts, means)
    }

    /// What the copy of a dataset claims.
    pub fn read_copy(&self, dataset: &Dataset) -> Reading {
        let standings = self.standings(&Relations::new(dataset, &self.layout, &self.parties));
        self.reading(dataset, &Facts::new(&standings, &self.parties))
    }

    pub fn relations(&self, dataset: &Dataset) -> Relations {
        Relations::new(dataset, &self.layout, &self.parties)
    }

    pub fn standings(&self, relations: &Relations) -> Standings {
        Standings::new(relations, &self.parties)
    }

    /// What all rules find in one table.
    pub fn check_table(&self, text: &str) -> Checked {
        self.check(&load::load_text("table.csv", text, self.words()))
    }

    pub fn words(&self) -> Words<'_> {
        Words {
            layout: &self.layout,
            parties: &self.parties,
        }
    }

    /// What becomes of all rules on an example.
    pub fn outcomes(&self, example: &Example) -> Vec<RuleOutcome> {
        self.check(&self.read(example)).outcomes
    }

    fn read(&self, example: &Example) -> Dataset {
        let inputs = example.inputs();
        let inputs: Vec<(&str, &str)> = inputs.iter().map(|(n, t)| (n.as_str(), *t)).collect();
        let references = example.references();
        let references: Vec<(&str, &str)> =
            references.iter().map(|(n, t)| (n.as_str(), *t)).collect();
        load::load_texts_against(&inputs, &references, self.words())
    }
}

fn outcome_of(rule: &Rule, outcomes: &[RuleOutcome]) -> Outcome {
    let own = outcomes.iter().find(|o| o.rule == rule.id);
    own.expect("every rule has an outcome").outcome()
}

#[test]
fn every_rule_passes_and_fails_its_examples() {
    let knowledge = Knowledge::built_in();
    for rule in knowledge.rules.iter() {
        let passing = knowledge.outcomes(&rule.pass);
        let failed: Vec<_> = passing
            .iter()
            .filter(|o| o.failed > 0)
            .map(|o| &o.rule)
            .collect();
        assert!(
            failed.is_empty(),
            "the passing example of {} fails {failed:?}",
            rule.id
        );
        assert_eq!(
            outcome_of(rule, &passing),
            Outcome::Passed,
            "{} on its passing example",
            rule.id
        );
        let failing = knowledge.outcomes(&rule.fail);
        assert_eq!(
            outcome_of(rule, &failing),
            Outcome::Failed,
            "{} on its failing example",
            rule.id
        );
    }
}

#[test]
fn every_rule_has_an_outcome_whatever_the_input() {
    let knowledge = Knowledge::built_in();
    let outcomes = knowledge.check(&Dataset::default()).outcomes;
    for rule in knowledge.rules.iter() {
        let own = outcomes.iter().find(|o| o.rule == rule.id);
        let reason = own.and_then(|o| o.reason.as_deref());
        assert!(reason.is_some_and(|r| !r.is_empty()), "{}", rule.id);
    }
}
