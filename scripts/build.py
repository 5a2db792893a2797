"""Write docs/generated/: figures, tables and facts of every function, from the reference module.

    python scripts/build.py            # everything
    python scripts/build.py gelu       # one function

Writes only what changed and removes what it no longer makes. Without a change it neither imports nor draws anything.
"""

import argparse
import dataclasses
import difflib
import hashlib
import json
import os
import re
import sys
import traceback
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import digests
import layout
from language.page import PageError
from layout import FUNCTIONS as PAGES
from layout import GENERATED, RECORDS, ROOT, SCRIPTS
from publish import pages
from records import RecordError

REFERENCE = SCRIPTS / "reference"
OWN = ("__init__.py", "activation.py", "registry.py")  # of the reference module: what calls the entries
FACTS = ".facts.json"  # what catalogue.json says beside the formulas, which it takes from the pages
FAMILIES = ".families.json"  # which functions each family has, for the navigation
LIBRARIES = ("numpy", "matplotlib")
WORKERS = 4  # beyond, starting them takes longer than they save
STAMP = ".build.json"  # what the last full build was made of, and what it made


class BuildError(Exception):
    """What went wrong, in one message with its place."""


def digest(data):
    return hashlib.sha256(data).hexdigest()


def inputs():
    """A digest of everything that the generated files depend on."""
    sources = [*SCRIPTS.rglob("*.py"), *RECORDS.rglob("*.json")]  # all, so that no import is overlooked
    state = {layout.relative(path): digest(path.read_bytes()) for path in sorted(sources) if path != layout.LEDGER}
    state |= libraries() | {"pages": page_names()}
    return digest(json.dumps(state, sort_keys=True).encode())


def libraries():
    return {library: version(library) for library in LIBRARIES}


def page_names():
    return sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "index")


def existing():
    """The generated files that are there, as paths below docs/generated."""
    return {str(path.relative_to(GENERATED)) for path in GENERATED.rglob("*") if path.is_file()} - {STAMP}


def digests_of(names):
    """Path -> digest of those of these generated files that are there."""
    return {name: digest((GENERATED / name).read_bytes()) for name in sorted(names) if (GENERATED / name).is_file()}


