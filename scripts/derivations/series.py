"""Numbers and Taylor series in ball arithmetic, and the functions of the table that need an algorithm of their own.

A number is a flint.arb; a germ is a flint.arb_series in t >= 0, which leaves its point in one direction.
"""

from fractions import Fraction
from functools import lru_cache

from flint import arb, arb_series, fmpq


class Undefined(Exception):
    """The expression has no value at this point; the message says why."""


class Undecided(Exception):
    """The balls are too wide to decide; more precision may help."""


def undecided():
    """Raise Undecided, as an expression."""
    raise Undecided


def ball(fraction):
    """A rational number at the precision in force."""
    return arb(fmpq(fraction.numerator, fraction.denominator))


@lru_cache(maxsize=4096)
def decimal(text, precision):
    """A decimal number at the precision in force, by which the cache tells its balls apart."""
    return ball(Fraction(text))


def certain_sign(value):
    """+1 or -1 if all of a ball has that sign, else None."""
    if value > 0:
        return 1
    return -1 if value < 0 else None


def constant(value):
    """A series' value at its point."""
    return value[0] if isinstance(value, arb_series) else value


def coefficients(value, length):
    """The first coefficients of a series, or of a number as a series."""
    return [value[k] for k in range(length)] if isinstance(value, arb_series) else [value] + [arb(0)] * (length - 1)


def divide(numerator, denominator):
    """The quotient; 0/0 of two germs is the quotient of what they begin with."""
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


def sinh_cosh(x):
    """Both at once; of a series by the addition theorem, as e^x - e^-x would lose the digits of a tiny x."""
    if not isinstance(x, arb_series):
        return x.sinh_cosh()
    sinh, cosh = x[0].sinh_cosh()
    step = x - x[0]
    up, down = step.exp(), (-step).exp()
    even, odd = (up + down) / 2, (up - down) / 2
    return sinh * even + cosh * odd, cosh * even + sinh * odd


def tanh(x):
    """1 - 2w/(1 + w) keeps the digits of the derivatives far out, where sinh/cosh would lose them."""
    if not isinstance(x, arb_series):
        return x.tanh()
    sign = -1 if x[0] < 0 else 1
    tail = (x * (-2 * sign)).exp()
    series = sign - sign * 2 * tail / (1 + tail)
    return arb_series([x[0].tanh(), *series.coeffs()[1:]], x.prec)


def logarithm(x):
    """The natural logarithm; Undefined unless its argument is positive."""
    first = constant(x)
    if first <= 0:
        raise Undefined("the logarithm of a number that isn't positive")
    return x.log() if first > 0 else undecided()


def square_root(x):
    """The square root; Undefined of a negative number, and of a germ that starts at 0."""
    first = constant(x)
    if first < 0:
        raise Undefined("the square root of a negative number")
    if first.is_zero() and isinstance(x, arb_series):
        raise Undefined("the derivative of the square root at 0")
    return x.sqrt() if first > 0 or first.is_zero() else undecided()


# The functions that have an algorithm here; all others have a definition in language.functions.
PRIMITIVES = {
    "ln": logarithm,
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "arctan": lambda x: x.atan(),
    "sinh": lambda x: sinh_cosh(x)[0],
    "cosh": lambda x: sinh_cosh(x)[1],
    "tanh": tanh,
    "erf": lambda x: x.erf(),
    "erfc": lambda x: x.erfc(),
}
# Numbers alone: these keep the digits near 0, where the definition would lose them; flint has no series of them.
OF_NUMBERS = {"arsinh": arb.asinh, "artanh": arb.atanh}


def shown(value, digits=15):
    """A ball as a number of some digits, for a message."""
    if not value.is_finite():
        return {1: "infinity", -1: "-infinity", None: "nothing finite"}[certain_sign(value)]
    text = value.str(digits, radius=False)
    return "0" if value.contains(0) and abs(value) < arb(10) ** -40 else text
