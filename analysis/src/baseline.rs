//! Whether the world without policy stays where its calibration puts it: what is measured, and its bars.
//!
//! Every seed runs the baseline twice: with shocks over many years, and without shocks over two. Means over seeds are
//! compared with the calibrated base, which the runs start from. Years are means of their ticks.

use crate::bars::{Band, Finding};
use crate::panel::{Panel, by_place, ensemble, extreme, inflation, push_means, single_extreme, summed, yearly};
use crate::recording::{Array, Recording, RecordingError};
use crate::response::averaged;
use crate::table::Table;

/// Import shares below this share of the importer's purchases are not compared.
const SMALL_SHARE: f64 = 0.005;
/// What the calibration says of a world, a tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// Codes of the regions.
    pub regions: Vec<String>,
    /// Codes of the industries.
    pub industries: Vec<String>,
    /// Unemployment rate by region, a fraction.
    pub unemployment: Vec<f64>,
    /// Output by region and industry.
    pub output: Vec<f64>,
    /// Trade by importer and origin; what a region buys at home is ignored.
    pub flows: Vec<f64>,
}

impl Start {
    fn foreign(&self) -> impl Iterator<Item = (usize, usize)> {
        let regions = self.regions.len();
        (0..regions * regions)
            .map(move |at| (at / regions, at % regions))
            .filter(|(importer, origin)| importer != origin)
    }

    /// What each region buys: output less exports plus imports.
    #[must_use]
    pub fn purchases(&self) -> Vec<f64> {
        let (regions, industries) = (self.regions.len(), self.industries.len());
        let mut bought: Vec<f64> = self.output.chunks(industries).map(|output| output.iter().sum()).collect();
        for (importer, origin) in self.foreign() {
            let flow = self.flows[importer * regions + origin];
            bought[importer] += flow;
            bought[origin] -= flow;
        }
        bought
    }

    /// Name of a place.
    fn name(&self, places: Places, at: usize) -> String {
        let (regions, industries) = (self.regions.len(), self.industries.len());
        match places {
            Places::Regions => self.regions[at].clone(),
            Places::Cells => format!("{} {}", self.regions[at / industries], self.industries[at % industries]),
            Places::Pairs => format!("{} from {}", self.regions[at / regions], self.regions[at % regions]),
        }
    }
}

/// What is kept of one seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// Real GDP less its start, percent, by region and year.
    pub gdp: Panel,
    /// Unemployment less the calibrated rate, points, by region and year.
    pub unemployment: Panel,
    /// Consumer-price inflation, percent, by region and year.
    pub inflation: Panel,
    /// Output over its start, by region-industry and year.
    pub output: Panel,
    /// The same by tick.
    pub output_ticks: Panel,
    /// Import shares less their start, percent, by importer and origin, and year; not a number where small.
    pub shares: Panel,
    /// Flows of the first tick less the table, percent, by importer and origin.
    pub first: Panel,
    /// The same without shocks.
    pub first_quiet: Panel,
    /// Real GDP without shocks less its start, percent, by region and tick.
    pub quiet: Panel,
}

impl Seed {
    /// Reads the runs with and without shocks.
    ///
    /// # Errors
    /// If a recording lacks a variable.
    pub fn of(
        shocked: &Recording<'_>,
        quiet: &Recording<'_>,
        start: &Start,
        ticks_per_year: usize,
    ) -> Result<Self, RecordingError> {
        let gdp = shocked.array("base_real_gdp")?.values;
        let series = |name| Ok::<_, RecordingError>(by_place(&shocked.array(name)?));
        let years = |name| Ok::<_, RecordingError>(yearly(&series(name)?, ticks_per_year));
        let ratio = |panel, base| against(panel, base, |value, base| value / base);
        let mut prices = series("consumer_price")?;
        for series in &mut prices {
            *series = inflation(series, 1.0, ticks_per_year);
        }
        Ok(Self {
            gdp: percent(years("real_gdp")?, &gdp),
            unemployment: against(years("unemployment_rate")?, &start.unemployment, |rate, base| 100.0 * (rate - base)),
            inflation: prices,
            output: ratio(years("sector_real_output")?, &start.output),
            output_ticks: ratio(series("sector_real_output")?, &start.output),
            shares: shares(&Purchases::read(shocked)?, start, ticks_per_year),
            first: first_flows(&shocked.array("real_imports_bilateral")?, start),
            first_quiet: first_flows(&quiet.array("real_imports_bilateral")?, start),
            quiet: percent(by_place(&quiet.array("real_gdp")?), &gdp),
        })
    }
}

/// Compares every series with the base of its place.
fn against(mut panel: Panel, base: &[f64], compare: impl Fn(f64, f64) -> f64) -> Panel {
    for (series, &base) in panel.iter_mut().zip(base) {
        for value in series {
            *value = compare(*value, base);
        }
    }
    panel
}

