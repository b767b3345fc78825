//! Equity of plants: paid by the owner, across the border where the owner is resident elsewhere.

use engine::money::{Money, converted, round_half_even};

use super::frame::{Firms, Frame};
use super::sites::Moves;
use crate::accounts::Why;
use crate::axes::{Host, Owner};
use crate::paying::Payments;

/// Moves money between two firms that need not share a region or currency: `amount` in the currency of the payer. The
/// receiver gets the amount at the exchange rate, rounded once; the payer's region owes the receiver's.
pub(super) fn transfer(
    (payer, receiver): (usize, usize),
    amount: Money,
    firms: &mut Firms,
    payments: &mut Payments,
) -> Money {
    let (o, l) = (firms.firm[payer].region as usize, firms.firm[receiver].region as usize);
    let why = (Why::DirectInvestmentPaid, Why::DirectInvestmentReceived);
    payments.between_firms(((payer, o), (receiver, l)), why, amount, firms.books)
}

/// The owner of a plant pays it equity, money of the plant's region, as far as its deposits above a quarter of their target
/// go. For the rest it raises capital from the equity fund of its region, as far as a twentieth of the dividends that lie there
/// goes, and asks its bank for credit, both to pay in a later tick. A plant without an owner abroad gets none.
pub(super) fn pay_equity(
    frame: Frame,
    row: usize,
    wish: Money,
    firms: &mut Firms,
    payments: &mut Payments,
    moves: &mut Moves,
) {
    let Some(owner) = firms.firm[row].owner() else { return };
    let (o, l) = (firms.firm[owner].region as usize, firms.firm[row].region as usize);
    let p = &frame.p.firms;
    let wish = converted(wish, payments.exchange_rate(l, o));
    let floor = 0.25 * frame.liquidity_target(&firms.offer[owner]);
    // Rule: who has less than the floor pays nothing.
    let spare = (firms.books[owner].deposits - round_half_even(floor)).max(0);
    let amount = wish.min(spare);
    transfer((owner, row), amount, firms, payments);
    moves.invested[(Owner(o), Host(l))] += amount;
    let missing = wish - amount;
    let raised = missing.min(payments.regions.states[o].fund.dividends / 20).max(0);
    payments.post(o, Why::CapitalInjection, raised);
    firms.books[owner].deposits += raised;
    let (plan, plant) = (&mut firms.plan[owner], &firms.plants[owner]);
    let worth = p.loan_to_value_limit * plant.capital.as_f64() * payments.regions.states[o].prices.capital;
    let room = (worth - (firms.books[owner].loans + plan.credit) as f64).max(0.0);
    plan.credit += round_half_even(((missing - raised) as f64).min(room));
}
