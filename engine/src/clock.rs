//! The calendar: which day a tick begins, which tick a date falls into, and yearly rates per tick.
//!
//! Dates follow the proleptic Gregorian calendar. A tick is a month or a quarter; its date is its first day.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Tick;
use crate::math;

/// A day of the Gregorian calendar, ordered by time. Written and parsed as `2025-04-05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    // Field order makes the derived order the order of time.
    year: i32,
    month: u8,
    day: u8,
}

/// Why a date or a clock was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// The text is not of the form `2025-04-05`.
    #[error("`{0}` is not a date: write year-month-day, such as 2025-04-05")]
    NotADate(String),
    /// The year, month and day name no day of the calendar.
    #[error("there is no day {year:04}-{month:02}-{day:02} (years run from 1 to 9999)")]
    NoSuchDay {
        /// The year asked for.
        year: i32,
        /// The month asked for.
        month: u8,
        /// The day asked for.
        day: u8,
    },
    /// A clock ticks 12 or 4 times a year.
    #[error("{0} ticks per year: use 12 (months) or 4 (quarters)")]
    TicksPerYear(u32),
    /// A quarterly clock starts with a quarter.
    #[error("a quarterly clock cannot start in month {0}: use 1, 4, 7 or 10")]
    Misaligned(u8),
    /// The date lies before the start of the clock, or too far after it.
    #[error("{date} is outside the clock, which starts on {start}: use a date from then on")]
    OutOfRange {
        /// The date asked for.
        date: Date,
        /// The first day of tick 0.
        start: Date,
    },
}

impl Date {
    /// The day `year`-`month`-`day`.
    ///
    /// # Errors
    /// [`ClockError::NoSuchDay`] if the calendar has no such day or the year is outside 1 to 9999.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, ClockError> {
        let valid =
            (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
        if valid { Ok(Self { year, month, day }) } else { Err(ClockError::NoSuchDay { year, month, day }) }
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The month of the year, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Days since 1970-01-01, negative before.
    #[must_use]
    pub fn days_since_1970(self) -> i64 {
        let year = i64::from(self.year) - 1;
        let leap_days = year / 4 - year / 100 + year / 400;
        let before: i64 = (1..self.month).map(|month| i64::from(days_in_month(self.year, month))).sum();
        year * 365 + leap_days + before + i64::from(self.day) - 1 - 719_162
    }

    /// The day `days` after 1970-01-01 (before it if negative), or `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_days_since_1970(days: i64) -> Option<Self> {
        // An estimate that is at most one year early: the mean year has 365.2425 days.
        let estimate = (days + 719_162).checked_mul(400)?.div_euclid(146_097) + 1;
        let year = i32::try_from(estimate).ok().filter(|year| (1..=9999).contains(year))?;
        let starts = |year: i32| Self { year, month: 1, day: 1 }.days_since_1970();
        let year = if days < starts(year) { year - 1 } else { year };
        let year = if year < 9999 && days >= starts(year + 1) { year + 1 } else { year };
        let mut rest = days - starts(year);
        for month in 1..=12 {
            let length = i64::from(days_in_month(year, month));
            if rest < length {
                return Self::new(year, month, rest as u8 + 1).ok();
            }
            rest -= length;
        }
        None
    }
}

/// Days in `month` (1 to 12) of `year`.
fn days_in_month(year: i32, month: u8) -> u8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Date {
    /// Year and month as text, such as `2025-04`.
    #[must_use]
    pub fn year_month(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = ClockError;

    fn from_str(text: &str) -> Result<Self, ClockError> {
        let refused = || ClockError::NotADate(text.to_owned());
        let mut parts = text.split('-');
        let mut digits = |count: usize| -> Result<i32, ClockError> {
            let part = parts.next().ok_or_else(refused)?;
            if part.len() != count || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(refused());
            }
            part.parse().map_err(|_| refused())
        };
        let (year, month, day) = (digits(4)?, digits(2)?, digits(2)?);
        if parts.next().is_some() {
            return Err(refused());
        }
        Self::new(year, month as u8, day as u8)
    }
}

