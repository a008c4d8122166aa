//! Ids of transfers follow from what they do, so that doing it twice is doing it once.

use kernel::{PersonId, RunId, TransferId};
use sm3::{Digest, Sm3};
use uuid::Uuid;

/// The id of the pending transfer of a pay line. `attempt` tells a line that is reserved again
/// after its transfer was voided from the first one.
///
/// It begins with the run and the person, so that a million ids come in the order of the indexes
/// they are written to; the rest is a digest of all four.
///
/// # Panics
/// When the run's number has more than 28 bits, a quarter of a billion runs.
pub fn line_id(run: RunId, person: PersonId, item: &str, attempt: u32) -> TransferId {
    let number = u32::try_from(run.get()).expect("runs are few");
    assert!(number < 1 << 28, "the first digit tells what an id is of");
    let digest = Sm3::new()
        .chain_update(b"line\0")
        .chain_update(run.get().to_be_bytes())
        .chain_update(person.get().as_bytes())
        .chain_update(item.as_bytes())
        .chain_update([0])
        .chain_update(attempt.to_be_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    bytes[4..8].copy_from_slice(&person.get().as_bytes()[..4]);
    bytes[8..].copy_from_slice(&digest[..8]);
    TransferId::new(Uuid::from_bytes(bytes))
}

/// The id of the transfer that posts a pending one.
pub fn posting_id(pending: TransferId) -> TransferId {
    with_first_digit(pending, POSTS)
}

/// The id of the transfer that voids a pending one.
pub fn voiding_id(pending: TransferId) -> TransferId {
    with_first_digit(pending, VOIDS)
}

/// The id of any other transfer: a digest of the words that name it once, such as
/// `["repayment", case, number]`.
pub fn made_id(words: &[&str]) -> TransferId {
    let mut digest = Sm3::new();
    for word in words {
        digest.update(word.as_bytes());
        digest.update([0]);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.finalize()[..16]);
    with_first_digit(TransferId::new(Uuid::from_bytes(bytes)), MADE)
}

/// First digits of ids: 0 of a pay line's, so that these three kinds never meet it.
const POSTS: u8 = 8;
const VOIDS: u8 = 9;
const MADE: u8 = 1;

fn with_first_digit(id: TransferId, digit: u8) -> TransferId {
    let mut bytes = id.get().into_bytes();
    bytes[0] = bytes[0] & 0x0f | digit << 4;
    TransferId::new(Uuid::from_bytes(bytes))
}
