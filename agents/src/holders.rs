//! What agents hold and owe of each line of the balance sheet, as [`crate::accounts`] says where it stands.

use engine::math::exact_sum_by;
use rayon::prelude::*;

use crate::accounts::{Line, lines};
use crate::components::{Bank, Books, CentralBank, Government, Household, Lineage};
use crate::geography::Geography;
use crate::state::{Fund, RegionState};

/// What many households hold and owe, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HouseholdsHold {
    /// Deposits, minor units.
    pub deposits: i128,
    /// Shares of the fund, number.
    pub fund_shares: i128,
    /// What is owed on homes, minor units.
    pub mortgages: i128,
    /// What is owed without one, minor units.
    pub consumer_credit: i128,
    /// Homes, in their units.
    pub homes: i128,
}

impl HouseholdsHold {
    fn and(self, other: Self) -> Self {
        Self {
            deposits: self.deposits + other.deposits,
            fund_shares: self.fund_shares + other.fund_shares,
            mortgages: self.mortgages + other.mortgages,
            consumer_credit: self.consumer_credit + other.consumer_credit,
            homes: self.homes + other.homes,
        }
    }

    /// Added up over households and, where they are units, their homes and debts.
    fn of(households: &[Household], lineages: &[Lineage]) -> Self {
        const ROWS: usize = 1 << 13;
        let sum = |households: &[Household]| {
            let of = |x: &Household| (i128::from(x.deposits), i128::from(x.fund_shares));
            households.iter().map(of).fold((0, 0), |sum, x| (sum.0 + x.0, sum.1 + x.1))
        };
        let owed = |lineages: &[Lineage]| {
            let of = |x: &Lineage| Self {
                mortgages: x.mortgage().into(),
                consumer_credit: x.consumer_credit().into(),
                homes: x.homes.into(),
                ..Self::default()
            };
            lineages.iter().map(of).fold(Self::default(), Self::and)
        };
        let (deposits, fund_shares) =
            households.par_chunks(ROWS).map(sum).reduce(|| (0, 0), |sum, x| (sum.0 + x.0, sum.1 + x.1));
        let owed = lineages.par_chunks(ROWS).map(owed).reduce(Self::default, Self::and);
        Self { deposits, fund_shares, ..owed }
    }
}

/// The customers of banks: households and firms.
#[derive(Clone)]
pub struct Customers<'a> {
    geography: &'a Geography,
    books: &'a [Books],
    /// By bank.
    households: Vec<HouseholdsHold>,
}

/// All who hold and owe, regions together.
#[derive(Clone, Copy)]
pub struct Holders<'a> {
    /// Households and firms.
    pub customers: &'a Customers<'a>,
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
    /// All customers, given households, their homes and debts where they are units, and the books of firms.
    #[must_use]
    pub fn new(geography: &'a Geography, households: &[Household], lineages: &[Lineage], books: &'a [Books]) -> Self {
        let of = |bank: usize| {
            let rows = geography.customers(bank).0;
            HouseholdsHold::of(&households[rows.clone()], lineages.get(rows).unwrap_or_default())
        };
        Self { geography, books, households: (0..geography.banks.len()).map(of).collect() }
    }

    /// Where they are.
    #[must_use]
    pub fn geography(&self) -> &'a Geography {
        self.geography
    }

    /// Households of a region.
    #[must_use]
    pub fn households_of(&self, region: usize) -> HouseholdsHold {
        self.households[self.geography.banks_of(region)]
            .iter()
            .copied()
            .fold(HouseholdsHold::default(), HouseholdsHold::and)
    }

    fn firms(&self, bank: usize) -> &'a [Books] {
        &self.books[self.geography.customers(bank).1]
    }
}

/// Holders of a region by the words that lines use for them.
impl<'a> Holders<'a> {
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
                        sum += sums!(@with $holder $field self bank);
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
                    $(Line::$name => sums!(@sum $(sums!(@of $holder $field self region))?)),*
                }
            }
        }
    };
    (@with households $field:ident $self:ident $bank:ident) => { $self.households[$bank].$field };
    (@with $holder:ident $field:ident $self:ident $bank:ident) => { exact_sum_by($self.$holder($bank), |x| x.$field) };
    (@of households $field:ident $self:ident $region:ident) => { $self.customers.households_of($region).$field };
    (@of $holder:ident $field:ident $self:ident $region:ident) => { exact_sum_by($self.$holder($region), |x| x.$field) };
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
        let customers = &Customers::new(geography, households, rows_of::<Lineage>(&world), &books);
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
