//! Budgets: a variable for each line, declared with the lines in [`crate::accounts`].

macro_rules! record {
    ($($line:ident: $role:ident, $doc:literal, $long:literal, $definition:literal;)+) => {
        /// The fields of this theme.
        pub(super) const FIELDS: &[super::Field] = &[$(super::Field {
            name: concat!("budget_", stringify!($line)),
            over: super::Over::REGION,
            unit: super::Unit::MoneyFlow,
            value: super::Value::Integer(|v, [r, ..]| v.governments[r].budget.$line),
            long_name: $long,
            definition: $definition,
        }),+];
    };
}
crate::accounts::budget_lines!(record);
