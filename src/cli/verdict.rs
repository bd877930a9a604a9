//! What a report comes to: from which severity up it fails, and what is
//! allowed.

use num_traits::ToPrimitive;
use schemars::JsonSchema;

use super::config::Config;
use super::{Exit, Stop};
use crate::model::{Exact, Judged, Number, Outcome, Report, RuleOutcome, Severity, goes_by, whole};
use crate::report::counted;

/// What makes the exit status 1.
#[derive(Debug, Clone, clap::Args)]
pub struct Bar {
    /// The least severity that makes the exit status 1 [default: error].
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,
    /// Rules that were skipped, and all that could not be decided, fail too.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub strict: Option<bool>,
    /// So many findings of a rule fail nothing: a number, or a per cent of what
    /// the rule decided (RULE=5, RULE=2%).
    #[arg(long, value_name = "RULE=MOST", value_delimiter = ',')]
    pub max_failing: Vec<Allowance>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    Error,
    Warning,
    Note,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Note => Self::Note,
        }
    }
}

/// How many findings of some rules fail nothing.
#[derive(Debug, Clone)]
pub struct Allowance {
    pub rule: String,
    most: Most,
}

#[derive(Debug, Clone)]
enum Most {
    Findings(u64),
    Percent(Exact),
}

impl std::str::FromStr for Allowance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (rule, most) = text.rsplit_once('=').unwrap_or((text, ""));
        Self::new(rule, most)
    }
}

impl Allowance {
    /// "5" or "2%".
    pub fn new(rule: &str, most: &str) -> Result<Self, String> {
        let says = || "write a number of findings (5), or a per cent of what is decided (2%)";
        let number = Number::parse(most).map(|number| number.value);
        let number = number.filter(|n| *n >= whole(0)).ok_or_else(says)?;
        let most = if most.trim_end().ends_with('%') {
            Most::Percent(number)
        } else {
            let count = Some(&number).filter(|n| n.is_integer());
            let count = count.and_then(|n| n.to_integer().to_u64());
            Most::Findings(count.ok_or_else(says)?)
        };
        let rule = rule.to_owned();
        Ok(Self { rule, most })
    }

    fn holds(&self, rule: &RuleOutcome) -> bool {
        let exact = |count: u64| Exact::from_integer(count.into());
        match &self.most {
            Most::Findings(most) => rule.failed <= *most,
            Most::Percent(most) => {
                let decided = exact(rule.passed + rule.failed + rule.aside);
                exact(rule.failed) * whole(100) <= most * decided
            }
        }
    }
}

impl std::fmt::Display for Allowance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.most {
            Most::Findings(1) => f.write_str("1 is allowed"),
            Most::Findings(most) => write!(f, "{most} are allowed"),
            Most::Percent(most) => {
                let decimals =
                    (0..6).find(|d| (most * crate::model::power_of_ten(*d)).is_integer());
                let most = crate::model::show(most, decimals.unwrap_or(6));
                write!(f, "{most}% are allowed")
            }
        }
    }
}

impl Bar {
    /// What the command line does not say, from the settings.
    pub fn or(&mut self, config: &Config) -> Result<(), Stop> {
        let settings = &config.settings;
        self.fail_on = self.fail_on.or(settings.fail_on);
        self.strict = self.strict.or(settings.strict);
        let mut allowed = Vec::new();
        for (rule, most) in &settings.max_failing {
            let allowance = Allowance::new(rule.get_ref(), &most.get_ref().0);
            allowed.push(allowance.map_err(|says| config.mistake(most, says))?);
        }
        self.max_failing.splice(0..0, allowed);
        Ok(())
    }

    /// Is anything found that is bad enough, or not checked that had to be? The
    /// findings must not have been cut short. The report says why; what an
    /// allowance did is said in its settings.
    pub fn judge(&self, report: &mut Report) -> Exit {
        let allowed = self.allowed(report);
        let bar = self.fail_on.map_or(Severity::Error, Severity::from);
        let failing = |severity: Severity| {
            let findings = report.findings.iter();
            let findings = findings.filter(|f| f.severity == severity && severity >= bar);
            let count = findings.filter(|f| !allowed.contains(&f.rule)).count();
            (count > 0).then(|| counted(count, severity.name()))
        };
        let found = [Severity::Error, Severity::Warning, Severity::Note].map(failing);
        let found: Vec<String> = found.into_iter().flatten().collect();
        let judged = Judged {
            bar,
            found: (!found.is_empty()).then(|| found.join(", ")),
            unchecked: self.unchecked(report),
            allowed,
        };
        let fails = judged.fails();
        report.judged = Some(judged);
        if fails { Exit::Found } else { Exit::Clean }
    }

    /// The rules that fail so seldom that it is allowed.
    fn allowed(&self, report: &mut Report) -> Vec<String> {
        let mut allowed: Vec<String> = Vec::new();
        for rule in report.rules.iter().filter(|rule| rule.failed > 0) {
            let own = self.max_failing.iter();
            // The last of the most words: that of the command line.
            let own = own.filter(|allowance| goes_by(&rule.rule, &allowance.rule));
            let Some(own) = own.max_by_key(|allowance| allowance.rule.len()) else {
                continue;
            };
            let decided = rule.passed + rule.failed + rule.aside;
            let (name, failed) = (&rule.rule, rule.failed);
            let fits = own.holds(rule);
            allowed.extend(fits.then(|| name.clone()));
            let too_many = if fits { "" } else { ", too many" };
            let says = format!("{name}: {failed} of {decided} failed, {own}{too_many}");
            report.settings.push(says);
        }
        allowed
    }

    /// What fails where nothing may be left unchecked, in a sentence.
    fn unchecked(&self, report: &Report) -> Option<String> {
        if self.strict != Some(true) {
            return None;
        }
        let asked = || report.rules.iter().filter(|rule| rule.asked);
        let skipped = asked().filter(|rule| rule.outcome() == Outcome::Skipped);
        let skipped = some(skipped.map(|rule| rule.rule.clone()).collect());
        let unknown = asked().filter(|rule| rule.unknown > 0);
        let unknown = unknown.map(|rule| format!("{} ({} times)", rule.rule, rule.unknown));
        let unknown = some(unknown.collect());
        let skipped = skipped.map(|rules| format!("skipped: {rules}"));
        let unknown = unknown.map(|rules| format!("not decided: {rules}"));
        let says: Vec<String> = skipped.into_iter().chain(unknown).collect();
        (!says.is_empty()).then(|| format!("strict, and not all was checked; {}", says.join("; ")))
    }
}

/// Some of the names, and how many more there are.
fn some(names: Vec<String>) -> Option<String> {
    const SHOWN: usize = 3;
    let more = names.len().saturating_sub(SHOWN);
    let shown: Vec<String> = names.into_iter().take(SHOWN).collect();
    let more = (more > 0).then(|| format!(" and {more} more"));
    (!shown.is_empty()).then(|| shown.join(", ") + &more.unwrap_or_default())
}
