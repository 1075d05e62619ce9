"""The runtime library that every Lambda bundles; import its modules, not this package."""

__all__: list[str] = []
