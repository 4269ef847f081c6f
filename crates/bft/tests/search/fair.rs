//! What honest members come to when they are left alone: the liar is silent, every message arrives, timers run out.

use auditmesh_bft::Message;

use crate::{cast, fault::Fault, member::Member};

/// How often all timers run out: the views that a liar may spoil, one for the one who is behind, and one in which they decide.
const VIEWS: usize = 5;

/// Lets `members` go on until all have decided.
///
/// # Errors
/// When they have not after [`VIEWS`] views, or a rule is broken on the way.
pub(crate) fn decide(members: &[Member]) -> Result<(), Fault> {
    let mut members = members.to_vec();
    for _ in 0..VIEWS {
        settle(&mut members)?;
        if members.iter().all(|member| member.decided().is_some()) {
            return Ok(());
        }
        members.iter_mut().filter(|member| member.decided().is_none()).try_for_each(Member::time_out)?;
    }
    settle(&mut members)?;
    let open = members.iter().filter(|member| member.decided().is_none());
    let open: Vec<String> = open.map(|it| format!("{} in view {}", it.n(), it.view())).collect();
    if open.is_empty() {
        Ok(())
    } else {
        Err(Fault::new("progress", format!("undecided: {}", open.join(", "))))
    }
}

/// Delivers everything to everybody until nothing changes.
fn settle(members: &mut [Member]) -> Result<(), Fault> {
    let mut known = vec![0; members.len()];
    let mut said: Vec<Message> = Vec::new();
    loop {
        let before = (said.len(), members.to_vec());
        for at in 0..members.len() {
            while members[at].write()? || members[at].sign()? {}
            if members[at].owes().is_some() {
                members[at].propose(cast::values()[0].clone())?;
            }
            let new = members[at].sent().iter().filter(|message| !said.contains(message)).cloned();
            let new: Vec<Message> = new.collect();
            said.extend(new);
            let decided = members.iter().find_map(|member| member.decided().cloned());
            if let Some(decided) = decided.filter(|_| members[at].decided().is_none()) {
                members[at].sync(&decided)?;
            }
            for message in &said[known[at]..] {
                if message.by() != Some(cast::index(members[at].n())) {
                    members[at].receive(message)?;
                }
            }
            known[at] = said.len();
        }
        if before.0 == said.len() && before.1 == members {
            return Ok(());
        }
    }
}
