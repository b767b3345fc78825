//! The list of parameters. Values and their sources are in `configs/parameters.toml`.

use crate::{parameter_choice, parameters};

parameter_choice! {
    /// What moves a region's exchange rate.
    ExchangeRateRegime {
        /// Moves with the trade balance, the interest gap and the inflation gap.
        Float = "float",
        /// Stays at its base-year value.
        Fixed = "fixed",
        /// Follows the measures of kind `exchange_rate`.
        Path = "path",
    }
}

parameter_choice! {
    /// Where customs revenue above the base-year amount goes.
    DutyRevenueUse {
        /// Less borrowing.
        Debt = "debt",
        /// An equal payment to every person.
        LumpSum = "lump_sum",
        /// A lower income-tax rate.
        IncomeTax = "income_tax",
        /// A lower rate of the tax on profits.
        CorporateTax = "corporate_tax",
        /// The same payment for every child under 15.
        ChildBenefit = "child_benefit",
    }
}

parameters! {
    /// How households spend and save.
    households: Households {
        /// Share of current rather than permanent income in the spending of the poorest decile.
        current_income_share_poorest: f64 = "fraction" [0.0, 1.0];
        /// The same for the richest decile; the others lie between.
        current_income_share_richest: f64 = "fraction" [0.0, 1.0];
        /// Deposits, in months of permanent income, below which spending follows current income more closely.
        buffer: f64 = "months" [0.01, 24.0];
        /// Spending a year out of a revaluation of fund shares.
        equity_wealth_effect: f64 = "per year" [0.0, 1.0];
        /// Discount rate that values the fund's dividends at the base year.
        equity_discount_rate: f64 = "per year" [0.01, 0.5];
        /// Fall of consumption per unit of the policy rate above its neutral value.
        rate_response: f64 = "number" [0.0, 10.0];
        /// Rise of the wealth aimed at per unit of the real rate that savers are used to above the base year's, in logarithms.
        wealth_rate_response: f64 = "number" [0.0, 100.0];
        /// Years over which savers get used to a real rate.
        wealth_rate_years: f64 = "years" [1.0, 100.0];
        /// Share of the gap between wealth and its target that is spent.
        wealth_adjustment: f64 = "per year" [0.0, 1.0];
        /// Weight of new income in permanent income.
        permanent_income_smoothing: f64 = "per month" [0.0, 1.0];
        /// Subsistence spending of the poorest decile, as a share of its base-year basket.
        subsistence_share: f64 = "fraction" [0.0, 0.95];
        /// Whether households are units of several persons who pool what they earn and live lives of their own.
        units: bool;
        /// Whether people are born, grow older and die by the ages of their region; households then come and go with them.
        demography: bool;
        /// Rise of births in the end, percent, for a payment for every child of one percent of mean pay after tax.
        births_response: f64 = "number" [0.0, 10.0];
        /// Part of the rise that follows within a year.
        births_adjustment: f64 = "fraction" [0.0, 1.0];
        /// Years for which households are founded that nobody lives in yet.
        demography_years: f64 = "years" [0.0, 100.0];
        /// Households that move from one area of their region to another in a year, where work is no easier to find in one of them than at the
        /// base; only where areas are told apart and households are units.
        area_moves: f64 = "per year" [0.0, 0.5];
        /// How much likelier a move is for every log point by which the employment rate of the place is higher than where one comes from,
        /// relative to the base, in log points.
        area_moves_response: f64 = "number" [0.0, 50.0];
        /// Homes of every area that nobody lives in at first, to which people can move, as a share of those that are lived in.
        area_room: f64 = "fraction" [0.0, 1.0];
        /// Whether all tenths buy in the proportions of the whole region: nobody's basket is dearer than another's.
        one_basket: bool;
    }

    /// How firms plan, price, stock, borrow and invest.
    firms: Firms {
        /// Rise of the price of a firm whose deposits are a target below target.
        liquidity_pricing: f64 = "ratio" [0.0, 1.0];
        /// Profit over output that investment grants leave every founding firm with at least.
        supported_margin: f64 = "fraction" [0.0, 0.5];
        /// Share of output lost when a goods input is wholly missing.
        input_criticality_goods: f64 = "fraction" [0.0, 1.0];
        /// Share of output lost when a service input is wholly missing.
        input_criticality_services: f64 = "fraction" [0.0, 1.0];
        /// Elasticity of wanted capital with respect to its user cost.
        capital_user_cost_elasticity: f64 = "number" [0.0, 3.0];
        /// Return required on capital above the real rate.
        required_return: f64 = "per year" [0.0, 0.5];
        /// Target stock of work in progress of services, in months of expected sales.
        service_inventory_target: f64 = "months" [0.0, 12.0];
        /// Target stock of service inputs, in months of planned use (the month's own use included).
        service_input_inventory_target: f64 = "months" [1.0, 12.0];
        /// Elasticity of the price with respect to demand over normal capacity.
        demand_pull: f64 = "number" [0.0, 1.0];
        /// Years over which demand is averaged to decide on capital.
        capital_horizon_years: f64 = "years" [0.1, 10.0];
        /// Deposits below this share of their target are refilled with credit.
        credit_line_share: f64 = "fraction" [0.0, 1.0];
        /// Share of net investment financed by credit.
        expansion_debt_share: f64 = "fraction" [0.0, 1.0];
        /// Weight of the latest profit in expected profit.
        profit_smoothing: f64 = "per month" [0.0, 1.0];
        /// Probability that a producer of goods reviews its price.
        goods_price_review_probability: f64 = "per month" [0.0, 1.0];
        /// Probability that a producer of services reviews its price.
        service_price_review_probability: f64 = "per month" [0.0, 1.0];
        /// Target stock of finished goods, in months of expected sales.
        inventory_target: f64 = "months" [0.0, 12.0];
        /// Target stock of inputs, in months of planned use.
        input_inventory_target: f64 = "months" [0.0, 12.0];
        /// Weight of the latest sales in expected demand.
        demand_smoothing: f64 = "per month" [0.0, 1.0];
        /// Share of the gap between target and actual stocks closed by output and orders.
        inventory_adjustment: f64 = "per month" [0.0, 1.0];
        /// Largest hours per worker, relative to normal hours.
        overtime_limit: f64 = "ratio" [1.0, 2.0];
        /// Normal use of capital capacity.
        capacity_utilisation: f64 = "fraction" [0.3, 1.0];
        /// Share of liquidity above target that is paid out to owners.
        payout_speed: f64 = "per month" [0.0, 1.0];
        /// Target deposits, in months of outlays.
        liquidity_target: f64 = "months" [0.0, 12.0];
        /// Loans at the base year, relative to capital at replacement cost.
        loan_to_capital: f64 = "ratio" [0.0, 1.0];
        /// Largest loan relative to capital at replacement cost.
        loan_to_value_limit: f64 = "ratio" [0.0, 1.0];
        /// Share of the gap between wanted and actual capital closed by investment.
        investment_adjustment: f64 = "per year" [0.0, 5.0];
    }

    /// How outlets of the trade industry stock and price goods.
    retail: Retail {
        /// Target stock of imported services, in months of sales.
        service_stock_target: f64 = "months" [1.0, 12.0];
        /// Share of customer groups that reconsider a dear local seller.
        customer_rechoice_share: f64 = "per month" [0.0, 1.0];
        /// Target stock, in months of sales.
        stock_target: f64 = "months" [0.0, 12.0];
        /// Probability that an outlet reviews a price.
        price_review_probability: f64 = "per month" [0.0, 1.0];
        /// Share of a change in landed cost that enters the reviewed price.
        pass_through: f64 = "fraction" [0.0, 1.5];
    }

    /// How buyers choose origins and sellers.
    trade: Trade {
        /// Weight of the latest tick in a seller's record of served orders.
        service_smoothing: f64 = "fraction" [0.0, 1.0];
        /// Share of the trade elasticity above one that enters substitution between origins.
        elasticity_scale: f64 = "fraction" [0.0, 2.0];
        /// Share of links that reconsider a dear seller within an origin.
        seller_rechoice_share: f64 = "per month" [0.0, 1.0];
        /// Rise of orders abroad of goods to be stored, per log point by which an announced duty will raise their price.
        front_loading: f64 = "number" [0.0, 20.0];
        /// Largest rise of orders ahead of announced duties.
        front_loading_limit: f64 = "fraction" [0.0, 5.0];
        /// Months ahead of their start in which announced duties move orders.
        front_loading_horizon: f64 = "months" [0.0, 24.0];
        /// Share of a duty above its base-year rate that exporters come to bear by lower prices in that market.
        exporter_absorption: f64 = "fraction" [0.0, 1.0];
        /// Probability that an exporter reviews its price in a market.
        border_price_review_probability: f64 = "per month" [0.0, 1.0];
        /// Share of relations whose origin is chosen anew.
        rechoice_share: f64 = "per month" [0.0, 1.0];
        /// Rise of that share with the price of an origin relative to what the buyer pays on average, an exponent.
        rechoice_urgency: f64 = "number" [0.0, 20.0];
        /// Share of the suppliers of inputs and machines still lost to an embargo that buyers replace in a month.
        replacement_share: f64 = "per month" [0.0, 1.0];
        /// Price elasticity of choice between sellers of one origin.
        seller_elasticity: f64 = "number" [0.0, 20.0];
        /// Elasticity of substitution between origins for products without a trade elasticity of their own (services).
        service_elasticity: f64 = "number" [0.0, 20.0];
    }

    /// Work, skills and wages.
    labour: Labour {
        /// Allowance that the government pays for a completed course, on top of the benefit, in months of normal pay.
        course_allowance: f64 = "months" [0.0, 60.0];
        /// Offset that bounds the steepness of the wage curve at low unemployment.
        wage_curve_offset: f64 = "fraction" [0.0, 0.2];
        /// Width of the noise between income rank and skill.
        skill_noise: f64 = "number" [0.0, 2.0];
        /// Standard deviation of log wages within a decile.
        wage_dispersion: f64 = "number" [0.0, 2.0];
        /// Curvature of the matching function.
        matching_curvature: f64 = "number" [0.1, 10.0];
        /// Share of unmatched seekers who accept a vacancy one skill lower.
        downgrade_acceptance: f64 = "fraction" [0.0, 1.0];
        /// Months without a job after which a seeker considers a lower skill.
        downgrade_after: f64 = "months" [0.0, 60.0];
        /// Share of the gap between the staff that expected demand needs and the staff a firm plans for, closed.
        staff_adjustment: f64 = "per month" [0.0, 1.0];
        /// Share of unemployed persons who find a job; with the calibrated unemployment rate it sets separations.
        job_finding_rate: f64 = "per month" [0.01, 0.95];
        /// Separation rate of low skill relative to the average.
        separation_low_skill: f64 = "ratio" [0.0, 5.0];
        /// Separation rate of high skill relative to the average.
        separation_high_skill: f64 = "ratio" [0.0, 5.0];
        /// Growth of wages per unit of unemployment below its calibrated rate.
        wage_curve_slope: f64 = "per year" [0.0, 5.0];
        /// Share of the labour force with low skill.
        low_skill_share: f64 = "fraction" [0.0, 1.0];
        /// Share of the labour force with high skill.
        high_skill_share: f64 = "fraction" [0.0, 1.0];
    }

    /// Banks.
    credit: Credit {
        /// Equity a bank aims at relative to its loans.
        bank_capital_target: f64 = "ratio" [0.0, 1.0];
        /// Nominal rate on households' deposits relative to the nominal policy rate.
        deposit_pass_through: f64 = "fraction" [0.0, 1.0];
        /// Average time for which the rate of a loan is fixed.
        loan_fixation: f64 = "months" [1.0, 480.0];
        /// Years over which a bank pays out (or rebuilds) the gap of its equity to its target, and learns its profit.
        payout_years: f64 = "years" [0.5, 20.0];
        /// Share of debt above target leverage repaid.
        amortisation_speed: f64 = "per year" [0.0, 5.0];
        /// Loan rate above the policy rate.
        loan_premium: f64 = "per year" [0.0, 0.5];
        /// Smallest equity of a bank relative to its loans.
        bank_capital_ratio: f64 = "ratio" [0.0, 1.0];
        /// Banks of a region, a whole number and at most as many as it has zones; each serves the households and firms of some of them.
        banks: f64 = "number" [1.0, 1000.0];
    }

    /// The central bank's rule, in trend units (rates are real at target inflation).
    monetary: Monetary {
        /// Weight of past inflation above target in expected inflation.
        expected_inflation_weight: f64 = "fraction" [0.0, 1.0];
        /// Share of domestic government bonds held by the central bank.
        bond_share: f64 = "fraction" [0.0, 1.0];
        /// Years over which the real rate is averaged into the rate that long-lived spending answers to.
        long_rate_years: f64 = "years" [0.1, 20.0];
        /// Years over which the central bank learns the neutral rate from real rates.
        neutral_learning_years: f64 = "years" [0.5, 1000.0];
        /// Years over which that perception returns to the base-year rate if nothing speaks against it.
        neutral_anchor_years: f64 = "years" [0.5, 1000.0];
        /// Weight of the last rate in the new one.
        smoothing: f64 = "per month" [0.0, 1.0];
        /// Response of the policy rate to a unit of inflation above target.
        inflation_response: f64 = "number" [0.0, 10.0];
        /// Share of the direct effect of import duties on consumer prices that the central bank leaves out of the
        /// inflation it answers to.
        duty_look_through: f64 = "fraction" [0.0, 1.0];
        /// Response of the policy rate to a unit of slack (unemployment below its calibrated rate).
        slack_response: f64 = "number" [0.0, 10.0];
        /// Neutral real rate.
        neutral_rate: f64 = "per year" [-0.05, 0.1];
        /// Inflation aimed at: what a nominal rate exceeds the same rate in trend units by.
        inflation_target: f64 = "per year" [0.0, 0.2];
        /// Lowest nominal policy rate.
        lower_bound: f64 = "per year" [-0.2, 0.1];
        /// Average maturity of government bonds.
        bond_maturity: f64 = "months" [1.0, 480.0];
    }

    /// Where firms produce: plants that open, move and close.
    location: Location {
        /// Wear of the capital of a plant at rest relative to one that produces.
        idle_wear: f64 = "fraction" [0.0, 1.0];
        /// Time for which an open reserve is not needed after which it is put to rest.
        rest_after: f64 = "months" [1.0, 120.0];
        /// Time after which a mothballed plant is closed for good.
        rest_limit: f64 = "months" [1.0, 240.0];
        /// Price of a plant at rest that another firm buys, relative to its capital at replacement cost.
        resale_value: f64 = "fraction" [0.0, 1.0];
        /// Orders of an industry relative to its normal capacity from which on plants at rest are opened again, and firms buy such plants.
        wake_pressure: f64 = "ratio" [0.5, 3.0];
        /// Whether named areas of a region are told apart.
        areas: bool;
        /// Whether firms can move: whether sites are laid out and locations reviewed.
        enabled: bool;
        /// Vacant sites laid out for plants to come, relative to the firms of a manufacturing industry.
        site_share: f64 = "fraction" [0.0, 4.0];
        /// Vacant sites of a region for a manufacturing industry, at least.
        sites_least: f64 = "number" [1.0, 100_000.0];
        /// Share of the firms of manufacturing that review where they produce.
        review_share: f64 = "per month" [0.0, 1.0];
        /// Places drawn for a line of work among competitors in its market; half as many are drawn on top (see `agents/ODD.md`).
        candidates: f64 = "number" [1.0, 32.0];
        /// Years over which the saving of a move is counted.
        horizon_years: f64 = "years" [0.5, 40.0];
        /// Yearly rate at which firms expect a change of policy against the base year to be undone.
        reversal_rate: f64 = "per year" [0.0, 10.0];
        /// Cost of opening a plant besides its capital (search, permits, management), relative to the cost of the capital.
        fixed_cost: f64 = "ratio" [0.0, 5.0];
        /// Saving of a move less its cost, relative to the cost, at which half of the firms act, in a world whose policy never changes.
        hurdle: f64 = "ratio" [-5.0, 20.0];
        /// Rise of that hurdle per unit of policy uncertainty (mean change of duty factors a year).
        uncertainty_hurdle: f64 = "number" [0.0, 100.0];
        /// Years over which changes of policy are remembered as uncertainty.
        uncertainty_memory: f64 = "years" [0.1, 40.0];
        /// Spread around the hurdle of the relative gain at which firms act.
        dispersion: f64 = "ratio" [0.001, 10.0];
        /// Standard deviation of what a place is worth to a firm for reasons of its own, relative to what it adds to its inputs.
        match_sd: f64 = "fraction" [0.0, 1.0];
        /// Months from the announcement of a plant to the decision to build it.
        planning_time: f64 = "months" [0.0, 60.0];
        /// Months to build a plant if capital goods are delivered as ordered.
        building_time: f64 = "months" [1.0, 120.0];
        /// Share of the capital bought at its place, and of the building time, with which a plant opens.
        first_instalment: f64 = "fraction" [0.05, 1.0];
        /// Share of the capital of a new plant that is shipped from the old one when its work moves.
        shipped_share: f64 = "fraction" [0.0, 0.9];
        /// Pay due to those who lose their jobs by a move.
        severance: f64 = "months" [0.0, 36.0];
        /// Months in which new staff of a new plant learns its work.
        training_time: f64 = "months" [0.1, 120.0];
        /// Productivity of new staff before it has learned, relative to after.
        untrained_productivity: f64 = "fraction" [0.05, 1.0];
        /// Productivity of a new plant at first, relative to its design.
        learning_start: f64 = "fraction" [0.05, 1.0];
        /// Years of design output after which a new plant has reached its design.
        learning_years: f64 = "years" [0.1, 40.0];
        /// Share of output that a new plant lacks if none of its posts that ask for skill are filled.
        skill_need: f64 = "fraction" [0.0, 1.0];
        /// Elasticity of productivity with respect to the share of inputs that local suppliers provide.
        supplier_elasticity: f64 = "number" [0.0, 2.0];
    }

    /// Machines that take over tasks from labour in manufacturing.
    automation: Automation {
        /// Whether machines take over tasks as plants renew their capital.
        enabled: bool;
        /// Elasticity of labour per unit of output with respect to the cost of labour over that of machines.
        substitution: f64 = "number" [0.05, 5.0];
        /// Largest share of the tasks of the base year that machines can take over.
        limit: f64 = "fraction" [0.0, 0.9];
        /// Fall of the cost of a machine for a given task, besides that of the price of capital goods.
        progress: f64 = "per year" [0.0, 0.5];
        /// Smallest share of these tasks that machines do in a plant opened during the run.
        greenfield: f64 = "fraction" [0.0, 0.9];
    }

    /// Goods shipped through third regions to evade duties, and customs.
    routing: Routing {
        /// Whether goods can be declared as made in a third region.
        enabled: bool;
        /// Cost of a detour (freight, handling, papers), relative to the value of the goods.
        cost: f64 = "fraction" [0.0, 1.0];
        /// Share of goods shipped through a third region that customs find.
        detection: f64 = "fraction" [0.0, 1.0];
        /// Fine on goods that are found, relative to their value, on top of the duty on goods of their true origin.
        penalty: f64 = "fraction" [0.0, 10.0];
        /// Largest share of an origin's goods in a market that goes through third regions.
        limit: f64 = "fraction" [0.0, 0.95];
        /// Goods that can pass through a third region unnoticed, relative to the smaller of what it buys of the product from
        /// the origin and what it sells of it to the market in the base year.
        hub_share: f64 = "ratio" [0.0, 10.0];
        /// Saving, relative to the price with direct duty, at which all goods that can pass do.
        full_saving: f64 = "fraction" [0.001, 10.0];
        /// Share of the gap between the goods that are shipped through and those that pay to be that is closed.
        adjustment: f64 = "per month" [0.0, 1.0];
    }

    /// Taxes and benefits.
    government: Government {
        /// Employers' social contributions relative to wages.
        social_rate: f64 = "fraction" [0.0, 1.0];
        /// Tax on profits.
        corporate_tax_rate: f64 = "fraction" [0.0, 0.9];
        /// Unemployment benefit relative to the wage that one's ability earns now.
        replacement_rate: f64 = "fraction" [0.0, 1.0];
        /// Lag with which pensions and other transfers follow the consumer prices of the tenth that receives them.
        transfer_index_lag: f64 = "months" [1.0, 120.0];
    }

    /// Switches of the budget.
    fiscal: Fiscal {
        /// Rise of the primary balance a year per unit of debt above its base ratio.
        debt_response: f64 = "per year" [0.0, 1.0];
        /// Part of that rise by which government purchases fall; what neither purchases nor transfers bear, income tax does.
        debt_purchases_share: f64 = "fraction" [0.0, 1.0];
        /// Part of it by which transfers fall, in proportion to what each household receives.
        debt_transfers_share: f64 = "fraction" [0.0, 1.0];
        /// Where customs revenue above the base-year amount goes.
        duty_revenue_use: DutyRevenueUse;
    }

    /// Exchange rates: `dln e = k_x (b - b0) + k_r (r* - r) + k_pi (pi - pi*)` a year.
    external: External {
        /// What moves exchange rates.
        regime: ExchangeRateRegime;
        /// Depreciation per unit of the trade balance's change relative to trade (`k_x`).
        trade_balance_response: f64 = "per year" [0.0, 5.0];
        /// Depreciation per unit of foreign above home interest rate (`k_r`).
        rate_response: f64 = "number" [0.0, 10.0];
        /// Depreciation per unit of home above foreign inflation (`k_pi`).
        inflation_response: f64 = "number" [0.0, 10.0];
    }

    /// What is recorded of single households and firms.
    output: Output {
        /// Households of every region that are recorded one by one; all where a region has not more.
        panel_households: u32 = "number" [0.0, 1e9];
        /// The same of firms.
        panel_firms: u32 = "number" [0.0, 1e9];
        /// Whether they are recorded once a year, not every tick.
        panel_yearly: bool;
    }

    /// Random disturbances of the baseline.
    shocks: Shocks {
        /// Standard deviation of a region's household demand disturbance.
        region_demand_sd: f64 = "per month" [0.0, 0.5];
        /// Monthly persistence of a region's household demand disturbance.
        region_demand_persistence: f64 = "number" [0.0, 0.999];
        /// Whether disturbances are drawn.
        enabled: bool;
        /// Standard deviation of a region's productivity disturbance.
        region_productivity_sd: f64 = "per month" [0.0, 0.5];
        /// Monthly persistence of a region's productivity disturbance.
        region_productivity_persistence: f64 = "number" [0.0, 0.999];
        /// Standard deviation of a firm's productivity disturbance.
        firm_productivity_sd: f64 = "per month" [0.0, 0.5];
        /// Monthly persistence of a firm's productivity disturbance.
        firm_productivity_persistence: f64 = "number" [0.0, 0.999];
    }
}
