//! One audit log kept together by organisations that do not trust one another.
