"""Each construct is read as a mathematician reads it, and what isn't understood is an error with its place."""

import pytest
from derivations import check
from hypothesis import given, settings
from hypothesis import strategies as st
from language import page
from language.displays import parse
from language.scope import Scope
from support.displays import DEFINITIONS, TRUE


def refused(display, before=DEFINITIONS):
    """What checking one display says: (line, column, message) of each refusal, lines counted from its first."""
    text = f"{before}\n$$\n{display}\n$$\n"
    first = text[: text.rindex(display)].count("\n") + 1
    result = check.check_text(text, "page.md", Scope())
    return [(line - first + 1, column, message) for line, column, message in result.refused]


@pytest.mark.parametrize("display", TRUE)
def test_construct_is_read_and_holds(display):
    assert refused(display) == []


FALSE = [
    r"\frac12 + \frac14 = \frac{3}{5}",
    r"\sigma'(z) = -\sigma(z) \left(1 - \sigma(z)\right)",
    r"\sigma'(z) = \sigma(z)",
    r"\sigma''(z) = \sigma'(z) \left(1 - \sigma(z)\right)",
    r"\sigma'(z) < \frac14",
    r"\sigma'(z) \le 0.2499",
    r"\sigma(z) \ge 0.001",
    r"\sigma(z) < 0.9999",
    r"\sigma(2) \approx 0.8807",
    r"\sigma'(10) \approx 4.55 \cdot 10^{-5}",
    r"\sigma'(10) \approx 4.54 \cdot 10^{2-7}",
    r"\lim_{z \to -\infty} \sigma(z) = 1",
    r"\lim_{z \to \infty} z\,\sigma(z) = -\infty",
    r"\lim_{h \to 0} \frac{\lvert h \rvert}{h} = 1",
    r"\sigma(z) \to 1 \quad \text{as } z \to -\infty",
    r"\frac{\mathrm d}{\mathrm dz} \max(0, z) = 1 \quad z \ge 0",
    r"\frac{\mathrm d}{\mathrm dz} \max(0, z) = \mathbf{1}[z > 0]",
    r"\frac{\mathrm d}{\mathrm dz} \lvert z \rvert = \operatorname{sgn}(z)",
    r"\begin{cases} z, & z > 0 \\ 0, & z < 0 \end{cases} = \max(0, z)",
    r"\begin{cases} z, & z \ge 0 \\ 0, & z \le 0 \end{cases} = \max(0, z)",
    r"\begin{cases} z, & z > 3.7 \\ 0, & z \le 3.7 \end{cases} = \max(0, z)",
    r"\frac{z}{z} = 1",
    r"\sqrt{z}^2 = z",
    r"\sqrt{z^2} = z",
    r"\ln z^2 = 2 \ln z",
    r"\int_0^1 t^2\,\mathrm dt = \frac12",
    r"\mathbb{E}\left[\max(0, Z)^2\right] = 1 \quad Z \sim \mathcal{N}(0, 1)",
    r"\sum_{k=1}^{n} w_k^2 = \left(\sum_{k=1}^{n} w_k\right)^2 \quad w \in \mathbb{R}^n",
    r"\frac{\partial w_i}{\partial w_j} = 0 \quad w \in \mathbb{R}^n",
    r"\alpha z \le z \quad 0 \le \alpha < 1",
    r"\alpha^2 < 1 \quad 0 \le \alpha \le 1",
    r"\frac{\mathrm d}{\mathrm dz} \left[f(z)\,h(z)\right] = f'(z)\,h'(z) \quad \text{for all differentiable } f, h",
    r"\frac{\mathrm d}{\mathrm dz} f(h(z)) = f'(z)\,h'(z) \quad \text{for all differentiable } f, h",
    r"z^2 > 0 \quad z > 1, z < 0",
    r"\int_{\infty}^{z} \varphi(t)\,\mathrm dt = \int_{-\infty}^{z} \varphi(t)\,\mathrm dt",
    r"\int_0^\infty \frac{z}{t^2 + z^2}\,\mathrm dt = \frac{\pi}{2} \quad z \ge 0",
    r"r_j = e^{w_i} \quad w \in \mathbb{R}^n",
    r"r(x) = x + z",
]


