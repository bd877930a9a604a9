//! Published formats, each as data: how it is recognised, and what its columns
//! hold (`[[format]]` entries in `rules/formats`).

use std::collections::HashMap;

use serde::Deserialize;

use super::layout::heading_key;
use super::{PackError, PackFile, Pattern, Role, key};

/// A format as its file gives it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FormatEntry {
    id: String,
    title: String,
    /// Where the publisher describes it, or an example is to be had.
    source: String,
    /// Headings that a table must all have to be taken for it.
    #[serde(default)]
    recognise: Vec<String>,
    /// The headings of a table that must be recognised, and no other format's.
    #[serde(default)]
    example: Vec<String>,
    /// Rows of headings from the recognised one on; as found where not given.
    #[serde(default)]
    header_rows: Option<usize>,
    /// Headings that the publisher gives twice, or leaves empty.
    #[serde(default)]
    repeated: Vec<String>,
    /// A regular expression over the lines above the headings, with groups
    /// `contest` and `election`.
    #[serde(default)]
    above: Option<String>,
    /// Numbers have a comma where others have a point.
    #[serde(default)]
    decimal_comma: bool,
    /// A regular expression for what stands between the figures of a cell that
    /// has several.
    #[serde(default)]
    several: Option<String>,
    /// Further cells that mean "no value".
    #[serde(default)]
    missing: Vec<String>,
    /// Columns whose empty cells stand for the cell above.
    #[serde(default)]
    fill_down: Vec<String>,
    #[serde(default)]
    column: Vec<ColumnEntry>,
    #[serde(default)]
    split: Vec<SplitEntry>,
    #[serde(default)]
    view: Vec<ViewEntry>,
    #[serde(default)]
    xml: Option<XmlEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnEntry {
    holds: Role,
    #[serde(default)]
    names: Vec<String>,
    /// A regular expression over the heading as printed.
    #[serde(default)]
    pattern: Option<String>,
    /// What some cells mean.
    #[serde(default)]
    values: HashMap<String, String>,
    /// The election of its figures.
    #[serde(default)]
    election: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SplitEntry {
    column: String,
    /// A regular expression over the cell as printed.
    pattern: String,
    parts: Vec<PartEntry>,
    /// A cell, and after it what its parts must be.
    example: Vec<String>,
}

/// A column made of the groups of a pattern.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartEntry {
    name: String,
    holds: Role,
    /// With groups: "$party", "${code} ${name}".
    is: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewEntry {
    #[serde(default)]
    keep: Vec<KeepEntry>,
    #[serde(default)]
    columns: Vec<ColumnEntry>,
    /// Columns that are the same in every row.
    #[serde(default)]
    set: Vec<PartEntry>,
    #[serde(default)]
    unfold: Option<UnfoldEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeepEntry {
    column: String,
    #[serde(default)]
    is: Vec<String>,
    #[serde(default)]
    not: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnfoldEntry {
    /// A regular expression over the headings of the columns that become rows.
    columns: String,
    names: Vec<PartEntry>,
    holds: Role,
    /// Headings that the expression must match.
    example: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct XmlEntry {
    root: String,
    /// The attribute that other elements refer to.
    #[serde(default)]
    id_attribute: String,
    rows: Vec<XmlRowsEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct XmlRowsEntry {
    path: String,
    fields: Vec<XmlFieldEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct XmlFieldEntry {
    name: String,
    /// From the row: `..` is the parent, `@name` an attribute, `->` the element
    /// that the text refers to.
    #[serde(default)]
    path: Option<String>,
    /// A second path, whose text is put after that of the first.
    #[serde(default)]
    with: Option<String>,
    /// The same for every row.
    #[serde(default)]
    text: Option<String>,
    /// A regular expression over the text, and what is taken of it.
    #[serde(default)]
    pattern: Option<String>,
    #[serde(default)]
    is: Option<String>,
}

/// What a column holds in a format.
#[derive(Debug, Clone)]
pub struct ColumnRule {
    pub holds: Role,
    names: Vec<String>,
    pattern: Option<Pattern>,
    values: HashMap<String, String>,
    pub election: Option<String>,
}

/// A column made of the groups of a pattern.
#[derive(Debug, Clone)]
pub struct Part {
    pub name: String,
    pub holds: Role,
    pub is: String,
}

/// A column whose cells hold several things.
#[derive(Debug, Clone)]
pub struct Split {
    column: String,
    pub pattern: Pattern,
    pub parts: Vec<Part>,
}

/// Rows of a table that are read together.
#[derive(Debug, Clone, Default)]
pub struct View {
    pub keep: Vec<Keep>,
    columns: Vec<ColumnRule>,
    /// Columns that are the same in every row.
    pub set: Vec<Part>,
    pub unfold: Option<Unfold>,
}

/// A condition on a row.
#[derive(Debug, Clone)]
pub struct Keep {
    pub column: String,
    is: Vec<String>,
    not: Vec<String>,
}

/// Columns of figures that become a row for each figure.
#[derive(Debug, Clone)]
pub struct Unfold {
    pub columns: Pattern,
    pub names: Vec<Part>,
    pub holds: Role,
}

/// Where the rows of a document stand.
#[derive(Debug, Clone)]
pub struct XmlShape {
    pub root: String,
    pub id_attribute: String,
    pub rows: Vec<XmlRows>,
}

/// Elements that are rows.
#[derive(Debug, Clone)]
pub struct XmlRows {
    /// From the root, its name first.
    pub path: Vec<String>,
    pub fields: Vec<XmlField>,
}

/// A cell of such a row.
#[derive(Debug, Clone)]
pub struct XmlField {
    pub name: String,
    /// Steps between references.
    pub path: Vec<Vec<String>>,
    /// A second path, whose text is put after that of the first.
    pub with: Vec<Vec<String>>,
    pub text: Option<String>,
    pub take: Option<(Pattern, String)>,
}

/// A published format.
#[derive(Debug, Clone)]
pub struct TableFormat {
    pub id: String,
    pub title: String,
    pub source: String,
    recognise: Vec<String>,
    example: Vec<String>,
    pub header_rows: Option<usize>,
    repeated: Vec<String>,
    pub above: Option<Pattern>,
    pub several: Option<Pattern>,
    pub decimal_comma: bool,
    missing: Vec<String>,
    fill_down: Vec<String>,
    columns: Vec<ColumnRule>,
    splits: Vec<Split>,
    views: Vec<View>,
    pub xml: Option<XmlShape>,
}

/// The formats that are known, the user's first.
#[derive(Debug, Clone, Default)]
pub struct Formats {
    all: Vec<TableFormat>,
    /// What every table is to be read as, by the word of the user.
    forced: Option<usize>,
}

impl Formats {
    pub(super) fn add(
        &mut self,
        file: &PackFile,
        entries: Vec<FormatEntry>,
    ) -> Result<(), PackError> {
        for entry in entries {
            let format =
                TableFormat::new(entry, file.proves()).map_err(|m| file.mistake(m, None))?;
            self.all.push(format);
        }
        Ok(())
    }

    /// Every example must be recognised as its own format.
    pub(super) fn prove(&self) -> Result<(), String> {
        for (at, format) in self.all.iter().enumerate() {
            let headings = || format.example.iter().map(String::as_str);
            if format.example.is_empty() {
                if format.xml.is_none() {
                    return Err(format!("the format {} has no example", format.id));
                }
            } else if self.recognised(headings()) != Some(at) {
                return Err(format!(
                    "the format {} does not recognise its example",
                    format.id
                ));
            }
        }
        Ok(())
    }

    /// Puts the formats of the user before the others, and every table is read
    /// as the first of them.
    pub(super) fn put_first(
        &mut self,
        file: &PackFile,
        entries: Vec<FormatEntry>,
    ) -> Result<(), PackError> {
        let mut own = Self::default();
        own.add(file, entries)?;
        if own.all.is_empty() {
            return Err(file.mistake("it has no [[format]]".to_owned(), None));
        }
        own.all.append(&mut self.all);
        self.all = own.all;
        self.forced = Some(0);
        Ok(())
    }

    /// Every table is read as this format. The nearest id where there is none.
    ///
    /// # Errors
    /// The nearest id, if any is near.
    pub fn force(&mut self, id: &str) -> Result<(), Option<String>> {
        self.forced = self.all.iter().position(|f| f.id == id);
        if self.forced.is_some() {
            return Ok(());
        }
        let near = |f: &&TableFormat| strsim::jaro_winkler(&f.id, id) > 0.8;
        Err(self.all.iter().find(near).map(|f| f.id.clone()))
    }

    /// The format that every table is read as.
    #[must_use]
    pub fn forced(&self) -> Option<&TableFormat> {
        self.all.get(self.forced?)
    }

    /// In the order of their files.
    pub fn iter(&self) -> impl Iterator<Item = &TableFormat> {
        self.all.iter()
    }

    /// The format of a table with these headings: the one that asks for the
    /// most of them. The one that the user names needs no more than a column.
    #[must_use]
    pub fn of<'h>(&self, headings: impl Iterator<Item = &'h str>) -> Option<&TableFormat> {
        let headings: Vec<&str> = headings.collect();
        if let Some(forced) = self.forced() {
            let known = headings.iter().filter(|h| forced.column(h, &[]).is_some());
            return (known.count() >= 2 || forced.recognises(&keys(&headings))).then_some(forced);
        }
        self.all.get(self.recognised(headings.into_iter())?)
    }

    /// The format of a document with this root.
    #[must_use]
    pub fn of_root(&self, root: &str) -> Option<&TableFormat> {
        let mut all = self.all.iter();
        all.find(|f| f.xml.as_ref().is_some_and(|x| x.root == root))
    }

    fn recognised<'h>(&self, headings: impl Iterator<Item = &'h str>) -> Option<usize> {
        let headings: Vec<&str> = headings.collect();
        let keys = keys(&headings);
        let all = self.all.iter().enumerate();
        let fitting = all.filter(|(_, f)| f.recognises(&keys));
        // Of equals the first.
        let best = fitting.rev().max_by_key(|(_, f)| f.recognise.len());
        best.map(|(at, _)| at)
    }
}

fn keys(headings: &[&str]) -> Vec<String> {
    headings.iter().map(|h| heading_key(h)).collect()
}

impl TableFormat {
    fn new(entry: FormatEntry, prove: bool) -> Result<Self, String> {
        let folded = |names: &[String]| names.iter().map(|n| heading_key(n)).collect();
        let mut views = entry
            .view
            .into_iter()
            .map(|view| View::new(view, prove))
            .collect::<Result<Vec<_>, _>>()?;
        if views.is_empty() {
            views.push(View::default());
        }
        Ok(Self {
            recognise: folded(&entry.recognise),
            repeated: folded(&entry.repeated),
            fill_down: folded(&entry.fill_down),
            missing: entry.missing.iter().map(|m| m.to_lowercase()).collect(),
            several: one(entry.several.as_deref(), prove)?,
            above: one(entry.above.as_deref(), prove)?,
            columns: rules(entry.column, prove)?,
            splits: entry
                .split
                .into_iter()
                .map(|split| Split::new(split, prove))
                .collect::<Result<_, _>>()?,
            views,
            xml: entry.xml.map(|xml| XmlShape::new(xml, prove)).transpose()?,
            id: entry.id,
            title: entry.title,
            source: entry.source,
            example: entry.example,
            header_rows: entry.header_rows,
            decimal_comma: entry.decimal_comma,
        })
    }

    fn recognises(&self, keys: &[String]) -> bool {
        !self.recognise.is_empty() && self.recognise.iter().all(|r| keys.contains(r))
    }

    /// What a column holds, where the format says so: its own words, else those
    /// for a part of a heading in several rows.
    #[must_use]
    pub fn column(&self, heading: &str, of_view: &[ColumnRule]) -> Option<ColumnRule> {
        let key = heading_key(heading);
        let rules = || of_view.iter().chain(&self.columns);
        let named = rules().find(|r| r.names.contains(&key));
        let found = named
            .or_else(|| rules().find(|r| r.pattern.as_ref().is_some_and(|p| p.is_match(heading))));
        found.cloned()
    }

    /// Does the format call a column by its name?
    #[must_use]
    pub fn names(&self, heading: &str, of_view: &[ColumnRule]) -> bool {
        let key = heading_key(heading);
        let mut rules = of_view.iter().chain(&self.columns);
        rules.any(|r| r.names.contains(&key))
    }

    /// May a heading stand twice, or be empty?
    #[must_use]
    pub fn may_repeat(&self, heading: &str) -> bool {
        self.repeated.contains(&heading_key(heading))
    }

    /// Do empty cells of a column stand for the cell above?
    #[must_use]
    pub fn fills_down(&self, heading: &str) -> bool {
        self.fill_down.contains(&heading_key(heading))
    }

    /// Does a cell say that there is no value?
    #[must_use]
    pub fn is_missing(&self, cell: &str) -> bool {
        !self.missing.is_empty() && self.missing.contains(&cell.trim().to_lowercase())
    }

    /// How the cells of a column are split.
    #[must_use]
    pub fn split(&self, heading: &str) -> Option<&Split> {
        let key = heading_key(heading);
        self.splits.iter().find(|s| s.column == key)
    }

    /// The views of a table: one at least.
    #[must_use]
    pub fn views(&self) -> &[View] {
        &self.views
    }

    /// Is a table more than its columns under other names?
    #[must_use]
    pub fn reshapes(&self) -> bool {
        let values = self.columns.iter().any(|c| !c.values.is_empty());
        let views = self.views.iter();
        let views = views.filter(|v| v.unfold.is_some() || !v.keep.is_empty() || !v.set.is_empty());
        values
            || self.decimal_comma
            || self.several.is_some()
            || !self.missing.is_empty()
            || !self.fill_down.is_empty()
            || !self.splits.is_empty()
            || views.count() > 0
    }
}

fn rules(entries: Vec<ColumnEntry>, prove: bool) -> Result<Vec<ColumnRule>, String> {
    let rules = entries.into_iter();
    rules.map(|entry| ColumnRule::new(entry, prove)).collect()
}

fn one(pattern: Option<&str>, prove: bool) -> Result<Option<Pattern>, String> {
    pattern
        .map(|pattern| Pattern::new(pattern, prove))
        .transpose()
}

impl ColumnRule {
    fn new(entry: ColumnEntry, prove: bool) -> Result<Self, String> {
        Ok(Self {
            holds: entry.holds,
            names: entry.names.iter().map(|n| heading_key(n)).collect(),
            pattern: one(entry.pattern.as_deref(), prove)?,
            values: entry.values,
            election: entry.election,
        })
    }

    /// What a cell means.
    #[must_use]
    pub fn value<'a>(&'a self, cell: &'a str) -> &'a str {
        self.values.get(cell).map_or(cell, String::as_str)
    }
}

impl Part {
    fn new(entry: PartEntry) -> Self {
        Self {
            name: entry.name,
            holds: entry.holds,
            is: entry.is,
        }
    }

    /// Its text in a match; `None` where it is empty.
    #[must_use]
    pub fn text(&self, found: &regex::Captures<'_>) -> Option<String> {
        let mut text = String::new();
        found.expand(&self.is, &mut text);
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

impl Split {
    fn new(entry: SplitEntry, prove: bool) -> Result<Self, String> {
        let split = Self {
            column: heading_key(&entry.column),
            pattern: Pattern::new(&entry.pattern, prove)?,
            parts: entry.parts.into_iter().map(Part::new).collect(),
        };
        if prove {
            split.prove(&entry.example)?;
        }
        Ok(split)
    }

    fn prove(&self, example: &[String]) -> Result<(), String> {
        let (cell, expected) = example.split_first().ok_or("a split needs an example")?;
        let found = self.pattern.captures(cell);
        let parts = self.parts.iter();
        let parts: Vec<String> = parts
            .filter_map(|part| part.text(found.as_ref()?))
            .collect();
        if parts != expected {
            return Err(format!("the example {cell:?} is split into {parts:?}"));
        }
        Ok(())
    }
}

impl View {
    fn new(entry: ViewEntry, prove: bool) -> Result<Self, String> {
        Ok(Self {
            keep: entry.keep.into_iter().map(Keep::new).collect(),
            columns: rules(entry.columns, prove)?,
            set: entry.set.into_iter().map(Part::new).collect(),
            unfold: entry
                .unfold
                .map(|unfold| Unfold::new(unfold, prove))
                .transpose()?,
        })
    }

    /// What its columns hold that is not so in the others.
    #[must_use]
    pub fn columns(&self) -> &[ColumnRule] {
        &self.columns
    }
}

impl Keep {
    fn new(entry: KeepEntry) -> Self {
        let keys = |texts: Vec<String>| texts.iter().map(|t| key(t)).collect();
        Self {
            column: heading_key(&entry.column),
            is: keys(entry.is),
            not: keys(entry.not),
        }
    }

    /// Is it about this column?
    #[must_use]
    pub fn is_of(&self, heading: &str) -> bool {
        heading_key(heading) == self.column
    }

    /// Does a cell meet it?
    #[must_use]
    pub fn holds(&self, cell: &str) -> bool {
        let cell = key(cell);
        (self.is.is_empty() || self.is.contains(&cell)) && !self.not.contains(&cell)
    }
}

impl Unfold {
    fn new(entry: UnfoldEntry, prove: bool) -> Result<Self, String> {
        let columns = Pattern::new(&entry.columns, prove)?;
        let missed = |e: &&String| prove && !columns.is_match(e);
        if let Some(missed) = entry.example.iter().find(missed) {
            return Err(format!("the columns do not match their example {missed:?}"));
        }
        Ok(Self {
            columns,
            names: entry.names.into_iter().map(Part::new).collect(),
            holds: entry.holds,
        })
    }
}

impl XmlShape {
    fn new(entry: XmlEntry, prove: bool) -> Result<Self, String> {
        let rows = entry.rows.into_iter().map(|rows| XmlRows::new(rows, prove));
        Ok(Self {
            root: entry.root,
            id_attribute: entry.id_attribute,
            rows: rows.collect::<Result<_, _>>()?,
        })
    }
}

fn steps(path: &str) -> Vec<String> {
    path.trim().split('/').map(ToOwned::to_owned).collect()
}

impl XmlRows {
    fn new(entry: XmlRowsEntry, prove: bool) -> Result<Self, String> {
        let fields = entry
            .fields
            .into_iter()
            .map(|field| XmlField::new(field, prove));
        Ok(Self {
            path: steps(&entry.path),
            fields: fields.collect::<Result<_, _>>()?,
        })
    }
}

impl XmlField {
    fn new(entry: XmlFieldEntry, prove: bool) -> Result<Self, String> {
        let take = match (&entry.pattern, entry.is) {
            (Some(pattern), Some(is)) => Some((Pattern::new(pattern, prove)?, is)),
            (None, None) => None,
            _ => {
                return Err(format!(
                    "{}: a pattern and what is taken go together",
                    entry.name
                ));
            }
        };
        let path = |path: Option<&str>| -> Vec<Vec<String>> {
            path.map_or_else(Vec::new, |p| p.split("->").map(steps).collect())
        };
        Ok(Self {
            path: path(entry.path.as_deref()),
            with: path(entry.with.as_deref()),
            name: entry.name,
            text: entry.text,
            take,
        })
    }
}
