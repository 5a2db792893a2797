"""Limits and integrals of a field's elements: L'Hôpital's rule, growth at infinity, polynomials times a Gaussian."""

from flint import fmpq
from language.expressions import formula
from language.functions import FUNCTIONS
from language.tree import infinite

from .ring import GENERATORS, RING, Fraction, GiveUp, occurring

STEPS = 5  # of L'Hôpital's rule


def limit_at_point(field, value, slot, target):
    """The limit as the variable tends to the target, along a germ whose pieces are already chosen."""
    above, below = Fraction(field, value.num), Fraction(field, value.den)
    for _ in range(STEPS):
        bottom = field.settle(field.substitute(below, slot, target))
        if not bottom.num.is_zero():
            return field.substitute(above, slot, target) / bottom
        if not field.settle(field.substitute(above, slot, target)).num.is_zero():
            raise GiveUp("a pole")
        value = field.derivative(above, slot) / field.derivative(below, slot)
        above, below = Fraction(field, value.num), Fraction(field, value.den)
    raise GiveUp("a limit that takes many steps")


class Growth:
    """The behaviour of elements as the variable in `slot` tends to +infinity."""

    def __init__(self, field, slot):
        self.field, self.slot, self.small, self.bounded, self.rates = field, slot, set(), set(), {}

    def limit(self, value):
        """The limit: an element, or +1 or -1 for an infinite one."""
        value = self.expand(value)
        above, below = self.terms(value.num), self.terms(value.den)
        top, lead = self.leading(below)
        if self.loose(lead):
            raise GiveUp("a denominator of unknown growth")
        lead = Fraction(self.field, lead)
        for key in sorted((key for key in above if key > top), reverse=True):
            if self.loose(above[key]):
                raise GiveUp("a growing term of unknown size")
            return self.field.sign(Fraction(self.field, above[key]) / lead)
        result = Fraction(self.field, above.get(top, RING.constant(0)))
        for slot in self.small:
            result = self.field.substitute(result, slot, self.field.element(0))
        if self.loose(result.num):
            raise GiveUp("an oscillating term")
        return result / lead

    def loose(self, poly):
        """Whether something that only is bounded, or tends to 0, occurs."""
        return any(k in self.small or k in self.bounded for k in occurring(poly))

    def leading(self, terms):
        """The fastest growth and its coefficient."""
        top = max(terms)
        return top, terms[top]

    def terms(self, poly):
        """The terms grouped by their growth: the exponents of e^(x^p), p from high to low, then that of x."""
        groups = {}
        for exponents, coefficient in poly.to_dict().items():
            key, rest = {0: fmpq(exponents[self.slot])}, list(exponents)
            rest[self.slot] = 0
            for k, exponent in enumerate(exponents):
                if exponent and k != self.slot and (found := self.exponential(k)):
                    power, sign = found
                    key[power] = key.get(power, fmpq(0)) + fmpq(exponent * sign, self.field.generators[k].scale)
                    rest[k] = 0
            shape = tuple(key.get(power, fmpq(0)) for power in range(8, -1, -1))
            groups[shape] = groups.get(shape, RING.constant(0)) + RING.from_dict({tuple(rest): coefficient})
        return {shape: poly for shape, poly in groups.items() if not poly.is_zero()}

    def exponential(self, k):
        """(p, +1 or -1) if the generator is a root of e^(c x^p), by the sign of c; one such c for each p may occur."""
        field, generator = self.field, self.field.generators[k]
        if generator.kind != "exp" or self.slot not in field.depends(k):
            return None
        power = generator.argument.num.degrees()[self.slot]
        rate = generator.argument / field.at(self.slot) ** power
        if self.slot in rate.slots() or not 0 < power <= 8 or self.rates.setdefault(power, rate).key != rate.key:
            return None
        return power, field.sign(rate)

    def expand(self, value):
        """The value with erf, ln and arctan written by their limit and a term that tends to 0."""
        for k in sorted(value.slots()):
            generator = self.field.generators[k]
            if k == self.slot or self.slot not in self.field.depends(k) or self.exponential(k):
                continue
            if generator.kind in ("sin", "cos"):
                self.bounded.add(k)
                continue
            value = self.field.substitute_slot(value, k, self.image(generator))
        return value

    def image(self, generator):
        """What a function of the table is far out: its limit there and a rest that tends to 0."""
        field, row = self.field, FUNCTIONS.get(generator.name) if generator.kind == "function" else None
        if row is None:
            raise GiveUp("a function of unknown growth")
        inner = self.limit(generator.argument)
        rest = field.variable(f"small {len(self.small)}")
        (slot,) = rest.slots()
        self.small.add(slot)
        if not isinstance(inner, int):
            return field.rebuild(generator, inner) + rest
        if generator.name == "ln":
            return self.logarithm(generator.argument) + rest
        limit = row.limits[inner > 0]
        if limit is None or infinite(formula(limit)):
            raise GiveUp("a function of unknown growth")
        return field.formula(limit) - rest * field.formula(row.tail, generator.argument)

    def logarithm(self, argument):
        """What ln grows like: the logarithm of the leading terms."""
        field = self.field
        above, below = (self.leading(self.terms(poly)) for poly in (argument.num, argument.den))
        total = field.ln(Fraction(field, above[1]) / Fraction(field, below[1]))
        for power, (a, b) in zip(range(8, -1, -1), zip(above[0], below[0])):
            if power == 0 and a != b:
                raise GiveUp("a logarithm's growth")
            if power and a != b:
                rate = self.rates[power]
                total += rate * field.at(self.slot) ** power * field.element((a - b) * field.sign(rate))
        return total


