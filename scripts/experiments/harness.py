"""What the experiments share: a run over independent tasks in two processes, and a result file that describes itself.

An experiment has cases, tuples such as ("relu", "he"), and is cut into tasks, tuples that begin with their case, such
as ("relu", "he", 50, 0); a task's value depends on the task alone. `--only` runs some cases again, which then take
the place of the committed ones or join them. `--short` runs some tasks again, which must have the values in the file up
to the experiment's tolerance: another processor rounds sums and exponentials differently.
"""

import argparse
import json
import math
import multiprocessing
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from records import experiments as records
from records.experiments import GROWING

WORKERS = 2


class Experiment(NamedTuple):
    name: str
    about: str  # the module's docstring
    settings: dict  # its lists in GROWING name what is taken: a case that joins may lengthen them
    cases: Callable  # () -> list of tuples
    tasks: Callable  # cases, {task: value} of earlier tasks -> list of tuples; asked again until it has no new ones
    short: Callable  # () -> list of tuples, some of the tasks
    work: Callable  # task -> value: dicts, lists and numbers
    summarise: Callable  # cases, {task: value} -> the results of the file, of these cases
    tolerance: float  # on each number of a task's value, relative to numbers above 1
    packages: tuple[str, ...] = ("numpy",)


def main(experiment: Experiment) -> None:
    """The experiment's command line."""
    parser = argparse.ArgumentParser(
        prog=f"python -m experiments.{experiment.name}",
        description=experiment.about,
        epilog=cost(experiment),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--short", action="store_true", help="run the first tasks alone and compare them with the file")
    parser.add_argument(
        "--only",
        metavar="CASE",
        help='run one function or case again, such as "relu" or "relu/he", and join it to the file',
    )
    parser.add_argument("--out", type=Path, default=path(experiment), help="the result file (default: %(default)s)")
    arguments = parser.parse_args()
    try:
        if arguments.short:
            wrong = check(experiment)
            print("\n".join(wrong) or f"{experiment.name}: as in the file, within {experiment.tolerance}")
            sys.exit(1 if wrong else 0)
        if arguments.only:
            result = joined(experiment, arguments.only)
        else:
            result = run(experiment, experiment.cases())
        write(arguments.out, result)
    except (OSError, ImportError, ValueError) as error:
        sys.exit(f"{experiment.name}: {error}")


def cost(experiment: Experiment) -> str:
    """What the committed run took, in one line."""
    if not path(experiment).exists():
        return ""
    last = committed(experiment)
    return (
        f"The recorded run took {last['processor_seconds']} seconds of processor time, which is half of that on "
        f"{WORKERS} free cores, and at most {last['peak_memory_mb']} MB."
    )


def path(experiment: Experiment) -> Path:
    return records.path(experiment.name)


def committed(experiment: Experiment) -> dict:
    """The result file. RecordError, a ValueError, if there is none, or if it isn't what the experiment writes."""
    return records.read(experiment.name, plain(experiment.settings))


def run(experiment: Experiment, cases: list[tuple]) -> dict:
    """All tasks of these cases, in two processes, and the contents of the result file."""
    begin, values = time.monotonic(), {}
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn")) as pool:
        while todo := [task for task in experiment.tasks(cases, values) if task not in values]:
            for i, value in enumerate(pool.map(experiment.work, todo)):
                values[todo[i]] = value
                progress(i + 1, len(todo), key(todo[i]), time.monotonic() - begin)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "about": experiment.about.strip(),
        "command": f"python -m experiments.{experiment.name}",
        "seconds": round(time.monotonic() - begin),
        "processor_seconds": round(sum(use.ru_utime + use.ru_stime for use in used)),
        "peak_memory_mb": round((used[0].ru_maxrss + WORKERS * used[1].ru_maxrss) / 1024),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in experiment.packages},
        "settings": experiment.settings,
        "tolerance": experiment.tolerance,
        "first": {
            key(task): plain(values[task] if task in values else experiment.work(task)) for task in experiment.short()
        },
        "results": plain(experiment.summarise(cases, values)),
    }


