"""Where a claim is tried: random points under its conditions, in every piece, at the ends and far out."""

import itertools
from dataclasses import dataclass

from flint import arb, ctx, fmpq

from .evaluate import Smooth
from .roots import along, kinks, roots
from .series import Undecided, Undefined

BITS = 128  # the precision at which points are drawn and conditions tested
POINTS = 40  # a relation is tried at this many points, in every region between the kinks, if it has a free variable
DIMENSIONS = (2, 3, 5)  # vector identities are checked for these lengths, and all indices
A_FEW, SOME, MANY = 2, 6, 56  # points in a piece: of vectors, with several free numbers, with one
FOR_CUTS = 8  # rounds in which the ends of the pieces are looked for
DRAWN, TRIED = 4000, 400  # points drawn at most, and of these under the conditions


@dataclass(frozen=True)
class Range:
    """What the conditions allow a variable: ends as balls or None, and whether each belongs to it."""

    low: arb | None = None
    high: arb | None = None
    closed: tuple = (False, False)


def interval(unknowns, name, evaluator):
    """The Range of a variable: the narrowest that the conditions with a number on one side leave."""
    ends, closed = [None, None], [False, False]
    with ctx.workprec(BITS):
        for end, tree, shut in unknowns.bounds(name):
            value, old = evaluator.value(tree, {}), ends[end]
            if old is None or (value <= old if end else value >= old):
                ends[end], closed[end] = value, shut
    return Range(*ends, tuple(closed))


class Points:
    """The points at which a relation with these Unknowns is tried; `random` draws them.

    A point is an environment (name -> ball, vector of balls, tree or Smooth function), with a flag for round numbers
    and ends of pieces.
    """

    def __init__(self, unknowns, evaluator, random):
        self.unknowns, self.evaluator, self.random = unknowns, evaluator, random
        self.dimensions = DIMENSIONS if unknowns.sized else ()

    def __iter__(self):
        """(environment, special) where the conditions hold; round numbers and ends of pieces are special."""
        found = itertools.islice(self.allowed(), TRIED)
        while True:
            with ctx.workprec(BITS):  # not around the yield: the precision in between is the caller's
                point = next(found, None)
            if point is None:
                return
            yield point

    def allowed(self):
        """The candidates at which the conditions hold."""
        for environment, special in itertools.islice(self.candidates(), DRAWN):
            if self.satisfied(environment):
                yield environment, special

    def satisfied(self, environment):
        """Whether all conditions certainly hold at a point."""
        with ctx.workprec(BITS):
            try:
                return self.evaluator.all_hold(self.unknowns.conditions, environment)
            except (Undecided, Undefined):
                return False

    def candidates(self):
        """Points for each length of the vectors, each round with other vectors, functions and parameters."""
        unknowns = self.unknowns
        for n in self.dimensions or (None,):
            combinations = list(itertools.product(range(1, (n or 0) + 1), repeat=len(unknowns.indices)))
            for number in range(self.rounds(n, len(combinations))):
                start = {"n": arb(n)} if n else {}
                start |= {name: tuple(self.entry(number) for _ in range(n)) for name in unknowns.vectors}
                start |= {name: Smooth(self.random) for name in unknowns.arbitrary}
                for environment, special in self.scalars(start, number, few=bool(n)):
                    for combination in combinations:
                        yield environment | dict(zip(unknowns.indices, map(arb, combination))), special

    def rounds(self, n, combinations):
        """How often all is drawn again: enough for POINTS, and for several parameters or arbitrary functions."""
        unknowns = self.unknowns
        if not unknowns.free and not unknowns.vectors and not unknowns.arbitrary:
            return 1
        if n:
            return max(2, -(-POINTS // combinations))
        return 16 if len(unknowns.free) > 1 or unknowns.arbitrary else 1

    def entry(self, number):
        """An entry of a vector: whole numbers first, so that entries are equal at times."""
        return arb(self.random.randrange(-4, 5)) if number == 0 else self.dyadic(-6, 6)

    def dyadic(self, low, high):
        """A random number between two others, with few bits so that it is exact."""
        return arb(fmpq(self.random.randrange(1, 2**12), 2**12)) * (high - low) + low

    def scalars(self, start, number, few):
        """Points along one variable, z or in turn, with the other free numbers drawn once."""
        environment = start | self.unknowns.values
        order = [name for name in self.unknowns.free if name not in environment]
        if not order:
            yield environment, True
            return
        main = "z" if "z" in order else order[number % len(order)]
        order.remove(main)
        environment |= {name: self.parameter(name, number) for name in order}
        cuts = self.cuts(main, environment) if number < FOR_CUTS else []
        special = [arb(x) for x in (0, 1, -1, 2, -2)]
        for x in [*special[: 1 if few else 5], *cuts]:
            yield environment | {main: x}, True
        several = order or self.unknowns.arbitrary
        for x in self.inside([None, *cuts, None], A_FEW if few else SOME if several else MANY):
            yield environment | {main: x}, False

    def inside(self, ends, count):
        """So many points between each two ends."""
        for low, high in zip(ends, ends[1:]):
            for k in range(count):
                yield self.between(low, high, k)

    def cuts(self, name, environment):
        """The points on the line of one variable where a condition or an expression changes its piece, if found."""
        unknowns = self.unknowns
        trees = (*unknowns.conditions, *unknowns.sides)
        found = itertools.chain.from_iterable(kinks(tree, self.evaluator) for tree in trees)
        whole = environment | dict(zip(unknowns.indices, itertools.repeat(arb(1))))
        try:
            return roots(along(found, whole, name))
        except (Undefined, Undecided):
            return []

    def between(self, low, high, k):
        """A point of a piece: inside, now and then close to an end, far out where it has none."""
        if low is not None and high is not None:
            if k % 6 == 5:
                return low + (high - low) * arb(2) ** -self.random.randrange(8, 40)
            return self.dyadic(low, high)
        step = self.magnitude(k)
        if low is not None:
            return low + step
        return high - step if high is not None else step * self.random.choice((1, -1))

    def magnitude(self, k):
        """A positive number: mostly up to 8, at times tiny, large or very large."""
        if k % 8 == 5:
            return arb(self.random.randrange(1, 2**10)) * arb(2) ** -self.random.randrange(12, 60)
        if k % 8 == 6:
            return self.dyadic(8, 60)
        return self.dyadic(60, 800) if k % 16 == 7 else self.dyadic(0, 8)

    def parameter(self, name, number):
        """A value of a parameter in its range: the closed ends first, then points inside, near the ends and far out."""
        bounds = interval(self.unknowns, name, self.evaluator)
        low, high = bounds.low, bounds.high
        ends = [end for end, shut in zip((low, high), bounds.closed) if end is not None and shut]
        if number < len(ends):
            return ends[number]
        if number == len(ends) and (low is None or low < 1) and (high is None or high > 1):
            return arb(1)
        return self.between(low, high, number)
