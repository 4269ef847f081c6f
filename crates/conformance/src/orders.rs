/// Every order of `items`, the given one first.
///
/// # Cost
/// `items.len()!` vectors: for at most six items.
#[must_use]
pub fn orders<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    assert!(items.len() <= 6, "{} items have too many orders, at most 6 are allowed", items.len());
    let Some((first, rest)) = items.split_first() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for order in orders(rest) {
        for at in 0..=order.len() {
            let mut longer = order.clone();
            longer.insert(at, first.clone());
            all.push(longer);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn gives_each_order_once() {
        let all = orders(&[1, 2, 3, 4]);
        assert_eq!(all.first(), Some(&vec![1, 2, 3, 4]));
        assert_eq!((all.len(), all.into_iter().collect::<BTreeSet<_>>().len()), (24, 24));
        assert_eq!(orders::<u8>(&[]), [Vec::<u8>::new()]);
    }
}
