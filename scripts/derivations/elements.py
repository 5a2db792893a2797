"""Arithmetic with the elements of a field, as far as one expression goes: no derivative, limit or integral."""

from flint import fmpq
from language.functions import FUNCTIONS
from language.interpret import Interpreter
from language.tree import Constant

from .ring import LARGEST, Fraction, GiveUp


class Elements(Interpreter):
    """Expressions as elements of a Field (environment: name -> element); GiveUp for what has no normal form."""

    failure = GiveUp

    def __init__(self, field, definitions):
        super().__init__(definitions)
        self.field, self.whole, self.sign, self.free = field, field.element, field.sign, field.variable

    def as_whole(self, value):
        """The whole number that an element is."""
        number = self.scalar(value).rational()
        if number is None or number.q != 1:
            raise GiveUp("an index that isn't a whole number")
        return int(number.p)

    def scalar(self, value):
        """An element; a vector or an infinite limit in its place is a failure."""
        if not isinstance(value, Fraction):
            raise GiveUp("a vector or an infinite limit where a number is expected")
        return value

    def divide(self, left, right):
        """The quotient of two elements."""
        return self.scalar(left) / right

    def number(self, node, environment):
        """A decimal number, exactly."""
        whole, _, decimals = node.text.partition(".")
        return self.field.element(fmpq(int(whole + decimals), 10 ** len(decimals)))

    def constant(self, node, environment):
        """pi or e."""
        if node.name == "infinity":
            raise GiveUp("infinity")
        return self.field.pi() if node.name == "pi" else self.field.exp(self.field.element(1))

    def power(self, node, environment):
        """A power: of e, whole, half, or by the logarithm."""
        exponent = self.scalar(self.value(node.exponent, environment))
        if node.base == Constant("e"):
            return self.field.exp(exponent)
        base, number = self.scalar(self.value(node.base, environment)), exponent.rational()
        if number is not None and number.q in (1, 2) and abs(number.p) <= LARGEST:
            return self.field.power(base, number)
        return self.field.exp(exponent * self.field.ln(base))

    def primitive(self, name, argument):
        """A function of the table that has no definition there: by a rule of the field, or as an opaque function."""
        if name == "ln":
            return self.field.ln(argument)
        if name in ("cos", "sin"):
            return self.field.angle(argument)[name == "sin"]
        if name in ("abs", "sgn"):
            sign = self.field.element(self.field.sign(argument))
            return sign if name == "sgn" else argument * sign
        return None if FUNCTIONS[name].definition else self.field.known(name, argument)
