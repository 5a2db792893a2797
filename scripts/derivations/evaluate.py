"""Evaluate expressions in ball arithmetic: derivatives by Taylor series, germs at kinks, integrals and limits."""

from contextlib import contextmanager
from fractions import Fraction
from math import factorial, prod

from flint import arb, arb_series, ctx
from language.interpret import Interpreter
from language.tree import Component, Constant, Node, Symbol, infinite, walk

from .quadrature import integrate
from .roots import along, kinks, roots
from .series import (
    OF_NUMBERS,
    PRIMITIVES,
    Undecided,
    Undefined,
    ball,
    coefficients,
    constant,
    decimal,
    divide,
    logarithm,
    shown,
    square_root,
)

# A limit is followed to 2^512 or within 2^-512, where balls allow no more, to 2^6.
LIMIT_EXPONENTS = ((64, 128, 256, 512), (3, 4, 5, 6))


class Smooth:
    """A random smooth function, in the place of an arbitrary one: a + b x + c x^2 + d sin(r x + s)."""

    def __init__(self, random):
        def draw(low, high):
            return Fraction(random.randrange(low * 64, high * 64) | 1, 64)

        self.polynomial = [draw(-2, 3), draw(-2, 2), draw(-1, 1)]
        self.wave = draw(1, 3), draw(1, 3), draw(-3, 3)

    def derivative(self, order, x):
        """The derivative of that order at a number or along a series."""
        height, rate, phase = map(ball, self.wave)
        total = height * rate**order * (x * rate + phase + arb.pi() * order / 2).sin()
        for power, coefficient in enumerate(self.polynomial):
            if power >= order:
                total = total + ball(coefficient) * factorial(power) / factorial(power - order) * x ** (power - order)
        return total


