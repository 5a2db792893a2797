"""Where the labels of a drawing go: each to the free spot that says best which thing it names."""

from dataclasses import dataclass
from itertools import product

import numpy as np

# A spot lies beside its anchor: above, below, right, left, then the diagonals.
SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))
NEAR = 40.0  # pixels: whatever is farther off than this does not matter
CLASH = 60.0  # the cost of lying on something


@dataclass(frozen=True)
class Spot:
    """A place for a text; from a cost of CLASH on, something else is there."""

    cost: float
    centre: np.ndarray
    half: np.ndarray  # half the width and half the height of the text
    tie: tuple  # the ends of a line to its anchor if that is far off, or ()


class Room:
    """What is taken of a drawing: points that stand for lines, each with the name of what it belongs to, and boxes."""

    def __init__(self, width, height):
        self.size = np.array([width, height], float)
        self.points, self.owners, self.boxes = np.empty((0, 2)), np.empty(0, str), []

    def take(self, points, owner):
        """Add points (n, 2) of the thing called `owner`."""
        self.points = np.concatenate([self.points, points])
        self.owners = np.concatenate([self.owners, [owner] * len(points)])

    def reserve(self, centre, half):
        """Add a box."""
        self.boxes.append((np.array(centre), np.array(half)))

    def place(self, text, size, anchors, *, owner="", sides=SIDES, gaps=(6,)):
        """Take the best spot for a text of this font size beside one of the anchors and return it.

        Early anchors, sides and gaps are preferred where spots are equally free.
        """
        half = np.array([0.28 * size * len(text), 0.42 * size])  # as wide as the widest of the fonts
        best = None
        for (i, anchor), (j, side), (k, gap) in product(*map(enumerate, (anchors, sides, gaps))):
            rank = 0.5 * i + 2 * j + 9 * k
            if best and rank >= best.cost:
                continue  # no spot costs less than its rank; to look at all would take most of a build
            centre = anchor + np.sign(side) * (half + gap)
            tie = (anchor, np.clip(anchor, centre - half, centre + half)) if gap > 12 else ()
            cost = rank + self.cost(centre, half, owner, tie)
            if best is None or cost < best.cost:
                best = Spot(cost, centre, half, tie)
        self.reserve(best.centre, best.half)
        if best.tie:
            self.take(np.linspace(*best.tie, 12), owner)
        return best

    def cost(self, centre, half, owner, tie):
        """How bad a spot is: outside, over something, near to something that the text does not name."""
        outside = np.maximum(np.abs(centre - self.size / 2) + half - self.size / 2, 0).sum()
        gaps = np.linalg.norm(np.maximum(np.abs(self.points - centre) - half, 0), axis=1)
        nearest = gaps[self.owners != owner].min(initial=NEAR)
        overlaps = crossings = 0
        if self.boxes:
            middles, halves = np.array(self.boxes).transpose(1, 0, 2)
            overlaps = (np.abs(centre - middles) < half + halves + 6).all(axis=-1).sum()
            if tie:
                crossings = (np.abs(np.linspace(*tie, 8)[:, None] - middles) < halves).all(axis=-1).any()
        return 1000 * outside + 400 * overlaps + CLASH * ((gaps < 3).sum() + crossings) + NEAR - nearest
