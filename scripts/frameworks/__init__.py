"""What frameworks return for the lines that pages show and the questions that tables ask, and the record: records/frameworks.json.

    python -m frameworks                  ask every framework that is installed, and write the record
    python -m frameworks --only sigmoid   one entry again, a function or a table; the others stay as they are
    python -m frameworks --check          ask again and compare: a line for each difference, nothing is written

The record is {entry: {framework: answer}}. Each answer has the `versions` that gave it, its framework's first. The
site's build reads the record and needs none of the frameworks.
"""

import json

from layout import FRAMEWORKS

NAMES = {
    "torch": "PyTorch",
    "jax": "JAX",
    "keras": "Keras",
    "tensorflow": "TensorFlow",
    "flax": "Flax",
    "scipy": "SciPy",
    "transformers": "Transformers",
}


def line(call):
    """A call with its options as one line of code that takes z: f(dim=-1) is f(z, dim=-1)."""
    function, _, options = call.partition("(")
    return f"{function}(z, {options}" if options else f"{function}(z)"


def read():
    """The record, as written by __main__.py."""
    return json.loads(FRAMEWORKS.read_text(encoding="utf-8"))


def named(key, answer):
    """A framework with the version that gave an answer: "PyTorch 2.13.0"."""
    return f"{NAMES[key]} {answer['versions'][key]}"
