//! Columns of components as plain slices.
//!
//! Agents of one kind keep one set of components for life, so all of them lie in one table and each component is one
//! slice whose order is the order of spawning. [`columns`] and [`columns_mut`] hand out these slices; kernels work on
//! them as on any `Vec`, with rayon over fixed chunks. Change ticks are not written: nothing here may rely on them.
//!
//! ```
//! use bevy_ecs::prelude::*;
//! use engine::columns::columns_mut;
//!
//! #[derive(Component)]
//! struct Level(i64);
//! #[derive(Component)]
//! struct Rate(i64);
//!
//! fn rise(mut cells: Query<(&mut Level, &Rate)>) {
//!     let (levels, rates) = columns_mut(&mut cells);
//!     for (levels, rate) in levels.iter_mut().zip(rates) {
//!         levels.0 += rate.0;
//!     }
//! }
//! # let mut world = World::new();
//! # world.spawn((Level(1), Rate(2)));
//! # let mut schedule = Schedule::default();
//! # schedule.add_systems(rise);
//! # schedule.run(&mut world);
//! # assert_eq!(world.query::<&Level>().single(&world).unwrap().0, 3);
//! ```

use bevy_ecs::change_detection::ContiguousMut;
use bevy_ecs::component::{Component, Mutable};
use bevy_ecs::query::{ArchetypeFilter, ContiguousQueryData, QueryData};
use bevy_ecs::system::Query;

/// Why a query has no single set of columns.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// The query matches entities in several tables.
    #[error(
        "the query {0} matches more than one table, so it has no single column: all agents of a kind must be spawned \
         with the same components and never gain or lose one; add a `With<..>` filter for the kind"
    )]
    SeveralTables(&'static str),
    /// A component of the query is stored in a sparse set.
    #[error("the query {0} reads a component in sparse-set storage: use table storage")]
    NotATable(&'static str),
}

/// A query whose components can be read as slices: `&T`, `&mut T` and tuples of these up to twelve.
pub trait Columns: ContiguousQueryData {
    /// The slices: `&[T]`, `&mut [T]`, or a tuple of them.
    type Slices<'w>;

    /// The columns of a table without rows.
    fn empty<'w>() -> Self::Slices<'w>;

    /// The columns of one table.
    fn slices<'w>(table: Self::Contiguous<'w, '_>) -> Self::Slices<'w>;
}

impl<T: Component> Columns for &T {
    type Slices<'w> = &'w [T];

    fn empty<'w>() -> &'w [T] {
        &[]
    }

    fn slices<'w>(table: Self::Contiguous<'w, '_>) -> &'w [T] {
        table
    }
}

impl<T: Component<Mutability = Mutable>> Columns for &mut T {
    type Slices<'w> = &'w mut [T];

    fn empty<'w>() -> &'w mut [T] {
        &mut []
    }

    fn slices<'w>(table: Self::Contiguous<'w, '_>) -> &'w mut [T] {
        ContiguousMut::bypass_change_detection_split(table).0
    }
}

macro_rules! tuples {
    ($($name:ident),+) => {
        impl<$($name: Columns),+> Columns for ($($name,)+) {
            type Slices<'w> = ($($name::Slices<'w>,)+);

            fn empty<'w>() -> Self::Slices<'w> {
                ($($name::empty(),)+)
            }

            fn slices<'w>(table: Self::Contiguous<'w, '_>) -> Self::Slices<'w> {
                #[allow(non_snake_case, reason = "one name serves as type parameter and variable")]
                let ($($name,)+) = table;
                ($($name::slices($name),)+)
            }
        }
    };
}
tuples!(A);
tuples!(A, B);
tuples!(A, B, C);
tuples!(A, B, C, D);
tuples!(A, B, C, D, E);
tuples!(A, B, C, D, E, F);
tuples!(A, B, C, D, E, F, G);
tuples!(A, B, C, D, E, F, G, H);
tuples!(A, B, C, D, E, F, G, H, I);
tuples!(A, B, C, D, E, F, G, H, I, J);
tuples!(A, B, C, D, E, F, G, H, I, J, K);
tuples!(A, B, C, D, E, F, G, H, I, J, K, L);

