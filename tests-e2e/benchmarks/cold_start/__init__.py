"""How long a Lambda takes from nothing to its first answer: see README.md beside the package."""
