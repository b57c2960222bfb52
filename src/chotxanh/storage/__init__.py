"""Writing and reading many rows at once, on PostgreSQL and SQLite."""
