//! Building the initial world from a calibration.

pub mod base;
pub mod build;
pub mod closing;
pub mod households;
pub mod layout;
pub mod links;
pub mod savings;
pub mod table;
pub mod works;

/// Named streams of random draws. A new draw in one stream does not shift another.
pub mod stream {
    use engine::rng::Stream;

    /// Founding population.
    pub const POPULATION: Stream = Stream::new(1, "population");
    /// Price reviews of firms.
    pub const PRICE_REVIEW: Stream = Stream::new(3, "price_review");
    /// Price reviews of outlets.
    pub const RETAIL_REVIEW: Stream = Stream::new(4, "retail_review");
    /// Separations.
    pub const SEPARATION: Stream = Stream::new(5, "separation");
    /// Matching of jobs.
    pub const MATCHING: Stream = Stream::new(6, "matching");
    /// Re-choice of suppliers.
    pub const RECHOICE: Stream = Stream::new(7, "rechoice");
    /// Re-choice of local sellers by customer groups.
    pub const CUSTOMERS: Stream = Stream::new(8, "customers");
    /// Exogenous shocks.
    pub const SHOCKS: Stream = Stream::new(9, "shocks");
    /// Idiosyncratic shocks of firms.
    pub const FIRM_SHOCKS: Stream = Stream::new(11, "firm_shocks");
    /// Which skilled person gets which job at the start.
    pub const PLACEMENT: Stream = Stream::new(12, "placement");
    /// Lives simulated to found savings, and who gets which.
    pub const SAVINGS: Stream = Stream::new(13, "savings");
    /// Reviews of location.
    pub const LOCATION: Stream = Stream::new(14, "location");
    /// Courses that the unemployed complete.
    pub const COURSES: Stream = Stream::new(15, "courses");
    /// Entry.
    pub const ENTRY: Stream = Stream::new(10, "entry");
}
