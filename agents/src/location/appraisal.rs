//! What it would save to do some work elsewhere over the horizon of a move, and what that would cost.

use super::frame::Frame;
use super::outlook::Counting;
use super::sites::CAUSES;
use crate::state::Regions;

/// Work that might move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Work {
    /// Areas where it is done, and where it might be.
    pub(super) here: usize,
    pub(super) there: usize,
    /// Region whose buyers it serves.
    pub(super) market: usize,
    /// Industry.
    pub(super) j: usize,
    /// Output, volume a tick.
    pub(super) volume: f64,
    /// Log advantage of the place for reasons of the firm's own.
    pub(super) advantage: f64,
}

/// What a move would save over the horizon and cost, numeraire.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Appraisal {
    pub(super) gain: f64,
    pub(super) cost: f64,
    /// Share of each cause in the saving.
    pub(super) causes: [f32; CAUSES],
}

impl Appraisal {
    /// Gain over cost.
    pub(super) fn net(&self) -> f64 {
        self.gain / self.cost - 1.0
    }
}

/// What it is worth to make a volume there and not here, over the horizon of a move.
///
/// Equation: `A V (d_h c_h - d_p c_p) / m`, annuity of a tick `A`, volume `V`, markup `m`, delivered unit costs `d c` here and there: duty
/// factor times unit cost.
/// Source: present value of a constant flow, Dixit and Pindyck (1994).
fn saved(annuity: f64, volume: f64, [here, there]: [f64; 2], markup: f64) -> f64 {
    annuity * volume * (here - there) / markup
}

/// What a plant costs its owner: building it, part shipped from the old one, part paid by the government; a fixed cost, and severance
/// of those who lose their work.
///
/// Equation: `P K ((1 - s) (1 - g) + f) + severance`, capital at its price there `P K`, share shipped `s`, grant `g`, fixed cost `f`.
/// Source: accounting; what is lost of capital that moves, Ramey and Shapiro (2001).
fn plant_cost(plant: f64, shipped: f64, grant: f64, fixed: f64, severance: f64) -> f64 {
    plant * ((1.0 - shipped) * (1.0 - grant) + fixed) + severance
}

/// What it would save to do some work elsewhere, as policy is expected, and what a plant for it would cost today, announced now or
/// past its planning.
pub(super) fn appraise(frame: Frame, regions: &Regions, work: Work, planned: bool) -> Appraisal {
    let Work { here, there, market, j, volume, advantage } = work;
    let (p, outlook) = (&frame.p.location, frame.outlook);
    let region = |area: usize| frame.geography.areas[area].region as usize;
    let (home, place) = (region(here), region(there));
    let industry = outlook.industry(j);
    let factor = outlook.carriage(here, there, market, j) * industry.own_reasons(advantage);
    let annuity = f64::from(frame.settings.ticks_per_year) * outlook.annuity;
    // The plant is to serve the market in which the place was found. Were others served too, work for large home markets
    // would leave with that for small exports, and trade would grow without end in a world without change.
    let saving = |counting: Counting| {
        let duty = |made: usize| if counting == Counting::All { outlook.duty_factor(made, market, j) } else { 1.0 };
        let cost = |area: usize| outlook.cost(area, j, counting);
        saved(annuity, volume, [duty(home) * cost(here), duty(place) * cost(there) * factor], industry.markup)
    };
    let grant = outlook.grant(there, j, planned);
    // What a plant costs is counted as in the world's plants of the industry, at local prices: otherwise places of little
    // capital per unit of output would attract by a figure of the base year, although firms are where they are with it.
    let state = &regions.states[place];
    let price = state.prices.capital / frame.base.regions[place].capital_price * state.exchange_rate;
    let plant = volume * industry.capital * price;
    let wages = industry.compensation * volume;
    let severance = p.severance / frame.settings.months_per_tick() * wages * regions.states[home].exchange_rate;
    let [all, subsidies, neither] = [Counting::All, Counting::Subsidies, Counting::Neither].map(saving);
    let paid_by_grant = plant * (1.0 - p.shipped_share) * grant;
    Appraisal {
        gain: all,
        cost: plant_cost(plant, p.shipped_share, grant, p.fixed_cost, severance),
        causes: shares([all - subsidies, subsidies - neither + paid_by_grant, neither]),
    }
}

/// Positive parts of some contributions, relative to their sum.
fn shares(parts: [f64; CAUSES]) -> [f32; CAUSES] {
    let sum: f64 = parts.iter().map(|x| x.max(0.0)).sum();
    parts.map(|x| if sum > 0.0 { (x.max(0.0) / sum) as f32 } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_shares_of_what_speaks_for_the_move() {
        let bits = |x: [f32; CAUSES]| x.map(f32::to_bits);
        assert_eq!(bits(shares([3.0, 1.0, -2.0])), bits([0.75, 0.25, 0.0]));
        assert_eq!(bits(shares([-1.0, 0.0, -2.0])), bits([0.0; CAUSES]));
    }

    #[test]
    fn a_move_saves_the_difference_in_delivered_cost() {
        // 60 ticks' worth of a volume of 10: 1.2 here, 0.9 there with a duty of a tenth, at a markup of 1.05.
        crate::testing::near(saved(60.0, 10.0, [1.2, 1.1 * 0.9], 1.05), 120.0);
    }

    #[test]
    fn a_plant_costs_what_is_neither_shipped_nor_granted() {
        // 100 (0.8 x 0.75 + 0.1) + 5
        crate::testing::near(plant_cost(100.0, 0.2, 0.25, 0.1, 5.0), 75.0);
    }
}
