"""Make a copier template of this repository, from which a team starts a product with another name."""
