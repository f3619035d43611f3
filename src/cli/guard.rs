//! Panics: a unit that breaks down becomes a finding, the run goes on and ends with exit code 101.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::terminal::say;
use crate::source::escape;

/// How many panics there were in this process, caught ones included.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts panics and says them in one line, instead of the backtrace that only helps people with
/// the source.
pub(super) fn install() {
    std::panic::set_hook(Box::new(|info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        let place = info.location().map_or_else(String::new, |at| format!(" at {at}"));
        let payload = info.payload();
        let message = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        say(&format!("gatelint: this is a bug, please report it: {}{place}", escape(message)));
    }));
}

/// Whether anything panicked.
pub(super) fn broke() -> bool {
    PANICS.load(Ordering::Relaxed) > 0
}

/// Runs `work`; its panic is returned as what it said.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_what_it_said() {
        let message = "index out of bounds";
        assert_eq!(guarded(|| std::panic::panic_any(message)), Err::<(), _>(message.into()));
        assert_eq!(guarded(|| panic!("{message}: 3")), Err::<(), _>(format!("{message}: 3")));
        assert_eq!(guarded(|| 1), Ok(1));
    }
}
