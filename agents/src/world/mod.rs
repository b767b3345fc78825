//! Building the initial world from a calibration.

pub mod base;
pub mod baskets;
pub mod build;
pub mod closing;
pub mod first;
pub mod households;
pub mod layout;
pub mod links;
pub mod lives;
pub mod memo;
pub mod persons;
pub mod savings;
pub mod table;
pub mod works;

/// Named streams of random draws. A new draw in one stream does not shift another.
pub mod stream {
    use engine::rng::Stream;

    macro_rules! streams {
        ($($(#[$doc:meta])+ $name:ident = $id:literal, $text:literal;)+) => {
            $($(#[$doc])+ pub const $name: Stream = Stream::new($id, $text);)+
            /// All of them.
            pub const ALL: &[Stream] = &[$($name),+];
        };
    }

    streams! {
        /// Founding population.
        POPULATION = 1, "population";
        /// Price reviews of firms.
        PRICE_REVIEW = 3, "price_review";
        /// Price reviews of outlets.
        RETAIL_REVIEW = 4, "retail_review";
        /// Separations.
        SEPARATION = 5, "separation";
        /// Matching of jobs.
        MATCHING = 6, "matching";
        /// Re-choice of suppliers.
        RECHOICE = 7, "rechoice";
        /// Re-choice of local sellers by customer groups.
        CUSTOMERS = 8, "customers";
        /// Exogenous shocks.
        SHOCKS = 9, "shocks";
        /// Entry.
        ENTRY = 10, "entry";
        /// Idiosyncratic shocks of firms.
        FIRM_SHOCKS = 11, "firm_shocks";
        /// Which skilled person gets which job at the start.
        PLACEMENT = 12, "placement";
        /// Lives simulated to found savings, and who gets which.
        SAVINGS = 13, "savings";
        /// Reviews of location.
        LOCATION = 14, "location";
        /// Courses that the unemployed complete.
        COURSES = 15, "courses";
        /// Careers, births and deaths, luck of fortunes.
        LIVES = 16, "lives";
        /// Jobs of units: who leaves, searches and moves on.
        CAREERS = 17, "careers";
        /// Households and firms that a run follows one by one.
        PANEL = 18, "panel";
        /// Who is displaced by a measure.
        DISPLACEMENT = 19, "displacement";
        /// Who wins a prize.
        LOTTERY = 20, "lottery";
        /// What plants pay more or less than others for good.
        POSTS = 21, "posts";
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn no_two_streams_share_an_id_or_a_name() {
            engine::rng::assert_distinct(super::ALL);
        }
    }
}
