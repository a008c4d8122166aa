use askama::Template;
use askama::filters::HtmlSafe;

use crate::{Href, Link};

/// 表单: a form with its fields. What was typed stays in it; errors stand above it as links to
/// their fields, and again beside each field.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "kit/form.html")]
pub struct Form {
    /// Where it is sent, by POST.
    pub action: Href,
    /// Proof that the form is ours.
    pub csrf: String,
    /// Values that go along unseen.
    pub hidden: Vec<(String, String)>,
    /// The fields, from the top.
    pub fields: Vec<Field>,
    /// What happens, as the button says it: never 提交 or 确定.
    pub submit: String,
    /// Whether this is the page's one main act (dark green).
    pub main: bool,
    /// The way out.
    pub cancel: Option<Link>,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name that is sent.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Help below the label; may be empty.
    pub hint: String,
    /// What stands in it.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// Whether something must stand in it.
    pub required: bool,
    /// How it is filled in.
    pub kind: FieldKind,
}

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line. The text is the `autocomplete` word of the HTML standard.
    Text(&'static str),
    /// A password; what was typed is never sent back. The text as for [`FieldKind::Text`].
    Password(&'static str),
    /// A day.
    Day,
    /// A file of one of these endings (`.xlsx,.csv`).
    File(String),
    /// Several lines.
    Lines,
    /// One of a few, all seen.
    Radio(Vec<Choice>),
    /// One of many.
    Select(Vec<Choice>),
    /// Yes or not; the value `1` is yes.
    Check,
}

/// One of the values that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Help; may be empty.
    pub hint: String,
}

/// A form that is one button.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "kit/post_button.html")]
pub struct PostButton {
    /// Where it is sent, by POST.
    pub action: Href,
    /// Proof that the form is ours.
    pub csrf: String,
    /// Values that go along.
    pub hidden: Vec<(String, String)>,
    /// What happens.
    pub label: String,
    /// `btn`, `btn main`, `btn danger` or `link`.
    pub class: &'static str,
}

impl HtmlSafe for Form {}
impl HtmlSafe for PostButton {}

impl Form {
    /// An empty form.
    pub fn new(action: Href, csrf: &str, submit: impl Into<String>) -> Self {
        Self {
            action,
            csrf: csrf.to_owned(),
            hidden: Vec::new(),
            fields: Vec::new(),
            submit: submit.into(),
            main: false,
            cancel: None,
        }
    }

    /// As the page's one main act.
    #[must_use]
    pub fn main(mut self) -> Self {
        self.main = true;
        self
    }

    /// The field's id within the page: several forms of a page may ask for the same thing.
    fn id(&self, field: &Field) -> String {
        let address = self.action.as_str();
        let path = address.split('?').next().unwrap_or(address);
        format!("{}-{}", path.rsplit('/').next().unwrap_or(path), field.name)
    }

    /// One field more.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// A value that goes along unseen.
    #[must_use]
    pub fn hidden(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push((name.to_owned(), value.into()));
        self
    }

    /// Puts what was typed back, and what is wrong with it. Passwords and files stay empty.
    #[must_use]
    pub fn with_typed(mut self, typed: &[(String, String)], errors: &[(String, String)]) -> Self {
        let find = |pairs: &[(String, String)], name: &str| {
            pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone())
        };
        for field in &mut self.fields {
            if let Some(value) = find(typed, &field.name) {
                field.value = value;
            }
            field.error = find(errors, &field.name);
        }
        self
    }

    fn multipart(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, FieldKind::File(_)))
    }

    fn wrong(&self) -> Vec<(&Field, &str)> {
        self.fields.iter().filter_map(|f| f.error.as_deref().map(|error| (f, error))).collect()
    }
}

impl Field {
    /// A field that must be filled in.
    pub fn new(name: &str, label: &str, kind: FieldKind) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            value: String::new(),
            error: None,
            required: true,
            kind,
        }
    }

    /// With help below the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// With what stands in it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// That may stay empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// What is wrong with it.
    #[must_use]
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.error = Some(error.into());
        self
    }

    /// A choice says by itself what choosing nothing means.
    fn is_select(&self) -> bool {
        matches!(self.kind, FieldKind::Select(_))
    }

    /// The ids of its help and of its error, as `aria-describedby` wants them.
    fn described_by(&self, id: &str) -> String {
        let hint = if self.hint.is_empty() { String::new() } else { format!("{id}-hint") };
        match (&self.error, hint.is_empty()) {
            (Some(_), true) => format!("{id}-error"),
            (Some(_), false) => format!("{hint} {id}-error"),
            (None, _) => hint,
        }
    }
}

impl Choice {
    /// A choice without help.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    /// With help.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl PostButton {
    /// A plain button.
    pub fn new(action: Href, csrf: &str, label: impl Into<String>) -> Self {
        let csrf = csrf.to_owned();
        Self { action, csrf, hidden: Vec::new(), label: label.into(), class: "btn" }
    }

    /// In another class.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// With a value that goes along.
    #[must_use]
    pub fn hidden(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push((name.to_owned(), value.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        Form::new(Href::to("/sign-in"), "token", "登录")
            .field(Field::new("name", "账号", FieldKind::Text("username")))
            .field(Field::new("password", "密码", FieldKind::Password("current-password")))
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn an_error_stands_above_as_a_link_and_beside_its_field_and_the_text_is_kept() {
        let typed = pairs(&[("name", "li\"审批"), ("password", "secret")]);
        let errors = pairs(&[("password", "密码不对")]);
        let html = form().with_typed(&typed, &errors).to_string();
        assert!(html.contains("href=\"#sign-in-password\""), "{html}");
        assert!(html.contains("id=\"sign-in-password-error\""), "{html}");
        assert!(html.contains("aria-describedby=\"sign-in-password-error\""), "{html}");
        assert!(html.contains("value=\"li&#34;审批\""), "{html}");
        assert!(!html.contains("secret"), "a password is never sent back: {html}");
    }

    #[test]
    fn a_form_carries_its_token_and_a_file_makes_it_multipart() {
        let html = form().to_string();
        assert!(html.contains("name=\"csrf\" value=\"token\""), "{html}");
        assert!(!html.contains("multipart"), "{html}");
        let file = Field::new("file", "文件", FieldKind::File(".csv".to_owned()));
        assert!(form().field(file).to_string().contains("multipart/form-data"));
    }
}
