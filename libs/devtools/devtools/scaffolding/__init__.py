"""Generate the sources of a new service or endpoint."""
