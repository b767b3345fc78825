//! Plants that move: the region is where a plant stands, the partner where its work was done before, or its owner's region.

use crate::axes::{From, Host, Industry, Origin, Owner, RegionId, To};
use crate::record::view::{View, ratio};

super::fields! {
    "plants_announced", PARTNER, Number, Integer |v, [r, o, _]| v.moves.announced[(Host(r), Origin(o))],
        "plants announced in the tick", "by place and region where the work was done; agents";
    "plants_opened", PARTNER, Number, Integer |v, [r, o, _]| v.moves.opened[(Host(r), Origin(o))],
        "plants opened in the tick", "with their first instalment of capital; by place and origin of the work";
    "plants_completed", PARTNER, Number, Integer |v, [r, o, _]| v.moves.completed[(Host(r), Origin(o))],
        "plants completed in the tick", "all of the capital bought at the new place stands for the first time; by place and origin of the work";
    "plants_cancelled", PARTNER, Number, Integer |v, [r, o, _]| v.moves.cancelled[(Host(r), Origin(o))],
        "plants given up before they opened", "at the end of planning, as their owner would not announce them again; later since what they would save no longer covers what they still cost, or since they took too long";
    "plants_closed", PARTNER, Number, Integer |v, [r, o, _]| v.moves.closed[(Host(r), Origin(o))],
        "plants closed that were opened during the run", "by place and origin of the work";
    "plants_expanded", PARTNER, Number, Integer |v, [r, o, _]| v.moves.expanded[(Host(r), Origin(o))],
        "lines of work for which a plant of the same owner is laid out larger", "instead of another plant beside it; by place and region where the work was done";
    "plants_mothballed", PARTNER, Number, Integer |v, [r, o, _]| v.moves.mothballed[(Host(r), Origin(o))],
        "plants put to rest in the tick", "their buyers left, but the place is still as good as where the work was before; or a reserve no longer needed";
    "plants_woken", PARTNER, Number, Integer |v, [r, o, _]| v.moves.woken[(Host(r), Origin(o))],
        "plants at rest that were opened", "since the industry of their region is asked for more than it makes at normal use, or since a firm bought them";
    "plants_traded", PARTNER, Number, Integer |v, [r, o, _]| v.moves.bought[(Host(r), Origin(o))],
        "plants at rest bought by a firm of their region", "by place and origin of the work";
    "plants_at_rest", PARTNER, Number, Integer |v, [r, o, _]| v.standing[(Host(r), Origin(o))].resting,
        "plants at rest", "mothballed and reserves, end of tick; agents";
    "plants_sold", PARTNER, Number, Integer |v, [r, o, _]| v.moves.orphaned[(Host(r), Origin(o))],
        "affiliates that passed to owners of their region", "after insolvency, for which their owner is not liable";
    "capacity_announced", PARTNER, VolumeFlow, Volume |v, [r, o, _]| v.moves.capacity_announced[(Host(r), Origin(o))],
        "output of the plants announced", "at full build and normal use, at base-year prices";
    "capacity_opened", PARTNER, VolumeFlow, Volume |v, [r, o, _]| v.moves.capacity_opened[(Host(r), Origin(o))],
        "output of the plants opened", "at full build and normal use, at base-year prices; with what open plants are laid out larger by";
    "orders_relocated", PARTNER, VolumeFlow, Volume |v, [r, o, _]| v.moves.handed[(Host(r), Origin(o))],
        "orders that changed over to a plant elsewhere in the tick", "monthly or quarterly volume of the buyers who changed, by new place and old";
    "plants_standing", PARTNER, Number, Integer |v, [r, o, _]| v.standing[(Host(r), Origin(o))].plants,
        "plants opened during the run that produce", "by place and origin of the work; agents";
    "plants_planned", PARTNER, Number, Integer |v, [r, o, _]| v.standing[(Host(r), Origin(o))].planned,
        "plants announced whose construction has not begun", "by place and origin of the work; agents";
    "plants_under_construction", PARTNER, Number, Integer |v, [r, o, _]| v.standing[(Host(r), Origin(o))].building,
        "plants under construction", "by place and origin of the work; agents";
    "employment_relocated", PARTNER, Persons, Number |v, [r, o, _]| {
            v.persons(r, v.standing[(Host(r), Origin(o))].employees)
        },
        "persons employed in plants opened during the run", "end of tick, by place and origin of the work";
    "output_relocated", PARTNER, VolumeFlow, Volume |v, [r, o, _]| v.standing[(Host(r), Origin(o))].output,
        "real output of plants opened during the run", "by place and origin of the work, at base-year prices";
    "capital_relocated", PARTNER, VolumeStock, Volume |v, [r, o, _]| v.standing[(Host(r), Origin(o))].capital,
        "fixed capital of plants opened during the run or being built", "by place and origin of the work, end of tick";
    "design_output_relocated", PARTNER, VolumeFlow, Volume |v, [r, o, _]| v.standing[(Host(r), Origin(o))].design,
        "output of plants opened during the run at full build and normal use", "by place and origin of the work, at base-year prices";
    "employment_relocated_cause", CAUSE, Persons, Number |v, [r, c, _]| {
            v.causes[r][c].employees * v.place(r).persons_per_agent
        },
        "persons employed in plants opened during the run, by cause", "shares of duties, subsidies and costs in the saving for which a plant was announced";
    "output_relocated_cause", CAUSE, VolumeFlow, Number |v, [r, c, _]| v.causes[r][c].output,
        "real output of plants opened during the run, by cause", "shares as for employment_relocated_cause, at base-year prices";
    "design_output_relocated_cause", CAUSE, VolumeFlow, Number |v, [r, c, _]| v.causes[r][c].design,
        "output of plants opened during the run at full build and normal use, by cause", "shares as for employment_relocated_cause, at base-year prices";
    "employment_relocated_industry", CELL, Persons, Number |v, [r, g, _]| {
            v.persons(r, v.relocated[(RegionId(r), Industry(g))].employees)
        },
        "persons employed in plants opened during the run, by industry", "end of tick";
    "output_relocated_industry", CELL, VolumeFlow, Volume |v, [r, g, _]| v.relocated[(RegionId(r), Industry(g))].output,
        "real output of plants opened during the run, by industry", "at base-year prices";
    "capacity_arrived", CELL, VolumeFlow, Volume |v, [r, g, _]| v.relocated[(RegionId(r), Industry(g))].arrived,
        "output of standing plants whose work was done in another region before, by industry", "at full build and normal use, at base-year prices";
    "capacity_departed", CELL, VolumeFlow, Volume |v, [r, g, _]| v.relocated[(RegionId(r), Industry(g))].departed,
        "output of standing plants in other regions whose work was done in the region before, by industry", "at full build and normal use, at base-year prices";
    "plant_efficiency", REGION, Number, Number |v, [r, ..]| v.efficiency(r),
        "productivity of plants opened during the run over design", "learning, training, filled skilled posts, local suppliers and carriage, weighted with design output; not a number without such plants";
    "direct_investment", PARTNER, MoneyFlow, Integer |v, [r, o, _]| v.moves.invested[(Owner(r), Host(o))],
        "equity paid by owners of the region to plants in the partner", "less what returned; owner's currency; own region: domestic";
    "direct_investment_position", PARTNER, MoneyStock, Number |v, [r, o, _]| v.standing[(Host(r), Origin(o))].own_funds,
        "own funds of plants in the region with owners in the partner", "deposits, capital, finished goods and inputs at current prices less loans; currency of the place; own region: domestic";
    "direct_investment_income", PARTNER, MoneyFlow, Integer |v, [r, o, _]| v.moves.income[(Host(r), Owner(o))],
        "profits paid by plants in the region to owners in the partner", "currency of the place";
    "capital_shipped", PARTNER, VolumeFlow, Volume |v, [r, o, _]| v.moves.shipped[(From(r), To(o))],
        "used capital shipped from plants in the region to plants in the partner", "in kind, as equity of the new plant; not in the trade of goods, where it would be an export and negative capital formation (SNA 2008 10.38)";
    "capital_scrapped", REGION, VolumeFlow, Volume |v, [r, ..]| v.moves.scrapped[r],
        "fixed capital scrapped with plants that closed or were given up", "at base-year prices";
    "location_reviews", REGION, Number, Integer |v, [r, ..]| v.moves.reviewed[r],
        "firms that reviewed their location", "agents";
    "plants_too_coarse", REGION, Number, Integer |v, [r, ..]| v.moves.too_coarse[r],
        "lines of work that would move but are too coarse", "the work of one worker agent is more than an eighth of the industry, at the place or where it is done, or than one of the two sells in the market; raise households_per_region if this is not small against plants_announced and plants_expanded";
    "plants_deterred", REGION, Number, Number |v, [r, ..]| v.moves.deterred[r],
        "plants that policy uncertainty kept from being announced", "expected number: acceptance at the hurdle without uncertainty less that with it";
    "plants_without_site", REGION, Number, Integer |v, [r, ..]| v.moves.turned_away[r],
        "plants that found no vacant site", "raise location.site_share and location.sites_least if this is not small against plants_announced";
    "policy_uncertainty", REGION, PerYear, Number |v, [r, ..]| v.sites.uncertainty[r],
        "policy uncertainty", "mean change of duty factors of the region's imports a year, remembered over some years";
    "plant_grants", REGION, MoneyFlow, Integer |v, [r, ..]| v.moves.plant_grants[r],
        "subsidies paid to plants", "by measures of kind plant_subsidy; part of grants";
    "plant_grants_asked", REGION, MoneyFlow, Integer |v, [r, ..]| v.moves.plant_grants_asked[r],
        "subsidies to plants if budgets covered all", "what plant_grants would be without limits of budgets";
    "reserve_grants", REGION, MoneyFlow, Integer |v, [r, ..]| v.moves.reserve_grants[r],
        "grants for the building of reserve capacity", "part of grants";
    "reserve_upkeep", REGION, MoneyFlow, Integer |v, [r, ..]| v.moves.reserve_upkeep[r],
        "payments for keeping reserve capacity ready", "part of subsidies";
    "ports_passing", REGION, Number, Number |v, [r, ..]| v.geography.passing(r, &v.policy.ports_closed),
        "share of foreign trade in goods that passes the region's ports", "1 unless ports are closed";
    "orders_to_home", REGION, VolumeFlow, Volume |v, [r, ..]| v.tally.switched[r][0],
        "orders of firms and governments that changed from suppliers abroad to suppliers at home", "import substitution: usual volume of the orders; plants that move are apart, in orders_relocated";
    "orders_to_abroad", REGION, VolumeFlow, Volume |v, [r, ..]| v.tally.switched[r][1],
        "orders of firms and governments that changed from suppliers at home to suppliers abroad", "usual volume of the orders; plants that move are apart, in orders_relocated";
    "area_employment", SITE, Persons, Number |v, [a, g, _]| v.agents_of_area(a, v.local[a].employees[g]),
        "persons employed by area and industry", "end of tick";
    "area_real_output", SITE, VolumeFlow, Volume |v, [a, g, _]| v.local[a].output[g],
        "real output by area and industry", "at base-year prices";
    "area_wages", AREA, MoneyFlow, Integer |v, [a, ..]| v.local[a].wages,
        "wages paid by area", "currency of the region";
    "area_unemployment_rate", AREA, Number, Number |v, [a, ..]| {
            if v.apart.len() == v.regions { v.region(a).labour.unemployment_rate } else {
                ratio(v.local[a].unemployed as f64, v.local[a].labour_force as f64)
            }
        },
        "unemployed of the labour force by area", "end of tick";
    "area_adults", AREA, Persons, Number |v, [a, ..]| {
            if v.apart.len() == v.regions {
                let rows = v.geography.regions[v.geography.areas[v.apart[a]].region as usize].persons.len() as i64;
                v.agents_of_area(a, rows - v.region(a).demography.rows[2])
            } else { v.agents_of_area(a, v.local[a].adults) }
        },
        "adults who live in the area", "of the households of the model, end of tick";
    "area_arrivals", AREA, PersonsFlow, Number |v, [a, ..]| moved(v, a, 0),
        "adults who moved into the area from another of its region", "households move as a whole; 0 unless areas are told apart and households are units";
    "area_departures", AREA, PersonsFlow, Number |v, [a, ..]| moved(v, a, 1),
        "adults who moved out of the area to another of its region", "households move as a whole";
    "area_moves_unhoused", AREA, PersonsFlow, Number |v, [a, ..]| moved(v, a, 2),
        "adults who would have moved into the area and found no home", "raise households.area_room if this is not small against area_arrivals";
    "reserve_capacity", SITE, VolumeFlow, Volume |v, [a, g, _]| v.local[a].reserve[g][0],
        "output of reserve plants at rest", "at full build and normal use, at base-year prices";
    "reserve_capacity_open", SITE, VolumeFlow, Volume |v, [a, g, _]| v.local[a].reserve[g][1],
        "output of reserve plants that were opened", "at full build and normal use, at base-year prices";
    "severance_pay", REGION, MoneyFlow, Integer |v, [r, ..]| v.moves.severance[r],
        "severance pay", "part of wages; paid by plants whose work moves elsewhere";
}

/// Adults who moved, by what they did.
fn moved(v: &View<'_>, area: usize, what: usize) -> f64 {
    let of_area = v.tally.area_moves.get(v.apart[area]);
    v.agents_of_area(area, of_area.map_or(0, |of| i64::from(of[what])))
}
