"""What the functions' roles grant, against what they were seen to use, as the emulator notes it."""

from stagectl.permissions.report import Line, of_stage
from stagectl.permissions.review import REVIEW_FILE, Review, faults

__all__ = ["REVIEW_FILE", "Line", "Review", "faults", "of_stage"]
