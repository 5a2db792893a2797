"""Evaluate expressions in ball arithmetic: derivatives by Taylor series, germs at kinks, integrals and limits."""

from fractions import Fraction
from functools import cache, lru_cache
from math import factorial, prod

from flint import arb, arb_series, ctx, fmpq

from .interpret import Interpreter
from .syntax import Call, Compare, Component, Constant, Node, Number, Power, Quotient, Symbol, children, infinite, walk

QUADRATURE_BITS = 190  # to which an integral is computed: 50 digits are 166 bits
TAIL = 32  # an integrand that vanishes from there to 16 times the distance ends: exp(-32^2/2) is 2^-738
LIMIT_EXPONENTS = (
    (64, 128, 256, 512),
    (3, 4, 5, 6),
)  # a limit is followed to 2^512 or within 2^-512, where balls allow no more, to 2^6


class Undefined(Exception):
    """The expression has no value at this point; the message says why."""


class Undecided(Exception):
    """The balls are too wide to decide; more precision may help."""


class Smooth:
    """A random smooth function, in the place of an arbitrary one: a + b x + c x^2 + d sin(r x + s)."""

    def __init__(self, random):
        draw = lambda low, high: Fraction(random.randrange(low * 64, high * 64) | 1, 64)
        self.polynomial = [draw(-2, 3), draw(-2, 2), draw(-1, 1)]
        self.wave = draw(1, 3), draw(1, 3), draw(-3, 3)

    def derivative(self, order, x):
        number = lambda fraction: arb(fmpq(fraction.numerator, fraction.denominator))
        height, rate, phase = map(number, self.wave)
        total = height * rate**order * sine(x * rate + phase + arb.pi() * order / 2)
        for power, coefficient in enumerate(self.polynomial):
            if power >= order:
                total = total + number(coefficient) * factorial(power) / factorial(power - order) * x ** (power - order)
        return total


def constant(value):
    """A series' value at its point."""
    return value[0] if isinstance(value, arb_series) else value


def coefficients(value, length):
    return [value[k] for k in range(length)] if isinstance(value, arb_series) else [value] + [arb(0)] * (length - 1)


def sine(x):
    return x.sin()


def sinh_cosh(x):
    if not isinstance(x, arb_series):
        return x.sinh_cosh()
    sinh, cosh = x[0].sinh_cosh()  # by the addition theorem: e^x - e^-x would lose the digits of a tiny x
    step = x - x[0]
    up, down = step.exp(), (-step).exp()
    even, odd = (up + down) / 2, (up - down) / 2
    return sinh * even + cosh * odd, cosh * even + sinh * odd


def tanh(x):
    if not isinstance(x, arb_series):
        return x.tanh()
    sign = -1 if x[0] < 0 else 1
    tail = (
        x * (-2 * sign)
    ).exp()  # 1 - 2w/(1 + w) keeps the digits of the derivatives far out, where sinh/cosh would lose them
    series = sign - sign * 2 * tail / (1 + tail)
    return arb_series([x[0].tanh(), *series.coeffs()[1:]], x.prec)


def logarithm(x):
    first = constant(x)
    if first <= 0:
        raise Undefined("the logarithm of a number that isn't positive")
    return x.log() if first > 0 else undecided()


def square_root(x):
    first = constant(x)
    if first < 0:
        raise Undefined("the square root of a negative number")
    if first.is_zero() and isinstance(x, arb_series):
        raise Undefined("the derivative of the square root at 0")
    return x.sqrt() if first > 0 or first.is_zero() else undecided()


def undecided():
    raise Undecided


def divide(numerator, denominator):
    first = constant(denominator)
    if first.is_zero():
        return divide_germs(numerator, denominator)
    if first.contains(0):
        raise Undecided
    return numerator / denominator


def divide_germs(numerator, denominator):
    """0/0 of two germs: cancel the powers of t that both begin with."""
    if not isinstance(denominator, arb_series):
        raise Undefined("a division by zero")
    length = denominator.prec
    above, below = coefficients(numerator, length), coefficients(denominator, length)
    shift = next((k for k in range(length) if not below[k].is_zero()), length)
    if shift == length or any(not coefficient.is_zero() for coefficient in above[:shift]):
        raise Undefined("a division by zero")
    return arb_series(above[shift:], length - shift) / arb_series(below[shift:], length - shift)


