"""AWS clients, what their errors mean, and the region they work in."""

from stagectl.aws._sessions import pages, session

__all__ = ["pages", "session"]
