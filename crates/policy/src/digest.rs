use std::fmt;

use kernel::{Fen, Month, ResidentNumber};
use sm3::{Digest as _, Sm3};

/// 校验值: the digest of a determination, independent of order, process and data folder.
///
/// Each outcome is encoded in UTF-8 as
/// `<resident number> 0x1f <item id> 0x1f <month as 2026-06> 0x1f <outcome> 0x1f <fen>`, where the
/// outcome is `entitled`, `not_entitled`, `unknown` or `not_encoded` and the fen are decimal (0
/// when nothing is due). The digest is the sum of the SM3 hashes, read as big-endian numbers,
/// modulo 2^256, printed as 64 hexadecimal digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of nothing: zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one outcome. The number goes into the hash only.
    pub fn add(
        &mut self,
        number: &ResidentNumber,
        item: &str,
        month: Month,
        outcome: &str,
        amount: Fen,
    ) {
        let row =
            format!("{}\x1f{item}\x1f{month}\x1f{outcome}\x1f{}", number.reveal(), amount.get());
        self.plus(&Sm3::digest(row.as_bytes()).into());
    }

    /// Adds another digest: of another process, another county.
    pub fn merge(&mut self, other: &Self) {
        self.plus(&other.0);
    }

    /// 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        self.to_string()
    }

    fn plus(&mut self, other: &[u8; 32]) {
        let mut carry = 0;
        for (byte, add) in self.0.iter_mut().zip(other).rev() {
            let [high, low] = (u16::from(*byte) + u16::from(*add) + carry).to_be_bytes();
            *byte = low;
            carry = u16::from(high);
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(sequence: u32) -> ResidentNumber {
        let text = format!("99012119451017{sequence:03}");
        let digits: [u8; 17] = text.as_bytes().try_into().expect("17 digits");
        let check = char::from(ResidentNumber::check_of(&digits));
        format!("{text}{check}").parse().expect("a number")
    }

    fn digest(rows: &[(u32, i64)]) -> Digest {
        let month = "2026-06".parse().expect("a month");
        let mut digest = Digest::new();
        for (sequence, fen) in rows {
            digest.add(&number(*sequence), "old_age_allowance", month, "entitled", Fen::new(*fen));
        }
        digest
    }

    #[test]
    fn nothing_is_zero_and_sums_carry_over_the_whole_width() {
        assert_eq!(Digest::new().hex(), "0".repeat(64));
        let mut full = Digest([0xff; 32]);
        let mut one = [0; 32];
        one[31] = 1;
        full.plus(&one);
        assert_eq!(full, Digest::new());
    }

    #[test]
    fn the_encoding_is_the_stated_one() {
        let row = "990121194510170010\x1fold_age_allowance\x1f2026-06\x1fentitled\x1f4000";
        let number = number(1);
        let row = row.replacen("990121194510170010", number.reveal(), 1);
        let expected: [u8; 32] = Sm3::digest(row.as_bytes()).into();
        assert_eq!(digest(&[(1, 4000)]), Digest(expected));
    }

    proptest! {
        #[test]
        fn order_and_partition_do_not_matter(
            mut rows in prop::collection::vec((0_u32..999, 0_i64..50_000), 0..20),
            cut in 0_usize..20,
        ) {
            let whole = digest(&rows);
            let (left, right) = rows.split_at(cut.min(rows.len()));
            let mut parts = digest(left);
            parts.merge(&digest(right));
            prop_assert_eq!(&parts, &whole);
            rows.reverse();
            prop_assert_eq!(digest(&rows), whole);
        }

        #[test]
        fn another_amount_is_another_digest(sequence in 0_u32..999, fen in 0_i64..50_000) {
            prop_assert_ne!(digest(&[(sequence, fen)]), digest(&[(sequence, fen + 1)]));
        }
    }
}
