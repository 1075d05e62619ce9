"""Remove stages, and find those that have expired."""
