use askama::Template;
use askama::filters::HtmlSafe;

use crate::{Href, Link, PostButton};

/// What a colour says. Never the only sign: the words say it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing particular.
    #[default]
    Plain,
    /// Red: somebody is harmed (unpaid, overpaid, unsafe, overdue).
    Bad,
    /// Amber: somebody is waited for.
    Wait,
    /// Green: right, or the way on.
    Ok,
    /// Blue: information.
    Info,
}

/// A short mark of one or two words, in its tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// The words.
    pub text: String,
    /// The colour.
    pub tone: Tone,
}

/// A line of text with its marks and links: a sentence, or what stands in a table's cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "kit/line.html")]
pub struct Line {
    /// From left to right.
    pub parts: Vec<Part>,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Text(String),
    /// Words that weigh.
    Strong(String),
    /// A second, smaller line.
    Small(String),
    /// A second, smaller line that leads somewhere.
    SmallLink(Link),
    /// A link.
    Link(Link),
    /// A mark.
    Chip(Chip),
    /// A mark that leads somewhere.
    ChipLink(Chip, Href),
    /// An act.
    Button(PostButton),
}

impl HtmlSafe for Line {}

impl Tone {
    /// The class of the stylesheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Bad => "bad",
            Self::Wait => "wait",
            Self::Ok => "ok",
            Self::Info => "info",
        }
    }
}

impl Chip {
    /// A mark.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { text: text.into(), tone }
    }
}

impl Line {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Words more.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.with(Part::Text(text.into()))
    }

    /// Words that weigh.
    #[must_use]
    pub fn strong(self, text: impl Into<String>) -> Self {
        self.with(Part::Strong(text.into()))
    }

    /// A smaller line below.
    #[must_use]
    pub fn small(self, text: impl Into<String>) -> Self {
        self.with(Part::Small(text.into()))
    }

    /// A link.
    #[must_use]
    pub fn link(self, text: impl Into<String>, href: Href) -> Self {
        self.with(Part::Link(Link::new(text, href)))
    }

    /// A mark.
    #[must_use]
    pub fn chip(self, tone: Tone, text: impl Into<String>) -> Self {
        self.with(Part::Chip(Chip::new(tone, text)))
    }

    /// An act.
    #[must_use]
    pub fn button(self, button: PostButton) -> Self {
        self.with(Part::Button(button))
    }

    /// One part more.
    #[must_use]
    pub fn with(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::new().text(text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::new().text(text)
    }
}

impl From<Link> for Line {
    fn from(link: Link) -> Self {
        Self::new().with(Part::Link(link))
    }
}

impl From<Chip> for Line {
    fn from(chip: Chip) -> Self {
        Self::new().with(Part::Chip(chip))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_says_is_written_and_never_obeyed() {
        let line = Line::from("<script>alert(1)</script>").small("\"a\" & 'b'");
        let html = line.to_string();
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&#60;script&#62;"), "{html}");
        assert!(html.contains("<small>&#34;a&#34; &#38; &#39;b&#39;</small>"), "{html}");
    }
}
