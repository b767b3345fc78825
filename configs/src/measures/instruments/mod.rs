//! Instruments of policy, a module each: its word in a file, what its rate means and whom it concerns, what it needs.
//!
//! A new instrument is a module here and a line in the list below; reading, checks, dense tables, schemas, lists, pages and
//! their Chinese follow from it. Where it acts is said by the rule of `agents` that reads its table in `PolicyState`, and what is
//! paid by a reason in `accounts`.

use serde::{Deserialize, Serialize};

use crate::parameters::Parameters;
use crate::reading::keys::Key;

/// What a measure concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Imports: importer, exporter and product.
    Imports,
    /// Regions.
    Regions,
    /// Regions or areas of them.
    Areas,
    /// Industries of regions.
    RegionIndustries,
    /// Industries of regions or of areas of them.
    AreaIndustries,
}

/// What a rate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateKind {
    /// No rate: it forbids.
    Ban,
    /// A duty, which adds to others: services bear none.
    Duty,
    /// Adds to others of its kind.
    Level,
    /// Share of what there is, between zero and one.
    Share,
    /// Changes a factor around one.
    Factor,
}

/// What a parameter must say for a measure to have an effect.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// Whether it is so.
    pub met: fn(&Parameters) -> bool,
    /// What is wrong if not.
    pub why: &'static str,
    /// What to do then.
    pub remedy: &'static str,
}

/// That households are units: persons alone have no age.
pub(crate) const UNITS: Need = Need {
    met: |p| p.households.units,
    why: "it reaches people by their age or home, and households are persons alone who have neither",
    remedy: "set `households.units = true`, or remove the measure",
};

