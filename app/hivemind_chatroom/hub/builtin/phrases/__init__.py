"""What the built-in assistant hears and says, one table for each language."""
