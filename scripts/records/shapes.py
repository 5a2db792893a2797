"""The shape of a committed file, and a loader that holds the file to it.

A shape is a type (float stands for every number), None, a tuple of shapes of which one fits, a list with the shape of
each of its entries, or a dict: its keys must be there, "key?" may be, and under "*" stands the shape of all others,
without which other keys are let through.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from records import RecordError

Shape = Any  # as above: a type, None, or a tuple, list or dict of shapes


def load(path: Path, command: str, *shapes: Shape | Callable[[Any], Shape]) -> dict[str, Any]:
    """What the file holds. A shape may be a function of it, which is called if it has the shapes before.

    RecordError, one line, if the file is missing, is no JSON or has another shape.
    """
    expected = f"expected what `{command}` writes"
    try:
        value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecordError(f"{path}: found no such file, {expected}") from None
    except ValueError as error:
        raise RecordError(f"{path}: found no JSON ({error}), {expected}") from None
    for shape in shapes:
        shape = shape(value) if callable(shape) else shape
        if wrong := next(faults(value, shape), None):
            raise RecordError(f"{path}: found {wrong}, {expected}")
    return value


def faults(value: Any, shape: Shape, place: tuple[str | int, ...] = ()) -> Iterator[str]:
    """Each place where the value hasn't this shape, in words."""
    if isinstance(shape, dict) and isinstance(value, dict):
        rest = dict.fromkeys(value, shape["*"]) if "*" in shape else {}
        for key, inner in (rest | shape).items():
            name = key.removesuffix("?")
            if name in value:
                yield from faults(value[name], inner, (*place, name))
            elif key == name != "*":
                yield f"no {key!r}{f' in {shown(place)}' if place else ''}"
    elif isinstance(shape, list) and isinstance(value, list):
        for i, entry in enumerate(value):
            yield from faults(entry, shape[0], (*place, i))
    elif not fits(value, shape):
        yield f"{value!r:.40} as {shown(place) or 'its whole'}"


def fits(value: Any, shape: Shape) -> bool:
    """Whether a value that isn't to be gone into has this shape."""
    if isinstance(shape, tuple):
        return any(next(faults(value, each), None) is None for each in shape)
    if shape is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return value is None if shape is None else isinstance(shape, type) and isinstance(value, shape)


def shown(place: tuple[str | int, ...]) -> str:
    return ", ".join(map(str, place))


def like(value: Any) -> Shape:
    """The shape of this value: the same keys, and lists of what their first entry is."""
    if isinstance(value, dict):
        return {key: like(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [like(value[0])] if value else list
    return float if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value)
