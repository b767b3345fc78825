//! Contract: the household market kernel, which serves pro rata in parallel rounds, does what a plain sequential matcher
//! does. The reference sends households one by one, in a drawn order, to the same sellers with the same wishes; each
//! seller serves whoever comes first until its shelf is empty. Where nothing is short the two agree to the minor unit;
//! where sellers are short they sell the same volumes up to what the few households' fractions round to.

use agents::axes::{Decile, Slot};
use agents::components::Household;
use agents::geography::DECILES;
use agents::markets::retail::{Sales, Shelves, ZonePrices, order};
use agents::state::{HouseholdRule, SEGMENTS};
use engine::grid::Grid;
use engine::money::{Money, Volume, ad_valorem, payment};
use engine::rng::{hash, unit};

const HOUSEHOLDS: usize = 3_000;
const OUTLETS: usize = 7;
const OUTLET_SLOTS: usize = 4;
const SERVICES: usize = 2;
const SELLERS: usize = 5;
const SLOTS: usize = OUTLET_SLOTS + SERVICES;

/// A zone with drawn prices, budgets and baskets.
struct Zone {
    outlet_price: Vec<f64>,
    service_price: Vec<f64>,
    groups: Vec<u16>,
    rule: HouseholdRule,
    households: Vec<Household>,
}

impl Zone {
    fn drawn(seed: u64) -> Self {
        let draw = |kind: u64, k: usize| hash(seed, kind, k as u64);
        let near_one = |kind, k| 0.8 + 0.4 * unit(draw(kind, k));
        let decile = |i: usize| (i * DECILES / HOUSEHOLDS) as u8;
        Self {
            outlet_price: (0..OUTLETS * OUTLET_SLOTS).map(|k| near_one(1, k)).collect(),
            service_price: (0..SERVICES * SELLERS).map(|k| near_one(2, k)).collect(),
            groups: (0..(1 + SERVICES) * SEGMENTS)
                .map(|k| (draw(3, k) % if k < SEGMENTS { OUTLETS as u64 } else { SELLERS as u64 }) as u16)
                .collect(),
            rule: HouseholdRule {
                subsistence: vec![40_000.0; SLOTS],
                marginal_share: Grid::filled([DECILES, SLOTS], 1.0 / SLOTS as f64),
                ..HouseholdRule::default()
            },
            households: (0..HOUSEHOLDS)
                .map(|i| {
                    let budget = 200_000 + (draw(4, i) % 4_000_000) as i64;
                    Household { deposits: budget, budget, decile: decile(i), ..Household::default() }
                })
                .collect(),
        }
    }

    fn prices(&self) -> ZonePrices<'_> {
        ZonePrices {
            outlet_price: &self.outlet_price,
            outlet_slots: OUTLET_SLOTS,
            service_price: self.service_price.clone(),
            service_start: (0..=SERVICES).map(|k| k * SELLERS).collect(),
            groups: &self.groups,
            tax_rate: (0..SLOTS).map(|s| 0.05 * s as f64).collect(),
        }
    }

    fn kernel(&self, shelves: &mut Shelves, rounds: u64) -> (Sales, Vec<Household>) {
        let (prices, mut households) = (self.prices(), self.households.clone());
        let sales = order(&prices, &self.rule, 0, &mut households).settle(&mut households, shelves, rounds);
        (sales, households)
    }

    /// Seller position of each market for a household, as the kernel packs groups into hashes: nine bits a market.
    fn sellers(&self, household: usize) -> [usize; 1 + SERVICES] {
        let word = hash(household as u64, 0, 0);
        std::array::from_fn(|market| {
            self.groups[market * SEGMENTS + (word >> (9 * market)) as usize % SEGMENTS] as usize
        })
    }

    /// First-round wishes of a household: the linear expenditure system, written out.
    fn wishes(&self, household: usize) -> [(usize, f64, f64, Volume); SLOTS] {
        let sellers = self.sellers(household);
        let prices = self.prices();
        let at = |s: usize| match s.checked_sub(OUTLET_SLOTS) {
            None => (sellers[0] * OUTLET_SLOTS + s, self.outlet_price[sellers[0] * OUTLET_SLOTS + s]),
            Some(k) => (k * SELLERS + sellers[1 + k], self.service_price[k * SELLERS + sellers[1 + k]]),
        };
        let taxed = |s: usize| at(s).1 * (1.0 + prices.tax_rate[s]);
        let floor: f64 = (0..SLOTS).map(|s| taxed(s) * self.rule.subsistence[s]).sum();
        let budget = self.households[household].budget as f64;
        let (scale, free) = if budget < floor { (budget / floor, 0.0) } else { (1.0, budget - floor) };
        std::array::from_fn(|s| {
            let beta = self.rule.marginal_share[(Decile(self.households[household].decile as usize), Slot(s))];
            let (place, price) = at(s);
            let wish = scale * self.rule.subsistence[s] + beta * free / taxed(s);
            (place, price, prices.tax_rate[s], Volume::within(wish))
        })
    }

    /// One round of the sequential matcher: volumes sold at outlets and services, and what each household pays.
    fn sequential(
        &self,
        goods: &mut [Volume],
        service: &mut [Volume],
        seed: u64,
    ) -> (Vec<Volume>, Vec<Volume>, Vec<Money>) {
        let mut queue: Vec<usize> = (0..HOUSEHOLDS).collect();
        queue.sort_by_key(|&i| hash(seed, i as u64, 9));
        let (mut sold, mut served) = (vec![Volume::ZERO; goods.len()], vec![Volume::ZERO; service.len()]);
        let mut paid = vec![0; HOUSEHOLDS];
        for household in queue {
            for (s, (place, price, tax, wish)) in self.wishes(household).into_iter().enumerate() {
                let (shelf, count) = if s < OUTLET_SLOTS {
                    (&mut goods[place], &mut sold[place])
                } else {
                    (&mut service[place], &mut served[place])
                };
                let got = wish.min(*shelf);
                *shelf -= got;
                *count += got;
                let pay = payment(price, got);
                paid[household] += pay + ad_valorem(pay, tax);
            }
        }
        (sold, served, paid)
    }
}

