"""Exact arithmetic with fractions of variables, exponentials, roots and opaque functions."""

from contextlib import contextmanager
from math import lcm

from flint import arb, fmpq
from language.expressions import formula
from language.functions import FUNCTIONS

from .elements import Elements
from .ring import (
    GENERATORS,
    LARGEST,
    ONE,
    RING,
    SLOTS,
    ZERO,
    Fraction,
    GiveUp,
    NeedSign,
    Refine,
    occurring,
    prime_powers,
    single_slot,
    solve,
)
from .series import PRIMITIVES, Undecided, Undefined, certain_sign

ASSUMED = ("facts", "pending", "direction", "touched", "far")


class Generator:
    """What a slot of the ring stands for: a variable, pi, or a function of an argument (divided by `scale`)."""

    def __init__(self, kind, argument=None, name=None, order=0, scale=1):
        self.kind, self.argument, self.name, self.order, self.scale = kind, argument, name, order, scale


class Field:
    """The generators in use, how they are differentiated and substituted, and the signs known in this region.

    `scales` says at which fraction each exponential and angle is a generator ((kind, key) -> whole number). Assumed
    are the `facts` (polynomial, sign) of the region; `pending`, what variables will be replaced by (slot -> element);
    the `direction` (slot, side) of the germ inside a derivative, with `touched` set when a sign was decided by the
    germ; and `far`, the slot of the variable that tends to infinity.
    """

    def __init__(self, scales, facts):
        self.scales, self.facts = scales, facts
        self.generators, self.index, self.relations, self.exponentials = [], {}, {}, {}
        self.pending, self.direction, self.touched, self.far = {}, None, False, None
        self.elements = Elements(self, {})

    @contextmanager
    def assuming(self, **changes):
        """Within, some of what is assumed is different; afterwards all of it is what it was."""
        before = {name: getattr(self, name) for name in ASSUMED}
        vars(self).update(changes)
        try:
            yield
        finally:
            vars(self).update(before)

    # Elements

    def element(self, value):
        """A rational number."""
        return Fraction(self, RING.constant(value))

    def slot(self, key, make):
        """The slot of the generator with this key, which `make` gives if it is new."""
        if key not in self.index:
            if len(self.generators) == SLOTS:
                raise GiveUp("too many generators")
            self.index[key] = len(self.generators)
            self.generators.append(None)
            self.generators[self.index[key]] = make()
        return self.index[key]

    def at(self, slot):
        """The generator in a slot as an element."""
        return Fraction(self, GENERATORS[slot])

    def variable(self, name):
        """A variable."""
        return self.at(self.slot(("variable", name), lambda: Generator("variable", name=name)))

    def pi(self):
        """The number pi."""
        return self.at(self.slot(("pi",), lambda: Generator("pi")))

    def variable_slot(self, value):
        """The slot of the variable that the value is, or None if it is anything else."""
        slot = single_slot(value.num) if value.den.is_one() else None
        return slot if slot is not None and self.generators[slot].kind == "variable" else None

    def opaque(self, name, argument, order=0):
        """A function of an argument of which only the derivative is known."""
        return self.at(self.slot((name, order, argument.key), lambda: Generator("function", argument, name, order)))

    def reduce(self, poly):
        """The polynomial with the squares of roots and sines replaced."""
        for slot, square in self.relations.items():
            if poly.degrees()[slot] >= 2:
                total = ZERO
                for exponents, coefficient in poly.to_dict().items():
                    power = exponents[slot]
                    rest = RING.from_dict({tuple(0 if k == slot else e for k, e in enumerate(exponents)): coefficient})
                    total += rest * square ** (power // 2) * (GENERATORS[slot] if power % 2 else ONE)
                return self.reduce(total)
        return poly

    # Functions

    def linear_terms(self, kind, argument):
        """The argument of an exponential or an angle as a sum of (unit, whole multiple, scale)."""
        parts = [
            (Fraction(self, RING.from_dict({exponents: 1}), argument.den), coefficient)
            for exponents, coefficient in argument.num.to_dict().items()
        ]
        for base, coefficient in parts:
            key = (kind, base.key)
            scale = self.scales.get(key, 1)
            multiple = coefficient * scale
            if multiple.q != 1:
                self.scales[key] = lcm(scale, int(coefficient.q))
                raise Refine
            if abs(multiple) > LARGEST:
                raise GiveUp("a large multiple in an exponent")
            yield base, int(multiple.p), scale

    def exp(self, argument):
        """An exponential, as a product of powers of units such as e^(z/2)."""
        key = argument.key
        if key not in self.exponentials:
            self.exponentials[key] = self.new_exp(argument)
        return self.exponentials[key]

    def new_exp(self, argument):
        """The same, computed."""
        result = self.element(1)
        for base, multiple, scale in self.linear_terms("exp", argument):
            if len(base.slots()) == 1:
                _, generator = self.generator_of(base.num)
                if generator and generator.kind == "function" and generator.name == "ln":
                    result *= self.power(generator.argument, fmpq(multiple, scale))
                    continue
            result *= self.unit("exp", base, scale) ** multiple
        return result

    def unit(self, kind, base, scale):
        """The element "exp", "cos" or "sin" of base/scale, of which its multiples are made."""
        return self.at(self.slot((kind, base.key), lambda: Generator(kind, base, scale=scale)))

    def power(self, base, exponent):
        """A whole or half power."""
        if exponent.q == 1:
            return base ** int(exponent.p)
        if exponent.q == 2:
            return self.sqrt(base) ** int(exponent.p)
        raise GiveUp("a root that isn't square")

    def angle(self, argument):
        """(cos, sin) of a sum of multiples of units, by the addition theorem."""
        cosine, sine = self.element(1), self.element(0)
        for base, multiple, scale in self.linear_terms("angle", argument):
            if (
                base.slots()
                and all(self.generators[slot].kind == "pi" for slot in base.slots())
                and base.num.total_degree() == 1
            ):
                quarters = fmpq(multiple * 2, scale)
                if quarters.q != 1:
                    raise GiveUp("a sine of a fraction of pi")
                c, s = ((1, 0), (0, 1), (-1, 0), (0, -1))[int(quarters.p) % 4]
                c, s = self.element(c), self.element(s)
            else:
                c, s = self.unit("cos", base, scale), self.unit("sin", base, scale)
                self.relations[self.index["sin", base.key]] = 1 - c.num**2
                unit, (c, s) = (c, s if multiple > 0 else -s), (self.element(1), self.element(0))
                for _ in range(abs(multiple)):
                    c, s = c * unit[0] - s * unit[1], c * unit[1] + s * unit[0]
            cosine, sine = cosine * c - sine * s, cosine * s + sine * c
        return cosine, sine

    def factors(self, poly):
        """The rational content of a polynomial and its irreducible factors as (factor, power)."""
        content, found = poly.factor()
        return fmpq(content), [(factor, int(power)) for factor, power in found]

    def factored(self, value):
        """The same of a fraction; the powers of its denominator's factors are negative."""
        (above, up), (below, down) = self.factors(value.num), self.factors(value.den)
        return above / below, [*up, *((factor, -power) for factor, power in down)]

    def generator_of(self, factor):
        """(slot, generator) if a polynomial is one generator, else (None, None)."""
        slot = single_slot(factor)
        return (None, None) if slot is None else (slot, self.generators[slot])

    def sqrt(self, value):
        """The square root: of numbers by primes, of factors by halving their powers; the rest is one root."""
        number, factors = self.factored(value)
        if number == 0:
            return self.element(0)
        result, rest = self.element(1), ONE
        for prime, power in prime_powers(abs(number)):
            result *= self.element(prime) ** (power // 2)
            if power % 2:
                result *= self.root(RING.constant(prime))
        for factor, power in factors:
            slot, generator = self.generator_of(factor)
            if generator and generator.kind == "exp":
                result *= self.root_of_exponential(slot, generator, power)
                continue
            whole, odd = divmod(power, 2)
            if whole:
                sign = self.sign(Fraction(self, factor))
                result *= (Fraction(self, factor) * self.element(sign)) ** whole
            if odd and self.evidently(factor) == 1:
                result *= self.root(factor)
            elif odd:
                rest *= factor
        if number < 0:
            rest = -rest
        return result if rest.is_one() else result * self.root(rest)

    def root_of_exponential(self, slot, generator, power):
        """The root of a power of e^u; Refine if the generator must stand for half of u."""
        if power % 2:
            self.scales["exp", generator.argument.key] = 2 * generator.scale
            raise Refine
        return self.at(slot) ** (power // 2)

    def root(self, poly):
        """The square root of a polynomial as a generator whose square is known."""
        if poly.is_constant() and poly.coefficient(0) < 0:
            raise GiveUp("the root of a negative number")
        slot = self.slot(("root", str(poly)), lambda: Generator("root", Fraction(self, poly)))
        self.relations[slot] = poly
        return self.at(slot)

    def ln(self, value):
        """The logarithm, of a product as a sum where all signs are known, of an exponential its exponent."""
        number, factors = self.factored(value)
        total, parts = self.element(0), []
        for factor, power in factors:
            _, generator = self.generator_of(factor)
            if generator and generator.kind == "exp":
                total += generator.argument * self.element(fmpq(power, generator.scale))
            elif generator and generator.kind == "root":
                total += self.ln(generator.argument) * self.element(fmpq(power, 2))
            else:
                sign = self.evidently(factor)
                if sign not in (1, -1):
                    return self.opaque("ln", value)
                number *= sign if power % 2 else 1
                parts.append((Fraction(self, factor * sign), power))
        if number <= 0:
            raise GiveUp("the logarithm of a number that isn't positive")
        parts += [(self.element(prime), power) for prime, power in prime_powers(number)]
        for argument, power in parts:
            total += self.opaque("ln", argument) * self.element(power)
        return total

    def known(self, name, argument):
        """A function of the table as an opaque one; its parity gives its argument a positive leading coefficient."""
        parity = FUNCTIONS[name].parity
        if parity == -1 and argument.num.is_zero():
            return self.element(0)
        if parity and argument.num.leading_coefficient() < 0:
            value = self.opaque(name, -argument)
            return value if parity > 0 else -value
        return self.opaque(name, argument)

    def formula(self, text, argument=None):
        """A formula of the table of functions, with the argument for x."""
        return self.elements.value(formula(text), {"x": argument})

    # Derivatives and substitution

    def derivative(self, value, slot):
        """The derivative by the variable in a slot, through all generators."""

        def along(poly):
            total = self.element(0)
            for k in occurring(poly):
                inner = self.generator_derivative(k, slot)
                if not inner.num.is_zero():
                    total += Fraction(self, poly.derivative(k)) * inner
            return total

        above = along(value.num)
        if value.den.is_one():
            return above
        num, den = Fraction(self, value.num), Fraction(self, value.den)
        return (above * den - num * along(value.den)) / (den * den)

    def generator_derivative(self, k, slot):
        """The derivative of a generator, by the chain rule."""
        generator = self.generators[k]
        if generator.argument is None:
            return self.element(int(k == slot))
        inner = self.derivative(generator.argument, slot)
        if inner.num.is_zero():
            return inner
        kind, name, argument = generator.kind, generator.name, generator.argument
        unit = self.element(fmpq(1, generator.scale))
        if kind == "exp":
            return self.at(k) * inner * unit
        if kind == "root":
            return inner / (self.element(2) * self.at(k))
        if kind == "cos":
            return -self.at(self.index["sin", argument.key]) * inner * unit
        if kind == "sin":
            return self.at(self.index["cos", argument.key]) * inner * unit
        if name in FUNCTIONS:
            return self.formula(FUNCTIONS[name].derivative, argument) * inner
        return self.opaque(name, argument, generator.order + 1) * inner

    def substitute(self, value, slot, replacement):
        """The value with a variable replaced, inside the generators as well."""
        images = {}

        def image(k):
            if k not in images:
                generator = self.generators[k]
                if k == slot:
                    images[k] = replacement
                elif generator.argument is None or slot not in self.depends(k):
                    images[k] = self.at(k)
                else:
                    images[k] = self.rebuild(generator, self.substitute(generator.argument, slot, replacement))
            return images[k]

        def through(poly):
            total = self.element(0)
            for exponents, coefficient in poly.to_dict().items():
                term = self.element(coefficient)
                for k, exponent in enumerate(exponents):
                    if exponent:
                        term *= image(k) ** exponent
                total += term
            return total

        if not any(k == slot or slot in self.depends(k) for k in value.slots()):
            return value
        return through(value.num) / through(value.den)

    def substitute_slot(self, value, slot, replacement):
        """The value with one generator replaced where it stands on its own."""

        def through(poly):
            total = self.element(0)
            for exponents, coefficient in poly.to_dict().items():
                rest = tuple(0 if k == slot else exponent for k, exponent in enumerate(exponents))
                total += Fraction(self, RING.from_dict({rest: coefficient})) * replacement ** exponents[slot]
            return total

        return through(value.num) / through(value.den)

    def depends(self, k):
        """The variable slots that a generator depends on."""
        argument = self.generators[k].argument
        return {k} if argument is None else set().union(*map(self.depends, argument.slots()))

    def rebuild(self, generator, argument):
        """What a generator stands for, at another argument."""
        scaled = argument * self.element(fmpq(1, generator.scale))
        if generator.kind == "exp":
            return self.exp(scaled)
        if generator.kind in ("cos", "sin"):
            return self.angle(scaled)[generator.kind == "sin"]
        if generator.kind == "root":
            return self.sqrt(argument)
        if generator.name in FUNCTIONS:
            return self.elements.primitive(generator.name, argument)
        return self.opaque(generator.name, argument, generator.order)

    # Signs

    def settle(self, value):
        """The value with the pending substitutions made and the equations that hold here used."""
        for slot, replacement in self.pending.items():
            value = self.substitute(value, slot, replacement)
        for poly, sign in self.facts:
            if sign == 0:
                solved = solve(poly)
                if solved:
                    slot, replacement = solved
                    value = self.substitute(value, slot, Fraction(self, replacement))
        return value

    def sign(self, value):
        """-1, 0 or 1; raises NeedSign with the polynomial that it hangs on."""
        settled = self.settle(value)
        if settled.num.is_zero():
            return self.germ_sign(value)
        result = 1
        for poly in (settled.num, settled.den):
            content, found = self.factors(poly)
            result *= 1 if content > 0 else -1
            for factor, power in found:
                sign = self.evidently(factor)
                if sign is None:
                    sign = self.ask(factor)
                result *= sign if power % 2 else sign * sign
        return result

    def germ_sign(self, value):
        """The sign just beside the point, inside a derivative: that of the first derivative that isn't 0."""
        if self.direction is None:
            return 0
        slot, side = self.direction
        self.touched = True
        for other, replacement in self.pending.items():
            value = value if other == slot else self.substitute(value, other, replacement)
        for order in range(1, 5):
            value = self.derivative(value, slot)
            if value.num.is_zero():
                return 0
            settled = self.settle(value)
            if not settled.num.is_zero():
                return self.sign(settled) * side**order
        raise GiveUp("a contact of high order")

    def ask(self, factor):
        """The sign of a factor that isn't evident: by an exponent, by growth, else NeedSign."""
        if generator := self.shifted_exponential(factor):  # e^m - 1 has the sign of m
            return self.sign(generator.argument) * (1 if factor.leading_coefficient() > 0 else -1)
        power = factor.degrees()[self.far] if self.far is not None else 0
        if power:  # of a variable that tends to infinity, the highest power decides
            lead = factor
            for _ in range(power):
                lead = lead.derivative(self.far)
            return self.sign(Fraction(self, lead))
        raise NeedSign(factor)

    def shifted_exponential(self, factor):
        """The generator e^m of a factor c (e^m - 1), else None."""
        terms = factor.to_dict()
        slots = occurring(factor)
        if len(slots) != 1 or len(terms) != 2 or sum(terms.values()) != 0:
            return None
        generator = self.generators[slots[0]]
        return generator if generator.kind == "exp" and factor.degrees()[slots[0]] == 1 else None

    def evidently(self, poly):
        """The sign of a polynomial if it is plain from its terms or from the facts, else None."""
        known = self.term_sign(poly)
        if known is not None:
            return known
        if all(map(self.is_number, occurring(poly))):
            return certain_sign(self.ball(Fraction(self, poly)))
        for fact, sign in self.facts:
            if sign:
                for direction in (1, -1):
                    gap = poly * direction - fact * sign  # poly = fact + something not negative
                    if gap.is_zero() or self.term_sign(gap, weak=True) == 1:
                        return direction
        return None

    def term_sign(self, poly, weak=False):
        """The common sign of all terms; `weak` allows terms that may be 0."""
        found, strict = set(), weak
        for exponents, coefficient in poly.to_dict().items():
            sign, certain = (1 if coefficient > 0 else -1), True
            for k, exponent in enumerate(exponents):
                if exponent:
                    known = self.generator_sign(k)
                    if known is None and exponent % 2:
                        return None
                    certain &= known in (1, -1)
                    sign *= known if known is not None and exponent % 2 else 1
            if sign:
                found.add(sign)
                strict |= certain
        return found.pop() if len(found) == 1 and strict else None

    def generator_sign(self, k):
        """The sign of a generator if all its values have it, or a fact says so, else None."""
        generator = self.generators[k]
        row = FUNCTIONS.get(generator.name if generator.kind == "function" else generator.kind)
        if row and row.sign:
            return row.sign
        if generator.kind == "pi" or generator.kind == "root" and generator.argument.rational() is not None:
            return 1
        if generator.kind == "root":
            return 1 if self.evidently(generator.argument.num) == 1 else None
        for fact, sign in self.facts:
            if fact == GENERATORS[k]:
                return sign
        return None

    def is_number(self, k):
        """Whether the generator stands for a number: pi, or a known function of numbers."""
        generator = self.generators[k]
        if generator.argument is None:
            return generator.kind == "pi"
        return (generator.kind != "function" or generator.name in FUNCTIONS) and all(
            map(self.is_number, generator.argument.slots())
        )

    def ball(self, value):
        """A number's enclosure."""

        def through(poly):
            total = arb(0)
            for exponents, coefficient in poly.to_dict().items():
                term = arb(coefficient)
                for k, exponent in enumerate(exponents):
                    if exponent:
                        term *= image(self.generators[k]) ** exponent
                total += term
            return total

        def image(generator):
            if generator.kind == "pi":
                return arb.pi()
            inner = self.ball(generator.argument) / generator.scale
            if generator.kind == "function":
                return PRIMITIVES[generator.name](inner)
            return {"root": arb.sqrt, "exp": arb.exp, "cos": arb.cos, "sin": arb.sin}[generator.kind](inner)

        try:
            return through(value.num) / through(value.den)
        except (Undefined, Undecided):
            return arb.nan()
