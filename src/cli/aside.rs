//! What of the findings is set aside, in this order: what is waived, what is
//! known, what a change does not touch; and doubts about what sets nothing
//! aside any more.

use std::path::Path;

use super::changed::Change;
use super::config::Config;
use super::{Console, Stop};
use crate::model::{Baseline, Compared, Report, Root, Use, Waiver, waive};
use crate::report::Fault;

/// Sets aside what waivers accept.
pub fn waived(report: &mut Report, config: &Config, waivers: &[Waiver], console: &mut Console<'_>) {
    let today = chrono::Utc::now().date_naive().to_string();
    let (because, uses) = waive(waivers, report, &today);
    report.set_aside(because);
    for (at, (waiver, used)) in waivers.iter().zip(uses).enumerate() {
        let doubt = match used {
            Use::Of(_) | Use::NotLookedFor => continue,
            Use::Unused => config.doubt(
                at,
                "this waiver accepts nothing any more".to_owned(),
                "take it out; or see the keys of the findings in the JSON report",
            ),
            Use::Expired(count) => {
                let until = waiver.until.as_deref().unwrap_or_default();
                let found = if count == 1 {
                    "finding counts"
                } else {
                    "findings count"
                };
                let says = format!("this waiver ended on {until}: {count} {found} again");
                config.doubt(
                    at,
                    says,
                    "look at them again, and give it a later day or take it out",
                )
            }
        };
        console.complain(&doubt);
    }
}

/// Sets aside what a list knows. What has grown says so.
pub fn known(report: &mut Report, baseline: &Baseline, file: &Path) -> Compared {
    let mut compared = baseline.compare(report, &Root::of_file(file));
    for (at, was) in &compared.grown {
        if let Some(finding) = report.findings.get_mut(*at) {
            let says =
                format!("the baseline knows a difference of {was} here: it is not the same now");
            let help = finding.help.take().map(|help| format!("\n{help}"));
            finding.help = Some(says + &help.unwrap_or_default());
        }
    }
    report.set_aside(std::mem::take(&mut compared.because));
    compared
}

/// Reads a baseline; where there is none, says how to make one.
pub fn open(path: &Path) -> Result<Baseline, Stop> {
    if path.exists() {
        return Ok(Baseline::open(path)?);
    }
    Err(Stop::NoBaseline(path.to_owned()))
}

/// Says that entries of a baseline stand for nothing any more.
pub fn tell_stale(baseline: &Baseline, stale: &[usize], file: &Path, console: &mut Console<'_>) {
    let Some(first) = stale.first().and_then(|&entry| baseline.says(entry)) else {
        return;
    };
    let file = file.display();
    let (count, are) = match stale.len() {
        1 => ("1 entry".to_owned(), "was"),
        more => (format!("{more} entries"), "were"),
    };
    console.complain(&Fault {
        message: format!("{count} of {file} {are} not found any more; the first: {first}"),
        help: Some("scrutineer baseline prune takes them out".to_owned()),
        at: None,
        doubt: true,
    });
}

/// Sets aside what a change does not touch.
pub fn untouched(report: &mut Report, revision: &str, folder: &Path) -> Result<(), Stop> {
    let change = Change::since(revision, folder)?;
    let because = change.untouched(report);
    report.set_aside(because);
    let files = match change.len() {
        1 => "1 file differs".to_owned(),
        more => format!("{more} files differ"),
    };
    report
        .settings
        .push(format!("changed since {revision}: {files}"));
    Ok(())
}
