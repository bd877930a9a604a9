//! A tree of SQL in, what rules may not use out: forms that this engine answers
//! wrongly or that others do not share, each with the way to write it instead.
//! What is refused and why is data, in `rules/sql`; here is how it is seen.

use std::ops::{ControlFlow, Range};

use sqlparser::ast::{
    BinaryOperator, CastKind, DataType, Distinct, DuplicateTreatment, Expr, Function, FunctionArg,
    FunctionArguments, GroupByExpr, Join, JoinConstraint, JoinOperator, OrderByExpr, OrderByKind,
    Query, Select, SelectFlavor, SelectItem, SetExpr, Spanned, Statement, TableFactor,
    UnaryOperator, Visit, Visitor, WildcardAdditionalOptions, WindowFrameBound, WindowFrameUnits,
    WindowSpec, WindowType,
};
use sqlparser::keywords::Keyword;

use super::dialect::{Dialect, Form, Said};
use super::parse::{Parsed, Tree};
use super::shape::{conjuncts, is_column_equality, unnested};
use super::{Mistake, nearest, snake};

/// Output columns that mean something to the checker.
const RESERVED: [&str; 6] = [
    "_table",
    "_row",
    "_column",
    "_message",
    "_expected",
    "_actual",
];

/// What the SQL is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// A condition on one row.
    Row,
    /// A query that returns what is wrong.
    Query {
        /// A missing value is no breach, says the rule.
        nulls_pass: bool,
    },
}

/// What the dialect refuses of a text.
pub fn lint(parsed: &Parsed<'_>, dialect: &Dialect, aim: Aim) -> Vec<Mistake> {
    let mut walk = Walk {
        parsed,
        dialect,
        aim,
        mistakes: Vec::new(),
        not_null: Vec::new(),
    };
    let _ = match &parsed.tree {
        Tree::Condition(expr) => expr.visit(&mut walk),
        Tree::Query(statements) => {
            if statements.len() != 1 {
                walk.refuse(Form::Statement, parsed.whole());
            }
            statements.visit(&mut walk)
        }
    };
    walk.mistakes
}

struct Walk<'a> {
    parsed: &'a Parsed<'a>,
    dialect: &'a Dialect,
    aim: Aim,
    mistakes: Vec<Mistake>,
    /// What each SELECT around says is not NULL.
    not_null: Vec<Vec<String>>,
}