class Evaluator(Interpreter):
    """Values of expressions at a point (an environment name -> ball), at the precision that is set in flint's context.

    Inside a derivative the variable is a series in t >= 0 that leaves the point in the direction `side`, with `length`
    terms; comparisons then decide for the germ, so that each side of a kink is seen on its own. `touched` says that
    one was decided by two values that are equal; `rough` that a limit or an integral was met, `costly` that an
    integral was.
    """

    failure, whole, divide = Undefined, staticmethod(arb), staticmethod(divide)

    def __init__(self, definitions):
        super().__init__(definitions)
        self.side, self.length, self.touched = 0, 1, False
        self.rough = self.costly = False
        self.integrals = {}

    @contextmanager
    def series_of(self, length, side=None):
        """Within, series have so many terms and, if a side is given, leave their point in that direction."""
        outer = self.side, self.length
        self.side, self.length = self.side if side is None else side, length
        try:
            yield
        finally:
            self.side, self.length = outer

    def as_whole(self, value):
        """The whole number that a ball is; Undefined for any other."""
        number = value.unique_fmpz() if isinstance(value, arb) else None
        if number is None:
            raise Undefined("an index that isn't a whole number")
        return int(number)

    def free(self, name):
        """A symbol without a value."""
        raise Undefined(f"{name}, which has no value here")

    def apply(self, function, node, argument):
        """An arbitrary function or its derivative, at a number or along a series."""
        return function.derivative(node.order, argument)

    def primed(self, definition, order, environment):
        """The derivative of a defined function at the value that its argument has here."""

        def body(inside):
            return self.scalar(self.value(definition.body, inside))

        return self.derive(body, Symbol(definition.formals[0]), order, environment)

    def number(self, node, environment):
        """A decimal number."""
        return decimal(node.text, ctx.prec)

    def constant(self, node, environment):
        """pi or e."""
        if node.name == "infinity":
            raise Undefined("infinity in an expression")
        return arb.pi() if node.name == "pi" else arb.const_e()

    def power(self, node, environment):
        """A power: of e, whole, half, or by the logarithm."""
        exponent = self.scalar(self.value(node.exponent, environment))
        if node.base == Constant("e"):
            return exponent.exp()
        base = self.scalar(self.value(node.base, environment))
        if isinstance(exponent, arb) and exponent.is_integer():
            whole = int(exponent.unique_fmpz())
            power = prod([base] * abs(whole), start=arb(1))  # base**2 is NaN for a ball that holds 0
            return power if whole >= 0 else divide(arb(1), power)
        if isinstance(exponent, arb) and (exponent * 2).is_integer():
            root = square_root(base)
            whole = int((exponent * 2).unique_fmpz())
            return root**whole if whole >= 0 else divide(arb(1), root**-whole)
        if constant(base).is_zero() and constant(exponent) > 0 and self.side == 0:
            return arb(0)
        return (logarithm(base) * exponent).exp()

    def primitive(self, name, argument):
        """A function of the table by its own algorithm, or None."""
        if name == "abs":
            return argument if self.sign(argument) >= 0 else -argument
        if name == "sgn":
            return arb(self.sign(argument))
        if name in OF_NUMBERS and isinstance(argument, arb):
            return OF_NUMBERS[name](argument)
        return PRIMITIVES[name](argument) if name in PRIMITIVES else None

    def sign(self, value):
        """-1, 0 or 1, of a number, or of a germ for small positive t."""
        for coefficient in coefficients(value, value.prec) if isinstance(value, arb_series) else [value]:
            if coefficient > 0:
                return 1
            if coefficient < 0:
                return -1
            if not coefficient.is_zero():
                raise Undecided
            self.touched = True
        return 0

    # Derivatives

    def derivative(self, node, environment):
        """A derivative by one variable after another."""

        def body(inside):
            return self.scalar(self.value(node.body, inside))

        for variable, order in node.variables:
            body = self.derivative_of(body, variable, order)
        return body(environment)

    def derivative_of(self, body, variable, order):
        """The derivative of a function of the environment, as a function of the environment."""
        return lambda inside: self.derive(body, variable, order, inside)

    def derive(self, body, variable, order, environment):
        """The derivative of `body`, a function of the environment, by a variable, a component or a quantity."""
        if variable.name not in environment:
            for _ in range(order):
                body = self.by_quantity(body, variable)
            return body(environment)
        old, put = self.place(variable, environment)
        if self.side == 0:
            return self.derive_at_point(lambda x: body(put(environment, x)), old, order)
        if order > 2:
            return self.derive(self.derivative_of(body, variable, order - 2), variable, 2, environment)
        return self.derive_along(lambda inside, x: body(put(inside, x)), old, order, environment)

    def by_quantity(self, body, variable):
        """dX/du = (dX/dz) / (du/dz) for a quantity u that depends on z."""

        def whole(inside):
            return self.scalar(self.value(variable, inside))

        z = Symbol("z")
        return lambda inside: divide(self.derive(body, z, 1, inside), self.derive(whole, z, 1, inside))

    def place(self, variable, environment):
        """The value of a variable or component, and how to put another in its place."""
        name = variable.name
        if isinstance(variable, Component):
            position = self.index(variable.indices[0], environment) - 1
            old = environment[name][position]

            def put(inside, x):
                vector = inside[name]
                return inside | {name: (*vector[:position], x, *vector[position + 1 :])}
        else:
            old = environment[name]
            old = self.value(old, environment) if isinstance(old, Node) else old

            def put(inside, x):
                return inside | {name: x}

        if isinstance(old, tuple):
            raise Undefined("a derivative with respect to a whole vector")
        return old, put

    def derive_at_point(self, body, point, order):
        """The derivative at a point: where a kink is touched, the two sides and the value itself must agree."""
        outer, self.touched = self.touched, False
        try:
            derivatives = self.germ(body, point, order, +1)
            if self.touched:
                left = self.germ(body, point, order, -1)
                for k, (here, there) in enumerate(zip([body(point), *derivatives[1:]], left)):
                    if not here.overlaps(there) or not derivatives[k].overlaps(there):
                        name, sides = "derivative" if k else "value", (shown(there), shown(derivatives[k]))
                        raise Undefined("a kink: the {} from the left is {}, from the right {}".format(name, *sides))
        finally:
            self.touched = outer
        return derivatives[order]

    def germ(self, body, point, order, side):
        """Value and derivatives up to `order` at the point, seen from one side."""
        for extra in (0, 2):  # a removable 0/0 cancels powers of t and needs two more terms
            with self.series_of(order + 1 + extra, side):
                value = body(arb_series([point, side], self.length))
            if not isinstance(value, arb_series) or value.prec > order:
                return [c * factorial(k) * side**k for k, c in enumerate(coefficients(value, order + 1))]
        raise Undefined("a division by zero")

    def derive_along(self, body, old, order, environment):
        """The derivative inside another one, as a series in t.

        The variable moves by c t^L, beyond the L terms that are kept, so the coefficient of c^order in the terms from
        t^(order L) on is the derivative along the series; c = 1, -1 and 0 separate it from the other terms.
        """
        kept = self.length
        long = kept * (order + 1)
        inside = {name: lengthened(value, long) for name, value in environment.items()}

        def moved(c):
            step = arb_series([0] * kept + [c], long)
            return coefficients(body(inside, lengthened(old, long) + step), long)[order * kept :]

        with self.series_of(long):
            up, down = moved(1), moved(-1)
            if order == 1:
                series = [(a - b) / 2 for a, b in zip(up, down)]
            else:
                series = [a + b - 2 * c for a, b, c in zip(up, down, moved(0))]
        return arb_series(series, kept)

    # Integrals and limits

    def integral(self, node, environment):
        """An integral between two numbers or infinities."""
        low, high = (self.end(end, environment) for end in (node.low, node.high))
        return self.weighted(node, low, high, environment, lambda x: 1)

    def expectation(self, node, environment):
        """The integral with the normal density."""

        def density(x):
            return (x * x * arb(-0.5)).exp() / (2 * arb.pi()).sqrt()

        return self.weighted(node, -1, 1, environment, density)

    def end(self, node, environment):
        """A ball, or +1 or -1 for infinity."""
        return infinite(node) or self.scalar(self.value(node, environment))

    def weighted(self, node, low, high, environment, density):
        """The integral with a density; a result that is a number is kept for the other points."""
        self.rough = self.costly = True
        if isinstance(low, int) and low > 0 or isinstance(high, int) and high < 0:
            raise Undefined("an integral whose infinite ends are in the wrong order")
        if (self.reach(node) - {node.variable}) & environment.keys():
            return self.integrate(node, low, high, environment, density)
        if node not in self.integrals:  # a number: the same at every point
            self.integrals[node] = self.integrate(node, low, high, environment, density)
        return self.integrals[node]

    def reach(self, node):
        """The names that a tree depends on, through the definitions that it uses."""
        found, open_nodes = set(), [node]
        while open_nodes:
            for part in walk(open_nodes.pop()):
                name = getattr(part, "name", None)
                if name and name not in found:
                    found.add(name)
                    if name in self.definitions:
                        open_nodes.append(self.definitions[name].body)
        return found

    def integrate(self, node, low, high, environment, density):
        """Quadrature, split at the integrand's kinks and at 0, near which the weight of an infinite range lies."""

        def body(x):
            return self.scalar(self.value(node.body, environment | {node.variable: x})) * density(x)

        low, high = (None if isinstance(end, int) else end for end in (low, high))

        def inside(x):
            return (low is None or x > constant(low)) and (high is None or x < constant(high))

        pieces = along(kinks(node.body, self, poles=False), environment, node.variable)
        cuts = [x for x in roots([*pieces, lambda x: x]) if inside(x)]
        return integrate(body, [low, *cuts, high], self.length)

    def limit(self, node, environment):
        """The value far out or close to the target, from one side or from both."""
        if self.side:
            raise Undefined("a limit inside a derivative")
        self.rough = True
        far = infinite(node.target)
        start = arb(0) if far else self.scalar(self.value(node.target, environment))
        one_side = far or node.side

        def approach(side):
            return lambda exponent: start + side * arb(1.125) * arb(2) ** (exponent if far else -exponent)

        found = [self.follow(node, environment, approach(side)) for side in ([one_side] if one_side else [1, -1])]
        if len(found) == 2 and not found[0].overlaps(found[1]):
            raise Undefined(f"no limit: {shown(found[1])} from the left, {shown(found[0])} from the right")
        return found[0]

    def follow(self, node, environment, point):
        """The value far out, with the change on the last stretch, twice, as its radius."""
        for exponents in LIMIT_EXPONENTS if ctx.prec > 3000 else LIMIT_EXPONENTS[:1]:
            try:
                places = [environment | {node.variable: point(exponent)} for exponent in exponents]
                values = [self.scalar(self.value(node.body, place)) for place in places]
            except Undecided:
                continue
            if all(value.is_finite() for value in values):
                break
        else:
            raise Undecided
        a, b, c = (value.abs_lower() for value in values[1:])
        if c > 100 and b > a * 1.4 and c > b * 1.4:
            return arb.pos_inf() if values[-1] > 0 else arb.neg_inf()
        return values[-1] + arb(0, 1) * abs(values[-1] - values[-2]) * 2


def lengthened(value, length):
    """A value of the environment with its series continued to so many terms."""
    if isinstance(value, tuple):
        return tuple(lengthened(entry, length) for entry in value)
    return arb_series(value.coeffs(), length) if isinstance(value, arb_series) else value
