"""The static checks."""
