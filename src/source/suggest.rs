//! Did you mean? The one measure of how near two names are, for every room that reads names.

/// The candidate nearest to `word`: at most a third of its letters away (two for short words), by
/// insertions, deletions, replacements and swaps of neighbours. Letter case, `-` and `_` do not
/// count. The first of several at the same distance.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = fold(word);
    // A hostile word must not cost more than it is worth.
    if word.is_empty() || word.len() > 64 {
        return None;
    }
    let limit = (word.len() / 3).max(2).min(word.len().saturating_sub(1));
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn fold(word: &str) -> Vec<char> {
    word.chars().flat_map(char::to_lowercase).map(|c| if c == '_' { '-' } else { c }).collect()
}

/// The optimal string alignment distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 5] = ["version", "exclude", "fail-on", "trust", "vpc-endpoints"];

    #[test]
    fn near_words_are_offered() {
        assert_eq!(did_you_mean("exlude", KEYS), Some("exclude"));
        assert_eq!(did_you_mean("fail_on", KEYS), Some("fail-on"));
        assert_eq!(did_you_mean("turst", KEYS), Some("trust"));
        assert_eq!(did_you_mean("vpcEndpoints", KEYS), Some("vpc-endpoints"));
    }

    #[test]
    fn far_words_are_not() {
        assert_eq!(did_you_mean("colour", KEYS), None);
        assert_eq!(did_you_mean("", KEYS), None);
        assert_eq!(did_you_mean("x", KEYS), None);
        assert_eq!(did_you_mean(&"e".repeat(100_000), KEYS), None);
    }
}
