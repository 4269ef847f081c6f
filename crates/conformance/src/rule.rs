use std::fmt::{Debug, Display};

/// Breaks off with the rule's name and what was seen, unless the condition holds.
macro_rules! rule {
    ($name:literal, $holds:expr, $($saw:tt)+) => {
        if !$holds {
            $crate::rule::broken($name, format_args!($($saw)+));
        }
    };
}

/// As `rule!`, for two values that must be equal; shows both.
macro_rules! same {
    ($name:literal, $got:expr, $want:expr, $($when:tt)+) => {
        match (&$got, &$want) {
            (got, want) => {
                if *got != *want {
                    $crate::rule::broken(
                        $name,
                        format_args!("{}\n  got  {got:?}\n  want {want:?}", format_args!($($when)+)),
                    );
                }
            }
        }
    };
}

/// The one way a suite fails.
#[track_caller]
pub(crate) fn broken(name: &str, saw: impl Display) -> ! {
    panic!("rule `{name}` is broken: {saw}")
}

/// The value of a call that must succeed.
#[track_caller]
pub(crate) fn accepted<T, E: Debug>(name: &str, result: Result<T, E>, when: impl Display) -> T {
    match result {
        Ok(value) => value,
        Err(error) => broken(name, format_args!("{when}: refused with {error:?}")),
    }
}

/// The reason of a call that must fail.
#[track_caller]
pub(crate) fn refused<T, E>(name: &str, result: Result<T, E>, when: impl Display) -> E {
    match result {
        Ok(_) => broken(name, format_args!("{when}: accepted")),
        Err(error) => error,
    }
}