/// The columns that `query` matches, in spawn order, read-only (also of a query for writing). No entities: empty
/// slices.
///
/// # Errors
/// [`ColumnsError`] if the query matches entities in more than one table or a component outside tables.
pub fn try_columns<'q, D, F>(
    query: &'q Query<'_, '_, D, F>,
) -> Result<<D::ReadOnly as Columns>::Slices<'q>, ColumnsError>
where
    D: QueryData<ReadOnly: Columns>,
    F: ArchetypeFilter,
{
    let name = std::any::type_name::<D>();
    let mut tables = query.contiguous_iter().map_err(|_| ColumnsError::NotATable(name))?;
    let first = tables.next();
    if tables.next().is_some() {
        return Err(ColumnsError::SeveralTables(name));
    }
    Ok(first.map_or_else(<D::ReadOnly as Columns>::empty, <D::ReadOnly as Columns>::slices))
}

/// The columns that `query` matches, in spawn order, writable where the query says `&mut`. No entities: empty slices.
///
/// # Errors
/// [`ColumnsError`] if the query matches entities in more than one table or a component outside tables.
pub fn try_columns_mut<'q, D, F>(query: &'q mut Query<'_, '_, D, F>) -> Result<D::Slices<'q>, ColumnsError>
where
    D: Columns,
    F: ArchetypeFilter,
{
    let name = std::any::type_name::<D>();
    let mut tables = query.contiguous_iter_mut().map_err(|_| ColumnsError::NotATable(name))?;
    let first = tables.next();
    if tables.next().is_some() {
        return Err(ColumnsError::SeveralTables(name));
    }
    Ok(first.map_or_else(D::empty, D::slices))
}

/// [`try_columns`] for systems, where several tables are a bug.
///
/// # Panics
/// If the query matches entities in more than one table or a component outside tables.
#[must_use]
#[track_caller]
pub fn columns<'q, D, F>(query: &'q Query<'_, '_, D, F>) -> <D::ReadOnly as Columns>::Slices<'q>
where
    D: QueryData<ReadOnly: Columns>,
    F: ArchetypeFilter,
{
    try_columns(query).unwrap_or_else(|error| panic!("{error}"))
}

/// [`try_columns_mut`] for systems, where several tables are a bug.
///
/// # Panics
/// If the query matches entities in more than one table or a component outside tables.
#[must_use]
#[track_caller]
pub fn columns_mut<'q, D, F>(query: &'q mut Query<'_, '_, D, F>) -> D::Slices<'q>
where
    D: Columns,
    F: ArchetypeFilter,
{
    try_columns_mut(query).unwrap_or_else(|error| panic!("{error}"))
}

/// All agents of a kind that has very many, in one entity: the tables of the store take 56 bytes an entity, which may be more than
/// such an agent holds itself. Kernels get the same slice as from [`columns`].
///
/// ```
/// use bevy_ecs::prelude::*;
/// use engine::columns::{Block, rows, rows_mut};
///
/// fn grow(mut heights: Query<&mut Block<u16>>) {
///     rows_mut(&mut heights).iter_mut().for_each(|height| *height += 1);
/// }
/// # let mut world = World::new();
/// # world.spawn(Block::new(vec![1_u16, 2]));
/// # let mut schedule = Schedule::default();
/// # schedule.add_systems(grow);
/// # schedule.run(&mut world);
/// # let mut heights = world.query::<&Block<u16>>();
/// # assert_eq!(rows(&heights.query(&world)), [2, 3]);
/// ```
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Block<T: Send + Sync + 'static>(Vec<T>);

impl<T: Send + Sync + 'static> Block<T> {
    /// A block of these rows; their number stays.
    #[must_use]
    pub fn new(rows: Vec<T>) -> Self {
        Self(rows)
    }

    /// Its rows.
    #[must_use]
    pub fn rows(&self) -> &[T] {
        &self.0
    }

    /// Its rows, to be changed.
    pub fn rows_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

