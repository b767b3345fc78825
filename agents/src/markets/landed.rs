//! What goods cost where they land, and what governments take of that: the one place that sourcing, prices, settlement, orders and
//! moving firms ask.

use std::ops::{AddAssign, Sub};

use bevy_ecs::prelude::{Res, ResMut, Resource};
use bevy_ecs::system::SystemParam;
use engine::grid::{Grid, Layer};
use engine::money::{Money, Volume, ad_valorem, converted, payment};

use super::routing::Routes;
use crate::accounts::Why;
use crate::axes::{Border, Importer, Lane, Origin, Product};
use crate::given::Given;
use crate::parameters::list::Routing;
use crate::paying::Payments;
use crate::policy::PolicyState;
use crate::tally::Purchases;

/// What is added to the prices of exporters at the border; cells by importer, origin and product.
///
/// Equation: landed price `p m a e (1 + tau)`, with the seller's price at home `p`, the exporter's price in the market over that `m`, what is
/// added before duty `a` (detours), the exchange rate `e` and the duty charged `tau`, a mean over the ways goods take.
/// Source: the duty is levied on the transaction value in the currency of the importer (WTO, Customs Valuation Agreement, articles 1 and 9).
#[derive(Resource, Clone, Debug, Default)]
pub struct LandedPrice {
    /// Duty charged.
    duty: Grid<Border, f64>,
    /// Price with what is added before duty over the price without; empty where nothing can be.
    added: Grid<Border, f64>,
}

impl LandedPrice {
    /// Prices under a state of policy, with the routes of now.
    #[must_use]
    pub fn under(state: &PolicyState, routes: &Routes, rules: &Routing) -> Self {
        Self { duty: routes.rates(rules, state), added: routes.detours(rules) }
    }

    /// Duty charged at a cell, a fraction of the value.
    #[must_use]
    pub fn duty(&self, cell: Border) -> f64 {
        self.duty[cell]
    }

    /// Price before duty, currency of the seller, given its price at home and the factor of the exporter in that market.
    #[must_use]
    pub fn before_duty(&self, price: f64, in_market: f64, cell: Border) -> f64 {
        price * in_market * self.added.get(cell).copied().unwrap_or(1.0)
    }

    /// Price with duty, given the price at home, the factor of the exporter in that market and the exchange rate: units of the
    /// currency wanted per unit of the seller's.
    #[must_use]
    pub fn with_duty(&self, price: f64, in_market: f64, exchange: f64, cell: Border) -> f64 {
        self.before_duty(price, in_market, cell) * exchange * (1.0 + self.duty[cell])
    }

    /// All that is added to what the exporter asks at a cell, a fraction.
    #[must_use]
    pub fn charge(&self, cell: Border) -> f64 {
        let before = self.before_duty(1.0, 1.0, cell);
        // Written so that it is the duty to the last bit where nothing else is added.
        self.duty[cell] * before + (before - 1.0)
    }

    /// Terms for the imports of a region, given the factors of exporters in markets (all cells).
    #[must_use]
    pub fn terms(&self, importer: Importer, in_market: &Grid<Border, f64>) -> ImportTerms<'_> {
        let [_, origins, products] = self.duty.shape();
        let factor = Grid::from_fn([origins, products], |(origin, product)| {
            let cell = (importer, origin, product);
            self.before_duty(1.0, in_market[cell], cell)
        });
        ImportTerms { duty: self.duty.layer(importer), factor }
    }
}

/// Borders as who trades finds them: prices of now, and the routes that prices of later follow from.
#[derive(SystemParam)]
pub struct Borders<'w> {
    /// Prices of the tick.
    pub landed: Res<'w, LandedPrice>,
    /// Routes of the tick.
    pub routes: Res<'w, Routes>,
}

/// System: what is charged at borders in the tick.
pub fn price_at_borders(given: Given, routes: Res<Routes>, mut landed: ResMut<LandedPrice>) {
    *landed = LandedPrice::under(given.measures(), &routes, &given.p.routing);
}

/// Terms of a region's imports.
pub struct ImportTerms<'a> {
    duty: Layer<'a, (Origin, Product), f64>,
    /// Price before duty over the seller's price at home.
    factor: Grid<(Origin, Product), f64>,
}

