"""Taking stages down, and finding those that are due."""
