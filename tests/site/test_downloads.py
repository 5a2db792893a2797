"""What readers take along: CSV, BibTeX and JSON say all that the module and the pages say, and are documented."""

import csv
import dataclasses
import io
import json
import re
from itertools import pairwise

import numpy as np
import pytest
from facts import features
from language.page import PageError
from layout import ROOT
from publish import downloads, pages, tables
from reference import CATALOGUE, PAPERS
from scipy.interpolate import BPoly  # which comes with scikit-learn
from support.catalogue import EACH_ELEMENTWISE, EVERY


@pytest.fixture(scope="module")
def catalogue(site):
    return json.loads((site.directory / "generated/catalogue.json").read_text(encoding="utf-8"))


@EVERY
def test_csv_has_every_digit(f):
    header, *rows = csv.reader(io.StringIO(downloads.values(f)))
    table = np.array(rows, float)
    assert table.shape == (121, len(header))
    if f.vector:
        z, outputs, slopes = np.split(table, [-6, -3], axis=1)
        moving = np.flatnonzero(np.ptp(z, axis=0))
        np.testing.assert_array_equal(outputs, f(z))
        np.testing.assert_array_equal(slopes, f.jacobian(z)[:, :, moving].sum(axis=-1))
        np.testing.assert_array_equal(table[:, moving[0]], np.arange(-60, 61) / 10)
    else:
        np.testing.assert_array_equal(table[:, 1:].T, f.jet(table[:, 0]))
    assert set(np.arange(-6.0, 7.0)) <= set(table[:, moving[0] if f.vector else 0])
    assert all(repr(float(cell)) == cell for row in rows for cell in row)


@EVERY
def test_the_site_serves_what_the_pages_link(site, f):
    [page] = [page for url, page in site.pages.items() if url.endswith(f"/functions/{f.name}/")]
    [link] = [link for link in page.find("a") if link.get("href", "").endswith(".csv")]
    assert link["download"] == f"{f.name}.csv"
    assert (site.directory / f"generated/{f.name}/values.csv").read_text() == downloads.values(f)
    code = "".join(page.text("pre"))
    for key in f.papers:
        assert PAPERS[key].bibtex in code
    assert f.source.strip() in code


def test_bibliography_has_every_paper_once(site):
    text = (site.directory / "generated/papers.bib").read_text(encoding="utf-8")
    assert re.findall(r"^@\w+{(\w+),$", text, re.MULTILINE) == list(PAPERS)
    assert text.count("{") == text.count("}")
    for paper in PAPERS.values():
        assert f"title = {{{{{paper.title}}}}}" in text and f"year = {{{paper.year}}}" in text


def test_references_list_each_paper_and_fold_its_bibtex():
    relu = CATALOGUE["relu"]
    text = tables.references(relu)
    assert text.splitlines()[:3] == [f"- {PAPERS[key].citation}" for key in relu.papers]
    assert text.count("```bibtex") == len(relu.papers)


def test_catalogue_holds_every_function_and_paper(catalogue):
    assert [function["name"] for function in catalogue["functions"]] == list(CATALOGUE)
    assert [paper["key"] for paper in catalogue["papers"]] == list(PAPERS)


@EVERY
def test_facts_are_those_of_the_module(catalogue, f):
    [function] = [function for function in catalogue["functions"] if function["name"] == f.name]
    found = features.features(f)
    assert function["facts"] == downloads.plain(dataclasses.asdict(found))
    for name, parameter in zip(function["parameters"], f.parameters.values(), strict=True):
        assert (name["name"], name["default"], name["allowed"]) == (
            parameter.name,
            parameter.default,
            str(parameter.allowed),
        )


@EVERY
def test_formulas_are_those_of_the_page(catalogue, f):
    [function] = [function for function in catalogue["functions"] if function["name"] == f.name]
    source = (ROOT / "docs" / "functions" / f"{f.name}.md").read_text(encoding="utf-8")
    displays = re.findall(r"^\$\$\n(.*?)\n\$\$$", source, re.DOTALL | re.MULTILINE)
    assert [latex for section in function["formulas"].values() for latex in section] == displays
    assert {"Definition", "First derivative", "Second derivative"} <= function["formulas"].keys()
    start = ("g_i(z)", "g_i(a, b)") if f.vector else "g(z)"
    assert any(latex.startswith(start) or "&=" in latex for latex in function["formulas"]["Definition"])


