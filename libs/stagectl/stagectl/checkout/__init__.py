"""The checkout that this stagectl belongs to: its folders, services, routes and parameters."""

from stagectl.checkout._places import Checkout

__all__ = ["Checkout"]
