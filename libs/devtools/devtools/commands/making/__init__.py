"""Commands that make something new: services, endpoints, releases, templates."""
