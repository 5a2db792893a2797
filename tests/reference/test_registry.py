"""The catalogue: its facts, its order, its papers, and how a wrong entry is refused."""

import inspect
import math
import re
import shutil
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import frameworks
import layout
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import CATALOGUE, FAMILIES, PAPERS, Interval, Paper
from reference.registry import Family, activation, by, d1, d2, g, try_out
from support.catalogue import EVERY

FACTS = {"title": "Probe", "family": "sigmoidal", "smoothness": math.inf, "papers": (), "frameworks": {}}


def probe(z):
    yield g(z)
    yield d1(np.ones_like(z))
    yield d2(np.zeros_like(z))


def leaning(z, *, alpha=0.5):
    yield g(alpha * z)
    yield d1(np.full_like(z, alpha))
    yield d2(np.zeros_like(z))
    yield by(alpha=z)


def positional(z, alpha=0.5):
    yield g(alpha * z)


def plain(z):
    return z, 1, 0


def sigmoid(z):
    yield g(z)


@pytest.fixture
def catalogue():
    """The catalogue, restored after the test."""
    before = dict(CATALOGUE)
    yield CATALOGUE
    CATALOGUE.clear()
    CATALOGUE.update(before)


def test_the_story_is_told_family_by_family():
    families = [list(FAMILIES).index(f.family) for f in CATALOGUE.values()]
    assert families == sorted(families)
    for before, after in zip(CATALOGUE.values(), list(CATALOGUE.values())[1:]):
        assert before.family != after.family or before.file != after.file or before.line < after.line


@EVERY
def test_facts(f):
    assert CATALOGUE[f.name] is f and re.fullmatch("[a-z][a-z0-9_]*", f.name)
    assert f.title
    for framework, call in f.frameworks.items():
        assert re.match(rf"\W*{framework}\.", call) and frameworks.line(call)
    assert f.smoothness == math.inf or f.smoothness in range(-1, 6)  # as far as test_reference_accuracy looks
    for parameter in f.parameters.values():
        assert Interval.parse(str(parameter.allowed)) == parameter.allowed
        low, high = parameter.shown
        assert low < high and low <= parameter.default <= high


@EVERY
def test_source_line_and_file_are_the_entry(f):
    lines = f.file.read_text().splitlines()[f.line - 1 :]
    assert f.source.splitlines() == lines[: len(f.source.splitlines())]
    assert f.source.startswith("@activation(") and f"def {f.name}(" in f.source


@EVERY
def test_an_entry_cannot_be_changed(f):
    with pytest.raises(FrozenInstanceError):
        f.name = "other"
    assert f in {f}  # it can be a key


def test_a_valid_entry_is_registered(catalogue):
    facts = FACTS | {"allowed": {"alpha": "(0, 1]"}, "shown": {"alpha": (0.1, 1)}, "aliases": ("slanted",)}
    f = activation(**facts)(leaning)
    assert catalogue["leaning"] is f and f.kinks() == () and f.parameters["alpha"].default == 0.5
    assert f.derivative([1.0, 2.0], alpha=1).tolist() == [1.0, 1.0]


def test_kinks_may_depend_on_a_parameter(catalogue):
    facts = FACTS | {"allowed": {"alpha": "(0, 1]"}, "shown": {"alpha": (0.1, 1)}, "smoothness": 0}
    f = activation(**facts, kinks=lambda alpha: (-alpha, alpha))(leaning)
    assert f.kinks() == (-0.5, 0.5) and f.kinks(alpha=0.25) == (-0.25, 0.25)


