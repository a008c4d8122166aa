use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, AesGcm, Nonce};
use hmac::{Hmac, Mac};
use kernel::{PersonId, ResidentNumber, Trouble};
use serde::{Deserialize, Serialize};
use sm3::Sm3;
use sm4::Sm4;

type Sm4Gcm = AesGcm<Sm4, U12>;

/// Ciphertext with the version of the key that sealed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Nonce and ciphertext with its tag.
    pub bytes: Vec<u8>,
    /// Which key.
    pub key_version: i16,
}

/// The keys of one installation: sealing keys by version, and the key of the look-up hash.
///
/// They lie in a file beside the database, never in it. They guard against a stolen disk or
/// backup, not against a captured server.
pub struct Vault {
    keys: Vec<(i16, Box<dyn Cipher>)>,
    index_key: Vec<u8>,
}

/// One authenticated cipher with its key. A device of a certified module would be another one.
trait Cipher: Send + Sync {
    fn seal(&self, nonce: &[u8; 12], place: &[u8], clear: &[u8]) -> Option<Vec<u8>>;
    fn open(&self, nonce: &[u8; 12], place: &[u8], sealed: &[u8]) -> Option<Vec<u8>>;
}

macro_rules! cipher {
    ($name:ty) => {
        impl Cipher for $name {
            fn seal(&self, nonce: &[u8; 12], place: &[u8], clear: &[u8]) -> Option<Vec<u8>> {
                self.encrypt(&Nonce::from(*nonce), Payload { msg: clear, aad: place }).ok()
            }
            fn open(&self, nonce: &[u8; 12], place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
                self.decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: place }).ok()
            }
        }
    };
}
cipher!(Sm4Gcm);
cipher!(Aes256Gcm);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    index_key: String,
    key: Vec<KeyEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    version: i16,
    algorithm: Algorithm,
    hex: String,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Algorithm {
    Sm4Gcm,
    Aes256Gcm,
}

impl Vault {
    /// Reads the key file, or makes one with new keys when there is none.
    pub fn open_or_create(path: &Path) -> Result<Self, Trouble> {
        if !path.exists() {
            let file = KeyFile {
                index_key: hex(&random::<32>()?),
                key: vec![KeyEntry {
                    version: 1,
                    algorithm: Algorithm::Sm4Gcm,
                    hex: hex(&random::<16>()?),
                }],
            };
            let text = toml::to_string(&file).map_err(Trouble::fault)?;
            let mut out = fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .map_err(Trouble::fault)?;
            out.write_all(text.as_bytes()).and_then(|()| out.sync_all()).map_err(Trouble::fault)?;
        }
        let text = fs::read_to_string(path).map_err(Trouble::fault)?;
        let broken = || {
            Trouble::refused(
                format!("密钥文件 {} 读不懂。", path.display()),
                "请从备份恢复这个文件；没有它，已加密的证件号无法还原。",
            )
        };
        let file: KeyFile = toml::from_str(&text).map_err(|_| broken())?;
        let index_key = unhex(&file.index_key).ok_or_else(broken)?;
        let mut keys = Vec::new();
        for entry in &file.key {
            let key = unhex(&entry.hex).ok_or_else(broken)?;
            let cipher: Box<dyn Cipher> = match entry.algorithm {
                Algorithm::Sm4Gcm => Box::new(Sm4Gcm::new_from_slice(&key).map_err(|_| broken())?),
                Algorithm::Aes256Gcm => {
                    Box::new(Aes256Gcm::new_from_slice(&key).map_err(|_| broken())?)
                }
            };
            keys.push((entry.version, cipher));
        }
        keys.sort_by_key(|(version, _)| *version);
        if keys.is_empty() || index_key.len() < 16 {
            return Err(broken());
        }
        Ok(Self { keys, index_key })
    }

