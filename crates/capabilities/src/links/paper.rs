//! Where 表单打印 is.

use kernel::{AreaId, PersonId, RunId};
use webkit::Href;

/// 表单打印: every form of a run, with how often it was printed.
pub fn forms() -> Href {
    Href::to("/paper")
}

/// The forms of one run.
pub fn run(run: RunId) -> Href {
    forms().seg(run)
}

/// One form of a run: `summary`; `roster`, `added`, `stopped`, `confirmation` of a town.
pub fn form(run: RunId, form: &'static str, town: Option<AreaId>) -> Href {
    let form = self::run(run).seg(form);
    match town {
        Some(town) => form.query("town", town),
        None => form,
    }
}

/// Notes that a form is printed, and shows it.
pub fn print(run: RunId, form: &'static str) -> Href {
    self::run(run).seg(form).seg("print")
}

/// 老人联系卡
pub fn card(person: PersonId) -> Href {
    super::elder(person).seg("card")
}
