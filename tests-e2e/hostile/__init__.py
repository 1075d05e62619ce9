"""Hostile requests, generated from the services' own documents."""
