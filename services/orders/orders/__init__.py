"""Placing and following orders; this service owns an order's life."""
