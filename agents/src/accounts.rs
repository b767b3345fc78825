//! The chart of accounts and the reason code of every payment, one set of books a region.
//!
//! Each reason is a claim about who pays whom: its legs keep assets less liabilities of the region's books at
//! zero. Cross-border payments settle through the central banks: in the payer's region a claim of the rest of the
//! world arises, in the receiver's region a claim on the rest of the world.
//!
//! A reason also says which lines of the government's budget it belongs to, and what the fund holds the money for.
//!
//! Source: System of National Accounts 2008, chapters 2 and 26; Godley and Lavoie (2007), transactions-flow matrix.

use engine::ledger::{Account, AccountId, Chart, Reason, Side};
use engine::money::Money;
use serde::{Deserialize, Serialize};

use crate::state::Fund;

/// Lines of a region's balance sheet: name, side, what it is called, and in which field of whom it is held or owed (`of`; of the fund, of
/// households and so on), with which line of their bank as the other side (`at`). Handed to a macro. Lines without a holder are the other
/// side of others.
macro_rules! lines {
    ($then:ident) => {
        $then! {
            HouseholdDeposits: Asset, "household deposits", of households.deposits, at BankDeposits;
            FirmDeposits: Asset, "firm deposits", of firms.deposits, at BankDeposits;
            FundDeposits: Asset, "fund deposits", of fund.deposits;
            BankDeposits: Liability, "bank deposits", of banks.deposits;
            FirmLoans: Liability, "firm loans", of firms.loans, at BankLoans;
            BankLoans: Asset, "bank loans", of banks.loans;
            Mortgages: Liability, "mortgages", of households.mortgages, at BankMortgages;
            BankMortgages: Asset, "bank mortgages", of banks.mortgages;
            ConsumerCredit: Liability, "consumer credit", of households.consumer_credit, at BankConsumerCredit;
            BankConsumerCredit: Asset, "bank consumer credit", of banks.consumer_credit;
            GovernmentBonds: Liability, "government bonds", of governments.debt;
            BankBonds: Asset, "bank bonds", of banks.bonds;
            CentralBankBonds: Asset, "central bank bonds", of central_banks.bonds;
            ForeignBonds: Asset, "bonds held by foreign central banks";
            BankReserves: Asset, "bank reserves", of banks.reserves;
            CentralBankReserves: Liability, "central bank reserves issued";
            GovernmentAccount: Asset, "government account", of governments.account;
            CentralBankGovernment: Liability, "central bank liability to government";
            ForeignLiabilities: Liability, "central bank foreign liabilities";
            WorldClaims: Asset, "claims of the rest of the world";
            ForeignAssets: Asset, "central bank foreign assets";
            WorldDebts: Liability, "debts of the rest of the world";
        }
    };
}
pub(crate) use lines;

macro_rules! accounts {
    ($($name:ident: $side:ident, $label:literal $(, of $holder:ident.$field:ident $(, at $bank:ident)?)?;)*) => {
        /// A line of a region's balance sheet.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Line { $(#[doc = $label] $name),* }
        const ACCOUNTS: &[Account] = &[$(Account { name: $label, side: Side::$side }),*];

        impl From<Line> for AccountId {
            fn from(line: Line) -> Self {
                Self(line as u16)
            }
        }

        impl Line {
            /// All lines.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// What the audit asks of a line that has a holder: that what is held or owed is what was posted.
            #[must_use]
            pub const fn identity(self) -> Option<&'static str> {
                match self { $(Self::$name => accounts!(@identity $side $label $($holder)?)),* }
            }

            /// What a bank gains by a unit of it.
            const fn to_a_bank(self) -> i64 {
                match self { $(Self::$name => accounts!(@bank $side $($holder)?)),* }
            }
        }
    };
    (@identity Asset $label:literal $holder:ident) => { Some(concat!($label, " held = posted")) };
    (@identity Liability $label:literal $holder:ident) => { Some(concat!($label, " owed = posted")) };
    (@identity $side:ident $label:literal) => { None };
    (@bank Asset banks) => { 1 };
    (@bank Liability banks) => { -1 };
    (@bank $side:ident $($holder:ident)?) => { 0 };
}
lines!(accounts);

