"""What the guides conclude from the experiments: each sentence as it stands on its page, and what the results say of it.

A sentence is held by a function with `@says(page, sentences)`; the text of the page between some of its marks has no
sentence that isn't.
"""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from experiments.functions import FUNCTIONS
from publish import experiments
from reference import gaussian

ROOT = Path(__file__).parent.parent
HELD = []
SCHEMES = ("he", "xavier", "own")


def says(page, *sentences):
    """The decorated function asserts that these sentences of the page are true of the results."""

    def register(check):
        HELD.append((page, sentences, check))
        return check

    return register


@pytest.fixture(scope="module")
def results():
    return {name: entry["results"] for name, entry in experiments.read(ROOT / "scripts/experiments/results").items()}


def text(page):
    """A page with its lines joined, so that a sentence is one string."""
    return " ".join((ROOT / "docs" / "guide" / f"{page}.md").read_text().split())


@pytest.mark.parametrize("page, sentences, check", HELD, ids=lambda part: getattr(part, "__name__", ""))
def test_nothing(page, sentences, check):
    """Replaced at the end of the file, when all are registered."""
