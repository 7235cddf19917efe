"""The room's memory in PostgreSQL, for a room that outgrows one file."""
