"""The archive of all events of the bus, without personal data."""
