//! Just enough reading of Rust to tell code from strings, comments and tests.
//!
//! Not a parser: it knows literals, comments and matching braces, which is what the rules ask.

/// A Rust file split into what the compiler runs and what people read.
pub(crate) struct RustText {
    /// The text with the insides of strings and comments blanked; same lines as the file.
    pub(crate) code: Vec<String>,
    /// String literals with the line on which they begin, as they are at run time.
    pub(crate) strings: Vec<Literal>,
    /// For each line, whether it belongs to a test.
    pub(crate) is_test: Vec<bool>,
    /// Functions with a body.
    pub(crate) functions: Vec<Function>,
    /// For each line, whether something other than a comment stands on it.
    is_filled: Vec<bool>,
}

/// A string literal; the line counts from 0.
pub(crate) struct Literal {
    pub(crate) line: usize,
    pub(crate) value: String,
}

/// A function with a body; lines count from 0 and both belong to it.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

impl RustText {
    /// Reads a file; `all_tests` when its path already says that it is one.
    pub(crate) fn read(text: &str, all_tests: bool) -> Self {
        let mut reader = Reader::new(text);
        reader.run();
        let code: Vec<String> = reader.code.lines().map(str::to_owned).collect();
        let characters: Vec<char> = reader.code.chars().collect();
        let mut is_test = vec![all_tests; code.len()];
        for (first, last) in test_regions(&characters) {
            is_test[first..=last.min(code.len().saturating_sub(1))].fill(true);
        }
        let functions = functions(&characters);
        Self { code, strings: reader.strings, is_test, functions, is_filled: reader.is_filled }
    }

    /// Lines of a function that are neither blank nor comment.
    pub(crate) fn filled_lines(&self, function: &Function) -> usize {
        (function.first..=function.last).filter(|line| self.is_filled[*line]).count()
    }

    /// Lines of code outside tests, each with its number from 0.
    pub(crate) fn working_code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.code.iter().enumerate();
        lines.filter(|(line, _)| !self.is_test[*line]).map(|(line, code)| (line, code.as_str()))
    }

    /// Strings outside tests.
    pub(crate) fn working_strings(&self) -> impl Iterator<Item = &Literal> {
        self.strings.iter().filter(|literal| !self.is_test.get(literal.line).unwrap_or(&false))
    }
}

struct Reader {
    text: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    strings: Vec<Literal>,
    is_filled: Vec<bool>,
}

impl Reader {
    fn new(text: &str) -> Self {
        Self {
            text: text.chars().collect(),
            at: 0,
            line: 0,
            code: String::with_capacity(text.len()),
            strings: Vec::new(),
            is_filled: vec![false; text.lines().count() + 1],
        }
    }

    fn peek(&self, ahead: usize) -> char {
        self.text.get(self.at + ahead).copied().unwrap_or('\0')
    }

    /// Takes one character into the code, as itself or blanked.
    fn take(&mut self, blank: bool, filled: bool) -> char {
        let character = self.text[self.at];
        self.at += 1;
        if character == '\n' {
            self.line += 1;
        } else if filled && !character.is_whitespace() {
            self.is_filled[self.line] = true;
        }
        self.code.push(if blank && character != '\n' { ' ' } else { character });
        character
    }

    fn run(&mut self) {
        while self.at < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '/') => self.line_comment(),
                ('/', '*') => self.block_comment(),
                ('"', _) => self.string(),
                ('r', '"' | '#') if !self.after_word() && self.raw_hashes(1).is_some() => {
                    self.raw_string();
                }
                // The r of a br"" or cr"" literal: not after a word, but after that letter.
                ('b' | 'c', 'r') if !self.after_word() && self.raw_hashes(2).is_some() => {
                    self.take(false, true);
                    self.raw_string();
                }
                ('\'', _) => self.character_or_lifetime(),
                _ => {
                    self.take(false, true);
                }
            }
        }
    }

    fn after_word(&self) -> bool {
        let before = self.at.checked_sub(1).map(|at| self.text[at]);
        before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    }

    /// How many `#` stand before the quote of a raw string, if one begins here.
    fn raw_hashes(&self, ahead: usize) -> Option<usize> {
        let rest = self.text.get(self.at + ahead..)?;
        let hashes = rest.iter().take_while(|character| **character == '#').count();
        (self.peek(ahead + hashes) == '"').then_some(hashes)
    }

    fn line_comment(&mut self) {
        while self.at < self.text.len() && self.peek(0) != '\n' {
            self.take(true, false);
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                _ => {
                    if self.at >= self.text.len() {
                        return;
                    }
                    self.take(true, false);
                    continue;
                }
            }
            self.take(true, false);
            self.take(true, false);
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        let line = self.line;
        let mut value = String::new();
        self.take(false, true);
        while self.at < self.text.len() && self.peek(0) != '"' {
            if self.peek(0) == '\\' {
                self.take(true, true);
                self.escape(&mut value);
            } else {
                value.push(self.take(true, true));
            }
        }
        if self.at < self.text.len() {
            self.take(false, true);
        }
        self.strings.push(Literal { line, value });
    }

    /// What follows a backslash in a string.
    fn escape(&mut self, value: &mut String) {
        if self.at >= self.text.len() {
            return;
        }
        match self.take(true, true) {
            'n' => value.push('\n'),
            't' => value.push('\t'),
            'r' => value.push('\r'),
            '\n' => {
                while self.peek(0).is_whitespace() {
                    self.take(true, true);
                }
            }
            other => value.push(other),
        }
    }

    fn raw_string(&mut self) {
        let line = self.line;
        let hashes = self.raw_hashes(1).unwrap_or(0);
        for _ in 0..hashes + 2 {
            self.take(false, true);
        }
        let mut value = String::new();
        while self.at < self.text.len() {
            if self.peek(0) == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == '#') {
                for _ in 0..=hashes {
                    self.take(false, true);
                }
                break;
            }
            value.push(self.take(true, true));
        }
        self.strings.push(Literal { line, value });
    }

    fn character_or_lifetime(&mut self) {
        let is_character = self.peek(1) == '\\' || self.peek(2) == '\'';
        self.take(false, true);
        if !is_character {
            return;
        }
        if self.peek(0) == '\\' {
            self.take(true, true);
        }
        self.take(true, true);
        while self.at < self.text.len() && self.peek(0) != '\'' && self.peek(0) != '\n' {
            self.take(true, true);
        }
        if self.peek(0) == '\'' {
            self.take(false, true);
        }
    }
}

