"""The site, built once by the strict build and served, and a browser to read it with.

All tests are of this checkout: a second one that shares its environment would import the first one's modules.
"""

import functools
import http.server
import importlib.util
import os
import shutil
import threading
from pathlib import Path

import pytest
from layout import ROOT
from support.site import CHROMIUM, CHROMIUM_ARGUMENTS, QuietHandler, Site, mkdocs_build

CHECKOUT = Path(__file__).resolve().parents[1]
ROOMS = sorted(path.stem for path in (CHECKOUT / "scripts").iterdir() if (path / "__init__.py").is_file())


def pytest_configure(config):
    """Refuse to test the modules of another checkout."""
    for name in ("layout", "build", "check", *ROOMS):
        found = Path(importlib.util.find_spec(name).origin)
        if not found.is_relative_to(CHECKOUT):
            raise pytest.UsageError(
                f"found the module {name} in {found}, expected it below {CHECKOUT}: this environment was made for "
                "another checkout, run pip install -r requirements.txt in one of its own"
            )


def pytest_collection_modifyitems(items):
    """Mark each test that looks at pages in a browser: `-m "not browser and not slow"` is the fast suite."""
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")


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