    /// Seals with the newest key. `place` names table, column and row, so that ciphertext moved
    /// elsewhere does not open.
    ///
    /// # Panics
    /// Never: no vault opens without a key.
    pub fn seal(&self, place: &str, clear: &[u8]) -> Result<Sealed, Trouble> {
        let (key_version, cipher) = self.keys.last().expect("opened with at least one key");
        let nonce = random::<12>()?;
        let sealed = cipher
            .seal(&nonce, place.as_bytes(), clear)
            .ok_or_else(|| Trouble::fault("sealing failed"))?;
        let mut bytes = nonce.to_vec();
        bytes.extend_from_slice(&sealed);
        Ok(Sealed { bytes, key_version: *key_version })
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, place: &str, sealed: &Sealed) -> Result<Vec<u8>, Trouble> {
        let fault = |why: &str| Trouble::fault(format!("{place}: {why}"));
        let (_, cipher) = self
            .keys
            .iter()
            .find(|(version, _)| *version == sealed.key_version)
            .ok_or_else(|| fault("its key version is not in the key file"))?;
        let (nonce, rest) =
            sealed.bytes.split_first_chunk::<12>().ok_or_else(|| fault("too short"))?;
        cipher
            .open(nonce, place.as_bytes(), rest)
            .ok_or_else(|| fault("does not open with its key"))
    }

    /// Seals a resident number for its person.
    pub fn seal_number(
        &self,
        person: PersonId,
        number: &ResidentNumber,
    ) -> Result<Sealed, Trouble> {
        self.seal(&number_place(person), number.reveal().as_bytes())
    }

    /// Opens a resident number. The caller leaves an audit entry.
    pub fn open_number(
        &self,
        person: PersonId,
        sealed: &Sealed,
    ) -> Result<ResidentNumber, Trouble> {
        let clear = self.open(&number_place(person), sealed)?;
        std::str::from_utf8(&clear)
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Trouble::fault(format!("person_number of {person} is no number")))
    }

    /// 密存文字: seals the text of a fact as a token that can stand in a text column. The same
    /// text of one kind gives the same token, so that an unchanged fact writes nothing; the nonce
    /// is keyed by the text, so that it never seals two texts.
    ///
    /// # Panics
    /// As [`Vault::seal`].
    pub fn seal_text(&self, kind: &str, clear: &str) -> Result<String, Trouble> {
        let (version, cipher) = self.keys.last().expect("opened with at least one key");
        let index = self.keyed(kind.as_bytes(), clear.as_bytes());
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&self.keyed(b"text_nonce", &index)[..12]);
        let sealed = cipher
            .seal(&nonce, &text_place(kind), clear.as_bytes())
            .ok_or_else(|| Trouble::fault("sealing failed"))?;
        Ok(format!("{version}:{}:{}{}", hex(&index), hex(&nonce), hex(&sealed)))
    }

    /// Opens a token of [`Vault::seal_text`]. Whoever shows more than [`last_signs`] of it leaves
    /// an audit entry.
    pub fn open_text(&self, kind: &str, token: &str) -> Result<String, Trouble> {
        let fault = || Trouble::fault(format!("a sealed text of {kind} does not open"));
        let mut parts = token.splitn(3, ':');
        let version = parts.next().and_then(|v| v.parse::<i16>().ok()).ok_or_else(fault)?;
        let bytes = parts.nth(1).and_then(unhex).ok_or_else(fault)?;
        let (nonce, rest) = bytes.split_first_chunk::<12>().ok_or_else(fault)?;
        let (_, cipher) = self.keys.iter().find(|(v, _)| *v == version).ok_or_else(fault)?;
        let clear = cipher.open(nonce, &text_place(kind), rest).ok_or_else(fault)?;
        String::from_utf8(clear).map_err(Trouble::fault)
    }

    /// The keyed hash by which a whole number is looked up.
    pub fn number_index(&self, number: &ResidentNumber) -> [u8; 16] {
        self.keyed(b"resident_number", number.reveal().as_bytes())
    }

    /// A keyed hash of some bytes for one use; equal bytes of two uses differ.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    pub fn keyed(&self, purpose: &[u8], bytes: &[u8]) -> [u8; 16] {
        let mut mac = <Hmac<Sm3> as KeyInit>::new_from_slice(&self.index_key)
            .expect("HMAC takes keys of any length");
        mac.update(purpose);
        mac.update(&[0]);
        mac.update(bytes);
        let whole = mac.finalize().into_bytes();
        let mut half = [0; 16];
        half.copy_from_slice(&whole[..16]);
        half
    }
}