impl TryFrom<String> for Date {
    type Error = ClockError;

    fn try_from(text: String) -> Result<Self, ClockError> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

/// A point in time inside a tick, see [`Clock::locate`].
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Instant {
    /// The tick the date falls into.
    pub tick: Tick,
    /// The fraction of that tick that has elapsed when the date begins, in [0, 1): whole days over the days of the
    /// tick.
    pub fraction: f64,
}

/// The calendar of a run: when tick 0 begins and how many ticks make a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    start: Date,
    ticks_per_year: u32,
}

impl Clock {
    /// A clock whose tick 0 begins on the first day of `start_month` (1 to 12) of `start_year`, with 12 or 4 ticks a
    /// year.
    ///
    /// # Errors
    /// [`ClockError`] if the month does not exist, the number of ticks is neither 12 nor 4, or a quarterly clock would
    /// start inside a calendar quarter.
    pub fn new(start_year: i32, start_month: u8, ticks_per_year: u32) -> Result<Self, ClockError> {
        if ticks_per_year != 12 && ticks_per_year != 4 {
            return Err(ClockError::TicksPerYear(ticks_per_year));
        }
        let start = Date::new(start_year, start_month, 1)?;
        if ticks_per_year == 4 && !(start_month - 1).is_multiple_of(3) {
            return Err(ClockError::Misaligned(start_month));
        }
        Ok(Self { start, ticks_per_year })
    }

    /// Ticks per year, 12 or 4.
    #[must_use]
    pub const fn ticks_per_year(&self) -> u32 {
        self.ticks_per_year
    }

    /// The first day of tick 0.
    #[must_use]
    pub const fn start(&self) -> Date {
        self.start
    }

    fn months_per_tick(&self) -> i64 {
        i64::from(12 / self.ticks_per_year)
    }

    fn start_months(&self) -> i64 {
        i64::from(self.start.year) * 12 + i64::from(self.start.month) - 1
    }

    /// The first day of `tick`.
    ///
    /// # Panics
    /// If the tick begins after the year 9999.
    #[must_use]
    pub fn date_of(&self, tick: Tick) -> Date {
        let months = self.start_months() + i64::from(tick) * self.months_per_tick();
        Date::new((months / 12) as i32, (months % 12 + 1) as u8, 1)
            .unwrap_or_else(|error| panic!("tick {tick} is beyond the calendar: {error}"))
    }

    /// The number of days in `tick`.
    ///
    /// # Panics
    /// If the next tick begins after the year 9999.
    #[must_use]
    pub fn days_in_tick(&self, tick: Tick) -> i64 {
        self.date_of(tick + 1).days_since_1970() - self.date_of(tick).days_since_1970()
    }

    /// The tick that `date` falls into and the fraction of it elapsed when the date begins: 2025-04-05 on a monthly
    /// clock is 4/30 into April.
    ///
    /// # Errors
    /// [`ClockError::OutOfRange`] if the date lies before tick 0.
    pub fn locate(&self, date: Date) -> Result<Instant, ClockError> {
        let months = i64::from(date.year) * 12 + i64::from(date.month) - 1 - self.start_months();
        let tick = Tick::try_from(months.div_euclid(self.months_per_tick()))
            .map_err(|_| ClockError::OutOfRange { date, start: self.start })?;
        let first = self.date_of(tick);
        let elapsed = date.days_since_1970() - first.days_since_1970();
        // The last tick of the calendar has no successor to measure its length by, so count its days directly.
        let length: i64 = (0..self.months_per_tick())
            .map(|month| i64::from(days_in_month(first.year, first.month + month as u8)))
            .sum();
        Ok(Instant { tick, fraction: elapsed as f64 / length as f64 })
    }

