//! Signed notes, checkpoints, member lines, trust policies, quorum certificates and proof files.
