//! Keys that a caller chooses on its own: headers, tags, multi-factor authentication, its session.

use std::collections::BTreeSet;

use crate::model::{AbsentOr, KnownKey, Value};

use super::fill::{Form, Set, Work, fills};
use super::words::Word;

/// The representatives of a key: absent where it can be, some value, and one for each literal and
/// pattern that the policy compares it with.
///
/// A symbol may be equal to any of these values, since a caller may learn what it is.
pub(super) fn values(
    key: KnownKey,
    words: &BTreeSet<Word>,
    now: i64,
    work: &Work,
) -> Vec<AbsentOr> {
    let mut texts: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |text: String| {
        if seen.insert(text.clone()) {
            texts.push(text);
        }
    };
    for text in usual(key, now) {
        add(text);
    }
    for word in words {
        match key {
            KnownKey::UserId => user_ids(word, work, &mut add),
            KnownKey::MultiFactorAuthPresent => {}
            KnownKey::MultiFactorAuthAge => {
                let Ok(age) = word.text.parse::<i64>() else { continue };
                for age in [age.saturating_sub(1), age, age.saturating_add(1)] {
                    if age >= 0 {
                        add(age.to_string());
                    }
                }
            }
            _ if word.pattern => {
                let form = Form::default().any(Set::Printable, 'a');
                fills(&form, &word.text, work).into_iter().for_each(&mut add);
            }
            _ => add(word.text.clone()),
        }
    }
    let absent = (key != KnownKey::UserId).then_some(AbsentOr::Absent);
    let present = texts.into_iter().map(|text| AbsentOr::Present(vec![Value::named(text)]));
    absent.into_iter().chain(present).collect()
}

/// Values that no policy need write.
pub(super) fn usual(key: KnownKey, now: i64) -> Vec<String> {
    match key {
        KnownKey::UserAgent => vec!["curl/8.5.0".into()],
        KnownKey::Referer => vec!["https://example.com/".into()],
        KnownKey::MultiFactorAuthPresent => vec!["true".into(), "false".into()],
        KnownKey::MultiFactorAuthAge => vec!["1".into(), "86400".into()],
        // A session that was opened now, or long ago.
        KnownKey::TokenIssueTime => vec![now.to_string(), "1970-01-01T00:00:00Z".into()],
        KnownKey::UserId => {
            vec![format!("{OWN_ROLE}:session"), OWN_USER.into()]
        }
        _ => vec!["example".into()],
    }
}

/// The unique id of an outsider's role.
pub(super) const OWN_ROLE: &str = "AROA5H7K2M9P3Q8R4S6T1";
/// The unique id of its user.
pub(super) const OWN_USER: &str = "AIDA5H7K2M9P3Q8R4S6T1";

/// `AROA..:session`: the id is AWS's choice, so that a literal one is somebody's; the session's name
/// is the caller's.
fn user_ids(word: &Word, work: &Work, add: &mut impl FnMut(String)) {
    let id = word.text.split(':').next().unwrap_or("");
    if !word.pattern || !id.contains(['*', '?']) {
        return;
    }
    let session = Form::default().text(OWN_ROLE).text(":").some(Set::Name, 'a');
    fills(&session, &word.text, work).into_iter().for_each(&mut *add);
    fills(&Form::default().text(OWN_USER), &word.text, work).into_iter().for_each(add);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(key: KnownKey, words: &[(&str, bool)]) -> Vec<String> {
        let words = words
            .iter()
            .map(|(text, pattern)| Word { text: (*text).into(), pattern: *pattern })
            .collect();
        values(key, &words, 0, &Work::default())
            .into_iter()
            .map(|value| match value {
                AbsentOr::Present(values) => values[0].text.clone(),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn a_header_is_absent_arbitrary_or_what_the_policy_asks_for() {
        let found = texts(KnownKey::UserAgent, &[("s3cret", false), ("Mozilla/*", true)]);
        assert_eq!(found, ["Absent", "curl/8.5.0", "Mozilla/", "Mozilla/a", "s3cret"]);
    }

    #[test]
    fn a_user_id_is_always_there_and_never_somebody_elses() {
        let found = texts(KnownKey::UserId, &[("AROAEXAMPLE:*", true), ("*:deploy", true)]);
        assert_eq!(
            found,
            [
                "AROA5H7K2M9P3Q8R4S6T1:session",
                "AIDA5H7K2M9P3Q8R4S6T1",
                "AROA5H7K2M9P3Q8R4S6T1:deploy"
            ]
        );
    }

    #[test]
    fn an_age_is_tried_on_both_sides_of_its_bound() {
        let found = texts(KnownKey::MultiFactorAuthAge, &[("3600", false)]);
        assert_eq!(found, ["Absent", "1", "86400", "3599", "3600", "3601"]);
    }
}
