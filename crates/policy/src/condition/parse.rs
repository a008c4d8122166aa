use super::{CondError, Op};

/// The text as a tree, each node with its place. Types come later.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) offset: usize,
    pub(super) expr: Expr,
}

#[derive(Debug)]
pub(super) enum Expr {
    Or(Vec<Node>),
    And(Vec<Node>),
    Not(Box<Node>),
    Compare(Box<Node>, Op, Box<Node>),
    In(Box<Node>, Vec<Node>),
    Call(String, Vec<Node>),
    Name(String),
    Int(i64),
    Bool(bool),
    Text(String),
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Int(i64),
    Text(String),
    Sign(&'static str),
}

const SIGNS: [&str; 15] =
    ["&&", "||", "<=", ">=", "==", "!=", "<", ">", "!", "(", ")", "[", "]", ",", "-"];
const DEEPEST: usize = 32;

pub(super) fn parse(text: &str) -> Result<Node, CondError> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, end: text.len(), depth: 0 };
    let node = parser.or()?;
    match parser.tokens.get(parser.at) {
        None => Ok(node),
        Some((offset, _)) => {
            Err(CondError::new(*offset, "这里多出了内容", "条件之间要用 && 或 || 连接。"))
        }
    }
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, CondError> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let offset = at;
        if first.is_whitespace() {
            at += first.len_utf8();
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            at += sign.len();
            all.push((offset, Token::Sign(sign)));
        } else if first.is_ascii_digit() {
            let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            at += length;
            let number = rest[..length]
                .parse()
                .map_err(|_| CondError::new(offset, "数字太大", "请写 64 位整数以内的数。"))?;
            all.push((offset, Token::Int(number)));
        } else if first.is_ascii_alphabetic() || first == '_' {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
            let length = rest.find(|c: char| !word(c)).unwrap_or(rest.len());
            at += length;
            all.push((offset, Token::Word(rest[..length].to_owned())));
        } else if first == '"' || first == '\'' {
            let body = &rest[1..];
            let length = body
                .find(first)
                .ok_or_else(|| CondError::new(offset, "引号没有配对", "请补上后一个引号。"))?;
            if body[..length].contains('\\') {
                return Err(CondError::new(offset, "文字里不支持反斜杠", "请去掉反斜杠。"));
            }
            at += length + 2;
            all.push((offset, Token::Text(body[..length].to_owned())));
        } else {
            return Err(CondError::new(
                offset,
                format!("不认识的符号“{first}”"),
                "条件用半角符号书写：&& || ! < <= == != >= > ( ) [ ]。",
            ));
        }
    }
    Ok(all)
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    end: usize,
    depth: usize,
}

impl Parser {
    fn offset(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |(offset, _)| *offset)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let next = matches!(self.tokens.get(self.at), Some((_, Token::Sign(s))) if *s == sign);
        self.at += usize::from(next);
        next
    }

    fn wants(&mut self, sign: &str) -> Result<(), CondError> {
        let offset = self.offset();
        if self.takes(sign) {
            Ok(())
        } else {
            Err(CondError::new(offset, format!("这里缺少“{sign}”"), "请检查括号和逗号是否配对。"))
        }
    }

    fn or(&mut self) -> Result<Node, CondError> {
        self.chain("||", Self::and, Expr::Or)
    }

    fn and(&mut self) -> Result<Node, CondError> {
        self.chain("&&", Self::relation, Expr::And)
    }

    fn chain(
        &mut self,
        sign: &str,
        part: fn(&mut Self) -> Result<Node, CondError>,
        join: fn(Vec<Node>) -> Expr,
    ) -> Result<Node, CondError> {
        let offset = self.offset();
        let first = part(self)?;
        let mut all = vec![first];
        while self.takes(sign) {
            all.push(part(self)?);
        }
        if all.len() == 1 {
            return Ok(all.remove(0));
        }
        Ok(Node { offset, expr: join(all) })
    }

    fn relation(&mut self) -> Result<Node, CondError> {
        let left = self.unary()?;
        let offset = self.offset();
        let Some(op) = self.operator() else {
            let is_in = matches!(&self.tokens.get(self.at), Some((_, Token::Word(w))) if w == "in");
            if !is_in {
                return Ok(left);
            }
            self.at += 1;
            self.wants("[")?;
            let all = self.list("]")?;
            return Ok(Node { offset, expr: Expr::In(Box::new(left), all) });
        };
        let right = self.unary()?;
        let next = self.offset();
        if self.operator().is_some() {
            return Err(CondError::new(next, "比较不能连写", "请拆成两个比较，用 && 连接。"));
        }
        Ok(Node { offset, expr: Expr::Compare(Box::new(left), op, Box::new(right)) })
    }

    fn operator(&mut self) -> Option<Op> {
        let pairs = [
            ("<=", Op::AtMost),
            (">=", Op::AtLeast),
            ("==", Op::Equal),
            ("!=", Op::Differs),
            ("<", Op::Less),
            (">", Op::More),
        ];
        pairs.into_iter().find(|(sign, _)| self.takes(sign)).map(|(_, op)| op)
    }

    fn unary(&mut self) -> Result<Node, CondError> {
        self.depth += 1;
        let offset = self.offset();
        if self.depth > DEEPEST {
            return Err(CondError::new(offset, "条件套得太深", "请拆成几个条件。"));
        }
        let node = if self.takes("!") {
            Node { offset, expr: Expr::Not(Box::new(self.unary()?)) }
        } else if self.takes("(") {
            let inner = self.or()?;
            self.wants(")")?;
            inner
        } else {
            self.atom()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn atom(&mut self) -> Result<Node, CondError> {
        let offset = self.offset();
        let negative = self.takes("-");
        let token = self.tokens.get(self.at).map(|(_, token)| token.clone());
        self.at += 1;
        let expr = match token {
            Some(Token::Int(number)) => Expr::Int(if negative { -number } else { number }),
            _ if negative => {
                return Err(CondError::new(
                    offset,
                    "“-”后面不是数字",
                    "只支持负的整数，不支持减法。",
                ));
            }
            Some(Token::Text(text)) => Expr::Text(text),
            Some(Token::Word(word)) if word == "true" || word == "false" => {
                Expr::Bool(word == "true")
            }
            Some(Token::Word(name)) if self.takes("(") => Expr::Call(name, self.list(")")?),
            Some(Token::Word(name)) => Expr::Name(name),
            Some(Token::Sign(_)) | None => {
                return Err(CondError::new(
                    offset,
                    "这里缺少条件",
                    "请写事实名、数字、引号里的文字或 within(…)。",
                ));
            }
        };
        Ok(Node { offset, expr })
    }

    fn list(&mut self, close: &str) -> Result<Vec<Node>, CondError> {
        let mut all = Vec::new();
        if self.takes(close) {
            return Ok(all);
        }
        loop {
            all.push(self.or()?);
            if self.takes(close) {
                return Ok(all);
            }
            self.wants(",")?;
        }
    }
}