fn percent(panel: Panel, base: &[f64]) -> Panel {
    against(panel, base, |value, base| 100.0 * (value / base - 1.0))
}

/// Flows of the first tick less the table, percent, by importer and origin.
#[must_use]
pub fn first_flows(volumes: &Array, start: &Start) -> Panel {
    let regions = start.regions.len();
    let mut panel = vec![vec![f64::NAN]; regions * regions];
    for (importer, origin) in start.foreign() {
        let at = importer * regions + origin;
        panel[at][0] = 100.0 * (volumes.tick(0)[at] / start.flows[at] - 1.0);
    }
    panel
}

/// Values of imports by importer and origin, and of all purchases by importer, by tick.
pub struct Purchases {
    imports: Panel,
    all: Panel,
}

impl Purchases {
    fn read(recording: &Recording<'_>) -> Result<Self, RecordingError> {
        let imports = recording.array("imports_bilateral")?;
        let (output, exports) = (by_place(&recording.array("output")?), by_place(&recording.array("exports")?));
        let mut all = summed(&imports);
        for (region, series) in all.iter_mut().enumerate() {
            for (tick, value) in series.iter_mut().enumerate() {
                *value += output[region][tick] - exports[region][tick];
            }
        }
        Ok(Self { imports: by_place(&imports), all })
    }
}

/// Import shares of whole years less those of the start, percent; not a number for small shares.
#[must_use]
pub fn shares(found: &Purchases, start: &Start, ticks_per_year: usize) -> Panel {
    let (regions, base) = (start.regions.len(), start.purchases());
    let years = |series: &[f64]| averaged(series, ticks_per_year);
    let mut panel: Panel = found.imports.iter().map(|series| vec![f64::NAN; years(series).len()]).collect();
    for (importer, origin) in start.foreign() {
        let at = importer * regions + origin;
        let share = start.flows[at] / base[importer];
        if share > SMALL_SHARE {
            let bought = years(&found.imports[at]).into_iter().zip(years(&found.all[importer]));
            panel[at] = bought.map(|(value, all)| 100.0 * (value / all / share - 1.0)).collect();
        }
    }
    panel
}

/// What is looked for in a panel: the largest of this.
type Key = fn(f64) -> f64;

/// What the places of a panel are.
#[derive(Clone, Copy)]
enum Places {
    Regions,
    Cells,
    Pairs,
}

/// A bar: the panel, what is looked for in it, and the band it should keep to.
struct Bar {
    name: &'static str,
    panel: fn(&Seed) -> &Panel,
    key: Key,
    /// Whether single seeds are compared instead of the mean over seeds.
    single: bool,
    places: Places,
    /// Whether the periods are years; else ticks.
    years: bool,
    band: Band,
    measure: &'static str,
}

/// A bar on the distance from zero of a yearly mean over seeds by region.
const YEARLY: Bar = Bar {
    name: "real GDP",
    panel: |seed| &seed.gdp,
    key: f64::abs,
    single: false,
    places: Places::Regions,
    years: true,
    band: Band::around_zero(3.0),
    measure: "% of its calibrated start; yearly mean",
};

/// A bar on output by region and industry. A tenth of the start counts as alive.
const OUTPUT: Bar = Bar {
    name: "lowest output",
    panel: |seed| &seed.output,
    key: std::ops::Neg::neg,
    places: Places::Cells,
    band: Band::at_least(0.1),
    measure: "volume of a region-industry over its start; yearly mean",
    ..YEARLY
};

/// A bar on real GDP without shocks.
const QUIET: Bar = Bar {
    name: "quiet GDP",
    panel: |seed| &seed.quiet,
    years: false,
    band: Band::around_zero(0.1),
    measure: "real GDP without shocks, % of its calibrated start; monthly",
    ..YEARLY
};

/// A bar on the first flows of every seed.
const FIRST: Bar = Bar {
    name: "first flows",
    panel: |seed| &seed.first_quiet,
    single: true,
    places: Places::Pairs,
    years: false,
    band: Band::around_zero(0.1),
    measure: "% of the table; volume of all products from an origin, without shocks; worst seed",
    ..YEARLY
};

