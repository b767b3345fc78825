//! The one way to pay: a reason moves the books, the balances of institutions, the budget and claims abroad together.
//!
//! Many hold deposits of households and firms: a stage moves these itself, in parallel, and adds up by reason what it
//! moved ([`Sums`]); [`Payments::post`] does the rest. What a payment moves follows from the legs of its reason in
//! [`crate::accounts`], so that a new tax is a new reason and nothing here.

use bevy_ecs::prelude::{Query, ResMut};
use bevy_ecs::system::SystemParam;
use engine::columns::columns_mut;
use engine::ledger::Ledger;
use engine::money::{Money, converted, narrowed};

use crate::accounts::{Line, Why, lines, reason_count};
use crate::axes::{Debtor, Holder};
use crate::components::{Bank, Books, CentralBank, Government};
use crate::geography::rows_of;
use crate::state::{Fund, Regions};

/// What a stage that pays asks for: the books, and the institutions of all regions.
#[derive(SystemParam)]
pub struct Institutions<'w, 's> {
    regions: ResMut<'w, Regions>,
    ledger: ResMut<'w, Ledger>,
    governments: Query<'w, 's, &'static mut Government>,
    banks: Query<'w, 's, &'static mut Bank>,
    central: Query<'w, 's, &'static mut CentralBank>,
}

impl Institutions<'_, '_> {
    /// Opens the accounts for a stage.
    pub fn open(&mut self) -> Payments<'_> {
        Payments {
            regions: &mut self.regions,
            ledger: &mut self.ledger,
            governments: columns_mut(&mut self.governments),
            banks: columns_mut(&mut self.banks),
            central: columns_mut(&mut self.central),
        }
    }
}

/// The institutions that a payment moves, by the words that lines use for them.
struct OfRegion<'a> {
    fund: &'a mut Fund,
    banks: &'a mut Bank,
    governments: &'a mut Government,
    central_banks: &'a mut CentralBank,
}

macro_rules! add {
    ($($name:ident: $side:ident, $label:literal $(, of $holder:ident.$field:ident $(, at $bank:ident)?)?;)*) => {
        impl OfRegion<'_> {
            /// Adds an amount to a line that an institution holds or owes. Lines of many are moved by who calls; those without a holder
            /// are known from the other side. Claims by debtor are in `Regions::claims`, their value is booked when exchange rates are known.
            fn add(&mut self, line: Line, moved: Money) {
                match line { $(Line::$name => { $(add!(@to self.$holder.$field, moved);)? })* }
            }
        }
    };
    (@to $by:ident.households.$field:ident, $moved:ident) => {};
    (@to $by:ident.firms.$field:ident, $moved:ident) => {};
    (@to $by:ident.$holder:ident.$field:ident, $moved:ident) => { $by.$holder.$field += $moved };
}
lines!(add);

/// The books and the institutions of all regions, by region.
pub struct Payments<'a> {
    /// State of the regions, the funds and claims between regions in it.
    pub regions: &'a mut Regions,
    ledger: &'a mut Ledger,
    /// Governments.
    pub governments: &'a mut [Government],
    /// Banks, sorted by region.
    pub banks: &'a mut [Bank],
    /// Central banks.
    pub central: &'a mut [CentralBank],
}

