use auditmesh_types::{Commitment, Receipt};

use crate::{Chain, Error, Line};

/// The receipt for `line` in the anchor whose names begin with `place`.
pub(crate) fn receipt(place: &str, line: &Line) -> Receipt {
    Receipt { id: format!("{place}:{}", line.seq()), digest: line.digest() }
}

/// The line that `receipt` names.
pub(crate) fn named<'c>(chain: &'c Chain, place: &'static str, receipt: &Receipt) -> Result<&'c Line, Error> {
    let seq = receipt.id.strip_prefix(place).and_then(|rest| rest.strip_prefix(':'));
    let line = seq.and_then(|seq| seq.parse().ok()).and_then(|seq| chain.line(seq));
    // A number has one form: `file:+1` and `file:01` name nothing.
    line.filter(|line| format!("{place}:{}", line.seq()) == receipt.id)
        .ok_or_else(|| Error::PeerReceiptUnknown { id: receipt.id.clone(), place, last: chain.len() })
}

/// Compares what is kept in `line` with `receipt` and `commitment`.
pub(crate) fn compare(line: &Line, receipt: &Receipt, commitment: &Commitment) -> Result<(), Error> {
    if line.digest() != receipt.digest {
        let (id, got) = (receipt.id.clone(), receipt.digest);
        return Err(Error::PeerReceiptDigest { id, got, kept: line.digest() });
    }
    let kept = line.commitment();
    let fields = [
        ("origin", kept.origin == commitment.origin),
        ("size", kept.head.size == commitment.head.size),
        ("root", kept.head.root == commitment.head.root),
        ("statement", kept.statement == commitment.statement),
        ("time", kept.at == commitment.at),
    ];
    match fields.into_iter().find(|(_, equal)| !equal) {
        Some((field, _)) => Err(Error::PeerCommitmentDiffers { id: receipt.id.clone(), field }),
        None => Ok(()),
    }
}
