"""The tables of docs/tables/defaults.md against the signatures of the frameworks that are installed."""

import ast
import importlib
import inspect
import os
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "tables" / "defaults.md"
ROWS = re.findall(r"^\| `((?:torch|keras|jax)\.[\w.]+)` \| (.+?) \| (.+?) \|$", PAGE.read_text(), re.MULTILINE)


def test_the_page_has_rows_of_each_framework():
    assert {call.split(".")[0] for call, *_ in ROWS} == {"torch", "keras", "jax"} and len(ROWS) >= 10


@pytest.mark.parametrize("call, parameters, defaults", ROWS, ids=[call for call, *_ in ROWS])
def test_defaults_are_those_of_the_signature(call, parameters, defaults):
    if call.startswith("keras"):
        os.environ.setdefault("KERAS_BACKEND", "torch")
        pytest.importorskip("torch", reason="PyTorch is not installed")
    found = pytest.importorskip(call.split(".")[0], reason=f"{call.split('.')[0]} is not installed")
    for name in call.split(".")[1:]:
        found = getattr(found, name, None) or importlib.import_module(f"{found.__name__}.{name}")
    signature = inspect.signature(found.__init__ if inspect.isclass(found) else found).parameters
    names = re.findall(r"`(\w+)`", parameters)
    values = defaults.replace("*", "").split(", ")
    for name, value in zip(names, values, strict=True):
        expected = signature[name].default
        assert ast.literal_eval(value) == ("none" if expected is None else expected)
