//! Amounts that have no value or no room.
//!
//! Money is kept in integers that must hold it exactly. An amount that is not finite or too large arises deep in loops over
//! agents, on any thread, where nothing can be returned: it is thrown as an [`OutOfRange`], which no other failure is, and
//! caught by [`within`] where a world is built, stepped or recorded.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};

/// An amount left the range of numbers: which, and how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OutOfRange(pub String);

/// Gives up the work at hand, since an amount left the range of numbers.
///
/// # Panics
/// Always, with an [`OutOfRange`].
#[cold]
#[inline(never)]
pub fn out_of_range(what: String) -> ! {
    panic_any(OutOfRange(what))
}

/// What left the range of numbers, if that is why something panicked.
#[must_use]
pub fn cause(payload: &(dyn Any + Send)) -> Option<OutOfRange> {
    if let Some(thrown) = payload.downcast_ref::<OutOfRange>() {
        return Some(thrown.clone());
    }
    // Sums of whole numbers are checked by the compiler, which throws a text.
    let text =
        payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str))?;
    let overflow = text.starts_with("attempt to ") && text.ends_with(" with overflow");
    overflow.then(|| OutOfRange("a sum or product of whole amounts exceeds 2^63 minor units".to_owned()))
}

/// Does something in which an amount may leave the range of numbers. Other panics go on.
///
/// # Errors
/// [`OutOfRange`] if one did.
pub fn within<T>(work: impl FnOnce() -> T) -> Result<T, OutOfRange> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| match cause(payload.as_ref()) {
        Some(thrown) => thrown,
        None => resume_unwind(payload),
    })
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;

    #[test]
    fn only_amounts_out_of_range_are_caught() {
        assert_eq!(within(|| 3), Ok(3));
        let thrown =
            within(|| (0..100).into_par_iter().for_each(|i| assert!(i != 7 || out_of_range("seven".to_owned()))));
        assert_eq!(thrown, Err(OutOfRange("seven".to_owned())), "from another thread");
        let most = std::hint::black_box(i64::MAX);
        let overflow = within(|| most.checked_add(1).unwrap_or_else(|| panic!("attempt to add with overflow")));
        assert!(overflow.is_err_and(|x| x.0.contains("2^63")));
        let other = catch_unwind(|| within(|| panic!("weights must be finite")));
        assert!(other.is_err(), "a bug stays a bug, whatever its words");
    }
}
