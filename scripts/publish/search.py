"""The search index of a built site, made by Pagefind: in pieces, of which a reader loads those that a query needs."""

import asyncio
import re
import shutil

from pagefind.index import IndexConfig, PagefindIndex

EXCLUDED = ["[data-search-exclude]", ".headerlink", "svg"]  # equations, figures, marks of headings
NUMBER = re.compile(r"<mn>.*?</mn>")
FIGURES = re.compile(r"<td[^>]*>(?:[^A-Za-z<&]|&\w+;|to|</?strong>)*</td>")  # a cell of mere numbers, as "1 to 2"
UNUSED = (
    "pagefind-*.js",
    "pagefind-*.css",
    "wasm.unknown.pagefind",
)  # other interfaces than docs/javascripts/search.js


def write(site):
    """Write the folder `pagefind` of the built site in the folder `site`."""
    folder = site / "pagefind"
    shutil.rmtree(folder, ignore_errors=True)  # of an earlier build
    asyncio.run(index(site, folder))
    for pattern in UNUSED:
        for path in folder.glob(pattern):
            path.unlink()


async def index(site, folder):
    """Index all pages of the site, and write the index into the folder."""
    config = IndexConfig(
        root_selector="article", exclude_selectors=EXCLUDED, force_language="en", output_path=str(folder)
    )
    async with PagefindIndex(config=config) as pagefind:  # which writes at its end
        for path in sorted(site.rglob("index.html")):
            # A formula would be one word: the numbers in it are words of their own.
            text = FIGURES.sub("", NUMBER.sub(r" \g<0> ", path.read_text(encoding="utf-8")))
            await pagefind.add_html_file(content=text, source_path=path.relative_to(site).as_posix())
