/// How the network and the disks behave for a while. Rates are in a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weather {
    /// The longest that a letter takes; each takes at least 1 ms.
    pub letter_ms: u64,
    /// The longest that a disk or an outside answer takes.
    pub answer_ms: u64,
    /// Letters that are lost.
    pub lost: u32,
    /// Letters that come twice.
    pub twice: u32,
}

impl Default for Weather {
    /// Letters take up to 10 ms, disks and answers up to 3 ms; nothing is lost or doubled.
    fn default() -> Self {
        Self { letter_ms: 10, answer_ms: 3, lost: 0, twice: 0 }
    }
}
