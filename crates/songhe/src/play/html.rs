//! A page as somebody without a mouse reads it: links, forms with what stands in them, buttons.
//!
//! It reads our own templates, which are well-formed, and nothing else: no nesting rules, no
//! scripts. A control belongs to the form around it or to the one that its `form` names.

/// One tag with its attributes, and the text that follows it.
#[derive(Debug)]
struct Tag<'a> {
    /// `form`, or `/form` at its end.
    name: &'a str,
    attributes: Vec<(&'a str, String)>,
    /// Text up to the next tag.
    text: String,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(it, _)| *it == name).map(|(_, value)| value.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(it, _)| *it == name)
    }

    fn text_of(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }
}

fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let end = end_of_tag(rest);
        let (tag, after) = (&rest[..end], rest.get(end + 1..).unwrap_or_default());
        let name_end = tag.find([' ', '\n', '\t', '\r']).unwrap_or(tag.len());
        let text_end = after.find('<').unwrap_or(after.len());
        tags.push(Tag {
            name: tag[..name_end].trim_end_matches('/'),
            attributes: attributes(&tag[name_end..]),
            text: plain(&after[..text_end]),
        });
        rest = &after[text_end..];
    }
    tags
}

/// The `>` that is in no quotes.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    for (at, sign) in text.char_indices() {
        if quote == Some(sign) {
            quote = None;
        } else if quote.is_none() && matches!(sign, '"' | '\'') {
            quote = Some(sign);
        } else if quote.is_none() && sign == '>' {
            return at;
        }
    }
    text.len()
}

fn attributes(mut text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    loop {
        text = text.trim_start().trim_start_matches('/').trim_start();
        if text.is_empty() {
            return found;
        }
        let end = text.find(|sign: char| sign == '=' || sign.is_whitespace()).unwrap_or(text.len());
        let name = &text[..end];
        text = text[end..].trim_start();
        let Some(given) = text.strip_prefix('=') else {
            found.push((name, String::new()));
            continue;
        };
        let given = given.trim_start();
        let quoted = given.chars().next().filter(|sign| matches!(sign, '"' | '\''));
        let (value, after) = if let Some(quote) = quoted {
            let inner = &given[1..];
            let end = inner.find(quote).unwrap_or(inner.len());
            (&inner[..end], inner.get(end + 1..).unwrap_or_default())
        } else {
            let end = given.find(char::is_whitespace).unwrap_or(given.len());
            (&given[..end], &given[end..])
        };
        found.push((name, plain(value)));
        text = after;
    }
}

/// Text without the signs that stand for others.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').unwrap_or(0);
        let sign = match rest.get(1..end.max(1)).unwrap_or_default() {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{a0}'),
            number => number.strip_prefix('#').and_then(|digits| {
                let code = match digits.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => digits.parse().ok(),
                };
                code.and_then(char::from_u32)
            }),
        };
        if let Some(sign) = sign {
            out.push(sign);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// A control of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Control {
    /// Under which name it is sent.
    pub(crate) name: String,
    /// What is sent.
    pub(crate) value: String,
    /// Whether it would be sent as the page stands: not a box without a tick.
    pub(crate) stands: bool,
    /// Whether it is a box or a dot, of which several may have one name.
    pub(crate) choice: bool,
}

/// A button, with what it sends besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Button {
    pub(crate) text: String,
    name: String,
    value: String,
    action: Option<String>,
}

/// A form of a page, to be filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    id: String,
    /// Where it goes.
    pub(crate) action: String,
    /// Whether it is sent as a POST.
    pub(crate) post: bool,
    pub(crate) controls: Vec<Control>,
    pub(crate) buttons: Vec<Button>,
}

impl Form {
    /// The values that stand or can be chosen under this name.
    pub(crate) fn choices(&self, name: &str) -> impl Iterator<Item = &str> {
        let wanted = move |it: &&Control| it.name == name;
        self.controls.iter().filter(wanted).map(|it| it.value.as_str())
    }

    /// Whether the form asks for this.
    pub(crate) fn asks(&self, name: &str) -> bool {
        self.controls.iter().any(|it| it.name == name)
    }

