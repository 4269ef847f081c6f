//! Random ways through the same model, one message at a time and nothing left out. Whatever is seen on them, the search must have
//! seen: that is how the two reductions of [`Delivery::Joined`](crate::moves::Delivery) are held to what they claim.

use crate::{
    book::Book,
    cast::MEMBERS,
    explore::{Bound, Search},
    fault::Fault,
    intern::{Intern, Map},
    member::Shown,
    moves::Delivery,
    states::State,
};

/// What the members of a state show, by number.
type Sight = [u32; MEMBERS - 1];

/// Goes `walks` random ways within `bound`, and compares every state with those that `search` visited; how many were compared.
///
/// # Errors
/// The first state that `search` has not seen the like of.
pub(crate) fn compare(search: &mut Search, bound: Bound, walks: u64) -> Result<usize, Fault> {
    let mut shown = Intern::<Shown>::default();
    let mut sight =
        |of: &mut Book, state: State| -> Sight { state.map(|it| shown.number(of.member(it).said())) };
    let Search { states, book, .. } = search;
    let known: Map<Sight, ()> = states.iter().map(|state| (sight(book, state), ())).collect();
    let mut free = Search::new(Bound { delivery: Delivery::Single, ..bound });
    let (mut compared, mut seed) = (0, 0x9E37_79B9_7F4A_7C15_u64);
    for walk in 0..walks {
        let mut state = free.first()?;
        // A walk ends where the member that is next can do nothing, or after this many steps.
        for _ in 0..200 {
            let place = draw(&mut seed, MEMBERS - 1);
            let next = free.next(state, place)?;
            if next.is_empty() {
                break;
            }
            let drawn = next[draw(&mut seed, next.len())];
            let [before, after] = [state[place], drawn].map(|number| free.book.member(number));
            if after.decided().is_some() && after.sent().len() == before.sent().len() {
                // It decides and says nothing, which the search takes note of and does not follow.
                continue;
            }
            state[place] = drawn;
            compared += 1;
            if !known.contains_key(&sight(&mut free.book, state)) {
                let members = state.map(|number| free.book.member(number).said());
                return Err(Fault::new("the search leaves nothing out", format!("walk {walk}: {members:?}")));
            }
        }
    }
    Ok(compared)
}

/// A number below `end`, by xorshift.
fn draw(seed: &mut u64, end: usize) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    usize::try_from(*seed % end as u64).unwrap()
}
