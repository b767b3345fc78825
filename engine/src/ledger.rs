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

    /// An id of the whole chart: names, sides and legs.
    #[must_use]
    pub fn id(&self) -> u64 {
        let mut digest = crate::digest::Digest::new();
        for account in self.accounts {
            digest.text(account.name).value(account.side == Side::Asset);
        }
        for reason in self.reasons {
            digest.text(reason.name).value(reason.code).value(reason.legs.len() as u64);
            for &(account, sign) in reason.legs {
                digest.value(account.0).value(sign);
            }
        }
        digest.finish()
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
    /// Saved books belong to another chart or other units.
    #[error(
        "the saved books are of another chart or other units: resume with the program and configuration that wrote them"
    )]
    OtherChart,
}

/// The part of a [`Ledger`] that a checkpoint holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    chart_id: u64,
    units: Vec<String>,
    tick: Tick,
    /// unit x account, minor units
    opening: Vec<i128>,
    /// unit x account, minor units: after all closed ticks
    balances: Vec<i128>,
    /// unit x reason, minor units: postings of all closed ticks
    posted: Vec<i128>,
    /// unit x reason, minor units: postings of the open tick
    flows: Vec<i128>,
}
crate::content!(Books { chart_id, units, tick, opening, balances, posted, flows });

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
        let (n, accounts, reasons) = (units.len(), chart.accounts.len(), chart.reasons.len());
        let books = Books {
            chart_id: chart.id(),
            units,
            tick: 0,
            opening: vec![0; n * accounts],
            balances: vec![0; n * accounts],
            posted: vec![0; n * reasons],
            flows: vec![0; n * reasons],
        };
        Self { chart, books }
    }

    /// The books as saved by a checkpoint, under the same chart.
    ///
    /// # Errors
    /// [`LedgerError::OtherChart`] if the books were kept under another chart or are malformed.
    pub fn from_books(chart: Chart, books: Books) -> Result<Self, LedgerError> {
        let n = books.units.len();
        let (accounts, reasons) = (n * chart.accounts.len(), n * chart.reasons.len());
        let fits = books.chart_id == chart.id()
            && [books.opening.len(), books.balances.len()] == [accounts; 2]
            && [books.posted.len(), books.flows.len()] == [reasons; 2];
        if fits { Ok(Self { chart, books }) } else { Err(LedgerError::OtherChart) }
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
        let cell = self.account_cell(unit, account);
        self.books.opening[cell] += amount;
        self.books.balances[cell] += amount;
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
        let cell = self.reason_cell(unit, reason);
        self.books.flows[cell] += amount;
    }

    /// What was posted under `reason` in `unit` in the open tick.
    ///
    /// # Panics
    /// If there is no such unit or reason.
    #[must_use]
    #[track_caller]
    pub fn flow(&self, unit: usize, reason: u16) -> i128 {
        self.books.flows[self.reason_cell(unit, reason)]
    }

    /// What was posted under `reason` in `unit` in all closed ticks.
    ///
    /// # Panics
    /// If there is no such unit or reason.
    #[must_use]
    #[track_caller]
    pub fn posted(&self, unit: usize, reason: u16) -> i128 {
        self.books.posted[self.reason_cell(unit, reason)]
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
        self.books.balances[self.account_cell(unit, account)] + open
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
        let accounts = self.chart.accounts.len();
        let span = unit * accounts..(unit + 1) * accounts;
        let balances = &self.books.balances[span.clone()];
        let posted = self.changes(&self.books.posted, unit);
        let opening = &self.books.opening[span];
        for (index, account) in self.chart.accounts.iter().enumerate() {
            let difference = balances[index] - opening[index] - posted[index];
            if difference != 0 {
                return Err(LedgerError::Account { tick, unit: name(), account: account.name, difference });
            }
        }
        let difference = self.assets_minus_liabilities(balances);
        if difference != 0 {
            return Err(LedgerError::Unbalanced { tick, unit: name(), difference });
        }
        Ok(())
    }

    /// Audits the books, adds the flows of the tick to the balances and opens the next tick with flows of zero. Read
    /// the flows of the tick before.
    ///
    /// # Errors
    /// The first [`LedgerError`] found; the books are then left as they were.
    pub fn close_tick(&mut self) -> Result<(), LedgerError> {
        self.audit()?;
        let accounts = self.chart.accounts.len();
        for unit in 0..self.units() {
            let changes = self.changes(&self.books.flows, unit);
            for (balance, change) in self.books.balances[unit * accounts..].iter_mut().zip(changes) {
                *balance += change;
            }
        }
        for (posted, flow) in self.books.posted.iter_mut().zip(&mut self.books.flows) {
            *posted += std::mem::take(flow);
        }
        self.books.tick += 1;
        Ok(())
    }

    fn changes(&self, flows: &[i128], unit: usize) -> Vec<i128> {
        let mut changes = vec![0; self.chart.accounts.len()];
        for reason in self.chart.reasons {
            let flow = flows[self.reason_cell(unit, reason.code)];
            for &(account, sign) in reason.legs {
                changes[usize::from(account.0)] += i128::from(sign) * flow;
            }
        }
        changes
    }

    fn assets_minus_liabilities(&self, row: &[i128]) -> i128 {
        row.iter()
            .zip(self.chart.accounts)
            .map(|(amount, account)| if account.side == Side::Asset { *amount } else { -amount })
            .sum()
    }

    #[track_caller]
    fn reason_cell(&self, unit: usize, reason: u16) -> usize {
        let (units, reasons) = (self.units(), self.chart.reasons.len());
        assert!(unit < units, "there is no unit {unit}: the ledger has {units}");
        assert!(usize::from(reason) < reasons, "there is no reason with code {reason}: the chart has {reasons}");
        unit * reasons + usize::from(reason)
    }

    #[track_caller]
    fn account_cell(&self, unit: usize, account: AccountId) -> usize {
        let (units, accounts) = (self.units(), self.chart.accounts.len());
        assert!(unit < units, "there is no unit {unit}: the ledger has {units}");
        assert!(usize::from(account.0) < accounts, "there is no account {}: the chart has {accounts}", account.0);
        unit * accounts + usize::from(account.0)
    }
}

#[cfg(test)]
mod tests;
