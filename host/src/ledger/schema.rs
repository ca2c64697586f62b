//! The ledger's tables, and how they came to be.

use rusqlite_migration::{M, Migrations};

/// All migrations, in order; one that was released is never changed.
pub(super) fn migrations() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(include_str!("001_first.sql")),
        M::up(include_str!("002_inbound.sql")),
        M::up(include_str!("003_to_hubspot.sql")),
    ])
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_migrations_are_valid() {
        assert!(super::migrations().validate().is_ok());
    }
}
