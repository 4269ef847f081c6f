/// `text` with comments and the contents of literals turned into spaces; lines stay where they are.
#[must_use]
pub fn code_only(text: &str) -> String {
    let source: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&here) = source.get(at) {
        let end = literal_end(&source, at);
        if end == at {
            code.push(here);
            at += 1;
        } else {
            code.extend(source.iter().take(end).skip(at).map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    code
}

/// Every identifier, keyword and number of `code`, with its line from 1.
pub fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let split = |line| str::split(line, |c: char| !(c.is_alphanumeric() || c == '_'));
    let numbered = code.lines().zip(1usize..);
    numbered
        .flat_map(move |(line, number)| split(line).map(move |word| (number, word)))
        .filter(|(_, w)| !w.is_empty())
}

/// Where the comment or literal that begins at `at` ends; `at` itself if none begins there.
fn literal_end(source: &[char], at: usize) -> usize {
    let is = |offset: usize, want: char| source.get(at + offset) == Some(&want);
    match source.get(at) {
        Some('/') if is(1, '/') => find(source, at, |c| c == '\n'),
        Some('/') if is(1, '*') => block_comment_end(source, at),
        Some('"') => string_end(source, at + 1),
        Some('\'') if is(1, '\\') => find(source, at + 3, |c| c == '\'') + 1,
        Some('\'') if is(2, '\'') => at + 3,
        Some('r') if starts_word(source, at) => raw_string_end(source, at + 1).unwrap_or(at),
        Some('b' | 'c') if is(1, 'r') && starts_word(source, at) => {
            raw_string_end(source, at + 2).unwrap_or(at)
        }
        _ => at,
    }
    .min(source.len())
}

fn starts_word(source: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| source.get(before));
    !before.is_some_and(|c| c.is_alphanumeric() || *c == '_')
}

fn find(source: &[char], from: usize, wanted: impl Fn(char) -> bool) -> usize {
    source.iter().skip(from).position(|&c| wanted(c)).map_or(source.len(), |offset| from + offset)
}

fn string_end(source: &[char], mut at: usize) -> usize {
    loop {
        match source.get(at) {
            Some('\\') => at += 2,
            Some('"') | None => return at + 1,
            Some(_) => at += 1,
        }
    }
}

fn raw_string_end(source: &[char], at: usize) -> Option<usize> {
    let hashes = source.iter().skip(at).take_while(|&&c| c == '#').count();
    if source.get(at + hashes) != Some(&'"') {
        return None;
    }
    let mut quote = find(source, at + hashes + 1, |c| c == '"');
    while quote < source.len() {
        if source.iter().skip(quote + 1).take(hashes).filter(|&&c| c == '#').count() == hashes {
            return Some(quote + 1 + hashes);
        }
        quote = find(source, quote + 1, |c| c == '"');
    }
    Some(source.len())
}

fn block_comment_end(source: &[char], mut at: usize) -> usize {
    let mut depth = 0usize;
    while at < source.len() {
        match (source.get(at), source.get(at + 1)) {
            (Some('/'), Some('*')) => (depth, at) = (depth + 1, at + 2),
            (Some('*'), Some('/')) if depth <= 1 => return at + 2,
            (Some('*'), Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> Vec<String> {
        let code = code_only(text);
        assert_eq!(code.lines().count(), text.lines().count(), "{text}");
        words(&code).map(|(_, word)| word.to_owned()).collect()
    }

    #[test]
    fn comments_and_literals_go() {
        assert_eq!(left("a // b\nc /* d /* e */ f */ g"), ["a", "c", "g"]);
        assert_eq!(left(r#"a "b \" c" d b"e" f"#), ["a", "d", "b", "f"]);
        assert_eq!(left("a r\"b\\\" c"), ["a", "c"]);
        assert_eq!(left("a r#\"b \" c\"# d br##\"e\"# f\"## g"), ["a", "d", "g"]);
        assert_eq!(left(r"a '\'' b 'c' d"), ["a", "b", "d"]);
        assert_eq!(left("a \"b\nc\" d"), ["a", "d"]);
    }

    #[test]
    fn lifetimes_raw_names_and_unfinished_text_stay_bounded() {
        assert_eq!(left("fn a<'b>(c: &'b str) -> r#type"), ["fn", "a", "b", "c", "b", "str", "r", "type"]);
        for text in ["\"a", "r#\"a", "/* a", "'\\", "// a", "'a", "\"\\"] {
            assert_eq!(code_only(text).chars().count(), text.chars().count(), "{text}");
        }
    }

    #[test]
    fn words_know_their_line() {
        assert_eq!(words("a b\n\nc").collect::<Vec<_>>(), [(1, "a"), (1, "b"), (3, "c")]);
    }
}
