//! Double-entry books with reason codes.
//!
//! The caller supplies a static [`Chart`]: accounts, each on one side of a balance sheet, and reasons, each a list of
//! legs that add an amount to or subtract it from accounts. Every unit (say, a region with its currency) has its own
//! books over the same chart. A posting names a unit, a reason and an amount; what it does to the accounts follows from
//! the legs, which are checked when the chart is built: a reason must change total assets as much as total
//! liabilities. So no posting can unbalance books, and one sum per (unit, reason) and tick is the whole
//! transactions-flow matrix.
//!
//! All totals are i128 and exact.

use serde::{Deserialize, Serialize};

use crate::Tick;
use crate::content::Named;
use crate::digest::Digest;

/// The side of the balance sheet that an account stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What is owned, such as coins in a purse.
    Asset,
    /// What is owed, and net worth.
    Liability,
}

/// One account of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name, such as `purses.coins`.
    pub name: &'static str,
    /// The side of the balance sheet.
    pub side: Side,
}

/// The place of an account in its chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountId(pub u16);

/// One leg of a reason: the account it touches and whether the amount is added (`1`) or subtracted (`-1`).
pub type Leg = (AccountId, i8);

/// Why money moves, and what that does to the accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The code, equal to the place of the reason in the chart.
    pub code: u16,
    /// The name, such as `gifts`.
    pub name: &'static str,
    /// What one unit of the amount does to the accounts.
    pub legs: &'static [Leg],
}

/// Why a chart was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChartError {
    /// Two accounts or two reasons share a name.
    #[error("the chart has two entries called `{0}`: give each its own name")]
    DuplicateName(&'static str),
    /// A code is not the place of its reason.
    #[error("reason `{name}` has code {code} but stands at place {place}: list reasons in the order of their codes")]
    Code {
        /// The reason.
        name: &'static str,
        /// Its code.
        code: u16,
        /// Its place.
        place: usize,
    },
    /// A leg names an account that does not exist, has a sign other than 1 and -1, or repeats an account.
    #[error("leg {leg} of reason `{name}` is not valid: a leg is an account of the chart, once, with 1 or -1")]
    Leg {
        /// The reason.
        name: &'static str,
        /// The place of the leg.
        leg: usize,
    },
    /// The legs do not keep assets minus liabilities unchanged.
    #[error("reason `{name}` changes assets minus liabilities by {difference} times its amount: its legs must balance")]
    Unbalanced {
        /// The reason.
        name: &'static str,
        /// What a posting of one does to assets minus liabilities.
        difference: i64,
    },
}

/// The accounts and reasons of all books, checked. By default there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    accounts: &'static [Account],
    reasons: &'static [Reason],
}

impl Chart {
    /// A chart of these accounts and reasons.
    ///
    /// # Errors
    /// [`ChartError`] if a name repeats, a code is not the place of its reason, a leg is not valid, or the legs of a
    /// reason do not keep assets minus liabilities unchanged.
    pub fn new(accounts: &'static [Account], reasons: &'static [Reason]) -> Result<Self, ChartError> {
        for (index, account) in accounts.iter().enumerate() {
            if accounts[..index].iter().any(|other| other.name == account.name) {
                return Err(ChartError::DuplicateName(account.name));
            }
        }
        for (place, reason) in reasons.iter().enumerate() {
            if reasons[..place].iter().any(|other| other.name == reason.name) {
                return Err(ChartError::DuplicateName(reason.name));
            }
            if usize::from(reason.code) != place {
                return Err(ChartError::Code { name: reason.name, code: reason.code, place });
            }
            check_legs(accounts, reason)?;
        }
        Ok(Self { accounts, reasons })
    }

    /// The accounts, by id.
    #[must_use]
    pub const fn accounts(&self) -> &'static [Account] {
        self.accounts
    }

    /// The reasons, by code.
    #[must_use]
    pub const fn reasons(&self) -> &'static [Reason] {
        self.reasons
    }

    /// The account called `name`.
    #[must_use]
    pub fn account(&self, name: &str) -> Option<AccountId> {
        self.accounts.iter().position(|account| account.name == name).map(|place| AccountId(place as u16))
    }

    /// What makes each account what it is: name and side.
    fn account_ids(&self) -> Vec<u64> {
        let id = |account: &Account| Digest::new().text(account.name).value(account.side == Side::Asset).finish();
        self.accounts.iter().map(id).collect()
    }

    /// What makes each reason what it is: name and legs.
    fn reason_ids(&self) -> Vec<u64> {
        let id = |reason: &Reason| {
            let mut digest = Digest::new();
            digest.text(reason.name);
            for &(account, sign) in reason.legs {
                digest.text(self.accounts[usize::from(account.0)].name).value(sign);
            }
            digest.finish()
        };
        self.reasons.iter().map(id).collect()
    }
}

