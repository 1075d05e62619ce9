"""What runs the static checks."""
