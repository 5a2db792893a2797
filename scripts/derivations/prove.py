"""Decide relations by a normal form: rational functions of exponentials, roots and opaque functions, piece by piece."""

import itertools

from flint import ctx
from language.interpret import satisfies
from language.tree import Limit, Member, infinite

from .algebra import Field
from .normalize import Normalizer
from .ring import GiveUp, NeedSign, Refine, occurring

SPLITS = 7  # how many signs may be assumed one after another
REGIONS = 400  # and how many regions that may make in all
ATTEMPTS = 8  # with finer and finer fractions of exponentials
BITS = 192  # the precision at which the sign of a number is looked up


def proves(scope, left, right, relation, conditions, declared, dimensions, indices):
    """Whether the relation is proved for all that the conditions allow (for vectors of these dimensions)."""
    scales = {}
    with ctx.workprec(BITS):
        for _ in range(ATTEMPTS):
            field = Field(scales, [])
            try:
                return all(
                    Proof(field, scope, left, right, relation, [*conditions, *declared], environment).holds()
                    for environment in environments(field, scope, dimensions, indices)
                )
            except Refine:
                continue
            except (GiveUp, RecursionError):
                return False
    return False


def environments(field, scope, dimensions, indices):
    """What names stand for: arbitrary functions, and for each length of the vectors their entries and all indices."""
    arbitrary = dict.fromkeys(scope.arbitrary, True)
    for n in dimensions or (None,):
        sized = {name: entries(field, name, n) for name in scope.vectors} | {"n": field.element(n)} if n else {}
        for combination in itertools.product(range(1, (n or 0) + 1), repeat=len(indices)):
            yield arbitrary | sized | dict(zip(indices, map(field.element, combination)))


def entries(field, name, n):
    """A vector of variables."""
    return tuple(field.variable(f"{name}[{k + 1}]") for k in range(n))


class Proof:
    """One relation in one environment, split into regions by the signs that decide its pieces."""

    def __init__(self, field, scope, left, right, relation, conditions, environment):
        self.field, self.normalizer = field, Normalizer(field, scope.definitions)
        self.left, self.right, self.relation = left, right, relation
        self.conditions = [condition for condition in conditions if not isinstance(condition, Member)]
        self.environment, self.regions = environment, 0

    def holds(self):
        """Whether the relation is proved."""
        return self.region([])

    def region(self, facts):
        """Whether it is proved where these facts hold; a sign that isn't known splits the region in three."""
        self.regions += 1
        try:
            with self.field.assuming(facts=facts, direction=None, pending={}, far=None):
                return not self.possible() or self.decided()
        except NeedSign as need:
            if len(facts) >= SPLITS or self.regions > REGIONS or not self.splits(need.polynomial):
                return False
            return all(self.region([*facts, (need.polynomial, sign)]) for sign in (1, 0, -1))

    def decided(self):
        """Whether the normal forms of the two sides satisfy the relation."""
        read, environment = self.normalizer, self.environment
        if isinstance(self.left, Limit) and infinite(self.right):
            return read.limit(self.left, environment) == read.end(self.right, environment)
        left, right = (read.scalar(read.value(side, environment)) for side in (self.left, self.right))
        if self.relation == "=":
            return self.field.settle(left - right).num.is_zero()
        return satisfies(self.field.sign(left - right), self.relation)

    def splits(self, polynomial):
        """Whether regions are told apart by this sign: that of an expression in variables and functions of them."""
        kinds = {self.field.generators[k].kind for k in occurring(polynomial)}
        return kinds <= {"variable", "function"}

    def possible(self):
        """Whether the conditions can hold here; one that isn't about variables alone is left out, which proves more."""
        for condition in self.conditions:
            try:
                if not self.normalizer.holds(condition, self.environment):
                    return False
            except NeedSign as need:
                if self.splits(need.polynomial):
                    raise
            except GiveUp:
                continue
        return True
