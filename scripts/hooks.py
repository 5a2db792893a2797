"""MkDocs calls these: before a build to draw, on each page for the search, after it to make the site lighter."""

import json
import re
import subprocess
import sys
from pathlib import Path

import build
import navigation
from finish import finish
from mkdocs.exceptions import Abort
from mkdocs.plugins import CombinedEvent, event_priority

# What no search should find; cells of mere numbers, which it skips; inline formulas, of which it finds the letters.
UNSEARCHED = re.compile(r'<svg.*?</svg>|<div[^>]* class="equation".*?</div>', re.DOTALL)
NUMBER = r"<td[^>]*>[^A-Za-z<]*</td>"
NUMBERS = re.compile(rf"{NUMBER}(\s*{NUMBER})*")
INLINE = re.compile(r"<math.*?</math>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")

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


@event_priority(100)
def before_search(context, page, **_):
    """Give Material's search only what it should find; to read formulas and drawings takes it longer than all else."""
    page.whole = page.content.replace(' data-search-exclude="1"', "")
    words = NUMBERS.sub("<td>…</td>", UNSEARCHED.sub("", page.content))
    page.content = INLINE.sub(lambda formula: TAG.sub("", formula[0]), words)


@event_priority(-100)
def after_search(context, page, **_):
    """Put back what the reader gets."""
    page.content = page.whole


on_page_context = CombinedEvent(before_search, after_search)


def on_startup(command, **_):
    """Note whether the site is built to be published: `mkdocs serve` shows an edit sooner if nothing is slimmed."""
    global publishing
    publishing = command == "build"


def on_env(env, **_):
    """Leave out what the theme's templates are indented by: half a KB of a page."""
    env.trim_blocks = env.lstrip_blocks = True


def on_post_build(config):
    """Make the site lighter."""
    if publishing:
        finish(Path(config.site_dir))
