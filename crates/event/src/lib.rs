//! What is recorded: events, canonical entries, payload commitments and batches.
