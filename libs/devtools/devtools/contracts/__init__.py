"""Documents that are generated from the services' own models and routes."""
