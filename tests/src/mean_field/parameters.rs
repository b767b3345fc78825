//! Behavioural parameters: every number with its meaning, unit and source.
//!
//! Every source was looked up, and what it is cited for was seen there or is said to be not seen. "Abstract": only the
//! abstract was read. "Not seen": the work exists, but the number was not read there by us. "Chosen": set by us, with what
//! was found beside it. "Trial": lesson of an earlier version of this study. Facts (T11 and so on) are in `analysis/facts.csv`.

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
    /// Source: fitted to -0.76 in the short and about -2 in the long run, reached in 7 to 10 years: Boehm, Levchenko and
    /// Pandalai-Nayar 2023, American Economic Review 113(4) 861-905 (abstract).
    pub relation_review_month: f64,
    /// Fraction of relations with an origin under embargo that find another origin in a month.
    /// Source: chosen: half are replaced within five and a half months. Affiliates of Japanese firms in the US cut output
    /// roughly one for one with the inputs they lacked in the months after the earthquake of 2011: Boehm, Flaaen and
    /// Pandalai-Nayar 2019, Review of Economics and Statistics 101(1) 60-75 (abstract of FEDS 2015-094; how long, not seen).
    pub broken_review_month: f64,
    /// Factor on the shipped trade elasticities theta: `sigma = 1 + factor * theta`, trade-weighted 3.4 for the
    /// United States. Source: level chosen with fact T12 in view, the long run of Boehm, Levchenko and Pandalai-Nayar 2023;
    /// pattern over products from the world's tables (`configs/worlds/world-15x21/SOURCES.md`).
    pub theta_factor: f64,
    /// Elasticity of substitution between origins of services. Source: chosen, below half of the 3.8 of GTAP (see
    /// `trade.service_elasticity` in `configs/parameters.toml`). Egger, Larch and Staub 2012, CEPR Discussion Paper 9051,
    /// estimate trade in goods and services (abstract, numbers not seen).
    pub services_sigma: f64,
    /// Elasticity between home and imported products; `None`: same as between origins.
    /// Source: chosen. No significant gap in up to half of goods, in the others a lower elasticity to home products: Feenstra,
    /// Luck, Obstfeld and Russ 2014, NBER Working Paper 20063 (abstract; as printed in 2018, Review of Economics and
    /// Statistics 100(1) 135-150, not seen).
    pub macro_sigma: Option<f64>,
    /// Fraction of unserved orders that other sellers can fill in the same month (specificity of inputs).
    /// Source: chosen. Sales growth of suppliers hit by a disaster falls by some 5 points and that of their customers by 2; the
    /// customers lose more of their value if the input is specific: Barrot and Sauvagnat 2016, Quarterly Journal of Economics
    /// 131(3) 1543-1592, as told by MIT Sloan in a press release of 5 March 2015.
    pub retry_fraction: f64,
    /// Fraction of producers that review their price in a month.
    /// Source: medians of 0.09 to 0.12 for consumer prices without sales and about the same for finished producer goods:
    /// Nakamura and Steinsson 2008, Quarterly Journal of Economics 123(4) 1415-1464 (abstract).
    pub price_review_month: f64,
    /// Fraction of retail prices reviewed in a month. Source: 0.09 to 0.12 as for producers; chosen with fact T4 in view, a
    /// fifth of the duties of 2025 in retail prices by September: Cavallo, Llamas and Vazquez 2025, NBER Working Paper 34496.
    pub retail_review_month: f64,
    /// Weight of the prices buyers at home pay for the same good in the price target of its producers.
    /// Source: chosen, that of small firms. Belgian makers answer prices of competitors with 0.4 typically, about 0.5 if large
    /// and not at all if small: Amiti, Itskhoki and Konings 2019, Review of Economic Studies 86(6) 2356-2402 (abstract).
    pub competitor_weight: f64,
    /// Elasticity of the price target to output over capacity output at normal use.
    /// Source: chosen, small: supply is essentially flat at low utilisation and rises at higher: Boehm and Pandalai-Nayar 2022,
    /// American Economic Review 112(12) 3941-3969 (abstract of NBER Working Paper 26829; slope at normal use not seen).
    pub demand_pull: f64,
    /// Monthly weight of the newest demand in expected demand. Source: none found; chosen: below 0.2 with slow stock
    /// adjustment the stock cycle is barely damped.
    pub expectation_gain_month: f64,
    /// Fraction of a gap between stocks and their target closed in a month.
    /// Source: chosen. Blinder and Maccini 1991, Journal of Economic Perspectives 5(1) 73-96, review such speeds (numbers not
    /// seen); those from totals are far below those from firms: "Markups, Aggregation, and Inventory Adjustment", American
    /// Economic Review 2004 (abstract).
    pub stock_gap_month: f64,
    /// Finished stocks of goods, months of sales at the end of a month. Source: chosen: about half of the 1.28 months of
    /// shipments that makers held in all stages at the end of 1999 (US Census Bureau, M3, as told by
    /// allcountries.org, table 1234; finished goods alone not seen).
    pub finished_goods_months: f64,
    /// Finished stocks of services (work in progress), months of sales. Source: none found; chosen: hardly stored.
    pub finished_services_months: f64,
    /// Input stocks of goods at the start of a month, months of use: the month's use plus half a month.
    /// Source: none found; chosen (US Census Bureau, M3, has materials and supplies; not seen).
    pub input_goods_months: f64,
    /// Input stocks of services at the start of a month, months of use. Source: none found; chosen: the month's use and little.
    pub input_services_months: f64,
    /// Retail stocks of goods, months of sales. Source: chosen between 1.7 in 1994 (Economic Indicators, November 2004, page 20)
    /// and 1.15 in May 2025 without motor vehicles (US Census Bureau, series MRTSIR4400AUSS, as told by useconomictrends.com).
    pub retail_months: f64,
    /// Share of an input's shortfall that a goods industry loses in output.
    /// Source: chosen. Industry analysts rated which inputs every industry needs in the short run: Pichler, Pangallo, del
    /// Rio-Chanona, Lafond and Farmer 2022, Journal of Economic Dynamics and Control 144, 104527 (abstract, ratings not seen).
    pub input_criticality: f64,
    /// The same for a services industry, where goods are mostly equipment and supplies. Source: as above.
    pub service_criticality: f64,
    /// Share of undelivered inputs that other firms of the same industry can lend or resell; the rest stops the
    /// firms whose supplier fails once their stock is gone. Source: none found; chosen.
    pub input_pooling: f64,
    /// Highest hours per worker relative to normal. Source: none found; chosen: ten hours on top of forty.
    pub hours_max: f64,
    /// Pay of an hour above normal relative to a normal hour. Source: 29 USC 207(a)(1), US.
    pub overtime_pay: f64,
    /// Share of pay saved when hours fall short of normal. Source: none found; chosen (salaried half).
    pub short_time_saving: f64,
    /// Capital capacity relative to base output. Source: chosen: a use of 0.87. US industry uses 0.80 on average of 1972 to
    /// 2023: Federal Reserve, G.17 annual revision of 28 June 2024.
    pub spare_capacity: f64,
    /// Fraction of the gap to desired employment closed in a month at normal unemployment.
    /// Source: chosen: a half-life of 4.3 months. Hamermesh 1993, Labor Demand, Princeton University Press, ISBN 0-691-02587-8,
    /// reviews estimates (numbers not seen).
    pub employment_gap_month: f64,
    /// Elasticity of hiring to unemployment relative to its normal rate.
    /// Source: chosen at the low end of the 0.5 to 0.7 commonly told from the survey of Petrongolo and Pissarides 2001, Journal
    /// of Economic Literature 39(2) 390-431 (abstract, range not seen there).
    pub matching_elasticity: f64,
    /// Slope of wage inflation in unemployment at its normal rate (per unit, per year).
    /// Source: trial: 0.1 to 0.3. The US curve has become flatter in recent years: Gali and Gambetti 2019, CEPR Discussion
    /// Paper 13452 (abstract, numbers not seen).
    pub wage_slope: f64,
    /// Curvature of the wage curve: unemployment is measured from minus this rate (0: hyperbola in
    /// unemployment itself; large: a straight line). Source: chosen; a curve that grows steep where unemployment is low:
    /// Phillips 1958, Economica 25(100) 283-299, as told by policonomics.com.
    pub wage_curve_offset: f64,
    /// Points of unemployment that a point of hours above normal counts for in the wage curve.
    /// Source: chosen as Okun's coefficient, 0.5 in US textbooks as told by Ball, Furceri, Leigh and Loungani 2013, Does One Law
    /// Fit All?; fact A7; Ball, Leigh and Loungani 2017, Journal of Money, Credit and Banking 49(7) 1413-1441 (abstract).
    pub wage_hours_weight: f64,
    /// Weight of last year's consumer price inflation (over target) in wage inflation.
    /// Source: trial: zero, as expectations are anchored; with indexation slow swings grow over ten to twenty years.
    pub wage_indexation: f64,
    /// Fraction of the gap to desired capital closed in a year. Source: none found; chosen within 0.1 to 0.3:
    /// 0.25 with demand averaged over two years made a growing accelerator cycle, capital being 3 to 5 times output.
    pub capital_gap: f64,
    /// Years over which the demand that capital is built for averages expected demand.
    /// Source: chosen: new plants take around two years to build in most industries, Koeva 2000, IMF Working Paper 00/138
    /// (abstract); commercial buildings 17 months to plan, Millar, Oliner and Sichel 2013, NBER Working Paper 19408 (abstract).
    pub capital_demand_years: f64,
    /// Elasticity of desired capital to its user cost. Source: preferred estimate of 0.40: Chirinko and Mallick 2014, CESIFO
    /// Working Paper 4895 (abstract); Chirinko 2008 was not found.
    pub capital_user_cost: f64,
    /// Rate of return before depreciation in the user cost, per year. Source: chosen between 0.085 before taxes (1959 to 1996)
    /// and 0.05 after (1990 to 1996) of US corporations: Poterba 1999, NBER Working Paper 6263 (abstract). Gomme, Ravikumar
    /// and Rupert 2011, Review of Economic Dynamics 14(2) 262-278, measure it too (abstract, without a number).
    pub user_cost_return: f64,
    /// Years over which the long real rate averages the short one. Source: chosen: expectations theory. Long Treasury yields
    /// answer statements far more than moves of the rate: Guerkaynak, Sack and Swanson 2005, International Journal of Central
    /// Banking 1(1) 55-93 (abstract, sizes not seen).
    pub long_rate_years: f64,
    /// Years over which permanent income averages income. Source: chosen, shorter than the three years that Friedman 1957, A
    /// Theory of the Consumption Function, is read for (number not seen; Carroll 2001, Journal of Economic Perspectives 15(3)
    /// 23-45 tells the reading).
    pub permanent_income_years: f64,
    /// Share of current-income spending in the lowest and highest decile (linear in between).
    /// Source: chosen: about a third overall. 30 to 40 percent of US households live hand to mouth: Kaplan, Violante and Weidner
    /// 2014, NBER Working Paper 20073, as told in the news archive of Princeton University; none found for single tenths.
    pub hand_to_mouth: (f64, f64),
    /// Fraction of the wealth gap consumed in a year. Source: trial: about 0.05; 0.09 in the end for housing, much less for
    /// financial wealth: Carroll, Otsuka and Slacalek 2011, Journal of Money, Credit and Banking 43(1) 55-79 (abstract); 0.03
    /// to 0.05 in the US and UK as told by Arrondel, Lamarche and Savignac 2015, Wealth Effects on Consumption.
    pub wealth_effect: f64,
    /// Fall of consumption per unit of the real rate. Source: chosen: substitution elasticities above 0.8 contradict the bulk
    /// of 169 studies, 0.3 to 0.4 for owners of assets: Havranek, hdl.handle.net/10419/102581 (abstract), printed in 2015,
    /// Journal of the European Economic Association (not seen).
    pub consumption_rate: f64,
    /// Subsistence as a share of the poorest decile's base quantities. Source: none found; chosen, in the demand system of
    /// Stone 1954, Economic Journal 64, as told by Deaton and Muellbauer 1980, American Economic Review 70(3) 312-326.
    pub subsistence: f64,
    /// Weight of last year's inflation (over target) in expected inflation for real rates.
    /// Source: chosen: mostly anchored. Anchored expectations explain inflation better than past inflation in most countries of
    /// the OECD: Incorporating anchored inflation expectations in the Phillips curve, OECD 2015 (abstract); those of US
    /// households rose with oil prices in 2009 to 2011: Coibion and Gorodnichenko 2015, American Economic Journal:
    /// Macroeconomics 7(1) 197-232 (abstract).
    pub inflation_backward_weight: f64,
    /// Monthly inertia of the policy rate. Source: chosen: 0.83 a quarter, as in estimated rules, Clarida, Gali and Gertler 2000,
    /// Quarterly Journal of Economics 115(1) 147-180 (abstract, number not seen).
    pub rate_inertia_month: f64,
    /// Long-run response of the policy rate to inflation. Source: Taylor 1993, Carnegie-Rochester Conference Series on Public
    /// Policy 39, 195-214 (not read; 1.5 and 0.5 are what is everywhere called his rule).
    pub rate_inflation: f64,
    /// Long-run response of the policy rate to the unemployment gap.
    /// Source: Taylor 1993 as above, 0.5 on output, times an Okun coefficient of 2 (see `wage_hours_weight`).
    pub rate_unemployment: f64,
    /// Years over which the central bank revises its estimate of the neutral rate (0: never).
    /// Source: chosen; that the rate moves and must be estimated: Laubach and Williams 2003, Review of Economics and Statistics
    /// 85(4) 1063-1070 (abstract of FEDS 2001-56).
    pub neutral_rate_years: f64,
    /// Response of lump-sum taxes to the gap of debt to its target, per year. Source: chosen. US primary surpluses answer to
    /// debt: Bohn 1998, Quarterly Journal of Economics 113(3) 949-963 (not read), and Bohn 2005, CESIFO Working Paper 1446
    /// (abstract, numbers not seen).
    pub debt_feedback: f64,
    /// Share of a change in the interest bill that lump-sum taxes cover. Source: none found; chosen: all, so that interest alone
    /// does not move debt.
    pub interest_cover: f64,
    /// Average maturity of debt, years. Source: 8.2 for the OECD in 2022, almost two less ten years before: OECD, Sovereign
    /// Borrowing Outlook 2023, as told by Bloomberg.
    pub debt_maturity_years: f64,
    /// Unemployment benefit relative to the wage. Source: below 0.4 in the US: National Employment Law Project, Unemployment
    /// Insurance Benefit Amounts (the Department of Labor's own report not seen).
    pub benefit_replacement: f64,
    /// Tax rate on profits after replacement of capital. Source: chosen: order of magnitude of effective rates (OECD, Corporate
    /// Tax Statistics, has them by country; numbers not seen).
    pub corporate_tax: f64,
    /// Firm debt, years of value added. Source: 0.744 of GDP in the US (Bank for International Settlements, as told in "The
    /// Countries with the Most Monstrous Corporate Debt Pileups", contracorner.co, year not seen); 0.91 in the world at the
    /// end of 2019 (International Monetary Fund, as told by report.az).
    pub firm_debt: f64,
    /// Fraction of the gap of firm debt to target closed through dividends in a year. Source: about a third: Flannery and
    /// Rangan 2006, Journal of Financial Economics 79(3) 469-506 (abstract).
    pub firm_debt_feedback: f64,
    /// Months over which dividends are smoothed. Source: chosen. Payouts close part of the gap to a target each year: Lintner
    /// 1956, American Economic Review 46, 97-113 (not read); US firms 0.29 of it for dividends and 0.55 for all payouts:
    /// Skinner 2008, table 6, as told by Lambrecht and Myers 2010, A Lintner Model of Dividends and Managerial Rents.
    pub dividend_months: f64,
    /// Exchange rates: fixed or floating.
    pub regime: ExchangeRegime,
    /// Response of the exchange rate to the trade balance ratio, per year. Source: none found; chosen: slow.
    pub float_trade_balance: f64,
    /// Response of the exchange rate to the real rate differential, per year per unit. Source: none found; chosen:
    /// large values with large trade elasticities make rate and trade cycle.
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
