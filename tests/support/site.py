"""The built site: how it is built and served, its pages, and a browser's arguments."""

import functools
import http.server
import os
import subprocess
import sys
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

# Silences the banner that Material prints about the future of MkDocs.
os.environ["NO_MKDOCS_2_WARNING"] = "1"

# No sandbox, because CI runs as root in a container; the rest keeps the browser from talking to anyone but the site.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files as a static host does: without a log, and with 404.html for what is missing."""

    def log_message(self, *arguments):
        pass

    def send_error(self, code, message=None, explain=None):
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Page(HTMLParser):
    """One built page: its elements as (tag, attributes), and the texts inside chosen elements."""

    def __init__(self, url, html):
        super().__init__()
        self.url = url
        self.html = html
        self.elements = []
        self.texts = []  # (the open tags, text)
        self._open = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in ("meta", "link", "input", "br", "img", "hr", "wbr"):
            self._open.append((tag, dict(attributes)))

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.texts.append((tuple(self._open), data))

    def find(self, tag, **attributes):
        """Return the attributes of each element `tag` that has the given ones."""
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(key) == value for key, value in attributes.items())
        ]

    def text(self, tag, where=lambda attributes: True):
        """Return the pieces of text inside elements `tag` whose attributes satisfy `where`."""
        return [
            data for opened, data in self.texts if any(name == tag and where(attributes) for name, attributes in opened)
        ]


@dataclass(frozen=True)
class Site:
    """The built site: its folder, and the address at which it is served."""

    directory: Path
    url: str

    @functools.cached_property
    def pages(self):
        """All pages but 404.html, as a dict address -> Page."""
        pages = {}
        for path in sorted(self.directory.rglob("index.html")):
            url = urljoin(self.url, path.relative_to(self.directory).as_posix().removesuffix("index.html"))
            pages[url] = Page(url, path.read_text(encoding="utf-8"))
        return pages

    @functools.cached_property
    def missing(self):
        """The page that is served for an unknown address."""
        return Page(self.url, (self.directory / "404.html").read_text(encoding="utf-8"))


def mkdocs_build(directory, *arguments, **environment):
    """Run `mkdocs build` in `directory` and return the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", *arguments],
        cwd=directory,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def settle(page):
    """Wait until each equation of the page has its width, which they get once the reader moves."""
    page.keyboard.press("Shift")
    page.wait_for_function("!document.querySelector('.equation:not(.settled)')")
