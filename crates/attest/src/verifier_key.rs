use alloc::{format, string::String, vec::Vec};
use core::{fmt, str::FromStr};

use crate::{
    Checkpoint, Cosignature, Error, KeyType, NoteLine, PublicKey, base64, note::limit,
    note_line::check_key_name,
};

/// A key as others enrol it: its name, what its lines mean, and the key. Written `name+hex(key id)+base64(type ‖ key)`.
///
/// A verifier key that exists is well formed and not weak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key_type: KeyType,
    key_id: [u8; 4],
    key: PublicKey,
}

impl VerifierKey {
    /// The most bytes a key's name may have: a cosigned message has one byte for its length.
    pub const MAX_NAME_BYTES: usize = 255;
    /// The most bytes of a written key: a name, an id and the base64 of 1,313 bytes.
    pub const MAX_BYTES: usize = Self::MAX_NAME_BYTES + 10 + 1752;

    /// The key `public_key` under `name`.
    ///
    /// # Errors
    /// [`Error::PeerKeyName`], [`Error::PeerTooLarge`], [`Error::PeerLength`], [`Error::PeerMalformedKey`],
    /// [`Error::PeerWeakKey`].
    pub fn new(name: impl Into<String>, key_type: KeyType, public_key: &[u8]) -> Result<Self, Error> {
        let name = name.into();
        check_key_name(&name)?;
        limit("key name", name.len(), Self::MAX_NAME_BYTES)?;
        let key = match key_type {
            KeyType::Ed25519 | KeyType::Ed25519Cosignature => PublicKey::ed25519(public_key)?,
            KeyType::MlDsa44Cosignature => PublicKey::ml_dsa44(public_key)?,
        };
        let key_id = key_type.key_id(&name, public_key);
        Ok(Self { name, key_type, key_id, key })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its lines mean.
    #[must_use]
    pub const fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// Its short id.
    #[must_use]
    pub const fn key_id(&self) -> [u8; 4] {
        self.key_id
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The name and id by which a person tells keys of one name apart: `name+hex(key id)`.
    #[must_use]
    pub fn label(&self) -> String {
        let [a, b, c, d] = self.key_id;
        format!("{}+{a:02x}{b:02x}{c:02x}{d:02x}", self.name)
    }

    /// Whether `line` claims to be of this key.
    #[must_use]
    pub fn owns(&self, line: &NoteLine) -> bool {
        self.key_id == line.key_id() && self.name == line.name()
    }

    pub(crate) fn collides(&self, other: &Self) -> bool {
        self.key_id == other.key_id && self.name == other.name && self != other
    }

    pub(crate) fn bad_signature(&self) -> Error {
        Error::PeerBadSignature { scheme: self.key_type.scheme(), signer: self.label() }
    }

    /// Verifies that this key made `line` over `checkpoint`, and gives the cosignature's time in seconds, if it has one.
    ///
    /// # Errors
    /// [`Error::PeerNotSignedBy`] when the line is not of this key, [`Error::PeerLength`], [`Error::PeerCosignatureForm`],
    /// [`Error::PeerCosignatureTime`], [`Error::PeerSignatureRefused`].
    pub fn verify_line(&self, checkpoint: &Checkpoint, line: &NoteLine) -> Result<Option<u64>, Error> {
        self.verify_message(line, |at| checkpoint.cosigned_message(self.key_type, &self.name, at))
    }

    /// Verifies `line` over what `message` says was signed at a second, 0 for lines without time.
    pub(crate) fn verify_message(
        &self,
        line: &NoteLine,
        message: impl FnOnce(u64) -> Result<Vec<u8>, Error>,
    ) -> Result<Option<u64>, Error> {
        if !self.owns(line) {
            return Err(Error::PeerNotSignedBy { name: self.label() });
        }
        if self.key_type == KeyType::Ed25519 {
            return self.key.verify(&message(0)?, line.blob()).map(|()| None);
        }
        let cosignature = Cosignature::parse(line.blob())?;
        let message = message(cosignature.at_seconds)?;
        self.key.verify(&message, &cosignature.signature).map(|()| Some(cosignature.at_seconds))
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut blob = Vec::from([self.key_type.byte()]);
        blob.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}", self.label(), base64::encode(&blob))
    }
}

impl FromStr for VerifierKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        limit("verifier key", text.len(), Self::MAX_BYTES)?;
        let (name, rest) = text.split_once('+').ok_or(Error::PeerVerifierKeyForm)?;
        let (id, encoded) = rest.split_once('+').ok_or(Error::PeerVerifierKeyForm)?;
        let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if id.len() != 8 || !id.bytes().all(lower_hex) {
            return Err(Error::PeerVerifierKeyForm);
        }
        let got = u32::from_str_radix(id, 16).map_err(|_| Error::PeerVerifierKeyForm)?.to_be_bytes();
        let blob = base64::decode("verifier key", encoded)?;
        let (byte, public_key) = blob.split_first().ok_or(Error::PeerVerifierKeyForm)?;
        let key = Self::new(name, KeyType::from_byte(*byte)?, public_key)?;
        if key.key_id != got {
            return Err(Error::PeerKeyId { name: name.into(), got, want: key.key_id });
        }
        Ok(key)
    }
}
