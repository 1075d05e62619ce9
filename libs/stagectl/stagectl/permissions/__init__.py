"""Compare what the functions' roles grant with the calls that the emulator recorded."""

from stagectl.permissions.report import Line, of_stage
from stagectl.permissions.review import REVIEW_FILE, Review, faults

__all__ = ["REVIEW_FILE", "Line", "Review", "faults", "of_stage"]
