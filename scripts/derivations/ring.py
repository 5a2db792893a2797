"""Fractions of polynomials over the rationals: the normal form, exact and reduced, that proofs are decided in."""

from flint import Ordering, fmpq, fmpq_mpoly_ctx, fmpz

SLOTS = 32
LARGEST = 64  # powers beyond this are left alone
RING = fmpq_mpoly_ctx.get([f"x{k}" for k in range(SLOTS)], Ordering.degrevlex)
GENERATORS = RING.gens()
ONE, ZERO = RING.constant(1), RING.constant(0)


class GiveUp(Exception):
    """The expression is outside what this algebra decides."""


class Refine(Exception):
    """An exponential is needed at a finer fraction than its generator stands for; start again with that one."""


class NeedSign(Exception):
    """The sign of a polynomial decides which piece holds, and isn't known."""

    def __init__(self, polynomial):
        self.polynomial = polynomial


class Fraction:
    """num/den with den monic and no common factor; `field` owns the generators' meaning and their relations."""

    __slots__ = ("field", "num", "den")

    def __init__(self, field, num, den=ONE):
        num, den = field.reduce(num), field.reduce(den) if den is not ONE else den
        if den.is_zero():
            raise GiveUp("a denominator that is zero")
        if not den.is_one():
            for slot, square in field.relations.items():
                if den.degrees()[slot] == 1 and all(
                    exponents[slot] for exponents in den.monoms()
                ):  # 1/sqrt(2) = sqrt(2)/2
                    num, den = field.reduce(num * GENERATORS[slot]), den / GENERATORS[slot] * square
            common = num.gcd(den)
            if not common.is_one():
                num, den = num / common, den / common
            lead = den.leading_coefficient()
            num, den = num * (1 / lead), den * (1 / lead)
        self.field, self.num, self.den = field, num, den

    def __add__(self, other):
        if self.den == other.den:
            return Fraction(self.field, self.num + other.num, self.den)
        return Fraction(self.field, self.num * other.den + other.num * self.den, self.den * other.den)

    def __neg__(self):
        return Fraction(self.field, -self.num, self.den)

    def __sub__(self, other):
        return self + -other

    def __mul__(self, other):
        return Fraction(self.field, self.num * other.num, self.den * other.den)

    def __truediv__(self, other):
        return Fraction(self.field, self.num * other.den, self.den * other.num)

    def __pow__(self, exponent):
        if exponent < 0:
            return Fraction(self.field, self.den**-exponent, self.num**-exponent)
        return Fraction(self.field, self.num**exponent, self.den**exponent)

    @property
    def key(self):
        """What equal fractions have in common and others don't."""
        return str(self.num), str(self.den)

    def rational(self):
        """The value as an fmpq if it is a rational number, else None."""
        if self.num.is_zero():
            return fmpq(0)
        return self.num.coefficient(0) if self.num.is_constant() and self.den.is_one() else None

    def slots(self):
        """The slots of the generators that occur."""
        return {*occurring(self.num), *occurring(self.den)}


def occurring(poly):
    """The slots of the generators that occur in a polynomial."""
    return [k for k, degree in enumerate(poly.degrees()) if degree > 0]


def prime_powers(number):
    """The prime factorisation of a positive rational, as (prime, exponent)."""
    return [(int(p), int(e)) for p, e in fmpz(number.p).factor()] + [
        (int(p), -int(e)) for p, e in fmpz(number.q).factor()
    ]


def single_slot(poly):
    """The slot k if the polynomial is the generator k itself."""
    slots = occurring(poly)
    return slots[0] if len(slots) == 1 and poly == GENERATORS[slots[0]] else None


def solve(poly):
    """(slot, polynomial) of a variable that poly = 0 gives by the others, being linear with a number as its factor."""
    for k, degree in enumerate(poly.degrees()):
        if degree == 1 and (slope := poly.derivative(k)).is_constant():
            return k, (poly - GENERATORS[k] * slope) * (-1 / slope.coefficient(0))
    return None
