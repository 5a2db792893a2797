"""Whether a relation holds at a point, with as much precision as that takes, and where it comes closest to failing."""

from flint import arb, ctx
from language.interpret import satisfies
from language.tree import infinite

from .evaluate import Smooth
from .series import Undecided, Undefined, certain_sign, shown

PRECISIONS = (192, 384, 768, 1536, 3072, 6144)
FOR_A_VALUE = PRECISIONS[:3]  # a definition needs a value, not many digits of it
FOR_A_GAP = 320
DIGITS = arb(2) ** -166  # 50 digits
TOUCH = 1e-12  # the sides of a strict inequality touch where their distance falls to this part of what it is nearby
COARSE = arb(2) ** -7  # a limit that can only be followed to 2^6 must be this close, and still closing in
NOTHING = arb(2) ** -600  # both sides below this count as equal


class Refused(Exception):
    """A claim that doesn't hold; the message says where and why."""


class Comparison:
    """The two sides of a relation, to be compared at points: environments of `points.unknowns`."""

    def __init__(self, left, right, sign, unit, points):
        self.left, self.right, self.sign, self.unit = left, right, sign, unit
        self.points, self.evaluator = points, points.evaluator

    def value(self, node, environment):
        """A side's ball at the precision in force; infinite for \\pm\\infty."""
        if sign := infinite(node):
            return arb.pos_inf() if sign > 0 else arb.neg_inf()
        value = self.evaluator.value(node, environment)
        if isinstance(value, tuple):
            raise Undefined("a vector where a number is expected")
        return value

    def has_value(self, environment):
        """True if a definition has a value here, False if that takes too much precision; raises Refused."""
        for precision in FOR_A_VALUE:
            with ctx.workprec(precision):
                try:
                    return self.value(self.right, environment) is not None
                except Undecided:
                    continue
                except Undefined as reason:
                    raise Refused(f"at {self.place(environment)}: the definition has no value ({reason})") from None
        return False

    def holds_at(self, environment):
        """True if the relation holds here, False if the point says nothing (overflow); raises Refused."""
        self.evaluator.rough = self.evaluator.costly = False
        for precision in PRECISIONS:
            with ctx.workprec(precision):
                values = self.values(environment)
                if values is None:
                    continue
                verdict = decide(self.sign, *values, self.unit, self.evaluator.rough)
                if verdict is False:
                    left, right = map(shown, values)
                    place = self.place(environment)
                    raise Refused(f"at {place}: the left side is {left}, the right side {right}")
            if verdict:
                return True
            if self.evaluator.costly:
                break
        else:
            if values and self.evaluator.rough and self.sign == "=" and close(*values):
                return True
        if self.evaluator.rough and not self.evaluator.costly:
            raise Refused(f"at {self.place(environment)}: the integral or limit can't be followed to 50 digits")
        return False

    def values(self, environment):
        """Both sides' balls, None if they need more precision; raises Refused where a side has no value."""
        values = []
        for side, name in ((self.left, "left"), (self.right, "right")):
            try:
                values.append(self.value(side, environment))
            except Undecided:
                return None
            except Undefined as reason:
                raise Refused(f"at {self.place(environment)}: the {name} side has no value ({reason})") from None
        return None if any(value.is_nan() for value in values) else values

    def place(self, environment):
        """A point in words."""

        def text(value):
            if isinstance(value, tuple):
                return "(" + ", ".join(map(text, value)) + ")"
            return shown(value if isinstance(value, arb) else self.evaluator.value(value, environment), 17)

        unknowns = self.points.unknowns
        names = sorted([*unknowns.free, *unknowns.vectors, *unknowns.indices], key=lambda name: name != "z")
        with ctx.workprec(PRECISIONS[0]):
            found = [f"{name.lstrip(chr(92))} = {text(environment[name])}" for name in names if name in environment]
        return ", ".join(found) or "this place"

    # Where an inequality is tightest

    def closest(self):
        """(environment, whether they touch) where the sides come nearest or cross, for a few settings of parameters."""
        unknowns, points = self.points.unknowns, self.points
        if "z" not in unknowns.free or "z" in unknowns.values or points.dimensions:
            return
        for number in range(4 if len(unknowns.free) > 1 else 1):
            environment = unknowns.values | {name: Smooth(points.random) for name in unknowns.arbitrary}
            for name in unknowns.free:
                if name != "z" and name not in environment:
                    environment[name] = points.parameter(name, number)
            for x, touching in self.valleys(environment):
                point = environment | {"z": x}
                if points.satisfied(point):
                    yield point, touching

    def gap(self, environment):
        """The distance of the two sides, as a float."""
        with ctx.workprec(FOR_A_GAP):
            try:
                left, right = (self.value(side, environment) for side in (self.left, self.right))
                return abs(float((left - right).mid()))
            except (Undecided, Undefined, OverflowError):
                return float("inf")

    def valleys(self, environment):
        """(z, whether they touch) where the distance of the two sides has a local minimum, the three deepest."""

        def gap(x):
            return self.gap(environment | {"z": arb(x)})

        grid = [k / 8 for k in range(-96, 97)]
        gaps = [gap(x) for x in grid]
        for k in sorted(local_minima(gaps), key=lambda k: gaps[k])[:3]:
            low, high = grid[k - 1], grid[k + 1]
            for _ in range(50):
                a, b = low + (high - low) / 3, high - (high - low) / 3
                low, high = (low, b) if gap(a) < gap(b) else (a, high)
            x = (low + high) / 2
            yield arb(x), gap(x) < TOUCH * min(gaps[k - 1], gaps[k + 1])


