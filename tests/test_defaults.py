"""The tables of docs/tables/defaults.md against the recorded signatures, and these against the installed frameworks."""

import ast
import re

import frameworks
from conftest import ROOT
from frameworks import defaults

PAGE = (ROOT / "docs" / "tables" / "defaults.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `((?:torch|keras|jax)\.[\w.]+)` \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
RECORD = frameworks.read()


def test_the_page_shows_what_is_recorded():
    shown = {
        call: dict(zip(re.findall(r"`(\w+)`", names), map(ast.literal_eval, values.replace("*", "").split(", ")), strict=True))
        for call, names, values in ROWS
    }
    assert shown == RECORD["defaults"]
    assert {call: tuple(given) for call, given in shown.items()} == defaults.PARAMETERS


def test_the_page_names_the_versions():
    for key, version in RECORD["versions"].items():
        assert f"{frameworks.NAMES[key]} {version}" in " ".join(PAGE.split())


def test_the_installed_frameworks_have_the_recorded_defaults(installed):
    for call, given in defaults.rows(installed).items():
        assert given == RECORD["defaults"][call]
