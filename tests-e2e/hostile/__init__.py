"""Requests that nobody would send, made from the services' own documents."""
