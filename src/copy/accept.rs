//! Figures that the people behind the copy stand by: a comment with a reason
//! turns their contradiction into "not checked, because".

use crate::model::{Claim, Suppression, Verdict};

/// Accepts the contradicted claims of a file that print a figure. Says whether
/// there was one.
pub fn accept(suppression: &Suppression, claims: &mut [Claim]) -> bool {
    let contradicted = claims.iter_mut().filter(|claim| {
        claim.verdict == Verdict::Contradicts
            && claim.span.source == suppression.span.source
            && prints(&claim.stated, &suppression.figure)
    });
    let mut used = false;
    for claim in contradicted {
        used = true;
        if let Some(reason) = &suppression.reason {
            claim.verdict = Verdict::Unchecked;
            claim.severity = None;
            claim.reason = Some(format!("accepted in the copy: {reason}"));
        }
    }
    used
}

/// Does a phrase print a figure as a whole: "8,121" in "8,121 votes", and not
/// in "18,121"?
fn prints(phrase: &str, figure: &str) -> bool {
    let (phrase, figure) = (phrase.to_lowercase(), figure.to_lowercase());
    let joins = |c: char| c.is_alphanumeric();
    !figure.is_empty()
        && phrase.match_indices(&figure).any(|(at, _)| {
            let before = phrase[..at].trim_end_matches([',', '.']);
            let after = phrase[at + figure.len()..].trim_start_matches([',', '.']);
            !before.ends_with(joins) && !after.starts_with(joins)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_a_whole_number() {
        assert!(prints("a majority of 8,121", "8,121"));
        assert!(prints("more than 45% of", "45%"));
        assert!(prints("Second", "second"));
        assert!(!prints("18,121", "8,121"));
        assert!(!prints("8,121,000", "8,121"));
        assert!(!prints("8,121", ""));
    }
}
