//! 校验值: what a run pays as one number, so that two people lock the same.

use std::fmt::Write as _;

use kernel::{AreaId, Month, PersonId, ResidentNumber};
use policy::Digest as SumDigest;
use sm3::{Digest as _, Sm3};

use crate::SegmentKind;
use crate::line::Line;

/// Which run a content digest is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head<'a> {
    /// Whose run.
    pub area: AreaId,
    /// Id of the item.
    pub item: &'a str,
    /// The month.
    pub month: Month,
}

/// 内容摘要: the SM3 hash of everything that a run pays to whom.
///
/// The bytes, integers big-endian: `songhe pay run 1` 0x0a · area id (8) · length of the item's id
/// (2) and the id in UTF-8 · month (4) · number of lines (8); then each line in the order of the
/// person ids: person id (16) · band (1, 255 for none) · 需人工看 (1) · account digest (32) · number
/// of segments (2); then each segment, months ascending: month (4) · kind (1: 0 当月, 1 补发, 2
/// 退汇重发) · fen (8) · the number under which the month was last in a run (2). A month is its
/// year times 12 plus its number less one. Of the account only the keyed digest is in it.
#[doc(alias = "内容摘要")]
pub fn content_digest(head: Head<'_>, lines: &[Line]) -> [u8; 32] {
    let mut order: Vec<&Line> = lines.iter().collect();
    order.sort_unstable_by_key(|line| line.person);
    let mut hash = Sm3::new();
    let mut bytes = Vec::with_capacity(128);
    bytes.extend_from_slice(b"songhe pay run 1\n");
    bytes.extend_from_slice(&head.area.get().to_be_bytes());
    bytes.extend_from_slice(&short(head.item.len()));
    bytes.extend_from_slice(head.item.as_bytes());
    bytes.extend_from_slice(&month_bytes(head.month));
    bytes.extend_from_slice(&u64::try_from(lines.len()).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(&bytes);
    for line in order {
        bytes.clear();
        encode(line, &mut bytes);
        hash.update(&bytes);
    }
    hash.finalize().into()
}

fn encode(line: &Line, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(line.person.get().as_bytes());
    bytes.extend([line.band.unwrap_or(u8::MAX), u8::from(line.look)]);
    bytes.extend_from_slice(&line.account);
    bytes.extend_from_slice(&short(line.segments.len()));
    for segment in &line.segments {
        bytes.extend_from_slice(&month_bytes(segment.month));
        bytes.push(match segment.kind {
            SegmentKind::Current => 0,
            SegmentKind::Arrears => 1,
            SegmentKind::Reissue => 2,
        });
        bytes.extend_from_slice(&segment.amount.get().to_be_bytes());
        bytes.extend_from_slice(&segment.earlier.to_be_bytes());
    }
}

fn short(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes()
}

fn month_bytes(month: Month) -> [u8; 4] {
    (i32::from(month.year()) * 12 + i32::from(month.number()) - 1).to_be_bytes()
}

/// 公开校验值: the digest of a run that does not depend on the data folder.
///
/// Each segment is added to a [`policy::Digest`] as one outcome: resident number, item, month, the
/// segment's kind as its stored word, fen. A line whose number is not known makes none.
pub fn public_digest<'a>(
    item: &str,
    lines: &[Line],
    number_of: &dyn Fn(PersonId) -> Option<&'a ResidentNumber>,
) -> Option<SumDigest> {
    let mut digest = SumDigest::new();
    for line in lines {
        let number = number_of(line.person)?;
        for segment in &line.segments {
            digest.add(number, item, segment.month, segment.kind.code(), segment.amount);
        }
    }
    Some(digest)
}

/// 64 hexadecimal digits.
pub fn hex(digest: &[u8; 32]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes every write");
        text
    })
}
