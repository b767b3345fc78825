//! Calendar dates and the days a tick covers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A day of the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: i32,
    month: u32,
    day: u32,
}

impl Date {
    /// A date, if the year is from 1 to 9999 and the day exists.
    #[must_use]
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let valid = (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month);
        valid.then_some(Self { year, month, day })
    }

    /// Year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.year
    }

    /// Month, from 1.
    #[must_use]
    pub fn month(self) -> u32 {
        self.month
    }

    /// Day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u32 {
        self.day
    }

    /// Days since 0001-01-01.
    #[must_use]
    pub fn day_number(self) -> i64 {
        let years = i64::from(self.year) - 1;
        let before_year = years * 365 + years / 4 - years / 100 + years / 400;
        let before_month: u32 = (1..self.month).map(|month| days_in(self.year, month)).sum();
        before_year + i64::from(before_month) + i64::from(self.day) - 1
    }

    /// First day of the month `months` after this date's month.
    #[must_use]
    pub fn first_of_month_after(self, months: u32) -> Self {
        let total = self.year * 12 + self.month as i32 - 1 + months as i32;
        Self { year: total.div_euclid(12), month: total.rem_euclid(12) as u32 + 1, day: 1 }
    }
}

fn days_in(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        _ => 31,
    }
}

impl Date {
    /// Year and month as text, such as `2025-04`.
    #[must_use]
    pub fn year_month(self) -> String {
        self.to_string()[..7].to_owned()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = String;

    /// Reads `2025-04-09`, or `2025-04` for the first of a month.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a date such as 2025-04-09");
        let mut parts = text.split('-');
        let year = parts.next().and_then(|part| part.parse().ok()).ok_or_else(wrong)?;
        let month = parts.next().and_then(|part| part.parse().ok()).ok_or_else(wrong)?;
        let day = parts.next().map_or(Ok(1), |part| part.parse().map_err(|_| wrong()))?;
        if parts.next().is_some() {
            return Err(wrong());
        }
        Self::new(year, month, day).ok_or_else(wrong)
    }
}

impl TryFrom<String> for Date {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

/// Which days each tick covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TickCalendar {
    start: Date,
    ticks_per_year: u32,
}

impl TickCalendar {
    /// Ticks that start with the month of `start`; `ticks_per_year` is 1, 2, 3, 4, 6 or 12.
    #[must_use]
    pub fn new(start: Date, ticks_per_year: u32) -> Option<Self> {
        let fits = ticks_per_year > 0 && 12 % ticks_per_year == 0;
        fits.then(|| Self { start: start.first_of_month_after(0), ticks_per_year })
    }

    /// Ticks in a year.
    #[must_use]
    pub fn ticks_per_year(self) -> u32 {
        self.ticks_per_year
    }

    /// First day of a tick.
    #[must_use]
    pub fn first_day(self, tick: u32) -> Date {
        self.start.first_of_month_after(tick * (12 / self.ticks_per_year))
    }

    /// Share of the tick's days from `start` up to, not including, `end`.
    #[must_use]
    pub fn share_in_force(self, tick: u32, start: Date, end: Option<Date>) -> f64 {
        let (first, next) = (self.first_day(tick).day_number(), self.first_day(tick + 1).day_number());
        let from = start.day_number().max(first);
        let to = end.map_or(next, |end| end.day_number().min(next));
        (to - from).max(0) as f64 / (next - first) as f64
    }

    /// The tick that contains a day; days before the start belong to tick 0.
    #[must_use]
    pub fn tick_of(self, day: Date) -> u32 {
        let months = (day.year - self.start.year) * 12 + day.month as i32 - self.start.month as i32;
        u32::try_from(months).unwrap_or(0) / (12 / self.ticks_per_year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn monthly(start: &str) -> TickCalendar {
        TickCalendar::new(date(start), 12).expect("a calendar")
    }

    #[test]
    fn dates_count_days_and_ticks() {
        assert_eq!(date("2025-01-01").day_number() - date("2024-01-01").day_number(), 366);
        assert_eq!(date("2001-01-01").day_number(), 730_485);
        assert_eq!(Date::new(2023, 2, 29), None);
        assert_eq!(date("2025-04"), date("2025-04-01"));
        let calendar = monthly("2024-01-15");
        assert_eq!(calendar.first_day(0), date("2024-01-01"));
        assert_eq!(calendar.first_day(15), date("2025-04-01"));
        assert_eq!((calendar.tick_of(date("2025-04-30")), calendar.tick_of(date("2019-01-01"))), (15, 0));
        let quarterly = TickCalendar::new(date("2024-01-01"), 4).expect("a calendar");
        assert_eq!((quarterly.first_day(5), quarterly.tick_of(date("2025-06-30"))), (date("2025-04-01"), 5));
        assert_eq!(TickCalendar::new(date("2024-01-01"), 5), None);
    }
}
