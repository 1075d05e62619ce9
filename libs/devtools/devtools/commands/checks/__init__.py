"""Commands that check and test."""
