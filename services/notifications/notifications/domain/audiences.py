"""Who is told of a change, by a name that tells nobody who that is.

The table of pages holds these names, and tickets carry them. What they are made of cannot be found in either.
"""

import hashlib


def customer(user_id: str) -> str:
    """Return the audience of a customer's own orders."""
    return _hashed(f"customer/{user_id}")


def restaurant(name: str) -> str:
    """Return the audience of a restaurant's orders."""
    return _hashed(f"restaurant/{name}")


def _hashed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]
