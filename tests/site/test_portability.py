"""The site in another builder: Zensical, Material's successor, makes the same pages of the same tree."""

import os
import shutil
import subprocess
import sys
from collections import Counter

import pytest
from layout import ROOT
from support.site import Page

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
