//! The base-year world as tables: who produces, sells, buys, works and owns what.
//!
//! A world is a set of small CSV files (see `configs/worlds/world-15x21/SOURCES.md` for the form), parsed
//! from text and checked by [`Calibration::parse`]. [`synthetic`] makes balanced random worlds of any size.
//!
//! Index order, with R regions, G industries (products) and [`DECILES`] deciles; `r`, `o`, `d` are places in
//! [`Calibration::regions`], `g`, `j` places in [`Calibration::industries`]. Money is mn USD a year at basic
//! prices, persons are heads, rates and shares are fractions.

mod check;
mod csv;
mod demography;
mod load;
mod roles;
mod synthetic;
mod write;

pub use demography::{AGE_GROUPS, RegionDemography};
pub use roles::{IndustryRole, RegionRole};
pub use synthetic::{synthetic, synthetic_divided};

use serde::{Deserialize, Serialize};

/// An issue in a calibration file.
pub type CalibrationIssue = crate::reading::Issue;

/// Number of household groups, poorest first.
pub const DECILES: usize = 10;

/// Number of final uses: household, government, investment.
pub const FINAL_USES: usize = 3;

/// Who buys for final use. The number is the last index of [`Calibration::final_demand`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FinalUse {
    /// Households (with non-profit institutions).
    Household = 0,
    /// Government consumption.
    Government = 1,
    /// Fixed investment and inventories.
    Investment = 2,
}

/// One region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegionInfo {
    /// Short code, for example `USA`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Currency code; empty for a group of currencies.
    pub currency: String,
    /// Role.
    pub role: RegionRole,
}

/// One industry and its product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndustryInfo {
    /// Short code, for example `ELE`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Whether the product is a good: stored, carried by distribution, subject to duty.
    pub goods: bool,
    /// Whether the industry counts as manufacturing.
    pub manufacturing: bool,
    /// Role.
    pub role: IndustryRole,
    /// Long-run trade elasticity (theta), a number; `None` where there is no estimate (services).
    pub trade_elasticity: Option<f64>,
}

/// A named part of a region, which shares its currency and government.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AreaInfo {
    /// Place of the region in the order of regions.
    pub region: usize,
    /// Code, unique among areas and regions; that of the region if it has one area only.
    pub code: String,
    /// Name.
    pub name: String,
    /// Share of the region's population, fraction.
    pub population: f64,
    /// Earnings per head for the same work relative to the mean of the region, ratio.
    pub wage: f64,
    /// Share of the region's foreign trade in goods that goes through ports and border crossings of the area,
    /// fraction.
    pub port: f64,
    /// Cost of carriage between the area and the border, fraction of value.
    pub freight_abroad: f64,
    /// Cost of carriage between the area and buyers of the region, fraction of value.
    pub freight_home: f64,
    /// Share of the region's employment in each industry `[g]`, fraction.
    pub employment: Vec<f64>,
}

impl AreaInfo {
    /// The only area of a region.
    #[must_use]
    pub fn whole(region: usize, info: &RegionInfo, industries: usize) -> Self {
        Self {
            region,
            code: info.code.clone(),
            name: info.name.clone(),
            population: 1.0,
            wage: 1.0,
            port: 1.0,
            freight_abroad: 0.0,
            freight_home: 0.0,
            employment: vec![1.0; industries],
        }
    }
}

/// What is known of a region's people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RegionPeople {
    /// Persons of 15 and more, share of the population.
    pub adults: f64,
    /// Adults a household, mean.
    pub members: f64,
    /// Persons of 65 and more, share of the adults.
    pub retired: f64,
    /// Adults of low skill, share.
    pub low_skill: f64,
    /// Adults of high skill, share.
    pub high_skill: f64,
    /// Jobs left and taken relative to the United States.
    pub turnover: f64,
    /// Unemployment benefit, share of the last pay.
    pub benefit: f64,
    /// Months for which it is paid.
    pub benefit_months: f64,
    /// Households that own their home, share.
    pub owners: f64,
    /// Luck of a fortune a year, standard deviation of its logarithm.
    pub luck: f64,
    /// What is spent of small fortunes beyond what is of large ones, share a year.
    pub small_fortunes: f64,
}

