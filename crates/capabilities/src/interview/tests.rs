//! The questions fit the register and the lists, come to an end, and break on nothing.

use std::fmt::Write as _;

use kernel::{Day, FactType};
use policy::{Facts, List};
use proptest::prelude::*;

use super::answers::set;
use super::questions::Says;
use super::{Answers, Check, Given, Outcome, QUESTIONS, Question, Sent, Typed};
use crate::testing::day;

fn lists() -> Vec<List> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    ["songhe/v4", "qingping/v5", "anlan/v3", "nanyang/2019"]
        .map(|dir| List::load(&root.join(dir)).expect("a list"))
        .into()
}

#[test]
fn every_answer_says_what_the_register_takes() {
    for question in QUESTIONS {
        assert_eq!(Question::of(question.kind), Some(question));
        let kind = policy::register::kind_of(question.kind).expect("a registered kind");
        assert_eq!(question.is_day(), kind.value_type == FactType::Day, "{}", question.kind);
        for pick in question.picks {
            let mut answers = Answers::default();
            answers.set(question, Given::Pick(pick));
            answers.add_to(&mut Facts::new(), "990121");
            for (kind, says) in pick.says {
                assert!(policy::register::kind_of(kind).is_some(), "{kind}");
                assert_ne!(*says, Says::Word(""), "{kind}");
            }
        }
    }
    set(&mut Facts::new(), "no_such_kind", policy::Value::Bool(true));
}

#[test]
fn what_the_lists_ask_about_can_be_asked_or_is_told_by_others() {
    // What a family cannot tell, or need not: death, applications, what was requested.
    const BY_OTHERS: &[&str] = &[
        "life",
        "death_date",
        "applied_on",
        "approved_on",
        "paid_elsewhere_until",
        "assessment_requested",
        "register_state",
    ];
    for item in lists().iter().flat_map(|list| &list.items) {
        let explained = policy::explain(
            item,
            &Facts::new(),
            item.encoded_from(),
            &policy::CodePrefix,
            &ToOwned::to_owned,
        );
        for fact in explained.conditions.iter().flat_map(|line| &line.facts) {
            let known = Question::about(fact).is_some() || BY_OTHERS.contains(fact);
            assert!(known, "{} asks about {fact}, and nobody is asked", item.id);
        }
    }
}

fn any_answers() -> impl Strategy<Value = Vec<(usize, usize)>> {
    prop::collection::vec((0..QUESTIONS.len(), 0..9_usize), 0..14)
}

proptest! {
    /// Whatever is answered, the questions come to an end, and what is left open is only what
    /// was not known.
    #[test]
    fn the_questions_end_and_a_known_answer_leaves_nothing_open(
        picks in any_answers(),
        born in 0..40_000_i64,
    ) {
        let today = day("2026-06-02");
        for list in lists() {
            let mut answers = Answers::default();
            for _ in 0..=QUESTIONS.len() {
                let check = Check::new(&list, &answers, today);
                let Some(question) = check.open().first().copied() else { break };
                let pick = picks.iter().find(|(it, _)| QUESTIONS[*it] == *question);
                let given = match pick {
                    _ if question.is_day() => Given::Day(today.plus_days(-born)),
                    Some((_, at)) if *at < question.picks.len() => {
                        Given::Pick(&question.picks[*at])
                    }
                    _ => Given::Unknown,
                };
                answers.set(question, given);
            }
            let check = Check::new(&list, &answers, today);
            prop_assert!(check.open().is_empty());
            let unknown = answers.iter().any(|(_, given)| match given {
                Given::Unknown => true,
                Given::Day(_) => false,
                Given::Pick(pick) => pick.says.is_empty(),
            });
            for (item, outcome) in check.outcomes() {
                if let Outcome::Unsure(_) = outcome {
                    prop_assert!(unknown, "{} is unsure though all is known", item.id);
                }
            }
        }
    }

    /// No form breaks the reader, and what it reads it also writes.
    #[test]
    fn any_form_is_read_or_refused(fields in prop::collection::vec((".{0,20}", ".{0,20}"), 0..9)) {
        if let Some(sent) = Sent::read(&fields) {
            for (question, given) in sent.answers.iter() {
                let again = vec![
                    ("ask".to_owned(), "sex".to_owned()),
                    (question.kind.to_owned(), given.sent()),
                ];
                let read = Sent::read(&again).expect("our own form");
                prop_assert_eq!(read.answers.get(question), Some(given));
            }
        }
    }

    /// No typed day breaks the reader.
    #[test]
    fn any_typed_day_is_a_day_or_a_sentence(parts in prop::array::uniform3("[ 0-9０-９年-]{0,6}")) {
        let [year, month, day] = parts;
        let question = Question::of("birth_date").expect("a question");
        let typed = Typed { year, month, day, pick: String::new() };
        let today: Day = "2026-06-02".parse().expect("a day");
        match typed.given(question, today) {
            Ok(Given::Day(born)) => prop_assert!(born <= today),
            Ok(other) => prop_assert!(false, "{other:?}"),
            Err(refusal) => {
                let mut text = String::new();
                write!(text, "{}{}", refusal.sentence, refusal.remedy).expect("a String");
                prop_assert!(text.ends_with('。'));
            }
        }
    }
}
