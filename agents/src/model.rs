//! The economy as a [`Model`]: what `runs` knows of it.

use engine::clock::Clock;
use engine::digest::{TickDigest, WHOLE};
use engine::model::{Detail, Fault, Model};
use engine::netcdf::Attributes;
use engine::recorder::{Recorder, Schema, SchemaError};

use crate::geography::{Geography, Products};
use crate::parameters::Parameters;
use crate::policy::CompiledSchedule;
use crate::record::{Size, record_constants, record_tick, schema};
use crate::simulation::{Setup, Simulation, SimulationError, Snapshot};
use crate::state::{Policy, Regions};
use crate::statistics::accounts::Accounts;
use crate::statistics::audit::AuditReport;
use crate::world::base::Base;
use crate::world::build::products;
use crate::world::closing::close;
use crate::world::first::{check, rows};
use crate::world::layout::lay_out;
use crate::world::table::Table;

impl From<SimulationError> for Fault {
    fn from(error: SimulationError) -> Self {
        let text = error.to_string();
        match error {
            SimulationError::Build(_) => Self::Build(text),
            SimulationError::Range(_) => Self::Range(text),
            SimulationError::Schedule(_) => Self::Internal(text),
            SimulationError::Snapshot(_) => Self::State(text),
            SimulationError::Audit(_) => Self::Broken(text),
        }
    }
}

/// Codes and names, `USA: United States; ..`.
fn names<'a>(pairs: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    pairs.map(|(code, name)| format!("{code}: {name}")).collect::<Vec<_>>().join("; ")
}

impl Model for Simulation {
    type Setup = Setup;
    type Snapshot = Snapshot;

    fn build(setup: &Setup) -> Result<Self, Fault> {
        Ok(Self::new(setup)?)
    }

    fn step(&mut self) -> Result<Vec<String>, Fault> {
        Self::step(self)?;
        Ok(self.get::<AuditReport>().violations.iter().map(ToString::to_string).collect())
    }

    fn tick(&self) -> u32 {
        Self::tick(self)
    }

    fn digest(&self) -> TickDigest {
        Self::digest(self)
    }

    fn snapshot(&self) -> Snapshot {
        Self::snapshot(self)
    }

    fn restore(snapshot: Snapshot) -> Result<Self, Fault> {
        Ok(Self::restore(snapshot)?)
    }

    fn under(snapshot: Snapshot, setup: &Setup) -> Snapshot {
        snapshot.with_schedule(setup.schedule.clone())
    }

    fn schema(&self, clock: Clock, detail: Detail) -> Result<Schema, SchemaError> {
        let geography = self.get::<Geography>();
        schema(geography, clock, detail, &self.digest().names(), Size::of(geography, self.get::<Parameters>()))
    }

    fn planned(setup: &Setup, clock: Clock) -> Result<Schema, Fault> {
        // Laid out without founding anybody.
        let geography = laid_out(setup)?;
        let panel = Size::of(&geography, &setup.parameters);
        Ok(schema(&geography, clock, Detail::Full, &[WHOLE.to_owned()], panel)?)
    }

    fn record_constants(&self, recorder: &mut Recorder) {
        record_constants(self, recorder);
    }

    fn record(&mut self, detail: Detail, recorder: &mut Recorder) {
        record_tick(self, detail, recorder);
    }

    fn about(&self) -> Attributes {
        let geography = self.get::<Geography>();
        let products = &geography.products;
        let text = |name: &str, value: String| (name.to_owned(), value.into());
        let count = |name: &str, count: usize| (name.to_owned(), (count as i64).into());
        vec![
            count("households", geography.households),
            count("firms", geography.firms),
            text("region_names", names(geography.regions.iter().map(|region| (&region.code, &region.name)))),
            text("industry_names", names(products.codes.iter().zip(&products.names))),
            text("currency", CURRENCY.to_owned()),
        ]
    }

    /// Real product of the world relative to the base year, and its unemployment rate. All currencies are at par in the base
    /// year, so volumes add up.
    fn headline(&self) -> String {
        let (base, accounts) = (self.get::<Base>(), self.get::<Accounts>());
        let states = &self.get::<Regions>().states;
        let start: f64 = base.regions.iter().map(|region| region.gdp - region.duties.iter().sum::<f64>()).sum();
        let gdp: f64 = accounts.national.iter().map(|national| national.real_gdp.as_f64()).sum();
        let force: f64 = base.regions.iter().map(|region| region.labour_force).sum();
        let unemployed: f64 = states
            .iter()
            .zip(&base.regions)
            .map(|(state, region)| state.labour.unemployment_rate * region.labour_force)
            .sum();
        format!("GDP {:+.2} %  unemployment {:.1} %", 100.0 * (gdp / start - 1.0), 100.0 * unemployed / force)
    }
}

/// In what money is recorded.
pub(crate) const CURRENCY: &str =
    "minor units of the region's own currency; all currencies are at par in the base year";

impl Snapshot {
    /// The same world under another policy schedule. It goes on as a world that was under that schedule from its start
    /// if the two schedules agree, announcements included, in all ticks before this one.
    #[must_use]
    pub fn with_schedule(self, mut schedule: CompiledSchedule) -> Self {
        self.enacted.carry_to(&mut schedule);
        Self { schedule: Policy(schedule), ..self }
    }
}

/// The tables, products and closed base year of a setup.
fn closed(setup: &Setup) -> Result<(Table<'_>, Products, Base), Fault> {
    let table = Table::new(&setup.calibration, &setup.parameters);
    let products = products(&table).map_err(Fault::Build)?;
    check(&setup.parameters, &setup.settings).map_err(Fault::Build)?;
    let base = close(&table, &products, &setup.parameters, setup.settings.ticks_per_year);
    Ok((table, products, base))
}

/// The base year of a setup, closed.
///
/// # Errors
/// [`Fault::Build`] if the calibration does not support a world.
pub fn base_year(setup: &Setup) -> Result<Base, Fault> {
    Ok(closed(setup)?.2)
}

/// The map of a setup, laid out without founding anybody.
///
/// # Errors
/// [`Fault::Build`] if the calibration does not support a world of that size.
pub fn laid_out(setup: &Setup) -> Result<Geography, Fault> {
    let (table, products, base) = closed(setup)?;
    let rows = rows(&table, &setup.parameters);
    let layout = lay_out(&table, &products, &base, &setup.size, &setup.parameters, &rows).map_err(Fault::Build)?;
    Ok(layout.geography)
}
