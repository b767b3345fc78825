//! What a world is made of, declared once: [`Snapshot`], storing, reading back, digests and sizes follow from one list.
//!
//! *Inputs* are known from the configuration and do not change while a world lives. *State* does, and all of it enters
//! the digest. *Blocks* hold the rows of agents of whom there are very many. *Agents* are the columns of each other kind in order of ids: one archetype for life, spawned once, before which
//! all resources must be there. What lives within a tick only (tallies, orders, payments that fall due) is no part of a
//! world: it is made anew where one begins.

use bevy_ecs::prelude::{Component, World};
use engine::codec::CodecError;
use engine::columns::{Block, columns};
use engine::content::Content;
use engine::digest::{Digest, TickDigest};
use engine::ledger::Ledger;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::components::{
    Bank, Books, Career, CentralBank, Firm, Flows, Government, Household, Lineage, Offer, Person, Plan, Plant,
};
use crate::geography::Geography;
use crate::households::lives::Lives;
use crate::location::sites::Sites;
use crate::markets::routing::Routes;
use crate::parameters::Parameters;
use crate::policy::Enacted;
use crate::state::{
    Customers, GrantRates, HouseholdRules, Inventories, Policy, Regions, Retail, Settings, Sourcing, Supply, Tick,
};
use crate::statistics::audit::AuditReport;
use crate::world::base::Base;

/// A part of the state, of any type.
pub trait Part: Content + Serialize + DeserializeOwned + Clone + Send + Sync {}
impl<T: Content + Serialize + DeserializeOwned + Clone + Send + Sync> Part for T {}

/// Is shown every part of the state, in the order of the declaration.
pub trait Visitor {
    /// A part that belongs to no single agent.
    fn resource<T: Part>(&mut self, name: &'static str, value: &T);

    /// A column of agents.
    fn column<T: Part>(&mut self, name: &'static str, rows: &[T]);
}

macro_rules! declare {
    (
        inputs { $($input:ident: $input_type:ty,)* }
        state { $($part:ident: $part_type:ty,)* }
        blocks { $($block:ident: $row_type:ty,)* }
        agents { $($kind:ident { $($column:ident: $column_type:ty),* $(,)? })* }
    ) => {
        /// The complete state of a world between two ticks.
        #[derive(Serialize, Deserialize)]
        pub struct Snapshot {
            $(pub(crate) $input: $input_type,)*
            $(pub(crate) $part: $part_type,)*
            $(pub(crate) $block: Vec<$row_type>,)*
            $($(pub(crate) $column: Vec<$column_type>,)*)*
        }

        impl Snapshot {
            /// A copy of all there is.
            pub(crate) fn of(world: &World) -> Self {
                Self {
                    $($input: world.resource::<$input_type>().clone(),)*
                    $($part: world.resource::<$part_type>().clone(),)*
                    $($block: rows_of::<$row_type>(world).to_vec(),)*
                    $($($column: with_column(world, <[$column_type]>::to_vec),)*)*
                }
            }

            /// Puts everything into an empty world.
            pub(crate) fn into_world(self, world: &mut World) {
                // Resources first: the store keeps an array up to a resource's entity index for each of them, so a
                // resource that came after the agents would cost four bytes an agent.
                $(world.insert_resource(self.$input);)*
                $(world.insert_resource(self.$part);)*
                $(world.spawn(Block::new(self.$block));)*
                $({
                    let lengths = [$(self.$column.len()),*];
                    assert!(lengths.iter().all(|n| *n == lengths[0]), concat!(stringify!($kind), ": columns differ in length"));
                    $(let mut $column = self.$column.into_iter();)*
                    let row = move |_| ($($column.next().expect("columns are of one length"),)*);
                    world.spawn_batch((0..lengths[0]).map(row));
                })*
            }
        }

        /// Shows every part of the state of a world.
        pub fn visit(world: &World, visitor: &mut impl Visitor) {
            $(visitor.resource(stringify!($part), world.resource::<$part_type>());)*
            $(visitor.column(stringify!($block), rows_of::<$row_type>(world));)*
            $($(with_column::<$column_type, _>(world, |rows| visitor.column(stringify!($column), rows));)*)*
        }
    };
}

declare! {
    inputs {
        settings: Settings,
        parameters: Parameters,
        schedule: Policy,
        geography: Geography,
        base: Base,
        lives: Lives,
    }
    state {
        tick: Tick,
        enacted: Enacted,
        supply: Supply,
        inventories: Inventories,
        retail: Retail,
        customers: Customers,
        sourcing: Sourcing,
        routes: Routes,
        regions: Regions,
        rules: HouseholdRules,
        grants: GrantRates,
        ledger: Ledger,
        sites: Sites,
        audit: AuditReport,
    }
    blocks {
        persons: Person,
        households: Household,
        careers: Career,
        lineages: Lineage,
    }
    agents {
        firms { firms: Firm, books: Books, offers: Offer, plans: Plan, flows: Flows }
        plants { plants: Plant }
        banks { banks: Bank }
        governments { governments: Government }
        central_banks { central_banks: CentralBank }
    }
}

/// The rows of a block.
///
/// # Panics
/// If the world has no such block.
#[must_use]
pub fn rows_of<T: Send + Sync + 'static>(world: &World) -> &[T] {
    let query = world.try_query::<&Block<T>>().expect("a world has every kind of agent");
    query.query_manual(world).single_inner().expect("one block").rows()
}

/// The rows of a block, to be changed.
///
/// # Panics
/// If the world has no such block.
pub fn rows_of_mut<T: Send + Sync + 'static>(world: &mut World) -> &mut [T] {
    let mut query = world.query::<&mut Block<T>>();
    query.single_mut(world).expect("a world has every kind of agent").into_inner().rows_mut()
}