impl Payments<'_> {
    /// Posts an amount, money of the region: the books, the balances of the region's institutions and the budget. Deposits and
    /// loans of households and firms are moved by who calls.
    ///
    /// The region's first bank books what moves banks; others settle with it at the end of the tick. What a bank earns or loses by
    /// goes through [`Payments::post_at`].
    ///
    /// # Panics
    /// If a bank earns or loses by it: which one is not said.
    pub fn post(&mut self, region: usize, why: Why, amount: Money) {
        assert!(why.bank_profit() == 0, "{why:?} is of one bank");
        let first = self.banks_of(region).start;
        self.post_at(first, why, amount);
    }

    /// As [`Payments::post`] at a bank.
    pub fn post_at(&mut self, bank: usize, why: Why, amount: Money) {
        let region = self.banks[bank].region as usize;
        self.ledger.post(region, why as u16, amount);
        let mut of = OfRegion {
            fund: &mut self.regions.states[region].fund,
            banks: &mut self.banks[bank],
            governments: &mut self.governments[region],
            central_banks: &mut self.central[region],
        };
        why.note(&mut of.governments.budget, amount);
        of.banks.earned += why.bank_profit() * amount;
        if why.writes_off() {
            of.banks.losses += amount;
        }
        for (line, sign) in why.legs() {
            of.add(line, sign * amount);
            if line == Line::FundDeposits {
                why.note_fund(of.fund, sign * amount);
            }
        }
    }

    /// Posts all sums of a part of a stage, those of the customers of a bank.
    pub fn post_all(&mut self, bank: usize, sums: &Sums) {
        for &why in Why::ALL {
            let amount = sums.of(why);
            if amount != 0 {
                self.post_at(bank, why, amount);
            }
        }
    }

    /// Banks of a region.
    #[must_use]
    pub fn banks_of(&self, region: usize) -> std::ops::Range<usize> {
        rows_of(self.banks, |bank| bank.region, region)
    }

    /// A bank pays a dividend to the fund of its region, whose account is with the first bank there.
    pub fn pay_bank_dividend(&mut self, bank: usize, dividend: Money) {
        self.post_at(bank, Why::BankDividends, dividend);
        let first = self.banks_of(self.banks[bank].region as usize).start;
        for (bank, moved) in [(bank, -dividend), (first, dividend)] {
            self.banks[bank].deposits += moved;
            self.banks[bank].reserves += moved;
        }
    }

    /// A bank writes off what a customer owes, loans and an overdraft.
    pub fn write_off(&mut self, bank: usize, loans: Money, overdraft: Money) {
        self.post_at(bank, Why::LoansWrittenOff, loans);
        self.post_at(bank, Why::OverdraftsWrittenOff, overdraft);
    }

    /// A payment from one region to another, of which it is known what either side books: the payer's region owes the receiver's.
    pub fn post_across(
        &mut self,
        (from, to): (usize, usize),
        (paid, received): (Why, Why),
        amount: Money,
        arrives: Money,
    ) {
        self.post(from, paid, amount);
        self.post(to, received, arrives);
        self.regions.claims[(Holder(to), Debtor(from))] += amount;
    }

    /// As [`Payments::post_across`] for an amount in the payer's currency that arrives at the exchange rate, rounded once. Returns what
    /// arrives.
    pub fn send_abroad(&mut self, (from, to): (usize, usize), why: (Why, Why), amount: Money) -> Money {
        let arrives = converted(amount, self.exchange_rate(from, to));
        self.post_across((from, to), why, amount, arrives);
        arrives
    }

    /// Moves money between two firms that need not share a region or currency, given the row and region of payer and
    /// receiver: `amount` in the currency of the payer. Returns what the receiver got.
    pub fn between_firms(
        &mut self,
        ((payer, o), (receiver, l)): ((usize, usize), (usize, usize)),
        why: (Why, Why),
        amount: Money,
        books: &mut [Books],
    ) -> Money {
        books[payer].deposits -= amount;
        let got = if o == l { amount } else { self.send_abroad((o, l), why, amount) };
        books[receiver].deposits += got;
        got
    }

    /// Units of the currency of `to` for a unit of the currency of `from`.
    #[must_use]
    pub fn exchange_rate(&self, from: usize, to: usize) -> f64 {
        self.regions.states[from].exchange_rate / self.regions.states[to].exchange_rate
    }

    /// Balance of a line with the open tick, minor units.
    ///
    /// # Panics
    /// If the balance leaves the range of money.
    #[must_use]
    pub fn balance(&self, region: usize, line: Line) -> Money {
        narrowed(self.ledger.balance(region, line.into()))
    }
}

/// Amounts by reason, added up by a part of a stage before they are posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums([Money; reason_count()]);

impl Default for Sums {
    fn default() -> Self {
        Self([0; reason_count()])
    }
}

impl Sums {
    /// Adds an amount under a reason.
    #[inline]
    pub fn add(&mut self, why: Why, amount: Money) {
        self.0[why as usize] += amount;
    }

