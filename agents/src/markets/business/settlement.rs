//! How a delivery is paid and booked: terms of trade, the desks of batches of purchasers.

use engine::grid::Grid;
use engine::money::{Money, Volume};
use rayon::prelude::*;

use super::counters::Counter;
use crate::accounts::Why;
use crate::axes::{Border, Importer, Origin, Product};
use crate::components::{Books, Firm, Flows, Offer, Plant};
use crate::geography::{Geography, NONE};
use crate::markets::batches::{Batch, pieces};
use crate::markets::landed::{Cell, Delivery, ImportTerms, LandedPrice, Levies};
use crate::paying::Payments;
use crate::policy::PolicyState;
use crate::purpose::{PURPOSES, Purpose};
use crate::state::{LineItem, Regions};
use crate::tally::Tally;

/// Terms of trade of a region with every origin.
pub(super) struct Terms<'a> {
    pub(super) state: &'a PolicyState,
    pub(super) importer: Importer,
    /// Units of the region's currency per unit of the origin's.
    pub(super) rates: Vec<f64>,
    /// Share of goods from every origin that passes ports; empty where all are open.
    pub(super) passing: &'a Grid<(Importer, Origin), f64>,
    /// Of what is imported.
    pub(super) imports: ImportTerms<'a>,
}

impl<'a> Terms<'a> {
    pub(super) fn new(
        state: &'a PolicyState,
        regions: &Regions,
        (landed, passing): (&'a LandedPrice, &'a Grid<(Importer, Origin), f64>),
        market_factor: &Grid<Border, f64>,
        region: usize,
    ) -> Self {
        let own = regions.states[region].exchange_rate;
        let rates: Vec<f64> = regions.states.iter().map(|s| s.exchange_rate / own).collect();
        let importer = Importer(region);
        Self { state, importer, rates, passing, imports: landed.terms(importer, market_factor) }
    }

    /// Whether imports of a product from an origin are forbidden.
    pub(super) fn banned(&self, origin: Origin, product: Product) -> bool {
        self.state.banned((self.importer, origin, product))
    }

    /// Part of an order of goods that passes ports, volume.
    #[inline]
    pub(super) fn let_pass(&self, origin: Origin, volume: Volume) -> Volume {
        match self.passing.get((self.importer, origin)) {
            Some(&share) if share < 1.0 => Volume::within(share * volume.as_f64()),
            _ => volume,
        }
    }

    /// What a volume at a seller's price costs in the region.
    #[inline]
    pub(super) fn deliver(&self, price: f64, origin: Origin, product: Product, volume: Volume) -> Delivery {
        if origin.0 == self.importer.0 {
            return Delivery::at_home(price, volume);
        }
        self.imports.import(price, volume, self.rates[origin.0], (origin, product))
    }
}

/// What a batch bought.
pub(super) struct Bought {
    pub(super) importer: Importer,
    pub(super) cells: Grid<(Purpose, Product, Origin), Cell>,
    pub(super) government_duty: Money,
    pub(super) capital: Volume,
}

impl Bought {
    pub(super) fn new(region: usize, regions: usize, products: usize) -> Self {
        let cells = Grid::filled([PURPOSES, products, regions], Cell::default());
        Self { importer: Importer(region), cells, government_duty: 0, capital: Volume::ZERO }
    }
}

/// What purchasers pay and hold: columns of all firms.
pub(super) struct Holdings<'a> {
    pub(super) books: &'a mut [Books],
    pub(super) flows: &'a mut [Flows],
    pub(super) plants: &'a mut [Plant],
    /// Stocks of inputs by firm and product.
    pub(super) inputs: &'a mut [Volume],
    /// Stocks for resale by outlet and product.
    pub(super) resale: &'a mut [Volume],
}

/// Columns of firms a batch of purchasers may write.
pub(super) struct Desk<'a> {
    /// All firms.
    pub(super) firm: &'a [Firm],
    /// First purchaser of the batch.
    pub(super) first: usize,
    pub(super) books: &'a mut [Books],
    pub(super) flows: &'a mut [Flows],
    pub(super) plants: &'a mut [Plant],
    pub(super) inputs: &'a mut [Volume],
    pub(super) shelf: &'a mut [Volume],
    pub(super) first_outlet: usize,
    pub(super) products: usize,
}

