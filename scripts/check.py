"""Check the pages' equations: `check.py` all, `check.py docs/functions/gelu.md` one; status 1 if one is refused."""

import argparse
import hashlib
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from itertools import repeat
from pathlib import Path

import layout
from language.displays import read_definitions
from language.page import Page
from language.scope import Scope
from records import ledger

CACHE = layout.CACHE / "derivations"


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description="Check every displayed equation: by algebra, and at random points to 50 digits."
    )
    parser.add_argument(
        "pages", nargs="*", help="Markdown files (default: all pages, and the ledger is written if all pass)"
    )
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--no-cache", action="store_true", help="check pages again that haven't changed")
    parser.add_argument("--seed", type=int, default=0, help="draw other random points (default: 0)")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    paths = [Path(page) for page in options.pages] or layout.pages()
    for path in paths:
        if not path.is_file():
            return f"check.py: {path}: found no such file, expected a page such as docs/functions/gelu.md"
        if not path.resolve().is_relative_to(layout.ROOT):
            return f"check.py: {path}: found a file outside {layout.ROOT}, expected a page of this project"
    results = check_all(paths, options)
    refused = sum(len(result["refused"]) for result in results.values())
    if not options.pages and not refused and options.seed == 0:
        write_ledger(results)
    if options.json:
        print(json.dumps({"pages": results, "refused": refused}, indent=1, ensure_ascii=False))
    else:
        for name, result in results.items():
            for line, column, message in result["refused"]:
                print(f"{name}:{line}:{column}: {message}")
        print(summary(results, refused, time.perf_counter() - started))
    return int(refused > 0)


def check_all(paths, options):
    """{key: result} of the pages; several changed ones are checked in as many processes as there are cores."""
    results = {layout.relative(path): None if options.no_cache else cached(path, options) for path in paths}
    changed = [path for path in paths if results[layout.relative(path)] is None]
    with ProcessPoolExecutor() if len(changed) > 1 else nullcontext() as pool:
        found = (pool.map if pool else map)(check, changed, repeat(options))
        for number, path in enumerate(changed, 1):
            progress(f"[{number}/{len(changed)}] {layout.relative(path)}")
            results[layout.relative(path)] = next(found)
    progress("")
    return results


def cached(path, options):
    """The result in the cache if page, notation, checker and seed are the same, else None."""
    entry = cache_entry(path, options)
    return json.loads(entry.read_text(encoding="utf-8")) if entry.exists() else None


def cache_entry(path, options):
    texts = [file.read_text(encoding="utf-8") for file in (path, layout.NOTATION)]
    depends = f"{options.seed} {layout.relative(path)} {sources()} {ledger.fingerprint(*texts)}"
    return CACHE / f"{hashlib.sha256(depends.encode()).hexdigest()}.json"


def check(path, options):
    """The fresh result of one page as plain data; it goes to the cache."""
    text, notation = path.read_text(encoding="utf-8"), layout.NOTATION.read_text(encoding="utf-8")
    from derivations import check  # here, so that an unchanged site is checked without loading the algebra

    scope = Scope()
    if path.resolve() != layout.NOTATION:
        read_definitions(Page(notation, layout.relative(layout.NOTATION)), scope)
    result = check.check_text(text, layout.relative(path), scope, options.seed)
    data = {
        "fingerprint": ledger.fingerprint(text, notation),
        **result.counts(),
        "refused": result.refused,
        "unproved": result.unproved,
    }
    text = json.dumps(data, ensure_ascii=False)
    CACHE.mkdir(parents=True, exist_ok=True)
    cache_entry(path, options).write_text(text, encoding="utf-8")
    return json.loads(text)


def sources():
    """A fingerprint of the checker itself."""
    folders = (layout.SCRIPTS / "derivations", layout.SCRIPTS / "language")
    files = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def write_ledger(results):
    text = ledger.render(
        {
            name: {field: value for field, value in result.items() if field not in ("refused", "unproved")}
            for name, result in results.items()
            if result["equations"]
        }
    )
    if not layout.LEDGER.exists() or layout.LEDGER.read_text(encoding="utf-8") != text:
        layout.LEDGER.write_text(text, encoding="utf-8")


def summary(results, refused, seconds):
    total = {
        name: sum(result[name] for result in results.values())
        for name in ("equations", "definitions", "relations", "proved", "verified", "steps", "steps_proved")
    }
    marked = sum(len(result["unchecked"]) for result in results.values())
    share = (
        f" ({total['steps_proved'] / total['steps']:.1%} of the {total['steps']} equalities)" if total["steps"] else ""
    )
    return (
        f"{len(results)} pages, {total['equations']} equations, {total['definitions']} definitions, "
        f"{total['relations']} relations: {total['proved']} proved{share}, {total['verified']} verified, "
        f"{refused} refused, {marked} unchecked; {seconds:.1f} s"
    )


def progress(text):
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
