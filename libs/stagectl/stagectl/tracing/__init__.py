"""The story of one order or request: what happened where and when, what failed, and what is missing."""
