use std::panic::{AssertUnwindSafe, catch_unwind};

/// Demands that `suite` panics because of `rule`: proof that the suite can fail, and for the right reason.
///
/// `rule`: the name as it stands in the panic, such as `log/discard-restores`.
pub fn rejects(rule: &str, suite: impl FnOnce()) {
    let Err(payload) = catch_unwind(AssertUnwindSafe(suite)) else {
        panic!("the suite accepted an implementation that breaks `{rule}`");
    };
    let said = match (payload.downcast_ref::<String>(), payload.downcast_ref::<&str>()) {
        (Some(said), _) => said.as_str(),
        (None, Some(said)) => said,
        (None, None) => "a panic without a message",
    };
    assert!(
        said.starts_with(&format!("rule `{rule}` is broken")),
        "the suite stopped for another reason than `{rule}`: {said}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_refusal_for_the_named_rule_alone() {
        let breaks = || crate::rule::broken("role/one", "seen");
        rejects("role/one", breaks);
        assert!(catch_unwind(|| rejects("role/two", breaks)).is_err());
        assert!(catch_unwind(|| rejects("role/one", || ())).is_err());
        assert!(catch_unwind(|| rejects("role/one", || panic!("overflow"))).is_err());
    }
}