/// The rows of the only block of a kind.
///
/// # Panics
/// If there is none, or several.
#[must_use]
#[track_caller]
pub fn rows<'q, T: Send + Sync + 'static>(query: &'q Query<'_, '_, &Block<T>>) -> &'q [T] {
    query.single().unwrap_or_else(|error| panic!("{error}")).rows()
}

/// The rows of the only block of a kind, to be changed.
///
/// # Panics
/// If there is none, or several.
#[must_use]
#[track_caller]
pub fn rows_mut<'q, T: Send + Sync + 'static>(query: &'q mut Query<'_, '_, &mut Block<T>>) -> &'q mut [T] {
    query.single_mut().unwrap_or_else(|error| panic!("{error}")).into_inner().rows_mut()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy_ecs::prelude::*;

    #[derive(Component)]
    struct Id(u32);
    #[derive(Component)]
    struct Deposits(i64);
    #[derive(Component)]
    struct Income(i64);
    #[derive(Component)]
    struct Marker;
    #[derive(Component)]
    #[component(storage = "SparseSet")]
    struct Sparse;

    const N: u32 = 100_000;

    fn world() -> World {
        let mut world = World::new();
        world.spawn((Id(7), Marker));
        let agents = (0..N).map(|id| (Id(id), Deposits(0), Income(i64::from(id))));
        world.spawn_batch(agents);
        world
    }

    #[test]
    fn rows_are_in_spawn_order_and_writes_stay() {
        let mut world = world();
        let mut agents = world.query::<(&Id, &mut Deposits, &Income)>();
        for _ in 0..2 {
            let mut query = agents.query_mut(&mut world);
            let (ids, deposits, incomes) = columns_mut(&mut query);
            assert_eq!((ids.len(), deposits.len(), incomes.len()), (N as usize, N as usize, N as usize));
            for (row, id) in ids.iter().enumerate() {
                assert_eq!(id.0 as usize, row);
                deposits[row].0 += incomes[row].0;
            }
        }
        let query = agents.query_mut(&mut world);
        let (ids, deposits, _) = columns(&query);
        assert!(ids.iter().zip(deposits).all(|(id, deposits)| deposits.0 == 2 * i64::from(id.0)));
    }

    #[test]
    fn change_ticks_are_not_written() {
        let mut world = world();
        world.clear_trackers();
        let mut agents = world.query::<&mut Deposits>();
        columns_mut(&mut agents.query_mut(&mut world))[3].0 = 1;
        let mut changed = world.query_filtered::<&Deposits, Changed<Deposits>>();
        assert_eq!(changed.iter(&world).count(), 0);
    }

    #[test]
    fn several_tables_are_refused_and_a_filter_helps() {
        let mut world = world();
        let mut all = world.query::<&mut Id>();
        let error = try_columns_mut(&mut all.query_mut(&mut world)).err();
        assert!(matches!(error, Some(ColumnsError::SeveralTables(_))));
        let query = all.query_mut(&mut world);
        assert!(matches!(try_columns(&query), Err(ColumnsError::SeveralTables(_))));
        let mut agents = world.query_filtered::<&Id, With<Deposits>>();
        let query = agents.query(&world);
        assert_eq!(columns(&query).len(), N as usize);
    }

    #[test]
    fn no_entities_are_empty_columns() {
        let mut world = World::new();
        let mut agents = world.query::<(&mut Deposits, &Income)>();
        let mut query = agents.query_mut(&mut world);
        let (deposits, incomes) = columns_mut(&mut query);
        assert!(deposits.is_empty() && incomes.is_empty());
        // An emptied table next to a filled one does not count as a second table.
        let lone = world.spawn((Deposits(1), Income(1), Marker)).id();
        world.despawn(lone);
        world.spawn((Deposits(1), Income(1)));
        let query = agents.query_mut(&mut world);
        assert_eq!(columns(&query).0.len(), 1);
    }

    #[test]
    fn sparse_sets_are_refused() {
        let mut world = World::new();
        world.spawn((Id(0), Sparse));
        let mut agents = world.query::<(&Id, &Sparse)>();
        let query = agents.query(&world);
        assert!(matches!(try_columns(&query), Err(ColumnsError::NotATable(_))));
    }
}
