"""What frameworks return for the lines that pages show and the questions that tables ask: records/frameworks.json.

    python -m frameworks                  ask every framework that is installed, and write the record
    python -m frameworks --only sigmoid   one entry again, a function or a table; the others stay as they are
    python -m frameworks --check          ask again and compare: a line for each difference, nothing is written

What isn't installed keeps its answers. The record is {entry: {framework: answer}}. Each answer has the `versions` that
gave it, its framework's first. The site's build reads the record and needs none of the frameworks.
"""

import ast

from records import frameworks as records
from records.frameworks import read

__all__ = ["NAMES", "line", "named", "read", "state"]

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
    """A call as a line of code that takes z: f is f(z), f(dim=-1) is f(z, dim=-1), and an expression of z is itself.

    ValueError if it is none of these.
    """
    try:
        tree = ast.parse(call, mode="eval").body
    except SyntaxError:
        tree = None
    if isinstance(tree, (ast.Name, ast.Attribute)):
        return f"{call}(z)"
    if isinstance(tree, ast.Call) and tree.keywords and not tree.args:
        function, _, options = call.partition("(")
        return f"{function}(z, {options}"
    if tree is None or not any(isinstance(node, ast.Name) and node.id == "z" for node in ast.walk(tree)):
        raise ValueError(f"found the call {call!r}, expected a name, name(option=value), or an expression of z")
    return call


def state(f, key, record):
    """The state of a function's call in a framework: STALE if the entry's call or kinks have changed since."""
    answer = record.get(f.name, {}).get(key)
    asked = line(f.frameworks[key]) if key in f.frameworks else ""
    return records.state(answer, asked, () if f.vector else f.kinks())


def named(key, answer):
    """A framework with the version that gave an answer: "PyTorch 2.13.0"."""
    return f"{NAMES[key]} {answer['versions'][key]}"
