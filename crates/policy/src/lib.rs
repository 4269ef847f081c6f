//! Rules over what may be recorded and anchored, with reasons.