/// One region's macro figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegionMacro {
    /// Persons.
    pub population: f64,
    /// Persons working or seeking work.
    pub labour_force: f64,
    /// Unemployed, fraction of the labour force.
    pub unemployment_rate: f64,
    /// Self-employed, fraction of employment.
    pub self_employed_share: f64,
    /// Consumer-price inflation, fraction a year.
    pub inflation: f64,
    /// Policy rate, fraction a year.
    pub policy_rate: f64,
    /// Household saving, fraction of disposable income.
    pub household_saving_rate: f64,
    /// General government revenue, fraction of GDP.
    pub government_revenue_share: f64,
    /// General government spending, fraction of GDP.
    pub government_spending_share: f64,
    /// General government gross debt, fraction of the GDP of a year.
    pub public_debt_share: f64,
    /// Current account, mn USD a year (may be negative).
    pub current_account: f64,
    /// Central-bank reserves, mn USD.
    pub fx_reserves: f64,
    /// Holdings of the reserve region's government bonds, public and private, mn USD.
    pub treasury_holdings: f64,
}

/// One class of firm sizes in a region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FirmSizeClass {
    /// Region, or `None` for every region without classes of its own.
    pub region: Option<usize>,
    /// Smallest number of persons.
    pub persons_from: u64,
    /// Largest number of persons; `None` for the open class.
    pub persons_to: Option<u64>,
    /// Share of the region's firms, fraction.
    pub firm_share: f64,
    /// Share of the region's employment, fraction.
    pub employment_share: f64,
}

/// The files of a world, as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CalibrationFiles {
    /// Name of the world, put before file names in messages.
    pub name: String,
    /// `regions.csv`: region, name, currency, role (`reserve` or empty).
    pub regions: String,
    /// `industries.csv`: industry, name, goods, manufacturing (0/1), role (`distribution`, `housing` or empty), `trade_elasticity`.
    pub industries: String,
    /// `flows.csv`: origin, product, destination, then one column an industry, household, government, investment.
    pub flows: String,
    /// `value_added.csv`: region, industry, `gross_output`, compensation, `production_taxes`, surplus, capital, employment.
    pub value_added: String,
    /// `households.csv`: region, decile (D1..D10), `income_share`, `consumption_share`, `wealth_share`.
    pub households: String,
    /// `baskets.csv`: region, decile, then one column a product: share of the decile's spending.
    pub baskets: String,
    /// `macro.csv`: region, then the fields of [`RegionMacro`].
    pub macro_figures: String,
    /// `tariffs.csv`: importer, exporter, then one column a good: ad valorem fraction.
    pub tariffs: String,
    /// `firm_sizes.csv`: region (`*` for the rest), `persons_from`, `persons_to`, `firm_share`, `employment_share`.
    pub firm_sizes: String,
    /// `areas.csv`: region, area, name, population, wage, port, `freight_abroad`, `freight_home`, then one column an industry: share
    /// of the region's employment. A region has no rows, and then is one area, or at least two; the file may be empty or missing.
    pub areas: String,
    /// `people.csv`: region, then the fields of [`RegionPeople`]; a region has a row or none, and the file may be empty or missing.
    pub people: String,
    /// `demography.csv`: region, then the fields of [`RegionDemography`]; a region has a row or none, and the file may be empty or missing.
    pub demography: String,
}

impl CalibrationFiles {
    /// The names of the files of a world, in the order of [`Self::texts`].
    pub const NAMES: [&'static str; 12] = [
        "regions.csv",
        "industries.csv",
        "flows.csv",
        "value_added.csv",
        "households.csv",
        "baskets.csv",
        "macro.csv",
        "tariffs.csv",
        "firm_sizes.csv",
        Self::AREAS,
        Self::PEOPLE,
        Self::DEMOGRAPHY,
    ];

    /// Areas: a world may do without.
    pub const AREAS: &'static str = "areas.csv";

    /// People: a world may do without.
    pub const PEOPLE: &'static str = "people.csv";

    /// Ages, births and deaths: a world may do without.
    pub const DEMOGRAPHY: &'static str = "demography.csv";

    /// Whether a world may do without a file.
    #[must_use]
    pub fn is_optional(name: &str) -> bool {
        [Self::AREAS, Self::PEOPLE, Self::DEMOGRAPHY].contains(&name)
    }

