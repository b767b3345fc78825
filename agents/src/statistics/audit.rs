//! The audit: every identity of the accounts, in integers, every tick.
//!
//! The ledger knows what was posted; the agents know what they hold. The audit adds up the agents afresh and compares.

use bevy_ecs::prelude::{Query, Res, ResMut, Resource};
use bevy_ecs::system::SystemParam;
use engine::columns::{Block, columns, rows};
use engine::grid::Grid;
use engine::ledger::Ledger;
use engine::math::exact_sum_by;
use engine::money::Volume;

use super::accounts::{Accounts, bilateral};
use crate::accounts::Line;
use crate::axes::{
    Debtor, Decile, FirmId, From, Goods, Holder, Host, Importer, Industry, OutletId, Product, RegionId, Slot, To,
};
use crate::components::{Bank, Books, CentralBank, Firm, Government, Household, Lineage, Offer, Person, Plant, Status};
use crate::geography::{DECILES, Geography};
use crate::holders::{Customers, Holders};
use crate::location::sites::{ByPlant, Moves, Sites, Stage};
use crate::purpose::Purpose;
use crate::state::{Inventories, Regions, Tick};
use crate::tally::Tally;

/// One identity that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Violation {
    /// Tick.
    pub tick: u32,
    /// Identity, for example `gdp: production = expenditure`.
    pub identity: String,
    /// Where: region, and product or account.
    pub place: String,
    /// Left side less right side, in the unit of the identity.
    pub difference: i128,
}

impl Violation {
    /// What an identity counts in.
    fn unit(&self) -> &'static str {
        match self.identity.split([':', ' ']).next() {
            Some("plants" | "affiliates") => "plants",
            Some("employed" | "every") => "agents",
            Some("fund") if self.identity.starts_with("fund shares") => "shares",
            Some("homes") => "units of homes",
            Some("goods" | "capital" | "real") => "minor units at base-year prices",
            _ => "minor units",
        }
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "tick {}: identity `{}` fails in {} by {} {}",
            self.tick,
            self.identity,
            self.place,
            self.difference,
            self.unit()
        )
    }
}

/// Violations of the tick, and how many identities were checked so far.
#[derive(Resource, Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct AuditReport {
    /// Violations of the last audited tick.
    #[serde(skip)]
    pub violations: Vec<Violation>,
    /// Identities checked since the start of the run. What the program asks is no state of the world.
    pub checked: u64,
    /// Identities that failed since the start of the run.
    pub failed: u64,
    /// Goods stocks at the end of the last tick.
    pub stocks: Grid<Goods, Volume>,
    /// Capital volume by region at the end of the last tick.
    pub capital: Vec<Volume>,
    /// Plants opened or being built during the run by region at the end of the last tick.
    pub plants: Vec<i64>,
}
engine::content!(AuditReport { failed, stocks, capital, plants } scratch { violations } aside { checked });

/// Collects the checks of a tick.
struct Checks<'a> {
    tick: u32,
    report: &'a mut AuditReport,
}

impl Checks<'_> {
    fn equal(&mut self, identity: &str, place: impl FnOnce() -> String, left: i128, right: i128) {
        self.report.checked += 1;
        if left != right {
            self.report.failed += 1;
            self.report.violations.push(Violation {
                tick: self.tick,
                identity: identity.to_string(),
                place: place(),
                difference: left - right,
            });
        }
    }
}

/// What was counted and compiled in the tick.
#[derive(SystemParam)]
pub struct Records<'w> {
    geography: Res<'w, Geography>,
    regions: Res<'w, Regions>,
    tally: Res<'w, Tally>,
    accounts: Res<'w, Accounts>,
    inventories: Res<'w, Inventories>,
    sites: Res<'w, Sites>,
    moves: Res<'w, Moves>,
}

/// All agents: those who hold and owe.
#[derive(SystemParam)]
pub struct Agents<'w, 's> {
    persons: Query<'w, 's, &'static Block<Person>>,
    households: Query<'w, 's, &'static Block<Household>>,
    lineages: Query<'w, 's, &'static Block<Lineage>>,
    firms: Query<'w, 's, (&'static Firm, &'static Books, &'static Offer)>,
    plants: Query<'w, 's, &'static Plant>,
    banks: Query<'w, 's, &'static Bank>,
    governments: Query<'w, 's, &'static Government>,
    central: Query<'w, 's, &'static CentralBank>,
}

impl Agents<'_, '_> {
    fn holdings(&self) -> Holdings<'_> {
        let (persons, households, lineages) = (rows(&self.persons), rows(&self.households), rows(&self.lineages));
        let (firm, books, offer) = columns(&self.firms);
        let (banks, governments, central) = (columns(&self.banks), columns(&self.governments), columns(&self.central));
        Holdings {
            persons,
            households,
            lineages,
            firm,
            books,
            offer,
            plants: columns(&self.plants),
            banks,
            governments,
            central,
        }
    }
}

