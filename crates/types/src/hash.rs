use crate::Digest;

/// Hashes leaves and nodes of an RFC 6962 tree with SHA-256, one or many at once.
///
/// Every implementation gives the same digests; they differ in speed alone. The many-at-once forms exist because
/// independent messages can be hashed side by side.
pub trait Hasher {
    /// `SHA-256(0x00 ‖ entry)`.
    fn leaf(&self, entry: &[u8]) -> Digest;

    /// `SHA-256(0x01 ‖ left ‖ right)`.
    fn node(&self, left: &Digest, right: &Digest) -> Digest;

    /// [`Hasher::leaf`] of every entry, into the same place of `out`; what is longer is left alone.
    fn leaves(&self, entries: &[&[u8]], out: &mut [Digest]) {
        for (entry, slot) in entries.iter().zip(out) {
            *slot = self.leaf(entry);
        }
    }

    /// [`Hasher::node`] of `children[2i]` and `children[2i + 1]` into `out[i]`; a last odd child is left alone.
    fn nodes(&self, children: &[Digest], out: &mut [Digest]) {
        for (pair, slot) in children.chunks_exact(2).zip(out) {
            *slot = self.node(&pair[0], &pair[1]);
        }
    }

    /// Does `work` on every job, once and in any order; a hasher with several threads does several jobs at a time, so that a job should be
    /// worth the start of a thread, 50 µs or so. `work` hashes with the hasher that it is given and has what `scratch` made for its thread.
    ///
    /// Without this method a hasher around another one has no threads.
    fn share<J: Send, S>(
        &self,
        mut jobs: impl ExactSizeIterator<Item = J> + Send,
        scratch: impl Fn() -> S + Sync,
        work: impl Fn(&Self, &mut S, J) + Sync,
    ) where
        Self: Sized,
    {
        if let Some(first) = jobs.next() {
            let mut scratch = scratch();
            work(self, &mut scratch, first);
            jobs.for_each(|job| work(self, &mut scratch, job));
        }
    }
}
