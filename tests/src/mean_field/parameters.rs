//! Behavioural parameters: every number with its meaning, unit and source.
//!
//! Sources give orders of magnitude and are cited from memory, apart from those in `shared` (model.md, facts).

/// How exchange rates move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeRegime {
    /// All rates stay at 1.
    Fixed,
    /// All rates follow the float rule of [`Parameters::float_trade_balance`].
    Float,
}

/// Behavioural parameters. Rates are per year unless a name says month.
#[derive(Debug, Clone)]
pub struct Parameters {
    /// Fraction of buying relations re-chosen each month; gives facts T11 (one year) and T12 (ten years).
    /// Source: fitted to Boehm, Levchenko and Pandalai-Nayar (2023).
    pub relation_review_month: f64,
    /// Fraction of relations with an origin under embargo that find another origin in a month.
    /// Source: Boehm, Flaaen and Pandalai-Nayar (2019): little substitution for about half a year.
    pub broken_review_month: f64,
    /// Factor on the shipped trade elasticities theta: `sigma = 1 + factor * theta`, trade-weighted 3.4 for the
    /// United States. Source: level from Boehm et al. (2023), pattern over products from the calibration.
    pub theta_factor: f64,
    /// Elasticity of substitution between origins of services. Source: low end of Egger, Larch and Staub (2012).
    pub services_sigma: f64,
    /// Elasticity between home and imported products; `None`: same as between origins.
    /// Source: Feenstra, Luck, Obstfeld and Russ (2018), who find 1 to 2, and no gap for most products.
    pub macro_sigma: Option<f64>,
    /// Fraction of unserved orders that other sellers can fill in the same month (specificity of inputs).
    /// Source: Barrot and Sauvagnat (2016), order of magnitude.
    pub retry_fraction: f64,
    /// Fraction of producers that review their price in a month.
    /// Source: Nakamura and Steinsson (2008): regular prices last seven to nine months.
    pub price_review_month: f64,
    /// Fraction of retail prices reviewed in a month. Source: facts T4; Cavallo, Llamas and Vazquez (2025).
    pub retail_review_month: f64,
    /// Weight of the prices buyers at home pay for the same good in the price target of its producers.
    /// Source: Amiti, Itskhoki and Konings (2019): about 0.4 for large, little for small firms.
    pub competitor_weight: f64,
    /// Elasticity of the price target to output over capacity output at normal use.
    /// Source: flat short-run supply, Boehm and Pandalai-Nayar (2022), at normal utilisation.
    pub demand_pull: f64,
    /// Monthly weight of the newest demand in expected demand. Source: assumption; below 0.2 with slow stock
    /// adjustment the stock cycle is barely damped.
    pub expectation_gain_month: f64,
    /// Fraction of a gap between stocks and their target closed in a month.
    /// Source: Blinder and Maccini (1991) review 5 to 30% a month.
    pub stock_gap_month: f64,
    /// Finished stocks of goods, months of sales at the end of a month. Source: US Census M3, finished goods.
    pub finished_goods_months: f64,
    /// Finished stocks of services (work in progress), months of sales. Source: assumption.
    pub finished_services_months: f64,
    /// Input stocks of goods at the start of a month, months of use: the month's use plus half a month.
    /// Source: US Census M3, materials and supplies.
    pub input_goods_months: f64,
    /// Input stocks of services at the start of a month, months of use. Source: assumption.
    pub input_services_months: f64,
    /// Retail stocks of goods, months of sales. Source: US Census MRTS, 1.3 to 1.5.
    pub retail_months: f64,
    /// Share of an input's shortfall that a goods industry loses in output.
    /// Source: Pichler et al. (2022): about half of inputs are critical.
    pub input_criticality: f64,
    /// The same for a services industry, where goods are mostly equipment and supplies. Source: as above.
    pub service_criticality: f64,
    /// Share of undelivered inputs that other firms of the same industry can lend or resell; the rest stops the
    /// firms whose supplier fails once their stock is gone. Source: assumption.
    pub input_pooling: f64,
    /// Highest hours per worker relative to normal. Source: ten hours of overtime in a 40-hour week.
    pub hours_max: f64,
    /// Pay of an hour above normal relative to a normal hour. Source: US Fair Labor Standards Act.
    pub overtime_pay: f64,
    /// Share of pay saved when hours fall short of normal. Source: assumption (salaried half).
    pub short_time_saving: f64,
    /// Capital capacity relative to base output. Source: Federal Reserve G.17, use of about 0.8 to 0.87.
    pub spare_capacity: f64,
    /// Fraction of the gap to desired employment closed in a month at normal unemployment.
    /// Source: Hamermesh (1993): half-life of one to two quarters.
    pub employment_gap_month: f64,
    /// Elasticity of hiring to unemployment relative to its normal rate.
    /// Source: Petrongolo and Pissarides (2001): 0.5.
    pub matching_elasticity: f64,
    /// Slope of wage inflation in unemployment at its normal rate (per unit, per year).
    /// Source: model.md section 11; Gali and Gambetti (2019): 0.1 to 0.3 since 2007.
    pub wage_slope: f64,
    /// Curvature of the wage curve: unemployment is measured from minus this rate (0: hyperbola in
    /// unemployment itself; large: a straight line). Source: assumption; convexity after Phillips (1958).
    pub wage_curve_offset: f64,
    /// Points of unemployment that a point of hours above normal counts for in the wage curve.
    /// Source: Okun coefficient of about one half.
    pub wage_hours_weight: f64,
    /// Weight of last year's consumer price inflation (over target) in wage inflation.
    /// Source: zero: anchored expectations, model.md section 11.
    pub wage_indexation: f64,
    /// Fraction of the gap to desired capital closed in a year. Source: partial adjustment of 0.1 to 0.3;
    /// 0.25 with demand averaged over two years made a growing accelerator cycle, capital being 3 to 5 times output.
    pub capital_gap: f64,
    /// Years over which the demand that capital is built for averages expected demand.
    /// Source: time to plan and build, Koeva (2000): two to three years.
    pub capital_demand_years: f64,
    /// Elasticity of desired capital to its user cost. Source: Chirinko (2008): 0.4 to 0.6.
    pub capital_user_cost: f64,
    /// Rate of return before depreciation in the user cost, per year. Source: Gomme, Ravikumar and Rupert (2011).
    pub user_cost_return: f64,
    /// Years over which the long real rate averages the short one. Source: expectations theory with about a
    /// quarter of a policy move in ten-year rates, Guerkaynak, Sack and Swanson (2005).
    pub long_rate_years: f64,
    /// Years over which permanent income averages income. Source: Friedman (1957).
    pub permanent_income_years: f64,
    /// Share of current-income spending in the lowest and highest decile (linear in between).
    /// Source: Kaplan, Violante and Weidner (2014): about a third overall.
    pub hand_to_mouth: (f64, f64),
    /// Fraction of the wealth gap consumed in a year. Source: Carroll, Otsuka and Slacalek (2011): 0.04 to 0.06.
    pub wealth_effect: f64,
    /// Fall of consumption per unit of the real rate. Source: substitution elasticity below one, Havranek (2015).
    pub consumption_rate: f64,
    /// Subsistence as a share of the poorest decile's base quantities. Source: assumption in Stone (1954)'s system.
    pub subsistence: f64,
    /// Weight of last year's inflation (over target) in expected inflation for real rates.
    /// Source: mostly anchored, Coibion and Gorodnichenko (2015).
    pub inflation_backward_weight: f64,
    /// Monthly inertia of the policy rate. Source: Clarida, Gali and Gertler (2000): 0.8 to 0.85 a quarter.
    pub rate_inertia_month: f64,
    /// Long-run response of the policy rate to inflation. Source: Taylor (1993).
    pub rate_inflation: f64,
    /// Long-run response of the policy rate to the unemployment gap.
    /// Source: Taylor (1993), 0.5 on output times Okun's 2.
    pub rate_unemployment: f64,
    /// Years over which the central bank revises its estimate of the neutral rate (0: never).
    /// Source: in the spirit of Laubach and Williams (2003).
    pub neutral_rate_years: f64,
    /// Response of lump-sum taxes to the gap of debt to its target, per year. Source: Bohn (1998): 0.03 to 0.05.
    pub debt_feedback: f64,
    /// Share of a change in the interest bill that lump-sum taxes cover. Source: Bohn (1998), primary surplus.
    pub interest_cover: f64,
    /// Average maturity of debt, years. Source: OECD sovereign borrowing, six to eight.
    pub debt_maturity_years: f64,
    /// Unemployment benefit relative to the wage. Source: US Department of Labor, about 0.4.
    pub benefit_replacement: f64,
    /// Tax rate on profits after replacement of capital. Source: OECD effective rates of about 0.2.
    pub corporate_tax: f64,
    /// Firm debt, years of value added. Source: BIS credit to non-financial firms, about 0.75 to 1.
    pub firm_debt: f64,
    /// Fraction of the gap of firm debt to target closed through dividends in a year. Source: Flannery and
    /// Rangan (2006): about a third.
    pub firm_debt_feedback: f64,
    /// Months over which dividends are smoothed. Source: Lintner (1956), faster.
    pub dividend_months: f64,
    /// Exchange rates: fixed or floating.
    pub regime: ExchangeRegime,
    /// Response of the exchange rate to the trade balance ratio, per year. Source: model.md section 7; small.
    pub float_trade_balance: f64,
    /// Response of the exchange rate to the real rate differential, per year per unit. Source: as above; large
    /// values with large trade elasticities make rate and trade cycle.
    pub float_rate: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            relation_review_month: 0.03,
            broken_review_month: 0.12,
            theta_factor: 0.42,
            services_sigma: 1.5,
            macro_sigma: None,
            retry_fraction: 0.3,
            price_review_month: 0.12,
            retail_review_month: 0.10,
            competitor_weight: 0.0,
            demand_pull: 0.05,
            expectation_gain_month: 0.3,
            stock_gap_month: 0.2,
            finished_goods_months: 0.7,
            finished_services_months: 0.3,
            input_goods_months: 1.5,
            input_services_months: 1.2,
            retail_months: 1.5,
            input_criticality: 0.5,
            service_criticality: 0.1,
            input_pooling: 0.3,
            hours_max: 1.25,
            overtime_pay: 1.5,
            short_time_saving: 0.5,
            spare_capacity: 1.15,
            employment_gap_month: 0.15,
            matching_elasticity: 0.5,
            wage_slope: 0.25,
            wage_curve_offset: 0.03,
            wage_hours_weight: 0.5,
            wage_indexation: 0.0,
            capital_gap: 0.15,
            capital_demand_years: 3.0,
            capital_user_cost: 0.4,
            user_cost_return: 0.07,
            long_rate_years: 4.0,
            permanent_income_years: 2.0,
            hand_to_mouth: (0.6, 0.1),
            wealth_effect: 0.05,
            consumption_rate: 0.7,
            subsistence: 0.5,
            inflation_backward_weight: 0.3,
            rate_inertia_month: 0.94,
            rate_inflation: 1.5,
            rate_unemployment: 1.0,
            neutral_rate_years: 5.0,
            debt_feedback: 0.04,
            interest_cover: 1.0,
            debt_maturity_years: 6.0,
            benefit_replacement: 0.4,
            corporate_tax: 0.2,
            firm_debt: 0.75,
            firm_debt_feedback: 0.3,
            dividend_months: 12.0,
            regime: ExchangeRegime::Fixed,
            float_trade_balance: 0.03,
            float_rate: 0.25,
        }
    }
}