/// Columns of agents the audit adds up.
struct Holdings<'a> {
    persons: &'a [Person],
    households: &'a [Household],
    lineages: &'a [Lineage],
    firm: &'a [Firm],
    books: &'a [Books],
    offer: &'a [Offer],
    plants: &'a [Plant],
    banks: &'a [Bank],
    governments: &'a [Government],
    central: &'a [CentralBank],
}

impl<'a> Holdings<'a> {
    /// Those who hold money or owe it.
    fn holders(&self, records: &'a Records, customers: &'a Customers) -> Holders<'a> {
        Holders {
            customers,
            states: &records.regions.states,
            banks: self.banks,
            governments: self.governments,
            central_banks: self.central,
        }
    }
}

/// Goods on hand by region and product: finished, inputs and goods for resale, volume.
#[must_use]
pub fn goods_stocks(
    geography: &Geography,
    inventories: &Inventories,
    firm: &[Firm],
    offer: &[Offer],
) -> Grid<Goods, Volume> {
    let g = geography.product_count();
    let mut out = Grid::filled([geography.region_count(), g], Volume::ZERO);
    for (r, region) in geography.regions.iter().enumerate() {
        let row = out.row_mut((RegionId(r),));
        for i in region.firms.range() {
            row[firm[i].industry as usize] += offer[i].stock;
            for (sum, q) in row.iter_mut().zip(inventories.inputs.row((FirmId(i),))) {
                *sum += *q;
            }
        }
        for k in region.outlets.range() {
            for (sum, q) in row.iter_mut().zip(inventories.resale.row((OutletId(k),))) {
                *sum += *q;
            }
        }
    }
    out
}

/// System: checks all identities of the tick and closes the books.
pub fn audit(
    tick: Res<Tick>,
    records: Records,
    agents: Agents,
    mut ledger: ResMut<Ledger>,
    mut report: ResMut<AuditReport>,
) {
    let held = agents.holdings();
    report.violations.clear();
    let mut checks = Checks { tick: tick.0, report: &mut report };
    financial(&mut checks, &records, &ledger, &held);
    real(&mut checks, &records, &held);
    ownership(&mut checks, &records, &held);
    trade(&mut checks, &records, held.governments);
    labour(&mut checks, &records.geography, &held);
    let tick = tick.0;
    if let Err(error) = ledger.audit().and_then(|()| ledger.close_tick()) {
        report.failed += 1;
        report.violations.push(Violation {
            tick,
            identity: format!("ledger: {error}"),
            place: "books".to_string(),
            difference: 0,
        });
    }
}

/// What agents hold and owe is what was posted, and what one owes another holds.
fn financial(c: &mut Checks, records: &Records, ledger: &Ledger, h: &Holdings) {
    let Records { geography, regions, .. } = records;
    let customers = Customers::new(geography, h.households, h.lineages, h.books);
    let holders = h.holders(records, &customers);
    let r = geography.region_count();
    for (k, region) in geography.regions.iter().enumerate() {
        let place = || region.code.clone();
        let book = |line: Line| ledger.balance(k, line.into());
        for &line in Line::ALL {
            if let Some((identity, held)) = line.identity().zip(holders.of(k, line)) {
                c.equal(identity, place, held, book(line));
            }
        }
        let abroad: i128 = (0..r).map(|x| i128::from(h.central[x].foreign_bonds[k])).sum();
        c.equal("foreign bonds held = posted", place, abroad, book(Line::ForeignBonds));
        let claims = (0..r).map(|x| i128::from(regions.claims[(Holder(x), Debtor(k))])).sum();
        c.equal("foreign liabilities = claims of others", place, claims, book(Line::ForeignLiabilities));
        // From here on agents are compared with agents.
        for bank in geography.banks_of(k) {
            of_bank(c, records, &holders, (k, bank));
        }
        let of_banks = |of: fn(&Bank) -> i64| exact_sum_by(&h.banks[geography.banks_of(k)], of);
        c.equal(
            "bonds held = bonds issued",
            place,
            of_banks(|b| b.bonds) + i128::from(h.central[k].bonds) + abroad,
            i128::from(h.governments[k].debt),
        );
        let issued = book(Line::CentralBankReserves);
        c.equal("reserves held = reserves issued", place, of_banks(|b| b.reserves), issued);
        let fund = &regions.states[k].fund;
        c.equal(
            "fund deposits = dividends and pensions not yet paid, and its reserve",
            place,
            i128::from(fund.deposits),
            [fund.dividends, fund.pension_pool, fund.reserve].map(i128::from).iter().sum(),
        );
        c.equal("fund shares held = issued", place, customers.households_of(k).fund_shares, i128::from(fund.shares));
        let homes = &regions.states[k].homes;
        c.equal(
            "homes owned and let = built",
            place,
            customers.households_of(k).homes + i128::from(homes.let_out),
            i128::from(homes.stock),
        );
    }
}

