//! What rules may use of SQL, as data: `rules/sql`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::{Pack, PackError};

/// What rules may use of SQL, and what is said of the rest.
#[derive(Debug, Default)]
pub struct Dialect {
    pub(super) functions: Vec<String>,
    /// Those that make one value of many rows.
    pub(super) aggregates: Vec<String>,
    /// Those that number rows by an order.
    pub(super) rankings: Vec<String>,
    pub(super) refused: BTreeMap<String, Said>,
    forms: BTreeMap<Form, Said>,
}

/// What is said of something that is refused.
#[derive(Debug, Clone)]
pub struct Said {
    pub says: String,
    pub instead: String,
    pub doubt: bool,
}

/// Forms that are refused, or doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    Statement,
    OuterJoinInequality,
    OtherJoin,
    ScalarSubquery,
    ExistsInequality,
    NotInSubquery,
    Qualify,
    Division,
    NotEqual,
    IsTrue,
    DistinctOfSeveral,
    RankOfMissing,
    MixedOrder,
    Frame,
    Running,
    Order,
    Grouping,
    Recursive,
    Table,
    Wildcard,
    Limit,
    Clause,
    Expression,
    Aggregate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DialectFile {
    functions: Vec<String>,
    aggregates: Vec<String>,
    rankings: Vec<String>,
    function: Vec<RefusedFunction>,
    form: Vec<RefusedForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedFunction {
    names: Vec<String>,
    says: String,
    instead: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedForm {
    name: Form,
    says: String,
    instead: String,
    #[serde(default)]
    doubt: bool,
}

impl Dialect {
    /// Reads `rules/sql`.
    ///
    /// # Errors
    /// A mistake in a file, at its token.
    pub fn from_pack(pack: &Pack) -> Result<Self, PackError> {
        let mut dialect = Self::default();
        for file in pack.files("sql") {
            dialect.add(file.parse()?);
        }
        Ok(dialect)
    }

    fn add(&mut self, file: DialectFile) {
        self.functions.extend(file.functions);
        self.aggregates.extend(file.aggregates);
        self.rankings.extend(file.rankings);
        for function in file.function {
            let said = Said {
                says: function.says,
                instead: function.instead,
                doubt: false,
            };
            let names = function.names.into_iter();
            self.refused.extend(names.map(|name| (name, said.clone())));
        }
        for form in file.form {
            let said = Said {
                says: form.says,
                instead: form.instead,
                doubt: form.doubt,
            };
            self.forms.insert(form.name, said);
        }
    }

    /// What is said of a form. A dialect of the user's that says nothing of it
    /// refuses it all the same.
    pub(super) fn form(&self, form: Form) -> Said {
        let said = self.forms.get(&form).cloned();
        said.unwrap_or_else(|| Said {
            says: format!("{form:?} is not in the SQL that rules share"),
            instead: "say in rules/sql what to write instead".to_owned(),
            doubt: false,
        })
    }
}