const BARS: [Bar; 11] = [
    YEARLY,
    Bar {
        name: "unemployment",
        panel: |seed| &seed.unemployment,
        band: Band::around_zero(1.5),
        measure: "points from the calibrated rate; yearly mean",
        ..YEARLY
    },
    Bar {
        name: "inflation",
        panel: |seed| &seed.inflation,
        band: Band::around_zero(0.5),
        measure: "points from the target, 0 in trend units; consumer prices at the end of a year over its beginning",
        ..YEARLY
    },
    OUTPUT,
    Bar {
        name: "lowest month of a seed",
        panel: |seed| &seed.output_ticks,
        single: true,
        years: false,
        measure: "the same, monthly",
        ..OUTPUT
    },
    Bar { name: "highest output", key: |value| value, ..OUTPUT },
    Bar {
        name: "import shares",
        panel: |seed| &seed.shares,
        places: Places::Pairs,
        band: Band::around_zero(5.0),
        measure: "% of the start; value before duty over all the importer buys (output less exports plus imports), \
                  yearly; shares above 0.5%",
        ..YEARLY
    },
    FIRST,
    Bar { name: "first flows with shocks", panel: |seed| &seed.first, measure: "the same, with shocks", ..FIRST },
    QUIET,
    Bar { name: "quiet GDP of a seed", single: true, ..QUIET },
];

impl Bar {
    fn find(&self, start: &Start, seeds: &[Seed]) -> Finding {
        let panels: Vec<&Panel> = seeds.iter().map(self.panel).collect();
        let found = if self.single { single_extreme(&panels, self.key) } else { extreme(&panels, self.key) };
        let period = |at: usize| if self.years { format!("year {}", at + 1) } else { format!("tick {at}") };
        Finding {
            bar: self.name.to_owned(),
            place: found.map_or_else(|| "-".to_owned(), |found| start.name(self.places, found.place)),
            when: found.map_or_else(|| "-".to_owned(), |found| period(found.period)),
            value: found.map(|found| found.value),
            band: self.band,
            measure: self.measure.to_owned(),
        }
    }
}

/// The bars with the worst place and time of each.
#[must_use]
pub fn findings(start: &Start, seeds: &[Seed]) -> Vec<Finding> {
    BARS.iter().map(|bar| bar.find(start, seeds)).collect()
}

/// The part of the places that belongs to one region.
fn part(panel: &Panel, region: usize, regions: usize) -> Panel {
    let width = panel.len() / regions;
    panel[region * width..(region + 1) * width].to_vec()
}

/// Ranges over the years of every region, means over seeds.
#[must_use]
pub fn regions(start: &Start, seeds: &[Seed]) -> Table {
    let mut table = Table::new([
        "region",
        "GDP lowest %",
        "highest %",
        "last year %",
        "calibrated unemployment %",
        "lowest %",
        "highest %",
        "inflation lowest %",
        "highest %",
        "output lowest ratio",
        "highest ratio",
        "worst import share %",
        "from",
    ]);
    let count = start.regions.len();
    for (region, code) in start.regions.iter().enumerate() {
        let panels = |panel: fn(&Seed) -> &Panel| -> Vec<Panel> {
            seeds.iter().map(|seed| part(panel(seed), region, count)).collect()
        };
        let worst = |panels: &[Panel], key: Key| extreme(&panels.iter().collect::<Vec<_>>(), key);
        let value = |panels: &[Panel], key: Key| worst(panels, key).map_or(f64::NAN, |found| found.value.mean);
        let range = |panel| {
            let panels = panels(panel);
            [value(&panels, std::ops::Neg::neg), value(&panels, |value| value)]
        };
        let gdp = panels(|seed| &seed.gdp);
        let last = ensemble(&gdp.iter().collect::<Vec<_>>())[0].last().map_or(f64::NAN, |found| found.mean);
        let ([lowest, highest], base) = (range(|seed| &seed.gdp), 100.0 * start.unemployment[region]);
        let [jobless_low, jobless_high] = range(|seed| &seed.unemployment);
        let [inflation_low, inflation_high] = range(|seed| &seed.inflation);
        let [output_low, output_high] = range(|seed| &seed.output);
        let share = worst(&panels(|seed| &seed.shares), f64::abs);
        let percents = [lowest, highest, last, base, base + jobless_low, base + jobless_high];
        let rest = [inflation_low, inflation_high, output_low, output_high];
        let cells = percents.into_iter().chain(rest).map(|value| format!("{value:.2}"));
        let from = share.map_or("-", |found| &start.regions[found.place]);
        let share = share.map_or_else(|| "-".to_owned(), |found| format!("{:.2}", found.value.mean));
        table.push(std::iter::once(code.clone()).chain(cells).chain([share, from.to_owned()]));
    }
    table
}

/// GDP, unemployment and inflation of every region and year: means and intervals.
#[must_use]
pub fn years(start: &Start, seeds: &[Seed]) -> Table {
    let mut table = Table::new(["variable", "region", "year", "mean", "low", "high"]);
    for bar in &BARS[..3] {
        let panels: Vec<&Panel> = seeds.iter().map(bar.panel).collect();
        push_means(&mut table, bar.name, &start.regions, &panels);
    }
    table
}

#[cfg(test)]
mod tests;
