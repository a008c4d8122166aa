use kernel::{Day, Fen, NumberError};
use proptest::prelude::*;

use super::*;
use crate::sheet::{Cell, Epoch};

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn number(written: &str) -> Result<Normal<kernel::ResidentNumber>, NumberFault> {
    resident_number(&text(written))
}

fn day_of(written: &str) -> Result<Option<String>, DayFault> {
    Ok(day(&text(written), Epoch::From1900)?.map(|it| it.value.to_string()))
}

#[test]
fn right_numbers_of_any_century_are_kept_and_wrong_ones_say_why() {
    for good in [
        "99010519491231004X",
        "990524188001010011",
        "992901188002290018",
        "99132618950615312X",
        "992422189208152170",
        "992634189811011045",
        "990102189612310018",
    ] {
        let read = number(good).expect(good);
        assert_eq!((read.value.reveal(), read.steps.len()), (good, 0));
    }
    let wrong = |written: &str, error| {
        let fault = NumberFault::Wrong { text: written.to_owned(), error };
        assert_eq!(number(written), Err(fault), "{written}");
    };
    wrong("990105194912310041", NumberError::Check);
    wrong("992901188102290012", NumberError::Birth);
}

#[test]
fn what_files_do_to_numbers_is_undone_and_stated() {
    for (written, step) in [
        ("99010519491231004x", Normalised::LowerX),
        ("99010519491231004Ｘ", Normalised::FullWidth),
        ("９９０１０５１９４９１２３１００４X", Normalised::FullWidth),
        (" 990105 19491231 004X\u{3000}", Normalised::Spaces),
        ("'99010519491231004X", Normalised::Quote),
        ("‘99010519491231004X", Normalised::Quote),
        ("990105491231004", Normalised::FifteenDigits),
    ] {
        let read = number(written).expect(written);
        assert_eq!((read.value.reveal(), read.steps), ("99010519491231004X", vec![step]));
    }
    let all = number("'99010519491231004ｘ ").expect("several at once");
    let steps = "spaces full_width quote lower_x".split(' ').filter_map(Normalised::from_code);
    assert_eq!(all.steps, steps.collect::<Vec<_>>());
}

#[test]
fn digits_that_a_spreadsheet_lost_are_never_guessed() {
    let lost = |cell: Cell, kept: &str| {
        let fault = resident_number(&cell).expect_err("lost digits");
        assert_eq!(fault, NumberFault::LostDigits { kept: kept.to_owned() });
        fault
    };
    let fault = lost(Cell::Number(991_326_189_506_153_000.0), "991326189506153");
    assert_eq!(fault.birth().map(|day| day.to_string()).as_deref(), Some("1895-06-15"));
    lost(text("9.91326189506153E+17"), "991326189506153");
    lost(text("991326189506153000"), "991326189506153");
    let rounded = lost(text("9.91326E+17"), "991326");
    assert_eq!(rounded.birth(), None);
    assert_eq!(resident_number(&Cell::Empty), Err(NumberFault::Blank));
    assert_eq!(resident_number(&text(" ' ")), Err(NumberFault::Blank));
    let old = resident_number(&Cell::Number(990_105_491_231_004.0)).expect("15 digits are exact");
    assert_eq!(old.value.reveal(), "99010519491231004X");
}

#[test]
fn days_in_every_spelling_are_one_day() {
    for written in [
        "2026-05-09",
        "2026/5/9",
        "2026.5.9",
        "2026年5月9日",
        "20260509",
        "２０２６－０５－０９",
        " 2026-5-9 ",
        "2026-05-09 00:00:00",
        "2026/5/9 8:30",
        "46151",
    ] {
        assert_eq!(day_of(written), Ok(Some("2026-05-09".to_owned())), "{written}");
    }
    assert_eq!(day_of("  "), Ok(None));
    let serial = day(&Cell::Number(46151.5), Epoch::From1900).expect("a day").expect("filled");
    assert_eq!(serial, Normal::new(serial.value, vec![Normalised::DateSerial]));
    let apple = day(&Cell::Number(44689.0), Epoch::From1904).expect("a day").expect("filled");
    assert_eq!(apple.value, serial.value);
}

#[test]
fn impossible_and_ambiguous_days_are_refused_with_their_reason() {
    for (written, fault) in [
        ("2026-02-30", DayFault::Impossible),
        ("20261301", DayFault::Impossible),
        ("60", DayFault::NotADay),
        ("26-5-9", DayFault::ShortYear),
        ("五月", DayFault::NotADay),
        ("2026", DayFault::NotADay),
        ("不详", DayFault::NotADay),
    ] {
        assert_eq!(day_of(written), Err(fault), "{written}");
    }
    let leap = day(&Cell::Number(60.0), Epoch::From1900);
    assert_eq!(leap, Err(DayFault::Impossible), "29 February 1900");
    let before = day(&Cell::Number(59.0), Epoch::From1900).expect("a day").expect("filled");
    assert_eq!(before.value.to_string(), "1900-02-28");
    let after = day(&Cell::Number(61.0), Epoch::From1900).expect("a day").expect("filled");
    assert_eq!(after.value.to_string(), "1900-03-01");
}

