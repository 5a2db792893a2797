"""The room of the language: below all others, and one reading of a page for the checker and the reader's browser."""

import ast
import sys

import pytest
from derivations import check
from flint import ctx
from language.displays import parse, read_definitions
from language.page import read
from language.scope import Scope
from language.tokens import split
from layout import ROOT

SCRIPTS = ROOT / "scripts"
NOTATION = ROOT / "docs/guide/notation.md"
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if "generated" not in path.parts)


def imported(path):
    """The names of the packages that a file imports, its own apart."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("folder, allowed", [("language", set()), ("derivations", {"flint", "language", "layout"})])
def test_it_imports_nothing_from_above(folder, allowed):
    for path in (SCRIPTS / folder).glob("*.py"):
        assert set(imported(path)) <= {*allowed, *sys.stdlib_module_names}, path


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT / "docs").as_posix())
def test_the_rows_that_are_shown_are_those_that_are_checked(path):
    page, scope = read(path), Scope()
    if path != NOTATION:
        read_definitions(read(NOTATION), scope)
    for display in page.displays:
        tex = page.text[display.start : display.stop].strip()
        if display.unchecked:
            continue
        equation = parse(page, display, scope)
        if not tex.startswith(r"\begin{aligned}"):
            continue
        inside = tex.removeprefix(r"\begin{aligned}").rpartition(r"\end{aligned}")[0]
        rows = [[cell.strip() for _, cell in split(row, "&")] for _, row in split(inside, r"\\")]
        reasons = [relation.reason for relation in equation.relations if relation.reason]
        assert [row[3] for row in rows if len(row) == 4] == reasons


def test_a_check_leaves_the_precision_as_it_was():
    before = ctx.prec
    text = "$$\n\\lim_{z \\to \\infty} \\tanh z = 1\n$$\n\n$$\n0 < e^{z}\n$$\n\n$$\n1 = 2\n$$\n"
    assert len(check.check_text(text, "page.md", Scope()).refused) == 1
    assert ctx.prec == before
