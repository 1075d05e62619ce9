"""The words that scenarios are told in: given, when, then."""
