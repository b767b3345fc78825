//! Figures about people by the row of the table of published facts (`analysis/facts.csv`) they belong to, in its units.

use super::facts::Facts;

/// A row's identifier and a figure.
pub type Row = (&'static str, f64);

impl Facts {
    /// Who stays where, who moves and who saves.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let [three, two] = self.stays.map(|stays| stays.map(|x| 100.0 * x));
        let tenths = self.tenths.map(|x| 100.0 * x);
        let mut rows = vec![
            ("P1", three[0]),
            ("P1-second", three[1]),
            ("P1-third", three[2]),
            ("P1-fourth", three[3]),
            ("P1-top", three[4]),
            ("P2", two[0]),
            ("P2-top", two[4]),
            ("P3", self.rank_correlation),
            ("P3-bottom", tenths[0]),
            ("P3-middle", f64::midpoint(tenths[4], tenths[5])),
            ("P3-top", tenths[9]),
            ("P4", 100.0 * self.changed),
            ("L1", self.moves_of_separations),
            ("L2", 100.0 * self.moves),
        ];
        let by_skill = |ids: [&'static str; 3], shares: [f64; 3]| ids.into_iter().zip(shares.map(|x| 100.0 * x));
        rows.extend(by_skill(["L3", "L3-middle", "L3-high"], self.dismissals));
        rows.extend(by_skill(["L4", "L4-middle", "L4-high"], self.unemployment));
        rows.push(("L6", 100.0 * self.participation_flows[0]));
        rows.push(("L6-in", 100.0 * self.participation_flows[1]));
        rows.push(("L7", self.weeks));
        rows.push(("W3", 100.0 * self.saving[0]));
        rows.push(("W3-top", 100.0 * self.saving[4]));
        rows
    }

    /// Who owns what, at the beginning (0) or the end (1).
    #[must_use]
    pub fn rows_of_wealth(&self, at: usize) -> Vec<Row> {
        let ([one, ten, lower, exponent], liquid) = (self.wealth[at], self.liquid[at].map(|x| 100.0 * x));
        let mut rows: Vec<Row> = ["W1", "W1-40", "W1-60", "W1-80"].into_iter().zip(liquid).collect();
        rows.extend([("W2", 100.0 * one), ("W2-10", 100.0 * ten), ("W2-50", 100.0 * lower), ("W2-tail", exponent)]);
        rows
    }

    /// How far the share of a tenth in income is from a table's at most, in the first (0) or the last year (1), percent of the share.
    #[must_use]
    pub fn off(&self, at: usize, table: &[f64]) -> f64 {
        self.shares[at]
            .iter()
            .zip(table)
            .map(|(share, wanted)| 100.0 * (share / wanted - 1.0).abs())
            .fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::households::alone::facts::Year;
    use crate::testing::near;

    #[test]
    fn figures_are_in_the_units_of_the_table() {
        let year = Year { income: vec![1.0; 10], all: vec![1.0; 10], consumption: vec![0.9; 10], ..Year::default() };
        let year = Year { generations: vec![0; 10], retired: vec![false; 10], ..year };
        let mut facts =
            Facts::found(&vec![year; 10], [[[0.31, 0.67, 0.025, 1.5], [0.0003, 0.0035, 0.0184, 0.0742]]; 2]);
        let of = |rows: &[Row], id: &str| rows.iter().find(|row| row.0 == id).expect("a row").1;
        near(of(&facts.rows(), "P1"), 100.0);
        near(of(&facts.rows(), "P4"), 0.0);
        near(of(&facts.rows(), "W3-top"), 10.0);
        near(of(&facts.rows_of_wealth(1), "W1-80"), 7.42);
        near(of(&facts.rows_of_wealth(0), "W2"), 31.0);
        facts.shares = [[0.1; 10], [0.1; 10]];
        let mut table = [0.1; 10];
        table[3] = 0.125;
        near(facts.off(1, &table), 20.0);
    }
}
