"""What orders and stages cost, and the memory size of functions."""