fn check_legs(accounts: &[Account], reason: &Reason) -> Result<(), ChartError> {
    let mut difference = 0;
    for (leg, &(account, sign)) in reason.legs.iter().enumerate() {
        let repeated = reason.legs[..leg].iter().any(|&(other, _)| other == account);
        match accounts.get(usize::from(account.0)) {
            Some(account) if !repeated && sign.abs() == 1 => {
                difference += match account.side {
                    Side::Asset => i64::from(sign),
                    Side::Liability => -i64::from(sign),
                };
            }
            _ => return Err(ChartError::Leg { name: reason.name, leg }),
        }
    }
    if difference == 0 { Ok(()) } else { Err(ChartError::Unbalanced { name: reason.name, difference }) }
}

/// Books that do not hold. Names the unit, the reason or account, and the difference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The balances of a unit do not balance, so it was opened with unequal sides.
    #[error("tick {tick}, {unit}: assets exceed liabilities by {difference}: check the opening balances")]
    Unbalanced {
        /// The open tick.
        tick: Tick,
        /// The unit.
        unit: String,
        /// Assets minus liabilities.
        difference: i128,
    },
    /// A balance is not what its opening and all postings since then make it.
    #[error("tick {tick}, {unit}: `{account}` differs by {difference} from its opening balance and postings")]
    Account {
        /// The open tick.
        tick: Tick,
        /// The unit.
        unit: String,
        /// The account.
        account: &'static str,
        /// The balance minus what it should be.
        difference: i128,
    },
    /// Saved books hold what the chart has not, or other units.
    #[error(
        "the saved books are of another chart or other units: resume with the program and configuration that wrote them"
    )]
    OtherChart,
}

/// The part of a [`Ledger`] that a checkpoint holds. What was never posted or opened enters neither checkpoint nor digest, so an account or
/// reason that nobody uses changes neither, wherever it stands in the chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    units: Vec<String>,
    tick: Tick,
    /// account x unit, minor units
    opening: Named<i128>,
    /// account x unit, minor units: after all closed ticks
    balances: Named<i128>,
    /// reason x unit, minor units: postings of all closed ticks
    posted: Named<i128>,
    /// reason x unit, minor units: postings of the open tick
    flows: Named<i128>,
}
crate::content!(Books { units, tick, opening, balances, posted, flows });

/// The books of all units. Saved are the balances; the chart comes back with [`Ledger::under`].
#[derive(Clone, Debug, PartialEq, Eq, bevy_ecs::resource::Resource, Serialize, Deserialize)]
pub struct Ledger {
    #[serde(skip)]
    chart: Chart,
    books: Books,
}
crate::content!(Ledger { books } scratch { chart });

impl Ledger {
    /// Empty books for `units`, whose names appear in errors.
    #[must_use]
    pub fn new(chart: Chart, units: Vec<String>) -> Self {
        let (accounts, reasons) = (chart.account_ids(), chart.reason_ids());
        let books = Books {
            tick: 0,
            opening: Named::new(&accounts, units.len()),
            balances: Named::new(&accounts, units.len()),
            posted: Named::new(&reasons, units.len()),
            flows: Named::new(&reasons, units.len()),
            units,
        };
        Self { chart, books }
    }

    /// The books as saved by a checkpoint, under a chart in which all accounts and reasons that they use are the same.
    ///
    /// # Errors
    /// [`LedgerError::OtherChart`] if one of these is missing or another in the chart, or the books are malformed.
    pub fn from_books(chart: Chart, books: Books) -> Result<Self, LedgerError> {
        let (accounts, reasons) = (chart.account_ids(), chart.reason_ids());
        let n = books.units.len();
        let under = |held: Named<i128>, ids: &[u64]| held.under(ids, n).ok_or(LedgerError::OtherChart);
        let books = Books {
            opening: under(books.opening, &accounts)?,
            balances: under(books.balances, &accounts)?,
            posted: under(books.posted, &reasons)?,
            flows: under(books.flows, &reasons)?,
            ..books
        };
        Ok(Self { chart, books })
    }

    /// The same books under a chart, as after a checkpoint was read.
    ///
    /// # Errors
    /// As [`Ledger::from_books`].
    pub fn under(self, chart: Chart) -> Result<Self, LedgerError> {
        Self::from_books(chart, self.books)
    }

    /// What a checkpoint must hold.
    #[must_use]
    pub const fn books(&self) -> &Books {
        &self.books
    }

    /// The chart.
    #[must_use]
    pub const fn chart(&self) -> &Chart {
        &self.chart
    }

    /// The number of units.
    #[must_use]
    pub const fn units(&self) -> usize {
        self.books.units.len()
    }

    /// The tick whose postings are open.
    #[must_use]
    pub const fn tick(&self) -> Tick {
        self.books.tick
    }

    /// Adds `amount` to the opening balance of `account`. Before the first tick closes; both sides of a unit must come
    /// out equal, which [`Ledger::audit`] checks.
    ///
    /// # Panics
    /// If a tick has been closed already, or there is no such unit or account.
    pub fn open(&mut self, unit: usize, account: AccountId, amount: i128) {
        assert_eq!(self.books.tick, 0, "opening balances are set before the first tick closes");
        let place = self.account_place(unit, account);
        self.books.opening.column_mut(place)[unit] += amount;
        self.books.balances.column_mut(place)[unit] += amount;
    }

