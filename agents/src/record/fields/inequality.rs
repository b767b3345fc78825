//! Inequality and polarization within regions, at the end of a year.
//!
//! Of income each person counts with the income of the year (before tax; after it where households are units) of the household over the square root of its members; of wealth, deposits and
//! fund shares at their price, each household counts once.

use crate::statistics::polarization::mobility::out_of_the_middle;

/// Tenths in the middle: the middle three fifths.
const MIDDLE: std::ops::Range<usize> = 2..8;

super::fields! {
    "income_median", REGION, MoneyStock, Single |v, [r, ..]| v.indices(r).median,
        "median income",
        "persons by income of the year of their household agent over the square root of its members: before tax (wages, dividends, interest, benefits, transfers, pensions), where households are units after it; zero in ticks that end no year of the run";
    "income_gini", REGION, Number, Single |v, [r, ..]| v.indices(r).gini,
        "Gini coefficient of income", "between persons; income as income_median; zero in ticks that end no year";
    "income_theil", REGION, Number, Single |v, [r, ..]| v.indices(r).theil,
        "Theil index T of income", "as income_gini; who has less than nothing counts as having nothing; zero in ticks that end no year";
    "income_palma", REGION, Number, Single |v, [r, ..]| v.indices(r).palma,
        "income of the richest tenth over that of the poorest four tenths", "as income_gini; zero in ticks that end no year";
    "income_top1_share", REGION, Number, Single |v, [r, ..]| v.indices(r).top_hundredth,
        "share of the richest hundredth in income", "as income_gini; zero in ticks that end no year";
    "income_top10_share", REGION, Number, Single |v, [r, ..]| v.indices(r).top_tenth,
        "share of the richest tenth in income", "as income_gini; zero in ticks that end no year";
    "polarization_wolfson", REGION, Number, Single |v, [r, ..]| v.indices(r).wolfson,
        "bipolarization of income, index of Wolfson",
        "4 (mean / median) (1/2 - L(1/2) - G/2), 1 if half have nothing and half the same; as income_gini; zero in ticks that end no year";
    "polarization_esteban_ray", SENSITIVITY, Number, Single |v, [r, a, _]| v.indices(r).esteban_ray[a],
        "polarization of income between classes, index of Esteban and Ray",
        "sum p_i^(1+a) p_j |y_i - y_j| over classes of income_class_persons, incomes over their mean; zero in ticks that end no year";
    "polarization_esteban_gradin_ray", SENSITIVITY, Number, Single |v, [r, a, _]| v.indices(r).esteban_gradin_ray[a],
        "polarization of income between three groups, index of Esteban, Gradin and Ray",
        "the same over the three groups of neighbours in income that are most alike, less the Gini coefficient within them; zero in ticks that end no year";
    "polarization_duclos_esteban_ray", DENSITY, Number, Single |v, [r, a, _]| v.indices(r).duclos_esteban_ray[a],
        "polarization over the density of income, index of Duclos, Esteban and Ray",
        "Gaussian kernel, bandwidth 4.7 N^-1/2 sd a^0.1, incomes over their mean; above 1000 units on a grid; zero in ticks that end no year";
    "poverty_fixed", REGION, Number, Single |v, [r, ..]| v.indices(r).poverty_fixed,
        "share of persons below the fixed line of poverty",
        "60% of the income of the base year in the middle, at prices of the year; income as income_median; zero in ticks that end no year";
    "poverty_relative", REGION, Number, Single |v, [r, ..]| v.indices(r).poverty_relative,
        "share of persons below the relative line of poverty", "60% of income_median; zero in ticks that end no year";
    "income_class_persons", BAND, Persons, Single |v, [r, k, _]| v.base_region(r).population * v.indices(r).bands[k],
        "persons by class of fixed thresholds",
        "income as income_median, relative to that of the base year in the middle at prices of the year: below 0.6, to 0.75, to 2, above; \
         zero in ticks that end no year";
    "middle_fell", REGION, Number, Single |v, [r, ..]| out_of_the_middle(&v.classes.regions[r].income, MIDDLE)[0],
        "share of the middle three fifths of income that are in the poorest fifth a year later", "zero in the first year and in ticks that end no year";
    "middle_rose", REGION, Number, Single |v, [r, ..]| out_of_the_middle(&v.classes.regions[r].income, MIDDLE)[1],
        "share of the middle three fifths of income that are in the richest fifth a year later", "zero in the first year and in ticks that end no year";
    "wealth_gini", REGION, Number, Single |v, [r, ..]| v.indices(r).wealth_gini,
        "Gini coefficient of wealth", "between household agents; net worth: deposits and fund shares at their price, and where households are units homes less debts, end of the year; zero in ticks that end no year";
    "wealth_top1_share", REGION, Number, Single |v, [r, ..]| v.indices(r).wealth_top_hundredth,
        "share of the richest hundredth in wealth", "as wealth_gini; zero in ticks that end no year";
    "wealth_top10_share", REGION, Number, Single |v, [r, ..]| v.indices(r).wealth_top_tenth,
        "share of the richest tenth in wealth", "as wealth_gini; zero in ticks that end no year";
}
