"""The entries of the record: asking the frameworks for them, joining what was asked with the rest, and comparing."""

import math
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from reference import CATALOGUE

from frameworks import NAMES, defaults, floating_point, gains, kinks, models, run

TABLES = {table.__name__.partition(".")[2]: table for table in (kinks, gains, defaults, floating_point, models)}
ENTRIES = (*CATALOGUE, *TABLES)
# Largest differences from the module are roundings, which another processor makes otherwise.
ROUNDING = 1e-14


def ask(key, entries):
    """Entry -> the answer of this framework, of those that it has one to; None if it isn't installed."""
    if not run.present(key):
        return None
    framework, answers = run.FRAMEWORKS[key](), {}
    for name in entries:
        found = TABLES[name].ask(key, framework) if name in TABLES else run.ask(CATALOGUE[name], key, framework)
        if found:
            answers[name] = {"versions": framework.versions, **plain(found)}
    return answers


def plain(value):
    """The same with None for what is not a number, and infinity in words, which JSON has no numbers for."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value


def collect(entries):
    """(entry -> framework -> answer, the frameworks that aren't installed). Each runs in a process of its own."""
    found, missing = {name: {} for name in entries}, []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, context, max_tasks_per_child=1) as pool:
        for key, answers in zip(NAMES, pool.map(ask, NAMES, [entries] * len(NAMES))):
            if answers is None:
                missing.append(key)
            for name, answer in (answers or {}).items():
                found[name][key] = answer
    return found, missing


def merged(record, found, missing):
    """The record with these answers; entries that weren't asked for, and missing frameworks, stay as they are."""
    result = {}
    for name in ENTRIES:
        kept = {key: answer for key, answer in record.get(name, {}).items() if name not in found or key in missing}
        answers = kept | found.get(name, {})
        if answers:
            result[name] = {key: answers[key] for key in NAMES if key in answers}
    return result


def differences(before, now, place=(), tolerance=1e-6):
    """A line for each difference between two answers; numbers may differ by `tolerance`, relative to the first."""
    if isinstance(before, dict) and isinstance(now, dict):
        pairs = [(key, before.get(key), now.get(key), allowed(key, tolerance)) for key in {**before, **now}]
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        pairs = [(i, *pair, tolerance) for i, pair in enumerate(zip(before, now))]
    elif before == now or is_number(before) and is_number(now) and close(before, now, place[-1], tolerance):
        return []
    else:
        return [f"{', '.join(map(str, place))}: recorded {before!r}, now {now!r}"]
    return [line for key, a, b, allowance in pairs for line in differences(a, b, (*place, key), allowance)]


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def allowed(key, tolerance):
    """The tolerance of a question, and for what stands below it."""
    return floating_point.QUESTIONS[key].tolerance if key in floating_point.QUESTIONS else tolerance


def close(before, now, what, tolerance):
    """Whether two numbers are the same but for what another processor may change."""
    if what in ("value", "slope") and 0 <= max(before, now) < ROUNDING:
        return True
    return math.isclose(before, now, rel_tol=tolerance)
