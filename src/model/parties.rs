//! Parties under all their names.

use std::collections::HashMap;

use serde::Deserialize;

use super::{Pack, PackError, fold};

/// An entry of `rules/parties/*.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// The name that tables use most.
    pub name: String,
    /// Every other name: long, short, initials.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Words that stand for the party only in copy: nicknames, plurals, the
    /// adjective ("Tories", "Lib Dems").
    #[serde(default)]
    pub words: Vec<String>,
    /// People who lead it or led it: in copy they stand for the party where the
    /// tables have nobody of the name.
    #[serde(default)]
    pub leaders: Vec<String>,
    /// Several candidates of a contest may share it without being one party.
    #[serde(default)]
    pub shared: bool,
    /// A swing is the change of one party's share, in its country: that of its
    /// file.
    #[serde(skip)]
    pub swing_of_one: bool,
    /// Votes for it are for nobody ("None of the above").
    #[serde(default)]
    pub nobody: bool,
    /// The per cent of the valid votes below which its candidates lose their
    /// deposit, where its country has such a rule: that of its file.
    #[serde(skip)]
    pub deposit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyFile {
    /// See [`Party::deposit`].
    #[serde(default)]
    deposit: Option<i64>,
    /// See [`Party::swing_of_one`].
    #[serde(default)]
    swing_of_one: bool,
    #[serde(default)]
    party: Vec<Party>,
}

/// The dictionary of parties.
#[derive(Debug, Clone, Default)]
pub struct Parties {
    parties: Vec<Party>,
    by_alias: HashMap<String, Vec<usize>>,
}

impl Parties {
    /// Reads `rules/parties`.
    ///
    /// # Errors
    /// A mistake in a file.
    pub fn from_pack(pack: &Pack) -> Result<Self, PackError> {
        let mut parties = Vec::new();
        for file in pack.files("parties") {
            let PartyFile {
                deposit,
                swing_of_one,
                party,
            } = file.parse()?;
            parties.extend(party.into_iter().map(|party| Party {
                swing_of_one,
                deposit,
                ..party
            }));
        }
        Ok(Self::new(parties))
    }

    #[must_use]
    pub fn new(parties: Vec<Party>) -> Self {
        let mut by_alias: HashMap<String, Vec<usize>> = HashMap::new();
        for (id, party) in parties.iter().enumerate() {
            let names = std::iter::once(&party.name)
                .chain(&party.aliases)
                .chain(&party.words);
            for name in names {
                let ids = by_alias.entry(fold(name)).or_default();
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        Self { parties, by_alias }
    }

    /// The same with further names of parties: of one that is known, or of one
    /// that only the tables know.
    #[must_use]
    pub fn with(self, further: &[Party]) -> Self {
        let mut parties = self.parties;
        for party in further {
            let same = |known: &&mut Party| fold(&known.name) == fold(&party.name);
            match parties.iter_mut().find(same) {
                Some(known) => {
                    known.aliases.extend(party.aliases.iter().cloned());
                    known.words.extend(party.words.iter().cloned());
                }
                None => parties.push(party.clone()),
            }
        }
        Self::new(parties)
    }

    /// Every party that goes by a name. An alias may mean several ("PC"), so
    /// two names mean one party where the two lists meet.
    #[must_use]
    pub fn ids(&self, name: &str) -> &[usize] {
        self.by_alias.get(&fold(name)).map_or(&[], Vec::as_slice)
    }

    #[must_use]
    pub fn get(&self, id: usize) -> Option<&Party> {
        self.parties.get(id)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter()
    }

    /// One key for all names of a party: its folded name; for a party that is
    /// not in the dictionary, its own name folded.
    #[must_use]
    pub fn key(&self, name: &str) -> String {
        let id = self.ids(name).first();
        id.and_then(|&id| self.get(id))
            .map_or_else(|| fold(name), |p| fold(&p.name))
    }

    /// Do two names mean one party?
    #[must_use]
    pub fn same(&self, a: &str, b: &str) -> bool {
        if a == b {
            return true;
        }
        let (ids, others) = (self.ids(a), self.ids(b));
        ids.iter().any(|id| others.contains(id)) || fold(a) == fold(b)
    }

    /// May a swing be the change of one party, where these stand? It may where
    /// none of them is of a country in which it is that of two.
    #[must_use]
    pub fn swings_of_one<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> bool {
        names.all(|name| {
            let ids = self.ids(name);
            let mut known = ids.iter().filter_map(|&id| self.parties.get(id));
            ids.is_empty() || known.any(|party| party.swing_of_one)
        })
    }

    /// Does a name stand for none of the candidates?
    #[must_use]
    pub fn is_nobody(&self, name: &str) -> bool {
        let ids = self.ids(name).iter();
        ids.filter_map(|&id| self.parties.get(id)).any(|p| p.nobody)
    }

    /// The share at which deposits are lost in a contest of these parties; `None`
    /// where one that is known may be of a country with another rule, or two at
    /// least are not known.
    pub fn deposit<'n>(&self, names: impl Iterator<Item = &'n str>) -> Option<i64> {
        let rules = |name: &'n str| -> Vec<i64> {
            let parties = self.ids(name).iter().filter_map(|&id| self.get(id));
            parties.filter_map(|party| party.deposit).collect()
        };
        let known: Vec<Vec<i64>> = names
            .filter(|n| !self.ids(n).is_empty())
            .map(rules)
            .collect();
        let (first, others) = known.split_first()?;
        let mut shared = first.iter();
        let shared = shared.find(|own| others.iter().all(|other| other.contains(own)));
        shared.copied().filter(|_| !others.is_empty())
    }

    /// May several candidates of one contest carry this label?
    #[must_use]
    pub fn is_shared(&self, name: &str) -> bool {
        let id = self.ids(name).first();
        id.and_then(|&id| self.get(id)).is_some_and(|p| p.shared)
    }
}
