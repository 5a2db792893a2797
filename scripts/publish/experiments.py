"""The figures, tables and sentences of the experiments, made from their result files; nothing is run.

studies/ has a module for each experiment.
"""

import importlib
import json
from textwrap import indent

from experiments import EXPERIMENTS
from experiments.functions import FUNCTIONS
from experiments.harness import plain
from records import NOT_RUN, STALE, RecordError
from records import experiments as records

from publish import words
from publish.code import block
from publish.markdown import table
from publish.studies import (
    centring,
    correlation,
    dead_units,
    digits,
    gradient_norms,
    low_precision,
    normalisation,
    optimisers,
    saturation,
)

TROUBLES = ("gradients", "saturation", "dead_units", "zero_centred", "initialisation", "low_precision")
STUDIES = (
    low_precision,
    saturation,
    gradient_norms,
    correlation,
    dead_units,
    centring,
    digits,
    normalisation,
    optimisers,
)
MADE = {name: study.PIECES for name, study in zip(EXPERIMENTS, STUDIES, strict=True)}


def settings(name):
    """The settings of an experiment as they are today."""
    return plain(importlib.import_module(f"experiments.{name}").EXPERIMENT.settings)


def read(name, folder):
    """The result of one experiment, from a folder with one file for each. RecordError if that isn't what it writes."""
    result = records.read(name, settings(name), folder)
    for case in result["settings"].get("activations", ()):
        if case not in FUNCTIONS:
            path = folder / f"{name}.json"
            raise RecordError(f"{path}: found the function {case!r}, expected one of experiments/functions.py")
    return result


def pieces(results, snippets):
    """The generated files: path below docs/generated -> text. `results` and `snippets` are the folders of these."""
    files = {}
    for name in MADE:
        files |= study(name, results)
    return files | common(results, snippets)


def study(name, folder):
    """The pieces of one experiment."""
    result = read(name, folder)
    files = {f"experiments/{piece}": make(result) for piece, make in MADE[name].items()}
    return files | {f"experiments/{name}_about.md": about(result)}


def common(folder, snippets):
    """The pieces that show all experiments, and the code that finds troubles."""
    files = {f"experiments/detect_{name}.md": tabs(snippets, name) for name in TROUBLES}
    return files | {"experiments/overview.md": overview({name: read(name, folder) for name in MADE})}


# What was run


def cost(name, result):
    """What it takes to run an experiment again: link, command, runs, time and memory."""
    return (
        f"[{name.replace('_', ' ').capitalize()}](#{name.replace('_', '-')})",
        f"`{result['command']}`",
        str(runs(result["settings"])),
        minutes(time(result)),
        f"{result['peak_memory_mb']} MB",
    )


def runs(settings):
    """Of each case: a number, a list, or for experiments that choose a rate the list of test runs."""
    found = settings.get("runs", settings.get("test_runs"))
    return found if isinstance(found, int) else len(found)


def overview(results):
    """The costs of all experiments and their sum, and what has not been run as it is asked for today."""
    rows = [cost(name, result) for name, result in results.items()]
    total = ("All", "`python -m experiments`", "", minutes(sum(map(time, results.values()))), "")
    used = {f"{name} {version}" for result in results.values() for name, version in result["versions"].items()}
    header = ("Experiment", "Command", "Runs of each case", "Time", "Memory")
    note = f"The time is half of the processor time used: what two free cores need. With {words.listed(sorted(used))}."
    return f"{table(header, [*rows, total], '  rrr')}\n{note}\n{missing(results)}"


def missing(results):
    """What an experiment names and its results don't hold, or hold for other settings; nothing if there is none."""
    lines = []
    for name, result in results.items():
        states = records.states(result, settings(name))
        lacking = [FUNCTIONS[case].title if case in FUNCTIONS else case for case in states if states[case] == NOT_RUN]
        if lacking:
            lines.append(f"- `{result['command']}` has not been run yet for {words.listed(lacking)}.\n")
        if STALE in states.values():
            lines.append(f"- The settings of `{result['command']}` have changed since it was run.\n")
    return "".join(["\n", *lines] if lines else [])


def time(result):
    """Seconds on two free cores; the file's wall time has in it what else the machine did."""
    return result["processor_seconds"] / 2


def minutes(seconds):
    return f"{seconds:.0f}\N{NO-BREAK SPACE}s" if seconds < 60 else f"{seconds / 60:.1f}\N{NO-BREAK SPACE}min"


def tabs(folder, name):
    """The functions that find a trouble, in a tab for each library."""
    parts = []
    for label, library in (("NumPy", "numpy"), ("PyTorch", "torch")):
        path = folder / f"{name}_{library}.py"
        if not path.is_file():
            raise RecordError(f"{path}: found no such file, expected the function that finds the trouble")
        code = indent(block(path.read_text()), "    ")
        parts.append(f'=== "{label}"\n\n{code}')
    return "\n".join(parts)


def about(result):
    """The experiment's own description and its settings, folded."""
    settings = "\n".join(f"{key}: {json.dumps(value)}" for key, value in result["settings"].items())
    text = indent(f"```text\n{result['about']}\n\n{settings}\n```", "    ")
    return f'??? info "Exact description and settings"\n\n{text}\n'