    /// A short name of `tick`: `2025-04` on a monthly clock, `2025Q2` on a quarterly one.
    ///
    /// # Panics
    /// If the tick begins after the year 9999.
    #[must_use]
    pub fn label(&self, tick: Tick) -> String {
        let date = self.date_of(tick);
        if self.ticks_per_year == 4 {
            format!("{:04}Q{}", date.year, (date.month - 1) / 3 + 1)
        } else {
            format!("{:04}-{:02}", date.year, date.month)
        }
    }

    /// The rate per tick that compounds to `rate_per_year`: `(1 + r)^(1/n) - 1`. Not a number below a rate of -1.
    #[must_use]
    pub fn rate_per_tick(&self, rate_per_year: f64) -> f64 {
        math::exp_m1(math::ln_1p(rate_per_year) / f64::from(self.ticks_per_year))
    }

    /// The rate per year that `rate_per_tick` compounds to: `(1 + r)^n - 1`. Not a number below a rate of -1.
    #[must_use]
    pub fn rate_per_year(&self, rate_per_tick: f64) -> f64 {
        math::exp_m1(math::ln_1p(rate_per_tick) * f64::from(self.ticks_per_year))
    }

    /// The flow per tick of a yearly flow (or of a rate that does not compound): the n-th part.
    #[must_use]
    pub fn flow_per_tick(&self, flow_per_year: f64) -> f64 {
        flow_per_year / f64::from(self.ticks_per_year)
    }

