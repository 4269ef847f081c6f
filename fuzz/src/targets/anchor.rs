use auditmesh_anchor::{Chain, Error, Fault, Line};
use auditmesh_types::Commitment;

const HEADER: &[u8] = b"auditmesh anchor v1\n";

/// `anchor::Line`: one encoding. Where only the digest is wrong, the right one is put in its place.
pub(super) fn anchor_line(bytes: &[u8]) -> bool {
    let (read, again);
    match Line::parse(bytes) {
        Ok(line) => (read, again) = (true, (line, bytes.to_vec())),
        Err(Fault::Sum { want, .. }) => {
            let mut resealed = bytes[..bytes.len() - 64].to_vec();
            resealed.extend_from_slice(want.to_string().as_bytes());
            let line = Line::parse(&resealed).expect("nothing was wrong but the digest");
            (read, again) = (false, (line, resealed));
        }
        Err(_) => return false,
    }
    let (line, bytes) = again;
    assert!(bytes.len() < 1024);
    assert_eq!(line.to_string().as_bytes(), bytes, "two encodings of one line");
    assert_eq!(Line::seal(line.seq(), line.prev(), line.commitment().clone()), line);
    read
}

/// `anchor::Chain`: one encoding; what stands before the first bad line is a chain. Commitments that read are also
/// sealed anew, so that changed ones are reached behind the check of the digests.
pub(super) fn anchor_chain(bytes: &[u8]) -> bool {
    relinked(bytes);
    match Chain::parse(bytes) {
        Ok(chain) => {
            assert_eq!(written(&chain), bytes, "two encodings of one chain");
            true
        }
        Err(Error::PeerTampered { line, .. }) => {
            let good: usize = bytes
                .split_inclusive(|byte| *byte == b'\n')
                .zip(1u64..)
                .take_while(|(_, number)| *number < line)
                .map(|(text, _)| text.len())
                .sum();
            assert!(line == 1 || Chain::parse(&bytes[..good]).is_ok(), "an earlier line is bad too");
            false
        }
        Err(Error::LocalTornTail { line, bytes: torn, .. }) => {
            let torn = usize::try_from(torn).expect("no longer than the input");
            assert!(line == 1 || Chain::parse(&bytes[..bytes.len() - torn]).is_ok());
            assert!(!bytes[bytes.len() - torn..].contains(&b'\n'));
            false
        }
        Err(error) => panic!("an input in memory is tampered with or torn, not {error:?}"),
    }
}

fn written(chain: &Chain) -> Vec<u8> {
    let mut bytes = HEADER.to_vec();
    let mut before = Line::genesis();
    for line in (1..=chain.len()).filter_map(|seq| chain.line(seq)) {
        assert_eq!(line.prev(), before);
        assert!(chain.find(&line.commitment().origin, line.commitment().head).is_some());
        bytes.extend_from_slice(format!("{line}\n").as_bytes());
        before = line.digest();
    }
    assert_eq!(before, chain.head());
    bytes
}

/// Pushes every commitment that can be read, and compares what is refused with a plain reading of the rules.
fn relinked(bytes: &[u8]) {
    let mut chain = Chain::new();
    let mut kept: Vec<Commitment> = Vec::new();
    for text in bytes.split(|byte| *byte == b'\n').skip(1) {
        let Some(commitment) = commitment(text) else { continue };
        let of_log = || kept.iter().filter(|other| other.origin == commitment.origin);
        let (head, size) = (commitment.head, commitment.head.size);
        let free = of_log().all(|other| *other != commitment)
            && of_log().all(|other| other.head.size != size || other.head == head)
            && of_log().all(|other| other.head.size <= size);
        let pushed = chain.push(Line::seal(chain.len() + 1, chain.head(), commitment.clone()));
        assert_eq!(pushed.is_ok(), free, "{pushed:?}");
        if free {
            kept.push(commitment);
        }
    }
    assert_eq!(chain.len(), kept.len() as u64);
    assert_eq!(Chain::parse(&written(&chain)), Ok(chain));
}

/// What a line commits to, its digest right or not.
fn commitment(text: &[u8]) -> Option<Commitment> {
    let line = match Line::parse(text) {
        Ok(line) => line,
        Err(Fault::Sum { want, .. }) => {
            Line::parse(&[&text[..text.len() - 64], want.to_string().as_bytes()].concat()).ok()?
        }
        Err(_) => return None,
    };
    Some(line.commitment().clone())
}
