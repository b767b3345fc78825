//! The part of a report about plants that move: how many, why, with what work and whose money.

use super::chart::{Chart, Look, Series, marked_lines};
use super::content::Drawer;
use super::figures::{CAPACITY_IN, CAPACITY_OUT};
use super::gather::{Level, RunPair, Twins, band};
use super::over_time::{SMALL, add};
use super::page::Section;
use super::places::Head;
use crate::indicators::Data;
use crate::recording::{Array, RecordingError};
use crate::response::{Scale, response};

/// What a variable is taken of, seen from the region.
#[derive(Clone, Copy)]
enum Side {
    /// Of the region, from all partners but itself.
    In,
    /// Of all partners but itself, from the region.
    Out,
    /// Of the region, at a place of the last dimension.
    At(usize),
    /// Of the region.
    Whole,
}

/// What is counted.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Plants, added up since the start.
    Plants,
    /// Thousands of persons.
    Jobs,
    /// Volume of orders that changed, added up since the start: billions of major units a year.
    Orders,
    /// Stock of money: billions of major units, in the currency of the region.
    Position,
}

/// A line: its name, the variables added up in it, and of what they are taken.
type Line = ([&'static str; 2], &'static [&'static str], Side);

/// A chart over time.
pub(super) struct TimeChart {
    pub(super) id: &'static str,
    pub(super) title: [&'static str; 2],
    kind: Kind,
    definition: [&'static str; 2],
    lines: &'static [Line],
}

/// Names of what happens to plants.
const ANNOUNCED: [&str; 2] = ["announced", "宣布"];
const OPENED: [&str; 2] = ["opened", "开设"];
const COMPLETED: [&str; 2] = ["completed", "建成"];
const ENDED: [&str; 2] = ["given up or closed", "放弃或关闭"];
const ENDS: &[&str] = &["plants_cancelled", "plants_closed"];

/// Charts over time.
pub(super) const OVER_TIME: [TimeChart; 5] = [
    TimeChart {
        id: "plants-in",
        title: ["plants for work from abroad", "承接国外生产的工厂"],
        kind: Kind::Plants,
        definition: [
            "variables plants_announced, plants_opened, plants_completed, plants_cancelled and plants_closed, added up since the start: plants (agents) in the region for work done in other regions before; an opened plant has its first capital, a completed one all of it; work for which a plant of the same owner is laid out larger (plants_expanded) is not counted",
            "变量 plants_announced、plants_opened、plants_completed、plants_cancelled 与 plants_closed，自起始累计：本地区承接原在其他地区生产的工厂（主体数）；开设指已有首批资本，建成指资本全部到位；扩建同一所有者的工厂（plants_expanded）不计入",
        ],
        lines: &[
            (ANNOUNCED, &["plants_announced"], Side::In),
            (OPENED, &["plants_opened"], Side::In),
            (COMPLETED, &["plants_completed"], Side::In),
            (ENDED, ENDS, Side::In),
        ],
    },
    TimeChart {
        id: "plants-out",
        title: ["plants abroad for work of the region", "在国外承接本地区生产的工厂"],
        kind: Kind::Plants,
        definition: [
            "the same variables of all other regions: plants (agents) there for work done in the region before",
            "其他各地区的同名变量：在当地承接原在本地区生产的工厂（主体数）",
        ],
        lines: &[
            (ANNOUNCED, &["plants_announced"], Side::Out),
            (OPENED, &["plants_opened"], Side::Out),
            (COMPLETED, &["plants_completed"], Side::Out),
            (ENDED, ENDS, Side::Out),
        ],
    },
    TimeChart {
        id: "plant-jobs",
        title: ["jobs in plants opened during the run, by cause", "运行期间开设的工厂的就业，按起因"],
        kind: Kind::Jobs,
        definition: [
            "variable employment_relocated_cause: persons employed in the region in plants opened during the run, by the shares of duties, subsidies and costs in the saving for which a plant was announced",
            "变量 employment_relocated_cause：本地区在运行期间开设的工厂的就业人数，按关税、补贴与成本在宣布建厂所依据的节省中所占份额划分",
        ],
        lines: &[
            (["duties", "关税"], &["employment_relocated_cause"], Side::At(0)),
            (["subsidies", "补贴"], &["employment_relocated_cause"], Side::At(1)),
            (["costs", "成本"], &["employment_relocated_cause"], Side::At(2)),
        ],
    },
    TimeChart {
        id: "direct-investment",
        title: ["foreign direct investment positions", "外国直接投资存量"],
        kind: Kind::Position,
        definition: [
            "variable direct_investment_position: inward is own funds of plants in the region with owners abroad, outward those of plants abroad with owners in the region, at the exchange rates of the tick",
            "变量 direct_investment_position：外来为国外所有者在本地区工厂的自有资金，对外为本地区所有者在国外工厂的自有资金（按当期汇率折算）",
        ],
        lines: &[
            (["inward", "外来"], &["direct_investment_position"], Side::In),
            (["outward", "对外"], &["direct_investment_position"], Side::Out),
        ],
    },
    TimeChart {
        id: "orders-changed",
        title: ["orders that follow plants, and that change supplier", "随工厂转移的订单与更换供应商的订单"],
        kind: Kind::Orders,
        definition: [
            "variables orders_relocated (orders of all buyers that follow work to plants in the region, or out of it), orders_to_home and orders_to_abroad (orders of the region's firms and government that changed to a supplier at home, or abroad), added up since the start; usual volume of the orders, so that an order that changes twice counts twice",
            "变量 orders_relocated（所有买方随工厂迁入或迁出本地区的订单）、orders_to_home 与 orders_to_abroad（本地区企业与政府转向国内或国外供应商的订单），自起始累计；按订单的通常数量计，多次更换则多次计入",
        ],
        lines: &[
            (["plants in", "随工厂迁入"], &["orders_relocated"], Side::In),
            (["plants out", "随工厂迁出"], &["orders_relocated"], Side::Out),
            (["to home", "转向国内"], &["orders_to_home"], Side::Whole),
            (["to abroad", "转向国外"], &["orders_to_abroad"], Side::Whole),
        ],
    },
];

/// Whether a plant was announced anywhere in any run; not if nobody recorded it.
pub(super) fn firms_move(pairs: &[RunPair<'_>]) -> Result<bool, RecordingError> {
    let announced = |recording| match Data::of(recording)?.shared("plants_announced") {
        Ok(found) => Ok(found.values.iter().any(|x| *x > 0.0)),
        Err(error) if error.missing().is_some() => Ok(false),
        Err(error) => Err(error),
    };
    for (policy, baseline) in pairs {
        if announced(policy)? || baseline.as_ref().map_or(Ok(false), announced)? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl TimeChart {
    /// Its lines of one run.
    ///
    /// # Errors
    /// If a variable is not recorded.
    pub(super) fn of(&self, data: &Data<'_>, place: usize) -> Result<Vec<Vec<f64>>, RecordingError> {
        self.lines.iter().map(|line| self.line(line, data, place)).collect()
    }

    fn line(&self, (_, names, side): &Line, data: &Data<'_>, place: usize) -> Result<Vec<f64>, RecordingError> {
        let arrays = names.iter().map(|name| data.shared(name)).collect::<Result<Vec<_>, _>>()?;
        let rates = if self.kind == Kind::Position { Some(data.shared("exchange_rate")?) } else { None };
        let others = || (0..arrays[0].shape[1]).filter(|&other| other != place);
        // Recorded in the currency of the place; a rate is what a currency is worth.
        let rate = |tick: usize, region: usize| rates.as_ref().map_or(1.0, |rates| rates.at(tick, &[region]));
        let at = |tick: usize| -> f64 {
            let sum = |of: &dyn Fn(&Array) -> f64| arrays.iter().map(|array| of(array)).sum::<f64>();
            match *side {
                Side::In => sum(&|array| others().map(|other| array.at(tick, &[place, other])).sum()),
                Side::Out => sum(&|array| {
                    let own = |other: usize| rate(tick, other) / rate(tick, place);
                    others().map(|other| array.at(tick, &[other, place]) * own(other)).sum()
                }),
                Side::At(part) => sum(&|array| array.at(tick, &[place, part])),
                Side::Whole => sum(&|array| array.at(tick, &[place])),
            }
        };
        let values = (0..arrays[0].ticks()).map(at);
        Ok(match self.kind {
            Kind::Plants => added_up(values, 1.0),
            Kind::Orders => added_up(values, data.per_year as f64 / 1e11),
            Kind::Jobs => values.map(|x| x / 1e3).collect(),
            Kind::Position => values.map(|x| x / 1e11).collect(),
        })
    }
}

fn added_up(values: impl Iterator<Item = f64>, factor: f64) -> Vec<f64> {
    let mut sum = 0.0;
    let next = |x: f64| {
        sum += factor * x;
        sum
    };
    values.map(next).collect()
}

/// Whether there is anything to see in a run or a baseline.
fn something(lines: &[Twins]) -> bool {
    lines.iter().any(Twins::has_something)
}

impl Drawer<'_> {
    /// Plants that move; nothing where none does.
    pub(super) fn plants(&self) -> Section {
        let over_time = |id: &str| {
            let chart = OVER_TIME.iter().find(|chart| chart.id == id)?;
            Some((self.lines_chart(chart)?, false))
        };
        let unit = self.say(["billion a year, base-year prices, last quarter", "十亿/年，基年价格，最后一季"]);
        let unit = format!("{}{}", self.difference(), self.money(unit));
        let from = Head {
            id: CAPACITY_IN.0,
            title: CAPACITY_IN.1,
            unit: unit.clone(),
            definition: [
                "variable design_output_relocated: output at full build and normal use of plants in the region that were opened during the run, by the region where the work was done before",
                "变量 design_output_relocated：运行期间在本地区开设的工厂在满负荷建成、正常使用下的产出，按生产原所在地区",
            ],
        };
        let to = Head {
            id: CAPACITY_OUT.0,
            title: CAPACITY_OUT.1,
            unit,
            definition: [
                "variable design_output_relocated of the other regions: output at full build and normal use of plants there that were opened during the run for work done in the region before",
                "其他各地区的变量 design_output_relocated：运行期间在当地开设、承接原在本地区生产的工厂在满负荷建成、正常使用下的产出",
            ],
        };
        let charts = [
            over_time("plants-in"),
            over_time("plants-out"),
            over_time("plant-jobs"),
            self.capacity(from, &self.found.capacity_in),
            self.capacity(to, &self.found.capacity_out),
            over_time("direct-investment"),
            over_time("orders-changed"),
        ];
        Section { title: self.say(["plants", "工厂"]).to_owned(), charts: charts.into_iter().flatten().collect() }
    }

    /// What stands before a unit where runs are compared with baselines.
    fn difference(&self) -> &str {
        if self.paired {
            self.say(["change against baseline, difference: ", "相对基准的变化，差值："])
        } else {
            ""
        }
    }

    /// Partners with which work was exchanged, as bars.
    fn capacity(&self, head: Head<'_>, pairs: &[Vec<Level>]) -> Option<(Chart, bool)> {
        let mut rows = self.partners(pairs, &[]);
        rows.retain(|row| row.levels.iter().any(|level| *level > 0.0));
        self.bar_chart(head, rows, true)
    }

    fn lines_chart(&self, chart: &TimeChart) -> Option<Chart> {
        let pairs = self.found.plants.get(chart.id).filter(|lines| something(lines))?;
        let mut series = Vec::new();
        let mut data = self.table(&[]);
        let mut ends = Vec::new();
        for ((name, ..), twins) in chart.lines.iter().zip(pairs) {
            let name = self.say(*name).to_owned();
            let (estimates, _) = twins.changes(Scale::Difference);
            let values: Vec<f64> = estimates.iter().map(|x| x.mean).collect();
            add(&mut data, &name, &values);
            let interval = band(&estimates);
            if let Some([low, high]) = &interval {
                add(&mut data, &format!("{name}, 95% {}", self.say(["low", "下限"])), low);
                add(&mut data, &format!("{name}, 95% {}", self.say(["high", "上限"])), high);
            }
            if self.paired {
                let levels: Vec<f64> = response(&twins.policy).iter().map(|x| x.mean).collect();
                add(&mut data, &format!("{name}, {}", self.with_measures()), &levels);
            }
            ends.push(format!("{name} {:+.2}", values.last().copied().unwrap_or(f64::NAN)));
            series.push(Series { name, values, bands: interval.into_iter().collect() });
        }
        let unit = self.say(match chart.kind {
            Kind::Plants => ["plants (agents) since the start", "工厂（主体）数，自起始累计"],
            Kind::Jobs => ["thousand persons", "千人"],
            Kind::Orders => ["billion a year, base-year prices, since the start", "十亿/年，基年价格，自起始累计"],
            Kind::Position => ["billion, own currency", "十亿，本币"],
        });
        let look = Look { marks: &self.marks(), zero: true, parts: true, apart: &[] };
        Some(Chart {
            id: chart.id.to_owned(),
            title: self.say(chart.title).to_owned(),
            unit: format!("{}{}{}", self.difference(), self.money(unit), self.uncertainty()),
            definition: self.say(chart.definition).to_owned(),
            description: format!("{}: {}", self.say(["at the end", "期末"]), ends.join(", ")),
            keys: series.iter().map(|line| line.name.clone()).collect(),
            over_time: true,
            drawing: marked_lines(&series, &self.dates, &look, SMALL),
            size: SMALL,
            data,
            parts: true,
            ..Chart::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::tests::{BY_REGION, content};
    use crate::recording::Recording;

    const PARTNER: &[&str] = &["time", "region", "partner"];

    /// Lines of a chart in region 0.
    fn found(id: &str, variables: &[(&str, &[&str], &[f64])]) -> Vec<Vec<f64>> {
        let content = content(variables);
        let recording = Recording::of(&content);
        let data = Data::of(&recording).expect("data");
        let chart = OVER_TIME.iter().find(|chart| chart.id == id).expect("a chart");
        chart.of(&data, 0).expect("its variables")
    }

    #[test]
    fn plants_add_up_and_those_within_the_region_are_left_out() {
        // Tick by tick, the pairs 0-0, 0-1, 1-0, 1-1: region, partner.
        let announced = [9.0, 2.0, 1.0, 9.0, 9.0, 3.0, 4.0, 9.0];
        let (opened, none) = ([0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0], [0.0; 8]);
        let (cancelled, closed) = ([5.0, 1.0, 0.0, 0.0, 5.0, 0.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        let variables = [
            ("plants_announced", PARTNER, &announced[..]),
            ("plants_opened", PARTNER, &opened[..]),
            ("plants_completed", PARTNER, &none[..]),
            ("plants_cancelled", PARTNER, &cancelled[..]),
            ("plants_closed", PARTNER, &closed[..]),
        ];
        assert_eq!(found("plants-in", &variables), [[2.0, 5.0], [1.0, 2.0], [0.0, 0.0], [1.0, 2.0]]);
        assert_eq!(found("plants-out", &variables), [[1.0, 5.0], [0.0, 1.0], [0.0, 0.0], [0.0, 2.0]]);
    }

    #[test]
    fn positions_are_in_the_currency_of_the_region() {
        // In the second tick the currency of region 1 is worth twice that of region 0.
        let positions = [9e11, 2e11, 3e11, 0.0, 9e11, 4e11, 5e11, 0.0];
        let variables = [
            ("direct_investment_position", PARTNER, &positions[..]),
            ("exchange_rate", BY_REGION, &[1.0, 1.0, 1.0, 2.0][..]),
        ];
        assert_eq!(found("direct-investment", &variables), [[2.0, 4.0], [3.0, 10.0]]);
    }

    #[test]
    fn orders_are_of_a_year_and_jobs_in_thousands() {
        let relocated = [0.0, 1e11, 0.0, 0.0, 0.0, 1e11, 2e11, 0.0];
        let variables = [
            ("orders_relocated", PARTNER, &relocated[..]),
            ("orders_to_home", BY_REGION, &[5e10, 0.0, 5e10, 0.0][..]),
            ("orders_to_abroad", BY_REGION, &[0.0, 7.0, 1e11, 7.0][..]),
        ];
        assert_eq!(found("orders-changed", &variables), [[12.0, 24.0], [0.0, 24.0], [6.0, 12.0], [0.0, 12.0]]);
        // Three causes of each region.
        let jobs: Vec<f64> = (0..12).map(|x| 1e3 * f64::from(x)).collect();
        let by_cause = [("employment_relocated_cause", &["time", "region", "skill"][..], &jobs[..])];
        assert_eq!(found("plant-jobs", &by_cause), [[0.0, 6.0], [1.0, 7.0], [2.0, 8.0]]);
    }

    #[test]
    fn a_chart_without_anything_in_it_is_left_out() {
        let twins = |policy, baseline| Twins { policy: vec![vec![0.0, policy]], baseline: vec![vec![0.0, baseline]] };
        assert!(!something(&[twins(0.0, 0.0), twins(0.0, 0.0)]));
        // The same in both is something, too.
        assert!(something(&[twins(0.0, 0.0), twins(1.0, 1.0)]) && something(&[twins(0.0, -1.0)]));
    }

    #[test]
    fn firms_move_where_a_plant_was_announced() {
        let [none, mut one] = [[0.0; 8]; 2];
        one[6] = 1.0;
        let still = content(&[("plants_announced", PARTNER, &none)]);
        let moving = content(&[("plants_announced", PARTNER, &one)]);
        let unknown = content(&[]);
        assert!(!firms_move(&[(Recording::of(&still), None)]).expect("read"));
        assert!(!firms_move(&[(Recording::of(&unknown), Some(Recording::of(&unknown)))]).expect("read"));
        let other = || (Recording::of(&still), None);
        assert!(firms_move(&[other(), (Recording::of(&still), Some(Recording::of(&moving)))]).expect("read"));
        assert!(firms_move(&[other(), (Recording::of(&moving), None)]).expect("read"));
    }
}