#[test]
fn months_in_every_spelling_are_one_month() {
    for written in ["2023-11", "202311", "2023.11", "2023年11月", "2023/11", "2023-11-01"] {
        let read = month(&text(written), Epoch::From1900).expect(written).expect(written);
        assert_eq!(read.value.to_string(), "2023-11", "{written}");
    }
    let cell = Cell::Number(2023.1);
    assert_eq!(month(&cell, Epoch::From1900), Err(DayFault::DroppedNought));
    assert_eq!(month(&text("2023-13"), Epoch::From1900), Err(DayFault::Impossible));
}

#[test]
fn amounts_are_read_to_the_fen_and_no_further() {
    for cell in [text("40"), text("40.00元"), text("４０"), Cell::Number(40.0)] {
        assert_eq!(yuan(&cell), Ok(Some(Fen::from_yuan(40))), "{cell:?}");
    }
    let summed = Cell::Number(0.1 + 0.2);
    assert_eq!(yuan(&summed), Ok(Some(Fen::new(30))));
    assert!(yuan(&Cell::Number(0.125)).is_err());
    assert!(yuan(&text("四十")).is_err());
    assert_eq!(yuan(&Cell::Empty), Ok(None));
}

#[test]
fn names_keep_their_form_and_compare_by_their_key() {
    let key = |written: &str| name(written).map(|it| it.value.key);
    for written in ["陈·阿依古丽", "陈•阿依古丽", "陈‧阿依古丽", "陈 ・阿依古丽", "陈.阿依古丽"]
    {
        assert_eq!(key(written).as_deref(), Some("陈·阿依古丽"), "{written}");
    }
    assert_eq!(key("王 𠮷"), key("王吉"));
    assert_eq!(key("张　三"), key("张三"));
    assert_ne!(key("张三"), key("张山"));
    for (written, given) in [("王  五 ", "王五"), ("王𠮷", "王𠮷"), (" Li Lei", "Li Lei")]
    {
        assert_eq!(name(written).expect("a name").value.given, given);
    }
    assert_eq!(name("王  五 ").expect("a name").steps, [Normalised::Spaces]);
    for junk in ["", "110105194912310", "--", "  "] {
        assert_eq!(name(junk), None, "{junk}");
    }
}

#[test]
fn names_are_found_by_the_first_letters_of_their_syllables() {
    assert_eq!(pinyin_initials("张三"), "zs");
    assert_eq!(pinyin_initials("陈·阿依古丽"), "caygl");
    assert_eq!(pinyin_initials("Li Lei"), "lilei");
}

proptest! {
    #[test]
    fn a_normalised_value_needs_no_further_step(written in "[ '０-９0-9xXｘ]{14,21}") {
        if let Ok(read) = number(&written) {
            let again = number(read.value.reveal()).expect("a number stays one");
            prop_assert_eq!(again.value, read.value);
            prop_assert!(again.steps.is_empty());
        }
    }

    #[test]
    fn a_name_key_is_its_own_key(written in "[ \u{3000}·•・．A-Zａ-ｚ张王李𠮷]{1,8}") {
        if let Some(read) = name(&written) {
            let again = name(&read.value.key).expect("a key is a name");
            prop_assert_eq!(&again.value.key, &read.value.key);
            prop_assert!(again.steps.is_empty());
        }
    }

    #[test]
    fn every_day_is_read_from_each_of_its_spellings(days in 800_i64..73_000) {
        let wanted = Day::new(1900, 1, 1).expect("a day").plus_days(days);
        let (y, m, d) = (wanted.year(), wanted.month_number(), wanted.day());
        for written in [
            format!("{y}年{m}月{d}日"), format!("{y}/{m}/{d}"), format!("{y}{m:02}{d:02}"),
        ] {
            let read = day(&text(&written), Epoch::From1900).expect("a day").expect("filled");
            prop_assert_eq!(read.value, wanted);
            prop_assert_eq!(read.steps, vec![Normalised::DateSpelling]);
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of days is small")]
        let serial = Cell::Number((days + 2) as f64);
        if !(1900..=2100).contains(&(days + 2)) {
            let read = day(&serial, Epoch::From1900).expect("a day").expect("filled");
            prop_assert_eq!(read.value, wanted);
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(written in any::<String>(), number in any::<f64>()) {
        for cell in [text(&written), Cell::Number(number)] {
            let _ = resident_number(&cell).map_err(|fault| fault.birth());
            let _ = day(&cell, Epoch::From1900);
            let _ = month(&cell, Epoch::From1904);
            let _ = yuan(&cell);
            let _ = count(&cell);
            let _ = name(&cell.as_text());
            let _ = pinyin_initials(&cell.as_text());
        }
    }
}
