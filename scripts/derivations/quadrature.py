"""Integrals in ball arithmetic: Gauss and Legendre's rule or a double-exponential substitution, by what settles."""

from functools import cache

from flint import arb, arb_series, ctx

from .series import coefficients, constant, undecided

BITS = 190  # to which an integral is computed: 50 digits are 166 bits
TAIL = 32  # an integrand that vanishes from there to 16 times the distance ends: exp(-32^2/2) is 2^-738


def integrate(body, points, length):
    """The integral of `body` along the points, of which the first and last may be None for infinity.

    The integrand is smooth between the points; its values are numbers, or series of that length.
    """
    with ctx.workprec(BITS + 66):
        return sum((piece(body, a, b, length) for a, b in zip(points, points[1:])), arb(0))


def piece(body, low, high, length):
    """The integral between two kinks, by Gauss and Legendre's rule or, where that fails, by substitution."""
    if low is None:
        return piece(lambda x: body(-x), -high, None, length)
    found, end = None, low + TAIL if high is None else high
    if high is not None or vanishes(body, low):
        found = panel(body, low, end, 8, length)
    if found is None and high is None:
        found = refine(lambda x: body(low + x), True, length)
    elif found is None:
        found = refine(lambda x: body(low + (high - low) * x) * (high - low), False, length)
    return undecided() if found is None else found


def vanishes(body, low):
    """Whether an integrand is negligible from `TAIL` beyond its lower end on."""
    return all(abs(constant(body(low + TAIL * k))) < arb(2) ** -(BITS + 30) for k in range(1, 17))


def panel(body, low, high, depth, length):
    """Gauss and Legendre's rule with 30 and 50 points, on halves where these differ; None if that doesn't end."""
    coarse, fine = (
        sum((body(low + (high - low) * x) * weight for x, weight in legendre_nodes(n, ctx.prec)), arb(0)) * (high - low)
        for n in (30, 50)
    )
    if (found := settled(fine, coarse, length)) is not None:
        return found
    if not depth:
        return None
    middle = (low + high) / 2
    left = panel(body, low, middle, depth - 1, length)
    right = None if left is None else panel(body, middle, high, depth - 1, length)
    return None if right is None else left + right


def settled(fine, coarse, length):
    """The finer value with its error as its radius, if that is small enough.

    Both rules converge geometrically at least, from 30 to 50 points or to half the step, so the relative error is
    less than the relative change to the power 3/2. This is evidence, not proof.
    """
    change = max(c.abs_upper() for c in coefficients(fine - coarse, length))
    size = max(c.abs_upper() for c in coefficients(fine, length))
    error = change * (change / size).sqrt() if size > 0 else change
    if not (change < size / 2 or change.is_zero()) or not (error < arb(2) ** -BITS * (1 + abs(constant(fine)).upper())):
        return None
    blur = arb(0, float(error.abs_upper()))
    return fine + blur if isinstance(fine, arb) else arb_series([c + blur for c in fine.coeffs()], length)


def refine(body, infinite, length):
    """A double-exponential substitution, its step halved until that changes little; None if it never does."""
    total, last = arb(0), None
    for level in range(3, 8):
        for x, weight in substitution_nodes(level, infinite, ctx.prec):
            total = total + body(x) * weight
        estimate = total * arb(2) ** -level
        if last is not None and (found := settled(estimate, last, length)) is not None:
            return found
        last = estimate
    return None


@cache
def legendre_nodes(n, precision):
    """Gauss and Legendre's n points and weights on (0, 1)."""
    pairs = (arb.legendre_p_root(n, k, weight=True) for k in range(n))
    return [((x + 1) / 2, weight / 2) for x, weight in pairs]


@cache
def substitution_nodes(level, infinite, precision):
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
