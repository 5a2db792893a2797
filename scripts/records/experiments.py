"""The result files of the experiments, one each, and in which state a function is in one of them."""

from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path
from typing import Any

import layout

from records import FRESH, NOT_RUN, STALE, shapes
from records.shapes import Shape

GROWING = ("activations", "cases")  # lists of settings that name what is taken: a case that joins lengthens them
NUMBER = (float, None)
QUARTILES = {"q1": NUMBER, "median": NUMBER, "q3": NUMBER}
LAYERS = {side: [number] for side, number in QUARTILES.items()}
THEORY = LAYERS | {"theory": [NUMBER]}
SIZE = QUARTILES | {"rms": NUMBER, "rms_error": NUMBER, "theory": NUMBER}
CHOSEN = QUARTILES | {"rate": float, "diverged": int, "runs": [float], "tried": {"*": [float]}}
UNITS = {"dead?": LAYERS, "stuck?": LAYERS, "ever_stuck?": [float], "recovered?": [float]}
FORM = {"curve": {"z": [float], "log10_error": [NUMBER]}, "up": (dict, None), "down": (dict, None)}
UNDERFLOW = {"zeros": LAYERS, "error": LAYERS, "error_with_exact_slopes": LAYERS}
SATURATED = {"saturated": THEORY, "shares": [[float]], "variance_theory": [NUMBER]}
PROFILE = {"gradient": THEORY, "variance": THEORY}
SCHEMES = ("he", "xavier", "own")


def rows(shape: Shape, *parts: Iterable[Any]) -> Shape:
    """A dict with a key for each combination of the parts, such as "relu/he/12", and this shape under all."""
    return {"*": shape} | {"/".join(map(str, case)): shape for case in product(*parts)}


# Experiment -> the shape of its results, from its settings.
RESULTS: dict[str, Callable[[dict[str, Any]], Shape]] = {
    "low_precision": lambda s: {
        "forms": {"*": rows(FORM, s["types"])},
        "underflow": rows(rows(UNDERFLOW, s["loss_scales"]), s["activations"]),
    },
    "saturation": lambda s: rows(SATURATED, s["activations"], s["scales"]),
    "gradient_norms": lambda s: {
        "by_depth": rows(rows(SIZE, s["depths"]), s["activations"], SCHEMES),
        "by_width": rows(rows(SIZE, s["widths"]), map("/".join, s["width_cases"])),
        "profile": rows(PROFILE, s["activations"], SCHEMES) | rows(PROFILE, s["default_activations"], ["default"]),
    },
    "correlation": lambda s: rows(THEORY, s["activations"], s["starts"]),
    "dead_units": lambda s: rows(
        UNITS | {"test_accuracy": QUARTILES, "diverged": int}, s["activations"], s["setups"], s["rates"], s["biases"]
    ),
    "centring": lambda s: rows(CHOSEN, s["cases"]),
    "digits": lambda s: rows(CHOSEN, s["activations"], SCHEMES, s["depths"]),
    "normalisation": lambda s: rows(CHOSEN, s["activations"], s["arrangements"], s["depths"]),
    "optimisers": lambda s: rows(LAYERS, s["activations"], s["rates"]),
}
FILE = {
    "about": str,
    "command": str,
    "seconds": float,
    "processor_seconds": float,
    "peak_memory_mb": float,
    "versions": {"*": str},
    "tolerance": float,
    "first": dict,
}


def path(name: str) -> Path:
    return layout.RESULTS / f"{name}.json"


def read(name: str, settings: dict[str, Any], folder: Path | None = None) -> dict[str, Any]:
    """The results of an experiment that has these settings today, from the file in the folder, layout.RESULTS if None.

    RecordError if the file isn't what the experiment writes: its settings have the same names, and its results what
    these ask for.
    """
    return shapes.load(
        (folder or layout.RESULTS) / f"{name}.json",
        f"python -m experiments.{name}",
        FILE | {"settings": shapes.like(settings)},
        lambda result: {"results": RESULTS[name](result["settings"]) if name in RESULTS else dict},
    )


def states(result: dict[str, Any], settings: dict[str, Any]) -> dict[str, str]:
    """What the settings name today -> its state in the result, which is STALE if any other setting has changed."""
    fixed = settings.keys() - GROWING
    same = all(result["settings"].get(key) == settings[key] for key in fixed)
    return {
        name: NOT_RUN if name not in result["settings"][key] else FRESH if same else STALE
        for key in GROWING
        for name in settings.get(key, ())
    }
