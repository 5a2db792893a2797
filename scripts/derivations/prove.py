"""Decide relations by a normal form: rational functions of exponentials, roots and opaque functions, piece by piece."""

import itertools

from flint import fmpq

from .algebra import LARGEST, Field, Fraction, GiveUp, NeedSign, Refine
from .calculus import Growth, gaussian_integral, limit_at_point
from .interpret import Interpreter, satisfies
from .syntax import Constant, Limit, Member, Symbol, infinite

SPLITS = 7  # how many signs may be assumed one after another
REGIONS = 400  # and how many regions that may make in all


class Normalizer(Interpreter):
    """Expressions as elements of a Field."""

    failure = GiveUp

    def __init__(self, field, definitions):
        super().__init__(definitions)
        self.field, self.whole, self.sign, self.free = field, field.element, field.sign, field.variable

    def as_whole(self, value):
        number = self.scalar(value).rational()
        if number is None or number.q != 1:
            raise GiveUp("an index that isn't a whole number")
        return int(number.p)

    def scalar(self, value):
        if not isinstance(value, Fraction):
            raise GiveUp("a vector or an infinite limit where a number is expected")
        return value

    def divide(self, left, right):
        return self.scalar(left) / right

    def apply(self, function, node, argument):
        return self.field.opaque(node.name, argument, node.order)

    def number(self, node, environment):
        whole, _, decimals = node.text.partition(".")
        return self.field.element(fmpq(int(whole + decimals), 10 ** len(decimals)))

    def constant(self, node, environment):
        if node.name == "infinity":
            raise GiveUp("infinity")
        return self.field.pi() if node.name == "pi" else self.field.exp(self.field.element(1))

    def power(self, node, environment):
        exponent = self.scalar(self.value(node.exponent, environment))
        if node.base == Constant("e"):
            return self.field.exp(exponent)
        base, number = self.scalar(self.value(node.base, environment)), exponent.rational()
        if number is not None and number.q in (1, 2) and abs(number.p) <= LARGEST:
            return self.field.power(base, number)
        return self.field.exp(exponent * self.field.ln(base))

    def primed(self, definition, order, environment):
        """g'(u): differentiate the body with respect to its own variable, then put u in its place."""
        field, formal = self.field, definition.formals[0]
        argument = self.scalar(environment[formal])
        slot = field.variable_slot(argument)
        if slot is not None:
            return self.differentiate(lambda: self.value(definition.body, environment), slot, order)
        place = field.variable(f"argument {len(field.pending)}")
        slot = field.variable_slot(place)
        if slot in field.pending:
            raise GiveUp("nested arguments")
        field.pending = {slot: argument, **field.pending}
        try:
            value = self.differentiate(lambda: self.value(definition.body, environment | {formal: place}), slot, order)
            return field.substitute(value, slot, argument)
        finally:
            field.pending = {k: v for k, v in field.pending.items() if k != slot}

    def builtin(self, name, arguments):
        field, one, two = self.field, self.field.element(1), self.field.element(2)
        x = arguments[0]
        if name in ("max", "min"):
            return self.extremum(name, arguments)
        if name in ("abs", "sgn"):
            sign = field.element(field.sign(x))
            return sign if name == "sgn" else x * sign
        if name in ("sin", "cos", "tan"):
            cosine, sine = field.angle(x)
            return {"sin": lambda: sine, "cos": lambda: cosine, "tan": lambda: sine / cosine}[name]()
        if name in ("exp", "ln"):
            return getattr(field, name)(x)
        if name in ("erf", "arctan"):
            return field.odd(name, x)
        if name == "erfc":
            return one - field.odd("erf", x)
        if name == "arsinh":
            return field.ln(x + field.sqrt(x * x + one))
        if name == "artanh":
            return field.ln((one + x) / (one - x)) / two
        up = field.exp(x)
        sinh, cosh = (up - one / up) / two, (up + one / up) / two
        return {
            "sinh": lambda: sinh,
            "cosh": lambda: cosh,
            "tanh": lambda: sinh / cosh,
            "coth": lambda: cosh / sinh,
            "sech": lambda: one / cosh,
            "csch": lambda: one / sinh,
        }[name]()

    # Limits and integrals

    def end(self, node, environment):
        """An element, or +1 or -1 for infinity."""
        return infinite(node) or self.scalar(self.value(node, environment))

    def limit(self, node, environment):
        """A limit as an element; +1 or -1 stands for an infinite one."""
        field, target = self.field, self.end(node.target, environment)
        if field.direction or field.pending or field.far is not None:
            raise GiveUp("a limit inside another, or inside a derivative")
        place = field.variable("far" if isinstance(target, int) else "near")
        (slot,) = place.slots()
        facts = field.facts
        try:
            if isinstance(target, int):
                field.far, field.facts = slot, [*facts, (place.num, 1)]
                value = self.scalar(self.value(node.body, environment | {node.variable: place * field.element(target)}))
                return Growth(field, slot).limit(value)
            field.pending, found = {slot: target}, []
            for side in [node.side] if node.side else [1, -1]:
                field.direction = (slot, side)
                value = self.scalar(self.value(node.body, environment | {node.variable: place}))
                field.direction = None
                found.append(limit_at_point(field, value, slot, target))
            if not field.settle(found[0] - found[-1]).num.is_zero():
                raise GiveUp("a limit that differs from the two sides")
            return found[0]
        finally:
            field.facts, field.pending, field.direction, field.far = facts, {}, None, None

    def integral(self, node, environment):
        return self.gaussian(
            node, environment, self.end(node.low, environment), self.end(node.high, environment), self.field.element(1)
        )

    def expectation(self, node, environment):
        field, x = self.field, self.field.variable(f"dummy {node.variable}")
        density = field.exp(-x * x / field.element(2)) / field.sqrt(field.element(2) * field.pi())
        return self.gaussian(node, environment, -1, 1, density)

    def gaussian(self, node, environment, low, high, density):
        """An integral, cut at 0 if the integrand's pieces meet there."""
        field, dummy = self.field, self.field.variable(f"dummy {node.variable}")
        (slot,) = dummy.slots()
        body = lambda: self.scalar(self.value(node.body, environment | {node.variable: dummy})) * density
        facts = field.facts
        if field.direction or any(poly.degrees()[slot] for poly, _ in facts):
            raise GiveUp("an integral inside a derivative")
        try:
            return gaussian_integral(field, body(), slot, low, high)
        except NeedSign as need:
            if need.polynomial != dummy.num or (low, high) != (-1, 1):
                raise GiveUp("an integrand in pieces") from None
            total = field.element(0)
            for sign, start, stop in ((-1, -1, field.element(0)), (1, field.element(0), 1)):
                field.facts = [*facts, (dummy.num, sign)]
                total += gaussian_integral(field, body(), slot, start, stop)
            return total
        finally:
            field.facts = facts

    # Derivatives

    def derivative(self, node, environment):
        body = lambda: self.scalar(self.value(node.body, environment))
        for variable, order in node.variables:
            body = self.along(body, variable, order, environment)
        return body()

    def along(self, body, variable, order, environment):
        if variable.name not in environment and variable.name in self.definitions:

            def once(body):  # dX/du = (dX/dz) / (du/dz)
                inner, z = lambda: self.scalar(self.value(variable, environment)), Symbol("z")
                return lambda: self.along(body, z, 1, environment)() / self.along(inner, z, 1, environment)()

            for _ in range(order):
                body = once(body)
            return body
        slot = self.field.variable_slot(self.scalar(self.value(variable, environment)))
        if slot is None:
            raise GiveUp("a derivative with respect to something that isn't a variable")
        return lambda: self.differentiate(body, slot, order)

    def differentiate(self, body, slot, order):
        """The derivative of a value; at a kink both sides, and the value itself, must agree."""
        field = self.field
        outer, touched = field.direction, field.touched
        if outer is not None:
            if outer[0] != slot:
                field.touched = False
                value = body()
                if field.touched:
                    raise GiveUp("a kink of two variables")
                field.touched = touched
            else:
                value = body()
            return self.repeat(value, slot, order)
        try:
            field.direction, field.touched = (slot, 1), False
            right = body()
            if field.touched:
                field.direction = (slot, -1)
                left = body()
                field.direction = None
                middle = body()
                for k in range(order + 1):
                    for other in (left, middle) if k == 0 else (left,):
                        gap = self.repeat(right, slot, k) - self.repeat(other, slot, k)
                        if not field.settle(gap).num.is_zero():
                            raise GiveUp("a kink")
        finally:
            field.direction, field.touched = outer, touched
        return self.repeat(right, slot, order)

    def repeat(self, value, slot, order):
        for _ in range(order):
            value = self.field.derivative(value, slot)
        return value


