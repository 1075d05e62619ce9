"""The two ways to reach a service: over HTTP through API Gateway, or the handler in this process."""