/// Hands over the column of a component.
fn with_column<T: Component, R>(world: &World, f: impl FnOnce(&[T]) -> R) -> R {
    let query = world.try_query::<&T>().expect("a world has every kind of agent");
    f(columns(&query.query_manual(world)))
}

/// Digest of every part of the state after the tick before `tick`.
pub(crate) fn digest(world: &World, tick: u32) -> TickDigest {
    struct Digests(TickDigest);
    impl Visitor for Digests {
        fn resource<T: Part>(&mut self, name: &'static str, value: &T) {
            self.0.part(name, |digest| value.feed(digest));
        }

        fn column<T: Part>(&mut self, name: &'static str, rows: &[T]) {
            self.0.part(name, |digest| T::feed_all(rows, digest));
        }
    }
    let mut digests = Digests(TickDigest::new(tick));
    visit(world, &mut digests);
    digests.0
}

/// Bytes that each part of the state takes up.
#[must_use]
pub fn sizes(world: &World) -> Vec<(&'static str, usize)> {
    struct Sizes(Vec<(&'static str, usize)>);
    impl Visitor for Sizes {
        fn resource<T: Part>(&mut self, name: &'static str, value: &T) {
            self.0.push((name, size_of::<T>() + value.heap()));
        }

        fn column<T: Part>(&mut self, name: &'static str, rows: &[T]) {
            self.0.push((name, size_of_val(rows) + rows.iter().map(T::heap).sum::<usize>()));
        }
    }
    let mut sizes = Sizes(vec![]);
    visit(world, &mut sizes);
    sizes.0
}

/// What came of changing single bits in the encoding of a part of the state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tampering {
    /// Part.
    pub name: &'static str,
    /// Changes that gave another state.
    pub changes: usize,
    /// Bytes whose change left the digest as it was.
    pub unnoticed: Vec<usize>,
}

/// Changes single bits in up to `most` bytes of each part's encoding, spread over all of it, and compares digests. For
/// tests: of a column the first rows are taken, so that every field is met.
///
/// # Errors
/// If a part refuses to be encoded.
pub fn tamper_with_everything(world: &World, most: usize) -> Result<Vec<Tampering>, CodecError> {
    struct Tamper(usize, Result<Vec<Tampering>, CodecError>);
    impl Visitor for Tamper {
        fn resource<T: Part>(&mut self, name: &'static str, value: &T) {
            self.try_all(name, value, T::feed);
        }

        fn column<T: Part>(&mut self, name: &'static str, rows: &[T]) {
            self.try_all(name, &rows[..rows.len().min(3)].to_vec(), |rows, digest| T::feed_all(rows, digest));
        }
    }
    impl Tamper {
        fn try_all<T: Part>(&mut self, name: &'static str, value: &T, feed: impl Fn(&T, &mut Digest)) {
            let digest = |value: &T| {
                let mut digest = Digest::new();
                feed(value, &mut digest);
                digest.finish()
            };
            let before = digest(value);
            let tampered = engine::codec::encode_to_vec(value).map(|bytes| {
                let step = bytes.len().div_ceil(self.0).max(1);
                let mut found = Tampering { name, ..Tampering::default() };
                for at in (0..bytes.len()).step_by(step) {
                    let mut bytes = bytes.clone();
                    bytes[at] ^= 1;
                    if let Ok(changed) = engine::codec::decode_from_slice::<T>(&bytes) {
                        found.changes += 1;
                        if digest(&changed) == before {
                            found.unnoticed.push(at);
                        }
                    }
                }
                found
            });
            match (&mut self.1, tampered) {
                (Ok(all), Ok(found)) => all.push(found),
                (all @ Ok(_), Err(error)) => *all = Err(error),
                (Err(_), _) => {}
            }
        }
    }
    let mut tamper = Tamper(most.max(1), Ok(vec![]));
    visit(world, &mut tamper);
    tamper.1
}
