"""A page's published definition as the truth for tests: values and derivatives as tight balls, at any float."""

import keyword
import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement, permutations
from pathlib import Path

import layout
from flint import arb, ctx
from language.displays import read_definitions
from language.page import PageError, read
from language.scope import Scope, Unknowns
from language.tree import Call, Component, Derivative, Number, Symbol

from .evaluate import Evaluator
from .points import BITS, interval
from .roots import along, kinks, roots
from .series import Undecided, Undefined

# A ball is tight within either: a float64 has 53 bits and ends at 2^-1074; a bound may multiply it by ulp(z) <= 2^971.
RELATIVE, ABSOLUTE = 2.0**-70, arb(2) ** -2160
PRECISIONS = (128, 256, 512, 1280, 2560, 5120, 10240)


@dataclass(frozen=True)
class Interval:
    """An interval of floats, with whether each end belongs to it."""

    low: float
    high: float
    closed_low: bool
    closed_high: bool


@cache
def definition(page):
    """The Oracle of `g` on a page: its name (docs/functions/<name>.md), or its path."""
    path = Path(page) if str(page).endswith(".md") else layout.ROOT / "docs" / "functions" / f"{page}.md"
    scope, page = Scope(), read(path)
    read_definitions(read(layout.NOTATION), scope)
    read_definitions(page, scope)
    if "g" not in scope.definitions:
        raise PageError(page, 0, "found no definition of g, expected one")
    return Oracle(scope, "g")


class Oracle:
    """The function `name` of a scope.

    `parameters` maps the names that code uses (alpha, lambda_) to the Interval that the page declares; `domain` is
    that of the argument. Values are balls (flint.arb) that are tight to 2^-70 of their value, or to 2^-2160.
    """

    def __init__(self, scope, name):
        self.scope, self.definition = scope, scope.definitions[name]
        self.symbols = {}
        unknowns, evaluator = Unknowns(scope, [self.definition.body], self.definition.conditions), self.evaluator()
        for symbol in unknowns.free:
            if symbol not in self.definition.formals:
                plain = symbol.lstrip("\\")
                self.symbols[plain + "_" * keyword.iskeyword(plain)] = symbol
        self.parameters = {
            plain: floats(interval(unknowns, symbol, evaluator)) for plain, symbol in self.symbols.items()
        }
        self.domain = floats(interval(unknowns, self.definition.formals[0], evaluator))
        self.is_vector = any(formal in scope.vectors for formal in self.definition.formals)

    def jet(self, z, order=2, side=0, **parameters):
        """[g(z), g'(z), ..., up to `order`] at an exact float.

        At a kink `side` (+1 or -1) selects one; 0 needs both to agree. Raises Undefined where there is no such value.
        """
        environment = self.environment(parameters)

        def attempt():
            evaluator, point = self.evaluator(), arb(z)

            def body(x):
                return evaluator.value(self.definition.body, environment | {self.definition.formals[0]: x})

            if side:
                return evaluator.germ(body, point, order, side)
            value = [body(point)] if order == 0 else evaluator.germ(body, point, order, +1)
            if evaluator.touched and order:
                left, value[0] = evaluator.germ(body, point, order, -1), body(point)
                if not all(a.overlaps(b) for a, b in zip(value, left)):
                    raise Undefined(f"a kink at z = {z}: choose side=+1 or side=-1")
            return value

        return tighten(attempt)

    def parameter_derivative(self, parameter, z, order=0, **parameters):
        """[dg/d(parameter), d2g/dz d(parameter), ... up to `order` times d/dz] at an exact float."""
        [formal] = self.definition.formals
        environment = self.environment(parameters) | {formal: arb(z)}
        call = Call(self.definition.name, (Symbol(formal),))
        nodes = [
            Derivative(call, (*(((Symbol(formal), k),) if k else ()), (Symbol(self.symbols[parameter]), 1)))
            for k in range(order + 1)
        ]
        return tighten(lambda: [self.evaluator().value(node, environment) for node in nodes])

    def kinks(self, **parameters):
        """The points where pieces of the definition meet, as floats."""
        environment, formal, evaluator = self.environment(parameters), self.definition.formals[0], self.evaluator()
        with ctx.workprec(BITS):
            return [float(x.mid()) for x in roots(along(kinks(self.definition.body, evaluator), environment, formal))]

    def tensor(self, z, order=0, **parameters):
        """The derivatives at a sequence of floats: {(i, j, k, ...): d^order g_i / dz_j dz_k ...}, counted from 0.

        Several arguments, as in g_i(a, b), stand one after another in z.
        """
        formals = self.definition.formals
        n = len(z) // len(formals)
        environment = (
            self.environment(parameters)
            | {"n": arb(n)}
            | {formal: tuple(map(arb, map(float, z[k * n : (k + 1) * n]))) for k, formal in enumerate(formals)}
        )
        variables = [Component(formal, (Number(str(k + 1)),)) for formal in formals for k in range(n)]
        found = {}
        for i in range(n):
            entry = Call(self.definition.name, tuple(map(Symbol, formals)), indices=(Number(str(i + 1)),))
            for chosen in combinations_with_replacement(range(len(z)), order):
                node = (
                    Derivative(entry, tuple((variables[j], count) for j, count in Counter(chosen).items()))
                    if order
                    else entry
                )
                [ball] = tighten(lambda node=node: [self.evaluator().value(node, environment)])
                found |= {(i, *places): ball for places in permutations(chosen)}
        return found

    def evaluator(self):
        """A fresh Evaluator of the page's definitions."""
        return Evaluator(self.scope.definitions)

    def environment(self, parameters):
        """The balls of the parameters, by the names of the page; TypeError if one is missing or unknown."""
        if set(parameters) != set(self.symbols):
            raise TypeError(f"expected the parameters {sorted(self.symbols)}, found {sorted(parameters)}")
        return {self.symbols[name]: arb(value) for name, value in parameters.items()}


def tighten(attempt):
    """The balls that `attempt` gives, at the first precision at which all are tight."""
    for precision in PRECISIONS:
        with ctx.workprec(precision):
            try:
                values = attempt()
            except Undecided:
                continue
            if all(map(tight, values)):
                return values
    raise Undefined(f"no tight ball at {PRECISIONS[-1]} bits")


def tight(ball):
    """Whether a ball is small enough to test float64 with."""
    return ball.is_finite() and (ball.rad() <= abs(ball.mid()) * RELATIVE or ball.rad() < ABSOLUTE)


def floats(bounds):
    """A Range as an Interval."""
    low = -math.inf if bounds.low is None else float(bounds.low.mid())
    high = math.inf if bounds.high is None else float(bounds.high.mid())
    return Interval(low, high, *bounds.closed)