/// An instrument of policy.
#[derive(Debug, Clone, Copy)]
pub struct Instrument {
    /// Word in a file.
    pub word: &'static str,
    /// Name in English and Chinese.
    pub names: [&'static str; 2],
    /// What it does and what its rate is a fraction of, in a sentence.
    pub meaning: &'static str,
    /// What its rate is.
    pub rate: RateKind,
    /// Whether rates come on top of those of the base year.
    pub from_base: bool,
    /// Smallest and largest rate where they are closer than those of all measures, and why.
    pub bounds: Option<(f64, f64, &'static str)>,
    /// Exporters where none are named.
    pub exporters: Option<&'static str>,
    /// Products or industries where none are named.
    pub products: Option<&'static str>,
    /// Whether it is for manufacturing only.
    pub manufacturing: bool,
    /// Keys of its own.
    pub keys: &'static [Key],
    /// What it needs.
    pub needs: Option<Need>,
    /// Whether sums of its rates have a check of their own.
    pub checked_apart: bool,
}

impl Instrument {
    /// One with nothing special.
    const fn new(word: &'static str) -> Self {
        Self {
            word,
            names: ["", ""],
            meaning: "",
            rate: RateKind::Level,
            from_base: false,
            bounds: None,
            exporters: None,
            products: None,
            manufacturing: false,
            keys: &[],
            needs: None,
            checked_apart: false,
        }
    }
}

/// Hands the list of instruments to a macro: module, kind of measure, name of the table of its rates, and what it concerns ([`Scope`]).
#[macro_export]
macro_rules! each_instrument {
    ($then:ident) => {
        $then! {
            tariff: Tariff => tariffs: Imports,
            embargo: Embargo => embargo: Imports,
            transshipment_duty: TransshipmentDuty => transshipment: Imports,
            production_subsidy: ProductionSubsidy => production_subsidy: AreaIndustries,
            wage_subsidy: WageSubsidy => wage_subsidy: AreaIndustries,
            investment_subsidy: InvestmentSubsidy => investment_subsidy: AreaIndustries,
            plant_subsidy: PlantSubsidy => plant_subsidy: AreaIndustries,
            reserve_capacity: ReserveCapacity => reserve: AreaIndustries,
            port_closure: PortClosure => ports_closed: Areas,
            lost_capacity: LostCapacity => lost_capacity: AreaIndustries,
            settlement: Settlement => settlement: Areas,
            skills_programme: SkillsProgramme => skills_programme: Regions,
            displacement: Displacement => displacement: Regions,
            lottery: Lottery => lottery: Regions,
            child_benefit: ChildBenefit => child_benefit: Regions,
            minimum_pension: MinimumPension => minimum_pension: Regions,
            share_premium: SharePremium => share_premium: Regions,
            home_premium: HomePremium => home_premium: Regions,
            production_tax: ProductionTax => production_tax: RegionIndustries,
            consumption_tax: ConsumptionTax => consumption_tax: RegionIndustries,
            income_tax: IncomeTax => income_tax: Regions,
            corporate_tax: CorporateTax => corporate_tax: Regions,
            government_consumption: GovernmentConsumption => government_volume: Regions,
            exchange_rate: ExchangeRate => exchange_rate: Regions,
        }
    };
}

/// Declares the instruments as modules and kinds of measures.
macro_rules! declare {
    ($($module:ident: $kind:ident => $table:ident: $scope:ident,)+) => {
        $(pub mod $module;)+

        /// What a measure acts on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        // Saved by its word and not by its place in the list, which a new kind may shift.
        #[serde(into = "&'static str", try_from = "String")]
        pub enum MeasureKind { $(#[doc = concat!("See [`", stringify!($module), "`].")] $kind),+ }

        impl MeasureKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// The words of all kinds in a file.
            pub const NAMES: [&'static str; Self::ALL.len()] = [$($module::INSTRUMENT.word),+];

            /// Every kind with its word in a file.
            pub const WORDS: [(&'static str, Self); Self::ALL.len()] = [$(($module::INSTRUMENT.word, Self::$kind)),+];

            /// The instrument.
            #[must_use]
            pub const fn instrument(self) -> &'static Instrument {
                match self { $(Self::$kind => &$module::INSTRUMENT),+ }
            }

            /// What it concerns.
            #[must_use]
            pub const fn scope(self) -> Scope {
                match self { $(Self::$kind => Scope::$scope),+ }
            }
        }
    };
}

each_instrument!(declare);

impl From<MeasureKind> for &'static str {
    fn from(kind: MeasureKind) -> Self {
        kind.word()
    }
}

impl TryFrom<String> for MeasureKind {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let found = Self::WORDS.iter().find(|(name, _)| *name == word);
        found.map(|(_, kind)| *kind).ok_or_else(|| format!("there is no instrument called `{word}`"))
    }
}

impl MeasureKind {
    /// The word in a file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.instrument().word
    }

    /// What it does and what its rate is a fraction of, in a sentence.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        self.instrument().meaning
    }

    /// Whether it acts on imports (importer, exporter, product).
    #[must_use]
    pub fn on_imports(self) -> bool {
        self.scope() == Scope::Imports
    }

    /// Whether it is a duty: services bear none.
    #[must_use]
    pub fn is_duty(self) -> bool {
        self.instrument().rate == RateKind::Duty
    }

    /// Whether it forbids, and so has no rate.
    #[must_use]
    pub fn is_ban(self) -> bool {
        self.instrument().rate == RateKind::Ban
    }

    /// Whether it changes a factor around one; the other kinds add to a rate.
    #[must_use]
    pub fn is_factor(self) -> bool {
        self.instrument().rate == RateKind::Factor
    }

    /// Whether it can act on an area of a region.
    #[must_use]
    pub fn by_area(self) -> bool {
        matches!(self.scope(), Scope::Areas | Scope::AreaIndustries)
    }

    /// Whether its rate is a share of what there is, between zero and one.
    #[must_use]
    pub fn is_share(self) -> bool {
        self.instrument().rate == RateKind::Share
    }

    /// Whether it acts on a region, or an area, as a whole.
    #[must_use]
    pub fn on_regions(self) -> bool {
        matches!(self.scope(), Scope::Areas | Scope::Regions)
    }
}
