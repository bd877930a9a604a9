//! The text of a query in, its tree and tokens with their places out; and the
//! same text as the engine takes it.

use std::ops::{ControlFlow, Range};

use sqlparser::ast::{Expr, Spanned, Statement, visit_expressions};
use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError, ParserOptions};
use sqlparser::tokenizer::{Location, Span, Token, Tokenizer};

use crate::model::fold;

use super::Mistake;

/// Decimals of every number that is not whole.
pub(super) const SCALE: usize = 10;

/// Functions whose results the engine gives an unsigned type: 2 − 3 would be
/// four thousand million.
const UNSIGNED: [&str; 6] = [
    "count",
    "length",
    "char_length",
    "row_number",
    "rank",
    "dense_rank",
];

/// A query or an expression, read.
#[derive(Debug)]
pub struct Parsed<'a> {
    text: &'a str,
    tokens: Vec<(Token, Range<usize>)>,
    pub tree: Tree,
}

#[derive(Debug)]
pub enum Tree {
    Query(Vec<Statement>),
    Condition(Box<Expr>),
}

/// A name as queries write it: lower case, `_` for every gap, `pct` for "%".
#[must_use]
pub fn snake(text: &str) -> String {
    let reserved = if text.starts_with('_') { "_" } else { "" };
    let folded = fold(&text.replace('%', " pct "));
    let words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).collect();
    format!("{reserved}{}", words.join("_"))
}

impl<'a> Parsed<'a> {
    /// Reads the statements of a query.
    ///
    /// # Errors
    /// What is no SQL, at its token.
    pub fn query(text: &'a str) -> Result<Self, Mistake> {
        Self::new(text, |parser| parser.parse_statements().map(Tree::Query))
    }

    /// Reads an expression.
    ///
    /// # Errors
    /// What is no expression, or stands after one, at its token.
    pub fn condition(text: &'a str) -> Result<Self, Mistake> {
        Self::new(text, |parser| {
            let expr = parser.parse_expr()?;
            parser.expect_token(&Token::EOF)?;
            Ok(Tree::Condition(Box::new(expr)))
        })
    }

