mod accusations;
mod authority;
mod certificate;
#[cfg(feature = "std")]
mod channel;
mod count;
mod driver;
mod early;
mod effect;
mod engine;
mod evidence;
mod height;
mod height_state;
mod input;
mod intake;
mod justification;
mod ledger;
mod message;
mod mutant;
mod notice;
mod orderer;
mod own;
mod packet;
mod parts;
mod record;
mod record_log;
mod restore;
mod settings;
mod statement;
mod store;
mod timers;
mod validator_set;
mod value;
mod views;
mod votes;
mod wire;

pub use authority::SetAuthority;
pub use certificate::Certificate;
#[cfg(feature = "std")]
pub use channel::{Channel, MemoryRecords, mesh};
pub use driver::Driver;
pub use effect::{Effect, Recipients, Timer, TimerKind};
pub use engine::Engine;
pub use evidence::{Evidence, Offence};
pub use height::{Height, View};
pub use input::Input;
pub use intake::Intake;
pub use justification::Justification;
pub use ledger::{Applied, Ledger};
pub use message::{Candidate, Decided, Message, Prepared, Proposal, ViewChange};
#[cfg(feature = "mutants")]
pub use mutant::Mutant;
pub use notice::Notice;
pub use orderer::Orderer;
pub use packet::Packet;
pub use parts::{Member, Parts, Transport};
pub use record::{Record, RecordId};
pub use record_log::{RecordLog, Recovered, Torn};
pub use settings::{Rotation, Settings, Spread, Timeouts};
pub use statement::{Phase, Says, Signature, Signed, Statement};
pub use store::RecordStore;
pub use validator_set::{Validator, ValidatorIndex, ValidatorSet};
pub use value::{Value, ValueId};

pub(crate) use height_state::WINDOW;
#[cfg(not(feature = "mutants"))]
pub(crate) use mutant::Mutant;
