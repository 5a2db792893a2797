"""The committed record of the last full check, for builds where the checker's requirements aren't installed."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import layout

from records import FRESH, NOT_RUN, STALE, shapes

COUNTS = ("equations", "definitions", "relations", "proved", "verified", "steps", "steps_proved")
NUMBERS = dict.fromkeys(COUNTS, int)
SHAPE = {"pages": {"*": NUMBERS | {"fingerprint": str, "unchecked": list}}, "totals": NUMBERS | {"unchecked": int}}


def fingerprint(text: str, notation: str) -> str:
    """What a page's result depends on, apart from the checker itself: its own text and the notation page's."""
    return hashlib.sha256(f"{len(notation)} {notation}{text}".encode()).hexdigest()


def read() -> dict[str, Any]:
    """The ledger: {"pages": {path: counts}, "totals": counts}; empty if no full check has been recorded.

    RecordError if the file isn't what the command writes.
    """
    if not layout.LEDGER.exists():
        return {"pages": {}, "totals": {}}
    return shapes.load(layout.LEDGER, "python scripts/check.py", SHAPE)


def status(path: str | Path) -> tuple[dict[str, Any] | None, str]:
    """(counts, state) of a page: its recorded counts or None, and whether they are those of its present text."""
    return statuses([path])[0]


def statuses(paths: Iterable[str | Path]) -> list[tuple[dict[str, Any] | None, str]]:
    """`status` of each of these pages; the ledger is read once for all."""
    pages, notation, found = read()["pages"], layout.NOTATION.read_text(encoding="utf-8"), []
    for path in paths:
        counts, state = pages.get(layout.relative(path)), NOT_RUN
        if counts is not None:
            text = Path(path).read_text(encoding="utf-8")
            state = FRESH if counts["fingerprint"] == fingerprint(text, notation) else STALE
        found.append((counts, state))
    return found


def render(pages: dict[str, dict[str, Any]]) -> str:
    """The ledger's text for {path: counts}; the same counts give the same bytes."""
    totals = {name: sum(counts[name] for counts in pages.values()) for name in COUNTS}
    totals["unchecked"] = sum(len(counts["unchecked"]) for counts in pages.values())
    return json.dumps({"pages": pages, "totals": totals}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
