"""The site in another builder: Zensical, Material's successor, makes the same pages of the same tree."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from urllib.parse import urljoin

import pytest
from layout import ROOT
from support.site import Page, QuietHandler

pytestmark = pytest.mark.slow  # two builders build the whole site
# What makes a page's look, from its head to its figure; the sidebar's order is each builder's own.
PARTS = (
    "[data-md-component=header]",
    "header .md-logo",
    ".md-tabs__item",
    "[data-md-type=navigation]",
    "[data-md-type=toc]",
    "article",
    "article h1",
    "article > p",
    "article table",
    "article figure",
    "article .gallery li",
    "article h2",
)
BOXES = """part => [...document.querySelectorAll(part)].slice(0, 40).map(one => {
    const { x, y, width, height } = one.getBoundingClientRect()
    return [x, y, width, height]
})"""
CONTENT = ("math", "table", "figure", "svg", "h2", "pre")


def content(page):
    """Return how many elements of each kind the text of `page` has, and the TeX of its formulas."""
    article = page.html[page.html.index("<article") : page.html.index("</article>")]
    elements = Page(page.url, article).elements
    return Counter(tag for tag, _ in elements if tag in CONTENT), [
        a["data-tex"] for _, a in elements if "data-tex" in a
    ]


@pytest.fixture(scope="module")
def other(site, tmp_path_factory):
    """The folder with Zensical's pages of what the build of `site` left in docs/."""
    project = tmp_path_factory.mktemp("zensical")
    shutil.copy(ROOT / "mkdocs.yml", project)
    shutil.copytree(ROOT / "docs", project / "docs")
    shutil.copytree(ROOT / "scripts", project / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    built = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=project,
        capture_output=True,
        text=True,
        env={**os.environ, "SITE_URL": site.url},
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return project / "site"


def test_zensical_builds_the_same_pages(site, other):
    pages = {path.relative_to(other).as_posix() for path in other.rglob("index.html")}
    assert pages == {path.relative_to(site.directory).as_posix() for path in site.directory.rglob("index.html")}
    assert len(pages) == len(site.pages) > 0


def test_zensical_has_maths_tables_and_figures_in_place(site, other):
    for url, page in site.pages.items():
        path = other / url.removeprefix(site.url) / "index.html"
        assert content(Page(url, path.read_text(encoding="utf-8"))) == content(page), url


@pytest.fixture(scope="module")
def served(other):
    """The address of Zensical's pages."""
    handler = functools.partial(QuietHandler, directory=str(other))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("name", ["", "functions/", "functions/sigmoid/", "functions/softmax/", "guide/notation/"])
def test_zensical_s_pages_look_alike(site, served, browser, name):
    """Each part of the first screen has the same place and size; Zensical keeps room for a scrollbar, 15 pixels."""
    found = []
    for address in (site.url, served):
        with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
            page = context.new_page()
            page.goto(urljoin(address, name), wait_until="networkidle")
            found.append({part: page.evaluate(BOXES, part) for part in PARTS})
    for part in PARTS:
        ours, theirs = ([box for box in boxes[part] if box[1] < 900] for boxes in found)
        assert len(ours) == len(theirs), part
        for one, other in zip(ours, theirs):
            assert one == pytest.approx(other, abs=16, rel=0.005), part
    assert len(found[0]["article h1"]) == 1
