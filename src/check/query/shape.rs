//! A tree of SQL in, what it reads and returns out.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, JoinConstraint, JoinOperator, ObjectName, Query, Select, SelectItem,
    SetExpr, Statement, TableFactor, TableWithJoins, Visit, Visitor,
};

use super::parse::{Parsed, Tree};
use super::snake;

/// Names of the columns that a query returns; `None` where a `*` hides them.
pub fn outputs(parsed: &Parsed<'_>) -> Option<Vec<String>> {
    let Tree::Query(statements) = &parsed.tree else {
        return None;
    };
    let Some(Statement::Query(query)) = statements.first() else {
        return None;
    };
    let mut body = query.body.as_ref();
    let select = loop {
        match body {
            SetExpr::Select(select) => break select,
            SetExpr::Query(query) => body = query.body.as_ref(),
            SetExpr::SetOperation { left, .. } => body = left.as_ref(),
            _ => return None,
        }
    };
    let named = |item: &SelectItem| match item {
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(snake(&name.value)),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(path)) => Some(snake(&path.last()?.value)),
        SelectItem::ExprWithAlias { alias, .. } => Some(snake(&alias.value)),
        // Another name than what it shows: the engine gives it one.
        SelectItem::UnnamedExpr(_) => Some(String::new()),
        _ => None,
    };
    select.projection.iter().map(named).collect()
}

/// The tables that a query reads, each once: not those that it makes itself.
pub fn tables(parsed: &Parsed<'_>) -> Vec<String> {
    #[derive(Default)]
    struct Tables {
        read: Vec<String>,
        made: Vec<String>,
    }
    impl Visitor for Tables {
        type Break = ();
        fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
            let made = query.with.iter().flat_map(|with| &with.cte_tables);
            self.made
                .extend(made.map(|cte| snake(&cte.alias.name.value)));
            ControlFlow::Continue(())
        }
        fn pre_visit_relation(&mut self, name: &ObjectName) -> ControlFlow<()> {
            let name = snake(&name.to_string());
            if !self.read.contains(&name) {
                self.read.push(name);
            }
            ControlFlow::Continue(())
        }
    }
    let mut found = Tables::default();
    if let Tree::Query(statements) = &parsed.tree {
        let _ = statements.visit(&mut found);
    }
    let made = found.made;
    found.read.retain(|name| !made.contains(name));
    found.read
}

/// Does a query return or hand on every column of something?
pub fn has_wildcard(parsed: &Parsed<'_>) -> bool {
    struct Wildcard;
    impl Visitor for Wildcard {
        type Break = ();
        fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
            let mut items = select.projection.iter();
            let wild = |item: &SelectItem| {
                matches!(
                    item,
                    SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..)
                )
            };
            if items.any(wild) {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        }
    }
    match &parsed.tree {
        Tree::Query(statements) => statements.visit(&mut Wildcard).is_break(),
        Tree::Condition(_) => false,
    }
}

/// Pairs of tables whose rows are all joined with each other.
pub fn products(parsed: &Parsed<'_>) -> Vec<(String, String)> {
    struct Products(Vec<(String, String)>);
    impl Visitor for Products {
        type Break = ();
        fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
            self.0.extend(products_of(select));
            ControlFlow::Continue(())
        }
    }
    let mut found = Products(Vec::new());
    if let Tree::Query(statements) = &parsed.tree {
        let _ = statements.visit(&mut found);
    }
    found.0
}

fn products_of(select: &Select) -> Vec<(String, String)> {
    let filtered = select.selection.as_ref().is_some_and(has_equality);
    let mut pairs = Vec::new();
    let mut before: Vec<String> = Vec::new();
    for TableWithJoins { relation, joins } in &select.from {
        let own = [(relation, filtered)];
        let joined = joins.iter().map(|join| {
            let on = match constraint(&join.join_operator) {
                Some(JoinConstraint::On(on)) => has_equality(on),
                Some(JoinConstraint::Using(_)) => true,
                Some(JoinConstraint::Natural | JoinConstraint::None) | None => false,
            };
            (&join.relation, on || filtered)
        });
        for (relation, linked) in own.into_iter().chain(joined) {
            let TableFactor::Table { name, .. } = relation else {
                continue;
            };
            let name = snake(&name.to_string());
            if !linked {
                pairs.extend(before.iter().map(|other| (other.clone(), name.clone())));
            }
            before.push(name);
        }
    }
    pairs
}

fn has_equality(expr: &Expr) -> bool {
    conjuncts(expr).iter().any(|term| is_column_equality(term))
}

fn constraint(join: &JoinOperator) -> Option<&JoinConstraint> {
    match join {
        JoinOperator::Join(on)
        | JoinOperator::Inner(on)
        | JoinOperator::CrossJoin(on)
        | JoinOperator::Left(on)
        | JoinOperator::LeftOuter(on)
        | JoinOperator::Right(on)
        | JoinOperator::RightOuter(on)
        | JoinOperator::FullOuter(on) => Some(on),
        _ => None,
    }
}

pub fn unnested(mut expr: &Expr) -> &Expr {
    while let Expr::Nested(inner) = expr {
        expr = inner;
    }
    expr
}

/// The terms that AND joins.
pub fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match unnested(expr) {
        Expr::BinaryOp { left, op, right } if *op == BinaryOperator::And => {
            [conjuncts(left), conjuncts(right)].concat()
        }
        other => vec![other],
    }
}

pub fn is_column_equality(expr: &Expr) -> bool {
    let column = |expr: &Expr| {
        matches!(
            unnested(expr),
            Expr::Identifier(_) | Expr::CompoundIdentifier(_)
        )
    };
    match unnested(expr) {
        Expr::BinaryOp { left, op, right } => {
            *op == BinaryOperator::Eq && column(left) && column(right)
        }
        _ => false,
    }
}