/// The part of a sealed text by which two are compared: equal texts of one kind have equal ones.
pub fn text_index(token: &str) -> Option<&str> {
    token.split(':').nth(1)
}

/// 尾号: what may be shown of a sealed text.
pub fn last_signs(clear: &str) -> String {
    let signs = clear.chars().count();
    clear.chars().skip(signs.saturating_sub(4)).collect()
}

fn text_place(kind: &str) -> Vec<u8> {
    format!("fact/{kind}").into_bytes()
}

fn number_place(person: PersonId) -> String {
    format!("person_number.sealed/{person}")
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], Trouble> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| Trouble::fault(e.to_string()))?;
    Ok(bytes)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> (tempfile::TempDir, Vault) {
        let dir = tempfile::tempdir().expect("a folder");
        let vault = Vault::open_or_create(&dir.path().join("keys.toml")).expect("new keys");
        (dir, vault)
    }

    #[test]
    fn a_sealed_text_opens_is_compared_by_its_hash_and_never_stands_clear() {
        let (_dir, vault) = vault();
        let one = vault.seal_text("bank_account", "6217000012345678").expect("sealed");
        assert_eq!(vault.seal_text("bank_account", "6217000012345678").expect("sealed"), one);
        assert_eq!(vault.open_text("bank_account", &one).expect("opened"), "6217000012345678");
        let other = vault.seal_text("bank_account", "6217000012345679").expect("sealed");
        assert_ne!(text_index(&one), text_index(&other));
        assert!(vault.open_text("phone", &one).is_err(), "another kind does not open it");
        assert!(!one.contains("5678"));
        assert_eq!(last_signs("6217000012345678"), "5678");
    }

    #[test]
    fn a_number_opens_for_its_person_only() {
        let (_dir, vault) = vault();
        let number: ResidentNumber = "99010519491231004X".parse().expect("a number");
        let [one, other] = [1, 2].map(|n| PersonId::new(uuid::Uuid::from_u128(n)));
        let sealed = vault.seal_number(one, &number).expect("sealed");
        assert_eq!(vault.open_number(one, &sealed).expect("its person"), number);
        assert!(vault.open_number(other, &sealed).is_err(), "swapped ciphertext must not open");
        let again = vault.seal_number(one, &number).expect("sealed");
        assert_ne!(sealed.bytes, again.bytes, "equal numbers must not look equal");
    }

    #[test]
    fn the_same_key_file_gives_the_same_look_up_hash_and_another_a_different_one() {
        let (dir, vault) = vault();
        let number: ResidentNumber = "99010519491231004X".parse().expect("a number");
        let again = Vault::open_or_create(&dir.path().join("keys.toml")).expect("old keys");
        assert_eq!(vault.number_index(&number), again.number_index(&number));
        let (_other_dir, other) = self::vault();
        assert_ne!(vault.number_index(&number), other.number_index(&number));
    }

    #[test]
    fn sm4_gcm_gives_the_vector_of_rfc_8998() {
        let key = unhex("0123456789abcdeffedcba9876543210").expect("hex");
        let cipher = Sm4Gcm::new_from_slice(&key).expect("a key");
        let nonce: [u8; 12] =
            unhex("00001234567800000000abcd").expect("hex").try_into().expect("12 bytes");
        let aad = unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2").expect("hex");
        let clear =
            unhex(&["aa", "bb", "cc", "dd", "ee", "ff", "ee", "aa"].map(|b| b.repeat(8)).concat())
                .expect("hex");
        let sealed = cipher.seal(&nonce, &aad, &clear).expect("sealed");
        assert_eq!(hex(&sealed[64..]), "83de3541e4c2b58177e065a9bf7b62ec");
    }
}
