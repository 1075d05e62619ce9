"""The packages of others: locks, advisories, and what a release says of them."""
