"""The generated Markdown says what the module computes, in words and numbers that read well."""

import dataclasses
import html
import re
from math import inf

import numpy as np
import pytest
from facts import features
from publish import comparison, tables, words
from reference import CATALOGUE, PAPERS
from support.catalogue import ALL, EACH_ELEMENTWISE, EVERY
from support.tables import read, rows


def facts(f):
    return features.features(f)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.25, "0.25"),
        (-0.16997120747990369, "−0.1700"),
        (0.0, "0"),
        (-0.0, "0"),
        (6.0, "6"),
        (5.99999998, "6.000"),
        (-6.144174602214718e-06, "−6.144·10⁻⁶"),
        (1e-4, "0.0001"),
        (0.01, "0.01"),
        (1.0, "1"),
        (0.999999, "1.000"),
        (123456.0, "123456"),
        (1.5e9, "1.500·10⁹"),
        (inf, "∞"),
        (-inf, "−∞"),
        (float("nan"), "undefined"),
        (5e-324, "4.941·10⁻³²⁴"),
        (1234.56, "1235"),
        (999.96, "1000"),
    ],
)
def test_numbers(x, text):
    assert words.number(x) == text


@pytest.mark.parametrize("x", [0.25, -1.5e-7, 3.0, inf, -0.16997])
def test_tex_and_plain_text_agree(x):
    assert words.plain(f"${words.tex(x)}$") == words.number(x)


@EACH_ELEMENTWISE
def test_values_are_those_of_the_module(f):
    header, *body = rows(tables.values(f))
    assert len(body) == 13
    shown = np.array([[read(cell) for cell in row] for row in body])
    np.testing.assert_array_equal(shown[:, 0], np.arange(-6, 7))
    np.testing.assert_allclose(shown[:, 1:].T, f.jet(shown[:, 0]), rtol=5.1e-4)


def test_values_of_a_vector_function():
    softmax = CATALOGUE["softmax"]
    shown = np.array([[read(cell) for cell in row] for row in rows(tables.values(softmax))[1:]])
    z = np.stack([shown[:, 0], np.full(13, 1.0), np.full(13, 0.0)], axis=-1)
    np.testing.assert_allclose(shown[:, 1:4], softmax(z), rtol=5.1e-4)
    np.testing.assert_allclose(shown[:, 4:], softmax.jacobian(z)[..., 0], rtol=5.1e-4)


@EVERY
def test_headers_are_read_aloud(f):
    for header in (rows(tables.values(f))[0], rows(tables.card(f, facts(f)))[0]):
        assert all(re.sub(r"\$[^$]*\$", "", cell).strip() for cell in header)


@EVERY
def test_cards(f):
    card = dict(row for row in rows(tables.card(f, facts(f))))
    for key, call in f.frameworks.items():
        cell = card[tables.FRAMEWORKS[key]]
        assert html.unescape(cell.replace("<wbr>", "")) == f"<code>{call}</code>"
        assert all(piece[-1] == "." and piece[-2].isalpha() for piece in cell.split("<wbr>")[:-1])
    assert all(alias in card["Also called"] for alias in f.aliases)
    assert all(str(PAPERS[key].year) in card["Papers from"] for key in f.papers)
    assert all(rf"$\{name} = {words.tex(p.default)}$" in card["Parameter"] for name, p in f.parameters.items())
    assert all(cell.count("$") % 2 == 0 for cell in card.values())


def test_many_places_are_cut_short():
    assert words.places([(float(z), float(z)) for z in range(-9, 10)]).endswith("$z = 1$ and further on")
    assert words.places([(0.0, 0.0), (2.0, inf)]) == "$z = 0$ and $z > 2$"


@pytest.mark.parametrize(
    "name, row, text",
    [
        ("sigmoid", "Range", "$(0, 1)$"),
        ("sigmoid", "Largest slope", "$0.25$, at $z = 0$"),
        ("sigmoid", "Zeros", "none"),
        ("sigmoid", "Saturates", "on both sides"),
        ("sigmoid", "Slope exactly 0", None),
        ("sigmoid", "Parameter", None),
        ("relu", "Slope exactly 0", "for $z < 0$"),
        ("relu", "Zeros", r"$z \le 0$"),
        ("relu", "Largest slope", "$1$, for $z > 0$"),
        ("relu", "Saturates", "on the left"),
        ("leaky_relu", "Parameter", r"$\alpha = 0.01$, allowed in $[0, 1)$"),
        ("leaky_relu", "Smoothness", "continuous, with a kink at $z = 0$"),
        ("gelu", "Range", r"$[-0.1700, \infty)$"),
        ("gelu", "Monotone", r"no: minimum $\approx -0.1700$ at $z \approx -0.7518$"),
        ("tanh", "Zero-centred", "yes: $g$ is odd"),
        ("softmax", "Sum of the outputs", "always $1$"),
        ("softmax", "A constant added to all inputs", "changes nothing"),
    ],
)
def test_facts_in_words(name, row, text):
    """The row of the function's card, or None if it has none."""
    f = CATALOGUE[name]
    assert dict(rows(tables.card(f, facts(f)))).get(row) == text


def test_tables_over_all_functions():
    index = comparison.functions({f.name: comparison.row(f, facts(f)) for f in ALL})
    for f in ALL:
        assert (
            len(
                re.findall(
                    rf"\[!\[\]\(\.\./generated/{f.name}/thumbnail\.svg\){{[^}}]*}} {re.escape(f.title)}\]", index
                )
            )
            == 1
        )
        assert index.count(f"]({f.name}.md)") == 1
    for block in index.split("\n\n"):
        assert len({len(row) for row in rows(block)}) <= 1, "a row with too many cells"


def test_the_gallery_shows_each_family_and_does_not_grow(monkeypatch):
    families = tables.families()
    assert [name for family in families for name in family["functions"]] == list(CATALOGUE), "in the order of the story"
    pictures = {f.name: "<svg/>" for f in ALL}

    def shown(text):
        return re.findall(r"\[<svg/> .*?\]\(functions/(\w+)\.md\)", text)

    gallery = tables.gallery(pictures)
    few = [family["functions"] for family in families if len(family["functions"]) <= tables.FEW]
    assert set(shown(gallery)) >= {name for names in few for name in names}
    many = [family | {"functions": (family["functions"] * 40)[:40]} for family in families]
    monkeypatch.setattr(tables, "families", lambda: many)
    large = tables.gallery(pictures)
    assert large.count("[all 40](functions/index.md#family=") == len(families)
    assert len(shown(large)) == (tables.FEW - 1) * len(families)
    monkeypatch.setattr(
        tables, "families", lambda: [family | {"functions": family["functions"] * 10} for family in many]
    )
    assert len(tables.gallery(pictures)) == len(large) + len(families), "400 is a digit longer than 40"


@pytest.mark.parametrize(
    "smoothness, words_of_it",
    [
        (-1, "jumps at $z = 0$"),
        (0, "continuous, with a kink at $z = 0$"),
        (1, "continuous slope; the second derivative jumps at $z = 0$"),
        (2, "2 continuous derivatives; the next jumps at $z = 0$"),
    ],
)
def test_smoothness_says_what_jumps_and_where(smoothness, words_of_it):
    facts = dataclasses.replace(features.features(CATALOGUE["relu"]), smoothness=smoothness)
    assert words.smoothness(facts) == words_of_it
