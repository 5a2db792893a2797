"""Where the pieces of an expression meet: its kinks and poles as sign changes along one variable."""

from fractions import Fraction

from flint import ctx
from language.conditions import conditions
from language.expressions import formula
from language.functions import FUNCTIONS
from language.tree import Call, Compare, Component, Constant, Number, Power, Quotient, Symbol, children

from .series import Undecided, Undefined, ball, certain_sign, constant

SEARCH_BITS = 128  # the precision at which sign changes are looked for
GRID = sorted({sign * Fraction(k, 4) for sign in (1, -1) for k in (*range(41), *range(48, 129, 8), 256, 1024, 4096)})


def kinks(node, evaluator, seen=None, poles=True):
    """Functions that change sign where two pieces of a tree meet or, with `poles`, where it may have no value.

    Each takes an environment (name -> ball) and gives a ball.
    """
    seen = set() if seen is None else seen
    if node in seen:
        return
    seen.add(node)
    for left, right in meetings(node, poles):
        yield difference(left, right, evaluator)
    definition = evaluator.definitions.get(node.name) if isinstance(node, (Call, Symbol, Component)) else None
    if definition:
        arguments, indices = getattr(node, "arguments", ()), getattr(node, "indices", ())
        names = dict(zip((*definition.formals, *definition.indices), (*arguments, *indices)))
        inside = kinks(definition.body, evaluator, set() if names else seen, poles)
        yield from (substituted(find, names, evaluator) for find in inside)
    elif isinstance(node, Call) and node.name in FUNCTIONS:
        for tree in table_kinks(node.name, poles):
            yield substituted(difference(*tree, evaluator), {"x": node.arguments[0]}, evaluator)
    for child in children(node):
        yield from kinks(child, evaluator, seen, poles)


def meetings(node, poles):
    """The pairs of trees that are equal where a tree's own pieces meet."""
    if isinstance(node, Compare):
        yield node.left, node.right
    elif isinstance(node, Call) and node.name in FUNCTIONS and FUNCTIONS[node.name].several:
        for position, left in enumerate(node.arguments):
            yield from ((left, right) for right in node.arguments[:position])
    elif isinstance(node, Quotient) and poles:
        yield node.denominator, Number("0")
    elif isinstance(node, Power) and poles and not isinstance(node.base, Constant):
        yield node.base, Number("0")


def table_kinks(name, poles):
    """The same of a function of the table, in x: its kinks, and the ends of a primitive's domain."""
    row = FUNCTIONS[name]
    if row.kinks:
        yield formula(row.kinks), Number("0")
    if poles and row.domain and not row.definition:
        yield from ((condition.left, condition.right) for condition in conditions(row.domain))


def difference(left, right, evaluator):
    """The difference of two trees as a function of the environment."""

    def found(environment):
        values = (evaluator.scalar(evaluator.value(side, environment)) for side in (left, right))
        return next(values) - next(values)

    return found


def substituted(find, names, evaluator):
    """A function of the environment in which these names have the values of these trees."""
    return lambda environment: find(
        environment | {name: evaluator.value(tree, environment) for name, tree in names.items()}
    )


def along(functions, environment, name):
    """The same functions on the line of one variable."""

    def on_line(function):
        return lambda x: function(environment | {name: x})

    return [on_line(function) for function in functions]


def roots(functions):
    """The points where one of the functions of one ball changes sign or is 0, as exact balls, in order."""
    found = set()
    with ctx.workprec(SEARCH_BITS):
        for function in functions:
            signs = [sign_at(function, x) for x in GRID]
            found.update(x for x, sign in zip(GRID, signs) if sign == 0 and any(signs))
            for low, high, before, after in zip(GRID, GRID[1:], signs, signs[1:]):
                if before and after and before != after:
                    found.add(bisect(function, low, high, before))
        return [ball(x) for x in sorted(found)]


def sign_at(function, x):
    """The sign of function(x): 0 only if it is exactly 0, None where it isn't known."""
    try:
        value = constant(function(ball(x)))
    except (Undefined, Undecided):
        return None
    return 0 if value.is_zero() else certain_sign(value)


def bisect(function, low, high, before):
    """Where a function that has the sign `before` at `low` changes it, to 2^-64 of the interval."""
    for _ in range(64):
        middle = (low + high) / 2
        sign = sign_at(function, middle)
        if not sign:
            return middle
        low, high = (middle, high) if sign == before else (low, middle)
    return low