def test_addresses_in_the_catalogue_lead_somewhere(site, catalogue):
    for function in catalogue["functions"]:
        for address in function["files"].values():
            target = (site.directory / "generated" / address).resolve()
            assert target.is_file() or (target / "index.html").is_file(), address


def keys(data, prefix=""):
    """The keys of nested JSON, written as in downloads.FIELDS; below `formulas` and `frameworks` they are data."""
    if isinstance(data, list):
        for item in data:
            yield from keys(item, f"{prefix}[]")
    elif isinstance(data, dict):
        for key, value in data.items():
            name = f"{prefix}.{key}".lstrip(".")
            yield name, value
            if key not in ("formulas", "frameworks"):
                yield from keys(value, name)


def test_every_key_is_documented_and_of_its_type(catalogue):
    number, boolean, text = (int, float), bool, str
    types = {"number": number, "string": text, "boolean": boolean, "object": dict}
    seen = set()
    for key, value in keys(catalogue):
        seen.add(key)
        kind = downloads.FIELDS[key][0]
        expected = types.get(kind, list)
        infinite = kind == "number" and value in ("inf", "-inf", None)
        assert infinite or isinstance(value, expected) and isinstance(value, bool) == (kind == "boolean"), (key, value)
    assert seen == downloads.FIELDS.keys()


def test_every_documented_key_is_on_the_page(site):
    [page] = [page for url, page in site.pages.items() if url.endswith("/tables/data/")]
    shown = page.text("code")
    for key in downloads.FIELDS:
        prefix = max((prefix for prefix in downloads.OBJECTS.values() if key.startswith(prefix)), key=len)
        assert key.removeprefix(prefix) in shown
    assert downloads.fields().count("\n| `") == len(downloads.FIELDS)


EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs/tables/data.md").read_text(encoding="utf-8"), re.DOTALL)


def test_the_example_with_the_catalogue_runs(site, monkeypatch, capsys):
    monkeypatch.chdir(site.directory / "generated")
    exec(EXAMPLES[0], {})
    shown = capsys.readouterr().out
    assert "Sigmoid g(z)" in shown and "Tanh g(z)" in shown and "ReLU" not in shown


@EACH_ELEMENTWISE
def test_the_example_with_samples_gives_what_the_module_computes(site, monkeypatch, f):
    monkeypatch.chdir(site.directory / "generated")
    assert 'open("swish/' in EXAMPLES[1] and "setting = [1.5]" in EXAMPLES[1]
    for t in (0.1, 0.6):
        values = {p.name: p.shown[0] + t * (p.shown[1] - p.shown[0]) for p in f.parameters.values()}
        code = EXAMPLES[1].replace("swish/", f"{f.name}/").replace("[1.5]", repr([*values.values()]))
        made = {}
        exec(code, made)
        z, *jet = (made[key] for key in ("z", "g", "d1", "d2"))
        kinks = iter(f.kinks(**values))
        for start, end in pairwise(made["starts"]):
            if end - start == 1:
                found = [column[start] for column in jet]
                np.testing.assert_allclose(found, f.jet(next(kinks), **values), rtol=0, atol=1e-7)
            elif z[start] < z[end - 1]:
                rows = slice(start, end)
                polynomials = BPoly.from_derivatives(z[rows], np.transpose(jet)[rows])
                x = np.random.default_rng(0).uniform(z[start], z[end - 1], 1000)
                found = [polynomials(x, order) for order in range(3)]
                np.testing.assert_allclose(found, f.jet(x, **values), rtol=0, atol=1e-6)


def test_numbers_that_json_lacks():
    text = downloads.encode({"a": [float("inf"), -float("inf"), float("nan")], "b": (1.5, True)})
    assert json.loads(text) == {"a": ["inf", "-inf", None], "b": [1.5, True]}


def test_a_page_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "x.md"
    path.write_text("# X\n\n$$\ng(z) = z\n")
    with pytest.raises(PageError, match=r"x\.md:3:\d+: found a display without its end"):
        pages.formulas(path)
