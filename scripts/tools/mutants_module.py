"""`python -m tools.mutants --module`: the module with one operator, constant or call changed must be refused."""

import ast
import copy
import importlib.util
import multiprocessing
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import layout

# What computes: the entries, and what they and the facts are made of.
FILES = [
    layout.SCRIPTS / "reference" / "numerics.py",
    *sorted(layout.ENTRIES.glob("*.py")),
    layout.SCRIPTS / "facts" / "gaussian.py",
]
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
SECONDS = 120  # a mutant that takes longer in the fast tests, or thrice as long in all, has lost its way
MEMORY = 3 * 2**30  # bytes; as has one that asks for more
TESTS = ["reference/test_numerics.py", "reference/test_contract.py", "reference/test_accuracy.py"]
OWN_TESTS = {"gaussian.py": ["facts/test_gaussian.py"]}  # a file that no entry uses has tests of its own

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
CALLS = {
    "exp": "expm1",
    "expm1": "exp",
    "maximum": "minimum",
    "minimum": "maximum",
    "max": "min",
    "min": "max",
    "sin": "cos",
    "cos": "sin",
    "tanh": "sinh",
    "cosh": "sinh",
    "log": "log1p",
    "log1p": "log",
    "abs": "negative",
    "sqrt": "square",
}


def changes(node):
    """The mutated versions of one node of a syntax tree, as (kind, new node)."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in OPERATORS:
        yield from other_operators(node)
    if isinstance(node, ast.Compare):
        yield from other_comparisons(node)
    if isinstance(node, ast.Constant):
        yield from other_constants(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Invert)):
        yield "dropped", node.operand
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
        new = copy.deepcopy(node)
        new.func.attr = CALLS[node.func.attr]
        yield "call", new


def other_operators(node):
    """Another operator and, of two operands, each alone."""
    new = copy.deepcopy(node)
    new.op = OPERATORS[type(node.op)]()
    yield "operator", new
    if isinstance(node, ast.BinOp):
        yield "dropped", node.left
        yield "dropped", node.right


def other_comparisons(node):
    """The first comparison of a chain with its border moved, and turned round."""
    for operator in COMPARISONS.get(type(node.ops[0]), ()):
        new = copy.deepcopy(node)
        new.ops[0] = operator()
        yield "comparison", new


def other_constants(value):
    """A number larger by 1 and, in floating point, one larger by 1 / 2**40 of itself."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield "constant", ast.Constant(value + 1)
        if isinstance(value, float):
            yield "constant", ast.Constant(value * (1 + 2.0**-40))


def mutants(path):
    """(line, kind, mutated source, original line, mutated line) of every change of a file outside decorators."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = ast.unparse(tree).splitlines()
    for parent, field, place, node in places(tree):
        for kind, new in changes(node):
            put(parent, field, place, new)
            source = ast.unparse(ast.fix_missing_locations(tree))
            put(parent, field, place, node)
            pairs = [(a.strip(), b.strip()) for a, b in zip(plain, source.splitlines()) if a != b]
            if pairs:
                yield getattr(node, "lineno", 0), kind, source, *pairs[0]


def places(tree):
    """(parent, field, place in the field if that is a list, node) of each node outside decorators."""
    facts = {
        id(leaf) for node in ast.walk(tree) for part in getattr(node, "decorator_list", []) for leaf in ast.walk(part)
    }
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            for place, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(node, ast.AST) and id(node) not in facts:
                    yield parent, field, place, node


def put(parent, field, place, node):
    if place is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[place] = node


class Loader:
    """Imports `reference` afresh, with one file's source replaced."""

    def __init__(self, name, source):
        self.name, self.source = name, source

    def find_spec(self, name, path=None, target=None):
        if name == self.name:
            return importlib.util.spec_from_loader(name, self)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.__file__ = str(layout.SCRIPTS / (self.name.replace(".", "/") + ".py"))
        exec(compile(self.source, module.__file__, "exec"), module.__dict__)


def fast(accuracy, stem):
    """The deterministic part of the accuracy tests, for the entries of one file or of those that use it."""
    users = {
        stem,
        *(path.stem for path in FILES if re.search(rf"reference\.(entries\.)?{stem}\b", path.read_text("utf-8"))),
    }
    for f in accuracy.ELEMENTWISE:
        if Path(f.file).stem not in users:
            continue
        for setting in accuracy.corners(f)[:2]:
            accuracy.test_where_things_happen(f, setting)
            if setting:
                accuracy.test_derivatives_with_respect_to_parameters(f, setting)
        accuracy.test_all_magnitudes(f, accuracy.corners(f)[0])
        accuracy.test_plain_relative_accuracy_away_from_zeros(f)
    for f in accuracy.VECTOR:
        for z in accuracy.VECTORS if Path(f.file).stem in users else ():
            accuracy.test_chosen_vectors(f, z)


