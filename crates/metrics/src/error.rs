/// Why metrics cannot be set up so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A window of no latency, or of more than are kept.
    #[error("the window is {got} latencies, 1 to {max} are allowed")]
    MisuseWindow {
        /// What was asked for.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// Two rules with one id.
    #[error("the rule {id} was given twice; give each rule its own id")]
    MisuseRuleRepeated {
        /// The id.
        id: &'static str,
    },
}
