//! Every rule passes its passing example and fails its failing one.

use scrutineer::check::{self, Example, Rule, Rules, Subject};
use scrutineer::copy::{self, Language};
use scrutineer::load::{self, Words};
use scrutineer::model::{
    Dataset, Facts, Layout, Outcome, Pack, Parties, Relations, RuleOutcome, Standings,
};

struct Knowledge {
    layout: Layout,
    parties: Parties,
    language: Language,
    rules: Rules,
}

impl Knowledge {
    fn built_in() -> Self {
        let pack = Pack::embedded();
        Self {
            layout: Layout::from_pack(&pack).expect("the formats are right"),
            parties: Parties::from_pack(&pack).expect("the parties are right"),
            language: Language::from_pack(&pack).expect("the language is right"),
            rules: Rules::from_pack(&pack).expect("the rules are right"),
        }
    }

    /// What becomes of all rules on an example.
    fn outcomes(&self, example: &Example) -> Vec<RuleOutcome> {
        let dataset = self.read(example);
        let relations = Relations::new(&dataset, &self.layout);
        let standings = Standings::new(&relations, &self.parties);
        let facts = Facts::new(&standings, &self.parties);
        let subject = Subject::new(&dataset, &relations, &facts, &self.layout).expect("frames");
        let tables = check::run(&self.rules, &subject);
        let reading = copy::read(&dataset, &facts, &self.language);
        let copy = check::claims(&self.rules, &reading.claims);
        [tables.outcomes, copy.outcomes].concat()
    }

    fn read(&self, example: &Example) -> Dataset {
        let words = Words {
            layout: &self.layout,
            parties: &self.parties,
        };
        let mut inputs: Vec<(String, &str)> = Vec::new();
        for (number, table) in (1..).zip(&example.tables) {
            inputs.push((format!("table-{number}.csv"), table.trim_start()));
        }
        if let Some(copy) = &example.copy {
            inputs.push(("copy.txt".to_owned(), copy));
        }
        let inputs: Vec<(&str, &str)> = inputs.iter().map(|(n, t)| (n.as_str(), *t)).collect();
        load::load_texts(&inputs, words)
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