/// Lines of the government's budget: name, what it counts as, what it is, long name and definition of the recorded variable. Handed to a
/// macro.
macro_rules! budget_lines {
    ($then:ident) => {
        $then! {
            duties: TaxOnProducts, "Import duties.", "revenue: import duties", "duties of the government on its own purchases included";
            duties_own: Spending, "Duties the government pays on its own purchases (also inside `duties`).", "duties the government pays to itself", "part of budget_duties";
            production_tax: Revenue, "Taxes on production.", "revenue: taxes on production", "of the table and of measures";
            income_tax: Revenue, "Taxes on household income.", "revenue: taxes on household income", "withheld with the income";
            corporate_tax: Revenue, "Corporate income tax.", "revenue: corporate income tax", "losses are carried forward";
            social_contributions: Revenue, "Social contributions of employers.", "revenue: social contributions", "of employers";
            consumption_tax: TaxOnProducts, "Taxes on consumption.", "revenue: taxes on consumption", "of measures; that of the base year is part of prices";
            central_bank_profit: Revenue, "Central-bank profit.", "revenue: profit of the central bank", "negative is a loss the government bears";
            consumption: Spending, "Purchases of goods and services, duties excluded.", "expenditure: purchases", "duties excluded";
            unemployment_benefits: Spending, "Unemployment benefits.", "expenditure: unemployment benefits", "replacement rate times the present wage of ability, allowances for courses included";
            transfers: Spending, "Pensions and other transfers to households.", "expenditure: pensions and other transfers", "to households; the debt rule and handed-back duties included";
            child_benefits: Spending, "Child benefits.", "expenditure: child benefits", "for children under 15, of measures and out of duties";
            pension_supplements: Spending, "Pensions topped up to a least pension.", "expenditure: pensions topped up", "to the least pension of a measure; the pensions themselves are transfers";
            subsidies: Spending, "Subsidies on production and wages.", "expenditure: subsidies", "on production and wages";
            grants: Spending, "Investment grants.", "expenditure: investment grants", "capital transfers to firms";
            interest: Spending, "Interest on bonds.", "expenditure: interest on bonds", "to bank, central bank and abroad";
            external_transfers: Financing, "Net primary income and transfers from the rest of the world, received less paid.", "net primary income and transfers from the rest of the world", "constant item that offsets the base-year bilateral balances; received less paid";
            bonds_issued: Financing, "Bonds issued less redeemed.", "bonds issued less redeemed", "equal to the deficit";
        }
    };
}
pub(crate) use budget_lines;

/// What a line of the budget counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Revenue that is no tax on products.
    Revenue,
    /// Taxes on products (System of National Accounts 2008, 7.88): revenue, and part of gross domestic product beside value added.
    TaxOnProducts,
    /// Expenditure.
    Spending,
    /// What closes the gap between both.
    Financing,
}

macro_rules! budget {
    ($($line:ident: $role:ident, $doc:literal, $long:literal, $definition:literal;)+) => {
        /// Government receipts and payments of one tick.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct Budget { $(#[doc = $doc] pub $line: Money),+ }
        engine::content!(Budget { $($line),+ });

        impl Budget {
            /// Sum of the lines that count as any of some roles.
            #[must_use]
            pub fn sum(&self, roles: &[Role]) -> Money {
                [$((Role::$role, self.$line)),+].iter().filter(|line| roles.contains(&line.0)).map(|line| line.1).sum()
            }
        }
    };
}
budget_lines!(budget);

impl Budget {
    /// Taxes on products.
    #[must_use]
    pub fn taxes_on_products(&self) -> Money {
        self.sum(&[Role::TaxOnProducts])
    }

    /// All revenue.
    #[must_use]
    pub fn revenue(&self) -> Money {
        self.sum(&[Role::Revenue, Role::TaxOnProducts])
    }

    /// All expenditure.
    #[must_use]
    pub fn expenditure(&self) -> Money {
        self.sum(&[Role::Spending])
    }
}

macro_rules! reasons {
    ($(
        $name:ident, $label:literal, [$($sign:tt $line:ident),* $(,)?]
        $(, budget: [$($budget_sign:tt $budget:ident),*])? $(, fund: $pot:ident)?;
    )*) => {
        /// Why money moved.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Why { $(#[doc = $label] $name),* }
        const REASONS: &[Reason] = &[$(Reason {
            code: Why::$name as u16,
            name: $label,
            legs: &[$((AccountId(Line::$line as u16), reasons!(@sign $sign))),*],
        }),*];

        impl Why {
            /// All reasons.
            pub const ALL: &[Why] = &[$(Why::$name),*];

            /// Lines of the balance sheet that an amount under this reason moves, with their signs.
            pub fn legs(self) -> impl Iterator<Item = (Line, Money)> {
                const LEGS: &[&[(Line, Money)]] = &[$(&[$((Line::$line, reasons!(@sign $sign))),*]),*];
                LEGS[self as usize].iter().copied()
            }

            /// What a bank earns by a unit of it: one, nothing, or less than nothing if it loses.
            #[must_use]
            pub fn bank_profit(self) -> i64 {
                self.legs().map(|(line, sign)| line.to_a_bank() * sign).sum()
            }

            /// Whether a bank writes off by it what a customer owes.
            #[must_use]
            pub fn writes_off(self) -> bool {
                matches!(self, Self::LoansWrittenOff | Self::OverdraftsWrittenOff | Self::CreditWrittenOff)
            }

            /// Notes an amount on the lines of the budget that it belongs to.
            pub(crate) fn note(self, budget: &mut Budget, amount: Money) {
                match self {
                    $(Why::$name => { $($(reasons!(@note $budget_sign budget.$budget, amount);)*)? })*
                }
            }

            /// Notes what the fund's deposits gained on the claim that they are held for.
            pub(crate) fn note_fund(self, fund: &mut Fund, gained: Money) {
                match self {
                    $(Why::$name => { $(fund.$pot += gained;)? })*
                }
            }
        }
    };
    (@sign +) => { 1 };
    (@sign -) => { -1 };
    (@note + $line:expr, $amount:ident) => { $line += $amount };
    (@note - $line:expr, $amount:ident) => { $line -= $amount };
}