    /// Sum of a reason.
    #[must_use]
    pub fn of(&self, why: Why) -> Money {
        self.0[why as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::chart;
    use crate::state::RegionState;

    /// Two regions of which the first has a currency worth twice that of the second.
    struct Two(Regions, Ledger, Vec<Government>, Vec<Bank>, Vec<CentralBank>);

    impl Two {
        fn new() -> Self {
            let state = |exchange_rate| RegionState { exchange_rate, ..RegionState::default() };
            Self(
                Regions { states: vec![state(2.0), state(1.0)], claims: engine::grid::Grid::filled([2, 2], 0) },
                Ledger::new(chart(), vec!["A".into(), "B".into()]),
                vec![Government::default(); 2],
                [0, 1].map(|region| Bank { region, ..Bank::default() }).to_vec(),
                vec![CentralBank::default(); 2],
            )
        }

        fn open(&mut self) -> Payments<'_> {
            Payments {
                regions: &mut self.0,
                ledger: &mut self.1,
                governments: &mut self.2,
                banks: &mut self.3,
                central: &mut self.4,
            }
        }
    }

    #[test]
    fn a_tax_reaches_the_treasury_its_budget_and_the_bank() {
        let mut two = Two::new();
        two.open().post(1, Why::IncomeTax, 30);
        assert_eq!((two.2[1].account, two.2[1].budget.income_tax), (30, 30));
        // Households' deposits leave the bank, and its reserves with them.
        assert_eq!((two.3[1].deposits, two.3[1].reserves, two.3[1].equity()), (-30, -30, 0));
        assert_eq!(two.2[0], Government::default());
    }

    #[test]
    fn what_a_bank_earns_or_loses_is_its_own() {
        let mut two = Two::new();
        two.3.insert(1, Bank::default());
        two.open().post_at(1, Why::LoanInterest, 8);
        two.open().write_off(1, 5, 1);
        assert_eq!(two.3.iter().map(Bank::equity).collect::<Vec<_>>(), [0, 2, 0]);
        assert_eq!((two.3[1].deposits, two.3[1].loans, two.3[1].losses), (-7, -5, 6));
        // A dividend goes to the fund at the first bank, and reserves with it.
        two.open().pay_bank_dividend(1, 2);
        assert_eq!((two.3[1].equity(), two.3[1].deposits, two.3[1].reserves), (0, -7, -2));
        assert_eq!((two.3[0].equity(), two.3[0].deposits, two.3[0].reserves), (0, 2, 2));
        // A tax does not say whose bank it went through: the first books it.
        two.open().post(1, Why::IncomeTax, 3);
        assert_eq!((two.3[2].deposits, two.3[1].deposits), (-3, -7));
        assert_eq!([Why::LoanInterest, Why::LoansGranted, Why::BankDividends].map(Why::bank_profit), [1, 0, -1]);
    }

    #[test]
    fn the_fund_knows_what_it_holds_money_for() {
        let mut two = Two::new();
        let mut sums = Sums::default();
        sums.add(Why::Dividends, 50);
        sums.add(Why::FundPayout, 20);
        sums.add(Why::PensionContributions, 7);
        two.open().post_all(0, &sums);
        let state = &two.0.states[0];
        assert_eq!((state.fund.deposits, state.fund.dividends, state.fund.pension_pool), (37, 30, 7));
    }

    #[test]
    fn a_payment_abroad_is_owed_and_arrives_at_the_exchange_rate() {
        let mut two = Two::new();
        let mut books = vec![Books { deposits: 100, ..Books::default() }; 2];
        let why = (Why::DirectInvestmentPaid, Why::DirectInvestmentReceived);
        assert_eq!(two.open().between_firms(((0, 0), (1, 1)), why, 40, &mut books), 80);
        assert_eq!((books[0].deposits, books[1].deposits), (60, 180));
        // B's claim on A, in A's currency.
        assert_eq!(two.0.claims.as_slice(), [0, 0, 40, 0]);
        // At home nothing is owed.
        assert_eq!(two.open().between_firms(((1, 1), (0, 1)), why, 30, &mut books), 30);
        assert_eq!(two.0.claims.as_slice(), [0, 0, 40, 0]);
    }
}
