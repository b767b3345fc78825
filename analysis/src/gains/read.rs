//! What a recording tells of the households of its panel in one region, year by year.

use crate::panel::yearly;
use crate::recording::{Recording, RecordingError};

/// A year of every household of the panel, money; real amounts at base-year prices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Year {
    /// Disposable income at base-year prices. What the fund returns to owners is their own money and no income.
    pub real: Vec<i64>,
    /// Consumption at base-year prices.
    pub real_consumption: Vec<i64>,
    /// Wages.
    pub labour: Vec<i64>,
    /// Mixed income alone.
    pub mixed: Vec<i64>,
    /// Members with a job, summed over ticks.
    pub employed: Vec<i64>,
    /// Mixed income, dividends, interest, and rents of a home less interest on debts.
    pub property: Vec<i64>,
    /// Pensions, what they were topped up by included.
    pub pensions: Vec<i64>,
    /// Benefits, assistance, child benefits and lump sums.
    pub transfers: Vec<i64>,
    /// Income tax.
    pub tax: Vec<i64>,
    /// Net worth, at the end.
    pub worth: Vec<i64>,
    /// Permanent income a tick, at the end; income from capital is no part of it.
    pub permanent: Vec<i64>,
    /// Skill of the main earner.
    pub skill: Vec<i64>,
    /// Industry of the main earner; below zero without a job.
    pub industry: Vec<i64>,
    /// Who lives there: a number that goes with a household.
    pub line: Vec<i64>,
    /// Who lives there, at the end: nobody where all have moved away or died.
    pub people: Vec<i64>,
    /// Consumer prices by base-year tenth, 1 at the base.
    pub prices: Vec<f64>,
}

/// The households of the panel in a region.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Members.
    pub members: Vec<i64>,
    /// Base-year tenth, from 0.
    pub tenth: Vec<usize>,
    /// Area, its place among areas; below zero where areas are not told apart.
    pub area: Vec<i64>,
    /// Years of the run.
    pub years: Vec<Year>,
    /// Persons that a member stands for.
    pub persons_per_agent: f64,
    /// Ticks of a year.
    pub ticks: usize,
}

/// A column of a year.
type Field = fn(&mut Year) -> &mut Vec<i64>;

/// Households by year of an integer variable, those of a region.
struct Columns<'a, 'r> {
    recording: &'a Recording<'r>,
    /// Places of the region's households.
    places: &'a [usize],
}

impl Columns<'_, '_> {
    /// What does not change, or what comes year after year.
    fn read(&self, name: &str) -> Result<Vec<Vec<i64>>, RecordingError> {
        let found = self.recording.integers(name, None)?;
        let width = found.shape.last().map_or(1, |dimension| dimension.1).max(1);
        Ok(found.values.chunks(width).map(|row| self.places.iter().map(|&at| row[at]).collect()).collect())
    }

    fn sum(&self, names: &[&str]) -> Result<Vec<Vec<i64>>, RecordingError> {
        let mut sum = self.read(names[0])?;
        for name in &names[1..] {
            for (sum, row) in sum.iter_mut().zip(self.read(name)?) {
                sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            }
        }
        Ok(sum)
    }
}

impl Panel {
    /// Places of the households of a region, by its place, that are lived in at the end of a year: rows for people who are still to come, or of
    /// those who have moved away, are nobody's. All of them if there is no such year.
    ///
    /// # Errors
    /// If no panel was recorded, or the file is damaged.
    pub fn places(recording: &Recording<'_>, region: usize, year: usize) -> Result<Vec<usize>, RecordingError> {
        let regions = recording.integers("panel_household_region", None)?.values;
        let people = recording.integers("panel_members", None)?.values;
        let lived_in = |at: &usize| people.get(year * regions.len() + at).is_none_or(|&n| n > 0);
        Ok((0..regions.len()).filter(|&at| regions[at] == region as i64).filter(lived_in).collect())
    }

    /// Reads households of a region, by its place, given their places and the year that says how many live in each.
    ///
    /// # Errors
    /// If no panel was recorded once a year, or the file is damaged.
    pub fn read(
        recording: &Recording<'_>,
        region: usize,
        (places, year): (&[usize], usize),
    ) -> Result<Self, RecordingError> {
        let columns = Columns { recording, places };
        if recording.array("panel_real_income")?.dimensions.first().is_none_or(|first| first != "year") {
            let text = "the panel was recorded tick by tick: record it once a year, with output.panel_yearly = true";
            return Err(RecordingError::Mismatch(text.to_owned()));
        }
        let mut years: Vec<Year> = Vec::new();
        let fields: [(&[&str], Field); 15] = [
            (&["panel_real_income"], |x| &mut x.real),
            (&["panel_real_consumption"], |x| &mut x.real_consumption),
            (&["panel_wages"], |x| &mut x.labour),
            (&["panel_mixed_income"], |x| &mut x.mixed),
            (&["panel_employed"], |x| &mut x.employed),
            (&["panel_mixed_income", "panel_dividends", "panel_interest", "panel_housing_income"], |x| &mut x.property),
            (&["panel_pensions", "panel_pension_supplements"], |x| &mut x.pensions),
            (&["panel_benefits", "panel_assistance", "panel_lump_sum", "panel_child_benefits"], |x| &mut x.transfers),
            (&["panel_income_tax"], |x| &mut x.tax),
            (&["panel_net_worth"], |x| &mut x.worth),
            (&["panel_permanent_income"], |x| &mut x.permanent),
            (&["panel_skill"], |x| &mut x.skill),
            (&["panel_industry"], |x| &mut x.industry),
            (&["panel_line"], |x| &mut x.line),
            (&["panel_members"], |x| &mut x.people),
        ];
        for (names, field) in fields {
            let rows = columns.sum(names)?;
            years.resize_with(rows.len(), Year::default);
            years.iter_mut().zip(rows).for_each(|(year, row)| *field(year) = row);
        }
        let prices = recording.array("consumer_price_decile")?;
        let series: Vec<Vec<f64>> = (0..prices.shape[2]).map(|tenth| prices.series(&[region, tenth])).collect();
        for (tenth, means) in yearly(&series, recording.ticks_per_year()?).iter().enumerate() {
            for (year, mean) in years.iter_mut().zip(means) {
                debug_assert_eq!(year.prices.len(), tenth);
                year.prices.push(*mean);
            }
        }
        let first = |name: &str| Ok::<_, RecordingError>(columns.read(name)?.swap_remove(0));
        Ok(Self {
            members: years.get(year).map(|year| year.people.clone()).unwrap_or_default(),
            tenth: first("panel_decile")?.iter().map(|&tenth| tenth as usize - 1).collect(),
            area: first("panel_household_area")?,
            years,
            persons_per_agent: recording.array("persons_per_agent")?.values[region],
            ticks: recording.ticks_per_year()?,
        })
    }

    /// Number of households.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Income per equivalent adult by the square root of the number of members.
    #[must_use]
    pub fn equivalised(&self, income: &[i64]) -> Vec<f64> {
        income.iter().zip(&self.members).map(|(&x, &n)| x as f64 / engine::math::sqrt(n as f64)).collect()
    }
}