/// First and last line of each item below `#[cfg(test)]`.
fn test_regions(code: &[char]) -> Vec<(usize, usize)> {
    let mut regions = Vec::new();
    for start in positions(code, "#[cfg(test)]") {
        if let Some(end) = end_of_item(code, start + "#[cfg(test)]".len()) {
            regions.push((line_of(code, start), line_of(code, end)));
        }
    }
    regions
}

fn functions(code: &[char]) -> Vec<Function> {
    let mut functions = Vec::new();
    for start in positions(code, "fn ") {
        let before = start.checked_sub(1).map_or(' ', |at| code[at]);
        let name: String =
            code[start + 3..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
        if before.is_alphanumeric() || before == '_' || name.is_empty() {
            continue;
        }
        if let Some(end) = end_of_item(code, start).filter(|end| code[*end] == '}') {
            functions.push(Function {
                name,
                first: line_of(code, start),
                last: line_of(code, end),
            });
        }
    }
    functions
}

/// The closing brace or the semicolon with which the item that begins at `start` ends.
fn end_of_item(code: &[char], start: usize) -> Option<usize> {
    let (mut braces, mut others) = (0_i32, 0_i32);
    for (at, character) in code.iter().enumerate().skip(start) {
        match character {
            '(' | '[' => others += 1,
            ')' | ']' => others -= 1,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces <= 0 && others == 0 {
                    return Some(at);
                }
            }
            ';' if braces == 0 && others == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

fn positions(code: &[char], needle: &str) -> Vec<usize> {
    let needle: Vec<char> = needle.chars().collect();
    let found = code.windows(needle.len()).enumerate().filter(|(_, part)| *part == needle);
    found.map(|(at, _)| at).collect()
}

fn line_of(code: &[char], at: usize) -> usize {
    code[..at].iter().filter(|character| **character == '\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_are_not_code() {
        let text = r##"let a = "x \" unwrap()"; // unwrap()
            /* unwrap() /* nested */ unwrap() */ let b = r#"un"wrap()"#; let c = '"'; d()"##;
        let rust = RustText::read(text, false);
        assert!(!rust.code.concat().contains("unwrap"));
        assert!(rust.code.concat().contains("d()"));
        let values: Vec<&str> = rust.strings.iter().map(|s| s.value.as_str()).collect();
        assert_eq!(values, ["x \" unwrap()", "un\"wrap()"]);
    }

    #[test]
    fn a_lifetime_is_not_a_character() {
        let rust = RustText::read("fn a<'x>(b: &'x str) { c('\\'', '{') }", false);
        assert_eq!(rust.functions.len(), 1);
        assert!(rust.code[0].contains("b: &'x str"));
    }

    #[test]
    fn a_line_that_goes_on_after_a_backslash_loses_its_indent() {
        let rust = RustText::read("q(\"SELECT a \\\n    FROM b\")", false);
        assert_eq!(rust.strings[0].value, "SELECT a FROM b");
    }

    #[test]
    fn what_stands_below_cfg_test_is_test_and_nothing_else_is() {
        let rust = RustText::read("fn a() {}\n#[cfg(test)]\nmod tests {\nx\n}\nfn b() {}", false);
        assert_eq!(rust.is_test, [false, true, true, true, true, false]);
        let rust = RustText::read("#[cfg(test)]\nmod tests;\nfn b() {}", false);
        assert_eq!(rust.is_test, [true, true, false]);
    }

    #[test]
    fn the_length_of_a_function_counts_neither_comments_nor_blank_lines() {
        let rust = RustText::read("fn a(\n b: [u8; 2],\n) {\n\n // why\n let c = 1;\n}\n", false);
        assert_eq!(rust.filled_lines(&rust.functions[0]), 5);
        assert_eq!(rust.functions[0].name, "a");
    }
}
