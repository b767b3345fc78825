//! The chart of accounts and the reason code of every payment, one set of books a region.
//!
//! Each reason is a claim about who pays whom: its legs keep assets less liabilities of the region's books at
//! zero. Cross-border payments settle through the central banks: in the payer's region a claim of the rest of the
//! world arises, in the receiver's region a claim on the rest of the world.
//!
//! Source: System of National Accounts 2008, chapters 2 and 26; Godley and Lavoie (2007), transactions-flow matrix.

use engine::ledger::{Account, AccountId, Chart, Reason, Side};

macro_rules! accounts {
    ($($name:ident, $side:ident, $label:literal;)*) => {
        /// A line of a region's balance sheet.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Line { $(#[doc = $label] $name),* }
        const ACCOUNTS: &[Account] = &[$(Account { name: $label, side: Side::$side }),*];
    };
}

accounts! {
    HouseholdDeposits, Asset, "household deposits";
    FirmDeposits, Asset, "firm deposits";
    FundDeposits, Asset, "equity and pension fund deposits";
    BankDeposits, Liability, "bank deposit liabilities";
    FirmLoans, Liability, "firm loans";
    BankLoans, Asset, "bank loans";
    GovernmentBonds, Liability, "government bonds";
    BankBonds, Asset, "bonds held by the bank";
    CentralBankBonds, Asset, "bonds held by the central bank";
    ForeignBonds, Asset, "bonds held by foreign central banks";
    BankReserves, Asset, "bank reserves";
    CentralBankReserves, Liability, "central bank reserves issued";
    GovernmentAccount, Asset, "government account";
    CentralBankGovernment, Liability, "central bank liability to government";
    ForeignLiabilities, Liability, "central bank foreign liabilities";
    WorldClaims, Asset, "claims of the rest of the world";
    ForeignAssets, Asset, "central bank foreign assets";
    WorldDebts, Liability, "debts of the rest of the world";
}

macro_rules! reasons {
    ($($name:ident, $label:literal, [$($sign:tt $line:ident),* $(,)?];)*) => {
        /// Why money moved.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Why { $(#[doc = $label] $name),* }
        const REASONS: &[Reason] = &[$(Reason {
            code: Why::$name as u16,
            name: $label,
            legs: &[$((AccountId(Line::$line as u16), reasons!(@sign $sign))),*],
        }),*];
    };
    (@sign +) => { 1 };
    (@sign -) => { -1 };
}

