"""The two drivers of a service: HTTP through API Gateway, or the handler in this process."""
