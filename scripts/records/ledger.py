"""The committed record of the last full check, for builds where the checker's requirements aren't installed."""

import hashlib
import json
from pathlib import Path

import layout


def fingerprint(text, notation):
    """What a page's result depends on, apart from the checker itself: its own text and the notation page's."""
    return hashlib.sha256(f"{len(notation)} {notation}{text}".encode()).hexdigest()


def load():
    """The ledger: {"pages": {path: counts}, "totals": counts}; empty if no full check has been recorded."""
    return (
        json.loads(layout.LEDGER.read_text(encoding="utf-8")) if layout.LEDGER.exists() else {"pages": {}, "totals": {}}
    )


def status(path):
    """(counts, current) of a page: its recorded counts or None, and whether they are those of its present text."""
    counts = load()["pages"].get(layout.relative(path))
    if counts is None:
        return None, False
    texts = [Path(file).read_text(encoding="utf-8") for file in (path, layout.NOTATION)]
    return counts, counts["fingerprint"] == fingerprint(*texts)


def render(pages):
    """The ledger's text for {path: counts}; the same counts give the same bytes."""
    names = ("equations", "definitions", "relations", "proved", "verified", "steps", "steps_proved")
    totals = {name: sum(counts[name] for counts in pages.values()) for name in names}
    totals["unchecked"] = sum(len(counts["unchecked"]) for counts in pages.values())
    return json.dumps({"pages": pages, "totals": totals}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