def gaussian_integral(field, value, slot, low, high):
    """The integral of polynomial times e^(-k x^2), x in `slot`; an end is an element, or +1 or -1 for infinity."""
    total = field.element(0)
    if any(slot in field.depends(k) for k in occurring(value.den)):
        value, shift = gaussian_out_of(field, value, slot)
    else:
        shift = None
    for exponents, coefficient in value.num.to_dict().items():
        rest = [0 if k == slot else exponent for k, exponent in enumerate(exponents)]
        rate = shift or field.element(0)
        for k, exponent in enumerate(exponents):
            if exponent and k != slot and slot in field.depends(k):
                generator = field.generators[k]
                if generator.kind != "exp":
                    raise GiveUp("an integrand that isn't a polynomial times a Gaussian")
                rate += generator.argument * field.element(fmpq(exponent, generator.scale))
                rest[k] = 0
        factor = Fraction(field, RING.from_dict({tuple(rest): coefficient}), value.den)
        total += factor * moment(field, exponents[slot], rate, slot, low, high)
    return total


def gaussian_out_of(field, value, slot):
    """The value with the exponentials of its denominator moved to the front, as (rest, exponent)."""
    exponent, den = field.element(0), value.den
    for k, degree in enumerate(den.degrees()):
        if degree and slot in field.depends(k):
            generator = field.generators[k]
            if generator.kind != "exp" or len(den.to_dict()) != 1:
                raise GiveUp("an integrand with a denominator")
            exponent -= generator.argument * field.element(fmpq(degree, generator.scale))
            den = den / GENERATORS[k] ** degree
    return Fraction(field, value.num, den), exponent


def moment(field, power, rate, slot, low, high):
    """The integral of x^power e^rate for rate = -k x^2 + a x + c (or a number), by parts down to the error function."""
    x = field.at(slot)
    slope = field.derivative(rate, slot)
    if slope.num.is_zero():
        if isinstance(low, int) or isinstance(high, int):
            raise GiveUp("an integral that diverges")
        whole = field.exp(rate) * x ** (power + 1) / field.element(power + 1)
        return field.substitute(whole, slot, high) - field.substitute(whole, slot, low)
    double = -field.derivative(slope, slot)  # 2k
    if slot in double.slots() or field.sign(double) != 1:
        raise GiveUp("an integrand that isn't a Gaussian")
    a = slope + double * x
    if power == 0:
        return gaussian(field, rate, slot, double, a, low, high)

    def edge(end):
        value = x ** (power - 1) * field.exp(rate)
        return field.element(0) if isinstance(end, int) else field.substitute(value, slot, end)

    total = edge(low) - edge(high) + a * moment(field, power - 1, rate, slot, low, high)
    if power > 1:
        total += field.element(power - 1) * moment(field, power - 2, rate, slot, low, high)
    return total / double


def gaussian(field, rate, slot, double, a, low, high):
    """The integral of e^rate, by completing the square."""
    x, root = field.at(slot), field.sqrt(double / field.element(2))

    def edge(end):
        return field.element(end) if isinstance(end, int) else field.known("erf", root * end - a / (root + root))

    peak = field.exp(rate + (double * x - a) ** 2 / (double + double))
    return peak * field.sqrt(field.pi()) / (root + root) * (edge(high) - edge(low))
