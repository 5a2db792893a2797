"""MkDocs calls these: before a build to draw, after it for the search, and to make the site lighter."""

import json
import subprocess
import sys
from pathlib import Path

import build
import navigation
from finish import finish
from mkdocs.exceptions import Abort
from publish import search

publishing = True
imported = build.inputs()  # what the code that runs here was read from


def on_pre_build(config):
    """Bring docs/generated up to date, and order the pages by what it holds.

    Unless only a page was edited, it is made in a fresh interpreter, which sees edited code.
    """
    try:
        done = (state := build.inputs()) == imported and build.refresh(state)
    except build.BuildError as error:
        raise Abort(str(error)) from None
    if not done:
        result = subprocess.run([sys.executable, build.__file__], stderr=subprocess.PIPE, text=True)
        if result.returncode:
            raise Abort(result.stderr.strip())
    families = json.loads((build.GENERATED / build.FAMILIES).read_text(encoding="utf-8"))
    config.nav = navigation.nav(families)


def on_page_content(html, page, **_):
    """Leave the page out of Material's own index: to read it takes longer than all else."""
    page.meta["search"] = {"exclude": True}


def on_startup(command, **_):
    """Note whether the site is built to be published: `mkdocs serve` shows an edit sooner if nothing is slimmed."""
    global publishing
    publishing = command == "build"


def on_env(env, **_):
    """Leave out what the theme's templates are indented by: half a KB of a page."""
    env.trim_blocks = env.lstrip_blocks = True


def on_post_build(config):
    """Index the pages for the search, and make the site lighter."""
    site = Path(config.site_dir)
    search.write(site)
    if publishing:
        finish(site)