    fn new(
        text: &'a str,
        parse: impl FnOnce(&mut Parser<'_>) -> Result<Tree, ParserError>,
    ) -> Result<Self, Mistake> {
        let tokens = Tokenizer::new(&GenericDialect, text)
            .tokenize_with_location()
            .map_err(|e| {
                let at = byte(text, e.location);
                Mistake::new(at..text.len(), format!("this is no SQL: {}", e.message))
            })?;
        // As the engine reads it.
        let mut parser = Parser::new(&GenericDialect)
            .with_options(ParserOptions::new().with_trailing_commas(true))
            .with_tokens_with_locations(tokens.clone());
        let tree = parse(&mut parser);
        let tokens = tokens.into_iter().map(|t| {
            let range = byte(text, t.span.start)..byte(text, t.span.end);
            (t.token, range)
        });
        let tokens: Vec<_> = tokens.collect();
        match tree {
            Ok(tree) => Ok(Self { text, tokens, tree }),
            Err(error) => Err(misread(text, &tokens, &error)),
        }
    }

    /// The bytes of a span; of the whole text where the parser keeps none.
    pub fn range(&self, span: Span) -> Range<usize> {
        if span.start.line == 0 {
            return self.whole();
        }
        byte(self.text, span.start)..byte(self.text, span.end)
    }

    /// The text without the blanks around it.
    pub fn whole(&self) -> Range<usize> {
        let start = self.text.len() - self.text.trim_start().len();
        start..start + self.text.trim().len()
    }

    /// The first keyword of some.
    pub fn keyword(&self, keywords: &[Keyword]) -> Option<Range<usize>> {
        let mut tokens = self.tokens.iter();
        tokens.find_map(|(token, range)| match token {
            Token::Word(word) if keywords.contains(&word.keyword) => Some(range.clone()),
            _ => None,
        })
    }

    /// The columns of a condition, each as often as it stands there. One with a
    /// table before it is in two words.
    pub fn columns(&self) -> Vec<(String, Range<usize>)> {
        let mut columns = Vec::new();
        let Tree::Condition(condition) = &self.tree else {
            return columns;
        };
        let _: ControlFlow<()> = visit_expressions(condition.as_ref(), |expr| {
            let name = match expr {
                Expr::Identifier(name) => snake(&name.value),
                Expr::CompoundIdentifier(path) => {
                    let path = path.iter().map(|name| snake(&name.value));
                    path.collect::<Vec<_>>().join(".")
                }
                _ => return ControlFlow::Continue(()),
            };
            columns.push((name, self.range(expr.span())));
            ControlFlow::Continue(())
        });
        columns
    }

    /// Every name in it, as [`snake`] has it: of tables, columns, functions.
    pub fn words(&self) -> impl Iterator<Item = String> {
        self.tokens.iter().filter_map(|(token, _)| match token {
            Token::Word(word) => Some(snake(&word.value)),
            _ => None,
        })
    }

    /// The text as the engine takes it: names as [`snake`] has them, decimals
    /// exact, counts with a sign.
    pub fn engine_text(&self) -> String {
        let mut out = String::with_capacity(self.text.len() * 2);
        // Ends of calls that a cast was opened for.
        let mut ends: Vec<usize> = Vec::new();
        for (index, (token, range)) in self.tokens.iter().enumerate() {
            if let Some(end) = self.unsigned_call(index) {
                out.push_str("CAST(");
                ends.push(end);
            }
            match token {
                Token::Word(word) => match word.quote_style {
                    Some(_) => out.extend(["\"", &snake(&word.value), "\""]),
                    None => out.push_str(&snake(&word.value)),
                },
                Token::Number(digits, false) if is_decimal(digits) => {
                    let cast = format!("CAST('0{digits}0' AS DECIMAL(38, {SCALE}))");
                    out.push_str(&cast);
                }
                Token::Whitespace(_) => out.push(' '),
                _ => out.push_str(self.text.get(range.clone()).unwrap_or_default()),
            }
            while ends.last() == Some(&index) {
                ends.pop();
                out.push_str(" AS BIGINT)");
            }
        }
        out
    }

    /// The last token of a call that starts at a token, with its FILTER and
    /// OVER, where its result would be unsigned.
    fn unsigned_call(&self, index: usize) -> Option<usize> {
        let (Token::Word(word), _) = self.tokens.get(index)? else {
            return None;
        };
        let name = word.value.to_ascii_lowercase();
        if word.quote_style.is_some() || !UNSIGNED.contains(&name.as_str()) {
            return None;
        }
        let mut end = self.bracketed(self.next(index)?)?;
        while let Some(next) = self.next(end) {
            let Some((Token::Word(word), _)) = self.tokens.get(next) else {
                break;
            };
            if !matches!(word.keyword, Keyword::FILTER | Keyword::OVER) {
                break;
            }
            let after = self.next(next)?;
            end = self.bracketed(after).unwrap_or(after);
        }
        Some(end)
    }

    /// The next token that is no blank.
    fn next(&self, index: usize) -> Option<usize> {
        let mut after = self.tokens.iter().enumerate().skip(index + 1);
        after
            .find(|(_, (token, _))| !matches!(token, Token::Whitespace(_)))
            .map(|(index, _)| index)
    }

    /// The closing bracket of an opening one.
    fn bracketed(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (index, (token, _)) in self.tokens.iter().enumerate().skip(open) {
            match token {
                Token::LParen => depth += 1,
                Token::RParen => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                return (index > open).then_some(index);
            }
        }
        None
    }
}

fn is_decimal(digits: &str) -> bool {
    let decimals = digits.split_once('.').map(|(_, decimals)| decimals);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    plain && decimals.is_some_and(|decimals| decimals.len() < SCALE)
}

/// The byte of a line and column, both from 1, columns in characters.
fn byte(text: &str, at: Location) -> usize {
    let lines = text.split_inclusive('\n');
    let line = usize::try_from(at.line).unwrap_or(0).saturating_sub(1);
    let column = usize::try_from(at.column).unwrap_or(0).saturating_sub(1);
    let start: usize = lines.clone().take(line).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    let within: usize = rest.chars().take(column).map(char::len_utf8).sum();
    start + within
}

/// The parser tells its places in words only: "… at Line: 2, Column: 7".
fn misread(text: &str, tokens: &[(Token, Range<usize>)], error: &ParserError) -> Mistake {
    let (ParserError::ParserError(says) | ParserError::TokenizerError(says)) = error else {
        return Mistake::new(0..text.len(), "this is nested too deeply");
    };
    let place = says.rsplit_once(" at Line: ").and_then(|(says, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        let (line, column) = (line.parse().ok()?, column.parse().ok()?);
        Some((says, byte(text, Location { line, column })))
    });
    let end = text.trim_end().len();
    let (says, at) = place.unwrap_or((says, end));
    let token = tokens.iter().find(|(_, range)| range.contains(&at));
    let range = token.map_or(at.min(end)..end, |(_, range)| range.clone());
    let says = says.replace("Expected: ", "expected ");
    let says = says.replace("found: EOF", "found the end");
    Mistake::new(
        range,
        format!("this is no SQL: {}", says.replace("found: ", "found ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(text: &str) -> String {
        Parsed::query(text).expect("this is SQL").engine_text()
    }

    #[test]
    fn names_are_those_of_the_headings_in_lower_case() {
        assert_eq!(snake("Valid Votes"), "valid_votes");
        assert_eq!(snake("Vote %"), "vote_pct");
        assert_eq!(snake("_row"), "_row");
        assert_eq!(
            engine("SELECT R.\"Valid votes\" FROM Results R -- all"),
            "select r.\"valid_votes\" from results r  "
        );
    }

    #[test]
    fn the_engine_gets_exact_decimals_and_signed_counts() {
        assert_eq!(
            engine("SELECT a FROM t WHERE x > 0.5 AND y = 'COUNT(1.5)'"),
            "select a from t where x > CAST('00.50' AS DECIMAL(38, 10)) and y = 'COUNT(1.5)'"
        );
        assert_eq!(
            engine("SELECT COUNT(*) FILTER (WHERE (a)) OVER (PARTITION BY b) - 1 FROM t"),
            "select CAST(count(*) filter (where (a)) over (partition by b) AS BIGINT) - 1 from t"
        );
    }

    #[test]
    fn a_mistake_stands_at_its_token() {
        let text = "SELECT é,\n  b FORM results";
        let mistake = Parsed::query(text).expect_err("FORM is no keyword");
        assert_eq!(text.get(mistake.at), Some("results"));
        let mistake = Parsed::condition("votes >= 0 AND").expect_err("it ends too soon");
        assert!(mistake.message.contains("found the end"), "{mistake:?}");
        let text = "votes >= 'a";
        let mistake = Parsed::condition(text).expect_err("the quote is open");
        assert_eq!(text.get(mistake.at), Some("'a"));
    }
}
