"""Expressions with derivatives, limits and integrals in normal form: elements of a field, piece by piece."""

from language.tree import Symbol, infinite

from .calculus import Growth, gaussian_integral, limit_at_point
from .elements import Elements
from .ring import GiveUp, NeedSign


class Normalizer(Elements):
    """Expressions as elements of a Field, which also keeps what is assumed of the region and of the germ in force."""

    def apply(self, function, node, argument):
        """An arbitrary function, of which only the derivative is known."""
        return self.field.opaque(node.name, argument, node.order)

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
        inside = environment | {formal: place}
        with field.assuming(pending={slot: argument, **field.pending}):
            value = self.differentiate(lambda: self.value(definition.body, inside), slot, order)
            return field.substitute(value, slot, argument)

    # Limits and integrals

    def end(self, node, environment):
        """An element, or +1 or -1 for infinity."""
        return infinite(node) or self.scalar(self.value(node, environment))

    def limit(self, node, environment):
        """A limit as an element; +1 or -1 stands for an infinite one."""
        field, target = self.field, self.end(node.target, environment)
        if field.direction or field.pending or field.far is not None:
            raise GiveUp("a limit inside another, or inside a derivative")
        return (self.limit_far_out if isinstance(target, int) else self.limit_close)(node, environment, target)

    def limit_far_out(self, node, environment, target):
        """The limit at an infinity, by growth."""
        field, place = self.field, self.field.variable("far")
        (slot,) = place.slots()
        with field.assuming(far=slot, facts=[*field.facts, (place.num, 1)]):
            value = self.scalar(self.value(node.body, environment | {node.variable: place * field.element(target)}))
            return Growth(field, slot).limit(value)

    def limit_close(self, node, environment, target):
        """The limit at a point, from one side or equal from both."""
        field, place, found = self.field, self.field.variable("near"), []
        (slot,) = place.slots()
        with field.assuming(pending={slot: target}):
            for side in [node.side] if node.side else [1, -1]:
                with field.assuming(direction=(slot, side)):
                    value = self.scalar(self.value(node.body, environment | {node.variable: place}))
                found.append(limit_at_point(field, value, slot, target))
            if not field.settle(found[0] - found[-1]).num.is_zero():
                raise GiveUp("a limit that differs from the two sides")
        return found[0]

    def integral(self, node, environment):
        """An integral of a polynomial, or of one times a Gaussian."""
        low, high = (self.end(end, environment) for end in (node.low, node.high))
        return self.gaussian(node, environment, low, high, self.field.element(1))

    def expectation(self, node, environment):
        """The integral with the normal density."""
        field, x = self.field, self.field.variable(f"dummy {node.variable}")
        density = field.exp(-x * x / field.element(2)) / field.sqrt(field.element(2) * field.pi())
        return self.gaussian(node, environment, -1, 1, density)

    def gaussian(self, node, environment, low, high, density):
        """An integral, cut at 0 if the integrand's pieces meet there."""
        field, dummy = self.field, self.field.variable(f"dummy {node.variable}")
        (slot,) = dummy.slots()
        if field.direction or any(poly.degrees()[slot] for poly, _ in field.facts):
            raise GiveUp("an integral inside a derivative")

        def integrated(start, stop):
            value = self.scalar(self.value(node.body, environment | {node.variable: dummy}))
            return gaussian_integral(field, value * density, slot, start, stop)

        try:
            return integrated(low, high)
        except NeedSign as need:
            if need.polynomial != dummy.num or (low, high) != (-1, 1):
                raise GiveUp("an integrand in pieces") from None
        total = field.element(0)
        for sign, start, stop in ((-1, -1, field.element(0)), (1, field.element(0), 1)):
            with field.assuming(facts=[*field.facts, (dummy.num, sign)]):
                total += integrated(start, stop)
        return total

    # Derivatives

    def derivative(self, node, environment):
        """A derivative by one variable after another; what is differentiated is a function without arguments."""

        def body():
            return self.scalar(self.value(node.body, environment))

        for variable, order in node.variables:
            body = self.along(body, variable, order, environment)
        return body()

    def along(self, body, variable, order, environment):
        """The derivative of `body` by a variable or, by the chain rule, by a quantity."""
        if variable.name not in environment and variable.name in self.definitions:
            for _ in range(order):
                body = self.by_quantity(body, variable, environment)
            return body
        slot = self.field.variable_slot(self.scalar(self.value(variable, environment)))
        if slot is None:
            raise GiveUp("a derivative with respect to something that isn't a variable")
        return lambda: self.differentiate(body, slot, order)

    def by_quantity(self, body, variable, environment):
        """dX/du = (dX/dz) / (du/dz) for a quantity u that depends on z."""

        def inner():
            return self.scalar(self.value(variable, environment))

        z = Symbol("z")
        return lambda: self.along(body, z, 1, environment)() / self.along(inner, z, 1, environment)()

    def differentiate(self, body, slot, order):
        """The derivative of a value; at a kink both sides, and the value itself, must agree."""
        field = self.field
        if field.direction is not None:
            return self.repeat(self.inside(body, slot), slot, order)
        with field.assuming(direction=(slot, 1), touched=False):
            right = body()
            if field.touched:
                field.direction = (slot, -1)
                left = body()
                field.direction = None
                self.check_joint(right, left, body(), slot, order)
        return self.repeat(right, slot, order)

    def inside(self, body, slot):
        """The value inside another derivative, where no kink may be touched but along its own variable."""
        field = self.field
        if field.direction[0] == slot:
            return body()
        with field.assuming(touched=False):
            value = body()
            if field.touched:
                raise GiveUp("a kink of two variables")
        return value

    def check_joint(self, right, left, middle, slot, order):
        """Give up unless the sides agree: in value, also with the point's own, and in derivatives up to the order."""
        for k in range(order + 1):
            for other in (left, middle) if k == 0 else (left,):
                gap = self.repeat(right, slot, k) - self.repeat(other, slot, k)
                if not self.field.settle(gap).num.is_zero():
                    raise GiveUp("a kink")

    def repeat(self, value, slot, order):
        """The derivative of a value, so many times."""
        for _ in range(order):
            value = self.field.derivative(value, slot)
        return value
