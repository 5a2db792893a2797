"""The pages by their addresses, and which of them stand for all of their kind."""

import functools
import subprocess
from pathlib import PurePosixPath

import layout
from reference import CATALOGUE
from reference.activation import Activation

MISSING = "404.html"


@functools.cache
def addresses():
    """Address below the site's -> source, of every page that is written by hand."""
    found = {}
    for path in layout.pages():
        below = PurePosixPath(path.relative_to(layout.DOCS).as_posix())
        parts = below.parent.parts if below.name == "index.md" else (*below.parent.parts, below.stem)
        found["".join(f"{part}/" for part in parts)] = path
    return found


def kind(address):
    """What a page has in common with others: its folder and, of a function, the shape."""
    folder, _, name = address.rstrip("/").rpartition("/")
    function = CATALOGUE.get(name) if folder == "functions" else None
    if function is None:
        return folder, "" if folder else name
    if function.vector:
        return folder, "vector"
    return folder, "parametrised" if function.parameters else "kinked" if function.kinks() else "smooth"


@functools.cache
def chosen():
    """The addresses that are tried at each push: the longest page of each kind, and what changed since main."""
    longest = {}
    for address in sorted(addresses(), key=lambda address: addresses()[address].stat().st_size):
        longest[kind(address)] = address
    return {*longest.values(), *changed(), MISSING}


def changed():
    """The addresses of the pages that differ from the last common commit with main, as far as git knows."""
    for main in ("origin/main", "main"):
        base = git("merge-base", main, "HEAD").strip()
        if base:
            names = set(git("diff", "--name-only", base).splitlines())
            return {address for address, path in addresses().items() if layout.relative(path) in names}
    return set()


def git(*arguments):
    """What git says, or nothing where there is no git or no repository."""
    try:
        return subprocess.run(["git", *arguments], cwd=layout.ROOT, capture_output=True, text=True).stdout
    except OSError:
        return ""


def addressed(item):
    """The address of the page that a test is about, by its parameter `f`, an entry, or `page`; None if about none."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    if isinstance(entry := parameters.get("f"), Activation):
        return f"functions/{entry.name}/"
    return parameters.get("page")
