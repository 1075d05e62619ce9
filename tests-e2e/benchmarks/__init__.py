"""Figures about the product, measured rather than tested."""
