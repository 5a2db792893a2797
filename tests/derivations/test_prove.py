"""Proof by normal form: true steps are proved, and nothing false ever is, whatever the numbers say."""

import flint
import pytest
from derivations.evaluate import Evaluator
from derivations.points import DIMENSIONS
from derivations.prove import proves
from derivations.series import Undecided, Undefined
from hypothesis import given, settings
from hypothesis import strategies as st
from language import page
from language.displays import parse
from language.scope import Scope, Unknowns
from support.claims import BINARY, CONDITION, DEFINITIONS, EXPRESSIONS, LEAVES, UNARY, claim


def proved(display, before=DEFINITIONS):
    """Whether the algebra alone proves the one relation of a display."""
    text = page.Page(f"{before}\n$$\n{display}\n$$\n", "page.md")
    scope = Scope()
    for found in text.displays:
        equation = parse(text, found, scope)
    (relation,) = equation.relations
    unknowns = Unknowns(equation.scope, [relation.left, relation.right], relation.conditions)
    return proves(
        equation.scope,
        relation.left,
        relation.right,
        relation.relation,
        list(relation.conditions),
        unknowns.declared,
        DIMENSIONS if unknowns.sized else (),
        unknowns.indices,
    )


TRUE = [
    r"\sigma'(z) = \sigma(z) \left(1 - \sigma(z)\right)",
    r"\frac{e^{z} - e^{-z}}{e^{z} + e^{-z}} = 2\,\sigma(2z) - 1",
    r"1 - 2\,\sigma(z) = -\tanh\frac{z}{2}",
    r"\frac{\mathrm d}{\mathrm dz} \left[z\,\Phi(z)\right] = \Phi(z) + z\,\varphi(z)",
    r"\Phi(-z) = 1 - \Phi(z)",
    r"\ln\left(1 + e^{z}\right) = z + \ln\left(1 + e^{-z}\right)",
    r"\ln \frac{z}{2} = \ln z - \ln 2 \quad z > 0",
    r"e^{3 \ln z} = z^3 \quad z > 0",
    r"\sqrt{z^2 + 2z + 1} = \lvert z + 1 \rvert",
    r"\frac{1}{\sqrt 2 - 1} = \sqrt 2 + 1",
    r"\sin 3z = 3 \sin z - 4 \sin^3 z",
    r"\operatorname{relu}(z) - \operatorname{relu}(-z) = z",
    r"\operatorname{relu}(\alpha z) = \alpha\,\operatorname{relu}(z) \quad \alpha \ge 0",
    r"\max(\alpha z, z) = z \quad z > 0, 0 \le \alpha < 1",
    r"\operatorname{relu}'(z) = \mathbf{1}[z > 0] \quad z \ne 0",
    r"\frac{\mathrm d}{\mathrm dz} \operatorname{relu}(z)^2 = 2\,\operatorname{relu}(z)",
    r"\frac{\partial p_i}{\partial x_j} = p_i \left(\delta_{ij} - p_j\right)",
    r"\sum_{i=1}^{n} p_i = 1",
    r"\frac{\mathrm d}{\mathrm dz} f(h(z)) = f'(h(z))\,h'(z) \quad \text{for all differentiable } f, h",
    r"\lim_{z \to \infty} \sigma(z) = 1",
    r"\lim_{h \to 0} \frac{f(z + h) - f(z)}{h} = f'(z) \quad \text{for all differentiable } f",
    r"\lim_{h \to 0^+} \frac{\operatorname{relu}(h)}{h} = 1",
    r"\lim_{z \to \infty} \left(\ln\left(1 + e^{z}\right) - z\right) = 0",
    r"\lim_{z \to \infty} \left(\ln\left(1 + e^{2z}\right) - 2z\right) = 0",
    r"\lim_{z \to \infty} \left(\ln\left(1 + e^{2z}\right) - z\right) = \infty",
    r"\lim_{z \to \infty} \left(\frac{1}{\beta} \ln\left(1 + e^{\beta z}\right) - z\right) = 0 \quad \beta > 0",
    r"\lim_{\beta \to \infty} z\,\sigma(\beta z) = \operatorname{relu}(z) \quad z \ne 0",
    r"\lim_{z \to 0^-} \operatorname{relu}'(z) = 0",
    r"\int_{-\infty}^{z} \varphi(t)\,\mathrm dt = \Phi(z)",
    r"\int_{-\infty}^{0} e^{z}\,\varphi(z)\,\mathrm dz = e^{1/2}\,\Phi(-1)",
    r"\int_{-\infty}^{\infty} z\,e^{-z}\,\varphi(z)\,\mathrm dz = -e^{1/2}",
    r"\max(f(z), h(z)) = \frac{f(z) + h(z) + \lvert f(z) - h(z) \rvert}{2} \quad \text{for all smooth } f, h",
    r"\mathbb{E}[\operatorname{relu}(Z)^2] = \frac12 \quad Z \sim \mathcal{N}(0, 1)",
    r"0 < \sigma(z)",
    r"\sigma'(z) \le \frac14",
    r"\varphi(z) > 0",
]


