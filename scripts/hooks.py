"""MkDocs calls this before each build, so that a bare `mkdocs serve` has its figures and tables."""

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