reasons! {
    Wages, "wages", [-FirmDeposits, +HouseholdDeposits];
    SocialContributions, "social contributions",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment],
        budget: [+social_contributions];
    IncomeTax, "income tax",
        [-HouseholdDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment],
        budget: [+income_tax];
    ConsumptionTax, "consumption tax",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment],
        budget: [+consumption_tax];
    ProductionTax, "production tax",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment],
        budget: [+production_tax];
    CorporateTax, "corporate tax",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment],
        budget: [+corporate_tax];
    DutiesFirms, "import duties paid by firms",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment],
        budget: [+duties];
    DutiesGovernment, "import duties paid by government to itself", [],
        budget: [+duties, +duties_own];
    UnemploymentBenefits, "unemployment benefits",
        [+HouseholdDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, -GovernmentAccount, -CentralBankGovernment],
        budget: [+unemployment_benefits];
    Transfers, "transfers to households",
        [+HouseholdDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, -GovernmentAccount, -CentralBankGovernment],
        budget: [+transfers];
    ChildBenefits, "child benefits",
        [+HouseholdDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, -GovernmentAccount, -CentralBankGovernment],
        budget: [+child_benefits];
    PensionSupplements, "pensions topped up",
        [+HouseholdDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, -GovernmentAccount, -CentralBankGovernment],
        budget: [+pension_supplements];
    Subsidies, "subsidies",
        [+FirmDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, -GovernmentAccount, -CentralBankGovernment],
        budget: [+subsidies];
    Grants, "investment grants",
        [+FirmDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, -GovernmentAccount, -CentralBankGovernment],
        budget: [+grants];
    HouseholdPurchases, "household purchases", [-HouseholdDeposits, +FirmDeposits];
    InputPurchases, "domestic inputs", [];
    ResalePurchases, "domestic goods for resale", [];
    CapitalPurchases, "domestic capital goods", [];
    GovernmentPurchases, "domestic government purchases",
        [+FirmDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, -GovernmentAccount, -CentralBankGovernment],
        budget: [+consumption];
    ImportsInputs, "imported inputs",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +ForeignLiabilities, +WorldClaims];
    ImportsResale, "imported goods for resale",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +ForeignLiabilities, +WorldClaims];
    ImportsCapital, "imported capital goods",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +ForeignLiabilities, +WorldClaims];
    ImportsGovernment, "government imports",
        [-GovernmentAccount, -CentralBankGovernment, +ForeignLiabilities, +WorldClaims],
        budget: [+consumption];
    Exports, "exports",
        [+FirmDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, +ForeignAssets, +WorldDebts];
    ExternalTransfersPaid, "net primary income and transfers paid abroad",
        [-GovernmentAccount, -CentralBankGovernment, +ForeignLiabilities, +WorldClaims],
        budget: [-external_transfers];
    ExternalTransfersReceived, "net primary income and transfers received from abroad",
        [+GovernmentAccount, +CentralBankGovernment, +ForeignAssets, +WorldDebts],
        budget: [+external_transfers];
    LoanInterest, "loan interest", [-FirmDeposits, -BankDeposits];
    DepositInterest, "deposit interest", [+HouseholdDeposits, +BankDeposits];
    ReserveInterest, "reserve interest", [+BankReserves, +CentralBankReserves];
    BondInterestBank, "bond interest to the bank",
        [-GovernmentAccount, -CentralBankGovernment, +BankReserves, +CentralBankReserves],
        budget: [+interest];
    BondInterestCentralBank, "bond interest to the central bank", [-GovernmentAccount, -CentralBankGovernment],
        budget: [+interest];
    BondInterestAbroad, "bond interest to foreign central banks",
        [-GovernmentAccount, -CentralBankGovernment, +ForeignLiabilities, +WorldClaims],
        budget: [+interest];
    DirectInvestmentPaid, "direct investment abroad",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +ForeignLiabilities, +WorldClaims];
    DirectInvestmentReceived, "direct investment from abroad",
        [+FirmDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, +ForeignAssets, +WorldDebts];
    AffiliateDividendsPaid, "dividends to owners abroad",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +ForeignLiabilities, +WorldClaims];
    AffiliateDividendsReceived, "dividends from plants abroad",
        [+FirmDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, +ForeignAssets, +WorldDebts];
    BondInterestFromAbroad, "bond interest from foreign governments", [+ForeignAssets, +WorldDebts];
    CentralBankProfit, "central bank profit", [+GovernmentAccount, +CentralBankGovernment],
        budget: [+central_bank_profit];
    Dividends, "dividends", [-FirmDeposits, +FundDeposits], fund: dividends;
    BankDividends, "bank dividends", [+FundDeposits, +BankDeposits], fund: dividends;
    FundPayout, "fund payout", [-FundDeposits, +HouseholdDeposits], fund: dividends;
    MixedIncome, "income of owners who work and live in what they own", [-FundDeposits, +HouseholdDeposits], fund: dividends;
    SharesBought, "fund shares bought", [-HouseholdDeposits, +FundDeposits], fund: reserve;
    SharesSold, "fund shares sold", [-FundDeposits, +HouseholdDeposits], fund: reserve;
    FundReturns, "returned by the fund to its owners", [-FundDeposits, +HouseholdDeposits], fund: reserve;
    SharesIssued, "new shares of firms bought by the fund", [-FundDeposits, +FirmDeposits], fund: reserve;
    SharesRetired, "shares that firms buy back from the fund", [-FirmDeposits, +FundDeposits], fund: reserve;
    HomeRents, "rents of homes of one's own", [-FundDeposits, +HouseholdDeposits], fund: dividends;
    HomesBought, "homes bought", [-HouseholdDeposits, +FundDeposits], fund: reserve;
    HomesSold, "homes sold", [-FundDeposits, +HouseholdDeposits], fund: reserve;
    MortgagesGranted, "mortgages granted", [+HouseholdDeposits, +BankDeposits, +BankMortgages, +Mortgages];
    MortgagesRepaid, "mortgages repaid", [-HouseholdDeposits, -BankDeposits, -BankMortgages, -Mortgages];
    MortgageInterest, "mortgage interest", [-HouseholdDeposits, -BankDeposits];
    CreditGranted, "consumer credit granted", [+HouseholdDeposits, +BankDeposits, +BankConsumerCredit, +ConsumerCredit];
    CreditRepaid, "consumer credit repaid", [-HouseholdDeposits, -BankDeposits, -BankConsumerCredit, -ConsumerCredit];
    CreditInterest, "interest on consumer credit", [-HouseholdDeposits, -BankDeposits];
    CreditWrittenOff, "consumer credit written off", [-BankConsumerCredit, -ConsumerCredit];
    PensionContributions, "pension and life insurance contributions", [-HouseholdDeposits, +FundDeposits], fund: pension_pool;
    PensionPayout, "pension and life insurance payout", [-FundDeposits, +HouseholdDeposits], fund: pension_pool;
    CapitalInjection, "capital injection by the fund", [-FundDeposits, +FirmDeposits], fund: dividends;
    LoansGranted, "loans granted", [+FirmDeposits, +BankDeposits, +BankLoans, +FirmLoans];
    LoansRepaid, "loans repaid", [-FirmDeposits, -BankDeposits, -BankLoans, -FirmLoans];
    LoansWrittenOff, "loans written off", [-BankLoans, -FirmLoans];
    OverdraftsWrittenOff, "overdrafts written off", [+FirmDeposits, +BankDeposits];
    BondsToBank, "bonds placed with the bank",
        [+BankBonds, +GovernmentBonds, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment],
        budget: [+bonds_issued];
    BondsToCentralBank, "bonds placed with the central bank",
        [+CentralBankBonds, +GovernmentBonds, +GovernmentAccount, +CentralBankGovernment],
        budget: [+bonds_issued];
    Revaluation, "exchange-rate revaluation of foreign assets", [+ForeignAssets, +WorldDebts];
    ClearingAssets, "clearing of foreign assets against liabilities", [-ForeignAssets, -WorldDebts];
    ClearingLiabilities, "clearing of foreign liabilities against assets", [-ForeignLiabilities, -WorldClaims];
}

/// The chart of accounts handed to the engine's ledger.
///
/// # Panics
/// If a reason's legs do not balance, which a test rules out.
#[must_use]
pub fn chart() -> Chart {
    Chart::new(ACCOUNTS, REASONS).unwrap_or_else(|error| panic!("chart of accounts: {error}"))
}

/// Number of reason codes.
#[must_use]
pub const fn reason_count() -> usize {
    REASONS.len()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_reason_balances() {
        assert_eq!(super::chart().reasons().len(), super::reason_count());
    }
}
