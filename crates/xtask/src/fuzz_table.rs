use std::{fmt, fs, io, path::Path};

const HEAD: &str =
    "| target | executions | CPU seconds | new inputs | finding | commit |\n|---|---|---|---|---|---|\n";

/// What came of one target.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) target: String,
    pub(crate) executions: u64,
    /// Hundredths of a second of a processor.
    pub(crate) ticks: u64,
    pub(crate) new_inputs: u64,
    /// Where the input lies that failed.
    pub(crate) finding: Option<String>,
    pub(crate) commit: String,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, executions, ticks, new_inputs, finding, commit } = self;
        let (seconds, finding) = (ticks / 100, finding.as_deref().unwrap_or("none"));
        write!(f, "| `{target}` | {executions} | {seconds} | {new_inputs} | {finding} | {commit} |")
    }
}

/// Puts a row into the table in `path`, in place of an older one of the same target; rows are sorted.
///
/// # Errors
/// When the file cannot be read or written.
pub(crate) fn renew(path: &Path, row: &Row) -> Result<(), String> {
    let held = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        other => other,
    };
    let held = held.map_err(|error| format!("{}: {error}", path.display()))?;
    fs::write(path, with(&held, row)).map_err(|error| format!("{}: {error}", path.display()))
}

fn with(held: &str, row: &Row) -> String {
    let (line, start) = (row.to_string(), format!("| `{}` |", row.target));
    let others = held.lines().filter(|held| held.starts_with("| `") && !held.starts_with(&start));
    let mut rows: Vec<&str> = others.chain([line.as_str()]).collect();
    rows.sort_unstable();
    format!("{HEAD}{}\n", rows.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_takes_the_place_of_the_older_one() {
        let row = |target: &str, executions| Row { target: target.to_owned(), executions, ..Row::default() };
        let table = with(&with(&with("", &row("b", 1)), &row("a", 2)), &row("ab", 3));
        let later =
            Row { ticks: 60_099, finding: Some("fuzz/artifacts/a/crash-1".to_owned()), ..row("a", 4) };
        let table = with(&table, &later);
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| `a` | 4 | 600 | 0 | fuzz/artifacts/a/crash-1 |  |",
                "| `ab` | 3 | 0 | 0 | none |  |",
                "| `b` | 1 | 0 | 0 | none |  |",
            ]
        );
        assert!(table.starts_with(HEAD));
    }
}