/// More than anybody wants.
const PLENTY: Volume = Volume::new(i64::MAX / 4);

fn shelves(goods: &[Volume], service: &[Volume]) -> Shelves {
    Shelves { goods: goods.to_vec(), trade: vec![PLENTY; OUTLETS], service: service.to_vec(), margin_rate: 0.2 }
}

/// Shelves where every other seller has six tenths of what it is asked for.
fn cut(asked: &[Volume]) -> Vec<Volume> {
    let part = |q: Volume| Volume::new(q.count() * 6 / 10);
    asked.iter().enumerate().map(|(k, &q)| if k % 2 == 0 { part(q) } else { q * 2 }).collect()
}

#[test]
fn with_full_shelves_every_household_buys_and_pays_the_same() {
    for seed in 1..=4 {
        let zone = Zone::drawn(seed);
        let (mut goods, mut service) = (vec![PLENTY; OUTLETS * OUTLET_SLOTS], vec![PLENTY; SERVICES * SELLERS]);
        let (sales, households) = zone.kernel(&mut shelves(&goods, &service), 3);
        let (sold, served, paid) = zone.sequential(&mut goods, &mut service, seed);
        // A wish is a quotient here and a product with an inverse there: the last unit may differ.
        let near = |a: &[Volume], b: &[Volume]| {
            a.iter().zip(b).all(|(&a, &b)| (a - b).count().abs() <= HOUSEHOLDS as i64 / 100)
        };
        assert!(near(&sales.goods, &sold) && near(&sales.service, &served));
        for ((before, after), paid) in zone.households.iter().zip(&households).zip(paid) {
            assert!((before.deposits - after.deposits - paid).abs() <= 2 * SLOTS as i64);
        }
        assert!(sales.unserved.iter().all(|q| q.is_zero()));
    }
}

#[test]
fn with_short_shelves_sellers_sell_the_same_volumes_in_a_round() {
    for seed in 1..=4 {
        let zone = Zone::drawn(seed);
        let full = vec![PLENTY; OUTLETS * OUTLET_SLOTS];
        let (asked, _) = zone.kernel(&mut shelves(&full, &[PLENTY; SERVICES * SELLERS]), 1);
        let (mut goods, mut service) = (cut(&asked.goods), cut(&asked.service));
        let (sales, households) = zone.kernel(&mut shelves(&goods, &service), 1);
        let (sold, served, _) = zone.sequential(&mut goods, &mut service, seed);
        for (&pro_rata, &first_come) in sales.goods.iter().chain(&sales.service).zip(sold.iter().chain(&served)) {
            // Pro rata shares are rounded down for each household.
            assert!((first_come - pro_rata).count().abs() <= HOUSEHOLDS as i64, "{pro_rata} and {first_come}");
            assert!(pro_rata.is_positive());
        }
        let spent: i64 = zone.households.iter().zip(&households).map(|(a, b)| a.deposits - b.deposits).sum();
        let received: i64 = [&sales.outlet_receipts, &sales.outlet_tax, &sales.service_receipts, &sales.service_tax]
            .iter()
            .map(|column| column.iter().sum::<i64>())
            .sum();
        assert_eq!(spent, received, "what households pay is what sellers and the government receive");
        assert_eq!(spent, sales.spending.iter().sum::<i64>());
        let wanted: Volume = asked.goods.iter().chain(&asked.service).sum();
        let bought: Volume = sales.volume.iter().sum();
        assert_eq!(
            wanted,
            bought + sales.unserved.iter().sum::<Volume>(),
            "every want is served or counted as unserved"
        );
    }
}

#[test]
fn further_rounds_serve_more_and_never_more_than_there_is() {
    let zone = Zone::drawn(7);
    let full = vec![PLENTY; OUTLETS * OUTLET_SLOTS];
    let (asked, _) = zone.kernel(&mut shelves(&full, &[PLENTY; SERVICES * SELLERS]), 1);
    let (goods, service) = (cut(&asked.goods), cut(&asked.service));
    let mut last = Volume::MAX;
    for rounds in 1..=4 {
        let mut left = shelves(&goods, &service);
        let (sales, _) = zone.kernel(&mut left, rounds);
        assert!(left.goods.iter().chain(&left.service).all(|q| !q.is_negative()), "nobody sells what it does not have");
        let unserved: Volume = sales.unserved.iter().sum();
        assert!(unserved < last, "round {rounds} leaves {unserved}");
        last = unserved;
    }
}