BUILTINS = {
    "exp": lambda x: x.exp(),
    "ln": logarithm,
    "sin": sine,
    "cos": lambda x: x.cos(),
    "tan": lambda x: divide(x.sin(), x.cos()),
    "arctan": lambda x: x.atan(),
    "sinh": lambda x: sinh_cosh(x)[0],
    "cosh": lambda x: sinh_cosh(x)[1],
    "tanh": tanh,
    "coth": lambda x: divide(sinh_cosh(x)[1], sinh_cosh(x)[0]),
    "sech": lambda x: 1 / sinh_cosh(x)[1],
    "csch": lambda x: divide(arb(1), sinh_cosh(x)[0]),
    "erf": lambda x: x.erf(),
    "erfc": lambda x: x.erfc(),
    "arsinh": lambda x: x.asinh() if isinstance(x, arb) else (x + (x * x + 1).sqrt()).log(),
    "artanh": lambda x: x.atanh() if isinstance(x, arb) else logarithm(divide(1 + x, 1 - x)) / 2,
}


@lru_cache(maxsize=4096)
def decimal(text, precision):
    fraction = Fraction(text)
    return arb(fmpq(fraction.numerator, fraction.denominator))


class Evaluator(Interpreter):
    """Values of expressions at a point (an environment name -> ball), at the precision that is set in flint's context.

    Inside a derivative the variable is a series in t >= 0 that leaves the point in the direction `side`; comparisons
    then decide for the germ, so that each side of a kink is seen on its own.
    """

    failure, whole, divide = Undefined, staticmethod(arb), staticmethod(divide)

    def __init__(self, definitions):
        super().__init__(definitions)
        self.side, self.length, self.touched = 0, 1, False
        self.rough = self.costly = False  # a limit or an integral was met; an integral
        self.integrals = {}

    def as_whole(self, value):
        number = value.unique_fmpz() if isinstance(value, arb) else None
        if number is None:
            raise Undefined("an index that isn't a whole number")
        return int(number)

    def free(self, name):
        raise Undefined(f"{name}, which has no value here")

    def apply(self, function, node, argument):
        return function.derivative(node.order, argument)

    def primed(self, definition, order, environment):
        body = lambda inside: self.scalar(self.value(definition.body, inside))
        return self.derive(body, Symbol(definition.formals[0]), order, environment)

    def number(self, node, environment):
        return decimal(node.text, ctx.prec)

    def constant(self, node, environment):
        if node.name == "infinity":
            raise Undefined("infinity in an expression")
        return arb.pi() if node.name == "pi" else arb.const_e()

    def power(self, node, environment):
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

    def builtin(self, name, arguments):
        if name in ("max", "min"):
            return self.extremum(name, arguments)
        (argument,) = arguments
        if name == "abs":
            return argument if self.sign(argument) >= 0 else -argument
        if name == "sgn":
            return arb(self.sign(argument))
        return BUILTINS[name](argument)

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
        body = lambda inside: self.scalar(self.value(node.body, inside))
        for variable, order in node.variables:
            body = (lambda body, variable, order: lambda inside: self.derive(body, variable, order, inside))(
                body, variable, order
            )
        return body(environment)

    def derive(self, body, variable, order, environment):
        """The derivative of `body`, a function of the environment, by a variable, a component or a quantity."""
        if (
            isinstance(variable, Symbol)
            and variable.name not in environment
            or isinstance(variable, Component)
            and variable.name not in environment
        ):
            whole = lambda inside: self.scalar(self.value(variable, inside))
            for _ in range(order):  # dX/du = (dX/dz) / (du/dz)
                body = (
                    lambda body: (
                        lambda inside: divide(
                            self.derive(body, Symbol("z"), 1, inside), self.derive(whole, Symbol("z"), 1, inside)
                        )
                    )
                )(body)
            return body(environment)
        if isinstance(variable, Component):
            position = self.index(variable.indices[0], environment) - 1
            old = environment[variable.name][position]

            def put(inside, x):
                vector = inside[variable.name]
                return inside | {variable.name: (*vector[:position], x, *vector[position + 1 :])}
        else:
            old, put = environment[variable.name], lambda inside, x: inside | {variable.name: x}
            old = self.value(old, environment) if isinstance(old, Node) else old
        if isinstance(old, tuple):
            raise Undefined("a derivative with respect to a whole vector")
        if self.side == 0:
            return self.derive_at_point(lambda x: body(put(environment, x)), old, order)
        if order > 2:
            return self.derive(lambda inside: self.derive(body, variable, order - 2, inside), variable, 2, environment)
        return self.derive_along(lambda inside, x: body(put(inside, x)), old, order, environment)

    def derive_at_point(self, body, point, order):
        """The derivative at a point: where a kink is touched, the two sides and the value itself must agree."""
        outer, self.touched = self.touched, False
        derivatives = self.germ(body, point, order, +1)
        if self.touched:
            left = self.germ(body, point, order, -1)
            for k, (here, there) in enumerate(zip([body(point), *derivatives[1:]], left)):
                if not here.overlaps(there) or not derivatives[k].overlaps(there):
                    name = "derivative" if k else "value"
                    raise Undefined(
                        f"a kink: the {name} from the left is {shown(there)}, from the right {shown(derivatives[k])}"
                    )
        self.touched = outer
        return derivatives[order]

    def germ(self, body, point, order, side):
        """Value and derivatives up to `order` at the point, seen from one side."""
        for extra in (0, 2):  # a removable 0/0 cancels powers of t and needs two more terms
            self.side, self.length = side, order + 1 + extra
            try:
                value = body(arb_series([point, side], self.length))
            finally:
                self.side, self.length = 0, 1
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
        lengthen = lambda value: (
            arb_series(value.coeffs(), long)
            if isinstance(value, arb_series)
            else tuple(map(lengthen, value))
            if isinstance(value, tuple)
            else value
        )
        inside = {name: lengthen(value) for name, value in environment.items()}
        moved = lambda c: coefficients(body(inside, lengthen(old) + arb_series([0] * kept + [c], long)), long)[
            order * kept :
        ]
        self.length = long
        try:
            up, down = moved(1), moved(-1)
            if order == 1:
                series = [(a - b) / 2 for a, b in zip(up, down)]
            else:
                series = [a + b - 2 * c for a, b, c in zip(up, down, moved(0))]
        finally:
            self.length = kept
        return arb_series(series, kept)

    # Integrals and limits

    def integral(self, node, environment):
        low, high = (self.end(end, environment) for end in (node.low, node.high))
        return self.quadrature(node, low, high, environment, lambda x: 1)

    def expectation(self, node, environment):
        return self.quadrature(node, -1, 1, environment, lambda x: (x * x * arb(-0.5)).exp() / (2 * arb.pi()).sqrt())

    def end(self, node, environment):
        """A ball, or +1 or -1 for infinity."""
        return infinite(node) or self.scalar(self.value(node, environment))

    def quadrature(self, node, low, high, environment, density):
        """Quadrature, split at the integrand's kinks; a result that is a number is kept for the other points."""
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
        body = lambda x: self.scalar(self.value(node.body, environment | {node.variable: x})) * density(x)
        ends = [None if isinstance(low, int) else low, None if isinstance(high, int) else high]
        inside = lambda x: (ends[0] is None or x > constant(ends[0])) and (ends[1] is None or x < constant(ends[1]))
        along = [
            (lambda find: lambda x: find(environment | {node.variable: x}))(find)
            for find in kinks(node.body, self, poles=False)
        ]
        cuts = [
            x for x in roots([*along, lambda x: x]) if inside(x)
        ]  # and at 0, near which the weight of an infinite range lies
        points, precision = [ends[0], *cuts, ends[1]], ctx.prec
        ctx.prec = QUADRATURE_BITS + 66
        try:
            return sum((self.piece(body, a, b) for a, b in zip(points, points[1:])), arb(0))
        finally:
            ctx.prec = precision

    def piece(self, body, low, high):
        """The integral between two kinks, by Gauss and Legendre's rule or, where that fails, by substitution."""
        if low is None:
            return self.piece(lambda x: body(-x), -high, None)
        found, end = None, low + TAIL if high is None else high
        if high is not None or all(
            abs(constant(body(low + TAIL * k))) < arb(2) ** -(QUADRATURE_BITS + 30) for k in range(1, 17)
        ):
            found = self.panel(body, low, end, 8)
        if found is None and high is None:
            found = self.refine(lambda x: body(low + x), True)
        elif found is None:
            found = self.refine(lambda x: body(low + (high - low) * x) * (high - low), False)
        return undecided() if found is None else found

    def panel(self, body, low, high, depth):
        """Gauss and Legendre's rule with 30 and 50 points, on halves where these differ; None if that doesn't end."""
        coarse, fine = (
            sum((body(low + (high - low) * x) * weight for x, weight in legendre_nodes(n, ctx.prec)), arb(0))
            * (high - low)
            for n in (30, 50)
        )
        if (found := self.settled(fine, coarse)) is not None:
            return found
        if not depth:
            return None
        middle = (low + high) / 2
        left = self.panel(body, low, middle, depth - 1)
        right = None if left is None else self.panel(body, middle, high, depth - 1)
        return None if right is None else left + right

    def settled(self, fine, coarse):
        """The finer value with its error as its radius, if that is small enough.

        Both rules converge geometrically at least, from 30 to 50 points or to half the step, so the relative error is
        less than the relative change to the power 3/2. This is evidence, not proof.
        """
        change = max(c.abs_upper() for c in coefficients(fine - coarse, self.length))
        size = max(c.abs_upper() for c in coefficients(fine, self.length))
        error = change * (change / size).sqrt() if size > 0 else change
        if not (change < size / 2 or change.is_zero()) or not (
            error < arb(2) ** -QUADRATURE_BITS * (1 + abs(constant(fine)).upper())
        ):
            return None
        blur = arb(0, float(error.abs_upper()))
        return fine + blur if isinstance(fine, arb) else arb_series([c + blur for c in fine.coeffs()], self.length)

    def refine(self, body, infinite):
        """A double-exponential substitution, its step halved until that changes little; None if it never does."""
        total, last = arb(0), None
        for level in range(3, 8):
            for x, weight in quadrature_nodes(level, infinite, ctx.prec):
                total = total + body(x) * weight
            estimate = total * arb(2) ** -level
            if last is not None and (found := self.settled(estimate, last)) is not None:
                return found
            last = estimate
        return None

    def limit(self, node, environment):
        if self.side:
            raise Undefined("a limit inside a derivative")
        self.rough = True
        target = node.target
        far = infinite(target)
        start = arb(0) if far else self.scalar(self.value(target, environment))
        sides = [far] if far else [node.side] if node.side else [1, -1]
        found = [
            self.follow(
                node,
                environment,
                lambda exponent: start + side * arb(1.125) * arb(2) ** (exponent if far else -exponent),
            )
            for side in sides
        ]
        if len(found) == 2 and not found[0].overlaps(found[1]):
            raise Undefined(f"no limit: {shown(found[1])} from the left, {shown(found[0])} from the right")
        return found[0]

    def follow(self, node, environment, point):
        """The value far out, with the change on the last stretch, twice, as its radius."""
        for exponents in LIMIT_EXPONENTS if ctx.prec > 3000 else LIMIT_EXPONENTS[:1]:
            try:
                values = [
                    self.scalar(self.value(node.body, environment | {node.variable: point(exponent)}))
                    for exponent in exponents
                ]
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