@pytest.mark.parametrize("display", TRUE)
def test_true_step_is_proved(display):
    assert proved(display)


FALSE = [
    r"\sigma'(z) = \sigma(z) \left(1 + \sigma(z)\right)",
    r"\sigma(-z) = -\sigma(z)",
    r"\sqrt{z^2} = z",
    r"\sqrt{z^2 + 1} = z + 1",
    r"\ln z^2 = 2 \ln(-z)",
    r"e^{z/2} e^{z/3} = e^{z/6}",
    r"\left(e^{z}\right)^2 = e^{z^2}",
    r"\lvert z \rvert = z \quad z \ge -1",
    r"\max(z, \alpha z) = z \quad z > 0, \alpha \ge 0",
    r"\max(z, 1) = z \quad z > \frac12",
    r"\operatorname{relu}'(z) = \mathbf{1}[z \ge 0]",
    r"\operatorname{relu}'(z) = \mathbf{1}[z > 0]",
    r"\operatorname{relu}'(0) = 0",
    r"\frac{\mathrm d}{\mathrm dz} \lvert z \rvert = \operatorname{sgn}(z)",
    r"\frac{\mathrm d}{\mathrm dz} \mathbf{1}[z > 0] = 0",
    r"\mathbf{1}[z > 0] = \mathbf{1}[z \ge 0]",
    r"\mathbf{1}[z^2 > 2] = 1",
    r"\mathbf{1}[z = 1] = 0",
    r"\operatorname{sgn}(z)^2 = 1",
    r"\sin 2z = 2 \sin z",
    r"\sin \pi = 1",
    r"\cos(z + \pi) = \cos z",
    r"\operatorname{erf}(2z) = 2 \operatorname{erf} z",
    r"\arctan(-z) = \arctan z",
    r"\frac{\mathrm d}{\mathrm dz} \operatorname{erf} z = \frac{1}{\sqrt\pi} e^{-z^2}",
    r"\frac{\mathrm d}{\mathrm dz} \ln z = \frac{1}{z^2} \quad z > 0",
    r"\frac{\mathrm d}{\mathrm dz} f(h(z)) = f'(z)\,h'(z) \quad \text{for all differentiable } f, h",
    r"f(h(z)) = h(f(z)) \quad \text{for all differentiable } f, h",
    r"f'(2z) = \frac{\mathrm d}{\mathrm dz} f(2z) \quad \text{for all differentiable } f",
    r"\frac{\partial p_i}{\partial x_j} = p_i \left(\delta_{ij} - p_i\right)",
    r"\sum_{k \ne i} p_k = 1",
    r"p_i = p_j",
    r"\lim_{z \to -\infty} \sigma(z) = 1",
    r"\lim_{z \to \infty} \left(\ln\left(1 + e^{z}\right) - z\right) = 1",
    r"\lim_{z \to \infty} z\,e^{-z} = 1",
    r"\lim_{z \to \infty} \sin z = 0",
    r"\lim_{z \to \infty} z = -\infty",
    r"\lim_{h \to 0} \frac{\operatorname{relu}(h)}{h} = 1",
    r"\lim_{h \to 0^-} \frac{\operatorname{relu}(h)}{h} = 1",
    r"\lim_{h \to 0} \frac{1}{h} = 0",
    r"\lim_{\beta \to \infty} \sigma(\beta z) = 1",
    r"\lim_{\beta \to \infty} \beta z = \infty",
    r"\lim_{z \to \infty} \left(\ln\left(1 + e^{2z}\right) - z\right) = 0",
    r"\lim_{z \to \infty} \left(\ln\left(1 + e^{2z}\right) - 3z\right) = \infty",
    r"\lim_{z \to -\infty} \frac{1}{\beta} \ln\left(1 + e^{\beta z}\right) = 0 \quad \beta \ne 0",
    r"\lim_{\beta \to \infty} z\,\sigma(\beta z) = z",
    r"\lim_{\beta \to \infty} \sigma(\beta z) = \mathbf{1}[z > 0]",
    r"\lim_{z \to \infty} \frac{e^{z}}{e^{2z}} = 1",
    r"\lim_{z \to \infty} \frac{e^{\alpha z}}{e^{z}} = 0 \quad \alpha > 0",
    r"\lim_{z \to 0^+} \operatorname{relu}'(z) = 0",
    r"\lim_{z \to 0} \operatorname{relu}'(z) = 1",
    r"\int_{-\infty}^{0} e^{z}\,\varphi(z)\,\mathrm dz = e^{1/2}\,\Phi(1)",
    r"\int_{-\infty}^{\infty} z\,e^{z}\,\varphi(z)\,\mathrm dz = -e^{1/2}",
    r"\int_{-\infty}^{\infty} e^{z^2}\,\varphi(z)\,\mathrm dz = 1",
    r"\max(f(z), h(z)) = f(z) \quad \text{for all smooth } f, h",
    r"\frac{\mathrm d}{\mathrm dz} \max(f(z), h(z)) = \max(f'(z), h'(z)) \quad \text{for all smooth } f, h",
    r"\int_{0}^{z} \varphi(t)\,\mathrm dt = \Phi(z)",
    r"\int_{-\infty}^{z} t\,\varphi(t)\,\mathrm dt = \varphi(z)",
    r"\mathbb{E}[\operatorname{relu}(Z)] = \frac12 \quad Z \sim \mathcal{N}(0, 1)",
    r"\mathbb{E}[\lvert Z \rvert] = 0 \quad Z \sim \mathcal{N}(0, 1)",
    r"\int_0^1 \mathbf{1}[t > \frac12]\,\mathrm dt = 1",
    r"\sigma'(z) < \frac14",
    r"\sigma(z) < \frac12",
    r"z^2 > 0",
    r"z < e^{z} - 1",
    r"\alpha z \le z \quad z > 0, 0 \le \alpha \le 2",
    r"\sqrt{z} > 0 \quad z \ge 0",
    r"\frac{1}{z - z} = \frac{2}{z - z}",
]