@pytest.mark.parametrize("display", FALSE)
def test_false_claim_is_refused(display):
    (found,) = refused(display)
    assert "refused: " in found[2]


ERRORS = [
    (r"\foo = 1", 1, r"found \foo, expected an expression"),
    (r"1 = \sigma", 11, r"expected ( : \sigma is a function"),
    (r"z = q", 5, "q is neither defined nor declared"),
    (r"q(z) > 1", 1, "q is neither defined nor declared (neither a function nor a quantity"),
    (r"z^10 = 1", 3, "expected an exponent of one character, or braces"),
    (r"z^2^2 = 1", 4, "second index or exponent"),
    (r"z = 2 3", 7, "a number after another factor"),
    (r"z = 1/2 z", 9, "an end of the division"),
    (r"z = \ln 2(1 + z)", 10, "expected parentheses around the argument of ln"),
    (r"z = \tanh z e^{z}", 13, "expected parentheses around the argument of tanh"),
    (r"z = \frac{\mathrm d}{\mathrm dz} (z) (z)", 38, r"expected \cdot, or [...]"),
    (r"z = \frac{\mathrm d}{\mathrm dz} \tanh z \cdot z", 42, "expected [...] around a derivative's operand"),
    (r"z = \frac{\mathrm d^2}{\mathrm dz} z", 34, "total order 2"),
    (r"z = \frac{\mathrm d}{\partial z} z", 22, r"expected \mathrm d"),
    (r"z = \frac{d}{dz} z", 11, "d is neither defined nor declared"),
    (r"z = \log z", 5, r"(write \ln)"),
    (r"z = |z|", 5, r"\lvert"),
    (r"z = (z", 7, "expected )"),
    (r"z = \tanh^{-1}(z)", 12, "whole number as the power of a function"),
    (r"z = \max(z)", 5, "at least two arguments"),
    (r"z = \sigma(z, z)", 5, "expected 1 argument of \\sigma"),
    (r"z = \int_0^1 z", 5, r"ends in \,\mathrm dt"),
    (r"z = \mathbb{E}[Z]", 5, r"Z \sim \mathcal{N}(0, 1)"),
    (r"z = z'", 5, "before the prime"),
    (r"z", 1, "expected a relation"),
    (r"z = z \quad z", 14, "expected a relation"),
    (r"z = z \quad z = z + 1, \sigma(z) = 1", 34, "a claim needs a display of its own"),
    (r"z = z \quad \text{because } z > 0", 13, "expected a condition, or one of"),
    (r"z = z \text{ and so on}", 7, "an operator or \\quad with conditions"),
    (r"z = \begin{cases} z & \text{otherwise} \\ 0 & z > 0 \end{cases}", 43, "after the “otherwise” case"),
    (r"z = \begin{matrix} z \end{matrix}", 5, "expected an expression"),
    (r"z \approx e^{z}", 11, "expected a decimal number on one side"),
    (r"z = z \quad \alpha > 0", 5, "speak of \\alpha, which stands on neither side"),
]


@pytest.mark.parametrize("display, column, message", ERRORS)
def test_what_is_not_understood_is_an_error_with_its_place(display, column, message):
    (found,) = refused(display)
    assert found[:2] == (1, column) and message in found[2]


def test_a_condition_on_an_arbitrary_function_is_one_on_its_value():
    text = "$$\nf(z) = f(z) + h(z) - h(z) \\quad \\text{for all differentiable } f, h, f(z) \\ne h(z)\n$$\n"
    found = page.Page(text, "page.md")
    (relation,) = parse(found, found.displays[0], Scope()).relations
    (condition,) = relation.conditions
    assert condition.left == relation.left


def test_an_error_in_a_row_has_that_row_as_its_place():
    display = "\\begin{aligned}\nz &= z && \\text{nothing} \\\\\n&= 2 z && \\text{wrong}\n\\end{aligned}"
    ((line, column, message),) = refused(display)
    assert (line, column) == (3, 4) and message.startswith("refused: z = 2 z")


def test_a_refusal_shows_sides_point_and_values():
    ((_, _, message),) = refused(r"\alpha \cdot \sigma(z) = \sigma(\alpha z) \quad 0 < \alpha < 1")
    assert (
        "at z = " in message and "alpha = " in message and "the left side is" in message and "the right side" in message
    )


