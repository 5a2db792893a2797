"""What a generated file is made of, as digests: the code of a module and of all it imports, the source of an entry."""

import ast
import hashlib
import re
from copy import deepcopy
from functools import cache
from pathlib import Path

import layout
from layout import ENTRIES, SCRIPTS

PAPERS = SCRIPTS / "reference" / "papers.py"
UNCOMPUTED = {"papers", "frameworks", "aliases"}  # facts of an entry that no computation takes


def of(*parts):
    """The digest of texts, or of what has a `repr` that says all."""
    text = "\n".join(part if isinstance(part, str) else repr(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def code(*modules):
    """A digest of the source of these modules and of all that they import, but for the papers in papers.py.

    Entries, which `reference` finds by itself, aren't among them.
    """
    found, new = set(), {path for module in modules for path in files(module)}
    while new:
        found |= new
        new = {path for source in new for path in imported(source)} - found
    texts = {layout.relative(path): path.read_text(encoding="utf-8") for path in sorted(found)}
    if PAPERS in found:
        texts[layout.relative(PAPERS)] = re.split(r"(?m)^PAPERS\b", texts[layout.relative(PAPERS)])[0]
    return of(texts)


def files(module):
    """The files of scripts/ that `import module` runs: the module, and the __init__.py of each package around it."""
    path, found = SCRIPTS, []
    for part in module.split("."):
        path = path / part
        found += [file for file in (path / "__init__.py", path.with_suffix(".py")) if file.is_file()]
    return found


@cache
def imported(path):
    """The files of scripts/ that a file imports, at its top or in a function."""
    names = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):  # what is imported from a package may be a module of it
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {file for name in names for file in files(name)}


@cache
def _parts(path, names):
    """(entry -> its node in the file's tree, digest of all else in it and of the entries' modules that it imports)."""
    tree = ast.parse(Path(path).read_bytes())
    nodes = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in names}
    rest = [ast.unparse(node) for node in tree.body if node not in nodes.values()]
    others = [file.read_text(encoding="utf-8") for file in sorted(imported(path)) if file.parent == ENTRIES]
    return nodes, of(rest, others)


def _used(name, nodes):
    """The entries of a file that one of them names, itself first, and those that these name."""
    found = [name]
    for entry in found:
        named = {node.id for node in ast.walk(nodes[entry]) if isinstance(node, ast.Name)}
        found += sorted(named & nodes.keys() - set(found))
    return found


def entry(path, name, names):
    """A digest of an entry's source: its text, what it uses of the other entries in the file, and all that is none.

    `names` is a frozenset of the names of all entries.
    """
    nodes, rest = _parts(path, names)
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    used = [nodes[other] for other in _used(name, nodes)]
    starts = [min([node, *node.decorator_list], key=lambda part: part.lineno).lineno for node in used]
    return of(rest, *("\n".join(lines[start - 1 : node.end_lineno]) for start, node in zip(starts, used)))


def computation(path, name, names):
    """A digest of what an entry computes: as `entry`, but for comments and the facts that no computation takes."""
    nodes, rest = _parts(path, names)
    return of(rest, *(ast.unparse(_bare(nodes[other])) for other in _used(name, nodes)))


def _bare(node):
    node = deepcopy(node)
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call):
            decorator.keywords = [keyword for keyword in decorator.keywords if keyword.arg not in UNCOMPUTED]
    return node
