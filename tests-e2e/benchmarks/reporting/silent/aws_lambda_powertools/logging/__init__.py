"""In place of Powertools' package of that name."""