/// What a bank owes and is owed is what its customers hold and owe; the fund is a customer of the first bank of its region.
fn of_bank(c: &mut Checks, records: &Records, holders: &Holders, (k, bank): (usize, usize)) {
    let Records { geography, regions, .. } = records;
    let of = geography.banks_of(k);
    let place = || match of.len() {
        1 => geography.regions[k].code.clone(),
        _ => format!("{} bank {}", geography.regions[k].code, bank - of.start),
    };
    let fund = if bank == of.start { regions.states[k].fund.deposits } else { 0 };
    let with = |line: Line| holders.customers.with(bank, line);
    let held = &holders.banks[bank];
    let deposits = with(Line::BankDeposits) + i128::from(fund);
    c.equal("deposits held = bank liabilities", place, deposits, i128::from(held.deposits));
    c.equal("loans held = loans owed", place, i128::from(held.loans), with(Line::BankLoans));
    c.equal("mortgages held = mortgages owed", place, i128::from(held.mortgages), with(Line::BankMortgages));
    let credit = i128::from(held.consumer_credit);
    c.equal("consumer credit held = owed", place, credit, with(Line::BankConsumerCredit));
    let funds = i128::from(held.own_funds) + i128::from(held.earned);
    c.equal("own funds of a bank = opening + earned", place, i128::from(held.equity()), funds);
}

/// Output is spent and earned; goods and capital are conserved.
fn real(c: &mut Checks, records: &Records, h: &Holdings) {
    let Records { geography, accounts, inventories, .. } = records;
    let stocks = goods_stocks(geography, inventories, h.firm, h.offer);
    for (k, region) in geography.regions.iter().enumerate() {
        let code = &region.code;
        let n = &accounts.national[k];
        let i = |x: i64| i128::from(x);
        c.equal("gdp: production = expenditure", || code.clone(), i(n.gdp_production()), i(n.gdp_expenditure()));
        c.equal("gdp: production = income", || code.clone(), i(n.gdp_production()), i(n.gdp_income()));
        c.equal(
            "real gdp: production = expenditure",
            || code.clone(),
            wide(n.real_gdp),
            wide(n.real_gdp_expenditure()),
        );
        for (x, product) in geography.products.codes.iter().enumerate() {
            let at = (RegionId(k), Product(x));
            let (supplied, used) = supply_and_use(records, k, x);
            c.equal(
                "goods: opening + output + imports = uses + closing",
                || format!("{code} {product}"),
                wide(c.report.stocks[at]) + supplied,
                used + wide(stocks[at]),
            );
        }
        capital(c, records, k, h);
    }
    c.report.stocks = stocks;
}

/// A volume as the audit adds it up.
fn wide(volume: Volume) -> i128 {
    i128::from(volume.count())
}

/// Output and imports of a product in a region, and what was used of it there or sold abroad, volume.
fn supply_and_use(records: &Records, k: usize, x: usize) -> (i128, i128) {
    let Records { geography, tally, .. } = records;
    let bought = |purpose: Purpose, d: usize| tally.purchases.volume.row((purpose, Importer(d), Product(x)));
    let all = |of: &dyn Fn(Purpose) -> Volume| Purpose::ALL.into_iter().map(of).sum::<Volume>();
    let abroad = || (0..geography.region_count()).filter(|&other| other != k);
    let origin_sold = all(&|p| abroad().map(|d| bought(p, d)[k]).sum());
    let imports = all(&|p| abroad().map(|o| bought(p, k)[o]).sum());
    let final_use: Volume = [Purpose::Capital, Purpose::Government].into_iter().flat_map(|p| bought(p, k)).sum();
    let good = (RegionId(k), Product(x));
    let mut households = tally.retail_volume[good];
    if x == geography.products.trade {
        households += tally.margin_volume[k];
    }
    if let Some(slot) = geography.products.services.iter().position(|&s| s == x) {
        let s = Slot(geography.products.outlet_slots() + slot);
        households += (0..DECILES).map(|d| tally.volume[(RegionId(k), Decile(d), s)]).sum::<Volume>();
    }
    let uses = tally.input_use[good] + households + final_use + origin_sold;
    (wide(tally.output[(RegionId(k), Industry(x))]) + wide(imports), wide(uses))
}

