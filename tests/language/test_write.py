"""What is written reads as the same tree: every display of the site, and every construct of the language."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from language.displays import parse, read_definitions
from language.page import Page, read
from language.scope import Scope
from language.write import write_equation
from layout import ROOT
from support.claims import DEFINITIONS as PROOFS
from support.claims import EXPRESSIONS, claim
from support.displays import DEFINITIONS, TRUE

NOTATION = ROOT / "docs/guide/notation.md"
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if "generated" not in path.parts)


def meaning(equation):
    """An equation without the places where its parts stand."""
    scope = equation.scope
    return (
        [replace(relation, span=None) for relation in equation.relations],
        equation.starts,
        [replace(definition, offset=0) for definition in equation.definitions],
        (scope.arbitrary, scope.vectors, set(scope.variables), set(scope.definitions)),
    )


def check_round_trip(page, display, scope):
    """Parse a display into the scope, write it, and parse that."""
    before = scope.copy()
    equation = parse(page, display, scope)
    written = Page(f"$$\n{write_equation(equation)}\n$$\n", "written.md")
    again = parse(written, written.displays[0], before)
    assert meaning(again) == meaning(equation), written.text
    assert write_equation(again) == write_equation(equation)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT / "docs").as_posix())
def test_every_display_of_a_page_is_written_as_it_reads(path):
    page, scope = read(path), Scope()
    if path != NOTATION:
        read_definitions(read(NOTATION), scope)
    for display in page.displays:
        if not display.unchecked:
            check_round_trip(page, display, scope)


@pytest.mark.parametrize("display", TRUE)
def test_every_construct_is_written_as_it_reads(display):
    page, scope = Page(f"{DEFINITIONS}\n$$\n{display}\n$$\n", "page.md"), Scope()
    *before, last = page.displays
    for earlier in before:
        parse(page, earlier, scope)
    check_round_trip(page, last, scope)


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS, EXPRESSIONS)
def test_random_expressions_are_written_as_they_read(left, right):
    page, scope = Page(f"{PROOFS}\n$$\n{claim(left, right)}\n$$\n", "page.md"), Scope()
    *before, last = page.displays
    for earlier in before:
        parse(page, earlier, scope)
    check_round_trip(page, last, scope)


@pytest.mark.parametrize(
    "display, written",
    [
        (
            r"\frac12 x^{1/2} = {x}^{\frac 1 2}/2 \quad x \ge 0",
            r"\frac{1}{2} \sqrt{x} = \frac{\sqrt{x}}{2} \quad x \ge 0",
        ),
        (r"-(z - 1) \cdot 2^z = (1 - z) \cdot 2^{z}", r"-(z - 1) \cdot 2^z = (1 - z) \cdot 2^z"),
        (r"\tanh^2 2z \ge 0", r"\tanh(2 z)^2 \ge 0"),
        (r"2 \frac{1}{1+\frac{z}{2}} = 0", r"2 \frac{1}{1 + \frac{z}{2}} = 0"),
        (r"(1 + \frac{z}{2})^2 = -(-z)", r"\left(1 + \frac{z}{2}\right)^2 = -(-z)"),
    ],
)
def test_it_is_written_plainly(display, written):
    page = Page(f"$$\n{display}\n$$\n", "page.md")
    assert write_equation(parse(page, page.displays[0], Scope())) == written