@cache
def legendre_nodes(n, precision):
    """Gauss and Legendre's n points and weights on (0, 1)."""
    pairs = (arb.legendre_p_root(n, k, weight=True) for k in range(n))
    return [((x + 1) / 2, weight / 2) for x, weight in pairs]


@cache
def quadrature_nodes(level, infinite, precision):
    """What a level adds, t = k/2^level: x = exp(pi/2 sinh t) on (0, inf), x = 1/(1 + exp(-pi sinh t)) on (0, 1)."""
    nodes = []
    for k in range(-6 * 2**level, 6 * 2**level + 1):
        if k % 2 or level == 3:
            sinh, cosh = (arb(k) / 2**level).sinh_cosh()
            if infinite:
                x = (arb.pi() * sinh / 2).exp()
                weight = arb.pi() / 2 * cosh * x
            else:
                tail = (-arb.pi() * sinh).exp()
                x = 1 / (1 + tail)
                weight = arb.pi() * cosh * tail * x * x
            if weight > arb(2) ** -(precision + 40):
                nodes.append((arb(x.mid()), arb(weight.mid())))
    return nodes


# Where an expression's pieces meet


def kinks(node, evaluator, seen=None, poles=True):
    """Functions that change sign where two pieces of a tree meet or, with `poles`, where it may have no value."""
    seen = set() if seen is None else seen
    if node in seen:
        return
    seen.add(node)

    def difference(left, right):
        number = lambda side, environment: evaluator.scalar(evaluator.value(side, environment))
        return lambda environment: number(left, environment) - number(right, environment)

    if isinstance(node, Compare):
        yield difference(node.left, node.right)
    elif isinstance(node, Call) and node.name in ("abs", "sgn", *["ln"] * poles):
        yield difference(node.arguments[0], Number("0"))
    elif isinstance(node, Call) and node.name in ("max", "min"):
        for position, left in enumerate(node.arguments):
            yield from (difference(left, right) for right in node.arguments[:position])
    elif isinstance(node, Quotient) and poles:
        yield difference(node.denominator, Number("0"))
    elif isinstance(node, Power) and poles and not isinstance(node.base, Constant):
        yield difference(node.base, Number("0"))
    definition = evaluator.definitions.get(node.name) if isinstance(node, (Call, Symbol, Component)) else None
    if definition:
        arguments, indices = getattr(node, "arguments", ()), getattr(node, "indices", ())
        inner = lambda find: (
            lambda environment: find(
                environment
                | {
                    name: evaluator.value(argument, environment)
                    for name, argument in zip((*definition.formals, *definition.indices), (*arguments, *indices))
                }
            )
        )
        yield from map(inner, kinks(definition.body, evaluator, set() if arguments or indices else seen, poles))
    for child in children(node):
        yield from kinks(child, evaluator, seen, poles)