def joined(experiment: Experiment, name: str) -> dict:
    """The committed file with the cases called so, or that have it as a part, run again; "joined" says with what."""
    cases = experiment.cases()
    chosen = [case for case in cases if name in map(str, case) or f"{key(case)}/".startswith(f"{name}/")]
    if not chosen:
        parts = dict.fromkeys(str(part) for case in cases for part in case)
        raise ValueError(f"found no case {name!r}, expected one of {', '.join(parts)}, or several joined by /")
    file = committed(experiment)
    for setting, found in plain(experiment.settings).items():
        if setting not in GROWING and file["settings"].get(setting) != found:
            raise ValueError(
                f"found {setting} = {found} in the code and {file['settings'].get(setting)} in {path(experiment)}, "
                "expected the same: run the whole experiment again"
            )
    new = run(experiment, chosen)
    how = {part: new[part] for part in ("versions", "processor_seconds")}
    return file | {
        "about": new["about"],
        "settings": new["settings"],
        "first": new["first"],
        "results": merged(file["results"], new["results"]),
        "joined": file.get("joined", {}) | {name: how},
    }


def merged(old, new):
    """Two nested dicts in one; where both have something else than a dict, the new one."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return new
    return old | {name: merged(old.get(name), entry) for name, entry in new.items()}


def check(experiment: Experiment) -> list[str]:
    """Run the short tasks that the file has; a line for each number that differs. RecordError if there is no file."""
    first = committed(experiment)["first"]
    found = {key(task): plain(experiment.work(task)) for task in experiment.short() if key(task) in first}
    return differences(found, first, experiment.tolerance)


def differences(found, expected, tolerance: float, where: str = "") -> list[str]:
    """Where two values of dicts, lists, numbers and None differ by more than `tolerance` (times a number above 1)."""
    if isinstance(expected, dict) and isinstance(found, dict) and found.keys() == expected.keys():
        pairs = [(f"{where} {name}", found[name], expected[name]) for name in expected]
    elif isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        pairs = [(f"{where}[{i}]", *pair) for i, pair in enumerate(zip(found, expected))]
    else:
        return [f"{where.strip()}: {line}" for line in difference(found, expected, tolerance)]
    return [line for name, a, b in pairs for line in differences(a, b, tolerance, name)]


def difference(found, expected, tolerance: float) -> list[str]:
    """The line on two values that aren't gone into, if they differ."""
    if isinstance(expected, (int, float)) and isinstance(found, (int, float)):
        close = abs(found - expected) <= tolerance * max(1, abs(expected))
        return [] if close else [f"found {found}, expected {expected} within {tolerance}"]
    return [] if found == expected else [f"found {found!r}, expected {expected!r}"]


def key(task: tuple) -> str:
    """A task's name in the file: "relu/he/50/0"."""
    return "/".join(map(str, task))


def plain(value):
    """Numbers of numpy as plain ones, with four significant digits; NaN and infinities as None, which JSON has."""
    if isinstance(value, dict):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(entry) for entry in value]
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.4g}") if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value


def quartiles(values, axis: int = 0) -> dict[str, np.ndarray]:
    """Median and quartiles over the runs."""
    low, median, high = np.percentile(values, (25, 50, 75), axis=axis)
    return {"q1": low, "median": median, "q3": high}


def write(file: Path, result: dict) -> None:
    """Write the file whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_text(text(result) + "\n")
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)


def text(value, indent: str = "") -> str:
    """JSON with sorted keys, where a list, or a dict of plain values, has one line."""
    if not isinstance(value, dict) or not any(isinstance(entry, (dict, list)) for entry in value.values()):
        return json.dumps(value, sort_keys=True, allow_nan=False)
    inner = indent + " "
    entries = (f"{inner}{json.dumps(name)}: {text(entry, inner)}" for name, entry in sorted(value.items()))
    return "{\n" + ",\n".join(entries) + f"\n{indent}}}"


def progress(done: int, total: int, name: str, seconds: float) -> None:
    """A bar on a terminal, nothing elsewhere."""
    if sys.stderr.isatty():
        bar = "#" * (30 * done // total)
        left = seconds / done * (total - done)
        end = "\n" if done == total else ""
        print(f"\r[{bar:30}] {done}/{total}  {left:4.0f} s left  {name:40.40}", end=end, file=sys.stderr, flush=True)
