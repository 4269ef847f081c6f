//! What is counted over rounds, and when it alerts.