def proves(scope, left, right, relation, conditions, declared, dimensions, indices):
    """Whether the relation is proved for all that the conditions allow (for vectors of these dimensions)."""
    scales = {}
    for _ in range(8):
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
    arbitrary = {name: True for name in scope.arbitrary}
    for n in dimensions or (None,):
        vectors = (
            {name: tuple(field.variable(f"{name}[{k + 1}]") for k in range(n)) for name in scope.vectors} if n else {}
        )
        for combination in itertools.product(range(1, (n or 0) + 1), repeat=len(indices)):
            yield (
                arbitrary
                | vectors
                | ({"n": field.element(n)} if n else {})
                | dict(zip(indices, map(field.element, combination)))
            )


class Proof:
    """One relation in one environment, split into regions by the signs that decide its pieces."""

    def __init__(self, field, scope, left, right, relation, conditions, environment):
        self.field, self.normalizer = field, Normalizer(field, scope.definitions)
        self.left, self.right, self.relation = left, right, relation
        self.conditions = [condition for condition in conditions if not isinstance(condition, Member)]
        self.environment, self.regions = environment, 0

    def holds(self):
        return self.region([])

    def region(self, facts):
        self.regions += 1
        self.field.facts, self.field.direction, self.field.pending, self.field.far = facts, None, {}, None
        try:
            if not self.possible():
                return True
            if isinstance(self.left, Limit) and infinite(self.right):
                return self.normalizer.limit(self.left, self.environment) == self.normalizer.end(
                    self.right, self.environment
                )
            difference = self.normalizer.scalar(
                self.normalizer.value(self.left, self.environment)
            ) - self.normalizer.scalar(self.normalizer.value(self.right, self.environment))
            if self.relation == "=":
                return self.field.settle(difference).num.is_zero()
            return satisfies(self.field.sign(difference), self.relation)
        except NeedSign as need:
            if len(facts) >= SPLITS or self.regions > REGIONS or not self.splits(need.polynomial):
                return False
            return all(self.region([*facts, (need.polynomial, sign)]) for sign in (1, 0, -1))

    def splits(self, polynomial):
        """Whether regions are told apart by this sign: that of an expression in variables and functions of them."""
        kinds = {self.field.generators[k].kind for k, degree in enumerate(polynomial.degrees()) if degree > 0}
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