impl ImportTerms<'_> {
    /// What a volume at a seller's price costs where it is imported: the exporter receives its price times what it charges in that
    /// market, in its own currency; the duty is levied on that in the importer's currency, before duty, at the mean over the
    /// ways the goods take.
    #[must_use]
    #[inline]
    pub fn import(&self, price: f64, volume: Volume, exchange: f64, cell: (Origin, Product)) -> Delivery {
        let received = payment(price * self.factor[cell], volume);
        let paid = converted(received, exchange);
        Delivery { volume, paid, received, duty: ad_valorem(paid, self.duty[cell]) }
    }
}

/// A delivery as it is paid; negative where it is taken back.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Volume.
    pub volume: Volume,
    /// What the buyer pays before duty, its currency.
    pub paid: Money,
    /// What the seller takes, its currency.
    pub received: Money,
    /// Duty, currency of the buyer.
    pub duty: Money,
}

impl Delivery {
    /// A delivery within a region.
    #[must_use]
    #[inline]
    pub fn at_home(price: f64, volume: Volume) -> Self {
        let received = payment(price, volume);
        Self { volume, paid: received, received, duty: 0 }
    }

    /// Notes it among the purchases of the tick.
    pub fn note(&self, at: Lane, purchases: &mut Purchases) {
        purchases.volume[at] += self.volume;
        purchases.value[at] += self.paid;
        purchases.receipts[at] += self.received;
        purchases.duty[at] += self.duty;
    }

    /// All that the buyer pays, its currency.
    #[must_use]
    pub const fn cost(&self) -> Money {
        self.paid + self.duty
    }
}

impl Sub for Delivery {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            volume: self.volume - other.volume,
            paid: self.paid - other.paid,
            received: self.received - other.received,
            duty: self.duty - other.duty,
        }
    }
}

impl AddAssign for Delivery {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        self.volume += other.volume;
        self.paid += other.paid;
        self.received += other.received;
        self.duty += other.duty;
    }
}

/// Purchases of one purpose and product from one origin.
#[derive(Clone, Copy, Default)]
pub struct Cell {
    /// Volume ordered.
    pub ordered: Volume,
    /// What was delivered, less what was taken back.
    pub delivered: Delivery,
}

/// What governments took at borders in a round, by region.
pub struct Levies {
    duties: Vec<Money>,
}

impl Levies {
    /// Nothing yet.
    #[must_use]
    pub fn new(regions: usize) -> Self {
        Self { duties: vec![0; regions] }
    }

    /// Adds what a region bought from an origin.
    pub fn add(&mut self, (importer, _origin): (usize, usize), delivered: &Delivery) {
        self.duties[importer] += delivered.duty;
    }

    /// Posts it, given what governments paid to themselves.
    pub fn post(&self, of_government: &[Money], payments: &mut Payments) {
        for (d, (duties, own)) in self.duties.iter().zip(of_government).enumerate() {
            payments.post(d, Why::DutiesFirms, duties - own);
            payments.post(d, Why::DutiesGovernment, *own);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    /// One importer, two products of one origin.
    const CELL: Border = (Importer(0), Origin(0), Product(1));

    fn table(values: [f64; 2]) -> Grid<Border, f64> {
        Grid::from_vec([1, 1, 2], values.to_vec()).expect("two cells")
    }

    fn landed() -> LandedPrice {
        LandedPrice { duty: table([0.0, 0.25]), added: table([1.0, 1.1]) }
    }

    #[test]
    fn a_landed_price_by_hand() {
        // 8 at home, a tenth less in this market, a tenth for the detour, two units of our currency each, a quarter of duty.
        near(landed().before_duty(8.0, 0.9, CELL), 7.92);
        near(landed().with_duty(8.0, 0.9, 2.0, CELL), 19.8);
        near(landed().charge(CELL), 0.375);
        near(LandedPrice { added: Grid::default(), ..landed() }.charge(CELL), 0.25);
    }

    #[test]
    fn a_delivery_pays_seller_and_customs() {
        let landed = landed();
        let terms = landed.terms(Importer(0), &table([1.0, 0.9]));
        let got = terms.import(8.0, Volume::new(100), 2.0, (Origin(0), Product(1)));
        assert_eq!(got, Delivery { volume: Volume::new(100), paid: 1584, received: 792, duty: 396 });
        assert_eq!(got.cost(), 1980);
        let mut all = got;
        all += terms.import(8.0, Volume::new(50), 2.0, (Origin(0), Product(1))) - got;
        assert_eq!(all, Delivery { volume: Volume::new(50), paid: 792, received: 396, duty: 198 });
        let home = Delivery::at_home(8.0, Volume::new(100));
        assert_eq!((home.paid, home.received, home.cost()), (800, 800, 800));
    }
}
