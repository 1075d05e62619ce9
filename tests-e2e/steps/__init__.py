"""The steps of scenarios: given, when, then."""