@pytest.mark.parametrize(
    "entry, facts, message",
    [
        (sigmoid, FACTS, "found the name 'sigmoid', taken by sigmoid, expected a name of its own"),
        (probe, FACTS | {"aliases": ("relu",)}, "found the name 'relu', taken by relu"),
        (probe, FACTS | {"family": "round"}, "found the family 'round', expected one of sigmoidal, rectifier"),
        (probe, FACTS | {"papers": ("nobody1900",)}, "found the paper 'nobody1900', expected a key of PAPERS"),
        (probe, FACTS | {"papers": "maas2013"}, "found papers = 'maas2013', expected a tuple"),
        (probe, FACTS | {"colour": "red"}, "found the unknown fact 'colour', expected facts out of title, family"),
        (probe, FACTS | {"kinks": (0.0,)}, "found smoothness inf with kinks (0.0,), expected kinks if"),
        (probe, FACTS | {"smoothness": 0}, "found smoothness 0 with kinks (), expected kinks if"),
        (probe, FACTS | {"smoothness": 2}, "found smoothness 2 with kinks (), expected kinks if"),
        (probe, FACTS | {"allowed": {"alpha": "[0, 1]"}}, "found allowed for {'alpha'}, expected it for the"),
        (leaning, FACTS, "found allowed for {}, expected it for the parameters, {'alpha'}"),
        (leaning, FACTS | {"allowed": {"alpha": "[0, 1]"}}, "found shown for {}, expected it for the parameters"),
        (
            leaning,
            FACTS | {"allowed": {"alpha": "[0, 1"}, "shown": {"alpha": (0, 1)}},
            "found alpha in '[0, 1', expected an interval such as '[0, 1)'",
        ),
        (
            leaning,
            FACTS | {"allowed": {"alpha": "[0, 0.4]"}, "shown": {"alpha": (0, 0.4)}},
            "found alpha = 0.5, expected default and shown range in [0, 0.4]",
        ),
        (
            leaning,
            FACTS | {"allowed": {"alpha": "[0, 1)"}, "shown": {"alpha": (0, 1)}},
            "found alpha = 1, expected default and shown range in [0, 1)",
        ),
        (
            positional,
            FACTS | {"allowed": {"alpha": "[0, 1]"}, "shown": {"alpha": (0, 1)}},
            "found the parameter 'alpha', expected a keyword-only argument with a default",
        ),
        (plain, FACTS, "found no generator, expected one that yields g, d1 and d2"),
        *((probe, {k: v for k, v in FACTS.items() if k != fact}, f"found no {fact}, expected it") for fact in FACTS),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place(entry, facts, message, catalogue):
    before = dict(catalogue)
    place = f"{__file__}:{entry.__code__.co_firstlineno}: {entry.__name__}: "
    with pytest.raises(ValueError, match="^" + re.escape(place + message)):
        activation(**facts)(entry)
    assert catalogue == before


def missing_one(z, *, alpha=0.5):
    yield g(alpha * z)
    yield d1(np.full_like(z, alpha))
    yield d2(np.zeros_like(z))


def one_too_many(z):
    yield from probe(z)
    yield d2(np.zeros_like(z))


def swapped(z):
    yield g(z)
    yield d2(np.zeros_like(z))
    yield d1(np.ones_like(z))


def nameless(z):
    yield z
    yield np.ones_like(z)
    yield np.zeros_like(z)


def a_number(z):
    yield g(z)
    yield d1(1.0)
    yield d2(np.zeros_like(z))


def one_number(z):
    yield g(z)
    yield d1(np.ones(1))
    yield d2(np.zeros_like(z))


def another_parameter(z, *, alpha=0.5):
    yield from missing_one(z, alpha=alpha)
    yield by(beta=z)


def steep(z):
    yield g(z)
    yield d1(z / z)
    yield d2(np.zeros_like(z))


def naive(z):
    yield g(z / (1 + np.abs(z)))
    p = 1 / (1 + np.abs(z))
    yield d1(p * p)
    yield d2(-2 * np.sign(z) * p * p * p)


def overflowing(z):
    yield g(np.exp(z) / (1 + np.exp(z)))
    yield d1(np.ones_like(z))
    yield d2(np.zeros_like(z))


LEANING = {"allowed": {"alpha": "[0, 1]"}, "shown": {"alpha": (0, 1)}}


@pytest.mark.parametrize(
    "entry, line, message",
    [
        (missing_one, 0, "found nothing more, expected by(alpha): it yields g, d1, d2, by(alpha), in this order"),
        (one_too_many, 2, "found d2, expected nothing more: it yields g, d1, d2, in this order"),
        (swapped, 2, "found d2, expected d1: it yields g, d1, d2, in this order"),
        (nameless, 1, "found ndarray without a name, expected g(...)"),
        (a_number, 2, "found 1.0 as d1, expected an array of floats of the shape (22,)"),
        (one_number, 2, "found float64 array of the shape (1,) as d1, expected an array of floats of the shape (22,)"),
        (another_parameter, 2, "found by(beta), expected by(alpha): it yields g, d1, d2, by(alpha), in this order"),
        (steep, 0, "found NaN as d1 at z = 0, expected a number: a form that doesn't break there"),
        (naive, 0, "found NaN as g at z = -inf, expected the limit, about -1, as the entry is asked for it"),
        (overflowing, 0, "found NaN as g at z = 1e+20, expected a number: a form that doesn't break there"),
    ],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_an_entry_that_yields_something_else_is_refused_with_its_line(entry, line, message, catalogue):
    f = activation(**FACTS, **LEANING if "alpha" in inspect.signature(entry).parameters else {})(entry)
    place = f"{__file__}:{entry.__code__.co_firstlineno + line}: {entry.__name__}: "
    with pytest.raises(ValueError, match="^" + re.escape(place + message)):
        try_out(f)


def test_what_is_missing_is_refused_at_use_too(catalogue):
    """Never read from memory that nobody wrote."""
    f = activation(**FACTS, **LEANING)(missing_one)
    assert f.jet([1.0, 2.0]).d1.tolist() == [0.5, 0.5]
    with pytest.raises(ValueError, match="missing_one: found nothing more, expected by\\(alpha\\)"):
        f.parameter_derivative("alpha", [1.0, 2.0])


def test_only_what_is_asked_for_is_computed(catalogue):
    def lazy(z):
        yield g(z)
        raise AssertionError("nobody asked for this")

    assert activation(**FACTS)(lazy)([1.0, 2.0]).tolist() == [1, 2]


def wave(z):
    yield g(np.sin(z))
    yield d1(np.cos(z))
    yield d2(-np.sin(z))


def test_what_settles_nowhere_has_no_limit_to_give(catalogue):
    f = activation(**FACTS)(wave)
    try_out(f)
    assert np.isnan(f(math.inf)) and np.isnan(f.derivative(-math.inf))


def test_a_family_more_is_a_line_more(catalogue, monkeypatch):
    monkeypatch.setitem(FAMILIES, "periodic", Family("periodic", "Periodic"))
    assert activation(**FACTS | {"family": "periodic"})(wave).family == "periodic"


def test_a_new_file_needs_no_list(tmp_path):
    copy = shutil.copytree(layout.SCRIPTS / "reference", tmp_path / "reference")
    (copy / "entries" / "aaa.py").write_text(
        "import math\n"
        "from reference.registry import Family, activation, d1, d2, g\n"
        '@activation(title="Line", family="exponential", smoothness=math.inf, papers=(), frameworks={})\n'
        "def line(z):\n"
        "    yield g(z)\n"
        "    yield d1(z**0)\n"
        "    yield d2(0 * z.clip(-1, 1))\n"
    )
    names = subprocess.run(
        [sys.executable, "-c", "import reference; print(*reference.CATALOGUE)"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    families = [CATALOGUE[name].family if name != "line" else "exponential" for name in names]
    assert sorted(names) == sorted([*CATALOGUE, "line"])
    assert families == sorted(families, key=list(FAMILIES).index)


def test_only_numpy_is_needed():
    code = "import sys, reference; print(*{name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names)"
    found = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, env=import_path())
    assert set(found.stdout.split()) <= {"reference", "numpy", "__main__", "__mp_main__"}, found.stderr
    assert found.returncode == 0, found.stderr


def import_path():
    """An environment in which only the package and numpy are found."""
    roots = [layout.SCRIPTS, Path(np.__file__).parent.parent]
    return {"PYTHONPATH": ":".join(map(str, roots))}


@pytest.mark.parametrize("text", ["[0, 1)", "(-inf, inf)", "(0, inf)", "[-1, 1]", "[0.25, 4)"])
def test_intervals_read_as_they_are_written(text):
    assert str(Interval.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "0, 1", "[0; 1)", "[1, 0]", "[1, 1]", "[a, 1]", "[0, inf]", "[nan, 1]", "[0, 1, 2]"]
)
def test_what_is_not_an_interval_is_refused(text):
    with pytest.raises(ValueError, match="found .* expected"):
        Interval.parse(text)


@given(st.floats(), st.booleans(), st.booleans())
def test_membership_of_an_interval(x, closed_low, closed_high):
    interval = Interval(-1.0, 2.0, closed_low, closed_high)
    assert (x in interval) == (-1 < x < 2 or (x == -1 and closed_low) or (x == 2 and closed_high))


@pytest.mark.parametrize("paper", PAPERS.values(), ids=lambda paper: paper.key)
def test_papers(paper):
    assert PAPERS[paper.key] is paper
    family = paper.authors[0].split(", ")[0].lower()
    assert paper.key == f"{family}{paper.year}"
    assert all(len(author.split(", ")) == 2 for author in paper.authors)
    assert paper.link.startswith("http") and bool(paper.arxiv) + bool(paper.doi) + bool(paper.url) == 1
    assert "\n" not in paper.citation
    for text in (paper.title, paper.venue, str(paper.year), paper.link):
        assert text in paper.citation
    assert paper.bibtex.startswith(f"@{paper.kind}{{{paper.key},\n") and paper.bibtex.count("{") == paper.bibtex.count(
        "}"
    )
    assert " and ".join(paper.authors) in paper.bibtex
    # A preprint has no more than its number; what has pages or a volume appeared somewhere.
    assert (paper.kind == "misc") == bool(paper.arxiv) and not (paper.kind == "misc" and (paper.pages or paper.volume))


def test_every_paper_is_cited():
    assert set(PAPERS) == {key for f in CATALOGUE.values() for key in f.papers}


def test_citation_and_bibtex_of_one_paper():
    paper = Paper("doe2001", ("Doe, Jane", "Roe, Richard", "Poe, Pat"), "On z", 2001, "Letters 1", arxiv="0101.00001")
    people, link = "Jane Doe, Richard Roe and Pat Poe", "[On z](https://arxiv.org/abs/0101.00001)"
    assert paper.citation == f"{people} (2001). {link}. *Letters 1*."
    assert paper.bibtex.splitlines() == [
        "@misc{doe2001,",
        "  author = {Doe, Jane and Roe, Richard and Poe, Pat},",
        "  title = {{On z}},",
        "  howpublished = {Letters 1},",
        "  year = {2001},",
        "  eprint = {0101.00001},",
        "  archiveprefix = {arXiv}",
        "}",
    ]


def test_citation_and_bibtex_of_an_article():
    paper = Paper(
        "doe2001",
        ("Doe, Jane",),
        "On z",
        2001,
        "Letters",
        doi="10.1/2",
        kind="article",
        volume="1",
        number="2",
        pages="3–4",
    )
    assert paper.citation == "Jane Doe (2001). [On z](https://doi.org/10.1/2). *Letters 1(2), 3–4*."
    assert paper.bibtex.splitlines()[0] == "@article{doe2001,"
    assert [line.strip(" ,") for line in paper.bibtex.splitlines()[3:7]] == [
        "journal = {Letters}",
        "volume = {1}",
        "number = {2}",
        "pages = {3--4}",
    ]