def close(left, right):
    """Whether two values are near enough to be those of a limit that can't be followed far."""
    with ctx.workprec(PRECISIONS[-1]):
        return abs(left - right) < COARSE


def local_minima(values):
    """The positions of the values that are below one neighbour and not above the other."""
    for k, (before, here, after) in enumerate(zip(values, values[1:], values[2:]), 1):
        if before > here <= after or before >= here < after:
            yield k


def decide(sign, left, right, unit, rough):
    """True or False if the balls decide the relation, None if more precision is needed."""
    if not (left.is_finite() and right.is_finite()):
        return decide_infinite(sign, left, right)
    difference = left - right
    if sign == r"\approx":
        return decide_digits(difference, unit)
    if sign in ("<", ">", r"\le", r"\ge") and not rough:
        return decide_order(sign, difference)
    equal = alike(difference, left, right, rough)
    apart = 0 if rough and equal else certain_sign(difference) or 0
    if not apart and not equal:
        return None
    return satisfies(apart, sign)


def decide_digits(difference, unit):
    """Whether two numbers agree to half a unit of the last digit shown."""
    if abs(difference) <= unit / 2:
        return True
    return False if abs(difference) > unit / 2 else None


def decide_infinite(sign, left, right):
    """The same where a side is infinite: only an exact infinity decides."""
    if not any(value.is_exact() and not value.is_finite() for value in (left, right)):
        return None
    return {
        "=": left == right,
        r"\ne": left != right,
        "<": left < right,
        ">": left > right,
        r"\le": left <= right,
        r"\ge": left >= right,
    }.get(sign, False)


def alike(difference, left, right, rough):
    """Whether two sides agree to 50 digits; a limit or an integral may be off by a little more."""
    bound, size = difference.abs_upper(), max(left.abs_lower(), right.abs_lower())
    return bound <= DIGITS * size or bound <= NOTHING or rough and bound <= 16 * DIGITS * max(1, size)


def decide_order(sign, difference):
    """Orders are decided by the difference's sign, equality by an exact zero or one to very many digits."""
    if difference > 0:
        return sign in (">", r"\ge")
    if difference < 0:
        return sign in ("<", r"\le")
    if difference.is_zero():
        return sign in (r"\le", r"\ge")
    if ctx.prec == PRECISIONS[-1] and difference.abs_upper() < arb(2) ** (-ctx.prec // 2) and sign in (r"\le", r"\ge"):
        return True
    return None