impl Visitor for Walk<'_> {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        if !matches!(statement, Statement::Query(_)) {
            self.refuse(Form::Statement, self.parsed.whole());
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        self.query(query);
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        let terms = select.selection.as_ref().map(conjuncts).unwrap_or_default();
        let not_null = terms.into_iter().filter_map(|term| match term {
            Expr::IsNotNull(expr) => Some(expr.to_string()),
            _ => None,
        });
        self.not_null.push(not_null.collect());
        self.select(select);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _select: &Select) -> ControlFlow<()> {
        self.not_null.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<()> {
        match table {
            TableFactor::Table {
                args: None,
                version: None,
                sample: None,
                json_path: None,
                with_ordinality: false,
                ..
            }
            | TableFactor::Derived {
                lateral: false,
                sample: None,
                ..
            } => {}
            TableFactor::NestedJoin {
                table_with_joins, ..
            } => self.joins(&table_with_joins.joins),
            other => self.refuse(Form::Table, self.parsed.range(other.span())),
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        self.expr(expr);
        ControlFlow::Continue(())
    }
}

impl Walk<'_> {
    fn refuse(&mut self, form: Form, at: Range<usize>) {
        self.say(self.dialect.form(form), at);
    }

    fn say(&mut self, said: Said, at: Range<usize>) {
        let mut mistake = Mistake::new(at, said.says).help(said.instead);
        mistake.doubt = said.doubt;
        self.mistakes.push(mistake);
    }

    fn refuse_if(&mut self, refused: bool, form: Form, at: Range<usize>) {
        if refused {
            self.refuse(form, at);
        }
    }

    /// The place of a keyword, else of the whole text.
    fn keyword(&self, keywords: &[Keyword]) -> Range<usize> {
        let found = self.parsed.keyword(keywords);
        found.unwrap_or_else(|| self.parsed.whole())
    }

    fn query(&mut self, query: &Query) {
        let at = self.parsed.range(query.span());
        self.refuse_if(self.aim == Aim::Row, Form::Table, at.clone());
        let recursive = query.with.as_ref().is_some_and(|with| with.recursive);
        self.refuse_if(
            recursive,
            Form::Recursive,
            self.keyword(&[Keyword::RECURSIVE]),
        );
        let limited = query.limit_clause.is_some() || query.fetch.is_some();
        let limit = self.keyword(&[Keyword::LIMIT, Keyword::OFFSET, Keyword::FETCH]);
        self.refuse_if(limited, Form::Limit, limit);
        let order = query.order_by.as_ref().map(|order| &order.kind);
        if let Some(OrderByKind::Expressions(order)) = order {
            let mut calls = order.iter().map(|order| &order.expr);
            if let Some(call) = calls.find(|expr| matches!(expr, Expr::Function(_))) {
                self.refuse(Form::Order, self.parsed.range(call.span()));
            }
        }
        let odd = !query.locks.is_empty()
            || query.for_clause.is_some()
            || query.settings.is_some()
            || query.format_clause.is_some()
            || !query.pipe_operators.is_empty();
        self.refuse_if(odd, Form::Clause, at.clone());
        let plain = matches!(
            *query.body,
            SetExpr::Select(_)
                | SetExpr::Query(_)
                | SetExpr::SetOperation { .. }
                | SetExpr::Values(_)
        );
        self.refuse_if(!plain, Form::Statement, at);
    }

    fn select(&mut self, select: &Select) {
        if let Some(qualify) = &select.qualify {
            let at = self.parsed.range(qualify.span());
            self.refuse(Form::Qualify, at);
        }
        let odd = matches!(select.distinct, Some(Distinct::On(_)))
            || select.top.is_some()
            || select.into.is_some()
            || select.exclude.is_some()
            || select.prewhere.is_some()
            || select.value_table_mode.is_some()
            || select.select_modifiers.is_some()
            || select.flavor != SelectFlavor::Standard
            || !select.lateral_views.is_empty()
            || !select.connect_by.is_empty()
            || !select.cluster_by.is_empty()
            || !select.distribute_by.is_empty()
            || !select.sort_by.is_empty()
            || !select.named_window.is_empty();
        self.refuse_if(odd, Form::Clause, self.parsed.range(select.span()));
        let grouped = match &select.group_by {
            GroupByExpr::All(_) => true,
            GroupByExpr::Expressions(_, modifiers) => !modifiers.is_empty(),
        };
        let group = self.keyword(&[Keyword::ROLLUP, Keyword::CUBE, Keyword::ALL]);
        self.refuse_if(grouped, Form::Grouping, group);
        for item in &select.projection {
            self.item(item);
        }
        for from in &select.from {
            self.joins(&from.joins);
        }
    }

    fn item(&mut self, item: &SelectItem) {
        match item {
            SelectItem::UnnamedExpr(_) => {}
            SelectItem::ExprWithAlias { alias, .. } => {
                let name = snake(&alias.value);
                if name.starts_with('_') && !RESERVED.contains(&name.as_str()) {
                    let help = format!("the names that mean something: {}", RESERVED.join(", "));
                    let says = format!("{name} means nothing: names with _ are reserved");
                    let at = self.parsed.range(alias.span);
                    self.mistakes.push(Mistake::new(at, says).help(help));
                }
            }
            SelectItem::ExprWithAliases { .. } => {
                self.refuse(Form::Clause, self.parsed.range(item.span()));
            }
            SelectItem::QualifiedWildcard(_, options) | SelectItem::Wildcard(options) => {
                let odd = is_odd(options);
                self.refuse_if(odd, Form::Wildcard, self.parsed.range(item.span()));
            }
        }
    }

    fn joins(&mut self, joins: &[Join]) {
        for join in joins {
            match &join.join_operator {
                JoinOperator::Join(on) | JoinOperator::Inner(on) | JoinOperator::CrossJoin(on) => {
                    self.natural(on, join);
                }
                JoinOperator::Left(on)
                | JoinOperator::LeftOuter(on)
                | JoinOperator::Right(on)
                | JoinOperator::RightOuter(on)
                | JoinOperator::FullOuter(on) => {
                    self.natural(on, join);
                    self.outer(on);
                }
                _ => {
                    let other = [Keyword::ANTI, Keyword::SEMI, Keyword::ASOF, Keyword::APPLY];
                    let at = self.parsed.keyword(&other);
                    let at = at.unwrap_or_else(|| self.parsed.range(join.span()));
                    self.refuse(Form::OtherJoin, at);
                }
            }
        }
    }

    fn natural(&mut self, on: &JoinConstraint, join: &Join) {
        if matches!(on, JoinConstraint::Natural) {
            let at = self.parsed.keyword(&[Keyword::NATURAL]);
            let at = at.unwrap_or_else(|| self.parsed.range(join.span()));
            self.refuse(Form::OtherJoin, at);
        }
    }

    fn outer(&mut self, on: &JoinConstraint) {
        let JoinConstraint::On(on) = on else { return };
        let terms = conjuncts(on);
        if let Some(term) = terms.iter().find(|term| !is_column_equality(term)) {
            self.refuse(Form::OuterJoinInequality, self.parsed.range(term.span()));
        }
    }

    fn expr(&mut self, expr: &Expr) {
        let at = self.parsed.range(expr.span());
        match expr {
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, at),
            Expr::UnaryOp { op, expr } => self.unary(*op, expr, at),
            Expr::Function(function) => self.function(function),
            Expr::Cast { kind, .. } => {
                let plain = matches!(kind, CastKind::Cast | CastKind::TryCast);
                self.refuse_if(!plain, Form::Expression, at);
            }
            Expr::Like { any, .. } => self.refuse_if(*any, Form::Expression, at),
            Expr::Subquery(_) => self.refuse(Form::ScalarSubquery, at),
            Expr::Exists { subquery, .. } => self.exists(subquery),
            Expr::InSubquery { negated, .. } => self.refuse_if(*negated, Form::NotInSubquery, at),
            Expr::IsTrue(_) | Expr::IsNotTrue(_) | Expr::IsFalse(_) | Expr::IsNotFalse(_) => {
                self.refuse(Form::IsTrue, at);
            }
            Expr::Rollup(_) | Expr::Cube(_) | Expr::GroupingSets(_) => {
                let at = self.keyword(&[Keyword::ROLLUP, Keyword::CUBE, Keyword::GROUPING]);
                self.refuse(Form::Grouping, at);
            }
            Expr::Identifier(_)
            | Expr::CompoundIdentifier(_)
            | Expr::Value(_)
            | Expr::Nested(_)
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsDistinctFrom(..)
            | Expr::IsNotDistinctFrom(..)
            | Expr::InList { .. }
            | Expr::Between { .. }
            | Expr::Case { .. }
            | Expr::Ceil { .. }
            | Expr::Floor { .. }
            | Expr::Substring { .. }
            | Expr::Trim { .. } => {}
            _ => self.refuse(Form::Expression, at),
        }
    }

    fn binary(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr, at: Range<usize>) {
        match op {
            BinaryOperator::Divide => {
                let exact = is_cast_to_double(left) || is_cast_to_double(right);
                self.refuse_if(!exact, Form::Division, at);
            }
            BinaryOperator::NotEq => self.not_equal(at),
            BinaryOperator::Plus
            | BinaryOperator::Minus
            | BinaryOperator::Multiply
            | BinaryOperator::Modulo
            | BinaryOperator::StringConcat
            | BinaryOperator::Gt
            | BinaryOperator::Lt
            | BinaryOperator::GtEq
            | BinaryOperator::LtEq
            | BinaryOperator::Eq
            | BinaryOperator::And
            | BinaryOperator::Or => {}
            _ => self.refuse(Form::Expression, at),
        }
    }

    fn unary(&mut self, op: UnaryOperator, expr: &Expr, at: Range<usize>) {
        match op {
            UnaryOperator::Not => {
                let op = match unnested(expr) {
                    Expr::BinaryOp { op, .. } => Some(op),
                    _ => None,
                };
                if matches!(op, Some(BinaryOperator::Eq)) {
                    self.not_equal(at);
                }
            }
            UnaryOperator::Minus | UnaryOperator::Plus => {}
            _ => self.refuse(Form::Expression, at),
        }
    }

    /// A condition says by its `nulls` what becomes of missing values.
    fn not_equal(&mut self, at: Range<usize>) {
        let undecided = self.aim == Aim::Query { nulls_pass: false };
        self.refuse_if(undecided, Form::NotEqual, at);
    }

    /// The engine pairs rows of the inner with the outer query by equality of
    /// columns, and by nothing else.
    fn exists(&mut self, subquery: &Query) {
        let SetExpr::Select(select) = subquery.body.as_ref() else {
            return;
        };
        let terms = select.selection.as_ref().map(conjuncts).unwrap_or_default();
        if let Some(term) = terms.iter().find(|term| !is_column_equality(term)) {
            self.refuse(Form::ExistsInequality, self.parsed.range(term.span()));
        }
    }

    fn function(&mut self, function: &Function) {
        let name = function.name.to_string().to_lowercase();
        let at = self.parsed.range(function.name.span());
        if let Some(said) = self.dialect.refused.get(&name) {
            self.say(said.clone(), at);
            return;
        }
        if !self.dialect.functions.contains(&name) {
            self.unknown_function(&name, at);
            return;
        }
        self.arguments(function, at.clone());
        let aggregate = self.dialect.aggregates.contains(&name);
        let bare = function.over.is_none() && self.aim == Aim::Row;
        self.refuse_if(aggregate && bare, Form::Aggregate, at.clone());
        match &function.over {
            Some(WindowType::WindowSpec(window)) => {
                let ranks = self.dialect.rankings.contains(&name);
                self.window(window, ranks, at.clone());
                let unframed = window.window_frame.is_none() && !window.order_by.is_empty();
                self.refuse_if(aggregate && unframed, Form::Running, at);
            }
            Some(WindowType::NamedWindow(_)) => self.refuse(Form::Clause, at),
            None => {}
        }
    }

    fn unknown_function(&mut self, name: &str, at: Range<usize>) {
        let functions = self.dialect.functions.iter().map(String::as_str);
        let help = match nearest(name, functions) {
            Some(near) => format!("did you mean {}?", near.to_uppercase()),
            None => format!("these are shared: {}", self.dialect.functions.join(", ")),
        };
        let name = name.to_uppercase();
        let says = format!("the function {name} is not in the SQL that all engines share");
        self.mistakes.push(Mistake::new(at, says).help(help));
    }

    fn arguments(&mut self, function: &Function, at: Range<usize>) {
        let mut odd = !matches!(function.parameters, FunctionArguments::None)
            || function.null_treatment.is_some()
            || !function.within_group.is_empty();
        match &function.args {
            FunctionArguments::List(list) => {
                let named = |arg: &FunctionArg| !matches!(arg, FunctionArg::Unnamed(_));
                odd = odd || !list.clauses.is_empty() || list.args.iter().any(named);
                let distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
                let several = distinct && list.args.len() > 1;
                self.refuse_if(several, Form::DistinctOfSeveral, at.clone());
            }
            FunctionArguments::Subquery(_) => odd = true,
            FunctionArguments::None => {}
        }
        self.refuse_if(odd, Form::Expression, at);
    }

    fn window(&mut self, window: &WindowSpec, ranks: bool, at: Range<usize>) {
        let down = |order: &OrderByExpr| order.options.asc == Some(false);
        let mixed = window.order_by.iter().any(down) && !window.order_by.iter().all(down);
        self.refuse_if(mixed, Form::MixedOrder, at.clone());
        if ranks && let Some(order) = window.order_by.iter().find(|o| !self.is_given(&o.expr)) {
            self.refuse(Form::RankOfMissing, self.parsed.range(order.span()));
        }
        let counted = |bound: &WindowFrameBound| {
            matches!(
                bound,
                WindowFrameBound::Preceding(Some(_)) | WindowFrameBound::Following(Some(_))
            )
        };
        let frame = window.window_frame.as_ref();
        let counted = frame.is_some_and(|frame| {
            frame.units != WindowFrameUnits::Rows
                || counted(&frame.start_bound)
                || frame.end_bound.as_ref().is_some_and(counted)
        });
        self.refuse_if(counted, Form::Frame, at);
    }

    /// Is it never NULL, as far as the SELECT shows?
    fn is_given(&self, expr: &Expr) -> bool {
        let plain = match unnested(expr) {
            Expr::UnaryOp { expr, .. } => unnested(expr),
            other => other,
        };
        let coalesced = match plain {
            Expr::Function(function) => function.name.to_string().eq_ignore_ascii_case("coalesce"),
            _ => false,
        };
        let not_null = self.not_null.last();
        coalesced || not_null.is_some_and(|given| given.contains(&plain.to_string()))
    }
}

