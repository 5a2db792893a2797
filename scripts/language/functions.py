r"""The elementary functions that pages may use without a definition: one row each, and nothing about them elsewhere.

Formulas are in the language of the pages, in the variable x. A function with a `definition` is known by it; one without
is a primitive, for which derivations/ has an algorithm in ball arithmetic (`series`) and a rule in the algebra.
The parser, the writer, evaluation, the normal form, limits, the mutants in tests/ and the list in
docs/guide/adding.md follow this table; tests/language/test_functions.py holds every entry of every row against the
function itself.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    r"""What is known about a function of x, each fact as LaTeX or None.

    `limits` are those at -\infty and at \infty; where they are finite, limit minus value is `tail` times something
    that tends to 0. `domain` is a condition (None for all numbers), `kinks` an expression that is 0 where two pieces
    meet, `sign` that of all values (+1) or None, `parity` +1 for even, -1 for odd. `alike` names the function that it
    is easily confused with: tests write that one in its place. `several` marks a function of two or more arguments.
    """

    spelling: str
    definition: str | None = None
    derivative: str | None = None
    parity: int | None = None
    sign: int | None = None
    limits: tuple[str | None, str | None] = (None, None)
    tail: str = "1"
    domain: str | None = None
    kinks: str | None = None
    alike: str | None = None
    several: bool = False

    @property
    def token(self) -> str:
        r"""The text of the token that names it: `\tanh`, or `sech` for `\operatorname{sech}`."""
        return self.spelling.removeprefix("\\operatorname{").removesuffix("}")


FUNCTIONS = {
    "exp": Function(
        r"\exp",
        definition=r"e^{x}",
        derivative=r"\exp(x)",
        sign=+1,
        limits=("0", r"\infty"),
        alike="ln",
    ),
    "ln": Function(
        r"\ln",
        derivative=r"\frac{1}{x}",
        limits=(None, r"\infty"),
        domain="x > 0",
        alike="exp",
    ),
    "sin": Function(
        r"\sin",
        derivative=r"\cos(x)",
        parity=-1,
        alike="cos",
    ),
    "cos": Function(
        r"\cos",
        derivative=r"-\sin(x)",
        parity=+1,
        alike="sin",
    ),
    "tan": Function(
        r"\tan",
        definition=r"\frac{\sin(x)}{\cos(x)}",
        derivative=r"1 + \tan(x)^2",
        parity=-1,
        domain=r"\cos(x) \ne 0",
    ),
    "arctan": Function(
        r"\arctan",
        derivative=r"\frac{1}{1 + x^2}",
        parity=-1,
        limits=(r"-\frac{\pi}{2}", r"\frac{\pi}{2}"),
    ),
    "sinh": Function(
        r"\sinh",
        definition=r"\frac{e^{x} - e^{-x}}{2}",
        derivative=r"\cosh(x)",
        parity=-1,
        limits=(r"-\infty", r"\infty"),
        alike="cosh",
    ),
    "cosh": Function(
        r"\cosh",
        definition=r"\frac{e^{x} + e^{-x}}{2}",
        derivative=r"\sinh(x)",
        parity=+1,
        sign=+1,
        limits=(r"\infty", r"\infty"),
        alike="sinh",
    ),
    "tanh": Function(
        r"\tanh",
        definition=r"\frac{\sinh(x)}{\cosh(x)}",
        derivative=r"1 - \tanh(x)^2",
        parity=-1,
        limits=("-1", "1"),
        alike="sinh",
    ),
    "coth": Function(
        r"\coth",
        definition=r"\frac{\cosh(x)}{\sinh(x)}",
        derivative=r"1 - \coth(x)^2",
        parity=-1,
        limits=("-1", "1"),
        domain=r"x \ne 0",
    ),
    "sech": Function(
        r"\operatorname{sech}",
        definition=r"\frac{1}{\cosh(x)}",
        derivative=r"-\operatorname{sech}(x) \tanh(x)",
        parity=+1,
        sign=+1,
        limits=("0", "0"),
        alike="csch",
    ),
    "csch": Function(
        r"\operatorname{csch}",
        definition=r"\frac{1}{\sinh(x)}",
        derivative=r"-\operatorname{csch}(x) \coth(x)",
        parity=-1,
        limits=("0", "0"),
        domain=r"x \ne 0",
    ),
    "erf": Function(
        r"\operatorname{erf}",
        derivative=r"\frac{2}{\sqrt{\pi}} e^{-x^2}",
        parity=-1,
        limits=("-1", "1"),
        tail=r"e^{-x^2}",
        alike="erfc",
    ),
    "erfc": Function(
        r"\operatorname{erfc}",
        definition=r"1 - \operatorname{erf}(x)",
        derivative=r"-\frac{2}{\sqrt{\pi}} e^{-x^2}",
        sign=+1,
        limits=("2", "0"),
        tail=r"e^{-x^2}",
    ),
    "arsinh": Function(
        r"\operatorname{arsinh}",
        definition=r"\ln(x + \sqrt{x^2 + 1})",
        derivative=r"\frac{1}{\sqrt{x^2 + 1}}",
        parity=-1,
        limits=(r"-\infty", r"\infty"),
    ),
    "artanh": Function(
        r"\operatorname{artanh}",
        definition=r"\frac{1}{2} \ln(\frac{1 + x}{1 - x})",
        derivative=r"\frac{1}{1 - x^2}",
        parity=-1,
        domain=r"-1 < x, x < 1",
    ),
    "abs": Function(
        r"\lvert x \rvert",
        derivative=r"\operatorname{sgn}(x)",
        parity=+1,
        limits=(r"\infty", r"\infty"),
        kinks="x",
    ),
    "sgn": Function(
        r"\operatorname{sgn}",
        derivative="0",
        parity=-1,
        limits=("-1", "1"),
        kinks="x",
    ),
    "max": Function(r"\max", several=True, alike="min"),
    "min": Function(r"\min", several=True, alike="max"),
}
# What a page's token stands for; the absolute value alone is a pair of brackets.
SPELLED = {row.token: name for name, row in FUNCTIONS.items() if " " not in row.spelling}
