//! What agents hold and owe of each line of the balance sheet, as [`crate::accounts`] says where it stands.

use engine::math::exact_sum_by;

use crate::accounts::{Line, lines};
use crate::components::{Bank, Books, CentralBank, Government, Household};
use crate::geography::Geography;
use crate::state::{Fund, RegionState};

/// The customers of banks: households and firms.
#[derive(Clone, Copy)]
pub struct Customers<'a> {
    /// Who lives where.
    pub geography: &'a Geography,
    /// All households.
    pub households: &'a [Household],
    /// Books of all firms.
    pub books: &'a [Books],
}

/// All who hold and owe, regions together.
#[derive(Clone, Copy)]
pub struct Holders<'a> {
    /// Households and firms.
    pub customers: Customers<'a>,
    /// States of the regions, their funds in them.
    pub states: &'a [RegionState],
    /// All banks.
    pub banks: &'a [Bank],
    /// Governments.
    pub governments: &'a [Government],
    /// Central banks.
    pub central_banks: &'a [CentralBank],
}

impl<'a> Customers<'a> {
    fn households(&self, bank: usize) -> &'a [Household] {
        &self.households[self.geography.customers(bank).0]
    }

    fn firms(&self, bank: usize) -> &'a [Books] {
        &self.books[self.geography.customers(bank).1]
    }
}

/// Holders of a region by the words that lines use for them.
impl<'a> Holders<'a> {
    fn households(&self, region: usize) -> &'a [Household] {
        &self.customers.households[self.customers.geography.regions[region].households.range()]
    }

    fn firms(&self, region: usize) -> &'a [Books] {
        &self.customers.books[self.customers.geography.regions[region].firms.range()]
    }

    fn fund(&self, region: usize) -> &'a [Fund] {
        std::slice::from_ref(&self.states[region].fund)
    }

    fn banks(&self, region: usize) -> &'a [Bank] {
        &self.banks[self.customers.geography.banks_of(region)]
    }

    fn governments(&self, region: usize) -> &'a [Government] {
        std::slice::from_ref(&self.governments[region])
    }

    fn central_banks(&self, region: usize) -> &'a [CentralBank] {
        std::slice::from_ref(&self.central_banks[region])
    }
}

macro_rules! sums {
    ($($name:ident: $side:ident, $label:literal $(, of $holder:ident.$field:ident $(, at $bank:ident)?)?;)*) => {
        impl Customers<'_> {
            /// What the customers of a bank hold or owe there of one of its lines, minor units.
            #[must_use]
            pub fn with(&self, bank: usize, line: Line) -> i128 {
                let mut sum = 0;
                $($($(
                    if line == Line::$bank {
                        sum += exact_sum_by(self.$holder(bank), |x| x.$field);
                    }
                )?)?)*
                sum
            }
        }

        impl Holders<'_> {
            /// What is held or owed of a line in a region, minor units; `None` if the line has no holder.
            #[must_use]
            pub fn of(&self, region: usize, line: Line) -> Option<i128> {
                match line {
                    $(Line::$name => sums!(@sum $(exact_sum_by(self.$holder(region), |x| x.$field))?)),*
                }
            }
        }
    };
    (@sum $sum:expr) => { Some($sum) };
    (@sum) => { None };
}
lines!(sums);

#[cfg(test)]
mod tests {
    use bevy_ecs::prelude::World;

    use super::*;
    use crate::state::Regions;
    use crate::store::rows_of;

    fn column<T: bevy_ecs::prelude::Component + Clone>(world: &mut World) -> Vec<T> {
        world.query::<&T>().iter(world).cloned().collect()
    }

    #[test]
    fn what_stands_with_a_bank_is_what_its_customers_hold_there() {
        let mut world = crate::testing::world();
        let (books, banks) = (column::<Books>(&mut world), column::<Bank>(&mut world));
        let (governments, central_banks) = (column::<Government>(&mut world), column::<CentralBank>(&mut world));
        let (geography, households) = (world.resource::<Geography>(), rows_of::<Household>(&world));
        let customers = Customers { geography, households, books: &books };
        let states = &world.resource::<Regions>().states;
        let holders =
            Holders { customers, states, banks: &banks, governments: &governments, central_banks: &central_banks };
        for (k, region) in geography.regions.iter().enumerate() {
            let of_households: i64 = households[region.households.range()].iter().map(|x| x.deposits).sum();
            let firms = &books[region.firms.range()];
            let (of_firms, owed): (i64, i64) =
                (firms.iter().map(|x| x.deposits).sum(), firms.iter().map(|x| x.loans).sum());
            assert!(of_households > 0 && of_firms > 0 && owed > 0);
            // One bank a region.
            assert_eq!(customers.with(k, Line::BankDeposits), i128::from(of_households + of_firms));
            assert_eq!(customers.with(k, Line::BankLoans), i128::from(owed));
            assert_eq!(customers.with(k, Line::BankBonds), 0);
            for (line, held) in [
                (Line::HouseholdDeposits, of_households),
                (Line::FirmDeposits, of_firms),
                (Line::FirmLoans, owed),
                (Line::FundDeposits, states[k].fund.deposits),
                (Line::BankBonds, banks[k].bonds),
                (Line::GovernmentBonds, governments[k].debt),
                (Line::CentralBankBonds, central_banks[k].bonds),
            ] {
                assert_eq!(holders.of(k, line), Some(i128::from(held)), "{line:?}");
            }
            for &line in Line::ALL {
                assert_eq!(holders.of(k, line).is_some(), line.identity().is_some(), "{line:?}");
            }
        }
    }
}
