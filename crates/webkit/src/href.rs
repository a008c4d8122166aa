use std::fmt;

use askama::filters::HtmlSafe;

/// An address within this site. It begins with one `/` and is percent-encoded, so that nothing
/// a person typed can lead to another site or become a script.
///
/// ```
/// use webkit::Href;
/// let href = Href::to("/elders").seg("7f3a").query("村", "云溪&1");
/// assert_eq!(href.as_str(), "/elders/7f3a?%E6%9D%91=%E4%BA%91%E6%BA%AA%261");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Href(String);

/// 链接: words that lead somewhere within this site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What is read.
    pub text: String,
    /// Where it leads.
    pub href: Href,
}

impl Href {
    /// A path that we wrote ourselves. Segments that vary go through [`Href::seg`].
    ///
    /// # Panics
    /// When the path does not begin with exactly one `/`, or has a sign to be encoded.
    pub fn to(path: &'static str) -> Self {
        let ours = path.bytes().all(|b| is_plain(b) || b == b'/');
        assert!(path.starts_with('/') && !path.starts_with("//") && ours, "a path of ours: {path}");
        Self(path.to_owned())
    }

    /// The same page, at the part with this id.
    pub fn part(id: &str) -> Self {
        Self(format!("#{}", encoded(id)))
    }

    /// One segment more.
    #[must_use]
    pub fn seg(mut self, segment: impl fmt::Display) -> Self {
        if !self.0.ends_with('/') {
            self.0.push('/');
        }
        self.0.push_str(&encoded(&segment.to_string()));
        self
    }

    /// One query parameter more.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.0.push(if self.0.contains('?') { '&' } else { '?' });
        self.0.push_str(&encoded(name));
        self.0.push('=');
        self.0.push_str(&encoded(&value.to_string()));
        self
    }

    /// A part of the page that it leads to.
    #[must_use]
    pub fn at(mut self, id: &str) -> Self {
        self.0.push('#');
        self.0.push_str(&encoded(id));
        self
    }

    /// As it stands in the page.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn encoded(text: &str) -> String {
    use fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a String takes every write");
        }
    }
    out
}

impl fmt::Display for Href {
    /// Written with `&amp;`, as an attribute has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.replace('&', "&amp;"))
    }
}

impl HtmlSafe for Href {}

impl Link {
    /// A link.
    pub fn new(text: impl Into<String>, href: Href) -> Self {
        Self { text: text.into(), href }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_typed_stays_one_segment_or_one_value() {
        let href = Href::to("/elders").seg("../admin?x=\"'<").query("q", "a&b=c d").at("top");
        assert_eq!(href.as_str(), "/elders/..%2Fadmin%3Fx%3D%22%27%3C?q=a%26b%3Dc%20d#top");
        assert_eq!(href.query("p", 2).to_string().matches("&amp;").count(), 1);
    }

    #[test]
    #[should_panic(expected = "a path of ours")]
    fn another_site_is_no_path_of_ours() {
        let _ = Href::to("//elsewhere");
    }
}
