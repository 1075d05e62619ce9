"""Which quota growth meets first, and what it does to the way of an order."""
