"""The lines of PyTorch, JAX and Keras that pages show, and the record of a run of each: record.json.

    python -m frameworks            run every line in the frameworks that are installed, and write the record

The site's build reads the record and needs none of the frameworks.
"""

import json
from pathlib import Path

RECORD = Path(__file__).with_name("record.json")
NAMES = {"torch": "PyTorch", "jax": "JAX", "keras": "Keras"}


def line(call):
    """A call with its options as one line of code that takes z: f(dim=-1) is f(z, dim=-1)."""
    function, _, options = call.partition("(")
    return f"{function}(z, {options}" if options else f"{function}(z)"


def read():
    """The record: versions, lines, kinks, gains and defaults, as written by __main__.py."""
    return json.loads(RECORD.read_text(encoding="utf-8"))
