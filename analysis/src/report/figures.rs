//! The figures of a page, by name: what `autarky plot` can draw.

use super::over_time::LEVELS;
use super::{doses, plants};
use crate::indicators::{Heading, Indicator, named};

/// Identifier of a figure, and its title in English and Chinese.
pub(super) type Called = (&'static str, [&'static str; 2]);

pub(super) const IMPORTS: Called = ("imports-by-origin", ["imports by origin", "按来源地的进口"]);
pub(super) const EXPORTS: Called = ("exports-by-buyer", ["exports by buyer", "按目的地的出口"]);
pub(super) const CONSUMPTION: Called =
    ("consumption-by-decile", ["simulated real consumption by tenth of income", "按收入十分位的模拟实际消费"]);
pub(super) const CHANNELS: Called = ("incidence-channels", ["through which channels", "影响渠道"]);
pub(super) const MOVES: Called =
    ("class-moves", ["moves between tenths of income in a year", "一年内在收入十分位组之间的流动"]);
pub(super) const MAP: Called = ("map", ["real GDP, region by region", "各地区实际国内生产总值"]);
pub(super) const SECTORS: Called = ("sectors", ["real output by region and industry", "各地区各行业实际产出"]);
pub(super) const CAPACITY_IN: Called =
    ("plant-capacity-in", ["capacity of plants, by origin of the work", "工厂产能，按生产原所在地"]);
pub(super) const CAPACITY_OUT: Called =
    ("plant-capacity-out", ["capacity of plants abroad for work of the region", "国外承接本地区生产的工厂产能"]);

/// Figures that are of no single indicator.
const OTHERS: [Called; 9] = [IMPORTS, EXPORTS, CONSUMPTION, CHANNELS, MOVES, MAP, SECTORS, CAPACITY_IN, CAPACITY_OUT];

/// A figure of a page. Which of them a page has depends on what was recorded, and whether there is something to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Identifier.
    pub id: String,
    /// Title in English and Chinese.
    pub title: [String; 2],
    /// The indicator it draws, if it is of one.
    pub indicator: Option<&'static str>,
}

/// All figures; of those that draw an effect against a factor of a sweep, those of the first factor.
#[must_use]
pub fn figures() -> Vec<Figure> {
    let of = |indicator: &Indicator, before: &str, after: [&str; 2]| {
        let [english, chinese] = indicator.name;
        Figure {
            id: format!("{before}{}", indicator.id.replace('_', "-")),
            title: [format!("{english}{}", after[0]), format!("{chinese}{}", after[1])],
            indicator: Some(indicator.id),
        }
    };
    let changes = Heading::ALL.into_iter().flat_map(Heading::indicators).map(|x| of(x, "", [""; 2]));
    let levels = LEVELS.iter().filter_map(|id| Some(of(named(id)?, "level-", [""; 2])));
    let swept = [" by values of a factor of a sweep", "，按扫描因素的取值"];
    let doses = doses::DRAWN.iter().filter_map(|id| Some(of(named(id)?, "dose-1-", swept)));
    let plants = plants::OVER_TIME.iter().map(|chart| (chart.id, chart.title));
    let others = OTHERS.into_iter().chain(plants);
    let others =
        others.map(|(id, title)| Figure { id: id.to_owned(), title: title.map(str::to_owned), indicator: None });
    changes.chain(others).chain(doses).chain(levels).collect()
}
