/// What the program says to a word it does not know.
pub(crate) const USAGE: &str = "\
usage: cargo xtask TASK

  test                 every test of the workspace, unit, integration and documentation, but those of bft-malachite,
                       which `ci` runs; with recorded data (AUDITMESH_DATA, or `shared/data` beside the workspace) also
                       those that need it
  ci                   everything CI asks for, in order, until something fails
  figures NAME         measures ours beside the peers and renews docs/performance.md; NAME is bft or merkle
  simulate --seeds A..B [--members N] [--spread all|collector] [--byzantine HABIT] [--jobs J]
                       the ordering engine in a simulated world, one schedule a seed; the first that breaks a rule is
                       printed, and the same in less
  long fuzz [MINUTES [TARGET…]]
                       the fuzz targets, or all, through libFuzzer, each for MINUTES of a processor (10); needs a C++
                       compiler
  long corpus [TARGET…]
                       keeps a few small inputs that `long fuzz` found and that reach new code in fuzz/corpus/
  long miri            a few cases of `lanes` with each kernel, and `types` and `merkle`, through Miri
  long aarch64         the tests of what nodes must agree on, on an emulated aarch64
  long mutants CRATE [FILE…]
                       changes the files of a crate's `src/`, or all, one expression at a time: its tests must notice
  long judges          what is published, and changed copies of it, shown to judges in Go, JavaScript and Python
  long search          every state of the ordering engine in three views, as far as memory goes
  long twins           a million scenarios in which a member runs twice, with chosen leaders";

const MINUTES: u32 = 10;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Test,
    Ci,
    Figures { name: String },
    Simulate { words: Vec<String> },
    LongFuzz { minutes: u32, targets: Vec<String> },
    LongCorpus { targets: Vec<String> },
    LongMiri,
    LongAarch64,
    LongMutants { name: String, files: Vec<String> },
    LongJudges,
    LongSearch,
    LongTwins,
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
        ["figures", name @ ("bft" | "merkle")] => Ok(Task::Figures { name: (*name).to_owned() }),
        ["figures"] => Err("which figures? there are: bft, merkle".to_owned()),
        ["simulate"] => Err("which seeds? simulate --seeds 0..1000".to_owned()),
        ["simulate", words @ ..] => Ok(Task::Simulate { words: owned(words) }),
        ["figures", name] => Err(format!("no figures {name:?}; there are: bft, merkle")),
        ["long", "corpus", targets @ ..] => Ok(Task::LongCorpus { targets: owned(targets) }),
        ["long", "miri"] => Ok(Task::LongMiri),
        ["long", "aarch64"] => Ok(Task::LongAarch64),
        ["long", "mutants"] => Err("mutants of which crate?".to_owned()),
        ["long", "mutants", name, files @ ..] => {
            Ok(Task::LongMutants { name: (*name).to_owned(), files: owned(files) })
        }
        ["long", "judges"] => Ok(Task::LongJudges),
        ["long", "search"] => Ok(Task::LongSearch),
        ["long", "twins"] => Ok(Task::LongTwins),
        ["long", "fuzz"] => Ok(Task::LongFuzz { minutes: MINUTES, targets: Vec::new() }),
        ["long", "fuzz", minutes, targets @ ..] => match minutes.parse() {
            Ok(minutes) if minutes > 0 => Ok(Task::LongFuzz { minutes, targets: owned(targets) }),
            _ => Err(format!("MINUTES is a number from 1, got {minutes:?}")),
        },
        [] => Err("which task?".to_owned()),
        ["long"] => {
            Err("long what? there are: fuzz, corpus, miri, aarch64, mutants, judges, search, twins"
                .to_owned())
        }
        ["long", name] => Err(format!(
            "no long task {name:?}; there are: fuzz, corpus, miri, aarch64, mutants, judges, search, twins"
        )),
        ["figures", _, word, ..]
        | ["test" | "ci" | "help" | "--help" | "-h", word, ..]
        | ["long", _, word, ..] => Err(format!("unexpected word {word:?}")),
        [name, ..] => Err(format!("no task {name:?}; there are: test, ci, figures, simulate, long")),
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
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
        assert_eq!(read("figures bft"), Ok(Task::Figures { name: "bft".to_owned() }));
        assert_eq!(read("figures merkle"), Ok(Task::Figures { name: "merkle".to_owned() }));
        assert_eq!(read("--help"), Ok(Task::Help));
        let words = vec!["--seeds".to_owned(), "0..9".to_owned()];
        assert_eq!(read("simulate --seeds 0..9"), Ok(Task::Simulate { words }));
        assert_eq!(read("long judges"), Ok(Task::LongJudges));
        assert_eq!(read("long search"), Ok(Task::LongSearch));
        assert_eq!(read("long twins"), Ok(Task::LongTwins));
        assert_eq!(read("long fuzz"), Ok(Task::LongFuzz { minutes: 10, targets: Vec::new() }));
        let targets = vec!["range".to_owned(), "multi".to_owned()];
        assert_eq!(read("long corpus"), Ok(Task::LongCorpus { targets: Vec::new() }));
        assert_eq!(read("long miri"), Ok(Task::LongMiri));
        assert_eq!(read("long aarch64"), Ok(Task::LongAarch64));
        let (name, files) = ("merkle".to_owned(), vec!["shape.rs".to_owned()]);
        assert_eq!(read("long mutants merkle shape.rs"), Ok(Task::LongMutants { name, files }));
        assert_eq!(read("long fuzz 3 range multi"), Ok(Task::LongFuzz { minutes: 3, targets }));
    }

    #[test]
    fn wrong_words_are_named() {
        for (line, says) in [
            ("", "which task?"),
            ("tset", "no task \"tset\"; there are: test, ci, figures, simulate, long"),
            ("test now", "unexpected word \"now\""),
            ("ci --fast", "unexpected word \"--fast\""),
            ("figures", "which figures? there are: bft, merkle"),
            ("simulate", "which seeds? simulate --seeds 0..1000"),
            ("figures speed", "no figures \"speed\"; there are: bft, merkle"),
            ("figures merkle now", "unexpected word \"now\""),
            ("figures bft now", "unexpected word \"now\""),
            ("long", "long what? there are: fuzz, corpus, miri, aarch64, mutants, judges, search, twins"),
            (
                "long sleep",
                "no long task \"sleep\"; there are: fuzz, corpus, miri, aarch64, mutants, judges, search, twins",
            ),
            ("long mutants", "mutants of which crate?"),
            ("long miri now", "unexpected word \"now\""),
            ("long fuzz 0", "MINUTES is a number from 1, got \"0\""),
            ("long fuzz x", "MINUTES is a number from 1, got \"x\""),
        ] {
            assert_eq!(read(line), Err(says.to_owned()), "{line}");
        }
    }
}
