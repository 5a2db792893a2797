"""Activation functions with first and second derivatives, in forms that are accurate over the whole of float64.

    from reference import CATALOGUE
    CATALOGUE["leaky_relu"].derivative([-1.0, 2.0], alpha=0.2)

Every module of `reference.entries` is imported, so that a new entry, or a new file, is in CATALOGUE without a list.
"""

import importlib
import pkgutil

from reference import entries
from reference.activation import Activation, Curve, Demonstration, Interval, Jet, Parameter
from reference.papers import PAPERS, Paper
from reference.registry import CATALOGUE, FAMILIES, try_out

__all__ = [
    "CATALOGUE",
    "FAMILIES",
    "PAPERS",
    "Activation",
    "Curve",
    "Demonstration",
    "Interval",
    "Jet",
    "Paper",
    "Parameter",
]

for _module in pkgutil.iter_modules(entries.__path__):
    importlib.import_module(f"{entries.__name__}.{_module.name}")

# Files are found in alphabetical order; the sort is stable, so that within a family the order of its file stays.
_story = sorted(CATALOGUE.items(), key=lambda item: list(FAMILIES).index(item[1].family))
CATALOGUE.clear()
CATALOGUE.update(_story)

for _entry in CATALOGUE.values():
    try_out(_entry)
