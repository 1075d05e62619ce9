"""Lambda entry points: parse the event, call one domain function, map its result."""

from service_kit import lean_start

# Before anything else is imported.
lean_start.begin()
