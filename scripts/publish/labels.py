"""Where the labels of a drawing go: each to the free spot that says best which thing it names."""

from itertools import product

import numpy as np

# A spot lies beside its anchor: above, below, right, left, then the diagonals.
SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))
NEAR = 40.0  # pixels: whatever is farther off than this does not matter
CLASH = 60.0  # the cost of lying on something


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
        """The best spot for a text of this font size beside one of the anchors: (cost, x of its centre, its baseline,
        and the ends of a line that ties it to an anchor too far off, or None).

        Early anchors, sides and gaps are preferred where spots are equally free. From a cost of CLASH on, the text
        lies on something.
        """
        half = np.array([0.28 * size * len(text), 0.42 * size])  # as wide as the widest of the fonts
        best = (np.inf,)
        for (i, anchor), (j, side), (k, gap) in product(*map(enumerate, (anchors, sides, gaps))):
            centre = anchor + np.sign(side) * (half + gap)
            cost = self.cost(centre, half, owner) + 0.3 * i + 2 * j + 9 * k
            if cost < best[0]:
                tie = (anchor, np.clip(anchor, centre - half, centre + half)) if gap > 12 else None
                best = cost, centre[0], centre[1] - 0.35 * size, tie
                box = centre, half
        self.reserve(*box)
        return best

    def cost(self, centre, half, owner):
        """How bad a box is: outside, over something, near to something that the text does not name."""
        outside = np.maximum(np.abs(centre - self.size / 2) + half - self.size / 2, 0).sum()
        gaps = np.linalg.norm(np.maximum(np.abs(self.points - centre) - half, 0), axis=1)
        overlaps = sum((np.abs(centre - other) < half + taken + 3).all() for other, taken in self.boxes)
        nearest = gaps[self.owners != owner].min(initial=NEAR)
        return 1000 * outside + 400 * overlaps + CLASH * (gaps < 3).sum() + (NEAR - nearest)
