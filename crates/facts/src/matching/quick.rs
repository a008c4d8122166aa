use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Maps by keyed hashes and ids made of them.
pub(super) type KeyedMap<K, V> = HashMap<K, V, BuildHasherDefault<Folded>>;
/// Sets of the same.
pub(super) type KeyedSet<K> = HashSet<K, BuildHasherDefault<Folded>>;

/// Folds a key's bytes into a place. Nobody who writes a file can choose keyed hashes, so that
/// the guard against chosen keys, half of a look-up's time, is not needed.
#[derive(Default)]
pub(super) struct Folded(u64);

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..piece.len()].copy_from_slice(piece);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        // An odd number whose bits are well mixed: the golden section of 2^64. Both halves of the
        // product, because a map looks at both ends and multiplying mixes upwards only.
        let (low, high) = (self.0 ^ word).carrying_mul(0x9E37_79B9_7F4A_7C15, 0);
        self.0 = low ^ high;
    }

    fn write_usize(&mut self, length: usize) {
        self.write_u64(length as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