    /// Assembles a world from `texts` in the order of [`Self::NAMES`].
    #[must_use]
    pub fn from_texts(name: &str, texts: [String; 12]) -> Self {
        let [
            regions,
            industries,
            flows,
            value_added,
            households,
            baskets,
            macro_figures,
            tariffs,
            firm_sizes,
            areas,
            people,
            demography,
        ] = texts;
        let name = name.to_owned();
        Self {
            name,
            regions,
            industries,
            flows,
            value_added,
            households,
            baskets,
            macro_figures,
            tariffs,
            firm_sizes,
            areas,
            people,
            demography,
        }
    }

    /// The texts in the order of [`Self::NAMES`].
    #[must_use]
    pub fn texts(&self) -> [&str; 12] {
        [
            &self.regions,
            &self.industries,
            &self.flows,
            &self.value_added,
            &self.households,
            &self.baskets,
            &self.macro_figures,
            &self.tariffs,
            &self.firm_sizes,
            &self.areas,
            &self.people,
            &self.demography,
        ]
    }
}

/// The base-year world. See the module text for index order and units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Name of the world.
    pub name: String,
    /// Regions, R of them.
    pub regions: Vec<RegionInfo>,
    /// Industries, G of them.
    pub industries: Vec<IndustryInfo>,
    /// Intermediate purchases, mn USD a year: `[(o*G + g)*R*G + (d*G + j)]` is product `g` of origin `o` used by
    /// industry `j` of region `d`.
    pub flows_intermediate: Vec<f64>,
    /// Final purchases, mn USD a year: `[((o*G + g)*R + d)*3 + use]`, use as [`FinalUse`].
    pub final_demand: Vec<f64>,
    /// Output, mn USD a year `[r*G + g]`.
    pub gross_output: Vec<f64>,
    /// Labour income including the self-employed, mn USD a year `[r*G + g]`.
    pub compensation: Vec<f64>,
    /// Taxes on production less subsidies, mn USD a year `[r*G + g]` (may be negative).
    pub production_taxes: Vec<f64>,
    /// Gross operating surplus, mn USD a year `[r*G + g]`.
    pub surplus: Vec<f64>,
    /// Capital stock at replacement cost, mn USD `[r*G + g]`.
    pub capital: Vec<f64>,
    /// Employed persons `[r*G + g]`.
    pub employment: Vec<f64>,
    /// Share of the region's income, fraction `[r*10 + decile]`.
    pub income_shares: Vec<f64>,
    /// Share of the region's household consumption, fraction `[r*10 + decile]`.
    pub consumption_shares: Vec<f64>,
    /// Share of the region's household wealth, fraction `[r*10 + decile]` (may be negative).
    pub wealth_shares: Vec<f64>,
    /// Share of the decile's spending, fraction `[(r*10 + decile)*G + g]`.
    pub baskets: Vec<f64>,
    /// Base-year ad valorem duty, fraction of value `[(importer*R + exporter)*G + g]`; zero for services and at home.
    pub tariffs: Vec<f64>,
    /// Macro figures `[r]`.
    pub macro_figures: Vec<RegionMacro>,
    /// Firm-size classes.
    pub firm_sizes: Vec<FirmSizeClass>,
    /// Areas, sorted by region; at least one a region.
    pub areas: Vec<AreaInfo>,
    /// What is known of people `[r]`.
    pub people: Vec<Option<RegionPeople>>,
    /// What is known of ages, births and deaths `[r]`.
    pub demography: Vec<Option<RegionDemography>>,
}

impl Calibration {
    /// Parses and checks the files of a world.
    ///
    /// Checks: known codes, no duplicates, no missing rows, signs, shares summing to one (1e-6), output =
    /// intermediate and final sales, output = inputs and value added (both 1e-6 of output; the worst cells are
    /// named), baskets adding up to the household column (1e-5 of household spending), employment against
    /// labour force and unemployment (1 per cent).
    ///
    /// # Errors
    /// Every issue found, with file, line, key and remedy.
    pub fn parse(files: &CalibrationFiles) -> Result<Self, Vec<CalibrationIssue>> {
        load::parse(files)
    }

    /// The world as CSV text in the form [`Self::parse`] reads.
    #[must_use]
    pub fn to_files(&self) -> CalibrationFiles {
        write::to_files(self)
    }

