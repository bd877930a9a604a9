//! Text of an untrusted file in, text that shows and does nothing else out.

/// A character as it may be shown: no command to a terminal, no change of
/// direction, nothing that cannot be seen.
pub fn printable(ch: char) -> char {
    match ch {
        '\t' => ' ',
        ch if ch.is_control() || turns(ch) || hides(ch) => char::REPLACEMENT_CHARACTER,
        ch => ch,
    }
}

/// Does it change the direction in which text is shown? "Trojan source",
/// CVE-2021-42574.
fn turns(ch: char) -> bool {
    matches!(
        ch,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// Is it invisible, a line end that only some programs know, or no character?
/// Joiners stay: names in Indic scripts and Persian need them.
fn hides(ch: char) -> bool {
    matches!(
        ch,
        super::snippet::NAMES_CELL | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// Text of an untrusted file as it may be shown, its lines left as they are;
/// no line end at its end.
#[must_use]
pub fn clean(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.chars().map(printable).collect());
    lines.collect::<Vec<String>>().join("\n")
}

/// Text in one line.
pub fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().map(printable).collect()
}

/// A cell that no spreadsheet takes for a formula. A plain number is none, and
/// stays a number.
pub fn cell(text: &str) -> String {
    let clean = clean(text);
    let number = |rest: &str| {
        let mut chars = rest.chars();
        chars.next().is_some_and(|c| c.is_ascii_digit())
            && chars.all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%'))
    };
    let harmless = match clean.trim_start().chars().next() {
        Some('+' | '-') => number(&clean[1..]),
        Some('=' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠') => false,
        _ => true,
    };
    if harmless { clean } else { format!("'{clean}") }
}

/// Markdown in which the text stands for itself: no mark-up, no mention, no
/// link.
pub fn markdown(text: &str) -> String {
    let line = one_line(text);
    let mut out = String::with_capacity(line.len());
    for ch in line.chars() {
        match ch {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // An entity, so that no one is told: "@user" and "#1" are commands.
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => out.extend(['\\', ch]),
            ch => out.push(ch),
        }
    }
    // A scheme makes a link of itself.
    out.replace("://", "&#58;//").replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_and_directions_are_not_commanded() {
        let text = "A\u{1b}]0;title\u{7}\u{9b}2J\nB\u{202e}gnp\u{2069}\tC\u{85}";
        let shown = clean(text);
        assert!(!shown.contains([
            '\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\u{2069}', '\u{85}'
        ]));
        assert!(
            shown.contains("gnp") && shown.lines().count() == 2,
            "{shown}"
        );
    }

    #[test]
    fn names_of_all_scripts_stay() {
        for name in [
            "Zoë Ó Murchú",
            "کوروش\u{200c}نام",
            "ශ්\u{200d}රී",
            "שרה",
            "李明",
        ] {
            assert_eq!(one_line(name), name);
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        for text in [
            "=1+1", "+1+1", "-2+3", "@SUM(A1)", " =1", "-A1", "＝1", "-", "\t=1", "%0", "|x",
        ] {
            assert!(cell(text).starts_with('\''), "{text}");
        }
        for text in ["-1,000", "+8.1%", "Ann Ash", "a=b", "−5", ""] {
            assert_eq!(cell(text), text);
        }
    }

    #[test]
    fn markdown_stands_for_itself() {
        let text = "<img src=x> **a** [b](http://c) @d | #1";
        assert_eq!(
            markdown(text),
            "&lt;img src=x&gt; \\*\\*a\\*\\* \\[b\\](http&#58;//c) &#64;d \\| &#35;1"
        );
    }
}
