"""The runtime library that every Lambda bundles.

Its packages `aws`, `events`, `http` and `parameters` and its modules are its faces; what begins with an
underscore is not for others. This one imports none of them, so that a function loads what it uses.
"""

__all__: list[str] = []
