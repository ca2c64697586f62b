//! The shape of a query, before it is known whether its names mean anything.

use super::Fault;
use super::lexer::{Token, TokenKind, tokens};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Query {
    pub(super) select: Vec<Selected>,
    pub(super) from: Name,
    pub(super) condition: Option<Condition>,
    pub(super) order: Vec<Order>,
    pub(super) limit: Option<u64>,
    pub(super) offset: u64,
}

/// A name and the byte that it begins at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) at: usize,
}

/// `Who.Account.Name`: relationships, then a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path(pub(super) Vec<Name>);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Selected {
    Field(Path),
    /// `COUNT()`: nothing but how many.
    Count,
    /// `FIELDS(ALL)`, `FIELDS(STANDARD)`, `FIELDS(CUSTOM)`.
    Fields(Name),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Compare {
        path: Path,
        operator: Operator,
        literal: Literal,
    },
    In {
        path: Path,
        negated: bool,
        list: Vec<Literal>,
    },
    InQuery {
        path: Path,
        negated: bool,
        query: Box<Query>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
}

/// A value as it is written in a query.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Literal {
    pub(super) written: Written,
    pub(super) at: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Written {
    Null,
    Bool(bool),
    Text(String),
    Number(String),
    /// `TODAY`, or with a number `LAST_N_DAYS:3`.
    DateName(String, Option<i64>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Order {
    pub(super) path: Path,
    pub(super) descending: bool,
    pub(super) nulls_last: bool,
}

/// Parentheses and NOTs that are nested deeper than this are refused.
const MAX_DEPTH: usize = 50;

pub(super) fn parse(text: &str) -> Result<Query, Fault> {
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens: &tokens,
        next: 0,
        depth: 0,
    };
    let query = parser.query()?;
    match parser.peek() {
        TokenKind::End => Ok(query),
        _ => Err(parser.unexpected()),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &TokenKind {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> &TokenKind {
        self.tokens
            .get(self.next + ahead)
            .map_or(&TokenKind::End, |token| &token.kind)
    }

    fn at(&self) -> usize {
        self.tokens
            .get(self.next)
            .or(self.tokens.last())
            .map_or(0, |token| token.at)
    }

    fn unexpected(&self) -> Fault {
        Fault::malformed(
            self.at(),
            format!("unexpected token: '{}'", self.peek().shown()),
        )
    }

    fn advance(&mut self) {
        self.next += 1;
    }

    fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self.peek(), TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    fn accept_keyword(&mut self, keyword: &str) -> bool {
        let is_there = self.is_keyword(keyword);
        self.next += usize::from(is_there);
        is_there
    }

    fn expect_keyword(&mut self, keyword: &str) -> Result<(), Fault> {
        if self.accept_keyword(keyword) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn accept(&mut self, sign: &str) -> bool {
        let is_there = matches!(self.peek(), TokenKind::Sign(there) if *there == sign);
        self.next += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, sign: &str) -> Result<(), Fault> {
        if self.accept(sign) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::malformed(
                self.at(),
                "query is too complicated: nested too deep",
            ));
        }
        self.depth += 1;
        let answer = inner(self);
        self.depth -= 1;
        answer
    }

    fn query(&mut self) -> Result<Query, Fault> {
        self.expect_keyword("SELECT")?;
        let select = self.list(Self::selected)?;
        self.expect_keyword("FROM")?;
        let from = self.name()?;
        let condition = match self.accept_keyword("WHERE") {
            true => Some(self.condition()?),
            false => None,
        };
        let order = match self.accept_keyword("ORDER") {
            true => {
                self.expect_keyword("BY")?;
                self.list(Self::order)?
            }
            false => Vec::new(),
        };
        let limit = self.count_after("LIMIT")?;
        let offset = self.count_after("OFFSET")?.unwrap_or(0);
        if self.accept_keyword("ALL") {
            self.expect_keyword("ROWS")?;
        }
        Ok(Query {
            select,
            from,
            condition,
            order,
            limit,
            offset,
        })
    }

    fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut items = vec![item(self)?];
        while self.accept(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn selected(&mut self) -> Result<Selected, Fault> {
        let opens = matches!(self.peek_at(1), TokenKind::Sign("("));
        if opens && self.accept_keyword("COUNT") {
            self.expect("(")?;
            self.expect(")")?;
            return Ok(Selected::Count);
        }
        if opens && self.accept_keyword("FIELDS") {
            self.expect("(")?;
            let group = self.name()?;
            self.expect(")")?;
            return Ok(Selected::Fields(group));
        }
        self.path().map(Selected::Field)
    }

    fn name(&mut self) -> Result<Name, Fault> {
        let at = self.at();
        match self.peek() {
            TokenKind::Word(word) if !is_reserved(word) => {
                let text = word.clone();
                self.advance();
                Ok(Name { text, at })
            }
            _ => Err(self.unexpected()),
        }
    }

    fn path(&mut self) -> Result<Path, Fault> {
        let mut names = vec![self.name()?];
        while self.accept(".") {
            names.push(self.name()?);
        }
        Ok(Path(names))
    }

    /// Conditions joined by one of AND and OR; both together need parentheses.
    fn condition(&mut self) -> Result<Condition, Fault> {
        let first = self.term()?;
        let Some(joint) = ["AND", "OR"]
            .into_iter()
            .find(|joint| self.is_keyword(joint))
        else {
            return Ok(first);
        };
        let mut all = vec![first];
        while self.accept_keyword(joint) {
            all.push(self.term()?);
        }
        if self.is_keyword("AND") || self.is_keyword("OR") {
            return Err(self.unexpected());
        }
        Ok(if joint == "AND" {
            Condition::And(all)
        } else {
            Condition::Or(all)
        })
    }

    fn term(&mut self) -> Result<Condition, Fault> {
        if self.accept_keyword("NOT") {
            return self
                .nested(Self::term)
                .map(|inner| Condition::Not(Box::new(inner)));
        }
        if self.accept("(") {
            let inner = self.nested(Self::condition)?;
            self.expect(")")?;
            return Ok(inner);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Condition, Fault> {
        let path = self.path()?;
        let negated = self.is_keyword("NOT") && {
            self.advance();
            true
        };
        if self.accept_keyword("IN") {
            return self.members(path, negated);
        }
        if negated {
            return Err(self.unexpected());
        }
        let operator = self.operator()?;
        let literal = self.literal()?;
        Ok(Condition::Compare {
            path,
            operator,
            literal,
        })
    }

    fn members(&mut self, path: Path, negated: bool) -> Result<Condition, Fault> {
        self.expect("(")?;
        let condition = if self.is_keyword("SELECT") {
            let query = Box::new(self.nested(Self::query)?);
            Condition::InQuery {
                path,
                negated,
                query,
            }
        } else {
            Condition::In {
                path,
                negated,
                list: self.list(Self::literal)?,
            }
        };
        self.expect(")")?;
        Ok(condition)
    }

    fn operator(&mut self) -> Result<Operator, Fault> {
        let operator = match self.peek() {
            TokenKind::Sign("=") => Operator::Equal,
            TokenKind::Sign("!=" | "<>") => Operator::NotEqual,
            TokenKind::Sign("<") => Operator::Less,
            TokenKind::Sign("<=") => Operator::LessOrEqual,
            TokenKind::Sign(">") => Operator::Greater,
            TokenKind::Sign(">=") => Operator::GreaterOrEqual,
            TokenKind::Word(word) if word.eq_ignore_ascii_case("LIKE") => Operator::Like,
            _ => return Err(self.unexpected()),
        };
        self.advance();
        Ok(operator)
    }

    fn literal(&mut self) -> Result<Literal, Fault> {
        let at = self.at();
        let written = match self.peek() {
            TokenKind::Text(text) => Written::Text(text.clone()),
            TokenKind::Number(number) => Written::Number(number.clone()),
            TokenKind::Word(word) => match word.to_ascii_uppercase().as_str() {
                "NULL" => Written::Null,
                "TRUE" => Written::Bool(true),
                "FALSE" => Written::Bool(false),
                name if super::date_literal::is_name(name) => {
                    return self.date_name(name.to_owned(), at);
                }
                _ => return Err(self.unexpected()),
            },
            _ => return Err(self.unexpected()),
        };
        self.advance();
        Ok(Literal { written, at })
    }

    fn date_name(&mut self, name: String, at: usize) -> Result<Literal, Fault> {
        self.advance();
        let number = match self.accept(":") {
            true => Some(self.whole_number()?),
            false => None,
        };
        Ok(Literal {
            written: Written::DateName(name, number),
            at,
        })
    }

    fn whole_number(&mut self) -> Result<i64, Fault> {
        match self.peek() {
            TokenKind::Number(number) => {
                let number = number.parse().map_err(|_| self.unexpected())?;
                self.advance();
                Ok(number)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn count_after(&mut self, keyword: &str) -> Result<Option<u64>, Fault> {
        if !self.accept_keyword(keyword) {
            return Ok(None);
        }
        let at = self.at();
        let number = self.whole_number()?;
        u64::try_from(number)
            .map(Some)
            .map_err(|_| Fault::malformed(at, format!("unexpected token: '{number}'")))
    }

    fn order(&mut self) -> Result<Order, Fault> {
        let path = self.path()?;
        let descending = !self.accept_keyword("ASC") && self.accept_keyword("DESC");
        let mut nulls_last = false;
        if self.accept_keyword("NULLS") {
            nulls_last = !self.accept_keyword("FIRST");
            if nulls_last {
                self.expect_keyword("LAST")?;
            }
        }
        Ok(Order {
            path,
            descending,
            nulls_last,
        })
    }
}

/// Words that can't be a name.
fn is_reserved(word: &str) -> bool {
    const RESERVED: &[&str] = &[
        "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "LIKE", "IN", "ASC", "DESC", "NULLS",
        "LIMIT", "GROUP", "HAVING",
    ];
    RESERVED
        .iter()
        .any(|reserved| reserved.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn joints_may_not_be_mixed_without_parentheses() {
        assert!(parse("SELECT Id FROM Task WHERE a = 1 AND b = 2 OR c = 3").is_err());
        assert!(parse("SELECT Id FROM Task WHERE (a = 1 AND b = 2) OR c = 3").is_ok());
    }

    #[test]
    fn strings_are_unescaped() {
        let query = parse(r"SELECT Id FROM Task WHERE Subject = 'O\'Brien \\ \u00e9\n'").unwrap();
        let Some(Condition::Compare { literal, .. }) = query.condition else {
            panic!("{query:?}")
        };
        assert_eq!(literal.written, Written::Text("O'Brien \\ é\n".to_owned()));
    }

    #[test]
    fn faults_name_the_token_and_its_place() {
        let fault = parse("SELECT Id FROM Task WHERE").unwrap_err();
        assert_eq!(
            (fault.message.as_str(), fault.at),
            ("unexpected token: '<EOF>'", 25)
        );
        let fault = parse("SELECT Id FORM Task").unwrap_err();
        assert_eq!(
            (fault.message.as_str(), fault.at),
            ("unexpected token: 'FORM'", 10)
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = format!(
            "SELECT Id FROM Task WHERE {}a = 1{}",
            "(".repeat(8000),
            ")".repeat(8000)
        );
        assert!(
            parse(&deep)
                .unwrap_err()
                .message
                .contains("nested too deep")
        );
        let deep = format!("SELECT Id FROM Task WHERE {}a = 1", "NOT ".repeat(4000));
        assert!(parse(&deep).is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in ".{0,200}") {
            if let Err(fault) = parse(&text) {
                let _ = fault.refusal(&text);
            }
        }

        #[test]
        fn shuffled_tokens_never_panic(words in prop::collection::vec(prop::sample::select(vec![
            "SELECT", "Id", ",", "FROM", "Task", "WHERE", "(", ")", "NOT", "IN", "LIKE", "'a\\'b'", "'", "\\", "=", "<>",
            "LAST_N_DAYS:3", ":", "2026-09-19T08:30:00Z", "-", "1e400", "ORDER", "BY", "NULLS", "LAST", "LIMIT", "OFFSET",
            "AND", "OR", "null", "é", "COUNT()", "FIELDS(ALL)", ".",
        ]), 0..40)) {
            let text = words.join(" ");
            if let Err(fault) = parse(&text) {
                let _ = fault.refusal(&text);
            }
        }
    }
}
