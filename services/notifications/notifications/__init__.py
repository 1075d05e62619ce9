"""Telling restaurants what happened to an order."""