fn is_odd(options: &WildcardAdditionalOptions) -> bool {
    options.opt_ilike.is_some()
        || options.opt_exclude.is_some()
        || options.opt_except.is_some()
        || options.opt_replace.is_some()
        || options.opt_rename.is_some()
        || options.opt_alias.is_some()
}

fn is_cast_to_double(expr: &Expr) -> bool {
    match unnested(expr) {
        Expr::Cast { data_type, .. } => matches!(
            data_type,
            DataType::Double(_)
                | DataType::DoublePrecision
                | DataType::Float(_)
                | DataType::Float64
                | DataType::Real
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{outputs, products, tables};
    use super::*;
    use crate::model::Pack;

    fn dialect() -> Dialect {
        Dialect::from_pack(&Pack::embedded()).expect("what is built in is right")
    }

    /// What is refused of a query: the words that are underlined.
    fn refused(text: &str, nulls_pass: bool) -> Vec<&str> {
        let parsed = Parsed::query(text).expect("this is SQL");
        let mistakes = lint(&parsed, &dialect(), Aim::Query { nulls_pass });
        let underlined = mistakes.into_iter().map(|m| text.get(m.at).unwrap_or("?"));
        underlined.collect()
    }

    #[test]
    fn what_is_well_written_is_let_through() {
        for text in [
            "SELECT a.k FROM t a LEFT JOIN u b ON a.k = b.k AND (a.l = b.l) WHERE b.k IS NULL",
            "SELECT k, RANK() OVER (ORDER BY x DESC) AS n FROM t WHERE x IS NOT NULL",
            "SELECT k, ROW_NUMBER() OVER (ORDER BY -COALESCE(x, 0)) AS n FROM t",
            "SELECT k FROM t WHERE CAST(x AS DOUBLE) / y > 0.5 AND x IS DISTINCT FROM y",
            "SELECT k, SUM(x) OVER (ORDER BY y ROWS UNBOUNDED PRECEDING) AS n FROM t",
            "SELECT k FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.k = t.k) GROUP BY k",
        ] {
            assert_eq!(refused(text, false), Vec::<&str>::new(), "{text}");
        }
        assert_eq!(
            refused("SELECT k FROM t WHERE a <> b", true),
            Vec::<&str>::new()
        );
    }

    #[test]
    fn what_is_hidden_inside_is_seen() {
        for (text, at) in [
            (
                "WITH x AS (SELECT k FROM t WHERE a <> b) SELECT k FROM x",
                "a <> b",
            ),
            (
                "SELECT k FROM (SELECT k FROM read_csv('x')) AS t",
                "read_csv",
            ),
            (
                "SELECT k FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.k = t.k AND ROUND(x) = 1)",
                "ROUND",
            ),
            (
                "SELECT k FROM t UNION ALL SELECT MOD(x, 2) AS k FROM t",
                "MOD",
            ),
            ("SELECT k FROM (t LEFT JOIN u ON t.k < u.k)", "t.k < u.k"),
            ("SELECT CASE WHEN a / b > 1 THEN 1 END AS k FROM t", "a / b"),
        ] {
            assert!(refused(text, false).contains(&at), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(words in prop::collection::vec(prop::sample::select(vec![
            "SELECT", "FROM", "WHERE", "t", "a.k", "é", "\"x y\"", "'s", "'s'", "(", ")", ",", "*",
            "COUNT(*)", "OVER", "JOIN", "LEFT", "ON", "=", "<>", "1.5", "\n", "--", "/*", "WITH",
            "AS", "UNION", "EXISTS", "NOT", "IN", "ORDER BY", "LIMIT", "{", "$1", "::", "CASE",
        ]), 0..24)) {
            let text = words.join(" ");
            let dialect = dialect();
            for parsed in [Parsed::query(&text), Parsed::condition(&text)] {
                match parsed {
                    Ok(parsed) => {
                        for mistake in lint(&parsed, &dialect, Aim::Row) {
                            prop_assert!(text.get(mistake.at).is_some(), "{text}");
                        }
                        let _ = (outputs(&parsed), products(&parsed), tables(&parsed));
                        let _ = (parsed.engine_text(), parsed.columns());
                    }
                    Err(mistake) => prop_assert!(text.get(mistake.at).is_some(), "{text}"),
                }
            }
        }
    }
}