    /// Types a text, or chooses the dot or option with this value.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        let mut met = false;
        for control in self.controls.iter_mut().filter(|it| it.name == name) {
            met = true;
            if control.choice {
                control.stands = control.value == value;
            } else {
                value.clone_into(&mut control.value);
                control.stands = true;
            }
        }
        debug_assert!(met, "the form has no {name}");
        self
    }

    /// Ticks the box with this value besides what is ticked.
    #[must_use]
    pub(crate) fn tick(mut self, name: &str, value: &str) -> Self {
        let wanted = |it: &&mut Control| it.name == name && it.value == value;
        self.controls.iter_mut().filter(wanted).for_each(|it| it.stands = true);
        self
    }

    /// Presses the button that sends this: what it sends is sent, where it leads is where it goes.
    #[must_use]
    pub(crate) fn press_for(mut self, name: &str, value: &str) -> Self {
        let sends = |it: &&Button| it.name == name && it.value == value;
        let button = self.buttons.iter().find(sends).cloned();
        debug_assert!(button.is_some(), "the form has no button for {name} = {value}");
        self.pressed(button);
        self
    }

    fn pressed(&mut self, button: Option<Button>) {
        let Some(Button { name, value, action, .. }) = button else { return };
        if !name.is_empty() {
            self.controls.push(Control { name, value, stands: true, choice: false });
        }
        if let Some(action) = action {
            self.action = action;
        }
    }

    /// What is sent.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        let sent = self.controls.iter().filter(|it| it.stands && !it.name.is_empty());
        sent.map(|it| (it.name.as_str(), it.value.as_str())).collect()
    }
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) text: String,
    pub(crate) href: String,
}

/// What a page offers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Read {
    pub(crate) forms: Vec<Form>,
    pub(crate) links: Vec<Anchor>,
    /// What can be read, in order, tags left out.
    pub(crate) text: String,
}

impl Read {
    /// Reads a page.
    pub(crate) fn of(html: &str) -> Self {
        let mut reader = Reader::default();
        for tag in tags(html) {
            reader.take(&tag);
        }
        reader.finish()
    }
}

/// What is being read.
#[derive(Default)]
struct Reader {
    read: Read,
    /// The form around, as a place in `read.forms`.
    form: Option<usize>,
    link: Option<usize>,
    button: Option<(Option<usize>, Button)>,
    select: Option<(Option<usize>, String, usize)>,
    /// Controls with the id of a form elsewhere.
    strays: Vec<(String, Control)>,
    stray_buttons: Vec<(String, Button)>,
    quiet: bool,
}

impl Reader {
    fn take(&mut self, tag: &Tag<'_>) {
        match tag.name {
            "form" => {
                self.read.forms.push(Form {
                    id: tag.text_of("id"),
                    action: tag.text_of("action"),
                    post: tag.get("method").is_some_and(|it| it.eq_ignore_ascii_case("post")),
                    ..Form::default()
                });
                self.form = Some(self.read.forms.len() - 1);
            }
            "/form" => self.form = None,
            "a" => {
                let href = tag.text_of("href");
                self.read.links.push(Anchor { text: String::new(), href });
                self.link = Some(self.read.links.len() - 1);
            }
            "/a" => self.link = None,
            "input" => self.input(tag),
            "textarea" => self.put(tag, tag.text.clone(), true, false),
            "select" => {
                self.select = Some((self.form, tag.text_of("name"), 0));
            }
            "option" => self.option(tag),
            "/select" => self.close_select(),
            "button" => {
                let button = Button {
                    text: String::new(),
                    name: tag.text_of("name"),
                    value: tag.text_of("value"),
                    action: tag.get("formaction").map(str::to_owned),
                };
                self.button = Some((self.form, button));
                if let Some(id) = tag.get("form") {
                    self.stray_buttons.push((id.to_owned(), Button::nothing()));
                }
            }
            "/button" => self.close_button(),
            "script" | "style" => self.quiet = true,
            "/script" | "/style" => self.quiet = false,
            _ => {}
        }
        self.read_text(tag);
    }

    fn read_text(&mut self, tag: &Tag<'_>) {
        if self.quiet || tag.name == "textarea" {
            return;
        }
        if let Some(link) = self.link {
            self.read.links[link].text.push_str(tag.text.trim());
        }
        if let Some((_, button)) = &mut self.button {
            button.text.push_str(tag.text.trim());
        }
        let text = tag.text.trim();
        if !text.is_empty() {
            self.read.text.push_str(text);
            self.read.text.push('\n');
        }
    }

    fn input(&mut self, tag: &Tag<'_>) {
        let kind = tag.get("type").unwrap_or("text");
        match kind {
            "checkbox" | "radio" => {
                let value = tag.get("value").unwrap_or("on").to_owned();
                self.put(tag, value, tag.has("checked"), true);
            }
            "submit" | "button" | "file" | "image" | "reset" => {}
            _ => self.put(tag, tag.text_of("value"), true, false),
        }
    }

    fn put(&mut self, tag: &Tag<'_>, value: String, stands: bool, choice: bool) {
        let stands = stands && !tag.has("disabled");
        let control = Control { name: tag.text_of("name"), value, stands, choice };
        match (tag.get("form"), self.form) {
            (Some(id), _) => self.strays.push((id.to_owned(), control)),
            (None, Some(form)) => self.read.forms[form].controls.push(control),
            (None, None) => {}
        }
    }