def killed_fast(task):
    """Whether the fast tests refuse the mutant, in a process of its own; one that hangs or dies counts as refused."""
    process = multiprocessing.get_context("fork").Process(target=attempt, args=task)
    process.start()
    process.join(SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
    return process.exitcode != 0


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def attempt(name, source):
    """Exit with status 0 if the fast tests accept the mutant."""
    import numpy

    sys.path += [str(layout.ROOT / "tests"), str(layout.ROOT / "tests" / "reference")]
    import test_accuracy as accuracy

    limit_memory()
    sys.stdout = sys.stderr = open(os.devnull, "w")
    for module in [module for module in sys.modules if module == "reference" or module.startswith("reference.")]:
        del sys.modules[module]
    sys.meta_path.insert(0, Loader(name, source))
    try:
        with warnings.catch_warnings(), numpy.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            from reference import CATALOGUE

            accuracy.CATALOGUE = CATALOGUE
            accuracy.ELEMENTWISE = [f for f in CATALOGUE.values() if not f.vector]
            accuracy.VECTOR = [f for f in CATALOGUE.values() if f.vector]
            fast(accuracy, name.rpartition(".")[2])
    except BaseException:
        os._exit(1)
    os._exit(0)


def killed_slowly(path, source):
    """Whether the whole accuracy and contract tests refuse a copy of the module with the mutated file."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(layout.SCRIPTS, Path(folder) / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(layout.DOCS, Path(folder) / "docs", ignore=shutil.ignore_patterns("generated"))
        (Path(folder) / layout.relative(path)).write_text(source, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(Path(folder) / "scripts")}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            *(str(layout.ROOT / "tests" / test) for test in OWN_TESTS.get(path.name, TESTS)),
        ]
        run = {"env": environment, "cwd": layout.ROOT, "capture_output": True, "preexec_fn": limit_memory}
        try:
            return subprocess.run(command, timeout=3 * SECONDS, **run).returncode != 0
        except subprocess.TimeoutExpired:
            return True


def module_name(path):
    """The name under which a file is imported."""
    return ".".join(path.relative_to(layout.SCRIPTS).with_suffix("").parts)


def killed(path, source, listed):
    """Whether the mutant is refused: first by the fast tests and, unless it is listed as equivalent, by all."""
    return (
        path.name not in OWN_TESTS
        and killed_fast((module_name(path), source))
        or (not listed and killed_slowly(path, source))
    )


def equivalent():
    """{(file, original line, mutated line): reason} of the mutants that are known to compute the same."""
    entries = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("module", []) if EQUIVALENT.exists() else []
    return {(entry["file"], entry["original"], entry["mutant"]): entry["reason"] for entry in entries}


def run_all(tasks, known):
    """(the mutants that survive, the number of those that do as `known` says, the keys of these)."""
    survivors, listed, used = [], 0, set()
    with ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda task: killed(task[0], task[3], (task[0].name, *task[4:]) in known), tasks)
        for number, ((path, line, kind, _, old, new), dead) in enumerate(zip(tasks, results), 1):
            if sys.stderr.isatty():
                sys.stderr.write(f"\r\x1b[K{number}/{len(tasks)} {path.name}, {len(survivors)} survivors")
            elif number % 50 == 0:
                print(f"{number}/{len(tasks)} {path.name}, {len(survivors)} survivors", file=sys.stderr)
            if not dead and (path.name, old, new) in known:
                listed += 1
                used.add((path.name, old, new))
            elif not dead:
                survivors.append((path, line, kind, old, new))
    return survivors, listed, used


def main():
    sys.path += [str(layout.ROOT / "tests"), str(layout.ROOT / "tests" / "reference")]
    import test_accuracy as accuracy

    started = time.perf_counter()
    for stem in {path.stem for path in FILES}:  # the workers, forks of this process, inherit the truth
        fast(accuracy, stem)
    for path in FILES:  # tests that refuse everything, for want of memory for instance, would tell nothing
        if killed(path, path.read_text(encoding="utf-8"), False):
            sys.exit(f"{layout.relative(path)}: the tests refuse it as it stands; expected them to pass")
    tasks = [(path, *mutant) for path in FILES for mutant in mutants(path)]
    known = equivalent()
    survivors, listed, used = run_all(tasks, known)
    for path, line, kind, old, new in survivors:
        print(f"{layout.relative(path)}:{line}: {kind}\n    {old}\n    {new}")
    stale = [key for key in known if key not in used]
    for key in stale:
        print("listed, but no such mutant survives:", *key, sep="\n    ")
    print(
        f"{len(tasks)} mutants of the module: {len(tasks) - len(survivors) - listed} refused, "
        f"{listed} equivalent (listed), "
        f"{len(survivors)} survivors; {time.perf_counter() - started:.0f} s"
    )
    return int(bool(survivors or stale))
