"""A page's published definition as the truth for tests: values and derivatives as tight balls, at any float."""

import keyword
import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations_with_replacement, permutations
from pathlib import Path

from flint import arb, ctx

from . import latex, ledger, page as pages
from .check import Domain, read_definitions
from .evaluate import Evaluator, Undecided, Undefined, kinks, roots
from .syntax import Call, Component, Derivative, Number, Symbol

# A ball is tight within either: a float64 has 53 bits and ends at 2^-1074; a bound may multiply it by ulp(z) <= 2^971.
RELATIVE, ABSOLUTE = 2.0**-70, arb(2) ** -2160
PRECISIONS = (128, 256, 512, 1280, 2560, 5120, 10240)


@dataclass(frozen=True)
class Interval:
    low: float
    high: float
    closed_low: bool
    closed_high: bool


@lru_cache(maxsize=None)
def definition(page):
    """The Oracle of `g` on a page: its name (docs/functions/<name>.md), or its path."""
    path = Path(page) if str(page).endswith(".md") else ledger.ROOT / "docs" / "functions" / f"{page}.md"
    scope, page = latex.Scope(), pages.read(path)
    read_definitions(pages.read(ledger.NOTATION), scope)
    read_definitions(page, scope)
    if "g" not in scope.definitions:
        raise pages.PageError(page, 0, "found no definition of g, expected one")
    return Oracle(scope, "g")


class Oracle:
    """The function `name` of a scope.

    `parameters` maps the names that code uses (alpha, lambda_) to the Interval that the page declares; `domain` is
    that of the argument. Values are balls (flint.arb) that are tight to 2^-70 of their value, or to 2^-2160.
    """

    def __init__(self, scope, name):
        self.scope, self.definition = scope, scope.definitions[name]
        self.symbols = {}
        domain = Domain(scope, [self.definition.body], self.definition.conditions, None)
        for symbol in domain.free:
            if symbol not in self.definition.formals:
                plain = symbol.lstrip("\\")
                self.symbols[plain + "_" * keyword.iskeyword(plain)] = symbol
        self.parameters = {plain: interval(domain, symbol) for plain, symbol in self.symbols.items()}
        self.domain = interval(domain, self.definition.formals[0])
        self.is_vector = any(formal in scope.vectors for formal in self.definition.formals)

    def jet(self, z, order=2, side=0, **parameters):
        """[g(z), g'(z), ..., up to `order`] at an exact float.

        At a kink `side` (+1 or -1) selects one; 0 needs both to agree. Raises Undefined where there is no such value.
        """
        environment = self.environment(parameters)

        def attempt():
            evaluator, point = Evaluator(self.scope.definitions), arb(z)
            body = lambda x: evaluator.value(self.definition.body, environment | {self.definition.formals[0]: x})
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
        return tighten(lambda: [Evaluator(self.scope.definitions).value(node, environment) for node in nodes])

    def kinks(self, **parameters):
        """The points where pieces of the definition meet, as floats."""
        environment = self.environment(parameters)
        ctx.prec = 128
        evaluator = Evaluator(self.scope.definitions)
        find = kinks(self.definition.body, evaluator)
        return [
            float(x.mid())
            for x in roots([(lambda f: lambda x: f(environment | {self.definition.formals[0]: x}))(f) for f in find])
        ]

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
                [ball] = tighten(lambda: [Evaluator(self.scope.definitions).value(node, environment)])
                found |= {(i, *places): ball for places in permutations(chosen)}
        return found

    def environment(self, parameters):
        if set(parameters) != set(self.symbols):
            raise TypeError(f"expected the parameters {sorted(self.symbols)}, found {sorted(parameters)}")
        return {self.symbols[name]: arb(value) for name, value in parameters.items()}


def tighten(attempt):
    """The balls that `attempt` gives, at the first precision at which all are tight."""
    for ctx.prec in PRECISIONS:
        try:
            values = attempt()
        except Undecided:
            continue
        if all(
            value.is_finite() and (value.rad() <= abs(value.mid()) * RELATIVE or value.rad() < ABSOLUTE)
            for value in values
        ):
            return values
    raise Undefined(f"no tight ball at {PRECISIONS[-1]} bits")


def interval(domain, symbol):
    low, high, closed = domain.range(symbol)
    return Interval(
        -math.inf if low is None else float(low.mid()), math.inf if high is None else float(high.mid()), *closed
    )
