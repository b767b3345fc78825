//! Payments between holders of accounts.

use engine::ledger::Ledger;
use engine::money::{Money, payment};

use crate::accounts::Why;
use crate::components::Books;
use crate::state::Regions;

/// Moves money between two firms that need not share a region or currency, given the row and region of payer and
/// receiver: `amount` in the currency of the payer. The receiver gets the amount at the exchange rate, rounded once; the
/// payer's region owes the receiver's.
pub(crate) fn transfer_deposits(
    ((payer, o), (receiver, l)): ((usize, usize), (usize, usize)),
    amount: Money,
    (paid, received): (Why, Why),
    books: &mut [Books],
    regions: &mut Regions,
    ledger: &mut Ledger,
) -> Money {
    books[payer].deposits -= amount;
    if o == l {
        books[receiver].deposits += amount;
        return amount;
    }
    let rate = regions.states[o].exchange_rate / regions.states[l].exchange_rate;
    let got = payment(rate, amount);
    books[receiver].deposits += got;
    ledger.post(o, paid as u16, amount);
    ledger.post(l, received as u16, got);
    regions.claims[l * regions.states.len() + o] += amount;
    got
}