PAGES = [
    ("$$ z = z $$\n", 1, "expected a display to start with $$ alone on a line"),
    ("\\[ z = z \\]\n", 1, "expected a display to start with $$ alone on a line"),
    ("\\begin{align} z = z \\end{align}\n", 1, "expected a display to start with $$ alone on a line"),
    ("$$\nz = z\n", 1, "a display without its end"),
    ("$$\nz = z\n\nMore.\n$$\n", 3, "an empty line inside a display"),
    ("```math\nz = z\n```\n", 1, "a math fence"),
    ("<!-- unchecked: -->\n$$\nz\n$$\n", 1, "without a reason"),
    ("<!-- unchecked: no claim -->\nText.\n", 1, "a display equation right after it"),
]


@pytest.mark.parametrize("text, line, message", PAGES)
def test_a_display_in_another_form_is_an_error(text, line, message):
    (found,) = check.check_text(text, "page.md", Scope()).refused
    assert found[0] == line and message in found[2]


def test_code_and_comments_are_no_displays():
    text = "```\n$$\nnonsense\n$$\n```\n\nA line of `$$` in code.\n\n<!--\n$$\nnonsense\n$$\n-->\n"
    assert page.Page(text, "page.md").displays == []


def test_a_marked_display_is_counted_with_its_reason():
    result = check.check_text(
        "<!-- unchecked: a picture of a network -->\n$$\nz \\mapsto w\n$$\n", "docs/guide/x.md", Scope()
    )
    assert result.refused == [] and result.unchecked == [(3, "a picture of a network")]


def test_a_display_keeps_its_heading_and_place():
    found = page.Page("# T\n\n## First\n\ntext\n\n    $$\n    z = z\n    $$\n", "page.md")
    (display,) = found.displays
    assert display.heading == "First" and found.place(found.text.index("z = z")) == (8, 5)


FUNCTION_PAGE = r"""
## Definition

$$
g(z) = z^2
$$

## First derivative

$$
g'(z) = 2z
$$

## Second derivative

$$
g''(z) = \frac{\mathrm d}{\mathrm dz} (2z) = 2
$$
"""


def structure(text):
    return [message for _, _, message in check.check_text(text, "docs/functions/x.md", Scope()).refused]


def test_a_function_page_derives_both_derivatives():
    assert structure(FUNCTION_PAGE) == []


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("## First derivative", "## First", "found no section “First derivative”"),
        ("g'(z) = 2z", "2z = g'(z)", "found no chain under “First derivative”"),
        (r" = 2" + "\n", r" = g''(z)" + "\n", "found no chain under “Second derivative”"),
        ("$$\ng'(z)", "<!-- unchecked: tired -->\n$$\ng'(z)", "which a function's page can't have"),
    ],
)
def test_a_function_page_without_its_derivation_is_refused(old, new, message):
    assert any(message in found for found in structure(FUNCTION_PAGE.replace(old, new, 1)))


def test_definitions_reach_only_what_follows_and_can_not_be_changed():
    text = "$$\nu = z\n$$\n\n$$\nu = 2z\n$$\n"
    assert "refused: u = 2z" in check.check_text(text, "page.md", Scope()).refused[0][2]


def test_a_derivative_with_respect_to_a_quantity_is_the_chain_rule():
    text = "$$\nu = 1 + e^{-z}\n$$\n\n$$\n\\frac{\\mathrm d}{\\mathrm du}\\frac{1}{u} = -\\frac{1}{u^2}\n$$\n"
    result = check.check_text(text, "page.md", Scope())
    assert result.refused == [] and [entry[3] for entry in result.relations] == [True]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TRUE + FALSE), st.data())
def test_a_garbled_display_is_read_or_refused_but_never_breaks_the_checker(display, data):
    start = data.draw(st.integers(0, len(display)))
    stop = data.draw(st.integers(start, min(start + 4, len(display))))
    new = data.draw(
        st.sampled_from(
            ["", "{", "}", "_", "^", "'", "&", r"\\", "(", "i", "2", r"\mathbf{1}", r"\quad ", r"\frac", ","]
        )
    )
    refused(display[:start] + new + display[stop:])
