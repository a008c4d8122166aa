//! 签名: HMAC-SM3 over what is asked and what is answered, so that neither can be changed, played
//! again or taken for something else.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use kernel::Now;
use sm3::{Digest, Sm3};
use subtle::ConstantTimeEq;

pub(crate) const APP: &str = "x-songhe-app";
pub(crate) const TIME: &str = "x-songhe-time";
pub(crate) const NONCE: &str = "x-songhe-nonce";
pub(crate) const SIGNATURE: &str = "x-songhe-signature";

/// What a signature is about, in this order.
pub(crate) struct Signed<'a> {
    /// `POST`, or the status of an answer.
    pub(crate) verb: &'a str,
    /// Path with its question.
    pub(crate) path: &'a str,
    /// Who asks.
    pub(crate) app: &'a str,
    /// When it was signed; see [`time_text`].
    pub(crate) time: &'a str,
    /// Of the question; the answer carries the same.
    pub(crate) nonce: &'a str,
    /// What goes along.
    pub(crate) body: &'a [u8],
}

impl Signed<'_> {
    /// The signature, in hexadecimal.
    pub(crate) fn sign(&self, secret: &[u8]) -> String {
        let mut mac =
            <Hmac<Sm3> as KeyInit>::new_from_slice(secret).expect("HMAC takes keys of any length");
        let digest = hex(&Sm3::digest(self.body));
        let parts = [self.verb, self.path, self.app, self.time, self.nonce, &digest];
        mac.update(parts.join("\n").as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    /// Whether a signature is right.
    pub(crate) fn fits(&self, secret: &[u8], signature: &str) -> bool {
        self.sign(secret).as_bytes().ct_eq(signature.to_ascii_lowercase().as_bytes()).into()
    }
}

/// `2026-06-02T08:30:05`, the machine's time.
pub(crate) fn time_text(now: Now) -> String {
    let at = now.civil();
    format!("{}T{:02}:{:02}:{:02}", now.day(), at.hour(), at.minute(), at.second())
}

/// What [`time_text`] wrote.
pub(crate) fn time_of(text: &str) -> Option<Now> {
    let (day, clock) = text.split_once('T')?;
    let mut parts = clock.splitn(3, ':');
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    let second: i64 = parts.next()?.parse().ok().filter(|it| (0..60).contains(it))?;
    Some(Now::new(day.parse().ok()?, hour, minute)?.plus_seconds(second))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes every write");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNED: Signed<'_> = Signed {
        verb: "POST",
        path: "/v1/person",
        app: "songhe-990121",
        time: "2026-06-02T08:30:05",
        nonce: "00ff",
        body: b"{}",
    };

    #[test]
    fn whatever_is_changed_the_signature_does_not_fit_any_more() {
        let signature = SIGNED.sign(b"secret");
        assert_eq!(signature.len(), 64);
        assert!(SIGNED.fits(b"secret", &signature));
        assert!(!SIGNED.fits(b"another", &signature));
        for changed in [
            Signed { verb: "GET", ..SIGNED },
            Signed { path: "/v1/people", ..SIGNED },
            Signed { app: "other", ..SIGNED },
            Signed { time: "2026-06-02T08:30:06", ..SIGNED },
            Signed { nonce: "00fe", ..SIGNED },
            Signed { body: b"{ }", ..SIGNED },
        ] {
            assert!(!changed.fits(b"secret", &signature));
        }
    }

    #[test]
    fn a_time_is_read_as_it_was_written() {
        let now = time_of(SIGNED.time).expect("a time");
        assert_eq!(time_text(now), SIGNED.time);
        for bad in ["", "2026-06-02", "2026-06-02T25:00:00", "2026-06-02T08:30:61"] {
            assert_eq!(time_of(bad), None, "{bad}");
        }
    }
}
