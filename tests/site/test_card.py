"""The card of a function: it stands still while the page arrives, and the theme's script leaves it alone."""

import functools
import http.server
import threading
import time
from pathlib import Path
from urllib.parse import urljoin

import pytest
from support.site import QuietHandler

# What moved on the page, below Material's header: the text of each element whose place changed after it was drawn.
SHIFTS = """
    window.shifts = []
    new PerformanceObserver(list => list.getEntries().forEach(entry => entry.sources.forEach(({ node }) => {
        if (!(node?.closest ? node : node?.parentElement)?.closest(".md-header")) shifts.push(node?.textContent)
    }))).observe({ type: "layout-shift", buffered: true })
"""


class SlowHandler(QuietHandler):
    """Serves pages in pieces, a row of the card at a time, as a slow network may."""

    def do_GET(self):
        page = Path(self.translate_path(self.path), "index.html")
        if not page.is_file():
            return super().do_GET()
        text = page.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        head, row, rest = text.partition(b'<tr>\n<th scope="row">')
        rows = rest.partition(b"</table>")[0].split(row)
        for piece in (head, *(row + other for other in rows), text[len(head) + len(row) + len(row.join(rows)) :]):
            self.wfile.write(piece)
            self.wfile.flush()
            time.sleep(0.1)


@pytest.fixture(scope="module")
def slow(site):
    """The address of the site as SlowHandler serves it."""
    handler = functools.partial(SlowHandler, directory=str(site.directory))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["sigmoid", "leaky_relu", "softmax"])
def test_nothing_moves_while_the_page_arrives(slow, browser, name, width):
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.add_init_script(SHIFTS)
        page.goto(urljoin(slow, f"functions/{name}/"))
        page.wait_for_selector("figure.live")
        assert page.evaluate("shifts") == []


def test_cards_have_columns_of_one_width_and_no_box(site, browser):
    names = [path.parent.name for path in site.directory.glob("functions/*/index.html")]
    assert names
    for width in (360, 800, 1280):
        with browser.new_context(viewport={"width": width, "height": 900}) as context:
            page, places = context.new_page(), set()
            for name in names:
                page.goto(urljoin(site.url, f"functions/{name}/"))
                card = page.locator("article > table.card")  # in a box, it would be no child of the article
                places.add(card.locator("td").first.evaluate("cell => cell.getBoundingClientRect().left"))
                assert card.evaluate("card => card.scrollWidth <= card.clientWidth")
                limits = card.locator("tr", has_text="Limits").locator("td")
                for cell in limits.all():  # a line each
                    lines = cell.evaluate("""cell => {
                        const { height, lineHeight, paddingTop } = getComputedStyle(cell)
                        return Math.round((parseFloat(height) - 2 * parseFloat(paddingTop)) / parseFloat(lineHeight))
                    }""")
                    assert lines == cell.locator("br").count() + 1
            assert len(places) == 1, places
