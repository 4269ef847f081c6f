//! Rules over what may be recorded and anchored, with reasons.
//!
//! # Example
//!
//! ```
//! use auditmesh_policy::{RuleSet, anchor_fields, entry_fields};
//! use auditmesh_types::{ContractFacts, Facts, Policy, Purpose, Verdict};
//!
//! let keeper = ContractFacts { stores_balances: false, accepts_value: false, transfers: false, hash_only: true };
//! let (entry, anchor) = (Some(entry_fields()), Some(anchor_fields()));
//! let purpose = Some(Purpose::Evidence);
//! let facts = Facts { entry, anchor, purpose, contract: Some(keeper), zones: Some(3), tolerates: Some(1) };
//! assert_eq!(RuleSet::house().judge(&facts), Verdict::Allow);
//!
//! let Verdict::Deny(reasons) = RuleSet::house().judge(&Facts { zones: Some(2), ..facts }) else { panic!() };
//! assert_eq!((reasons[0].rule, reasons[0].about.as_str()), ("RESIL-001", "zones"));
//! ```
//!
//! # Model
//!
//! A [`Rule`] reads the facts and gives its reasons to say no; none means it holds. A [`RuleSet`] allows when every
//! one of its rules holds, and otherwise gives all reasons, by rule and by what they are about. What is not known
//! is denied, by each rule that needs it. A set without a rule denies too: nobody said what is allowed.
//!
//! | rule | demands |
//! |---|---|
//! | `MICA-NC-001` [`NoMoney`] | no amount, balance or payment reference in an entry or an anchor |
//! | `MICA-NC-002` [`HashesOnly`] | hashes and proof ids alone leave in the anchor, with the time they were agreed |
//! | `MICA-NC-003` [`NoTransfers`] | what keeps the anchor moves, takes and stores no value, and keeps hashes alone |
//! | `MICA-NC-004` [`EvidenceOnly`] | an anchor is evidence and nothing else |
//! | `DATA-MIN-001` [`NoPayload`] | no payload in an entry or an anchor |
//! | `DATA-MIN-002` [`NoPersonalData`] | no personal data in an entry or an anchor |
//! | `RESIL-001` [`ThreeZones`] | members in three zones or more |
//! | `RESIL-002` [`FaultTolerance`] | a quorum that survives one Byzantine member or more |
//!
//! # Security
//!
//! Fields are judged by what their owner declares them to hold, and by their names as a second line. A wrong
//! declaration under a harmless name passes; the rules judge a schema, not the bytes of an entry. Names are
//! compared word by word: `paid_amount` and `paidAmount` are caught, `paidamount`, other languages and look-alike
//! letters are not. The rules help to keep a federation out of scope of the law they are named after; they are no
//! legal advice.
//!
//! # Status
//!
//! API: alpha. No wire format. A rule's id is never used again for another demand.
//!
//! # Sources
//!
//! `MICA-NC`: Regulation (EU) 2023/1114 on markets in crypto-assets, whose services these rules keep out.
//! `DATA-MIN`: Regulation (EU) 2016/679, Article 5(1)(c). `RESIL`: n ≥ 3f + 1, Lamport, Shostak, Pease 1982.
#![no_std]

extern crate alloc;

mod error;
mod evidence_only;
mod fault_tolerance;
mod hashes_only;
mod house_fields;
mod no_money;
mod no_payload;
mod no_personal_data;
mod no_transfers;
mod rule;
mod rule_set;
mod sheet;
mod three_zones;
mod words;

pub use error::Error;
pub use evidence_only::EvidenceOnly;
pub use fault_tolerance::FaultTolerance;
pub use hashes_only::HashesOnly;
pub use house_fields::{anchor_fields, entry_fields};
pub use no_money::NoMoney;
pub use no_payload::NoPayload;
pub use no_personal_data::NoPersonalData;
pub use no_transfers::NoTransfers;
pub use rule::Rule;
pub use rule_set::RuleSet;
pub use three_zones::ThreeZones;