/// Capital of a region is conserved.
fn capital(c: &mut Checks, records: &Records, k: usize, h: &Holdings) {
    let Records { geography, tally, moves, .. } = records;
    let (r, code) = (geography.region_count(), &geography.regions[k].code);
    let capital = exact_sum_by(&h.plants[geography.regions[k].firms.range()], |p| p.capital.count());
    let before = c.report.capital[k];
    c.equal(
        "capital: opening + formed + arrived = consumed + shipped + scrapped + closing",
        || code.clone(),
        wide(before)
            + wide(tally.capital_formed[k])
            + (0..r).map(|o| wide(moves.shipped[(From(o), To(k))])).sum::<i128>(),
        wide(tally.capital_consumed[k])
            + (0..r).map(|d| wide(moves.shipped[(From(k), To(d))])).sum::<i128>()
            + wide(moves.scrapped[k])
            + capital,
    );
    c.report.capital[k] = i64::try_from(capital).map_or(Volume::MAX, Volume::new);
}

/// Plants of the run are conserved and have one owner each.
fn ownership(c: &mut Checks, records: &Records, h: &Holdings) {
    let Records { geography, sites, moves, .. } = records;
    let r = geography.region_count();
    let mut standing = vec![0_i64; r];
    let (mut owned, mut well_owned) = (vec![0_i128; r], vec![0_i128; r]);
    for site in &sites.sites {
        let firm = &h.firm[site.firm as usize];
        let k = firm.region as usize;
        standing[k] += i64::from(site.stage != Stage::Closing);
        let Some(owner) = firm.owner() else { continue };
        owned[k] += 1;
        well_owned[k] += i128::from(h.firm.get(owner).is_some_and(Firm::is_firm));
    }
    let sum = |plants: &ByPlant, k: usize| plants.row((Host(k),)).iter().map(|&x| i128::from(x)).sum::<i128>();
    for (k, region) in geography.regions.iter().enumerate() {
        let code = &region.code;
        let before = c.report.plants.get(k).copied().unwrap_or_default();
        c.equal(
            "plants: opening + announced = cancelled + closed + closing",
            || code.clone(),
            i128::from(before) + sum(&moves.announced, k),
            sum(&moves.cancelled, k) + sum(&moves.closed, k) + i128::from(standing[k]),
        );
        c.equal("every affiliate has one owner that exists", || code.clone(), owned[k], well_owned[k]);
        let firms = &h.firm[region.firms.range()];
        let affiliates = firms.iter().filter(|x| x.owner().is_some()).count() as i128;
        c.equal("affiliates = plants of the run with an owner", || code.clone(), affiliates, owned[k]);
    }
    c.report.plants = standing;
}

/// Duties that are paid are received, and there are none at home.
fn trade(c: &mut Checks, records: &Records, governments: &[Government]) {
    let Records { geography, tally, .. } = records;
    let r = geography.region_count();
    for k in 0..r {
        let code = &geography.regions[k].code;
        let duties: i64 = (0..r).map(|o| bilateral(&tally.purchases.duty, k, o)).sum();
        c.equal(
            "duties paid = duties received",
            || code.clone(),
            i128::from(duties),
            i128::from(governments[k].budget.duties),
        );
        c.equal("no duty on domestic goods", || code.clone(), i128::from(bilateral(&tally.purchases.duty, k, k)), 0);
    }
}

fn labour(c: &mut Checks, geography: &Geography, h: &Holdings) {
    for region in &geography.regions {
        let code = &region.code;
        let people = &h.persons[region.persons.range()];
        let employed = people.iter().filter(|p| p.status == Status::Employed).count() as i128;
        let staff: i128 = h.plants[region.firms.range()]
            .iter()
            .map(|p| p.employees.iter().map(|&n| i128::from(n)).sum::<i128>())
            .sum();
        c.equal("employed persons = staff of plants", || code.clone(), employed, staff);
        let placed =
            people.iter().filter(|p| (p.status == Status::Employed) == (p.employer != crate::geography::NONE)).count();
        c.equal("every worker is in exactly one place", || code.clone(), placed as i128, people.len() as i128);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_names_what_it_counts() {
        let said = |identity: &str| {
            Violation { tick: 3, identity: identity.to_owned(), place: "USA".to_owned(), difference: 2 }.to_string()
        };
        assert_eq!(
            said("employed persons = staff of plants"),
            "tick 3: identity `employed persons = staff of plants` fails in USA by 2 agents"
        );
        assert!(said("gdp: production = income").ends_with("by 2 minor units"));
        assert!(said("plants: opening + announced = cancelled + closed + closing").ends_with("by 2 plants"));
        assert!(said("goods: opening + output + imports = uses + closing").ends_with("at base-year prices"));
    }
}