    /// The probability per tick that makes the event happen at least once a year with probability `per_year`:
    /// `1 - (1 - p)^(1/n)`.
    #[must_use]
    pub fn probability_per_tick(&self, per_year: f64) -> f64 {
        -self.rate_per_tick(-per_year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn dates_parse_print_and_order() {
        let april = date("2025-04-05");
        assert_eq!((april.year(), april.month(), april.day()), (2025, 4, 5));
        assert_eq!(april.to_string(), "2025-04-05");
        assert!(date("2024-12-31") < date("2025-01-01"));
        assert!(date("2025-01-31") < date("2025-02-01"));
        for text in
            ["2025-4-05", "2025-04", "2025-04-05-06", "05-04-2025", "2025-04-+5", "", "2025/04/05", "2025-04-éa"]
        {
            assert_eq!(text.parse::<Date>(), Err(ClockError::NotADate(text.to_owned())), "{text}");
        }
        for text in ["2025-02-29", "2025-13-01", "2025-00-01", "2025-01-00", "2025-04-31", "1900-02-29", "0000-01-01"] {
            assert!(matches!(text.parse::<Date>(), Err(ClockError::NoSuchDay { .. })), "{text}");
        }
        assert_eq!(date("2000-02-29").day(), 29);
    }

    #[test]
    fn days_are_counted_by_the_calendar() {
        // Reference values from Python's datetime.
        let rows = [
            ("1970-01-01", 0),
            ("2025-01-01", 20_089),
            ("2024-02-29", 19_782),
            ("2000-03-01", 11_017),
            ("1900-03-01", -25_508),
            ("0001-01-01", -719_162),
            ("9999-12-31", 2_932_896),
        ];
        for (text, days) in rows {
            assert_eq!(date(text).days_since_1970(), days, "{text}");
            assert_eq!(Date::from_days_since_1970(days), Some(date(text)));
        }
        for days in (-719_162..2_932_896).step_by(31).chain(0..1500) {
            let date = Date::from_days_since_1970(days).expect("a day");
            assert_eq!(date.days_since_1970(), days, "{date}");
        }
        for days in [-719_163, 2_932_897, i64::MIN + 719_162, i64::MAX - 719_162] {
            assert_eq!(Date::from_days_since_1970(days), None, "{days}");
        }
    }

    #[test]
    fn ticks_and_dates_correspond() {
        for (month, ticks_per_year) in [(1, 12), (11, 12), (4, 4)] {
            let clock = Clock::new(2024, month, ticks_per_year).expect("a clock");
            for tick in 0..100 {
                let first = clock.date_of(tick);
                assert_eq!(clock.locate(first), Ok(Instant { tick, fraction: 0.0 }));
                let last_day = clock.days_in_tick(tick) - 1;
                let last = Date::new(
                    first.year() + i32::from(first.month() + (12 / ticks_per_year) as u8 - 1 > 12),
                    (first.month() + (12 / ticks_per_year) as u8 - 2) % 12 + 1,
                    days_in_month(first.year(), (first.month() + (12 / ticks_per_year) as u8 - 2) % 12 + 1),
                )
                .expect("a day");
                let instant = clock.locate(last).expect("inside");
                assert_eq!(instant.tick, tick, "{last}");
                let expected = last_day as f64 / (last_day + 1) as f64;
                assert!((instant.fraction - expected).abs() < 1e-15, "{last}");
            }
        }
    }

    #[test]
    fn a_date_inside_a_tick() {
        let clock = Clock::new(2025, 1, 12).expect("a clock");
        let instant = clock.locate(date("2025-04-05")).expect("inside");
        assert_eq!(instant.tick, 3);
        assert!((instant.fraction - 4.0 / 30.0).abs() < 1e-15);
        let quarters = Clock::new(2025, 1, 4).expect("a clock");
        let instant = quarters.locate(date("2025-04-05")).expect("inside");
        assert_eq!(instant.tick, 1);
        assert!((instant.fraction - 4.0 / 91.0).abs() < 1e-15);
        assert_eq!((clock.label(3), quarters.label(1)), ("2025-04".to_owned(), "2025Q2".to_owned()));
        let before = date("2024-12-31");
        assert_eq!(clock.locate(before), Err(ClockError::OutOfRange { date: before, start: date("2025-01-01") }));
        assert_eq!(clock.locate(date("9999-12-31")).expect("inside").tick, 7974 * 12 + 11);
    }

    #[test]
    fn clocks_are_checked() {
        assert_eq!(Clock::new(2025, 1, 365), Err(ClockError::TicksPerYear(365)));
        assert_eq!(Clock::new(2025, 2, 4), Err(ClockError::Misaligned(2)));
        assert!(matches!(Clock::new(2025, 13, 12), Err(ClockError::NoSuchDay { month: 13, .. })));
    }

    #[test]
    fn rates_compound_and_flows_divide() {
        for ticks_per_year in [12, 4] {
            let clock = Clock::new(2025, 1, ticks_per_year).expect("a clock");
            for yearly in [-0.5, -0.02, 0.0, 1e-12, 0.02, 0.1, 3.0] {
                let compounded = (1.0 + clock.rate_per_tick(yearly)).powi(ticks_per_year as i32) - 1.0;
                assert!((compounded - yearly).abs() < 1e-13, "{yearly}");
                assert!((clock.rate_per_year(clock.rate_per_tick(yearly)) - yearly).abs() < 1e-13, "{yearly}");
            }
            let stay = (1.0 - clock.probability_per_tick(0.3)).powi(ticks_per_year as i32);
            assert!((stay - 0.7).abs() < 1e-13);
        }
        let clock = Clock::new(2025, 1, 12).expect("a clock");
        assert!((clock.rate_per_tick(0.12) - 0.009_488_792_934_582_974).abs() < 1e-17);
        assert!((clock.flow_per_tick(0.12) - 0.01).abs() < 1e-17);
    }

    #[test]
    fn clocks_survive_the_codec() {
        let clock = Clock::new(2025, 10, 4).expect("a clock");
        let bytes = crate::codec::encode_to_vec(&clock).expect("encoded");
        assert_eq!(crate::codec::decode_from_slice::<Clock>(&bytes).expect("decoded"), clock);
        // A checkpoint with an impossible date is refused, not believed.
        let mut broken = bytes.clone();
        let at = broken.windows(10).position(|w| w == b"2025-10-01").expect("the date");
        broken[at + 5] = b'9';
        assert!(crate::codec::decode_from_slice::<Clock>(&broken).is_err());
    }
}
