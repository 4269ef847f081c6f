//! The blocks of a leaf's message: one zero byte, the entry, and the padding of SHA-256.

/// Where the blocks of `0x00 ‖ entry ‖ padding` come from: the first and the last two are laid out here, those between
/// are runs of the entry itself, one byte early.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message {
    first: [u8; 64],
    tail: [[u8; 64]; 2],
    /// How many blocks are not in `tail`.
    body: usize,
    blocks: usize,
}

impl Message {
    /// Nothing: no block is asked of it.
    pub(crate) const NONE: Self = Self { first: [0; 64], tail: [[0; 64]; 2], body: 1, blocks: 0 };

    /// How many blocks a leaf of `bytes` bytes takes.
    pub(crate) const fn blocks_of(bytes: usize) -> usize {
        (bytes + 1 + 8) / 64 + 1
    }

    /// The blocks of `entry`.
    pub(crate) fn of(entry: &[u8]) -> Self {
        let (length, blocks) = (entry.len() + 1, Self::blocks_of(entry.len()));
        let mut message = Self { body: (length / 64).max(1), blocks, ..Self::NONE };
        let bits = (length as u64 * 8).to_be_bytes();
        if length < 64 {
            message.first[1..length].copy_from_slice(entry);
            message.first[length] = 0x80;
            let last = if blocks == 1 { &mut message.first } else { &mut message.tail[0] };
            last[56..].copy_from_slice(&bits);
        } else {
            message.first[1..].copy_from_slice(&entry[..63]);
            let rest = &entry[message.body * 64 - 1..];
            message.tail[0][..rest.len()].copy_from_slice(rest);
            message.tail[0][rest.len()] = 0x80;
            message.tail[blocks - message.body - 1][56..].copy_from_slice(&bits);
        }
        message
    }

    /// How many blocks it has.
    pub(crate) const fn blocks(&self) -> usize {
        self.blocks
    }

    /// Block `at` of the message of `entry`; past the end, any block.
    pub(crate) fn block<'a>(&'a self, entry: &'a [u8], at: usize) -> &'a [u8; 64] {
        if at == 0 {
            return &self.first;
        }
        let inside = entry.get((at * 64).wrapping_sub(1)..).and_then(|rest| rest.first_chunk());
        match inside {
            Some(run) if at < self.body => run,
            _ => &self.tail[at.saturating_sub(self.body).min(1)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_blocks_are_the_padded_message() {
        let entry: Vec<u8> = (0..=255).cycle().take(400).collect();
        for length in 0..=400 {
            let entry = &entry[..length];
            let mut padded = vec![0];
            padded.extend_from_slice(entry);
            padded.push(0x80);
            while padded.len() % 64 != 56 {
                padded.push(0);
            }
            padded.extend_from_slice(&(8 * (length as u64 + 1)).to_be_bytes());
            let message = Message::of(entry);
            assert_eq!(message.blocks() * 64, padded.len(), "{length}");
            for (at, block) in padded.chunks(64).enumerate() {
                assert_eq!(message.block(entry, at), block, "block {at} of {length} bytes");
            }
        }
    }
}
