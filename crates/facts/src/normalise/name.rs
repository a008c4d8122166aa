use pinyin::ToPinyin;
use serde::{Deserialize, Serialize};

use super::text::{half_width, is_space};
use super::{Normal, Normalised};

/// 姓名: as it is stored, and the form by which it is compared.
#[doc(alias = "姓名")]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    /// What is stored and shown: as written, rare characters and all, with the standard dot and
    /// without the spaces that pad a Chinese name.
    pub given: String,
    /// For comparing only: no spaces, one dot, half-width letters, one form of a variant.
    pub key: String,
}

/// The dot that a name of several parts has, and what keyboards make of it.
const DOT: char = '·';
const DOTS: [char; 9] = ['•', '‧', '・', '･', '．', '.', '∙', '⋅', '●'];

/// Characters that systems without the rare one replace, and the form that both compare as.
/// `U+E863` is where old GBK fonts keep 䶮.
const VARIANTS: [(char, char); 5] =
    [('𠮷', '吉'), ('髙', '高'), ('\u{E863}', '䶮'), ('頠', '𬱖'), ('惪', '德')];

/// A name with the steps that its key took; nothing when there is no letter in it.
pub fn name(text: &str) -> Option<Normal<Name>> {
    let mut steps = Vec::new();
    let mut key = String::with_capacity(text.len());
    for sign in text.chars() {
        if is_space(sign) {
            steps.push(Normalised::Spaces);
        } else if DOTS.contains(&sign) {
            steps.push(Normalised::DotVariant);
            key.push(DOT);
        } else if let Some(half) = half_width(sign) {
            steps.push(Normalised::FullWidth);
            key.push(half);
        } else if let Some((_, common)) = VARIANTS.iter().find(|(rare, _)| *rare == sign) {
            steps.push(Normalised::RareVariant);
            key.push(*common);
        } else {
            key.push(sign);
        }
    }
    let lettered = key.chars().any(|sign| sign.is_alphabetic() || is_private(sign));
    let numbered = key.chars().any(|sign| sign.is_ascii_digit());
    (lettered && !numbered).then(|| Normal::new(Name { given: given(text), key }, steps))
}

/// Spaces part the words of a foreign name and pad a Chinese one.
fn given(text: &str) -> String {
    let foreign = text.chars().any(|sign| sign.is_ascii_alphabetic());
    text.trim_matches(is_space)
        .chars()
        .filter(|sign| foreign || !is_space(*sign))
        .map(|sign| if !foreign && DOTS.contains(&sign) { DOT } else { sign })
        .collect()
}

/// Characters that old systems made for themselves: they stay as they are.
fn is_private(sign: char) -> bool {
    matches!(sign, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// 拼音首字母: the small first letters of a name's syllables, for searching. Characters without a
/// reading are left out.
#[doc(alias = "拼音首字母")]
pub fn pinyin_initials(name: &str) -> String {
    name.chars()
        .filter_map(|sign| match sign.to_pinyin() {
            Some(reading) => reading.plain().chars().next(),
            None => sign.is_ascii_alphanumeric().then(|| sign.to_ascii_lowercase()),
        })
        .collect()
}
