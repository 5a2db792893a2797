"""MkDocs calls this: before a build, so that `mkdocs serve` has figures and tables, and after it to slim code."""

import re
import subprocess
import sys
from pathlib import Path

from mkdocs.exceptions import Abort


def on_pre_build(config):
    """Run build.py in a fresh interpreter, where an edited entry is imported anew while `mkdocs serve` runs."""
    build = Path(__file__).with_name("build.py")
    result = subprocess.run([sys.executable, build], stderr=subprocess.PIPE, text=True)
    if result.returncode:
        raise Abort(result.stderr.strip())


def on_post_build(config):
    """Leave the comments and indentation of scripts and styles to those who read the source: 3 KB less on a page."""
    for path in Path(config.site_dir, "javascripts").glob("*.js"):
        lines = map(str.strip, path.read_text(encoding="utf-8").splitlines())
        path.write_text("\n".join(line for line in lines if line and not line.startswith("//")), encoding="utf-8")
    for path in Path(config.site_dir, "stylesheets").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        path.write_text("\n".join(filter(None, map(str.strip, text.splitlines()))), encoding="utf-8")
