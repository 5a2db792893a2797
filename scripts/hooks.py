"""MkDocs calls these: before a build to draw figures and tables, on each page for the search, after it to slim code."""

import re
import subprocess
import sys
from pathlib import Path

from mkdocs.exceptions import Abort
from mkdocs.plugins import CombinedEvent, event_priority

# What no search should find, and inline formulas, of which it finds the letters.
UNSEARCHED = re.compile(r'<svg.*?</svg>|<div[^>]* class="equation".*?</div>', re.DOTALL)
INLINE = re.compile(r"<math.*?</math>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
CODE = re.compile(r"(<pre.*?</pre>)", re.DOTALL)


def on_pre_build(config):
    """Run build.py in a fresh interpreter, where an edited entry is imported anew while `mkdocs serve` runs."""
    build = Path(__file__).with_name("build.py")
    result = subprocess.run([sys.executable, build], stderr=subprocess.PIPE, text=True)
    if result.returncode:
        raise Abort(result.stderr.strip())


@event_priority(100)
def before_search(context, page, **_):
    """Give Material's search only what it should find; to read formulas and drawings takes it longer than all else."""
    page.whole = page.content.replace(' data-search-exclude="1"', "")
    page.content = INLINE.sub(lambda formula: TAG.sub("", formula[0]), UNSEARCHED.sub("", page.content))


@event_priority(-100)
def after_search(context, page, **_):
    """Put back what the reader gets."""
    page.content = page.whole


on_page_context = CombinedEvent(before_search, after_search)


def on_post_page(output, **_):
    """Leave out the theme's indentation between tags, and in code the marks of what has no colour: 1 KB of a page."""
    pieces = CODE.split(output)
    pieces[::2] = (re.sub(r"\s*\n\s*<", "\n<", piece) for piece in pieces[::2])
    pieces[1::2] = (re.sub(r'<span class="(?:n|o|p|w)">([^<]*)</span>', r"\1", piece) for piece in pieces[1::2])
    return "".join(pieces)


def on_post_build(config):
    """Leave the comments and indentation of scripts and styles to those who read the source: 3 KB less on a page."""
    for path in Path(config.site_dir, "javascripts").glob("*.js"):
        lines = re.sub(r"(^|\s)// .*", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE).splitlines()
        path.write_text("\n".join(filter(None, map(str.strip, lines))), encoding="utf-8")
    for path in Path(config.site_dir, "stylesheets").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        path.write_text("\n".join(filter(None, map(str.strip, text.splitlines()))), encoding="utf-8")
