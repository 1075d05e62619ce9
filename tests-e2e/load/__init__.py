"""Customers in large numbers, and whether the product keeps its promises to them."""
