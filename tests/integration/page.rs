//! The report as a page: what it tells of a small election, and that nothing
//! from its input does anything in it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use html5gum::{StartTag, Token, Tokenizer};

const RESULTS: &str = "\
constituency,year,party,candidate,votes,share
Ashby Vale,2017,Red,<script>alert(1)</script>,12407,49.5
Ashby Vale,2017,Blue,\"\"\"><img src=x onerror=alert(2)>\",12390,49.5
Ashby Vale,2017,Green,Zo\u{202e}e,252,1.0
Ashby Vale,2017,Majority,,57,0.0
Beech Hill,2017,Red,Ann Ash,2407,52.1
Beech Hill,2017,Blue,Bob Beech,2210,47.9
";
const STORY: &str = "\
# Count night

In Beech Hill, Ann Ash won with 2,470 votes. Bob Beech <b onclick=\"alert(3)\">came</b> second on
47.9%, as in 2001. Cy Cedar had 17 votes.
";

/// A page, and the mark-up that a browser finds in it.
struct Page {
    text: String,
    tags: Vec<StartTag<()>>,
}

impl Page {
    fn of(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("an input can be written");
        }
        let names = files.iter().map(|(name, _)| name);
        let run = Command::new(env!("CARGO_BIN_EXE_scrutineer"))
            .current_dir(folder.path())
            .arg("check")
            .args(names)
            .args(["--output", "html=page.html"])
            .output()
            .expect("the program runs");
        assert!(
            run.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&run.stderr)
        );
        Self::read(&folder.path().join("page.html"))
    }

    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("the page is written");
        let tags = Tokenizer::new(&text).filter_map(|token| match token {
            Ok(Token::StartTag(tag)) => Some(tag),
            Ok(_) => None,
        });
        Self {
            tags: tags.collect(),
            text,
        }
    }

    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a StartTag<()>> {
        self.tags
            .iter()
            .filter(move |tag| *tag.name == name.as_bytes())
    }

    fn values(&self, attribute: &str) -> Vec<String> {
        let values = self
            .tags
            .iter()
            .filter_map(|tag| tag.attributes.get(attribute.as_bytes()));
        values
            .map(|value| String::from_utf8_lossy(value).into_owned())
            .collect()
    }

    fn count_class(&self, class: &str) -> usize {
        self.values("class")
            .iter()
            .filter(|value| *value == class)
            .count()
    }
}

fn page() -> Page {
    Page::of(&[("results.csv", RESULTS), ("story.md", STORY)])
}

#[test]
fn what_an_input_says_is_text() {
    let page = page();
    assert_eq!(page.named("script").count(), 1, "its own");
    assert_eq!(page.named("img").count(), 0);
    assert!(page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let acts = |tag: &StartTag<()>| tag.attributes.keys().any(|name| name.starts_with(b"on"));
    assert!(!page.tags.iter().any(acts));
    assert!(!page.text.contains('\u{202e}'));
}

#[test]
fn the_page_loads_nothing_and_runs_only_its_own_script() {
    let page = page();
    assert_eq!(page.values("src"), [""; 0]);
    assert!(page.values("href").iter().all(|link| link.starts_with('#')));
    let nonces: BTreeSet<String> = page.values("nonce").into_iter().collect();
    assert_eq!(nonces.len(), 1);
    let policy = page
        .values("content")
        .into_iter()
        .find(|c| c.starts_with("default-src 'none'"));
    let nonce = nonces.first().expect("there is one");
    assert!(policy.is_some_and(|p| p.contains(&format!("script-src 'nonce-{nonce}'"))));
}

#[test]
fn every_link_and_description_leads_somewhere() {
    let page = page();
    let ids = page.values("id");
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len(), "no id twice");
    let links = page
        .values("href")
        .into_iter()
        .map(|link| link[1..].to_owned());
    let described = page.values("aria-describedby").into_iter();
    let labelled = page.values("aria-labelledby").into_iter();
    for id in links.chain(described).chain(labelled) {
        assert!(unique.contains(&id), "{id}");
    }
}

#[test]
fn each_number_of_the_story_has_a_mark_that_the_keyboard_reaches() {
    let page = page();
    let marks = page.tags.iter().filter(|tag| {
        let is =
            |name: &[u8], value: &[u8]| tag.attributes.get(name).is_some_and(|v| ***v == *value);
        is(b"role", b"button") && is(b"tabindex", b"0")
    });
    // Each verdict stands in the legend once.
    let of = |verdict| page.count_class(&format!("m {verdict}")) - 1;
    let [agrees, contradicts, unchecked, nothing] =
        ["agrees", "contradicts", "unchecked", "nothing"].map(of);
    assert_eq!(contradicts, 1, "2,470");
    assert!(agrees >= 2, "second, 47.9%");
    assert_eq!(unchecked, 1, "17 of somebody unknown");
    assert_eq!(nothing, 1, "2001");
    assert_eq!(marks.count(), agrees + contradicts + unchecked + nothing);
}

#[test]
fn what_could_change_a_winner_comes_first() {
    let page = page();
    let first = page
        .text
        .find("<li class=\"finding\"")
        .expect("there are findings");
    let first = &page.text[first..];
    let end = first.find("</li>").expect("it ends");
    assert!(
        first[..end].contains("The majority in Ashby Vale"),
        "{}",
        &first[..end]
    );
    assert!(first[..end].contains("could change who won"));
    assert!(first[..end].contains("40 votes"));
    assert!(
        page.text
            .contains("1 finding on a figure that could change who won")
    );
}

#[test]
fn contests_show_the_cell_in_doubt_and_a_bar_for_each_share() {
    let page = page();
    assert_eq!(page.named("details").count(), 3, "and the skipped rules");
    assert_eq!(page.count_class("share"), 5, "three and two candidates");
    assert_eq!(page.count_class("number doubt"), 1, "the majority");
}

#[test]
fn a_finding_quotes_copy_as_it_reads() {
    let story = "<article><h1>Count</h1><p>In Beech Hill, Ann&nbsp;Ash won with <b>2,470</b> \
                 votes.</p></article>";
    let page = Page::of(&[("results.csv", RESULTS), ("story.html", story)]);
    assert!(page.text.contains("won with <mark>2,470</mark> votes."));
}

#[test]
fn a_precinct_in_doubt_is_marked_among_the_others() {
    let table = "county,precinct,office,candidate,party,votes,election_day,early\n\
                 Ashby,1-A,Governor,Ann Ash,RED,101,60,40\n\
                 Ashby,1-A,Governor,<b>Bob</b>,BLU,90,60,30\n\
                 Ashby,1-B,Governor,Ann Ash,RED,50,30,20\n\
                 Ashby,1-B,Governor,<b>Bob</b>,BLU,70,40,30\n";
    let page = Page::of(&[("results.csv", table)]);
    assert!(page.text.contains("Governor, by unit"));
    assert_eq!(page.count_class("number doubt"), 1, "101");
    assert!(page.text.contains("<th scope=\"row\">1-B</th>"));
    assert!(!page.text.contains("<b>Bob"));
    let mended = Page::of(&[("results.csv", &table.replace("101", "100"))]);
    assert!(!mended.text.contains("by unit"), "nothing is in doubt");
}
