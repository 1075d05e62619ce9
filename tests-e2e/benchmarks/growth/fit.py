"""How a figure grows."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

NOTICEABLE = 0.05


@dataclass(frozen=True)
class Line:
    """A figure as `base + each * size`; `explained` is the share of its variance that this explains."""

    base: float
    each: float
    explained: float


@dataclass(frozen=True)
class Growth:
    """A figure at several sizes.

    Attributes:
        exponent: The steepest of the slopes between neighbouring sizes in a double logarithmic plot: 0 for
            what stays as it is, 1 for what grows in proportion. A read has a smallest price, so the smallest
            sizes alone would say less.
        ratio: The figure at the largest size by that at the smallest.
        line: The straight line that is nearest to it.
    """

    exponent: float
    ratio: float
    line: Line

    @property
    def word(self) -> str:
        """What people call that."""
        if abs(self.exponent) < NOTICEABLE:
            return "constant"
        return "linear" if abs(self.exponent - 1) < NOTICEABLE else f"size^{self.exponent:.2f}"


def growth(figures: Mapping[int, float]) -> Growth:
    """Return how a figure grows with the size, from its values by size, of which there are at least two."""
    points = [(math.log(size), math.log(figures[size])) for size in sorted(figures)]
    slopes = [(y - y0) / (x - x0) for (x0, y0), (x, y) in pairwise(points)]
    return Growth(max(slopes, key=abs), figures[max(figures)] / figures[min(figures)], line(figures))


def line(figures: Mapping[int, float]) -> Line:
    """Return the line that is nearest to a figure's values by size, by least squares."""
    middle_x, middle_y = fmean(figures), fmean(figures.values())
    spread_x = sum((x - middle_x) ** 2 for x in figures)
    spread_y = sum((y - middle_y) ** 2 for y in figures.values())
    each = sum((x - middle_x) * (y - middle_y) for x, y in figures.items()) / spread_x
    base = middle_y - each * middle_x
    left = sum((y - base - each * x) ** 2 for x, y in figures.items())
    return Line(base, each, 1.0 if spread_y == 0 else 1 - left / spread_y)
