"""The site, built once by the strict build and served to all workers; a browser to read it with; what runs when.

Tests that open a page in the browser carry the mark `browser`. Of those that are about one page or one function, each
push runs those of one page of each kind and of the pages that changed since `main`; the others carry the mark
`nightly` and run with `--nightly`. What is neither `browser` nor `slow` is the fast suite.

All tests are of this checkout: a second one that shares its environment would import the first one's modules.
"""

import functools
import http.server
import importlib.util
import os
import shutil
import tempfile
import threading
from pathlib import Path

import pytest
from filelock import FileLock
from layout import ROOT
from support.pages import addressed, chosen
from support.site import CHROMIUM, CHROMIUM_ARGUMENTS, QuietHandler, Site, mkdocs_build

CHECKOUT = Path(__file__).resolve().parents[1]
ROOMS = sorted(path.parent.name for path in (CHECKOUT / "scripts").glob("*/__init__.py"))
SERVED = pytest.StashKey[dict]()  # the folder of the site and its address, the same for all workers


def pytest_addoption(parser):
    parser.addoption("--nightly", action="store_true", help="every page in the browser, not one of each kind")


def pytest_configure(config):
    """Serve the folder of the site from the process that outlives the workers; who needs the site first fills it."""
    refuse_another_checkout()
    if hasattr(config, "workerinput"):
        config.stash[SERVED] = config.workerinput["site"]
        return
    folder = tempfile.TemporaryDirectory(prefix="site-")
    config.add_cleanup(folder.cleanup)
    directory = Path(folder.name) / "site"
    directory.mkdir()
    handler = functools.partial(QuietHandler, directory=str(directory))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    config.add_cleanup(server.server_close)
    config.add_cleanup(server.shutdown)  # the last one in is the first one called
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config.stash[SERVED] = {"directory": str(directory), "url": f"http://127.0.0.1:{server.server_port}/"}


def refuse_another_checkout():
    """UsageError if a room that would be imported isn't the one beside these tests."""
    for name in ("layout", "build", "check", *ROOMS):
        found = Path(importlib.util.find_spec(name).origin)
        if not found.is_relative_to(CHECKOUT):
            raise pytest.UsageError(
                f"found the module {name} in {found}, expected it below {CHECKOUT}: this environment was made for "
                "another checkout, run pip install -r requirements.txt in one of its own"
            )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tell a worker of pytest-xdist where the site is."""
    node.workerinput["site"] = node.config.stash[SERVED]


def pytest_collection_modifyitems(config, items):
    """Mark the tests that need the browser; keep those of a file that don't together, for what they share is costly."""
    daily = chosen()
    for item in items:
        if "browser" not in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(ROOT).as_posix()))
            continue
        item.add_marker(pytest.mark.browser)
        about = addressed(item)
        if about is not None and about not in daily:
            item.add_marker(pytest.mark.nightly)
    if not config.getoption("--nightly"):
        at_night = [item for item in items if item.get_closest_marker("nightly")]
        config.hook.pytest_deselected(items=at_night)
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]


@pytest.fixture(scope="session")
def site(pytestconfig):
    """The site as `mkdocs build --strict` makes it, served on a local port; one worker builds it, the others wait."""
    directory, url = pytestconfig.stash[SERVED].values()
    outcome = Path(f"{directory}.built")
    with FileLock(f"{directory}.lock"):
        if not outcome.exists():
            built = mkdocs_build(ROOT, "--site-dir", directory, SITE_URL=url)
            outcome.write_text(built.stderr if built.returncode else "", encoding="utf-8")
    assert not (failure := outcome.read_text(encoding="utf-8")), failure
    return Site(Path(directory), url)


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