    fn option(&mut self, tag: &Tag<'_>) {
        let Some((Some(form), name, count)) = &mut self.select else { return };
        let value = tag.get("value").map_or_else(|| tag.text.trim().to_owned(), str::to_owned);
        let stands = tag.has("selected");
        *count += 1;
        let control = Control { name: name.clone(), value, stands, choice: true };
        self.read.forms[*form].controls.push(control);
    }

    /// Where no option is chosen, the first one is.
    fn close_select(&mut self) {
        let Some((Some(form), _, count)) = self.select.take() else { return };
        let controls = &mut self.read.forms[form].controls;
        let options = controls.len() - count;
        if controls[options..].iter().all(|it| !it.stands)
            && let Some(first) = controls.get_mut(options)
        {
            first.stands = true;
        }
    }

    fn close_button(&mut self) {
        let Some((form, button)) = self.button.take() else { return };
        if let Some((_, stray)) = self.stray_buttons.last_mut().filter(|(_, it)| it.is_nothing()) {
            *stray = button;
        } else if let Some(form) = form {
            self.read.forms[form].buttons.push(button);
        }
    }

    fn finish(mut self) -> Read {
        for (id, control) in self.strays {
            if let Some(form) = self.read.forms.iter_mut().find(|form| form.id == id) {
                form.controls.push(control);
            }
        }
        for (id, button) in self.stray_buttons {
            if let Some(form) = self.read.forms.iter_mut().find(|form| form.id == id) {
                form.buttons.push(button);
            }
        }
        self.read
    }
}

impl Button {
    fn nothing() -> Self {
        Self { text: String::new(), name: String::new(), value: String::new(), action: None }
    }

    fn is_nothing(&self) -> bool {
        *self == Self::nothing()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html><html><head><style>a > b {}</style></head><body>
<nav><a href="/">首页</a> <a class="x" href="/elders?q=a&amp;b=1">找<b>老人</b></a></nav>
<form action="/duties/1/outcome" method="post">
<input type="hidden" name="csrf" value="t&#34;k">
<input type="radio" name="outcome" value="done" checked> 已办
<input type="radio" name="outcome" value="not">没办
<input type="checkbox" name="told" value="1">
<select name="channel"><option value="self">本人</option>
<option value="agent" selected>代办</option></select>
<select name="month"><option>2026-06</option><option>2026-07</option></select>
<textarea name="reason">先 &lt;看&gt;</textarea>
<button type="submit" name="then" value="next">记下 <i>并继续</i></button>
<button formaction="/other">另一处</button>
</form>
<table><tr><td><input type="checkbox" form="many" name="case" value="7"></td></tr></table>
<form id="many" method="post" action='/many'><input name="csrf" value="t"></form>
<button form="many" name="go" value="1">一起</button></body></html>"#;

    #[test]
    fn a_form_sends_what_stands_in_it_and_what_was_filled_in() {
        let read = Read::of(PAGE);
        let form = read.forms[0].clone();
        let standing = [
            ("csrf", "t\"k"),
            ("outcome", "done"),
            ("channel", "agent"),
            ("month", "2026-06"),
            ("reason", "先 <看>"),
        ];
        assert_eq!(form.pairs(), standing);
        assert_eq!(form.choices("outcome").collect::<Vec<_>>(), ["done", "not"]);
        let filled = form.with("outcome", "not").tick("told", "1").with("reason", "好");
        let pressed = filled.press_for("then", "next");
        let sent = pressed.pairs();
        assert!(sent.contains(&("outcome", "not")) && sent.contains(&("told", "1")), "{sent:?}");
        assert!(sent.contains(&("then", "next")) && sent.contains(&("reason", "好")), "{sent:?}");
        assert!(!sent.contains(&("outcome", "done")), "one dot at a time");
        assert_eq!(read.forms[0].clone().press_for("", "").action, "/other");
    }

    #[test]
    fn controls_and_buttons_outside_belong_to_the_form_that_they_name() {
        let read = Read::of(PAGE);
        let many = read.forms[1].clone();
        assert_eq!(many.choices("case").collect::<Vec<_>>(), ["7"]);
        let sent = many.tick("case", "7").press_for("go", "1");
        assert_eq!(sent.pairs(), [("csrf", "t"), ("case", "7"), ("go", "1")]);
    }

    #[test]
    fn links_are_read_with_their_whole_text_and_style_is_not_text() {
        let read = Read::of(PAGE);
        let texts: Vec<(&str, &str)> =
            read.links.iter().map(|it| (it.text.as_str(), it.href.as_str())).collect();
        assert_eq!(texts, [("首页", "/"), ("找老人", "/elders?q=a&b=1")]);
        assert!(read.text.contains("没办") && !read.text.contains("{}"), "{}", read.text);
    }
}
