"""The record of what frameworks return, {entry: {framework: answer}}, and in which state a call is."""

from collections.abc import Iterable
from typing import Any

import layout

from records import FRESH, NOT_RUN, STALE, shapes

COMMAND = "python -m frameworks"
NUMBER = (float, None)
ANSWER = {"versions": {"*": str}}
RUN = ANSWER | {"line": str, "value": float, "slope": float, "kinks?": {"*": NUMBER}}
ROW = {"title": str, "z": float, "order": int, "line": str, "slope": NUMBER}
MODELS = {"classes": int, "without": [str], "counts": {"*": int}, "seen": {"*": {"*": [{"file": str}]}}, "values": dict}
TABLES = {
    "kinks": {"*": ANSWER | {"rows": [ROW]}, "torch": ANSWER | {"rows": [ROW | {"sides": [NUMBER]}]}},
    "gains": {"torch": ANSWER | {"gains": {"*": float}}},
    "defaults": {"*": ANSWER | {"defaults": {"*": dict}}},
    "floating_point": {"*": ANSWER | {"found": {"*": [(float, str, None)]}}},
    "models": {"transformers": ANSWER | MODELS},
}
SHAPE = {"*": {"*": ANSWER}} | TABLES


def read() -> dict[str, dict[str, Any]]:
    """The record. RecordError if the file isn't what the command writes."""
    return shapes.load(
        layout.FRAMEWORKS, COMMAND, SHAPE, lambda record: {name: {"*": RUN} for name in record if name not in TABLES}
    )


def state(answer: dict[str, Any] | None, line: str, kinks: Iterable[float] = ()) -> str:
    """Of a line of code and its answer, None if there is none: whether this line was run, at these kinks."""
    if answer is None:
        return NOT_RUN
    same = answer["line"] == line and set(answer.get("kinks", {})) == {repr(float(kink)) for kink in kinks}
    return FRESH if same else STALE