impl Desk<'_> {
    /// Books what a purchaser received on a line.
    #[inline]
    pub(super) fn book(&mut self, purchaser: usize, item: LineItem, got: Delivery, bought: &mut Bought) {
        let (cost, x) = (got.cost(), item.product as usize);
        if item.purpose == Purpose::Government {
            bought.government_duty += got.duty;
            return;
        }
        let row = purchaser - self.first;
        self.books[row].deposits -= cost;
        let flow = &mut self.flows[row];
        match item.purpose {
            Purpose::Intermediate => {
                self.inputs[row * self.products + x] += got.volume;
                flow.inputs += got.paid;
                flow.duties_current += got.duty;
                flow.materials_change += cost;
            }
            Purpose::Capital => {
                self.plants[row].capital += got.volume;
                bought.capital += got.volume;
                flow.investment += got.paid;
                flow.duties_capital += got.duty;
            }
            Purpose::Resale => {
                let outlet = self.firm[purchaser].outlet as usize;
                self.shelf[(outlet - self.first_outlet) * self.products + x] += got.volume;
                flow.resale += got.paid;
                flow.duties_current += got.duty;
                flow.materials_change += cost;
            }
            Purpose::Government => {}
        }
    }

    /// Books a change of one delivery with the seller, the purchaser and the batch.
    #[inline]
    pub(super) fn settle(
        &mut self,
        purchaser: usize,
        item: LineItem,
        counter: &Counter,
        change: Delivery,
        bought: &mut Bought,
    ) {
        counter.add(change.volume, change.received);
        bought.cells[(item.purpose, item.product(), counter.origin())].delivered += change;
        self.book(purchaser, item, change, bought);
    }
}

/// Cuts the columns of firms into the desks of the batches.
pub(super) fn desks<'a>(
    geography: &Geography,
    batches: &[Batch],
    firm: &'a [Firm],
    holdings: &'a mut Holdings,
) -> Vec<Desk<'a>> {
    let Holdings { books, flows, plants, inputs, resale } = holdings;
    let g = geography.product_count();
    let firm_width = |b: &Batch| if b.from < geography.firms { b.to - b.from } else { 0 };
    let outlets = |b: &Batch| firm[b.from..b.from + firm_width(b)].iter().map(|f| f.outlet).filter(|&x| x != NONE);
    let outlet_width = |b: &Batch| if firm_width(b) > 0 { outlets(b).count() * g } else { 0 };
    let first_outlet = |b: &Batch| if firm_width(b) > 0 { outlets(b).next().unwrap_or(0) as usize } else { 0 };
    pieces(books, batches, firm_width)
        .into_iter()
        .zip(pieces(flows, batches, firm_width))
        .zip(pieces(plants, batches, firm_width))
        .zip(pieces(inputs, batches, |b| firm_width(b) * g))
        .zip(pieces(resale, batches, outlet_width))
        .zip(batches)
        .map(|(((((books, flows), plants), inputs), shelf), batch)| Desk {
            firm,
            first: batch.from,
            books,
            flows,
            plants,
            inputs,
            shelf,
            first_outlet: first_outlet(batch),
            products: g,
        })
        .collect()
}

/// Sellers hand over what they sold and take what they were paid in a round.
pub(super) fn collect_receipts(offer: &mut [Offer], books: &mut [Books], counters: &mut [Counter]) {
    offer.par_iter_mut().zip(books.par_iter_mut()).zip(counters.par_iter_mut()).for_each(|((o, b), counter)| {
        let (sold, receipts) = (counter.sold(), counter.receipts());
        o.stock -= sold;
        o.sold += sold;
        o.revenue += receipts;
        b.deposits += receipts;
    });
}

/// Books the purchases of a round: the books, budgets, foreign claims.
pub(super) fn book(bought: &[Bought], r: usize, payments: &mut Payments, tally: &mut Tally) {
    const DOMESTIC: [Why; PURPOSES] =
        [Why::InputPurchases, Why::CapitalPurchases, Why::ResalePurchases, Why::GovernmentPurchases];
    const FOREIGN: [Why; PURPOSES] =
        [Why::ImportsInputs, Why::ImportsCapital, Why::ImportsResale, Why::ImportsGovernment];
    // Value and receipts by importer, purpose and origin: each pair of regions is posted once.
    let mut trade = Grid::<(Importer, Purpose, Origin), _>::filled([r, PURPOSES, r], (0, 0));
    let (mut levies, mut of_government) = (Levies::new(r), vec![0; r]);
    for b in bought {
        let Importer(d) = b.importer;
        tally.capital_formed[d] += b.capital;
        of_government[d] += b.government_duty;
        for ((purpose, product), cells) in b.cells.rows() {
            let sums = trade.row_mut((b.importer, purpose)).iter_mut();
            for (o, (Cell { delivered, .. }, (value, received))) in cells.iter().zip(sums).enumerate() {
                delivered.note((purpose, b.importer, product, Origin(o)), &mut tally.purchases);
                levies.add((d, o), delivered);
                *value += delivered.paid;
                *received += delivered.received;
            }
        }
    }
    levies.post(&of_government, payments);
    for at in trade.indices() {
        let ((Importer(d), purpose, Origin(o)), (value, received)) = (at, trade[at]);
        if o == d {
            payments.post(d, DOMESTIC[purpose as usize], value);
        } else {
            payments.post_across((d, o), (FOREIGN[purpose as usize], Why::Exports), value, received);
        }
    }
}
