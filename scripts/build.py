"""Write docs/generated/: figures, tables and facts of every function, from the reference module.

    python scripts/build.py            # everything
    python scripts/build.py gelu       # one function

Writes only what changed and removes what it no longer makes. Without a change it neither imports nor draws anything.
"""

import argparse
import difflib
import hashlib
import json
import os
import sys
import traceback
from importlib.metadata import version
from pathlib import Path

import layout
from language.page import PageError
from layout import FUNCTIONS as PAGES
from layout import GENERATED, RECORDS, ROOT, SCRIPTS
from publish import pages
from records import RecordError

REFERENCE = SCRIPTS / "reference"
OWN = ("__init__.py", "activation.py", "registry.py")  # of the reference module: what calls the entries
FACTS = ".facts.json"  # what catalogue.json says beside the formulas, which it takes from the pages
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
    state |= {library: version(library) for library in ("numpy", "matplotlib")} | {"pages": page_names()}
    return digest(json.dumps(state, sort_keys=True).encode())


def page_names():
    return sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "index")


def existing():
    """The generated files that are there, as paths below docs/generated."""
    return {str(path.relative_to(GENERATED)) for path in GENERATED.rglob("*") if path.is_file()} - {STAMP}


def digests(names):
    """Path -> digest of those of these generated files that are there."""
    return {name: digest((GENERATED / name).read_bytes()) for name in sorted(names) if (GENERATED / name).is_file()}


def unchanged(state):
    """The names of the files that the last full build made, if it was made of these inputs and nobody touched them."""
    try:
        stamp = json.loads((GENERATED / STAMP).read_text())
        current = stamp == {"inputs": state, "files": digests(stamp["files"])}
    except (FileNotFoundError, ValueError, TypeError, KeyError):  # none, or a damaged one
        return None
    return stamp["files"].keys() if current else None


def blame(error, place=""):
    """The text "file:line: message" for an error from the reference module, or `place` where no line of an entry is at fault.

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


def make(only=None):
    """Return the generated files, path -> text: all, or those of one function."""
    entries = catalogue()
    if only and only not in entries:
        near = difflib.get_close_matches(only, entries, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(entries)}"
        raise BuildError(f"no function is called {only!r}: {hint}")
    if only:
        return of_function(only)[0]
    compare_pages(entries)

    from concurrent.futures import ProcessPoolExecutor

    import frameworks
    from publish import (  # noqa: F401 (the workers, which are forks, have them already)
        code,
        comparison,
        curves,
        downloads,
        experiments,
        figures,
        found,
        gains,
        models,
        samples,
        sweeps,
        tables,
        theory,
    )

    with ProcessPoolExecutor(min(os.cpu_count() or 1, WORKERS)) as pool:
        rest = pool.submit(of_experiments)
        drawn = {f"sweeps/{name}.svg": pool.submit(sweeps.figure, name) for name in sweeps.SWEEPS}
        drawn |= {f"theory/{name}.svg": pool.submit(make) for name, make in theory.FIGURES.items()}
        files, facts, thumbnails = {}, {}, {}
        for done, (name, (made, facts[name], thumbnails[name])) in enumerate(
            zip(entries, pool.map(of_function, entries)), 1
        ):
            progress(f"[{done}/{len(entries)}] {name}")
            files |= made
        progress("experiments")
        files |= rest.result()
        files |= {name: figure.result() for name, figure in drawn.items()}
    record = frameworks.read()
    return (
        files
        | found.pieces(record)
        | models.pieces(record)
        | {
            "functions.md": comparison.functions(facts, thumbnails),
            "gallery.md": tables.gallery(thumbnails),
            "kinks_first.md": code.kinks(record, 1),
            "kinks_second.md": code.kinks(record, 2),
            "found/prelu.md": code.prelu(record),
            "gains.md": gains.gains(record),
            "gains_depth.md": gains.depth(),
            **gains.lists(),
            "fields.md": downloads.fields(),
            "papers.bib": downloads.bibliography(),
            FACTS: downloads.encode(
                {
                    "functions": [downloads.facts(f, facts[name]) for name, f in entries.items()],
                    "papers": downloads.papers(),
                }
            ),
        }
    )


def of_function(name):
    """The generated files of one function, its Features, and its thumbnail."""
    import frameworks
    from facts import features
    from publish import code, curves, downloads, figures, samples, tables

    f = catalogue()[name]
    try:
        facts = features.features(f)
        return (
            {
                f"{name}/card.md": tables.card(f, facts),
                f"{name}/values.md": tables.values(f),
                f"{name}/values.csv": downloads.values(f),
                f"{name}/references.md": tables.references(f),
                f"{name}/source.md": code.source(f),
                f"{name}/calls.md": code.calls(f, frameworks.read()),
                f"{name}/curves.json": samples.encode(samples.explorer(f, *curves.drawn_range(facts))),
                f"{name}/figure.svg": (figures.vector_figure if f.vector else figures.figure)(f, facts),
            },
            facts,
            figures.thumbnail(f, facts),
        )
    except Exception as error:
        raise BuildError(blame(error, f"{shown(f.file)}:{f.line}")) from None


def of_experiments():
    """The generated files of the experiments."""
    from publish import experiments

    try:
        return experiments.pieces(layout.RESULTS, layout.SNIPPETS)
    except RecordError as error:
        raise BuildError(str(error).removeprefix(f"{ROOT}/")) from None


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
    state = inputs()
    if only is None and refresh(state):
        return
    files = make(only)
    extra = {} if only else from_pages(files[FACTS])
    progress("")
    write(files | extra)
    if only is None:
        remove(existing() - files.keys() - extra.keys())
        write({STAMP: json.dumps({"inputs": state, "files": digests(files)}, indent=1)})


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
