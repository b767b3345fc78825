//! The ledger against hand-made rows and a naive set of books.

use super::*;
use crate::content::Content;

const HOUSEHOLD_DEPOSITS: AccountId = AccountId(0);
const FIRM_DEPOSITS: AccountId = AccountId(1);
const BANK_DEPOSITS: AccountId = AccountId(2);
const BANK_LOANS: AccountId = AccountId(3);
const HOUSEHOLD_WORTH: AccountId = AccountId(4);
const FIRM_WORTH: AccountId = AccountId(5);
const FIRM_LOANS: AccountId = AccountId(6);

const fn asset(name: &'static str) -> Account {
    Account { name, side: Side::Asset }
}

const fn liability(name: &'static str) -> Account {
    Account { name, side: Side::Liability }
}

const ACCOUNTS: &[Account] = &[
    asset("households.deposits"),
    asset("firms.deposits"),
    liability("banks.deposits"),
    asset("banks.loans"),
    liability("households.net_worth"),
    liability("firms.net_worth"),
    liability("firms.loans"),
];

const WAGES: u16 = 0;
const LOAN: u16 = 1;
const REASONS: &[Reason] = &[
    Reason {
        code: WAGES,
        name: "wages",
        legs: &[(FIRM_DEPOSITS, -1), (FIRM_WORTH, -1), (HOUSEHOLD_DEPOSITS, 1), (HOUSEHOLD_WORTH, 1)],
    },
    Reason {
        code: LOAN,
        name: "loan",
        legs: &[(BANK_LOANS, 1), (BANK_DEPOSITS, 1), (FIRM_DEPOSITS, 1), (FIRM_LOANS, 1)],
    },
];

fn ledger() -> Ledger {
    let chart = Chart::new(ACCOUNTS, REASONS).expect("a chart");
    Ledger::new(chart, vec!["Atlantis".to_owned(), "Utopia".to_owned()])
}

#[test]
fn charts_are_checked() {
    const TWICE: &[Account] = &[asset("a"), liability("a")];
    const UNBALANCED: &[Reason] = &[Reason { code: 0, name: "gift", legs: &[(HOUSEHOLD_DEPOSITS, 1)] }];
    const MISPLACED: &[Reason] = &[Reason { code: 4, name: "gift", legs: &[] }];
    const UNKNOWN: &[Reason] = &[Reason { code: 0, name: "gift", legs: &[(AccountId(7), 1)] }];
    const DOUBLE: &[Reason] = &[Reason { code: 0, name: "gift", legs: &[(FIRM_WORTH, 1), (FIRM_WORTH, -1)] }];
    const SIGN: &[Reason] = &[Reason { code: 0, name: "gift", legs: &[(FIRM_DEPOSITS, 2), (FIRM_WORTH, 2)] }];
    let rows: [(&'static [Account], &'static [Reason], ChartError); 6] = [
        (TWICE, &[], ChartError::DuplicateName("a")),
        (ACCOUNTS, UNBALANCED, ChartError::Unbalanced { name: "gift", difference: 1 }),
        (ACCOUNTS, MISPLACED, ChartError::Code { name: "gift", code: 4, place: 0 }),
        (ACCOUNTS, UNKNOWN, ChartError::Leg { name: "gift", leg: 0 }),
        (ACCOUNTS, DOUBLE, ChartError::Leg { name: "gift", leg: 1 }),
        (ACCOUNTS, SIGN, ChartError::Leg { name: "gift", leg: 0 }),
    ];
    for (accounts, reasons, expected) in rows {
        assert_eq!(Chart::new(accounts, reasons), Err(expected));
    }
    let chart = Chart::new(ACCOUNTS, REASONS).expect("a chart");
    assert_eq!(chart.account("banks.loans"), Some(BANK_LOANS));
    assert_eq!(chart.account("banks"), None);
}

#[test]
fn postings_reach_their_accounts_and_no_other_unit() {
    let mut ledger = ledger();
    ledger.post(1, LOAN, 1_000);
    ledger.post(1, WAGES, 300);
    ledger.post(1, WAGES, -20);
    assert_eq!((ledger.balance(1, FIRM_DEPOSITS), ledger.balance(1, HOUSEHOLD_DEPOSITS)), (720, 280));
    assert_eq!((ledger.balance(0, FIRM_DEPOSITS), ledger.balance(0, HOUSEHOLD_DEPOSITS)), (0, 0));
    assert_eq!((ledger.flow(1, WAGES), ledger.flow(1, LOAN), ledger.posted(1, LOAN)), (280, 1_000, 0));
}

#[test]
fn closing_carries_balances_and_resets_flows() {
    let mut ledger = ledger();
    ledger.open(0, HOUSEHOLD_DEPOSITS, 50);
    ledger.open(0, BANK_DEPOSITS, 50);
    for tick in 0..3 {
        assert_eq!(ledger.tick(), tick);
        ledger.post(0, LOAN, 10);
        ledger.close_tick().expect("books hold");
        assert_eq!((ledger.flow(0, LOAN), ledger.posted(0, LOAN)), (0, 10 * i128::from(tick + 1)));
    }
    assert_eq!(ledger.balance(0, BANK_DEPOSITS), 80);
    assert_eq!(ledger.balance(0, HOUSEHOLD_DEPOSITS), 50);
    assert_eq!(ledger.balance(1, BANK_DEPOSITS), 0);
}

