"""The site, built once by the strict build and served, and a browser to read it with."""

import functools
import http.server
import os
import shutil
import threading

import pytest
from layout import ROOT
from support.site import CHROMIUM, CHROMIUM_ARGUMENTS, QuietHandler, Site, mkdocs_build


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site as `mkdocs build --strict` makes it, served on a local port."""
    directory = tmp_path_factory.mktemp("site")
    handler = functools.partial(QuietHandler, directory=str(directory))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        built = mkdocs_build(ROOT, "--site-dir", str(directory), SITE_URL=url)
        assert built.returncode == 0, built.stderr
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Site(directory, url)
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium. A reader's machine may lack it; in CI its absence is a failure."""
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if executable is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no browser found, looked for {', '.join(CHROMIUM)}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        with playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS) as chromium:
            yield chromium
