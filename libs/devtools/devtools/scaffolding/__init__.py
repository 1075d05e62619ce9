"""Sources of a new service and a new endpoint."""