@pytest.mark.parametrize("display", FALSE)
def test_false_claim_is_never_proved(display):
    assert not proved(display)


def differs(left, right):
    """A point (z, alpha) at which the two expressions have different values, by ball arithmetic, or None."""
    text = page.Page(f"{DEFINITIONS}\n$$\n{left} = {right}{CONDITION}, z \\in \\mathbb{{R}}\n$$\n", "page.md")
    scope = Scope()
    for found in text.displays[:-2]:
        parse(text, found, scope)
    equation = parse(text, text.displays[-1], scope)
    evaluator = Evaluator(scope.definitions)
    with flint.ctx.workprec(256):
        for z in (-7.25, -2.5, -1.0, -0.125, 0.0, 0.3, 1.0, 1.75, 4.5):
            for alpha in (0.0, 0.125, 0.75):
                point = {"z": flint.arb(z), "\\alpha": flint.arb(alpha)}
                try:
                    values = [
                        evaluator.value(side, point)
                        for side in (equation.relations[0].left, equation.relations[0].right)
                    ]
                except (Undefined, Undecided):
                    continue
                if not values[0].overlaps(values[1]):
                    return z, alpha
    return None


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS, EXPRESSIONS)
def test_what_is_proved_of_random_expressions_holds(left, right):
    if proved(claim(left, right), DEFINITIONS.split("$$\np_i")[0]):
        assert differs(left, right) is None


@settings(max_examples=100, deadline=None)
@given(
    EXPRESSIONS,
    st.sampled_from(
        [
            ("z", "2 z"),
            ("2", "1"),
            ("+", "-"),
            ("2", "3"),
            (r"\tanh", r"\sin"),
            (r"\max", r"\min"),
            (r"\alpha", "z"),
            (">", "<"),
            (r"\sigma", r"\Phi"),
        ]
    ),
)
def test_a_changed_expression_is_proved_equal_only_where_it_is(expression, change):
    changed = expression.replace(*change)
    if changed != expression and proved(claim(expression, changed), DEFINITIONS.split("$$\np_i")[0]):
        assert differs(expression, changed) is None


SMOOTH = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(
            st.sampled_from(
                [
                    form
                    for form in UNARY
                    if "1}[" not in form and "sgn" not in form and "lvert" not in form and "relu" not in form
                ]
            ),
            inner,
        ).map(lambda parts: parts[0] % parts[1]),
        st.tuples(st.sampled_from([form for form in BINARY if "max" not in form]), inner, inner).map(
            lambda parts: parts[0] % parts[1:]
        ),
    ),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None)
@given(SMOOTH, SMOOTH)
def test_the_product_rule_is_proved_of_random_smooth_expressions(left, right):
    d = r"\frac{\mathrm d}{\mathrm dz}"
    display = (
        rf"{d} \left[\left({left}\right) \cdot \left({right}\right)\right] + \alpha z = {d} \left[{left}\right] \cdot "
        rf"\left({right}\right) + \left({left}\right) \cdot {d} \left[{right}\right] + \alpha z{CONDITION}"
    )
    assert proved(display, DEFINITIONS.split("$$\np_i")[0])