reasons! {
    Wages, "wages", [-FirmDeposits, +HouseholdDeposits];
    SocialContributions, "social contributions",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment];
    IncomeTax, "income tax",
        [-HouseholdDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment];
    ConsumptionTax, "consumption tax",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment];
    ProductionTax, "production tax",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment];
    CorporateTax, "corporate tax",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment];
    DutiesFirms, "import duties paid by firms",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment];
    DutiesGovernment, "import duties paid by government to itself", [];
    UnemploymentBenefits, "unemployment benefits",
        [+HouseholdDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, -GovernmentAccount, -CentralBankGovernment];
    Transfers, "transfers to households",
        [+HouseholdDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, -GovernmentAccount, -CentralBankGovernment];
    Subsidies, "subsidies",
        [+FirmDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, -GovernmentAccount, -CentralBankGovernment];
    Grants, "investment grants",
        [+FirmDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, -GovernmentAccount, -CentralBankGovernment];
    HouseholdPurchases, "household purchases", [-HouseholdDeposits, +FirmDeposits];
    InputPurchases, "domestic inputs", [];
    ResalePurchases, "domestic goods for resale", [];
    CapitalPurchases, "domestic capital goods", [];
    GovernmentPurchases, "domestic government purchases",
        [+FirmDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, -GovernmentAccount, -CentralBankGovernment];
    ImportsInputs, "imported inputs",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +ForeignLiabilities, +WorldClaims];
    ImportsResale, "imported goods for resale",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +ForeignLiabilities, +WorldClaims];
    ImportsCapital, "imported capital goods",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +ForeignLiabilities, +WorldClaims];
    ImportsGovernment, "government imports",
        [-GovernmentAccount, -CentralBankGovernment, +ForeignLiabilities, +WorldClaims];
    Exports, "exports",
        [+FirmDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, +ForeignAssets, +WorldDebts];
    ExternalTransfersPaid, "net primary income and transfers paid abroad",
        [-GovernmentAccount, -CentralBankGovernment, +ForeignLiabilities, +WorldClaims];
    ExternalTransfersReceived, "net primary income and transfers received from abroad",
        [+GovernmentAccount, +CentralBankGovernment, +ForeignAssets, +WorldDebts];
    LoanInterest, "loan interest", [-FirmDeposits, -BankDeposits];
    DepositInterest, "deposit interest", [+HouseholdDeposits, +BankDeposits];
    ReserveInterest, "reserve interest", [+BankReserves, +CentralBankReserves];
    BondInterestBank, "bond interest to the bank",
        [-GovernmentAccount, -CentralBankGovernment, +BankReserves, +CentralBankReserves];
    BondInterestCentralBank, "bond interest to the central bank", [-GovernmentAccount, -CentralBankGovernment];
    BondInterestAbroad, "bond interest to foreign central banks",
        [-GovernmentAccount, -CentralBankGovernment, +ForeignLiabilities, +WorldClaims];
    DirectInvestmentPaid, "direct investment abroad",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +ForeignLiabilities, +WorldClaims];
    DirectInvestmentReceived, "direct investment from abroad",
        [+FirmDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, +ForeignAssets, +WorldDebts];
    AffiliateDividendsPaid, "dividends to owners abroad",
        [-FirmDeposits, -BankDeposits, -BankReserves, -CentralBankReserves, +ForeignLiabilities, +WorldClaims];
    AffiliateDividendsReceived, "dividends from plants abroad",
        [+FirmDeposits, +BankDeposits, +BankReserves, +CentralBankReserves, +ForeignAssets, +WorldDebts];
    BondInterestFromAbroad, "bond interest from foreign governments", [+ForeignAssets, +WorldDebts];
    CentralBankProfit, "central bank profit", [+GovernmentAccount, +CentralBankGovernment];
    Dividends, "dividends", [-FirmDeposits, +FundDeposits];
    BankDividends, "bank dividends", [+FundDeposits, +BankDeposits];
    FundPayout, "fund payout", [-FundDeposits, +HouseholdDeposits];
    PensionContributions, "pension and life insurance contributions", [-HouseholdDeposits, +FundDeposits];
    PensionPayout, "pension and life insurance payout", [-FundDeposits, +HouseholdDeposits];
    CapitalInjection, "capital injection by the fund", [-FundDeposits, +FirmDeposits];
    LoansGranted, "loans granted", [+FirmDeposits, +BankDeposits, +BankLoans, +FirmLoans];
    LoansRepaid, "loans repaid", [-FirmDeposits, -BankDeposits, -BankLoans, -FirmLoans];
    LoansWrittenOff, "loans written off", [-BankLoans, -FirmLoans];
    OverdraftsWrittenOff, "overdrafts written off", [+FirmDeposits, +BankDeposits];
    BondsToBank, "bonds placed with the bank",
        [+BankBonds, +GovernmentBonds, -BankReserves, -CentralBankReserves, +GovernmentAccount, +CentralBankGovernment];
    BondsToCentralBank, "bonds placed with the central bank",
        [+CentralBankBonds, +GovernmentBonds, +GovernmentAccount, +CentralBankGovernment];
    BondsAbroad, "bonds sold to foreign central banks",
        [-BankBonds, +ForeignBonds, +BankReserves, +CentralBankReserves, -ForeignLiabilities, -WorldClaims];
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
pub fn reason_count() -> usize {
    REASONS.len()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_reason_balances() {
        assert_eq!(super::chart().reasons().len(), super::reason_count());
    }
}