    /// Posts `amount` (minor units of the unit's currency) under `reason` in the books of `unit`.
    ///
    /// # Panics
    /// If there is no such unit or reason.
    #[track_caller]
    pub fn post(&mut self, unit: usize, reason: u16, amount: i64) {
        self.post_sum(unit, reason, i128::from(amount));
    }

    /// Posts a sum of any size, see [`Ledger::post`].
    ///
    /// # Panics
    /// If there is no such unit or reason.
    #[track_caller]
    fn post_sum(&mut self, unit: usize, reason: u16, amount: i128) {
        let place = self.reason_place(unit, reason);
        self.books.flows.column_mut(place)[unit] += amount;
    }

    /// What was posted under `reason` in `unit` in the open tick.
    ///
    /// # Panics
    /// If there is no such unit or reason.
    #[must_use]
    #[track_caller]
    pub fn flow(&self, unit: usize, reason: u16) -> i128 {
        self.books.flows.column(self.reason_place(unit, reason))[unit]
    }

    /// What was posted under `reason` in `unit` in all closed ticks.
    ///
    /// # Panics
    /// If there is no such unit or reason.
    #[must_use]
    #[track_caller]
    pub fn posted(&self, unit: usize, reason: u16) -> i128 {
        self.books.posted.column(self.reason_place(unit, reason))[unit]
    }

    /// The balance of `account` including the postings of the open tick.
    ///
    /// # Panics
    /// If there is no such unit or account.
    #[must_use]
    pub fn balance(&self, unit: usize, account: AccountId) -> i128 {
        let open: i128 = self
            .chart
            .reasons
            .iter()
            .flat_map(|reason| reason.legs.iter().map(move |leg| (reason.code, leg)))
            .filter(|(_, leg)| leg.0 == account)
            .map(|(code, leg)| i128::from(leg.1) * self.flow(unit, code))
            .sum();
        self.books.balances.column(self.account_place(unit, account))[unit] + open
    }

    /// Checks the books of all units: that balances balance, and that each is its opening plus all postings since then.
    /// That a reason changes both sides alike is known of its legs, see [`Chart::new`].
    ///
    /// # Errors
    /// The first [`LedgerError`] found.
    pub fn audit(&self) -> Result<(), LedgerError> {
        (0..self.units()).try_for_each(|unit| self.audit_unit(unit))
    }

    fn audit_unit(&self, unit: usize) -> Result<(), LedgerError> {
        let (tick, name) = (self.books.tick, || self.books.units[unit].clone());
        let posted = self.changes(&self.books.posted, unit);
        let mut excess = 0;
        for (place, account) in self.chart.accounts.iter().enumerate() {
            let balance = self.books.balances.column(place)[unit];
            let difference = balance - self.books.opening.column(place)[unit] - posted[place];
            if difference != 0 {
                return Err(LedgerError::Account { tick, unit: name(), account: account.name, difference });
            }
            excess += if account.side == Side::Asset { balance } else { -balance };
        }
        if excess == 0 { Ok(()) } else { Err(LedgerError::Unbalanced { tick, unit: name(), difference: excess }) }
    }

    /// Audits the books, adds the flows of the tick to the balances and opens the next tick with flows of zero. Read
    /// the flows of the tick before.
    ///
    /// # Errors
    /// The first [`LedgerError`] found; the books are then left as they were.
    pub fn close_tick(&mut self) -> Result<(), LedgerError> {
        self.audit()?;
        for unit in 0..self.units() {
            for (place, change) in self.changes(&self.books.flows, unit).into_iter().enumerate() {
                self.books.balances.column_mut(place)[unit] += change;
            }
        }
        for place in 0..self.chart.reasons.len() {
            let (posted, flows) = (self.books.posted.column_mut(place), self.books.flows.column_mut(place));
            for (posted, flow) in posted.iter_mut().zip(flows) {
                *posted += std::mem::take(flow);
            }
        }
        self.books.tick += 1;
        Ok(())
    }

    /// What flows did to each account of a unit.
    fn changes(&self, flows: &Named<i128>, unit: usize) -> Vec<i128> {
        let mut changes = vec![0; self.chart.accounts.len()];
        for reason in self.chart.reasons {
            let flow = flows.column(usize::from(reason.code))[unit];
            for &(account, sign) in reason.legs {
                changes[usize::from(account.0)] += i128::from(sign) * flow;
            }
        }
        changes
    }

    #[track_caller]
    fn reason_place(&self, unit: usize, reason: u16) -> usize {
        let (units, reasons, place) = (self.units(), self.chart.reasons.len(), usize::from(reason));
        assert!(unit < units, "there is no unit {unit}: the ledger has {units}");
        assert!(place < reasons, "there is no reason with code {reason}: the chart has {reasons}");
        place
    }

    #[track_caller]
    fn account_place(&self, unit: usize, account: AccountId) -> usize {
        let (units, accounts, place) = (self.units(), self.chart.accounts.len(), usize::from(account.0));
        assert!(unit < units, "there is no unit {unit}: the ledger has {units}");
        assert!(place < accounts, "there is no account {place}: the chart has {accounts}");
        place
    }
}

#[cfg(test)]
mod tests;