    /// Number of regions.
    #[must_use]
    pub fn region_count(&self) -> usize {
        self.regions.len()
    }

    /// Number of industries.
    #[must_use]
    pub fn industry_count(&self) -> usize {
        self.industries.len()
    }

    /// Purchases of product `g` of origin `o` by industry `j` of region `d`, mn USD a year.
    #[must_use]
    pub fn intermediate(&self, o: usize, g: usize, d: usize, j: usize) -> f64 {
        let industries = self.industry_count();
        self.flows_intermediate[(o * industries + g) * self.region_count() * industries + d * industries + j]
    }

    /// Purchases of product `g` of origin `o` for final use in region `d`, mn USD a year.
    #[must_use]
    pub fn final_purchases(&self, o: usize, g: usize, d: usize, final_use: FinalUse) -> f64 {
        self.final_demand[((o * self.industry_count() + g) * self.region_count() + d) * FINAL_USES + final_use as usize]
    }

    /// All purchases of product `g` of origin `o` in region `d`, mn USD a year.
    #[must_use]
    pub fn purchases(&self, o: usize, g: usize, d: usize) -> f64 {
        let (regions, industries) = (self.region_count(), self.industry_count());
        let row = (o * industries + g) * regions + d;
        let intermediate: f64 = self.flows_intermediate[row * industries..(row + 1) * industries].iter().sum();
        intermediate + self.final_demand[row * FINAL_USES..(row + 1) * FINAL_USES].iter().sum::<f64>()
    }

    /// Base-year ad valorem duty on product `g` of `exporter` in `importer`, fraction of value.
    #[must_use]
    pub fn tariff(&self, importer: usize, exporter: usize, g: usize) -> f64 {
        self.tariffs[(importer * self.region_count() + exporter) * self.industry_count() + g]
    }

    /// Value added of region `r`, industry `g`, mn USD a year.
    #[must_use]
    pub fn value_added(&self, r: usize, g: usize) -> f64 {
        let cell = r * self.industry_count() + g;
        self.compensation[cell] + self.production_taxes[cell] + self.surplus[cell]
    }

    /// Labour income a worker in region `r`, industry `g`, USD a year.
    #[must_use]
    pub fn labour_income_per_worker(&self, r: usize, g: usize) -> f64 {
        let cell = r * self.industry_count() + g;
        self.compensation[cell] * 1e6 / self.employment[cell]
    }

    /// Elasticity of substitution between origins per product, a number: one plus the trade elasticity, or
    /// `service_elasticity` (parameter `trade.service_elasticity`) where the table has none.
    #[must_use]
    pub fn substitution_elasticities(&self, service_elasticity: f64) -> Vec<f64> {
        self.industries
            .iter()
            .map(|industry| industry.trade_elasticity.map_or(service_elasticity, |theta| 1.0 + theta))
            .collect()
    }

    /// Place of the distribution industry, if the world has one.
    #[must_use]
    pub fn distribution_industry(&self) -> Option<usize> {
        self.industry_of(IndustryRole::Distribution)
    }

    /// Place of the industry whose capital is homes, if the world has one.
    #[must_use]
    pub fn housing_industry(&self) -> Option<usize> {
        self.industry_of(IndustryRole::Housing)
    }

    fn industry_of(&self, role: IndustryRole) -> Option<usize> {
        self.industries.iter().position(|industry| industry.role == role)
    }

    /// Place of the reserve region, if the world has one.
    #[must_use]
    pub fn reserve_region(&self) -> Option<usize> {
        self.regions.iter().position(|region| region.role == RegionRole::Reserve)
    }

    /// Firm-size classes of region `r`: its own, else those given for the rest.
    #[must_use]
    pub fn firm_sizes_of(&self, r: usize) -> Vec<&FirmSizeClass> {
        let of = |region| self.firm_sizes.iter().filter(|class| class.region == region).collect::<Vec<_>>();
        let own = of(Some(r));
        if own.is_empty() { of(None) } else { own }
    }

    /// Bytes that depend on every number of the world and on nothing else, for a digest.
    #[must_use]
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (name, text) in CalibrationFiles::NAMES.iter().zip(self.to_files().texts()) {
            bytes.extend_from_slice(name.as_bytes());
            bytes.push(0);
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests;