def last():
    """The stamp of the last full build; empty if there is none, or a damaged one."""
    try:
        stamp = json.loads((GENERATED / STAMP).read_text())
        for job in stamp["jobs"].values():
            job["key"], [stamp["files"][name] for name in job["files"]]
        return stamp if isinstance(stamp["inputs"], str) else {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def unchanged(state):
    """The names of the files that the last full build made, if it was made of these inputs and nobody touched them."""
    stamp = last()
    current = stamp and stamp["inputs"] == state and stamp["files"] == digests_of(stamp["files"])
    return stamp["files"].keys() if current else None


def blame(error, place=""):
    """The text "file:line: message" for an error from the module, `place` where no line of an entry is at fault.

    Any other error is a fault of this program and is raised again.
    """
    what = f"{type(error).__name__}: {error}"
    frames = [(frame.filename, frame.lineno, what) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        frames.append((error.filename, error.lineno, error.msg))
    frames = [(Path(file), *rest) for file, *rest in frames if Path(file).is_relative_to(REFERENCE)]
    if not frames:
        raise error
    if str(error).startswith(str(REFERENCE)):  # a refused fact: the message begins with the entry's place
        return str(error).removeprefix(f"{ROOT}/")
    entries = [f"{shown(file)}:{line}: {text}" for file, line, text in frames if file.name not in OWN]
    return entries[-1] if entries else f"{place}: {what}"


def shown(path):
    return Path(path).relative_to(ROOT)


def catalogue():
    """CATALOGUE of the reference module, imported only now: a build without a change does without numpy."""
    try:
        from reference import CATALOGUE
    except Exception as error:
        raise BuildError(blame(error)) from None
    return CATALOGUE


def compare_pages(entries):
    """Entries and pages one to one."""
    problems = [
        f"{shown(f.file)}:{f.line}: the entry {name!r} has no page, expected {shown(PAGES / name)}.md"
        for name, f in entries.items()
        if not (PAGES / f"{name}.md").is_file()
    ]
    problems += [
        f"{shown(PAGES / name)}.md: the page has no entry, expected a function {name!r} in {shown(REFERENCE)}"
        for name in page_names()
        if name not in entries
    ]
    if problems:
        raise BuildError("\n".join(problems))


@dataclasses.dataclass(frozen=True)
class Job:
    """Files that are made together, and `key`: a digest of all that they depend on."""

    key: str
    make: Callable  # takes `given`, and returns path -> text
    given: tuple


def plan(entries):
    """Name -> Job: what is made function by function, study by study, and figure by figure."""
    import frameworks
    from experiments.functions import FUNCTIONS
    from publish import experiments, sweeps, theory
    from reference import PAPERS

    names, record, versions = frozenset(entries), frameworks.read(), libraries()

    def computed(*texts):
        """What those functions compute that these texts name."""
        words = set(re.findall(r"\w+", " ".join(texts)))
        titles = {word: FUNCTIONS[word].title for word in sorted(words & FUNCTIONS.keys())}
        taken = {FUNCTIONS[word].g.name for word in titles} | words & names
        return titles, [digests.computation(entries[name].file, name, names) for name in sorted(taken)]

    def of_module(name, *data):
        """What a module's pieces depend on that are made of these data."""
        return digests.of(versions, digests.code(name), computed(source(name), *data), *data)

    jobs = {}
    for name, f in entries.items():
        papers = [PAPERS[key] for key in f.papers]
        own = digests.entry(f.file, name, names)
        key = digests.of(versions, digests.code("publish.function"), own, papers, record.get(name, {}))
        jobs[name] = Job(key, of_function, (name, record.get(name, {})))
    for name in experiments.MADE:
        data = layout.RESULTS / f"{name}.json"
        key = of_module(f"publish.studies.{name}", source("publish.experiments"), text_of(data))
        jobs[f"experiments/{name}"] = Job(key, of_study, (name,))
    for name in sweeps.SWEEPS:
        jobs[f"sweeps/{name}"] = Job(of_module("publish.sweeps"), of_figure, ("sweeps", name))
    for name in theory.FIGURES.keys() - {"moments"}:  # which shows all functions
        jobs[f"theory/{name}"] = Job(of_module("publish.theory"), of_figure, ("theory", name))
    return jobs


def source(module):
    """The text of a module."""
    return digests.files(module)[-1].read_text(encoding="utf-8")


def text_of(path):
    """The text of a file, or nothing: what is missing is for those to say who need it."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def make(stamp):
    """Return (generated files that are to be written, path -> text; all jobs, name -> what the stamp says of them).

    What the stamp says was made of the same, and is as it was made, isn't made again.
    """
    entries = catalogue()
    compare_pages(entries)
    there = digests_of(stamp.get("files", ()))
    files, jobs = bring(plan(entries), stamp, there)
    parts = read_parts(entries, files)
    more, all_over = bring(plan_over_all(entries, parts), stamp, there)
    jobs = dict(sorted((jobs | all_over).items()))
    kept = {path: there[path] for job in jobs.values() for path in job["files"] if path not in files | more}
    return files | more | assemble(parts), jobs, kept


def bring(jobs, stamp, there):
    """Do the jobs that have to be: (what they made, path -> text; what the stamp is to say of all of them).

    `there` has the digests of the generated files that the stamp names.
    """
    known = {name: job for name, job in stamp.get("jobs", {}).items() if name in jobs and jobs[name].key == job["key"]}
    intact = lambda job: all(there.get(path) == stamp["files"][path] for path in job["files"])  # noqa: E731
    done, files = {name: job for name, job in known.items() if intact(job)}, {}
    for name, found in run({name: job for name, job in jobs.items() if name not in done}):
        done[name] = {"key": jobs[name].key, "files": sorted(found)}
        files |= found
    return files, done


def run(jobs):
    """Do these jobs, several at a time; yields (name, files)."""
    if not jobs:
        return
    from concurrent.futures import ProcessPoolExecutor, as_completed

    from publish import function  # noqa: F401 (the workers, which are forks, have it already)

    with ProcessPoolExecutor(min(len(jobs), os.cpu_count() or 1, WORKERS)) as pool:
        futures = {pool.submit(job.make, *job.given): name for name, job in jobs.items()}
        for done, future in enumerate(as_completed(futures), 1):
            progress(f"[{done}/{len(jobs)}] {futures[future]}")
            yield futures[future], future.result()


def read_parts(entries, files):
    """Name -> what its function's job found for the files that show several; what isn't in `files` was made before."""
    from publish import function

    paths = {name: function.parts_of(name) for name in entries}
    texts = {name: files.get(path) or (GENERATED / path).read_text(encoding="utf-8") for name, path in paths.items()}
    return {name: json.loads(text) for name, text in texts.items()}


def plan_over_all(entries, parts):
    """The job of the figure that shows all functions: it depends on what was found, not on how."""
    measured = {name: part["gains"] for name, part in parts.items()}
    titles = [f.title for f in entries.values()]
    key = digests.of(libraries(), digests.code("publish.theory"), titles, measured)
    return {"theory/moments": Job(key, of_moments, (measured,))}


def assemble(parts):
    """The files that show several functions, from the `parts` of each."""
    import frameworks
    from publish import code, comparison, downloads, experiments, found, gains, models, tables

    progress("tables")
    record = frameworks.read()

    def measured(f):
        return parts[f.name]["gains"]

    return (
        found.pieces(record)
        | models.pieces(record)
        | of_experiments(experiments)
        | {
            "functions.md": comparison.functions({name: part["row"] for name, part in parts.items()}),
            "gallery.md": tables.gallery({name: part["thumbnail"] for name, part in parts.items()}),
            "kinks_first.md": code.kinks(record, 1),
            "kinks_second.md": code.kinks(record, 2),
            "found/prelu.md": code.prelu(record),
            "gains.md": gains.gains(record, measured),
            "gains_depth.md": gains.depth(measured),
            **gains.lists(measured),
            "fields.md": downloads.fields(),
            "papers.bib": downloads.bibliography(),
            FACTS: json.dumps({"functions": [part["facts"] for part in parts.values()], "papers": downloads.papers()}),
            FAMILIES: downloads.encode(tables.families()),
        }
    )


def of_function(name, answers):
    """The generated files of one function. `answers` are those of the frameworks to its calls."""
    from publish import function

    f = catalogue()[name]
    try:
        return function.files(f, answers)
    except Exception as error:
        raise BuildError(blame(error, f"{shown(f.file)}:{f.line}")) from None


def of_study(name):
    """The generated files of one experiment."""
    from publish import experiments

    return of_experiments(experiments, name)


def of_experiments(experiments, *names):
    """The generated files of one experiment, or those that show all of them."""
    return experiments.study(*names, layout.RESULTS) if names else experiments.common(layout.RESULTS, layout.SNIPPETS)


def of_figure(kind, name):
    """A figure of sweeps or theory."""
    from publish import sweeps, theory

    return {f"{kind}/{name}.svg": sweeps.figure(name) if kind == "sweeps" else theory.FIGURES[name]()}


def of_moments(measured):
    """The figure of theory that shows all functions."""
    from publish import theory

    return {"theory/moments.svg": theory.moments_figure(lambda f: measured[f.name])}


def one(name):
    """The generated files of one function."""
    import frameworks

    entries = catalogue()
    if name not in entries:
        near = difflib.get_close_matches(name, entries, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(entries)}"
        raise BuildError(f"no function is called {name!r}: {hint}")
    return of_function(name, frameworks.read().get(name, {}))


def write(files):
    """Write the files that differ, each at once."""
    for name, text in files.items():
        path = GENERATED / name
        data = text.encode()
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_name(f".{path.name}.{os.getpid()}")
            half.write_bytes(data)
            half.replace(path)


def remove(names):
    """Remove files, and folders that become empty."""
    for name in names:
        path = GENERATED / name
        path.unlink()
        if path.parent != GENERATED and not any(path.parent.iterdir()):
            path.parent.rmdir()


def progress(text):
    """Show how far the build is, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def from_pages(facts):
    """The generated files that follow from the pages, path -> text; `facts` is the text of FACTS."""
    try:
        return pages.files(facts, PAGES)
    except PageError as error:
        raise BuildError(str(error).removeprefix(f"{ROOT}/")) from None


def refresh(state):
    """Bring what follows from the pages up to date, as one may have been edited or checked; False if all is to be made.

    `state` is what `inputs` returns.
    """
    names = unchanged(state)
    if not names:
        return False
    extra = from_pages((GENERATED / FACTS).read_text())
    write(extra)
    remove(existing() - names - extra.keys())
    return True


def build(only=None):
    """Bring docs/generated up to date. Raises BuildError, and has written nothing then."""
    try:
        update(only)
    except RecordError as error:
        raise BuildError(str(error).removeprefix(f"{ROOT}/")) from None


def update(only):
    """As build, but an error of a committed result is a RecordError."""
    if only is not None:
        write(one(only))
        return
    state = inputs()
    if refresh(state):
        return
    files, jobs, kept = make(last())
    extra = from_pages(files[FACTS])
    progress("")
    write(files | extra)
    remove(existing() - files.keys() - kept.keys() - extra.keys())
    made = kept | {name: digest(text.encode()) for name, text in files.items()}
    write({STAMP: json.dumps({"inputs": state, "jobs": jobs, "files": dict(sorted(made.items()))}, indent=1)})


def main():
    parser = argparse.ArgumentParser(description="Write docs/generated/ from the reference module.")
    parser.add_argument("name", nargs="?", help="only this function")
    try:
        build(parser.parse_args().name)
    except BuildError as error:
        progress("")
        sys.exit(str(error))


if __name__ == "__main__":
    main()