#[test]
fn sums_beyond_i64_are_exact() {
    let mut ledger = ledger();
    ledger.post(0, LOAN, i64::MAX);
    ledger.post(0, LOAN, i64::MAX);
    ledger.post_sum(0, LOAN, i128::from(i64::MAX) * 1_000);
    ledger.close_tick().expect("books hold");
    assert_eq!(ledger.balance(0, BANK_LOANS), i128::from(i64::MAX) * 1_002);
}

#[test]
fn unequal_opening_balances_are_found() {
    let mut ledger = ledger();
    ledger.open(1, HOUSEHOLD_DEPOSITS, 50);
    let error = ledger.close_tick().expect_err("one-sided");
    assert_eq!(error, LedgerError::Unbalanced { tick: 0, unit: "Utopia".to_owned(), difference: 50 });
    assert_eq!(ledger.tick(), 0, "a failed closing changes nothing");
}

#[test]
fn tampered_balances_are_found() {
    let mut ledger = ledger();
    ledger.post(0, LOAN, 10);
    ledger.close_tick().expect("books hold");
    // Both sides, so that the balance sheet still balances.
    for account in [BANK_LOANS, BANK_DEPOSITS] {
        ledger.books.balances.column_mut(usize::from(account.0))[0] += 5;
    }
    let LedgerError::Account { unit, account, difference, .. } = ledger.audit().expect_err("tampered") else {
        panic!("another error")
    };
    assert_eq!((unit.as_str(), account, difference), ("Atlantis", "banks.deposits", 5));
}

#[test]
fn books_survive_a_checkpoint() {
    const TURNED: &[Reason] =
        &[REASONS[0], Reason { legs: &[(BANK_LOANS, -1), (BANK_DEPOSITS, -1)], ..REASONS[LOAN as usize] }];
    let mut before = ledger();
    before.post(0, LOAN, 10);
    before.close_tick().expect("books hold");
    before.post(1, WAGES, 3);
    let bytes = crate::codec::encode_to_vec(before.books()).expect("encoded");
    let books: Books = crate::codec::decode_from_slice(&bytes).expect("decoded");
    let chart = Chart::new(ACCOUNTS, REASONS).expect("a chart");
    let after = Ledger::from_books(chart, books.clone()).expect("the same chart");
    assert_eq!(after, before);
    let without = Chart::new(ACCOUNTS, &REASONS[..1]).expect("a chart");
    assert_eq!(Ledger::from_books(without, books.clone()), Err(LedgerError::OtherChart));
    // A reason of the same name with other legs.
    let turned = Chart::new(ACCOUNTS, TURNED).expect("a chart");
    assert_eq!(Ledger::from_books(turned, books.clone()), Err(LedgerError::OtherChart));
    // Other units.
    let fewer = Books { units: vec!["Atlantis".to_owned()], ..books };
    assert_eq!(Ledger::from_books(before.chart, fewer), Err(LedgerError::OtherChart));
}

/// The same chart with an account and a reason that nobody uses, in the middle.
fn wider() -> Chart {
    const WIDER: &[Account] = &[
        ACCOUNTS[0],
        ACCOUNTS[1],
        liability("households.loans"),
        ACCOUNTS[2],
        ACCOUNTS[3],
        ACCOUNTS[4],
        ACCOUNTS[5],
        ACCOUNTS[6],
    ];
    const MOVED: &[Reason] = &[
        Reason {
            code: 0,
            name: "wages",
            legs: &[(FIRM_DEPOSITS, -1), (AccountId(6), -1), (HOUSEHOLD_DEPOSITS, 1), (AccountId(5), 1)],
        },
        Reason { code: 1, name: "loans of households", legs: &[(AccountId(4), 1), (AccountId(2), 1)] },
        Reason {
            code: 2,
            name: "loan",
            legs: &[(AccountId(4), 1), (AccountId(3), 1), (FIRM_DEPOSITS, 1), (AccountId(7), 1)],
        },
    ];
    Chart::new(WIDER, MOVED).expect("a chart")
}

fn digest(ledger: &Ledger) -> u64 {
    let mut digest = Digest::new();
    ledger.feed(&mut digest);
    digest.finish()
}

#[test]
fn an_account_and_a_reason_that_nobody_uses_change_nothing() {
    let mut plain = ledger();
    let mut wider = Ledger::new(wider(), plain.books.units.clone());
    let mut digests = vec![];
    for (ledger, loan) in [(&mut plain, LOAN), (&mut wider, 2)] {
        let place = |name: &str| ledger.chart.account(name).expect("an account");
        let (deposits, owed) = (place("households.deposits"), place("banks.deposits"));
        ledger.open(0, deposits, 50);
        ledger.open(0, owed, 50);
        ledger.post(0, loan, 10);
        ledger.close_tick().expect("books hold");
        ledger.post(1, WAGES, 3);
        digests.push(digest(ledger));
    }
    assert_eq!(digests[0], digests[1]);
    let [saved, other] = [&plain, &wider].map(|ledger| crate::codec::encode_to_vec(ledger).expect("encoded"));
    assert_eq!(saved, other);
    // So they go on under the other chart.
    let back: Ledger = crate::codec::decode_from_slice(&saved).expect("decoded");
    assert_eq!(digest(&back), digests[0]);
    assert_eq!(back.under(wider.chart.clone()), Ok(wider.clone()));
    // What is used changes the digest.
    wider.post(0, 1, 1);
    assert_ne!(digest(&wider), digests[0]);
}

#[test]
#[should_panic(expected = "there is no reason with code 2")]
fn unknown_reasons_are_bugs() {
    ledger().post(0, 2, 1);
}

#[test]
#[should_panic(expected = "there is no unit 2")]
fn unknown_units_are_bugs() {
    ledger().post(2, 0, 1);
}
