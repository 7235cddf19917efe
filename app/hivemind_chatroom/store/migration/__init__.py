"""A room moved from one database to another: of SQLite, of PostgreSQL, or from one to the other."""
