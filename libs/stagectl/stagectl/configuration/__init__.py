"""Dynamic configuration of functions: validated before it is written, its history, and canaries of it."""
