use std::{error::Error, fmt};

/// One place where the tree breaks a rule, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, relative to the root of the workspace.
    pub path: String,
    /// The line, from 1; 0 speaks of the whole file.
    pub line: usize,
    /// Which rule, what was found, what to do.
    pub what: String,
}

impl Finding {
    /// A finding about a line of a file, or with `line` 0 about the file.
    pub fn new(path: impl Into<String>, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.into(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// All findings of one rule; printed one a line, also as `Debug`, since that is what a failing test shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Findings(pub Vec<Finding>);

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} place(s) break the rule:", self.0.len())?;
        self.0.iter().try_for_each(|finding| writeln!(f, "  {finding}"))
    }
}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Findings {}

/// Nothing found is fine.
///
/// # Errors
/// The findings, sorted, if there are any.
pub fn verdict(mut findings: Vec<Finding>) -> Result<(), Findings> {
    findings.sort();
    if findings.is_empty() { Ok(()) } else { Err(Findings(findings)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_finding_is_a_failure_and_is_shown() {
        assert_eq!(verdict(Vec::new()), Ok(()));
        let found = verdict(vec![Finding::new("b.rs", 3, "x"), Finding::new("a.rs", 0, "y")]).unwrap_err();
        assert_eq!(format!("{found:?}"), "2 place(s) break the rule:\n  a.rs: y\n  b.rs:3: x\n");
    }
}
