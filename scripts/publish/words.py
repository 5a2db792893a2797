"""Numbers and facts in words. Words are Markdown with TeX between dollars; `plain` turns them into plain text."""

import re
from math import inf, isfinite, isnan

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
REGULAR = {after: before for before, after in SUPERSCRIPT.items()}
MOST = 4  # a wave has more zeros and extrema than anybody wants to read
PLAIN = {
    r"\\to\b": "→",
    r"\\infty\b": "∞",
    r"\\le\b": "≤",
    r"\\approx\b": "≈",
    r"\\alpha\b": "α",
    r"\\beta\b": "β",
    r"\\[lr]vert\b": "|",
    "'": "′",
    "-": "−",
    r"\\,|\\ ": " ",
    r"\$": "",
}


SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def subscripts(name):
    """z1 as z₁."""
    return name.translate(SUBSCRIPT)


def subscripts_tex(name):
    """z1 as z_1."""
    return re.sub(r"([a-z])(\d+)", r"\1_\2", name)


def slope(demonstration, i):
    """The name of output i's slope along the line, as ∂g₁/∂z₁."""
    return subscripts(re.sub(r"\bd", "∂", demonstration.slope.format(i + 1)))


def slope_tex(demonstration, i):
    """The same as TeX."""
    return subscripts_tex(re.sub(r"\bd", r"\\partial ", demonstration.slope.format(i + 1))).replace("/", " / ")


def exact(x, digits=4):
    """Whether so many significant digits say x exactly."""
    return not isfinite(x) or float(f"{x:.{digits}g}") == x


def number(x, digits=4):
    """x to so many significant digits as plain text: 0.25, −0.1700, 6.144·10⁻⁶, ∞. Only exact numbers are cut short."""
    if not isfinite(x):
        return "undefined" if isnan(x) else "∞" if x > 0 else "−∞"
    if x == 0 or 1e-4 <= abs(x) < 1e6:
        form = ".0f" if abs(x) >= 10 ** (digits - 1) else f".{digits}g" if exact(x, digits) else f"#.{digits}g"
        return f"{x + 0.0:{form}}".removesuffix(".").replace("-", "−")
    mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
    return f"{mantissa.replace('-', '−')}·10{str(int(exponent)).translate(SUPERSCRIPT)}"


def tex(x):
    """The same as TeX."""
    text = number(x).replace("−", "-").replace("∞", r"\infty").replace("undefined", r"\text{undefined}")
    mantissa, _, power = text.partition("·10")
    return rf"{mantissa} \cdot 10^{{{power.translate(REGULAR)}}}" if power else mantissa


def plain(words):
    """Plain text of Markdown with TeX."""

    def translate(found):
        text = re.sub(r" \\cdot 10\^{(.*?)}", lambda power: f"·10{power[1].translate(SUPERSCRIPT)}", found[0])
        for pattern, character in PLAIN.items():
            text = re.sub(pattern, character, text)
        return text

    return re.sub(r"\$[^$]*\$", translate, words)


def equals(x):
    """As in "= 0.25", or "\\approx -0.1700" where digits are left out."""
    return f"= {tex(x)}" if exact(x) else rf"\approx {tex(x)}"


def about(x):
    """As in "0.25" or "\\approx -0.1700"."""
    return equals(x).removeprefix("= ")


def listed(items):
    """a, b and c."""
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last


def place(low, high, *, closed=False):
    """The condition on z that names a point, an interval or an end."""
    less, more = (r"\le", r"\ge") if closed else ("<", ">")
    if low == high:
        return f"$z {equals(low)}$" if isfinite(low) else rf"$z \to {tex(low)}$"
    if low == -inf and high == inf:
        return "every $z$"
    if low == -inf:
        return f"$z {less} {tex(high)}$"
    if high == inf:
        return f"$z {more} {tex(low)}$"
    return f"${tex(low)} {less} z {less} {tex(high)}$"


def places(spots, **how):
    """Several places in one phrase: of many, those nearest to 0."""
    near = sorted(sorted(spots, key=lambda spot: min(map(abs, spot)))[:MOST])
    return listed([place(low, high, **how) for low, high in near] + ["further on"] * (len(spots) > MOST))


def at(spots, **how):
    """At points, or for intervals."""
    return f"{'at' if all(low == high for low, high in spots) else 'for'} {places(spots, **how)}"


def interval(span):
    """An interval with rounded ends."""
    left, right = "[" if span.closed_low else "(", "]" if span.closed_high else ")"
    return f"${left}{tex(span.low)}, {tex(span.high)}{right}$"


def limits(facts):
    """What g tends to on the left and on the right."""
    ends = zip((r"-\infty", r"\infty"), facts.limits)
    return "; ".join(rf"$g(z) \to {tex(limit)}$ as $z \to {end}$" for end, limit in ends if not isnan(limit))


def smoothness(facts, where=""):
    """How many derivatives g has, and where they end: at its kinks, or as a vector function says it in words."""
    at = where or (f"at {places([(kink, kink) for kink in facts.kinks])}" if facts.kinks else "")
    match facts.smoothness:
        case -1:
            return f"jumps {at}"
        case 0:
            return f"continuous, with a kink {at}"
        case 1:
            return f"continuous slope; the second derivative jumps {at}"
        case k:
            return "derivatives of every order" if k == inf else f"{k:.0f} continuous derivatives; the next jumps {at}"


def monotone(facts):
    """Whether g is monotone, and if not, where it turns."""
    return facts.monotone or f"no: {extrema(facts.extrema[0])}"


def extrema(found):
    """As in "minimum -1 at z = 2", ...; of many, those nearest to 0."""
    near = sorted(sorted(found, key=lambda e: abs(e.z))[:MOST], key=lambda e: e.z)
    phrases = [f"{e.kind} ${about(e.value)}$ at {place(e.z, e.z)}" for e in near]
    return listed(phrases + ["further on"] * (len(found) > MOST))


def zeros(facts):
    """Where g is 0."""
    return places(facts.zeros, closed=True) if facts.zeros else "none"


def period(facts):
    """After which distance g, or else its slope, comes again."""
    if isnan(facts.period):
        return ""
    bounded = isfinite(facts.range.low) and isfinite(facts.range.high)
    return f"${about(facts.period)}$" + ("" if bounded else ", of the slope")


def centred(facts):
    """Whether inputs around 0 give outputs around 0."""
    if facts.odd:
        return "yes: $g$ is odd"
    if abs(facts.mean) < 1e-12:
        return "on average: for standard normal $z$ the mean of $g(z)$ is 0"
    return f"no: for standard normal $z$ the mean of $g(z)$ is ${about(facts.mean)}$"


def saturation(facts):
    """On which sides the slope tends to 0."""
    left, right = (slope == 0 for slope in facts.end_slopes)
    if left and right:
        return "on both sides"
    return "on the left" if left else "on the right" if right else "no"


def steepest(facts):
    """The largest |g'| and where it is."""
    if facts.lipschitz == inf:
        jumps = all(isfinite(low) for low, _ in facts.steepest)
        return f"unbounded{': $g$ jumps at' if jumps else ', as'} {places(facts.steepest)}"
    if all(low == high and not isfinite(low) for low, high in facts.steepest):
        return f"${about(facts.lipschitz)}$, approached as {places(facts.steepest)}"
    return f"${about(facts.lipschitz)}$, {at(facts.steepest)}"
