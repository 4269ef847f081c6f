/// What the program says to a word it does not know.
pub(crate) const USAGE: &str = "\
usage: cargo xtask TASK

  test                 every test of the workspace, unit, integration and documentation; with recorded data
                       (AUDITMESH_DATA, or `shared/data` beside the workspace) also those that need it
  ci                   everything CI asks for, in order, until something fails
  figures NAME         measures ours beside the peers and renews docs/performance.md; NAME is merkle
  long fuzz [MINUTES]  every fuzz target through libFuzzer, MINUTES each (10); needs a C++ compiler";

const MINUTES: u32 = 10;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Test,
    Ci,
    Figures { name: String },
    LongFuzz { minutes: u32 },
}

/// Reads the words after `cargo xtask`.
///
/// # Errors
/// A sentence that says which word is wrong.
pub(crate) fn parse(words: &[String]) -> Result<Task, String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["help" | "--help" | "-h"] => Ok(Task::Help),
        ["test"] => Ok(Task::Test),
        ["ci"] => Ok(Task::Ci),
        ["figures", "merkle"] => Ok(Task::Figures { name: "merkle".to_owned() }),
        ["figures"] => Err("which figures? there are: merkle".to_owned()),
        ["figures", name] => Err(format!("no figures {name:?}; there are: merkle")),
        ["long", "fuzz"] => Ok(Task::LongFuzz { minutes: MINUTES }),
        ["long", "fuzz", minutes] => match minutes.parse() {
            Ok(minutes) if minutes > 0 => Ok(Task::LongFuzz { minutes }),
            _ => Err(format!("MINUTES is a number from 1, got {minutes:?}")),
        },
        [] => Err("which task?".to_owned()),
        ["long"] => Err("long what? there is: fuzz".to_owned()),
        ["long", name] => Err(format!("no long task {name:?}; there is: fuzz")),
        ["figures", _, word, ..]
        | ["long", "fuzz", _, word, ..]
        | ["test" | "ci" | "help" | "--help" | "-h", word, ..]
        | ["long", _, word, ..] => Err(format!("unexpected word {word:?}")),
        [name, ..] => Err(format!("no task {name:?}; there are: test, ci, figures, long")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Task, String> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn tasks_are_read() {
        assert_eq!(read("test"), Ok(Task::Test));
        assert_eq!(read("ci"), Ok(Task::Ci));
        assert_eq!(read("figures merkle"), Ok(Task::Figures { name: "merkle".to_owned() }));
        assert_eq!(read("--help"), Ok(Task::Help));
        assert_eq!(read("long fuzz"), Ok(Task::LongFuzz { minutes: 10 }));
        assert_eq!(read("long fuzz 3"), Ok(Task::LongFuzz { minutes: 3 }));
    }

    #[test]
    fn wrong_words_are_named() {
        for (line, says) in [
            ("", "which task?"),
            ("tset", "no task \"tset\"; there are: test, ci, figures, long"),
            ("test now", "unexpected word \"now\""),
            ("ci --fast", "unexpected word \"--fast\""),
            ("figures", "which figures? there are: merkle"),
            ("figures speed", "no figures \"speed\"; there are: merkle"),
            ("figures merkle now", "unexpected word \"now\""),
            ("long", "long what? there is: fuzz"),
            ("long sleep", "no long task \"sleep\"; there is: fuzz"),
            ("long fuzz 0", "MINUTES is a number from 1, got \"0\""),
            ("long fuzz x", "MINUTES is a number from 1, got \"x\""),
            ("long fuzz 1 2", "unexpected word \"2\""),
        ] {
            assert_eq!(read(line), Err(says.to_owned()), "{line}");
        }
    }
}