GRID = sorted({sign * Fraction(k, 4) for sign in (1, -1) for k in (*range(41), *range(48, 129, 8), 256, 1024, 4096)})


def roots(functions):
    """The points where one of the functions of one ball changes sign or is 0, as exact balls, in order."""
    found, precision = set(), ctx.prec
    ctx.prec = 128
    try:
        for function in functions:
            signs = [sign_at(function, x) for x in GRID]
            found.update(x for x, sign in zip(GRID, signs) if sign == 0 and any(signs))
            for low, high, before, after in zip(GRID, GRID[1:], signs, signs[1:]):
                if before and after and before != after:
                    found.add(bisect(function, low, high, before))
    finally:
        ctx.prec = precision
    return [arb(fmpq(x.numerator, x.denominator)) for x in sorted(found)]


def sign_at(function, x):
    """The sign of function(x): 0 only if it is exactly 0, None where it isn't known."""
    try:
        value = constant(function(arb(fmpq(x.numerator, x.denominator))))
    except (Undefined, Undecided):
        return None
    return 0 if value.is_zero() else 1 if value > 0 else -1 if value < 0 else None


def bisect(function, low, high, before):
    for _ in range(64):
        middle = (low + high) / 2
        sign = sign_at(function, middle)
        if not sign:
            return middle
        low, high = (middle, high) if sign == before else (low, middle)
    return low


def shown(value, digits=15):
    """A ball as a number of some digits, for a message."""
    if not value.is_finite():
        return "infinity" if value > 0 else "-infinity" if value < 0 else "nothing finite"
    text = value.str(digits, radius=False)
    return "0" if value.contains(0) and abs(value) < arb(10) ** -40 else text
