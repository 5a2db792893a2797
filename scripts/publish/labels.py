"""Where the labels of a drawing go: each to the free spot that says best which thing it names."""

from dataclasses import dataclass

import numpy as np

# A spot lies beside its anchor: above, below, right, left, then the diagonals.
SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))
NEAR = 40.0  # pixels: whatever is farther off than this does not matter
CLASH = 60.0  # the cost of lying on something
BATCH = 32  # spots looked at together


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
        anchors, gaps = np.reshape(anchors, (-1, 1, 1, 2)), np.array(gaps)
        centres = anchors + np.sign(sides)[:, None] * (half + gaps[:, None])
        ranks = sum(weight * place for weight, place in zip((0.5, 2, 9), np.indices(centres.shape[:3])))
        tied = np.broadcast_to(gaps > 12, ranks.shape).ravel()
        anchors, centres = np.broadcast_to(anchors, centres.shape).reshape(-1, 2), centres.reshape(-1, 2)
        ends = np.clip(anchors, centres - half, centres + half)
        least = ranks.ravel() + self.taken(centres, half)
        best, order = None, np.argsort(least, kind="stable")
        for spots in np.split(order, range(BATCH, len(order), BATCH)):
            if best and least[spots[0]] >= best.cost:
                break  # no other spot costs less: to look at all would take most of a build
            costs = least[spots] + self.crowd(centres[spots], half, owner)
            costs += CLASH * tied[spots] * self.crossed(anchors[spots], ends[spots])
            spot = spots[costs.argmin()]
            if best is None or costs.min() < best.cost:
                tie = (anchors[spot], ends[spot]) if tied[spot] else ()
                best = Spot(costs.min(), centres[spot], half, tie)
        self.reserve(best.centre, best.half)
        if best.tie:
            self.take(np.linspace(*best.tie, 12), owner)
        return best

    def taken(self, centres, half):
        """How bad it is to lie outside or over a box, for each of the centres (n, 2)."""
        outside = np.maximum(np.abs(centres - self.size / 2) + half - self.size / 2, 0).sum(axis=-1)
        middles, halves = self.corners()
        overlaps = (np.abs(centres[:, None] - middles) < half + halves + 6).all(axis=-1).sum(axis=-1)
        return 1000 * outside + 400 * overlaps

    def crowd(self, centres, half, owner):
        """How bad it is to lie over points, or near to those of something that the text doesn't name, by centre."""
        x, y = (  # an axis at a time, and no hypot: a third of the time
            np.maximum(np.abs(self.points[:, axis] - centres[:, axis, None]) - half[axis], 0) for axis in (0, 1)
        )
        gaps = np.sqrt(x * x + y * y)
        nearest = gaps[:, self.owners != owner].min(axis=1, initial=NEAR)
        return CLASH * (gaps < 3).sum(axis=1) + NEAR - nearest

    def crossed(self, starts, ends):
        """Whether the lines from starts (n, 2) to ends (n, 2) cross a box."""
        middles, halves = self.corners()
        return (np.abs(np.linspace(starts, ends, 8)[:, :, None] - middles) < halves).all(axis=-1).any(axis=(0, 2))

    def corners(self):
        """Centres and half sizes (n, 2) of the boxes."""
        return np.reshape(self.boxes, (-1, 2, 2)).transpose(1, 0, 2)
